use crate::rules::prelude::*;

rule! {
    /// Whether the lips are closed.
    ///
    /// ## What is measured
    /// Gap between the lips over the distance from eyes to chin: one quarter the largest gap between the mesh's inner lips, the measure of ISO/IEC 29794-5 (mouth closed), three quarters the mean height of what the parsing calls the inside of the mouth. A beard deceives the first alone.
    ///
    /// ## Limit and source
    /// Lips naturally closed (clause 二.2), no figure. ISO's mid-score of 20 % is far too loose for it: more than 2 % goes to a person, more than 3.5 % fails. Calibrated on development photos: of 634 closed mouths two read more than 2 % and none more than 3.5 %; of 348 open ones none less than 2 % and 9 less than 3.5 %.
    ///
    /// ## What to do
    /// Retake the photo with the lips closed; a slight smile is fine.
    MOUTH_CLOSED {
        id: "mouth-closed",
        name: text("嘴唇闭合", "Mouth closed"),
        quantity: text("双唇间隙", "Gap between the lips"),
        clause: "二.2",
        unit: Unit::Ratio,
        requirement: Requirement::AtMost {
            limit: 0.035,
            review: 0.02,
            fault: Fault {
                name: text("张嘴", "Mouth open"),
                reason: text("嘴唇{degree}张开，请自然闭嘴、不露齿后重拍。", "The lips are {degree} apart. Close the mouth naturally, without showing teeth."),
            },
        },
        severity: Severity::Reject,
    }
}

/// Pairs of upper and lower inner lip points of the mesh: middle, and half way to either corner.
const INNER_LIPS: [(usize, usize); 3] = [(13, 14), (82, 87), (312, 317)];

/// What the mesh's gap counts; the rest is what the parsing sees.
const OF_THE_MESH: f64 = 0.25;

fn measure(evidence: &Evidence) -> Measured {
    let subject = evidence.subject()?;
    let landmarks = &subject.landmarks;
    let gap = |(upper, lower): (usize, usize)| landmarks.point(upper).distance(landmarks.point(lower));
    let widest = INNER_LIPS.into_iter().map(gap).fold(0.0, f64::max);
    let inside_px2 = subject.parsing.area_px2(Class::MouthInside);
    let opening = inside_px2 / landmarks.point(61).distance(landmarks.point(291)).max(1.0);
    let mouth = Region::around([61, 291, 0, 17].map(|i| landmarks.point(i)));
    let gap = OF_THE_MESH * widest + (1.0 - OF_THE_MESH) * opening;
    Ok(Measurement::new(gap / landmarks.eye_chin_distance_px()).at(mouth))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Portrait, verdict};

    #[test]
    fn lips_of_the_mesh_may_part_by_8_percent_and_fail_beyond_14() {
        // The drawn face measures 150 px from eyes to chin.
        let parted = |gap| verdict(&MOUTH_CLOSED, &Portrait::new().point(14, 240.0, 345.0 + gap).evidence());
        assert_eq!([11.9, 12.1, 20.9, 21.1].map(parted), ["pass", "review", "review", "fail"]);
    }

    #[test]
    fn what_the_parsing_sees_between_the_lips_counts_three_times_as_much() {
        let portrait = Portrait::new().point(14, 240.0, 350.0).point(61, 210.0, 350.0).point(291, 270.0, 350.0);
        let opened = |height: f64| {
            let inside = portrait.clone().paint(Class::MouthInside, [210.0, 345.0, 60.0, height], [90, 30, 30]);
            verdict(&MOUTH_CLOSED, &inside.evidence())
        };
        assert_eq!([0.0, 4.0, 10.0].map(opened), ["pass", "review", "fail"]);
    }
}
