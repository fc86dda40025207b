use crate::rules::prelude::*;

rule! {
    /// Whether the photo shows head and shoulders, not the head alone.
    ///
    /// ## What is measured
    /// Share of the lower edge that the body covers.
    ///
    /// ## Limit and source
    /// The standard implies it (clause 四.2 leaves 340 px below the eyes); Xinhua asks for complete shoulders. Less than 75 % is pointed out as possible, less than 60 % as very likely (proposed); advice only.
    ///
    /// ## What to do
    /// Crop wider, or shoot from farther away.
    SHOULDERS_IN_FRAME {
        id: "shoulders-in-frame",
        name: text("肩膀完整", "Shoulders in frame"),
        quantity: text("身体占下边的比例", "Share of the lower edge covered"),
        clause: "四.2",
        unit: Unit::Ratio,
        requirement: Requirement::AtLeast {
            limit: 0.60,
            review: 0.75,
            fault: Fault {
                name: text("肩膀不完整", "Shoulders cut off"),
                reason: text("双肩{guess}未拍完整，请把双肩都拍进画面。", "The shoulders are {guess} cut off. Show both shoulders in full."),
            },
        },
        severity: Severity::Advise,
    }
}

fn measure(evidence: &Evidence) -> Measured {
    let unseen =
        text("照片下边离脸太远，无法测量。", "The lower edge of the photo is too far from the face to measure.");
    let share = evidence.subject()?.outline.lower_edge_share.ok_or(NotAssessed::NotSeen(unseen))?;
    Ok(Measurement::new(share))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Portrait, verdict};

    #[test]
    fn a_body_as_wide_as_three_quarters_passes() {
        let clear = Portrait::new().paint(Class::Background, [0.0, 450.0, 480.0, 190.0], Portrait::BLUE);
        let body = |share: f64| {
            let cloth = [0.0, 500.0, 480.0 * share, 140.0];
            verdict(&SHOULDERS_IN_FRAME, &clear.clone().paint(Class::Cloth, cloth, [40, 40, 45]).evidence())
        };
        assert_eq!([0.55, 0.70, 0.80].map(body), ["fail", "review", "pass"]);
    }
}
