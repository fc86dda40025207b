use super::hidden_by_hair;
use crate::evidence::EYES;
use crate::rules::prelude::*;

rule! {
    /// Whether both eyes are free of hair.
    ///
    /// ## What is measured
    /// Share of an eye that hair or a hat covers between its lids, the more covered one. Narrow, smiling and closed eyes are not covered; whether the lids are open is another rule.
    ///
    /// ## Limit and source
    /// Hair must not cover the eyes (头发不得遮挡眼睛, clause 二.4), no figure. More than 8 % goes to a person, more than 40 % fails. Calibrated on development photos: of 740 free eyes one reads more than 8 %; of 22 covered ones 21 read 99 % and more, black strands on dark skin 14 %, since most of them are taken for skin.
    ///
    /// ## What to do
    /// Comb or clip the hair off the eyes and retake the photo.
    EYES_VISIBLE {
        id: "eyes-visible",
        name: text("眼睛无遮挡", "Eyes visible"),
        quantity: text("眼睛被遮的面积", "Covered share of an eye"),
        clause: "二.4",
        unit: Unit::Ratio,
        requirement: Requirement::AtMost {
            limit: 0.4,
            review: 0.08,
            fault: Fault {
                name: text("遮眼", "Eye covered"),
                reason: text("头发{degree}遮住了{seen}眼，请将头发拨开后重拍。", "Hair {degree} covers {seen}. Comb it aside and retake the photo."),
            },
        },
        severity: Severity::Reject,
        seen: text("右", "the right eye"),
    }
}

fn measure(evidence: &Evidence) -> Measured {
    Ok(hidden_by_hair(evidence.subject()?, &EYES, 0.3, 0.08, super::EYES))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Portrait, verdict};

    /// The verdict where hair covers the drawn left eye, from x = 265 to 305, up to `to`.
    fn covered(to: f64) -> &'static str {
        let hair = [250.0, 230.0, to - 250.0, 40.0];
        verdict(&EYES_VISIBLE, &Portrait::new().parsed_eyes().paint(Class::Hair, hair, [30, 25, 25]).evidence())
    }

    #[test]
    fn hair_over_an_eye_goes_to_review_and_then_fails() {
        assert_eq!([262.0, 276.0, 295.0].map(covered), ["pass", "review", "fail"]);
    }

    #[test]
    fn an_eye_narrower_than_the_other_is_not_hidden() {
        let lid = Portrait::new().parsed_eyes().paint(Class::Skin, [265.0, 240.0, 40.0, 12.0], Portrait::SKIN);
        assert_eq!(verdict(&EYES_VISIBLE, &lid.evidence()), "pass");
    }

    #[test]
    fn closed_lids_are_not_hidden() {
        assert_eq!(verdict(&EYES_VISIBLE, &Portrait::new().evidence()), "pass");
    }
}
