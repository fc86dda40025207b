use crate::rules::prelude::*;

rule! {
    /// Whether the background has the colour that the school asks for.
    ///
    /// ## What is measured
    /// Colour difference CIEDE2000 between the median background and the nearest reference colour of the profile.
    ///
    /// ## Limit and source
    /// The standard gives references only: light blue RGB(100,197,255), white, light grey (clause 二.1). Colours that portals accept lie up to 16.5 from the blue, white and grey 20 and more: up to 18.5 passes or goes to a person from 12 on, beyond it fails (calibrated on development photos).
    ///
    /// ## What to do
    /// Retake the photo in front of the right background. Replacing it by software shows at the hair and is refused by many portals.
    BACKGROUND_COLOUR {
        id: "background-colour",
        name: text("背景颜色", "Background colour"),
        quantity: text("与规定颜色的色差", "Difference from the required colour"),
        clause: "二.1",
        unit: Unit::DeltaE,
        requirement: Requirement::AtMost {
            limit: 18.5,
            review: 12.0,
            fault: Fault {
                name: text("背景颜色不符", "Wrong background colour"),
                reason: text("背景颜色与规定颜色{degree}不同，请使用规定颜色的背景重拍。", "The background is {degree} different from the required colour. Retake the photo in front of the required background."),
            },
        },
        severity: Severity::Reject,
        compare: compare,
    }
}

fn measure(evidence: &Evidence) -> Measured {
    let Lab { l, a, b, .. } = evidence.background()?.colour;
    Ok(Measurement::of_parts([l, a, b].map(f64::from).to_vec()))
}

fn compare(parts: &[f64], reference: &Reference) -> Option<(f64, Option<Text>)> {
    let &[l, a, b] = parts else { return None };
    let colour = Lab::new(l as f32, a as f32, b as f32);
    let wanted = reference.background_colours.iter().map(|rgb| delta_e(colour, lab_from_rgb(*rgb)));
    Some((wanted.min_by(f64::total_cmp)?, None))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Portrait, verdict};

    #[test]
    fn studio_blues_pass_white_and_navy_fail() {
        let on = |rgb| verdict(&BACKGROUND_COLOUR, &on_background(rgb).evidence());
        assert_eq!(
            [[100, 197, 255], [67, 142, 219], [255, 255, 255], [30, 46, 118]].map(on),
            ["pass", "review", "fail", "fail"]
        );
    }

    fn on_background(rgb: [u8; 3]) -> Portrait {
        Portrait::new().recoloured(Class::Background, move |_| rgb)
    }
}
