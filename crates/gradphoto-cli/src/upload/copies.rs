//! What this command has put into a folder of copies, so that another run leaves alone what is right, and takes away what is
//! not any more.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use gradphoto::batch::Entry;
use gradphoto::folder::NOTED_COPIES;
use gradphoto::photo::shown;
use gradphoto::{Language, PhotoVerdict, Report};
use gradphoto_app::atomic;
use gradphoto_app::known::sha256;
use serde::{Deserialize, Serialize};

use crate::trouble::{OrTrouble, unread, unremoved, unwritten};

/// What became of one photo.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Copy {
    /// The photo, as it was named.
    pub photo: String,
    /// Its full path, which tells it from others however it is typed; lines of earlier versions have none.
    #[serde(default)]
    pub path: String,
    /// Hash of the photo's file.
    pub photo_sha256: String,
    /// Profile, program, models and engine in one word: others make another copy.
    pub made_by: String,
    /// Student number, name, department and class, as far as they are known.
    pub student: [String; 4],
    /// The major, as far as it is known; lines of earlier versions have none.
    #[serde(default)]
    pub major: String,
    /// The file below the folder, with `/`; `None` where there is none.
    pub file: Option<String>,
    /// Hash of the copy.
    pub sha256: String,
    pub bytes: usize,
    pub quality: u8,
    /// What its own check says of the copy; `None` where there is none.
    pub verdict: Option<PhotoVerdict>,
    /// What is wrong with it, in the language of the run.
    pub why: String,
    /// What the other photos of the run leave open, in its language: copies are made all the same, but none of these passes.
    #[serde(default)]
    pub open: String,
    /// Of the report of that check, what counts among other photos: see [`for_batch`]. Empty where there is none.
    #[serde(default)]
    pub report: String,
}

impl Copy {
    /// What the check says of it, and what the other photos leave open.
    pub fn outcome(&self) -> Option<PhotoVerdict> {
        self.verdict.map(|verdict| match verdict {
            PhotoVerdict::Pass if !self.open.is_empty() => PhotoVerdict::Review,
            verdict => verdict,
        })
    }

    /// Everything that is wrong or open.
    pub fn reasons(&self, language: Language) -> String {
        let between = if language == Language::Zh { "；" } else { "; " };
        let all = [self.why.as_str(), &self.open].into_iter().filter(|why| !why.is_empty());
        all.collect::<Vec<_>>().join(between)
    }

    /// The copy among the others, under the name of its photo; `None` where it was not noted, or by another version.
    pub fn entry(&self) -> Option<Entry> {
        let report = serde_json::from_str::<Report>(&self.report).ok()?;
        Some(Entry::from(report.renamed(&self.photo)))
    }

    /// Whether the photo is where it was.
    fn is_there(&self) -> bool {
        Path::new(&self.path).exists()
    }
}

/// The report as JSON, of whose findings only the one on colour is kept: the others are the same in any batch.
pub fn for_batch(report: &Report) -> serde_json::Result<String> {
    let mut report = serde_json::to_value(report)?;
    if let Some(findings) = report["findings"].as_array_mut() {
        findings.retain(|finding| finding["rule"] == "natural-colour");
    }
    serde_json::to_string(&report)
}

/// The photos of a run and the folders that they were sought in.
#[derive(Clone, Debug)]
pub struct Scope {
    photos: BTreeSet<String>,
    /// The same in lower case: some disks do not tell the cases apart.
    names: BTreeSet<String>,
    folders: Vec<String>,
}

impl Scope {
    /// Of these photos, found below `roots`.
    pub fn new(photos: &[PathBuf], roots: &[PathBuf]) -> Scope {
        let folders = roots.iter().filter(|root| root.is_dir()).filter_map(|root| root.canonicalize().ok());
        let photos = photos.iter().map(|photo| full_path(photo)).collect::<BTreeSet<_>>();
        Scope {
            names: photos.iter().map(|photo| photo.to_lowercase()).collect(),
            photos,
            folders: folders.map(|folder| shown(&folder)).collect(),
        }
    }

    fn has(&self, photo: &str) -> bool {
        self.photos.contains(photo)
    }

    /// Whether a photo of the run lies there.
    pub fn has_original_at(&self, file: &Path) -> bool {
        self.names.contains(&full_path(file).to_lowercase())
    }

    /// Whether the run says what becomes of this photo: it has it, or would have it if it were there.
    pub fn covers(&self, photo: &str) -> bool {
        self.has(photo) || self.folders.iter().any(|folder| Path::new(photo).starts_with(folder))
    }
}

/// The full path of a photo, however it was typed and whether or not it is there. A link to a photo is a photo of its own.
pub fn full_path(photo: &Path) -> String {
    let path = std::path::absolute(photo).unwrap_or_else(|_| photo.to_owned());
    let known = path.ancestors().skip(1).find_map(|folder| Some((folder.canonicalize().ok()?, folder)));
    let full = known.and_then(|(full, folder)| Some(full.join(path.strip_prefix(folder).ok()?)));
    shown(&full.unwrap_or(path))
}

