use crate::rules::prelude::*;

rule! {
    /// Whether the neck is free of necklaces.
    ///
    /// ## What is measured
    /// Probability that a necklace, chain or cord lies around the neck or over the clothes, from a calibrated head on the parsing net.
    ///
    /// ## Limit and source
    /// No necklace (clause 二.4), no figure. More than 10 % goes to a person, more than 70 % fails. Of people and sources that the heads did not learn from, 25 of 202 bare necks read more than 10 % and two more than 70 %, 5 of 24 necklaces less than 10 %: chains that end with the photo or hide in a collar.
    ///
    /// ## What to do
    /// Take the necklace, chain or cord off and retake the photo.
    NECKLACE_ABSENT {
        id: "necklace-absent",
        name: text("不戴项链", "No necklace"),
        quantity: text("戴项链的可能性", "Probability of a necklace"),
        clause: "二.4",
        unit: Unit::Probability,
        requirement: Requirement::AtMost {
            limit: 0.7,
            review: 0.1,
            fault: Fault {
                name: text("戴项链", "Necklace"),
                reason: text("{guess}佩戴项链，请摘下后重拍。", "A necklace is {guess} worn. Take it off."),
            },
        },
        severity: Severity::Advise,
    }
}

fn measure(evidence: &Evidence) -> Measured {
    let (clothing, region) = evidence.clothing_state()?;
    Ok(Measurement::new(clothing.necklace).at(region))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Portrait, verdict};

    #[test]
    fn the_probability_decides() {
        let likely =
            |p| verdict(&NECKLACE_ABSENT, &Portrait::new().seeming(|seen| seen.clothing.necklace = p).evidence());
        assert_eq!([0.08, 0.2, 0.8].map(likely), ["pass", "review", "fail"]);
    }
}
