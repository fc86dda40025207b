use crate::rules::prelude::*;

rule! {
    /// Whether both halves of the face are lit alike (no 阴阳脸).
    ///
    /// ## What is measured
    /// The lesser of two, in stops, positive when the subject's left is brighter. How many times brighter one cheek is than the other: the binary logarithm of the ratio of the mean luminance of their bare skin, without what a turned head explains, 0.022 stops a degree. And how far the light falls off over three quarters of the face's width, without what the form of the face explains: a lamp from the side models every face, and only what is dark wherever it looks lies in the dark. ISO/IEC 29794-5 compares histograms for its illumination uniformity.
    ///
    /// ## Limit and source
    /// Even light, no asymmetric highlight (clause 三.1), no figure. More than 1.2 stops (2.3 : 1) goes to a person, more than 1.7 (3.2 : 1) fails. Photographers light portraits up to 3 : 1. Calibrated on development photos: of 556 accepted faces two read more than 1.2 and none more than 1.7; of 40 with one side in the dark 37 read more than 1.2 and 30 more than 1.7. Low light that leaves both sides dark is not detected.
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
            limit: (-1.7, 1.7),
            review: (-1.2, 1.2),
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
/// Over so much of the face's width the light may fall off, from the middle of one cheek to that of the other and half of each.
const ACROSS: f64 = 0.75;
/// Fewer cells of bare skin say nothing of a cheek.
const MIN_CELLS: usize = 10;

fn measure(evidence: &Evidence) -> Measured {
    let subject = evidence.subject()?;
    let unseen = text("双颊未完整露出，无法测量。", "The cheeks are not both in sight.");
    let light = |side| {
        let light = subject.colours.light_of_skin(&subject.cheek_cells(side), MIN_CELLS);
        light.filter(|light| *light > 0.0).ok_or(NotAssessed::NotSeen(unseen))
    };
    let (right, left) = (light(BodySide::Right)?, light(BodySide::Left)?);
    let of_the_turn = STOPS_PER_DEG * subject.head_pose.yaw_deg;
    let cheeks = (left / right).log2() - of_the_turn;
    // Where too little skin shows to tell form from fall, the cheeks speak alone.
    let across = subject.fall_of_light().map_or(cheeks, |fall| ACROSS * fall);
    let lacking = if cheeks * across > 0.0 { cheeks.abs().min(across.abs()) } else { 0.0 };
    Ok(Measurement::new(lacking.copysign(cheeks)).at(subject.landmarks.bounds()))
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
    fn one_cheek_may_lack_a_stop_and_fails_beyond_two() {
        assert_eq!([1.0, 0.5, 0.35, 0.2].map(|share| shaded(share, 0.0)), ["pass", "pass", "review", "fail"]);
    }

    #[test]
    fn what_the_turn_of_the_head_explains_does_not_count() {
        assert_eq!([-20.0, 0.0].map(|yaw_deg| shaded(0.33, yaw_deg)), ["pass", "review"]);
    }
}
