use crate::rules::prelude::*;

rule! {
    /// Whether the eyes are level.
    ///
    /// ## What is measured
    /// Angle of the line through both iris centres, in degrees; positive when the subject's left eye is lower. ISO/IEC 29794-5 calls it head pose roll.
    ///
    /// ## Limit and source
    /// Upright, both ears alike (clause 二.2), no figure. ISO/IEC 19794-5 allows 8°, which is the limit; more than 3° goes to a person (proposed).
    ///
    /// ## What to do
    /// Retake the photo with the head straight. Never turn the picture: the standard forbids rotating (clause 一.2).
    HEAD_ROLL {
        id: "head-roll",
        name: text("头部端正", "Head upright"),
        quantity: text("头部歪斜角度", "Tilt of the head"),
        clause: "二.2",
        unit: Unit::Degrees,
        requirement: Requirement::Between {
            limit: (-8.0, 8.0),
            review: (-3.0, 3.0),
            below: Fault {
                name: text("头偏向右肩", "Head tilted right"),
                reason: text("头部向右肩歪斜{value}，应{allowed}，请坐正后重拍，不要用软件旋转。", "The head is tilted towards the right shoulder by {value}; {allowed} is tolerated. Sit upright and retake the photo; do not rotate it by software."),
            },
            above: Fault {
                name: text("头偏向左肩", "Head tilted left"),
                reason: text("头部向左肩歪斜{value}，应{allowed}，请坐正后重拍，不要用软件旋转。", "The head is tilted towards the left shoulder by {value}; {allowed} is tolerated. Sit upright and retake the photo; do not rotate it by software."),
            },
        },
        severity: Severity::Reject,
    }
}

fn measure(evidence: &Evidence) -> Measured {
    let landmarks = &evidence.subject()?.landmarks;
    let eyes = [BodySide::Right, BodySide::Left].map(|side| landmarks.iris_centre(side));
    Ok(Measurement::new(landmarks.roll_deg()).at(Region::around(eyes)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Portrait, verdict};

    #[test]
    fn eyes_may_slope_by_3_degrees_and_fail_beyond_8() {
        let rolled = |deg| verdict(&HEAD_ROLL, &Portrait::new().turned(deg).evidence());
        let verdicts = [-8.5, -4.0, -2.5, 2.5, 4.0, 8.5].map(rolled);
        assert_eq!(verdicts, ["fail", "review", "pass", "pass", "review", "fail"]);
    }
}
