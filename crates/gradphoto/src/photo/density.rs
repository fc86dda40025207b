//! Dots per inch, wherever a format keeps them.

use exif::{Exif, In, Tag, Value};

use super::FileFormat;

/// Dots per inch of the width: the format's own field first, then EXIF.
pub(super) fn dpi(format: FileFormat, bytes: &[u8], jfif: Option<f64>, metadata: Option<&Exif>) -> Option<f64> {
    let own = match format {
        FileFormat::Jpeg => jfif,
        FileFormat::Png => png_dpi(bytes),
        FileFormat::Bmp => bmp_dpi(bytes),
        FileFormat::WebP | FileFormat::Tiff => None,
    };
    own.or_else(|| exif_dpi(metadata?)).filter(|dpi| *dpi > 0.0)
}

const INCHES_PER_METRE: f64 = 39.370_078_740_157_48;

/// The pHYs chunk, when its unit is the metre; rounded, since 300 dpi are stored as 11811 per metre.
fn png_dpi(bytes: &[u8]) -> Option<f64> {
    let at = bytes.windows(4).position(|chunk| chunk == b"pHYs")?;
    let per_metre = u32::from_be_bytes(bytes.get(at + 4..at + 8)?.try_into().ok()?);
    (*bytes.get(at + 12)? == 1).then(|| (f64::from(per_metre) / INCHES_PER_METRE).round())
}

/// biXPelsPerMeter of the bitmap's header.
fn bmp_dpi(bytes: &[u8]) -> Option<f64> {
    let per_metre = u32::from_le_bytes(bytes.get(38..42)?.try_into().ok()?);
    Some((f64::from(per_metre) / INCHES_PER_METRE).round())
}

fn exif_dpi(metadata: &Exif) -> Option<f64> {
    let Value::Rational(values) = &metadata.get_field(Tag::XResolution, In::PRIMARY)?.value else { return None };
    let density = values.first()?.to_f64();
    let unit = metadata.get_field(Tag::ResolutionUnit, In::PRIMARY).and_then(|field| field.value.get_uint(0));
    match unit {
        Some(3) => Some(density * 2.54),
        Some(2) | None => Some(density),
        Some(_) => None,
    }
}
