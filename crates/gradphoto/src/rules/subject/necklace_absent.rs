use crate::rules::prelude::*;

rule! {
    /// Whether the neck is free of necklaces.
    ///
    /// ## What is measured
    /// Probability that a necklace, chain or cord lies around the neck or over the clothes: the odds of a head on the parsing net, raised by how much of a necklace the parsing itself paints, in squares of the face's width. What shines on a bare neck misleads the one or the other, seldom both.
    ///
    /// ## Limit and source
    /// No necklace (clause 二.4), no figure. More than 12 % is pointed out as possible, more than 70 % as very likely; advice, or a question where a profile asks. Of people and sources that the heads did not learn from, 12 of 202 bare necks read more than 12 % and three more than 70 %, 3 of 24 necklaces less than 12 %: chains that end with the photo or hide in a collar.
    ///
    /// ## What to do
    /// Take the necklace, chain or cord off and retake the photo.
    NECKLACE_ABSENT {
        id: "necklace-absent",
        name: text("不戴项链", "No necklace"),
        quantity: text("戴项链的可能性", "Probability of a necklace"),
        clause: "二.4",
        unit: Unit::Probability,
        requirement: Requirement::AtMost {
            limit: 0.7,
            review: 0.12,
            fault: Fault {
                name: text("戴项链", "Necklace"),
                reason: text("颈部{guess}佩戴项链，请摘下后重拍。", "The person is {guess} wearing a necklace. Take it off."),
            },
        },
        severity: Severity::Advise,
    }
}

/// The powers of the head's odds and of the painted area that the odds of both grow with; fitted together.
const WEIGHTS: (f64, f64) = (0.858, 0.575);
/// The painted area, in squares of the face's width, that says nothing for or against a necklace.
const TELLS_NOTHING: f64 = 9.6e-4;
/// What an area counts for at least: a chain may be too thin to be painted.
const LEAST_AREA: f64 = 1e-4;

fn measure(evidence: &Evidence) -> Measured {
    let (clothing, region) = evidence.clothing_state()?;
    let subject = evidence.subject()?;
    let painted = subject.parsing.area_px2(Class::Necklace) / subject.landmarks.face_width_px().powi(2);
    let (worn, bare) = (clothing.necklace, 1.0 - clothing.necklace);
    let worn = worn.powf(WEIGHTS.0) * ((painted + LEAST_AREA) / TELLS_NOTHING).powf(WEIGHTS.1);
    Ok(Measurement::new(worn / (worn + bare.powf(WEIGHTS.0))).at(region))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Portrait, verdict};

    #[test]
    fn the_probability_decides() {
        let likely =
            |p| verdict(&NECKLACE_ABSENT, &Portrait::new().seeming(|seen| seen.clothing.necklace = p).evidence());
        assert_eq!([0.2, 0.6, 0.98].map(likely), ["pass", "review", "fail"]);
    }

    #[test]
    fn a_chain_that_the_parsing_paints_counts_too() {
        let chain = |width| {
            let portrait = Portrait::new().seeming(|seen| seen.clothing.necklace = 0.25);
            let painted = portrait.paint(Class::Necklace, [200.0, 450.0, width, 12.0], [200, 180, 90]);
            verdict(&NECKLACE_ABSENT, &painted.evidence())
        };
        assert_eq!([0.0, 10.0, 100.0].map(chain), ["pass", "review", "fail"]);
    }
}
