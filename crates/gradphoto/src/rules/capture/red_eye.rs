use crate::rules::prelude::*;

rule! {
    /// Whether a flash turned the pupils red.
    ///
    /// ## What is measured
    /// Share of the iris disc whose red exceeds 1.6 times both green and blue; the larger of both eyes.
    ///
    /// ## Limit and source
    /// No red-eye (clause 三.1), no figure. More than 6 % goes to a person, more than 15 % fails. Calibrated on development photos: normal eyes stay below 1 %, red ones start at 25 %.
    ///
    /// ## What to do
    /// Shoot again without direct flash; retouching is not allowed.
    RED_EYE {
        id: "red-eye",
        name: text("无红眼", "Red-eye"),
        clause: "三.1",
        unit: Unit::Ratio,
        limit: Limit::at_most(0.15),
        review: Limit::at_most(0.06),
        severity: Severity::Reject,
        below: text("瞳孔发红面积{value}，低于{min}。", "{value} of the iris is red, less than {min}."),
        above: text("眼睛有红眼现象（虹膜{value}发红，应在{max}以内），请不用直射闪光重拍。", "The eyes are red ({value} of the iris, at most {max} allowed). Shoot again without direct flash."),
    }
}

/// How much red must exceed green and blue.
const RED_EXCESS: f64 = 1.6;
/// Darker reds are noise.
const MIN_RED: u8 = 70;
/// Fewer pixels than this are no disc.
const MIN_PIXELS: usize = 8;

fn measure(evidence: &Evidence, _: &Reference) -> Measured {
    let landmarks = &evidence.subject()?.landmarks;
    let irises = [BodySide::Right, BodySide::Left].map(|side| landmarks.iris(side));
    let unseen = text("虹膜太小，无法判断红眼。", "The irises are too small in this photo.");
    let shares = irises.iter().filter_map(|(centre, radius_px)| {
        let pixels = evidence.photo.disc(*centre, *radius_px);
        let red = pixels.iter().filter(|rgb| is_red(**rgb)).count();
        let bounds = Region::around([*centre])?.grown(*radius_px);
        (pixels.len() >= MIN_PIXELS).then(|| (red as f64 / pixels.len() as f64, bounds))
    });
    let (share, region) = shares.max_by(|a, b| a.0.total_cmp(&b.0)).ok_or(NotAssessed::NotSeen(unseen))?;
    Ok(Measurement::new(share).at(region))
}

fn is_red([r, g, b]: [u8; 3]) -> bool {
    r > MIN_RED && f64::from(r) > RED_EXCESS * f64::from(g.max(b))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Portrait, verdict};

    #[test]
    fn a_red_pupil_goes_to_review_and_then_fails() {
        // The drawn iris has a radius of 7 px: 154 px in all.
        let red = |side: f64| {
            let pupil = [195.0 - side / 2.0, Portrait::EYE_Y - side / 2.0, side, side];
            verdict(&RED_EYE, &Portrait::new().paint(Class::Eye, pupil, [190, 40, 40]).evidence())
        };
        assert_eq!([0.0, 4.0, 8.0].map(red), ["pass", "review", "fail"]);
    }

    #[test]
    fn without_a_face_nothing_is_assessed() {
        assert_eq!(verdict(&RED_EYE, &Portrait::nobody()), "not-assessed");
    }
}
