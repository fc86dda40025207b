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
    let mut rest = bytes.get(8..)?;
    loop {
        let (length, after) = rest.split_first_chunk()?;
        let (kind, data) = after.split_first_chunk::<4>()?;
        match (kind, data) {
            (b"pHYs", [x3, x2, x1, x0, _, _, _, _, 1, ..]) => {
                let per_metre = u32::from_be_bytes([*x3, *x2, *x1, *x0]);
                return Some((f64::from(per_metre) / INCHES_PER_METRE).round());
            }
            (b"pHYs" | b"IDAT", _) => return None,
            _ => rest = data.get(u32::from_be_bytes(*length) as usize + 4..)?,
        }
    }
}

/// biXPelsPerMeter of the bitmap's header, which headers of less than 40 bytes do not have.
fn bmp_dpi(bytes: &[u8]) -> Option<f64> {
    bytes.get(14).filter(|size| **size >= 40)?;
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

#[cfg(test)]
mod tests {
    use exif::experimental::Writer;
    use exif::{Field, Rational, Reader};

    use super::*;

    /// EXIF with this density and unit (2 inch, 3 centimetre).
    fn noted(density: u32, unit: u16) -> Exif {
        let rational = Value::Rational(vec![Rational { num: density, denom: 1 }]);
        let density = Field { tag: Tag::XResolution, ifd_num: In::PRIMARY, value: rational };
        let unit = Field { tag: Tag::ResolutionUnit, ifd_num: In::PRIMARY, value: Value::Short(vec![unit]) };
        let mut block = std::io::Cursor::new(vec![]);
        let mut writer = Writer::new();
        writer.push_field(&density);
        writer.push_field(&unit);
        writer.write(&mut block, true).expect("writes");
        Reader::new().read_raw(block.into_inner()).expect("reads")
    }

    #[test]
    fn exif_speaks_where_the_format_is_silent() {
        let jpeg = |jfif, metadata: &Exif| dpi(FileFormat::Jpeg, &[], jfif, Some(metadata));
        assert_eq!(jpeg(None, &noted(300, 2)), Some(300.0));
        assert_eq!(jpeg(None, &noted(100, 3)), Some(254.0));
        assert_eq!(jpeg(None, &noted(300, 1)), None);
        assert_eq!(jpeg(Some(72.0), &noted(300, 2)), Some(72.0));
        assert_eq!(dpi(FileFormat::Tiff, &[], None, Some(&noted(300, 2))), Some(300.0));
    }

    #[test]
    fn png_and_bmp_count_by_the_metre() {
        let png = |chunks: &[u8]| png_dpi(&[b"\x89PNG\r\n\x1a\n".as_slice(), chunks].concat());
        let density = b"\0\0\0\x09pHYs\0\0\x2e\x23\0\0\x2e\x23\x01crc.";
        assert_eq!(png(density), Some(300.0));
        assert_eq!(png(&[b"\0\0\0\x04tEXtpHYscrc.".as_slice(), density].concat()), Some(300.0));
        assert_eq!(png(b"\0\0\0\x04IDATpHYs"), None);
        let mut bmp = [0; 54];
        bmp[38..42].copy_from_slice(&11811u32.to_le_bytes());
        assert_eq!(bmp_dpi(&bmp), None);
        bmp[14] = 40;
        assert_eq!(bmp_dpi(&bmp), Some(300.0));
    }
}
