//! Folders: the one that is opened, its results, those that were opened before.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use gradphoto::folder::{is_photo, make_own_folder};
use gradphoto::photo::shown;
use gradphoto::{Language, Reason};
use serde_json::{Value, json};

use crate::atomic;
use crate::refusal::Refusal;
use crate::store::{STORE_NAME, Store};

/// The folder with its whole path.
pub fn existing(folder: &Path) -> Result<PathBuf, Refusal> {
    let shown = folder.display();
    // Copied paths bring quotation marks along.
    let text = folder.to_string_lossy();
    let folder = Path::new(text.trim().trim_matches('"'));
    if !folder.is_dir() {
        return Err(Refusal::bad(
            format!("找不到文件夹 {shown}，请核对位置。"),
            format!("There is no folder {shown}. Check the path."),
        ));
    }
    let folder = std::path::absolute(folder).context("cannot work out the full path")?;
    // Without a slash at its end: spelt otherwise it would be another folder, with results of its own.
    Ok(folder.components().collect())
}

/// Whether these lead to one folder, as far as the letters tell: Windows takes a and A for the same.
fn is_same(one: &str, other: &str) -> bool {
    if cfg!(windows) { one.to_lowercase() == other.to_lowercase() } else { one == other }
}

/// Of which folder the photos are, in a store that does not lie beside them.
const FOLDER: &str = "folder";

/// The folder of results beside the photos, or in the person's own where nothing can be written there; and its store.
pub fn results_of(folder: &Path) -> Result<(PathBuf, Store), Refusal> {
    let name = folder.file_name().map_or("照片".to_owned(), |name| name.to_string_lossy().into_owned());
    let beside = folder.parent().map(|parent| parent.join(format!("{name}-检查结果")));
    let mut found = beside.map(store_in);
    if let (None | Some(Err(_)), Some(home)) = (&found, dirs::document_dir().or_else(dirs::home_dir)) {
        found = Some(own_results(&home.join("gradphoto"), &name, folder)?);
    }
    let why = match found {
        Some(Ok(found)) => return Ok(found),
        Some(Err(why)) => why,
        None => Reason { zh: String::new(), en: String::new() },
    };
    Err(Refusal::bad(
        format!("结果无处保存（{}）。请换一个可以写入的位置。", why.get(Language::Zh)),
        format!(
            "The results cannot be written anywhere ({}). Use a place that can be written to.",
            why.get(Language::En)
        ),
    ))
}

/// The results of a folder below `home`, with a number where another folder of that name has its own there.
fn own_results(home: &Path, name: &str, folder: &Path) -> anyhow::Result<Result<(PathBuf, Store), Reason>> {
    let folder = folder.to_string_lossy();
    let mut number = 1;
    loop {
        let ending = if number == 1 { String::new() } else { format!(" {number}") };
        let (results, store) = match store_in(home.join(format!("{name}-检查结果{ending}"))) {
            Ok(found) => found,
            Err(why) => return Ok(Err(why)),
        };
        let of = store.setting(FOLDER)?;
        if of.is_none() {
            store.set(FOLDER, &folder)?;
        }
        if of.is_none_or(|of| is_same(&of, &folder)) {
            return Ok(Ok((results, store)));
        }
        number += 1;
    }
}

/// The folder, made where it is not there, and the store in it.
fn store_in(results: PathBuf) -> Result<(PathBuf, Store), Reason> {
    make_own_folder(&results).map_err(|error| Reason::of_system(&error))?;
    let store = Store::open(&results.join(STORE_NAME))?;
    Ok((results, store))
}

/// Name of a photo below its folder, with slashes.
pub fn name_below(folder: &Path, path: &Path) -> String {
    let below = path.strip_prefix(folder).unwrap_or(path);
    below.components().map(|part| shown(Path::new(part.as_os_str()))).collect::<Vec<_>>().join("/")
}

