use crate::evidence::{Landmarks, Subject};
use crate::rules::prelude::*;

rule! {
    /// Whether the head is bare: no hat, cap, hood, scarf or wide band.
    ///
    /// ## What is measured
    /// Probability that something is worn on the head: a small net on the whole head and the area that the parsing calls a hat, taken together as independent witnesses. Bald heads, buns, dyed hair and fringes are not covers.
    ///
    /// ## Limit and source
    /// Bare-headed (clauses 一.1 and 二.4), save for religious, medical or cultural reasons where the cover neither hides nor shades the face: no machine can know the reason, so a person decides on such a photo and may accept it. More than 15 % goes to a person, more than 75 % fails. Both lie between the good and the bad of the development photos; accuracy.md has the errors on other people.
    ///
    /// ## What to do
    /// Take the hat or scarf off and shoot again. Who wears it for religious, medical or cultural reasons tells the school, and keeps the face free from brow to chin.
    HEAD_UNCOVERED {
        id: "head-uncovered",
        name: text("免冠", "Head uncovered"),
        clause: "二.4",
        unit: Unit::Ratio,
        limit: Limit::at_most(0.75),
        review: Limit::at_most(0.15),
        severity: Severity::Reject,
        below: text("头部有覆盖物的可能性{value}，低于{min}。", "The head is covered with a certainty of {value}, less than {min}."),
        above: text("头部有帽子、头巾等覆盖物（可能性{value}，应在{max}以内），请取下后重拍；因宗教、医疗或文化原因佩戴的，由学校人工确认。", "Something is worn on the head (certainty {value}, at most {max} allowed). Take it off and shoot again; where it is worn for religious, medical or cultural reasons, a person at the school decides."),
    }
}

fn measure(evidence: &Evidence, _: &Reference) -> Measured {
    let subject = evidence.subject()?;
    let likelihood = (hat_area(subject) + LEAST_HAT_AREA) / NEUTRAL_HAT_AREA;
    let covered = subject.appearance.head_covered * likelihood;
    let bare = 1.0 - subject.appearance.head_covered;
    Ok(Measurement::new(covered / (covered + bare)).at(top_of_head(&subject.landmarks)))
}

/// What the parsing calls a hat, in squares of the distance between the eyes.
fn hat_area(subject: &Subject) -> f64 {
    subject.parsing.area_px2(Class::Hat) / subject.landmarks.inter_eye_distance_px().powi(2).max(1.0)
}

/// As much hat as speaks neither for nor against one, for specks of it are seen on many bare heads.
const NEUTRAL_HAT_AREA: f64 = 0.05;

/// What an unseen hat counts as, for some caps are taken for hair.
const LEAST_HAT_AREA: f64 = 0.003;

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
    fn net_and_parsing_decide_together() {
        let bare = Portrait::new();
        let hatted = Portrait::new().paint(Class::Hat, [160.0, 60.0, 160.0, 60.0], [20; 3]);
        let judged = |portrait: &Portrait, probability| {
            verdict(&HEAD_UNCOVERED, &portrait.clone().seeming(|seen| seen.head_covered = probability).evidence())
        };
        assert_eq!([0.5, 0.9, 0.99].map(|p| judged(&bare, p)), ["pass", "review", "fail"]);
        assert_eq!([0.001, 0.05, 0.5].map(|p| judged(&hatted, p)), ["pass", "review", "fail"]);
    }

    #[test]
    fn without_a_face_nothing_is_assessed() {
        assert_eq!(verdict(&HEAD_UNCOVERED, &Portrait::nobody()), "not-assessed");
    }
}
