//! When a photo was taken, as the camera noted it.

use std::fmt;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::Path;

use exif::{DateTime, In, Tag, Value};

use super::quiet::caught;
use super::{FileFormat, MAX_FILE_BYTES, notes, png, still};

/// Date and time by the camera's clock, without its time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Taken {
    year: u16,
    month: u8,
    day: u8,
    hour: u8,
    minute: u8,
    second: u8,
    millisecond: u16,
}

impl Taken {
    /// Reads EXIF of a file, DateTimeOriginal before DateTimeDigitized; `None` where it has neither, cannot be read or is larger
    /// than [`MAX_FILE_BYTES`]. Of JPEG only the head is read.
    pub fn of(photo: &Path) -> Option<Taken> {
        // A pipe would be waited for, and most formats are read whole.
        let found = fs::metadata(photo).ok()?;
        let file = (found.is_file() && found.len() <= MAX_FILE_BYTES).then(|| File::open(photo))?.ok()?;
        Taken::read(&mut BufReader::new(file))
    }

    fn read(file: &mut impl BufRead) -> Option<Taken> {
        let exif = notes::parsed(&exif_block(file)?)?;
        let ascii = |tag| match &exif.get_field(tag, In::PRIMARY)?.value {
            Value::Ascii(lines) => lines.first().cloned(),
            _ => None,
        };
        let noted = |time, fraction| {
            let mut noted = DateTime::from_ascii(&ascii(time)?).ok()?;
            // A fraction that cannot be read loses no second.
            let _ = ascii(fraction).map(|fraction| noted.parse_subsec(&fraction));
            Taken::new(&noted)
        };
        noted(Tag::DateTimeOriginal, Tag::SubSecTimeOriginal)
            .or_else(|| noted(Tag::DateTimeDigitized, Tag::SubSecTimeDigitized))
    }

    /// `None` for what is no date, such as a clock that was never set.
    fn new(noted: &DateTime) -> Option<Taken> {
        let DateTime { year, month, day, hour, minute, second, nanosecond, .. } = *noted;
        let is_date = year >= 1990 && (1..=12).contains(&month) && (1..=31).contains(&day);
        let is_time = hour < 24 && minute < 60 && second < 61;
        let millisecond = (nanosecond.unwrap_or(0) / 1_000_000) as u16;
        (is_date && is_time).then_some(Taken { year, month, day, hour, minute, second, millisecond })
    }

    /// As a table can hold it, 20260501-083000.250: what looks more like a date, spreadsheets write anew and round to minutes.
    pub fn stamp(self) -> String {
        let Taken { year, month, day, hour, minute, second, millisecond } = self;
        let fraction = if millisecond > 0 { format!(".{millisecond:03}") } else { String::new() };
        format!("{year:04}{month:02}{day:02}-{hour:02}{minute:02}{second:02}{fraction}")
    }

    /// A time from its [`stamp`](Taken::stamp); `None` for whatever else a table holds.
    pub fn of_stamp(text: &str) -> Option<Taken> {
        let (time, fraction) = text.split_once('.').unwrap_or((text, "0"));
        let (day, hour) = time.split_once('-').filter(|(day, hour)| day.len() == 8 && hour.len() == 6)?;
        let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse::<u32>().ok()).flatten();
        let (day, hour, millisecond) = (digits(day)?, digits(hour)?, digits(fraction)?);
        let pair = |number: u32| (number % 100) as u8;
        Taken::new(&DateTime {
            year: (day / 10_000) as u16,
            month: pair(day / 100),
            day: pair(day),
            hour: pair(hour / 10_000),
            minute: pair(hour / 100),
            second: pair(hour),
            nanosecond: Some(millisecond.min(999) * 1_000_000),
            offset: None,
        })
    }

    /// A time as EXIF writes it, such as `2026:05:01 08:30:00`.
    #[cfg(test)]
    pub(crate) fn noted(exif: &str) -> Taken {
        Taken::new(&DateTime::from_ascii(exif.as_bytes()).expect("a time")).expect("a date")
    }

    /// Year and month.
    pub fn month(self) -> (u16, u8) {
        (self.year, self.month)
    }

    /// Seconds since the first of March of year 0, for lengths of time.
    pub fn seconds(self) -> f64 {
        let days = days(self.year.into(), self.month.into(), self.day.into());
        let hours = days * 24 + i64::from(self.hour);
        let seconds = (hours * 60 + i64::from(self.minute)) * 60 + i64::from(self.second);
        seconds as f64 + f64::from(self.millisecond) / 1e3
    }
}