/// Folders below one, or below the person's own, to choose from: names of folders alone, never of files.
pub fn folders_at(path: &str) -> Result<Value, Refusal> {
    let start =
        if path.is_empty() { dirs::home_dir().unwrap_or_else(|| PathBuf::from("/")) } else { PathBuf::from(path) };
    let folder = std::path::absolute(&start).context("cannot work out the full path")?;
    let entries = fs::read_dir(&folder).map_err(|error| {
        let (shown, Reason { zh, en }) = (folder.display(), Reason::of_system(&error));
        Refusal::bad(format!("打不开文件夹 {shown}（{zh}）。"), format!("The folder {shown} cannot be opened ({en})."))
    })?;
    let mut names = Vec::new();
    for entry in entries.flatten().filter(|entry| entry.path().is_dir()) {
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_shown = !name.starts_with(['.', '$']) && name != "System Volume Information";
        if is_shown {
            names.push(json!({"name": name, "path": entry.path().display().to_string()}));
        }
    }
    names.sort_by_key(|folder| folder["name"].as_str().unwrap_or_default().to_lowercase());
    if path.is_empty() || folder.parent().is_none() {
        names.splice(0..0, drives().map(|drive| json!({"name": drive, "path": drive})));
    }
    Ok(json!({
        "path": folder.display().to_string(),
        "parent": folder.parent().map(|parent| parent.display().to_string()),
        "folders": names,
        "photos": photos_in(&folder),
    }))
}

/// The drives of Windows: no folder holds them, and photos lie on D: or a memory card.
fn drives() -> impl Iterator<Item = String> {
    #[cfg(windows)]
    #[link(name = "kernel32")]
    unsafe extern "system" {
        fn GetLogicalDrives() -> u32;
    }
    #[cfg(windows)]
    // SAFETY: it only tells; a bit is a letter.
    let known = unsafe { GetLogicalDrives() };
    #[cfg(not(windows))]
    let known = 0_u32;
    ('A'..='Z').enumerate().filter(move |(at, _)| known >> at & 1 == 1).map(|(_, letter)| format!("{letter}:\\"))
}

/// How many photos lie in the folder itself: enough to know that it is the right one.
fn photos_in(folder: &Path) -> usize {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter(|entry| is_photo(&entry.path(), folder)).count()
}

/// How many folders are remembered.
pub const RECENT: usize = 6;

pub fn recent_file() -> Option<PathBuf> {
    Some(dirs::data_local_dir()?.join("gradphoto").join("recent.json"))
}

/// Folders that were opened, the latest first.
pub fn recent() -> Vec<String> {
    let read = recent_file().and_then(|path| fs::read(path).ok());
    read.and_then(|bytes| serde_json::from_slice::<Vec<String>>(&bytes).ok()).unwrap_or_default()
}

/// Puts a folder at the head of the list; where that cannot be kept, the person types it again.
pub fn remember(folder: &Path) {
    let folder = folder.display().to_string();
    let others = recent().into_iter().filter(|other| !is_same(other, &folder)).take(RECENT - 1).collect::<Vec<_>>();
    let all = std::iter::once(folder).chain(others).collect::<Vec<_>>();
    if let Some(path) = recent_file() {
        let _ = atomic::write(&path, json!(all).to_string().as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_of_one_name_have_each_their_own_results() {
        let home = std::env::temp_dir().join(format!("gradphoto-own-results-{}", std::process::id()));
        let results = |folder: &str| own_results(&home, "2026届", Path::new(folder)).unwrap().unwrap().0;
        let [one, other] = ["/光盘/计算机学院/2026届", "/光盘/外国语学院/2026届"].map(results);
        assert_eq!([&one, &other], [&home.join("2026届-检查结果"), &home.join("2026届-检查结果 2")]);
        assert_eq!([results("/光盘/计算机学院/2026届"), results("/光盘/外国语学院/2026届")], [one, other]);
        fs::remove_dir_all(&home).unwrap();
    }
}
