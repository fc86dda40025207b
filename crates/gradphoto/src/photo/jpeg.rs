//! JPEG files (ITU-T T.81 annex B): what their segments say, whether all of the picture is there, and its pixels.

mod frame;
mod huffman;
mod pixels;
mod quality;
mod reduced;
mod scan;

use image::DynamicImage;

use frame::{Component, Frame};
use huffman::Huffman;
use quality::Table;
use reduced::Reduced;
use scan::{ScanFault, ScanReader, Tables};

pub use quality::JpegFacts;

use super::fault::{damaged, fault, rare, too_large};
use super::notes::Notes;
use super::still::MAX_DECODED_BYTES;
use super::stored::Stored;
use super::{ColourModel, MAX_PIXELS, Reduction, colour_space};
use crate::text::Reason;

/// Pictures of more scans are made to keep programs busy.
const MAX_SCANS: usize = 100;
/// As decoders keep one.
const COEFFICIENT_BYTES: u64 = 2;

/// Reads all segments up to the end of the picture and decodes it, at the fraction of its size that `reduction` says for it
/// where that comes with reading, else whole.
///
/// # Errors
/// A sentence when the file ends before the picture does, lacks a part of it, holds none, or one of a kind that is not
/// decoded.
pub(super) fn decode(bytes: &[u8], reduction: Reduction) -> Result<Stored, Reason> {
    let mut file = File::read(bytes, reduction)?;
    let reduced = file.reduced.take().and_then(|reduced| reduced.picture(file.colours));
    let picture = reduced.map_or_else(|| pixels::decode(&file), Ok)?;
    let (picture, is_converted) = match picture {
        DynamicImage::ImageRgba8(inks) => colour_space::printed(&inks, file.notes.profile.as_deref()),
        picture => (picture, false),
    };
    let model = match file.frame.components.len() {
        1 => ColourModel::Grey,
        3 => ColourModel::Rgb,
        _ => ColourModel::Cmyk,
    };
    let size_px = (file.frame.width as u32, file.frame.height as u32);
    let (notes, jpeg, has_more) = (file.notes, Some(file.facts), file.has_more);
    Ok(Stored { picture, size_px, bits_per_channel: 8, model, is_converted, notes, jpeg, has_more })
}

/// What the segments hold.
struct File {
    frame: Frame,
    facts: JpegFacts,
    notes: Notes,
    colours: Colours,
    /// Number of scans.
    scans: usize,
    /// The picture alone, without notes and with all of its tables, as every decoder takes it.
    plain: Vec<u8>,
    /// The picture made smaller while it was read.
    reduced: Option<Reduced>,
    /// Whether more than padding follows the picture.
    has_more: bool,
}

/// What the components are (as libjpeg tells, jdapimin.c).
#[derive(Clone, Copy, Debug, PartialEq)]
enum Colours {
    Grey,
    YCbCr,
    Rgb,
    Ycck,
    Cmyk,
}

