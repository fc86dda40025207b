use crate::rules::prelude::*;

rule! {
    /// Whether the face has too little light.
    ///
    /// ## What is measured
    /// Lightness L* (CIELAB) of the brightest of the face: the larger of the 98th percentile over the face and the 95th percentile within the eyes. The white of the eye and the highlights of skin are bright in good light whatever the colour of the skin; a mean lightness would judge people, not light.
    ///
    /// ## Limit and source
    /// Even exposure (clause 三.1), no figure. Less than 47 goes to a person, less than 42 fails. Calibrated on development photos: dark and light faces in good light start at 50, under-exposed ones end at 39.5.
    ///
    /// ## What to do
    /// Put more light on the face and retake the photo.
    UNDER_EXPOSURE {
        id: "under-exposure",
        name: text("不欠曝", "Not under-exposed"),
        quantity: text("面部亮部的亮度", "Lightness of the face's bright parts"),
        clause: "三.1",
        unit: Unit::Lab,
        requirement: Requirement::AtLeast {
            limit: 42.0,
            review: 47.0,
            fault: Fault {
                name: text("曝光不足", "Under-exposed"),
                reason: text("面部{degree}偏暗，请增加面部光线后重拍。", "The face is {degree} too dark. Put more light on the face."),
            },
        },
        severity: Severity::Reject,
    }
}

fn measure(evidence: &Evidence) -> Measured {
    let subject = evidence.subject()?;
    let brightest = |cells: &[usize], percent| {
        percentile(cells.iter().map(|&cell| subject.colours.lab[cell].l).collect(), percent).unwrap_or_default()
    };
    let skin = brightest(&subject.face_cells()?, 98.0);
    let eyes = [BodySide::Right, BodySide::Left].map(|side| brightest(&subject.eye_cells(side), 95.0));
    let lightness = skin.max(eyes[0]).max(eyes[1]);
    Ok(Measurement::new(lightness.into()).at(subject.landmarks.bounds()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Portrait, verdict};

    #[test]
    fn dark_skin_with_bright_eyes_passes_and_a_dark_picture_fails() {
        let face = |skin: u8, eye: u8| {
            let face = Portrait::new().recoloured(Class::Skin, move |_| [skin; 3]);
            verdict(&UNDER_EXPOSURE, &face.paint(Class::Skin, [180.0, 240.0, 30.0, 20.0], [eye; 3]).evidence())
        };
        // L* 40 is grey level 94, L* 45 is 106, L* 50 is 119.
        assert_eq!([(60, 130), (60, 106), (60, 90)].map(|(skin, eye)| face(skin, eye)), ["pass", "review", "fail"]);
    }
}
