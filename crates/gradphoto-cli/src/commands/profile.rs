//! `gradphoto profile`

use std::io::{self, Write};

use gradphoto::{Language, Profile};

use crate::Exit;
use crate::args::{ProfileArgs, ProfileCommand, load_profile};
use crate::output::table::Table;

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
        table.row([name, profile.title().get(language), &standard.number, &standard.source, &standard.date]);
    }
    Ok(table.lines().map(|line| line + "\n").collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn profiles_are_listed_by_their_titles_in_the_language_of_the_run() {
        assert!(list(Language::En).expect("built in").contains("  Degree certificate  "));
        assert!(list(Language::Zh).expect("built in").contains("  学位证书照片  "));
    }
}
