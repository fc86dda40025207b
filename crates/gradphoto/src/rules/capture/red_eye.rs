use crate::rules::prelude::*;

rule! {
    /// Whether a flash turned the pupils red.
    ///
    /// ## What is measured
    /// Share of the middle of the iris, within 0.6 of its radius, where the pupil lies and no lid, that is redder than brown eyes are in the light of the photo; the larger of both eyes. Redder means: the red light that is left when the cheeks' share of red to green is taken away is more than a fifth of the cheeks' red, in linear light.
    ///
    /// ## Limit and source
    /// No red-eye (clause 三.1), no figure. More than 18 % goes to a person, more than 30 % fails (proposed). Of 922 development photos whose eyes a person found normal, brown ones in warm light and narrow ones between ruddy lids among them, none reads more than 8 %; 22 red pupils, drawn, start at 53 %. Where no skin of the cheeks is in sight, this is not assessed.
    ///
    /// ## What to do
    /// Retake the photo without direct flash; retouching is not allowed.
    RED_EYE {
        id: "red-eye",
        name: text("无红眼", "No red-eye"),
        quantity: text("瞳孔处发红的面积", "Red share of the pupil's place"),
        clause: "三.1",
        unit: Unit::Ratio,
        requirement: Requirement::AtMost {
            limit: 0.3,
            review: 0.18,
            fault: Fault {
                name: text("红眼", "Red-eye"),
                reason: text("眼睛{guess}有红眼现象，请避免闪光灯直射后重拍。", "The eyes are {guess} red from the flash. Retake the photo without direct flash."),
            },
        },
        severity: Severity::Reject,
    }
}

/// How much red light more than skin would give makes a pixel red, over the red light of the cheeks.
const RED_EXCESS: f32 = 0.2;
/// So much of the iris's radius holds the pupil, of narrow eyes too.
const PUPIL: f64 = 0.6;
/// Fewer pixels than this are no disc.
const MIN_PIXELS: usize = 8;

fn measure(evidence: &Evidence) -> Measured {
    let subject = evidence.subject()?;
    let irises = [BodySide::Right, BodySide::Left].map(|side| subject.landmarks.iris(side));
    let cheeks = [BodySide::Right, BodySide::Left].map(|side| subject.cheek_cells(side)).concat();
    let is_skin = |cell: &usize| subject.colours.classes[*cell] == Some(Class::Skin);
    let cheeks = subject.colours.colours(&cheeks.into_iter().filter(is_skin).collect::<Vec<_>>());
    let unseen =
        text("虹膜太小或脸颊未入镜，无法判定红眼。", "The irises are too small or the cheeks are not in the picture.");
    let [cheek_red, cheek_green, _] = linear_from_lab(median(&cheeks).ok_or(NotAssessed::NotSeen(unseen))?);
    // all times both, so that a black cheek divides nothing
    let is_red = |rgb: [u8; 3]| {
        let [red, green, _] = linear_from_rgb(rgb);
        red * cheek_green - green * cheek_red > RED_EXCESS * cheek_red * cheek_green
    };
    let shares = irises.iter().filter_map(|(centre, radius_px)| {
        let pixels = evidence.photo.disc(*centre, PUPIL * radius_px);
        let red = pixels.iter().filter(|rgb| is_red(**rgb)).count();
        let bounds = Region::around([*centre])?.grown(*radius_px);
        (pixels.len() >= MIN_PIXELS).then(|| (red as f64 / pixels.len() as f64, bounds))
    });
    let (share, region) = shares.max_by(|a, b| a.0.total_cmp(&b.0)).ok_or(NotAssessed::NotSeen(unseen))?;
    Ok(Measurement::new(share).at(region))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Portrait, verdict};

    #[test]
    fn a_red_pupil_goes_to_review_and_then_fails() {
        // The drawn iris has a radius of 7 px: 55 px of its middle count.
        let red = |[width, height]: [f64; 2]| {
            let pupil = [195.0 - width / 2.0, Portrait::EYE_Y - height / 2.0, width, height];
            verdict(&RED_EYE, &Portrait::new().paint(Class::Eye, pupil, [190, 40, 40]).evidence())
        };
        assert_eq!([[0.0, 0.0], [3.0, 4.0], [8.0, 8.0]].map(red), ["pass", "review", "fail"]);
    }

    #[test]
    fn brown_eyes_pass_in_any_light() {
        let brown = |skin: [u8; 3], iris: [u8; 3]| {
            let portrait = Portrait::new().recoloured(Class::Skin, move |_| skin);
            verdict(&RED_EYE, &portrait.paint(Class::Eye, [185.0, 240.0, 20.0, 20.0], iris).evidence())
        };
        assert_eq!(brown(Portrait::SKIN, [95, 55, 45]), "pass");
        assert_eq!(brown([225, 130, 95], [110, 50, 30]), "pass");
    }
}
