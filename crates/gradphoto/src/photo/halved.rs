//! A picture at half its size.

use image::RgbImage;

/// Means of 2x2 pixels; of an odd column or row at the end only where there is no other.
pub(crate) fn halved(photo: &RgbImage) -> RgbImage {
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
    fn a_pixel_is_the_mean_of_four_and_one_alone_stays() {
        let picture = RgbImage::from_fn(5, 2, |x, y| Rgb([(10 * x + 40 * y) as u8, 0, 200]));
        assert_eq!(halved(&picture).as_raw(), &[25, 0, 200, 45, 0, 200]);
        let pixel = RgbImage::from_pixel(1, 1, Rgb([3, 4, 5]));
        assert_eq!(halved(&pixel), pixel);
    }
}
