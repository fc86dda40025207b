//! From bytes to upright sRGB pixels, and what the bytes say of themselves.

use image::{GrayImage, RgbImage, imageops};

use crate::checker::Source;
use crate::error::Error;
use crate::geometry::{Point, Region};

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

    /// Colours of the pixels whose centres lie within `radius_px` of `centre`.
    pub(crate) fn disc(&self, centre: Point, radius_px: f64) -> Vec<[u8; 3]> {
        let span = |middle: f64, size: u32| {
            let clamp = |v: f64| v.clamp(0.0, f64::from(size)) as u32;
            clamp((middle - radius_px).floor())..clamp((middle + radius_px).ceil())
        };
        let rows = span(centre.y, self.height_px());
        let pixels = rows.flat_map(|y| span(centre.x, self.width_px()).map(move |x| (x, y)));
        let is_within =
            |&(x, y): &(u32, u32)| Point::new(f64::from(x) + 0.5, f64::from(y) + 0.5).distance(centre) <= radius_px;
        pixels.filter(is_within).map(|(x, y)| self.pixels.get_pixel(x, y).0).collect()
    }

    /// Luma of the part of the photo under `region`, reduced by `scale` (at most 1); `None` when under 8 px remain.
    pub(crate) fn luma_patch(&self, region: Region, scale: f64) -> Option<GrayImage> {
        let clamp = |v: f64, size: u32| v.clamp(0.0, f64::from(size)) as u32;
        let (left, top) = (clamp(region.x, self.width_px()), clamp(region.y, self.height_px()));
        let right = clamp(region.x + region.width + 1.0, self.width_px());
        let bottom = clamp(region.y + region.height + 1.0, self.height_px());
        let patch = imageops::crop_imm(&self.pixels, left, top, right - left, bottom - top).to_image();
        let gray = imageops::grayscale(&patch);
        let reduced = |size: u32| (f64::from(size) * scale).round() as u32;
        let (width, height) = (reduced(gray.width()), reduced(gray.height()));
        if width.min(height) < 8 {
            None
        } else if scale < 1.0 {
            Some(imageops::thumbnail(&gray, width, height))
        } else {
            Some(gray)
        }
    }
}
