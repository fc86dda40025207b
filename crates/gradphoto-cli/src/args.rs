//! What can be typed.

use std::convert::Infallible;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use gradphoto::{EngineChoice, Language, Profile};

/// Check Chinese graduation photos against the national standard, on this machine, before anyone pays for a retake.
///
/// 毕业生电子注册图像自查：对照《高等教育学历证书电子注册图像采集规范》逐条检查照片，全程离线。
#[derive(Debug, Parser)]
#[command(version, after_help = EXAMPLES)]
pub struct Args {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

const EXAMPLES: &str = "\
Examples:
  gradphoto check photos                     every photo in a folder and the folders below it
  gradphoto check photos --format jsonl      one line of JSON a photo, for programs
  gradphoto rules                            what is checked, and the limits
  gradphoto explain eye-line                 what a rule measures, its source, what to do
  gradphoto profile list                     whose version of the standard can be applied

No photo leaves this machine and nobody is identified.";

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check photos and say what is wrong with each and how to mend it.
    Check(Check),
    /// List the rules with their limits.
    Rules(Rules),
    /// Print the handbook page of one rule.
    Explain(Explain),
    /// List the profiles, or show one in full.
    Profile(ProfileArgs),
}

/// Arguments of `gradphoto check`.
#[derive(Debug, ClapArgs)]
#[command(after_help = CHECK_EXAMPLES)]
pub struct Check {
    /// Photos and folders. Folders are searched through, hidden files skipped; 2.jpg comes before 10.jpg.
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    #[command(flatten)]
    pub profile: ProfileChoice,
    /// How to print the results.
    #[arg(long, value_enum, default_value_t)]
    pub format: ReportFormat,
    /// Also draw each photo with what was seen on it and a list of what to do, as a JPEG in this folder, in the same
    /// sub-folders as the photos. The photos themselves stay as they are.
    #[arg(long, value_name = "DIR")]
    pub annotate: Option<PathBuf>,
    /// Photos to check at the same time; 0 takes every core.
    #[arg(long, short, value_name = "N", default_value_t = 0)]
    pub jobs: usize,
    /// What runs the models: auto (ONNX Runtime where one is found, else tract), tract (built in, slower), or the path
    /// of an ONNX Runtime library, 1.24 or later.
    #[arg(long, value_name = "auto|tract|LIBRARY", default_value = "auto", value_parser = parse_engine)]
    pub engine: EngineChoice,
    #[command(flatten)]
    pub language: LanguageChoice,
}

const CHECK_EXAMPLES: &str = "\
Examples:
  gradphoto check class-1 class-2 zhang.jpg
  gradphoto check photos --profile he-2017       the standard's own text instead of the school's notice
  gradphoto check photos --profile our.toml      your own limits; start from `gradphoto profile show NAME`
  gradphoto check photos --annotate drawn        a picture of every result, to print or to show a student
  gradphoto check photos --format jsonl | jq -r 'select(.verdict == \"fail\").photo'

Exit status:
  0  every photo passes
  1  some photo fails, needs a person's eye or cannot be read; the others are checked all the same
  2  could not run, or was stopped before the end";

/// Arguments of `gradphoto rules`.
#[derive(Debug, ClapArgs)]
pub struct Rules {
    #[command(flatten)]
    pub profile: ProfileChoice,
    /// How to print the table.
    #[arg(long, value_enum, default_value_t)]
    pub format: TableFormat,
    #[command(flatten)]
    pub language: LanguageChoice,
}

/// Arguments of `gradphoto explain`.
#[derive(Debug, ClapArgs)]
pub struct Explain {
    /// Id of the rule, such as eye-line; `gradphoto rules` lists them.
    pub rule: String,
    #[command(flatten)]
    pub profile: ProfileChoice,
}

/// Arguments of `gradphoto profile`.
#[derive(Debug, ClapArgs)]
pub struct ProfileArgs {
    #[command(subcommand)]
    pub command: ProfileCommand,
}

/// The subcommands of `gradphoto profile`.
#[derive(Debug, Subcommand)]
pub enum ProfileCommand {
    /// List the built-in profiles; the first is the default.
    List,
    /// Print a profile as TOML with everything it inherits: a start for your own.
    Show {
        /// Name of a built-in profile, or a TOML file.
        #[arg(value_name = "NAME|FILE.toml")]
        profile: String,
    },
}

/// Whose version of the standard to apply.
#[derive(Debug, ClapArgs)]
pub struct ProfileChoice {
    /// Built-in profile, or a TOML file.
    #[arg(long, short, value_name = "NAME|FILE.toml", default_value = Profile::DEFAULT)]
    pub profile: String,
}

/// The language of names and reasons.
#[derive(Debug, ClapArgs)]
pub struct LanguageChoice {
    /// Language of names and reasons; by default the system's where it is English, else Chinese.
    #[arg(long, value_enum)]
    lang: Option<Lang>,
}

/// Output of `gradphoto check`.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum ReportFormat {
    /// For people.
    #[default]
    Text,
    /// For programs: one JSON object a line, one line a photo.
    Jsonl,
}

/// Output of `gradphoto rules`.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum TableFormat {
    /// Aligned columns.
    #[default]
    Text,
    /// A Markdown table.
    Markdown,
    /// A JSON array.
    Json,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Lang {
    Zh,
    En,
}

fn parse_engine(choice: &str) -> Result<EngineChoice, Infallible> {
    Ok(match choice {
        "auto" => EngineChoice::Automatic,
        "tract" => EngineChoice::Tract,
        library => EngineChoice::OnnxRuntime(library.into()),
    })
}

impl ProfileChoice {
    /// Loads the profile.
    pub fn load(&self) -> anyhow::Result<Profile> {
        load_profile(&self.profile)
    }
}

/// Loads a built-in profile by its name, or any other from a TOML file.
pub fn load_profile(choice: &str) -> anyhow::Result<Profile> {
    let path = Path::new(choice);
    let is_file = path.extension().is_some_and(|ext| ext.eq_ignore_ascii_case("toml")) || path.components().count() > 1;
    if !is_file {
        return Ok(Profile::named(choice)?);
    }
    let source = std::fs::read_to_string(path).with_context(|| format!("cannot read the profile {choice}"))?;
    let name = path.file_stem().unwrap_or(path.as_os_str()).to_string_lossy();
    Ok(Profile::from_toml(&name, &source)?)
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

fn system_language() -> Language {
    let set = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(set);
    if locale.is_some_and(|locale| locale.starts_with("en")) { Language::En } else { Language::Zh }
}
