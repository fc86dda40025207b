//! Files that come into a folder, until they are whole.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use gradphoto::folder::{Found, is_photo};
use notify::EventKind;

/// A file is looked at when nothing has been written to it for so long.
const QUIET: Duration = Duration::from_millis(250);
/// One that is no whole picture by then is given this time before that is said.
const PATIENCE: Duration = Duration::from_secs(3);
/// The folder is looked through this often, and where that takes long for no more than a twentieth of the time.
const LOOK: Duration = Duration::from_secs(2);
const LOOK_SHARE: u32 = 20;

/// Size and time of a file.
type Stamp = (u64, Option<SystemTime>);

/// Files that are being written, and those that need not be looked at any more.
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
}

impl Arrivals {
    /// Nothing has come into this folder yet.
    pub fn new(root: &Path) -> Arrivals {
        let (open, done, seen) = Default::default();
        Arrivals { root: root.to_owned(), open, done, seen, next_look: None }
    }

    /// Takes note of what the system tells of the folder; when it has lost count, nothing is touched and looking
    /// through shows.
    pub fn heed(&mut self, event: notify::Result<notify::Event>) {
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
    pub fn look_through(&mut self) {
        let begun = Instant::now();
        match self.next_look {
            Some(next) if next > begun => return,
            None => {
                self.next_look = Some(begun + LOOK);
                return;
            }
            Some(_) => {}
        }
        for photo in Found::search(std::slice::from_ref(&self.root), None) {
            let Some(now) = stamp(&photo) else { continue };
            if self.done.get(&photo) != Some(&now) && self.seen.insert(photo.clone(), now) != Some(now) {
                self.touch(photo);
            }
        }
        self.next_look = Some(begun + LOOK.max(begun.elapsed() * LOOK_SHARE));
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
    pub fn touch(&mut self, photo: PathBuf) {
        if self.done.get(&photo) != stamp(&photo).as_ref() {
            self.open.insert(photo, (Instant::now(), false));
        }
    }

    /// This file is not looked at again unless it changes.
    pub fn skip(&mut self, photo: PathBuf) {
        if let Some(stamp) = stamp(&photo) {
            self.done.insert(photo.clone(), stamp);
        }
        self.seen.remove(&photo);
        self.open.remove(&photo);
    }

    /// Files to look at now, and whether that is the last time: once when they fall quiet, once when patience ends.
    pub fn ready(&mut self) -> Vec<(PathBuf, bool)> {
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
}