impl File {
    fn read(bytes: &[u8], reduction: Reduction) -> Result<File, Reason> {
        let mut notes = Notes::default();
        let mut reader = None::<ScanReader>;
        let mut tables = Tables::default();
        let mut quantisation = [None::<Table>; 4];
        let mut facts = None;
        let mut restart_interval = 0;
        let (mut jfif, mut adobe) = (false, None);
        let mut scans = 0;
        let mut plain = vec![];
        let mut rest = bytes.get(2..).ok_or_else(truncated)?;
        let behind = loop {
            let at = marker(rest).ok_or_else(truncated)?;
            let number = rest[at + 1];
            if number == END_OF_IMAGE {
                break &rest[at + 2..];
            }
            let whole = &rest[at..];
            let length = whole.get(2..4).map(|length| usize::from(u16::from_be_bytes([length[0], length[1]])));
            let end = length.ok_or_else(truncated)?.max(2) + 2;
            let payload = whole.get(4..end).ok_or_else(truncated)?;
            let mut used = end;
            match number {
                QUANTISATION_TABLES => quality::read_tables(payload, &mut quantisation),
                HUFFMAN_TABLES => read_tables(payload, &mut tables).ok_or_else(bad_header)?,
                RESTART_INTERVAL => {
                    restart_interval = payload.first_chunk().map_or(0, |&interval| u16::from_be_bytes(interval).into());
                }
                0xC0..=0xCF | 0xDE | 0xDF | 0xF7 if reader.is_some() => return Err(bad_header()),
                0xC0..=0xCF | 0xDE | 0xDF | 0xF7 => reader = Some(ScanReader::new(frame(number, payload)?)),
                START_OF_SCAN => {
                    let reader = reader.as_mut().ok_or_else(bad_header)?;
                    if scans == 0 {
                        plain.extend(usual_tables(&mut tables));
                        reader.reduce(&quantisation, reduction);
                    }
                    // A table may come as late as the scan that needs it.
                    if facts.is_none() {
                        let numbers = reader.frame().components.iter().map(|component| component.table);
                        let numbers = numbers.collect::<Vec<_>>();
                        let has_come =
                            |number: &u8| quantisation.get(usize::from(*number)).is_some_and(Option::is_some);
                        facts = numbers.iter().all(has_come).then(|| quality::quality(&quantisation, &numbers));
                    }
                    scans += 1;
                    if scans > MAX_SCANS {
                        return Err(rare("扫描次数过多", "too many scans"));
                    }
                    let data = &whole[end..];
                    let passed =
                        reader.read(payload, &tables, &quantisation, restart_interval, data).map_err(|fault| {
                            match fault {
                                ScanFault::Header => bad_header(),
                                ScanFault::Data => incomplete(),
                            }
                        })?;
                    used += passed + marker(&data[passed..]).ok_or_else(truncated)?;
                }
                _ => {
                    jfif |= number == 0xE0 && payload.starts_with(b"JFIF\0");
                    adobe = adobe.or(adobe_transform(number, payload));
                    notes.add_segment(number, payload);
                }
            }
            if matches!(number, 0xC0..=0xCF | START_OF_SCAN | QUANTISATION_TABLES | RESTART_INTERVAL) {
                let from = plain.len();
                plain.extend_from_slice(&whole[..used]);
                reader.iter().for_each(|reader| number_components(&mut plain[from..], reader.frame()));
            }
            rest = &whole[used..];
        };
        let no_picture =
            || fault("文件里没有图片，请重新导出或重新拷贝", "the file holds no picture; copy or export it again");
        let reader = reader.filter(|_| scans > 0).ok_or_else(no_picture)?;
        let facts = facts.filter(|_| reader.is_whole()).ok_or_else(incomplete)?;
        notes.finish();
        let (frame, reduced) = reader.finish();
        let colours = colours(&frame, jfif, adobe)?;
        let is_padding = |byte: &u8| matches!(byte, 0 | 0xFF) || byte.is_ascii_whitespace();
        let has_more = notes.has_thumbnail() || !behind.iter().all(is_padding);
        Ok(File { frame, facts, notes, colours, scans, plain, reduced, has_more })
    }
}

const HUFFMAN_TABLES: u8 = 0xC4;
const END_OF_IMAGE: u8 = 0xD9;
const START_OF_SCAN: u8 = 0xDA;
const QUANTISATION_TABLES: u8 = 0xDB;
const RESTART_INTERVAL: u8 = 0xDD;

fn truncated() -> Reason {
    fault(
        "文件在图片结束之前就断了，请重新拷贝或重新导出",
        "the file ends before the picture does; copy or export it again",
    )
}

fn incomplete() -> Reason {
    fault(
        "图片缺了一部分或已损坏，请重新拷贝或重新导出",
        "a part of the picture is missing or damaged; copy or export it again",
    )
}

fn bad_header() -> Reason {
    damaged("文件头有误", "its headers contradict each other")
}

/// Where the next marker stands: between segments any number of fill bytes may precede it, after a scan what is left of its
/// data.
fn marker(bytes: &[u8]) -> Option<usize> {
    bytes.windows(2).position(|pair| pair[0] == 0xFF && !matches!(pair[1], 0x00 | 0xFF | 0xD0..=0xD7))
}

