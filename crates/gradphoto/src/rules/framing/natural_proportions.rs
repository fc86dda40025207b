use crate::rules::prelude::*;

rule! {
    /// Whether the picture was scaled by the same factor across and down.
    ///
    /// ## What is measured
    /// How wide the face is for its height, over what faces have in the mean: 1.1 looks like a picture that was pulled 10 % wider. Two things tell it: the distance of the temples over the size of the contour of the face, and the width of the irises over their height, for irises are round in everybody.
    ///
    /// ## Limit and source
    /// No visible distortion (明显畸变, clause 一.3), no figure. Outside 0.87 to 1.15 a person is asked; outside 0.82 to 1.22 it is plain, but nothing fails: faces differ. Fitted to 2338 portraits of 25 sources, as they are and scaled 10 to 25 % more one way than the other, and tried on sources that were left out: as they are they spread by 4.7 %. Of good portraits one in a hundred is asked about, of those squeezed or pulled by 20 % nine in ten, by 12 % two in ten. Not assessed where the head is turned or tilted far, or the face is small.
    ///
    /// ## What to do
    /// Crop the photo to 3:4; do not squeeze it into that shape.
    NATURAL_PROPORTIONS {
        id: "natural-proportions",
        name: text("比例自然", "Natural proportions"),
        quantity: text("脸部宽高比（与常人之比）", "Width of the face for its height"),
        clause: "一.3",
        unit: Unit::Factor,
        requirement: Requirement::Between {
            limit: (0.82, 1.22),
            review: (0.87, 1.15),
            below: Fault {
                name: text("人像偏窄", "Face narrowed"),
                reason: text("人像{degree}偏窄，疑似被压窄或拉长，请按原比例裁剪成3:4，不要变形缩放。", "The face is {degree} too narrow for its height, as if the photo had been squeezed. Crop it to 3:4 and keep its proportions."),
            },
            above: Fault {
                name: text("人像偏宽", "Face widened"),
                reason: text("人像{degree}偏宽，疑似被拉宽或压扁，请按原比例裁剪成3:4，不要变形缩放。", "The face is {degree} too wide for its height, as if the photo had been pulled wider. Crop it to 3:4 and keep its proportions."),
            },
        },
        severity: Severity::Ask,
    }
}

/// Mesh points at the temples.
const TEMPLES: [usize; 2] = [127, 356];
/// Opposite points on the edge of each iris, beside each other.
const IRISES_ACROSS: [[usize; 2]; 2] = [[469, 471], [474, 476]];
/// The same, above each other.
const IRISES_DOWN: [[usize; 2]; 2] = [[470, 472], [475, 477]];

/// Of heads turned or nodding farther, and of smaller faces, the mesh does not tell the proportions.
const YAW_DEG_MAX: f64 = 15.0;
/// See [`YAW_DEG_MAX`].
const PITCH_DEG_MAX: f64 = 20.0;
/// See [`YAW_DEG_MAX`].
const FACE_WIDTH_MIN_PX: f64 = 120.0;

fn measure(evidence: &Evidence) -> Measured {
    let subject = evidence.subject()?;
    let (landmarks, pose) = (&subject.landmarks, subject.head_pose);
    let is_turned = pose.yaw_deg.abs() > YAW_DEG_MAX || pose.pitch_deg.abs() > PITCH_DEG_MAX;
    if is_turned || landmarks.face_width_px() < FACE_WIDTH_MIN_PX {
        return Err(NotAssessed::NotSeen(text(
            "脸太小或未正对镜头，无法判定比例。",
            "The face is too small or turned too far to judge its proportions.",
        )));
    }
    let distance = |[a, b]: [usize; 2]| landmarks.point(a).distance(landmarks.point(b)).max(1.0);
    let length = |pairs: [[usize; 2]; 2]| pairs.map(distance).iter().sum::<f64>();
    let broad = distance(TEMPLES) / landmarks.contour_radius_px().max(1.0);
    let oval = length(IRISES_ACROSS) / length(IRISES_DOWN);
    // Least squares on the logarithms.
    let wide = 0.3872 * broad.powf(1.5586) * oval.powf(0.4135);
    Ok(Measurement::new(wide).at(landmarks.bounds()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Portrait, verdict};

    #[test]
    fn a_face_scaled_more_one_way_than_the_other_is_asked_about() {
        let scaled = |width: f64| verdict(&NATURAL_PROPORTIONS, &Portrait::new().scaled(width, 1.0).evidence());
        assert_eq!([0.8, 0.97, 1.0, 1.25, 1.4].map(scaled), ["fail", "review", "pass", "review", "fail"]);
    }
}
