//! What the page works on: a folder of photos, what was found on them, who is on the roster, what people said.
//!
//! Whatever changes the facts only notes them and says so; one thread puts the rows together anew, and whoever waits for
//! changes is told which rows they are.

mod effect;
mod export;
mod open;
mod rows;
mod run;
mod say;
mod tether;
mod told;

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock};
use std::thread;
use std::time::Instant;

use gradphoto::folder::PassedOver;
use gradphoto::{Checker, Language, Profile, Reason};
use serde::Serialize;
use serde_json::Value;
use tokio::sync::watch;

pub use self::effect::{Limits, with_limits};
pub use self::export::Export;
pub use self::say::Saying;
use crate::arrivals::Reach;
use crate::kind::MakeChecker;
use crate::records::{self, Row, Sheet};
use crate::refusal::Refusal;
use crate::school::School;
use crate::turns::Turns;

/// What the command brings.
pub struct Office {
    /// Makes checkers with the engine that was asked for.
    pub checker: Box<MakeChecker>,
    /// Writes report.jsonl, the tables and the page, or says in whole sentences why not.
    pub export: fn(&Export<'_>) -> Result<(), Reason>,
    /// Language of the page until a person chooses.
    pub language: Language,
    /// Photo that the page tries at the start.
    pub photo: Option<PathBuf>,
    /// Judges photos until a person chooses, in the page now or for the folder before.
    pub profile: Profile,
    /// Whether that was asked for, so that it goes before what was chosen for a folder at another time.
    pub is_profile_typed: bool,
}

/// Everything behind the page.
pub struct App {
    /// What the command brings.
    pub office: Office,
    /// Sees; what it sees is judged by the profile in force.
    checker: Checker,
    /// Those that everybody can choose.
    built_in: Vec<Arc<Profile>>,
    state: Mutex<State>,
    /// Woken when facts have changed.
    work: Condvar,
    /// Counts what the page has to know.
    stamps: watch::Sender<u64>,
}

/// Places on the roster of the students who sit before the camera, one after the other.
type Sitters = Turns<Option<usize>>;

struct State {
    /// The one in force.
    profile: Arc<Profile>,
    /// Judges folders for which nothing was chosen.
    start: Arc<Profile>,
    /// The school's own of the open folder, in force or not.
    own: Option<Arc<Profile>>,
    /// Results of the folders for which a person has chosen since the start.
    chosen: HashSet<PathBuf>,
    school: Option<School>,
    run: Run,
    /// Counts runs: a run that is not the latest ends by itself.
    turn: u64,
    watching: Option<PathBuf>,
    /// What has come there and cannot be judged.
    passed_over: Vec<(PathBuf, PassedOver)>,
    /// Whether that folder could be looked at of late.
    reach: Reach,
    /// Watches whose photos are not all known yet; one at most goes on.
    watches: Vec<Arc<Watch>>,
    /// Folders that were left before all photos were known that had begun to come there.
    left: Vec<Shoot>,
    turns: Sitters,
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
    /// Watches no folder any more.
    fn end_watch(&mut self) {
        self.watching = None;
        self.passed_over.clear();
        self.reach = Reach::Open;
        for watch in &self.watches {
            watch.ended.get_or_init(Instant::now);
        }
    }

    /// All photos of a watch are known.
    fn forget_watch(&mut self, watch: &Arc<Watch>) {
        self.watches.retain(|other| !Arc::ptr_eq(other, watch));
        let State { watches, left, .. } = self;
        left.retain(|left| watches.iter().any(|watch| watch.results == left.school.results));
    }

    /// Closes the folder that is open; what has begun to come there is finished.
    fn leave(&mut self) {
        let Some(school) = self.school.take() else { return };
        if self.watches.iter().any(|watch| watch.results == school.results) {
            let turns = std::mem::replace(&mut self.turns, Turns::new(None));
            self.left.push(Shoot { school, turns, profile: Arc::clone(&self.profile) });
        }
    }

