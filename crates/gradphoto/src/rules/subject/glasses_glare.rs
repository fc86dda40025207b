use crate::rules::prelude::*;

rule! {
    /// Whether glasses are free of reflections.
    ///
    /// ## What is measured
    /// Share of rims and lenses that is more than 16 L* lighter than the cheeks. Without glasses 0.
    ///
    /// ## Limit and source
    /// No reflections (眼镜不能有反光, clause 二.3), no figure. More than 3 % goes to a person, more than 10 % is pointed out (proposed); advice only, for it tells little on small photos: labelled by eye, 26 of 35 development photos with glare read less than 3 %, 17 of 191 without it more. Light rims count as well, soft and coloured reflections hardly do.
    ///
    /// ## What to do
    /// Move the lamps, tilt the glasses a little and shoot again.
    GLASSES_GLARE {
        id: "glasses-glare",
        name: text("眼镜无反光", "Glasses free of glare"),
        clause: "二.3",
        unit: Unit::Ratio,
        limit: Limit::at_most(0.10),
        review: Limit::at_most(0.03),
        severity: Severity::Advise,
        below: text("眼镜反光面积{value}，低于{min}。", "{value} of the glasses is bright, less than {min}."),
        above: text("眼镜有反光（{value}，应在{max}以内），请调整灯光或眼镜角度后重拍。", "The glasses reflect light ({value}, at most {max} expected). Move the lamps or tilt the glasses."),
    }
}

/// How much lighter than the cheeks a reflection is, in L*.
const GLARE_L: f32 = 16.0;

fn measure(evidence: &Evidence, _: &Reference) -> Measured {
    let Some(glasses) = &evidence.subject()?.glasses else { return Ok(Measurement::new(0.0)) };
    let bright = glasses.colours.iter().filter(|c| c.l > glasses.cheek.l + GLARE_L).count();
    Ok(Measurement::new(bright as f64 / glasses.colours.len() as f64).at(glasses.region))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Portrait, verdict};

    #[test]
    fn a_reflection_goes_to_review_and_then_is_pointed_out() {
        // The drawn glasses are 150 px wide.
        let glare = |width: f64| {
            let portrait = Portrait::new().glasses(Portrait::SKIN);
            let portrait = portrait.paint(Class::Glasses, [190.0, 230.0, width, 40.0], [255; 3]);
            verdict(&GLASSES_GLARE, &portrait.evidence())
        };
        assert_eq!([0.0, 10.0, 25.0].map(glare), ["pass", "review", "fail"]);
    }

    #[test]
    fn without_glasses_it_passes_and_without_a_face_nothing_is_assessed() {
        assert_eq!(verdict(&GLASSES_GLARE, &Portrait::new().evidence()), "pass");
        assert_eq!(verdict(&GLASSES_GLARE, &Portrait::nobody()), "not-assessed");
    }
}
