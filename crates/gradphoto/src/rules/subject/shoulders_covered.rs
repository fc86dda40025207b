use crate::rules::prelude::*;

rule! {
    /// Whether shoulders and chest are covered.
    ///
    /// ## What is measured
    /// Probability that shoulders or chest are bare, from a head on the parsing net.
    ///
    /// ## Limit and source
    /// No camisoles, no sleeveless or low-cut tops, as school notices ask; the standard is silent. More than 25 % goes to a person, more than 60 % fails. Of the development photos of held-out people, 47 with covered shoulders lie at 61 % at most, 44 of them at 25 % at most, and four with bare ones at 68 to 84 %: four are few.
    ///
    /// ## What to do
    /// Wear a top that covers shoulders and chest and shoot again.
    SHOULDERS_COVERED {
        id: "shoulders-covered",
        name: text("肩部不裸露", "Shoulders covered"),
        clause: "—",
        unit: Unit::Ratio,
        limit: Limit::at_most(0.6),
        review: Limit::at_most(0.25),
        severity: Severity::Reject,
        below: text("肩部已遮住（{value}，应达到{min}）。", "The shoulders are covered ({value}, {min} is required)."),
        above: text("疑似吊带、无袖或低胸上衣（可能性{value}，不应超过{max}），请换遮住肩部的上衣后重拍。", "Shoulders or chest seem to be bare (certainty {value}, at most {max} is allowed). Wear a top that covers the shoulders."),
    }
}

fn measure(evidence: &Evidence, _: &Reference) -> Measured {
    let (clothing, region) = evidence.clothing_state()?;
    Ok(Measurement::new(clothing.shoulders_bare).at(region))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Portrait, verdict};

    #[test]
    fn the_probability_decides() {
        let likely = |p| {
            verdict(&SHOULDERS_COVERED, &Portrait::new().seeming(|seen| seen.clothing.shoulders_bare = p).evidence())
        };
        assert_eq!([0.2, 0.5, 0.7].map(likely), ["pass", "review", "fail"]);
    }

    #[test]
    fn without_a_chest_or_a_face_nothing_is_assessed() {
        assert_eq!(verdict(&SHOULDERS_COVERED, &Portrait::ending_at_the_chin()), "not-assessed");
        assert_eq!(verdict(&SHOULDERS_COVERED, &Portrait::nobody()), "not-assessed");
    }
}
