use crate::rules::prelude::*;

rule! {
    /// Whether skin has the colour of skin: no colour cast, no black-and-white photo.
    ///
    /// ## What is measured
    /// Distance of the cheeks' mean a*, b* (CIELAB) from the middle of human skin (12.5, 15), in units of 6 and 7: an ellipse around the box a* 5 to 25, b* 5 to 35 of ISO/IEC 29794-5 narrowed to what development photos of dark and light skin show. Lightness plays no part.
    ///
    /// ## Limit and source
    /// True colour (色彩真实, clause 一.3), no figure. More than 1.7 goes to a person, more than 2.0 fails. Calibrated on development photos: good ones stay below 1.5, colour casts and grey photos start at 2.2.
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
            limit: 2.0,
            review: 1.7,
            fault: Fault {
                name: text("偏色", "Colour cast"),
                reason: text("照片{degree}偏色或非彩色，请校正白平衡后重拍。", "The photo has a {degree} visible colour cast or no colour at all. Set the white balance and retake it."),
            },
        },
        severity: Severity::Reject,
    }
}

/// Middle of human skin in a*, b*, and its half axes.
const SKIN: ([f32; 2], [f32; 2]) = ([12.5, 15.0], [6.0, 7.0]);

fn measure(evidence: &Evidence) -> Measured {
    let subject = evidence.subject()?;
    let unseen = text("脸颊未完整入镜，无法测量。", "Both cheeks are not in the picture.");
    let cheeks = subject.colours_of_both_cheeks();
    let colour = mean(&cheeks).ok_or(NotAssessed::NotSeen(unseen))?;
    let ([a, b], [a_axis, b_axis]) = SKIN;
    let distance = ((colour.a - a) / a_axis).hypot((colour.b - b) / b_axis);
    Ok(Measurement::new(distance.into()).at(subject.landmarks.bounds()))
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
}
