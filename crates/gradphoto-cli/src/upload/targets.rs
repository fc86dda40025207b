//! Whose each photo is and what its copy is called, before anything is written.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::ensure;
use gradphoto::batch::{Assignment, Entry, Naming, Place, folders};
use gradphoto::photo::shown;
use gradphoto::{Batch, BatchReport, Language, Roster};

use crate::school;

/// What is to be done with a photo.
#[derive(Clone, Debug)]
pub struct Target {
    pub photo: PathBuf,
    /// Place of its student on the roster.
    pub student: Option<usize>,
    /// Department, major and class.
    pub place: Place,
    /// The file of the copy below the folder, with `/`; else why there is none.
    pub file: Result<String, Aside>,
}

/// Why there is no copy of a photo.
#[derive(Clone, Debug)]
pub enum Aside {
    /// Its student was shot again later.
    Replaced,
    /// It is open whose it is.
    Open(String),
}

/// Finds a student and a name for each photo.
///
/// # Errors
/// Everything that is in the way of names, at once: nothing is written then.
pub fn targets(
    photos: &[PathBuf],
    roots: &[PathBuf],
    roster: Option<Roster>,
    assignment: Option<Assignment>,
    naming: Option<&Naming>,
    language: Language,
) -> anyhow::Result<(Vec<Target>, BatchReport)> {
    let mut batch = Batch::new(roster).below(roots);
    photos.iter().for_each(|photo| batch.add(Entry::unreadable(shown(photo))));
    batch.assign(assignment.unwrap_or_default());
    let batch = batch.finish();
    let notes = batch.notes();
    let mut targets = Vec::with_capacity(photos.len());
    for ((place, photo), notes) in photos.iter().enumerate().zip(&notes) {
        let known = &batch.photos()[place];
        let open = notes.iter().find(|finding| finding.rule().id == "roster-match");
        let file = match open {
            _ if known.is_set_aside() => Err(Aside::Replaced),
            Some(finding) => Err(Aside::Open(finding.reason().get(language).to_owned())),
            None => Ok(own_name(photo, roots)),
        };
        targets.push(Target { photo: photo.clone(), student: known.student(), place: batch.place_of(known), file });
    }
    if let Some(naming) = naming {
        let ready = (0..targets.len()).filter(|place| targets[*place].file.is_ok()).collect::<Vec<_>>();
        let students = ready.iter().filter_map(|place| batch.students().get(targets[*place].student?));
        let names = naming.names(&students.collect::<Vec<_>>());
        let names = names.map_err(|all| school::problems(&all, language))?;
        for (place, name) in ready.into_iter().zip(names) {
            targets[place].file = Ok(with_slashes(&name) + ".jpg");
        }
    }
    let mut takers = BTreeMap::<String, &Path>::new();
    for target in &targets {
        let Ok(file) = &target.file else { continue };
        if let Some(other) = takers.insert(file.to_lowercase(), &target.photo) {
            let (a, b) = (other.display(), target.photo.display());
            ensure!(
                false,
                "{}",
                match language {
                    Language::Zh => format!("{a} 与 {b} 的副本都会叫 {file}，请改名或用 --name"),
                    Language::En => format!("{a} and {b} would both become {file}; rename one, or use --name"),
                }
            );
        }
    }
    Ok((targets, batch))
}

/// The same folders and name as the photo.
fn own_name(photo: &Path, roots: &[PathBuf]) -> String {
    let stem = photo.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let folders = folders(photo, roots);
    folders.into_iter().chain([format!("{stem}.jpg")]).collect::<Vec<_>>().join("/")
}

fn with_slashes(path: &Path) -> String {
    path.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/")
}
