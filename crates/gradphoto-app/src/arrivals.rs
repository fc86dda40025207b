//! Files that come into a folder, until they are whole.

use std::collections::{HashMap, HashSet};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, TryRecvError};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use gradphoto::Reason;
use gradphoto::folder::{Found, PassedOver, is_photo};
use gradphoto::photo::shown;
use notify::event::{ModifyKind, RenameMode};
use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher};

/// How long is waited for news.
const TICK: Duration = Duration::from_millis(50);
/// A file is looked at when nothing has been written to it for so long.
const QUIET: Duration = Duration::from_millis(250);
/// One that is no whole picture by then is given this time before that is said.
const PATIENCE: Duration = Duration::from_secs(3);
/// The folder is looked at this often, and looked through where that takes no more than a twentieth of the time.
const LOOK: Duration = Duration::from_secs(2);
const LOOK_SHARE: u32 = 20;
/// A look that has not come back by then, nor in twice the time that the last one took, is told of.
const SILENCE: Duration = Duration::from_secs(10);

/// A transfer under another name that has not ended by then never will.
const TRANSFER: Duration = Duration::from_secs(60);

/// Size and time of a file.
type Stamp = (u64, Option<SystemTime>);

/// A folder whose files are being written, and which of them need not be looked at any more.
pub struct Arrivals {
    /// The folder as it was named.
    root: PathBuf,
    open: HashMap<PathBuf, Open>,
    /// When files came that are no photos by their names: some cameras give a photo its name when it is whole.
    unnamed: HashMap<PathBuf, Instant>,
    /// When the file came that has just lost its name: what the system tells next is its new one.
    renamed: Option<Instant>,
    /// Size and time of the files as they were judged.
    done: HashMap<PathBuf, Stamp>,
    /// Size and time as the folder was last looked through.
    seen: HashMap<PathBuf, Stamp>,
    /// Looks at the folder, and through it where it is asked to.
    look: fn(&Path, bool) -> Look,
    /// A look that is under way, on a thread of its own since then: on a network drive it may hang.
    looking: Option<(Instant, Receiver<Look>)>,
    next_look: Instant,
    next_search: Instant,
    /// How long it took to look through the folder.
    took: Duration,
    reach: Reach,
    /// What could not be opened when it was looked at.
    closed: HashSet<PathBuf>,
    /// Size and time of what may be photos and cannot be judged, and since when; `None` where it lay there before.
    passed: HashMap<PathBuf, (Stamp, Option<Instant>)>,
    /// Those of them that no photo will come beside any more.
    passed_over: Vec<(PathBuf, PassedOver)>,
    /// What the system tells, as long as it is watched; on many shares it tells nothing.
    events: Receiver<(Instant, notify::Result<notify::Event>)>,
    _watcher: Option<RecommendedWatcher>,
}

/// A file that is being written, or has been.
struct Open {
    came: Instant,
    written: Instant,
    is_tried: bool,
}

/// Whether a folder can be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// It can.
    Open,
    /// It cannot be read, as where a cable was pulled.
    Gone,
    /// It does not answer, as a network drive that hangs.
    Silent,
}

impl Reach {
    /// What is wrong with this folder and what to do.
    pub fn trouble(self, folder: &Path) -> Option<Reason> {
        let folder = shown(folder);
        match self {
            Reach::Open => None,
            Reach::Gone => Some(Reason {
                zh: format!("打不开 {folder} 了，照片进不来；请检查网络或数据线，恢复后自动继续。"),
                en: format!(
                    "{folder} cannot be read any more, so no photo comes in; check the network or the cable. It goes on by itself."
                ),
            }),
            Reach::Silent => Some(Reason {
                zh: format!("{folder} 超过 10 秒没有响应，照片可能进不来；请检查网络或数据线，恢复后自动继续。"),
                en: format!(
                    "{folder} has not answered for 10 seconds, so photos may not come in; check the network or the cable. It goes on by itself."
                ),
            }),
        }
    }
}

/// What was seen of a folder.
struct Look {
    took: Duration,
    is_there: bool,
    /// What lies there, where it was looked through.
    found: Option<Listing>,
}

