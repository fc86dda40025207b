//! Whether glasses are worn: a small net of our own on the band of the eyes.
//!
//! Input `eyes` 1x3x64x128, RGB planes in 0..1. Output `glasses_logit` 1x1. The crop lies along the line through the
//! eyes, is 2.4 times as wide as they are apart and reaches from the brows to the middle of the nose.

use super::crop::AlignedCrop;
use super::engine::{Net, Runtime};
use super::probability;
use super::pyramid::Pyramid;
use crate::error::Error;
use crate::evidence::Landmarks;

/// Sees glasses, tinted and rimless ones too.
pub(super) struct Glasses {
    net: Net<1>,
}

impl Glasses {
    pub(super) fn new(runtime: &dyn Runtime) -> Result<Self, Error> {
        Ok(Glasses { net: Net::load(runtime, &gradphoto_models::GLASSES, ["glasses_logit"])? })
    }

    /// Probability, 0 to 1, that glasses are worn.
    pub(super) fn worn_probability(&mut self, photo: &Pyramid, landmarks: &Landmarks) -> Result<f64, Error> {
        let mut planes = vec![0.0; 3 * HEIGHT * WIDTH];
        AlignedCrop::along_eyes(landmarks, EYE_DISTANCES_WIDE, EYE_DISTANCES_DOWN, [WIDTH, HEIGHT])
            .sample(photo, &mut planes);
        let [logits] = self.net.run(&planes)?;
        Ok(probability(logits, 0))
    }
}

const WIDTH: usize = 128;
const HEIGHT: usize = 64;

/// Width of the crop, in distances between the eyes.
const EYE_DISTANCES_WIDE: f64 = 2.4;

/// How far the middle of the crop lies below the point between the eyes.
const EYE_DISTANCES_DOWN: f64 = 0.12;
