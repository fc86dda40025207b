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
        clause: "四.1",
        unit: Unit::Quality,
        limit: Limit::at_least(60.0),
        review: Limit::at_least(60.0),
        severity: Severity::Reject,
        below: text("JPEG 压缩品质{seen}{value}，不得低于{min}，请用原图重新导出。", "The JPEG quality is {seen}{value}; at least {min} is required. Export again from the original."),
        above: text("{value}，超过{max}。", "{value} is more than {max}."),
    }
}

fn measure(evidence: &Evidence, _: &Reference) -> Measured {
    let file = evidence.photo.file().ok_or(NotAssessed::NoFile)?;
    let jpeg = file.jpeg.ok_or(NotAssessed::NotJpeg)?;
    let exactness = if jpeg.standard_tables { text("为", "") } else { text("约为", "about ") };
    Ok(Measurement::new(jpeg.quality).seeing(exactness))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{FileBuilder, Portrait, verdict};

    #[test]
    fn quality_60_passes_and_59_fails() {
        let exported = |quality| verdict(&JPEG_QUALITY, &FileBuilder::jpeg().quality(quality).evidence());
        assert_eq!([59, 60, 95].map(exported), ["fail", "pass", "pass"]);
    }

    #[test]
    fn a_png_has_no_jpeg_quality() {
        assert_eq!(verdict(&JPEG_QUALITY, &FileBuilder::png().evidence()), "not-assessed");
    }

    #[test]
    fn pixels_without_a_file_are_not_assessed() {
        assert_eq!(verdict(&JPEG_QUALITY, &Portrait::new().evidence()), "not-assessed");
    }
}
