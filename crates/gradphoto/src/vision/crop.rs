//! Cuts the nets' inputs out of a photo.

use image::RgbImage;

use crate::evidence::Landmarks;
use crate::geometry::Point;

/// A square piece of a photo, upright or rotated, seen through a grid of `side` x `side` samples.
///
/// Sample (column, row) is taken where pixel *index* (column, row) falls, without half a pixel's shift: the nets were
/// trained on crops made so, and their coordinates come back by [`SquareCrop::photo_from_crop`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct SquareCrop {
    centre: Point,
    /// Photo pixels per sample.
    scale: f64,
    sine: f64,
    cosine: f64,
    side: usize,
}

/// What lies beyond the edge of the photo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Border {
    /// Black.
    Black,
    /// The nearest pixel of the photo.
    Replicate,
}

impl SquareCrop {
    /// `length_px` photo pixels wide and high around `centre`, its x axis turned clockwise by `angle` radians.
    pub(super) fn new(centre: Point, length_px: f64, angle: f64, side: usize) -> Self {
        let (sine, cosine) = angle.sin_cos();
        SquareCrop { centre, scale: length_px / side as f64, sine, cosine, side }
    }

    /// Photo pixels per sample.
    pub(super) fn scale(&self) -> f64 {
        self.scale
    }

    /// Where a point in samples lies on the photo.
    pub(super) fn photo_from_crop(&self, x: f64, y: f64) -> Point {
        let half = self.side as f64 / 2.0;
        let (x, y) = ((x - half) * self.scale, (y - half) * self.scale);
        Point::new(self.centre.x + self.cosine * x - self.sine * y, self.centre.y + self.sine * x + self.cosine * y)
    }

    /// The samples row by row, RGB interleaved, bilinear, 0 to 255 mapped linearly to `low..=high`.
    pub(super) fn sample(&self, photo: &RgbImage, border: Border, [low, high]: [f32; 2]) -> Vec<f32> {
        let gain = (high - low) / 255.0;
        let origin = self.photo_from_crop(0.0, 0.0);
        let (right, down) = (self.scale * self.cosine, self.scale * self.sine);
        let mut samples = Vec::with_capacity(self.side * self.side * 3);
        for row in 0..self.side {
            let (row_x, row_y) = (origin.x - row as f64 * down, origin.y + row as f64 * right);
            for column in 0..self.side {
                let (x, y) = (row_x + column as f64 * right, row_y + column as f64 * down);
                samples.extend(bilinear(photo, x, y, border).map(|value| low + gain * value));
            }
        }
        samples
    }
}

/// A piece of a photo that lies along the face, for the small nets: a grid of `width` x `height` samples, each the middle
/// of its cell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct AlignedCrop {
    /// Middle of the crop on the photo.
    pub(super) centre: Point,
    /// Step to the next sample on the right, in photo pixels.
    pub(super) step: Point,
    /// Whether left and right are swapped, so that both sides of a face look alike.
    pub(super) is_mirrored: bool,
    /// Samples from left to right.
    pub(super) width: usize,
    /// Samples from top to bottom.
    pub(super) height: usize,
}

impl AlignedCrop {
    /// A crop along the line through the eyes. Its unit is the distance between the middles of both eyes: `wide` units in
    /// width, its own middle `down` units below the point between them.
    ///
    /// The middle of an eye is that of its corners: lids and tinted lenses hide irises.
    pub(super) fn along_eyes(landmarks: &Landmarks, wide: f64, down: f64, [width, height]: [usize; 2]) -> Self {
        let middle = |[inner, outer]: [usize; 2]| landmarks.point(inner).midpoint(landmarks.point(outer));
        let (left, right) = (middle([33, 133]), middle([362, 263]));
        let (across, between) = (Point::new(right.x - left.x, right.y - left.y), left.midpoint(right));
        let centre = Point::new(between.x - down * across.y, between.y + down * across.x);
        let scale = wide / width as f64;
        let step = Point::new(across.x * scale, across.y * scale);
        AlignedCrop { centre, step, is_mirrored: false, width, height }
    }

    /// Fills the planes of red, green and blue, 0 to 1, `3 * height * width` values; averages where the photo is more
    /// than twice as fine as the crop, continues the photo's edge beyond the photo.
    pub(super) fn sample(&self, photo: &RgbImage, planes: &mut [f32]) {
        let pixels_per_sample = self.step.x.hypot(self.step.y);
        // At most two pixels apart, bilinear samples leave no pixel out.
        let taps = (pixels_per_sample / 2.0).ceil().max(1.0) as usize;
        let within = |tap: usize| (tap as f64 + 0.5) / taps as f64;
        for row in 0..self.height {
            for column in 0..self.width {
                let mut sum = [0.0; 3];
                for (tap_y, tap_x) in (0..taps).flat_map(|y| (0..taps).map(move |x| (y, x))) {
                    let across = column as f64 + within(tap_x) - self.width as f64 / 2.0;
                    let down = row as f64 + within(tap_y) - self.height as f64 / 2.0;
                    let colour = colour_at(photo, self.photo_from_crop(across, down));
                    (0..3).for_each(|channel| sum[channel] += colour[channel]);
                }
                let column = if self.is_mirrored { self.width - 1 - column } else { column };
                for (channel, sum) in sum.into_iter().enumerate() {
                    planes[(channel * self.height + row) * self.width + column] = sum / (255 * taps * taps) as f32;
                }
            }
        }
    }

