//! `gradphoto profile`

use std::io::{self, Write};

use gradphoto::Profile;

use crate::Exit;
use crate::args::{ProfileArgs, ProfileCommand, load_profile};
use crate::output::table::Table;

/// Lists the profiles, or prints one.
pub fn run(args: &ProfileArgs) -> anyhow::Result<Exit> {
    let text = match &args.command {
        ProfileCommand::List => list()?,
        ProfileCommand::Show { profile } => load_profile(profile)?.to_toml(),
    };
    io::stdout().write_all(text.as_bytes())?;
    Ok(Exit::AllPass)
}

fn list() -> anyhow::Result<String> {
    let mut table = Table::default();
    for name in Profile::names() {
        let profile = Profile::built_in(name)?;
        let standard = profile.standard();
        table.row([name, profile.title(), &standard.number, &standard.source, &standard.date]);
    }
    Ok(table.lines().map(|line| line + "\n").collect())
}
