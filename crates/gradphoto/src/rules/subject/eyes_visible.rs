use crate::evidence::{LEFT_EYE, RIGHT_EYE};
use crate::rules::prelude::*;

rule! {
    /// Whether both eyes are free of hair.
    ///
    /// ## What is measured
    /// Hidden share of an eye, the more hidden one: hair or a hat between its lids, or how much less of it is seen than of the other eye. The second tells strands that the net takes for skin, as it does on dark skin. Eyes behind glasses count as seen; whether the lids are open is another rule.
    ///
    /// ## Limit and source
    /// Hair must not cover the eyes (头发不得遮挡眼睛, clause 二.4), no figure. More than 30 % goes to a person, more than 60 % fails. Calibrated on development photos: free eyes read up to 24 %, the covered ones 99 % and more. Narrow eyes differ more from each other in the parsing, hence the wide band.
    ///
    /// ## What to do
    /// Comb or clip the hair off the eyes and retake the photo.
    EYES_VISIBLE {
        id: "eyes-visible",
        name: text("眼睛无遮挡", "Eyes visible"),
        quantity: text("眼睛被遮的面积", "Covered share of an eye"),
        clause: "二.4",
        unit: Unit::Ratio,
        requirement: Requirement::AtMost {
            limit: 0.6,
            review: 0.3,
            fault: Fault {
                name: text("遮眼", "Eye covered"),
                reason: text("头发{degree}遮住了{seen}眼，请将头发拨开后重拍。", "Hair {degree} covers the {seen} eye. Comb it aside and retake the photo."),
            },
        },
        severity: Severity::Reject,
    }
}

/// Where less than this share of both eyes is seen, as with closed lids, comparing them says nothing.
const LEAST_SEEN: f64 = 0.3;

fn measure(evidence: &Evidence) -> Measured {
    let subject = evidence.subject()?;
    let share = |eye, classes: &[Class]| subject.parsing.share_within(&subject.landmarks, eye, classes);
    let [right_seen, left_seen] = [&RIGHT_EYE, &LEFT_EYE].map(|eye| share(eye, &[Class::Eye, Class::Glasses]));
    let hidden = |eye, seen: f64, other: f64| {
        let missing = if other > LEAST_SEEN { 1.0 - seen / other } else { 0.0 };
        share(eye, &[Class::Hair, Class::Hat]).max(missing)
    };
    let right = hidden(&RIGHT_EYE, right_seen, left_seen);
    let left = hidden(&LEFT_EYE, left_seen, right_seen);
    let (share, side, eye) =
        if right >= left { (right, text("右", "right"), RIGHT_EYE) } else { (left, text("左", "left"), LEFT_EYE) };
    let region = Region::around(eye.map(|i| subject.landmarks.point(i)));
    Ok(Measurement::new(share).seeing(side).at(region.map(|eye| eye.grown(0.3 * eye.width))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Portrait, verdict};

    /// The verdict where `class` covers the drawn left eye, from x = 265 to 305, up to `to`.
    fn covered(class: Class, to: f64) -> &'static str {
        let portrait = Portrait::new().parsed_eyes().paint(class, [250.0, 230.0, to - 250.0, 40.0], Portrait::SKIN);
        verdict(&EYES_VISIBLE, &portrait.evidence())
    }

    #[test]
    fn hair_over_an_eye_goes_to_review_and_then_fails() {
        assert_eq!([272.0, 285.0, 295.0].map(|to| covered(Class::Hair, to)), ["pass", "review", "fail"]);
    }

    #[test]
    fn strands_that_look_like_skin_tell_by_the_other_eye() {
        assert_eq!([272.0, 285.0, 295.0].map(|to| covered(Class::Skin, to)), ["pass", "review", "fail"]);
    }

    #[test]
    fn closed_lids_are_not_hidden() {
        assert_eq!(verdict(&EYES_VISIBLE, &Portrait::new().evidence()), "pass");
    }
}
