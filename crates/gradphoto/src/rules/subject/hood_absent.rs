use crate::rules::prelude::*;

rule! {
    /// Whether the clothes have no hood.
    ///
    /// ## What is measured
    /// Probability that a hood lies behind the neck, from a calibrated head on the parsing net.
    ///
    /// ## Limit and source
    /// Clothes without a hood, as school notices ask; the standard is silent. More than 20 % is pointed out as possible, more than 50 % as very likely; advice, or a question where a profile asks. Of people and sources that the heads did not learn from, none of 165 tops without a hood reads more than 20 %, and of 5 with one none less: five are few.
    ///
    /// ## What to do
    /// Wear a top without a hood and retake the photo.
    HOOD_ABSENT {
        id: "hood-absent",
        name: text("衣服无帽", "No hood"),
        quantity: text("衣服带帽的可能性", "Probability of a hood"),
        clause: "—",
        unit: Unit::Probability,
        requirement: Requirement::AtMost {
            limit: 0.5,
            review: 0.2,
            fault: Fault {
                name: text("衣服带帽", "Hood"),
                reason: text("衣服{guess}带帽，请换无帽上衣后重拍。", "The clothes {guess} have a hood. Wear a top without one."),
            },
        },
        severity: Severity::Advise,
    }
}

fn measure(evidence: &Evidence) -> Measured {
    let (clothing, region) = evidence.clothing_state()?;
    Ok(Measurement::new(clothing.hood).at(region))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Portrait, verdict};

    #[test]
    fn the_probability_decides() {
        let likely = |p| verdict(&HOOD_ABSENT, &Portrait::new().seeming(|seen| seen.clothing.hood = p).evidence());
        assert_eq!([0.1, 0.4, 0.7].map(likely), ["pass", "review", "fail"]);
    }
}
