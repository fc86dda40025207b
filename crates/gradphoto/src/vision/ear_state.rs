//! Whether an ear wears an earring: a small net of our own on an aligned crop of each side of the head.
//!
//! Input `ear` 2x3x192x112, RGB planes in 0..1, first the subject's right side, then the left one mirrored so that both look
//! alike. Output `logits` 2x2: ear visible, which a head of the parsing net tells better, and earring. The crop follows the
//! line of the eyes and the height of the face: it reaches from the brow to the shoulder, for earrings hang lower than ears.

use super::crop::AlignedCrop;
use super::engine::{Net, Runtime};
use super::probability;
use super::pyramid::Pyramid;
use crate::error::Error;
use crate::evidence::Landmarks;
use crate::geometry::{BodySide, Point};

/// Looks at ears.
pub(super) struct EarState {
    net: Net<1>,
    /// Memory for the net's input.
    samples: Vec<f32>,
}

impl EarState {
    pub(super) fn new(runtime: &dyn Runtime) -> Result<Self, Error> {
        let samples = vec![0.0; 2 * CHANNELS * HEIGHT * WIDTH];
        Ok(EarState { net: Net::load(runtime, &gradphoto_models::EAR_STATE, ["logits"])?, samples })
    }

    /// Probabilities, 0 to 1, that there is an earring: at the subject's right ear, then at the left.
    pub(super) fn earring_probabilities(&mut self, photo: &Pyramid, landmarks: &Landmarks) -> Result<[f64; 2], Error> {
        for (side, planes) in
            [BodySide::Right, BodySide::Left].into_iter().zip(self.samples.chunks_mut(CHANNELS * HEIGHT * WIDTH))
        {
            ear_crop(landmarks, side).sample(photo, planes);
        }
        let [logits] = self.net.run(&self.samples)?;
        Ok([1, 3].map(|earring| probability(logits, earring)))
    }
}

const CHANNELS: usize = 3;
const HEIGHT: usize = 192;
const WIDTH: usize = 112;

/// Width of the crop over the height of the face.
const CROP_PER_FACE: f64 = 0.44;

/// The crop's middle lies this far outside the cheek's contour and below its upper end, in heights of the face.
const OUTWARD: f64 = 0.02;
const DOWN: f64 = 0.185;

const FOREHEAD: usize = 10;

/// Where one side of the head lies on the photo.
fn ear_crop(landmarks: &Landmarks, side: BodySide) -> AlignedCrop {
    // The outer corners.
    let ([right_eye, _], [_, left_eye]) =
        (landmarks.eye_corners(BodySide::Right), landmarks.eye_corners(BodySide::Left));
    let length = right_eye.distance(left_eye).max(1e-6);
    // One pixel along the eyes, from left to right of the picture; turned by a quarter it points down the face.
    let along = Point::new((left_eye.x - right_eye.x) / length, (left_eye.y - right_eye.y) / length);
    let (forehead, chin) = (landmarks.point(FOREHEAD), landmarks.chin());
    let face_height = ((chin.y - forehead.y) * along.x - (chin.x - forehead.x) * along.y).abs().max(1.0);
    let (contour, outward) = match side {
        BodySide::Right => (landmarks.point(234), -OUTWARD * face_height),
        BodySide::Left => (landmarks.point(454), OUTWARD * face_height),
    };
    let down = DOWN * face_height;
    let scale = CROP_PER_FACE * face_height / WIDTH as f64;
    AlignedCrop {
        centre: Point::new(
            contour.x + outward * along.x - down * along.y,
            contour.y + outward * along.y + down * along.x,
        ),
        step: Point::new(along.x * scale, along.y * scale),
        is_mirrored: side == BodySide::Left,
        width: WIDTH,
        height: HEIGHT,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::crop_geometry;

    #[test]
    fn the_crop_is_the_one_that_the_net_was_trained_on() {
        let ours = [WIDTH as f64, HEIGHT as f64, CROP_PER_FACE, OUTWARD, DOWN];
        assert_eq!(crop_geometry("ear-state", ["width", "height", "crop-per-face", "outward", "down"]), ours);
    }

    /// A face 200 px high whose contour lies at x 100 and 240.
    fn landmarks() -> Landmarks {
        let mut points = Box::new([[0.0; 3]; Landmarks::COUNT]);
        let places = [(33, 130.0, 150.0), (263, 210.0, 150.0), (10, 170.0, 80.0), (152, 170.0, 280.0)];
        for (index, x, y) in places.into_iter().chain([(234, 100.0, 150.0), (454, 240.0, 150.0)]) {
            points[index] = [x, y, 0.0];
        }
        Landmarks { points }
    }

    #[test]
    fn the_crop_lies_outside_and_below_the_contour() {
        let right = ear_crop(&landmarks(), BodySide::Right);
        assert!(right.centre.distance(Point::new(96.0, 187.0)) < 1e-9 && !right.is_mirrored);
        assert!(right.step.distance(Point::new(88.0 / 112.0, 0.0)) < 1e-9);
        let left = ear_crop(&landmarks(), BodySide::Left);
        assert!(left.centre.distance(Point::new(244.0, 187.0)) < 1e-9 && left.is_mirrored);
    }

    #[test]
    fn the_crop_turns_with_the_head() {
        let mut turned = landmarks();
        // A quarter clockwise about the origin.
        turned.points.iter_mut().for_each(|p| (p[0], p[1]) = (-p[1], p[0]));
        let crop = ear_crop(&turned, BodySide::Right);
        assert!(crop.centre.distance(Point::new(-187.0, 96.0)) < 1e-9);
        assert!(crop.step.distance(Point::new(0.0, 88.0 / 112.0)) < 1e-9);
    }
}