/// Days since the first of March of year 0, which was a Wednesday; month 13 is January of the year after.
pub(crate) fn days(year: u32, month: u32, day: u32) -> i64 {
    let [year, month, day] = [year, month, day].map(i64::from);
    // Months from March on, so that the day of leap years comes last.
    let (year, month) = if month < 3 { (year - 1, month + 9) } else { (year, month - 3) };
    365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1
}

/// EXIF as it stands in a file.
fn exif_block(file: &mut impl BufRead) -> Option<Vec<u8>> {
    if FileFormat::of(file.fill_buf().ok()?) == Some(FileFormat::Jpeg) {
        return caught(|| exif::get_exif_attr_from_jpeg(file).ok())?;
    }
    let mut bytes = vec![];
    file.read_to_end(&mut bytes).ok()?;
    match FileFormat::of(&bytes) {
        Some(FileFormat::Png) => png::exif(&bytes).map(<[u8]>::to_vec),
        Some(FileFormat::WebP) => still::exif(FileFormat::WebP, &bytes),
        _ if bytes.starts_with(b"II*\0") || bytes.starts_with(b"MM\0*") => Some(bytes),
        // As HEIC has it.
        _ => {
            let mark = b"Exif\0\0";
            let at = bytes.windows(mark.len()).position(|window| window == mark)?;
            Some(bytes.split_off(at + mark.len()))
        }
    }
}

