use std::cmp::Ordering;

use crate::colour::percentile_beside_zeros;
use crate::rules::prelude::*;

rule! {
    /// Whether the clothes avoid the colours that the school forbids.
    ///
    /// ## What is measured
    /// How strongly coloured a quarter of the clothes is in a forbidden hue: chroma C*ab, less in dark clothes by the power 1.65 of L* below 60, for near-black navy is worn as black, and below chroma 30 less again in suits of a dull dark blue. Measured beside the collar, from 0.4 face widths off the middle, so that neither tie, badge nor the shirt in an open jacket counts. Hues in CIELAB: yellow 72 to 110°, green to 225°, blue to 300°, purple to 340°, in pale cloth to 330°, from where it is pink; one passes into the other within 5°. Yellow counts at 16/35 below L* 80, or khaki and beige would fail. A torso that looks like background is counted as clothes.
    ///
    /// ## Limit and source
    /// The school's notice: no blue, yellow, green or purple clothes; no figure. More than 9 goes to a person, more than 17 fails (proposed). Calibrated on development photos: of 531 allowed clothes, 97 of them navy, 6 read more than 9 and 3 more than 17, white ones in blue shade among these; of 124 forbidden ones 120 read more than 9, pale shirts among them.
    ///
    /// ## What to do
    /// Wear a plain top of another colour that stands out from the background, and retake the photo.
    CLOTHING_COLOUR {
        id: "clothing-colour",
        name: text("衣服颜色", "Clothing colour"),
        quantity: text("禁用颜色的彩度", "Colour in a forbidden hue"),
        clause: "—",
        unit: Unit::Lab,
        requirement: Requirement::AtMost {
            limit: 17.0,
            review: 9.0,
            fault: Fault {
                name: text("衣服颜色不允许", "Forbidden clothing colour"),
                reason: text("上衣{degree}带{seen}色，本校不允许，请换其他颜色的单色上衣后重拍。", "The clothes are {degree} {seen}, which the school forbids. Wear another plain colour."),
            },
        },
        severity: Severity::Reject,
        seen: text("蓝", "blue"),
        compare: compare,
    }
}

/// Every hue with where it ends in degrees, and its name.
const HUES: [(ClothingHue, f32, Text); 4] = [
    (ClothingHue::Yellow, GREEN_DEG, text("黄", "yellow")),
    (ClothingHue::Green, 225.0, text("绿", "green")),
    (ClothingHue::Blue, 300.0, text("蓝", "blue")),
    (ClothingHue::Purple, PURPLE_END_DEG, text("紫", "purple")),
];
/// Where the first hue starts, the second starts, and the last ends in cloth that is not pale.
const YELLOW_DEG: f32 = 72.0;
const GREEN_DEG: f32 = 110.0;
const PURPLE_END_DEG: f32 = 340.0;
/// Up to so many degrees on either side one hue passes into another that counts differently.
const BLEND_DEG: f32 = 5.0;
/// Darker colours look less coloured than their chroma says, by a power of L*: near-black navy is worn as black.
const FULL_COLOUR_L: f32 = 60.0;
const DARKNESS_POWER: f32 = 1.65;
/// Up to this chroma dark blue is the slate of suits rather than a colour.
const SLATE_CHROMA: f32 = 30.0;
/// Hues of slate and navy, in degrees; from the first to the second of [`SLATE_L`] cloth turns from dark to pale.
const SLATE_DEG: (f32, f32) = (262.0, 305.0);
/// See [`SLATE_DEG`].
const SLATE_L: (f32, f32) = (60.0, 75.0);
/// Where purple ends and pink begins in pale cloth, in degrees, and from the first to the second of which L* that turns.
const PINK_DEG: f32 = 330.0;
const PINK_L: (f32, f32) = (75.0, 90.0);
/// What chroma counts in khaki and beige, which are yellow in hue and not in name.
const KHAKI: f32 = 16.0 / 35.0;
/// From the first to the second of these L* khaki turns into pale yellow.
const PALE_L: (f32, f32) = (80.0, 90.0);

/// Any number of hues may be forbidden, and what a quarter of the clothes reach in two is not the larger of what it reaches
/// in each: so for every set of hues, numbered by its bits in the order of [`HUES`], what is reached in it, then for each hue
/// how much of it there is.
fn measure(evidence: &Evidence) -> Measured {
    let clothes = evidence.clothes()?;
    let mut in_hue = [const { vec![] }; HUES.len()];
    for colour in &clothes.outer {
        let seen = colour_seen(colour);
        if seen > 0.0 {
            in_hue[hue_of(colour)].push(seen);
        }
    }
    let reached = |set: usize| {
        let in_set = in_hue.iter().enumerate().filter(|(hue, _)| set >> hue & 1 == 1).flat_map(|(_, of_hue)| of_hue);
        let in_set = in_set.copied().collect::<Vec<_>>();
        let elsewhere = clothes.outer.len() - in_set.len();
        f64::from(percentile_beside_zeros(in_set, elsewhere, 75.0).unwrap_or(0.0))
    };
    let amounts = in_hue.iter().map(|of_hue| f64::from(of_hue.iter().fold(0.0, |sum, seen| sum + seen)));
    Ok(Measurement::of_parts((0..1 << HUES.len()).map(reached).chain(amounts).collect()).at(clothes.region))
}

