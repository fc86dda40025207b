//! The segments of a JPEG file (ITU-T T.81 annex B): tables, density, and whether the file is whole.

mod scan;

use scan::ScanReader;

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
    /// Programs that left their name or mark: XMP `CreatorTool`, Photoshop's own resources.
    pub(super) software: Vec<String>,
}

/// Reads all segments up to the end of the image.
///
/// # Errors
/// A sentence when the file ends before the image does, lacks a part of it, or holds no image.
pub(super) fn inspect(bytes: &[u8]) -> Result<Segments, String> {
    let truncated = || "the file ends before the picture does; copy or export it again".to_owned();
    let mut tables: [Option<[u16; 64]>; 4] = [None; 4];
    let mut found = Segments {
        facts: JpegFacts { quality: 0.0, standard_tables: false },
        components: 0,
        density_dpi: None,
        software: vec![],
    };
    let mut scans = ScanReader::default();
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
            0xC4 => scans.read_tables(payload),
            0xDD => scans.read_restart_interval(payload),
            0xC0..=0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF => {
                found.components = *payload.get(5).unwrap_or(&0);
                if matches!(marker, 0xC0 | 0xC1) {
                    scans.read_frame(payload);
                }
            }
            0xDA if scans.is_whole(payload, &segment[length.max(2)..]) == Some(false) => {
                return Err("a part of the picture is missing or damaged; copy or export it again".to_owned());
            }
            0xE0 => found.density_dpi = jfif_density(payload).or(found.density_dpi),
            0xE1 => found.software.extend(creator_tool(payload)),
            0xED if is_from_photoshop(payload) => found.software.push("Adobe Photoshop".to_owned()),
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

/// `CreatorTool` of an XMP segment, written as an attribute or as an element.
fn creator_tool(payload: &[u8]) -> Option<String> {
    let xmp = String::from_utf8_lossy(payload.strip_prefix(b"http://ns.adobe.com/xap/1.0/\0")?);
    let (_, after) = xmp.split_once("CreatorTool")?;
    let end = if after.starts_with('=') { '"' } else { '<' };
    let (tool, _) = after.get(1..)?.trim_start_matches('"').split_once(end)?;
    (!tool.is_empty()).then(|| tool.to_owned())
}

/// Whether the resources hold Photoshop's own JPEG quality (1030); captions alone may come from any program.
fn is_from_photoshop(payload: &[u8]) -> bool {
    payload.starts_with(b"Photoshop 3.0") && payload.windows(6).any(|resource| resource == b"8BIM\x04\x06")
}

/// The quality at which libjpeg writes these tables (jpeg_set_quality), or the nearest.
fn quality(tables: &[Option<[u16; 64]>; 4]) -> JpegFacts {
    let pairs = [(&tables[0], &LUMINANCE), (&tables[1], &CHROMINANCE)];
    let distance = |quality: u32| {
        let differences = pairs.iter().filter_map(|(stored, base)| {
            let stored = stored.as_ref()?;
            // Without force_baseline libjpeg lets entries grow beyond 8 bits.
            let entries = stored.iter().map(|entry| *entry.min(&255)).zip(*base);
            Some(entries.map(|(stored, base)| u32::from(stored.abs_diff(scaled(*base, quality)))).sum::<u32>())
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
    use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

    use super::*;
    use crate::testing::{FileBuilder, insert_segment};

    /// A picture of many blocks with something in each, encoded as `set` wishes.
    fn encoded(set: impl Fn(&mut Encoder<&mut Vec<u8>>)) -> Vec<u8> {
        let pixels = (0..200 * 120 * 3u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect::<Vec<_>>();
        let mut file = vec![];
        let mut encoder = Encoder::new(&mut file, 75);
        set(&mut encoder);
        encoder.encode(&pixels, 200, 120, ColorType::Rgb).expect("encodes");
        file
    }

    fn software(marker: u8, payload: &[u8]) -> Vec<String> {
        let mut file = FileBuilder::jpeg().build();
        insert_segment(&mut file, marker, payload);
        inspect(&file).expect("a whole file").software
    }

    #[test]
    fn every_ijg_quality_is_read_back_exactly() {
        for sampling in [SamplingFactor::R_4_4_4, SamplingFactor::R_4_2_0] {
            for quality in 1..=100 {
                let file = encoded(|encoder| {
                    encoder.set_quality(quality);
                    encoder.set_sampling_factor(sampling);
                });
                let facts = inspect(&file).expect("a whole file").facts;
                assert_eq!(facts, JpegFacts { quality: quality.into(), standard_tables: true });
            }
        }
    }

    #[test]
    fn tables_wider_than_a_byte_have_their_quality_too() {
        let unlimited = |base: &[u16; 64]| Some(base.map(|entry| entry * 25));
        let facts = quality(&[unlimited(&LUMINANCE), unlimited(&CHROMINANCE), None, None]);
        assert_eq!(facts, JpegFacts { quality: 2.0, standard_tables: true });
    }

    #[test]
    fn tables_of_other_makers_have_the_nearest_quality() {
        let facts = quality(&[Some(LUMINANCE.map(|entry| entry + 1)), Some(CHROMINANCE), None, None]);
        assert!(!facts.standard_tables && (facts.quality - 50.0).abs() <= 2.0, "{facts:?}");
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
    fn a_picture_that_lacks_its_lower_part_is_damaged_though_it_ends_well() {
        let files = [
            encoded(|encoder| encoder.set_sampling_factor(SamplingFactor::R_4_4_4)),
            encoded(|encoder| encoder.set_sampling_factor(SamplingFactor::R_4_2_0)),
            encoded(|encoder| encoder.set_optimized_huffman_tables(true)),
            encoded(|encoder| encoder.set_restart_interval(5)),
        ];
        for (number, file) in files.iter().enumerate() {
            assert!(inspect(file).is_ok(), "{number}");
            let scan = file.windows(2).rposition(|marker| marker == [0xFF, 0xDA]).expect("a scan") + 14;
            for cut in (scan..file.len() - 200).step_by(331) {
                let closed = [&file[..cut], &[0xFF, END_OF_IMAGE]].concat();
                assert!(inspect(&closed).is_err(), "{number}: closed at {cut} of {}", file.len());
            }
        }
    }

    #[test]
    fn progressive_pictures_are_taken_on_trust() {
        assert!(inspect(&encoded(|encoder| encoder.set_progressive(true))).is_ok());
    }

    #[test]
    fn bytes_after_the_end_do_no_harm() {
        let mut file = FileBuilder::jpeg().build();
        file.extend(b"trailing notes of a phone");
        assert!(inspect(&file).is_ok());
    }

    #[test]
    fn editors_are_known_by_their_own_marks_only() {
        let xmp = |tool: &str| software(0xE1, format!("http://ns.adobe.com/xap/1.0/\0<x {tool}>").as_bytes());
        assert_eq!(xmp(r#"xmp:CreatorTool="GIMP 2.10" a="b""#), ["GIMP 2.10"]);
        assert_eq!(xmp("/><xmp:CreatorTool>Meitu</xmp:CreatorTool"), ["Meitu"]);
        assert_eq!(xmp(r#"xmp:Rating="5""#), [""; 0]);
        assert_eq!(software(0xED, b"Photoshop 3.0\08BIM\x04\x06\0\0\0\0\0\x02\0\x01"), ["Adobe Photoshop"]);
        assert_eq!(software(0xED, b"Photoshop 3.0\08BIM\x04\x04\0\0\0\0\0\x02\0\x01"), [""; 0]);
    }
}
