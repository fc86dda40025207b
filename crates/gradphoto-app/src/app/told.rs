//! What the page is told: what has changed, a photo in full, its picture and its file.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use gradphoto::batch::Student;
use gradphoto::folder::PassedOver;
use gradphoto::photo::shown;
use gradphoto::{Error, Profile, Reason};
use serde_json::{Value, json};

use super::{App, State, nothing_open};
use crate::folders::recent;
use crate::kind::ByKind;
use crate::picture::Size;
use crate::records::{self, Looked};
use crate::refusal::Refusal;
use crate::school::School;
use crate::store::Shot;

/// So many tables beside the photos are offered as the roster.
const TABLES_OFFERED: usize = 3;

impl App {
    /// Everything that has changed since a stamp; 0 asks for all.
    pub fn since(&self, since: u64) -> Value {
        let mut state = self.state();
        // Never a batch whose rows have yet to be made: what is being decided would seem to be gone.
        if since < state.whole_stamp {
            self.freshen(&mut state);
        }
        let stamp = *self.stamps.borrow();
        let is_new = since < state.whole_stamp || since > stamp;
        let known = || state.rows.iter().flatten();
        let changed = known().filter(|(_, at)| !is_new && *at > since).map(|(row, _)| row).collect::<Vec<_>>();
        let meta = (is_new || since < state.meta.1).then_some(&state.meta.0);
        json!({
            "stamp": stamp,
            "run": state.run,
            "state": self.surroundings(&state),
            "meta": meta,
            "rows": is_new.then(|| known().map(|(row, _)| row).collect::<Vec<_>>()),
            "changed": changed,
        })
    }

    /// Which folder is open.
    pub fn opened(&self) -> Value {
        json!({"folder": self.school(|school| school.folder.display().to_string()).ok()})
    }

    fn surroundings(&self, state: &State) -> Value {
        let profiles = self.profiles(state);
        let profile =
            |profile: &Arc<Profile>| json!({"id": profile.sha256(), "name": profile.name(), "title": profile.title()});
        let school = state.school.as_ref();
        let students = state.sheet.as_ref().map(|sheet| sheet.batch.students()).unwrap_or_default();
        let shots = school.map(|school| shots(school, students)).unwrap_or_default();
        let tables = school.filter(|school| school.roster.is_none()).map_or(&[][..], |school| &school.tables);
        let tables = tables.iter().take(TABLES_OFFERED).collect::<Vec<_>>();
        let passed_over =
            |(path, why): &(PathBuf, PassedOver)| json!({"name": shown(path), "why": Reason::from(why.words())});
        json!({
            "version": env!("CARGO_PKG_VERSION"),
            "engine": self.checker.engine_stamp().runtime,
            "profiles": profiles.iter().map(profile).collect::<Vec<_>>(),
            "profile": state.profile.sha256(),
            "folder": school.map(|school| school.folder.display().to_string()),
            "results": school.map(|school| school.results.display().to_string()),
            "roster": school.and_then(|school| Some(&school.roster.as_ref()?.1)),
            "tables": tables,
            "beside": records::beside(school.map_or(&[], |school| &school.beside)),
            "recent": recent(),
            "watching": state.watching.as_ref().map(|folder| folder.display().to_string()),
            "unreached": state.watching.as_ref().and_then(|folder| state.reach.trouble(folder)),
            "passed_over": state.passed_over.iter().map(passed_over).collect::<Vec<_>>(),
            "now": state.turns.latest(),
            "shots": shots,
        })
    }

    /// A photo in full.
    ///
    /// # Errors
    /// There is no such photo.
    pub fn details(&self, id: usize) -> Result<Value, Refusal> {
        let state = self.state();
        let school = state.school.as_ref().ok_or_else(nothing_open)?;
        let photo = school.photos.get(id).ok_or_else(Refusal::unknown)?;
        let seen = photo.seen.as_ref().ok_or_else(Refusal::unknown)?;
        let sheet = state.sheet.as_deref().and_then(|sheet| Some((sheet, sheet.place(id)?)));
        let profile = &state.profile;
        let reason = Reason { zh: String::new(), en: String::new() };
        let alone = seen.report(&ByKind::new(profile));
        let report = alone.map(|report| match sheet {
            Some((sheet, _)) => sheet.batch.among_others(report),
            None => report,
        });
        let looked =
            report.as_ref().map_or(Looked::Error(seen.error.as_ref().map_or(&reason, Error::reason)), Looked::Report);
        Ok(json!(records::details(looked, profile, sheet, None)))
    }

    /// The small picture of a photo.
    ///
    /// # Errors
    /// There is none.
    pub fn small(&self, id: usize) -> Result<Vec<u8>, Refusal> {
        let (store, sha256) = self.school(|school| {
            let seen = school.photos.get(id).and_then(|photo| photo.seen.as_ref());
            (Arc::clone(&school.store), seen.map(|seen| seen.sha256.clone()))
        })?;
        let small = store.picture(&sha256.ok_or_else(Refusal::unknown)?, Size::Large)?;
        small.map(|picture| picture.jpeg).ok_or_else(Refusal::unknown)
    }

    /// The file of a photo.
    ///
    /// # Errors
    /// There is no such photo, or another file lies in its place.
    pub fn file(&self, id: usize) -> Result<PathBuf, Refusal> {
        self.school(|school| {
            let photo = school.photos.get(id).ok_or_else(Refusal::unknown)?;
            photo.is_as_seen()?;
            Ok(photo.path.clone())
        })?
    }
}

/// The shots at the site, each with its photo and the place of its student on the roster.
fn shots(school: &School, students: &[Student]) -> Vec<Value> {
    let mut places = HashMap::new();
    for (place, student) in students.iter().enumerate() {
        places.entry(student.key()).or_insert(place);
    }
    let shot = |(shot, student): (&Shot, &str)| {
        let id = school.by_name.get(&shot.path)?;
        Some(json!({"id": id, "student": places.get(student), "at": shot.at}))
    };
    school.shots.iter().zip(school.owners()).filter_map(shot).collect()
}
