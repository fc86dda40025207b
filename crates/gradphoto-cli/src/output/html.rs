//! report.html: one page, whole without a network, however many photos; here people look through the photos and decide.
//!
//! The page holds a line of JSON and a small picture for each photo; everything else happens in the browser, which sets
//! names and reasons as text only. Numbers of identity documents are shortened wherever they stand.

use std::io::{self, Write};
use std::path::{Component, Path, PathBuf};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use gradphoto::batch::{
    BATCH_RULES, BatchFinding, BatchPhoto, Decided, Field, Outcome, Reading, Student, without_id_numbers,
};
use gradphoto::{BatchReport, Language, Profile};
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use serde_json::{Value, json};

use super::thumbnail::Thumbnail;
use super::{range, value};
use crate::line::Line;

const PAGE: &str = include_str!("report/report.html");
const STYLE: &str = include_str!("report/report.css");
const SCRIPT: &str = include_str!("report/report.js");

/// Pictures of a few photos are large enough to judge by; those of a whole school keep the page below 100 MB.
const LARGE_PICTURE_PX: (u32, u32) = (360, 480);
const LARGE_PICTURES: usize = 1000;
const SMALL_PICTURE_PX: (u32, u32) = (150, 200);
const PICTURE_QUALITY: u8 = 65;

/// How many photos are read at a time: enough for every core, little memory.
const CHUNK: usize = 64;

/// The page while it is written.
pub struct Html<'a, W: Write> {
    out: W,
    /// What comes behind the photos.
    rest: &'static str,
    batch: &'a BatchReport,
    profile: &'a Profile,
    language: Language,
    /// Folder that holds the output folder: photos below it are found from the page wherever both are carried.
    home: Option<PathBuf>,
    photos: &'a [PathBuf],
    sizes: Vec<Option<(u32, u32)>>,
}

