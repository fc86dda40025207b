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
        name: text("正立保存", "Stored upright"),
        quantity: text("方向标记", "Orientation note"),
        clause: "一.2",
        unit: Unit::Count,
        requirement: Requirement::AtMost {
            limit: 1.0,
            review: 1.0,
            fault: Fault {
                name: text("靠方向标记正立", "Upright only by a note"),
                reason: text("照片依靠方向标记（{value}）才能正立，部分平台会显示为躺倒，请正立导出。", "The photo is upright only because of an orientation note ({value}); some portals show it lying on its side. Export it upright."),
            },
        },
        severity: Severity::Advise,
    }
}

fn measure(evidence: &Evidence) -> Measured {
    let file = evidence.photo.file().ok_or(NotAssessed::NoFile)?;
    Ok(Measurement::new(file.orientation.into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{FileBuilder, verdict};

    #[test]
    fn only_orientation_1_passes() {
        let noted = |orientation| verdict(&EXIF_ORIENTATION, &FileBuilder::jpeg().exif(orientation, None).evidence());
        assert_eq!([1, 2, 6].map(noted), ["pass", "fail", "fail"]);
    }
}
