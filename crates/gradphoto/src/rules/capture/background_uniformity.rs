use crate::rules::prelude::*;

rule! {
    /// Whether the background is even, without gradient or texture.
    ///
    /// ## What is measured
    /// CIEDE2000 from the median background colour that 95 % of all background tiles stay below. A tile is 1/36 of the crop's width; its median ignores noise.
    ///
    /// ## Limit and source
    /// Even, without gradient (均匀无渐变, clause 二.1), no figure. More than 4 goes to a person, more than 8 fails. Calibrated on development photos: plain composites stay below 1, real blue studio backgrounds at 2.3 in the median and below 8 in 90 %, drawn gradients and textures start at 6.
    ///
    /// ## What to do
    /// Light the background evenly and keep a metre between person and background.
    BACKGROUND_UNIFORMITY {
        id: "background-uniformity",
        name: text("背景均匀", "Even background"),
        quantity: text("背景各处的色差", "Variation of the background"),
        clause: "二.1",
        unit: Unit::DeltaE,
        requirement: Requirement::AtMost {
            limit: 8.0,
            review: 4.0,
            fault: Fault {
                name: text("背景不均匀", "Uneven background"),
                reason: text("背景{degree}不均匀或有花纹，请使用均匀的背景并打匀背景光后重拍。", "The background is {degree} uneven or patterned. Use a plain, evenly lit background."),
            },
        },
        severity: Severity::Reject,
    }
}

fn measure(evidence: &Evidence) -> Measured {
    Ok(Measurement::new(evidence.background()?.unevenness()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Portrait, verdict};

    #[test]
    fn a_gradient_goes_to_review_and_then_fails() {
        let gradient = |span: f64| {
            let towards_white = move |p: Point| {
                let share = span * p.x / 480.0;
                Portrait::BLUE.map(|c| (f64::from(c) + share * (255.0 - f64::from(c))) as u8)
            };
            verdict(&BACKGROUND_UNIFORMITY, &Portrait::new().recoloured(Class::Background, towards_white).evidence())
        };
        assert_eq!([0.0, 0.55, 1.0].map(gradient), ["pass", "review", "fail"]);
    }
}
