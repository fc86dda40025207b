//! A folder of photos: what lies there, what was found on it, who is on its roster, what people said.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use axum::http::StatusCode;
use gradphoto::batch::{Batch, BatchReport, Decided, Entry, Field, Match, Reading, Roster};
use gradphoto::folder::{Found, is_table};
use gradphoto::photo::Taken;
use gradphoto::{Error, Measurements, Profile, Reason, Report};
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use serde::Serialize;

use crate::exposure::Exposure;
use crate::folders::name_below;
use crate::kind::{ByKind, Kind};
use crate::records::{self, Marks, Row};
use crate::refusal::Refusal;
use crate::store::{FileStamp, Said, Shot, Store};

/// A folder of photos.
pub struct School {
    pub folder: PathBuf,
    pub results: PathBuf,
    pub store: Arc<Store>,
    pub photos: Vec<Photo>,
    /// Names of the tables beside them: one may be the roster.
    pub tables: Vec<String>,
    /// What else lies there and may be somebody's photo, with what it is and what to do.
    pub beside: Vec<(PathBuf, Reason)>,
    pub by_name: HashMap<String, usize>,
    pub roster: Option<(Roster, RosterFile)>,
    pub words: Vec<Said>,
    pub shots: Vec<Shot>,
}

/// A photo of the folder.
pub struct Photo {
    pub path: PathBuf,
    /// Its name below the folder, with slashes.
    pub name: String,
    /// When it was found to lie there, or began to come at a shoot.
    pub found: Instant,
    pub seen: Option<Seen>,
}

/// What was found on a photo, as little as ten thousand of them allow.
pub struct Seen {
    pub file: Option<FileStamp>,
    /// Hash of the file.
    pub sha256: String,
    /// What was measured; `None` where it could not be read.
    pub measured: Option<Box<Measurements>>,
    /// What the profile in force makes of that.
    pub entry: Entry,
    pub marks: Marks,
    pub size: Option<(u32, u32)>,
    pub error: Option<Error>,
    pub kind: Kind,
    /// When it was taken, where that has been asked.
    pub taken: OnceLock<Option<Taken>>,
}

/// The roster, as the page shows it.
#[derive(Clone, Serialize)]
pub struct RosterFile {
    pub name: String,
    pub students: usize,
    pub read: Reason,
    /// The same for programs.
    #[serde(skip)]
    pub reading: Reading,
}

impl RosterFile {
    pub fn new(name: String, roster: &Roster, reading: Reading) -> RosterFile {
        let read = Reason::in_each(|language| {
            reading.lines().iter().map(|line| line.get(language).to_owned()).collect::<Vec<_>>().join("\n")
        });
        RosterFile { name, students: roster.students().len(), read, reading }
    }
}

impl School {
    /// A folder in which nothing has been looked for yet, with what is kept beside its results.
    pub fn new(folder: PathBuf, results: PathBuf, store: Arc<Store>) -> anyhow::Result<School> {
        Ok(School {
            photos: Vec::new(),
            tables: Vec::new(),
            beside: Vec::new(),
            by_name: HashMap::new(),
            roster: None,
            words: store.last_words()?,
            shots: store.shots()?,
            folder,
            results,
            store,
        })
    }

    /// What keeps its photos from being looked for: the folder is not there any more.
    ///
    /// # Errors
    /// Just this.
    pub fn is_there(&self) -> Result<(), Refusal> {
        if self.folder.is_dir() {
            return Ok(());
        }
        let folder = self.folder.display();
        Err(Refusal::new(
            StatusCode::CONFLICT,
            format!(
                "找不到文件夹 {folder} 了：可能已改名、移动，或移动盘、网络盘已断开。请恢复后再试，或用“换文件夹”打开它现在的位置；已有的结果没有改动。"
            ),
            format!(
                "The folder {folder} is gone: it may have been renamed or moved, or its drive is not connected. Bring it back and try again, or open it where it is now with “Other folder”; the results there are untouched."
            ),
        ))
    }

