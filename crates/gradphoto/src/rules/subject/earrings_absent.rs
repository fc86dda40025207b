use crate::rules::prelude::*;

rule! {
    /// Whether earrings are worn.
    ///
    /// ## What is measured
    /// Probability of an earring at the more suspicious ear, from a small net on an aligned crop of each side of the head. The crop reaches down to the shoulder, for long earrings.
    ///
    /// ## Limit and source
    /// No earrings (clause 二.4); presence, no figure.
    ///
    /// ## What to do
    /// Take the earrings off and shoot again.
    EARRINGS_ABSENT {
        id: "earrings-absent",
        name: text("未戴耳饰", "No earrings"),
        clause: "二.4",
        unit: Unit::Ratio,
        limit: Limit::at_most(0.9),
        review: Limit::at_most(0.5),
        severity: Severity::Reject,
        below: text("耳饰可能性{value}，低于{min}。", "An earring is seen with a certainty of {value}, less than {min}."),
        above: text("{seen}耳疑似佩戴耳饰（可能性{value}，应在{max}以内），请摘下后重拍。", "There seems to be an earring at the {seen} ear (certainty {value}, at most {max} allowed). Take it off and shoot again."),
    }
}

fn measure(evidence: &Evidence, _: &Reference) -> Measured {
    let subject = evidence.subject()?;
    let [right, left] = subject.appearance.earrings;
    let (side, name) =
        if right >= left { (BodySide::Right, text("右", "right")) } else { (BodySide::Left, text("左", "left")) };
    Ok(Measurement::new(right.max(left)).seeing(name).at(subject.landmarks.ear_region(side)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Portrait, verdict};

    #[test]
    fn the_more_suspicious_ear_decides() {
        let ears = |earrings| {
            let portrait = Portrait::new().seeming(|seen| seen.earrings = earrings);
            verdict(&EARRINGS_ABSENT, &portrait.evidence())
        };
        assert_eq!([[0.01, 0.95], [0.7, 0.1], [0.4, 0.05]].map(ears), ["fail", "review", "pass"]);
    }

    #[test]
    fn without_a_face_nothing_is_assessed() {
        assert_eq!(verdict(&EARRINGS_ABSENT, &Portrait::nobody()), "not-assessed");
    }
}
