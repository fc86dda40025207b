//! Whether an eye is open: a small net of our own on an aligned crop of each eye, and the gap between the lids of the mesh. They err on
//! different eyes: the net on dark and blurred ones, the mesh on narrow ones (docs/calibration.md).
//!
//! Input `eye` 2x3x32x48, RGB planes in 0..1, first the subject's right eye, then the left one mirrored so that both look
//! alike. Output `open_logit` 2x1. The crop lies along the line through the corners of the eye and is 1.6 times as wide
//! as they are apart.

use super::crop::AlignedCrop;
use super::engine::{Net, Runtime};
use super::probability;
use super::pyramid::Pyramid;
use crate::error::Error;
use crate::evidence::Landmarks;
use crate::geometry::{BodySide, Point};

/// Tells open from closed eyes.
pub(super) struct EyeState {
    net: Net<1>,
    /// Memory for the net's input.
    samples: Vec<f32>,
}

impl EyeState {
    pub(super) fn new(runtime: &dyn Runtime) -> Result<Self, Error> {
        let samples = vec![0.0; 2 * CHANNELS * HEIGHT * WIDTH];
        Ok(EyeState { net: Net::load(runtime, &gradphoto_models::EYE_STATE, ["open_logit"])?, samples })
    }

    /// Probability, 0 to 1, that each eye is open: the subject's right, then the left.
    pub(super) fn open_probabilities(&mut self, photo: &Pyramid, landmarks: &Landmarks) -> Result<[f64; 2], Error> {
        const SIDES: [BodySide; 2] = [BodySide::Right, BodySide::Left];
        for (side, planes) in SIDES.into_iter().zip(self.samples.chunks_mut(CHANNELS * HEIGHT * WIDTH)) {
            eye_crop(landmarks, side).sample(photo, planes);
        }
        let [logits] = self.net.run(&self.samples)?;
        let mut sums = SIDES.map(|side| lids_logit(landmarks.lid_gap(side)));
        sums.iter_mut().zip(logits).for_each(|(sum, logit)| *sum += logit);
        Ok([probability(&sums, 0), probability(&sums, 1)])
    }
}

const CHANNELS: usize = 3;
const HEIGHT: usize = 32;
const WIDTH: usize = 48;

/// Width of the crop over the distance of the eye's corners.
const CROP_PER_EYE: f64 = 1.6;

const LOGIT_PER_LID_GAP: f64 = 40.0;
const UNDECIDED_LID_GAP: f64 = 0.14;
const WIDEST_LID_GAP: f64 = 0.3;

/// What the gap between the lids of the mesh, in widths of the eye, says for an eye that is open.
fn lids_logit(gap: f64) -> f32 {
    (LOGIT_PER_LID_GAP * (gap.min(WIDEST_LID_GAP) - UNDECIDED_LID_GAP)) as f32
}

/// Where one eye lies on the photo.
fn eye_crop(landmarks: &Landmarks, side: BodySide) -> AlignedCrop {
    let [left, right] = landmarks.eye_corners(side);
    let scale = CROP_PER_EYE / WIDTH as f64;
    AlignedCrop {
        centre: left.midpoint(right),
        step: Point::new((right.x - left.x) * scale, (right.y - left.y) * scale),
        is_mirrored: side == BodySide::Left,
        width: WIDTH,
        height: HEIGHT,
    }
}

#[cfg(test)]
mod tests {
    use image::RgbImage;

    use super::*;
    use crate::evidence::EYES;
    use crate::testing::crop_geometry;

    #[test]
    fn the_crop_is_the_one_that_the_net_was_trained_on() {
        let ours = [WIDTH as f64, HEIGHT as f64, CROP_PER_EYE];
        assert_eq!(crop_geometry("eye-state", ["width", "height", "crop-per-eye"]), ours);
    }

    #[test]
    fn lids_count_as_they_do_where_the_net_is_measured() {
        let ours = [LOGIT_PER_LID_GAP, UNDECIDED_LID_GAP, WIDEST_LID_GAP];
        let keys = ["logit-per-lid-gap", "undecided-lid-gap", "widest-lid-gap"];
        assert_eq!(crop_geometry("eye-state", keys), ours);
    }

    /// A photo whose red is the column and whose green is the row.
    fn coordinates() -> RgbImage {
        RgbImage::from_fn(200, 100, |x, y| image::Rgb([x as u8, y as u8, 0]))
    }

    fn landmarks(left: [f64; 2], right: [f64; 2]) -> Landmarks {
        let mut points = Box::new([[0.0; 3]; Landmarks::COUNT]);
        for (index, [x, y]) in [(33, left), (133, right), (362, left), (263, right)] {
            points[index] = [x, y, 0.0];
        }
        Landmarks { points }
    }

    fn sampled(side: BodySide, left: [f64; 2], right: [f64; 2]) -> Vec<f32> {
        let mut planes = vec![0.0; CHANNELS * HEIGHT * WIDTH];
        eye_crop(&landmarks(left, right), side).sample(&Pyramid::new(&coordinates()), &mut planes);
        planes.into_iter().map(|value| value * 255.0).collect()
    }

    #[test]
    fn a_level_eye_of_30_px_is_sampled_pixel_by_pixel() {
        let planes = sampled(BodySide::Right, [85.0, 50.0], [115.0, 50.0]);
        assert!((planes[0] - 76.0).abs() < 1e-3 && (planes[WIDTH - 1] - 123.0).abs() < 1e-3, "{:?}", &planes[..WIDTH]);
        let green = &planes[HEIGHT * WIDTH..];
        assert!((green[0] - 34.0).abs() < 1e-3 && (green[(HEIGHT - 1) * WIDTH] - 65.0).abs() < 1e-3);
    }

    #[test]
    fn lids_apart_speak_for_an_open_eye_and_lids_together_against_it() {
        let with_gap = |gap_px: f64| {
            let corners = [[60.0, 50.0], [100.0, 50.0]];
            let mut landmarks = landmarks(corners[0], corners[1]);
            for (i, index) in EYES.right.into_iter().enumerate().filter(|(i, _)| i % 8 != 0) {
                landmarks.points[index] = [80.0, if i < 8 { 50.0 - gap_px / 2.0 } else { 50.0 + gap_px / 2.0 }, 0.0];
            }
            lids_logit(landmarks.lid_gap(BodySide::Right))
        };
        assert!((with_gap(8.0) - 2.4).abs() < 1e-6 && (with_gap(2.0) + 3.6).abs() < 1e-6);
        assert_eq!(with_gap(20.0), with_gap(30.0), "eyes torn open say no more");
    }

    #[test]
    fn the_left_eye_is_mirrored_and_a_large_one_averaged() {
        let planes = sampled(BodySide::Left, [85.0, 50.0], [115.0, 50.0]);
        assert!((planes[0] - 123.0).abs() < 1e-3);
        let large = sampled(BodySide::Right, [55.0, 50.0], [145.0, 50.0]);
        // 101, and half a level more, for a halved photo has whole levels.
        assert!((large[WIDTH / 2] - 101.5).abs() < 0.1, "{}", large[WIDTH / 2]);
    }
}
