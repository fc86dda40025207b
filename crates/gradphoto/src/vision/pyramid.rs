//! A photo at its size, at half of it, at a quarter, and so on.

use std::cell::OnceCell;

use image::RgbImage;

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

/// Means of 2x2 pixels; of an odd column or row at the end only where there is no other.
fn halved(photo: &RgbImage) -> RgbImage {
    let [width, height] = [photo.width(), photo.height()].map(|side| (side / 2).max(1) as usize);
    let row_bytes = 3 * photo.width() as usize;
    let row = |y: usize| &photo.as_raw()[y.min(photo.height() as usize - 1) * row_bytes..][..row_bytes];
    let mut sums = vec![0_u16; row_bytes.max(6)];
    let mut bytes = vec![0; 3 * width * height];
    for (y, line) in bytes.chunks_exact_mut(3 * width).enumerate() {
        for ((sum, above), below) in sums.iter_mut().zip(row(2 * y)).zip(row(2 * y + 1)) {
            *sum = u16::from(*above) + u16::from(*below);
        }
        if photo.width() == 1 {
            sums.copy_within(..3, 3);
        }
        for (mean, pair) in line.as_chunks_mut::<3>().0.iter_mut().zip(sums.as_chunks::<6>().0) {
            *mean = [0, 1, 2].map(|channel| ((pair[channel] + pair[channel + 3] + 2) / 4) as u8);
        }
    }
    // The buffer was filled for exactly this size.
    RgbImage::from_raw(width as u32, height as u32, bytes).unwrap_or_default()
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