    /// Looks for photos; whether they are others than before.
    pub fn find(&mut self) -> bool {
        let before = self.photos.iter().map(|photo| photo.path.clone()).collect::<Vec<_>>();
        let known = std::mem::take(&mut self.photos).into_iter().map(|photo| (photo.path, (photo.found, photo.seen)));
        let mut known = known.collect::<HashMap<_, _>>();
        let found = Found::search(std::slice::from_ref(&self.folder), Some(&self.results));
        let tables = found.passed_over().iter().filter(|(path, why)| why.may_be_a_roster() && is_table(path));
        self.tables = tables.map(|(path, _)| name_below(&self.folder, path)).collect();
        let beside = found.may_be_photos();
        self.beside = beside.map(|(path, why)| (PathBuf::from(name_below(&self.folder, &path)), why)).collect();
        self.photos = found
            .into_iter()
            .map(|path| {
                let (found, seen) = known.remove(&path).unwrap_or_else(|| (Instant::now(), None));
                Photo { name: name_below(&self.folder, &path), found, seen, path }
            })
            .collect();
        self.index_names();
        !self.photos.iter().map(|photo| &photo.path).eq(&before)
    }

    /// Whether it matters when photos were taken: the roster says when students graduate.
    pub fn asks_when(&self) -> bool {
        self.roster.as_ref().is_some_and(|(roster, _)| roster.tells_graduation())
    }

    pub fn setting(&self, name: &str) -> String {
        self.store.setting(name).ok().flatten().unwrap_or_default()
    }

    /// Reads the roster that was kept, if there is one; one that has become unreadable is asked for again.
    pub fn read_roster(&mut self) {
        let kept = self.setting("roster");
        let is_name = !kept.is_empty() && Path::new(&kept).components().count() == 1;
        if let Some((roster, reading)) = is_name.then(|| Roster::read_with(self.results.join(&kept)).ok()).flatten() {
            let file = RosterFile::new(self.setting("roster-name"), &roster, reading);
            self.roster = Some((roster, file));
        }
    }

    /// The key of each shot's student, empty for nobody: whom a person named of its photo last, else who sat there.
    pub fn owners(&self) -> Vec<&str> {
        let is_known = |key: &str| self.roster.as_ref().is_some_and(|(roster, _)| roster.keyed(key).is_some());
        let named = self.words.iter().filter(|said| said.names_student() && is_known(&said.student));
        let named = named.map(|said| ((&*said.photo, &*said.sha256), &*said.student)).collect::<HashMap<_, _>>();
        let shots = self.shots.iter();
        shots.map(|shot| named.get(&(&*shot.path, &*shot.sha256)).copied().unwrap_or(&shot.student)).collect()
    }

    /// Gives the shot at this place to a student.
    ///
    /// # Errors
    /// A person has decided that its photo is somebody else's, or it cannot be kept.
    pub fn give(&mut self, place: usize, student: String) -> Result<(), Refusal> {
        let shot = &self.shots[place];
        if ![&*shot.student, &*student].contains(&self.owners()[place]) {
            let name = &shot.path;
            return Err(Refusal::new(
                StatusCode::CONFLICT,
                format!("{name} 是谁的照片已经人工确认过；请在“一批照片”里打开这张照片改正。"),
                format!("A person has decided whose photo {name} is; open it under “A batch” to change that."),
            ));
        }
        let shot = Shot { student, ..shot.clone() };
        self.store.shoot(&shot)?;
        self.shots[place] = shot;
        Ok(())
    }

    /// Ids of photos that a later shot of the same student replaces, with the student's key.
    pub fn retaken(&self) -> HashMap<usize, &str> {
        let shots = self.shots.iter().zip(self.owners()).filter(|(_, student)| !student.is_empty());
        let shots = shots.filter_map(|(shot, student)| Some((self.photo_of(shot)?, student))).collect::<Vec<_>>();
        let latest = shots.iter().map(|(id, student)| (*student, *id)).collect::<HashMap<_, _>>();
        shots.into_iter().filter(|(id, student)| latest[student] != *id).collect()
    }

    /// The id of a shot's photo, where it still lies there. Cameras give a name again: what lies there now may be another photo.
    fn photo_of(&self, shot: &Shot) -> Option<usize> {
        let id = *self.by_name.get(&shot.path)?;
        self.photos[id].seen.as_ref().is_none_or(|seen| seen.identity() == shot.sha256).then_some(id)
    }