/// The folder and what is in it.
pub struct Copies {
    folder: PathBuf,
    language: Language,
    /// By the full paths of the photos.
    all: BTreeMap<String, Copy>,
    /// Whose each file is, by its name in lower case: some disks do not tell the cases apart.
    owners: HashMap<String, String>,
}

impl Copies {
    /// Reads what earlier runs noted; a torn line is as good as none.
    pub fn open(folder: &Path, language: Language) -> anyhow::Result<Copies> {
        let path = folder.join(NOTED_COPIES);
        // Torn within a character it is no text.
        let noted = match fs::read(&path) {
            Ok(noted) => noted,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(error).or_trouble(|| unread(&path)),
        };
        let mut all = BTreeMap::new();
        let lines = noted.split(|byte| *byte == b'\n');
        for mut copy in lines.filter_map(|line| serde_json::from_slice::<Copy>(line).ok()) {
            if copy.path.is_empty() {
                copy.path = full_path(Path::new(&copy.photo));
            }
            all.insert(copy.path.clone(), copy);
        }
        let mut copies = Copies { folder: folder.to_owned(), language, all, owners: HashMap::new() };
        copies.give_out(|_| false);
        Ok(copies)
    }

    /// What an earlier run made of the photo with this full path.
    pub fn of(&self, photo: &str) -> Option<&Copy> {
        self.all.get(photo)
    }

    /// The copy that has this file.
    pub fn owner(&self, file: &str) -> Option<&Copy> {
        self.all.get(self.owners.get(&file.to_lowercase())?)
    }

    /// Every photo, in the order of their names.
    pub fn all(&self) -> impl Iterator<Item = &Copy> {
        self.all.values()
    }

    /// Whether a copy has a file and that is there, as it was written or not.
    pub fn has_file(&self, copy: &Copy) -> bool {
        copy.file.as_ref().is_some_and(|file| self.folder.join(file).exists())
    }

    /// Whether the file of a copy is there as it was written.
    pub fn is_whole(&self, copy: &Copy) -> bool {
        let file = copy.file.as_ref().map(|file| self.folder.join(file));
        file.is_some_and(|file| fs::read(file).is_ok_and(|bytes| sha256(&bytes) == copy.sha256))
    }

    /// Whether this command wrote the file and nobody has changed it since.
    pub fn is_own(&self, file: &str) -> bool {
        self.owner(file).is_some_and(|copy| self.is_whole(copy))
    }

    /// Notes what became of a photo at once, so that nothing is forgotten when the run is stopped.
    pub fn note(&mut self, copy: Copy) -> anyhow::Result<()> {
        let path = self.folder.join(NOTED_COPIES);
        // A line break on both ends, for the line before may be torn.
        let line = format!("\n{}\n", serde_json::to_string(&copy)?);
        let mut options = OpenOptions::new();
        let written =
            options.create(true).append(true).open(&path).and_then(|mut file| file.write_all(line.as_bytes()));
        written.or_trouble(|| unwritten(&path))?;
        self.all.insert(copy.path.clone(), copy);
        Ok(())
    }

    /// Leaves each file to one photo: of several that name it, to the one whose copy it is, else to the first.
    fn give_out(&mut self, is_first: impl Fn(&str) -> bool) {
        let mut photos = self.all.keys().cloned().collect::<Vec<_>>();
        photos.sort_by_key(|photo| !is_first(photo));
        let mut owners = HashMap::<String, String>::new();
        let mut losses = Vec::new();
        for photo in photos {
            let Some(file) = self.all[&photo].file.clone() else { continue };
            let (winner, loser) = match owners.remove(&file) {
                None => (photo, None),
                Some(other) if self.is_whole(&self.all[&photo]) && !self.is_whole(&self.all[&other]) => {
                    (photo, Some(other))
                }
                Some(other) => (other, Some(photo)),
            };
            losses.extend(loser.map(|loser| (loser, self.all[&winner].photo.clone())));
            owners.insert(file, winner);
        }
        for (loser, winner) in losses {
            let Some(copy) = self.all.get_mut(&loser) else { continue };
            copy.file = None;
            copy.why = match self.language {
                Language::Zh => format!("副本的位置现在是 {winner} 的。"),
                Language::En => format!("Its copy made room for that of {winner}."),
            };
        }
        self.owners = owners.into_iter().map(|(file, photo)| (file.to_lowercase(), photo)).collect();
    }

