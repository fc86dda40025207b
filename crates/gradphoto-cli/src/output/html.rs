//! The report that people work with: one page, whole without a network, however many photos.
//!
//! The page holds a line of JSON and a small picture for each photo; everything else happens in the browser, which sets
//! names and reasons as text only.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use gradphoto::batch::BATCH_RULES;
use gradphoto::{Language, Photo, Profile, Rule, RuleSettings, Source, Verdict};
use image::codecs::jpeg::JpegEncoder;
use image::imageops::thumbnail;
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use serde_json::{Value, json};

use super::{range, value};
use crate::batch::findings::{Batch, student_words};
use crate::batch::journal;
use crate::line::Line;

const PAGE: &str = include_str!("report/report.html");
const STYLE: &str = include_str!("report/report.css");
const SCRIPT: &str = include_str!("report/report.js");

/// Pictures fit into this many pixels; a page of 10 000 photos stays below 100 MB.
const PICTURE_PX: (u32, u32) = (192, 256);
const PICTURE_QUALITY: u8 = 65;

/// How many photos are read at a time: enough for every core, little memory.
const CHUNK: usize = 64;

/// What the page tells.
pub struct Page<'a> {
    /// The photos, whom they show, and what was found across them.
    pub batch: &'a Batch,
    /// The files of the photos, in the order of the batch.
    pub photos: &'a [PathBuf],
    /// The profile that was applied.
    pub profile: &'a Profile,
    /// The language that the page opens in.
    pub language: Language,
}

impl Page<'_> {
    /// Writes the page over the finished report in `folder`.
    ///
    /// # Errors
    /// When the report cannot be read or `out` not written.
    pub fn write(&self, folder: &Path, out: impl Write) -> anyhow::Result<()> {
        let mut out = BufWriter::new(out);
        let mut sizes = Vec::new();
        let mut rest = PAGE;
        while let Some((before, (name, after))) =
            rest.split_once("{{").and_then(|(b, r)| Some((b, r.split_once("}}")?)))
        {
            out.write_all(before.as_bytes())?;
            match name {
                "style" => out.write_all(STYLE.as_bytes())?,
                "script" => out.write_all(SCRIPT.as_bytes())?,
                "pictures" => sizes = write_pictures(self.photos, &mut out)?,
                "records" => self.write_records(folder, &sizes, &mut out)?,
                _ => write_json(&self.meta(folder), &mut out)?,
            }
            rest = after;
        }
        out.write_all(rest.as_bytes())?;
        Ok(out.flush()?)
    }

    fn meta(&self, folder: &Path) -> Value {
        let both = |text: &dyn Fn(Language) -> String| json!({"zh": text(Language::Zh), "en": text(Language::En)});
        let rules = self.profile.rules().iter().map(|(rule, settings): &(&Rule, RuleSettings)| {
            json!({
                "id": rule.id,
                "name": both(&|language| rule.name.get(language).to_owned()),
                "clause": rule.clause,
                "severity": settings.severity,
                "limit": both(&|language| range(&settings.review, rule.unit, language)),
            })
        });
        let standard = self.profile.standard();
        let subtitle = format!("{} · {} {}", self.profile.name(), standard.title, standard.number);
        json!({
            "language": match self.language { Language::Zh => "zh", Language::En => "en" },
            // Decisions are kept in the browser under this name.
            "report": folder.display().to_string(),
            "subtitle": both(&|_| subtitle.clone()),
            "rules": rules.collect::<Vec<_>>(),
            "roster": self.lists(),
        })
    }

    /// What was found across photos, a list for each batch rule that found something.
    fn lists(&self) -> Vec<Value> {
        let list = |rule: &gradphoto::batch::BatchRule| {
            let findings = self.batch.findings.iter().filter(|finding| finding.rule.id == rule.id);
            let row = |finding: &crate::batch::findings::Finding| {
                let photos = finding.photos.iter().map(|photo| self.batch.photos[*photo].name.as_str());
                let photos = photos.collect::<Vec<_>>().join("  ");
                format!("{} {photos}", finding.reason.get(self.language)).trim_end().to_owned()
            };
            let rows = findings.map(row).collect::<Vec<_>>();
            (!rows.is_empty()).then(|| json!({"title": {"zh": rule.name.zh, "en": rule.name.en}, "rows": rows}))
        };
        BATCH_RULES.iter().filter_map(|rule| list(rule)).collect()
    }

    fn write_records(&self, folder: &Path, sizes: &[Option<(u32, u32)>], out: &mut impl Write) -> anyhow::Result<()> {
        for (place, (line, size)) in journal::lines(folder)?.zip(sizes).enumerate() {
            write_json(&self.record(place, &line?, *size), out)?;
            out.write_all(b"\n")?;
        }
        Ok(())
    }

    fn record(&self, place: usize, line: &Line, size: Option<(u32, u32)>) -> Value {
        let photo = &self.batch.photos[place];
        let parts = [&photo.place.department, &photo.place.major, &photo.place.class];
        let parts = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
        let student = photo.student.and_then(|student| self.batch.student(student)).map(student_words);
        let report = match line {
            Line::Report(report) => report,
            Line::Failure(failure) => {
                let message = &failure.error.message;
                return json!({"photo": photo.name, "verdict": "unread", "place": parts, "student": student,
                    "error": {"zh": message, "en": message}, "values": [], "found": []});
            }
        };
        let rules = self.profile.rules();
        let values =
            rules.iter().map(|(rule, _)| Some(value(report.finding(rule.id)?.value?, rule.unit, self.language)));
        let found = rules.iter().enumerate().filter_map(|(index, (rule, _))| {
            let found = report.finding(rule.id).filter(|finding| finding.verdict != Verdict::Pass)?;
            Some(json!([index, found.verdict, found.reason.zh, found.reason.en, found.region]))
        });
        json!({
            "photo": photo.name,
            "sha256": report.sha256,
            "verdict": report.verdict,
            "place": parts,
            "student": student,
            "size": size,
            "values": values.collect::<Vec<_>>(),
            "found": found.collect::<Vec<_>>(),
        })
    }
}

