use crate::rules::prelude::*;

rule! {
    /// Whether the clothes have a collar.
    ///
    /// ## What is measured
    /// Probability that the clothes have no collar, from a calibrated head on the parsing net.
    ///
    /// ## Limit and source
    /// Clothes with a collar, as school notices ask; the standard is silent. More than 20 % is pointed out as possible, more than 50 % as very likely; advice, or a question where a profile asks. Of people and sources that the heads did not learn from, 2 of 107 tops with a collar read more than 20 % and none more than 50 %, one of 32 without one less than 20 %.
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
            limit: 0.5,
            review: 0.2,
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
        assert_eq!([0.1, 0.4, 0.7].map(likely), ["pass", "review", "fail"]);
    }
}
