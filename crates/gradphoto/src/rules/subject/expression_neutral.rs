use crate::rules::prelude::*;

rule! {
    /// Whether the expression is calm.
    ///
    /// ## What is measured
    /// Width of the mouth over the distance of the eyes, plus twice the lift of its corners over the distance from eyes to chin. It grows with a smile.
    ///
    /// ## Limit and source
    /// Natural expression (表情自然, clause 二.2), no figure; a closed-lip smile is allowed. More than 112 % is pointed out as slight, more than 125 % as clear; advice only. On development photos of one and the same people 98 % of neutral faces lie below 88 %, smiling ones at 97 % in the median; 98 % of 278 studio portraits with closed lips stay below 112 %.
    ///
    /// ## What to do
    /// Relax the face and retake the photo.
    EXPRESSION_NEUTRAL {
        id: "expression-neutral",
        name: text("表情自然", "Neutral expression"),
        quantity: text("嘴角展开幅度", "Spread of the mouth"),
        clause: "二.2",
        unit: Unit::Ratio,
        requirement: Requirement::AtMost {
            limit: 1.25,
            review: 1.12,
            fault: Fault {
                name: text("笑容较大", "Broad smile"),
                reason: text("笑容{degree}偏大，请放松面部后重拍。", "The smile is {degree} too broad. Relax the face."),
            },
        },
        severity: Severity::Advise,
    }
}

fn measure(evidence: &Evidence) -> Measured {
    let landmarks = &evidence.subject()?.landmarks;
    let [right, left, upper, lower] = [61, 291, 13, 14].map(|i| landmarks.point(i));
    let width = right.distance(left) / landmarks.inter_eye_distance_px();
    let lift = (upper.midpoint(lower).y - right.midpoint(left).y) / landmarks.eye_chin_distance_px();
    let mouth = Region::around([right, left, upper, lower]);
    Ok(Measurement::new(width + 2.0 * lift).at(mouth))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Portrait, verdict};

    #[test]
    fn a_spread_mouth_goes_to_review_and_then_is_pointed_out() {
        // The drawn eyes are 90 px apart.
        let mouth = |width: f64| {
            let portrait = Portrait::new().point(61, 240.0 - width / 2.0, 345.0).point(291, 240.0 + width / 2.0, 345.0);
            verdict(&EXPRESSION_NEUTRAL, &portrait.evidence())
        };
        assert_eq!([70.0, 105.0, 115.0].map(mouth), ["pass", "review", "fail"]);
    }
}
