//! Rosters and batches, as JSON.

use std::collections::HashMap;
use std::error::Error as _;
use std::fs;
use std::path::{Path, PathBuf};

use gradphoto::batch::{Decided, Entry, Field, Match, Reading, Student, TableError, month_of};
use gradphoto::folder::Found;
use gradphoto::photo::{Taken, shown};
use gradphoto::{BatchReport, Language, Profile, Report};
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use serde_json::{Map, Value, json};

use crate::errors::{RosterError, raised, unreadable};
use crate::signals::hearing_signals;

/// The students of a school and what was read of their file.
#[pyclass(frozen, module = "gradphoto._gradphoto")]
pub struct Roster {
    roster: gradphoto::Roster,
    reading: Reading,
}

#[pymethods]
impl Roster {
    /// Reads the file.
    #[new]
    fn new(py: Python<'_>, path: PathBuf) -> PyResult<Self> {
        let (roster, reading) = hearing_signals(py, move || gradphoto::Roster::read_with(path))?.map_err(unread)?;
        Ok(Roster { roster, reading })
    }

    /// The students as a JSON array.
    fn students(&self) -> String {
        Value::from_iter(self.roster.students().iter().map(student)).to_string()
    }

    /// What was read, as pairs of Chinese and English.
    fn reading(&self) -> Vec<(String, String)> {
        self.reading.lines().into_iter().map(|line| (line.zh, line.en)).collect()
    }

    /// Whom a photo of this name means: `one`, `several`, `conflict` or `nobody`, and places of students.
    fn find(&self, name: &str, folders: Vec<String>) -> (&'static str, Vec<usize>) {
        match self.roster.find(name, &folders) {
            Match::One(student) => ("one", vec![student]),
            Match::Several(students) => ("several", students),
            Match::Conflict(students) => ("conflict", students),
            Match::Nobody => ("nobody", Vec::new()),
        }
    }
}

/// The photos of a school side by side; `None` once it is finished.
#[pyclass(module = "gradphoto._gradphoto")]
pub struct Batch(Option<Open>);

/// A batch that takes photos.
struct Open {
    batch: gradphoto::Batch,
    /// Names of the photos, in their order.
    names: Vec<String>,
    folders: Vec<PathBuf>,
    /// Year and month in which the students graduate, where the roster has no column for it.
    graduation: Option<(u16, u8)>,
    /// Whether the folders are searched for what lies beside the photos.
    looks_around: bool,
}

#[pymethods]
impl Batch {
    /// A batch for this profile.
    #[new]
    fn new(
        roster: Option<&Roster>,
        folders: Vec<PathBuf>,
        decisions: Vec<PathBuf>,
        profile_name: &str,
        profile_toml: &str,
        graduation: Option<&str>,
    ) -> PyResult<Self> {
        let month = |text| {
            let wanted = || PyValueError::new_err(format!("graduation is a month such as '2026-06', not {text:?}"));
            month_of(text).ok_or_else(wanted)
        };
        let graduation = graduation.map(month).transpose()?;
        let looks_around = roster.is_some() || graduation.is_some();
        // What is not there would be searched in vain, and students called whose photos lie where the folder really is.
        for folder in folders.iter().filter(|_| looks_around) {
            fs::metadata(folder).map_err(|e| unreadable(Some(&e), folder.display().to_string()))?;
        }
        let profile = Profile::from_toml(profile_name, profile_toml).map_err(raised)?;
        let batch = gradphoto::Batch::new(roster.map(|roster| roster.roster.clone()));
        let mut batch = batch.read_as(roster.map(|roster| roster.reading.clone())).below(&folders).profile(&profile);
        for file in decisions {
            batch.decide(Decided::read(file).map_err(unread)?);
        }
        Ok(Batch(Some(Open { batch, names: Vec::new(), folders, graduation, looks_around })))
    }

