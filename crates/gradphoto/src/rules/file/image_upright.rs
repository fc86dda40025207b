use crate::evidence::LYING_DEG;
use crate::rules::prelude::*;

rule! {
    /// Whether the picture lies on its side or stands on its head.
    ///
    /// ## What is measured
    /// How far the line through both eyes is turned out of the horizontal, whichever way, in degrees.
    ///
    /// ## Limit and source
    /// An upright head (clause 二.2). Nobody tilts the head by more than 60°, so the file is turned: a camera's note of how it was held got lost on the way. No other rule that needs the person is assessed then, for on such a picture hair reads as a hat and cloth as wall. Of 244 studio portraits turned by 90°, 180° and 270° 234, 230 and 233 fail so; of the other 35, 16 show no face and 19 read as upright. Of 3246 development photos as they are none.
    ///
    /// ## What to do
    /// Turn the original upright by a quarter or a half and export it again; nobody has to come.
    IMAGE_UPRIGHT {
        id: "image-upright",
        name: text("画面转正", "Picture upright"),
        quantity: text("画面转过的角度", "Turn of the picture"),
        clause: "二.2",
        unit: Unit::Degrees,
        requirement: Requirement::AtMost {
            limit: LYING_DEG,
            review: LYING_DEG,
            fault: Fault {
                name: text("照片横着或倒着", "On its side or upside down"),
                reason: text("照片横着或倒着（转了{value}），其余各项无从判定，请把原图转正后重新导出。", "The picture lies on its side or stands on its head (turned by {value}), so little else can be judged. Turn the original upright and export it again."),
            },
        },
        severity: Severity::Reject,
    }
}

fn measure(evidence: &Evidence) -> Measured {
    let landmarks = &evidence.subject.as_ref().ok_or(NotAssessed::NoFace)?.landmarks;
    Ok(Measurement::new(landmarks.roll_deg().abs()).at(landmarks.bounds()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Portrait, verdict};

    #[test]
    fn a_tilted_head_is_upright_and_a_turned_picture_is_told_of_alone() {
        let turned = |deg| Portrait::new().turned(deg).evidence();
        let verdicts = [0.0, 40.0, -90.0, 90.0, 180.0].map(|deg| verdict(&IMAGE_UPRIGHT, &turned(deg)));
        assert_eq!(verdicts, ["pass", "pass", "fail", "fail", "fail"]);
        assert!(turned(40.0).subject().is_ok());
        assert_eq!(turned(90.0).subject().err(), Some(NotAssessed::NotUpright));
    }
}
