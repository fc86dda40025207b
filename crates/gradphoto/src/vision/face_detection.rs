//! BlazeFace: where the faces are.
//!
//! Input 1x128x128x3 (short range) or 1x192x192x3 (full range), RGB in -1..1, the photo fitted in with black bars.
//! Output per anchor: 16 numbers in input pixels relative to the anchor (centre x, centre y, width, height, then x, y of
//! six key points: right eye, left eye, nose tip, mouth, right ear, left ear) and one logit. Anchors, thresholds and the
//! weighted suppression follow MediaPipe's face detection graphs.

use std::sync::Arc;

use image::RgbImage;

use super::crop::{Border, SquareCrop};
use super::engine::{Net, Runtime};
use crate::error::Error;
use crate::evidence::DetectedFace;
use crate::geometry::{Point, Region};

/// Finds faces: the short range net first; the full range net settles doubts.
pub(super) struct FaceDetector {
    short_range: Detector,
    /// Loaded at the first doubt, which one photo alone seldom gives.
    full_range: Option<Detector>,
    runtime: Arc<dyn Runtime>,
}

/// A face and the two key points that say how it is turned in the picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Detection {
    pub(super) face: DetectedFace,
    /// The subject's right eye in photo pixels.
    pub(super) right_eye: Point,
    /// The subject's left eye in photo pixels.
    pub(super) left_eye: Point,
}

impl FaceDetector {
    pub(super) fn new(runtime: Arc<dyn Runtime>) -> Result<Self, Error> {
        let short_range = Detector::load(&*runtime, &SHORT_RANGE)?;
        Ok(FaceDetector { short_range, full_range: None, runtime })
    }

    fn full_range(&mut self) -> Result<&mut Detector, Error> {
        match &mut self.full_range {
            Some(detector) => Ok(detector),
            not_loaded => Ok(not_loaded.insert(Detector::load(&*self.runtime, &FULL_RANGE)?)),
        }
    }

    /// All faces, that of which the photo shows most first.
    ///
    /// The full range net looks again where the short range one sees nobody or has a doubt: it finds the second person
    /// of a group that the other scores at 0.2 to 0.5. Where both see nobody, the face may be cut so tightly that it
    /// leaves no room around it, and black frames give it that room. A face that stands on its head scores lower than it
    /// would upright: of a face that is less than sure the turned photo is asked too.
    pub(super) fn detect(&mut self, photo: &RgbImage) -> Result<Vec<Detection>, Error> {
        let seen = self.short_range.candidates(photo, UPRIGHT, 1.0, DOUBTFUL_SCORE)?;
        let (sure, doubtful): (Vec<_>, Vec<_>) = seen.into_iter().partition(|d| d.face.score >= MIN_SCORE);
        let mut found = suppress(sure);
        if found.is_empty() || doubtful.iter().any(|other| is_new(other, &found)) {
            for other in suppress(self.full_range()?.candidates(photo, UPRIGHT, 1.0, MIN_SCORE_FULL_RANGE)?) {
                if is_new(&other, &found) {
                    found.push(other);
                }
            }
        }
        if found.is_empty() {
            found = suppress(self.short_range.candidates(photo, UPRIGHT, FRAMED, MIN_SCORE)?);
        }
        if found.is_empty() {
            found = suppress(self.full_range()?.candidates(photo, UPRIGHT, WIDELY_FRAMED, MIN_SCORE_FULL_RANGE)?);
        }
        let best = found.iter().map(|detection| detection.face.score).fold(MIN_SCORE, f64::max);
        if best < SURE_SCORE {
            let turned = suppress(self.short_range.candidates(photo, UPSIDE_DOWN, 1.0, MIN_SCORE)?);
            if turned.first().is_some_and(|detection| log_odds(detection.face.score) > log_odds(best) + TURNED_BETTER) {
                found = turned;
            }
        }
        let (width, height) = (f64::from(photo.width()), f64::from(photo.height()));
        let photo = Region { x: 0.0, y: 0.0, width, height };
        let shown = |detection: &Detection| detection.face.bounds.shared_area(photo);
        found.sort_by(|a, b| shown(b).total_cmp(&shown(a)));
        Ok(found)
    }
}

/// Smallest probability that counts as a face for the short range net, as in MediaPipe.
const MIN_SCORE: f64 = 0.5;
/// The same for the full range net. On the development photos a person alone gives it no second face above 0.01, a
/// second person one of 0.45 and more.
const MIN_SCORE_FULL_RANGE: f64 = 0.4;
/// From here on the short range net may have seen a face. One person alone gives a second box of 0.1 in 2 % of photos.
const DOUBTFUL_SCORE: f64 = 0.1;
/// A face below this may stand on its head: of the development photos turned upside down all score less, upright one in five.
const SURE_SCORE: f64 = 0.85;
/// By so much more, in log odds, the turned face scores: nine in ten of those that stand on their heads do, none that is upright.
const TURNED_BETTER: f64 = 0.9;
/// Turns of the picture, in radians.
const UPRIGHT: f64 = 0.0;
const UPSIDE_DOWN: f64 = std::f64::consts::PI;
/// Width of the picture with a black frame, over the width without.
const FRAMED: f64 = 1.5;
const WIDELY_FRAMED: f64 = 2.5;