    /// The student of the photo that this one is once more, empty where it is nobody's; `None` where it is a new one. It was moved,
    /// copied or given another name, a program wrote into its file, or its transfer had stopped. A run that looks at it while it waits
    /// here, since it began to come then, makes it no earlier photo.
    pub fn owner(&self, name: &str, seen: &Seen, came: Instant) -> Option<String> {
        let (same, here) = (self.same(seen), self.by_name.get(name).map(|id| &self.photos[*id]));
        let is_here = |before: &Seen| !seen.exposure().is_other_than(before.exposure());
        let here = here.filter(|photo| photo.seen.as_ref().is_some_and(is_here));
        let is_shot = |name: &str| self.shots.iter().any(|shot| shot.path == name);
        let is_earlier = |photo: &&Photo| photo.found <= came || is_shot(&photo.name);
        let names = same.chain(here).filter(is_earlier).map(|photo| photo.name.as_str()).collect::<HashSet<_>>();
        let shots = self.shots.iter().zip(self.owners()).rev().filter(|(shot, _)| names.contains(&*shot.path));
        let student = shots.map(|(_, student)| student).find(|student| !student.is_empty());
        (!names.is_empty()).then(|| student.unwrap_or_default().to_owned())
    }

    /// The photos that hold the shot that this one does.
    fn same(&self, seen: &Seen) -> impl Iterator<Item = &Photo> {
        let (sha256, exposure) = (seen.sha256.clone(), seen.exposure());
        self.photos.iter().filter(move |photo| {
            let is_same = |before: &Seen| exposure.is_same_as(before.exposure());
            photo.seen.as_ref().is_some_and(|before| !sha256.is_empty() && before.sha256 == sha256 || is_same(before))
        })
    }

    /// Forgets photos that hold the shot that this one does and are not there any more: it was moved. Whether there were any.
    pub fn forget_moved(&mut self, seen: &Seen) -> bool {
        let moved = self.same(seen).filter(|photo| !photo.path.exists());
        let moved = moved.map(|photo| photo.name.clone()).collect::<HashSet<_>>();
        self.photos.retain(|photo| !moved.contains(&photo.name));
        if !moved.is_empty() {
            self.index_names();
        }
        !moved.is_empty()
    }

    fn index_names(&mut self) {
        self.by_name = self.photos.iter().enumerate().map(|(id, photo)| (photo.name.clone(), id)).collect();
    }

    /// The student whom the name of a photo means, and whether it says both number and name.
    pub fn named(&self, name: &str) -> Option<(String, bool)> {
        let (roster, _) = self.roster.as_ref()?;
        let stem = Path::new(name).file_stem()?.to_string_lossy();
        match roster.find(&stem, &gradphoto::batch::folders(Path::new(name), &[PathBuf::new()])) {
            Match::One(place) => {
                let student = &roster.students()[place];
                let said = [student.number(), student.get(Field::Name)];
                Some((student.key(), said.iter().all(|part| !part.is_empty() && stem.contains(part))))
            }
            _ => None,
        }
    }

    /// What shows across the photos of these ids, in order, with what people said and whose each shot is.
    pub fn batch(&self, ids: &[usize], profile: &Profile) -> BatchReport {
        let (roster, reading) =
            self.roster.as_ref().map(|(roster, file)| (roster.clone(), file.reading.clone())).unzip();
        let mut batch = Batch::new(roster).read_as(reading).below([""]).profile(profile);
        let seen = ids.iter().filter_map(|id| Some((&self.photos[*id].path, self.photos[*id].seen.as_ref()?)));
        let seen = seen.collect::<Vec<_>>();
        if self.asks_when() {
            batch.taken(None, seen.par_iter().map(|(path, seen)| seen.taken(path)).collect());
        }
        seen.into_iter().for_each(|(_, seen)| batch.add(seen.entry.clone()));
        batch.beside(self.beside.iter().cloned());
        let is_in = |id: &usize| ids.binary_search(id).is_ok();
        let shots = self.shots.iter().filter(|shot| !shot.student.is_empty());
        let (here, gone) = shots.partition::<Vec<_>, _>(|shot| self.photo_of(shot).as_ref().is_some_and(is_in));
        // What was moved while nobody watched is known by its hash. Other shots that are gone are no decisions that were not used.
        let seen = ids.iter().filter_map(|id| self.photos[*id].seen.as_ref());
        let mut moved = seen.map(Seen::identity).filter(|sha256| !sha256.is_empty()).collect::<HashSet<_>>();
        for shot in &here {
            moved.remove(&*shot.sha256);
        }
        let shots = gone.into_iter().filter(|shot| moved.contains(&*shot.sha256)).chain(here);
        batch.decide(shots.map(|shot| Decided::new(&shot.path, &shot.sha256, &shot.student)));
        // Nor are those on a shot that was taken again.
        let is_retaken = |said: &Said| {
            let id = self.by_name.get(&said.photo).filter(|id| !is_in(id));
            id.and_then(|id| self.photos[*id].seen.as_ref()).is_some_and(|seen| seen.identity() == said.sha256)
        };
        batch.decide(self.words.iter().filter(|said| !is_retaken(said)).map(Said::decided));
        batch.finish()
    }
}