/// The header of the picture's frame.
fn frame(marker: u8, payload: &[u8]) -> Result<Frame, Reason> {
    match marker {
        0xC0..=0xC2 => {}
        0xC3 => return Err(rare("无损 JPEG", "lossless JPEG")),
        0xF7 => return Err(rare("JPEG-LS", "JPEG-LS")),
        0xC8..=0xCF => return Err(rare("算术编码的 JPEG", "JPEG with arithmetic coding")),
        _ => return Err(rare("分层 JPEG", "hierarchical JPEG")),
    }
    let [bits, h1, h0, w1, w0, count, components @ ..] = payload else { return Err(bad_header()) };
    let (width, height) = (u16::from_be_bytes([*w1, *w0]), u16::from_be_bytes([*h1, *h0]));
    let component = |&[id, sampling, table]: &[u8; 3]| Component {
        id,
        across: usize::from(sampling >> 4),
        down: usize::from(sampling & 15),
        table,
    };
    let components = components.as_chunks().0.iter().take((*count).into()).map(component).collect::<Vec<_>>();
    let is_factor = |factor: usize| (1..=4).contains(&factor);
    if components.len() != usize::from(*count)
        || width == 0
        || !components.iter().all(|component| is_factor(component.across) && is_factor(component.down))
    {
        return Err(bad_header());
    }
    match (bits, components.len()) {
        (8, 1 | 3 | 4) => {}
        (8, 0) => return Err(bad_header()),
        (8, count) => return Err(rare(&format!("{count} 个颜色分量"), &format!("{count} colour components"))),
        (2..=16, _) => return Err(rare(&format!("每个颜色 {bits} 位"), &format!("{bits} bits per colour"))),
        _ => return Err(bad_header()),
    }
    if height == 0 {
        return Err(rare("文件头没有写明高度", "its header gives no height"));
    }
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(too_large(width.into(), height.into()));
    }
    let frame = Frame { is_progressive: marker == 0xC2, width: width.into(), height: height.into(), components };
    if !frame.has_whole_ratios() {
        return Err(rare("颜色抽样比例不是整数", "its colour sampling ratio is not a whole number"));
    }
    // Until the last scan has come they are all kept.
    if frame.is_progressive && COEFFICIENT_BYTES * frame.coefficients() > MAX_DECODED_BYTES {
        return Err(fault(
            format!("渐进式 JPEG 图片有 {width}×{height} 像素，超出本程序能处理的范围，请导出较小的照片"),
            format!(
                "{width}x{height} pixels are more than this program decodes of a progressive JPEG; export a smaller photo"
            ),
        ));
    }
    Ok(frame)
}

/// Reads the tables of a DHT segment; `None` where they are none.
fn read_tables(mut payload: &[u8], tables: &mut Tables) -> Option<()> {
    while let Some((head, rest)) = payload.split_first_chunk::<17>() {
        let counts: [u8; 16] = std::array::from_fn(|i| head[i + 1]);
        let size = counts.iter().map(|&count| usize::from(count)).sum();
        let (symbols, rest) = rest.split_at_checked(size)?;
        *tables.get_mut(usize::from(head[0] >> 4))?.get_mut(usize::from(head[0] & 15))? =
            Some(Huffman::new(counts, symbols)?);
        payload = rest;
    }
    Some(())
}

/// The segment of the tables that T.81 annex K proposes, as far as the file leaves them out: the frames of films do.
fn usual_tables(tables: &mut Tables) -> Vec<u8> {
    let mut missing = vec![];
    for (class, number, counts, symbols) in USUAL_TABLES {
        let table = &mut tables[usize::from(class)][usize::from(number)];
        if table.is_none() {
            *table = Huffman::new(counts, symbols);
            missing.push(class << 4 | number);
            missing.extend(counts);
            missing.extend(symbols);
        }
    }
    if missing.is_empty() {
        return missing;
    }
    let length = (missing.len() as u16 + 2).to_be_bytes();
    [&[0xFF, HUFFMAN_TABLES], length.as_slice(), &missing].concat()
}