impl<'a, W: Write> Html<'a, W> {
    /// Begins the page for an output folder and writes the pictures of `photos`.
    pub fn new(
        out: W,
        folder: &Path,
        photos: &'a [PathBuf],
        batch: &'a BatchReport,
        profile: &'a Profile,
        language: Language,
    ) -> anyhow::Result<Html<'a, W>> {
        let home = std::path::absolute(folder).ok().and_then(|folder| Some(folder.parent()?.to_owned()));
        let mut page = Html { out, rest: PAGE, batch, profile, language, home, photos, sizes: Vec::new() };
        page.up_to("style")?;
        page.out.write_all(STYLE.as_bytes())?;
        page.up_to("pictures")?;
        page.pictures(photos)?;
        page.up_to("records")?;
        Ok(page)
    }

    /// Writes the photo at `place` of the batch.
    pub fn photo(&mut self, place: usize, line: &Line, notes: &[&BatchFinding]) -> anyhow::Result<()> {
        let record = self.record(place, line, notes);
        write_json(record, &mut self.out)?;
        Ok(self.out.write_all(b"\n")?)
    }

    /// Ends the page.
    pub fn finish(mut self) -> anyhow::Result<()> {
        self.up_to("meta")?;
        write_json(self.meta(), &mut self.out)?;
        self.up_to("script")?;
        self.out.write_all(SCRIPT.as_bytes())?;
        self.out.write_all(self.rest.as_bytes())?;
        Ok(self.out.flush()?)
    }

    /// Writes the page up to the place of this name.
    fn up_to(&mut self, name: &str) -> io::Result<()> {
        let (before, after) = self.rest.split_once(&format!("{{{{{name}}}}}")).unwrap_or((self.rest, ""));
        self.rest = after;
        self.out.write_all(before.as_bytes())
    }

    /// Writes a line of base64 for each photo, empty where it cannot be read.
    fn pictures(&mut self, photos: &[PathBuf]) -> io::Result<()> {
        let fit_px = if photos.len() > LARGE_PICTURES { SMALL_PICTURE_PX } else { LARGE_PICTURE_PX };
        for chunk in photos.chunks(CHUNK) {
            let small = |photo: &PathBuf| {
                let Thumbnail { photo_px, jpeg } = Thumbnail::of(photo, fit_px, PICTURE_QUALITY)?;
                Some((photo_px, BASE64_STANDARD.encode(jpeg)))
            };
            for made in chunk.par_iter().map(small).collect::<Vec<_>>() {
                let (size, base64) = made.unzip();
                self.sizes.push(size);
                writeln!(self.out, "{}", base64.unwrap_or_default())?;
            }
        }
        Ok(())
    }

    fn record(&self, place: usize, line: &Line, notes: &[&BatchFinding]) -> Value {
        let photo = &self.batch.photos()[place];
        let student = self.batch.student_of(photo);
        let belongs = self.batch.place_of(photo);
        let belongs = [belongs.department, belongs.major, belongs.class];
        let candidates = photo.candidates().iter().filter_map(|place| self.batch.students().get(*place));
        let candidates = candidates.map(|student| json!([student.key(), student.words()]));
        let notes = notes.iter().map(|note| {
            let rule = BATCH_RULES.iter().position(|rule| rule.id == note.rule().id);
            json!([rule, note.reason().zh, note.reason().en])
        });
        let mut record = json!({
            "photo": photo.name(),
            "sha256": photo.sha256(),
            "verdict": match photo.outcome() {
                Outcome::Pass => "pass",
                Outcome::Fail => "fail",
                Outcome::Review => "review",
                Outcome::Unreadable => "unread",
            },
            "place": belongs.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>(),
            "student": photo.student(),
            "who": student.map(Student::words),
            "link": self.photos.get(place).and_then(|photo| self.link(photo)),
            "size": self.sizes.get(place),
            "notes": notes.collect::<Vec<_>>(),
            "key": student.map(Student::key),
            "candidates": candidates.collect::<Vec<_>>(),
            "overridable": photo.outcome() == Outcome::Fail && photo.is_overridable(),
            "aside": photo.is_set_aside(),
            "displaced": photo.is_displaced(),
            "decided": photo.decided().map(|decided| json!([decided.decision, decided.note, self.assigned(photo, decided)])),
        });
        match line {
            Line::Report(report) => {
                let rules = self.profile.rules();
                let values = rules
                    .iter()
                    .map(|(rule, _)| Some(value(report.finding(rule.id)?.value()?, rule.unit, self.language)));
                let found = rules.iter().enumerate().filter_map(|(index, (rule, _))| {
                    let finding = report.finding(rule.id)?;
                    let mark = finding.mark()?.word().en.replace(' ', "-");
                    let [zh, en] = [Language::Zh, Language::En].map(|language| finding.reason(language));
                    Some(json!([index, mark, zh, en, finding.region(), finding.name()]))
                });
                record["values"] = values.collect();
                record["found"] = found.collect();
            }
            Line::Failure(failure) => {
                record["error"] = json!({"zh": failure.error.message, "en": failure.error.message});
            }
        }
        record
    }

    /// The student whom a person named for a photo that its name gives to nobody, or to somebody else.
    fn assigned<'d>(&self, photo: &BatchPhoto, decided: &'d Decided) -> Option<&'d str> {
        (photo.is_assigned() && !decided.student.is_empty()).then_some(decided.student.as_str())
    }

    /// Where the photo lies as the page sees it; `None` for one outside the folder that both lie in.
    fn link(&self, photo: &Path) -> Option<String> {
        let photo = std::path::absolute(photo).ok()?;
        let below = photo.strip_prefix(self.home.as_deref()?).ok()?;
        // By its bytes: a name that is no UTF-8 leads to its file as well.
        let names = below.components().map(|part| match part {
            Component::Normal(name) => Some(url_encoded(name.as_encoded_bytes())),
            _ => None,
        });
        Some(format!("../{}", names.collect::<Option<Vec<_>>>()?.join("/")))
    }

    fn meta(&self) -> Value {
        let both = |text: &dyn Fn(Language) -> String| json!({"zh": text(Language::Zh), "en": text(Language::En)});
        let rules = self.profile.rules().iter().map(|(rule, settings)| {
            json!({
                "id": rule.id,
                "name": both(&|language| rule.name.get(language).to_owned()),
                "clause": rule.clause,
                "severity": settings.severity,
                "figure": rule.unit.is_figure(),
                "limit": both(&|language| range(&settings.review, rule.unit, language)),
            })
        });
        let across = BATCH_RULES.iter().map(|rule| {
            json!({"id": rule.id, "name": both(&|language| rule.name.get(language).to_owned()), "clause": rule.clause})
        });
        let findings = self.batch.findings().iter().map(|finding| {
            let (kind, photos, reason) = (finding.kind(), finding.photos(), finding.reason());
            json!({"rule": finding.rule().id, "kind": kind, "photos": photos, "reason": reason})
        });
        let students = self.batch.students().iter().map(|student| student.get(Field::Department));
        let standard = self.profile.standard();
        json!({
            "language": match self.language { Language::Zh => "zh", Language::En => "en" },
            "profile": self.profile.name(),
            "subtitle": format!("{} · {} {}", self.profile.name(), standard.title, standard.number),
            "rules": rules.collect::<Vec<_>>(),
            "across": across.collect::<Vec<_>>(),
            "findings": findings.collect::<Vec<_>>(),
            // Each student's department; who it is stands nowhere unless something is to be done.
            "students": students.collect::<Vec<_>>(),
            "unused": self.batch.unused_decisions(),
            "roster": self.batch.roster().is_some(),
            "reading": self.batch.reading().map(Reading::lines).unwrap_or_default(),
        })
    }
}

