//! The photos that were named, and what is said of the files beside them.

use std::cell::LazyCell;
use std::collections::BTreeSet;
#[cfg(unix)]
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Read};
#[cfg(unix)]
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use gradphoto::folder::{Found, PassedOver};
use gradphoto::photo::{MAX_FILE_BYTES, shown};
use gradphoto::{Language, Source};

use crate::line::{STDIN, UNNAMED};
use crate::output::record::plain;
use crate::text_file;
use crate::trouble::{OrTrouble, trouble, unread};

/// The paths that were typed and those that a file lists, a line each or ended by NUL; `-` reads the list from stdin.
///
/// # Errors
/// A list that cannot be read, and paths that are not there, all at once: a slip of the pen must not pass for a bad photo.
pub fn named(typed: &[PathBuf], list: Option<&Path>) -> anyhow::Result<Vec<PathBuf>> {
    let mut paths = typed.to_vec();
    if let Some(list) = list {
        let mut bytes = Vec::new();
        let read = match list.to_str() {
            Some("-") => io::stdin().read_to_end(&mut bytes),
            _ => File::open(list).and_then(|mut file| file.read_to_end(&mut bytes)),
        };
        read.or_trouble(|| unread(list))?;
        let listed = listed(list, bytes)?;
        if typed.is_empty() && listed.is_empty() {
            let list = list.display();
            return Err(trouble(
                format!("--files-from {list}：里面没有路径，请每行写一个照片或文件夹"),
                format!("--files-from {list}: no paths in it; write a photo or folder on each line"),
            )
            .into());
        }
        paths.extend(listed);
    }
    // Windows has no names with a star or a quotation mark.
    let is_not_there =
        |error: io::Error| matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::InvalidFilename);
    let is_lost = |path: &&PathBuf| path.as_os_str() != STDIN && fs::symlink_metadata(path).is_err_and(is_not_there);
    let lost = paths.iter().filter(is_lost).map(|path| shown(path)).collect::<Vec<_>>();
    if lost.is_empty() {
        return Ok(paths);
    }
    let (zh, en) = (lost.join("、"), lost.join(", "));
    let (cure_zh, cure_en) = if lost.iter().any(|path| path.contains(['*', '?'])) {
        (
            "请写文件夹的名称：这里没有程序把 * 和 ? 换成文件名",
            "name the folder: nothing here puts names in place of * and ?",
        )
    } else {
        ("请核对路径，有空格的路径要加引号", "check the path, and put quotes around one with spaces")
    };
    Err(trouble(format!("没有这个文件或文件夹：{zh}；{cure_zh}"), format!("no such file or folder: {en}; {cure_en}"))
        .into())
}

fn listed(list: &Path, bytes: Vec<u8>) -> anyhow::Result<Vec<PathBuf>> {
    // As programs tell them, names are what the disk holds, UTF-8 or not. Text in UTF-16 has NULs too.
    #[cfg(unix)]
    if bytes.contains(&0) && !bytes.starts_with(b"\xff\xfe") {
        let names = bytes.split(|byte| *byte == 0).filter(|name| !name.is_empty());
        return Ok(names.map(|name| OsStr::from_bytes(name).into()).collect());
    }
    let text = text_file::decoded(list, bytes)?;
    let end = if text.contains('\0') { '\0' } else { '\n' };
    // Copied paths bring quotation marks along.
    let lines = text.split(end).map(|line| line.trim_end_matches('\r').trim_matches('"'));
    Ok(lines.filter(|line| !line.is_empty()).map(PathBuf::from).collect())
}

/// Where a photo is read from: its file, or stdin.
pub fn source(photo: &Path) -> Source {
    if photo.as_os_str() != STDIN {
        return Source::from(photo);
    }
    let mut bytes = Vec::new();
    // What cannot be read is no picture, and that is said; so is what is too large.
    let _ = io::stdin().take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes);
    Source::Bytes(UNNAMED.to_owned(), bytes)
}

/// The photos under `paths`, of which there must be some. Beside them may lie the roster.
pub fn find(paths: &[PathBuf], roster: Option<&Path>) -> anyhow::Result<Found> {
    let found = Found::search(paths, None);
    let found = match roster {
        Some(roster) => found.without(roster),
        None => found,
    };
    if found.photos().is_empty() {
        let none = found.none_in(paths);
        let with_rest =
            |language| format!("{}\n{}", none.message(language), not_checked(&found, language)).trim_end().to_owned();
        return Err(trouble(with_rest(Language::Zh), with_rest(Language::En)).into());
    }
    Ok(found)
}

/// Keeps what a run writes from among the photos under `paths`, where a later run could not tell its pictures from theirs. Each
/// folder stands with the option that names it; a new one below the photos is marked, and so passed over.
pub fn apart(photos: &[PathBuf], paths: &[PathBuf], written: &[(&str, &Path)]) -> anyhow::Result<()> {
    let files =
        |all: &[PathBuf]| canonical(all.iter().filter(|path| path.as_os_str() != STDIN).map(|path| folder_of(path)));
    let (folders, typed) = paths.iter().cloned().partition::<Vec<_>, _>(|path| path.is_dir());
    let folders = canonical(folders.iter().map(PathBuf::as_path));
    let (beside, holding) = (files(&typed), LazyCell::new(|| files(photos)));
    for (option, folder) in written {
        // What is not there yet holds no photos.
        let Ok(full) = folder.canonicalize() else { continue };
        let is_searched = folders.iter().chain(&beside).any(|searched| full.starts_with(searched));
        let holds_photos = || holding.iter().any(|holding| holding.starts_with(&full));
        if folders.contains(&full) || is_searched && holds_photos() {
            let folder = folder.display();
            return Err(trouble(
                format!("{option} {folder}：照片就在这个文件夹里，写出的文件会与照片混在一起；请换一个新文件夹"),
                format!("{option} {folder}: photos lie in this folder, and what is written would lie among them; name a new one"),
            )
            .into());
        }
    }
    Ok(())
}

fn folder_of(photo: &Path) -> &Path {
    photo.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Folders by their whole paths, each once.
fn canonical<'a>(folders: impl Iterator<Item = &'a Path>) -> BTreeSet<PathBuf> {
    let folders = folders.collect::<BTreeSet<_>>();
    folders.into_iter().filter_map(|folder| folder.canonicalize().ok()).collect()
}

/// What was passed over, kind by kind: paths as they are shown.
pub fn by_kind<'a>(
    passed_over: impl Iterator<Item = &'a (PathBuf, PassedOver)> + Clone,
) -> impl Iterator<Item = (PassedOver, Vec<String>)> {
    let kinds = PassedOver::ALL.iter().map(move |&why| {
        let paths = passed_over.clone().filter(|(_, other)| *other == why).map(|(path, _)| plain(&shown(path)));
        (why, paths.collect::<Vec<_>>())
    });
    kinds.filter(|(_, paths)| !paths.is_empty())
}

/// Whole lines on what was not looked at, by kind; empty where that is nothing.
pub fn not_checked(found: &Found, language: Language) -> String {
    /// Paths of one kind that are shown one by one.
    const SHOWN: usize = 10;

    let passed_over = found.passed_over();
    if passed_over.is_empty() {
        return String::new();
    }
    let mut text = match language {
        Language::Zh => format!("\n未检查的文件和文件夹：{}\n", passed_over.len()),
        Language::En => format!("\nNot checked: {}\n", passed_over.len()),
    };
    for (why, paths) in by_kind(passed_over.iter()) {
        text += &format!("    {} {}\n", why.words().get(language), paths.len());
        for path in paths.iter().take(SHOWN) {
            text += &format!("        {path}\n");
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
