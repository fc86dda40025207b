//! `gradphoto completions` and `gradphoto man`

use std::fs;
use std::io::{self, Write};

use clap::Command;
use clap_mangen::Man;
use gradphoto::Language;
use gradphoto_app::atomic;

use crate::Exit;
use crate::args::{Completions, Man as ManArgs};
use crate::help_zh;
use crate::trouble::{OrTrouble, unmade, unwritten};

/// Prints what a shell reads to complete the command.
pub fn completions(args: &Completions, mut command: Command) -> anyhow::Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command, "gradphoto", &mut script);
    io::stdout().write_all(&script)?;
    Ok(Exit::AllPass)
}

/// Prints the manual page, or writes those of all commands into a folder.
pub fn man(args: &ManArgs, command: Command, language: Language) -> anyhow::Result<Exit> {
    let Some(folder) = &args.output else {
        io::stdout().write_all(page(&Man::new(command), language)?.as_bytes())?;
        return Ok(Exit::AllPass);
    };
    fs::create_dir_all(folder).or_trouble(|| unmade(folder))?;
    let mut command = command.disable_help_subcommand(true);
    command.build();
    let mut left = vec![command];
    while let Some(command) = left.pop() {
        left.extend(command.get_subcommands().cloned());
        let man = Man::new(command);
        let file = folder.join(man.get_filename());
        atomic::write(&file, page(&man, language)?.as_bytes()).or_trouble(|| unwritten(&file))?;
    }
    Ok(Exit::AllPass)
}

fn page(man: &Man, language: Language) -> io::Result<String> {
    let mut page = Vec::new();
    man.render(&mut page)?;
    let page = String::from_utf8_lossy(&page);
    Ok(if language == Language::Zh { help_zh::of_clap(&page) } else { page.into_owned() })
}
