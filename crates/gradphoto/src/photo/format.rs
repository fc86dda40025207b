//! File formats by their leading bytes.

use image::ImageFormat;

/// A file format that can be decoded, told by its leading bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

impl FileFormat {
    /// The format of a file.
    ///
    /// # Errors
    /// A sentence that names what the bytes are instead, as far as known, and the cure.
    pub(super) fn detect(bytes: &[u8]) -> Result<FileFormat, String> {
        match bytes {
            [] => Err("the file is empty; copy it again".to_owned()),
            [0xFF, 0xD8, 0xFF, ..] => Ok(FileFormat::Jpeg),
            [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Ok(FileFormat::Png),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Ok(FileFormat::WebP),
            [b'B', b'M', ..] => Ok(FileFormat::Bmp),
            [b'I', b'I', 42, 0, ..] | [b'M', b'M', 0, 42, ..] => Ok(FileFormat::Tiff),
            _ => Err(format!("the file is {}; export the photo as JPEG", other_kind(bytes))),
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
fn other_kind(bytes: &[u8]) -> &'static str {
    match bytes {
        [b'G', b'I', b'F', b'8', ..] => "a GIF picture",
        [b'%', b'P', b'D', b'F', ..] => "a PDF document",
        [b'P', b'K', 3, 4, ..] => "a ZIP archive or Office document",
        [_, _, _, _, b'f', b't', b'y', b'p', b'a', b'v', b'i', ..] => "an AVIF picture",
        [_, _, _, _, b'f', b't', b'y', b'p', b'h' | b'm', ..] => "a HEIC picture or video of a phone",
        [b'8', b'B', b'P', b'S', ..] => "a Photoshop document",
        _ if is_text(&bytes[..bytes.len().min(512)]) => "plain text, not a picture",
        _ => "not a picture this program knows",
    }
}

/// Whether this is the beginning of UTF-8 text, perhaps cut within a character.
fn is_text(start: &[u8]) -> bool {
    let is_utf8 = std::str::from_utf8(start).map_or_else(|error| error.error_len().is_none(), |_| true);
    is_utf8 && !start.contains(&0)
}
