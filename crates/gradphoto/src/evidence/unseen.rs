//! What cannot be told of a photo, and why.

use crate::text::{Text, text};

/// Why a rule could not be measured. Never a failure of the photo by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.text().en)]
#[non_exhaustive]
pub enum NotAssessed {
    /// No face was found.
    NoFace,
    /// The picture lies on its side or stands on its head.
    NotUpright,
    /// The photo came as pixels, so nothing is known of its file.
    NoFile,
    /// The rule is about JPEG files, and this is not one.
    NotJpeg,
    /// The part that the rule measures is not in the picture or cannot be told from the rest.
    NotSeen(Text),
    /// The nets inside tell it too poorly for a verdict.
    NotTold,
}

impl NotAssessed {
    /// The reason as a sentence. [`Display`](std::fmt::Display) writes the English one.
    pub fn text(&self) -> Text {
        match self {
            NotAssessed::NoFace => text("未检测到人脸，无法判定此项。", "No face was found, so this cannot be judged."),
            NotAssessed::NotUpright => {
                text("照片横着或倒着，无法判定此项。", "The picture is not upright, so this cannot be judged.")
            }
            NotAssessed::NoFile => {
                text("只有像素，没有文件，无法判定此项。", "Only pixels were given, no file, so this cannot be judged.")
            }
            NotAssessed::NotJpeg => {
                text("不是 JPEG 文件，此项不适用。", "This is not a JPEG file, so the rule does not apply.")
            }
            NotAssessed::NotSeen(what) => *what,
            NotAssessed::NotTold => text(
                "此版所用模型不足以判定此项，请人工查看。",
                "The nets of this edition cannot judge this; have a look yourself.",
            ),
        }
    }
}