impl Photo {
    pub fn is_to_be_looked_at(&self) -> bool {
        self.seen.as_ref().is_none_or(|seen| seen.file != FileStamp::of(&self.path))
    }

    /// What keeps the photo from being shown and decided: its file is not the one that was looked at.
    ///
    /// # Errors
    /// Just this.
    pub fn is_as_seen(&self) -> Result<(), Refusal> {
        if !self.is_to_be_looked_at() {
            return Ok(());
        }
        Err(Refusal::new(
            StatusCode::CONFLICT,
            "照片文件在检查之后换过，或已不在原处：请先点“检查新照片”，看过新照片再决定。",
            "The photo's file has been replaced since it was checked, or is gone: press “Check new photos”, look at the new one, then decide.",
        ))
    }
}

impl Seen {
    /// The row of a photo that is not in the batch, since a retake of this student replaces it.
    pub fn row_alone(&self, id: usize, name: &str, who: Option<String>, profiles: &ByKind, said: Vec<Said>) -> Row {
        Row {
            id,
            photo: name.to_owned(),
            sha256: self.identity().to_owned(),
            verdict: self.verdict(profiles),
            place: Vec::new(),
            student: None,
            who,
            marks: self.marks.clone(),
            notes: Vec::new(),
            size: self.size,
            overridable: false,
            mendable: false,
            nobodys: false,
            unused: false,
            fate: Some("retaken"),
            said,
        }
    }

    /// Hash of what is handed in, by which decisions know the photo; empty where it cannot be read.
    pub fn identity(&self) -> &str {
        self.measured.as_ref().map_or("", |measured| measured.sha256())
    }

    /// When the photo at this path was taken; read once, for another one may come to lie there.
    pub fn taken(&self, path: &Path) -> Option<Taken> {
        *self.taken.get_or_init(|| Taken::of(path))
    }

    /// What tells the photo from others of its name.
    fn exposure(&self) -> Exposure {
        let taken = self.taken.get().copied().flatten();
        Exposure { taken, picture: self.measured.as_ref().map(|measured| measured.fingerprint()) }
    }

    /// What the profile of the photo's kind says of what was measured; `None` where nothing was.
    pub fn report(&self, profiles: &ByKind) -> Option<Report> {
        Some(profiles.of(self.kind).judge(&**self.measured.as_ref()?))
    }

    /// Judges what was measured by another profile.
    pub fn judge(&mut self, profiles: &ByKind) {
        if let Some(report) = self.report(profiles) {
            self.marks = records::marks(&report, profiles.of(Kind::File));
            self.entry = Entry::from(&report);
        }
    }

    /// What is marked of the photo among those of its batch, whose camera's colour is no fault of one photo.
    pub fn marks_among(&self, batch: &BatchReport, profiles: &ByKind) -> Marks {
        let report = if batch.knows_camera() { self.report(profiles) } else { None };
        match report {
            Some(report) => records::marks(&batch.among_others(report), profiles.of(Kind::File)),
            None => self.marks.clone(),
        }
    }

    /// The photo's verdict under a profile, from what was measured.
    pub fn verdict(&self, profiles: &ByKind) -> &'static str {
        self.report(profiles).map_or("unread", |report| report.verdict().as_str())
    }
}

pub fn unreadable(name: &str, file: Option<FileStamp>, sha256: String, error: Error, kind: Kind) -> Seen {
    let entry = Entry::unreadable(name);
    let (marks, taken) = (Marks::new(), OnceLock::new());
    Seen { file, sha256, measured: None, entry, marks, size: None, error: Some(error), kind, taken }
}
