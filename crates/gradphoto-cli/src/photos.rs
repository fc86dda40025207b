//! The photos that were named, and what is said of the files beside them.

use std::path::{Path, PathBuf};

use gradphoto::Language;
use gradphoto::folder::{Found, PassedOver};
use gradphoto::photo::shown;

use crate::output::record::plain;
use crate::trouble::trouble;

/// The photos under `paths`, of which there must be some; nothing that lies in `own`, where this run will write.
pub fn find(paths: &[PathBuf], own: Option<&Path>) -> anyhow::Result<Found> {
    let found = Found::search(paths, own);
    if found.photos().is_empty() {
        let none = found.none_in(paths);
        let with_rest = |language| format!("{}\n{}", none.message(language), told(&found, language));
        return Err(trouble(with_rest(Language::Zh), with_rest(Language::En)).into());
    }
    Ok(found)
}

/// Whole lines on what was not looked at, by kind; empty where that is nothing.
pub fn told(found: &Found, language: Language) -> String {
    /// Paths of one kind that are shown one by one.
    const SHOWN: usize = 10;

    let passed_over = found.passed_over();
    if passed_over.is_empty() {
        return String::new();
    }
    let mut text = match language {
        Language::Zh => format!("\n没有查看的文件和文件夹：{}\n", passed_over.len()),
        Language::En => format!("\nNot looked at: {}\n", passed_over.len()),
    };
    for why in PassedOver::ALL {
        let paths = passed_over.iter().filter(|(_, other)| *other == why).map(|(path, _)| path).collect::<Vec<_>>();
        if paths.is_empty() {
            continue;
        }
        text += &format!("    {} {}\n", why.words().get(language), paths.len());
        for path in paths.iter().take(SHOWN) {
            text += &format!("        {}\n", plain(&shown(path)));
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
