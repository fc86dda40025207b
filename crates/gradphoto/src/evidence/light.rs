//! How the light falls off across the face, apart from what the form of the face does to it.

use nalgebra::{Matrix5, Vector3, Vector5};

use super::colour_grid::ColourGrid;
use super::landmarks::Landmarks;

/// Mesh points on forehead, cheeks, nose and chin: the subject's right, then the middle of the face.
const RIGHT: [usize; 22] =
    [103, 67, 105, 66, 116, 119, 50, 205, 187, 36, 213, 202, 169, 203, 126, 198, 10, 9, 6, 4, 200, 152];
/// The same on the subject's left.
const LEFT: [usize; 22] =
    [332, 297, 334, 296, 345, 348, 280, 425, 411, 266, 433, 422, 394, 423, 355, 420, 10, 9, 6, 4, 200, 152];
/// Patches of skin between three of these points each, free of eyes, brows and lips.
const PATCHES: [[usize; 3]; 27] = [
    [12, 20, 21],
    [20, 12, 11],
    [17, 3, 16],
    [3, 1, 16],
    [0, 2, 4],
    [2, 1, 3],
    [1, 2, 0],
    [7, 13, 11],
    [20, 13, 19],
    [12, 10, 11],
    [17, 18, 3],
    [8, 7, 11],
    [10, 8, 11],
    [8, 10, 4],
    [15, 18, 19],
    [15, 14, 18],
    [13, 15, 19],
    [14, 15, 13],
    [9, 13, 7],
    [9, 14, 13],
    [9, 5, 14],
    [14, 5, 18],
    [6, 9, 7],
    [6, 5, 9],
    [5, 6, 4],
    [6, 8, 4],
    [8, 6, 7],
];
/// Fewer cells of skin say nothing of a patch.
const MIN_CELLS: usize = 4;
/// Fewer patches do not tell form from fall.
const MIN_PATCHES: usize = 12;
/// How often the fit is made anew, with less weight for patches that it misses by more than [`ODD_STOPS`]: beards, gloss.
const ROUNDS: usize = 5;
/// See [`ROUNDS`].
const ODD_STOPS: f64 = 0.4;

/// How much light a piece of skin gives back.
struct Patch {
    /// Binary logarithm of its luminance.
    stops: f64,
    /// Where it faces: right in the picture, down, and away from the camera.
    facing: Vector3<f64>,
    /// Where it lies, in face widths to the right.
    place: f64,
}

/// Stops that the light falls off over one face width, positive where the subject's left is brighter; `None` where too
/// little skin is in sight. A lamp from the side models a face: what looks towards it is bright, on either half. That part,
/// linear in where the skin faces, is taken out; what is left is one half in the dark.
pub(super) fn fall_of_light(colours: &ColourGrid, landmarks: &Landmarks) -> Option<f64> {
    let corners = PATCHES.iter().flat_map(|patch| [patch.map(|i| RIGHT[i]), patch.map(|i| LEFT[i])]);
    fall(&corners.filter_map(|corners| patch(colours, landmarks, corners)).collect::<Vec<_>>())
}

fn patch(colours: &ColourGrid, landmarks: &Landmarks, corners: [usize; 3]) -> Option<Patch> {
    let light = colours.light_of_skin(&colours.cells_within(landmarks, &corners), MIN_CELLS)?;
    let [a, b, c] = corners.map(|i| Vector3::from(landmarks.points[i]));
    let facing = (b - a).cross(&(c - a)).try_normalize(1e-9)?;
    Some(Patch {
        stops: light.max(1e-4).log2(),
        facing: if facing.z > 0.0 { -facing } else { facing },
        place: (a + b + c).x / 3.0 / landmarks.face_width_px(),
    })
}

/// Least squares of light over facing and place; the slope over place.
fn fall(patches: &[Patch]) -> Option<f64> {
    let terms = patches.iter().map(|p| Vector5::new(1.0, p.facing.x, p.facing.y, p.facing.z, p.place));
    let terms = terms.collect::<Vec<_>>();
    let mut weights = vec![1.0; patches.len()];
    let mut fitted = Vector5::zeros();
    for _ in 0..ROUNDS {
        // so little that it only keeps a flat face solvable
        let (mut normal, mut moments) = (Matrix5::identity() * 1e-6, Vector5::zeros());
        for ((terms, patch), weight) in terms.iter().zip(patches).zip(&weights) {
            normal += terms * terms.transpose() * *weight;
            moments += terms * patch.stops * *weight;
        }
        fitted = normal.try_inverse()? * moments;
        let missed_by = |(terms, patch): (&Vector5<f64>, &Patch)| patch.stops - fitted.dot(terms);
        weights = terms.iter().zip(patches).map(missed_by).map(|by| 1.0 / (1.0 + (by / ODD_STOPS).powi(2))).collect();
    }
    (patches.len() >= MIN_PATCHES).then_some(fitted[4])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An egg of 7 by 7 patches whose light depends on where they face and lie.
    fn lit(light: impl Fn(Vector3<f64>, f64) -> f64) -> Option<f64> {
        let steps = || (-3..=3).map(|step| f64::from(step) / 7.0);
        let patches = steps().flat_map(|x| steps().map(move |y| (x, y))).map(|(x, y)| {
            let facing = Vector3::new(2.0 * x, 1.5 * y, -(1.0 - x * x - y * y)).normalize();
            Patch { stops: light(facing, x), facing, place: x }
        });
        fall(&patches.collect::<Vec<_>>())
    }

    #[test]
    fn a_lamp_that_models_the_face_is_no_fall() {
        assert!(lit(|facing, _| 1.5 * facing.x - facing.z).expect("enough skin").abs() < 0.01);
    }

    #[test]
    fn what_falls_off_across_the_face_is_told_in_stops() {
        let fall = lit(|facing, place| 0.5 * facing.x - facing.z + 2.0 * place).expect("enough skin");
        assert!((fall - 2.0).abs() < 0.01, "{fall}");
    }

    #[test]
    fn a_shadow_in_one_corner_weighs_little() {
        let fall = lit(|facing, place| if facing.x > 0.3 && facing.y > 0.4 { -3.0 } else { 2.0 * place })
            .expect("enough skin");
        assert!((fall - 2.0).abs() < 0.3, "{fall}");
    }

    #[test]
    fn few_patches_tell_nothing() {
        assert_eq!(fall(&[]), None);
    }
}
