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
    /// Shoot before the right background. Replacing it by software shows at the hair and is refused by many portals.
    BACKGROUND_COLOUR {
        id: "background-colour",
        name: text("背景颜色", "Background colour"),
        clause: "二.1",
        unit: Unit::DeltaE,
        limit: Limit::at_most(18.5),
        review: Limit::at_most(12.0),
        severity: Severity::Reject,
        below: text("背景与规定颜色的色差为{value}，低于{min}。", "The background differs from the required colour by {value}, less than {min}."),
        above: text("背景颜色不符合要求（色差{value}，应在{max}以内），请使用规定颜色的背景重拍。", "The background is not of the required colour (difference {value}, at most {max} allowed). Shoot before the required background."),
    }
}

fn measure(evidence: &Evidence, reference: &Reference) -> Measured {
    let background = evidence.background()?;
    let references = reference.background_colours.iter().map(|rgb| lab_from_rgb(*rgb));
    let nearest = references.map(|wanted| delta_e(background.colour, wanted)).fold(f64::INFINITY, f64::min);
    Ok(Measurement::new(nearest))
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

    #[test]
    fn without_a_face_nothing_is_assessed() {
        assert_eq!(verdict(&BACKGROUND_COLOUR, &Portrait::nobody()), "not-assessed");
    }
}