/// Numbers the components that a frame or a scan names from 1 on: decoders conclude colours from names, each in its own way.
fn number_components(segment: &mut [u8], frame: &Frame) {
    let (first, step, count) = match segment {
        [_, 0xC0..=0xC2, ..] => (10, 3, frame.components.len()),
        [_, START_OF_SCAN, _, _, count, ..] => (5, 2, usize::from(*count)),
        _ => return,
    };
    let names = segment.get_mut(first..).unwrap_or_default().iter_mut().step_by(step).take(count).collect::<Vec<_>>();
    let places = frame.places(names.iter().map(|name| **name));
    names.into_iter().zip(places.into_iter().flatten()).for_each(|(name, place)| *name = place as u8 + 1);
}

/// The transform of an Adobe segment, however short it is.
fn adobe_transform(marker: u8, payload: &[u8]) -> Option<u8> {
    let is_adobe = marker == 0xEE && payload.starts_with(b"Adobe");
    is_adobe.then(|| payload.get(11).copied()).flatten()
}

/// What the components are, as libjpeg concludes from JFIF, Adobe's segment and their numbers.
fn colours(frame: &Frame, jfif: bool, adobe: Option<u8>) -> Result<Colours, Reason> {
    let ids = frame.components.iter().map(|component| component.id).collect::<Vec<_>>();
    Ok(match (ids.len(), jfif, adobe) {
        (1, ..) => Colours::Grey,
        (3, true, _) => Colours::YCbCr,
        (3, false, Some(0)) => Colours::Rgb,
        (3, false, None) if ids == *b"RGB" => Colours::Rgb,
        (3, ..) => Colours::YCbCr,
        (_, _, Some(0)) => Colours::Cmyk,
        (_, _, Some(_)) => Colours::Ycck,
        // Whether 0 is much ink or none is told by Adobe's segment alone.
        _ => return Err(rare("没有 Adobe 标记的 CMYK", "CMYK without Adobe's mark")),
    })
}

/// Class, number, counts and symbols of the tables that T.81 annex K.3 proposes.
const USUAL_TABLES: [(u8, u8, [u8; 16], &[u8]); 4] = [
    (0, 0, [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0], &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]),
    (1, 0, [0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 0x7D], &LUMINANCE_SYMBOLS),
    (0, 1, [0, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0], &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]),
    (1, 1, [0, 2, 1, 2, 4, 4, 3, 4, 7, 5, 4, 4, 0, 1, 2, 0x77], &CHROMINANCE_SYMBOLS),
];

/// Table K.5.
#[rustfmt::skip]
const LUMINANCE_SYMBOLS: [u8; 162] = [
    0x01, 0x02, 0x03, 0x00, 0x04, 0x11, 0x05, 0x12, 0x21, 0x31, 0x41, 0x06, 0x13, 0x51, 0x61, 0x07, 0x22, 0x71,
    0x14, 0x32, 0x81, 0x91, 0xA1, 0x08, 0x23, 0x42, 0xB1, 0xC1, 0x15, 0x52, 0xD1, 0xF0, 0x24, 0x33, 0x62, 0x72,
    0x82, 0x09, 0x0A, 0x16, 0x17, 0x18, 0x19, 0x1A, 0x25, 0x26, 0x27, 0x28, 0x29, 0x2A, 0x34, 0x35, 0x36, 0x37,
    0x38, 0x39, 0x3A, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49, 0x4A, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58, 0x59,
    0x5A, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6A, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78, 0x79, 0x7A, 0x83,
    0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99, 0x9A, 0xA2, 0xA3,
    0xA4, 0xA5, 0xA6, 0xA7, 0xA8, 0xA9, 0xAA, 0xB2, 0xB3, 0xB4, 0xB5, 0xB6, 0xB7, 0xB8, 0xB9, 0xBA, 0xC2, 0xC3,
    0xC4, 0xC5, 0xC6, 0xC7, 0xC8, 0xC9, 0xCA, 0xD2, 0xD3, 0xD4, 0xD5, 0xD6, 0xD7, 0xD8, 0xD9, 0xDA, 0xE1, 0xE2,
    0xE3, 0xE4, 0xE5, 0xE6, 0xE7, 0xE8, 0xE9, 0xEA, 0xF1, 0xF2, 0xF3, 0xF4, 0xF5, 0xF6, 0xF7, 0xF8, 0xF9, 0xFA,
];

