use super::{EARS, of_pair};
use crate::rules::prelude::*;

rule! {
    /// Whether earrings are worn.
    ///
    /// ## What is measured
    /// Probability of an earring at the more suspicious ear, from a small net on an aligned crop of each side of the head, which reaches down to the shoulder, and a head on the parsing net, their logits averaged and calibrated.
    ///
    /// ## Limit and source
    /// No earrings (clause 二.4); presence, no figure. More than 15 % goes to a person, more than 70 % fails. Of people and sources that the heads did not learn from, 14 of 176 without earrings read more than 15 % and one more than 70 %, one of 52 with them less than 15 %.
    ///
    /// ## What to do
    /// Take the earrings off and retake the photo.
    EARRINGS_ABSENT {
        id: "earrings-absent",
        name: text("未戴耳饰", "No earrings"),
        quantity: text("戴耳饰的可能性", "Probability of an earring"),
        clause: "二.4",
        unit: Unit::Probability,
        requirement: Requirement::AtMost {
            limit: 0.7,
            review: 0.15,
            fault: Fault {
                name: text("戴耳饰", "Earring"),
                reason: text("{seen}耳{guess}佩戴耳饰，请摘下后重拍。", "Jewellery is {guess} worn on {seen}. Take it off and retake the photo."),
            },
        },
        severity: Severity::Reject,
        seen: text("右", "the right ear"),
    }
}

fn measure(evidence: &Evidence) -> Measured {
    let subject = evidence.subject()?;
    let ears = subject.appearance.earrings;
    let (side, worn) = ears.greater();
    let seen = of_pair(side, ears.lesser().1 > 0.5, EARS);
    Ok(Measurement::new(worn).seeing(seen).at(subject.landmarks.ear_region(side)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Sides;
    use crate::testing::{Portrait, reason, verdict};

    #[test]
    fn the_more_suspicious_ear_decides() {
        let ears = |earrings| {
            let portrait = Portrait::new().seeming(|seen| seen.earrings = Sides::from(earrings));
            verdict(&EARRINGS_ABSENT, &portrait.evidence())
        };
        assert_eq!([[0.01, 0.8], [0.4, 0.1], [0.1, 0.05]].map(ears), ["fail", "review", "pass"]);
    }

    #[test]
    fn a_pair_is_told_as_one() {
        let told = |earrings| {
            let portrait = Portrait::new().seeming(|seen| seen.earrings = Sides::from(earrings));
            reason(&EARRINGS_ABSENT, &portrait.evidence())
        };
        for (ears, which) in [([0.9, 0.3], "右耳"), ([0.3, 0.9], "左耳"), ([0.9, 0.8], "双耳")] {
            assert!(told(ears).starts_with(which), "{}", told(ears));
        }
    }
}
