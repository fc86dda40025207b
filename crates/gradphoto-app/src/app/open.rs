//! What is worked on: a folder of photos, a profile, a roster.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use gradphoto::batch::{Roster, TableError};
use gradphoto::{Language, Profile};
use rayon::iter::{IntoParallelRefMutIterator, ParallelIterator};

use super::{App, Run, Shoot, State, nothing_open};
use crate::atomic;
use crate::folders::{existing, remember, results_of};
use crate::kind::ByKind;
use crate::refusal::{Refusal, unread, unwritten};
use crate::school::{RosterFile, School};
use crate::turns::Turns;

/// Where the profile that was chosen is kept.
const PROFILE: &str = "profile";
/// Where the school's own that was chosen last is.
const OWN_PROFILE: &str = "own-profile";

impl App {
    /// Opens a folder of photos: what is known of them is there at once, the others wait for a run.
    ///
    /// # Errors
    /// It is no folder, or nothing can be written beside it.
    pub fn open(self: &Arc<Self>, folder: &Path) -> Result<(), Refusal> {
        let folder = existing(folder)?;
        let (results, store) = results_of(&folder)?;
        let mut school = School::new(folder.clone(), results, Arc::new(store))?;
        school.find();
        school.read_roster();
        let (kept, own) = (kept_profile(&school, PROFILE)?, kept_profile(&school, OWN_PROFILE)?);
        remember(&folder);
        let mut state = self.state();
        let is_later = !self.office.is_profile_typed || state.chosen.contains(&school.results);
        let profile = kept.filter(|_| is_later).unwrap_or_else(|| Arc::clone(&state.start));
        state.end_watch();
        state.leave();
        // A folder whose photos are still being finished goes on where it was left.
        let again = state.left.iter().position(|left| left.school.results == school.results);
        let mut entered = match again {
            Some(place) => state.left.swap_remove(place),
            None => Shoot { school, turns: Turns::new(None), profile },
        };
        entered.turns.begin(Instant::now(), None);
        let Shoot { school, turns, profile } = entered;
        state.profile = profile;
        state.own = own;
        state.turn += 1;
        state.turns = turns;
        state.run = Run { total: school.photos.len(), ..Run::IDLE };
        state.school = Some(school);
        self.renew(&mut state);
        self.soil(state);
        self.run(true)
    }

    /// Rows of other photos or another profile: nothing that the page knows holds any more.
    pub(super) fn renew(&self, state: &mut State) {
        state.rows.clear();
        state.sheet = None;
        state.whole_stamp = *self.stamps.borrow() + 1;
    }

    /// Applies another profile: what was measured is judged anew, nothing is looked at again. Without a folder, it is the one
    /// that folders begin with.
    ///
    /// # Errors
    /// The choice cannot be kept beside the results.
    pub fn apply(&self, profile: Arc<Profile>) -> Result<(), Refusal> {
        let mut state = self.state();
        let State { school, own, start, chosen, .. } = &mut *state;
        let is_own = self.built_in.iter().all(|known| known.sha256() != profile.sha256());
        if let Some(school) = school {
            keep_profile(school, PROFILE, &profile)?;
            if is_own {
                keep_profile(school, OWN_PROFILE, &profile)?;
            }
            chosen.insert(school.results.clone());
            let profiles = ByKind::new(&profile);
            school.photos.par_iter_mut().filter_map(|photo| photo.seen.as_mut()).for_each(|seen| seen.judge(&profiles));
        } else {
            *start = Arc::clone(&profile);
        }
        if is_own {
            *own = Some(Arc::clone(&profile));
        }
        state.profile = profile;
        self.soil(state);
        Ok(())
    }

