//! Our face parsing net: what every pixel around the face belongs to, and what is worn, covered or missing.
//!
//! Input `rgb` 1x3x384x288, RGB planes in 0..1, on a crop whose scale the width of the face fixes. Output `logits`
//! 1x14x96x72, one plane per [`Class`] at a quarter of the input's size; output `attribute_logits` 1x15, in the order of
//! [`Attributes::of`].

use std::ops::Range;

use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::U8x3;
use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions, Resizer};
use image::RgbImage;

use super::engine::{Failure, Net, Runtime};
use super::probability;
use crate::error::Error;
use crate::evidence::{Class, ClothingState, Landmarks, Parsing};
use crate::geometry::{Point, Region};
use crate::text::text;

/// Parses the surroundings of one face.
pub(super) struct FaceParser {
    net: Net<2>,
    resizer: Resizer,
    /// Memory for the crop and for the net's input: made anew for each photo, it costs as much as filling it.
    crop: TypedImage<'static, U8x3>,
    planes: Vec<f32>,
}

impl FaceParser {
    pub(super) fn new(runtime: &dyn Runtime) -> Result<Self, Error> {
        Ok(FaceParser {
            net: Net::load(runtime, &gradphoto_models::FACE_PARSING, ["logits", "attribute_logits"])?,
            resizer: Resizer::new(),
            crop: TypedImage::new(Parsing::WIDTH as u32, Parsing::HEIGHT as u32),
            planes: vec![0.0; 3 * Parsing::AREA],
        })
    }

    /// The class of every pixel of the crop around this face, and what the whole of it shows.
    pub(super) fn parse(&mut self, photo: &RgbImage, landmarks: &Landmarks) -> Result<(Parsing, Attributes), Error> {
        let size = Point::new(f64::from(photo.width()), f64::from(photo.height()));
        let crop = crop_around(landmarks, size);
        let unscaled = |failure| Error::model(text("无法缩放照片", "the photo cannot be scaled"), failure);
        self.resample(photo, crop).map_err(unscaled)?;
        let mut rgb = Box::new([[0; 3]; Parsing::AREA]);
        rgb.iter_mut().zip(self.crop.pixels()).for_each(|(rgb, pixel)| *rgb = pixel.0);
        fill_planes(&*rgb, &mut self.planes);
        let [logits, attribute_logits] = self.net.run(&self.planes)?;
        let (classes, attributes) = (upsampled_argmax(logits), Attributes::of(attribute_logits));
        let origin = Point::new(crop.x, crop.y);
        let mut parsing = Parsing { origin, scale: crop.width / Parsing::WIDTH as f64, classes, rgb };
        mark_outside(&mut parsing, size);
        Ok((parsing, attributes))
    }

    /// Fills the crop with antialiased pixels, the photo's edge continued beyond the photo.
    fn resample(&mut self, photo: &RgbImage, crop: Region) -> Result<(), Failure> {
        let (padded, left, top);
        let (photo, crop) = if holds(photo, crop) {
            (photo, crop)
        } else {
            (padded, left, top) = extended(photo, crop);
            (&padded, Region { x: crop.x + left, y: crop.y + top, ..crop })
        };
        // Typed images, for untyped ones compile every kind of pixel: minutes of a build.
        let source = TypedImageRef::<U8x3>::from_buffer(photo.width(), photo.height(), photo.as_raw())?;
        let bilinear = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Bilinear));
        let options = bilinear.crop(crop.x, crop.y, crop.width, crop.height);
        Ok(self.resizer.resize_typed(&source, &mut self.crop, &options)?)
    }
}

/// Probabilities, 0 to 1, of what the crop shows; of a pair, the subject's right comes first.
pub(super) struct Attributes {
    pub(super) glasses_worn: f64,
    pub(super) face_covered: f64,
    pub(super) head_covered: f64,
    pub(super) clothing: ClothingState,
    pub(super) ears_visible: [f64; 2],
    pub(super) earrings: [f64; 2],
    pub(super) made_up: f64,
    pub(super) hair_untidy: f64,
}

