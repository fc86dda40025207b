use crate::rules::prelude::*;

rule! {
    /// Whether loose strands stand off the hair.
    ///
    /// ## What is measured
    /// Probability that loose strands stand off the hair, from a calibrated head on the parsing net, where some of the background is in sight.
    ///
    /// ## Limit and source
    /// No stray hair (不得有碎发, the school's notice), which cannot be exact: more than 20 % is pointed out as possible, more than 70 % as very likely (proposed); advice, or a question where a profile asks. Of people and sources that the heads did not learn from, 11 of 74 with tidy hair read more than 20 % and one more than 70 %, 1 of 15 with loose strands less than 20 %. Of official portraits before a plain wall 0 to 7 % by source read more than 20 %, before a mottled one, which background-uniformity fails, 43 %: its texture looks like strands.
    ///
    /// ## What to do
    /// Comb and fix loose strands and retake the photo; retouching is not allowed.
    HAIR_TIDY {
        id: "hair-tidy",
        name: text("无碎发", "Tidy hair"),
        quantity: text("有碎发的可能性", "Probability of loose strands"),
        clause: "—",
        unit: Unit::Probability,
        requirement: Requirement::AtMost {
            limit: 0.7,
            review: 0.2,
            fault: Fault {
                name: text("有碎发", "Loose strands"),
                reason: text("头发周围{guess}有碎发，请梳理整齐后重拍。", "Loose strands {guess} stand out from the hair. Comb them down and retake the photo."),
            },
        },
        severity: Severity::Advise,
    }
}

fn measure(evidence: &Evidence) -> Measured {
    evidence.hair()?;
    evidence.background()?;
    Ok(Measurement::new(evidence.subject()?.appearance.hair_untidy))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Portrait, verdict};

    #[test]
    fn loose_strands_go_to_review_and_then_are_pointed_out() {
        let likely = |p| verdict(&HAIR_TIDY, &Portrait::new().seeming(|seen| seen.hair_untidy = p).evidence());
        assert_eq!([0.15, 0.55, 0.9].map(likely), ["pass", "review", "fail"]);
    }

    #[test]
    fn without_hair_background_or_a_face_nothing_is_assessed() {
        let bald = Portrait::new().paint(Class::Skin, [140.0, 80.0, 200.0, 120.0], Portrait::SKIN);
        assert_eq!(verdict(&HAIR_TIDY, &bald.evidence()), "not-assessed");
        let around_the_face = |p: Point| !(140.0..340.0).contains(&p.x) || !(160.0..400.0).contains(&p.y);
        let tight = Portrait::new().paint_where(Class::Hair, around_the_face, |_| [30, 25, 25]);
        assert_eq!(verdict(&HAIR_TIDY, &tight.evidence()), "not-assessed");
        assert_eq!(verdict(&HAIR_TIDY, &Portrait::nobody()), "not-assessed");
    }
}
