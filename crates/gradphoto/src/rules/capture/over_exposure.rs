use crate::rules::prelude::*;

rule! {
    /// Whether the face is burnt out.
    ///
    /// ## What is measured
    /// Share of the face that is burnt out in red, green and blue alike: every channel at 247 or more of 255. Skin that a flash bleaches to yellow has lost red alone and still shows its forms, and a pale forehead shines before it burns out. ISO/IEC 29794-5 counts luma from 247 on (over-exposure prevention).
    ///
    /// ## Limit and source
    /// Even exposure (clause 三.1), no figure. More than 1 % goes to a person, more than 3.5 % fails. Calibrated on development photos: of 584 well exposed faces 3 read more than 1 % and one more than 3.5 %; of 19 over-exposed ones none reads less than 1.2 % and 16 more than 3.5 %.
    ///
    /// ## What to do
    /// Use less light or a shorter exposure and retake the photo.
    OVER_EXPOSURE {
        id: "over-exposure",
        name: text("不过曝", "Not over-exposed"),
        quantity: text("面部过曝面积", "Burnt-out share of the face"),
        clause: "三.1",
        unit: Unit::Ratio,
        requirement: Requirement::AtMost {
            limit: 0.035,
            review: 0.01,
            fault: Fault {
                name: text("曝光过度", "Over-exposed"),
                reason: text("面部{degree}曝光过度，请减弱光线后重拍。", "The face is {degree} over-exposed. Reduce the light."),
            },
        },
        severity: Severity::Reject,
    }
}

/// Linear light, 247 of 255 in sRGB, from which a channel has lost its detail.
const BURNT_OUT: f32 = 0.930;

fn measure(evidence: &Evidence) -> Measured {
    let subject = evidence.subject()?;
    let face = subject.face_cells()?;
    let is_burnt = |cell: &&usize| linear_from_lab(subject.colours.lab[**cell]).into_iter().all(|c| c >= BURNT_OUT);
    let burnt = face.iter().filter(is_burnt).count();
    Ok(Measurement::new(burnt as f64 / face.len() as f64).at(subject.landmarks.bounds()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Portrait, verdict};

    #[test]
    fn a_burnt_patch_goes_to_review_and_then_fails() {
        // The drawn face spans 100 by 120 px around the middle; the patch is a share of that.
        let burnt = |height| {
            let patch = [190.0, 250.0, 50.0, height];
            verdict(&OVER_EXPOSURE, &Portrait::new().paint(Class::Skin, patch, [255; 3]).evidence())
        };
        assert_eq!([0.0, 16.0, 60.0].map(burnt), ["pass", "review", "fail"]);
    }
}
