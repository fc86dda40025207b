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
        name: text("背景无阴影", "Background shadow"),
        clause: "二.1",
        unit: Unit::Lab,
        limit: Limit::at_most(12.0),
        review: Limit::at_most(6.0),
        severity: Severity::Reject,
        below: text("背景最暗处比整体暗{value}，低于{min}。", "The darkest background is {value} below the rest, less than {min}."),
        above: text("背景有阴影（比背景暗{value}，应在{max}以内），请离背景远一些或给背景补光后重拍。", "There is a shadow on the background ({value} darker, at most {max} allowed). Step away from the background or light it."),
    }
}

fn measure(evidence: &Evidence, _: &Reference) -> Measured {
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

    #[test]
    fn without_a_face_nothing_is_assessed() {
        assert_eq!(verdict(&BACKGROUND_SHADOW, &Portrait::nobody()), "not-assessed");
    }
}
