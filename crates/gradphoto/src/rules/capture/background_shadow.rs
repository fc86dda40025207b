use crate::rules::prelude::*;

rule! {
    /// Whether the person casts a shadow on the background.
    ///
    /// ## What is measured
    /// How much darker than the median the darkest 3 % of the background are, in L* of CIELAB.
    ///
    /// ## Limit and source
    /// No shadow (不得有阴影, clause 二.1), no figure. More than 6 goes to a person, more than 12 fails. Calibrated on development photos: plain composites stay below 2, drawn shadows start at 13.
    ///
    /// ## What to do
    /// Step away from the background or light it separately.
    BACKGROUND_SHADOW {
        id: "background-shadow",
        name: text("背景无阴影", "No background shadow"),
        quantity: text("背景最暗处比整体暗多少", "Darkest part below the rest"),
        clause: "二.1",
        unit: Unit::Lab,
        requirement: Requirement::AtMost {
            limit: 12.0,
            review: 6.0,
            fault: Fault {
                name: text("背景有阴影", "Background shadow"),
                reason: text("背景{degree}有阴影，请离背景远一些或给背景补光后重拍。", "There is a {degree} visible shadow on the background. Step away from the background or light it."),
            },
        },
        severity: Severity::Reject,
    }
}

fn measure(evidence: &Evidence) -> Measured {
    let background = evidence.background()?;
    let lightness = background.tiles.iter().map(|tile| tile.l).collect();
    let darkest = percentile(lightness, 3.0).unwrap_or(background.colour.l);
    Ok(Measurement::new((background.colour.l - darkest).max(0.0).into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Portrait, verdict};

    #[test]
    fn a_shadow_beside_the_head_goes_to_review_and_then_fails() {
        let shaded = |share: f64| {
            let shade = move |p: Point| {
                let dark = if (350.0..400.0).contains(&p.x) && p.y < 450.0 { share } else { 1.0 };
                Portrait::BLUE.map(|c| (f64::from(c) * dark) as u8)
            };
            verdict(&BACKGROUND_SHADOW, &Portrait::new().recoloured(Class::Background, shade).evidence())
        };
        assert_eq!([1.0, 0.88, 0.7].map(shaded), ["pass", "review", "fail"]);
    }
}
