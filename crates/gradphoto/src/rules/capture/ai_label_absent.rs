use crate::photo::AiLabel;
use crate::rules::prelude::*;

rule! {
    /// Whether the file says that an artificial intelligence made its picture.
    ///
    /// ## What is measured
    /// 0 when the file bears the label of such pictures or names a program that makes them, else 1. The label is the Chinese one of GB 45438-2025, which services in China must write since September 2025 (in XMP, EXIF or a text of PNG), or IPTC's digital source type (in XMP or C2PA). That there is none proves nothing.
    ///
    /// ## Limit and source
    /// No technical treatment (不得技术处理, clause 一.2). A person decides, for an app that only brightened a real photo may write the label too.
    ///
    /// ## What to do
    /// Have a photo taken by a camera, and hand it in as it is.
    AI_LABEL_ABSENT {
        id: "ai-label-absent",
        name: text("无AI生成标识", "No label of AI"),
        quantity: text("文件无AI生成标识", "File without a label of AI"),
        clause: "一.2",
        unit: Unit::YesNo,
        requirement: Requirement::Holds {
            fault: Fault {
                name: text("有AI生成标识", "Labelled as made by AI"),
                reason: text("文件标明图像由人工智能生成或改动（{seen}），请改用相机实拍、未经智能软件处理的照片。", "The file says that artificial intelligence made or changed the picture ({seen}). Use a photo that a camera took and no such program touched."),
            },
        },
        severity: Severity::Ask,
        seen: text("GB 45438-2025", "GB 45438-2025"),
    }
}

/// Words in software notes of programs that make pictures, in lower case, with the name to show.
const GENERATORS: [(&str, &str); 12] = [
    ("stable diffusion", "Stable Diffusion"),
    ("comfyui", "ComfyUI"),
    ("midjourney", "Midjourney"),
    ("dall·e", "DALL·E"),
    ("dall-e", "DALL·E"),
    ("adobe firefly", "Adobe Firefly"),
    ("novelai", "NovelAI"),
    ("妙鸭", "妙鸭相机"),
    ("即梦", "即梦"),
    ("豆包", "豆包"),
    ("通义万相", "通义万相"),
    ("文心一格", "文心一格"),
];

fn measure(evidence: &Evidence) -> Measured {
    let file = evidence.photo.file().ok_or(NotAssessed::NoFile)?;
    let seen = file.ai_label.map(AiLabel::as_str).or_else(|| file.program(&GENERATORS));
    Ok(seen.map_or(Measurement::new(1.0), |seen| Measurement::new(0.0).seeing(text(seen, seen))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{FileBuilder, verdict};

    #[test]
    fn a_label_or_a_generator_sends_the_photo_to_a_person_and_an_editor_does_not() {
        let noted = |software| verdict(&AI_LABEL_ABSENT, &FileBuilder::jpeg().exif(1, Some(software)).evidence());
        let label = r#"{"AIGC":{"Label":"1","ContentProducer":"001191110102"}}"#;
        assert_eq!([label, "Midjourney", "Adobe Photoshop 25.0"].map(noted), ["fail", "fail", "pass"]);
    }
}
