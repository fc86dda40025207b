//! Folders: the one that is opened, its results, those that were opened before.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use gradphoto::folder::{Found, is_photo, make_own_folder};
use gradphoto::photo::shown;
use gradphoto::{Language, Reason};
use serde_json::{Value, json};

use crate::refusal::Refusal;
use crate::store::Store;

/// Name of the store in the folder of results.
pub const STORE_NAME: &str = "gradphoto.sqlite";

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
    Ok(std::path::absolute(folder).context("cannot work out the full path")?)
}

/// The folder of results beside the photos, or in the person's own where nothing can be written there; and its store.
pub fn results_of(folder: &Path) -> Result<(PathBuf, Store), Refusal> {
    let name = folder.file_name().map_or("照片".to_owned(), |name| name.to_string_lossy().into_owned());
    let beside = folder.parent().map(|parent| parent.join(format!("{name}-检查结果")));
    let own = dirs::document_dir()
        .or_else(dirs::home_dir)
        .map(|home| home.join("gradphoto").join(format!("{name}-检查结果")));
    let mut why = None;
    for results in [beside, own].into_iter().flatten() {
        let made = make_own_folder(&results).map_err(|error| Reason::of_system(&error));
        match made.and_then(|()| Store::open(&results.join(STORE_NAME))) {
            Ok(store) => return Ok((results, store)),
            Err(error) => why = Some(error),
        }
    }
    let why = |language| why.as_ref().map_or("", |why| why.get(language));
    Err(Refusal::bad(
        format!("结果无处保存（{}）。请换一个可以写入的位置。", why(Language::Zh)),
        format!("The results cannot be written anywhere ({}). Use a place that can be written to.", why(Language::En)),
    ))
}

/// The photos of a folder and those below it, in order; one of its own is passed over.
pub fn photos_of(folder: &Path, own: Option<&Path>) -> Vec<PathBuf> {
    Found::search(&[folder.to_owned()], own).photos().to_vec()
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
        let shown = folder.display();
        Refusal::bad(
            format!("打不开文件夹 {shown}（{error}）。"),
            format!("The folder {shown} cannot be opened ({error})."),
        )
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
    Ok(json!({
        "path": folder.display().to_string(),
        "parent": folder.parent().map(|parent| parent.display().to_string()),
        "folders": names,
        "photos": photos_in(&folder),
    }))
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
    let others = recent().into_iter().filter(|other| *other != folder).take(RECENT - 1).collect::<Vec<_>>();
    let all = std::iter::once(folder).chain(others).collect::<Vec<_>>();
    if let Some(path) = recent_file() {
        let _ = path.parent().map(fs::create_dir_all);
        let _ = fs::write(path, json!(all).to_string());
    }
}
