use crate::rules::prelude::*;

rule! {
    /// Whether the clothes have no hood.
    ///
    /// ## What is measured
    /// Probability that a hood lies behind the neck, from a head on the parsing net.
    ///
    /// ## Limit and source
    /// Clothes without a hood, as school notices ask; the standard is silent. A person decides. More than 30 % goes to a person, more than 60 % fails. Of the development photos of held-out people, 38 of 39 without a hood lie at 12 % at most, one at 42 %, and 5 with one at 79 % and more.
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
            limit: 0.6,
            review: 0.3,
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
        assert_eq!([0.2, 0.4, 0.7].map(likely), ["pass", "review", "fail"]);
    }
}
