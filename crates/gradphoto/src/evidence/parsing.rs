//! What every pixel around the face belongs to.

use super::landmarks::Landmarks;
use crate::geometry::{Point, Sides, cells_in_polygon};
use crate::text::words;

/// What a pixel shows. The numbers are the parsing net's channels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
#[allow(missing_docs)]
#[non_exhaustive]
pub enum Class {
    Background = 0,
    Skin,
    Brow,
    Eye,
    Glasses,
    Ear,
    Earring,
    MouthInside,
    Lips,
    Neck,
    Necklace,
    Cloth,
    Hair,
    Hat,
    /// Beyond the edge of the photo.
    Outside,
}

words! {
    /// Every class, in the order of their numbers.
    Class {
        Background: "background",
        Skin: "skin",
        Brow: "brow",
        Eye: "eye",
        Glasses: "glasses",
        Ear: "ear",
        Earring: "earring",
        MouthInside: "mouth-inside",
        Lips: "lips",
        Neck: "neck",
        Necklace: "necklace",
        Cloth: "cloth",
        Hair: "hair",
        Hat: "hat",
        Outside: "outside",
    }
}

impl Class {
    /// Number of classes.
    pub const COUNT: usize = Class::ALL.len();
}

/// A crop around the subject, sized by the face and holding the whole of any photo that obeys the standard's framing,
/// with the class of every pixel.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Parsing {
    /// Upper left corner of the crop, in pixels of [`Photo::pixels`](crate::Photo::pixels); may lie outside of the photo.
    pub origin: Point,
    /// So many of them are one crop pixel wide.
    pub scale: f64,
    /// Row by row, [`Parsing::WIDTH`] x [`Parsing::HEIGHT`].
    pub classes: Box<[Class; Parsing::AREA]>,
    /// sRGB of the crop, same order.
    pub rgb: Box<[[u8; 3]; Parsing::AREA]>,
}

impl Parsing {
    /// Width of the crop in crop pixels.
    pub const WIDTH: usize = 288;
    /// Height of the crop in crop pixels.
    pub const HEIGHT: usize = 384;
    /// Number of crop pixels.
    pub const AREA: usize = Self::WIDTH * Self::HEIGHT;

    /// Class of the crop pixel at column `x`, row `y`; [`Class::Outside`] beyond the crop.
    pub fn class(&self, x: i32, y: i32) -> Class {
        let inside = (0..Self::WIDTH as i32).contains(&x) && (0..Self::HEIGHT as i32).contains(&y);
        if inside { self.classes[y as usize * Self::WIDTH + x as usize] } else { Class::Outside }
    }

    /// Luma, 0 to 255, of this pixel of the crop.
    pub(crate) fn luma(&self, pixel: usize) -> u32 {
        let [r, g, b] = self.rgb[pixel].map(u32::from);
        (77 * r + 150 * g + 29 * b) / 256
    }

    /// Number of crop pixels of each class, indexed by `Class as usize`.
    pub fn class_areas(&self) -> [usize; Class::COUNT] {
        let mut areas = [0; Class::COUNT];
        for &class in self.classes.iter() {
            areas[class as usize] += 1;
        }
        areas
    }

    /// Area of this class in square photo pixels.
    pub fn area_px2(&self, class: Class) -> f64 {
        count(&self.classes[..], class) as f64 * self.scale.powi(2)
    }

    /// Share of these classes in the polygon through these mesh points, 0 to 1 of the pixels that the photo shows; 0
    /// where it shows none.
    pub(crate) fn share_within(&self, landmarks: &Landmarks, polygon: &[usize], classes: &[Class]) -> f64 {
        let pixels = self.pixels_within(landmarks, polygon);
        let wanted = pixels.iter().filter(|&&i| classes.contains(&self.classes[i])).count();
        wanted as f64 / pixels.len().max(1) as f64
    }

    /// Indices of the crop pixels inside the polygon through these mesh points and inside the photo.
    pub(crate) fn pixels_within(&self, landmarks: &Landmarks, polygon: &[usize]) -> Vec<usize> {
        let corners = polygon.iter().map(|&i| self.crop_from_photo(landmarks.point(i))).collect::<Vec<_>>();
        let mut pixels = cells_in_polygon(&corners, Self::WIDTH, Self::HEIGHT);
        pixels.retain(|&i| self.classes[i] != Class::Outside);
        pixels
    }

    /// Number of crop pixels of this class on either side of the face's middle.
    pub(crate) fn class_areas_by_side(&self, class: Class, landmarks: &Landmarks) -> Sides<usize> {
        let middle = self.crop_from_photo(landmarks.face_midpoint()).x.ceil().max(0.0) as usize;
        let mut areas = [0; 2];
        for row in self.classes.chunks_exact(Self::WIDTH) {
            let (right, left) = row.split_at(middle.min(Self::WIDTH));
            areas = [areas[0] + count(right, class), areas[1] + count(left, class)];
        }
        areas.into()
    }

    /// Where a crop point lies on the photo.
    pub fn photo_from_crop(&self, x: f64, y: f64) -> Point {
        Point::new(self.origin.x + x * self.scale, self.origin.y + y * self.scale)
    }

    /// Where a photo point lies on the crop.
    pub fn crop_from_photo(&self, p: Point) -> Point {
        Point::new((p.x - self.origin.x) / self.scale, (p.y - self.origin.y) / self.scale)
    }
}

/// How many of these pixels are of this class.
fn count(pixels: &[Class], class: Class) -> usize {
    // In pieces whose counts fit a byte, which the compiler makes SIMD.
    let in_piece = |piece: &[Class]| piece.iter().map(|seen| u8::from(*seen == class)).sum::<u8>();
    pixels.chunks(usize::from(u8::MAX)).map(|piece| usize::from(in_piece(piece))).sum()
}
