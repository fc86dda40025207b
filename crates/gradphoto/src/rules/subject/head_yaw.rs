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
    /// Face the camera squarely and retake the photo.
    HEAD_YAW {
        id: "head-yaw",
        name: text("正对镜头", "Facing the camera"),
        quantity: text("头部转动角度", "Turn of the head"),
        clause: "一.1",
        unit: Unit::Degrees,
        requirement: Requirement::Between {
            limit: (-10.0, 10.0),
            review: (-5.0, 5.0),
            below: Fault {
                name: text("头转向右侧", "Head turned right"),
                reason: text("头部向右转{value}，应{allowed}，请正对镜头重拍。", "The head is turned to its right by {value}; {allowed} is tolerated. Face the camera squarely."),
            },
            above: Fault {
                name: text("头转向左侧", "Head turned left"),
                reason: text("头部向左转{value}，应{allowed}，请正对镜头重拍。", "The head is turned to its left by {value}; {allowed} is tolerated. Face the camera squarely."),
            },
        },
        severity: Severity::Reject,
    }
}

fn measure(evidence: &Evidence) -> Measured {
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
}
