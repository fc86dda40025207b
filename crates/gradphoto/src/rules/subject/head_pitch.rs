use crate::rules::prelude::*;

rule! {
    /// Whether the chin is raised or lowered.
    ///
    /// ## What is measured
    /// Pitch of a canonical face fitted to the mesh, in degrees; positive looks up. ISO/IEC 29794-5 calls it head pose pitch.
    ///
    /// ## Limit and source
    /// Level gaze (clause 二.2), no figure. ISO/IEC 19794-5 allows 5°, the postgraduate portal 10°. Pitch is the least certain angle, so 8° is the first line and 12° the second (proposed), and it only advises.
    ///
    /// ## What to do
    /// Retake the photo with the head straight. Never turn the picture: the standard forbids rotating (clause 一.2).
    HEAD_PITCH {
        id: "head-pitch",
        name: text("不仰头低头", "Head level"),
        quantity: text("仰头低头角度", "Nod of the head"),
        clause: "二.2",
        unit: Unit::Degrees,
        requirement: Requirement::Between {
            limit: (-12.0, 12.0),
            review: (-8.0, 8.0),
            below: Fault {
                name: text("低头", "Head lowered"),
                reason: text("低头{value}，应{allowed}，请平视镜头重拍。", "The head is lowered by {value}; {allowed} is tolerated. Look straight into the camera."),
            },
            above: Fault {
                name: text("仰头", "Head raised"),
                reason: text("仰头{value}，应{allowed}，请平视镜头重拍。", "The head is raised by {value}; {allowed} is tolerated. Look straight into the camera."),
            },
        },
        severity: Severity::Advise,
    }
}

fn measure(evidence: &Evidence) -> Measured {
    let subject = evidence.subject()?;
    Ok(Measurement::new(subject.head_pose.pitch_deg).at(subject.landmarks.bounds()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Portrait, verdict};

    #[test]
    fn a_head_may_nod_by_8_degrees_and_fails_beyond_12() {
        let posed = |deg| verdict(&HEAD_PITCH, &Portrait::new().posed(0.0, deg, 0.0).evidence());
        let verdicts = [-12.5, -9.0, -7.5, 7.5, 9.0, 12.5].map(posed);
        assert_eq!(verdicts, ["fail", "review", "pass", "pass", "review", "fail"]);
    }
}
