use crate::rules::prelude::*;

rule! {
    /// Whether the file says that it went through an editor.
    ///
    /// ## What is measured
    /// 0 when the file names a photo editor, else 1: in EXIF (also in GBK, as programs for Chinese Windows write it), in XMP with its history, in comments, or by Photoshop's own marks. A mark does not prove retouching, and its absence proves nothing.
    ///
    /// ## Limit and source
    /// No technical treatment (不得技术处理, clause 一.2). Advice only.
    ///
    /// ## What to do
    /// Hand in the photo as the camera or the cropping tool wrote it.
    EDITING_TRACE {
        id: "editing-trace",
        name: text("无编辑痕迹", "No editing trace"),
        quantity: text("无编辑软件标记", "No mark of an editor"),
        clause: "一.2",
        unit: Unit::YesNo,
        requirement: Requirement::Holds {
            fault: Fault {
                name: text("有编辑痕迹", "Editing trace"),
                reason: text("文件带有图像编辑软件（{seen}）的标记，请确认照片未经修饰。", "The file carries the mark of a photo editor ({seen}). Make sure that nothing was retouched."),
            },
        },
        severity: Severity::Advise,
        seen: text("Photoshop", "Photoshop"),
    }
}

/// Words in software notes of photo editors, in lower case, with the name to show.
const EDITORS: [(&str, &str); 54] = [
    ("photoshop", "Photoshop"),
    ("lightroom", "Lightroom"),
    ("camera raw", "Camera Raw"),
    ("capture one", "Capture One"),
    ("gimp", "GIMP"),
    ("snapseed", "Snapseed"),
    ("meitu", "美图秀秀"),
    ("xiuxiu", "美图秀秀"),
    ("美图", "美图秀秀"),
    ("秀秀", "美图秀秀"),
    ("xingtu", "醒图"),
    ("醒图", "醒图"),
    ("beautycam", "美颜相机"),
    ("beautyplus", "BeautyPlus"),
    ("美颜", "美颜相机"),
    ("美易", "美易"),
    ("ulike", "轻颜相机"),
    ("轻颜", "轻颜相机"),
    ("faceu", "Faceu"),
    ("激萌", "Faceu"),
    ("b612", "B612"),
    ("pitu", "天天P图"),
    ("天天p图", "天天P图"),
    ("camera360", "相机360"),
    ("相机360", "相机360"),
    ("无他相机", "无他相机"),
    ("一甜", "一甜相机"),
    ("黄油相机", "黄油相机"),
    ("像素蛋糕", "像素蛋糕"),
    ("pixcake", "像素蛋糕"),
    ("光影魔术手", "光影魔术手"),
    ("neoimaging", "光影魔术手"),
    ("neo imaging", "光影魔术手"),
    ("可牛", "可牛影像"),
    ("证照之星", "证照之星"),
    ("泼辣", "泼辣修图"),
    ("polarr", "泼辣修图"),
    ("修图", "修图软件"),
    ("picsart", "PicsArt"),
    ("vsco", "VSCO"),
    ("facetune", "Facetune"),
    ("youcam", "YouCam"),
    ("remini", "Remini"),
    ("fotor", "Fotor"),
    ("photoscape", "PhotoScape"),
    ("pixelmator", "Pixelmator"),
    ("affinity photo", "Affinity Photo"),
    ("luminar", "Luminar"),
    ("paint.net", "Paint.NET"),
    ("photo-paint", "Corel Photo-Paint"),
    ("hypic", "醒图"),
    ("capcut", "剪映"),
    ("剪映", "剪映"),
    ("证件照", "证件照软件"),
];

fn measure(evidence: &Evidence) -> Measured {
    let file = evidence.photo.file().ok_or(NotAssessed::NoFile)?;
    let editor = file.program(&EDITORS);
    Ok(editor.map_or(Measurement::new(1.0), |name| Measurement::new(0.0).seeing(text(name, name))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{FileBuilder, verdict};

    #[test]
    fn an_editor_is_pointed_out_and_a_camera_is_not() {
        let noted = |software| verdict(&EDITING_TRACE, &FileBuilder::jpeg().exif(1, Some(software)).evidence());
        assert_eq!(["Adobe Photoshop 25.0", "meitu 10", "Canon EOS R6"].map(noted), ["fail", "fail", "pass"]);
        assert_eq!(["光影魔术手 4.0", "Capture One 23", "CREATOR: gd-jpeg v1.0"].map(noted), ["fail", "fail", "pass"]);
        assert_eq!(["Hypic", "HUAWEI Mate 60", "Midjourney"].map(noted), ["fail", "pass", "pass"]);
    }
}
