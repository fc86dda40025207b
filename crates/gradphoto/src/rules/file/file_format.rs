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
    /// Export the photo as JPEG; renaming does not convert it.
    FILE_FORMAT {
        id: "file-format",
        name: text("文件格式", "File format"),
        quantity: text("是否为 JPEG", "Is a JPEG"),
        clause: "四.1",
        unit: Unit::YesNo,
        requirement: Requirement::Holds {
            fault: Fault {
                name: text("不是 JPEG", "Not a JPEG"),
                reason: text("文件实际是 {seen} 格式，不是 JPEG，请用软件导出为 JPEG（改后缀名无效）。", "The file is {seen}, not JPEG. Export it as JPEG; renaming it is not enough."),
            },
        },
        severity: Severity::Reject,
        seen: text("PNG", "PNG"),
    }
}

fn measure(evidence: &Evidence) -> Measured {
    let format = evidence.photo.file().ok_or(NotAssessed::NoFile)?.format;
    let is_jpeg = format == FileFormat::Jpeg;
    Ok(Measurement::new(f64::from(u8::from(is_jpeg))).seeing(text(format.name(), format.name())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{FileBuilder, verdict};

    #[test]
    fn jpeg_passes_and_png_fails_whatever_the_name() {
        assert_eq!(verdict(&FILE_FORMAT, &FileBuilder::jpeg().named("a.png").evidence()), "pass");
        assert_eq!(verdict(&FILE_FORMAT, &FileBuilder::png().named("a.jpg").evidence()), "fail");
    }
}
