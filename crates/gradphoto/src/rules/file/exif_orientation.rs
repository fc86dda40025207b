use crate::rules::prelude::*;

rule! {
    /// Whether the file relies on a note to be shown upright.
    ///
    /// ## What is measured
    /// The EXIF orientation, 1 to 8; 1 is upright, and so is a file without the note.
    ///
    /// ## Limit and source
    /// The standard forbids rotating and mirroring (clause 一.2). Portals that ignore the note show the photo on its side, so this advises.
    ///
    /// ## What to do
    /// Export the photo upright, so that no note is needed.
    EXIF_ORIENTATION {
        id: "exif-orientation",
        name: text("方向标记", "EXIF orientation"),
        clause: "一.2",
        unit: Unit::Count,
        limit: Limit::at_most(1.0),
        review: Limit::at_most(1.0),
        severity: Severity::Advise,
        below: text("方向标记为{value}，低于{min}。", "The orientation note is {value}, less than {min}."),
        above: text("照片依靠方向标记（{value}）才能正立，部分平台会显示为躺倒，请正立导出。", "The photo is upright only by its orientation note ({value}); some portals show it lying. Export it upright."),
    }
}

fn measure(evidence: &Evidence, _: &Reference) -> Measured {
    let file = evidence.photo.file().ok_or(NotAssessed::NoFile)?;
    Ok(Measurement::new(file.orientation.into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{FileBuilder, Portrait, verdict};

    #[test]
    fn only_orientation_1_passes() {
        let noted = |orientation| verdict(&EXIF_ORIENTATION, &FileBuilder::jpeg().exif(orientation, None).evidence());
        assert_eq!([1, 2, 6].map(noted), ["pass", "fail", "fail"]);
    }

    #[test]
    fn pixels_without_a_file_are_not_assessed() {
        assert_eq!(verdict(&EXIF_ORIENTATION, &Portrait::new().evidence()), "not-assessed");
    }
}
