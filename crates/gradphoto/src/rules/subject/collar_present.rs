use crate::rules::prelude::*;

rule! {
    /// Whether the clothes have a collar.
    ///
    /// ## What is measured
    /// Probability that the clothes have no collar, from a head on the parsing net.
    ///
    /// ## Limit and source
    /// Clothes with a collar, as school notices ask; the standard is silent. A person decides. More than 30 % goes to a person, more than 60 % fails. Of the development photos of held-out people, 23 with a collar lie at 25 % at most, and 24 of 26 without one at 95 % and more, the others at 50 and 5 %.
    ///
    /// ## What to do
    /// Wear a shirt or jacket with a collar and retake the photo.
    COLLAR_PRESENT {
        id: "collar-present",
        name: text("衣服有领", "Collar present"),
        quantity: text("无领的可能性", "Probability of no collar"),
        clause: "—",
        unit: Unit::Probability,
        requirement: Requirement::AtMost {
            limit: 0.6,
            review: 0.3,
            fault: Fault {
                name: text("无领", "No collar"),
                reason: text("衣服{guess}无领，请换有领上衣后重拍。", "The clothes {guess} have no collar. Wear a shirt or jacket with a collar."),
            },
        },
        severity: Severity::Advise,
    }
}

fn measure(evidence: &Evidence) -> Measured {
    let (clothing, region) = evidence.clothing_state()?;
    Ok(Measurement::new(clothing.collar_absent).at(region))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Portrait, verdict};

    #[test]
    fn the_probability_decides() {
        let likely =
            |p| verdict(&COLLAR_PRESENT, &Portrait::new().seeming(|seen| seen.clothing.collar_absent = p).evidence());
        assert_eq!([0.2, 0.5, 0.7].map(likely), ["pass", "review", "fail"]);
    }
}
