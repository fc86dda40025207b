//! What an office prints, posts and passes on: notices, sheets to sign, lists.

mod document;
mod lists;
mod notices;
mod sheets;
mod vendor;

use std::path::{Path, PathBuf};

use gradphoto::batch::{BatchFinding, BatchPhoto, Decision, Place};
use gradphoto::{BatchReport, Mark, Report};

use crate::args::PaperArgs;
use crate::line::{Failure, Line};
use notices::Notices;
use vendor::Vendor;

pub use lists::{REFUND, RETAKE};

/// Everything on paper that a run was asked for, in Chinese.
#[derive(Default)]
pub struct Paper {
    /// Date, time and place of the retake.
    retake: Option<String>,
    notices: Option<(PathBuf, Notices)>,
    vendor: Option<(PathBuf, Vendor)>,
    sheets: Option<PathBuf>,
}

/// A photo of a batch, with all that is said of it.
pub struct Case<'a> {
    /// What shows across the photos.
    pub batch: &'a BatchReport,
    /// Its place among them.
    pub place: usize,
    /// What became of it.
    pub line: &'a Line,
    /// What was found across photos and names it.
    pub notes: &'a [&'a BatchFinding],
    /// Whether its student has no better photo.
    pub counts: bool,
    /// Its file.
    pub file: Option<&'a PathBuf>,
}

impl Paper {
    /// Nothing written yet; `is_capture` where photos are a camera's frames.
    pub fn new(args: &PaperArgs, is_capture: bool) -> Paper {
        let notices = || Notices::new(args.unmask, args.retake.as_deref(), is_capture);
        Paper {
            retake: args.retake.clone(),
            notices: args.notices.clone().map(|folder| (folder, notices())),
            vendor: args.for_vendor.clone().map(|folder| (folder, Vendor::default())),
            sheets: args.sheets.clone(),
        }
    }

    /// Takes up a photo.
    pub fn add(&mut self, case: &Case<'_>) {
        if let Some((_, notices)) = &mut self.notices {
            notices.add(case);
        }
        if let Some((_, vendor)) = &mut self.vendor {
            vendor.add(case);
        }
    }

    /// Writes the files in place of those of an earlier run, and into the folder of `results` the lists of students; `photos`
    /// are the files of the batch.
    pub fn write(self, results: &Path, batch: &BatchReport, photos: &[PathBuf]) -> anyhow::Result<()> {
        lists::keep(results, RETAKE, lists::retake(batch, self.retake.as_deref())?)?;
        lists::keep(results, REFUND, lists::refund(batch)?)?;
        if let Some((folder, notices)) = self.notices {
            notices.write(&folder, batch)?;
        }
        if let Some((folder, vendor)) = self.vendor {
            vendor.write(&folder, batch)?;
        }
        match self.sheets {
            Some(folder) => sheets::write(&folder, batch, photos),
            None => Ok(()),
        }
    }
}

/// What is wrong with a photo that cannot be read, and what to do.
fn unopened(failure: &Failure) -> String {
    format!("照片文件打不开：{}。", failure.reason().zh.trim_end_matches('。'))
}

/// Why a person has the photo shot again, with the `note` where there is one, else with what was to be looked at.
fn refused(photo: &BatchPhoto, line: &Line, note: &str) -> Option<String> {
    if photo.is_displaced() {
        return Some("交来的照片经核对不是本人的，请重拍。".to_owned());
    }
    let open = line.report().into_iter().flat_map(Report::findings);
    let open = open.filter(|finding| finding.mark() == Some(Mark::Review)).map(|finding| finding.name().zh);
    let why = Some(note.trim().trim_end_matches('。').to_owned()).filter(|note| !note.is_empty());
    let why = why.unwrap_or_else(|| open.collect::<Vec<_>>().join("、"));
    let why = if why.is_empty() { String::new() } else { format!("：{why}") };
    (photo.decision() == Some(Decision::Reject)).then(|| format!("人工确认未通过，请重拍{why}。"))
}

/// Department, major and class on one line.
fn titled(place: &Place) -> String {
    Some(place.words()).filter(|words| !words.is_empty()).unwrap_or_else(|| "未分班".to_owned())
}
