//! What covers head and face: a small net of our own on the whole head.
//!
//! Input `head` 1x3x96x96, RGB planes in 0..1. Output `cover_logits` 1x2: something on the head; a mask, a hand or an
//! object over cheeks, nose, mouth or chin. The crop lies along the line through the eyes, is 4.6 times as wide as they
//! are apart and reaches from above the hair to below the chin.

use super::crop::AlignedCrop;
use super::engine::{Net, Runtime};
use super::probability;
use super::pyramid::Pyramid;
use crate::error::Error;
use crate::evidence::Landmarks;

/// Sees hats, scarves and masks.
pub(super) struct HeadCover {
    net: Net<1>,
}

impl HeadCover {
    pub(super) fn new(runtime: &dyn Runtime) -> Result<Self, Error> {
        Ok(HeadCover { net: Net::load(runtime, &gradphoto_models::HEAD_COVER, ["cover_logits"])? })
    }

    /// Probabilities, 0 to 1, that something is worn on the head, and that something covers the face below the eyes.
    pub(super) fn covered_probabilities(&mut self, photo: &Pyramid, landmarks: &Landmarks) -> Result<[f64; 2], Error> {
        let mut planes = vec![0.0; 3 * SIDE * SIDE];
        AlignedCrop::along_eyes(landmarks, EYE_DISTANCES_WIDE, EYE_DISTANCES_DOWN, [SIDE, SIDE])
            .sample(photo, &mut planes);
        let [logits] = self.net.run(&planes)?;
        Ok([probability(logits, 0), probability(logits, 1)])
    }
}

const SIDE: usize = 96;

/// Width of the crop, in distances between the eyes.
const EYE_DISTANCES_WIDE: f64 = 4.6;

/// How far the middle of the crop lies below the point between the eyes: above it, for hair is higher than chins are low.
const EYE_DISTANCES_DOWN: f64 = -0.4;
