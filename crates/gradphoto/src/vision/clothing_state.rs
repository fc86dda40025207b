//! Collar, hood, bare shoulders and necklace: a small net of our own on one crop of neck and chest.
//!
//! Input `torso` 1x3x80x128, RGB planes in 0..1, [`BEYOND`] where the photo ends. Output `defect_logits` 1x5: no collar,
//! hood, bare shoulders, necklace, and pattern, which colours tell better. The crop lies along the face, is 2.4 face widths wide and reaches from 0.2
//! face widths above the chin to 1.3 below it.

use image::RgbImage;
use ort::value::TensorRef;

use super::crop::AlignedCrop;
use super::inference_failed;
use super::runtime::{Engine, Net};
use crate::error::Error;
use crate::evidence::{ClothingState, Landmarks};
use crate::geometry::Point;

/// Tells what is worn around the neck and on the chest.
pub(super) struct ClothingNet {
    net: Net,
}

impl ClothingNet {
    pub(super) fn new(engine: &Engine) -> Result<Self, Error> {
        Ok(ClothingNet { net: engine.load(super::CLOTHING_STATE)? })
    }

    /// What the net says; `None` where the photo ends right below the chin.
    pub(super) fn see(&mut self, photo: &RgbImage, landmarks: &Landmarks) -> Result<Option<ClothingState>, Error> {
        let crop = torso_crop(landmarks);
        if !is_neck_in_sight(&crop, photo) {
            return Ok(None);
        }
        let samples = torso_samples(&crop, photo);
        let mut run = || -> ort::Result<ClothingState> {
            let input = TensorRef::from_array_view(([1, CHANNELS, HEIGHT, WIDTH], &*samples))?;
            let outputs = self.net.run(input)?;
            let (_, logits) = outputs["defect_logits"].try_extract_tensor::<f32>()?;
            let probability =
                |defect: usize| 1.0 / (1.0 + f64::from(-logits.get(defect).copied().unwrap_or_default()).exp());
            Ok(ClothingState {
                collar_absent: probability(0),
                hood: probability(1),
                shoulders_bare: probability(2),
                necklace: probability(3),
            })
        };
        run().map(Some).map_err(inference_failed)
    }
}

const CHANNELS: usize = 3;
const HEIGHT: usize = 80;
const WIDTH: usize = 128;

/// Width of the crop in face widths.
const CROP_PER_FACE: f64 = 2.4;

/// Distance from the chin down to the middle of the crop, in face widths.
const CENTRE_BELOW_CHIN: f64 = 0.56;

/// Value of samples beyond the photo, as in training.
const BEYOND: f32 = 0.5;

/// So much of the neck must be in sight, in face widths below the chin.
const NECK_IN_SIGHT: f64 = 0.05;

/// Where neck and chest lie on the photo.
fn torso_crop(landmarks: &Landmarks) -> AlignedCrop {
    let (left, right, chin) = (landmarks.point(234), landmarks.point(454), landmarks.chin());
    let face = Point::new(right.x - left.x, right.y - left.y);
    let scale = CROP_PER_FACE / WIDTH as f64;
    AlignedCrop {
        centre: Point::new(chin.x - CENTRE_BELOW_CHIN * face.y, chin.y + CENTRE_BELOW_CHIN * face.x),
        step: Point::new(face.x * scale, face.y * scale),
        is_mirrored: false,
        width: WIDTH,
        height: HEIGHT,
    }
}

fn is_neck_in_sight(crop: &AlignedCrop, photo: &RgbImage) -> bool {
    let samples_per_face = WIDTH as f64 / CROP_PER_FACE;
    is_inside(photo, crop.photo_from_crop(0.0, (NECK_IN_SIGHT - CENTRE_BELOW_CHIN) * samples_per_face))
}

/// The net's input.
fn torso_samples(crop: &AlignedCrop, photo: &RgbImage) -> Vec<f32> {
    let mut planes = vec![0.0; CHANNELS * HEIGHT * WIDTH];
    crop.sample(photo, &mut planes);
    for (i, (row, column)) in (0..HEIGHT).flat_map(|row| (0..WIDTH).map(move |column| (row, column))).enumerate() {
        let across = column as f64 + 0.5 - WIDTH as f64 / 2.0;
        let down = row as f64 + 0.5 - HEIGHT as f64 / 2.0;
        if !is_inside(photo, crop.photo_from_crop(across, down)) {
            planes.iter_mut().skip(i).step_by(HEIGHT * WIDTH).for_each(|value| *value = BEYOND);
        }
    }
    planes
}

fn is_inside(photo: &RgbImage, p: Point) -> bool {
    (0.0..f64::from(photo.width())).contains(&p.x) && (0.0..f64::from(photo.height())).contains(&p.y)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn landmarks(chin: [f64; 2]) -> Landmarks {
        let mut points = vec![[0.0; 3]; Landmarks::COUNT];
        points[152] = [chin[0], chin[1], 0.0];
        points[234] = [chin[0] - 80.0, chin[1] - 120.0, 0.0];
        points[454] = [chin[0] + 80.0, chin[1] - 120.0, 0.0];
        Landmarks { points }
    }

    #[test]
    fn the_crop_hangs_below_the_chin_and_is_grey_beyond_the_photo() {
        let photo = RgbImage::from_fn(480, 300, |_, y| image::Rgb([y as u8, 0, 0]));
        let crop = torso_crop(&landmarks([240.0, 200.0]));
        let planes = torso_samples(&crop, &photo);
        // Three pixels a sample; the middle lies 0.56 * 160 px below the chin.
        assert!((crop.centre.y - 289.6).abs() < 1e-9);
        let (top, last) = (planes[WIDTH / 2] * 255.0, planes[(HEIGHT - 1) * WIDTH + WIDTH / 2]);
        assert!((top - 170.6).abs() < 0.5 && last == BEYOND, "{top} {last}");
    }

    #[test]
    fn a_photo_that_ends_at_the_chin_shows_nothing() {
        let photo = RgbImage::new(480, 210);
        let sees = |y| is_neck_in_sight(&torso_crop(&landmarks([240.0, y])), &photo);
        assert_eq!([150.0, 205.0].map(sees), [true, false]);
    }
}
