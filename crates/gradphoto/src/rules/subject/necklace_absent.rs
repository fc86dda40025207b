use crate::rules::prelude::*;

rule! {
    /// Whether the neck is free of necklaces.
    ///
    /// ## What is measured
    /// Probability that a necklace, chain or cord lies around the neck, from a head on the parsing net.
    ///
    /// ## Limit and source
    /// No necklace (clause 二.4), no figure. More than 15 % goes to a person, more than 40 % fails. Of the development photos of held-out people, 48 bare necks lie at 13 % at most, 16 of 17 necklaces at 22 % and more, and one, a thin chain in an open shirt, at 2 %.
    ///
    /// ## What to do
    /// Take off necklace, chain or cord and shoot again.
    NECKLACE_ABSENT {
        id: "necklace-absent",
        name: text("不戴项链", "No necklace"),
        clause: "二.4",
        unit: Unit::Ratio,
        limit: Limit::at_most(0.4),
        review: Limit::at_most(0.15),
        severity: Severity::Advise,
        below: text("没有项链（{value}，应达到{min}）。", "No necklace ({value}, {min} is required)."),
        above: text("疑似佩戴项链（可能性{value}，不应超过{max}），请摘下后重拍。", "A necklace seems to be worn (certainty {value}, at most {max} is allowed). Take it off."),
    }
}

fn measure(evidence: &Evidence, _: &Reference) -> Measured {
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
        assert_eq!([0.1, 0.3, 0.5].map(likely), ["pass", "review", "fail"]);
    }

    #[test]
    fn without_a_chest_or_a_face_nothing_is_assessed() {
        assert_eq!(verdict(&NECKLACE_ABSENT, &Portrait::ending_at_the_chin()), "not-assessed");
        assert_eq!(verdict(&NECKLACE_ABSENT, &Portrait::nobody()), "not-assessed");
    }
}
