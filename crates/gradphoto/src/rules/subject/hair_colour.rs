use crate::rules::prelude::*;

rule! {
    /// Whether the hair has a natural colour.
    ///
    /// ## What is measured
    /// How strong the median colour of the hair is: its chroma, 1.5 times in the hues of brown and blond, up to 2.5 times in others, less in very dark hair since the background tints it, and less in stubble and thin hair since skin shines through. Lightness plays no part: grey, white and fair hair is natural.
    ///
    /// ## Limit and source
    /// Not far from natural hair (不可与自然发色差异过大, the school's notice), no figure. More than 31.5 is pointed out as slight, more than 38 as clear; advice, or a question where a profile asks. Of the development photos 5 of 486 heads of natural hair, 40 grey and 40 fair ones among them, read more than 31.5; of 28 dyed heads 24 do. Hair dyed grey or very dark cannot be told from natural.
    ///
    /// ## What to do
    /// Let a person look at the photo; dye the hair back where the school asks for it.
    HAIR_COLOUR {
        id: "hair-colour",
        name: text("发色自然", "Natural hair colour"),
        quantity: text("发色的彩度", "Colour of the hair"),
        clause: "—",
        unit: Unit::Lab,
        requirement: Requirement::AtMost {
            limit: 38.0,
            review: 31.5,
            fault: Fault {
                name: text("发色不自然", "Unusual hair colour"),
                reason: text("发色{degree}鲜艳，与自然发色不同，如为染发请恢复自然发色。", "The hair is {degree} more colourful than natural hair. If it is dyed, return to a natural colour."),
            },
        },
        severity: Severity::Advise,
    }
}

/// Hues of brown, red-blond and blond hair in degrees: they begin from the first to the second, and end.
const NATURAL_BEGIN_DEG: (f32, f32) = (36.0, 48.0);
const NATURAL_END_DEG: (f32, f32) = (94.0, 106.0);
/// What chroma counts in natural hues and in others.
const COUNTS: (f32, f32) = (1.5, 2.5);
/// Chroma counts in full from this lightness on.
const COLOURED_L: f32 = 25.0;
/// Chroma counts in full where there is as much hair per skin of the face as this; bald heads have less.
const FULL_PER_SKIN: f64 = 0.12;

fn measure(evidence: &Evidence) -> Measured {
    let hair = evidence.hair()?;
    let hue = hue_deg(&hair.colour);
    let natural = ramp(hue, NATURAL_BEGIN_DEG) - ramp(hue, NATURAL_END_DEG);
    let counts = COUNTS.1 - (COUNTS.1 - COUNTS.0) * natural;
    let strength = f64::from(counts * chroma(&hair.colour) * (hair.colour.l / COLOURED_L).min(1.0));
    Ok(Measurement::new(strength * (hair.per_skin / FULL_PER_SKIN).min(1.0)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Portrait, verdict};

    fn haired(rgb: [u8; 3]) -> &'static str {
        verdict(&HAIR_COLOUR, &Portrait::new().recoloured(Class::Hair, |_| rgb).evidence())
    }

    #[test]
    fn black_brown_fair_and_grey_hair_passes() {
        assert_eq!([[30, 25, 25], [50, 38, 32], [15, 15, 35]].map(haired), ["pass"; 3]);
        assert_eq!([[90, 72, 55], [165, 150, 130], [200, 200, 200]].map(haired), ["pass"; 3]);
    }

    #[test]
    fn a_strong_brown_goes_to_a_person() {
        assert_eq!(haired([105, 80, 50]), "review");
    }

    #[test]
    fn red_blue_and_green_are_pointed_out() {
        assert_eq!([[150, 30, 60], [55, 75, 160], [70, 135, 85]].map(haired), ["fail"; 3]);
    }

    #[test]
    fn a_rim_of_hair_takes_the_colour_of_what_is_around_it_and_counts_less() {
        let rim = Portrait::new().paint(Class::Skin, [140.0, 100.0, 200.0, 100.0], Portrait::SKIN);
        assert_eq!(verdict(&HAIR_COLOUR, &rim.recoloured(Class::Hair, |_| [105, 80, 50]).evidence()), "pass");
    }

    #[test]
    fn without_a_face_or_hair_nothing_is_assessed() {
        let bald = Portrait::new().paint(Class::Skin, [140.0, 80.0, 200.0, 120.0], Portrait::SKIN);
        assert_eq!(verdict(&HAIR_COLOUR, &Portrait::nobody()), "not-assessed");
        assert_eq!(verdict(&HAIR_COLOUR, &bald.evidence()), "not-assessed");
    }
}
