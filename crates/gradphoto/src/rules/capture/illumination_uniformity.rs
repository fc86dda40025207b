use crate::rules::prelude::*;

rule! {
    /// Whether both halves of the face are lit alike (no 阴阳脸).
    ///
    /// ## What is measured
    /// How many times brighter one cheek is than the other, in stops: the binary logarithm of the ratio of the mean luminance of their bare skin, positive when the subject's left cheek is brighter. What a turned head explains is taken out, 0.022 stops a degree. ISO/IEC 29794-5 compares histograms for its illumination uniformity.
    ///
    /// ## Limit and source
    /// Even light, no asymmetric highlight (clause 三.1), no figure. More than 1.5 stops (2.8 : 1) goes to a person, more than 3.2 (9 : 1) fails. Photographers light portraits up to 3 : 1. Calibrated on development photos: of 556 accepted faces 12 read more than 1.5 and none more than 3.2; students before even light stay below 0.4; of 40 faces with one side in the dark 37 read more than 1.5 and one more than 3.2.
    ///
    /// ## What to do
    /// Light both sides alike: two lamps at shoulder height, 45° to either side (clause 三.2).
    ILLUMINATION_UNIFORMITY {
        id: "illumination-uniformity",
        name: text("面部光线均匀", "Even lighting"),
        quantity: text("左右脸亮度差（档）", "Difference between cheeks, in stops"),
        clause: "三.1",
        unit: Unit::Factor,
        requirement: Requirement::Between {
            limit: (-3.2, 3.2),
            review: (-1.5, 1.5),
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

/// Stops by which a head turned by one degree lights the cheek on its side more than the other, under studio lamps.
const STOPS_PER_DEG: f64 = 0.0216;
/// Fewer cells of bare skin say nothing of a cheek.
const MIN_CELLS: usize = 10;

fn measure(evidence: &Evidence) -> Measured {
    let subject = evidence.subject()?;
    let unseen = text("双颊未完整露出，无法测量。", "The cheeks are not both in sight.");
    let light = |side| {
        let cells = subject.cheek_cells(side);
        let skin = cells.into_iter().filter(|&cell| subject.colours.classes[cell] == Some(Class::Skin));
        let light = skin.map(|cell| luminance(subject.colours.lab[cell])).collect::<Vec<_>>();
        let sum = light.iter().sum::<f64>();
        if light.len() < MIN_CELLS || sum <= 0.0 {
            Err(NotAssessed::NotSeen(unseen))
        } else {
            Ok(sum / light.len() as f64)
        }
    };
    let (right, left) = (light(BodySide::Right)?, light(BodySide::Left)?);
    let of_the_turn = STOPS_PER_DEG * subject.head_pose.yaw_deg;
    Ok(Measurement::new((left / right).log2() - of_the_turn).at(subject.landmarks.bounds()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Portrait, verdict};

    /// The verdict with the subject's left half of the face in so much of the light.
    fn shaded(share: f64, yaw_deg: f64) -> &'static str {
        let shade = move |p: Point| {
            let light = |c: u8| (f64::from(c) * share.powf(1.0 / 2.2)) as u8;
            Portrait::SKIN.map(|c| if p.x > 240.0 { light(c) } else { c })
        };
        let portrait = Portrait::new().posed(yaw_deg, 0.0, 0.0).recoloured(Class::Skin, shade);
        verdict(&ILLUMINATION_UNIFORMITY, &portrait.evidence())
    }

    #[test]
    fn one_cheek_may_lack_a_stop_and_fails_beyond_three() {
        assert_eq!([1.0, 0.5, 0.3, 0.08].map(|share| shaded(share, 0.0)), ["pass", "pass", "review", "fail"]);
    }

    #[test]
    fn what_the_turn_of_the_head_explains_does_not_count() {
        assert_eq!([-20.0, 0.0].map(|yaw_deg| shaded(0.33, yaw_deg)), ["pass", "review"]);
    }
}
