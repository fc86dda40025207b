//! What a file says of itself beside its pixels: EXIF, XMP, Photoshop's resources, comments, colour profile, density.

use encoding_rs::{GB18030, WINDOWS_1252};
use exif::{Context, Exif, In, Tag, Value};
use moxcms::ColorProfile;

use super::ai_label::AiLabel;
use super::density::Density;
use super::directories;
use super::quiet::caught;
use super::xmp;

/// More are not kept: no file has them, but one that is made to fill the memory.
const MAX_COMMENTS: usize = 100;
/// What of EXIF lies beyond is not read: a text of empty lines takes many times its size.
const MAX_EXIF_BYTES: usize = 1 << 20;

/// What the container of a picture holds; each block as it was found first.
#[derive(Default)]
pub(super) struct Notes {
    /// The format's own field: JFIF, pHYs, the bitmap's header.
    pub(super) density: Option<Density>,
    /// TIFF structure.
    pub(super) exif: Option<Exif>,
    /// Colours that the format declares without a profile, and before one.
    pub(super) colours: Option<ColorProfile>,
    /// ICC profile.
    pub(super) profile: Option<Vec<u8>>,
    pub(super) xmp: Vec<u8>,
    /// Comments and marks that name programs.
    pub(super) comments: Vec<String>,
    /// Elsewhere than in XMP.
    ai_label: Option<AiLabel>,
    /// EXIF of a JPEG, until all of its segments have come.
    exif_bytes: Vec<u8>,
    /// Photoshop's resources.
    resources: Vec<u8>,
    /// Pieces of the profile with their numbers.
    profile_pieces: Vec<(u8, Vec<u8>)>,
}

impl Notes {
    /// Takes up a segment of a JPEG; what is none of these is passed over.
    pub(super) fn add_segment(&mut self, marker: u8, payload: &[u8]) {
        if matches!(marker, 0xE0..=0xEF) {
            self.ai_label = self.ai_label.or_else(|| AiLabel::read(payload));
        }
        match (marker, payload) {
            (0xE0, [b'J', b'F', b'I', b'F', 0, _, _, unit, x1, x0, y1, y0, ..]) => {
                let [across, down] = [[*x1, *x0], [*y1, *y0]].map(|density| f64::from(u16::from_be_bytes(density)));
                self.density = self.density.or(Density::new(across, down, u32::from(*unit) + 1));
            }
            // A block that is larger than a segment goes on in the next.
            (0xE1, [b'E', b'x', b'i', b'f', 0, _, block @ ..]) => self.exif_bytes.extend(block),
            (0xE1, xmp) if xmp.starts_with(xmp::HEAD) => self.xmp.extend(&xmp[xmp::HEAD.len()..]),
            (0xE2, [b'I', b'C', b'C', b'_', b'P', b'R', b'O', b'F', b'I', b'L', b'E', 0, number, _, piece @ ..]) => {
                self.profile_pieces.push((*number, piece.to_vec()));
            }
            (0xEC, ducky) if ducky.starts_with(b"Ducky") => self.comments.push("Adobe Photoshop".to_owned()),
            (0xED, resources) if resources.starts_with(PHOTOSHOP) => {
                self.resources.extend(&resources[PHOTOSHOP.len()..]);
            }
            (0xFE, comment) => self.comments.extend(legible(comment)),
            _ => {}
        }
        self.comments.truncate(MAX_COMMENTS);
    }

    /// Takes up a text of a PNG behind its keyword.
    pub(super) fn add_text(&mut self, text: &[u8]) {
        self.ai_label = self.ai_label.or_else(|| AiLabel::read(text));
        self.comments.extend(text.strip_prefix(b"Software\0").and_then(legible));
        self.comments.truncate(MAX_COMMENTS);
    }

    /// Takes up EXIF as it is, from its byte order mark on.
    pub(super) fn add_exif(&mut self, block: &[u8]) {
        let block = &block[..block.len().min(MAX_EXIF_BYTES)];
        self.exif = self.exif.take().or_else(|| parsed(block));
    }

    /// Takes up the tags of a TIFF, which may stand anywhere in it.
    pub(super) fn add_tiff(&mut self, file: &[u8]) {
        self.exif = parsed(file);
    }

    /// The colour profile that a TIFF keeps among its tags (34675).
    pub(super) fn tiff_profile(&self) -> Option<Vec<u8>> {
        match &self.exif.as_ref()?.get_field(Tag(Context::Tiff, 34675), In::PRIMARY)?.value {
            Value::Undefined(profile, _) | Value::Byte(profile) => Some(profile.clone()),
            _ => None,
        }
    }