/// What tells the two nets apart.
struct Design {
    model: &'static gradphoto_models::Net,
    /// Names of the output tensors: boxes, logits.
    outputs: [&'static str; 2],
    /// Width and height of the input in pixels.
    side: usize,
    /// Pixels per grid cell and anchors per cell, grid after grid.
    grids: &'static [(usize, usize)],
}

static SHORT_RANGE: Design = Design {
    model: &gradphoto_models::FACE_DETECTION_SHORT_RANGE,
    outputs: ["regressors", "classificators"],
    side: 128,
    grids: &[(8, 2), (16, 6)],
};

static FULL_RANGE: Design = Design {
    model: &gradphoto_models::FACE_DETECTION_FULL_RANGE_SPARSE,
    outputs: ["Identity", "Identity_1"],
    side: 192,
    grids: &[(4, 1)],
};

/// Boxes that overlap more than this (intersection over union) are the same face.
const SAME_FACE_OVERLAP: f64 = 0.3;

/// Numbers per anchor.
const BOX_VALUES: usize = 16;

struct Detector {
    net: Net<2>,
    design: &'static Design,
    anchors: Vec<Point>,
    /// Memory for the net's input.
    samples: Vec<f32>,
}

impl Detector {
    fn load(runtime: &dyn Runtime, design: &'static Design) -> Result<Self, Error> {
        let net = Net::load(runtime, design.model, design.outputs)?;
        let samples = vec![0.0; 3 * design.side * design.side];
        Ok(Detector { net, design, anchors: anchors(design.side, design.grids), samples })
    }

