use crate::rules::prelude::*;

rule! {
    /// Whether make-up is light.
    ///
    /// ## What is measured
    /// Probability that make-up shows on lips, eyes or cheeks, from a calibrated head on the parsing net.
    ///
    /// ## Limit and source
    /// No make-up advised (不宜化妆, clause 二.4); the school's notice allows a little. No figure: more than 18 % is pointed out as possible, more than 70 % as very likely (proposed); advice, or a question where a profile asks. Of people and sources that the heads did not learn from, 6 of 260 without make-up or with a little read more than 18 % and none more than 70 %, 1 of 12 with it less than 18 %.
    ///
    /// ## What to do
    /// Take off the make-up or wear less of it and retake the photo.
    MAKEUP_LIGHT {
        id: "makeup-light",
        name: text("妆容清淡", "Light make-up"),
        quantity: text("化妆的可能性", "Probability of make-up"),
        clause: "二.4",
        unit: Unit::Probability,
        requirement: Requirement::AtMost {
            limit: 0.7,
            review: 0.18,
            fault: Fault {
                name: text("妆容偏浓", "Heavy make-up"),
                reason: text("妆容{guess}偏浓，请淡妆或素颜后重拍。", "Make-up is {guess} too heavy. Wear little or none."),
            },
        },
        severity: Severity::Advise,
    }
}

fn measure(evidence: &Evidence) -> Measured {
    let subject = evidence.subject()?;
    Ok(Measurement::new(subject.appearance.made_up).at(subject.landmarks.bounds()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Portrait, verdict};

    #[test]
    fn make_up_goes_to_review_and_then_is_pointed_out() {
        let likely = |p| verdict(&MAKEUP_LIGHT, &Portrait::new().seeming(|seen| seen.made_up = p).evidence());
        assert_eq!([0.15, 0.55, 0.9].map(likely), ["pass", "review", "fail"]);
    }
}