    /// Puts pieces together once the last segment has come.
    pub(super) fn finish(&mut self) {
        let block = std::mem::take(&mut self.exif_bytes);
        if !block.is_empty() {
            self.add_exif(&block);
        }
        self.profile_pieces.sort_by_key(|(number, _)| *number);
        if self.profile.is_none() && !self.profile_pieces.is_empty() {
            self.profile = Some(self.profile_pieces.drain(..).flat_map(|(_, piece)| piece).collect());
        }
    }

    /// Whether EXIF holds a small picture of the photo, which may be as it was before it was cropped.
    pub(super) fn has_thumbnail(&self) -> bool {
        self.exif.as_ref().is_some_and(|exif| exif.get_field(Tag::JPEGInterchangeFormat, In::THUMBNAIL).is_some())
    }

    /// EXIF orientation, 1 to 8; 1 where none is noted.
    pub(super) fn orientation(&self) -> u8 {
        let noted = self.number(Tag::Orientation).filter(|value| (1..=8).contains(value));
        noted.map_or(1, |value| value as u8)
    }

    /// The format's own density first, then EXIF's, then Photoshop's, whichever is one.
    pub(super) fn density(&self) -> Option<Density> {
        self.density.or_else(|| self.exif_density()).or_else(|| Density::of_photoshop(self.resource(1005)?))
    }

    /// Whether EXIF says that the pixels are Adobe RGB (DCF 2.0: InteroperabilityIndex R03; some cameras: ColorSpace 2, or
    /// its primaries in so many numbers).
    pub(super) fn is_adobe_rgb(&self) -> bool {
        let index = self.exif.as_ref().and_then(|exif| exif.get_field(Tag::InteroperabilityIndex, In::PRIMARY));
        let is_r03 = index.is_some_and(
            |field| matches!(&field.value, Value::Ascii(lines) if lines.first().is_some_and(|line| line.starts_with(b"R03"))),
        );
        match self.number(Tag::ColorSpace) {
            Some(1) => false,
            Some(2) => true,
            _ => is_r03 || self.primaries().is_some_and(is_adobe),
        }
    }

    /// Whether a TIFF is a camera raw file, whose first part is a small preview only: a digital negative, or one that
    /// says so and has its pixels elsewhere.
    pub(super) fn is_camera_raw(&self) -> bool {
        let has = |number| {
            self.exif.as_ref().is_some_and(|exif| exif.get_field(Tag(Context::Tiff, number), In::PRIMARY).is_some())
        };
        let is_preview = self.number(Tag(Context::Tiff, NEW_SUBFILE_TYPE)) == Some(1);
        has(DNG_VERSION) || is_preview && has(SUB_IFDS)
    }

    /// Programs that left their name or mark, joined by `; `.
    pub(super) fn software(&self) -> Option<String> {
        let exif = [Tag::Software, Tag(Context::Tiff, 11)].into_iter().filter_map(|tag| self.text(tag));
        let mut programs =
            exif.chain(xmp::programs(&self.xmp)).chain(self.comments.iter().cloned()).collect::<Vec<_>>();
        // Its own JPEG quality: captions alone may come from any program.
        if self.resource(1030).is_some() {
            programs.push("Adobe Photoshop".to_owned());
        }
        let mut seen = std::collections::HashSet::new();
        programs.retain(|program| seen.insert(program.clone()));
        (!programs.is_empty()).then(|| programs.join("; "))
    }

    /// The label of a picture that an artificial intelligence made.
    pub(super) fn ai_label(&self) -> Option<AiLabel> {
        self.ai_label.or_else(|| AiLabel::read(&self.xmp))
    }

    fn primaries(&self) -> Option<[f64; 6]> {
        match &self.exif.as_ref()?.get_field(Tag::PrimaryChromaticities, In::PRIMARY)?.value {
            Value::Rational(values) => Some(values.first_chunk::<6>()?.map(|value| value.to_f64())),
            _ => None,
        }
    }

    fn number(&self, tag: Tag) -> Option<u32> {
        self.exif.as_ref()?.get_field(tag, In::PRIMARY)?.value.get_uint(0)
    }

    fn text(&self, tag: Tag) -> Option<String> {
        match &self.exif.as_ref()?.get_field(tag, In::PRIMARY)?.value {
            Value::Ascii(lines) => legible(lines.first()?),
            Value::Byte(bytes) | Value::Undefined(bytes, _) => legible(bytes),
            _ => None,
        }
    }