    /// Where photos of a watch belong, whose turn it is there, and by which profile they are judged.
    fn shoot_of(&mut self, watch: &Watch) -> Option<(&mut School, &mut Sitters, &Arc<Profile>)> {
        let State { school, turns, profile, left, .. } = self;
        let open = school.as_mut().map(|school| (school, turns, &*profile));
        let left = left.iter_mut().map(|Shoot { school, turns, profile }| (school, turns, &*profile));
        open.into_iter().chain(left).find(|(school, ..)| school.results == watch.results)
    }
}

/// A watch of a folder.
struct Watch {
    /// Results of the open folder in which it lies, or which it is.
    results: PathBuf,
    /// When it ended: what had begun to come by then belongs to it.
    ended: OnceLock<Instant>,
}

/// A folder with who sits before its camera and what judges its photos.
struct Shoot {
    school: School,
    turns: Sitters,
    profile: Arc<Profile>,
}

/// Where a run stands.
#[derive(Clone, Serialize)]
pub struct Run {
    state: RunState,
    done: usize,
    total: usize,
    per_second: f64,
    error: Option<Reason>,
}

/// What a run is doing.
#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "kebab-case")]
enum RunState {
    Idle,
    Running,
    Stopped,
    Done,
    Failed,
}

impl Run {
    const IDLE: Run = Run { state: RunState::Idle, done: 0, total: 0, per_second: 0.0, error: None };
}

impl App {
    /// Starts the engine and the thread that keeps the rows.
    ///
    /// # Errors
    /// No engine starts.
    pub fn new(office: Office) -> anyhow::Result<Arc<App>> {
        let app = Arc::new(App::without_keeper(office)?);
        let keeper = Arc::clone(&app);
        thread::Builder::new().name("rows".to_owned()).spawn(move || keeper.keep_rows())?;
        Ok(app)
    }

