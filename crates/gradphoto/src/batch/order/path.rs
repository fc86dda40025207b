//! Paths of photos as any system writes them.

/// A path with slashes, from the folder on where the program was started.
pub(super) fn with_slashes(path: &str) -> String {
    path.replace('\\', "/").trim_start_matches("./").to_owned()
}

/// A path with no difference that only some systems make.
pub(super) fn as_all_systems_read(path: &str) -> String {
    with_slashes(path).to_lowercase()
}

/// The path and what is left of it without the first folder, the second and so on, to the name of the file.
pub(super) fn ends(path: &str) -> impl Iterator<Item = &str> {
    std::iter::once(path).chain(path.match_indices('/').map(|(at, _)| &path[at + 1..]))
}
