//! Looking at photos: those of a folder, and one by itself.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::Instant;

use anyhow::Context;
use gradphoto::batch::Entry;
use gradphoto::{Checker, Profile, Reason, Source};

use super::{App, Run, RunState, State, nothing_open};
use crate::capture::{Looked, look};
use crate::kind::{ByKind, Kind};
use crate::known::{self, Known};
use crate::picture::Pictures;
use crate::records::Marks;
use crate::refusal::Refusal;
use crate::school::{Seen, unreadable};
use crate::store::{FileStamp, Look, Store};

impl App {
    /// Starts or stops looking at what has not been looked at.
    ///
    /// # Errors
    /// No folder is open, or it is gone.
    pub fn run(self: &Arc<Self>, go: bool) -> Result<(), Refusal> {
        let mut state = self.state();
        let school = state.school.as_ref().ok_or_else(nothing_open)?;
        if go {
            school.is_there()?;
        }
        state.turn += 1;
        let turn = state.turn;
        let school = state.school.as_mut().ok_or_else(nothing_open)?;
        if !go {
            state.run.state = RunState::Stopped;
            drop(state);
            self.tell();
            return Ok(());
        }
        if school.find() {
            self.renew(&mut state);
        }
        state.run = Run { state: RunState::Running, ..Run::IDLE };
        self.soil(state);
        let app = Arc::clone(self);
        thread::Builder::new()
            .name("run".to_owned())
            .spawn(move || app.look_at_all(turn))
            .context("cannot start a thread")?;
        Ok(())
    }

    pub(super) fn look_at_all(self: &Arc<Self>, turn: u64) {
        let mut state = self.state();
        // Whoever has paused it meanwhile, or opened another folder, wants it no more.
        if state.turn != turn {
            return;
        }
        let Some(school) = &state.school else { return };
        let store = Arc::clone(&school.store);
        let shots = school.shots.iter().map(|shot| shot.path.as_str()).collect::<HashSet<_>>();
        let kind = |name: &str| if shots.contains(name) { Kind::Camera } else { Kind::File };
        let todo = school.photos.iter().filter(|photo| photo.is_to_be_looked_at());
        let todo = todo.map(|photo| (photo.path.clone(), photo.name.clone(), kind(&photo.name))).collect::<Vec<_>>();
        let (total, asks_when) = (school.photos.len(), school.asks_when());
        state.run = Run { state: RunState::Running, done: total - todo.len(), total, ..Run::IDLE };
        drop(state);
        self.tell();
        let began = Instant::now();
        let mut fresh = 0;
        let app = Arc::clone(self);
        let look = move |_: &Checker, (path, name, kind): (PathBuf, String, Kind)| {
            let seen = app.seen(&store, &path, &name, kind, &app.profile());
            if asks_when && let Ok((seen, _)) = &seen {
                seen.taken(&path);
            }
            (name, seen)
        };
        let looked = match self.checker.map_in_order(todo, look) {
            Ok(looked) => looked,
            Err(error) => return self.fail(turn, error.reason().clone()),
        };
        for (name, seen) in looked {
            let (mut seen, is_fresh) = match seen {
                Ok(seen) => seen,
                Err(error) => return self.fail(turn, Refusal::from(error).words),
            };
            let mut state = self.state();
            if state.turn != turn {
                return;
            }
            let State { school: Some(school), profile, run, .. } = &mut *state else { return };
            // The profile may have changed meanwhile.
            seen.judge(&ByKind::new(profile));
            // At a shoot it may have been moved meanwhile, or have come as one of the shots.
            let is_shot = |known: &Seen| known.kind == Kind::Camera && seen.kind == Kind::File;
            let photo = school.by_name.get(&name).map(|id| &mut school.photos[*id]);
            if let Some(photo) = photo.filter(|photo| !photo.seen.as_ref().is_some_and(is_shot)) {
                photo.seen = Some(seen);
            }
            fresh += usize::from(is_fresh);
            run.done += 1;
            run.per_second = fresh as f64 / began.elapsed().as_secs_f64().max(0.001);
            self.soil(state);
        }
        let mut state = self.state();
        if state.turn == turn {
            state.run.state = RunState::Done;
            self.soil(state);
        }
    }

    /// Ends a run that cannot go on, with the reason.
    fn fail(&self, turn: u64, error: Reason) {
        let mut state = self.state();
        if state.turn == turn {
            state.run = Run { state: RunState::Failed, error: Some(error), ..state.run.clone() };
            self.soil(state);
        }
    }

    /// What is on a photo, from the store where it is known; and whether it had to be looked at.
    pub(super) fn seen(
        &self,
        store: &Store,
        path: &Path,
        name: &str,
        kind: Kind,
        profile: &Profile,
    ) -> anyhow::Result<(Seen, bool)> {
        let capture = kind.capture(profile);
        let stamp = known::stamp(&self.checker, capture.as_ref());
        let file = FileStamp::of(path);
        let (sha256, bytes) = match store.known(path, file, &stamp)? {
            Ok((sha256, Known::Look(look))) => return Ok((made(look, name, sha256, file, kind, profile), false)),
            Ok((sha256, Known::Bytes(bytes))) => (sha256, bytes),
            Err(error) => return Ok((unreadable(name, file, String::new(), error, kind), true)),
        };
        let source = Source::Bytes(name.to_owned(), bytes);
        let (measured, pictures) = match look(&self.checker, capture.as_ref(), source, Pictures::of) {
            Ok(Looked { measured, made: pictures, .. }) => (measured, pictures),
            Err(error) => return Ok((unreadable(name, file, sha256, error, kind), true)),
        };
        store.learn(path, file, &sha256, &stamp, &measured, &pictures)?;
        let look = Look { measured, photo_px: pictures.photo_px };
        Ok((made(look, name, sha256, file, kind, profile), true))
    }
}

fn made(look: Look, name: &str, sha256: String, file: Option<FileStamp>, kind: Kind, profile: &Profile) -> Seen {
    let Look { measured, photo_px } = look;
    let measured = measured.renamed(name);
    let entry = Entry::unreadable(measured.photo());
    let (size, measured) = (Some(photo_px), Some(Box::new(measured)));
    let (marks, taken) = (Marks::new(), OnceLock::new());
    let mut seen = Seen { file, sha256, measured, entry, marks, size, error: None, kind, taken };
    seen.judge(&ByKind::new(profile));
    seen
}
