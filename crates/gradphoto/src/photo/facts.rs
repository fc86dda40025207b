//! What a file says of itself and of its picture.

use super::{AiLabel, Density, FileFormat, JpegFacts};
use crate::text::words;

/// What the bytes of the file say, before any pixel is looked at.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct FileFacts {
    /// Size of the file in bytes.
    pub size_bytes: u64,
    /// Extension of the file's name as written, without the dot; `None` for bytes without such a name.
    pub extension: Option<String>,
    /// True format by the leading bytes.
    pub format: FileFormat,
    /// Bits per channel as stored.
    pub bits_per_channel: u8,
    /// Colour channels as stored.
    pub colour_model: ColourModel,
    /// Whether the colours as stored are sRGB to the eye, by the embedded profile or EXIF; true where the file names none
    /// that can be used.
    pub is_srgb: bool,
    /// Dots per inch (JFIF, PNG pHYs or the bitmap's header, else EXIF, else Photoshop); `None` where the file names none.
    pub density: Option<Density>,
    /// EXIF orientation, 1 to 8; 1 where the file names none.
    pub orientation: u8,
    /// Programs that left their name or mark (EXIF `Software`, XMP, comments, Photoshop's own segments), joined by `; `.
    pub software: Option<String>,
    /// The label by which the file says that an artificial intelligence made or changed its picture; `None` where it has none.
    pub ai_label: Option<AiLabel>,
    /// Present for JPEG.
    pub jpeg: Option<JpegFacts>,
    /// Whether a JPEG holds more than its picture: behind it a second one, such as the map of bright places of an HDR photo, a
    /// film, notes; or a small picture in EXIF.
    pub has_more: bool,
}

impl FileFacts {
    /// The name to show of the first of these programs, words in lower case with names, that left its own.
    pub(crate) fn program(&self, known: &[(&str, &'static str)]) -> Option<&'static str> {
        let note = self.software.as_deref()?.to_lowercase();
        known.iter().find(|(word, _)| note.contains(word)).map(|(_, name)| *name)
    }
}

/// Colour channels as stored in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ColourModel {
    /// One channel.
    Grey,
    /// Three channels (also YCbCr and palettes), with or without alpha.
    Rgb,
    /// Four ink channels.
    Cmyk,
}

words! {
    /// Every model.
    ColourModel {
        Grey: "grey",
        Rgb: "rgb",
        Cmyk: "cmyk",
    }
}
