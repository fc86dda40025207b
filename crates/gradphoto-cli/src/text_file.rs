//! Text files that people write.

use std::fs;
use std::path::Path;

use crate::trouble::{OrTrouble, trouble, unread};

/// The text of a file, without a byte order mark.
///
/// # Errors
/// A file that cannot be read, and one that was saved in another encoding than UTF-8.
pub fn read(file: &Path) -> anyhow::Result<String> {
    decoded(file, fs::read(file).or_trouble(|| unread(file))?)
}

/// The same of bytes that were read from this file.
pub fn decoded(file: &Path, bytes: Vec<u8>) -> anyhow::Result<String> {
    let Ok(text) = String::from_utf8(bytes) else {
        let file = file.display();
        return Err(trouble(
            format!("{file} 不是 UTF-8 文本：请用记事本打开，另存为 UTF-8 编码"),
            format!("{file} is not UTF-8: open it in a text editor and save it as UTF-8"),
        )
        .into());
    };
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}
