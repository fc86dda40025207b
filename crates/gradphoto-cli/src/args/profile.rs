//! Which profile is applied, and which of its rules.

use std::path::Path;

use clap::Args as ClapArgs;
use clap::builder::NonEmptyStringValueParser;
use gradphoto::folder::is_table;
use gradphoto::{Language, Profile};

use crate::text_file;
use crate::trouble::{Trouble, trouble, unknown_rule};

/// Whose version of the standard to apply.
#[derive(Debug, ClapArgs)]
pub struct ProfileChoice {
    /// Built-in profile, or a TOML file.
    #[arg(long, short, value_name = "NAME|FILE.toml", default_value = Profile::DEFAULT)]
    pub profile: String,
}

/// Which rules of the profile to apply.
#[derive(Debug, ClapArgs)]
pub struct RuleChoice {
    /// Apply these rules only.
    #[arg(long, value_name = "RULE", value_delimiter = ',', value_parser = NonEmptyStringValueParser::new())]
    pub select: Vec<String>,
    /// Leave these rules out.
    #[arg(long, value_name = "RULE", value_delimiter = ',', value_parser = NonEmptyStringValueParser::new())]
    pub ignore: Vec<String>,
}

impl RuleChoice {
    /// The profile with the rules that are wanted.
    pub fn of(&self, profile: Profile) -> anyhow::Result<Profile> {
        for id in self.select.iter().chain(&self.ignore) {
            gradphoto::rules::find(id).map_or_else(|| Err(unknown_rule(id)), |_| Ok(()))?;
        }
        Ok(profile.only(|rule| {
            let is_in = |list: &[String]| list.iter().any(|id| id == rule.id);
            !is_in(&self.ignore) && (self.select.is_empty() || is_in(&self.select))
        }))
    }
}

impl ProfileChoice {
    /// Loads the profile.
    pub fn load(&self) -> anyhow::Result<Profile> {
        load_profile(&self.profile)
    }
}

/// What was typed for a profile and is none, with the cure.
fn no_profile(typed: &str, (zh, en): (&str, &str), is_table: bool) -> Trouble {
    let cure = match is_table {
        true => trouble(
            format!("如果是名册，请写 --roster {typed}"),
            format!("if it is the roster, write --roster {typed}"),
        ),
        false => trouble(
            "要自己编写，可从 gradphoto profile show graduation-blue 的内容改起",
            "for your own, start from `gradphoto profile show graduation-blue`",
        ),
    };
    trouble(
        format!("标准 {typed}：这是{zh}；标准应为内置名称，或以 .toml 结尾的文件；{}", cure.get(Language::Zh)),
        format!(
            "profile {typed}: this is {en}; a profile is a built-in name or a file ending in .toml; {}",
            cure.get(Language::En)
        ),
    )
}

/// Loads a built-in profile by its name, or any other from a TOML file.
pub fn load_profile(choice: &str) -> anyhow::Result<Profile> {
    let path = Path::new(choice);
    let is_bare = path.components().count() == 1;
    if Profile::names().any(|name| name == choice) {
        return Ok(Profile::built_in(choice)?);
    }
    if path.extension().is_none_or(|extension| !extension.eq_ignore_ascii_case("toml")) {
        if is_table(path) {
            return Err(no_profile(choice, ("表格", "a table"), true).into());
        } else if path.is_dir() {
            return Err(no_profile(choice, ("文件夹", "a folder"), false).into());
        } else if path.is_file() && (is_bare || path.extension().is_some()) {
            return Err(no_profile(choice, ("另一种文件", "another kind of file"), false).into());
        } else if is_bare {
            return Ok(Profile::built_in(choice)?);
        }
    }
    let source = text_file::read(path)?;
    let stem = path.file_stem().unwrap_or(path.as_os_str()).to_string_lossy();
    // A school's own graduation-blue.toml is another standard than the built-in one.
    let is_taken = Profile::names().any(|name| name == stem);
    let name = if is_taken { path.file_name().unwrap_or_default().to_string_lossy() } else { stem };
    // The file is what must be mended, and its name in reports is no path.
    let profile = Profile::from_toml(&name, &source).map_err(|error| {
        let [zh, en] = [Language::Zh, Language::En].map(|language| error.reason().get(language));
        trouble(format!("{choice}：{zh}"), format!("{choice}: {en}"))
    });
    Ok(profile?)
}
