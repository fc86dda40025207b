use crate::rules::prelude::*;

rule! {
    /// Whether the frame of glasses leaves the eyes free.
    ///
    /// ## What is measured
    /// Share of an eye's opening that lies on the rim or beyond the lens, the eye with more of it. Without glasses 0.
    ///
    /// ## Limit and source
    /// The frame must not cover the eyes (镜框不得遮挡眼睛, clause 二.3), no figure. More than 10 % goes to a person, more than 30 % is pointed out (proposed); advice only, for no photo is labelled. Glasses on development ID photos read 0, on small web photos, where thin rims are missed, 11 % at the 95th percentile.
    ///
    /// ## What to do
    /// Push the glasses up so that both eyes lie in the middle of the lenses, and shoot again.
    GLASSES_FRAME {
        id: "glasses-frame",
        name: text("镜框不遮眼", "Glasses frame"),
        clause: "二.3",
        unit: Unit::Ratio,
        limit: Limit::at_most(0.30),
        review: Limit::at_most(0.10),
        severity: Severity::Advise,
        below: text("镜框遮眼{value}，低于{min}。", "The frame covers {value} of an eye, less than {min}."),
        above: text("镜框遮挡了眼睛（{value}，应在{max}以内），请调整眼镜位置后重拍。", "The frame covers an eye ({value}, at most {max} expected). Move the glasses and shoot again."),
    }
}

fn measure(evidence: &Evidence, _: &Reference) -> Measured {
    let Some(glasses) = &evidence.subject()?.glasses else { return Ok(Measurement::new(0.0)) };
    Ok(Measurement::new(glasses.eye_on_frame_share).at(glasses.region))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Portrait, verdict};

    #[test]
    fn a_frame_over_the_eyes_goes_to_review_and_then_is_pointed_out() {
        // The drawn eyes reach from y = 244 to 256; the rim is as wide as 5 px.
        let slipped = |top: f64| {
            let portrait = Portrait::new().glasses(Portrait::SKIN);
            let above = portrait.paint(Class::Skin, [150.0, 220.0, 180.0, top - 220.0], Portrait::SKIN);
            verdict(&GLASSES_FRAME, &above.evidence())
        };
        assert_eq!([230.0, 242.0, 250.0].map(slipped), ["pass", "review", "fail"]);
    }

    #[test]
    fn without_glasses_it_passes_and_without_a_face_nothing_is_assessed() {
        assert_eq!(verdict(&GLASSES_FRAME, &Portrait::new().evidence()), "pass");
        assert_eq!(verdict(&GLASSES_FRAME, &Portrait::nobody()), "not-assessed");
    }
}
