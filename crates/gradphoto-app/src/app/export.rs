//! The results as files.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::http::StatusCode;
use gradphoto::{BatchReport, Language, Profile, Reason, SCHEMA};
use serde_json::json;

use super::{App, nothing_open};
use crate::folders::name_below;
use crate::kind::ByKind;
use crate::refusal::Refusal;
use crate::store::{FileStamp, Store};

/// What is to be written into the folder of results.
pub struct Export<'a> {
    /// Where to.
    pub folder: &'a Path,
    /// Where the photos lie.
    pub photo_folder: &'a Path,
    /// The photos' files, in order.
    pub photos: &'a [PathBuf],
    /// A line of report.jsonl for each.
    pub lines: &'a [String],
    /// What shows across them.
    pub batch: &'a BatchReport,
    /// What is known of them, their pictures among it.
    pub store: &'a Store,
    /// The limits.
    pub profile: &'a Profile,
    /// Language of the tables.
    pub language: Language,
}

impl App {
    /// Writes the results, in the language of the page or that of the start; returns their folder.
    ///
    /// # Errors
    /// Nothing has been looked at, photos have been replaced or are gone since, or a file cannot be written.
    pub fn export(&self, language: Option<Language>) -> Result<PathBuf, Refusal> {
        let mut state = self.state();
        // What was said a moment ago belongs to the results, in another program that has the folder open too.
        let school = state.school.as_mut().ok_or_else(nothing_open)?;
        school.is_there()?;
        let words = school.store.last_words()?;
        if school.words != words {
            school.words = words;
            state.is_dirty = true;
        }
        self.freshen(&mut state);
        let school = state.school.as_ref().ok_or_else(nothing_open)?;
        let sheet = state.sheet.clone().ok_or_else(nothing_open)?;
        let profile = Arc::clone(&state.profile);
        let (folder, photo_folder) = (school.results.clone(), school.folder.clone());
        let store = Arc::clone(&school.store);
        let photos = sheet.ids.iter().map(|id| school.photos[*id].path.clone()).collect::<Vec<_>>();
        let profiles = ByKind::new(&profile);
        let line = |id: &usize| {
            let photo = &school.photos[*id];
            let seen = photo.seen.as_ref()?;
            Some(match seen.report(&profiles) {
                Some(report) => report.renamed(&photo.name).to_json(),
                None => {
                    let error = seen.error.as_ref()?;
                    let reason = error.reason();
                    let error = json!({"kind": error.kind().as_str(), "message": reason.en, "reason": reason});
                    json!({"schema": SCHEMA, "photo": photo.name, "verdict": "unreadable", "error": error}).to_string()
                }
            })
        };
        let lines = sheet.ids.iter().filter_map(line).collect::<Vec<_>>();
        let seen = sheet.ids.iter().map(|id| school.photos[*id].seen.as_ref().and_then(|seen| seen.file));
        let seen = seen.collect::<Vec<_>>();
        drop(state);
        let changed = photos.iter().zip(seen).filter(|(photo, seen)| FileStamp::of(photo) != *seen);
        let changed = changed.map(|(photo, _)| name_below(&photo_folder, photo)).collect::<Vec<_>>();
        if !changed.is_empty() {
            return Err(other_files(&changed));
        }
        let export = Export {
            folder: &folder,
            photo_folder: &photo_folder,
            photos: &photos,
            lines: &lines,
            batch: &sheet.batch,
            store: &store,
            profile: &profile,
            language: language.unwrap_or(self.office.language),
        };
        let status = StatusCode::INTERNAL_SERVER_ERROR;
        (self.office.export)(&export).map_err(|Reason { zh, en }| Refusal::new(status, zh, en))?;
        Ok(folder)
    }
}

/// Says that files are no longer those that were checked: results would tell of photos that nobody has.
fn other_files(names: &[String]) -> Refusal {
    /// So many are named.
    const NAMED: usize = 5;

    let (count, named) = (names.len(), &names[..names.len().min(NAMED)]);
    let [zh, en] = ["、", ", "].map(|between| named.join(between));
    let [more_zh, more_en] = if count > NAMED { [" 等", " and others"] } else { [""; 2] };
    Refusal::new(
        StatusCode::CONFLICT,
        format!("没有导出：{count} 张照片在检查之后换过，或已不在原处：{zh}{more_zh}。请先点“检查新照片”，再导出。"),
        format!(
            "Not exported, for photos have been replaced since they were checked, or are gone ({count}): {en}{more_en}. Press “Check new photos”, then export again."
        ),
    )
}
