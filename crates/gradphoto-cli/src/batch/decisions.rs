//! What people decided of photos that need a look: the CSV that report.html exports and `--decisions` reads back.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};
use gradphoto::{Language, Reason};
use serde::Serialize;

use super::findings::{Batch, Status};
use super::masking::without_id_numbers;
use super::roster::decoded;

/// Heads of the file.
const HEADS: [&str; 4] = ["photo", "sha256", "decision", "note"];

/// What a person says of a photo that the rules leave open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    /// It may be used.
    Accept,
    /// It must be shot again.
    Reject,
}

impl Decision {
    /// The word for it.
    pub fn word(self, language: Language) -> &'static str {
        match (self, language) {
            (Decision::Accept, Language::Zh) => "人工通过",
            (Decision::Reject, Language::Zh) => "人工退回",
            (Decision::Accept, Language::En) => "accepted",
            (Decision::Reject, Language::En) => "rejected",
        }
    }
}

/// What a person wrote about one photo.
#[derive(Clone, Debug, Serialize)]
pub struct Decided {
    /// Name of the photo, as the report shows it.
    pub photo: String,
    /// Hash of the photo that the person saw; empty where it could not be read.
    #[serde(skip)]
    pub sha256: String,
    /// `None` for a note alone.
    pub decision: Option<Decision>,
    /// Anything; may be empty.
    pub note: String,
}

/// A decision that does not count, and why.
#[derive(Clone, Debug, Serialize)]
pub struct Unused {
    /// Name of the photo, as the file has it.
    pub photo: String,
    /// What kind of it, for programs.
    pub kind: &'static str,
    /// One sentence: why, and what to do.
    pub reason: Reason,
}

/// Reads the files, a row a photo, in their order.
///
/// # Errors
/// Each names file, line and cure.
pub fn read(files: &[PathBuf]) -> anyhow::Result<Vec<Decided>> {
    let mut rows = Vec::new();
    for file in files {
        rows.extend(read_one(file).with_context(|| format!("decisions {}", file.display()))?);
    }
    Ok(rows)
}

fn read_one(file: &Path) -> anyhow::Result<Vec<Decided>> {
    let bytes = fs::read(file).context("cannot be read")?;
    let text = decoded(&bytes).context("neither UTF-8 nor GBK text; export it again from report.html")?;
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut records = reader.records();
    let heads = records.next().transpose()?;
    if !heads.is_some_and(|heads| heads.iter().take(4).eq(HEADS)) {
        bail!("the first line must be {}, as report.html exports it", HEADS.join(","));
    }
    let mut rows = Vec::new();
    for record in records {
        let record = record?;
        let cell = |column| without_apostrophe(record.get(column).unwrap_or_default()).to_owned();
        let decision = match cell(2).trim() {
            "accept" => Some(Decision::Accept),
            "reject" => Some(Decision::Reject),
            "" => None,
            other => {
                let line = record.position().map_or(0, csv::Position::line);
                bail!("line {line}: \"{other}\" is no decision; write accept, reject or nothing");
            }
        };
        ensure!(!cell(0).is_empty(), "a row names no photo; export the file again from report.html");
        rows.push(Decided { photo: cell(0), sha256: cell(1).trim().to_owned(), decision, note: cell(3) });
    }
    Ok(rows)
}

/// The page writes an apostrophe before what a spreadsheet could take for a formula.
fn without_apostrophe(cell: &str) -> &str {
    let guarded = cell.strip_prefix('\'').filter(|rest| rest.starts_with(['=', '+', '-', '@', '\t', '\r', '\'']));
    guarded.unwrap_or(cell)
}

/// Puts what was decided on the photos it was decided of: those of the same name and bytes that the rules leave open.
pub fn apply(rows: Vec<Decided>, batch: &mut Batch) {
    let mut places = HashMap::<String, Vec<usize>>::new();
    for (place, photo) in batch.photos.iter().enumerate() {
        places.entry(without_id_numbers(&photo.name)).or_default().push(place);
    }
    for (row, is_contradicted) in merged(rows) {
        let named = places.get(&without_id_numbers(&row.photo)).map_or(&[][..], Vec::as_slice);
        let same = named.iter().copied().filter(|place| batch.photos[*place].sha256 == row.sha256).collect::<Vec<_>>();
        let unused = match same.first() {
            None if named.is_empty() => Some(("unknown", UNKNOWN)),
            None => Some(("changed", CHANGED)),
            Some(_) if is_contradicted => Some(("contradictory", CONTRADICTORY)),
            Some(place) if row.decision.is_some() => match batch.photos[*place].measured() {
                Status::Done => Some(("passes", PASSES)),
                Status::Retake | Status::Missing => Some(("fails", FAILS)),
                Status::Review => None,
            },
            Some(_) => None,
        };
        match unused {
            Some((kind, [zh, en])) => {
                let reason = Reason { zh: zh.to_owned(), en: en.to_owned() };
                batch.unused.push(Unused { photo: row.photo, kind, reason });
            }
            None => same.into_iter().for_each(|place| batch.photos[place].decided = Some(row.clone())),
        }
    }
}

const UNKNOWN: [&str; 2] =
    ["本次检查中没有这张照片，人工结论未采用。", "No photo of this run has this name: the decision was not used."];
const CHANGED: [&str; 2] = [
    "照片在人工确认之后已更换，结论已过期，未采用；请重新确认。",
    "The photo has changed since: the decision is out of date and was not used. Look at the photo again.",
];
const CONTRADICTORY: [&str; 2] = [
    "同一张照片既有通过又有退回的结论，均未采用；请商定后只保留一条。",
    "It is both accepted and rejected: neither was used. Agree on one and delete the other row.",
];
const PASSES: [&str; 2] = [
    "照片检查合格，无需人工确认，结论未采用；如需重拍请另行通知学生。",
    "The photo passes: decisions are for photos to review, so this one was not used. Tell the student yourself if it must be shot again.",
];
const FAILS: [&str; 2] = [
    "照片检查不合格，人工结论只对“待确认”的照片有效，未采用；请重拍。",
    "The photo fails: decisions are for photos to review, so this one was not used. Shoot it again.",
];

/// One row for each photo, the last, and whether another row decides otherwise.
fn merged(rows: Vec<Decided>) -> impl Iterator<Item = (Decided, bool)> {
    let mut merged = BTreeMap::<(String, String), (Decided, bool)>::new();
    for row in rows {
        let key = (row.photo.clone(), row.sha256.clone());
        let earlier = merged.get(&key);
        let is_contradicted = earlier.is_some_and(|(earlier, is_contradicted)| {
            *is_contradicted
                || (earlier.decision.is_some() && row.decision.is_some() && earlier.decision != row.decision)
        });
        merged.insert(key, (row, is_contradicted));
    }
    merged.into_values()
}
