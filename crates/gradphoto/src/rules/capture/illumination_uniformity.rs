use crate::rules::prelude::*;

rule! {
    /// Whether both halves of the face are lit alike (no 阴阳脸).
    ///
    /// ## What is measured
    /// Difference of the mean lightness L* (CIELAB) of both cheeks; positive when the subject's left cheek is brighter. ISO/IEC 29794-5 compares histograms for its illumination uniformity.
    ///
    /// ## Limit and source
    /// Even light, no asymmetric highlight (clause 三.1), no figure. More than 8 goes to a person, more than 15 fails. Calibrated on development photos: evenly lit faces stay below 6.1, faces with one side darkened start at 8.6, 95 % of them lie above 16.
    ///
    /// ## What to do
    /// Light both sides alike: two lamps at shoulder height, 45° to either side (clause 三.2).
    ILLUMINATION_UNIFORMITY {
        id: "illumination-uniformity",
        name: text("面部光线均匀", "Even lighting"),
        quantity: text("左右脸亮度差", "Difference between the cheeks"),
        clause: "三.1",
        unit: Unit::Lab,
        requirement: Requirement::Between {
            limit: (-15.0, 15.0),
            review: (-8.0, 8.0),
            below: Fault {
                name: text("左脸偏暗", "Left cheek too dark"),
                reason: text("左脸比右脸{degree}偏暗，请让两侧光线一致后重拍。", "The left cheek is {degree} darker than the right. Light both sides alike."),
            },
            above: Fault {
                name: text("右脸偏暗", "Right cheek too dark"),
                reason: text("右脸比左脸{degree}偏暗，请让两侧光线一致后重拍。", "The right cheek is {degree} darker than the left. Light both sides alike."),
            },
        },
        severity: Severity::Reject,
    }
}

fn measure(evidence: &Evidence) -> Measured {
    let subject = evidence.subject()?;
    let unseen = NotAssessed::NotSeen(text("脸颊未完整入镜，无法测量。", "Both cheeks are not in the picture."));
    let lightness = |side| Ok(mean(&subject.cheek_colours(side)).ok_or(unseen)?.l);
    let (right, left) = (lightness(BodySide::Right)?, lightness(BodySide::Left)?);
    Ok(Measurement::new((left - right).into()).at(subject.landmarks.bounds()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Portrait, verdict};

    #[test]
    fn cheeks_may_differ_by_8_and_fail_beyond_15() {
        let shaded = |share: f64| {
            let shade =
                move |p: Point| Portrait::SKIN.map(|c| (f64::from(c) * if p.x > 240.0 { share } else { 1.0 }) as u8);
            verdict(&ILLUMINATION_UNIFORMITY, &Portrait::new().recoloured(Class::Skin, shade).evidence())
        };
        assert_eq!([1.0, 0.85, 0.6].map(shaded), ["pass", "review", "fail"]);
    }
}