/// Table K.6.
#[rustfmt::skip]
const CHROMINANCE_SYMBOLS: [u8; 162] = [
    0x00, 0x01, 0x02, 0x03, 0x11, 0x04, 0x05, 0x21, 0x31, 0x06, 0x12, 0x41, 0x51, 0x07, 0x61, 0x71, 0x13, 0x22,
    0x32, 0x81, 0x08, 0x14, 0x42, 0x91, 0xA1, 0xB1, 0xC1, 0x09, 0x23, 0x33, 0x52, 0xF0, 0x15, 0x62, 0x72, 0xD1,
    0x0A, 0x16, 0x24, 0x34, 0xE1, 0x25, 0xF1, 0x17, 0x18, 0x19, 0x1A, 0x26, 0x27, 0x28, 0x29, 0x2A, 0x35, 0x36,
    0x37, 0x38, 0x39, 0x3A, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49, 0x4A, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58,
    0x59, 0x5A, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6A, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78, 0x79, 0x7A,
    0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99, 0x9A,
    0xA2, 0xA3, 0xA4, 0xA5, 0xA6, 0xA7, 0xA8, 0xA9, 0xAA, 0xB2, 0xB3, 0xB4, 0xB5, 0xB6, 0xB7, 0xB8, 0xB9, 0xBA,
    0xC2, 0xC3, 0xC4, 0xC5, 0xC6, 0xC7, 0xC8, 0xC9, 0xCA, 0xD2, 0xD3, 0xD4, 0xD5, 0xD6, 0xD7, 0xD8, 0xD9, 0xDA,
    0xE2, 0xE3, 0xE4, 0xE5, 0xE6, 0xE7, 0xE8, 0xE9, 0xEA, 0xF2, 0xF3, 0xF4, 0xF5, 0xF6, 0xF7, 0xF8, 0xF9, 0xFA,
];

#[cfg(test)]
mod tests {
    use image::RgbImage;
    use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

    use super::*;
    use crate::testing::FileBuilder;

    fn not_smaller(_width: u32, _height: u32) -> u32 {
        1
    }

    /// A picture of many blocks with something in each, encoded as `set` wishes.
    fn encoded(set: impl Fn(&mut Encoder<&mut Vec<u8>>)) -> Vec<u8> {
        let pixels = (0..200 * 120 * 3u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect::<Vec<_>>();
        let mut file = vec![];
        let mut encoder = Encoder::new(&mut file, 75);
        set(&mut encoder);
        encoder.encode(&pixels, 200, 120, ColorType::Rgb).expect("encodes");
        file
    }

    #[test]
    fn every_ijg_quality_is_read_back_exactly() {
        for sampling in [SamplingFactor::R_4_4_4, SamplingFactor::R_4_2_0] {
            for quality in 1..=100 {
                let file = encoded(|encoder| {
                    encoder.set_quality(quality);
                    encoder.set_sampling_factor(sampling);
                });
                let facts = File::read(&file, not_smaller).expect("a whole file").facts;
                assert_eq!(facts, JpegFacts { quality: quality.into(), standard_tables: true });
            }
        }
    }

    #[test]
    fn a_file_cut_anywhere_is_truncated() {
        let file = FileBuilder::jpeg().exif(1, Some("camera")).build();
        for length in (0..file.len()).step_by(97).chain([file.len() - 1]) {
            assert!(File::read(&file[..length], not_smaller).is_err(), "{length} of {} bytes", file.len());
        }
        assert!(File::read(&file, not_smaller).is_ok());
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
            assert!(File::read(file, not_smaller).is_ok(), "{number}");
            let scan = file.windows(2).rposition(|marker| marker == [0xFF, 0xDA]).expect("a scan") + 14;
            for cut in (scan..file.len() - 200).step_by(331) {
                let closed = [&file[..cut], &[0xFF, END_OF_IMAGE]].concat();
                assert!(File::read(&closed, not_smaller).is_err(), "{number}: closed at {cut} of {}", file.len());
            }
        }
    }

