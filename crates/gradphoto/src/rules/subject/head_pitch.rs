use crate::rules::prelude::*;

rule! {
    /// Whether the chin is raised or lowered.
    ///
    /// ## What is measured
    /// Pitch of a canonical face fitted to the mesh, in degrees; positive looks up. ISO/IEC 29794-5 calls it head pose pitch.
    ///
    /// ## Limit and source
    /// Level gaze (clause 二.2), no figure. ISO/IEC 19794-5 allows 5°, the postgraduate portal 10°. Pitch is the least certain angle: heads that face the camera read -1° to -4° on average by source and scatter by 4 to 6°. So more than 13° down or 10° up is the first line, 18° and 15° the second (proposed), and it only advises. Of official portraits of four sources 1 to 9 % read beyond the first.
    ///
    /// ## What to do
    /// Hold the chin level, look into the lens and retake the photo.
    HEAD_PITCH {
        id: "head-pitch",
        name: text("不低头不仰头", "Head level"),
        quantity: text("仰头低头角度", "Pitch of the head"),
        clause: "二.2",
        unit: Unit::Degrees,
        requirement: Requirement::Between {
            limit: (-18.0, 15.0),
            review: (-13.0, 10.0),
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
    fn a_head_may_nod_by_13_degrees_and_rise_by_10() {
        let posed = |deg| verdict(&HEAD_PITCH, &Portrait::new().posed(0.0, deg, 0.0).evidence());
        let verdicts = [-18.5, -14.0, -12.0, 9.0, 12.0, 15.5].map(posed);
        assert_eq!(verdicts, ["fail", "review", "pass", "pass", "review", "fail"]);
    }
}