    /// Boxes of at least `min_score`, many to a face, on the photo in a square `reach` times as wide as its longer side, turned
    /// by `angle`.
    fn candidates(
        &mut self,
        photo: &RgbImage,
        angle: f64,
        reach: f64,
        min_score: f64,
    ) -> Result<Vec<Detection>, Error> {
        let (width, height) = (f64::from(photo.width()), f64::from(photo.height()));
        let side = self.design.side;
        let crop = SquareCrop::new(Point::new(width / 2.0, height / 2.0), reach * width.max(height), angle, side);
        crop.sample(photo, Border::Black, [-1.0, 1.0], &mut self.samples);
        let [boxes, logits] = self.net.run(&self.samples)?;
        Ok(decode(boxes, logits, &self.anchors, min_score as f32, &crop))
    }
}

/// Centres of all anchors in input pixels, in the order of the net's outputs.
fn anchors(side: usize, grids: &[(usize, usize)]) -> Vec<Point> {
    let grid = |&(stride, per_cell): &(usize, usize)| {
        let cells = side / stride;
        let centre = move |cell: usize| (cell as f64 + 0.5) * stride as f64;
        (0..cells * cells)
            .flat_map(move |cell| std::iter::repeat_n(Point::new(centre(cell % cells), centre(cell / cells)), per_cell))
    };
    grids.iter().flat_map(grid).collect()
}

fn decode(boxes: &[f32], logits: &[f32], anchors: &[Point], min_score: f32, crop: &SquareCrop) -> Vec<Detection> {
    let min_logit = (min_score / (1.0 - min_score)).ln();
    let candidates = boxes.chunks_exact(BOX_VALUES).zip(logits).zip(anchors);
    let certain = candidates.filter(|((_, logit), _)| **logit >= min_logit);
    let decoded = certain.map(|((values, &logit), anchor)| {
        let point = |index: usize| {
            let [x, y] = [values[index], values[index + 1]].map(f64::from);
            crop.photo_from_crop(anchor.x + x, anchor.y + y)
        };
        let centre = point(0);
        let [width, height] = [values[2], values[3]].map(|length| f64::from(length) * crop.scale());
        let bounds = Region { x: centre.x - width / 2.0, y: centre.y - height / 2.0, width, height };
        let score = 1.0 / (1.0 + f64::from(-logit).exp());
        Detection { face: DetectedFace { bounds, score }, right_eye: point(4), left_eye: point(6) }
    });
    decoded.collect()
}

/// Weighted non-maximum suppression: each group of overlapping boxes becomes their mean weighted by score, with the
/// score of the best; the best group first.
fn suppress(mut candidates: Vec<Detection>) -> Vec<Detection> {
    candidates.sort_by(|a, b| b.face.score.total_cmp(&a.face.score));
    let mut faces = Vec::new();
    while let Some(best) = candidates.first().copied() {
        let same_face = |other: &Detection| overlap(best.face.bounds, other.face.bounds) > SAME_FACE_OVERLAP;
        let (group, others): (Vec<_>, Vec<_>) = candidates.into_iter().partition(same_face);
        // A box without area does not even overlap itself.
        faces.push(if group.is_empty() { best } else { weighted_mean(&group) });
        candidates = if group.is_empty() { others.into_iter().skip(1).collect() } else { others };
    }
    faces
}

/// Whether `candidate` is none of the faces known so far.
fn is_new(candidate: &Detection, known: &[Detection]) -> bool {
    known.iter().all(|face| overlap(face.face.bounds, candidate.face.bounds) <= SAME_FACE_OVERLAP)
}

/// `group` is not empty and its best is first.
fn weighted_mean(group: &[Detection]) -> Detection {
    let total: f64 = group.iter().map(|d| d.face.score).sum();
    let mean = |value: fn(&Detection) -> f64| group.iter().map(|d| value(d) * d.face.score).sum::<f64>() / total;
    let bounds = Region {
        x: mean(|d| d.face.bounds.x),
        y: mean(|d| d.face.bounds.y),
        width: mean(|d| d.face.bounds.width),
        height: mean(|d| d.face.bounds.height),
    };
    Detection {
        face: DetectedFace { bounds, score: group[0].face.score },
        right_eye: Point::new(mean(|d| d.right_eye.x), mean(|d| d.right_eye.y)),
        left_eye: Point::new(mean(|d| d.left_eye.x), mean(|d| d.left_eye.y)),
    }
}

fn log_odds(probability: f64) -> f64 {
    (probability / (1.0 - probability)).ln()
}

/// Intersection over union; 0 where there is no area.
fn overlap(a: Region, b: Region) -> f64 {
    let shared = a.shared_area(b);
    if shared > 0.0 { shared / (a.area() + b.area() - shared) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detection(x: f64, score: f64) -> Detection {
        let bounds = Region { x, y: 0.0, width: 100.0, height: 100.0 };
        let [right_eye, left_eye] = [30.0, 70.0].map(|eye| Point::new(x + eye, 40.0));
        Detection { face: DetectedFace { bounds, score }, right_eye, left_eye }
    }

    #[test]
    fn there_is_an_anchor_for_every_output() {
        let short_range = anchors(SHORT_RANGE.side, SHORT_RANGE.grids);
        assert_eq!(short_range.len(), 896);
        assert_eq!(
            (short_range[0], short_range[1], short_range[2]),
            (Point::new(4.0, 4.0), Point::new(4.0, 4.0), Point::new(12.0, 4.0))
        );
        assert_eq!(short_range[895], Point::new(120.0, 120.0));
        assert_eq!(anchors(FULL_RANGE.side, FULL_RANGE.grids).len(), 2304);
    }

    #[test]
    fn boxes_are_relative_to_their_anchor_and_scaled_to_the_photo() {
        let crop = SquareCrop::new(Point::new(240.0, 320.0), 640.0, 0.0, 128);
        let mut boxes = [0.0; 2 * BOX_VALUES];
        boxes[BOX_VALUES..][..8].copy_from_slice(&[4.0, -4.0, 20.0, 40.0, -6.0, -8.0, 6.0, -8.0]);
        let anchors = [Point::new(4.0, 4.0), Point::new(60.0, 68.0)];
        let found = decode(&boxes, &[-0.1, 2.0], &anchors, 0.5, &crop);
        assert_eq!(found.len(), 1, "a logit below 0 is a probability below one half");
        assert_eq!(found[0].face.bounds, Region { x: 190.0, y: 220.0, width: 100.0, height: 200.0 });
        assert_eq!((found[0].right_eye, found[0].left_eye), (Point::new(190.0, 300.0), Point::new(250.0, 300.0)));
        assert!((found[0].face.score - 0.880797).abs() < 1e-6);
    }

    #[test]
    fn overlapping_boxes_become_their_weighted_mean() {
        let faces = suppress(vec![detection(8.0, 0.6), detection(300.0, 0.7), detection(0.0, 0.9)]);
        assert_eq!(faces.len(), 2);
        assert_eq!(faces[0].face.score, 0.9);
        assert!((faces[0].face.bounds.x - 3.2).abs() < 1e-9);
        assert!((faces[0].right_eye.x - 33.2).abs() < 1e-9);
        assert!((faces[1].face.bounds.x - 300.0).abs() < 1e-9);
    }

    #[test]
    fn a_box_without_area_neither_hangs_nor_hides_others() {
        let mut flat = detection(0.0, 0.9);
        flat.face.bounds.height = 0.0;
        assert_eq!(suppress(vec![flat, detection(0.0, 0.8)]).len(), 2);
    }

    #[test]
    fn overlap_is_intersection_over_union() {
        let (a, b) = (detection(0.0, 1.0).face.bounds, detection(50.0, 1.0).face.bounds);
        assert!((overlap(a, b) - 1.0 / 3.0).abs() < 1e-12);
        assert_eq!(overlap(a, detection(100.0, 1.0).face.bounds), 0.0);
    }
}