    #[test]
    fn a_progressive_picture_that_stops_early_is_damaged_though_it_ends_well() {
        for restart_interval in [0, 5] {
            let file = encoded(|encoder| {
                encoder.set_progressive(true);
                encoder.set_restart_interval(restart_interval);
            });
            assert!(File::read(&file, not_smaller).is_ok());
            let scan = file.windows(2).position(|marker| marker == [0xFF, 0xDA]).expect("a scan") + 14;
            for cut in (scan..file.len() - 200).step_by(331) {
                let closed = [&file[..cut], &[0xFF, END_OF_IMAGE]].concat();
                assert!(File::read(&closed, not_smaller).is_err(), "closed at {cut} of {}", file.len());
            }
        }
    }

    #[test]
    fn data_left_over_behind_the_last_block_tells_of_damage_and_padding_does_not() {
        let file = encoded(|encoder| encoder.set_restart_interval(5));
        let restart = file.windows(2).position(|marker| marker == [0xFF, 0xD0]).expect("a restart marker");
        for at in [restart, file.len() - 2] {
            let with = |more: &[u8]| [&file[..at], more, &file[at..]].concat();
            assert!(File::read(&with(&[0; 512]), not_smaller).is_ok());
            assert!(File::read(&with(&[0xFF; 3]), not_smaller).is_ok());
            assert!(File::read(&with(&[0x5A; 3]), not_smaller).is_err());
        }
    }

    #[test]
    fn a_bit_that_spoils_the_picture_does_not_pass() {
        let file = include_bytes!("../../../../tests/samples/blue.jpg");
        let pixels = |file: &[u8]| Some(image::load_from_memory(file).ok()?.into_rgb8());
        let whole = pixels(file).expect("a picture");
        let scan = file.windows(2).rposition(|marker| marker == [0xFF, 0xDA]).expect("a scan") + 14;
        let flips = (0..200).map(|i| scan + i * (file.len() - 2 - scan) / 200).filter(|at| file[*at] < 0x7F);
        let spoils_unseen = |at: &usize| {
            let mut flipped = file.to_vec();
            flipped[*at] ^= 1 << (at % 7);
            let spoilt = pixels(&flipped).filter(|_| File::read(&flipped, not_smaller).is_ok());
            let differences = spoilt.iter().flat_map(|spoilt| spoilt.iter().zip(whole.iter()));
            let sum = differences.map(|(now, before)| u64::from(now.abs_diff(*before))).sum::<u64>();
            sum > 4 * whole.len() as u64
        };
        let (tried, unseen) = (flips.clone().count(), flips.filter(spoils_unseen).count());
        // A level that drifts within what a block can have, and ends in step, tells nothing.
        assert!(tried > 80 && unseen * 20 <= tried, "{unseen} of {tried}");
    }

    #[test]
    fn bytes_after_the_end_do_no_harm_and_are_told_from_padding() {
        let with = |more: &[u8]| File::read(&[&FileBuilder::jpeg().build(), more].concat(), not_smaller);
        let has_more = |more: &[u8]| with(more).expect("whole").has_more;
        assert!(has_more(b"trailing notes of a phone") && has_more(&FileBuilder::jpeg().build()));
        assert!(!has_more(b"") && !has_more(&[0; 100]) && !has_more(b"\r\n") && !has_more(&[0xFF; 3]));
    }

    #[test]
    fn a_progressive_picture_of_more_coefficients_than_memory_is_refused() {
        let of = |marker: u8, luma: u8| {
            let side = 9000_u16.to_be_bytes();
            let components = [3, 1, luma, 0, 2, 0x11, 1, 3, 0x11, 1];
            frame(marker, &[&[8], side.as_slice(), &side, &components].concat())
        };
        let refused = of(0xC2, 0x11).expect_err("486 MB");
        assert!(
            refused.en.contains("9000x9000 pixels are more") && refused.en.contains("progressive"),
            "{}",
            refused.en
        );
        assert!(of(0xC2, 0x22).is_ok() && of(0xC0, 0x11).is_ok());
    }

