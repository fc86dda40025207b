use crate::rules::prelude::*;

rule! {
    /// Whether the file says that it went through an editor.
    ///
    /// ## What is measured
    /// 0 when the file's software note names a photo editor, else 1. A note proves no retouching, and its absence proves nothing.
    ///
    /// ## Limit and source
    /// No technical treatment (不得技术处理, clause 一.2). Advice only: a person decides.
    ///
    /// ## What to do
    /// Hand in the photo as the camera or the cropping tool wrote it.
    EDITING_TRACE {
        id: "editing-trace",
        name: text("无编辑痕迹", "No editing trace"),
        quantity: text("是否无编辑软件标记", "Free of editors' marks"),
        clause: "一.2",
        unit: Unit::YesNo,
        requirement: Requirement::Holds {
            fault: Fault {
                name: text("有编辑痕迹", "Editing trace"),
                reason: text("文件带有图像编辑软件（{seen}）的标记，请确认未修图。", "The file bears the mark of an image editor ({seen}). Make sure that nothing was retouched."),
            },
        },
        severity: Severity::Advise,
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

fn measure(evidence: &Evidence) -> Measured {
    let file = evidence.photo.file().ok_or(NotAssessed::NoFile)?;
    let note = file.software.as_deref().unwrap_or_default().to_lowercase();
    let editor = EDITORS.iter().find(|(word, _)| note.contains(word));
    Ok(editor.map_or(Measurement::new(1.0), |(_, name)| Measurement::new(0.0).seeing(text(name, name))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{FileBuilder, verdict};

    #[test]
    fn an_editor_is_pointed_out_and_a_camera_is_not() {
        let noted = |software| verdict(&EDITING_TRACE, &FileBuilder::jpeg().exif(1, Some(software)).evidence());
        assert_eq!(["Adobe Photoshop 25.0", "meitu 10", "Canon EOS R6"].map(noted), ["fail", "fail", "pass"]);
    }
}
