//! What a picture looks like from afar.

use std::f64::consts::PI;
use std::sync::OnceLock;

use image::RgbImage;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// What a picture looks like from afar: 256 bits that stay the same when it is saved again or scaled. In JSON the version of
/// the bits and 64 hex digits, `v2:00…`; bits of another version cannot be compared and are not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Fingerprint(pub(crate) [u64; 4]);

/// Goes up when the bits of a picture change.
const VERSION: &str = "v2";
/// Side of the luma that is transformed.
const SIDE: usize = 64;
/// Coefficients taken of each direction, without the constant one.
const WAVES: usize = 16;

/// At each of [`SIDE`] places, the height of each of [`WAVES`] waves.
type Waves = [[f64; WAVES]; SIDE];

impl Fingerprint {
    /// The fingerprint of a picture.
    pub fn of(pixels: &RgbImage) -> Fingerprint {
        static WAVE_TABLE: OnceLock<Box<Waves>> = OnceLock::new();
        let wave = |k: usize, i: usize| (PI * k as f64 * (2 * i + 1) as f64 / (2 * SIDE) as f64).cos();
        let waves = WAVE_TABLE.get_or_init(|| {
            Box::new(std::array::from_fn(|place| std::array::from_fn(|number| wave(number + 1, place))))
        });
        // The coefficients of each row of luma, then down the columns of these.
        let across = luma(pixels).map(|row| sums(waves.iter().zip(row)));
        let mut bits = [0; 4];
        for down in 0..WAVES {
            let coefficients = sums(across.iter().zip(waves.iter().map(|wave| wave[down])));
            for (across, coefficient) in coefficients.into_iter().enumerate() {
                let place = down * WAVES + across;
                bits[place / 64] |= u64::from(coefficient > 0.0) << (place % 64);
            }
        }
        Fingerprint(bits)
    }

    /// The number of bits in which two pictures differ, 0 to 256.
    pub fn distance(self, other: Fingerprint) -> u32 {
        std::iter::zip(self.0, other.0).map(|(a, b)| (a ^ b).count_ones()).sum()
    }

    pub(crate) fn bit(self, place: usize) -> bool {
        self.0[place / 64] >> (place % 64) & 1 == 1
    }
}

/// The sum of these rows, each as often as the number beside it.
fn sums<'a>(rows: impl Iterator<Item = (&'a [f64; WAVES], f64)>) -> [f64; WAVES] {
    rows.fold([0.0; WAVES], |sums, (row, times)| std::array::from_fn(|i| sums[i] + times * row[i]))
}

/// Mean luma of [`SIDE`] x [`SIDE`] parts of the picture, row by row; a part holds a pixel at least.
fn luma(pixels: &RgbImage) -> [[f64; SIDE]; SIDE] {
    let [width, height] = [pixels.width(), pixels.height()].map(|side| side as usize);
    let mut parts = [[0.0; SIDE]; SIDE];
    if width == 0 || height == 0 {
        return parts;
    }
    let span = |part: usize, length: usize| {
        let start = (part * length / SIDE).min(length - 1);
        start..((part + 1) * length / SIDE).max(start + 1)
    };
    let mut sums = vec![0_u32; 3 * width];
    for (band, parts) in parts.iter_mut().enumerate() {
        let rows = span(band, height);
        sums.fill(0);
        for row in pixels.as_raw()[3 * width * rows.start..3 * width * rows.end].chunks_exact(3 * width) {
            sums.iter_mut().zip(row).for_each(|(sum, sample)| *sum += u32::from(*sample));
        }
        for (part, mean) in parts.iter_mut().enumerate() {
            let columns = span(part, width);
            let count = (rows.len() * columns.len()) as f64;
            let [red, green, blue] = sums.as_chunks::<3>().0[columns]
                .iter()
                .fold([0.0; 3], |sum, pixel| [0, 1, 2].map(|channel| sum[channel] + f64::from(pixel[channel])));
            *mean = (0.2126 * red + 0.7152 * green + 0.0722 * blue) / count;
        }
    }
    parts
}

impl Serialize for Fingerprint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let hex = self.0.map(|word| format!("{word:016x}")).concat();
        serializer.collect_str(&format_args!("{VERSION}:{hex}"))
    }
}

impl<'de> Deserialize<'de> for Fingerprint {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Fingerprint, D::Error> {
        let written = String::deserialize(deserializer)?;
        let Some((VERSION, hex)) = written.split_once(':') else {
            return Err(D::Error::custom(format_args!("a fingerprint of another version than {VERSION}")));
        };
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
    fn pictures_smaller_than_the_luma_have_one_too() {
        let [one, none] = [(1, 1), (0, 0)].map(|(width, height)| Fingerprint::of(&RgbImage::new(width, height)));
        assert_eq!(one, none);
        assert_ne!(Fingerprint::of(&picture(1, 30, 40)), none);
    }

    #[test]
    fn a_fingerprint_is_read_back_as_it_was_written() {
        let fingerprint = Fingerprint::of(&picture(3, 48, 64));
        let json = serde_json::to_string(&fingerprint).expect("serialises");
        assert_eq!(serde_json::from_str::<Fingerprint>(&json).expect("reads back"), fingerprint);
        let old = json.replace("v2:", "");
        for other in ["\"00\"", "\"v2:00\"", &old, &json.replace("v2:", "v1:")] {
            assert!(serde_json::from_str::<Fingerprint>(other).is_err(), "{other}");
        }
    }
}
