use crate::rules::prelude::*;

rule! {
    /// How much room there is above the hair.
    ///
    /// ## What is measured
    /// Distance from the upper edge to the top of the hair (头顶发际), in pixels of a 480x640 photo. A head covering counts as hair. ISO/IEC 29794-5 calls the like measure margin above.
    ///
    /// ## Limit and source
    /// 50 to 110 px (clause 四.2); 1 px beyond passes, 5 px go to a person, because hair has no sharp edge.
    ///
    /// ## What to do
    /// Crop again. A bun or high ponytail that alone exceeds the room may have to come down.
    HEAD_TOP_MARGIN {
        id: "head-top-margin",
        name: text("头顶到上边的距离", "Head top margin"),
        quantity: text("头顶到上边的距离", "From the upper edge to the hair"),
        clause: "四.2",
        unit: Unit::Pixels,
        requirement: Requirement::Between {
            limit: (45.0, 115.0),
            review: (49.0, 111.0),
            below: Fault {
                name: text("头顶离上边太近", "Too little room above the head"),
                reason: text("头顶离上边只有{value}，应{allowed}，请重新裁剪，头顶上方多留一些。", "The hair is only {value} from the upper edge; {allowed} is required. Crop again with more room above the head."),
            },
            above: Fault {
                name: text("头顶离上边太远", "Too much room above the head"),
                reason: text("头顶离上边{value}，应{allowed}，请重新裁剪，头顶上方少留一些。", "The hair is {value} from the upper edge; {allowed} is required. Crop again with less room above the head."),
            },
        },
        severity: Severity::Reject,
    }
}

fn measure(evidence: &Evidence) -> Measured {
    let subject = evidence.subject()?;
    let unseen = text("头顶不在照片内，无法测量。", "The top of the head is not in the photo.");
    let crown_y = subject.outline.crown_y.ok_or(NotAssessed::NotSeen(unseen))?;
    let face = subject.landmarks.face_midpoint();
    let half = subject.landmarks.face_width_px() / 2.0;
    let margin = Region { x: face.x - half, y: 0.0, width: 2.0 * half, height: crown_y.max(0.0) };
    Ok(Measurement::new(evidence.standard_y_px(crown_y).max(0.0)).at(margin))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Portrait, verdict};

    #[test]
    fn hair_may_start_from_50_to_110_px() {
        let blank = Portrait::new().paint(Class::Background, [0.0, 0.0, 480.0, 160.0], Portrait::BLUE);
        let hair_from =
            |y: f64| blank.clone().paint(Class::Hair, [140.0, y, 200.0, 162.0 - y], [30, 25, 25]).evidence();
        let verdicts = [40.0, 48.0, 55.0, 105.0, 112.0, 120.0].map(|y| verdict(&HEAD_TOP_MARGIN, &hair_from(y)));
        assert_eq!(verdicts, ["fail", "review", "pass", "pass", "review", "fail"]);
    }
}
