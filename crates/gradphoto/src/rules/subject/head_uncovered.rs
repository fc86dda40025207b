use crate::evidence::Landmarks;
use crate::rules::prelude::*;

rule! {
    /// Whether the head is bare: no hat, cap, hood, scarf or wide band.
    ///
    /// ## What is measured
    /// Probability that something is worn on the head: a calibrated head on the parsing net. Bald heads, buns, dyed hair and fringes are not covers.
    ///
    /// ## Limit and source
    /// Bare-headed (clauses 一.1 and 二.4), save for religious, medical or cultural reasons where the cover neither hides nor shades the face: no machine can know the reason, so a person decides on such a photo and may accept it. More than 16 % goes to a person, more than 50 % fails. Of the development photos 8 of 1208 bare heads read more than 16 % and three more than 50 %; two of 56 covered ones less than 16 % and five more less than 50 %.
    ///
    /// ## What to do
    /// Take the hat or scarf off and retake the photo. Who wears it for religious, medical or cultural reasons tells the school, and keeps the face free from brow to chin.
    HEAD_UNCOVERED {
        id: "head-uncovered",
        name: text("免冠", "Head uncovered"),
        quantity: text("头部有覆盖物的可能性", "Probability of a head covering"),
        clause: "二.4",
        unit: Unit::Probability,
        requirement: Requirement::AtMost {
            limit: 0.5,
            review: 0.16,
            fault: Fault {
                name: text("戴帽或头巾", "Head covered"),
                reason: text("头部{guess}有帽子、头巾等覆盖物，请取下后重拍；因宗教、医疗或文化原因佩戴的，由学校人工确认。", "The person is {guess} wearing something on the head. Take it off and retake the photo; where it is worn for religious, medical or cultural reasons, the school decides."),
            },
        },
        severity: Severity::Reject,
    }
}

fn measure(evidence: &Evidence) -> Measured {
    let subject = evidence.subject()?;
    Ok(Measurement::new(subject.appearance.head_covered).at(top_of_head(&subject.landmarks)))
}

/// From the brows to above the hair.
fn top_of_head(landmarks: &Landmarks) -> Option<Region> {
    let brows = Region::around([70, 300, 234, 454].map(|i| landmarks.point(i)))?;
    let height = 0.9 * landmarks.eye_chin_distance_px();
    Some(Region { y: brows.y - height, height, ..brows })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Portrait, verdict};

    #[test]
    fn a_doubtful_cover_goes_to_a_person_and_a_sure_one_fails() {
        let covered = |probability| {
            verdict(&HEAD_UNCOVERED, &Portrait::new().seeming(|seen| seen.head_covered = probability).evidence())
        };
        assert_eq!([0.05, 0.4, 0.8].map(covered), ["pass", "review", "fail"]);
    }
}
