//! Where things lie, for the tests beside this file's folder.

use std::path::PathBuf;

/// A path given from the root of the repository.
pub fn repository(path: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "..", path].iter().collect()
}
