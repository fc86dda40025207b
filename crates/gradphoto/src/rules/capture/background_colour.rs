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
                reason: text("背景颜色与规定颜色相比{degree}{seen}重拍。", "The background is {degree} {seen} and retake the photo."),
            },
        },
        severity: Severity::Reject,
        seen: OTHER,
        compare: compare,
    }
}

const OTHER: Text = text("不同，请使用规定颜色的背景", "different from the required colour; use the required one");
const DARKER: Text = text("偏暗，请增加背景光或曝光后", "darker than required; light it more or expose more");
const LIGHTER: Text = text("偏亮，请减少背景光或曝光后", "lighter than required; light it less or expose less");

fn measure(evidence: &Evidence) -> Measured {
    let Lab { l, a, b, .. } = evidence.background()?.colour;
    Ok(Measurement::of_parts([l, a, b].map(f64::from).to_vec()))
}

fn compare(parts: &[f64], reference: &Reference) -> Option<(f64, Option<Text>)> {
    let &[l, a, b] = parts else { return None };
    let colour = Lab::new(l as f32, a as f32, b as f32);
    let wanted = reference.background_colours.iter().map(|rgb| lab_from_rgb(*rgb));
    let differences = wanted.map(|wanted| (delta_e(colour, wanted), wanted));
    let (difference, nearest) = differences.min_by(|(one, _), (other, _)| one.total_cmp(other))?;
    // Where the lightness makes most of the difference, the wall is the right one.
    let in_its_light = delta_e(Lab::new(nearest.l, colour.a, colour.b), nearest);
    let seen = if in_its_light > difference / 2.0 {
        OTHER
    } else if colour.l < nearest.l {
        DARKER
    } else {
        LIGHTER
    };
    Some((difference, Some(seen)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Portrait, reason, verdict};

    #[test]
    fn studio_blues_pass_white_and_navy_fail() {
        let on = |rgb| verdict(&BACKGROUND_COLOUR, &on_background(rgb).evidence());
        assert_eq!(
            [[100, 197, 255], [67, 142, 219], [255, 255, 255], [30, 46, 118]].map(on),
            ["pass", "review", "fail", "fail"]
        );
    }

    #[test]
    fn the_right_wall_in_too_little_light_is_to_be_lit() {
        let told = |rgb| reason(&BACKGROUND_COLOUR, &on_background(rgb).evidence());
        for (rgb, cure) in [([72, 142, 184], "增加背景光"), ([205, 40, 40], "规定颜色的背景")] {
            assert!(told(rgb).contains(cure), "{rgb:?}: {}", told(rgb));
        }
    }

    fn on_background(rgb: [u8; 3]) -> Portrait {
        Portrait::new().recoloured(Class::Background, move |_| rgb)
    }
}