    /// Forgets photos that are gone, and takes away own files that are nobody's copy now. Returns how many files went. `before`
    /// is what was there when the run began.
    ///
    /// Gone is what lay below the folders of this run and is not there any more, and what this run has elsewhere. Photos of
    /// other runs stay, as long as their copies do.
    pub fn tidy(&mut self, before: &[Copy], scope: &Scope) -> anyhow::Result<usize> {
        let known = |copy: &Copy| Some((Path::new(&copy.path).file_name()?.to_owned(), copy.photo_sha256.clone()));
        let here = self.all.values().filter(|copy| scope.has(&copy.path) && !copy.photo_sha256.is_empty());
        let here = here.filter_map(known).collect::<BTreeSet<_>>();
        let is_moved = |copy: &Copy| known(copy).is_some_and(|known| here.contains(&known)) && !copy.is_there();
        let is_kept =
            |copy: &Copy| !scope.covers(&copy.path) && (copy.file.is_none() || self.has_file(copy)) && !is_moved(copy);
        let gone = self.all.values().filter(|copy| !scope.has(&copy.path) && !is_kept(copy));
        for photo in gone.map(|copy| copy.path.clone()).collect::<Vec<_>>() {
            self.all.remove(&photo);
        }
        self.give_out(|photo| scope.has(photo));
        // Where a disk does not tell A.jpg from a.jpg, only its own name for a file does.
        let place = |copy: &Copy| self.folder.join(copy.file.as_ref()?).canonicalize().ok();
        let kept = self.all.values().filter_map(place).collect::<BTreeSet<_>>();
        let mut gone = 0;
        for copy in before {
            let Some(path) = place(copy).filter(|path| !kept.contains(path)) else { continue };
            if self.is_whole(copy) {
                fs::remove_file(&path).or_trouble(|| unremoved(&path))?;
                gone += 1;
            }
        }
        let lines = self.all.values().map(|copy| Ok(serde_json::to_string(copy)? + "\n"));
        let lines = lines.collect::<Result<String, serde_json::Error>>()?;
        let path = self.folder.join(NOTED_COPIES);
        atomic::write(&path, lines.as_bytes()).or_trouble(|| unwritten(&path))?;
        Ok(gone)
    }

    /// Copies of other runs whose photos are not where they were: on a drive that is not plugged in, or deleted.
    pub fn of_missing<'a>(&'a self, scope: &'a Scope) -> impl Iterator<Item = &'a Copy> {
        self.all.values().filter(|copy| copy.file.is_some() && !scope.has(&copy.path) && !copy.is_there())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = r#"{"photo":"a.jpg","photo_sha256":"a0","made_by":"m","student":["1","张三","计算机学院","1班"],"file":"1.jpg","sha256":"a1","bytes":1,"quality":90,"verdict":"pass","why":""}"#;

    #[test]
    fn a_line_of_an_earlier_version_is_read() {
        let copy = serde_json::from_str::<Copy>(LINE).unwrap();
        assert_eq!((copy.student[3].as_str(), copy.major.as_str()), ("1班", ""));
        assert!(copy.entry().is_none() && copy.path.is_empty());
    }

    #[test]
    fn a_line_torn_within_a_character_is_as_good_as_none() {
        let folder = std::env::temp_dir().join(format!("gradphoto-torn-copies-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(NOTED_COPIES), [LINE.as_bytes(), b"\n{\"photo\":\"\xe5\xbc\n"].concat()).unwrap();
        let copies = Copies::open(&folder, Language::En).unwrap();
        assert_eq!(copies.all().map(|copy| copy.photo.as_str()).collect::<Vec<_>>(), ["a.jpg"]);
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_photo_is_the_same_however_it_was_typed_and_a_file_has_one_owner() {
        let folder = std::env::temp_dir().join(format!("gradphoto-copies-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("1.jpg"), b"copy").unwrap();
        let line =
            |photo: &str, sha256: &str| LINE.replace("a.jpg", photo).replace("\"a1\"", &format!("\"{sha256}\"")) + "\n";
        let lines =
            [line("p/a.jpg", "x"), line("./p/a.jpg", "x"), line("q/a.jpg", &sha256(b"copy")), line("z/a.jpg", "y")];
        fs::write(folder.join(NOTED_COPIES), lines.concat()).unwrap();
        let copies = Copies::open(&folder, Language::En).unwrap();
        let photos = copies.all().map(|copy| (copy.photo.as_str(), copy.file.is_some())).collect::<Vec<_>>();
        assert_eq!(photos, [("./p/a.jpg", false), ("q/a.jpg", true), ("z/a.jpg", false)]);
        assert_eq!(copies.owner("1.JPG").map(|copy| copy.photo.as_str()), Some("q/a.jpg"));
        let whole = std::env::current_dir().unwrap().join("p/a.jpg");
        assert!(copies.of(&full_path(&whole)).is_some_and(|copy| copy.why.contains("q/a.jpg")));
        fs::remove_dir_all(&folder).unwrap();
    }
}
