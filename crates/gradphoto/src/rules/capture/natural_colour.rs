use crate::evidence::ColourGrid;
use crate::rules::prelude::*;

rule! {
    /// Whether skin has the colour of skin: no colour cast, no black-and-white photo.
    ///
    /// ## What is measured
    /// Distance of the cheeks' mean a*, b* (CIELAB) from the middle of human skin (12.5, 15), in units of 6 and 7, towards red 9. Lightness plays no part. Where 0.45 % of the photo besides skin and hair is white, grey or nearly so (less counts in part from 0.15 % on), the light is white and odd skin is the skin's own, ruddy or tanned: the distance then counts 0.45, unless the skin itself is grey. A wall does not speak for the light where light clothes are tinted as the skin is: it may have been put behind the person.
    ///
    /// ## Limit and source
    /// True colour (色彩真实, clause 一.3), no figure. More than 1.9 goes to a person, more than 2.8 fails, where colour is plainly false. Calibrated on development photos: of 584 good ones, dark, tanned, ruddy and made-up skin among them, 98 % of those lit by studio lamps stay below 1.9; casts and grey photos start at 2.2. How one camera renders skin is reported once for a whole batch.
    ///
    /// ## What to do
    /// Set the white balance to the lamps (5500 to 5600 K, clause 三.2) and shoot in colour.
    NATURAL_COLOUR {
        id: "natural-colour",
        name: text("肤色自然", "Natural colour"),
        quantity: text("肤色偏离程度", "Deviation of the skin's colour"),
        clause: "一.3",
        unit: Unit::Factor,
        requirement: Requirement::AtMost {
            limit: 2.8,
            review: 1.9,
            fault: Fault {
                name: text("偏色", "Colour cast"),
                reason: text("照片{degree}偏色或为黑白照片，请校正白平衡后重拍。", "The photo has a {degree} visible colour cast or no colour at all. Set the white balance and retake it."),
            },
        },
        severity: Severity::Reject,
    }
}

/// Middle of human skin in a*, b*.
pub(crate) const SKIN: [f64; 2] = [12.5, 15.0];
/// Half axes in a* and b*. Blood and sun redden: towards red the ellipse is longer.
pub(crate) const AXES: [f64; 2] = [6.0, 7.0];
const AXIS_TO_RED: f64 = 9.0;
/// What is lighter and less coloured than this is white or grey, and so is the light that falls on it: of 28 strong casts none leaves
/// more than 0.08 % of a photo so, white collars beside ruddy or tanned skin start at 0.3 %.
const GREY: (f32, f32) = (45.0, 10.0);
/// Shares of the photo that are grey besides the skin: up to the first they say nothing of the light, from the second on they do.
const GREY_SHARE: (f32, f32) = (0.0015, 0.0045);
/// Skin of the first chroma or less is itself grey, a photo without colours; from the second on it is not.
const SKIN_CHROMA: (f32, f32) = (6.0, 10.0);
/// Lightness of clothes that would be white or pale.
const LIGHT_CLOTH: f32 = 60.0;
/// Up to the first distance of [`tint_apart`] light clothes are tinted as the skin is, from the second on they are not.
const TINTED: (f32, f32) = (0.7, 1.0);
/// What a distance counts in light that is seen to be white.
const IN_WHITE_LIGHT: f64 = 0.45;

fn measure(evidence: &Evidence) -> Measured {
    let subject = evidence.subject()?;
    let unseen = text("脸颊未完整入镜，无法测量。", "The cheeks are not both in the picture.");
    let cheeks = subject.colours_of_both_cheeks();
    let colour = mean(cheeks.iter().copied()).ok_or(NotAssessed::NotSeen(unseen))?;
    let skin = [colour.a, colour.b].map(f64::from);
    let (worn, behind) = grey_shares(&subject.colours);
    let [told_by_clothes, told_by_all] = [worn, worn + behind].map(|share| ramp(share, GREY_SHARE));
    let told = if told_by_all > told_by_clothes {
        told_by_clothes.max(told_by_all * ramp(tint_apart(&subject.colours, skin), TINTED))
    } else {
        told_by_clothes
    };
    let white_light = told * ramp(chroma(&colour), SKIN_CHROMA);
    let counts = 1.0 - (1.0 - IN_WHITE_LIGHT) * f64::from(white_light);
    let measured = Measurement::new(counts * deviation(skin, SKIN)).at(subject.landmarks.bounds());
    Ok(Measurement { parts: skin.to_vec(), ..measured })
}

