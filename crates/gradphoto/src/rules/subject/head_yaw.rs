use crate::rules::prelude::*;

rule! {
    /// Whether the head is turned to one side.
    ///
    /// ## What is measured
    /// Yaw of a canonical face fitted to the mesh, in degrees; positive towards the subject's left. ISO/IEC 29794-5 calls it head pose yaw.
    ///
    /// ## Limit and source
    /// Frontal (clause 一.1), no figure. ISO/IEC 19794-5 allows 5°, the postgraduate portal (研招网) 10°: between the two a person looks.
    ///
    /// ## What to do
    /// Shoot again with the head straight. Never turn the picture: the standard forbids rotating (clause 一.2).
    HEAD_YAW {
        id: "head-yaw",
        name: text("头部左右转动", "Head yaw"),
        clause: "一.1",
        unit: Unit::Degrees,
        limit: Limit::between(-10.0, 10.0),
        review: Limit::between(-5.0, 5.0),
        severity: Severity::Reject,
        below: text("头部向右转{value}，应在{max}以内，请正对镜头重拍。", "The head turns to its right by {value}; at most {max} is allowed. Face the camera squarely."),
        above: text("头部向左转{value}，应在{max}以内，请正对镜头重拍。", "The head turns to its left by {value}; at most {max} is allowed. Face the camera squarely."),
    }
}

fn measure(evidence: &Evidence, _: &Reference) -> Measured {
    let subject = evidence.subject()?;
    Ok(Measurement::new(subject.head_pose.yaw_deg).at(subject.landmarks.bounds()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Portrait, verdict};

    #[test]
    fn a_head_may_turn_by_5_degrees_and_fails_beyond_10() {
        let posed = |deg| verdict(&HEAD_YAW, &Portrait::new().posed(deg, 0.0, 0.0).evidence());
        let verdicts = [-10.5, -6.0, -4.5, 4.5, 6.0, 10.5].map(posed);
        assert_eq!(verdicts, ["fail", "review", "pass", "pass", "review", "fail"]);
    }

    #[test]
    fn without_a_face_nothing_is_assessed() {
        assert_eq!(verdict(&HEAD_YAW, &Portrait::nobody()), "not-assessed");
    }
}
