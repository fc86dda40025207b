use crate::rules::prelude::*;

rule! {
    /// Whether both eyes are open.
    ///
    /// ## What is measured
    /// Largest gap between the lids of the smaller eye over the distance from eyes to chin, the measure of ISO/IEC 29794-5 (eyes open).
    ///
    /// ## Limit and source
    /// Both eyes naturally open (clause 二.2), no figure. ISO's mid-score is 2 %. Narrow eyes are never compared with a population.
    ///
    /// ## What to do
    /// Shoot again with the eyes open.
    EYES_OPEN {
        id: "eyes-open",
        name: text("双眼睁开", "Eyes open"),
        clause: "二.2",
        unit: Unit::Ratio,
        limit: Limit::at_least(0.035),
        review: Limit::at_least(0.045),
        severity: Severity::Reject,
        below: text("眼睛未完全睁开（{value}，应达到{min}），请自然睁开双眼后重拍。", "The eyes are not fully open ({value}, {min} is required). Open both eyes naturally."),
        above: text("眼睛睁开{value}，超过{max}。", "The eyes are open by {value}, more than {max}."),
    }
}

/// Pairs of upper and lower lid points of each eye: middle, and half way to either corner.
const LIDS: [[(usize, usize); 3]; 2] = [[(159, 145), (158, 153), (160, 144)], [(386, 374), (385, 380), (387, 373)]];

fn measure(evidence: &Evidence, _: &Reference) -> Measured {
    let landmarks = &evidence.subject()?.landmarks;
    let gap = |(upper, lower): (usize, usize)| landmarks.point(upper).distance(landmarks.point(lower));
    let [right, left] = LIDS.map(|pairs| pairs.into_iter().map(gap).fold(0.0, f64::max));
    let eyes = Region::around([33, 133, 362, 263].map(|i| landmarks.point(i)));
    let smaller = right.min(left) / landmarks.eye_chin_distance_px();
    Ok(Measurement::new(smaller).at(eyes.map(|eyes| eyes.grown(0.1 * eyes.width))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Portrait, verdict};

    #[test]
    fn lids_must_be_4_5_percent_apart_and_fail_below_3_5() {
        // The drawn face measures 150 px from eyes to chin.
        let open = |gap: f64| verdict(&EYES_OPEN, &Portrait::new().lids(gap).evidence());
        assert_eq!([5.0, 6.0, 8.0].map(open), ["fail", "review", "pass"]);
    }

    #[test]
    fn without_a_face_nothing_is_assessed() {
        assert_eq!(verdict(&EYES_OPEN, &Portrait::nobody()), "not-assessed");
    }
}
