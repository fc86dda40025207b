//! `gradphoto profile`

use std::io::{self, Write};

use gradphoto::{Language, Profile};

use crate::Exit;
use crate::args::{ProfileArgs, ProfileCommand, load_profile};
use crate::output::table::Table;

/// Titles of the built-in profiles in English, in the order of the list; a profile's file has its Chinese one.
const TITLES_EN: &[(&str, &str)] = &[
    ("graduation-blue", "a college's notice for graduates (blue background)"),
    ("he-2017", "the standard's own text (2017)"),
    ("zikao-blue", "diploma of the self-study examination (blue background)"),
    ("zikao-white", "diploma of the self-study examination (white: Xinjiang, Qinghai)"),
    ("xinhua-online", "online photo service of Xinhua News Agency"),
    ("yanzhao", "postgraduate entrance examination, online confirmation"),
    ("gaokao", "university entrance examination, registration"),
    ("degree", "degree certificate"),
    ("k12", "national register of school pupils"),
    ("ncre", "national computer rank examination (NCRE)"),
    ("ntce", "teachers' qualification examination (NTCE)"),
    ("guokao", "national civil service examination"),
];

/// Lists the profiles, or prints one.
pub fn run(args: &ProfileArgs, language: Language) -> anyhow::Result<Exit> {
    let text = match &args.command {
        ProfileCommand::List => list(language)?,
        ProfileCommand::Show { profile } => load_profile(profile)?.to_toml(),
    };
    io::stdout().write_all(text.as_bytes())?;
    Ok(Exit::AllPass)
}

fn list(language: Language) -> anyhow::Result<String> {
    let mut table = Table::default();
    for name in Profile::names() {
        let profile = Profile::built_in(name)?;
        let standard = profile.standard();
        let title_en = TITLES_EN.iter().find(|(known, _)| *known == name).map(|(_, title)| *title);
        let title = title_en.filter(|_| language == Language::En).unwrap_or(profile.title());
        table.row([name, title, &standard.number, &standard.source, &standard.date]);
    }
    Ok(table.lines().map(|line| line + "\n").collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_profile_has_an_english_title() {
        assert!(TITLES_EN.iter().map(|(name, _)| *name).eq(Profile::names()));
        let english = list(Language::En).expect("built in");
        assert!(TITLES_EN.iter().all(|(_, title)| english.contains(title)), "{english}");
        assert!(list(Language::Zh).expect("built in").contains("学位证书照片"));
    }
}
