use crate::rules::prelude::*;

rule! {
    /// Whether both ears show alike.
    ///
    /// ## What is measured
    /// Area of the smaller ear over that of the larger one, as the parsing net sees them.
    ///
    /// ## Limit and source
    /// Ears symmetric (clause 二.2), no figure. Less than 50 % is a hint to look, less than 35 % a clear one: of 153 good development photos 151 lie above 50 %, 150 above 54 %. It only advises: an ear that hair covers is the matter of ears-visible, a turned head that of head-yaw.
    ///
    /// ## What to do
    /// Face the camera straight and free both ears alike.
    EARS_SYMMETRIC {
        id: "ears-symmetric",
        name: text("双耳对称", "Ears symmetric"),
        quantity: text("左右耳大小之比", "Ratio of the ears"),
        clause: "二.2",
        unit: Unit::Ratio,
        requirement: Requirement::AtLeast {
            limit: 0.35,
            review: 0.5,
            fault: Fault {
                name: text("双耳不对称", "Ears not symmetric"),
                reason: text("左右耳露出的大小{degree}不同，请正对镜头并露出双耳。", "One ear shows {degree} less than the other. Face the camera straight and free both ears."),
            },
        },
        severity: Severity::Advise,
    }
}

/// In crop pixels; a larger ear that is smaller than this shows too little to compare.
const SMALLEST_EAR_PX: usize = 60;

fn measure(evidence: &Evidence) -> Measured {
    let subject = evidence.subject()?;
    let areas = subject.parsing.class_areas_by_side(Class::Ear, &subject.landmarks);
    let ((side, smaller), (_, larger)) = (areas.lesser(), areas.greater());
    if larger < SMALLEST_EAR_PX {
        return Err(NotAssessed::NotSeen(text(
            "双耳都看不清，无法比较。",
            "Neither ear can be seen well enough to compare them.",
        )));
    }
    Ok(Measurement::new(smaller as f64 / larger as f64).at(subject.landmarks.ear_region(side)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Portrait, verdict};

    /// The verdict where the right ear is 60 px high and the left one `height`.
    fn left_ear(height: f64) -> &'static str {
        let ear = |portrait: Portrait, x, height| portrait.paint(Class::Ear, [x, 240.0, 20.0, height], Portrait::SKIN);
        verdict(&EARS_SYMMETRIC, &ear(ear(Portrait::new(), 120.0, 60.0), 340.0, height).evidence())
    }

    #[test]
    fn one_ear_may_show_less_than_the_other() {
        assert_eq!([15.0, 25.0, 60.0].map(left_ear), ["fail", "review", "pass"]);
    }

    #[test]
    fn without_ears_nothing_is_assessed() {
        assert_eq!(verdict(&EARS_SYMMETRIC, &Portrait::new().evidence()), "not-assessed");
        assert_eq!(verdict(&EARS_SYMMETRIC, &Portrait::nobody()), "not-assessed");
    }
}