    #[test]
    fn the_marks_of_rare_kinds_are_called_so() {
        let as_kind = |marker: u8, bits: u8| {
            let mut file = FileBuilder::jpeg().build();
            let frame = file.windows(2).position(|pair| pair == [0xFF, 0xC0]).expect("a baseline frame");
            (file[frame + 1], file[frame + 4]) = (marker, bits);
            File::read(&file, not_smaller).err().expect("refused").en
        };
        for (marker, bits, kind) in [
            (0xC3, 8, "lossless"),
            (0xC5, 8, "hierarchical"),
            (0xC9, 8, "arithmetic"),
            (0xCA, 8, "arithmetic"),
            (0xC1, 12, "12 bits"),
        ] {
            let says = as_kind(marker, bits);
            assert!(says.contains(kind) && says.contains("rare kind") && says.contains("ordinary JPEG"), "{says}");
        }
        assert!(as_kind(0xC0, 0).contains("damaged"));
    }

    #[test]
    fn frames_of_films_leave_out_the_usual_tables() {
        let whole = FileBuilder::jpeg().build();
        let mut bare = whole.clone();
        while let Some(at) = bare.windows(2).position(|pair| pair == [0xFF, HUFFMAN_TABLES]) {
            let length = 2 + usize::from(u16::from_be_bytes([bare[at + 2], bare[at + 3]]));
            bare.drain(at..at + length);
        }
        assert!(bare.len() + 400 < whole.len());
        let shown = |file: &[u8]| decode(file, not_smaller).expect("whole").picture;
        assert_eq!(shown(&bare), shown(&whole));
    }

    #[test]
    fn a_quantisation_table_may_come_as_late_as_the_scan_that_needs_it() {
        let file = include_bytes!("../../../../tests/cases/pictures/cj-noninterleaved.jpg");
        let second = |marker: u8| {
            let mut places = (0..file.len() - 1).filter(|at| file[*at..*at + 2] == [0xFF, marker]);
            places.nth(1).expect("two of them")
        };
        let (table, scan) = (second(QUANTISATION_TABLES), second(START_OF_SCAN));
        let (before, behind) = file[..scan].split_at(table);
        let (table, behind) = behind.split_at(2 + 67);
        let late = [before, behind, table, &file[scan..]].concat();
        let [late, usual] = [&late[..], file].map(|file| decode(file, not_smaller).expect("whole"));
        assert_eq!((late.picture, late.jpeg), (usual.picture, usual.jpeg));
        let without = [before, behind, &file[scan..]].concat();
        assert!(File::read(&without, not_smaller).is_err());
    }

    #[test]
    fn colours_are_concluded_as_libjpeg_does() {
        let frame = |ids: &[u8]| Frame {
            is_progressive: false,
            width: 8,
            height: 8,
            components: ids.iter().map(|id| Component { id: *id, across: 1, down: 1, table: 0 }).collect(),
        };
        let of = |ids: &[u8], jfif, adobe| colours(&frame(ids), jfif, adobe).ok();
        assert_eq!(of(b"\x01\x02\x03", false, None), Some(Colours::YCbCr));
        assert_eq!(of(b"RGB", false, None), Some(Colours::Rgb));
        assert_eq!(of(b"RGB", true, None), Some(Colours::YCbCr));
        assert_eq!(of(b"\0\x01\x02", false, Some(0)), Some(Colours::Rgb));
        assert_eq!(of(b"\x01\x02\x03", true, Some(0)), Some(Colours::YCbCr));
        assert_eq!(of(b"\x01\x02\x03\x04", true, Some(2)), Some(Colours::Ycck));
        assert_eq!(of(b"\x01\x02\x03\x04", true, Some(0)), Some(Colours::Cmyk));
        assert_eq!(of(b"\x01\x02\x03\x04", false, Some(1)), Some(Colours::Ycck));
        assert_eq!(of(b"\x01\x02\x03\x04", true, None), None);
        assert_eq!(of(b"\x07", false, Some(0)), Some(Colours::Grey));
    }