/// Photos, and what is none, each with its size and time.
#[derive(Default)]
struct Listing {
    photos: Vec<(PathBuf, Stamp)>,
    passed_over: Vec<(PathBuf, PassedOver, Stamp)>,
}

/// A file to look at.
#[derive(Clone)]
pub struct Arrival {
    /// The file, as it is found in the folder.
    pub photo: PathBuf,
    /// When it began to come.
    pub came: Instant,
    /// Whether it is looked at for the last time.
    pub is_last_try: bool,
}

impl Arrivals {
    /// Nothing has come into this folder yet: what lies there is an arrival too.
    pub fn new(root: &Path) -> Arrivals {
        let (sender, events) = mpsc::channel();
        let tell = move |event| drop(sender.send((Instant::now(), event)));
        let watcher = notify::recommended_watcher(tell).and_then(|mut watcher| {
            watcher.watch(root, RecursiveMode::Recursive)?;
            Ok(watcher)
        });
        Arrivals {
            root: root.to_owned(),
            open: HashMap::new(),
            unnamed: HashMap::new(),
            renamed: None,
            done: HashMap::new(),
            seen: HashMap::new(),
            look,
            looking: None,
            next_look: Instant::now(),
            next_search: Instant::now(),
            took: Duration::ZERO,
            reach: Reach::Open,
            closed: HashSet::new(),
            passed: HashMap::new(),
            passed_over: Vec::new(),
            events,
            _watcher: watcher.ok(),
        }
    }

    /// What lies in the folder now is not looked at unless it changes.
    pub fn skip_all(&mut self) {
        let look = (self.look)(&self.root, true);
        self.took = look.took;
        let found = look.found.unwrap_or_default();
        self.passed.extend(found.passed_over.into_iter().map(|(path, _, stamp)| (path, (stamp, None))));
        found.photos.into_iter().for_each(|(photo, _)| self.leave(photo));
    }

    /// This file is not looked at again unless it changes, or cannot be opened now and can be later.
    pub fn skip(&mut self, photo: PathBuf) {
        if !opens(&photo) {
            self.closed.insert(photo.clone());
        }
        self.leave(photo);
    }

    fn leave(&mut self, photo: PathBuf) {
        if let Some(stamp) = stamp(&photo) {
            self.done.insert(photo.clone(), stamp);
        }
        self.seen.remove(&photo);
        self.open.remove(&photo);
    }

    /// Whether a file that began to come by then has still to be looked at.
    pub fn is_coming(&self, by: Instant) -> bool {
        self.open.values().any(|open| open.came <= by)
    }

    /// Waits a moment for news. Files to look at now: once when they fall quiet, once when patience ends.
    pub fn ready(&mut self) -> Vec<Arrival> {
        match self.events.recv_timeout(TICK) {
            Ok((at, event)) => self.heed(at, event),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => thread::sleep(TICK),
        }
        while let Ok((at, event)) = self.events.try_recv() {
            self.heed(at, event);
        }
        self.look_around(Instant::now());
        self.closed.retain(|photo| photo.exists());
        // Whoever held it, as a guard against viruses does, changes neither its size nor its time.
        for photo in self.closed.extract_if(|photo| opens(photo)).collect::<Vec<_>>() {
            self.done.remove(&photo);
            self.arrive(photo, Instant::now());
        }
        self.open.retain(|photo, _| photo.exists());
        self.unnamed.retain(|_, came| came.elapsed() < TRANSFER);
        let mut ready = Vec::new();
        for (photo, open) in &mut self.open {
            let quiet = open.written.elapsed();
            if quiet >= PATIENCE || quiet >= QUIET && !open.is_tried {
                open.is_tried = true;
                ready.push(Arrival { photo: photo.clone(), came: open.came, is_last_try: quiet >= PATIENCE });
            }
        }
        ready.sort_by(|one, other| one.photo.cmp(&other.photo));
        ready
    }

    /// What has come, may be somebody's photo and cannot be judged, with no photo of the same name beside it.
    pub fn passed_over(&self) -> &[(PathBuf, PassedOver)] {
        &self.passed_over
    }

    /// Whether the folder could be looked at of late.
    pub fn reach(&self) -> Reach {
        self.reach
    }

