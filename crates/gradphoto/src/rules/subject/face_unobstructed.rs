use crate::rules::prelude::*;

rule! {
    /// Whether the face is free from the eyes down.
    ///
    /// ## What is measured
    /// Probability that a mask, a hand, a scarf or an object covers part of cheeks, nose, mouth or chin, from a calibrated head on the parsing net. Masks are seen best, hands least. Beards, moustaches and hair are not covers; hair over brows and eyes has rules of its own. A face on which no features are made out at all reads 100 %.
    ///
    /// ## Limit and source
    /// True likeness of the whole face (clause 一.2); even a permitted head cover may not reach into it (clause 二.4). More than 15 % goes to a person, more than 50 % fails. Of people and sources that the heads did not learn from, none of 280 free faces, bearded ones among them, reads more than 10 %, and none of 35 covered ones less than 20 %.
    ///
    /// ## What to do
    /// Take the mask off, put hands and objects away and retake the photo.
    FACE_UNOBSTRUCTED {
        id: "face-unobstructed",
        name: text("面部无遮挡", "Face unobstructed"),
        quantity: text("面部被遮挡的可能性", "Probability of a covered face"),
        clause: "二.4",
        unit: Unit::Probability,
        requirement: Requirement::AtMost {
            limit: 0.5,
            review: 0.15,
            fault: Fault {
                name: text("面部被遮", "Face covered"),
                reason: text("面部{guess}被口罩、手或其他物品遮挡，请移开遮挡物、露出完整面部后重拍。", "A mask, a hand or an object {guess} covers part of the face. Remove it and retake the photo with the whole face in sight."),
            },
        },
        severity: Severity::Reject,
    }
}

fn measure(evidence: &Evidence) -> Measured {
    let subject = match (evidence.subject(), evidence.faces.first()) {
        (Ok(subject), _) => subject,
        // A face on which no eyes, nose and mouth are made out is covered.
        (Err(NotAssessed::NoFace), Some(face)) => return Ok(Measurement::new(1.0).at(face.bounds)),
        (Err(why), _) => return Err(why),
    };
    let below_eyes = Region::around([NOSE_BRIDGE, 234, 454, 152].map(|i| subject.landmarks.point(i)));
    Ok(Measurement::new(subject.appearance.face_covered).at(below_eyes))
}

/// Mesh point between the lower lids.
const NOSE_BRIDGE: usize = 197;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Portrait, verdict};

    #[test]
    fn a_doubtful_cover_goes_to_a_person_and_a_sure_one_fails() {
        let covered = |probability| {
            verdict(&FACE_UNOBSTRUCTED, &Portrait::new().seeming(|seen| seen.face_covered = probability).evidence())
        };
        assert_eq!([0.14, 0.16, 0.49, 0.51].map(covered), ["pass", "review", "review", "fail"]);
    }

    #[test]
    fn a_face_without_features_is_covered() {
        let evidence = Evidence { subject: None, ..Portrait::new().evidence() };
        assert_eq!(verdict(&FACE_UNOBSTRUCTED, &evidence), "fail");
    }
}
