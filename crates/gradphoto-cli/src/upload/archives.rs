//! Zip files of copies for the receiver: photos and nothing else, names in UTF-8, the same bytes for the same photos.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Write};
use std::path::Path;

use clap::ValueEnum;
use gradphoto::Language;
use gradphoto::batch::{Place, safe_name};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::own::{Kind, OwnFiles};
use crate::trouble::{OrTrouble, unread};

/// One archive for each of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Per {
    /// A class.
    Class,
    /// A department.
    Department,
    /// The whole school.
    All,
}

impl Per {
    /// Name of the archive that a photo goes into, without extension.
    fn name(self, place: &Place, language: Language) -> String {
        let parts = match self {
            Per::Class => vec![&place.department, &place.major, &place.class],
            Per::Department => vec![&place.department],
            Per::All => vec![],
        };
        let name = parts.into_iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join("_");
        match (name.as_str(), self, language) {
            ("", Per::All, Language::Zh) => "照片".to_owned(),
            ("", Per::All, Language::En) => "photos".to_owned(),
            ("", _, Language::Zh) => "未分班".to_owned(),
            ("", _, Language::En) => "other".to_owned(),
            (name, ..) => safe_name(name),
        }
    }
}

/// Writes the archives of `files`, each a place and a file below `folder`, into its folder `zip`; those of an earlier run
/// that are not written again go. Returns their names and how many photos each holds.
pub fn write(
    folder: &Path,
    files: &[(Place, String)],
    per: Per,
    language: Language,
) -> anyhow::Result<Vec<(String, usize)>> {
    let mut archives = BTreeMap::<String, Vec<&str>>::new();
    for (place, file) in files {
        archives.entry(per.name(place, language)).or_default().push(file);
    }
    let mut own = OwnFiles::open(&folder.join("zip"), Kind::Archives)?;
    let mut written = Vec::new();
    for (name, mut files) in archives {
        files.sort_unstable();
        let name = own.write(&name, "zip", &archive(folder, &files)?)?;
        written.push((name, files.len()));
    }
    own.finish()?;
    Ok(written)
}

fn archive(folder: &Path, files: &[&str]) -> anyhow::Result<Vec<u8>> {
    // A JPEG does not become smaller, and without the time of day the same photos give the same archive.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::default());
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for file in files {
        let path = folder.join(file);
        let bytes = fs::read(&path).or_trouble(|| unread(&path))?;
        zip.start_file(*file, options)?;
        zip.write_all(&bytes)?;
    }
    Ok(zip.finish()?.into_inner())
}
