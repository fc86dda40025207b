use crate::rules::prelude::*;

rule! {
    /// Whether the clothes have no hood.
    ///
    /// ## What is measured
    /// Probability that a hood lies behind the neck, from a small net on a crop of neck and chest.
    ///
    /// ## Limit and source
    /// Clothes without a hood, as school notices ask; the standard is silent. A person decides. More than 14 % goes to a person, more than 30 % fails. Of the development photos not held out, 95 of 96 without a hood lie at 13 % at most, 7 with one at 14 % and more: real hoods are few, so the net is shy.
    ///
    /// ## What to do
    /// Wear a top without a hood and shoot again.
    HOOD_ABSENT {
        id: "hood-absent",
        name: text("衣服无帽", "No hood"),
        clause: "—",
        unit: Unit::Ratio,
        limit: Limit::at_most(0.3),
        review: Limit::at_most(0.14),
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
        let likely =
            |p| verdict(&HOOD_ABSENT, &Portrait::new().seeming(|seen| seen.clothing.hood = p).evidence());
        assert_eq!([0.1, 0.2, 0.4].map(likely), ["pass", "review", "fail"]);
    }

    #[test]
    fn without_a_chest_or_a_face_nothing_is_assessed() {
        assert_eq!(verdict(&HOOD_ABSENT, &Portrait::ending_at_the_chin()), "not-assessed");
        assert_eq!(verdict(&HOOD_ABSENT, &Portrait::nobody()), "not-assessed");
    }
}