    /// Adds the photo of a report, given as JSON.
    fn add(&mut self, report: &str) -> PyResult<()> {
        let report = serde_json::from_str::<Report>(report).map_err(|e| PyValueError::new_err(e.to_string()))?;
        let open = self.open()?;
        open.names.push(report.photo().to_owned());
        open.batch.add(report);
        Ok(())
    }

    /// Adds a photo that could not be checked.
    fn add_unreadable(&mut self, photo: PathBuf) -> PyResult<()> {
        let open = self.open()?;
        open.names.push(shown(&photo));
        open.batch.add(Entry::unreadable(shown(&photo)));
        Ok(())
    }

    /// What shows across the photos: batch.json, then photos and students as JSON arrays.
    fn finish(&mut self, py: Python<'_>) -> PyResult<(String, String, String)> {
        let mut open = self.0.take().ok_or_else(finished)?;
        hearing_signals(py, move || {
            if open.looks_around {
                open.look_around();
            }
            let report = open.batch.finish();
            (report.to_json(), photos(&report).to_string(), students(&report).to_string())
        })
    }
}

impl Batch {
    fn open(&mut self) -> PyResult<&mut Open> {
        self.0.as_mut().ok_or_else(finished)
    }
}

impl Open {
    /// What the command looks up beside the photos: files that are none yet, and when each photo was taken.
    fn look_around(&mut self) {
        let found = Found::search(&self.folders, None);
        self.batch.beside(found.may_be_photos());
        // A name in GBK is read as such, so that it is no path any more.
        let files = found.photos().iter().map(|file| (shown(file), file.as_path())).collect::<HashMap<_, _>>();
        let taken = |name: &String| Taken::of(files.get(name).copied().unwrap_or(Path::new(name)));
        self.batch.taken(self.graduation, self.names.iter().map(taken).collect());
    }
}

fn finished() -> PyErr {
    PyRuntimeError::new_err("the batch is finished; make a new one for more photos")
}

fn unread(error: TableError) -> PyErr {
    let path = error.path().display().to_string();
    if error.source().is_some() {
        return unreadable(error.source(), path);
    }
    let problems = error.problems().iter().map(|problem| (problem.zh.clone(), problem.en.clone()));
    let [en, zh] = [Language::En, Language::Zh].map(|language| error.message(language));
    RosterError::new_err((en, path, problems.collect::<Vec<_>>(), zh))
}

/// A student with everything that the roster says but the number of an identity document.
fn student(student: &Student) -> Value {
    let mut fields =
        Map::from_iter([("row".to_owned(), json!(student.row)), ("sheet".to_owned(), json!(student.sheet))]);
    for field in Field::ALL.iter().filter(|field| **field != Field::IdNumber) {
        fields.insert(field.as_str().replace('-', "_"), json!(student.get(*field)));
    }
    Value::Object(fields)
}

fn photos(report: &BatchReport) -> Value {
    let notes = report.notes();
    let rows = report.photos().iter().zip(notes).map(|(photo, notes)| {
        let place = report.place_of(photo);
        json!({
            "photo": photo.name(),
            "verdict": photo.outcome(),
            "status": photo.status(),
            "student": photo.student(),
            "department": place.department,
            "major": place.major,
            "class": place.class,
            "decision": photo.decision(),
            "note": photo.decided().map_or("", |decided| &decided.note),
            "findings": notes.iter().filter(|finding| !finding.is_settled()).map(|finding| finding.kind()).collect::<Vec<_>>(),
            "sha256": photo.sha256(),
        })
    });
    Value::from_iter(rows)
}

fn students(report: &BatchReport) -> Value {
    let mut photos = vec![Vec::new(); report.students().len()];
    for photo in report.photos().iter().filter(|photo| !photo.is_set_aside()) {
        if let Some(student) = photo.student() {
            photos[student].push(photo.name());
        }
    }
    let rows = report.students().iter().zip(report.statuses()).zip(photos).map(|((of, status), photos)| {
        let mut row = student(of);
        row["status"] = json!(status);
        row["photos"] = json!(photos);
        row
    });
    Value::from_iter(rows)
}
