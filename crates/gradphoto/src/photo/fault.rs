//! Why bytes are no photo: what is wrong, and the cure that helps.

use crate::text::Reason;

/// A sentence in both languages.
pub(super) fn fault(zh: impl Into<String>, en: impl Into<String>) -> Reason {
    Reason::new(zh, en)
}

/// A valid picture that this program does not decode: another copy would be no better.
pub(super) fn rare(zh: &str, en: &str) -> Reason {
    fault(
        format!("图片属于少见的种类（{zh}），请用软件另存为普通 JPEG 图片"),
        format!("the picture is of a rare kind ({en}); export it as an ordinary JPEG"),
    )
}

/// A picture that was whole once.
pub(super) fn damaged(zh: &str, en: &str) -> Reason {
    fault(
        format!("图片已损坏（{zh}），请重新导出或重新拷贝"),
        format!("the picture is damaged ({en}); export or copy it again"),
    )
}

/// More pixels than are decoded.
pub(super) fn too_large(width: u32, height: u32) -> Reason {
    fault(
        format!("图片有 {width}×{height} 像素，超出本程序能处理的范围，请导出较小的照片"),
        format!("{width}x{height} pixels are more than this program decodes; export a smaller photo"),
    )
}