/// Writes a line of base64 for each photo, empty where it cannot be read, and gives the photos' sizes in pixels.
fn write_pictures(photos: &[PathBuf], out: &mut impl Write) -> io::Result<Vec<Option<(u32, u32)>>> {
    let mut sizes = Vec::new();
    for chunk in photos.chunks(CHUNK) {
        for made in chunk.par_iter().map(|photo| picture(photo)).collect::<Vec<_>>() {
            let (size, base64) = made.unzip();
            sizes.push(size);
            writeln!(out, "{}", base64.unwrap_or_default())?;
        }
    }
    Ok(sizes)
}

/// Size of the photo and a small JPEG of it in base64; `None` where it cannot be read.
fn picture(photo: &Path) -> Option<((u32, u32), String)> {
    let photo = Photo::load(Source::from(photo)).ok()?;
    let (width, height) = (photo.width_px(), photo.height_px());
    let scale = (f64::from(PICTURE_PX.0) / f64::from(width)).min(f64::from(PICTURE_PX.1) / f64::from(height)).min(1.0);
    let side = |length: u32| ((f64::from(length) * scale) as u32).max(1);
    let small = thumbnail(photo.pixels(), side(width), side(height));
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, PICTURE_QUALITY).encode_image(&small).ok()?;
    Some(((width, height), BASE64_STANDARD.encode(jpeg)))
}

/// JSON that may stand inside a script element: no `<`, so nothing in it can end the element.
fn write_json(json: &Value, out: &mut impl Write) -> io::Result<()> {
    out.write_all(json.to_string().replace('<', "\\u003c").as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_has_a_place_for_everything_and_no_line_that_ends_a_script_early() {
        for name in ["{{style}}", "{{pictures}}", "{{records}}", "{{meta}}", "{{script}}"] {
            assert_eq!(PAGE.matches(name).count(), 1, "{name}");
        }
        assert!(!SCRIPT.contains("</script") && !STYLE.contains("</style"));
    }

    #[test]
    fn a_hostile_name_cannot_end_the_script() {
        let mut out = Vec::new();
        write_json(&json!({"photo": "</script><script>alert(1)</script>"}), &mut out).unwrap();
        assert!(!String::from_utf8(out).unwrap().contains('<'));
    }
}
