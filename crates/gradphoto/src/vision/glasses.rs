//! Whether glasses are worn: a small net of our own on the band of the eyes.
//!
//! Input `eyes` 1x3x64x128, RGB planes in 0..1. Output `glasses_logit` 1x1. The crop lies along the line through the
//! eyes, is 2.4 times as wide as they are apart and reaches from the brows to the middle of the nose.

use image::RgbImage;
use ort::value::TensorRef;

use super::crop::AlignedCrop;
use super::runtime::{Engine, Net};
use super::{inference_failed, probability};
use crate::error::Error;
use crate::evidence::Landmarks;

/// Sees glasses, tinted and rimless ones too.
pub(super) struct Glasses {
    net: Net,
}

impl Glasses {
    pub(super) fn new(engine: &Engine) -> Result<Self, Error> {
        Ok(Glasses { net: engine.load(&gradphoto_models::GLASSES)? })
    }

    /// Probability, 0 to 1, that glasses are worn.
    pub(super) fn worn_probability(&mut self, photo: &RgbImage, landmarks: &Landmarks) -> Result<f64, Error> {
        let mut planes = vec![0.0; 3 * HEIGHT * WIDTH];
        AlignedCrop::along_eyes(landmarks, EYE_DISTANCES_WIDE, EYE_DISTANCES_DOWN, [WIDTH, HEIGHT])
            .sample(photo, &mut planes);
        let mut run = || -> ort::Result<f64> {
            let input = TensorRef::from_array_view(([1, 3, HEIGHT, WIDTH], &*planes))?;
            let outputs = self.net.run(input)?;
            let (_, logits) = outputs["glasses_logit"].try_extract_tensor::<f32>()?;
            Ok(probability(logits, 0))
        };
        run().map_err(inference_failed)
    }
}

const WIDTH: usize = 128;
const HEIGHT: usize = 64;

/// Width of the crop, in distances between the eyes.
const EYE_DISTANCES_WIDE: f64 = 2.4;

/// How far the middle of the crop lies below the point between the eyes.
const EYE_DISTANCES_DOWN: f64 = 0.12;
