//! Photos as a camera delivers them.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, MutexGuard, OnceLock};
use std::thread;
use std::time::Instant;

use anyhow::Context;
use axum::http::StatusCode;
use gradphoto::folder::PassedOver;

use super::{App, Run, RunState, State, Watch, nothing_open};
use crate::arrivals::{Arrival, Arrivals, Reach};
use crate::folders::{existing, name_below};
use crate::kind::{ByKind, Kind};
use crate::refusal::Refusal;
use crate::school::Photo;
use crate::store::Shot;
use crate::turns::{correction, nobody};

impl App {
    /// Watches a folder that a camera saves to, or ends that.
    ///
    /// # Errors
    /// It is no folder, or nothing can be written beside it.
    pub fn watch(self: &Arc<Self>, folder: Option<&Path>) -> Result<(), Refusal> {
        let Some(folder) = folder else {
            self.state().end_watch();
            self.tell();
            return Ok(());
        };
        let folder = existing(folder)?;
        let is_inside = self.school(|school| folder.starts_with(&school.folder)).unwrap_or(false);
        if !is_inside {
            // The roster goes along to the folder of the camera, where there is none yet.
            let roster = self.school(|school| {
                let (_, file) = school.roster.as_ref()?;
                Some((file.name.clone(), fs::read(school.results.join(school.setting("roster"))).ok()?))
            });
            self.open(&folder)?;
            let has_roster = self.school(|school| school.roster.is_some())?;
            if let (false, Ok(Some((name, bytes)))) = (has_roster, roster) {
                self.take_roster(&name, &bytes)?;
            }
        }
        let mut arrivals = Arrivals::new(&folder);
        arrivals.skip_all();
        let mut state = self.state();
        // Another folder may have been opened meanwhile.
        let school =
            state.school.as_ref().filter(|school| folder.starts_with(&school.folder)).ok_or_else(nothing_open)?;
        let watch = Arc::new(Watch { results: school.results.clone(), ended: OnceLock::new() });
        let (app, followed) = (Arc::clone(self), Arc::clone(&watch));
        thread::Builder::new()
            .name("watch".to_owned())
            .spawn(move || app.follow(&followed, arrivals))
            .context("cannot start a thread")?;
        state.end_watch();
        state.watching = Some(folder);
        state.watches.push(watch);
        drop(state);
        self.tell();
        Ok(())
    }

    /// Looks at each photo that arrives until this watch ends, and then at those that had begun to come.
    fn follow(&self, watch: &Arc<Watch>, mut arrivals: Arrivals) {
        loop {
            let ended = watch.ended.get().copied();
            for arrival in arrivals.ready() {
                // What comes later waits until its folder is opened again.
                if watch.ended.get().is_some_and(|ended| arrival.came > *ended) {
                    arrivals.skip(arrival.photo);
                    continue;
                }
                match self.arrived(watch, &arrival) {
                    Ok(true) => arrivals.skip(arrival.photo),
                    Ok(false) => {}
                    Err(refusal) => {
                        let mut state = self.state();
                        state.run = Run { state: RunState::Failed, error: Some(refusal.words), ..state.run.clone() };
                        drop(state);
                        self.tell();
                        arrivals.skip(arrival.photo);
                    }
                }
            }
            self.note(watch, arrivals.passed_over(), arrivals.reach());
            if ended.is_some_and(|ended| !arrivals.is_coming(ended)) {
                break;
            }
        }
        self.state().forget_watch(watch);
    }

    /// Notes what has arrived and cannot be judged, and whether the folder answers, and says so where that is something else
    /// than before.
    fn note(&self, watch: &Watch, passed_over: &[(PathBuf, PassedOver)], reach: Reach) {
        let mut state = self.state();
        if watch.ended.get().is_none() && (state.reach != reach || state.passed_over != passed_over) {
            state.passed_over = passed_over.to_owned();
            state.reach = reach;
            drop(state);
            self.tell();
        }
    }