    /// Where a point, in samples to the right of and below the middle, lies on the photo.
    pub(super) fn photo_from_crop(&self, across: f64, down: f64) -> Point {
        let x = self.centre.x + across * self.step.x - down * self.step.y;
        let y = self.centre.y + across * self.step.y + down * self.step.x;
        Point::new(x, y)
    }
}

/// Colour at a point of the photo, 0 to 255, bilinear; beyond the edge that of the nearest pixel.
fn colour_at(photo: &RgbImage, p: Point) -> [f32; 3] {
    bilinear(photo, p.x - 0.5, p.y - 0.5, Border::Replicate)
}

/// Colour at pixel index (`x`, `y`), 0 to 255.
fn bilinear(photo: &RgbImage, x: f64, y: f64, border: Border) -> [f32; 3] {
    let (left, top) = (floor(x), floor(y));
    let (right_share, lower_share) = ((x - f64::from(left)) as f32, (y - f64::from(top)) as f32);
    let (upper, lower) = (pair(photo, left, top, border), pair(photo, left, top + 1, border));
    std::array::from_fn(|channel| {
        let across = |pixels: [u8; 6]| {
            let (a, b) = (f32::from(pixels[channel]), f32::from(pixels[channel + 3]));
            a + (b - a) * right_share
        };
        let (upper, lower) = (across(upper), across(lower));
        upper + (lower - upper) * lower_share
    })
}

/// The pixel at (`x`, `y`) and its right neighbour.
fn pair(photo: &RgbImage, x: i32, y: i32, border: Border) -> [u8; 6] {
    let (width, height) = (photo.width() as i32, photo.height() as i32);
    if (0..width - 1).contains(&x) && (0..height).contains(&y) {
        let start = (y as usize * width as usize + x as usize) * 3;
        if let Some(inside) = photo.as_raw()[start..].first_chunk() {
            return *inside;
        }
    }
    let [a, b] = [x, x + 1].map(|x| {
        let inside = (0..width).contains(&x) && (0..height).contains(&y);
        let nearest = || photo.get_pixel(x.clamp(0, width - 1) as u32, y.clamp(0, height - 1) as u32).0;
        if inside || border == Border::Replicate { nearest() } else { [0; 3] }
    });
    [a[0], a[1], a[2], b[0], b[1], b[2]]
}

/// `f64::floor` is a call into the C library on processors without SSE 4.1.
fn floor(value: f64) -> i32 {
    let truncated = value as i32;
    truncated - i32::from(value < f64::from(truncated))
}

#[cfg(test)]
mod tests {
    use image::Rgb;

    use super::*;

    fn grey_ramp() -> RgbImage {
        RgbImage::from_fn(4, 4, |x, y| Rgb([(10 * x + 40 * y) as u8; 3]))
    }

    #[test]
    fn upright_crop_of_the_photos_size_is_the_photo() {
        let photo = grey_ramp();
        let crop = SquareCrop::new(Point::new(2.0, 2.0), 4.0, 0.0, 4);
        let samples = crop.sample(&photo, Border::Black, [0.0, 255.0]);
        let expected: Vec<f32> = photo.as_raw().iter().map(|&byte| f32::from(byte)).collect();
        assert_eq!(samples, expected);
    }

    #[test]
    fn beyond_the_edge_is_black_or_the_edge() {
        let crop = SquareCrop::new(Point::new(-1.0, 2.0), 2.0, 0.0, 2);
        assert_eq!(crop.sample(&grey_ramp(), Border::Black, [-1.0, 1.0])[0], -1.0);
        assert_eq!(crop.sample(&grey_ramp(), Border::Replicate, [0.0, 255.0])[0], 40.0);
    }

    #[test]
    fn between_two_pixels_lies_their_mean() {
        let photo = grey_ramp();
        assert_eq!(bilinear(&photo, 0.5, 0.0, Border::Replicate), [5.0; 3]);
        assert_eq!(bilinear(&photo, 1.0, 1.5, Border::Replicate), [70.0; 3]);
        assert_eq!(bilinear(&photo, -0.5, 0.0, Border::Black), [0.0; 3]);
    }

    #[test]
    fn quarter_turn_clockwise_sends_right_to_down() {
        let crop = SquareCrop::new(Point::new(100.0, 50.0), 20.0, std::f64::consts::FRAC_PI_2, 10);
        assert!(crop.photo_from_crop(5.0, 5.0).distance(Point::new(100.0, 50.0)) < 1e-9);
        assert!(crop.photo_from_crop(10.0, 5.0).distance(Point::new(100.0, 60.0)) < 1e-9);
    }
}