impl Attributes {
    fn of(logits: &[f32]) -> Attributes {
        let told = |index| probability(logits, index);
        Attributes {
            glasses_worn: told(0),
            face_covered: told(1),
            head_covered: told(2),
            clothing: ClothingState {
                collar_absent: told(3),
                hood: told(4),
                shoulders_bare: told(5),
                necklace: told(6),
                patterned: told(11),
            },
            ears_visible: [7, 8].map(|hidden| 1.0 - told(hidden)),
            earrings: [13, 14].map(told),
            made_up: told(9),
            hair_untidy: told(10),
        }
    }
}

/// Width of the face in the crop's width, unless a wider crop holds the whole photo.
const FACE_PER_CROP: f64 = 0.42;

/// The smallest share that the face may have for the sake of holding the whole photo.
const SMALLEST_FACE_PER_CROP: f64 = 0.36;

/// How far down the crop the middle of the face lies.
const FACE_HEIGHT_IN_CROP: f64 = 0.47;

/// The crop around a face in a photo of `size` pixels: its scale follows the width of the face, its place shows as much
/// of the photo as can be.
fn crop_around(landmarks: &Landmarks, size: Point) -> Region {
    const HEIGHT_PER_WIDTH: f64 = Parsing::HEIGHT as f64 / Parsing::WIDTH as f64;
    let face_width = landmarks.face_width_px().max(1.0);
    let (narrow, wide) = (face_width / FACE_PER_CROP, face_width / SMALLEST_FACE_PER_CROP);
    let whole_photo = [size.x, size.y / HEIGHT_PER_WIDTH].into_iter().filter(|&width| width <= wide);
    let width = whole_photo.fold(narrow, f64::max);
    let height = width * HEIGHT_PER_WIDTH;
    let centre = Point::new(landmarks.face_midpoint().x, landmarks.point(FOREHEAD).midpoint(landmarks.chin()).y);
    Region {
        x: shifted_inside(centre.x - width / 2.0, width, size.x),
        y: shifted_inside(centre.y - height * FACE_HEIGHT_IN_CROP, height, size.y),
        width,
        height,
    }
}

const FOREHEAD: usize = 10;

/// The start nearest to `start` at which `length` shows as much as possible of `0..available`.
fn shifted_inside(start: f64, length: f64, available: f64) -> f64 {
    let room = available - length;
    start.clamp(room.min(0.0), room.max(0.0))
}

fn holds(photo: &RgbImage, crop: Region) -> bool {
    crop.x >= 0.0
        && crop.y >= 0.0
        && crop.x + crop.width <= f64::from(photo.width())
        && crop.y + crop.height <= f64::from(photo.height())
}

/// The photo with its edges continued so that it holds the crop, and how many pixels came to its left and above it.
fn extended(photo: &RgbImage, crop: Region) -> (RgbImage, f64, f64) {
    let (width, height) = (f64::from(photo.width()), f64::from(photo.height()));
    let beyond = |pixels: f64| pixels.max(0.0).ceil();
    let (left, right) = (beyond(-crop.x), beyond(crop.x + crop.width - width));
    let (top, bottom) = (beyond(-crop.y), beyond(crop.y + crop.height - height));
    let (left_px, right_px, top_px, bottom_px) = (left as usize, right as usize, top as usize, bottom as usize);
    let row_bytes = photo.width() as usize * 3;
    let rows = photo.as_raw().chunks_exact(row_bytes);
    let mut bytes =
        Vec::with_capacity((row_bytes + (left_px + right_px) * 3) * (photo.height() as usize + top_px + bottom_px));
    let first = rows.clone().take(1).cycle().take(top_px);
    let last = rows.clone().rev().take(1).cycle().take(bottom_px);
    for row in first.chain(rows).chain(last) {
        bytes.extend_from_slice(&row[..3].repeat(left_px));
        bytes.extend_from_slice(row);
        bytes.extend_from_slice(&row[row_bytes - 3..].repeat(right_px));
    }
    let (width, height) = (photo.width() + (left + right) as u32, photo.height() + (top + bottom) as u32);
    // The buffer was filled for exactly this size.
    (RgbImage::from_raw(width, height, bytes).unwrap_or_default(), left, top)
}

