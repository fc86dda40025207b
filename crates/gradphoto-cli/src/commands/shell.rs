//! `gradphoto completions` and `gradphoto man`

use std::io::{self, Write};

use clap::Command;

use crate::Exit;
use crate::args::{Completions, Man};
use crate::trouble::{OrTrouble, unwritten};

/// Prints what a shell reads to complete the command.
pub fn completions(args: &Completions, mut command: Command) -> anyhow::Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command, "gradphoto", &mut script);
    io::stdout().write_all(&script)?;
    Ok(Exit::AllPass)
}

/// Prints the manual page, or writes those of all commands into a folder.
pub fn man(args: &Man, command: Command) -> anyhow::Result<Exit> {
    match &args.output {
        Some(folder) => {
            std::fs::create_dir_all(folder)
                .and_then(|()| clap_mangen::generate_to(command, folder))
                .or_trouble(|| unwritten(folder))?;
        }
        None => {
            let mut page = Vec::new();
            clap_mangen::Man::new(command).render(&mut page)?;
            io::stdout().write_all(&page)?;
        }
    }
    Ok(Exit::AllPass)
}
