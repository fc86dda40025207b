//! Whose each photo is and what its copy is called, before anything is written.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use gradphoto::batch::{Assignment, BatchFinding, Decision, Naming, Place, folders};
use gradphoto::photo::shown;
use gradphoto::{BatchReport, Language, Text};

use crate::school;
use crate::trouble::{message, trouble};

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
    /// A person chose another photo of its student.
    Other,
    /// It is open whose it is.
    Open(String),
}

/// What leaves it open whose a photo is, of what is said of it.
pub fn is_open<'a>(notes: &[&'a BatchFinding]) -> Option<&'a BatchFinding> {
    notes.iter().copied().find(|finding| finding.rule().id == "roster-match")
}

/// Finds a name for each photo of a batch.
///
/// # Errors
/// Everything that is in the way of names, at once: nothing is written then.
pub fn targets(
    photos: &[PathBuf],
    roots: &[PathBuf],
    batch: &BatchReport,
    assignment: &Assignment,
    naming: Option<&Naming>,
    language: Language,
) -> anyhow::Result<Vec<Target>> {
    let notes = batch.notes();
    let mut targets = Vec::with_capacity(photos.len());
    for ((place, photo), notes) in photos.iter().enumerate().zip(&notes) {
        let known = &batch.photos()[place];
        let is_chosen = matches!(known.decision(), Some(Decision::Accept | Decision::Override));
        let file = match is_open(notes) {
            _ if assignment.is_replaced(place) => Err(Aside::Replaced),
            _ if known.is_set_aside() => Err(Aside::Other),
            Some(finding) if !is_chosen => Err(Aside::Open(finding.reason().get(language).to_owned())),
            _ => Ok(own_name(photo, roots)),
        };
        targets.push(Target { photo: photo.clone(), student: known.student(), place: batch.place_of(known), file });
    }
    if let Some(naming) = naming {
        // A name without a student would be another student's.
        for target in targets.iter_mut().filter(|target| target.file.is_ok() && target.student.is_none()) {
            target.file = Err(Aside::Open(NOBODYS.get(language).to_owned()));
        }
        let named = |place: usize| Some((place, batch.students().get(targets[place].student?)?));
        let ready = (0..targets.len()).filter(|place| targets[*place].file.is_ok());
        let (ready, students) = ready.filter_map(named).unzip::<_, _, Vec<_>, Vec<_>>();
        let names = naming.names(&students).map_err(|all| school::problems(&all, language))?;
        for (place, name) in ready.into_iter().zip(names) {
            targets[place].file = Ok(with_slashes(&name) + ".jpg");
        }
    }
    let mut takers = BTreeMap::<String, usize>::new();
    let mut places = (0..targets.len()).collect::<Vec<_>>();
    places.sort_by_key(|place| is_for_phones(&targets[*place].photo));
    for place in places {
        let Ok(file) = targets[place].file.clone() else { continue };
        let Some(other) = takers.get(&file.to_lowercase()).map(|other| &targets[*other].photo) else {
            takers.insert(file.to_lowercase(), place);
            continue;
        };
        let (a, b) = (shown(other), shown(&targets[place].photo));
        let why = trouble(
            format!("{a} 与 {b} 的副本都会叫 {file}，请改名或用 --name"),
            format!("{a} and {b} would both become {file}; rename one, or use --name"),
        );
        // A phone writes its own format and a JPEG of the same shot beside each other.
        if !is_for_phones(&targets[place].photo) {
            return Err(why.into());
        }
        targets[place].file = Err(Aside::Open(message(&why.into(), language)));
    }
    Ok(targets)
}

/// Whether the photo is in a format of phones, which are not decoded.
fn is_for_phones(photo: &Path) -> bool {
    let extension = photo.extension().unwrap_or_default().to_ascii_lowercase();
    ["heic", "heif", "avif"].iter().any(|kind| extension == *kind)
}

/// The same folders and name as the photo.
fn own_name(photo: &Path, roots: &[PathBuf]) -> String {
    let stem = shown(Path::new(photo.file_stem().unwrap_or_default()));
    let folders = folders(photo, roots);
    folders.into_iter().chain([format!("{stem}.jpg")]).collect::<Vec<_>>().join("/")
}

fn with_slashes(path: &Path) -> String {
    path.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/")
}

const NOBODYS: Text = Text {
    zh: "名册中没有这张照片的学生，不能按名册命名；请改照片名，或用 --assign 指定。",
    en: "Nobody on the roster has this photo, so it cannot be named by the roster: rename it, or say whose it is with --assign.",
};