fn compare(parts: &[f64], reference: &Reference) -> Option<(f64, Option<Text>)> {
    let (reached, amounts) = parts.split_at_checked(1 << HUES.len())?;
    let forbidden = HUES.iter().map(|(hue, ..)| reference.forbidden_clothing.contains(hue)).enumerate();
    let forbidden = forbidden.filter_map(|(hue, is_forbidden)| is_forbidden.then_some(hue)).collect::<Vec<_>>();
    let set = forbidden.iter().map(|hue| 1 << hue).sum::<usize>();
    let main =
        forbidden.into_iter().max_by(|a, b| amounts.get(*a).partial_cmp(&amounts.get(*b)).unwrap_or(Ordering::Equal));
    Some((*reached.get(set)?, main.map(|hue| HUES[hue].2)))
}

/// The place in [`HUES`] of the hue that this colour has or is nearest to.
fn hue_of(colour: &Lab) -> usize {
    let degrees = hue_deg(colour);
    HUES.iter().take_while(|(_, end, _)| *end <= degrees).count().min(HUES.len() - 1)
}

/// Chroma as it strikes the eye; 0 in no hue that may be forbidden.
fn colour_seen(colour: &Lab) -> f32 {
    let (degrees, chroma) = (hue_deg(colour), chroma(colour));
    // How far the colour is beyond this hue.
    let beyond = |hue: f32| ramp(degrees, (hue - BLEND_DEG, hue + BLEND_DEG));
    let pink = PURPLE_END_DEG - (PURPLE_END_DEG - PINK_DEG) * ramp(colour.l, PINK_L);
    let in_hues = beyond(YELLOW_DEG) - beyond(pink);
    let khaki = (1.0 - beyond(GREEN_DEG)) * (1.0 - ramp(colour.l, PALE_L));
    let slate = (beyond(SLATE_DEG.0) - beyond(SLATE_DEG.1)) * (1.0 - ramp(colour.l, SLATE_L));
    let dull = (1.0 - chroma / SLATE_CHROMA).max(0.0);
    let counts = in_hues * (1.0 - (1.0 - KHAKI) * khaki) * (1.0 - slate * dull);
    counts * chroma * (colour.l / FULL_COLOUR_L).min(1.0).powf(DARKNESS_POWER)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Portrait, verdict};

    fn dressed(rgb: [u8; 3]) -> &'static str {
        verdict(&CLOTHING_COLOUR, &Portrait::new().recoloured(Class::Cloth, |_| rgb).evidence())
    }

    #[test]
    fn black_navy_and_blue_pass_go_to_review_and_fail() {
        // CIELAB L* 16, 18, 39, 37 and chroma 3, 15, 28, 60.
        let seen = [[40, 40, 45], [31, 40, 60], [66, 92, 136], [45, 83, 184]].map(dressed);
        assert_eq!(seen, ["pass", "pass", "review", "fail"]);
    }

    #[test]
    fn every_forbidden_hue_fails_and_others_pass() {
        assert_eq!([[228, 193, 55], [48, 134, 64], [130, 58, 166]].map(dressed), ["fail"; 3]);
        assert_eq!([[250, 250, 252], [170, 40, 45], [225, 170, 180], [110, 80, 55]].map(dressed), ["pass"; 4]);
    }

    #[test]
    fn pale_shirts_are_seen_and_beige_passes() {
        assert_eq!([[185, 205, 235], [255, 250, 205], [200, 182, 158]].map(dressed), ["fail", "fail", "pass"]);
    }

    #[test]
    fn one_hue_passes_into_the_other() {
        // Steps of 1° around where hues begin, end and count differently.
        for (l, chroma, degrees) in [(88.0, 22.0, 72), (50.0, 20.0, 110), (20.0, 15.0, 262), (40.0, 30.0, 340)] {
            let seen = |degrees: f32| {
                let (sin, cos) = degrees.to_radians().sin_cos();
                colour_seen(&Lab::new(l, chroma * cos, chroma * sin))
            };
            for degrees in (degrees - 12..degrees + 12).map(|degrees| degrees as f32) {
                let step = (seen(degrees + 1.0) - seen(degrees)).abs();
                assert!(step < 0.12 * chroma, "{step} at {degrees}°");
            }
        }
    }

    #[test]
    fn a_blue_shirt_under_a_black_jacket_passes() {
        let shirt = Portrait::new().paint(Class::Cloth, [170.0, 500.0, 140.0, 140.0], [120, 160, 220]);
        assert_eq!(verdict(&CLOTHING_COLOUR, &shirt.evidence()), "pass");
    }

    #[test]
    fn a_tie_is_too_small_to_count() {
        let tie = Portrait::new().paint(Class::Cloth, [220.0, 510.0, 40.0, 130.0], [45, 83, 184]);
        assert_eq!(verdict(&CLOTHING_COLOUR, &tie.evidence()), "pass");
    }

    #[test]
    fn a_shirt_that_is_taken_for_background_is_still_seen() {
        let blended = Portrait::new().paint(Class::Background, [40.0, 500.0, 400.0, 140.0], Portrait::BLUE);
        assert_eq!(verdict(&CLOTHING_COLOUR, &blended.evidence()), "fail");
    }
}
