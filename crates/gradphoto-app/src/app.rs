//! What the page works on: a folder of photos, what was found on them, who is on the roster, what people said.
//!
//! Whatever changes the facts only notes them and says so; one thread puts the rows together anew, and whoever waits for
//! changes is told which rows they are.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context;
use gradphoto::batch::{Batch, BatchReport, Decided, Decision, Entry, Reading, Roster};
use gradphoto::photo::shown;
use gradphoto::{Checker, Language, Limit, Measurements, Profile, Reason, SCHEMA, Source};
use rayon::iter::{IntoParallelRefMutIterator, ParallelIterator};
use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::sync::watch;

use crate::look::{Kind, MakeChecker, look, profile_for};
use crate::picture;
use crate::records::{self, Looked, Marks, Row, Sheet};
use crate::refusal::Refusal;
use crate::store::{FileStamp, Look, Said, Shot, Store};

/// Name of the store in the folder of results.
pub const STORE_NAME: &str = "gradphoto.sqlite";

/// What the command brings.
pub struct Office {
    /// Makes checkers with the engine that was asked for.
    pub checker: Box<MakeChecker>,
    /// Finds the photos of a folder, in order; a folder of its own is passed over.
    pub find_photos: fn(&Path, Option<&Path>) -> Vec<PathBuf>,
    /// Writes report.jsonl, the tables and the page.
    pub export: fn(&Export<'_>) -> anyhow::Result<()>,
    /// Language of the page until a person chooses.
    pub language: Language,
}

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
    /// The limits.
    pub profile: &'a Profile,
    /// Language of the tables.
    pub language: Language,
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

/// A folder of photos.
struct School {
    folder: PathBuf,
    results: PathBuf,
    store: Arc<Store>,
    photos: Vec<Photo>,
    by_name: HashMap<String, usize>,
    roster: Option<(Roster, RosterFile)>,
    words: Vec<Said>,
    shots: Vec<Shot>,
}

/// A photo of the folder.
struct Photo {
    path: PathBuf,
    /// Its name below the folder, with slashes.
    name: String,
    seen: Option<Seen>,
}

/// What was found on a photo, as little as ten thousand of them allow.
struct Seen {
    file: Option<FileStamp>,
    /// Hash of the file.
    sha256: String,
    /// What was measured; `None` where it could not be read.
    measured: Option<Box<Measurements>>,
    /// What the profile in force makes of that.
    entry: Entry,
    marks: Marks,
    size: Option<(u32, u32)>,
    error: Option<Reason>,
    kind: Kind,
}

/// The roster, as the page shows it.
#[derive(Clone, Serialize)]
pub struct RosterFile {
    name: String,
    students: usize,
    read: Reason,
}

impl RosterFile {
    fn new(name: String, roster: &Roster, reading: &Reading) -> RosterFile {
        let read = records::both(|language| {
            reading.lines().iter().map(|line| line.get(language).to_owned()).collect::<Vec<_>>().join("\n")
        });
        RosterFile { name, students: roster.students().len(), read }
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
        let checker = (office.checker)(profile.clone())?;
        let mut state = State {
            profile: Arc::new(profile),
            school: None,
            run: Run::IDLE,
            turn: 0,
            watching: None,
            now: None,
            is_dirty: false,
            rows: Vec::new(),
            whole_stamp: 1,
            meta: (Value::Null, 1),
            sheet: None,
        };
        state.meta.0 = records::meta(&state.profile, None, office.language, true);
        let app = Arc::new(App {
            office,
            checker,
            state: Mutex::new(state),
            work: Condvar::new(),
            stamps: watch::Sender::new(1),
        });
        let keeper = Arc::clone(&app);
        thread::Builder::new().name("rows".to_owned()).spawn(move || keeper.keep_rows())?;
        Ok(app)
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

    /// Names everything that measurements depend on beside the photo.
    fn stamp(&self, kind: Kind) -> String {
        let engine = self.checker.engine_stamp();
        let kind = if kind == Kind::File { "file" } else { "camera" };
        format!("{} {} {} {kind}", engine.gradphoto, engine.runtime, engine.models_sha256)
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
            state.is_dirty = false;
            let began = Instant::now();
            self.put_together(&mut state);
            self.stamps.send_modify(|stamp| *stamp += 1);
            drop(state);
            thread::sleep((began.elapsed() * 3).max(Duration::from_millis(40)));
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
        let rows = school.photos.iter().enumerate().map(|(id, photo)| {
            let seen = photo.seen.as_ref()?;
            let said = said.get(&(seen.identity(), photo.name.as_str())).cloned().unwrap_or_default();
            Some(match sheet.place(id) {
                Some(place) => sheet.row(place, seen.marks.clone(), seen.size, said),
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
        school.find(self.office.find_photos);
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
        state.watching = None;
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
            school.photos.par_iter_mut().filter_map(|photo| photo.seen.as_mut()).for_each(|seen| seen.judge(&profile));
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
        fs::write(&beside, bytes).with_context(|| format!("cannot write {}", beside.display()))?;
        let (roster, reading) = Roster::read_with(&beside).map_err(|error| {
            // What is no roster is not kept; whether it can be removed changes nothing for the person.
            let _ = fs::remove_file(&beside);
            let beside = beside.display().to_string();
            let why = |language| error.message(language).replace(&beside, name);
            Refusal::bad(why(Language::Zh), why(Language::En))
        })?;
        fs::rename(&beside, &kept).with_context(|| format!("cannot write {}", kept.display()))?;
        let file = RosterFile::new(name.to_owned(), &roster, &reading);
        let mut state = self.state();
        let school = state.school.as_mut().ok_or_else(nothing_open)?;
        school.store.set("roster", &kept.file_name().unwrap_or_default().to_string_lossy())?;
        school.store.set("roster-name", name)?;
        school.roster = Some((roster, file.clone()));
        self.soil(state);
        Ok(file)
    }

    /// Starts or stops looking at what has not been looked at.
    ///
    /// # Errors
    /// No folder is open.
    pub fn run(self: &Arc<Self>, go: bool) -> Result<(), Refusal> {
        let mut state = self.state();
        state.turn += 1;
        let turn = state.turn;
        let school = state.school.as_mut().ok_or_else(nothing_open)?;
        if !go {
            state.run.state = "stopped";
            drop(state);
            self.tell();
            return Ok(());
        }
        if school.find(self.office.find_photos) {
            self.renew(&mut state);
        }
        state.run = Run { state: "running", ..Run::IDLE };
        self.soil(state);
        let app = Arc::clone(self);
        thread::Builder::new()
            .name("run".to_owned())
            .spawn(move || app.look_at_all(turn))
            .context("cannot start a thread")?;
        Ok(())
    }

    fn look_at_all(&self, turn: u64) {
        let mut state = self.state();
        let Some(school) = &state.school else { return };
        let store = Arc::clone(&school.store);
        let shots = school.shots.iter().map(|shot| shot.path.as_str()).collect::<HashSet<_>>();
        let kind = |name: &str| if shots.contains(name) { Kind::Camera } else { Kind::File };
        let todo = school.photos.iter().enumerate().filter(|(_, photo)| photo.is_to_be_looked_at());
        let todo =
            todo.map(|(id, photo)| (id, photo.path.clone(), photo.name.clone(), kind(&photo.name))).collect::<Vec<_>>();
        let total = school.photos.len();
        state.run = Run { state: "running", done: total - todo.len(), total, ..Run::IDLE };
        drop(state);
        self.tell();
        let began = Instant::now();
        let mut fresh = 0;
        let work = |(id, path, name, kind): (usize, PathBuf, String, Kind)| (id, self.seen(&store, &path, &name, kind));
        let looked = gradphoto::map_in_order(todo, 0, work, |(id, seen)| {
            let mut state = self.state();
            if state.turn != turn {
                return std::ops::ControlFlow::Break(());
            }
            let found = seen.and_then(|(mut seen, is_fresh)| {
                fresh += usize::from(is_fresh);
                // The profile may have changed meanwhile.
                seen.judge(&state.profile);
                let school = state.school.as_mut().context("no folder is open")?;
                school.photos[id].seen = Some(seen);
                state.run.done += 1;
                state.run.per_second = fresh as f64 / began.elapsed().as_secs_f64().max(0.001);
                Ok(())
            });
            let is_broken = found.is_err();
            if let Err(error) = found {
                let why = format!("{error:#}");
                state.run = Run { state: "failed", error: Some(records::both(|_| why.clone())), ..state.run.clone() };
            }
            self.soil(state);
            if is_broken { std::ops::ControlFlow::Break(()) } else { std::ops::ControlFlow::Continue(()) }
        });
        let mut state = self.state();
        if state.turn == turn && state.run.state == "running" {
            state.run.state = "done";
            if let Err(error) = looked {
                state.run = Run { state: "failed", error: Some(error.reason().clone()), ..state.run.clone() };
            }
            self.soil(state);
        }
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
            return Err(Refusal::bad("放行必须写明原因。", "Granting a photo needs a reason."));
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

    /// What other limits would make of the photos that have been looked at; nothing is looked at again.
    pub fn effect(&self, profile: &Profile) -> Value {
        let began = Instant::now();
        let state = self.state();
        let mut now = Counts::default();
        let mut then = Counts::default();
        let mut changed = Vec::new();
        let photos = state.school.iter().flat_map(|school| school.photos.iter().enumerate());
        for (id, seen) in photos.filter_map(|(id, photo)| Some((id, photo.seen.as_ref()?))) {
            let [before, after] = [&*state.profile, profile].map(|profile| seen.verdict(profile));
            now.count(before);
            then.count(after);
            if before != after {
                changed.push(json!({"id": id, "from": before, "to": after}));
            }
        }
        let shown = profile.rules().iter().map(|(rule, settings)| {
            let shown = |limit: gradphoto::Limit| records::both(|language| limit.show(rule.unit, language));
            (rule.id.to_owned(), json!({"fails": shown(settings.limit), "passes": shown(settings.review)}))
        });
        let shown = shown.collect::<serde_json::Map<_, _>>();
        json!({"now": now, "then": then, "changed": changed, "shown": shown, "seconds": began.elapsed().as_secs_f64()})
    }

    /// Writes a profile beside the results; returns where it is.
    ///
    /// # Errors
    /// No folder is open, or it cannot be written.
    pub fn save_profile(&self, profile: &Profile) -> Result<PathBuf, Refusal> {
        let path = self.school(|school| school.results.join("profile.toml"))?;
        fs::write(&path, profile.to_toml()).with_context(|| format!("cannot write {}", path.display()))?;
        Ok(path)
    }

    /// Writes the results; returns their folder.
    ///
    /// # Errors
    /// Nothing has been looked at, or a file cannot be written.
    pub fn export(&self) -> Result<PathBuf, Refusal> {
        let state = self.state();
        let school = state.school.as_ref().ok_or_else(nothing_open)?;
        let sheet = state.sheet.clone().ok_or_else(nothing_open)?;
        let profile = Arc::clone(&state.profile);
        let (folder, photo_folder) = (school.results.clone(), school.folder.clone());
        let photos = sheet.ids.iter().map(|id| school.photos[*id].path.clone()).collect::<Vec<_>>();
        let line = |id: &usize| {
            let photo = &school.photos[*id];
            let seen = photo.seen.as_ref()?;
            Some(match (&seen.measured, &seen.error) {
                (Some(measured), _) => {
                    profile_for(seen.kind, &profile).judge(&**measured).renamed(&photo.name).to_json()
                }
                (None, error) => {
                    let why = error.as_ref().map(|error| error.get(self.office.language)).unwrap_or_default();
                    json!({"schema": SCHEMA, "photo": photo.name, "error": {"kind": "decode", "message": why}})
                        .to_string()
                }
            })
        };
        let lines = sheet.ids.iter().filter_map(line).collect::<Vec<_>>();
        drop(state);
        let export = Export {
            folder: &folder,
            photo_folder: &photo_folder,
            photos: &photos,
            lines: &lines,
            batch: &sheet.batch,
            profile: &profile,
            language: self.office.language,
        };
        (self.office.export)(&export)?;
        Ok(folder)
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
        let report = seen.measured.as_ref().map(|measured| profile_for(seen.kind, profile).judge(&**measured));
        let looked = report.as_ref().map_or(Looked::Error(seen.error.as_ref().unwrap_or(&reason)), Looked::Report);
        Ok(records::details(looked, profile, sheet, None))
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
        store.small(&sha256.ok_or_else(Refusal::unknown)?)?.ok_or_else(Refusal::unknown)
    }

    /// The file of a photo.
    ///
    /// # Errors
    /// There is no such photo.
    pub fn file(&self, id: usize) -> Result<PathBuf, Refusal> {
        self.school(|school| school.photos.get(id).map(|photo| photo.path.clone()))?.ok_or_else(Refusal::unknown)
    }

    /// Watches a folder that a camera saves to, or ends that.
    ///
    /// # Errors
    /// It is no folder, or nothing can be written beside it.
    pub fn watch(self: &Arc<Self>, folder: Option<&Path>) -> Result<(), Refusal> {
        let Some(folder) = folder else {
            let mut state = self.state();
            state.watching = None;
            drop(state);
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
        let mut state = self.state();
        state.watching = Some(folder.clone());
        drop(state);
        self.tell();
        let app = Arc::clone(self);
        let mut arrivals = Arrivals::default();
        (self.office.find_photos)(&folder, None).into_iter().for_each(|path| arrivals.skip(path));
        thread::Builder::new()
            .name("watch".to_owned())
            .spawn(move || app.follow(&folder, arrivals))
            .context("cannot start a thread")?;
        Ok(())
    }

    /// Looks at each photo that arrives, until another folder is watched or none.
    fn follow(&self, folder: &Path, mut arrivals: Arrivals) {
        while self.state().watching.as_deref() == Some(folder) {
            thread::sleep(Arrivals::TICK);
            for (path, is_last_try) in arrivals.ready((self.office.find_photos)(folder, None)) {
                match self.arrived(&path, is_last_try) {
                    Ok(true) => arrivals.skip(path),
                    Ok(false) => {}
                    Err(refusal) => {
                        let mut state = self.state();
                        state.run = Run { state: "failed", error: Some(refusal.words), ..state.run.clone() };
                        drop(state);
                        self.tell();
                        arrivals.skip(path);
                    }
                }
            }
        }
    }

    /// Looks at a photo that has arrived; false while it may still become a whole picture.
    fn arrived(&self, path: &Path, is_last_try: bool) -> Result<bool, Refusal> {
        let (store, name) = self.school(|school| (Arc::clone(&school.store), name_below(&school.folder, path)))?;
        let (seen, _) = self.seen(&store, path, &name, Kind::Camera)?;
        if seen.error.is_some() && !is_last_try {
            return Ok(false);
        }
        let is_pass = seen.verdict(&self.profile()) == "pass";
        let mut state = self.state();
        let now = state.now.and_then(|place| Some(state.sheet.as_ref()?.batch.students().get(place)?.key()));
        let school = state.school.as_mut().ok_or_else(nothing_open)?;
        let by_name = || school.student_by_name(&name);
        let student = now.or_else(by_name).unwrap_or_default();
        let shot = Shot { path: name.clone(), sha256: seen.identity().to_owned(), student, at: school.store.now()? };
        school.store.shoot(&shot)?;
        school.shots.push(shot);
        let id = match school.by_name.get(&name) {
            Some(id) => *id,
            None => {
                school.by_name.insert(name.clone(), school.photos.len());
                school.photos.push(Photo { path: path.to_owned(), name, seen: None });
                school.photos.len() - 1
            }
        };
        school.photos[id].seen = Some(seen);
        if is_pass {
            state.now = None;
        }
        self.soil(state);
        Ok(true)
    }

    /// Chooses the student who sits before the camera.
    pub fn choose(&self, student: Option<usize>) {
        self.state().now = student;
        self.tell();
    }

    fn school<T>(&self, get: impl FnOnce(&School) -> T) -> Result<T, Refusal> {
        self.state().school.as_ref().map(get).ok_or_else(nothing_open)
    }
}

impl School {
    /// Looks for photos; whether they are others than before.
    fn find(&mut self, find_photos: fn(&Path, Option<&Path>) -> Vec<PathBuf>) -> bool {
        let before = self.photos.iter().map(|photo| photo.path.clone()).collect::<Vec<_>>();
        let known = std::mem::take(&mut self.photos).into_iter().map(|photo| (photo.path, photo.seen));
        let mut known = known.collect::<HashMap<_, _>>();
        let found = find_photos(&self.folder, Some(&self.results));
        self.photos = found
            .into_iter()
            .map(|path| Photo { name: name_below(&self.folder, &path), seen: known.remove(&path).flatten(), path })
            .collect();
        self.by_name = self.photos.iter().enumerate().map(|(id, photo)| (photo.name.clone(), id)).collect();
        !self.photos.iter().map(|photo| &photo.path).eq(&before)
    }

    fn setting(&self, name: &str) -> String {
        self.store.setting(name).ok().flatten().unwrap_or_default()
    }

    /// Reads the roster that was kept, if there is one; one that has become unreadable is asked for again.
    fn read_roster(&mut self) {
        let kept = self.setting("roster");
        let is_name = !kept.is_empty() && Path::new(&kept).components().count() == 1;
        if let Some((roster, reading)) = is_name.then(|| Roster::read_with(self.results.join(&kept)).ok()).flatten() {
            let file = RosterFile::new(self.setting("roster-name"), &roster, &reading);
            self.roster = Some((roster, file));
        }
    }

    /// Ids of photos that a later shot of the same student replaces.
    fn replaced(&self) -> HashSet<usize> {
        let mut latest = HashMap::<&str, &str>::new();
        for shot in self.shots.iter().filter(|shot| !shot.student.is_empty()) {
            latest.insert(&shot.student, &shot.path);
        }
        let is_old = |shot: &&Shot| latest.get(shot.student.as_str()).is_some_and(|path| *path != shot.path);
        self.shots.iter().filter(is_old).filter_map(|shot| self.by_name.get(&shot.path).copied()).collect()
    }

    /// The student whom the name of a photo means.
    fn student_by_name(&self, name: &str) -> Option<String> {
        let (roster, _) = self.roster.as_ref()?;
        let stem = Path::new(name).file_stem()?.to_string_lossy();
        match roster.find(&stem, &gradphoto::batch::folders(Path::new(name), &[PathBuf::new()])) {
            gradphoto::batch::Match::One(place) => Some(roster.students()[place].key()),
            _ => None,
        }
    }

    /// What shows across the photos of these ids, with what people said and whose each shot is.
    fn batch(&self, ids: &[usize], profile: &Profile) -> BatchReport {
        let roster = self.roster.as_ref().map(|(roster, _)| Roster::new(roster.students().to_vec()));
        let mut batch = Batch::new(roster).below([""]).profile(profile);
        for seen in ids.iter().filter_map(|id| self.photos[*id].seen.as_ref()) {
            batch.add(seen.entry.clone());
        }
        let shots = self.shots.iter().filter(|shot| !shot.student.is_empty()).map(|shot| Decided {
            photo: shot.path.clone(),
            sha256: shot.sha256.clone(),
            student: shot.student.clone(),
            decision: None,
            note: String::new(),
        });
        batch.decide(shots.collect::<Vec<_>>());
        batch.decide(self.words.iter().map(|said| Decided {
            photo: said.photo.clone(),
            sha256: said.sha256.clone(),
            student: said.student.clone(),
            decision: Decision::ALL.into_iter().find(|known| Some(known.as_str()) == said.decision.as_deref()),
            note: said.note.clone(),
        }));
        batch.finish()
    }
}

impl Photo {
    fn is_to_be_looked_at(&self) -> bool {
        self.seen.as_ref().is_none_or(|seen| seen.file != FileStamp::of(&self.path))
    }
}

impl Seen {
    /// The row of a photo that is not in the batch, since a retake replaces it.
    fn row_alone(&self, id: usize, name: &str, said: Vec<Said>) -> Row {
        Row {
            id,
            photo: name.to_owned(),
            sha256: self.identity().to_owned(),
            verdict: if self.error.is_some() { "unread" } else { "review" },
            place: Vec::new(),
            student: None,
            who: None,
            marks: self.marks.clone(),
            notes: Vec::new(),
            size: self.size,
            overridable: false,
            fate: Some("set-aside"),
            said,
        }
    }

    /// Hash of what is handed in, by which decisions know the photo; empty where it cannot be read.
    fn identity(&self) -> &str {
        self.measured.as_ref().map_or("", |measured| measured.sha256())
    }

    /// Judges what was measured by another profile.
    fn judge(&mut self, profile: &Profile) {
        if let Some(measured) = &self.measured {
            let report = profile_for(self.kind, profile).judge(&**measured);
            self.marks = records::marks(&report, profile);
            self.entry = Entry::from(&report);
        }
    }

    /// The photo's verdict under a profile, from what was measured.
    fn verdict(&self, profile: &Profile) -> &'static str {
        match &self.measured {
            Some(measured) if self.kind == Kind::File => profile.judge(&**measured).verdict().as_str(),
            Some(measured) => profile_for(self.kind, profile).judge(&**measured).verdict().as_str(),
            None => "unread",
        }
    }
}

#[derive(Default, Serialize)]
struct Counts {
    pass: usize,
    review: usize,
    fail: usize,
    unread: usize,
}

impl Counts {
    fn count(&mut self, verdict: &str) {
        *match verdict {
            "pass" => &mut self.pass,
            "review" => &mut self.review,
            "fail" => &mut self.fail,
            _ => &mut self.unread,
        } += 1;
    }
}

impl App {
    /// What is on a photo, from the store where it is known; and whether it had to be looked at.
    fn seen(&self, store: &Store, path: &Path, name: &str, kind: Kind) -> anyhow::Result<(Seen, bool)> {
        let stamp = self.stamp(kind);
        let file = FileStamp::of(path);
        let known = |sha256: &str| -> anyhow::Result<Option<Seen>> {
            let Some(look) = store.look(sha256, &stamp)? else { return Ok(None) };
            // What another version of a rule measured is looked at anew.
            let Ok(measured) = serde_json::from_str::<Measurements>(&look.measured) else { return Ok(None) };
            Ok(Some(self.made(measured.renamed(name), sha256, file, look.photo_px, kind)))
        };
        if let Some(sha256) = file.map(|file| store.sha256_of(name, file)).transpose()?.flatten() {
            if let Some(seen) = known(&sha256)? {
                return Ok((seen, false));
            }
        }
        let bytes = match fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) => {
                let zh = format!("文件读不出来（{error}），请检查文件或重新拷贝。");
                let en = format!("The file cannot be read ({error}); copy it again.");
                return Ok((unreadable(name, file, String::new(), Reason { zh, en }, kind), true));
            }
        };
        let sha256 = hex(&Sha256::digest(&bytes));
        if let Some(seen) = known(&sha256)? {
            if let Some(file) = file {
                store.note_file(name, file, &sha256)?;
            }
            return Ok((seen, false));
        }
        let (evidence, measured) =
            match look(&self.checker, &self.profile(), Source::Bytes(name.to_owned(), bytes), kind) {
                Ok(looked) => looked,
                Err(error) => return Ok((unreadable(name, file, sha256, error.reason().clone(), kind), true)),
            };
        let photo = &evidence.photo;
        let look = Look { measured: measured.to_json(), photo_px: (photo.width_px(), photo.height_px()) };
        let small = picture::small(photo, picture::LARGE_PX).unwrap_or_default();
        if let Some(file) = file {
            store.keep(name, file, &sha256, &stamp, &look, &small)?;
        }
        Ok((self.made(measured, &sha256, file, look.photo_px, kind), true))
    }

    fn made(
        &self,
        measured: Measurements,
        sha256: &str,
        file: Option<FileStamp>,
        photo_px: (u32, u32),
        kind: Kind,
    ) -> Seen {
        let entry = Entry::unreadable(measured.photo());
        let (size, measured) = (Some(photo_px), Some(Box::new(measured)));
        let mut seen =
            Seen { file, sha256: sha256.to_owned(), measured, entry, marks: Marks::new(), size, error: None, kind };
        seen.judge(&self.profile());
        seen
    }
}

fn unreadable(name: &str, file: Option<FileStamp>, sha256: String, error: Reason, kind: Kind) -> Seen {
    let entry = Entry::unreadable(name);
    Seen { file, sha256, measured: None, entry, marks: Marks::new(), size: None, error: Some(error), kind }
}

/// Files that are being written, and those that need not be looked at any more. Folders on a network tell nobody what happens
/// in them, so they are looked through again and again.
#[derive(Default)]
struct Arrivals {
    /// Stamp of the file, since when, and whether it has been tried.
    open: HashMap<PathBuf, (Option<FileStamp>, Instant, bool)>,
    done: HashMap<PathBuf, Option<FileStamp>>,
}

impl Arrivals {
    const TICK: Duration = Duration::from_millis(150);
    /// A file is looked at when nothing has been written to it for so long.
    const QUIET: Duration = Duration::from_millis(250);
    /// One that is no whole picture by then is given this time before that is said.
    const PATIENCE: Duration = Duration::from_secs(3);

    /// This file is not looked at again unless it changes.
    fn skip(&mut self, path: PathBuf) {
        self.open.remove(&path);
        let stamp = FileStamp::of(&path);
        self.done.insert(path, stamp);
    }

    /// Files to look at now, and whether that is the last time: once when they fall quiet, once when patience ends.
    fn ready(&mut self, found: Vec<PathBuf>) -> Vec<(PathBuf, bool)> {
        let mut ready = Vec::new();
        for path in found {
            let stamp = FileStamp::of(&path);
            if self.done.get(&path) == Some(&stamp) {
                continue;
            }
            let open = self.open.entry(path.clone()).or_insert_with(|| (stamp, Instant::now(), false));
            if open.0 != stamp {
                *open = (stamp, Instant::now(), false);
            }
            let quiet = open.1.elapsed();
            if quiet >= Self::PATIENCE || quiet >= Self::QUIET && !open.2 {
                open.2 = true;
                ready.push((path, quiet >= Self::PATIENCE));
            }
        }
        ready
    }
}

/// Lower-case hex digits of `bytes`.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn nothing_open() -> Refusal {
    Refusal::new(axum::http::StatusCode::CONFLICT, "请先打开照片文件夹。", "Open a folder of photos first.")
}

/// The folder with its whole path.
fn existing(folder: &Path) -> Result<PathBuf, Refusal> {
    let shown = folder.display();
    // Copied paths bring quotation marks along.
    let text = folder.to_string_lossy();
    let folder = Path::new(text.trim().trim_matches('"'));
    if !folder.is_dir() {
        return Err(Refusal::bad(
            format!("找不到文件夹 {shown}，请核对位置。"),
            format!("There is no folder {shown}. Check where it is."),
        ));
    }
    Ok(std::path::absolute(folder).context("cannot tell the whole path")?)
}

/// The folder of results beside the photos, or in the person's own where nothing can be written there; and its store.
fn results_of(folder: &Path) -> Result<(PathBuf, Store), Refusal> {
    let name = folder.file_name().map_or("照片".to_owned(), |name| name.to_string_lossy().into_owned());
    let beside = folder.parent().map(|parent| parent.join(format!("{name}-检查结果")));
    let own = dirs::document_dir()
        .or_else(dirs::home_dir)
        .map(|home| home.join("gradphoto").join(format!("{name}-检查结果")));
    let mut why = None;
    for results in [beside, own].into_iter().flatten() {
        let made = fs::create_dir_all(&results)
            .map_err(anyhow::Error::from)
            .and_then(|()| Store::open(&results.join(STORE_NAME)));
        match made {
            Ok(store) => return Ok((results, store)),
            Err(error) => why = Some(error),
        }
    }
    let why = why.map(|error| format!("{error:#}")).unwrap_or_default();
    Err(Refusal::bad(
        format!("结果无处保存（{why}）。请换一个可以写入的位置。"),
        format!("The results cannot be written anywhere ({why}). Use a place that can be written to."),
    ))
}

/// Name of a photo below its folder, with slashes.
fn name_below(folder: &Path, path: &Path) -> String {
    let below = path.strip_prefix(folder).unwrap_or(path);
    below.components().map(|part| shown(Path::new(part.as_os_str()))).collect::<Vec<_>>().join("/")
}

/// How many folders are remembered.
const RECENT: usize = 6;

fn recent_file() -> Option<PathBuf> {
    Some(dirs::data_local_dir()?.join("gradphoto").join("recent.json"))
}

/// Folders that were opened, the latest first.
fn recent() -> Vec<String> {
    let read = recent_file().and_then(|path| fs::read(path).ok());
    read.and_then(|bytes| serde_json::from_slice::<Vec<String>>(&bytes).ok()).unwrap_or_default()
}

/// Puts a folder at the head of the list; where that cannot be kept, the person types it again.
fn remember(folder: &Path) {
    let folder = folder.display().to_string();
    let others = recent().into_iter().filter(|other| *other != folder).take(RECENT - 1).collect::<Vec<_>>();
    let all = std::iter::once(folder).chain(others).collect::<Vec<_>>();
    if let Some(path) = recent_file() {
        let _ = path.parent().map(fs::create_dir_all);
        let _ = fs::write(path, json!(all).to_string());
    }
}

/// The profile with other limits.
///
/// # Errors
/// There is no such rule, or the limits make no sense for it.
pub fn with_limits(profile: &Profile, limits: &HashMap<String, Limits>) -> Result<Profile, gradphoto::Error> {
    limits.iter().try_fold(profile.clone(), |profile, (rule, new)| {
        profile.with_limit(rule, new.fails)?.with_review(rule, new.passes)
    })
}

/// New limits of a rule.
#[derive(serde::Deserialize)]
pub struct Limits {
    /// Outside: fail.
    fails: Limit,
    /// Outside: review.
    passes: Limit,
}
