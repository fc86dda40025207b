//! Files that every run of a command makes anew: what an earlier run made and this one does not goes, and nothing else.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::trouble::{OrTrouble, unmade, unremoved, unreplaced, unwritten};
use crate::whole;

/// Names the files of the last run; hidden.
const LIST: &str = ".gradphoto-files";

/// A folder while its files are made.
pub struct OwnFiles {
    folder: PathBuf,
    earlier: Vec<String>,
    /// By their names in lower case, for file systems that take a and A for the same.
    written: BTreeMap<String, String>,
}

impl OwnFiles {
    /// Makes the folder.
    pub fn open(folder: &Path) -> anyhow::Result<OwnFiles> {
        fs::create_dir_all(folder).or_trouble(|| unmade(folder))?;
        let earlier = fs::read_to_string(folder.join(LIST)).unwrap_or_default().lines().map(str::to_owned).collect();
        Ok(OwnFiles { folder: folder.to_owned(), earlier, written: BTreeMap::new() })
    }

    /// Writes a file of this run, with a number where another of it has the name or somebody else's lies there; returns its
    /// name.
    pub fn write(&mut self, stem: &str, extension: &str, bytes: &[u8]) -> anyhow::Result<String> {
        let mut numbers = 1..;
        let name = loop {
            let name = match numbers.next() {
                None | Some(1) => format!("{stem}.{extension}"),
                Some(number) => format!("{stem} {number}.{extension}"),
            };
            let is_foreign = self.folder.join(&name).exists() && !self.earlier.contains(&name);
            if !is_foreign && !self.written.contains_key(&name.to_lowercase()) {
                break name;
            }
        };
        let path = self.folder.join(&name);
        whole::write(&path, bytes).or_trouble(|| unreplaced(&path))?;
        self.written.insert(name.to_lowercase(), name.clone());
        // At once, so that a run that is stopped leaves nothing that the next would not know.
        self.list(&self.earlier)?;
        Ok(name)
    }

    /// Removes what an earlier run wrote here and this one did not.
    pub fn finish(self) -> anyhow::Result<()> {
        for name in self.earlier.iter().filter(|name| !self.written.contains_key(&name.to_lowercase())) {
            let path = self.folder.join(name);
            // A name that leads elsewhere was not written here.
            if path.parent() == Some(&self.folder) && path.exists() {
                fs::remove_file(&path).or_trouble(|| unremoved(&path))?;
            }
        }
        self.list(&[])
    }

    fn list(&self, earlier: &[String]) -> anyhow::Result<()> {
        let more = earlier.iter().filter(|name| !self.written.contains_key(&name.to_lowercase()));
        let names = self.written.values().chain(more).map(|name| format!("{name}\n")).collect::<String>();
        whole::write(&self.folder.join(LIST), names.as_bytes()).or_trouble(|| unwritten(&self.folder))
    }
}
