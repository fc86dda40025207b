//! What a picture looks like from afar.

use std::f64::consts::PI;

use fast_image_resize::images::Image;
use fast_image_resize::{PixelType, Resizer};
use image::{RgbImage, imageops};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// What a picture looks like from afar: 256 bits that stay when it is saved anew or scaled; 64 hex digits in JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Fingerprint(pub(crate) [u64; 4]);

/// Side of the luma that is transformed.
const SIDE: usize = 64;
/// Coefficients taken of each direction, without the constant one.
const WAVES: usize = 16;

impl Fingerprint {
    /// The fingerprint of a picture.
    pub fn of(pixels: &RgbImage) -> Fingerprint {
        let luma = luma(pixels).unwrap_or_else(|| vec![0; SIDE * SIDE]);
        let wave = |k: usize, i: usize| (PI * k as f64 * (2 * i + 1) as f64 / (2 * SIDE) as f64).cos();
        let waves = (1..=WAVES).map(|k| (0..SIDE).map(|i| wave(k, i)).collect::<Vec<_>>()).collect::<Vec<_>>();
        let rows = luma.chunks(SIDE).map(|row| row.iter().map(|v| f64::from(*v)).collect::<Vec<_>>());
        // For each row of luma its coefficients, then down the columns of these.
        let across = rows.map(|row| waves.iter().map(|wave| dot(wave, row.iter().copied())).collect::<Vec<_>>());
        let across = across.collect::<Vec<_>>();
        let mut bits = [0; 4];
        for (place, (down, k)) in waves.iter().flat_map(|down| (0..WAVES).map(move |k| (down, k))).enumerate() {
            let coefficient = dot(down, across.iter().map(|row| row[k]));
            bits[place / 64] |= u64::from(coefficient > 0.0) << (place % 64);
        }
        Fingerprint(bits)
    }

    /// In how many signs two pictures differ, 0 to 256.
    pub fn distance(self, other: Fingerprint) -> u32 {
        std::iter::zip(self.0, other.0).map(|(a, b)| (a ^ b).count_ones()).sum()
    }

    pub(crate) fn bit(self, place: usize) -> bool {
        self.0[place / 64] >> (place % 64) & 1 == 1
    }
}

fn dot(wave: &[f64], values: impl Iterator<Item = f64>) -> f64 {
    wave.iter().zip(values).map(|(w, v)| w * v).sum()
}

fn luma(pixels: &RgbImage) -> Option<Vec<u8>> {
    let grey = imageops::grayscale(pixels);
    let source = Image::from_vec_u8(grey.width(), grey.height(), grey.into_raw(), PixelType::U8).ok()?;
    let mut small = Image::new(SIDE as u32, SIDE as u32, PixelType::U8);
    Resizer::new().resize(&source, &mut small, None).ok()?;
    Some(small.into_vec())
}

impl Serialize for Fingerprint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0.map(|word| format!("{word:016x}")).concat())
    }
}

impl<'de> Deserialize<'de> for Fingerprint {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Fingerprint, D::Error> {
        let hex = String::deserialize(deserializer)?;
        let word = |i: usize| hex.get(16 * i..16 * (i + 1)).and_then(|digits| u64::from_str_radix(digits, 16).ok());
        match [0, 1, 2, 3].map(word) {
            [Some(a), Some(b), Some(c), Some(d)] if hex.len() == 64 => Ok(Fingerprint([a, b, c, d])),
            _ => Err(D::Error::custom("a fingerprint has 64 hex digits")),
        }
    }
}

#[cfg(test)]
mod tests {
    use image::Rgb;

    use super::*;

    /// A picture of soft blots, different for each seed.
    fn picture(seed: u32, width: u32, height: u32) -> RgbImage {
        let blots = (0..12_u32).map(|i| {
            let at =
                |salt: u32| f64::from((seed * 7919 + i * 104_729 + salt).wrapping_mul(2_654_435_761) >> 16) / 65536.0;
            (at(1), at(2), 0.05 + 0.2 * at(3), 255.0 * at(4))
        });
        let blots = blots.collect::<Vec<_>>();
        RgbImage::from_fn(width, height, |x, y| {
            let (x, y) = (f64::from(x) / f64::from(width), f64::from(y) / f64::from(height));
            let light = blots.iter().map(|(bx, by, r, v)| v * (-((x - bx).powi(2) + (y - by).powi(2)) / r / r).exp());
            Rgb([(light.sum::<f64>() / 2.0).min(255.0) as u8; 3])
        })
    }

    #[test]
    fn a_picture_is_known_when_scaled_and_saved_anew() {
        let original = Fingerprint::of(&picture(1, 480, 640));
        assert!(original.distance(Fingerprint::of(&picture(1, 240, 320))) <= 20);
        let mut jpeg = Vec::new();
        let encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut jpeg, 60);
        picture(1, 480, 640).write_with_encoder(encoder).expect("encodes");
        let again = image::load_from_memory(&jpeg).expect("a JPEG").into_rgb8();
        assert!(original.distance(Fingerprint::of(&again)) <= 20);
        assert!(original.distance(Fingerprint::of(&picture(2, 480, 640))) > 40);
    }

    #[test]
    fn a_fingerprint_is_read_back_as_it_was_written() {
        let fingerprint = Fingerprint::of(&picture(3, 48, 64));
        let json = serde_json::to_string(&fingerprint).expect("serialises");
        assert_eq!(serde_json::from_str::<Fingerprint>(&json).expect("reads back"), fingerprint);
        assert!(serde_json::from_str::<Fingerprint>("\"00\"").is_err());
    }
}
