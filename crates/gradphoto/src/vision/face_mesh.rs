//! MediaPipe's attention mesh: 478 points of a face.
//!
//! `face_mesh`: input 1x192x192x3, RGB in 0..1, the face upright and filling two thirds of the crop; output in crop pixels,
//! 468 points x, y, z of the whole face, a logit that there is a face at all, and features 1x32x48x48. Pieces of the features
//! around lips and eyes go into `face_mesh_refinement`, whose output are better x, y for lips (80), the region of each eye (71)
//! and each iris (5), in pixels of the piece. Which output point refines which mesh point follows MediaPipe's
//! `tensors_to_face_landmarks_with_attention` graph.

use image::RgbImage;

use super::crop::{Border, SquareCrop};
use super::engine::{Net, Runtime};
use super::face_detection::Detection;
use super::feature_crop::{FeatureCrop, LEFT_EYE, LIPS, RIGHT_EYE};
use crate::error::Error;
use crate::evidence::Landmarks;
use crate::parallel::beside;
use crate::text::{Text, text};

/// Finds the points of one face.
pub(super) struct FaceMesh {
    net: Net<3>,
    refinement: Net<5>,
    /// Memory for the net's input.
    samples: Vec<f32>,
}

impl FaceMesh {
    pub(super) fn new(runtime: &dyn Runtime) -> Result<Self, Error> {
        let load_refinement = || Net::load(runtime, &gradphoto_models::FACE_MESH_REFINEMENT, REFINED);
        let load_net = || Net::load(runtime, &gradphoto_models::FACE_MESH, OUTPUTS);
        let (refinement, net) = beside(load_refinement, load_net);
        Ok(FaceMesh { net: net?, refinement: refinement?, samples: vec![0.0; 3 * SIDE * SIDE] })
    }

    /// The points in photo pixels; `None` where the mesh sees no face after all.
    pub(super) fn locate(&mut self, photo: &RgbImage, detection: &Detection) -> Result<Option<Landmarks>, Error> {
        let crop = face_crop(detection);
        crop.sample(photo, Border::Replicate, [0.0, 1.0], &mut self.samples);
        let [face_logit, mesh, features] = self.net.run(&self.samples)?;
        if face_logit.first().is_none_or(|&logit| logit < LEAST_FACE_LOGIT) {
            return Ok(None);
        }
        let mut points = mesh.as_chunks().0.to_vec();
        let pieces =
            [FeatureCrop::of_lips(&points), FeatureCrop::of_right_eye(&points), FeatureCrop::of_left_eye(&points)];
        let crops = pieces.iter().flat_map(|piece| piece.sample(features)).collect::<Vec<_>>();
        let [lips, right_eye, left_eye, right_iris, left_iris] = self.refinement.run(&crops)?;
        let refined = |piece: &FeatureCrop, values: &[f32]| {
            values.as_chunks().0.iter().map(|&point| piece.input_from_crop(point)).collect::<Vec<_>>()
        };
        let [around_lips, around_right_eye, around_left_eye] = &pieces;
        refine(&mut points, &refined(around_lips, lips), &LIPS);
        refine(&mut points, &refined(around_right_eye, right_eye), &RIGHT_EYE);
        refine(&mut points, &refined(around_left_eye, left_eye), &LEFT_EYE);
        append_iris(&mut points, &refined(around_right_eye, right_iris), &RIGHT_EYE[..EYELID_POINTS]);
        append_iris(&mut points, &refined(around_left_eye, left_iris), &LEFT_EYE[..EYELID_POINTS]);
        let points = points.into_iter().map(|point| on_photo(&crop, point)).collect::<Box<[_]>>();
        let too_few = |points: Box<[_]>| Error::model(MESH, format!("{} points", points.len()));
        Ok(Some(Landmarks { points: points.try_into().map_err(too_few)? }))
    }
}

/// Names of the outputs: logit, mesh points, features.
const OUTPUTS: [&str; 3] = ["conv_faceflag", "output_mesh_identity", "features"];
/// Names of the refinement's outputs, left and right as the net has them: the subject's right is its left.
const REFINED: [&str; 5] = ["lips", "left_eye", "right_eye", "left_iris", "right_iris"];

const MESH: Text = text("人脸网格模型的输出不完整", "the output of the face mesh model is incomplete");

/// What the mesh takes for no face at all lies below: a probability of 12 %, for behind masks it doubts.
const LEAST_FACE_LOGIT: f32 = -2.0;

/// Width and height of the input in pixels.
const SIDE: usize = 192;

/// The net's crop is this many times as long as the longer side of the detected box.
const CROP_PER_BOX: f64 = 1.5;

/// The square around a detected face, turned so that the eyes are level.
fn face_crop(detection: &Detection) -> SquareCrop {
    let bounds = detection.face.bounds;
    let (right, left) = (detection.right_eye, detection.left_eye);
    let angle = (left.y - right.y).atan2(left.x - right.x);
    SquareCrop::new(bounds.centre(), CROP_PER_BOX * bounds.width.max(bounds.height), angle, SIDE)
}

fn on_photo(crop: &SquareCrop, [x, y, z]: [f32; 3]) -> [f64; 3] {
    let point = crop.photo_from_crop(f64::from(x), f64::from(y));
    [point.x, point.y, f64::from(z) * crop.scale()]
}

/// Replaces x and y of the mesh points `indices`; z stays.
fn refine(points: &mut [[f32; 3]], refined: &[[f32; 2]], indices: &[usize]) {
    for (&index, [x, y]) in indices.iter().zip(refined) {
        points[index][..2].copy_from_slice(&[*x, *y]);
    }
}

/// Adds the points of an iris, as deep as its lids on average.
fn append_iris(points: &mut Vec<[f32; 3]>, iris: &[[f32; 2]], lids: &[usize]) {
    let depth = lids.iter().map(|&index| points[index][2]).sum::<f32>() / lids.len() as f32;
    points.extend(iris.iter().map(|[x, y]| [*x, *y, depth]));
}

/// The first so many points of an eye lie on the edges of its lids.
const EYELID_POINTS: usize = 16;
