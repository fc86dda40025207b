use crate::rules::prelude::*;

rule! {
    /// Whether the lenses are clear.
    ///
    /// ## What is measured
    /// How much darker the skin below the eyes looks through the lenses than on the cheeks, in L*. Without glasses 0.
    ///
    /// ## Limit and source
    /// No tinted glasses (不得戴有色眼镜, clause 二.3), no figure. More than 18 goes to a person, more than 30 fails. Clear glasses on development ID photos read up to 15; on small web photos 19 at the 90th percentile and 27 at the 98th, with sunglasses beyond. Coloured contact lenses are left to a person.
    ///
    /// ## What to do
    /// Wear clear glasses and shoot again.
    GLASSES_TINT {
        id: "glasses-tint",
        name: text("镜片无色", "Glasses untinted"),
        clause: "二.3",
        unit: Unit::Lab,
        limit: Limit::at_most(30.0),
        review: Limit::at_most(18.0),
        severity: Severity::Reject,
        below: text("镜片比肤色暗{value}，低于{min}。", "The lenses darken the skin by {value}, less than {min}."),
        above: text("镜片偏暗或有色（比肤色暗{value}，应在{max}以内），请换无色镜片后重拍。", "The lenses are tinted (skin looks {value} darker, at most {max} allowed). Wear clear glasses."),
    }
}

fn measure(evidence: &Evidence, _: &Reference) -> Measured {
    let Some(glasses) = &evidence.subject()?.glasses else { return Ok(Measurement::new(0.0)) };
    let unseen = text("镜片内可见皮肤太少，无法判断。", "Too little skin shows behind the lenses.");
    let below_eyes = glasses.below_eyes.ok_or(NotAssessed::NotSeen(unseen))?;
    Ok(Measurement::new(f64::from(glasses.cheek.l - below_eyes.l)).at(glasses.region))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Portrait, verdict};

    #[test]
    fn dark_lenses_go_to_review_and_then_fail() {
        // The drawn skin has an L* of 70.
        let tinted = |rgb| verdict(&GLASSES_TINT, &Portrait::new().glasses(rgb).evidence());
        assert_eq!([[190, 140, 120], [145, 105, 92], [60, 45, 40]].map(tinted), ["pass", "review", "fail"]);
    }

    #[test]
    fn without_glasses_it_passes_and_without_a_face_nothing_is_assessed() {
        assert_eq!(verdict(&GLASSES_TINT, &Portrait::new().evidence()), "pass");
        assert_eq!(verdict(&GLASSES_TINT, &Portrait::nobody()), "not-assessed");
    }
}
