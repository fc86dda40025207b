//! PNG, WebP, BMP and TIFF, by the `image` crate.

use std::io::Cursor;

use image::codecs::{png::PngDecoder, webp::WebPDecoder};
use image::{DynamicImage, ExtendedColorType, ImageDecoder, ImageError, ImageReader, Limits};

use super::density::Density;
use super::fault::{damaged, fault, rare, too_large};
use super::notes::Notes;
use super::quiet::caught;
use super::stored::Stored;
use super::{ColourModel, FileFormat, MAX_FILE_BYTES, MAX_PIXELS, png};
use crate::text::Reason;

/// Pictures that take more, as their decoder gives them, are refused: four bytes for each of the pixels that are allowed.
pub(super) const MAX_DECODED_BYTES: u64 = 4 * MAX_PIXELS;

/// Decodes a picture, with limits on size and memory.
///
/// # Errors
/// A sentence when it is animated, too large, damaged, or of a kind that is not decoded.
pub(super) fn decode(format: FileFormat, bytes: &[u8]) -> Result<Stored, Reason> {
    // Its decoder panics at some valid pictures; whatever it cannot take is of a rare kind.
    caught(|| decoded(format, bytes)).unwrap_or_else(|| Err(rare("解码器不支持", "no decoder supports it")))
}

/// EXIF as it stands in a picture.
pub(super) fn exif(format: FileFormat, bytes: &[u8]) -> Option<Vec<u8>> {
    caught(|| open(format, bytes).ok()?.exif_metadata().ok()?)?
}

fn decoded(format: FileFormat, bytes: &[u8]) -> Result<Stored, Reason> {
    let mut decoder = open(format, bytes)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(too_large(width, height));
    }
    // Some kinds take 16 bytes a pixel, and their memory again while they become 8-bit RGB.
    if decoder.total_bytes() > MAX_DECODED_BYTES {
        return Err(too_much());
    }
    let mut notes = Notes::default();
    notes.density = Density::of_header(format, bytes);
    notes.colours = (format == FileFormat::Png).then(|| png::declared_colours(bytes)).flatten();
    // Metadata that cannot be read is no reason to refuse a picture that can.
    notes.profile = decoder.icc_profile().ok().flatten();
    notes.xmp = decoder.xmp_metadata().ok().flatten().unwrap_or_default();
    if format == FileFormat::Png {
        png::texts(bytes).for_each(|text| notes.add_text(text));
    }
    match format {
        FileFormat::Tiff => notes.add_tiff(bytes),
        // Its decoder looks no further than the pixels.
        FileFormat::Png => png::exif(bytes).into_iter().for_each(|block| notes.add_exif(block)),
        _ => decoder.exif_metadata().ok().flatten().iter().for_each(|block| notes.add_exif(block)),
    }
    // The decoder of TIFF hands out no profile.
    notes.profile = notes.profile.take().or_else(|| notes.tiff_profile());
    if format == FileFormat::Tiff && notes.is_camera_raw() {
        return Err(fault(
            "文件是相机的 RAW 原片，请用相机软件导出为 JPEG",
            "the file is a camera raw file; export the photo as JPEG",
        ));
    }
    if format == FileFormat::Png && png::is_hdr(bytes) {
        return Err(rare("HDR 图片", "HDR picture"));
    }
    let stored = decoder.original_color_type();
    let channels = stored.channel_count();
    let picture = DynamicImage::from_decoder(decoder).map_err(broken)?;
    Ok(Stored {
        picture,
        size_px: (width, height),
        bits_per_channel: (stored.bits_per_pixel() / u16::from(channels.max(1))) as u8,
        model: match stored {
            ExtendedColorType::Cmyk8 | ExtendedColorType::Cmyk16 => ColourModel::Cmyk,
            _ if channels < 3 => ColourModel::Grey,
            _ => ColourModel::Rgb,
        },
        is_converted: false,
        notes,
        jpeg: None,
        has_more: false,
    })
}

fn open(format: FileFormat, bytes: &[u8]) -> Result<Box<dyn ImageDecoder + '_>, Reason> {
    let mut limits = Limits::default();
    limits.max_alloc = Some(match format {
        // Counted without its pixels: a colour profile is compressed and could fill the memory.
        FileFormat::Png => MAX_FILE_BYTES,
        FileFormat::Jpeg | FileFormat::WebP | FileFormat::Bmp | FileFormat::Tiff => 2 * MAX_DECODED_BYTES,
    });
    let file = Cursor::new(bytes);
    let animated = match format {
        FileFormat::Png => {
            PngDecoder::with_limits(file.clone(), limits.clone()).and_then(|png| png.is_apng()).map_err(broken)?
        }
        FileFormat::WebP => WebPDecoder::new(file.clone()).map_err(broken)?.has_animation(),
        FileFormat::Jpeg | FileFormat::Bmp | FileFormat::Tiff => false,
    };
    if animated {
        return Err(fault(
            "图片是动图，请导出一张静止照片，保存为 JPEG",
            "the picture is animated; export a single still photo as JPEG",
        ));
    }
    let mut reader = ImageReader::with_format(file, format.into());
    reader.limits(limits);
    Ok(Box::new(reader.into_decoder().map_err(broken)?))
}

fn broken(error: ImageError) -> Reason {
    match error {
        ImageError::Unsupported(error) => rare("解码器不支持", &error.to_string()),
        ImageError::Limits(_) => too_much(),
        error => damaged("解码出错", error.to_string().trim_end()),
    }
}

fn too_much() -> Reason {
    fault(
        "图片超出本程序能处理的大小，请导出较小的照片",
        "the picture is larger than this program decodes; export a smaller photo",
    )
}
