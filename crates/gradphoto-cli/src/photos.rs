//! From what was typed to the photos meant by it, and what beside them was not looked at.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

use anyhow::bail;
use gradphoto::photo::{FileFormat, shown};
use gradphoto::{Language, Text};
use walkdir::{DirEntry, WalkDir};

/// Extensions that mark a picture, also of formats that cannot be decoded: such a file is reported, not passed over.
const PICTURE_EXTENSIONS: &[&str] =
    &["jpg", "jpeg", "jpe", "jfif", "png", "webp", "bmp", "tif", "tiff", "gif", "heic", "heif", "avif"];
/// What cameras write beside, or instead of, a JPEG.
const RAW_EXTENSIONS: &[&str] = &[
    "cr2", "cr3", "crw", "nef", "nrw", "arw", "srf", "sr2", "raf", "rw2", "orf", "pef", "dng", "raw", "rwl", "srw",
    "3fr", "fff", "iiq", "x3f", "erf", "mrw", "kdc", "dcr",
];
/// Files that a program has not finished, or left behind.
const UNFINISHED_EXTENSIONS: &[&str] =
    &["part", "partial", "crdownload", "download", "downloading", "td", "tmp", "bak"];
const ARCHIVE_EXTENSIONS: &[&str] = &["zip", "rar", "7z", "gz", "tar"];
/// Folders of network drives, recycle bins, archives and thumbnails, in lower case; those whose names begin with a dot are
/// passed over without being named here.
const SYSTEM_FOLDERS: &[&str] = &[
    "#recycle",
    "#snapshot",
    "@eadir",
    "@recycle",
    "@recently-snapshot",
    "@tmp",
    "@sharebin",
    "$recycle.bin",
    "recycler",
    "recycled",
    "system volume information",
    "__macosx",
    "lost+found",
    "thumbs",
    "thumbnails",
    "network trash folder",
    "temporary items",
];
/// Files that systems keep for themselves, in lower case: nobody misses them.
const SYSTEM_FILES: &[&str] = &["thumbs.db", "ehthumbs.db", "desktop.ini", ".ds_store", ".localized", OWN_MARK];
/// A file of this name marks a folder that this command wrote.
const OWN_MARK: &str = ".gradphoto";

/// What was found.
#[derive(Debug, Default)]
pub struct Found {
    /// Files to look at, in the order of the paths, each folder in natural order (2 before 10).
    pub photos: Vec<PathBuf>,
    /// Everything else, in the same order.
    pub passed_over: Vec<(PathBuf, Why)>,
}

/// Why a file or folder is not looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    Raw,
    Cloud,
    Unfinished,
    Hidden,
    Archive,
    Other,
    SystemFolder,
    OwnFolder,
}

impl Why {
    const ALL: [Why; 8] = [
        Why::Raw,
        Why::Cloud,
        Why::Unfinished,
        Why::Hidden,
        Why::Archive,
        Why::Other,
        Why::SystemFolder,
        Why::OwnFolder,
    ];

    /// As a word for programs.
    pub fn id(self) -> &'static str {
        match self {
            Why::Raw => "raw",
            Why::Cloud => "cloud",
            Why::Unfinished => "unfinished",
            Why::Hidden => "hidden",
            Why::Archive => "archive",
            Why::Other => "other",
            Why::SystemFolder => "system-folder",
            Why::OwnFolder => "own-folder",
        }
    }

    /// In words, with the cure where there is one.
    pub fn words(self, language: Language) -> &'static str {
        let (zh, en) = match self {
            Why::Raw => ("相机 RAW 原片（请导出为 JPEG）", "raw pictures of cameras (export them as JPEG)"),
            Why::Cloud => ("尚未从 iCloud 下载", "not yet downloaded from iCloud"),
            Why::Unfinished => ("没有下载完或临时的文件", "unfinished or temporary files"),
            Why::Hidden => ("隐藏的图片", "hidden pictures"),
            Why::Archive => ("压缩包（请先解压）", "archives (unpack them first)"),
            Why::Other => ("不是照片的文件", "files that are no photos"),
            Why::SystemFolder => ("系统、回收站和缩略图文件夹", "folders of the system, recycle bins, thumbnails"),
            Why::OwnFolder => ("本程序写出的文件夹", "folders that this program wrote"),
        };
        Text { zh, en }.get(language)
    }
}

/// The photos under `paths`: a file as it is named, a folder with everything below it.
///
/// What cannot be looked at, such as a folder without permission, stays in the list: reading it will say why. Folders below
/// them where this command has written, or `own`, where it will, are passed over.
pub fn find(paths: &[PathBuf], own: Option<&Path>) -> anyhow::Result<Found> {
    let own = own.and_then(|folder| folder.canonicalize().ok());
    let mut found = Found::default();
    for path in paths {
        if path.is_dir() { found.search(path, own.as_deref()) } else { found.photos.push(path.clone()) }
    }
    if found.photos.is_empty() {
        let named = paths.iter().map(|path| shown(path)).collect::<Vec<_>>().join(", ");
        let passed = found.told(Language::En);
        bail!("no photo found in {named} (looked for {})\n{passed}", PICTURE_EXTENSIONS.join(" "));
    }
    Ok(found)
}

