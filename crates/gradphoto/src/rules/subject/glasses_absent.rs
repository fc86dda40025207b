use crate::rules::prelude::*;

rule! {
    /// Whether the person wears no glasses, for schools that forbid them.
    ///
    /// ## What is measured
    /// Probability that glasses are worn, from a calibrated head on the parsing net. They know metal, plastic, half and missing rims, tinted lenses and glare; dark rings, brows and hair over the eyes are not glasses.
    ///
    /// ## Limit and source
    /// The standard itself asks those who usually wear glasses to wear them (clause 二.3), so this rule is off in its own profile; school notices and the postgraduate examination forbid them. More than 30 % goes to a person, more than 70 % fails. Of people and sources that the heads did not learn from, none of 383 faces without glasses reads more than 30 %, and two of 156 with them less, one by a wrong label.
    ///
    /// ## What to do
    /// Take the glasses off and retake the photo.
    GLASSES_ABSENT {
        id: "glasses-absent",
        name: text("不戴眼镜", "No glasses"),
        quantity: text("戴眼镜的可能性", "Probability of glasses"),
        clause: "二.3",
        unit: Unit::Probability,
        requirement: Requirement::AtMost {
            limit: 0.7,
            review: 0.3,
            fault: Fault {
                name: text("戴眼镜", "Glasses"),
                reason: text("照片中{guess}戴有眼镜。本校要求不戴眼镜拍摄，请摘下后重拍。", "The person is {guess} wearing glasses. Photos are taken without glasses here: take them off and retake the photo."),
            },
        },
        severity: Severity::Reject,
    }
}

fn measure(evidence: &Evidence) -> Measured {
    let subject = evidence.subject()?;
    let eyes = subject.landmarks.eyes();
    Ok(Measurement::new(subject.appearance.glasses_worn).at(eyes.map(|eyes| eyes.grown(0.2 * eyes.width))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Portrait, verdict};

    #[test]
    fn doubtful_glasses_go_to_a_person_and_sure_ones_fail() {
        let worn = |probability| {
            verdict(&GLASSES_ABSENT, &Portrait::new().seeming(|seen| seen.glasses_worn = probability).evidence())
        };
        assert_eq!([0.29, 0.31, 0.69, 0.71].map(worn), ["pass", "review", "review", "fail"]);
    }
}
