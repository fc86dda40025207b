//! Slips in what was typed, in Chinese; clap tells them in English.

use std::ffi::OsString;
use std::path::Path;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Command, CommandFactory, Error};
use gradphoto::nearest;

use crate::args::Args;
use crate::trouble::{Trouble, trouble};

/// What stands where a command is not known.
const FOLDER: &str = "[FOLDER|PHOTO]";

/// How values are written, by their options.
const WRITTEN: &[(&str, &str)] = &[
    ("--graduation", "应写作 2026-06"),
    ("--jobs", "应为整数，如 4"),
    ("--port", "应为0至65535的整数"),
    ("--listen", "应写作 127.0.0.1:8400"),
];

/// The slip of a command behind its options, which clap takes for the page's.
pub fn misplaced(error: &Error, typed: &[OsString]) -> Option<Trouble> {
    let first = typed.get(1)?.to_str().filter(|first| first.starts_with('-'))?;
    let is_folder = [ContextKind::InvalidArg, ContextKind::PriorArg]
        .iter()
        .any(|kind| error.get(*kind).is_some_and(|at| words(at).contains(FOLDER)));
    let args = Args::command();
    let command = typed.iter().find_map(|word| args.find_subcommand(word)).filter(|_| is_folder)?.get_name();
    Some(trouble(
        format!("{first} 要写在命令 {command} 之后，如 gradphoto {command} … {first} …"),
        format!("{first} belongs behind the command: gradphoto {command} … {first} …"),
    ))
}

/// What is wrong and what to type instead, of what began with `first` behind the program's name; `None` where clap prints no
/// slip but a help page or the version.
pub fn told(error: &Error, first: &str) -> Option<String> {
    let get = |kind| error.get(kind).map(words).unwrap_or_default();
    let argument = get(ContextKind::InvalidArg);
    let value = get(ContextKind::InvalidValue);
    let what = match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            return None;
        }
        ErrorKind::MissingSubcommand => format!("还须写明 {}", get(ContextKind::ValidSubcommand)),
        ErrorKind::UnknownArgument if argument.starts_with('-') => format!("没有选项 {argument}"),
        ErrorKind::UnknownArgument => format!("多出一个参数 {argument}"),
        ErrorKind::InvalidSubcommand => format!("没有命令 {}", get(ContextKind::InvalidSubcommand)),
        ErrorKind::MissingRequiredArgument => format!("还须写明 {argument}"),
        ErrorKind::ArgumentConflict => match get(ContextKind::PriorArg) {
            prior if prior == FOLDER && Path::new(first).exists() => {
                "网页一次打开一个文件夹或一张照片，多张照片请用 gradphoto check".to_owned()
            }
            // Taken for the folder of a page, and more follows.
            prior if prior == FOLDER => format!("没有命令 {first}"),
            _ if argument.is_empty() => format!("多出一个参数 {}", get(ContextKind::InvalidSubcommand)),
            prior if prior == argument || prior.is_empty() => format!("{argument} 只能写一次"),
            prior => format!("{argument} 不能与 {prior} 同时使用"),
        },
        ErrorKind::InvalidValue | ErrorKind::NoEquals if value.is_empty() => format!("{argument} 后面要写一个值"),
        ErrorKind::ValueValidation if argument == FOLDER => format!("没有命令 {value}，也没有这样的文件夹或照片"),
        ErrorKind::ValueValidation => {
            let option = argument.split(' ').next().unwrap_or_default();
            let how = WRITTEN.iter().find(|(known, _)| *known == option).map(|(_, how)| format!("，{how}"));
            format!("{argument} 的值“{value}”无效{}", how.unwrap_or_default())
        }
        ErrorKind::InvalidValue => format!("{argument} 不能是“{value}”"),
        ErrorKind::TooManyValues | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            format!("{argument} 的值的个数不对")
        }
        ErrorKind::InvalidUtf8 => "参数中有读不出的字符".to_owned(),
        _ => error.to_string().trim_start_matches("error: ").trim_end().to_owned(),
    };
    let mut told = format!("gradphoto：{what}。\n");
    let near = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue].map(get);
    let near = near.into_iter().find(|near| !near.is_empty());
    let is_folder = argument == FOLDER || get(ContextKind::PriorArg) == FOLDER;
    let args = Args::command();
    let near_command = || nearest(first, args.get_subcommands().map(Command::get_name).filter(|_| is_folder));
    if let Some(near) = near.as_deref().or_else(near_command) {
        told += &format!("    是否为 {near}？\n");
    }
    let choices = get(ContextKind::ValidValue);
    if !choices.is_empty() {
        told += &format!("    可以写：{choices}\n");
    }
    let usage = get(ContextKind::Usage);
    if let Some(usage) = usage.strip_prefix("Usage:") {
        told += &format!("\n用法：{}\n", usage.trim().replace("[OPTIONS]", "[选项]").replace("<COMMAND>", "<命令>"));
    }
    Some(told + "各命令和选项的说明见 --help。\n")
}

fn words(value: &ContextValue) -> String {
    match value {
        ContextValue::Strings(several) => several.join("、"),
        ContextValue::StyledStrs(several) => several.iter().map(ToString::to_string).collect::<Vec<_>>().join("、"),
        value => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::args::Args;

    #[test]
    fn common_slips_are_told_in_chinese_with_the_cure() {
        for (typed, words) in [
            ("check --formt jsonl a", &["没有选项 --formt", "是否为 --format", "用法：gradphoto check"][..]),
            ("check --format xml a", &["--format", "xml", "可以写：text、jsonl"]),
            ("check", &["还须写明 <PATH>..."]),
            ("chekc a", &["没有命令 chekc", "是否为 check"]),
            ("prepar", &["没有命令 prepar，也没有这样的文件夹或照片", "是否为 prepare"]),
            ("check a --jobs many", &["--jobs", "“many”无效，应为整数"]),
            ("check a --output b --graduation 2026", &["--graduation", "“2026”无效，应写作 2026-06"]),
            ("serve --listen 8462", &["--listen", "“8462”无效，应写作 127.0.0.1:8400"]),
            ("--port web", &["--port", "“web”无效，应为0至65535的整数"]),
            ("--port 80 . more", &["多出一个参数 more"]),
            ("check a --jobs", &["--jobs", "后面要写一个值"]),
            ("check a --resume", &["还须写明 --output"]),
            ("check a --output b --resume --overwrite", &["--resume", "不能与 --overwrite", "同时使用"]),
            ("check a --jobs 1 --jobs 2", &["--jobs", "只能写一次"]),
            ("src Cargo.toml", &["多张照片请用 gradphoto check"]),
            ("rules more", &["多出一个参数 more"]),
        ] {
            let error = Args::try_parse_from(["gradphoto"].into_iter().chain(typed.split(' '))).expect_err(typed);
            let told = told(&error, typed.split(' ').next().unwrap_or_default()).expect(typed);
            assert!(words.iter().all(|word| told.contains(word)), "{typed}: {told}");
            assert!(!told.contains("error") && told.contains("--help"), "{told}");
        }
        for typed in ["--profile he-2017 check x.jpg", "--profile he-2017 rules"] {
            let typed = ["gradphoto"].into_iter().chain(typed.split(' ')).map(OsString::from).collect::<Vec<_>>();
            let error = Args::try_parse_from(&typed).expect_err("a command behind an option");
            let told = misplaced(&error, &typed).expect("a command is there").to_string();
            assert!(told.starts_with("--profile belongs behind the command: gradphoto "), "{told}");
        }
        assert!(told(&Args::try_parse_from(["gradphoto", "--help"]).expect_err("help"), "--help").is_none());
    }
}
