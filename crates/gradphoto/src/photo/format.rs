//! File formats by their leading bytes.

use image::ImageFormat;

use super::fault::fault;
use crate::text::{Reason, Text, text, words};

/// A file format that can be decoded, told by its leading bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FileFormat {
    /// JPEG, what the standard asks for.
    Jpeg,
    /// PNG.
    Png,
    /// WebP.
    WebP,
    /// Windows bitmap.
    Bmp,
    /// TIFF.
    Tiff,
}

words! {
    /// Every format.
    FileFormat {
        Jpeg: "jpeg",
        Png: "png",
        WebP: "webp",
        Bmp: "bmp",
        Tiff: "tiff",
    }
}

impl FileFormat {
    /// The format of a file.
    ///
    /// # Errors
    /// A sentence that names what the bytes are instead, as far as known, and the cure.
    pub(super) fn detect(bytes: &[u8]) -> Result<FileFormat, Reason> {
        FileFormat::of(bytes).ok_or_else(|| match bytes {
            [] => fault("文件是空的，请重新拷贝", "the file is empty; copy it again"),
            // Of its right size, as copying that was broken off leaves it.
            _ if bytes.iter().all(|byte| *byte == 0) => {
                fault("文件里全是零，没有图片，请重新拷贝", "the file holds nothing but zeros; copy it again")
            }
            _ if is_spoilt(bytes) => fault(
                "图片被某个程序当作文本处理而损坏，请重新拷贝或重新导出",
                "the picture was spoilt by a program that took it for text; copy or export it again",
            ),
            [b'P', b'K', 3, 4, ..] => fault(
                "文件是 ZIP 压缩包或 Office 文档，请先解压，或把照片导出为 JPEG",
                "the file is a ZIP archive or Office document; unpack it, or export the photo as JPEG",
            ),
            _ if is_of_the_web(bytes) => fault(
                "文件是网页或网站的出错信息，不是图片，请重新下载照片",
                "the file is a web page or the error message of a site, not a picture; download the photo again",
            ),
            _ if is_archive(bytes) => fault("文件是压缩包，请先解压", "the file is an archive; unpack it first"),
            _ => {
                let Text { zh, en } = other_kind(bytes);
                fault(format!("文件{zh}，请把照片导出为 JPEG"), format!("the file is {en}; export the photo as JPEG"))
            }
        })
    }

    /// The format that these leading bytes of a file mark, at least 16 of them; `None` where it is none of these.
    pub fn of(start: &[u8]) -> Option<FileFormat> {
        match start {
            [0xFF, 0xD8, 0xFF, ..] => Some(FileFormat::Jpeg),
            [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Some(FileFormat::Png),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(FileFormat::WebP),
            // Text may begin with these letters too, and the two words of zeros are reserved.
            [b'B', b'M', _, _, _, _, 0, 0, 0, 0, ..] => Some(FileFormat::Bmp),
            // Canon's raw pictures are TIFF with a mark behind the header.
            [b'I', b'I', 42, 0, _, _, _, _, b'C', b'R', ..] => None,
            [b'I', b'I', 42 | 43, 0, ..] | [b'M', b'M', 0, 42 | 43, ..] => Some(FileFormat::Tiff),
            _ => None,
        }
    }

    /// The name people know.
    pub fn name(self) -> &'static str {
        match self {
            FileFormat::Jpeg => "JPEG",
            FileFormat::Png => "PNG",
            FileFormat::WebP => "WebP",
            FileFormat::Bmp => "BMP",
            FileFormat::Tiff => "TIFF",
        }
    }
}

impl From<FileFormat> for ImageFormat {
    fn from(format: FileFormat) -> Self {
        match format {
            FileFormat::Jpeg => ImageFormat::Jpeg,
            FileFormat::Png => ImageFormat::Png,
            FileFormat::WebP => ImageFormat::WebP,
            FileFormat::Bmp => ImageFormat::Bmp,
            FileFormat::Tiff => ImageFormat::Tiff,
        }
    }
}