impl Found {
    /// Everything below a folder.
    fn search(&mut self, folder: &Path, own: Option<&Path>) {
        let mut entries = WalkDir::new(folder)
            .follow_links(true)
            .sort_by(|a, b| alphanumeric_sort::compare_os_str(a.file_name(), b.file_name()))
            .into_iter();
        while let Some(entry) = entries.next() {
            match entry {
                Ok(entry) if entry.file_type().is_dir() => {
                    if let Some(why) = passed_folder(&entry, own).filter(|_| entry.depth() > 0) {
                        self.passed_over.push((entry.into_path(), why));
                        entries.skip_current_dir();
                    }
                }
                Ok(entry) => match passed_file(entry.path(), entry.file_type().is_file()) {
                    Ok(true) => self.photos.push(entry.into_path()),
                    Ok(false) => {}
                    Err(why) => self.passed_over.push((entry.into_path(), why)),
                },
                // The folder that the link leads to is searched through already.
                Err(error) if error.loop_ancestor().is_some() => {}
                Err(error) => self.photos.extend(error.path().map(Path::to_owned)),
            }
        }
    }

    /// Whole lines on what was not looked at, by kind; empty where that is nothing.
    pub fn told(&self, language: Language) -> String {
        if self.passed_over.is_empty() {
            return String::new();
        }
        let mut text = match language {
            Language::Zh => format!("\n没有查看的文件和文件夹：{}\n", self.passed_over.len()),
            Language::En => format!("\nNot looked at: {}\n", self.passed_over.len()),
        };
        for why in Why::ALL {
            let paths = self.passed_over.iter().filter(|(_, other)| *other == why).map(|(path, _)| path);
            let paths = paths.collect::<Vec<_>>();
            if paths.is_empty() {
                continue;
            }
            text += &format!("    {} {}\n", why.words(language), paths.len());
            for path in paths.iter().take(SHOWN) {
                text += &format!("        {}\n", crate::output::record::plain(&shown(path)));
            }
            if let Some(more) = paths.len().checked_sub(SHOWN).filter(|more| *more > 0) {
                text += &match language {
                    Language::Zh => format!("        还有 {more} 个\n"),
                    Language::En => format!("        and {more} more\n"),
                };
            }
        }
        text
    }
}

/// Paths of one kind shown one by one.
const SHOWN: usize = 10;

/// Why a folder is not searched; `None` where it is.
fn passed_folder(entry: &DirEntry, own: Option<&Path>) -> Option<Why> {
    let is_own = || {
        entry.path().join(OWN_MARK).is_file()
            || own.is_some_and(|own| entry.path().canonicalize().is_ok_and(|path| path == own))
    };
    if is_system_folder(&entry.file_name().to_string_lossy()) {
        Some(Why::SystemFolder)
    } else if is_own() {
        Some(Why::OwnFolder)
    } else {
        None
    }
}

fn is_system_folder(name: &str) -> bool {
    name.starts_with('.') || SYSTEM_FOLDERS.contains(&name.to_lowercase().as_str())
}

/// Whether a file is a photo, by its name, else by its first bytes; `Ok(false)` where it is nothing that anybody would miss.
fn passed_file(path: &Path, is_regular: bool) -> Result<bool, Why> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension.trim_end());
    let is = |extensions: &[&str]| extensions.contains(&extension);
    if SYSTEM_FILES.contains(&name.as_str()) || name.starts_with("._") || name.starts_with("~$") {
        Ok(false)
    } else if extension == "icloud" {
        Err(Why::Cloud)
    } else if name.starts_with('.') {
        if is(PICTURE_EXTENSIONS) { Err(Why::Hidden) } else { Ok(false) }
    } else if is(PICTURE_EXTENSIONS) {
        Ok(true)
    } else if is(RAW_EXTENSIONS) {
        Err(Why::Raw)
    } else if is(UNFINISHED_EXTENSIONS) || name.ends_with('~') {
        Err(Why::Unfinished)
    } else if is(ARCHIVE_EXTENSIONS) {
        Err(Why::Archive)
    } else if is_regular && is_picture_inside(path) {
        // A picture that lost its extension, or has another's: the rule on extensions will say so.
        Ok(true)
    } else {
        Err(Why::Other)
    }
}

/// Whether a file begins as a picture does.
fn is_picture_inside(path: &Path) -> bool {
    let mut start = Vec::new();
    let read = File::open(path).and_then(|file| file.take(16).read_to_end(&mut start));
    read.is_ok() && FileFormat::of(&start).is_some()
}

/// Whether a file that has come into the folder `root`, or below it, is a photo to look at.
pub fn is_photo(path: &Path, root: &Path) -> bool {
    let folders = path.strip_prefix(root).unwrap_or(path).parent().into_iter().flat_map(Path::components);
    let is_passed = |folder: Component| is_system_folder(&folder.as_os_str().to_string_lossy());
    !folders.into_iter().any(is_passed) && passed_file(path, path.is_file()) == Ok(true)
}

/// Makes a folder for what this command writes and marks it, so that its pictures are not taken for photos later. One that
/// holds something else already is somebody's own and stays unmarked.
pub fn make_own_folder(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    if fs::read_dir(folder)?.next().is_none() {
        fs::write(
            folder.join(OWN_MARK),
            "gradphoto wrote this folder and passes it over when it searches for photos.\n",
        )?;
    }
    Ok(())
}
