use crate::rules::prelude::*;

rule! {
    /// Whether the file relies on a tag to be shown upright.
    ///
    /// ## What is measured
    /// The EXIF orientation, 1 to 8; 1 is upright, and so is a file without the tag.
    ///
    /// ## Limit and source
    /// The standard forbids rotating and mirroring (clause 一.2). Portals that ignore the tag show the photo on its side, so this advises.
    ///
    /// ## What to do
    /// Export the photo upright, so that no tag is needed.
    EXIF_ORIENTATION {
        id: "exif-orientation",
        name: text("正立保存", "Stored upright"),
        quantity: text("方向标记", "Orientation tag"),
        clause: "一.2",
        unit: Unit::Count,
        requirement: Requirement::AtMost {
            limit: 1.0,
            review: 1.0,
            fault: Fault {
                name: text("依赖方向标记", "Upright only by a tag"),
                reason: text("照片依靠方向标记（{value}）才显示为正向，部分平台会显示成横向，请转正后重新导出。", "The photo appears upright only because of an orientation tag ({value}); some portals will show it on its side. Export it upright."),
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
