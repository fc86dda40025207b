use crate::rules::prelude::*;

rule! {
    /// Whether the file's name ends in .jpg.
    ///
    /// ## What is measured
    /// Letters in which the extension differs from .jpg, whatever their case: 1 for .jpeg, 3 for any other.
    ///
    /// ## Limit and source
    /// Extension JPG (clause 四.1). Some portals take .jpeg, so that goes to a person.
    ///
    /// ## What to do
    /// Make sure that the file is a JPEG, then rename it.
    FILE_EXTENSION {
        id: "file-extension",
        name: text("文件扩展名", "File extension"),
        quantity: text("与 .jpg 不同的字母数", "Letters that differ from .jpg"),
        clause: "四.1",
        unit: Unit::Count,
        requirement: Requirement::AtMost {
            limit: 1.0,
            review: 0.0,
            fault: Fault {
                name: text("扩展名不是 .jpg", "Extension is not .jpg"),
                reason: text("扩展名应为 .jpg{seen}，请改名（文件本身须为 JPEG）。", "The file name must end in .jpg{seen}. Rename the file; it must also be a JPEG inside."),
            },
        },
        severity: Severity::Reject,
    }
}

fn measure(evidence: &Evidence) -> Measured {
    let extension = evidence.photo.file().ok_or(NotAssessed::NoFile)?.extension.as_deref().unwrap_or_default();
    let value = match extension.to_ascii_lowercase().as_str() {
        "jpg" => 0.0,
        "jpeg" => 1.0,
        _ => 3.0,
    };
    let name = evidence.photo.name();
    let visible = name.trim_end_matches(|c: char| c == '.' || c.is_whitespace());
    let is_hidden = visible.len() < name.len() && visible.to_ascii_lowercase().ends_with(".jpg");
    let note = if is_hidden {
        text("（后面多了空格或句点）", " (a space or a full stop follows it)")
    } else {
        text("", "")
    };
    Ok(Measurement::new(value).seeing(note))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{FileBuilder, reason, verdict};

    #[test]
    fn jpg_passes_jpeg_goes_to_review_others_fail() {
        let named = |name| verdict(&FILE_EXTENSION, &FileBuilder::jpeg().named(name).evidence());
        assert_eq!(["a.JPG", "a.jpeg", "a.png", "a"].map(named), ["pass", "review", "fail", "fail"]);
    }

    #[test]
    fn what_follows_the_extension_unseen_is_said() {
        for (name, is_said) in [("a.JPG ", true), ("a.jpg.", true), ("a.jpg\u{3000}", true), ("a.png ", false)] {
            let reason = reason(&FILE_EXTENSION, &FileBuilder::jpeg().named(name).evidence());
            assert_eq!(reason.contains("多了空格或句点"), is_said, "{name}");
        }
    }
}
