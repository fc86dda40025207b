//! A photo at its size, at half of it, at a quarter, and so on.

use std::cell::OnceCell;

use image::RgbImage;

use crate::photo::halved;

/// A photo and its halvings, each made when it is first asked for.
pub(super) struct Pyramid<'a> {
    photo: &'a RgbImage,
    halvings: [OnceCell<RgbImage>; HALVINGS],
}

/// The smallest level of the largest photo that is decoded has some hundred pixels left.
const HALVINGS: usize = 6;

impl<'a> Pyramid<'a> {
    pub(super) fn new(photo: &'a RgbImage) -> Self {
        Pyramid { photo, halvings: Default::default() }
    }

    /// The photo halved so many times, at most [`HALVINGS`] times, and its pixels per photo pixel each way.
    pub(super) fn level(&self, level: usize) -> (&RgbImage, f64) {
        let level = level.min(HALVINGS);
        let mut picture = self.photo;
        for halving in &self.halvings[..level] {
            picture = halving.get_or_init(|| halved(picture));
        }
        (picture, 0.5_f64.powi(level as i32))
    }
}

#[cfg(test)]
mod tests {
    use image::Rgb;

    use super::*;

    #[test]
    fn each_level_has_the_means_of_the_one_before() {
        let photo = RgbImage::from_fn(5, 4, |x, y| Rgb([(10 * x + 40 * y) as u8, 0, 200]));
        let pyramid = Pyramid::new(&photo);
        let (half, scale) = pyramid.level(1);
        assert_eq!((half.dimensions(), scale), ((2, 2), 0.5));
        assert_eq!([half.get_pixel(0, 0).0, half.get_pixel(1, 1).0], [[25, 0, 200], [125, 0, 200]]);
        let (quarter, scale) = pyramid.level(2);
        assert_eq!((quarter.dimensions(), scale), ((1, 1), 0.25));
        assert_eq!(quarter.get_pixel(0, 0).0, [75, 0, 200]);
    }

    #[test]
    fn a_pixel_halves_to_itself() {
        let photo = RgbImage::from_pixel(1, 1, Rgb([3, 4, 5]));
        assert_eq!(Pyramid::new(&photo).level(HALVINGS + 1).0, &photo);
    }
}
