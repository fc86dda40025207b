//! What the page works on: a folder of photos, what was found on them, who is on the roster, what people said.
//!
//! Whatever changes the facts only notes them and says so; one thread puts the rows together anew, and whoever waits for
//! changes is told which rows they are.

mod effect;
mod export;
mod run;
mod tether;

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context;
use gradphoto::batch::{Decision, Roster};
use gradphoto::{Checker, Language, Profile, Reason};
use rayon::iter::{IntoParallelRefMutIterator, ParallelIterator};
use serde::Serialize;
use serde_json::{Value, json};
use tokio::sync::watch;

pub use self::effect::{Limits, with_limits};
pub use self::export::Export;
use crate::folders::{existing, recent, remember, results_of};
use crate::look::{ByKind, MakeChecker};
use crate::picture::Size;
use crate::records::{self, Looked, Row, Sheet};
use crate::refusal::{Refusal, unwritten};
use crate::school::{RosterFile, School};
use crate::store::Said;

/// What the command brings.
pub struct Office {
    /// Makes checkers with the engine that was asked for.
    pub checker: Box<MakeChecker>,
    /// Writes report.jsonl, the tables and the page.
    pub export: fn(&Export<'_>) -> anyhow::Result<()>,
    /// Language of the page until a person chooses.
    pub language: Language,
    /// Photo that the page tries at the start.
    pub photo: Option<PathBuf>,
}

/// Everything behind the page.
pub struct App {
    /// What the command brings.
    pub office: Office,
    /// Sees; what it sees is judged by the profile in force.
    checker: Checker,
    state: Mutex<State>,
    /// Woken when facts have changed.
    work: Condvar,
    /// Counts what the page has to know.
    stamps: watch::Sender<u64>,
}

struct State {
    profile: Arc<Profile>,
    school: Option<School>,
    run: Run,
    /// Counts runs: a run that is not the latest ends by itself.
    turn: u64,
    watching: Option<PathBuf>,
    /// Counts watches, as `turn` does runs.
    watch: u64,
    /// Place on the roster of the student who sits before the camera.
    now: Option<usize>,
    is_dirty: bool,
    /// By id, with the stamp of the last change; `None` where a photo has not been looked at.
    rows: Vec<Option<(Row, u64)>>,
    /// When rows were last made for other photos.
    whole_stamp: u64,
    /// Rules and students, and the stamp of their last change.
    meta: (Value, u64),
    sheet: Option<Arc<Sheet>>,
}

impl State {
    /// Watches another folder, or none; the number of this watch.
    fn watch_folder(&mut self, folder: Option<PathBuf>) -> u64 {
        self.watching = folder;
        self.watch += 1;
        self.watch
    }
}

/// Where a run stands.
#[derive(Clone, Serialize)]
pub struct Run {
    state: &'static str,
    done: usize,
    total: usize,
    per_second: f64,
    error: Option<Reason>,
}

impl Run {
    const IDLE: Run = Run { state: "idle", done: 0, total: 0, per_second: 0.0, error: None };
}

/// A decision as it comes from the page.
#[derive(serde::Deserialize)]
pub struct Saying {
    id: usize,
    sha256: String,
    who: String,
    decision: Option<String>,
    note: String,
    #[serde(default)]
    student: String,
}

impl App {
    /// Starts the engine and the thread that keeps the rows.
    ///
    /// # Errors
    /// No engine starts.
    pub fn new(office: Office, profile: Profile) -> anyhow::Result<Arc<App>> {
        let app = Arc::new(App::without_keeper(office, profile)?);
        let keeper = Arc::clone(&app);
        thread::Builder::new().name("rows".to_owned()).spawn(move || keeper.keep_rows())?;
        Ok(app)
    }

    /// The same before a thread keeps the rows.
    fn without_keeper(office: Office, profile: Profile) -> anyhow::Result<App> {
        let checker = (office.checker)(profile.clone())?;
        let mut state = State {
            profile: Arc::new(profile),
            school: None,
            run: Run::IDLE,
            turn: 0,
            watching: None,
            watch: 0,
            now: None,
            is_dirty: false,
            rows: Vec::new(),
            whole_stamp: 1,
            meta: (Value::Null, 1),
            sheet: None,
        };
        state.meta.0 = records::meta(&state.profile, None, office.language, true);
        Ok(App { office, checker, state: Mutex::new(state), work: Condvar::new(), stamps: watch::Sender::new(1) })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// What looks at photos.
    pub fn checker(&self) -> &Checker {
        &self.checker
    }

    /// The profile in force.
    pub fn profile(&self) -> Arc<Profile> {
        Arc::clone(&self.state().profile)
    }

    /// Tells when the page has to know something.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.stamps.subscribe()
    }

