use crate::rules::prelude::*;

rule! {
    /// Whether skin shines.
    ///
    /// ## What is measured
    /// Share of the face that is more than 25 in L* above the median skin, at least 85, and paler than it: the glare of a lamp on forehead or nose. Dark skin shines long before it glares: what is lighter than the rest and still has its colour does not count.
    ///
    /// ## Limit and source
    /// No visible highlight or spot (clause 三.1), no figure. More than 4 % is pointed out as slight, more than 8 % as clear (proposed); advice only. Of official portraits of four sources 0 to 5 % read more than 4 %.
    ///
    /// ## What to do
    /// Powder the skin or soften the light.
    FACE_HIGHLIGHTS {
        id: "face-highlights",
        name: text("面部无高光", "No face highlights"),
        quantity: text("高光占面部的面积", "Shiny share of the face"),
        clause: "三.1",
        unit: Unit::Ratio,
        requirement: Requirement::AtMost {
            limit: 0.08,
            review: 0.04,
            fault: Fault {
                name: text("面部有高光", "Face highlights"),
                reason: text("面部{degree}有高光或光斑，请柔化光线或吸油后重拍。", "The skin is {degree} shiny. Soften the light or powder the skin."),
            },
        },
        severity: Severity::Advise,
    }
}

/// L* above the median skin from which a pale spot counts as glare.
const GLARE_LIGHTNESS: f32 = 25.0;
/// L* below which nothing glares, however dark the skin.
const LEAST_GLARE: f32 = 85.0;

fn measure(evidence: &Evidence) -> Measured {
    let subject = evidence.subject()?;
    let skin = subject.colours.colours(&subject.face_cells()?);
    let Some(typical) = median(&skin) else { return Err(NotAssessed::NoFace) };
    let glare = (typical.l + GLARE_LIGHTNESS).max(LEAST_GLARE);
    let shines = |c: &&Lab| c.l > glare && chroma(c) < chroma(&typical);
    let share = skin.iter().filter(shines).count() as f64 / skin.len() as f64;
    Ok(Measurement::new(share).at(subject.landmarks.bounds()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Portrait, verdict};

    #[test]
    fn a_pale_spot_goes_to_review_and_then_fails() {
        let shining = |height| {
            let spot = [190.0, 250.0, 50.0, height];
            verdict(&FACE_HIGHLIGHTS, &Portrait::new().paint(Class::Skin, spot, [252, 250, 248]).evidence())
        };
        assert_eq!([0.0, 40.0, 90.0].map(shining), ["pass", "review", "fail"]);
    }
}