impl fmt::Display for Taken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Taken { year, month, day, hour, minute, second, .. } = self;
        write!(f, "{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use exif::Field;
    use exif::experimental::Writer;
    use image::codecs::webp::WebPEncoder;
    use image::{ExtendedColorType, ImageEncoder};

    use super::*;
    use crate::testing::{FileBuilder, insert_segment};

    fn taken(fields: &[(Tag, &str)]) -> Option<Taken> {
        Taken::read(&mut Cursor::new(tiff(fields)))
    }

    fn tiff(fields: &[(Tag, &str)]) -> Vec<u8> {
        let fields = fields.iter().map(|(tag, text)| Field {
            tag: *tag,
            ifd_num: In::PRIMARY,
            value: Value::Ascii(vec![text.as_bytes().to_vec()]),
        });
        let fields = fields.collect::<Vec<_>>();
        let mut writer = Writer::new();
        fields.iter().for_each(|field| writer.push_field(field));
        let mut tiff = Cursor::new(vec![]);
        writer.write(&mut tiff, true).expect("writes");
        tiff.into_inner()
    }

    #[test]
    fn a_stamp_is_read_back_and_nothing_else_is() {
        for (exif, stamp) in [("2026:05:20 09:00:07", "20260520-090007"), ("1999:12:31 23:59:59", "19991231-235959")] {
            assert_eq!(
                (Taken::noted(exif).stamp().as_str(), Taken::of_stamp(stamp)),
                (stamp, Some(Taken::noted(exif)))
            );
        }
        let fine = Taken { millisecond: 250, ..Taken::noted("2026:05:20 09:00:07") };
        assert_eq!((fine.stamp().as_str(), Taken::of_stamp(&fine.stamp())), ("20260520-090007.250", Some(fine)));
        for other in ["", "2026/5/20 9:00", "2026:05:20 09:00:07", "20260520", "20261320-090007", "2026052x-090007"] {
            assert_eq!(Taken::of_stamp(other), None, "{other}");
        }
    }

    #[test]
    fn a_file_too_large_to_be_looked_at_is_not_read_for_its_time() {
        let path = std::env::temp_dir().join(format!("gradphoto-taken-{}.tif", std::process::id()));
        fs::write(&path, tiff(&[(Tag::DateTimeOriginal, "2025:04:12 08:30:05")])).expect("writes");
        let of_size = |bytes: u64| {
            File::options().write(true).open(&path).and_then(|file| file.set_len(bytes)).expect("grows");
            Taken::of(&path)
        };
        assert!(of_size(1 << 20).is_some());
        assert_eq!(of_size(MAX_FILE_BYTES + 1), None);
        fs::remove_file(&path).expect("removes");
    }

    #[test]
    fn the_time_is_found_in_every_container() {
        let block = tiff(&[(Tag::DateTimeOriginal, "2025:04:12 08:30:05")]);
        let length = (block.len() as u32).to_be_bytes();
        let png = [b"\x89PNG\r\n\x1a\n\0\0\0\0IDATcrc.".as_slice(), &length, b"eXIf", &block, b"crc."].concat();
        let mut webp = vec![];
        let mut encoder = WebPEncoder::new_lossless(&mut webp);
        encoder.set_exif_metadata(block.clone()).expect("has EXIF");
        encoder.encode(&[0; 3], 1, 1, ExtendedColorType::Rgb8).expect("encodes");
        let heic = [b"\0\0\0\x18ftypheic\0\0\0\0mif1heic\0\0\0\x06Exif\0\0".as_slice(), &block].concat();
        let mut jpeg = FileBuilder::jpeg().build();
        insert_segment(&mut jpeg, 0xE1, &[b"Exif\0\0", block.as_slice()].concat());
        for (name, file) in [("PNG", png), ("WebP", webp), ("HEIC", heic), ("JPEG", jpeg), ("TIFF", block.clone())] {
            let taken = Taken::read(&mut Cursor::new(&file)).map(|taken| taken.to_string());
            assert_eq!(taken.as_deref(), Some("2025-04-12 08:30:05"), "{name}");
            assert_eq!(Taken::read(&mut Cursor::new(&file[..20.min(file.len())])), None, "{name}");
        }
    }

    #[test]
    fn the_time_of_the_shot_goes_before_that_of_the_scan() {
        let (original, digitized) = ("2025:04:12 08:30:05", "2025:05:01 00:00:00");
        let both = [(Tag::DateTimeOriginal, original), (Tag::DateTimeDigitized, digitized)];
        assert_eq!(taken(&both).expect("a time").to_string(), "2025-04-12 08:30:05");
        assert_eq!(taken(&both[1..]).expect("a time").month(), (2025, 5));
        for nothing in ["0000:00:00 00:00:00", "    :  :     :  :  ", "2025:13:01 00:00:00"] {
            assert_eq!(taken(&[(Tag::DateTimeOriginal, nothing)]), None, "{nothing}");
        }
    }

    #[test]
    fn seconds_tell_lengths_of_time_across_days_and_leap_years() {
        let at = |time: &str, fraction: &str| {
            taken(&[(Tag::DateTimeOriginal, time), (Tag::SubSecTimeOriginal, fraction)]).expect("a time").seconds()
        };
        assert_eq!(at("2024:03:01 00:00:00", "5") - at("2024:02:28 23:59:59", "0"), 86_401.5);
        assert_eq!(at("2025:01:01 00:00:00", "0") - at("2024:12:31 00:00:00", "0"), 86_400.0);
        assert_eq!(at("2026:01:01 00:00:00", "0") - at("2025:01:01 00:00:00", "0"), 365.0 * 86_400.0);
    }
}