/// Planes of red, green and blue in 0..1.
fn fill_planes(rgb: &[[u8; 3]], planes: &mut [f32]) {
    // Dividing takes longer than looking up.
    let share: [f32; 256] = std::array::from_fn(|value| value as f32 / 255.0);
    let (red, others) = planes.split_at_mut(rgb.len());
    let (green, blue) = others.split_at_mut(rgb.len());
    for (((pixel, red), green), blue) in rgb.iter().zip(red).zip(green).zip(blue) {
        let share = |channel: usize| share[usize::from(pixel[channel])];
        (*red, *green, *blue) = (share(0), share(1), share(2));
    }
}

fn mark_outside(parsing: &mut Parsing, size: Point) {
    let (origin, scale) = (parsing.origin, parsing.scale);
    let outside =
        |index: usize, start: f64, length: f64| !(0.0..length).contains(&(start + (index as f64 + 0.5) * scale));
    let outside_columns: Vec<usize> = (0..Parsing::WIDTH).filter(|&x| outside(x, origin.x, size.x)).collect();
    for (y, row) in parsing.classes.chunks_exact_mut(Parsing::WIDTH).enumerate() {
        if outside(y, origin.y, size.y) {
            row.fill(Class::Outside);
        } else {
            outside_columns.iter().for_each(|&x| row[x] = Class::Outside);
        }
    }
}

/// Crop pixels per logit, each way.
const STRIDE: usize = 4;
const LOGIT_COLUMNS: usize = Parsing::WIDTH / STRIDE;
const LOGIT_ROWS: usize = Parsing::HEIGHT / STRIDE;

/// The class with the largest logit at every crop pixel, logits interpolated bilinearly between their centres.
///
/// What is largest at all four logits around a pixel is largest between them, so only where these differ is anything
/// interpolated.
fn upsampled_argmax(logits: &[f32]) -> Box<[Class; Parsing::AREA]> {
    let best = best_channels(logits);
    let mut classes = Box::new([Class::Background; Parsing::AREA]);
    for (lines, best) in classes.chunks_exact_mut(STRIDE * Parsing::WIDTH).zip(best.chunks_exact(LOGIT_COLUMNS)) {
        let (first, others) = lines.split_at_mut(Parsing::WIDTH);
        for (pixels, &channel) in first.as_chunks_mut::<STRIDE>().0.iter_mut().zip(best) {
            *pixels = [Class::ALL[usize::from(channel)]; STRIDE];
        }
        others.chunks_exact_mut(Parsing::WIDTH).for_each(|line| line.copy_from_slice(first));
    }
    // Block (row, column) holds the pixels between logits row - 1 and row, column - 1 and column; half of it at the edges.
    for row in 0..=LOGIT_ROWS {
        let (lines, upper, lower) = block(row, LOGIT_ROWS);
        for column in 0..=LOGIT_COLUMNS {
            let (pixels, left, right) = block(column, LOGIT_COLUMNS);
            let corners = [[upper, left], [upper, right], [lower, left], [lower, right]];
            let corners = corners.map(|[row, column]| row * LOGIT_COLUMNS + column);
            let [first, others @ ..] = corners.map(|corner| best[corner]);
            if others == [first; 3] {
                continue;
            }
            let channels = blended_channels(logits, corners);
            for y in lines.clone() {
                for x in pixels.clone() {
                    let channel = channels[(y + STRIDE / 2) % STRIDE][(x + STRIDE / 2) % STRIDE];
                    classes[y * Parsing::WIDTH + x] = Class::ALL[channel as usize];
                }
            }
        }
    }
    classes
}

