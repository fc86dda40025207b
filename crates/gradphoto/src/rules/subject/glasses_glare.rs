use crate::rules::prelude::*;

rule! {
    /// Whether glasses are free of reflections.
    ///
    /// ## What is measured
    /// How much white, bluish or greenish light a lens adds to what lies behind it, as a share of the red light of the cheeks. In any light on skin, green and blue are the same shares of red; what of them is too much was reflected, by glass or by its coating. 95 % of a lens, rim and eye left out, show less than this figure; the lens with more of it counts. Without glasses 0.
    ///
    /// ## Limit and source
    /// No reflections (眼镜不能有反光, clause 二.3), no figure. More than 80 % is pointed out as slight, more than 140 % as clear (proposed). Of 291 photos whose glasses are clear to the eye, most of them small ones of the web, 16 read more than 80 % and 5 more than 140 %; of 38 with glare 12 and 3: hence advice only. Light rims as wide as a tenth of the distance between the eyes count as well, grey photos are not assessed.
    ///
    /// ## What to do
    /// Move the lamps, tilt the glasses a little and retake the photo.
    GLASSES_GLARE {
        id: "glasses-glare",
        name: text("眼镜无反光", "No glare on glasses"),
        quantity: text("镜片反光强度", "Strength of the glare"),
        clause: "二.3",
        unit: Unit::Ratio,
        requirement: Requirement::AtMost {
            limit: 1.4,
            review: 0.8,
            fault: Fault {
                name: text("眼镜反光", "Glare on glasses"),
                reason: text("镜片{degree}有反光，请调整灯光或眼镜角度后重拍。", "The lenses {degree} reflect light. Move the lamps or tilt the glasses."),
            },
        },
        severity: Severity::Advise,
    }
}

fn measure(evidence: &Evidence) -> Measured {
    let Some(glasses) = evidence.glasses()? else { return Ok(Measurement::new(0.0)) };
    let unseen = text(
        "镜片太小或照片缺少色彩，无法判定。",
        "The lenses are too small or the photo has no colour, so this cannot be judged.",
    );
    let reflection = glasses.reflection.ok_or(NotAssessed::NotSeen(unseen))?;
    Ok(Measurement::new(reflection).at(glasses.region))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Portrait, verdict};

    /// Glasses with skin behind them and a spot of this colour on 70 of their 150 px.
    fn with_spot(rgb: [u8; 3]) -> Portrait {
        let portrait = Portrait::new().glasses(Portrait::SKIN);
        portrait.paint(Class::Glasses, [170.0, 230.0, 70.0, 20.0], rgb)
    }

    #[test]
    fn a_reflection_goes_to_review_and_then_is_pointed_out() {
        let skin_in_more_and_less_light = [[255, 193, 169], [106, 78, 67]];
        let reflecting = [[235, 230, 225], [252, 248, 255]];
        let spots = [skin_in_more_and_less_light, reflecting].concat();
        let verdicts = spots.into_iter().map(|rgb| verdict(&GLASSES_GLARE, &with_spot(rgb).evidence()));
        assert_eq!(verdicts.collect::<Vec<_>>(), ["pass", "pass", "review", "fail"]);
    }

    #[test]
    fn without_colour_it_is_not_assessed() {
        let grey = with_spot([255; 3]).recoloured(Class::Skin, |_| [160; 3]);
        assert_eq!(verdict(&GLASSES_GLARE, &grey.evidence()), "not-assessed");
    }

    #[test]
    fn without_glasses_it_passes_and_without_a_face_nothing_is_assessed() {
        assert_eq!(verdict(&GLASSES_GLARE, &Portrait::new().evidence()), "pass");
        assert_eq!(verdict(&GLASSES_GLARE, &Portrait::nobody()), "not-assessed");
    }
}
