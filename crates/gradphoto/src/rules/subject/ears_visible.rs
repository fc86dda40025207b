use super::{EARS, of_pair};
use crate::rules::prelude::*;

rule! {
    /// Whether both ears are in sight.
    ///
    /// ## What is measured
    /// Probability that some of the less visible ear is in sight, from a calibrated head on the parsing net.
    ///
    /// ## Limit and source
    /// Hair must not cover the ears (clause 二.4), no figure; a little of an ear is enough, and ears that lie flat are natural. Less than 80 % goes to a person, less than 30 % fails. Of people and sources that the heads did not learn from, 2 of 129 with both ears in sight read less than 80 % and none less than 30 %, one of 58 with a covered ear more than 80 %: half of its ears shows.
    ///
    /// ## What to do
    /// Tie the hair back or put it behind the ears and retake the photo.
    EARS_VISIBLE {
        id: "ears-visible",
        name: text("双耳可见", "Ears visible"),
        quantity: text("双耳可见的可能性", "Probability that both ears show"),
        clause: "二.4",
        unit: Unit::Probability,
        requirement: Requirement::AtLeast {
            limit: 0.3,
            review: 0.8,
            fault: Fault {
                name: text("耳朵被遮", "Ear covered"),
                reason: text("头发{guess}遮住了{seen}耳，请束好头发、露出双耳后重拍。", "Hair {guess} covers {seen}. Tie it back so that both ears show."),
            },
        },
        severity: Severity::Reject,
        seen: text("右", "the right ear"),
    }
}

fn measure(evidence: &Evidence) -> Measured {
    let subject = evidence.subject()?;
    let ears = subject.appearance.ears_visible;
    let (side, visible) = ears.lesser();
    let seen = of_pair(side, ears.greater().1 < 0.5, EARS);
    Ok(Measurement::new(visible).seeing(seen).at(subject.landmarks.ear_region(side)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Sides;
    use crate::testing::{Portrait, verdict};

    #[test]
    fn the_less_visible_ear_decides() {
        let ears = |seen_ears| {
            let portrait = Portrait::new().seeming(|seen| seen.ears_visible = Sides::from(seen_ears));
            verdict(&EARS_VISIBLE, &portrait.evidence())
        };
        assert_eq!([[0.99, 0.2], [0.6, 0.9], [0.9, 0.95]].map(ears), ["fail", "review", "pass"]);
    }
}