    /// Takes note of what the system tells of the folder; when it has lost count, nothing is touched and looking
    /// through shows.
    fn heed(&mut self, at: Instant, event: notify::Result<notify::Event>) {
        let Ok(event) = event else { return };
        let renamed = self.renamed.take();
        let at = match event.kind {
            EventKind::Access(_) | EventKind::Remove(_) => return,
            EventKind::Modify(ModifyKind::Name(RenameMode::From)) => {
                self.renamed = event.paths.first().and_then(|path| self.came(&self.as_named(path)));
                // The folder itself may have gone and be back by now.
                at
            }
            EventKind::Modify(ModifyKind::Name(RenameMode::To)) => renamed.unwrap_or(at),
            _ => at,
        };
        for path in event.paths {
            let path = self.as_named(&path);
            if path.is_dir() {
                // Files in a folder that was moved here as a whole have no events of their own.
                Found::search(&[path], None).into_iter().for_each(|photo| self.arrive(photo, at));
            } else {
                self.arrive(path, at);
            }
        }
    }

    /// When a file began to come that has not been looked at yet.
    fn came(&self, path: &Path) -> Option<Instant> {
        self.open.get(path).map(|open| open.came).or_else(|| self.unnamed.get(path).copied())
    }

    /// Has the folder looked at when it is time to, and takes note of what was seen: shares of networks and memory cards
    /// often tell nothing.
    fn look_around(&mut self, now: Instant) {
        let Some((begun, looks)) = &self.looking else {
            if self.next_look <= now {
                self.looking = self.begin_look(self.next_search <= now).map(|looks| (now, looks));
                self.next_look = now + LOOK;
            }
            return;
        };
        let begun = *begun;
        match looks.try_recv() {
            Ok(look) => {
                self.looking = None;
                self.reach = if look.is_there { Reach::Open } else { Reach::Gone };
                let Some(found) = look.found else { return };
                self.took = look.took;
                self.next_search = begun + LOOK.max(look.took * LOOK_SHARE);
                self.take(found, begun);
            }
            Err(TryRecvError::Disconnected) => self.looking = None,
            Err(TryRecvError::Empty) => {
                let is_late = now - begun >= SILENCE.max(self.took * 2);
                // Of a folder that is gone as much is known already.
                if is_late && self.reach == Reach::Open {
                    self.reach = Reach::Silent;
                }
            }
        }
    }

    /// Looks on a thread of its own; `None` where the system gives none, which the next time may show otherwise.
    fn begin_look(&self, is_whole: bool) -> Option<Receiver<Look>> {
        let (sender, looks) = mpsc::channel();
        let (look, root) = (self.look, self.root.clone());
        let spawned = thread::Builder::new().name("look".to_owned()).spawn(move || {
            // Whoever asked may have left.
            let _ = sender.send(look(&root, is_whole));
        });
        spawned.ok().map(|_| looks)
    }

    /// Takes note of what lay in the folder then.
    fn take(&mut self, found: Listing, then: Instant) {
        self.pass_over(&found, then);
        for (photo, stamp) in found.photos {
            if self.done.get(&photo) != Some(&stamp) && self.seen.insert(photo.clone(), stamp) != Some(stamp) {
                self.touch(photo, then);
            }
        }
    }

    /// Takes note of what may be photos and cannot be judged. A camera may write the raw file before the JPEG beside it.
    fn pass_over(&mut self, found: &Listing, now: Instant) {
        let beside = found.photos.iter().flat_map(|(photo, _)| [photo.clone(), photo.with_extension("")]);
        let beside = beside.collect::<HashSet<_>>();
        let before = std::mem::take(&mut self.passed);
        self.passed_over.clear();
        for (path, why, stamp) in found.passed_over.iter().filter(|(_, why, _)| why.may_be_a_photo()) {
            let since = match before.get(path) {
                Some((as_before, since)) if as_before == stamp => *since,
                _ => Some(now),
            };
            self.passed.insert(path.clone(), (*stamp, since));
            let is_late = since.is_some_and(|since| now - since >= PATIENCE);
            if is_late && !beside.contains(&path.with_extension("")) {
                self.passed_over.push((path.clone(), *why));
            }
        }
    }

