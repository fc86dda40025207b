use crate::rules::prelude::*;

rule! {
    /// Whether there is anything behind the person but the background.
    ///
    /// ## What is measured
    /// Share of the photo that the largest foreign patch covers: another person's face, or connected background that differs by more than 14 in CIELAB from a smooth model of it. Lines along the very edge are left out.
    ///
    /// ## Limit and source
    /// No other persons or objects (clause 二.1), no figure. More than 0.2 % of the photo goes to a person, more than 0.4 % fails. Calibrated on development photos: clean ones stay below 0.1 %, lamps, plants and frames start above 0.4 %.
    ///
    /// ## What to do
    /// Clear the background and retake the photo.
    BACKGROUND_OBJECTS {
        id: "background-objects",
        name: text("背景无杂物", "Clear background"),
        quantity: text("杂物占照片的面积", "Share covered by objects"),
        clause: "二.1",
        unit: Unit::Ratio,
        requirement: Requirement::AtMost {
            limit: 0.004,
            review: 0.002,
            fault: Fault {
                name: text("背景有杂物", "Objects in the background"),
                reason: text("背景中{guess}有其他人或物体，请清空背景后重拍。", "There is {guess} somebody or something else in the background. Clear it and retake the photo."),
            },
        },
        severity: Severity::Reject,
    }
}

fn measure(evidence: &Evidence) -> Measured {
    let background = evidence.background()?;
    let photo = f64::from(evidence.photo.pixels().width()) * f64::from(evidence.photo.pixels().height());
    let people = evidence.faces.iter().skip(1).map(|face| (face.bounds, face.bounds.area() / photo));
    let largest = people.chain(background.object).max_by(|a, b| a.1.total_cmp(&b.1));
    Ok(largest.map_or(Measurement::new(0.0), |(region, share)| Measurement::new(share).at(region)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Portrait, verdict};

    #[test]
    fn a_lamp_and_a_second_face_fail() {
        let lamp = |width| Portrait::new().paint(Class::Background, [400.0, 100.0, width, 200.0], [40, 40, 40]);
        assert_eq!(verdict(&BACKGROUND_OBJECTS, &Portrait::new().evidence()), "pass");
        assert_eq!(verdict(&BACKGROUND_OBJECTS, &lamp(4.5).evidence()), "review");
        assert_eq!(verdict(&BACKGROUND_OBJECTS, &lamp(12.0).evidence()), "fail");
        assert_eq!(verdict(&BACKGROUND_OBJECTS, &Portrait::new().with_face(10.0, 20.0, 90.0, 0.8).evidence()), "fail");
    }

    #[test]
    fn a_light_line_along_the_edge_is_no_object() {
        let line = |width| Portrait::new().paint(Class::Background, [0.0, 0.0, width, 640.0], [250; 3]);
        assert_eq!([1.0, 2.0].map(|width| verdict(&BACKGROUND_OBJECTS, &line(width).evidence())), ["pass"; 2]);
    }
}
