//! Files that come into a folder, until they are whole.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use gradphoto::folder::{Found, PassedOver, is_photo};
use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher};

/// How long is waited for news.
const TICK: Duration = Duration::from_millis(50);
/// A file is looked at when nothing has been written to it for so long.
const QUIET: Duration = Duration::from_millis(250);
/// One that is no whole picture by then is given this time before that is said.
const PATIENCE: Duration = Duration::from_secs(3);
/// The folder is looked through this often, and where that takes long for no more than a twentieth of the time.
const LOOK: Duration = Duration::from_secs(2);
const LOOK_SHARE: u32 = 20;

/// Size and time of a file.
type Stamp = (u64, Option<SystemTime>);

/// A folder whose files are being written, and which of them need not be looked at any more.
pub struct Arrivals {
    /// The folder as it was named.
    root: PathBuf,
    /// When each was last written to, and whether it has been tried.
    open: HashMap<PathBuf, (Instant, bool)>,
    /// Size and time of the files as they were judged.
    done: HashMap<PathBuf, Stamp>,
    /// Size and time as the folder was last looked through.
    seen: HashMap<PathBuf, Stamp>,
    next_look: Option<Instant>,
    /// Size and time of what may be photos and cannot be judged, and since when; `None` where it lay there before.
    passed: HashMap<PathBuf, (Stamp, Option<Instant>)>,
    /// Those of them that no photo will come beside any more.
    passed_over: Vec<(PathBuf, PassedOver)>,
    /// What the system tells, as long as it is watched; on many shares it tells nothing.
    events: Receiver<notify::Result<notify::Event>>,
    _watcher: Option<RecommendedWatcher>,
}

impl Arrivals {
    /// Nothing has come into this folder yet: what lies there is an arrival too.
    pub fn new(root: &Path) -> Arrivals {
        let (sender, events) = mpsc::channel();
        let watcher = notify::recommended_watcher(sender).and_then(|mut watcher| {
            watcher.watch(root, RecursiveMode::Recursive)?;
            Ok(watcher)
        });
        Arrivals {
            root: root.to_owned(),
            open: HashMap::new(),
            done: HashMap::new(),
            seen: HashMap::new(),
            next_look: None,
            passed: HashMap::new(),
            passed_over: Vec::new(),
            events,
            _watcher: watcher.ok(),
        }
    }

    /// What lies in the folder now is not looked at unless it changes.
    pub fn skip_all(&mut self) {
        let found = self.search();
        for (path, _) in found.passed_over() {
            self.passed.extend(stamp(path).map(|stamp| (path.clone(), (stamp, None))));
        }
        found.into_iter().for_each(|photo| self.skip(photo));
    }

    /// This file is not looked at again unless it changes.
    pub fn skip(&mut self, photo: PathBuf) {
        if let Some(stamp) = stamp(&photo) {
            self.done.insert(photo.clone(), stamp);
        }
        self.seen.remove(&photo);
        self.open.remove(&photo);
    }

    /// Waits a moment for news. Files to look at now, and whether that is the last time: once when they fall quiet, once when
    /// patience ends.
    pub fn ready(&mut self) -> Vec<(PathBuf, bool)> {
        match self.events.recv_timeout(TICK) {
            Ok(event) => self.heed(event),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => thread::sleep(TICK),
        }
        while let Ok(event) = self.events.try_recv() {
            self.heed(event);
        }
        self.look_through();
        self.open.retain(|photo, _| photo.exists());
        let mut ready = Vec::new();
        for (photo, (written, is_tried)) in &mut self.open {
            let quiet = written.elapsed();
            if quiet >= PATIENCE || quiet >= QUIET && !*is_tried {
                *is_tried = true;
                ready.push((photo.clone(), quiet >= PATIENCE));
            }
        }
        ready.sort();
        ready
    }

    /// What has come, may be somebody's photo and cannot be judged, with no photo of the same name beside it.
    pub fn passed_over(&self) -> &[(PathBuf, PassedOver)] {
        &self.passed_over
    }

    /// Takes note of what the system tells of the folder; when it has lost count, nothing is touched and looking
    /// through shows.
    fn heed(&mut self, event: notify::Result<notify::Event>) {
        let Ok(event) = event else { return };
        if matches!(event.kind, EventKind::Access(_) | EventKind::Remove(_)) {
            return;
        }
        for path in event.paths {
            let path = self.as_named(&path);
            if path.is_dir() {
                // Files in a folder that was moved here as a whole have no events of their own.
                Found::search(&[path], None).into_iter().for_each(|photo| self.arrive(photo));
            } else {
                self.arrive(path);
            }
        }
    }

    /// Looks through the folder when it is time to: shares of networks and memory cards often tell nothing.
    fn look_through(&mut self) {
        let begun = Instant::now();
        if self.next_look.is_some_and(|next| next > begun) {
            return;
        }
        let found = self.search();
        self.pass_over(&found, begun);
        for photo in found {
            let Some(now) = stamp(&photo) else { continue };
            if self.done.get(&photo) != Some(&now) && self.seen.insert(photo.clone(), now) != Some(now) {
                self.touch(photo);
            }
        }
        self.next_look = Some(begun + LOOK.max(begun.elapsed() * LOOK_SHARE));
    }

    fn search(&self) -> Found {
        Found::search(std::slice::from_ref(&self.root), None)
    }

    /// Takes note of what may be photos and cannot be judged. A camera may write the raw file before the JPEG beside it.
    fn pass_over(&mut self, found: &Found, now: Instant) {
        let beside = found.photos().iter().flat_map(|photo| [photo.clone(), photo.with_extension("")]);
        let beside = beside.collect::<HashSet<_>>();
        let before = std::mem::take(&mut self.passed);
        self.passed_over.clear();
        for (path, why) in found.passed_over().iter().filter(|(_, why)| why.may_be_a_photo()) {
            let Some(stamp) = stamp(path) else { continue };
            let since = match before.get(path) {
                Some((as_before, since)) if *as_before == stamp => *since,
                _ => Some(now),
            };
            self.passed.insert(path.clone(), (stamp, since));
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

    fn arrive(&mut self, path: PathBuf) {
        if is_photo(&path, &self.root) {
            self.touch(path);
        }
    }

    /// Something was written to this file.
    fn touch(&mut self, photo: PathBuf) {
        if self.done.get(&photo) != stamp(&photo).as_ref() {
            self.open.insert(photo, (Instant::now(), false));
        }
    }
}

fn stamp(photo: &Path) -> Option<Stamp> {
    let file = fs::metadata(photo).ok()?;
    Some((file.len(), file.modified().ok()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use notify::Event;
    use notify::event::CreateKind;

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
            arrivals.heed(Ok(Event::new(EventKind::Create(CreateKind::File)).add_path(path.clone())));
        }
        assert_eq!(arrivals.open.keys().collect::<Vec<_>>(), [&shot]);
        arrivals.open.clear();
        for folder in [own, class] {
            arrivals.heed(Ok(Event::new(EventKind::Create(CreateKind::Folder)).add_path(folder)));
        }
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
            arrivals.pass_over(&arrivals.search(), begun + Duration::from_secs(seconds));
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
}
