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
    let is_of_office = [&b"PK\x03\x04"[..], b"\xd0\xcf\x11\xe0"].iter().any(|mark| bytes.starts_with(mark));
    let Ok(text) = String::from_utf8(bytes) else {
        let file = file.display();
        if is_of_office {
            return Err(trouble(
                format!("{file} 是 Excel 或 Word 文件：这里要文本文件，请把内容复制到记事本，另存为 UTF-8 编码"),
                format!("{file} is an Excel or Word file: copy what it says into a text editor and save it as UTF-8"),
            )
            .into());
        }
        return Err(trouble(
            format!("{file} 不是 UTF-8 文本：请用记事本打开，另存为 UTF-8 编码"),
            format!("{file} is not UTF-8: open it in a text editor and save it as UTF-8"),
        )
        .into());
    };
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}
