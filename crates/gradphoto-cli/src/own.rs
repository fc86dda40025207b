//! Files that every run of a command makes anew: what an earlier run made and this one does not goes, and nothing else.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use gradphoto::folder::make_own_folder;
use gradphoto_app::atomic;

use crate::trouble::{OrTrouble, freed, replaced, unmade, unremoved, unwritten};

/// File systems take names of 255 bytes; a number and an extension come behind.
const STEM_BYTES_MAX: usize = 240;

/// What files that are made anew are: several kinds may lie in one folder, and each takes away its own alone.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    Notices,
    Sheets,
    Vendor,
    Archives,
}

impl Kind {
    /// Names the files of the last run; hidden.
    fn list(self, folder: &Path) -> PathBuf {
        folder.join(match self {
            Kind::Notices => ".gradphoto-notices",
            Kind::Sheets => ".gradphoto-sheets",
            Kind::Vendor => ".gradphoto-vendor",
            Kind::Archives => ".gradphoto-archives",
        })
    }
}

/// Makes a folder that no later run takes for one of photos, and sees to it that it can be written into, now and not when every
/// photo has been looked at.
pub fn make(folder: &Path) -> io::Result<()> {
    let probe = atomic::temporary(&folder.join("probe"));
    make_own_folder(folder).and_then(|()| File::create(&probe)).and_then(|_| fs::remove_file(&probe))
}

/// The names of what of this kind the last run wrote into this folder.
fn earlier(folder: &Path, kind: Kind) -> Vec<String> {
    fs::read_to_string(kind.list(folder)).unwrap_or_default().lines().map(str::to_owned).collect()
}

/// Makes a folder of files that a run makes anew, and sees to it that they can be: one may be open in Word.
pub fn ready(folder: &Path, kind: Kind) -> anyhow::Result<()> {
    make(folder).or_trouble(|| unmade(folder))?;
    earlier(folder, kind).iter().map(|name| folder.join(name)).try_for_each(|file| freed(&file))
}

/// A folder while its files are made.
pub struct OwnFiles {
    folder: PathBuf,
    kind: Kind,
    earlier: Vec<String>,
    /// By their names in lower case, for file systems that take a and A for the same.
    written: BTreeMap<String, String>,
}

impl OwnFiles {
    /// Makes the folder.
    pub fn open(folder: &Path, kind: Kind) -> anyhow::Result<OwnFiles> {
        make_own_folder(folder).or_trouble(|| unmade(folder))?;
        Ok(OwnFiles { folder: folder.to_owned(), kind, earlier: earlier(folder, kind), written: BTreeMap::new() })
    }

    /// Writes a file of this run, with a number where another of it has the name or somebody else's lies there; returns its
    /// name.
    pub fn write(&mut self, stem: &str, extension: &str, bytes: &[u8]) -> anyhow::Result<String> {
        let stem = shortened(stem);
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
        replaced(atomic::write(&path, bytes), &path)?;
        self.written.insert(name.to_lowercase(), name.clone());
        // At once, so that a run that is stopped leaves nothing that the next would not know.
        self.list(&self.earlier)?;
        Ok(name)
    }

    /// Removes what of this kind an earlier run wrote here and this one did not.
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
        atomic::write(&self.kind.list(&self.folder), names.as_bytes()).or_trouble(|| unwritten(&self.folder))
    }
}

/// The stem; of one that is too long the beginning and the end, which tell departments and classes apart.
fn shortened(stem: &str) -> String {
    const GAP: &str = "…";
    if stem.len() <= STEM_BYTES_MAX {
        return stem.to_owned();
    }
    let half = (STEM_BYTES_MAX - GAP.len()) / 2;
    let (begin, end) = (stem.floor_char_boundary(half), stem.ceil_char_boundary(stem.len() - half));
    format!("{}{GAP}{}", &stem[..begin], &stem[end..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_too_long_for_a_file_keep_what_tells_them_apart() {
        let folder = std::env::temp_dir().join(format!("gradphoto-own-files-{}", std::process::id()));
        let mut own = OwnFiles::open(&folder, Kind::Notices).unwrap();
        let long = "计算机科学与技术（中外合作办学）".repeat(8);
        for (stem, begin, end) in [
            (format!("甲院{long}1班"), "甲院", "1班.docx"),
            (format!("甲院{long}2班"), "甲院", "2班.docx"),
            (format!("乙院{long}1班"), "乙院", "1班.docx"),
            (format!("乙院{long}{long}1班"), "乙院", "1班 2.docx"),
        ] {
            let name = own.write(&stem, "docx", b"").unwrap();
            assert!(name.starts_with(begin) && name.ends_with(end) && name.len() <= 255, "{name}");
        }
        own.finish().unwrap();
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn each_kind_takes_away_its_own_files_alone() {
        let folder = std::env::temp_dir().join(format!("gradphoto-own-kinds-{}", std::process::id()));
        let run = |kind, stems: &[&str]| {
            let mut own = OwnFiles::open(&folder, kind).unwrap();
            stems.iter().for_each(|stem| _ = own.write(stem, "docx", b"").unwrap());
            own.finish().unwrap();
        };
        run(Kind::Notices, &["1班", "2班"]);
        run(Kind::Sheets, &["1班", "3班"]);
        run(Kind::Notices, &["1班"]);
        let names = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names = names.filter(|name| name.ends_with(".docx")).collect::<Vec<_>>();
        names.sort();
        assert_eq!(names, ["1班 2.docx", "1班.docx", "3班.docx"]);
        fs::remove_dir_all(&folder).unwrap();
    }
}
