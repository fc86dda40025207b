use crate::rules::prelude::*;

rule! {
    /// Whether the eyes look into the camera.
    ///
    /// ## What is measured
    /// How far the iris is off the middle between both eye corners, over the width of the eye; mean of both eyes, so that a slight turn of the head cancels out. Positive towards the subject's left.
    ///
    /// ## Limit and source
    /// Level gaze (clause 二.2), no figure. More than 14 % is pointed out as slight, more than 20 % as clear (proposed); advice, or a question where a profile asks. Of official portraits of four sources none to 3 % read more than 14 %.
    ///
    /// ## What to do
    /// Retake the photo looking into the lens.
    GAZE_FRONTAL {
        id: "gaze-frontal",
        name: text("目光平视", "Looking into the lens"),
        quantity: text("目光偏移程度", "Deviation of the gaze"),
        clause: "二.2",
        unit: Unit::Ratio,
        requirement: Requirement::Between {
            limit: (-0.2, 0.2),
            review: (-0.14, 0.14),
            below: Fault {
                name: text("目光偏右", "Gaze to the right"),
                reason: text("目光{degree}偏向右侧，请注视镜头重拍。", "The eyes look {degree} to their right. Look into the lens."),
            },
            above: Fault {
                name: text("目光偏左", "Gaze to the left"),
                reason: text("目光{degree}偏向左侧，请注视镜头重拍。", "The eyes look {degree} to their left. Look into the lens."),
            },
        },
        severity: Severity::Advise,
    }
}

fn measure(evidence: &Evidence) -> Measured {
    let landmarks = &evidence.subject()?.landmarks;
    let offset = |side| {
        let [a, b] = landmarks.eye_corners(side);
        let (iris, width) = (landmarks.iris_centre(side), a.distance(b));
        // Along the line through the corners, so that a tilted head does not count.
        let along = ((iris.x - a.x) * (b.x - a.x) + (iris.y - a.y) * (b.y - a.y)) / width;
        along / width - 0.5
    };
    let [right, left] = [BodySide::Right, BodySide::Left].map(offset);
    Ok(Measurement::new((right + left) / 2.0).at(landmarks.eyes().map(|eyes| eyes.grown(0.1 * eyes.width))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Portrait, verdict};

    #[test]
    fn irises_may_be_14_percent_off_and_fail_beyond_20() {
        // The drawn eyes are 40 px wide.
        let looking = |dx: f64| {
            let portrait =
                Portrait::new().point(468, 195.0 + dx, Portrait::EYE_Y).point(473, 285.0 + dx, Portrait::EYE_Y);
            verdict(&GAZE_FRONTAL, &portrait.evidence())
        };
        let verdicts = [-8.4, -6.0, -4.0, 4.0, 6.0, 8.4].map(looking);
        assert_eq!(verdicts, ["fail", "review", "pass", "pass", "review", "fail"]);
    }
}
