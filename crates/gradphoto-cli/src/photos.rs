//! From what was typed to the photos meant by it.

use std::path::{Path, PathBuf};

use anyhow::bail;
use walkdir::{DirEntry, WalkDir};

/// Extensions that mark a picture, also of formats that cannot be decoded: such a file is reported, not passed over.
const PICTURE_EXTENSIONS: &[&str] =
    &["jpg", "jpeg", "jpe", "jfif", "png", "webp", "bmp", "tif", "tiff", "gif", "heic", "heif", "avif"];

/// The photos under `paths`: a file as it is named, a folder with everything below it in natural order (2 before 10).
///
/// What cannot be looked at, such as a folder without permission, stays in the list: reading it will say why. A folder
/// below them that is `own`, where this command writes, is passed over.
pub fn find(paths: &[PathBuf], own: Option<&Path>) -> anyhow::Result<Vec<PathBuf>> {
    let own = own.and_then(|folder| folder.canonicalize().ok());
    let mut photos = Vec::new();
    for path in paths {
        if path.is_dir() { photos.extend(in_folder(path, own.as_deref())) } else { photos.push(path.clone()) }
    }
    if photos.is_empty() {
        let named = paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>();
        bail!("no photo found in {} (looked for {})", named.join(", "), PICTURE_EXTENSIONS.join(" "));
    }
    Ok(photos)
}

fn in_folder(folder: &Path, own: Option<&Path>) -> impl Iterator<Item = PathBuf> {
    WalkDir::new(folder)
        .follow_links(true)
        .sort_by(|a, b| alphanumeric_sort::compare_os_str(a.file_name(), b.file_name()))
        .into_iter()
        .filter_entry(move |entry| {
            entry.depth() == 0 || !(is_hidden(entry) || own.is_some_and(|own| is_same(entry, own)))
        })
        .filter_map(|entry| match entry {
            Ok(entry) => (!entry.file_type().is_dir() && is_picture(entry.path())).then(|| entry.into_path()),
            Err(error) if error.loop_ancestor().is_some() => None,
            Err(error) => error.path().map(Path::to_owned),
        })
}

fn is_same(entry: &DirEntry, folder: &Path) -> bool {
    entry.file_type().is_dir() && entry.path().canonicalize().is_ok_and(|path| path == folder)
}

fn is_hidden(entry: &DirEntry) -> bool {
    entry.file_name().as_encoded_bytes().starts_with(b".")
}

fn is_picture(path: &Path) -> bool {
    path.extension().is_some_and(|ext| PICTURE_EXTENSIONS.iter().any(|known| ext.eq_ignore_ascii_case(known)))
}
