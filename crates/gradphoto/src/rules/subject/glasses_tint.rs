use crate::colour;
use crate::rules::prelude::*;

rule! {
    /// Whether the lenses are clear.
    ///
    /// ## What is measured
    /// How far the colour of the skin below the eyes, seen through the lenses, is from that of the cheeks: CIELAB distance (CIE 1976). Without glasses 0.
    ///
    /// ## Limit and source
    /// No tinted glasses (不得戴有色眼镜, clause 二.3), no figure. More than 20 goes to a person, more than 33 fails: labelled by eye, 251 of 283 clear glasses on development photos read less than 20 and two more than 33, of nine tinted ones seven more than 20 and two more than 33, for eyes lie in shadow without a tint as well. Coloured contact lenses are left to a person.
    ///
    /// ## What to do
    /// Wear clear glasses and retake the photo.
    GLASSES_TINT {
        id: "glasses-tint",
        name: text("镜片无色", "Clear lenses"),
        quantity: text("镜片内外肤色之差", "Change of skin colour by the lens"),
        clause: "二.3",
        unit: Unit::Lab,
        requirement: Requirement::AtMost {
            limit: 33.0,
            review: 20.0,
            fault: Fault {
                name: text("镜片有色", "Tinted lenses"),
                reason: text("镜片{degree}偏暗或有色，请换无色镜片后重拍。", "The lenses are {degree} tinted. Wear clear glasses."),
            },
        },
        severity: Severity::Reject,
    }
}

fn measure(evidence: &Evidence) -> Measured {
    let Some(glasses) = evidence.glasses()? else { return Ok(Measurement::new(0.0)) };
    let unseen = text("镜片内可见皮肤太少，无法判定。", "Too little skin shows behind the lenses.");
    let below_eyes = glasses.below_eyes.ok_or(NotAssessed::NotSeen(unseen))?;
    Ok(Measurement::new(f64::from(colour::distance(glasses.cheek, below_eyes))).at(glasses.region))
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

    #[test]
    fn glasses_whose_lenses_are_not_seen_are_not_assessed() {
        let worn = Portrait::new().seeming(|seen| seen.glasses_worn = 0.9);
        assert_eq!(verdict(&GLASSES_TINT, &worn.evidence()), "not-assessed");
    }
}
