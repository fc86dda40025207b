use super::raised_by_area;
use crate::rules::prelude::*;

rule! {
    /// Whether the neck is free of necklaces.
    ///
    /// ## What is measured
    /// Probability that a necklace, chain or cord lies around the neck, from a head on the parsing net; its odds grow with the area that the parsing takes for a necklace.
    ///
    /// ## Limit and source
    /// No necklace (clause 二.4), no figure. More than 15 % goes to a person, more than 50 % fails. Of the development photos of held-out people, 48 bare necks lie below 10 %, 16 of 17 necklaces at 31 % and more, one at 5 %. Tightly cut portraits of other people err more: of 1064 bare necks 6 % fail and 10 % go to a person, of 15 necklaces two pass.
    ///
    /// ## What to do
    /// Take off necklace, chain or cord and retake the photo.
    NECKLACE_ABSENT {
        id: "necklace-absent",
        name: text("不戴项链", "No necklace"),
        quantity: text("戴项链的可能性", "Probability of a necklace"),
        clause: "二.4",
        unit: Unit::Probability,
        requirement: Requirement::AtMost {
            limit: 0.5,
            review: 0.15,
            fault: Fault {
                name: text("戴项链", "Necklace"),
                reason: text("{guess}佩戴项链，请摘下后重拍。", "A necklace is {guess} worn. Take it off."),
            },
        },
        severity: Severity::Advise,
    }
}

/// By how much the odds rise per share of the squared face width that the parsing calls a necklace.
const AREA_WEIGHT: f64 = 3000.0;

fn measure(evidence: &Evidence) -> Measured {
    let (clothing, region) = evidence.clothing_state()?;
    let subject = evidence.subject()?;
    let area_px2 = subject.parsing.area_px2(Class::Necklace);
    let worn = raised_by_area(clothing.necklace, AREA_WEIGHT, area_px2, subject.landmarks.face_width_px());
    Ok(Measurement::new(worn).at(region))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Portrait, verdict};

    #[test]
    fn the_probability_decides() {
        let likely =
            |p| verdict(&NECKLACE_ABSENT, &Portrait::new().seeming(|seen| seen.clothing.necklace = p).evidence());
        assert_eq!([0.1, 0.2, 0.6].map(likely), ["pass", "review", "fail"]);
    }

    #[test]
    fn what_the_parsing_sees_raises_the_odds() {
        let portrait = Portrait::new().seeming(|seen| seen.clothing.necklace = 0.1);
        assert_eq!(verdict(&NECKLACE_ABSENT, &portrait.clone().evidence()), "pass");
        let chain = portrait.paint(Class::Necklace, [200.0, 450.0, 80.0, 5.0], [200, 170, 60]);
        assert_eq!(verdict(&NECKLACE_ABSENT, &chain.evidence()), "fail");
    }
}