    /// Everything that has changed since a stamp; 0 asks for all.
    pub fn since(&self, since: u64) -> Value {
        let state = self.state();
        let stamp = *self.stamps.borrow();
        let is_new = since < state.whole_stamp || since > stamp;
        let known = || state.rows.iter().flatten();
        let changed = known().filter(|(_, at)| !is_new && *at > since).map(|(row, _)| row).collect::<Vec<_>>();
        let meta = (is_new || since < state.meta.1).then_some(&state.meta.0);
        json!({
            "stamp": stamp,
            "run": state.run,
            "state": self.told(&state),
            "meta": meta,
            "rows": is_new.then(|| known().map(|(row, _)| row).collect::<Vec<_>>()),
            "changed": changed,
        })
    }

    fn told(&self, state: &State) -> Value {
        let profiles = Profile::names().filter_map(|name| Profile::built_in(name).ok());
        let school = state.school.as_ref();
        let shots = school.map(|school| {
            school
                .shots
                .iter()
                .filter_map(|shot| {
                    let students = state.sheet.as_ref().map(|sheet| sheet.batch.students()).unwrap_or_default();
                    let student = students.iter().position(|student| student.key() == shot.student);
                    Some(json!({"id": school.by_name.get(&shot.path)?, "student": student, "at": shot.at}))
                })
                .collect::<Vec<_>>()
        });
        json!({
            "version": env!("CARGO_PKG_VERSION"),
            "engine": self.checker.engine_stamp().runtime,
            "profiles": profiles.map(|profile| json!({"name": profile.name(), "title": profile.title()})).collect::<Vec<_>>(),
            "profile": state.profile.name(),
            "folder": school.map(|school| school.folder.display().to_string()),
            "results": school.map(|school| school.results.display().to_string()),
            "roster": school.and_then(|school| Some(&school.roster.as_ref()?.1)),
            "recent": recent(),
            "watching": state.watching.as_ref().map(|folder| folder.display().to_string()),
            "now": state.now,
            "shots": shots.unwrap_or_default(),
        })
    }

    /// Says that the page has to know something although no row has changed. Whoever counts holds the state: a row that is
    /// stamped with the next count must be the one that the next count tells of.
    fn tell(&self) {
        let _state = self.state();
        self.stamps.send_modify(|stamp| *stamp += 1);
    }

    /// Says that facts have changed: rows are made anew.
    fn soil(&self, mut state: MutexGuard<'_, State>) {
        state.is_dirty = true;
        drop(state);
        self.work.notify_all();
    }

    /// Puts the rows together whenever facts have changed; a batch that takes long to put together is put together less often.
    fn keep_rows(&self) {
        loop {
            let mut state = self.state();
            while !state.is_dirty {
                state = self.work.wait(state).unwrap_or_else(|poisoned| poisoned.into_inner());
            }
            let began = Instant::now();
            self.freshen(&mut state);
            drop(state);
            thread::sleep((began.elapsed() * 3).max(Duration::from_millis(40)));
        }
    }

    /// Puts the rows together if facts have changed since, and says so.
    fn freshen(&self, state: &mut State) {
        if std::mem::take(&mut state.is_dirty) {
            self.put_together(state);
            self.stamps.send_modify(|stamp| *stamp += 1);
        }
    }

    fn put_together(&self, state: &mut State) {
        let next = *self.stamps.borrow() + 1;
        let Some(school) = &state.school else {
            state.meta = (records::meta(&state.profile, None, self.office.language, true), next);
            return;
        };
        let replaced = school.replaced();
        let in_batch = |id: &usize| school.photos[*id].seen.is_some() && !replaced.contains(id);
        let ids = (0..school.photos.len()).filter(in_batch).collect::<Vec<_>>();
        let sheet = Sheet::new(school.batch(&ids, &state.profile), ids);
        let mut said = HashMap::<(&str, &str), Vec<Said>>::new();
        for word in &school.words {
            said.entry((word.sha256.as_str(), word.photo.as_str())).or_default().push(word.clone());
        }
        let profiles = ByKind::new(&state.profile);
        let rows = school.photos.iter().enumerate().map(|(id, photo)| {
            let seen = photo.seen.as_ref()?;
            let said = said.get(&(seen.identity(), photo.name.as_str())).cloned().unwrap_or_default();
            Some(match sheet.place(id) {
                Some(place) => sheet.row(place, seen.marks_among(&sheet.batch, &profiles), seen.size, said),
                None => seen.row_alone(id, &photo.name, said),
            })
        });
        let mut before = std::mem::take(&mut state.rows);
        before.resize(school.photos.len(), None);
        let stamped = rows.zip(before).map(|(row, before)| match (row, before) {
            (Some(row), Some((known, at))) if row == known => Some((row, at)),
            (row, _) => row.map(|row| (row, next)),
        });
        state.rows = stamped.collect();
        let meta = records::meta(&state.profile, Some(&sheet.batch), self.office.language, true);
        if meta != state.meta.0 {
            state.meta = (meta, next);
        }
        state.sheet = Some(Arc::new(sheet));
    }

