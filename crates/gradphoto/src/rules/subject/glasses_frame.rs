use crate::rules::prelude::*;

rule! {
    /// Whether the frame of glasses leaves the eyes free.
    ///
    /// ## What is measured
    /// The least distance from an eye's opening to the outside of the rim above or below it, as a share of the distance between the eyes; 0 and less where the rim lies on the opening. A rim takes 3 to 10 % of that distance. Without glasses 100 %.
    ///
    /// ## Limit and source
    /// The frame must not cover the eyes (镜框不得遮挡眼睛, clause 二.3), no figure. Less than 10 % is pointed out as possible, less than 5 % as very likely (proposed). Of 207 portraits with glasses drawn where they belong none reads less than 10 %, slid down until the rim crosses the eyes 155 do, 66 of them less than 5 %; in half of the others the slid glasses are not seen at all. Labelled by eye on photos of the web, three of six rims on an eye read less than 10 % and so do 33 of 256 that are not, two of these less than 5 %: hence advice only.
    ///
    /// ## What to do
    /// Push the glasses up so that both eyes lie in the middle of the lenses, and retake the photo.
    GLASSES_FRAME {
        id: "glasses-frame",
        name: text("镜框不遮眼", "Frame clear of the eyes"),
        quantity: text("镜框外缘与眼睛的距离", "Distance from eye to frame"),
        clause: "二.3",
        unit: Unit::Ratio,
        requirement: Requirement::AtLeast {
            limit: 0.05,
            review: 0.10,
            fault: Fault {
                name: text("镜框遮眼", "Frame over an eye"),
                reason: text("镜框{guess}遮挡或紧贴眼睛，请调整眼镜位置后重拍。", "The frame {guess} covers or touches an eye. Move the glasses and retake the photo."),
            },
        },
        severity: Severity::Advise,
    }
}

fn measure(evidence: &Evidence) -> Measured {
    let Some(glasses) = evidence.glasses()? else { return Ok(Measurement::new(1.0)) };
    let unseen =
        text("眼镜不在眼睛前方，无法判定。", "The glasses are not in front of the eyes, so this cannot be judged.");
    let clearance = glasses.eye_clearance.ok_or(NotAssessed::NotSeen(unseen))?;
    Ok(Measurement::new(clearance).at(glasses.region))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Portrait, verdict};

    /// Glasses from this height on down to 60 px below; the drawn eyes, 90 px apart, reach from y = 244 to 256.
    fn worn_at(top: f64) -> Portrait {
        Portrait::new().paint(Class::Glasses, [165.0, top, 150.0, 60.0], Portrait::SKIN)
    }

    #[test]
    fn a_rim_near_an_eye_goes_to_review_and_on_it_is_pointed_out() {
        let verdicts = [225.0, 239.0, 243.0, 250.0, 260.0].map(|top| verdict(&GLASSES_FRAME, &worn_at(top).evidence()));
        assert_eq!(verdicts, ["pass", "review", "fail", "fail", "fail"]);
        let lower_rim = [180.0, 188.0].map(|top| verdict(&GLASSES_FRAME, &worn_at(top).evidence()));
        assert_eq!(lower_rim, ["fail", "fail"]);
    }

    #[test]
    fn glasses_elsewhere_are_not_assessed() {
        assert_eq!(verdict(&GLASSES_FRAME, &worn_at(340.0).evidence()), "not-assessed");
    }

    #[test]
    fn without_glasses_it_passes_and_without_a_face_nothing_is_assessed() {
        assert_eq!(verdict(&GLASSES_FRAME, &Portrait::new().evidence()), "pass");
        assert_eq!(verdict(&GLASSES_FRAME, &Portrait::nobody()), "not-assessed");
    }
}
