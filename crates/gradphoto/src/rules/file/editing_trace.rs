use crate::rules::prelude::*;

rule! {
    /// Whether the file says that it went through an editor.
    ///
    /// ## What is measured
    /// 1 when the file's software note names a photo editor, else 0. A note proves no retouching, and its absence proves nothing.
    ///
    /// ## Limit and source
    /// No technical treatment (不得技术处理, clause 一.2). Advice only: a person decides.
    ///
    /// ## What to do
    /// Hand in the photo as the camera or the cropping tool wrote it.
    EDITING_TRACE {
        id: "editing-trace",
        name: text("编辑痕迹", "Editing trace"),
        clause: "一.2",
        unit: Unit::YesNo,
        limit: Limit::at_most(0.0),
        review: Limit::at_most(0.0),
        severity: Severity::Advise,
        below: text("编辑痕迹{value}，低于{min}。", "Editing trace {value}, less than {min}."),
        above: text("文件带有图像编辑软件（{seen}）的标记，请确认未修图。", "The file bears the mark of an image editor ({seen}). Make sure that nothing was retouched."),
    }
}

/// Words in software notes of photo editors, in lower case, with the name to show.
const EDITORS: [(&str, &str); 12] = [
    ("photoshop", "Photoshop"),
    ("lightroom", "Lightroom"),
    ("gimp", "GIMP"),
    ("snapseed", "Snapseed"),
    ("meitu", "美图秀秀"),
    ("美图", "美图秀秀"),
    ("xingtu", "醒图"),
    ("醒图", "醒图"),
    ("beautycam", "美颜相机"),
    ("美颜", "美颜相机"),
    ("faceu", "Faceu"),
    ("picsart", "PicsArt"),
];

fn measure(evidence: &Evidence, _: &Reference) -> Measured {
    let file = evidence.photo.file().ok_or(NotAssessed::NoFile)?;
    let note = file.software.as_deref().unwrap_or_default().to_lowercase();
    let editor = EDITORS.iter().find(|(word, _)| note.contains(word));
    Ok(editor.map_or(Measurement::new(0.0), |(_, name)| Measurement::new(1.0).seeing(text(name, name))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{FileBuilder, Portrait, verdict};

    #[test]
    fn an_editor_is_pointed_out_and_a_camera_is_not() {
        let noted = |software| verdict(&EDITING_TRACE, &FileBuilder::jpeg().exif(1, Some(software)).evidence());
        assert_eq!(["Adobe Photoshop 25.0", "meitu 10", "Canon EOS R6"].map(noted), ["fail", "fail", "pass"]);
    }

    #[test]
    fn pixels_without_a_file_are_not_assessed() {
        assert_eq!(verdict(&EDITING_TRACE, &Portrait::new().evidence()), "not-assessed");
    }
}
