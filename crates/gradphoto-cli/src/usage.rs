//! Slips in what was typed, in words of this program: clap tells them in English alone, and some not by what went wrong.

use std::error::Error as _;
use std::ffi::OsString;
use std::path::Path;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Command, Error};
use gradphoto::{Language, nearest};

use crate::help_zh;
use crate::trouble::{Trouble, trouble};

/// The slip of a command behind its options, which clap takes for the page's.
pub fn misplaced(error: &Error, command: &Command, typed: &[OsString]) -> Option<Trouble> {
    let first = typed.get(1)?.to_str().filter(|first| first.starts_with('-'))?;
    let is_of_page = [ContextKind::InvalidArg, ContextKind::PriorArg]
        .iter()
        .any(|kind| error.get(*kind).is_some_and(|at| words(at, ", ").contains(&path_of_page(command))));
    let name = typed.iter().find_map(|word| command.find_subcommand(word)).filter(|_| is_of_page)?.get_name();
    Some(trouble(
        format!("{first} 要写在命令 {name} 之后，如 gradphoto {name} … {first} …"),
        format!("{first} belongs behind the command: gradphoto {name} … {first} …"),
    ))
}

/// What is wrong and what to type instead, of what began with `first` behind the program's name; `None` where clap prints no
/// slip but a help page or the version.
pub fn cure(error: &Error, command: &Command, first: &str, language: Language) -> Option<String> {
    let comma = if language == Language::Zh { "、" } else { ", " };
    let get = |kind| error.get(kind).map(|value| words(value, comma)).unwrap_or_default();
    let argument = get(ContextKind::InvalidArg);
    let value = get(ContextKind::InvalidValue);
    let prior = get(ContextKind::PriorArg);
    let page = path_of_page(command);
    let no_command = |name: &str| (format!("没有命令 {name}"), format!("there is no command {name}"));
    let too_many = |more: &str| (format!("多出一个参数 {more}"), format!("one argument too many: {more}"));
    let missing = |what: &str| (format!("还须写明 {what}"), format!("{what} is missing"));
    let (zh, en) = match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            return None;
        }
        ErrorKind::MissingSubcommand => missing(&get(ContextKind::ValidSubcommand)),
        ErrorKind::MissingRequiredArgument => missing(&argument),
        ErrorKind::UnknownArgument if argument.starts_with('-') => {
            (format!("没有选项 {argument}"), format!("there is no option {argument}"))
        }
        ErrorKind::UnknownArgument => too_many(&argument),
        ErrorKind::InvalidSubcommand => no_command(&get(ContextKind::InvalidSubcommand)),
        ErrorKind::ArgumentConflict if prior == page && Path::new(first).exists() => (
            "网页一次打开一个文件夹或一张照片，多张照片请用 gradphoto check".to_owned(),
            "the page opens one folder or one photo; for more use `gradphoto check`".to_owned(),
        ),
        // Taken for the folder of a page, and more follows.
        ErrorKind::ArgumentConflict if prior == page => no_command(first),
        ErrorKind::ArgumentConflict if argument.is_empty() => too_many(&get(ContextKind::InvalidSubcommand)),
        ErrorKind::ArgumentConflict if prior == argument || prior.is_empty() => {
            (format!("{argument} 只能写一次"), format!("{argument} can be given only once"))
        }
        ErrorKind::ArgumentConflict => {
            (format!("{argument} 不能与 {prior} 同时使用"), format!("{argument} cannot be used with {prior}"))
        }
        ErrorKind::InvalidValue | ErrorKind::NoEquals if value.is_empty() => {
            (format!("{argument} 后面要写一个值"), format!("{argument} needs a value"))
        }
        ErrorKind::InvalidValue => (format!("{argument} 不能是“{value}”"), format!("{argument} cannot be \"{value}\"")),
        ErrorKind::ValueValidation => match error.source().and_then(|source| source.downcast_ref::<Trouble>()) {
            Some(why) if argument.starts_with('-') => (
                format!("{argument} 的值“{value}”无效，{}", why.get(Language::Zh)),
                format!("{argument} cannot be \"{value}\": {}", why.get(Language::En)),
            ),
            Some(why) => (why.get(Language::Zh).to_owned(), why.get(Language::En).to_owned()),
            None => (format!("{argument} 的值“{value}”无效"), format!("{argument} cannot be \"{value}\"")),
        },
        // Of a switch alone: --quiet=yes, which quiet = "yes" in gradphoto.toml becomes.
        ErrorKind::TooManyValues => (
            format!("{argument} 后面不写值（在 gradphoto.toml 里写成 true）"),
            format!("{argument} takes no value (in gradphoto.toml write true)"),
        ),
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            (format!("{argument} 的值的个数不对"), format!("{argument} has the wrong number of values"))
        }
        ErrorKind::InvalidUtf8 => {
            ("参数中有读不出的字符".to_owned(), "an argument holds characters that cannot be read".to_owned())
        }
        _ => {
            let said = error.to_string().trim_start_matches("error: ").trim_end().to_owned();
            (said.clone(), said)
        }
    };
    let near = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue].map(get);
    let near = near.into_iter().find(|near| !near.is_empty());
    let is_no_path = (argument == page || prior == page) && !Path::new(first).exists();
    let near_command = || nearest(first, command.get_subcommands().map(Command::get_name).filter(|_| is_no_path));
    let near = near.as_deref().or_else(near_command);
    let choices = Some(get(ContextKind::ValidValue)).filter(|choices| !choices.is_empty());
    let usage = get(ContextKind::Usage);
    let usage = usage.strip_prefix("Usage:").map(str::trim);
    let lines = match language {
        Language::Zh => [
            Some(format!("gradphoto：{zh}。\n")),
            near.map(|near| format!("    是否为 {near}？\n")),
            choices.map(|choices| format!("    可以写：{choices}\n")),
            usage.map(|usage| format!("\n用法：{}\n", help_zh::of_clap(usage))),
            Some("各命令和选项的说明见 --help。\n".to_owned()),
        ],
        Language::En => [
            Some(format!("gradphoto: {en}\n")),
            near.map(|near| format!("    did you mean {near}?\n")),
            choices.map(|choices| format!("    choose from: {choices}\n")),
            usage.map(|usage| format!("\nUsage: {usage}\n")),
            Some("--help describes commands and options.\n".to_owned()),
        ],
    };
    Some(lines.into_iter().flatten().collect())
}

