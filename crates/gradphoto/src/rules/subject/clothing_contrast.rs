use crate::rules::prelude::*;

rule! {
    /// Whether the clothes stand out from the background.
    ///
    /// ## What is measured
    /// CIEDE2000 between the background seen and the clothes next to it, within a twelfth of the width of a 480x640 photo; a third of them is nearer than this. What shows between the lapels of a jacket does not touch the background and is not compared. A torso that looks like background is counted as clothes.
    ///
    /// ## Limit and source
    /// Clearly different from the background (clause 二.5), no figure. Less than 15 goes to a person, less than 10 fails (proposed: a pale blue shirt on the standard's blue is at 8, navy at 52). On development photos clothes that differ read 16 and more, white suits before a white wall and shirts in the colour of the background up to 7.
    ///
    /// ## What to do
    /// Wear a top that is clearly lighter or darker than the background, and retake the photo.
    CLOTHING_CONTRAST {
        id: "clothing-contrast",
        name: text("衣服与背景对比", "Clothing contrast"),
        quantity: text("衣服与背景的色差", "Difference from the background"),
        clause: "二.5",
        unit: Unit::DeltaE,
        requirement: Requirement::AtLeast {
            limit: 10.0,
            review: 15.0,
            fault: Fault {
                name: text("衣服与背景相近", "Clothes like the background"),
                reason: text("上衣颜色与背景{degree}接近，请换颜色反差大的上衣后重拍。", "The clothes are {degree} too close to the background in colour. Wear a clearly different colour."),
            },
        },
        severity: Severity::Reject,
    }
}

fn measure(evidence: &Evidence) -> Measured {
    let (clothes, background) = (evidence.clothes()?, evidence.background()?);
    let unseen =
        text("衣服未与背景相邻，无法判定。", "The clothes do not touch the background, so this cannot be judged.");
    let beside = clothes.beside_background.as_ref().ok_or(NotAssessed::NotSeen(unseen))?;
    let differences = beside.iter().map(|c| delta_e(*c, background.colour) as f32).collect();
    let nearest_third = percentile(differences, 100.0 / 3.0).unwrap_or(0.0);
    Ok(Measurement::new(f64::from(nearest_third)).at(clothes.region))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Portrait, verdict};

    fn dressed(rgb: [u8; 3]) -> &'static str {
        // Drawn up to the neck: what a torso lacks of clothes counts as clothes in the colour of the background.
        let shoulders = Portrait::new().paint(Class::Cloth, [100.0, 430.0, 280.0, 70.0], rgb);
        verdict(&CLOTHING_CONTRAST, &shoulders.recoloured(Class::Cloth, |_| rgb).evidence())
    }

    #[test]
    fn a_shirt_near_the_background_fails_and_a_pale_one_goes_to_review() {
        assert_eq!([[250; 3], [185, 222, 245], [125, 205, 255]].map(dressed), ["pass", "review", "fail"]);
    }

    #[test]
    fn a_shirt_that_is_taken_for_background_fails() {
        let blended = Portrait::new().paint(Class::Background, [40.0, 500.0, 400.0, 140.0], Portrait::BLUE);
        assert_eq!(verdict(&CLOTHING_CONTRAST, &blended.evidence()), "fail");
    }

    #[test]
    fn without_a_face_or_without_clothes_nothing_is_assessed() {
        let naked = Portrait::new().paint(Class::Neck, [0.0, 400.0, 480.0, 240.0], Portrait::SKIN);
        assert_eq!(verdict(&CLOTHING_CONTRAST, &Portrait::nobody()), "not-assessed");
        assert_eq!(verdict(&CLOTHING_CONTRAST, &naked.evidence()), "not-assessed");
    }
}
