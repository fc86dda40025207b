use crate::photo::FileFormat;
use crate::rules::prelude::*;

rule! {
    /// Whether the file is a JPEG, whatever its name says.
    ///
    /// ## What is measured
    /// 1 when the leading bytes are those of a JPEG file, else 0.
    ///
    /// ## Limit and source
    /// JPEG (clause 四.1). A PNG, WebP or HEIC renamed to .jpg fails.
    ///
    /// ## What to do
    /// Export the photo as JPEG; renaming is not converting.
    FILE_FORMAT {
        id: "file-format",
        name: text("文件格式", "File format"),
        clause: "四.1",
        unit: Unit::YesNo,
        limit: Limit::at_least(1.0),
        review: Limit::at_least(1.0),
        severity: Severity::Reject,
        below: text("文件实际是 {seen} 格式，不是 JPEG，请用软件导出为 JPEG（改后缀名无效）。", "The file is {seen}, not JPEG. Export it as JPEG; renaming it is not enough."),
        above: text("{value}，超过{max}。", "{value} is more than {max}."),
    }
}

fn measure(evidence: &Evidence, _: &Reference) -> Measured {
    let format = evidence.photo.file().ok_or(NotAssessed::NoFile)?.format;
    let is_jpeg = format == FileFormat::Jpeg;
    Ok(Measurement::new(f64::from(u8::from(is_jpeg))).seeing(text(format.name(), format.name())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{FileBuilder, Portrait, verdict};

    #[test]
    fn jpeg_passes_and_png_fails_whatever_the_name() {
        assert_eq!(verdict(&FILE_FORMAT, &FileBuilder::jpeg().named("a.png").evidence()), "pass");
        assert_eq!(verdict(&FILE_FORMAT, &FileBuilder::png().named("a.jpg").evidence()), "fail");
    }

    #[test]
    fn pixels_without_a_file_are_not_assessed() {
        assert_eq!(verdict(&FILE_FORMAT, &Portrait::new().evidence()), "not-assessed");
    }
}