    /// A path as it is found in the folder: systems tell the whole way to it.
    fn as_named(&self, path: &Path) -> PathBuf {
        let absolute = |path: &Path| path.canonicalize().or_else(|_| std::path::absolute(path)).unwrap_or_default();
        let below = path.strip_prefix(&self.root).map(Path::to_owned);
        let below = below.or_else(|_| absolute(path).strip_prefix(absolute(&self.root)).map(Path::to_owned));
        below.map_or_else(|_| path.to_owned(), |below| self.root.join(below))
    }

    fn arrive(&mut self, path: PathBuf, at: Instant) {
        if is_photo(&path, &self.root) {
            self.touch(path, at);
        } else {
            self.unnamed.entry(path).or_insert(at);
        }
    }

    /// Something was written to this file then.
    fn touch(&mut self, photo: PathBuf, at: Instant) {
        if self.done.get(&photo) != stamp(&photo).as_ref() {
            let came = self.came(&photo).unwrap_or(at);
            self.open.insert(photo, Open { came, written: Instant::now(), is_tried: false });
        }
    }
}

/// Looks at a folder, and through it where all of it is wanted.
fn look(root: &Path, is_whole: bool) -> Look {
    let begun = Instant::now();
    let is_there = fs::read_dir(root).is_ok();
    let search = || {
        let found = if is_there { Found::search(&[root.to_owned()], None) } else { Found::default() };
        let passed = found.passed_over().iter();
        Listing {
            passed_over: passed.filter_map(|(path, why)| Some((path.clone(), *why, stamp(path)?))).collect(),
            photos: found.into_iter().filter_map(|photo| stamp(&photo).map(|stamp| (photo, stamp))).collect(),
        }
    };
    let found = is_whole.then(search);
    Look { took: begun.elapsed(), is_there, found }
}

/// Whether a file can be opened; what is none, such as a pipe, is left alone, for that may never come back.
fn opens(photo: &Path) -> bool {
    fs::metadata(photo).is_ok_and(|file| !file.is_file()) || File::open(photo).is_ok()
}