    /// The same before a thread keeps the rows.
    fn without_keeper(office: Office) -> anyhow::Result<App> {
        let profile = Arc::new(office.profile.clone());
        let checker = (office.checker)(office.profile.clone())?;
        let built_in = Profile::names().map(|name| Profile::built_in(name).map(Arc::new)).collect::<Result<_, _>>()?;
        let mut state = State {
            profile: Arc::clone(&profile),
            start: profile,
            own: None,
            chosen: HashSet::new(),
            school: None,
            run: Run::IDLE,
            turn: 0,
            watching: None,
            passed_over: Vec::new(),
            reach: Reach::Open,
            watches: Vec::new(),
            left: Vec::new(),
            turns: Turns::new(None),
            is_dirty: false,
            rows: Vec::new(),
            whole_stamp: 1,
            meta: (Value::Null, 1),
            sheet: None,
        };
        state.meta.0 = records::meta(&state.profile, None, office.language, true);
        let (work, stamps) = (Condvar::new(), watch::Sender::new(1));
        Ok(App { office, checker, built_in, state: Mutex::new(state), work, stamps })
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

    fn school<T>(&self, get: impl FnOnce(&School) -> T) -> Result<T, Refusal> {
        self.state().school.as_ref().map(get).ok_or_else(nothing_open)
    }
}

fn nothing_open() -> Refusal {
    Refusal::new(axum::http::StatusCode::CONFLICT, "请先打开照片文件夹。", "Open a folder of photos first.")
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;
    use std::time::Duration;

    use gradphoto::Engine;
    use gradphoto::batch::{Decision, Entry};
    use serde_json::json;

    use super::*;
    use crate::kind::{ByKind, Kind};
    use crate::school::{Photo, Seen};
    use crate::store::{Said, Shot, Store};

    /// A folder of one photo that has been looked at, open in an app whose results are no more than a decision.
    fn opened(name: &str) -> (PathBuf, Arc<App>) {
        let folder = std::env::temp_dir().join(format!("gradphoto-app-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let profile = Profile::built_in(Profile::DEFAULT).unwrap();
        let office = Office {
            checker: Box::new(|profile| Ok(Checker::builder().profile(profile).engine(Engine::tract()).build()?)),
            export: |export| {
                let decision = export.batch.photos()[0].decision().map_or("none", Decision::as_str);
                let batch = serde_json::from_str::<Value>(&export.batch.to_json()).unwrap();
                let written = json!([decision, batch["roster"]["students"]]).to_string();
                let lines = fs::write(export.folder.join("lines.jsonl"), export.lines.join("\n"));
                lines.map_err(|error| Reason::of_system(&error))?;
                fs::write(export.folder.join("written.json"), written).map_err(|error| Reason::of_system(&error))
            },
            language: Language::Zh,
            photo: None,
            profile,
            is_profile_typed: false,
        };
        let app = App::without_keeper(office).unwrap();
        let store = Arc::new(Store::open(&folder.join("store.sqlite")).unwrap());
        app.state().school = Some(School::new(folder.clone(), folder.clone(), store).unwrap());
        add(&app, "1.jpg", "ab");
        (folder, Arc::new(app))
    }

    /// Adds a photo that has been looked at.
    fn add(app: &App, name: &str, sha256: &str) {
        let measured = json!({
            "schema": gradphoto::SCHEMA, "photo": name, "sha256": sha256, "fingerprint": format!("v2:{}", sha256.repeat(32)),
            "engine": {"gradphoto": "", "runtime": "", "models_sha256": ""}, "readings": []
        });
        let mut seen = Seen {
            file: None,
            sha256: sha256.to_owned(),
            measured: Some(Box::new(serde_json::from_value(measured).unwrap())),
            entry: Entry::unreadable(name),
            marks: Vec::new(),
            size: None,
            error: None,
            kind: Kind::File,
            taken: OnceLock::new(),
        };
        seen.judge(&ByKind::new(&app.profile()));
        let mut state = app.state();
        let school = state.school.as_mut().unwrap();
        let photo =
            Photo { path: school.folder.join(name), name: name.to_owned(), found: Instant::now(), seen: Some(seen) };
        school.by_name.insert(name.to_owned(), school.photos.len());
        school.photos.push(photo);
    }

    /// The decision on the photo and how many students the roster has, as the results tell them.
    fn exported(app: &App, folder: &Path) -> Value {
        app.export(None).unwrap();
        serde_json::from_slice(&fs::read(folder.join("written.json")).unwrap()).unwrap()
    }

    fn say(app: &App, decision: &str) -> Result<(), Refusal> {
        let saying = json!({"id": 0, "sha256": "ab", "who": "甲", "decision": decision, "note": ""});
        app.say(serde_json::from_value(saying).unwrap())
    }

    #[test]
    fn what_was_said_a_moment_ago_is_in_the_results_and_what_was_read_of_the_roster() {
        let (folder, app) = opened("export");
        for decision in ["accept", "reject"] {
            say(&app, decision).unwrap();
            assert_eq!(exported(&app, &folder), json!([decision, null]));
        }
        let elsewhere = Store::open(&folder.join("store.sqlite")).unwrap();
        let word = Said { decision: Some("accept".to_owned()), ..elsewhere.last_words().unwrap().remove(0) };
        elsewhere.say(&word).unwrap();
        assert_eq!(exported(&app, &folder), json!(["accept", null]));
        app.take_roster("名册.csv", "学号,姓名\n1,张三\n".as_bytes()).unwrap();
        assert_eq!(exported(&app, &folder), json!(["accept", 1]));
        drop(app);
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_shot_that_was_taken_again_keeps_its_verdict_and_takes_no_decision() {
        let (folder, app) = opened("retaken");
        add(&app, "2.jpg", "cd");
        say(&app, "accept").unwrap();
        app.take_roster("名册.csv", "学号,姓名\n20210001,张三\n".as_bytes()).unwrap();
        let mut state = app.state();
        let shot = |(path, sha256): (&str, &str)| Shot {
            path: path.to_owned(),
            sha256: sha256.to_owned(),
            student: "20210001".to_owned(),
            at: String::new(),
        };
        state.school.as_mut().unwrap().shots = [("1.jpg", "ab"), ("2.jpg", "cd")].map(shot).to_vec();
        app.freshen(&mut state);
        let [retaken, row] = [0, 1].map(|id| state.rows[id].as_ref().unwrap().0.clone());
        assert_eq!(
            (retaken.fate, retaken.who.as_deref(), retaken.student),
            (Some("retaken"), Some("张三 20210001"), None)
        );
        assert_eq!((row.fate, row.student, retaken.verdict), (None, Some(0), row.verdict));
        let batch = &state.sheet.as_ref().unwrap().batch;
        assert!(batch.unused_decisions().is_empty() && batch.photos().len() == 1);
        // Where the later shot is another photo by now, the first counts again.
        state.school.as_mut().unwrap().shots[1].sha256 = "ef".to_owned();
        state.is_dirty = true;
        app.freshen(&mut state);
        assert_eq!(state.rows[0].as_ref().unwrap().0.fate, None);
        drop(state);
        drop(app);
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_code_that_means_nobody_leaves_nobody_before_the_camera_and_a_new_roster_moves_nobody() {
        let (folder, app) = opened("scanned");
        let roster = "学号,姓名,班级\n0001,王明,1班\n0002,李雷,1班\n0003,张伟,1班\n0004,张伟,2班\n";
        app.take_roster("名册.csv", roster.as_bytes()).unwrap();
        let scanned = |code, class: &str| {
            let place = Some(class.to_owned()).filter(|class| !class.is_empty());
            let refusal = app.scanned(code, place.as_slice()).err().map(|refusal| refusal.words.zh);
            (app.state().turns.latest(), refusal)
        };
        for code in ["0002", "０００２", "李　雷", "0002 李雷", "李雷 0002"] {
            assert_eq!(scanned(code, "2班"), (Some(1), None), "{code}");
        }
        let nobody = |code: &str| {
            (None, Some(format!("名册上没有“{code}”，或不止一人；请重新扫码或输入学号，几人同号的输入“学号 姓名”。")))
        };
        assert_eq!(scanned("0009", ""), nobody("0009"));
        assert_eq!([scanned("张伟", "2班"), scanned("张伟", "")], [(Some(3), None), nobody("张伟")]);
        scanned("0002", "");
        // Classes of one name are told apart by what they belong to.
        let two = "学号,姓名,院系,班级\n0001,张伟,计算机学院,1班\n0002,张伟,外语学院,1班\n";
        app.take_roster("名册.csv", two.as_bytes()).unwrap();
        app.scanned("张伟", &["外语学院", "1班"].map(str::to_owned)).unwrap();
        assert_eq!(app.state().turns.latest(), Some(1));
        app.take_roster("名册.csv", "学号,姓名\n0000,新生\n0001,王明\n0002,李雷\n".as_bytes()).unwrap();
        assert_eq!(app.state().turns.latest(), Some(2));
        app.take_roster("名册.csv", "学号,姓名\n0000,新生\n".as_bytes()).unwrap();
        assert_eq!(app.state().turns.latest(), None);
        drop(app);
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_shot_that_was_taken_for_another_s_is_given_to_whom_it_shows_and_what_a_person_decided_stands() {
        let (folder, app) = opened("given");
        app.take_roster("名册.csv", "学号,姓名\n0001,王明\n0002,李雷\n0003,张伟\n".as_bytes()).unwrap();
        let scanned = |code: &str| app.scanned(code, &[]).map_err(|refusal| refusal.words.zh);
        assert_eq!(scanned("=0003").unwrap_err(), "还没有照片可以改正。");
        scanned("0002").unwrap();
        let mut state = app.state();
        let school = state.school.as_mut().unwrap();
        school.photos[0].found = Instant::now();
        let [path, sha256, student, at] = ["1.jpg", "ab", "0002", ""].map(str::to_owned);
        school.shots.push(Shot { path, sha256, student, at });
        drop(state);
        let whose = || {
            let state = app.state();
            (state.school.as_ref().unwrap().owners()[0].to_owned(), state.turns.latest())
        };
        assert!(scanned("=0009").unwrap_err().starts_with("名册上没有“0009”"));
        assert_eq!(whose(), ("0002".to_owned(), Some(1)));
        scanned("＝ 0003").unwrap();
        assert_eq!(whose(), ("0003".to_owned(), Some(2)));
        // Who was called since sits there.
        scanned("0001").unwrap();
        app.give("1.jpg", "ab", "0002").unwrap();
        assert_eq!(whose(), ("0002".to_owned(), Some(0)));
        assert_eq!(app.school(|school| school.store.shots().unwrap()[0].student.clone()).unwrap(), "0002");
        for (student, owner) in [("0001", "0001"), ("0009", "0002"), ("0003", "0003")] {
            let saying =
                json!({"id": 0, "sha256": "ab", "who": "甲", "decision": "accept", "note": "", "student": student});
            app.say(serde_json::from_value(saying).unwrap()).unwrap();
            assert_eq!(whose().0, owner);
        }
        assert!(scanned("=0001").unwrap_err().starts_with("1.jpg 是谁的照片已经人工确认过"));
        assert_eq!(whose(), ("0003".to_owned(), Some(0)));
        drop(app);
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_file_that_cannot_be_read_is_no_broken_picture_in_the_results() {
        let (folder, app) = opened("unread");
        let (store, profile) = (app.school(|school| Arc::clone(&school.store)).unwrap(), app.profile());
        let (path, name) = (folder.join("2.jpg"), "2.jpg".to_owned());
        let (seen, _) = app.seen(&store, &path, &name, Kind::File, &profile).unwrap();
        let photo = Photo { path, name, found: Instant::now(), seen: Some(seen) };
        app.state().school.as_mut().unwrap().photos.push(photo);
        app.state().is_dirty = true;
        app.export(None).unwrap();
        let lines = fs::read_to_string(folder.join("lines.jsonl")).unwrap();
        let line = serde_json::from_str::<Value>(lines.lines().nth(1).unwrap()).unwrap();
        assert_eq!((&line["photo"], &line["error"]["kind"]), (&json!("2.jpg"), &json!("read")));
        drop(app);
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_pause_holds_that_comes_before_the_run_has_begun() {
        let (folder, app) = opened("paused");
        let turn = app.state().turn;
        app.run(false).unwrap();
        app.look_at_all(turn);
        assert!(matches!(app.state().run.state, RunState::Stopped));
        drop(app);
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_folder_that_is_gone_is_told_and_what_is_known_of_it_stays() {
        let (folder, app) = opened("gone");
        let elsewhere = folder.with_extension("elsewhere");
        fs::rename(&folder, &elsewhere).unwrap();
        for refusal in [app.run(true).unwrap_err(), app.export(None).unwrap_err()] {
            assert!(refusal.words.zh.starts_with(&format!("找不到文件夹 {} 了", folder.display())), "{refusal}");
        }
        assert_eq!(app.school(|school| school.photos[0].name.clone()).unwrap(), "1.jpg");
        fs::rename(&elsewhere, &folder).unwrap();
        say(&app, "accept").unwrap();
        assert_eq!(exported(&app, &folder), json!(["accept", null]));
        drop(app);
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_file_that_was_replaced_since_is_neither_shown_nor_decided_nor_in_the_results() {
        let (folder, app) = opened("replaced");
        say(&app, "accept").unwrap();
        fs::write(folder.join("1.jpg"), "another photo").unwrap();
        for refusal in [say(&app, "reject").unwrap_err(), app.file(0).unwrap_err()] {
            assert!(refusal.words.zh.starts_with("照片文件在检查之后换过"), "{refusal}");
        }
        assert!(app.export(None).unwrap_err().words.zh.contains("1 张照片在检查之后换过，或已不在原处：1.jpg。"));
        assert_eq!(app.school(|school| school.words[0].decision.clone()).unwrap().as_deref(), Some("accept"));
        drop(app);
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_roster_that_may_not_be_written_is_kept_and_can_be_replaced() {
        let (folder, app) = opened("roster");
        let table = folder.join("名册.csv");
        fs::write(&table, "学号,姓名\n1,张三\n").unwrap();
        let mut permissions = fs::metadata(&table).unwrap().permissions();
        permissions.set_readonly(true);
        fs::set_permissions(&table, permissions).unwrap();
        app.state().school.as_mut().unwrap().tables.push("名册.csv".to_owned());
        for _ in 0..2 {
            app.take_roster_beside("名册.csv").unwrap();
            assert!(!fs::metadata(folder.join("roster.csv")).unwrap().permissions().readonly());
        }
    }

    #[test]
    fn a_table_beside_the_photos_that_cannot_be_read_is_named_and_the_roster_stays() {
        let (folder, app) = opened("roster-unread");
        app.take_roster("名册.csv", "学号,姓名\n1,张三\n".as_bytes()).unwrap();
        app.state().school.as_mut().unwrap().tables.push("新名册.csv".to_owned());
        let refusal = app.take_roster_beside("新名册.csv").err().unwrap();
        let table = folder.join("新名册.csv").display().to_string();
        assert_eq!(refusal.words.zh, format!("打不开 {table}（文件或文件夹不存在，请核对路径）。"));
        assert!(refusal.words.en.starts_with(&format!("Cannot read {table} (")), "{refusal}");
        assert!(app.school(|school| school.roster.is_some()).unwrap() && folder.join("roster.csv").exists());
        // Nor does one that is no roster take the place of another, or leave anything.
        let before = fs::read_dir(&folder).unwrap().count();
        let refusal = app.take_roster("照片.csv", "没有表头\n".as_bytes()).err().unwrap();
        assert!(refusal.words.zh.starts_with("照片.csv：") && refusal.words.en.starts_with("照片.csv: "), "{refusal}");
        assert_eq!(fs::read_dir(&folder).unwrap().count(), before);
        assert!(fs::read_to_string(folder.join("roster.csv")).unwrap().contains("张三"));
    }

    #[test]
    fn a_photo_that_comes_to_a_roster_that_tells_graduation_is_asked_about_where_it_is_old() {
        let (folder, app) = opened("recent");
        app.take_roster("名册.csv", "学号,姓名,毕业年月\n1,张三,2026-06\n".as_bytes()).unwrap();
        let exif = [
            b"II*\0\x08\0\0\0".as_slice(),
            b"\x01\0\x69\x87\x04\0\x01\0\0\0\x1a\0\0\0\0\0\0\0",
            b"\x01\0\x03\x90\x02\0\x14\0\0\0\x2c\0\0\0\0\0\0\0",
            b"2025:04:12 08:30:00\0",
        ];
        fs::write(folder.join("1.jpg"), exif.concat()).unwrap();
        let profile = app.profile();
        let batch = app.school(|school| school.batch(&[0], &profile)).unwrap();
        assert!(batch.findings().iter().any(|finding| finding.kind() == "too-old" && finding.photos() == [0]));
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

    #[test]
    fn the_page_is_told_of_a_watched_folder_that_cannot_be_read_until_it_can() {
        let (folder, app) = opened("unreached");
        let [camera, elsewhere] = ["相机", "别处"].map(|name| folder.join(name));
        fs::create_dir_all(&camera).unwrap();
        app.watch(Some(&camera)).unwrap();
        let wait = |is_told: bool| {
            let begun = Instant::now();
            while app.since(0)["state"]["unreached"].is_null() == is_told {
                assert!(begun.elapsed() < Duration::from_secs(60), "told: {}", !is_told);
                thread::sleep(Duration::from_millis(20));
            }
        };
        fs::rename(&camera, &elsewhere).unwrap();
        wait(true);
        fs::rename(&elsewhere, &camera).unwrap();
        wait(false);
        app.watch(None).unwrap();
    }
}
