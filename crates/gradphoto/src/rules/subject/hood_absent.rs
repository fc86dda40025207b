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
    /// Wear a top without a hood and shoot again.
    HOOD_ABSENT {
        id: "hood-absent",
        name: text("衣服无帽", "No hood"),
        clause: "—",
        unit: Unit::Ratio,
        limit: Limit::at_most(0.6),
        review: Limit::at_most(0.3),
        severity: Severity::Advise,
        below: text("衣服没有帽子（{value}，应达到{min}）。", "The clothes have no hood ({value}, {min} is required)."),
        above: text("衣服疑似带帽（可能性{value}，不应超过{max}），请换无帽上衣后重拍。", "The clothes seem to have a hood (certainty {value}, at most {max} is allowed). Wear a top without a hood."),
    }
}

fn measure(evidence: &Evidence, _: &Reference) -> Measured {
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

    #[test]
    fn without_a_chest_or_a_face_nothing_is_assessed() {
        assert_eq!(verdict(&HOOD_ABSENT, &Portrait::ending_at_the_chin()), "not-assessed");
        assert_eq!(verdict(&HOOD_ABSENT, &Portrait::nobody()), "not-assessed");
    }
}
