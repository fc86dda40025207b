use crate::rules::prelude::*;

rule! {
    /// Whether the hair has a natural colour.
    ///
    /// ## What is measured
    /// Distance of the median hair colour from black: lightness above L* 20 and 1.5 times the chroma, which counts less in very dark hair since the background tints it. Brown, blond and grey hair occurs in nature, so it reads 35 at most and never fails: only a person can tell whether it is dyed.
    ///
    /// ## Limit and source
    /// Not far from natural hair (不可与自然发色差异过大, the school's notice), no figure. More than 25 goes to a person, more than 35 (red, blue, purple, green) is pointed out; advice only. Of the development photos 98 % of natural, mostly black hair reads less than 17, 26 of 27 dyed heads more. Fair hair goes to a person whoever wears it: see docs/calibration.md.
    ///
    /// ## What to do
    /// Let a person look at the photo; dye the hair back where the school asks for it.
    HAIR_COLOUR {
        id: "hair-colour",
        name: text("发色自然", "Natural hair colour"),
        quantity: text("与自然黑发的差别", "Difference from natural black"),
        clause: "—",
        unit: Unit::Lab,
        requirement: Requirement::AtMost {
            limit: NATURAL_MOST as f64,
            review: 25.0,
            fault: Fault {
                name: text("发色不自然", "Unusual hair colour"),
                reason: text("发色与自然黑发{degree}不同，如为染发请恢复自然发色。", "The hair is {degree} different from natural black. If it is dyed, return to a natural colour."),
            },
        },
        severity: Severity::Advise,
    }
}

/// What hair of a natural colour reads at most.
const NATURAL_MOST: f32 = 35.0;
/// Black hair is up to this light.
const BLACK_L: f32 = 20.0;
/// What chroma counts against lightness.
const CHROMA_WEIGHT: f32 = 1.5;
/// Chroma counts in full from this lightness on.
const COLOURED_L: f32 = 25.0;
/// Hues of brown, red-blond and blond hair in degrees.
const NATURAL_HUES: std::ops::Range<f32> = 35.0..100.0;
/// Below this chroma hair is grey, or the light is coloured.
const GREY_CHROMA: f32 = 15.0;

fn measure(evidence: &Evidence) -> Measured {
    let Lab { l, a, b, .. } = evidence.hair()?.colour;
    let (chroma, hue_deg) = (a.hypot(b), b.atan2(a).to_degrees().rem_euclid(360.0));
    let distance = (l - BLACK_L).max(0.0).hypot(CHROMA_WEIGHT * chroma * (l / COLOURED_L).min(1.0));
    let natural = chroma < GREY_CHROMA || NATURAL_HUES.contains(&hue_deg);
    Ok(Measurement::new(f64::from(if natural { distance.min(NATURAL_MOST) } else { distance })))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Portrait, verdict};

    fn haired(rgb: [u8; 3]) -> &'static str {
        verdict(&HAIR_COLOUR, &Portrait::new().recoloured(Class::Hair, |_| rgb).evidence())
    }

    #[test]
    fn black_and_dark_brown_pass() {
        assert_eq!([[30, 25, 25], [50, 38, 32], [15, 15, 35]].map(haired), ["pass"; 3]);
    }

    #[test]
    fn brown_blond_and_grey_go_to_a_person_and_no_further() {
        assert_eq!([[105, 75, 45], [190, 155, 100], [200, 200, 200]].map(haired), ["review"; 3]);
    }

    #[test]
    fn red_blue_and_green_are_pointed_out() {
        assert_eq!([[150, 30, 60], [55, 75, 160], [70, 135, 85]].map(haired), ["fail"; 3]);
    }

    #[test]
    fn without_a_face_or_hair_nothing_is_assessed() {
        let bald = Portrait::new().paint(Class::Skin, [140.0, 80.0, 200.0, 120.0], Portrait::SKIN);
        assert_eq!(verdict(&HAIR_COLOUR, &Portrait::nobody()), "not-assessed");
        assert_eq!(verdict(&HAIR_COLOUR, &bald.evidence()), "not-assessed");
    }
}
