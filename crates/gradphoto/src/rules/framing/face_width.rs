use crate::rules::prelude::*;

rule! {
    /// How wide the face is in the picture.
    ///
    /// ## What is measured
    /// Distance between the cheek contours (两脸颊之间, ears excluded), in pixels of a 480x640 photo.
    ///
    /// ## Limit and source
    /// 180 to 300 px (clause 四.2); 4 px more on either side go to a person.
    ///
    /// ## What to do
    /// Crop again, or shoot from nearer or farther.
    FACE_WIDTH {
        id: "face-width",
        name: text("脸部宽度", "Face width"),
        quantity: text("脸宽", "Width of the face"),
        clause: "四.2",
        unit: Unit::Pixels,
        requirement: Requirement::Between {
            limit: (176.0, 304.0),
            review: (180.0, 300.0),
            below: Fault {
                name: text("脸太小", "Face too small"),
                reason: text("脸宽只有{value}，应{allowed}，请裁剪得紧一些或靠近拍摄。", "The face is only {value} wide; {allowed} is required. Crop tighter or move closer."),
            },
            above: Fault {
                name: text("脸太大", "Face too large"),
                reason: text("脸宽{value}，应{allowed}，请裁剪得松一些或退后拍摄。", "The face is {value} wide; {allowed} is required. Crop wider or move back."),
            },
        },
        severity: Severity::Reject,
    }
}

fn measure(evidence: &Evidence) -> Measured {
    let landmarks = &evidence.subject()?.landmarks;
    let cheeks = Region::around([landmarks.point(234), landmarks.point(454)]);
    Ok(Measurement::new(evidence.standard_x_px(landmarks.face_width_px())).at(cheeks))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Portrait, verdict};

    #[test]
    fn a_face_may_be_180_to_300_px_wide() {
        let face = |width: f64| {
            let portrait =
                Portrait::new().point(234, 240.0 - width / 2.0, 280.0).point(454, 240.0 + width / 2.0, 280.0);
            verdict(&FACE_WIDTH, &portrait.evidence())
        };
        let verdicts = [175.0, 178.0, 180.0, 300.0, 302.0, 305.0].map(face);
        assert_eq!(verdicts, ["fail", "review", "pass", "pass", "review", "fail"]);
    }
}
