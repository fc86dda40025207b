use crate::rules::prelude::*;

rule! {
    /// Whether make-up is light.
    ///
    /// ## What is measured
    /// How much redder the lips are than the cheeks, in CIELAB a*: comparing both on one photo takes out the light. It tells strong red lipstick, not powder, brows or pale lipstick.
    ///
    /// ## Limit and source
    /// No make-up advised (不宜化妆, clause 二.4); the school's notice allows a little. No figure: more than 28 goes to a person, more than 36 is pointed out (proposed); advice only. On development photos 98 % of men read less than 24, 95 % of women less than 27.
    ///
    /// ## What to do
    /// Remove strong lipstick and shoot again.
    MAKEUP_LIGHT {
        id: "makeup-light",
        name: text("妆容清淡", "Make-up light"),
        clause: "二.4",
        unit: Unit::Lab,
        limit: Limit::at_most(36.0),
        review: Limit::at_most(28.0),
        severity: Severity::Advise,
        below: text("唇色与肤色相差{value}，低于{min}。", "The lips are redder than the skin by {value}, less than {min}."),
        above: text("唇妆较浓（比肤色红{value}，应在{max}以内），请淡妆或素颜后重拍。", "The lips are strongly made up ({value} redder than the skin, at most {max} expected). Use less lipstick."),
    }
}

/// Fewer cells say nothing of a colour.
const MIN_CELLS: usize = 10;

fn measure(evidence: &Evidence, _: &Reference) -> Measured {
    let subject = evidence.subject()?;
    let lips = (0..subject.colours.lab.len()).filter(|&i| subject.colours.classes[i] == Some(Class::Lips));
    let lips = lips.map(|i| subject.colours.lab[i]).collect::<Vec<_>>();
    let cheeks = [BodySide::Right, BodySide::Left].map(|side| subject.cheek_colours(side)).concat();
    let unseen = NotAssessed::NotSeen(text("嘴唇看不清，无法判断。", "The lips are not clearly to be seen."));
    if lips.len() < MIN_CELLS {
        return Err(unseen);
    }
    let (lips, cheeks) = median(&lips).zip(median(&cheeks)).ok_or(unseen)?;
    let mouth = Region::around([61, 291, 0, 17].map(|i| subject.landmarks.point(i)));
    Ok(Measurement::new(f64::from(lips.a - cheeks.a)).at(mouth))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Portrait, verdict};

    #[test]
    fn red_lips_go_to_review_and_then_are_pointed_out() {
        // The drawn skin has an a* of 15.
        let lips = |rgb| {
            let portrait = Portrait::new().paint(Class::Lips, [205.0, 338.0, 70.0, 16.0], rgb);
            verdict(&MAKEUP_LIGHT, &portrait.evidence())
        };
        assert_eq!([[190, 110, 105], [188, 75, 78], [200, 20, 45]].map(lips), ["pass", "review", "fail"]);
    }

    #[test]
    fn without_a_face_or_lips_nothing_is_assessed() {
        assert_eq!(verdict(&MAKEUP_LIGHT, &Portrait::nobody()), "not-assessed");
        assert_eq!(verdict(&MAKEUP_LIGHT, &Portrait::new().evidence()), "not-assessed");
    }
}