fn stamp(photo: &Path) -> Option<Stamp> {
    let file = fs::metadata(photo).ok()?;
    Some((file.len(), file.modified().ok()))
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use notify::Event;
    use notify::event::CreateKind;

    use super::Reach::{Gone, Open, Silent};
    use super::*;

    #[test]
    fn what_this_program_draws_into_the_folder_is_no_shot() {
        let root = std::env::temp_dir().join(format!("gradphoto-arrivals-{}", std::process::id()));
        let [own, class] = ["标注", "1班"].map(|name| root.join(name));
        gradphoto::folder::make_own_folder(&own).unwrap();
        fs::create_dir_all(&class).unwrap();
        let [drawn, shot] = [&own, &class].map(|folder| folder.join("1.jpg"));
        let mut arrivals = Arrivals::new(&root);
        for path in [&drawn, &shot] {
            fs::write(path, b"a picture").unwrap();
            arrivals.heed(Instant::now(), Ok(Event::new(EventKind::Create(CreateKind::File)).add_path(path.clone())));
        }
        assert_eq!(arrivals.open.keys().collect::<Vec<_>>(), [&shot]);
        arrivals.open.clear();
        for folder in [own, class] {
            arrivals.heed(Instant::now(), Ok(Event::new(EventKind::Create(CreateKind::Folder)).add_path(folder)));
        }
        assert_eq!(arrivals.open.keys().collect::<Vec<_>>(), [&shot]);
        fs::remove_dir_all(&root).unwrap();
    }

    #[test]
    fn what_could_not_be_opened_is_looked_at_once_it_can_be() {
        let root = std::env::temp_dir().join(format!("gradphoto-closed-{}", std::process::id()));
        fs::create_dir_all(&root).unwrap();
        let shot = root.join("1.jpg");
        fs::write(&shot, b"a picture").unwrap();
        let mut arrivals = Arrivals::new(&root);
        arrivals.skip(shot.clone());
        arrivals.ready();
        assert!(arrivals.open.is_empty(), "it was looked at");
        if cfg!(unix) {
            let pipe = root.join("pipe.jpg");
            assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
            arrivals.skip(pipe);
            assert!(arrivals.closed.is_empty());
        }
        arrivals.closed.insert(shot.clone());
        arrivals.ready();
        assert_eq!(arrivals.open.keys().collect::<Vec<_>>(), [&shot]);
        fs::remove_dir_all(&root).unwrap();
    }

    #[test]
    fn what_cannot_be_judged_is_told_unless_a_photo_of_its_name_comes_in_time() {
        let root = std::env::temp_dir().join(format!("gradphoto-passed-{}", std::process::id()));
        fs::create_dir_all(&root).unwrap();
        let write = |name: &str| fs::write(root.join(name), name).unwrap();
        let begun = Instant::now();
        let look = |arrivals: &mut Arrivals, seconds: u64| {
            let found = super::look(&root, true).found.unwrap();
            arrivals.pass_over(&found, begun + Duration::from_secs(seconds));
            let names = arrivals
                .passed_over()
                .iter()
                .map(|(path, why)| (path.file_name().unwrap().to_str().unwrap().to_owned(), *why));
            names.collect::<Vec<_>>()
        };
        write("before.CR3");
        let mut arrivals = Arrivals::new(&root);
        arrivals.skip_all();
        for name in ["1.CR3", "2.CR3", "1班.zip", "3.jpg.part", "4.jpg", "4.jpg.bak", "说明.txt"] {
            write(name);
        }
        assert_eq!(look(&mut arrivals, 0), []);
        write("2.JPG");
        fs::write(root.join("3.jpg.part"), "goes on").unwrap();
        assert_eq!(look(&mut arrivals, 2), [], "more may come");
        let [raw, archive] = [("1.CR3", PassedOver::Raw), ("1班.zip", PassedOver::Archive)];
        let owned = |(name, why): (&str, PassedOver)| (name.to_owned(), why);
        assert_eq!(look(&mut arrivals, 4), [archive, raw].map(owned));
        fs::rename(root.join("3.jpg.part"), root.join("3.jpg")).unwrap();
        write("1.JPG");
        assert_eq!(look(&mut arrivals, 6), [archive].map(owned), "the cure was heeded");
        fs::remove_dir_all(&root).unwrap();
    }

    #[test]
    fn a_folder_that_does_not_answer_holds_nothing_up_and_is_told_once_until_it_does() {
        static HANGS: Mutex<()> = Mutex::new(());
        let root = std::env::temp_dir().join(format!("gradphoto-hangs-{}", std::process::id()));
        fs::create_dir_all(&root).unwrap();
        fs::write(root.join("0.jpg"), b"found when the folder answers").unwrap();
        let mut arrivals = Arrivals::new(&root);
        // The system tells of what the test tells of.
        arrivals._watcher = None;
        arrivals.look = |root, is_whole| {
            drop(HANGS.lock());
            super::look(root, is_whole)
        };
        let hangs = HANGS.lock().unwrap();
        let begun = Instant::now();
        let reached = |arrivals: &mut Arrivals, seconds| {
            arrivals.look_around(begun + Duration::from_secs(seconds));
            arrivals.reach()
        };
        assert_eq!([0, 9, 10].map(|seconds| reached(&mut arrivals, seconds)), [Open, Open, Silent]);
        fs::write(root.join("1.jpg"), b"a picture").unwrap();
        let come = Event::new(EventKind::Create(CreateKind::File)).add_path(root.join("1.jpg"));
        arrivals.heed(begun, Ok(come));
        let wait = |arrivals: &mut Arrivals, name: &str| {
            while arrivals.ready().iter().all(|arrival| !arrival.photo.ends_with(name)) {}
            arrivals.reach()
        };
        assert_eq!(wait(&mut arrivals, "1.jpg"), Silent);
        drop(hangs);
        assert_eq!(wait(&mut arrivals, "0.jpg"), Open);
        fs::remove_dir_all(&root).unwrap();
        while reached(&mut arrivals, 60) != Gone {}
        let words = [Open, Gone, Silent].map(|reach| reach.trouble(&root).map(|reason| reason.zh));
        assert!(words[0].is_none() && words[1..].iter().flatten().all(|said| said.contains(&*shown(&root))));
    }
}
