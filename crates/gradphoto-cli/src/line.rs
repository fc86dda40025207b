//! One line of report.jsonl: what became of one photo.

use std::path::Path;

use anyhow::Context;
use gradphoto::batch::Entry;
use gradphoto::photo::shown;
use gradphoto::{BatchReport, Error, PhotoVerdict, Reason, Report, SCHEMA};
use serde::{Deserialize, Serialize};

/// Stands for one photo that is read from stdin.
pub const STDIN: &str = "-";
/// What that is called: nobody named it, so no name can be wrong.
pub const UNNAMED: &str = "stdin.jpg";

/// What became of one photo.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum Line {
    /// It was checked.
    Report(Box<Report>),
    /// It could not be checked.
    Failure(Failure),
}

/// Why a photo could not be checked.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Failure {
    schema: u32,
    photo: String,
    /// Always `unreadable`: a line without a verdict would be passed over by who asks for verdicts.
    #[serde(default = "unreadable")]
    verdict: String,
    /// The cause.
    pub error: Cause,
}

/// See [`Failure`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Cause {
    /// The kind as one word.
    pub kind: String,
    /// What the library says, in English and with the photo's name, as programs print it.
    pub message: String,
    /// What is wrong and what to do, in both languages.
    pub reason: Reason,
}

impl Failure {
    /// What the library says, for people.
    pub fn reason(&self) -> Reason {
        self.error.reason.clone()
    }
}

fn name(photo: &Path) -> String {
    if photo.as_os_str() == STDIN { UNNAMED.to_owned() } else { shown(photo) }
}

impl Line {
    /// The line for a photo of this path.
    pub fn new(photo: &Path, result: Result<Report, Error>) -> Line {
        match result {
            Ok(report) => Line::Report(Box::new(report)),
            Err(error) => {
                let [kind, message] = [error.kind().to_string(), error.to_string()];
                let cause = Cause { kind, message, reason: error.reason().clone() };
                Line::Failure(Failure { schema: SCHEMA, photo: name(photo), verdict: unreadable(), error: cause })
            }
        }
    }

    /// Reads a line that [`Line::to_json`] wrote.
    pub fn from_json(json: &str) -> anyhow::Result<Line> {
        match serde_json::from_str(json) {
            Ok(report) => Ok(Line::Report(report)),
            Err(error) => Ok(Line::Failure(serde_json::from_str(json).ok().context(error)?)),
        }
    }

    /// The line, without its end.
    pub fn to_json(&self) -> String {
        // Only maps with non-string keys or failing Serialize impls can err, and there are none here.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Name of the photo, as it was given.
    pub fn photo(&self) -> &str {
        match self {
            Line::Report(report) => report.photo(),
            Line::Failure(failure) => &failure.photo,
        }
    }

    /// The report; `None` where the photo could not be checked.
    pub fn report(&self) -> Option<&Report> {
        match self {
            Line::Report(report) => Some(report),
            Line::Failure(_) => None,
        }
    }

    /// What a batch keeps of it.
    pub fn entry(&self) -> Entry {
        match self {
            Line::Report(report) => Entry::from(&**report),
            Line::Failure(failure) => Entry::unreadable(&failure.photo),
        }
    }

    /// The line as it stands among the other photos of its batch.
    pub fn among_others(self, batch: &BatchReport) -> Line {
        match self {
            Line::Report(report) => Line::Report(Box::new(batch.among_others(*report))),
            failure => failure,
        }
    }

    /// Whether the photo was checked and passes.
    pub fn is_pass(&self) -> bool {
        self.report().is_some_and(|report| report.verdict() == PhotoVerdict::Pass)
    }
}

fn unreadable() -> String {
    "unreadable".to_owned()
}