    fn exif_density(&self) -> Option<Density> {
        let number = |tag| match &self.exif.as_ref()?.get_field(tag, In::PRIMARY)?.value {
            Value::Rational(values) => values.first().map(|value| value.to_f64()),
            Value::SRational(values) => values.first().map(|value| value.to_f64()),
            value => value.get_uint(0).map(f64::from),
        };
        let across = number(Tag::XResolution).or_else(|| number(Tag::YResolution))?;
        let down = number(Tag::YResolution).unwrap_or(across);
        // Inches where no unit is noted (TIFF 6.0).
        Density::new(across, down, self.number(Tag::ResolutionUnit).unwrap_or(2))
    }

    /// A resource of Photoshop's by its number.
    fn resource(&self, wanted: u16) -> Option<&[u8]> {
        let mut rest = self.resources.as_slice();
        loop {
            let after = rest.strip_prefix(b"8BIM")?;
            let (number, after) = after.split_first_chunk()?;
            // A name after its length, in an even number of bytes altogether.
            let after = after.get((usize::from(*after.first()?) + 2) & !1..)?;
            let (length, data) = after.split_first_chunk()?;
            let length = u32::from_be_bytes(*length) as usize;
            if u16::from_be_bytes(*number) == wanted {
                return data.get(..length);
            }
            rest = data.get(length.checked_add(length & 1)?..)?;
        }
    }
}

/// Whether these are the primaries of Adobe RGB (1998): red, green, blue, each x and y.
fn is_adobe(primaries: [f64; 6]) -> bool {
    let adobe = [0.64, 0.33, 0.21, 0.71, 0.15, 0.06];
    primaries.iter().zip(adobe).all(|(stored, known)| (stored - known).abs() < 0.002)
}

const NEW_SUBFILE_TYPE: u16 = 254;
const SUB_IFDS: u16 = 330;
const DNG_VERSION: u16 = 50_706;

const PHOTOSHOP: &[u8] = b"Photoshop 3.0\0";

/// EXIF as far as it can be read: one bad tag loses nothing else. `None` where it would fill the memory.
pub(super) fn parsed(block: &[u8]) -> Option<Exif> {
    let block = block.strip_prefix(b"Exif\0\0").unwrap_or(block);
    if !directories::are_modest(block) {
        return None;
    }
    let mut reader = exif::Reader::new();
    reader.continue_on_error(true);
    caught(|| reader.read_raw(block.to_vec()).or_else(|error| error.distill_partial_result(|_| {})).ok())?
}

/// The text of a note up to its end: UTF-8, else Chinese as Windows writes it, else Western; `None` where it is empty.
pub(super) fn legible(bytes: &[u8]) -> Option<String> {
    let bytes = bytes.split(|byte| *byte == 0).find(|part| !part.is_empty())?;
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => chinese(bytes).unwrap_or_else(|| WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned()),
    };
    let text = text.trim().to_owned();
    (!text.is_empty()).then_some(text)
}

/// Bytes as GB 18030, unless a single byte that is no ASCII shows that they are not.
fn chinese(bytes: &[u8]) -> Option<String> {
    let is_paired =
        bytes.chunk_by(|a, b| a.is_ascii() == b.is_ascii()).all(|run| run[0].is_ascii() || run.len() % 2 == 0);
    let text = GB18030.decode_without_bom_handling_and_without_replacement(bytes)?;
    is_paired.then(|| text.into_owned())
}

#[cfg(test)]
mod tests {
    use exif::experimental::Writer;
    use exif::{Field, Rational};

    use super::*;

    fn noted(fields: &[(Tag, Value)]) -> Notes {
        let fields = fields.iter().map(|(tag, value)| Field { tag: *tag, ifd_num: In::PRIMARY, value: value.clone() });
        let fields = fields.collect::<Vec<_>>();
        let mut writer = Writer::new();
        fields.iter().for_each(|field| writer.push_field(field));
        let mut block = std::io::Cursor::new(vec![]);
        writer.write(&mut block, true).expect("writes");
        let mut notes = Notes::default();
        notes.add_exif(&block.into_inner());
        notes
    }

    fn ratio(num: u32, denom: u32) -> Value {
        Value::Rational(vec![Rational { num, denom }])
    }

    fn dpi(notes: &Notes) -> Option<(f64, f64)> {
        notes.density().map(|density| (density.across_dpi, density.down_dpi))
    }