/// What a file is that is none of the known formats.
fn other_kind(bytes: &[u8]) -> Text {
    match bytes {
        [b'G', b'I', b'F', b'8', ..] => text("是 GIF 图片", "a GIF picture"),
        [b'%', b'P', b'D', b'F', ..] => text("是 PDF 文档", "a PDF document"),
        [_, _, _, _, b'f', b't', b'y', b'p', ..] if is_avif(bytes) => text("是 AVIF 图片", "an AVIF picture"),
        [_, _, _, _, b'f', b't', b'y', b'p', b'h', b'e', ..]
        | [_, _, _, _, b'f', b't', b'y', b'p', b'm', b'i' | b's', ..] => {
            text("是手机的 HEIC 图片", "a phone's HEIC picture")
        }
        [_, _, _, _, b'f', b't', b'y', b'p', b'c', b'r', b'x', ..]
        | [b'I', b'I', 42, 0, _, _, _, _, b'C', b'R', ..]
        | [b'I', b'I', b'U' | b'R', ..]
        | [b'F', b'U', b'J', b'I', b'F', b'I', b'L', b'M', ..] => text("是相机的 RAW 原片", "a camera raw file"),
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => text("是视频", "a video"),
        [0xFF, 0x0A, ..] | [0, 0, 0, 12, b'J', b'X', b'L', b' ', ..] => text("是 JPEG XL 图片", "a JPEG XL picture"),
        [0, 0, 0, 12, b'j', b'P', b' ', b' ', ..] | [0xFF, 0x4F, 0xFF, 0x51, ..] => {
            text("是 JPEG 2000 图片", "a JPEG 2000 picture")
        }
        [0xFF, 0xD8, ..] => text("只有 JPEG 的开头，没有图片", "the beginning of a JPEG without a picture"),
        [b'8', b'B', b'P', b'S', ..] => text("是 Photoshop 文档", "a Photoshop document"),
        _ if is_text(&bytes[..bytes.len().min(512)]) => text("是文本，不是图片", "plain text, not a picture"),
        _ => text("不是本程序认识的图片", "not a picture this program knows"),
    }
}

/// Whether this is HTML, XML or JSON, as a site answers that does not hand out a photo; a drawing (SVG) is none of these.
fn is_of_the_web(bytes: &[u8]) -> bool {
    let start = &bytes[..bytes.len().min(512)];
    let text = start.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(start).trim_ascii_start();
    let is_json = matches!(text, [b'{', next, ..] if matches!(next, b'"' | b'}') || next.is_ascii_whitespace());
    let is_drawing = text.windows(4).any(|tag| tag == b"<svg");
    (is_json || text.starts_with(b"<") && !is_drawing) && !start.contains(&0)
}

/// Whether this is RAR, 7z, GZIP or TAR.
fn is_archive(bytes: &[u8]) -> bool {
    matches!(bytes, [b'R', b'a', b'r', b'!', ..] | [b'7', b'z', 0xBC, 0xAF, ..] | [0x1F, 0x8B, 8, ..])
        || bytes.get(257..262) == Some(b"ustar")
}

/// Whether this is a picture behind a mark or empty lines, or one whose bytes became characters: readable ones or signs for those
/// that are not.
fn is_spoilt(bytes: &[u8]) -> bool {
    let unmarked = bytes.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(bytes).trim_ascii_start();
    let starts = ["ÿØÿ", "\u{FFFD}\u{FFFD}\u{FFFD}", "\u{89}PNG", "\u{FFFD}PNG"];
    FileFormat::of(unmarked).is_some() || starts.iter().any(|start| unmarked.starts_with(start.as_bytes()))
}

/// Whether one of the brands of this ISO media file (ISO/IEC 14496-12, 4.3) is AVIF: the first may be one that HEIC has too.
fn is_avif(bytes: &[u8]) -> bool {
    let length = bytes.first_chunk().map_or(0, |length| u32::from_be_bytes(*length) as usize);
    let brands = bytes.get(8..length.min(bytes.len())).unwrap_or_default().as_chunks::<4>().0;
    brands.iter().any(|brand| brand == b"avif" || brand == b"avis")
}

/// Whether this is the beginning of UTF-8 text, perhaps cut within a character.
fn is_text(start: &[u8]) -> bool {
    let is_utf8 = std::str::from_utf8(start).map_or_else(|error| error.error_len().is_none(), |_| true);
    is_utf8 && !start.contains(&0)
}
