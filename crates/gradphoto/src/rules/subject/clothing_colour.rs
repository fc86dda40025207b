use std::cmp::Ordering;

use crate::rules::prelude::*;

rule! {
    /// Whether the clothes avoid the colours that the school forbids.
    ///
    /// ## What is measured
    /// Chroma C*ab that a quarter of the clothes reach in a forbidden hue, so that a tie or a badge does not count. Hues in CIELAB: yellow 75 to 110°, green to 225°, blue to 300°, purple to 340°. Yellow counts at 20/35, or khaki and beige would fail. A torso that looks like background is counted as clothes.
    ///
    /// ## Limit and source
    /// The school's notice: no blue, yellow, green or purple clothes; no figure. More than 12 goes to a person, so that near-black navy does, more than 20 fails (proposed). Calibrated on development photos: allowed clothes read 11 at the 98th percentile and 17 at most, forbidden ones 21 and more, a pale blue and a dark green one of people held out 13 and 16.
    ///
    /// ## What to do
    /// Wear a plain top of another colour that stands out from the background, and retake the photo.
    CLOTHING_COLOUR {
        id: "clothing-colour",
        name: text("衣服颜色", "Clothing colour"),
        quantity: text("禁用颜色的彩度", "Chroma in a forbidden hue"),
        clause: "—",
        unit: Unit::Lab,
        requirement: Requirement::AtMost {
            limit: 20.0,
            review: 12.0,
            fault: Fault {
                name: text("衣服颜色不允许", "Forbidden clothing colour"),
                reason: text("上衣{degree}带{seen}色，本校不允许，请换其他单色有领上衣后重拍。", "The clothes are {degree} {seen}, which the school forbids. Wear another plain colour."),
            },
        },
        severity: Severity::Reject,
        compare: compare,
    }
}

/// Every hue with where it starts and ends in degrees, what its chroma counts, and its name.
const HUES: [(ClothingHue, f32, f32, f32, Text); 4] = [
    (ClothingHue::Yellow, 75.0, 110.0, 20.0 / 35.0, text("黄", "yellow")),
    (ClothingHue::Green, 110.0, 225.0, 1.0, text("绿", "green")),
    (ClothingHue::Blue, 225.0, 300.0, 1.0, text("蓝", "blue")),
    (ClothingHue::Purple, 300.0, 340.0, 1.0, text("紫", "purple")),
];

/// Any number of hues may be forbidden, and what a quarter of the clothes reach in two is not the larger of what it reaches
/// in each: so for every set of hues, numbered by its bits in the order of [`HUES`], what is reached in it, then for each hue
/// how much of it there is.
fn measure(evidence: &Evidence) -> Measured {
    let clothes = evidence.clothes()?;
    let in_hue = HUES.map(|(_, from, to, counts, _)| {
        let counted = |c: &Lab| if (from..to).contains(&hue_deg(c)) { counts * chroma(c) } else { 0.0 };
        clothes.colours.iter().map(counted).collect::<Vec<_>>()
    });
    let reached = |set: usize| {
        let hues = in_hue.iter().enumerate().filter(move |(hue, _)| set >> hue & 1 == 1);
        // A colour has one hue, so its chroma is in one of the lists.
        let all = (0..clothes.colours.len()).map(|i| hues.clone().map(|(_, of_hue)| of_hue[i]).sum());
        f64::from(percentile(all.collect(), 75.0).unwrap_or(0.0))
    };
    let amounts = in_hue.iter().map(|of_hue| f64::from(of_hue.iter().sum::<f32>()));
    Ok(Measurement::of_parts((0..1 << HUES.len()).map(reached).chain(amounts).collect()).at(clothes.region))
}

fn compare(parts: &[f64], reference: &Reference) -> Option<(f64, Option<Text>)> {
    let (reached, amounts) = parts.split_at_checked(1 << HUES.len())?;
    let forbidden = HUES.iter().map(|(hue, ..)| reference.forbidden_clothing.contains(hue)).enumerate();
    let forbidden = forbidden.filter_map(|(hue, is_forbidden)| is_forbidden.then_some(hue)).collect::<Vec<_>>();
    let set = forbidden.iter().map(|hue| 1 << hue).sum::<usize>();
    let main =
        forbidden.into_iter().max_by(|a, b| amounts.get(*a).partial_cmp(&amounts.get(*b)).unwrap_or(Ordering::Equal));
    Some((*reached.get(set)?, main.map(|hue| HUES[hue].4)))
}

fn chroma(colour: &Lab) -> f32 {
    colour.a.hypot(colour.b)
}

fn hue_deg(colour: &Lab) -> f32 {
    colour.b.atan2(colour.a).to_degrees().rem_euclid(360.0)
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
        // CIELAB chroma 3, 15 and 60.
        assert_eq!([[40, 40, 45], [31, 40, 60], [45, 83, 184]].map(dressed), ["pass", "review", "fail"]);
    }

    #[test]
    fn every_forbidden_hue_fails_and_others_pass() {
        assert_eq!([[228, 193, 55], [48, 134, 64], [130, 58, 166]].map(dressed), ["fail"; 3]);
        assert_eq!([[250, 250, 252], [170, 40, 45], [225, 170, 180], [110, 80, 55]].map(dressed), ["pass"; 4]);
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
