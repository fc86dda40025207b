//! What this command has put into a folder of copies, so that another run leaves alone what is right, and takes away what is
//! not any more.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use gradphoto::PhotoVerdict;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::trouble::{OrTrouble, unread, unremoved, unwritten};
use crate::whole;

/// A line a photo, the last counts; hidden, as it is for this command alone.
const FILE_NAME: &str = ".gradphoto-copies.jsonl";

/// What became of one photo.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Copy {
    /// The photo, as it was named.
    pub photo: String,
    /// Hash of the photo's file.
    pub photo_sha256: String,
    /// Profile, program, models and engine in one word: others make another copy.
    pub made_by: String,
    /// Student number, name, department and class, as far as they are known.
    pub student: [String; 4],
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
}

/// The folder and what is in it.
pub struct Copies {
    folder: PathBuf,
    /// By photo.
    all: BTreeMap<String, Copy>,
}

impl Copies {
    /// Reads what earlier runs noted; a torn line is as good as none.
    pub fn open(folder: &Path) -> anyhow::Result<Copies> {
        let path = folder.join(FILE_NAME);
        let noted = match fs::read_to_string(&path) {
            Ok(noted) => noted,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(error).or_trouble(|| unread(&path)),
        };
        let lines = noted.lines().filter_map(|line| serde_json::from_str::<Copy>(line).ok());
        Ok(Copies { folder: folder.to_owned(), all: lines.map(|copy| (copy.photo.clone(), copy)).collect() })
    }

    /// What an earlier run made of a photo.
    pub fn of(&self, photo: &str) -> Option<&Copy> {
        self.all.get(photo)
    }

    /// Every photo, in the order of their names.
    pub fn all(&self) -> impl Iterator<Item = &Copy> {
        self.all.values()
    }

    /// Whether the file of a copy is there as it was written.
    pub fn is_whole(&self, copy: &Copy) -> bool {
        let file = copy.file.as_ref().map(|file| self.folder.join(file));
        file.is_some_and(|file| fs::read(file).is_ok_and(|bytes| sha256(&bytes) == copy.sha256))
    }

    /// Whether this command wrote the file and nobody has changed it since.
    pub fn is_own(&self, file: &str) -> bool {
        self.all.values().any(|copy| copy.file.as_deref() == Some(file) && self.is_whole(copy))
    }

    /// Notes what became of a photo at once, so that nothing is forgotten when the run is stopped.
    pub fn note(&mut self, copy: Copy) -> anyhow::Result<()> {
        let path = self.folder.join(FILE_NAME);
        let line = serde_json::to_string(&copy)? + "\n";
        let mut options = OpenOptions::new();
        let written =
            options.create(true).append(true).open(&path).and_then(|mut file| file.write_all(line.as_bytes()));
        written.or_trouble(|| unwritten(&path))?;
        self.all.insert(copy.photo.clone(), copy);
        Ok(())
    }

    /// Forgets photos below `inputs` that are not in this run any more, and takes away own files that are nobody's copy now.
    /// Returns how many files went. `before` is what was there when the run began.
    pub fn tidy(&mut self, before: &[Copy], is_gone: impl Fn(&str) -> bool) -> anyhow::Result<usize> {
        self.all.retain(|photo, _| !is_gone(photo));
        let kept = self.all.values().filter_map(|copy| copy.file.clone()).collect::<BTreeSet<_>>();
        let mut gone = 0;
        for copy in before {
            let Some(file) = copy.file.as_ref().filter(|file| !kept.contains(*file)) else { continue };
            if self.is_whole(copy) {
                let path = self.folder.join(file);
                fs::remove_file(&path).or_trouble(|| unremoved(&path))?;
                gone += 1;
            }
        }
        let lines = self.all.values().map(|copy| Ok(serde_json::to_string(copy)? + "\n"));
        let lines = lines.collect::<Result<String, serde_json::Error>>()?;
        let path = self.folder.join(FILE_NAME);
        whole::write(&path, lines.as_bytes()).or_trouble(|| unwritten(&path))?;
        Ok(gone)
    }
}

/// SHA-256 in hex.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