    fn software(marker: u8, payload: &[u8]) -> Option<String> {
        let mut notes = Notes::default();
        notes.add_segment(marker, payload);
        notes.finish();
        notes.software()
    }

    #[test]
    fn exif_speaks_where_the_format_is_silent() {
        let unit = |unit| (Tag::ResolutionUnit, Value::Short(vec![unit]));
        let exif = |x, y, u| noted(&[(Tag::XResolution, x), (Tag::YResolution, y), unit(u)]);
        assert_eq!(dpi(&exif(ratio(300, 1), ratio(300, 1), 2)), Some((300.0, 300.0)));
        assert_eq!(dpi(&exif(ratio(100, 1), ratio(50, 1), 3)), Some((254.0, 127.0)));
        assert_eq!(dpi(&exif(ratio(300, 1), ratio(300, 1), 1)), None);
        assert_eq!(dpi(&exif(ratio(300, 0), ratio(300, 1), 2)), None);
        assert_eq!(dpi(&noted(&[(Tag::XResolution, ratio(300, 1))])), Some((300.0, 300.0)));
        let jfif = |unit, density| {
            let mut notes = exif(ratio(300, 1), ratio(300, 1), 2);
            notes.add_segment(0xE0, &[b'J', b'F', b'I', b'F', 0, 1, 1, unit, 0, density, 0, density, 0, 0]);
            dpi(&notes).map(|(across, _)| across)
        };
        assert_eq!([jfif(1, 72), jfif(1, 0), jfif(0, 1)], [Some(72.0), Some(300.0), Some(300.0)]);
    }

    #[test]
    fn photoshop_speaks_last() {
        let mut notes = Notes::default();
        notes.add_segment(0xED, b"Photoshop 3.0\08BIM\x04\x04\x03abc\0\0\0\x03xyz\08BIM\x03\xED\0\0\0\0\0\x10");
        notes.add_segment(0xED, b"Photoshop 3.0\0\x01\x2C\0\0\0\x01\0\x01\x01\x2C\0\0\0\x01\0\x01");
        assert_eq!(dpi(&notes), Some((300.0, 300.0)));
    }

