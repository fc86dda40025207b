use crate::rules::prelude::*;

rule! {
    /// Whether the neck is free of necklaces.
    ///
    /// ## What is measured
    /// Probability that a necklace, chain or cord lies around the neck, from a small net on a crop of neck and chest; its odds grow with the area that the parsing takes for a necklace.
    ///
    /// ## Limit and source
    /// No necklace (clause 二.4), no figure. More than 28 % goes to a person, more than 45 % fails. Of the development photos not held out, 115 of 116 bare necks lie at 27 % at most, one at 42 %, and 34 necklaces at 36 % and more.
    ///
    /// ## What to do
    /// Take off necklace, chain or cord and shoot again.
    NECKLACE_ABSENT {
        id: "necklace-absent",
        name: text("不戴项链", "No necklace"),
        clause: "二.4",
        unit: Unit::Ratio,
        limit: Limit::at_most(0.45),
        review: Limit::at_most(0.28),
        severity: Severity::Advise,
        below: text("没有项链（{value}，应达到{min}）。", "No necklace ({value}, {min} is required)."),
        above: text("疑似佩戴项链（可能性{value}，不应超过{max}），请摘下后重拍。", "A necklace seems to be worn (certainty {value}, at most {max} is allowed). Take it off."),
    }
}

/// How much a necklace in the parsing raises the odds: this power of its area.
const AREA_POWER: f64 = 0.2;
/// Unit of that area, in parts of a square face width.
const AREAS_PER_SQUARE_FACE: f64 = 2844.0;

fn measure(evidence: &Evidence, _: &Reference) -> Measured {
    let (clothing, region) = evidence.clothing_state()?;
    let subject = evidence.subject()?;
    let square_face_px2 = subject.landmarks.face_width_px().powi(2);
    let area = AREAS_PER_SQUARE_FACE * subject.parsing.area_px2(Class::Necklace) / square_face_px2;
    let likely = clothing.necklace.min(0.999);
    let odds = likely / (1.0 - likely) * (1.0 + area).powf(AREA_POWER);
    Ok(Measurement::new(odds / (1.0 + odds)).at(region))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Portrait, verdict};

    #[test]
    fn the_probability_decides() {
        let likely =
            |p| verdict(&NECKLACE_ABSENT, &Portrait::new().seeming(|seen| seen.clothing.necklace = p).evidence());
        assert_eq!([0.1, 0.4, 0.6].map(likely), ["pass", "review", "fail"]);
    }

    #[test]
    fn without_a_chest_or_a_face_nothing_is_assessed() {
        assert_eq!(verdict(&NECKLACE_ABSENT, &Portrait::ending_at_the_chin()), "not-assessed");
        assert_eq!(verdict(&NECKLACE_ABSENT, &Portrait::nobody()), "not-assessed");
    }
}
