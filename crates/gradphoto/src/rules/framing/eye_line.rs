use crate::rules::prelude::*;

rule! {
    /// How far the eyes lie below the upper edge.
    ///
    /// ## What is measured
    /// Mean height of the two iris centres, in pixels of a 480x640 photo.
    ///
    /// ## Limit and source
    /// 200 to 300 px (clause 四.2); 3 px more on either side go to a person, because the mesh is that uncertain.
    ///
    /// ## What to do
    /// Crop again. Only cropping and scaling are allowed, never rotating (clause 一.2).
    EYE_LINE {
        id: "eye-line",
        name: text("眼睛高度", "Eye line"),
        quantity: text("眼睛到上边的距离", "From the upper edge to the eyes"),
        clause: "四.2",
        unit: Unit::Pixels,
        requirement: Requirement::Between {
            limit: (197.0, 303.0),
            review: (200.0, 300.0),
            below: Fault {
                name: text("眼睛太高", "Eyes too high"),
                reason: text("眼睛离上边只有{value}，应{allowed}，请重新裁剪，头顶上方多留一些。", "The eyes are only {value} from the upper edge; {allowed} is required. Crop again with more room above the head."),
            },
            above: Fault {
                name: text("眼睛太低", "Eyes too low"),
                reason: text("眼睛离上边{value}，应{allowed}，请重新裁剪，头顶上方少留一些。", "The eyes are {value} from the upper edge; {allowed} is required. Crop again with less room above the head."),
            },
        },
        severity: Severity::Reject,
    }
}

fn measure(evidence: &Evidence) -> Measured {
    let subject = evidence.subject()?;
    let eyes = subject.landmarks.eye_midpoint();
    let width = f64::from(evidence.photo.pixels().width());
    let line = Region { x: 0.0, y: eyes.y, width, height: 0.0 };
    Ok(Measurement::new(evidence.standard_y_px(eyes.y)).at(line))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Portrait, verdict};

    #[test]
    fn eyes_at_the_limit_pass_and_beyond_it_go_to_review_then_fail() {
        let eyes_at = |y| verdict(&EYE_LINE, &Portrait::new().moved(0.0, y - Portrait::EYE_Y).evidence());
        assert_eq!(
            [196.0, 199.0, 200.0, 300.0, 302.0, 304.0].map(eyes_at),
            ["fail", "review", "pass", "pass", "review", "fail"]
        );
    }
}
