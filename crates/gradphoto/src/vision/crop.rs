//! Cuts the nets' inputs out of a photo.

use image::RgbImage;

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
                samples.extend(bilinear(photo, x as f32, y as f32, border).map(|value| low + gain * value));
            }
        }
        samples
    }
}

/// Colour at pixel index (`x`, `y`), 0 to 255.
fn bilinear(photo: &RgbImage, x: f32, y: f32, border: Border) -> [f32; 3] {
    let (left, top) = (x.floor(), y.floor());
    let (right_share, lower_share) = (x - left, y - top);
    let (left, top) = (left as i32, top as i32);
    let upper = [tap(photo, left, top, border), tap(photo, left + 1, top, border)];
    let lower = [tap(photo, left, top + 1, border), tap(photo, left + 1, top + 1, border)];
    std::array::from_fn(|channel| {
        let across = |[a, b]: [[u8; 3]; 2]| {
            let (a, b) = (f32::from(a[channel]), f32::from(b[channel]));
            a + (b - a) * right_share
        };
        let (upper, lower) = (across(upper), across(lower));
        upper + (lower - upper) * lower_share
    })
}

fn tap(photo: &RgbImage, x: i32, y: i32, border: Border) -> [u8; 3] {
    let (width, height) = (photo.width() as i32, photo.height() as i32);
    let inside = (0..width).contains(&x) && (0..height).contains(&y);
    if !inside && border == Border::Black {
        return [0; 3];
    }
    photo.get_pixel(x.clamp(0, width - 1) as u32, y.clamp(0, height - 1) as u32).0
}