    #[test]
    fn colours_are_the_same_whatever_decodes_them() {
        let red = RgbImage::from_pixel(64, 64, image::Rgb([200, 40, 60]));
        for sampling in [SamplingFactor::R_4_4_4, SamplingFactor::R_4_2_0] {
            for is_progressive in [false, true] {
                let mut file = vec![];
                let mut encoder = Encoder::new(&mut file, 95);
                encoder.set_sampling_factor(sampling);
                encoder.set_progressive(is_progressive);
                encoder.encode(&red, 64, 64, ColorType::Rgb).expect("encodes");
                // The components of a file with a JFIF segment are no colours, however they are called.
                for (marker, first, step) in [(0xC0 | u8::from(is_progressive) << 1, 10, 3), (START_OF_SCAN, 5, 2)] {
                    let named = (0..file.len() - 1).filter(|at| file[*at..*at + 2] == [0xFF, marker]);
                    for at in named.collect::<Vec<_>>() {
                        let count = usize::from(file[at + first - 1]);
                        for name in file[at + first..].iter_mut().step_by(step).take(count) {
                            *name = b"RGB"[usize::from(*name)];
                        }
                    }
                }
                for reduction in [not_smaller, |_, _| 2] {
                    let shown = decode(&file, reduction).expect("whole").picture.into_rgb8();
                    let near = shown.get_pixel(20, 20).0.iter().zip([200, 40, 60]).all(|(a, b)| a.abs_diff(b) < 4);
                    assert!(near, "{:?}, progressive: {is_progressive}", shown.get_pixel(20, 20));
                }
            }
        }
    }

    #[test]
    fn what_is_made_smaller_while_it_is_read_is_what_the_whole_picture_becomes() {
        // Soft waves and an edge, of a size that ends within a block.
        let picture = RgbImage::from_fn(203, 149, |x, y| {
            let wave = |period: f64| 128.0 + 90.0 * (f64::from(x) / period + f64::from(y) / 23.0).sin();
            image::Rgb(if x < 60 { [200, 40, 60] } else { [wave(31.0) as u8, wave(47.0) as u8, wave(29.0) as u8] })
        });
        let file = |sampling, interval, color: ColorType| {
            let grey = DynamicImage::from(picture.clone()).into_luma8();
            let pixels = if matches!(color, ColorType::Luma) { grey.as_raw() } else { picture.as_raw() };
            let mut file = vec![];
            let mut encoder = Encoder::new(&mut file, 90);
            encoder.set_sampling_factor(sampling);
            encoder.set_restart_interval(interval);
            encoder.encode(pixels, 203, 149, color).expect("encodes");
            file
        };
        let halves: Reduction = |_, _| 2;
        let quarters: Reduction = |_, _| 4;
        let eighths: Reduction = |_, _| 8;
        let samplings = [SamplingFactor::R_4_4_4, SamplingFactor::R_4_2_2, SamplingFactor::R_4_2_0];
        let files =
            samplings.into_iter().flat_map(|sampling| [0, 5].map(|every| file(sampling, every, ColorType::Rgb)));
        for file in files.chain([file(SamplingFactor::R_4_4_4, 0, ColorType::Luma)]) {
            let mut expected = decode(&file, not_smaller).expect("whole").picture.into_rgb8();
            for reduction in [halves, quarters, eighths] {
                expected = crate::photo::halved(&expected);
                let stored = decode(&file, reduction).expect("whole");
                let smaller = stored.picture.into_rgb8();
                assert_eq!((stored.size_px, smaller.dimensions()), ((203, 149), expected.dimensions()));
                let off = smaller.as_raw().iter().zip(expected.as_raw()).map(|(a, b)| f64::from(a.abs_diff(*b)));
                let mean = off.sum::<f64>() / expected.as_raw().len() as f64;
                assert!(mean < 2.5, "{mean} at {:?}", smaller.dimensions());
            }
            for cut in [file.len() / 3, file.len() - 40] {
                let closed = [&file[..cut], &[0xFF, END_OF_IMAGE]].concat();
                assert!(decode(&closed, quarters).is_err(), "closed at {cut}");
            }
        }
    }
}
