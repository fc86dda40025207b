//! Direction of the head by a weighted least-squares fit of a canonical face to the mesh.

use nalgebra::{Matrix3, Vector3};

use crate::evidence::{HeadPose, Landmarks};

/// The rotation that best carries the canonical face onto the mesh, free of scale and place (Kabsch, Acta Cryst. A32,
/// 922, 1976), as angles about the head's own axes.
pub(super) fn head_pose(landmarks: &Landmarks) -> HeadPose {
    let pose = angles(&rotation(&correspondences(landmarks)));
    HeadPose { pitch_deg: pose.pitch_deg - PITCH_AT_REST_DEG, ..pose }
}

/// Pitch that the fit finds for people who look straight ahead.
const PITCH_AT_REST_DEG: f64 = 0.0;

/// Points that a face's expression hardly moves: mesh index of the point on the subject's right, of its mirror image,
/// position of the former in centimetres (x to the subject's left, y up, z to the front), weight.
///
/// Figures of MediaPipe's canonical face model and its Procrustes basis, The MediaPipe Authors, Apache-2.0
/// (`geometry_pipeline_metadata_landmarks.pbtxt`). Points on the midline are their own mirror image.
#[rustfmt::skip]
const CANONICAL_FACE: [(usize, usize, [f64; 3], f64); 18] = [
    (  4,   4, [ 0.000000, -0.463170,  7.586580], 0.070910),
    (  6,   6, [ 0.000000,  2.473255,  5.788627], 0.032100),
    ( 10,  10, [ 0.000000,  8.261778,  4.481535], 0.008447),
    ( 33, 263, [-4.445859,  2.663991,  3.173422], 0.058724),
    ( 54, 284, [-6.279331,  6.615427,  1.425850], 0.007667),
    ( 67, 297, [-3.523964,  8.005976,  3.729163], 0.009078),
    (117, 346, [-5.258659,  0.945811,  2.974312], 0.009792),
    (119, 348, [-3.300681,  0.861641,  3.872784], 0.014565),
    (121, 350, [-1.820731,  1.467954,  4.224124], 0.018591),
    (127, 356, [-7.743095,  2.364999, -2.005167], 0.005198),
    (129, 358, [-1.785794, -0.978284,  4.850470], 0.120625),
    (132, 361, [-7.270895, -2.890917, -2.252455], 0.005560),
    (133, 362, [-1.856432,  2.585245,  3.757904], 0.053286),
    (136, 365, [-5.085276, -7.178590,  0.714711], 0.066890),
    (143, 372, [-6.407571,  2.236021,  1.560843], 0.014817),
    (147, 376, [-6.234883, -1.944430,  1.663542], 0.014263),
    (198, 420, [-1.246815,  0.230297,  5.681036], 0.025462),
    (205, 425, [-3.832928, -1.537326,  4.137731], 0.047252),
];

/// A canonical point, where the mesh has it, and its weight, both with y up and z to the front.
type Correspondence = (Vector3<f64>, Vector3<f64>, f64);

fn correspondences(landmarks: &Landmarks) -> Vec<Correspondence> {
    let seen = |index: usize| {
        let [x, y, z] = landmarks.points[index];
        Vector3::new(x, -y, -z)
    };
    let both_sides = CANONICAL_FACE.iter().flat_map(|&(right, left, [x, y, z], weight)| {
        let right_side = (Vector3::new(x, y, z), seen(right), weight);
        let left_side = (left != right).then(|| (Vector3::new(-x, y, z), seen(left), weight));
        std::iter::once(right_side).chain(left_side)
    });
    both_sides.collect()
}

fn rotation(correspondences: &[Correspondence]) -> Matrix3<f64> {
    let total: f64 = correspondences.iter().map(|(_, _, weight)| weight).sum();
    let mean = |point: fn(&Correspondence) -> Vector3<f64>| {
        correspondences.iter().map(|c| point(c) * c.2).sum::<Vector3<f64>>() / total
    };
    let (canonical_mean, seen_mean) = (mean(|c| c.0), mean(|c| c.1));
    let covariance: Matrix3<f64> = correspondences
        .iter()
        .map(|(canonical, seen, weight)| (seen - seen_mean) * (canonical - canonical_mean).transpose() * *weight)
        .sum();
    let svd = covariance.svd_unordered(true, true);
    // Both factors are there because both were asked for.
    let (u, v_t) = (svd.u.unwrap_or_default(), svd.v_t.unwrap_or_default());
    let handedness = (u * v_t).determinant().signum();
    let least = svd.singular_values.imin();
    let mut signs = Vector3::repeat(1.0);
    signs[least] = handedness;
    u * Matrix3::from_diagonal(&signs) * v_t
}

/// Yaw, then pitch, then roll: the turn of the neck, the nod, the tilt.
fn angles(rotation: &Matrix3<f64>) -> HeadPose {
    let front = rotation.column(2);
    HeadPose {
        yaw_deg: front[0].atan2(front[2]).to_degrees(),
        pitch_deg: front[1].clamp(-1.0, 1.0).asin().to_degrees(),
        roll_deg: -rotation[(1, 0)].atan2(rotation[(1, 1)]).to_degrees(),
    }
}
