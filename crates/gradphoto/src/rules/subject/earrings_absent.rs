use super::{raised_by_area, side_word};
use crate::rules::prelude::*;

rule! {
    /// Whether earrings are worn.
    ///
    /// ## What is measured
    /// Probability of an earring at the more suspicious ear, from a small net on an aligned crop of each side of the head, which reaches down to the shoulder, weighed by what the parsing calls an earring there.
    ///
    /// ## Limit and source
    /// No earrings (clause 二.4); presence, no figure. More than 95 % goes to a person, more than 99 % fails: of the development photos 131 of 133 without and 5 of 138 with earrings read less than 95 %.
    ///
    /// ## What to do
    /// Take the earrings off and retake the photo.
    EARRINGS_ABSENT {
        id: "earrings-absent",
        name: text("未戴耳饰", "No earrings"),
        quantity: text("戴耳饰的可能性", "Probability of an earring"),
        clause: "二.4",
        unit: Unit::Probability,
        requirement: Requirement::AtMost {
            limit: 0.99,
            review: 0.95,
            fault: Fault {
                name: text("戴耳饰", "Earring"),
                reason: text("{seen}耳{guess}佩戴耳饰，请摘下后重拍。", "There is {guess} an earring on the {seen} ear. Take it off and retake the photo."),
            },
        },
        severity: Severity::Reject,
    }
}

fn measure(evidence: &Evidence) -> Measured {
    let subject = evidence.subject()?;
    let areas = subject.parsing.class_areas_by_side(Class::Earring, &subject.landmarks);
    let face_width = subject.landmarks.face_width_px() / subject.parsing.scale;
    let worn = Sides::of(|side| {
        raised_by_area(*subject.appearance.earrings.get(side), AREA_WEIGHT, *areas.get(side) as f64, face_width)
    });
    let (side, worn) = worn.greater();
    Ok(Measurement::new(worn).seeing(side_word(side)).at(subject.landmarks.ear_region(side)))
}

/// By how much the odds rise per share of the squared face width that the parsing calls an earring.
const AREA_WEIGHT: f64 = 5000.0;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Portrait, verdict};

    #[test]
    fn the_more_suspicious_ear_decides() {
        let ears = |earrings| {
            let portrait = Portrait::new().seeming(|seen| seen.earrings = Sides::from(earrings));
            verdict(&EARRINGS_ABSENT, &portrait.evidence())
        };
        assert_eq!([[0.01, 0.995], [0.97, 0.1], [0.93, 0.05]].map(ears), ["fail", "review", "pass"]);
    }

    #[test]
    fn what_the_parsing_sees_raises_the_odds() {
        let portrait = Portrait::new().seeming(|seen| seen.earrings = [0.6, 0.1].into());
        let ring = |x: f64| portrait.clone().paint(Class::Earring, [x, 330.0, 10.0, 10.0], [220, 200, 90]).evidence();
        assert_eq!([120.0, 350.0].map(|x| verdict(&EARRINGS_ABSENT, &ring(x))), ["review", "pass"]);
    }
}