/// The channel with the largest logit at each of the net's own pixels.
fn best_channels(logits: &[f32]) -> Vec<u8> {
    let mut planes = logits.chunks_exact(LOGIT_ROWS * LOGIT_COLUMNS).zip(0..);
    let mut most = planes.next().map_or_else(Vec::new, |(first, _)| first.to_vec());
    let mut best = vec![0; most.len()];
    for (plane, channel) in planes {
        for ((&logit, most), best) in plane.iter().zip(&mut most).zip(&mut best) {
            let is_more = logit > *most;
            *most = if is_more { logit } else { *most };
            *best = if is_more { channel } else { *best };
        }
    }
    best
}

/// The channels with the largest logits at the [`STRIDE`] x [`STRIDE`] pixels between four logits.
fn blended_channels(logits: &[f32], [a, b, c, d]: [usize; 4]) -> [[u32; STRIDE]; STRIDE] {
    const SHARES: [f32; STRIDE] = [0.125, 0.375, 0.625, 0.875];
    let mut most = [[f32::NEG_INFINITY; STRIDE]; STRIDE];
    let mut best = [[0_u32; STRIDE]; STRIDE];
    for (plane, channel) in logits.chunks_exact(LOGIT_ROWS * LOGIT_COLUMNS).zip(0..) {
        let [a, b, c, d] = [plane[a], plane[b], plane[c], plane[d]];
        for ((lower_share, most), best) in SHARES.iter().zip(&mut most).zip(&mut best) {
            let left = a + (c - a) * lower_share;
            let right = b + (d - b) * lower_share;
            // By bits and on a copy, so that the compiler makes vector code of it.
            let mut row = (*most, *best);
            for ((share, most), best) in SHARES.iter().zip(&mut row.0).zip(&mut row.1) {
                let logit = left + (right - left) * share;
                let more = u32::from(logit > *most).wrapping_neg();
                *best = channel & more | *best & !more;
                *most = if logit > *most { logit } else { *most };
            }
            (*most, *best) = row;
        }
    }
    best
}

/// The crop pixels between logits `index - 1` and `index` of `logits` in a row or column, and these two.
fn block(index: usize, logits: usize) -> (Range<usize>, usize, usize) {
    let end = (STRIDE * index + STRIDE / 2).min(STRIDE * logits);
    ((STRIDE * index).saturating_sub(STRIDE / 2)..end, index.saturating_sub(1), index.min(logits - 1))
}

#[cfg(test)]
mod tests {
    use image::Rgb;

    use super::*;
    use crate::testing::crop_geometry;

    #[test]
    fn the_crop_is_the_one_that_the_net_was_trained_on() {
        let size = [Parsing::WIDTH, Parsing::HEIGHT].map(|side| side as f64);
        assert_eq!(crop_geometry("face-parsing", ["width", "height"]), size);
        let ours = [FACE_PER_CROP, SMALLEST_FACE_PER_CROP, FACE_HEIGHT_IN_CROP];
        let keys = ["face-per-crop", "smallest-face-per-crop", "face-height-in-crop"];
        assert_eq!(crop_geometry("face-parsing", keys), ours);
    }

    /// Landmarks of a face `width` pixels wide and as high around (`x`, `y`).
    fn face(x: f64, y: f64, width: f64) -> Landmarks {
        let mut points = Box::new([[x, y, 0.0]; Landmarks::COUNT]);
        points[234][0] -= width / 2.0;
        points[454][0] += width / 2.0;
        points[FOREHEAD][1] -= width / 2.0;
        points[152][1] += width / 2.0;
        Landmarks { points }
    }

    fn skin(origin: Point, scale: f64) -> Parsing {
        let (classes, rgb) = ([Class::Skin; Parsing::AREA], [[0; 3]; Parsing::AREA]);
        Parsing { origin, scale, classes: Box::new(classes), rgb: Box::new(rgb) }
    }

    #[test]
    fn a_photo_that_nearly_fits_is_held_whole() {
        let crop = crop_around(&face(230.0, 300.0, 190.0), Point::new(480.0, 640.0));
        assert_eq!(crop, Region { x: 0.0, y: 0.0, width: 480.0, height: 640.0 });
    }