    /// The profiles that can be chosen: those that are built in, the one of the start, the school's own.
    pub(super) fn profiles(&self, state: &State) -> Vec<Arc<Profile>> {
        let mut profiles = self.built_in.clone();
        for more in [Some(Arc::new(self.office.profile.clone())), state.own.clone()].into_iter().flatten() {
            if profiles.iter().all(|known| known.sha256() != more.sha256()) {
                profiles.push(more);
            }
        }
        profiles
    }

    /// The profile of this id, or the one in force where none is given.
    ///
    /// # Errors
    /// There is none.
    pub fn profile_of(&self, id: &str) -> Result<Arc<Profile>, Refusal> {
        let state = self.state();
        if id.is_empty() {
            return Ok(Arc::clone(&state.profile));
        }
        self.profiles(&state).into_iter().find(|profile| profile.sha256() == id).ok_or_else(Refusal::unknown)
    }

    /// Reads a roster that the page sent, and keeps it beside the results.
    ///
    /// # Errors
    /// No folder is open, or the file is no roster: why, and what to do.
    pub fn take_roster(&self, name: &str, bytes: &[u8]) -> Result<RosterFile, Refusal> {
        let results = self.school(|school| school.results.clone())?;
        let extension = Path::new(name).extension().unwrap_or_default().to_string_lossy().to_lowercase();
        let is_plain = !extension.is_empty() && extension.chars().all(|c| c.is_ascii_alphanumeric());
        let extension = if is_plain { extension.as_str() } else { "csv" };
        let kept = results.join(format!("roster.{extension}"));
        let (roster, reading) = Roster::from_bytes(bytes).map_err(|problems| {
            let error = TableError::new(Path::new(name), problems);
            Refusal::bad(error.message(Language::Zh), error.message(Language::En))
        })?;
        atomic::write(&kept, bytes).map_err(|error| unwritten(&kept, &error))?;
        let file = RosterFile::new(name.to_owned(), &roster, reading);
        let mut state = self.state();
        // Another folder may have been opened meanwhile, whose students these are not.
        let State { school, turns, .. } = &mut *state;
        let school = school.as_mut().filter(|school| school.results == results).ok_or_else(nothing_open)?;
        school.store.set("roster", &kept.file_name().unwrap_or_default().to_string_lossy())?;
        school.store.set("roster-name", name)?;
        // Whoever sits before the camera stays, wherever the new roster has them.
        let places = roster.students().iter().enumerate().map(|(place, student)| (student.key(), place));
        let places = places.collect::<HashMap<_, _>>();
        let before = school.roster.as_ref().map_or(&[][..], |(roster, _)| roster.students());
        turns.rename(|place| places.get(&before.get(place?)?.key()).copied());
        school.roster = Some((roster, file.clone()));
        self.soil(state);
        Ok(file)
    }

    /// The same of a table that lies beside the photos.
    ///
    /// # Errors
    /// As of [`App::take_roster`], and where no such table was found there.
    pub fn take_roster_beside(&self, name: &str) -> Result<RosterFile, Refusal> {
        let table = self.school(|school| {
            let is_there = school.tables.iter().any(|table| table == name);
            is_there.then(|| school.folder.join(name)).ok_or_else(Refusal::unknown)
        })??;
        // Its content alone: a copy of a file that may not be written, as messengers save them, could not be replaced.
        let bytes = fs::read(&table).map_err(|error| unread(&table, &error))?;
        self.take_roster(name, &bytes)
    }
}

/// A profile that was kept beside the results; one that this version does not understand stays where it is, unused.
fn kept_profile(school: &School, key: &str) -> Result<Option<Arc<Profile>>, Refusal> {
    let kept = school.store.setting(key)?;
    let read = |text: String| Profile::from_toml(&school.setting(&format!("{key}-name")), &text).ok();
    Ok(kept.and_then(read).map(Arc::new))
}

fn keep_profile(school: &School, key: &str, profile: &Profile) -> Result<(), Refusal> {
    school.store.set(key, &profile.to_toml())?;
    Ok(school.store.set(&format!("{key}-name"), profile.name())?)
}