    /// Looks at a photo that has arrived, for its own folder, whichever is open by now; false while it may still become a whole
    /// picture.
    fn arrived(&self, watch: &Watch, arrival: &Arrival) -> Result<bool, Refusal> {
        let path = arrival.photo.as_path();
        let mut state = self.state();
        let (school, _, profile) = state.shoot_of(watch).ok_or_else(nothing_open)?;
        let (store, name, profile) = (Arc::clone(&school.store), name_below(&school.folder, path), Arc::clone(profile));
        drop(state);
        let (mut seen, _) = self.seen(&store, path, &name, Kind::Camera, &profile)?;
        if seen.error.is_some() && !arrival.is_last_try {
            return Ok(false);
        }
        // Now, for the camera may give the name again.
        seen.taken(path);
        let mut state = self.state();
        let (school, turns, profile) = state.shoot_of(watch).ok_or_else(nothing_open)?;
        // The profile may have changed meanwhile.
        seen.judge(&ByKind::new(profile));
        let now = turns
            .of(turns.turn_at(arrival.came))
            .and_then(|place| Some(school.roster.as_ref()?.0.students().get(place)?.key()));
        let owner = school.owner(&name, &seen, arrival.came);
        let student = match school.named(&name) {
            // Whoever writes both knows better than who sits there.
            Some((student, true)) => student,
            named => {
                let student = owner.or(now).filter(|student| !student.is_empty());
                student.or(named.map(|(student, _)| student)).unwrap_or_default()
            }
        };
        let is_moved = school.forget_moved(&seen);
        let shot = Shot { path: name.clone(), sha256: seen.identity().to_owned(), student, at: school.store.now()? };
        school.store.shoot(&shot)?;
        school.shots.push(shot);
        let id = match school.by_name.get(&name) {
            Some(id) => *id,
            None => {
                school.by_name.insert(name.clone(), school.photos.len());
                school.photos.push(Photo { path: path.to_owned(), name, found: arrival.came, seen: None });
                school.photos.len() - 1
            }
        };
        let photo = &mut school.photos[id];
        (photo.found, photo.seen) = (arrival.came, Some(seen));
        if is_moved {
            self.renew(&mut state);
        }
        self.soil(state);
        Ok(true)
    }

    /// Chooses the student who sits before the camera.
    pub fn choose(&self, student: Option<usize>) {
        self.state().turns.begin(Instant::now(), student);
        self.tell();
    }

    /// Chooses the student whom a code means that was scanned or typed; where several have it, the one of this place. Behind `=`
    /// it means whom the last shot shows.
    ///
    /// # Errors
    /// It means nobody, and nobody sits there: who is not known must not be taken for the one before. There is no shot to correct,
    /// or it cannot be given away.
    pub fn scanned(&self, code: &str, place: &[String]) -> Result<(), Refusal> {
        let at = Instant::now();
        let mut state = self.state();
        let school = state.school.as_ref().ok_or_else(nothing_open)?;
        let roster = school.roster.as_ref().map(|(roster, _)| roster);
        let corrected = correction(code).filter(|(photo, _)| photo.is_empty()).map(|(_, student)| student);
        let code = corrected.unwrap_or(code);
        let student = roster.and_then(|roster| roster.keyed_in(code, place));
        let known = student.ok_or_else(|| Refusal { status: StatusCode::NOT_FOUND, words: nobody(code) });
        if corrected.is_some() {
            let last = school.shots.iter().rposition(|shot| school.by_name.contains_key(&shot.path));
            return self.give_to(state, last.ok_or_else(nothing_shot)?, known?);
        }
        state.turns.begin(at, student);
        drop(state);
        self.tell();
        known.map(|_| ())
    }

    /// Gives the shot that lies under this name and has this hash to the student of this key.
    ///
    /// # Errors
    /// There is no such shot or student any more, or it cannot be given away.
    pub fn give(&self, photo: &str, sha256: &str, student: &str) -> Result<(), Refusal> {
        let state = self.state();
        let school = state.school.as_ref().ok_or_else(nothing_open)?;
        let shot = school.shots.iter().rposition(|shot| shot.path == photo && shot.sha256 == sha256);
        let students = school.roster.as_ref().map(|(roster, _)| roster.students()).unwrap_or_default();
        let student = students.iter().position(|other| other.key() == student);
        let (shot, student) = shot.zip(student).ok_or_else(Refusal::unknown)?;
        self.give_to(state, shot, student)
    }

    /// Gives the shot at this place to a student, who sits there now where it is the last one and nobody was called since.
    fn give_to(&self, mut state: MutexGuard<'_, State>, shot: usize, student: usize) -> Result<(), Refusal> {
        let State { school, turns, .. } = &mut *state;
        let school = school.as_mut().ok_or_else(nothing_open)?;
        let key = school.roster.as_ref().and_then(|(roster, _)| Some(roster.students().get(student)?.key()));
        school.give(shot, key.ok_or_else(Refusal::unknown)?)?;
        let came = school.by_name.get(&school.shots[shot].path).map(|id| school.photos[*id].found);
        if let Some(came) = came.filter(|_| shot + 1 == school.shots.len()) {
            let turn = turns.turn_at(came);
            if turns.is_still_theirs(turn, came, Some(student)) {
                *turns.of(turn) = Some(student);
            }
        }
        self.soil(state);
        Ok(())
    }
}

fn nothing_shot() -> Refusal {
    Refusal::new(StatusCode::CONFLICT, "还没有照片可以改正。", "There is no photo yet to correct.")
}
