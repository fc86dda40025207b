//! The report that people work with: one page, whole without a network, however many photos.
//!
//! The page holds a line of JSON and a small picture for each photo; everything else happens in the browser, which sets
//! names and reasons as text only.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::Path;

use anyhow::Context;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use gradphoto::{Language, Photo, Profile, Rule, RuleSettings, Source};
use image::codecs::jpeg::JpegEncoder;
use image::imageops::thumbnail;
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{range, value};

const PAGE: &str = include_str!("report/report.html");
const STYLE: &str = include_str!("report/report.css");
const SCRIPT: &str = include_str!("report/report.js");

/// Pictures fit into this many pixels; a page of 10 000 photos stays below 100 MB.
const PICTURE_PX: (u32, u32) = (192, 256);
const PICTURE_QUALITY: u8 = 65;

/// How many photos are read at a time: enough for every core, little memory.
const CHUNK: usize = 64;

/// What the page tells beside the photos' own results.
pub struct Page<'a> {
    /// The profile that was applied.
    pub profile: &'a Profile,
    /// The language that the page opens in.
    pub language: Language,
    /// Whom a photo shows, as far as a roster or folders tell.
    pub person: &'a dyn Fn(&str) -> Person,
    /// What was found across photos.
    pub lists: &'a [List],
}

/// Where a photo belongs.
#[derive(Default)]
pub struct Person {
    /// Department, major, class, or the folders that stand for them.
    pub place: Vec<String>,
    /// Name and number, masked where they must be.
    pub student: Option<String>,
}

/// Something found across photos, such as students without a photo.
#[derive(Serialize)]
pub struct List {
    /// What the rows are, in Chinese and English.
    pub title: Words,
    /// A row each.
    pub rows: Vec<String>,
}

/// The same in both languages.
#[derive(Clone, Deserialize, Serialize)]
pub struct Words {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Page<'_> {
    /// Writes the page over the lines of `reports`, a finished report.jsonl.
    ///
    /// # Errors
    /// When `reports` cannot be read or `out` not written.
    pub fn write(&self, reports: &Path, out: impl Write) -> anyhow::Result<()> {
        let mut out = BufWriter::new(out);
        let mut sizes = Vec::new();
        let mut rest = PAGE;
        while let Some((before, (name, after))) = rest.split_once("{{").and_then(|(b, r)| Some((b, r.split_once("}}")?))) {
            out.write_all(before.as_bytes())?;
            match name {
                "style" => out.write_all(STYLE.as_bytes())?,
                "script" => out.write_all(SCRIPT.as_bytes())?,
                "pictures" => sizes = write_pictures(reports, &mut out)?,
                "records" => self.write_records(reports, &sizes, &mut out)?,
                _ => write_json(&self.meta(reports), &mut out)?,
            }
            rest = after;
        }
        out.write_all(rest.as_bytes())?;
        Ok(out.flush()?)
    }

    fn meta(&self, reports: &Path) -> serde_json::Value {
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
            "report": reports.display().to_string(),
            "subtitle": both(&|_| subtitle.clone()),
            "rules": rules.collect::<Vec<_>>(),
            "roster": self.lists,
        })
    }

    fn write_records(&self, reports: &Path, sizes: &[Option<(u32, u32)>], out: &mut impl Write) -> anyhow::Result<()> {
        for (line, size) in lines(reports)?.zip(sizes) {
            write_json(&self.record(&line?, *size), out)?;
            out.write_all(b"\n")?;
        }
        Ok(())
    }

    fn record(&self, line: &Line, size: Option<(u32, u32)>) -> serde_json::Value {
        let Person { place, student } = (self.person)(&line.photo);
        if let Some(error) = &line.error {
            let reason = Words { zh: error.message.clone(), en: error.message.clone() };
            return json!({"photo": line.photo, "verdict": "unread", "place": place, "student": student,
                "error": reason, "values": [], "found": []});
        }
        let rules = self.profile.rules();
        let finding = |rule: &Rule| line.findings.iter().find(|finding| finding.rule == rule.id);
        let values = rules.iter().map(|(rule, _)| Some(value(finding(rule)?.value?, rule.unit, self.language)));
        let found = rules.iter().enumerate().filter_map(|(index, (rule, _))| {
            let found = finding(rule).filter(|finding| finding.verdict != "pass")?;
            Some(json!([index, found.verdict, found.reason.zh, found.reason.en, found.region]))
        });
        json!({
            "photo": line.photo,
            "sha256": line.sha256,
            "verdict": line.verdict,
            "place": place,
            "student": student,
            "size": size,
            "values": values.collect::<Vec<_>>(),
            "found": found.collect::<Vec<_>>(),
        })
    }
}

/// A line of report.jsonl, as far as the page shows it.
#[derive(Deserialize)]
struct Line {
    photo: String,
    verdict: Option<String>,
    sha256: Option<String>,
    #[serde(default)]
    findings: Vec<Found>,
    error: Option<Cause>,
}

#[derive(Deserialize)]
struct Found {
    rule: String,
    verdict: String,
    value: Option<f64>,
    reason: Words,
    region: Option<[f64; 4]>,
}

#[derive(Deserialize)]
struct Cause {
    message: String,
}

fn lines(reports: &Path) -> anyhow::Result<impl Iterator<Item = anyhow::Result<Line>>> {
    let cannot_read = || format!("cannot read {}", reports.display());
    let file = File::open(reports).with_context(cannot_read)?;
    Ok(BufReader::new(file).lines().map(move |line| Ok(serde_json::from_str(&line?)?)))
}

/// Writes a line of base64 for each photo, empty where it cannot be read, and gives the photos' sizes in pixels.
fn write_pictures(reports: &Path, out: &mut impl Write) -> anyhow::Result<Vec<Option<(u32, u32)>>> {
    let mut names = lines(reports)?.map(|line| line.map(|line| line.photo));
    let mut sizes = Vec::new();
    loop {
        let chunk = names.by_ref().take(CHUNK).collect::<anyhow::Result<Vec<_>>>()?;
        if chunk.is_empty() {
            return Ok(sizes);
        }
        for made in chunk.par_iter().map(|name| picture(name)).collect::<Vec<_>>() {
            let (size, base64) = made.unzip();
            sizes.push(size);
            writeln!(out, "{}", base64.unwrap_or_default())?;
        }
    }
}

/// Size of the photo and a small JPEG of it in base64; `None` where it cannot be read.
fn picture(name: &str) -> Option<((u32, u32), String)> {
    let photo = Photo::load(Source::from(Path::new(name))).ok()?;
    let (width, height) = (photo.width_px(), photo.height_px());
    let scale = (f64::from(PICTURE_PX.0) / f64::from(width)).min(f64::from(PICTURE_PX.1) / f64::from(height)).min(1.0);
    let side = |length: u32| ((f64::from(length) * scale) as u32).max(1);
    let small = thumbnail(photo.pixels(), side(width), side(height));
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, PICTURE_QUALITY).encode_image(&small).ok()?;
    Some(((width, height), BASE64_STANDARD.encode(jpeg)))
}

/// JSON that may stand inside a script element: no `<`, so nothing in it can end the element.
fn write_json(json: &serde_json::Value, out: &mut impl Write) -> io::Result<()> {
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