/// How far skin of this a*, b* is from where skin should be, in units of the [`AXES`].
pub(crate) fn deviation([a, b]: [f64; 2], from: [f64; 2]) -> f64 {
    let a_axis = if a > from[0] { AXIS_TO_RED } else { AXES[0] };
    ((a - from[0]) / a_axis).hypot((b - from[1]) / AXES[1])
}

/// Shares of the photo that are white or grey: of what the person wears and shows besides skin and hair, and behind her or him.
fn grey_shares(colours: &ColourGrid) -> (f32, f32) {
    const WORN: [Class; 5] = [Class::Cloth, Class::Hat, Class::Glasses, Class::Eye, Class::MouthInside];
    let grey = |of: &[Class]| {
        let grey = coloured(colours, of).filter(|colour| colour.l > GREY.0 && chroma(colour) < GREY.1);
        grey.count() as f32 / colours.cells_on_photo().max(1) as f32
    };
    (grey(&WORN), grey(&[Class::Background]))
}

/// How far the tint of light clothes is from that by which skin of this a*, b* strays, in units of the latter; infinite where no
/// light clothes are in sight.
fn tint_apart(colours: &ColourGrid, skin: [f64; 2]) -> f32 {
    let [a, b] = [0, 1].map(|axis| (skin[axis] - SKIN[axis]) as f32);
    let light = coloured(colours, &[Class::Cloth]).filter(|colour| colour.l > LIGHT_CLOTH).collect::<Vec<_>>();
    let is_enough = light.len() as f32 >= GREY_SHARE.1 * colours.cells_on_photo() as f32;
    let middle = if is_enough { median(&light) } else { None };
    middle.map_or(f32::INFINITY, |cloth| (cloth.a - a).hypot(cloth.b - b) / a.hypot(b).max(1e-6))
}

/// Colours of the cells of these classes.
fn coloured(colours: &ColourGrid, of: &[Class]) -> impl Iterator<Item = Lab> {
    let cells = colours.classes.iter().zip(&colours.lab);
    cells.filter(|(class, _)| class.is_some_and(|class| of.contains(&class))).map(|(_, colour)| *colour)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Portrait, verdict};

    #[test]
    fn light_and_dark_skin_pass_casts_and_grey_fail() {
        let skin = |rgb| verdict(&NATURAL_COLOUR, &Portrait::new().recoloured(Class::Skin, move |_| rgb).evidence());
        assert_eq!([Portrait::SKIN, [92, 64, 52]].map(skin), ["pass", "pass"]);
        assert_eq!([[150, 150, 150], [150, 170, 200], [230, 150, 70]].map(skin), ["fail", "fail", "fail"]);
    }

    #[test]
    fn a_white_wall_speaks_for_tanned_skin_and_not_where_the_shirt_is_tinted_too() {
        let tanned = |shirt| {
            let on_white = Portrait::new().recoloured(Class::Background, |_| [240; 3]);
            let dressed = on_white.recoloured(Class::Cloth, move |_| shirt);
            verdict(&NATURAL_COLOUR, &dressed.recoloured(Class::Skin, |_| [215, 150, 95]).evidence())
        };
        assert_eq!([[40, 44, 60], [200, 210, 240], [240, 205, 150]].map(tanned), ["pass", "pass", "fail"]);
    }

    #[test]
    fn tanned_skin_beside_a_collar_that_a_warm_lamp_hardly_tints_passes() {
        let collar = |rgb| Portrait::new().paint(Class::Cloth, [190.0, 500.0, 100.0, 40.0], rgb);
        let tanned =
            |rgb| verdict(&NATURAL_COLOUR, &collar(rgb).recoloured(Class::Skin, |_| [215, 150, 95]).evidence());
        assert_eq!([[225, 215, 205], [240, 190, 140]].map(tanned), ["pass", "fail"]);
    }
}