    /// Opens a folder of photos: what is known of them is there at once, the others wait for a run.
    ///
    /// # Errors
    /// It is no folder, or nothing can be written beside it.
    pub fn open(self: &Arc<Self>, folder: &Path) -> Result<(), Refusal> {
        let folder = existing(folder)?;
        let (results, store) = results_of(&folder)?;
        let store = Arc::new(store);
        let mut school = School {
            photos: Vec::new(),
            by_name: HashMap::new(),
            roster: None,
            words: store.last_words()?,
            shots: store.shots()?,
            folder: folder.clone(),
            results,
            store,
        };
        school.find();
        school.read_roster();
        if let Some(profile) = school.store.setting("profile")? {
            // A profile that this version does not understand stays where it is, and the present one is used.
            if let Ok(profile) = Profile::from_toml(&school.setting("profile-name"), &profile) {
                self.state().profile = Arc::new(profile);
            }
        }
        remember(&folder);
        let mut state = self.state();
        state.turn += 1;
        state.watch_folder(None);
        state.now = None;
        state.run = Run { total: school.photos.len(), ..Run::IDLE };
        state.school = Some(school);
        self.renew(&mut state);
        self.soil(state);
        self.run(true)
    }

    /// Rows of other photos or another profile: nothing that the page knows holds any more.
    fn renew(&self, state: &mut State) {
        state.rows.clear();
        state.sheet = None;
        state.whole_stamp = *self.stamps.borrow() + 1;
    }

    /// Applies another profile: what was measured is judged anew, nothing is looked at again.
    ///
    /// # Errors
    /// The choice cannot be kept beside the results.
    pub fn apply(&self, profile: Profile) -> Result<(), Refusal> {
        let mut state = self.state();
        if let Some(school) = &mut state.school {
            school.store.set("profile", &profile.to_toml())?;
            school.store.set("profile-name", profile.name())?;
            let profiles = ByKind::new(&profile);
            school.photos.par_iter_mut().filter_map(|photo| photo.seen.as_mut()).for_each(|seen| seen.judge(&profiles));
        }
        state.profile = Arc::new(profile);
        self.soil(state);
        Ok(())
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
        let beside = results.join(format!("roster.new.{extension}"));
        fs::write(&beside, bytes).with_context(|| unwritten(&beside))?;
        let (roster, reading) = Roster::read_with(&beside).map_err(|error| {
            // What is no roster is not kept; whether it can be removed changes nothing for the person.
            let _ = fs::remove_file(&beside);
            let beside = beside.display().to_string();
            let why = |language| error.message(language).replace(&beside, name);
            Refusal::bad(why(Language::Zh), why(Language::En))
        })?;
        fs::rename(&beside, &kept).with_context(|| unwritten(&kept))?;
        let file = RosterFile::new(name.to_owned(), &roster, &reading);
        let mut state = self.state();
        let school = state.school.as_mut().ok_or_else(nothing_open)?;
        school.store.set("roster", &kept.file_name().unwrap_or_default().to_string_lossy())?;
        school.store.set("roster-name", name)?;
        school.roster = Some((roster, file.clone()));
        self.soil(state);
        Ok(file)
    }

