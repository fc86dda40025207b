use super::{EYES, of_pair};
use crate::rules::prelude::*;

rule! {
    /// Whether both eyes are open.
    ///
    /// ## What is measured
    /// Probability that the less open eye is open, from a small net on an aligned crop of each eye and the gap between the lids of the mesh, the measure of ISO/IEC 29794-5: they err on different eyes.
    ///
    /// ## Limit and source
    /// Both eyes naturally open (clause 二.2), no figure. Less than 80 % goes to a person, less than 50 % fails. Of the development photos 380 of 384 open pairs lie above 80 % and one below 50 %, 245 of 247 closed ones below 50 % and none above 80 %; of 504 studio portraits with open eyes two lie below 80 % and one of these below 50 %. The gap alone never decides: of 115 portraits from Taiwan none fails and one is asked about.
    ///
    /// ## What to do
    /// Retake the photo with the eyes open.
    EYES_OPEN {
        id: "eyes-open",
        name: text("双眼睁开", "Eyes open"),
        quantity: text("双眼睁开的可能性", "Probability that both eyes are open"),
        clause: "二.2",
        unit: Unit::Probability,
        requirement: Requirement::AtLeast {
            limit: 0.5,
            review: 0.8,
            fault: Fault {
                name: text("未睁眼", "Eyes not open"),
                reason: text("{seen}眼{guess}未自然睁开，请睁开双眼后重拍。", "The photo {guess} shows {seen} not open. Open both eyes naturally."),
            },
        },
        severity: Severity::Reject,
        seen: text("右", "the right eye"),
    }
}

fn measure(evidence: &Evidence) -> Measured {
    let subject = evidence.subject()?;
    let eyes = subject.appearance.eyes_open;
    let (side, open) = eyes.lesser();
    let seen = of_pair(side, eyes.greater().1 < 0.5, EYES);
    let eye = Region::around(subject.landmarks.eye_corners(side));
    Ok(Measurement::new(open).seeing(seen).at(eye.map(|eye| eye.grown(0.3 * eye.width))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Sides;
    use crate::testing::{Portrait, verdict};

    #[test]
    fn the_less_open_eye_decides() {
        let eyes =
            |open| verdict(&EYES_OPEN, &Portrait::new().seeming(|seen| seen.eyes_open = Sides::from(open)).evidence());
        assert_eq!([[0.99, 0.4], [0.7, 0.9], [0.85, 0.95]].map(eyes), ["fail", "review", "pass"]);
    }
}