    #[test]
    fn editors_are_known_by_their_own_marks_only() {
        let xmp = |tool: &str| software(0xE1, format!("http://ns.adobe.com/xap/1.0/\0<x {tool}>").as_bytes());
        assert_eq!(xmp(r#"xmp:CreatorTool="GIMP 2.10" a="b""#).as_deref(), Some("GIMP 2.10"));
        assert_eq!(xmp("xmp:CreatorTool = 'GIMP 2.10'").as_deref(), Some("GIMP 2.10"));
        assert_eq!(xmp("/><xmp:CreatorTool>Meitu</xmp:CreatorTool").as_deref(), Some("Meitu"));
        assert_eq!(xmp(r#"xmp:Rating="5""#), None);
        let changed = r#"<rdf:li stEvt:softwareAgent="Adobe Photoshop 25.0"/><rdf:li stEvt:softwareAgent="x"/>"#;
        assert_eq!(xmp(changed).as_deref(), Some("Adobe Photoshop 25.0; x"));
        let resource = |number| {
            software(0xED, &[b"Photoshop 3.0\08BIM\x04".as_slice(), &[number], b"\0\0\0\0\0\x02\0\x01"].concat())
        };
        assert_eq!((resource(6).as_deref(), resource(4)), (Some("Adobe Photoshop"), None));
        assert_eq!(software(0xEC, b"Ducky\0\x01\0\x04\0\0\0\x50\0\0").as_deref(), Some("Adobe Photoshop"));
        assert_eq!(software(0xFE, b"Created with GIMP\0").as_deref(), Some("Created with GIMP"));
    }

    #[test]
    fn what_an_artificial_intelligence_made_is_known_by_its_label() {
        let label = |marker: u8, payload: &[u8]| {
            let mut notes = Notes::default();
            notes.add_segment(marker, payload);
            notes.finish();
            notes.ai_label()
        };
        let (chinese, iptc) = (Some(AiLabel::Gb45438), Some(AiLabel::Iptc));
        let json = r#"{"Label":"1","ContentProducer":"001191110102"}"#;
        let xmp = |text: &str| label(0xE1, format!("http://ns.adobe.com/xap/1.0/\0<x {text}>").as_bytes());
        assert_eq!(xmp("xmlns:TC260='http://www.tc260.org.cn/ns/AIGC/1.0/'"), chinese);
        let source = "http://cv.iptc.org/newscodes/digitalsourcetype";
        assert_eq!(xmp(&format!("a='{source}/compositeWithTrainedAlgorithmicMedia'")), iptc);
        assert_eq!(xmp(&format!("a='{source}/digitalCapture'")), None);
        assert_eq!(label(0xEB, format!("JP\0\x01jumb c2pa {source}/trainedAlgorithmicMedia").as_bytes()), iptc);
        assert_eq!(label(0xE1, format!("Exif\0\0ASCII\0\0\0{{\"AIGC\":{json}}}").as_bytes()), chinese);
        assert_eq!((label(0xE5, format!("AIGC{json}").as_bytes()), label(0xE5, b"AIGC")), (chinese, None));
        let mut png = Notes::default();
        png.add_text(format!("AIGC\0{json}").as_bytes());
        png.add_text(b"Software\0GIMP 2.10");
        for written in [AiLabel::Gb45438, AiLabel::Iptc] {
            assert_eq!(label(0xE1, &written.segment()), Some(written));
        }
        assert_eq!((png.ai_label(), png.software().as_deref()), (chinese, Some("GIMP 2.10")));
    }

    #[test]
    fn notes_are_read_in_the_code_page_they_were_written_in() {
        assert_eq!(legible("美图秀秀\0".as_bytes()).as_deref(), Some("美图秀秀"));
        assert_eq!(legible(&GB18030.encode("美图秀秀 6.0").0).as_deref(), Some("美图秀秀 6.0"));
        assert_eq!(legible(b"Adobe\xAE Photoshop\xAE\0rest").as_deref(), Some("Adobe® Photoshop®"));
        assert_eq!(legible(b"\xAEPhotoshop").as_deref(), Some("®Photoshop"));
        assert_eq!((legible(b"  \0"), legible(b"")), (None, None));
    }

    #[test]
    fn one_bad_tag_loses_no_other() {
        // Software and a pointer to GPS facts that leads nowhere.
        let mut block = b"MM\0\x2A\0\0\0\x08\0\x02".to_vec();
        block.extend(b"\x01\x31\0\x02\0\0\0\x04abc\0");
        block.extend(b"\x88\x25\0\x04\0\0\0\x01\xFF\xFF\xFF\x00\0\0\0\0");
        let mut notes = Notes::default();
        notes.add_exif(&block);
        assert_eq!(notes.software().as_deref(), Some("abc"));
    }

    #[test]
    fn a_text_that_would_fill_the_memory_is_not_read() {
        // An orientation, and the name of a program behind which empty lines follow.
        let with_lines = |lines: u32| {
            let mut block = b"MM\0\x2A\0\0\0\x08\0\x02\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\x01\x31\0\x02".to_vec();
            block.extend([lines.to_be_bytes(), 38_u32.to_be_bytes(), [0; 4]].concat());
            block.extend(b"abc");
            block.resize(block.len() + lines as usize, 0);
            let (mut notes, mut tiff) = (Notes::default(), Notes::default());
            tiff.add_tiff(&block);
            for piece in block.chunks(60_000) {
                notes.add_segment(0xE1, &[b"Exif\0\0", piece].concat());
            }
            notes.finish();
            (notes.orientation(), notes.software(), tiff.software())
        };
        let abc = || Some("abc".to_owned());
        assert_eq!(with_lines(100_000), (6, abc(), abc()));
        assert_eq!(with_lines(2_000_000), (6, None, None));
    }

    #[test]
    fn adobe_rgb_is_known_as_cameras_write_it() {
        let of = |space, index: Option<&str>| {
            let index = index.map(|index| (Tag::InteroperabilityIndex, Value::Ascii(vec![index.into()])));
            let space = (Tag::ColorSpace, Value::Short(vec![space]));
            noted(&[space].into_iter().chain(index).collect::<Vec<_>>()).is_adobe_rgb()
        };
        assert!(of(65535, Some("R03")) && of(2, None));
        assert!(!of(65535, Some("R98")) && !of(65535, None) && !of(1, Some("R98")) && !of(1, None));
        let primaries = [64, 33, 21, 71, 15, 6].map(|num| Rational { num, denom: 100 });
        let primaries = (Tag::PrimaryChromaticities, Value::Rational(primaries.to_vec()));
        assert!(noted(&[(Tag::ColorSpace, Value::Short(vec![65535])), primaries]).is_adobe_rgb());
    }
}
