use crate::rules::prelude::*;

rule! {
    /// Whether the picture has dark tones, or a veil lies over it.
    ///
    /// ## What is measured
    /// Lightness L* (CIELAB) that half a percent of the person stays below: pupils, nostrils and hair are dark in everybody, whatever the colour of skin, hair and clothes. ISO/IEC 29794-5 calls the spread of tones dynamic range.
    ///
    /// ## Limit and source
    /// Layered tones (clause 一.3), no figure. More than 30 is asked about, more than 40 is plain, and nothing fails. Of 2050 portraits of 13 sources, fair and grey heads among them, 5 read more than 30; of 56 portraits each whose blacks were lifted to grey level 100 of 255 all do, to 80 all, to 60 two in three, and of as many whose tones were squeezed into levels 70 to 190 52.
    ///
    /// ## What to do
    /// Expose less, keep light from the lens, and use no filter that whitens or softens.
    TONAL_RANGE {
        id: "tonal-range",
        name: text("层次清晰", "Tonal range"),
        quantity: text("最暗处的亮度", "Lightness of the darkest parts"),
        clause: "一.3",
        unit: Unit::Lab,
        requirement: Requirement::AtMost {
            limit: 40.0,
            review: 30.0,
            fault: Fault {
                name: text("发灰发白", "Washed out"),
                reason: text("照片{degree}发灰发白，缺少深色层次，请降低曝光、避免杂光，不要使用美白或雾化效果。", "The photo is {degree} washed out: nothing in it is dark. Expose less, keep stray light from the lens, and use no whitening filter."),
            },
        },
        severity: Severity::Ask,
    }
}

/// Percent of the person that is darker than what is measured.
const DARKEST: f32 = 0.5;

fn measure(evidence: &Evidence) -> Measured {
    let subject = evidence.subject()?;
    let colours = &subject.colours;
    let is_person = |class: &Option<Class>| class.is_some_and(|c| !matches!(c, Class::Background | Class::Outside));
    // Every second cell is plenty.
    let cells = colours.lab.iter().zip(&colours.classes).step_by(2).filter(|(_, class)| is_person(class));
    let unseen = text("人像太小，无法判定。", "Too little of the person is in sight to judge this.");
    let darkest = percentile(cells.map(|(lab, _)| lab.l).collect(), DARKEST).ok_or(NotAssessed::NotSeen(unseen))?;
    Ok(Measurement::new(darkest.into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Portrait, verdict};

    #[test]
    fn a_person_without_dark_tones_is_asked_about() {
        // Hair and clothes as dark as this; L* 25 is grey level 59, L* 35 is 82, L* 50 is 119.
        let darkest = |level: u8| {
            let portrait = Portrait::new().recoloured(Class::Hair, move |_| [level; 3]);
            verdict(&TONAL_RANGE, &portrait.recoloured(Class::Cloth, move |_| [level; 3]).evidence())
        };
        assert_eq!([59, 82, 119].map(darkest), ["pass", "review", "fail"]);
    }
}
