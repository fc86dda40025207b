//! The only place that knows ONNX: from a photo to what was seen on it.

use std::sync::Arc;

use crate::error::Error;
use crate::evidence::{Appearance, Evidence, Subject};
use crate::parallel::beside;
use crate::photo::Photo;

mod crop;
mod ear_state;
mod engine;
mod eye_state;
mod face_detection;
mod face_mesh;
mod face_parsing;
mod feature_crop;
mod head_pose;
mod pyramid;

use ear_state::EarState;
pub(crate) use engine::Runtime;
pub use engine::{Engine, NO_REPORTS, forbid_reports};
#[cfg(test)]
pub(crate) use engine::{Failure, Session};
use eye_state::EyeState;
use face_detection::FaceDetector;
use face_mesh::FaceMesh;
use face_parsing::FaceParser;
use head_pose::head_pose;
use pyramid::Pyramid;

/// One set of loaded models, for one thread at a time.
pub struct Vision {
    detector: FaceDetector,
    mesh: FaceMesh,
    parser: FaceParser,
    eye_state: EyeState,
    ear_state: EarState,
}

impl Vision {
    pub(crate) fn new(runtime: &Arc<dyn Runtime>) -> Result<Vision, Error> {
        let nets = &**runtime;
        let load_others = || {
            let detector = FaceDetector::new(Arc::clone(runtime))?;
            let parser = FaceParser::new(nets)?;
            Ok::<_, Error>((detector, parser, EyeState::new(nets)?, EarState::new(nets)?))
        };
        // The halves of the mesh take longer to load than all others together, on tract most of a second.
        let (mesh, others) = beside(|| FaceMesh::new(nets), load_others);
        let (detector, parser, eye_state, ear_state) = others?;
        Ok(Vision { detector, mesh: mesh?, parser, eye_state, ear_state })
    }

    /// Looks at the photo with every net once; the subject is the largest face that the mesh confirms.
    pub(crate) fn see(&mut self, photo: Photo) -> Result<Evidence, Error> {
        let pyramid = Pyramid::new(photo.pixels());
        let pixels = photo.pixels();
        let detections = self.detector.detect(pixels)?;
        let mut subject = None;
        for detection in &detections {
            if let Some(landmarks) = self.mesh.locate(pixels, detection)? {
                let (parsing, attributes) = self.parser.parse(pixels, &landmarks)?;
                let pose = head_pose(&landmarks);
                let earrings = self.ear_state.earring_probabilities(&pyramid, &landmarks)?;
                let appearance = Appearance {
                    eyes_open: self.eye_state.open_probabilities(&pyramid, &landmarks)?.into(),
                    ears_visible: attributes.ears_visible.into(),
                    earrings: [0, 1].map(|side| together(earrings[side], attributes.earrings[side])).into(),
                    glasses_worn: attributes.glasses_worn,
                    head_covered: attributes.head_covered,
                    face_covered: attributes.face_covered,
                    made_up: attributes.made_up,
                    hair_untidy: attributes.hair_untidy,
                    clothing: attributes.clothing,
                };
                subject = Some(Subject::new(landmarks, pose, parsing, appearance));
                break;
            }
        }
        Ok(Evidence::new(photo, detections.iter().map(|d| d.face).collect(), subject))
    }
}

/// Between 0 and 1.
fn probability(logits: &[f32], index: usize) -> f64 {
    const LARGEST_LOGIT: f32 = 20.0;
    let logit = logits.get(index).copied().unwrap_or_default().clamp(-LARGEST_LOGIT, LARGEST_LOGIT);
    1.0 / (1.0 + f64::from(-logit).exp())
}

/// The probability whose logit is the mean of the logits of what two nets say.
fn together(a: f64, b: f64) -> f64 {
    let [yes, no] = [a * b, (1.0 - a) * (1.0 - b)].map(f64::sqrt);
    yes / (yes + no)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_nets_meet_half_way_between_their_logits() {
        let of_logit = |logit: f32| probability(&[logit], 0);
        assert!((together(of_logit(-1.0), of_logit(4.0)) - of_logit(1.5)).abs() < 1e-12);
        assert!(together(of_logit(f32::MAX), of_logit(f32::MIN)).is_finite());
    }
}