/// What stands where a command is not known, as clap calls it.
fn path_of_page(command: &Command) -> String {
    command.get_positionals().next().map(Arg::to_string).unwrap_or_default()
}

fn words(value: &ContextValue, comma: &str) -> String {
    match value {
        ContextValue::Strings(several) => several.join(comma),
        ContextValue::StyledStrs(several) => several.iter().map(ToString::to_string).collect::<Vec<_>>().join(comma),
        value => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, FromArgMatches};

    use super::*;
    use crate::args::Args;

    /// The slip that clap finds, and what is told of it.
    fn slip(typed: &str, language: Language) -> (Error, Command, Option<String>) {
        let command = match language {
            Language::Zh => help_zh::in_chinese(Args::command()),
            Language::En => Args::command(),
        };
        let words = ["gradphoto"].into_iter().chain(typed.split(' '));
        let parsed = command.clone().try_get_matches_from(words);
        let error = parsed.and_then(|matches| Args::from_arg_matches(&matches)).expect_err(typed);
        let told = cure(&error, &command, typed.split(' ').next().unwrap_or_default(), language);
        (error, command, told)
    }

    #[test]
    fn slips_are_told_in_the_language_of_the_session_with_the_cure() {
        for (typed, zh, en) in [
            (
                "check --formt jsonl a",
                &["没有选项 --formt", "是否为 --format", "用法：gradphoto check"][..],
                &["there is no option --formt", "did you mean --format", "Usage: gradphoto check"][..],
            ),
            (
                "check --format xml a",
                &["--format <格式> 不能是“xml”", "可以写：text、jsonl"],
                &["choose from: text, jsonl"],
            ),
            ("check", &["还须写明 <照片或文件夹>..."], &["<PATH>... is missing"]),
            ("chekc a", &["没有命令 chekc", "是否为 check"], &["there is no command chekc", "did you mean check?"]),
            (
                "prepar",
                &["没有命令 prepar，也没有这样的文件夹或照片", "是否为 prepare"],
                &["there is no command prepar, and no such folder or photo", "did you mean prepare?"],
            ),
            ("profile lst", &["没有命令 lst", "是否为 list"], &["there is no command lst", "did you mean list?"]),
            (
                "check a --jobs many",
                &["--jobs", "“many”无效，应为0至1024的整数"],
                &["\"many\": write a whole number from 0 to 1024"],
            ),
            ("check a --jobs -1", &["“-1”无效，应为0至1024的整数"], &["\"-1\": write a whole number from 0 to 1024"]),
            ("prepare a -o b --jobs 100000", &["“100000”无效"], &["\"100000\": write a whole number"]),
            (
                "check a --output b --graduation 2026",
                &["“2026”无效，应写作 2026-06"],
                &["\"2026\": write it like 2026-06"],
            ),
            (
                "serve --listen 8462",
                &["“8462”无效，应写作 127.0.0.1:8400"],
                &["write address and port, like 127.0.0.1:8400"],
            ),
            ("--port web", &["“web”无效，应为0至65535的整数"], &["\"web\": write a whole number from 0 to 65535"]),
            ("--port 80 . more", &["多出一个参数 more"], &["one argument too many: more"]),
            ("check a --jobs", &["--jobs", "后面要写一个值"], &["--jobs <N> needs a value"]),
            ("check a --resume", &["还须写明 --output <文件夹>"], &["--output <DIR> is missing"]),
            (
                "check a --output b --resume --overwrite",
                &["--resume 不能与 --overwrite 同时使用"],
                &["--resume cannot be used with --overwrite"],
            ),
            ("check a --jobs 1 --jobs 2", &["--jobs", "只能写一次"], &["can be given only once"]),
            ("src Cargo.toml", &["多张照片请用 gradphoto check"], &["for more use `gradphoto check`"]),
            ("rules more", &["多出一个参数 more"], &["one argument too many: more"]),
        ] {
            for (language, words) in [(Language::Zh, zh), (Language::En, en)] {
                let told = slip(typed, language).2.expect(typed);
                assert!(words.iter().all(|word| told.contains(word)), "{typed}: {told}");
                assert!(!told.contains("error") && told.contains("--help"), "{told}");
                assert!(language == Language::En || !told.contains("OPTIONS") && !told.contains("COMMAND"), "{told}");
            }
        }
        assert!(!slip("src Cargo.toml", Language::En).2.expect("a slip").contains("did you mean"), "src is a folder");
        assert!(slip("--help", Language::Zh).2.is_none());
    }

    #[test]
    fn a_command_behind_an_option_is_told_where_the_option_belongs() {
        for (typed, language) in
            [("--profile he-2017 check x.jpg", Language::En), ("--profile he-2017 rules", Language::Zh)]
        {
            let (error, command, _) = slip(typed, language);
            let typed = ["gradphoto"].into_iter().chain(typed.split(' ')).map(OsString::from).collect::<Vec<_>>();
            let told = misplaced(&error, &command, &typed).expect("a command is there").to_string();
            assert!(told.starts_with("--profile belongs behind the command: gradphoto "), "{told}");
        }
    }
}
