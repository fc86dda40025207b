use crate::rules::prelude::*;

rule! {
    /// Whether the photo shows one person and nobody else.
    ///
    /// ## What is measured
    /// Number of faces found. A face smaller than a quarter of the largest in width does not count: it is a print or a reflection. ISO/IEC 29794-5 calls the measure single face present.
    ///
    /// ## Limit and source
    /// Exactly one (不得有其他人, clause 二.1).
    ///
    /// ## What to do
    /// Retake the photo alone in front of the background.
    SINGLE_FACE {
        id: "single-face",
        name: text("单人照片", "One person"),
        quantity: text("人脸数", "Number of faces"),
        clause: "二.1",
        unit: Unit::Count,
        requirement: Requirement::Between {
            limit: (1.0, 1.0),
            review: (1.0, 1.0),
            below: Fault {
                name: text("没有人脸", "No face"),
                reason: text("照片中未检测到人脸，请提交本人正面免冠照片。", "No face was found. Submit a frontal photo of yourself."),
            },
            above: Fault {
                name: text("不止一张人脸", "More than one face"),
                reason: text("照片中有{value}张人脸，只允许本人一人，请重拍。", "There are {value} faces; only your own is allowed. Retake the photo alone."),
            },
        },
        severity: Severity::Reject,
    }
}

/// Smallest width of a face that counts, over the width of the largest.
const MIN_RELATIVE_WIDTH: f64 = 0.25;

fn measure(evidence: &Evidence) -> Measured {
    let largest = evidence.faces.first().map_or(0.0, |face| face.bounds.width);
    let counted = evidence.faces.iter().filter(|face| face.bounds.width >= MIN_RELATIVE_WIDTH * largest);
    let second = counted.clone().nth(1).map(|face| face.bounds);
    Ok(Measurement::new(counted.count() as f64).at(second))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Portrait, verdict};

    #[test]
    fn nobody_and_two_people_fail_and_a_tiny_face_does_not_count() {
        assert_eq!(verdict(&SINGLE_FACE, &Portrait::nobody()), "fail");
        assert_eq!(verdict(&SINGLE_FACE, &Portrait::new().evidence()), "pass");
        assert_eq!(verdict(&SINGLE_FACE, &Portrait::new().with_face(10.0, 20.0, 50.0, 0.8).evidence()), "pass");
        assert_eq!(verdict(&SINGLE_FACE, &Portrait::new().with_face(10.0, 20.0, 60.0, 0.8).evidence()), "fail");
    }
}
