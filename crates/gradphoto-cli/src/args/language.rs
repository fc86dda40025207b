//! The language of what is printed.

use std::ffi::OsString;

use clap::{Args as ClapArgs, ValueEnum};
use gradphoto::Language;

use super::LAST;

/// The language of names and reasons.
#[derive(Debug, ClapArgs)]
pub struct LanguageChoice {
    /// Language of the output; by default English on an English system, else Chinese.
    #[arg(long, value_enum, global = true, display_order = LAST)]
    lang: Option<Lang>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Lang {
    Zh,
    En,
}

impl LanguageChoice {
    /// The language asked for, or the system's.
    pub fn get(&self) -> Language {
        match self.lang {
            Some(Lang::Zh) => Language::Zh,
            Some(Lang::En) => Language::En,
            None => system_language(),
        }
    }
}

/// The language of a command line that need not be a valid one, for what is wrong with it.
pub fn typed(typed: &[OsString]) -> Language {
    let mut typed = typed.iter().filter_map(|word| word.to_str());
    while let Some(word) = typed.next() {
        let asked = if word == "--lang" { typed.next() } else { word.strip_prefix("--lang=") };
        if let Some(language) = asked.and_then(|asked| asked.parse().ok()) {
            return language;
        }
    }
    system_language()
}

fn system_language() -> Language {
    let set = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(set);
    if locale.is_some_and(|locale| locale.starts_with("en")) { Language::En } else { Language::Zh }
}
