use crate::rules::prelude::*;

rule! {
    /// Whether the file is compressed no more than allowed.
    ///
    /// ## What is measured
    /// IJG quality read back from the quantisation tables, 1 to 100. Tables of other makers (Photoshop, cameras) give the nearest IJG quality.
    ///
    /// ## Limit and source
    /// Not below 60 (压缩品质系数不低于60, clause 四.1).
    ///
    /// ## What to do
    /// Export again from the original with quality 60 to 80; saving the compressed file again does not help.
    JPEG_QUALITY {
        id: "jpeg-quality",
        name: text("JPEG 品质", "JPEG quality"),
        quantity: text("JPEG 压缩品质", "JPEG quality factor"),
        clause: "四.1",
        unit: Unit::Quality,
        requirement: Requirement::AtLeast {
            limit: 60.0,
            review: 60.0,
            fault: Fault {
                name: text("JPEG 品质过低", "JPEG quality too low"),
                reason: text("JPEG 压缩品质{seen}{value}，应{allowed}，请用原图重新导出。", "The JPEG quality is {seen}{value}; {allowed} is required. Export it again from the original."),
            },
        },
        severity: Severity::Reject,
        seen: text("为", ""),
    }
}

fn measure(evidence: &Evidence) -> Measured {
    let file = evidence.photo.file().ok_or(NotAssessed::NoFile)?;
    let jpeg = file.jpeg.ok_or(NotAssessed::NotJpeg)?;
    let exactness = if jpeg.standard_tables { text("为", "") } else { text("约为", "about ") };
    Ok(Measurement::new(jpeg.quality).seeing(exactness))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{FileBuilder, verdict};

    #[test]
    fn quality_60_passes_and_59_fails() {
        let exported = |quality| verdict(&JPEG_QUALITY, &FileBuilder::jpeg().quality(quality).evidence());
        assert_eq!([59, 60, 95].map(exported), ["fail", "pass", "pass"]);
    }

    #[test]
    fn a_png_has_no_jpeg_quality() {
        assert_eq!(verdict(&JPEG_QUALITY, &FileBuilder::png().evidence()), "not-assessed");
    }
}
