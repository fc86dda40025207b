use crate::rules::prelude::*;

rule! {
    /// Whether both shoulders are at the same height.
    ///
    /// ## What is measured
    /// Slope of the shoulders' outline in degrees, positive when the subject's left shoulder is lower: two thirds the line between both shoulders, one third the difference in how steeply they fall off. Where hair lies over a shoulder, the rest of it counts.
    ///
    /// ## Limit and source
    /// Shoulders balanced (clause 二.2), no published figure. More than 9° is pointed out, more than 12° fails where a profile rejects (proposed); advice, or a question where a profile asks. Photographers pose people with the body turned: of official portraits 0 to 9 % by source read more than 9°, up to 27 % more than 6°. Of 102 composites one reads more than 9°; of 44 drawn tilts of 11°, added to what a person has, 9 read less: what is seen of them is less.
    ///
    /// ## What to do
    /// Sit up straight, let both shoulders drop to one height and retake the photo.
    SHOULDERS_LEVEL {
        id: "shoulders-level",
        name: text("双肩平衡", "Shoulders level"),
        quantity: text("双肩倾斜角度", "Slope of the shoulders"),
        clause: "二.2",
        unit: Unit::Degrees,
        requirement: Requirement::Between {
            limit: (-12.0, 12.0),
            review: (-9.0, 9.0),
            below: Fault {
                name: text("右肩偏低", "Right shoulder lower"),
                reason: text("右肩偏低{value}，应{allowed}，请双肩放平后重拍。", "The right shoulder is lower by {value}; {allowed} is tolerated. Level both shoulders."),
            },
            above: Fault {
                name: text("左肩偏低", "Left shoulder lower"),
                reason: text("左肩偏低{value}，应{allowed}，请双肩放平后重拍。", "The left shoulder is lower by {value}; {allowed} is tolerated. Level both shoulders."),
            },
        },
        severity: Severity::Advise,
    }
}

fn measure(evidence: &Evidence) -> Measured {
    let unseen = text("双肩未完整入镜，无法测量。", "At least one shoulder is not in the picture.");
    let slope = evidence.subject()?.outline.shoulder_slope_deg.ok_or(NotAssessed::NotSeen(unseen))?;
    Ok(Measurement::new(slope))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Portrait, verdict};

    #[test]
    fn shoulders_may_slope_by_9_degrees_and_fail_beyond_12() {
        let sloped = |degrees: f64| {
            let top = move |x: f64| 520.0 + (x - 240.0) * degrees.to_radians().tan();
            let clear = Portrait::new().paint(Class::Background, [0.0, 470.0, 480.0, 170.0], Portrait::BLUE);
            let portrait = clear.paint_where(Class::Cloth, move |p| p.y > top(p.x), |_| [40, 40, 45]).paint(
                Class::Neck,
                [190.0, 380.0, 100.0, 130.0],
                Portrait::SKIN,
            );
            verdict(&SHOULDERS_LEVEL, &portrait.evidence())
        };
        let verdicts = [-15.0, -10.5, -8.0, 8.0, 10.5, 15.0].map(sloped);
        assert_eq!(verdicts, ["fail", "review", "pass", "pass", "review", "fail"]);
    }

    #[test]
    fn hair_over_a_shoulder_does_not_lift_it() {
        let hair = [Portrait::new(), Portrait::new().paint(Class::Hair, [290.0, 420.0, 70.0, 220.0], [30, 25, 20])];
        let slopes = hair.map(|portrait| measure(&portrait.evidence()).unwrap().value);
        assert!((slopes[0] - slopes[1]).abs() < 1.0, "{slopes:?}");
    }
}
