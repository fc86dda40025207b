use crate::rules::prelude::*;

rule! {
    /// Whether both ears show alike.
    ///
    /// ## What is measured
    /// Area of the smaller ear over that of the larger one, as the parsing net sees them, without what the turn of the head explains: a degree hides a seventh of the ear on the far side. A head turned beyond 5° is the matter of head-yaw.
    ///
    /// ## Limit and source
    /// Ears symmetric (clause 二.2), no figure. Less than 30 % is pointed out as slight, less than 15 % as clear (proposed); advice, or a question where a profile asks. Of 347 frontal official portraits that show both ears, 0 to 7 % by source read less than 30 %, nearly all with hair on one ear. A hidden ear is the matter of ears-visible.
    ///
    /// ## What to do
    /// Face the camera squarely and let both ears show alike.
    EARS_SYMMETRIC {
        id: "ears-symmetric",
        name: text("双耳对称", "Ears symmetric"),
        quantity: text("左右耳大小之比", "Ratio of the ears"),
        clause: "二.2",
        unit: Unit::Ratio,
        requirement: Requirement::AtLeast {
            limit: 0.15,
            review: 0.3,
            fault: Fault {
                name: text("双耳不对称", "Ears not symmetric"),
                reason: text("左右耳露出的大小{degree}不同，请正对镜头并露出双耳。", "One ear shows {degree} less than the other. Face the camera squarely and show both ears."),
            },
        },
        severity: Severity::Advise,
    }
}

/// An ear less likely visible than this is hidden, and the matter of ears-visible.
const HIDDEN: f64 = 0.5;
/// In crop pixels; a larger ear that is smaller than this shows too little to compare.
const SMALLEST_EAR_PX: usize = 60;

/// Degrees beyond which a turned head hides more of an ear than its turn explains.
const TURNED_DEG: f64 = 5.0;
/// How many times an ear's area is halved when the head turns it away by one degree.
const HALVINGS_PER_DEG: f64 = 0.22;

fn measure(evidence: &Evidence) -> Measured {
    let subject = evidence.subject()?;
    if subject.appearance.ears_visible.lesser().1 < HIDDEN {
        return Err(NotAssessed::NotSeen(text(
            "有耳朵被遮住，无法比较。",
            "An ear is hidden, so there is nothing to compare.",
        )));
    }
    if subject.head_pose.yaw_deg.abs() > TURNED_DEG {
        return Err(NotAssessed::NotSeen(text(
            "头部转向一侧，无法比较双耳。",
            "The head is turned, so the ears cannot be compared.",
        )));
    }
    let areas = subject.parsing.class_areas_by_side(Class::Ear, &subject.landmarks);
    let ((side, smaller), (_, larger)) = (areas.lesser(), areas.greater());
    if larger < SMALLEST_EAR_PX {
        return Err(NotAssessed::NotSeen(text(
            "双耳都看不清，无法比较。",
            "Neither ear can be seen well enough to compare them.",
        )));
    }
    let halvings = (larger as f64 / smaller.max(1) as f64).log2();
    // A head that turns to its left hides its left ear.
    let turned_away_deg = if side == BodySide::Left { 1.0 } else { -1.0 } * subject.head_pose.yaw_deg;
    let unexplained = halvings - HALVINGS_PER_DEG * turned_away_deg;
    Ok(Measurement::new((-unexplained.abs()).exp2()).at(subject.landmarks.ear_region(side)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Portrait, verdict};

    /// The verdict where the right ear is 60 px high and the left one `height`.
    fn left_ear(height: f64) -> &'static str {
        let ear = |portrait: Portrait, x, height| portrait.paint(Class::Ear, [x, 240.0, 20.0, height], Portrait::SKIN);
        verdict(&EARS_SYMMETRIC, &ear(ear(Portrait::new(), 120.0, 60.0), 340.0, height).evidence())
    }

    #[test]
    fn one_ear_may_show_less_than_the_other() {
        assert_eq!([6.0, 15.0, 60.0].map(left_ear), ["fail", "review", "pass"]);
    }

    #[test]
    fn what_the_turn_of_the_head_hides_does_not_count() {
        let turned = |yaw_deg| {
            let ear =
                |portrait: Portrait, x, height| portrait.paint(Class::Ear, [x, 240.0, 20.0, height], Portrait::SKIN);
            let portrait = ear(ear(Portrait::new(), 120.0, 60.0), 340.0, 12.0).posed(yaw_deg, 0.0, 0.0);
            verdict(&EARS_SYMMETRIC, &portrait.evidence())
        };
        assert_eq!([4.0, 0.0, -4.0, 8.0].map(turned), ["pass", "review", "fail", "not-assessed"]);
    }

    #[test]
    fn a_hidden_ear_is_left_to_its_own_rule() {
        let hidden = Portrait::new().seeming(|seen| seen.ears_visible.left = 0.1);
        let ear = hidden.paint(Class::Ear, [120.0, 240.0, 20.0, 60.0], Portrait::SKIN);
        assert_eq!(verdict(&EARS_SYMMETRIC, &ear.evidence()), "not-assessed");
    }

    #[test]
    fn without_ears_nothing_is_assessed() {
        assert_eq!(verdict(&EARS_SYMMETRIC, &Portrait::new().evidence()), "not-assessed");
        assert_eq!(verdict(&EARS_SYMMETRIC, &Portrait::nobody()), "not-assessed");
    }
}
