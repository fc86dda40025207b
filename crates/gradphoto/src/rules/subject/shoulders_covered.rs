use crate::rules::prelude::*;

rule! {
    /// Whether shoulders and chest are covered.
    ///
    /// ## What is measured
    /// Probability that shoulders or chest are bare, from a calibrated head on the parsing net.
    ///
    /// ## Limit and source
    /// No camisoles, no sleeveless or low-cut tops, as school notices ask; the standard is silent. More than 20 % goes to a person, more than 50 % fails. Of people and sources that the heads did not learn from, none of 244 with covered shoulders reads more than 20 %, and of 4 with bare ones none less: four are few.
    ///
    /// ## What to do
    /// Wear a top that covers shoulders and chest and retake the photo.
    SHOULDERS_COVERED {
        id: "shoulders-covered",
        name: text("肩部不裸露", "Shoulders covered"),
        quantity: text("肩部裸露的可能性", "Probability of bare shoulders"),
        clause: "—",
        unit: Unit::Probability,
        requirement: Requirement::AtMost {
            limit: 0.5,
            review: 0.2,
            fault: Fault {
                name: text("肩部裸露", "Bare shoulders"),
                reason: text("上衣{guess}为吊带、无袖或低胸款式，请换遮住肩部的上衣后重拍。", "Shoulders or chest are {guess} bare. Wear a top that covers the shoulders."),
            },
        },
        severity: Severity::Reject,
    }
}

fn measure(evidence: &Evidence) -> Measured {
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
        assert_eq!([0.1, 0.4, 0.7].map(likely), ["pass", "review", "fail"]);
    }
}
