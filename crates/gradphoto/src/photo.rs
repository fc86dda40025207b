//! From bytes to upright sRGB pixels, and what the bytes say of themselves.

use image::RgbImage;

use crate::checker::Source;
use crate::error::Error;

/// A decoded photo: upright, sRGB, 8 bit.
#[derive(Clone, Debug)]
pub struct Photo {
    name: String,
    sha256: String,
    pixels: RgbImage,
    file: Option<FileFacts>,
}

/// What the bytes of the file say, before any pixel is looked at.
#[derive(Clone, Debug, PartialEq)]
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
    /// Horizontal density in dots per inch (JFIF, EXIF, PNG pHYs); `None` where the file names none.
    pub density_dpi: Option<f64>,
    /// EXIF orientation, 1 to 8; 1 where the file names none.
    pub orientation: u8,
    /// EXIF `Software`, where present.
    pub software: Option<String>,
    /// Present for JPEG.
    pub jpeg: Option<JpegFacts>,
}

/// Facts that only JPEG files have.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct JpegFacts {
    /// IJG quality, 1 to 100: exact where `standard_tables`, else the nearest.
    pub quality: f64,
    /// Whether the quantisation tables are the IJG ones at `quality`.
    pub standard_tables: bool,
}

/// A file format told by its leading bytes.
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

/// Colour channels as stored in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColourModel {
    /// One channel.
    Grey,
    /// Three channels (also YCbCr and palettes), with or without alpha.
    Rgb,
    /// Four ink channels.
    Cmyk,
}

impl Photo {
    /// Reads and decodes a photo.
    pub(crate) fn load(source: Source) -> Result<Photo, Error> {
        let name = source.name();
        let bytes = match source {
            Source::Path(path) => std::fs::read(&path).map_err(|source| Error::Read { source, path })?,
            Source::Bytes(_, bytes) => bytes,
            Source::Pixels(_, pixels) => return Ok(Photo { name, sha256: String::new(), pixels, file: None }),
        };
        let pixels = image::load_from_memory(&bytes)
            .map_err(|e| Error::Decode { reason: e.to_string(), photo: name.clone() })?
            .into_rgb8();
        Ok(Photo { name, sha256: String::new(), pixels, file: None })
    }

    /// The name it was given.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// SHA-256 of the file's bytes, or of the pixels where there is no file, in hex.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// Upright sRGB pixels.
    pub fn pixels(&self) -> &RgbImage {
        &self.pixels
    }

    /// Facts of the file; `None` when the photo came as pixels.
    pub fn file(&self) -> Option<&FileFacts> {
        self.file.as_ref()
    }

    /// Width in pixels.
    pub fn width_px(&self) -> u32 {
        self.pixels.width()
    }

    /// Height in pixels.
    pub fn height_px(&self) -> u32 {
        self.pixels.height()
    }
}
