use crate::rules::prelude::*;

rule! {
    /// Whether the file's name ends in .jpg.
    ///
    /// ## What is measured
    /// 1 for .jpg in any case, 0.5 for .jpeg, else 0.
    ///
    /// ## Limit and source
    /// Extension JPG (clause 四.1). Some portals take .jpeg, so that goes to a person.
    ///
    /// ## What to do
    /// Rename the file, once it is a JPEG.
    FILE_EXTENSION {
        id: "file-extension",
        name: text("文件扩展名", "File extension"),
        clause: "四.1",
        unit: Unit::YesNo,
        limit: Limit::at_least(0.5),
        review: Limit::at_least(1.0),
        severity: Severity::Reject,
        below: text("扩展名应为 .jpg，请改名（文件本身须为 JPEG）。", "The name must end in .jpg. Rename the file, which must be a JPEG itself."),
        above: text("{value}，超过{max}。", "{value} is more than {max}."),
    }
}

fn measure(evidence: &Evidence, _: &Reference) -> Measured {
    let extension = evidence.photo.file().ok_or(NotAssessed::NoFile)?.extension.as_deref().unwrap_or_default();
    let value = match extension.to_ascii_lowercase().as_str() {
        "jpg" => 1.0,
        "jpeg" => 0.5,
        _ => 0.0,
    };
    Ok(Measurement::new(value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{FileBuilder, Portrait, verdict};

    #[test]
    fn jpg_passes_jpeg_goes_to_review_others_fail() {
        let named = |name| verdict(&FILE_EXTENSION, &FileBuilder::jpeg().named(name).evidence());
        assert_eq!(["a.JPG", "a.jpeg", "a.png", "a"].map(named), ["pass", "review", "fail", "fail"]);
    }

    #[test]
    fn pixels_without_a_file_are_not_assessed() {
        assert_eq!(verdict(&FILE_EXTENSION, &Portrait::new().evidence()), "not-assessed");
    }
}
