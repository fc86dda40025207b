use crate::rules::prelude::*;

rule! {
    /// How far the face is off the middle of the picture.
    ///
    /// ## What is measured
    /// Horizontal distance from the middle of the photo to the middle of eyes and cheeks, in pixels of a 480x640 photo; positive when the face is to the right.
    ///
    /// ## Limit and source
    /// The standard says centred (水平居中, clause 四.2) without a figure. The social-security card allows 4.7 % of the width, which is 23 px: more goes to a person, more than 36 px fails (proposed).
    ///
    /// ## What to do
    /// Crop again.
    HORIZONTAL_CENTRING {
        id: "horizontal-centring",
        name: text("水平居中", "Horizontally centred"),
        quantity: text("离中线的距离", "From the middle to the face"),
        clause: "四.2",
        unit: Unit::Pixels,
        requirement: Requirement::Between {
            limit: (-36.0, 36.0),
            review: (-23.0, 23.0),
            below: Fault {
                name: text("人像偏左", "Too far left"),
                reason: text("人像偏左{value}，应{allowed}，请重新裁剪使人像居中。", "The face is {value} too far left; {allowed} is tolerated. Crop again with the face in the middle."),
            },
            above: Fault {
                name: text("人像偏右", "Too far right"),
                reason: text("人像偏右{value}，应{allowed}，请重新裁剪使人像居中。", "The face is {value} too far right; {allowed} is tolerated. Crop again with the face in the middle."),
            },
        },
        severity: Severity::Reject,
    }
}

fn measure(evidence: &Evidence) -> Measured {
    let landmarks = &evidence.subject()?.landmarks;
    let face = landmarks.eye_midpoint().midpoint(landmarks.face_midpoint());
    let middle = f64::from(evidence.photo.pixels().width()) / 2.0;
    let offset = Region::around([face, Point::new(middle, face.y)]);
    Ok(Measurement::new(evidence.standard_x_px(face.x - middle)).at(offset))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Portrait, verdict};

    #[test]
    fn a_face_may_be_23_px_off_and_fails_beyond_36() {
        let shifted = |dx| verdict(&HORIZONTAL_CENTRING, &Portrait::new().moved(dx, 0.0).evidence());
        let verdicts = [-37.0, -24.0, -22.0, 22.0, 24.0, 37.0].map(shifted);
        assert_eq!(verdicts, ["fail", "review", "pass", "pass", "review", "fail"]);
    }
}