    /// Takes down what a person says of a photo.
    ///
    /// # Errors
    /// There is no such photo any more, or a grant has no reason.
    pub fn say(&self, saying: Saying) -> Result<(), Refusal> {
        let known =
            saying.decision.as_deref().is_none_or(|word| Decision::ALL.iter().any(|known| known.as_str() == word));
        if !known || saying.who.trim().is_empty() {
            return Err(Refusal::bad("请先填写姓名。", "Give your name first."));
        }
        if saying.decision.as_deref() == Some(Decision::Override.as_str()) && saying.note.trim().is_empty() {
            return Err(Refusal::bad("放行必须写明原因。", "Letting a photo pass by exception needs a reason."));
        }
        let mut state = self.state();
        let school = state.school.as_mut().ok_or_else(nothing_open)?;
        let photo = school.photos.get(saying.id).ok_or_else(Refusal::unknown)?;
        let is_same = photo.seen.as_ref().is_some_and(|seen| seen.identity() == saying.sha256);
        if !is_same {
            return Err(Refusal::new(
                axum::http::StatusCode::CONFLICT,
                "照片刚刚换过，请看新照片后再决定。",
                "The photo has just been replaced: look at the new one, then decide.",
            ));
        }
        let short = |text: &str, most: usize| text.trim().chars().take(most).collect::<String>();
        school.store.say(&Said {
            decision: saying.decision,
            note: short(&saying.note, 500),
            student: saying.student,
            who: short(&saying.who, 40),
            at: school.store.now()?,
            sha256: saying.sha256,
            photo: photo.name.clone(),
        })?;
        school.words = school.store.last_words()?;
        self.soil(state);
        Ok(())
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
        let looked = report.as_ref().map_or(Looked::Error(seen.error.as_ref().unwrap_or(&reason)), Looked::Report);
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
    /// There is no such photo.
    pub fn file(&self, id: usize) -> Result<PathBuf, Refusal> {
        self.school(|school| school.photos.get(id).map(|photo| photo.path.clone()))?.ok_or_else(Refusal::unknown)
    }

    fn school<T>(&self, get: impl FnOnce(&School) -> T) -> Result<T, Refusal> {
        self.state().school.as_ref().map(get).ok_or_else(nothing_open)
    }
}

fn nothing_open() -> Refusal {
    Refusal::new(axum::http::StatusCode::CONFLICT, "请先打开照片文件夹。", "Open a folder of photos first.")
}

#[cfg(test)]
mod tests {
    use gradphoto::Engine;
    use gradphoto::batch::Entry;

    use super::*;
    use crate::look::Kind;
    use crate::school::{Photo, Seen};
    use crate::store::Store;

    /// A folder of one photo that has been looked at, open in an app whose results are no more than a decision.
    fn opened(name: &str) -> (PathBuf, Arc<App>) {
        let folder = std::env::temp_dir().join(format!("gradphoto-app-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let office = Office {
            checker: Box::new(|profile| Ok(Checker::builder().profile(profile).engine(Engine::tract()).build()?)),
            export: |export| {
                let decision = export.batch.photos()[0].decision().map_or("none", Decision::as_str);
                Ok(fs::write(export.folder.join("decision.txt"), decision)?)
            },
            language: Language::Zh,
            photo: None,
        };
        let profile = Profile::built_in(Profile::DEFAULT).unwrap();
        let app = App::without_keeper(office, profile.clone()).unwrap();
        let measured = json!({
            "schema": gradphoto::SCHEMA, "photo": "1.jpg", "sha256": "ab", "fingerprint": format!("v2:{}", "0".repeat(64)),
            "engine": {"gradphoto": "", "runtime": "", "models_sha256": ""}, "readings": []
        });
        let mut seen = Seen {
            file: None,
            sha256: "ab".to_owned(),
            measured: Some(Box::new(serde_json::from_value(measured).unwrap())),
            entry: Entry::unreadable("1.jpg"),
            marks: Vec::new(),
            size: None,
            error: None,
            kind: Kind::File,
        };
        seen.judge(&ByKind::new(&profile));
        let photo = Photo { path: folder.join("1.jpg"), name: "1.jpg".to_owned(), seen: Some(seen) };
        app.state().school = Some(School {
            folder: folder.clone(),
            results: folder.clone(),
            store: Arc::new(Store::open(&folder.join("store.sqlite")).unwrap()),
            photos: vec![photo],
            by_name: HashMap::from([("1.jpg".to_owned(), 0)]),
            roster: None,
            words: Vec::new(),
            shots: Vec::new(),
        });
        (folder, Arc::new(app))
    }

    #[test]
    fn what_was_said_a_moment_ago_is_in_the_results() {
        let (folder, app) = opened("export");
        for decision in ["accept", "reject"] {
            let [sha256, who] = ["ab", "甲"].map(str::to_owned);
            let (decision, note, student) = (Some(decision.to_owned()), String::new(), String::new());
            app.say(Saying { id: 0, sha256, who, decision: decision.clone(), note, student }).unwrap();
            app.export().unwrap();
            assert_eq!(fs::read_to_string(folder.join("decision.txt")).ok(), decision);
        }
        drop(app);
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_folder_that_is_watched_twice_is_followed_once() {
        let (folder, app) = opened("watch");
        for watched in [Some(&folder), Some(&folder), None, Some(&folder)] {
            app.watch(watched.map(PathBuf::as_path)).unwrap();
        }
        let begun = Instant::now();
        // Each thread that follows a folder holds the app.
        while Arc::strong_count(&app) > 2 {
            assert!(begun.elapsed() < Duration::from_secs(20), "{} of them", Arc::strong_count(&app) - 1);
            thread::sleep(Duration::from_millis(20));
        }
        app.watch(None).unwrap();
    }
}
