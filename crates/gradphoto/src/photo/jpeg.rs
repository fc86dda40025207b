//! The segments of a JPEG file (ITU-T T.81 annex B): tables, density, and whether the file is whole.

/// Facts that only JPEG files have.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct JpegFacts {
    /// IJG quality, 1 to 100: exact where `standard_tables`, else the nearest.
    pub quality: f64,
    /// Whether the quantisation tables are the IJG ones at `quality`.
    pub standard_tables: bool,
}

/// What the segments say.
#[derive(Debug)]
pub(super) struct Segments {
    pub(super) facts: JpegFacts,
    /// Number of colour components.
    pub(super) components: u8,
    /// JFIF density; `None` when absent or without a unit.
    pub(super) density_dpi: Option<f64>,
    /// Whether Photoshop left its own segment.
    pub(super) photoshop: bool,
}

/// Reads all segments up to the end of the image.
///
/// # Errors
/// A sentence when the file ends before the image does, or holds no image.
pub(super) fn inspect(bytes: &[u8]) -> Result<Segments, String> {
    let truncated = || "the file ends before the picture does; copy or export it again".to_owned();
    let mut tables: [Option<[u16; 64]>; 4] = [None; 4];
    let mut found = Segments {
        facts: JpegFacts { quality: 0.0, standard_tables: false },
        components: 0,
        density_dpi: None,
        photoshop: false,
    };
    let mut rest = bytes.get(2..).ok_or_else(truncated)?;
    loop {
        // Between segments any number of fill bytes may stand; after a scan, its entropy-coded data.
        let start = rest.windows(2).position(|pair| pair[0] == 0xFF && !matches!(pair[1], 0x00 | 0xFF | 0xD0..=0xD7));
        let marker_at = start.ok_or_else(truncated)?;
        let marker = rest[marker_at + 1];
        if marker == END_OF_IMAGE {
            break;
        }
        let segment = &rest[marker_at + 2..];
        let length = usize::from(*segment.first().ok_or_else(truncated)?) << 8
            | usize::from(*segment.get(1).ok_or_else(truncated)?);
        let payload = segment.get(2..length.max(2)).ok_or_else(truncated)?;
        match marker {
            0xDB => read_tables(payload, &mut tables),
            0xC0..=0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF => found.components = *payload.get(5).unwrap_or(&0),
            0xE0 => found.density_dpi = jfif_density(payload).or(found.density_dpi),
            0xED => found.photoshop |= payload.starts_with(b"Photoshop 3.0"),
            _ => {}
        }
        rest = &segment[length.max(2)..];
    }
    if found.components == 0 {
        return Err("the file holds no picture; copy or export it again".to_owned());
    }
    found.facts = quality(&tables);
    Ok(found)
}

const END_OF_IMAGE: u8 = 0xD9;

/// Quantisation tables of a DQT segment, in the zigzag order of the file.
fn read_tables(mut payload: &[u8], tables: &mut [Option<[u16; 64]>; 4]) {
    while let [head, values @ ..] = payload {
        let wide = usize::from(head >> 4 != 0);
        let size = 64 << wide;
        let Some(values) = values.get(..size) else { return };
        let entry = |i: usize| match wide {
            0 => u16::from(values[i]),
            _ => u16::from_be_bytes([values[2 * i], values[2 * i + 1]]),
        };
        if let Some(table) = tables.get_mut(usize::from(head & 15)) {
            *table = Some(std::array::from_fn(entry));
        }
        payload = &payload[1 + size..];
    }
}

fn jfif_density(payload: &[u8]) -> Option<f64> {
    let [b'J', b'F', b'I', b'F', 0, _, _, unit, high, low, ..] = payload else { return None };
    let density = f64::from(u16::from_be_bytes([*high, *low]));
    match unit {
        1 => Some(density),
        2 => Some(density * 2.54),
        _ => None,
    }
}

/// The quality at which libjpeg writes these tables (jpeg_set_quality with force_baseline), or the nearest.
fn quality(tables: &[Option<[u16; 64]>; 4]) -> JpegFacts {
    let pairs = [(&tables[0], &LUMINANCE), (&tables[1], &CHROMINANCE)];
    let distance = |quality: u32| {
        let differences = pairs.iter().filter_map(|(stored, base)| {
            let stored = stored.as_ref()?;
            Some(stored.iter().zip(*base).map(|(s, b)| u32::from(s.abs_diff(scaled(*b, quality)))).sum::<u32>())
        });
        differences.sum::<u32>()
    };
    let nearest = (1..=100).rev().min_by_key(|&quality| distance(quality)).unwrap_or(100);
    JpegFacts { quality: nearest.into(), standard_tables: tables[0].is_some() && distance(nearest) == 0 }
}

/// libjpeg's scaling of a base entry, limited to 8 bits.
fn scaled(base: u16, quality: u32) -> u16 {
    let percent = if quality < 50 { 5000 / quality } else { 200 - 2 * quality };
    ((u32::from(base) * percent + 50) / 100).clamp(1, 255) as u16
}

/// Table K.1 of ITU-T T.81 in zigzag order.
#[rustfmt::skip]
const LUMINANCE: [u16; 64] = [
    16, 11, 12, 14, 12, 10, 16, 14, 13, 14, 18, 17, 16, 19, 24, 40,
    26, 24, 22, 22, 24, 49, 35, 37, 29, 40, 58, 51, 61, 60, 57, 51,
    56, 55, 64, 72, 92, 78, 64, 68, 87, 69, 55, 56, 80, 109, 81, 87,
    95, 98, 103, 104, 103, 62, 77, 113, 121, 112, 100, 120, 92, 101, 103, 99,
];

/// Table K.2 of ITU-T T.81 in zigzag order.
#[rustfmt::skip]
const CHROMINANCE: [u16; 64] = [
    17, 18, 18, 24, 21, 24, 47, 26, 26, 47, 99, 66, 56, 66, 99, 99,
    99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
    99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
    99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::FileBuilder;

    #[test]
    fn every_ijg_quality_is_read_back_exactly() {
        for quality in 1..=100 {
            let file = FileBuilder::jpeg().sized(16, 16).quality(quality).build();
            let facts = inspect(&file).expect("a whole file").facts;
            assert_eq!(facts, JpegFacts { quality: quality.into(), standard_tables: true });
        }
    }

    #[test]
    fn a_file_cut_anywhere_is_truncated() {
        let file = FileBuilder::jpeg().exif(1, Some("camera")).build();
        for length in (0..file.len()).step_by(97).chain([file.len() - 1]) {
            assert!(inspect(&file[..length]).is_err(), "{length} of {} bytes", file.len());
        }
        assert!(inspect(&file).is_ok());
    }

    #[test]
    fn bytes_after_the_end_do_no_harm() {
        let mut file = FileBuilder::jpeg().build();
        file.extend(b"trailing notes of a phone");
        assert!(inspect(&file).is_ok());
    }
}