    #[test]
    fn a_wide_photo_is_cut_at_the_scale_of_the_face() {
        let crop = crop_around(&face(2000.0, 1500.0, 420.0), Point::new(4000.0, 3000.0));
        assert!((crop.width - 1000.0).abs() < 1e-9 && (crop.x - 1500.0).abs() < 1e-9);
        assert!((crop.y + 0.47 * crop.height - 1500.0).abs() < 1e-9);
    }

    #[test]
    fn a_tight_photo_lies_wholly_inside_the_crop() {
        let size = Point::new(300.0, 300.0);
        let crop = crop_around(&face(150.0, 150.0, 210.0), size);
        assert!((crop.width - 500.0).abs() < 1e-9);
        assert!(crop.x <= 0.0 && crop.x + crop.width >= size.x && crop.y <= 0.0 && crop.y + crop.height >= size.y);
    }

    #[test]
    fn crop_points_come_back_from_the_photo() {
        let parsing = skin(Point::new(-12.5, 7.0), 1.75);
        let there = parsing.photo_from_crop(33.0, 44.0);
        assert!(parsing.crop_from_photo(there).distance(Point::new(33.0, 44.0)) < 1e-9);
    }

    #[test]
    fn the_photos_edge_goes_on_beyond_the_photo() {
        let photo = RgbImage::from_fn(2, 2, |x, y| Rgb([(x + 2 * y) as u8; 3]));
        let (wide, left, top) = extended(&photo, Region { x: -0.5, y: -1.5, width: 3.0, height: 5.0 });
        assert_eq!((wide.dimensions(), left, top), ((4, 6), 1.0, 2.0));
        let first_column: Vec<u8> = wide.rows().map(|mut row| row.next().unwrap()[0]).collect();
        assert_eq!(first_column, [0, 0, 0, 2, 2, 2]);
        assert_eq!(wide.get_pixel(3, 5), &Rgb([3; 3]));
    }

    #[test]
    fn pixels_beyond_the_photo_are_outside() {
        let mut parsing = skin(Point::new(-20.0, 0.0), 2.0);
        mark_outside(&mut parsing, Point::new(1000.0, 700.0));
        assert_eq!([9, 10].map(|x| parsing.class(x, 0)), [Class::Outside, Class::Skin]);
        assert_eq!([349, 350].map(|y| parsing.class(50, y)), [Class::Skin, Class::Outside]);
    }

    #[test]
    fn upsampling_agrees_with_the_definition() {
        const CHANNELS: usize = Class::Outside as usize;
        let mut state = 1_u32;
        let mut noise = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / 1e6
        };
        let logits: Vec<f32> = (0..CHANNELS * LOGIT_ROWS * LOGIT_COLUMNS).map(|_| noise()).collect();
        let neighbours = |index: usize, logits: usize| {
            let position = ((index as f32 + 0.5) / STRIDE as f32 - 0.5).max(0.0);
            let first = (position as usize).min(logits - 1);
            (first, (first + 1).min(logits - 1), position.fract())
        };
        let interpolated = |channel: usize, x: usize, y: usize| {
            let (left, right, right_share) = neighbours(x, LOGIT_COLUMNS);
            let (upper, lower, lower_share) = neighbours(y, LOGIT_ROWS);
            let logit = |row: usize, column: usize| logits[(channel * LOGIT_ROWS + row) * LOGIT_COLUMNS + column];
            let line = |row: usize| logit(row, left) * (1.0 - right_share) + logit(row, right) * right_share;
            line(upper) * (1.0 - lower_share) + line(lower) * lower_share
        };
        let classes = upsampled_argmax(&logits);
        for (index, &class) in classes.iter().enumerate() {
            let all = (0..CHANNELS).map(|c| interpolated(c, index % Parsing::WIDTH, index / Parsing::WIDTH));
            let all: Vec<f32> = all.collect();
            let best = all.iter().copied().fold(f32::MIN, f32::max);
            assert!(best - all[class as usize] < 1e-3, "pixel {index}");
        }
    }
}