/// A part of an address: everything but letters, digits and a few marks as bytes.
fn url_encoded(name: &[u8]) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    let encoded = |byte: &u8| if is_plain(*byte) { char::from(*byte).into() } else { format!("%{byte:02X}") };
    name.iter().map(encoded).collect()
}

/// JSON that may stand inside a script element: no `<`, so nothing in it can end the element.
fn write_json(json: Value, out: &mut impl Write) -> io::Result<()> {
    out.write_all(shortened(json).to_string().replace('<', "\\u003c").as_bytes())
}

/// Every text without numbers of identity documents; a hash is none, whatever its digits.
fn shortened(json: Value) -> Value {
    match json {
        Value::String(text) => without_id_numbers(&text).into(),
        Value::Array(values) => values.into_iter().map(shortened).collect(),
        Value::Object(fields) => {
            let shown = |(name, value): (String, Value)| {
                let value = if name == "sha256" { value } else { shortened(value) };
                (name, value)
            };
            fields.into_iter().map(shown).collect()
        }
        json => json,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_has_its_places_in_order_and_nothing_that_ends_a_script_early() {
        let places = ["{{style}}", "{{pictures}}", "{{records}}", "{{meta}}", "{{script}}"];
        let found = places.map(|name| PAGE.find(name).unwrap_or_else(|| panic!("{name}")));
        assert!(found.is_sorted());
        assert_eq!(PAGE.matches("{{").count(), places.len());
        assert!(!SCRIPT.contains("</script") && !STYLE.contains("</style"));
    }

    #[test]
    fn a_hostile_name_cannot_end_the_script() {
        let mut out = Vec::new();
        write_json(json!({"photo": "</script><script>alert(1)</script>"}), &mut out).unwrap();
        assert!(!String::from_utf8(out).unwrap().contains('<'));
    }

    #[test]
    fn a_hash_is_no_number_of_a_document() {
        let number = "430102200001011234";
        let shown = shortened(json!({"sha256": number, "photo": number}));
        assert_eq!(shown, json!({"sha256": number, "photo": "4301**********1234"}));
    }

    #[test]
    fn addresses_take_any_name() {
        assert_eq!(url_encoded("#1 张?.jpg".as_bytes()), "%231%20%E5%BC%A0%3F.jpg");
    }
}
