//! gradphoto.toml beside the photos: options of the command that need not be typed each time.

use std::any::TypeId;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::builder::ValueParser;
use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Command};
use gradphoto::{Reason, nearest};
use toml::{Table, Value};

use crate::args::{AUTO, TRACT};
use crate::text_file;
use crate::trouble::trouble;

/// Name of the file.
const FILE_NAME: &str = "gradphoto.toml";

/// The command line with what the file beside the photos adds, and a word on that; options that were typed go before those
/// of the file, and those that this command, or this run of it, has no use for are left out.
///
/// # Errors
/// A file that is no TOML, and options that no command has, with the nearest.
pub fn completed(command: &Command, typed: Vec<OsString>) -> anyhow::Result<(Vec<OsString>, Option<String>)> {
    let Ok(matches) = command.clone().ignore_errors(true).try_get_matches_from(&typed) else {
        return Ok((typed, None));
    };
    let Some((name, chosen)) = matches.subcommand() else { return Ok((typed, None)) };
    let is_unwanted = matches.try_get_one::<bool>("no_config").ok().flatten().copied().unwrap_or_default();
    let Some(file) = file_beside(chosen).filter(|_| !is_unwanted) else { return Ok((typed, None)) };
    let shown = file.display();
    let text = text_file::read(&file)?;
    let slashes = |zh, en| {
        trouble(
            format!("{shown}：{zh}；路径里的 \\ 请写成 /，如 \"D:/名册.xlsx\""),
            format!("{shown}: {en}; write / for the \\ of a path, as in \"D:/roster.xlsx\""),
        )
    };
    let table = text.parse::<Table>().map_err(|slip| {
        let Reason { zh, en } = Reason::of_toml(&text, slip.span(), slip.message());
        match slip.message().contains("escape") {
            true => slashes(zh, en),
            false => trouble(format!("{shown}：{zh}"), format!("{shown}: {en}")),
        }
    })?;
    // A line break, a tab: what TOML makes of the \n and \t in a path.
    let is_broken = |value: &Value| value.as_str().is_some_and(|text| text.contains(char::is_control));
    let are_broken = |value: &Value| value.as_array().map_or(is_broken(value), |values| values.iter().any(is_broken));
    let paths = command.get_subcommands().flat_map(Command::get_arguments);
    let may_be_path = |arg: &&Arg| is_path(arg.get_value_parser()) || arg.get_long().is_some_and(may_be_file);
    let mut paths = paths.filter(may_be_path).filter_map(|arg| arg.get_long());
    if let Some(key) = paths.find(|key| table.get(*key).is_some_and(are_broken)) {
        let (zh, en) = (format!("{key} 的路径里有 \\"), format!("the path of {key} holds a \\"));
        return Err(slashes(zh, en).into());
    }
    let known = command.get_subcommands().flat_map(Command::get_arguments).filter_map(|arg| arg.get_long());
    let known = known.collect::<Vec<_>>();
    if let Some(unknown) = table.keys().find(|key| !known.contains(&key.as_str())) {
        let near = nearest(unknown, known.iter().copied());
        let (zh, en) = near
            .map_or_else(Default::default, |near| (format!("，是否为 {near}？"), format!("; did you mean {near}?")));
        let words = (format!("{shown}：没有选项 {unknown}{zh}"), format!("{shown}: there is no option {unknown}{en}"));
        return Err(trouble(words.0, words.1).into());
    }
    let Some(of) = command.find_subcommand(name) else { return Ok((typed, None)) };
    let folder = file.parent().unwrap_or(Path::new(""));
    let mut open = table.iter().filter(|(key, _)| is_open(of, chosen, key)).collect::<Vec<_>>();
    let (mut whole, mut used) = (typed, Vec::new());
    // What needs another option comes after it, so those that do not fit yet are tried again.
    loop {
        let mut left = Vec::new();
        let before = used.len();
        for (key, value) in open {
            let longer = [whole.clone(), options(of, key, value, folder)].concat();
            match command.clone().try_get_matches_from(&longer).map_err(|error| error.kind()) {
                Err(ErrorKind::MissingRequiredArgument | ErrorKind::ArgumentConflict) => left.push((key, value)),
                // What else is wrong is told when the whole is read.
                _ => (whole, _) = (longer, used.push(key.clone())),
            }
        }
        if left.is_empty() || used.len() == before {
            break;
        }
        open = left;
    }
    let told = (!used.is_empty()).then(|| format!("{shown}: {}", used.join(", ")));
    Ok((whole, told))
}

/// The file in the first folder of photos that was named, or beside that folder.
fn file_beside(chosen: &ArgMatches) -> Option<PathBuf> {
    let named = ["paths", "folder"].into_iter().find_map(|id| {
        let values = chosen.try_get_many::<PathBuf>(id).ok().flatten()?;
        values.into_iter().next().cloned()
    })?;
    let folder = if named.is_dir() { named.clone() } else { named.parent()?.to_owned() };
    let beside = std::path::absolute(&folder).ok()?.parent().map(Path::to_owned);
    let folders = [Some(folder), beside.filter(|_| named.is_dir())];
    folders.into_iter().flatten().map(|folder| folder.join(FILE_NAME)).find(|file| file.is_file())
}

/// Whether this command has the option and it was not typed.
fn is_open(command: &Command, chosen: &ArgMatches, key: &str) -> bool {
    let arg = command.get_arguments().find(|arg| arg.get_long() == Some(key));
    arg.is_some_and(|arg| chosen.value_source(arg.get_id().as_str()) != Some(ValueSource::CommandLine))
}

/// An option as it would be typed; paths are those of the file's folder.
fn options(command: &Command, key: &str, value: &Value, folder: &Path) -> Vec<OsString> {
    let Some(arg) = command.get_arguments().find(|arg| arg.get_long() == Some(key)) else { return Vec::new() };
    let is_path = is_path(arg.get_value_parser());
    let typed = |value: &Value| {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let mut option = OsString::from(format!("--{key}="));
        match path_at(key, is_path, &text) {
            Some(at) => {
                option.push(&text[..at]);
                option.push(folder.join(&text[at..]));
            }
            None => option.push(text),
        }
        option
    };
    match value {
        Value::Boolean(true) => vec![format!("--{key}").into()],
        Value::Boolean(false) => Vec::new(),
        Value::Array(values) => values.iter().map(typed).collect(),
        value => vec![typed(value)],
    }
}

/// Options whose values may be files, or have one in them.
const MAY_BE_FILES: [&str; 6] = ["profile", "assign", "engine", "absent", "shift", "queue"];

fn may_be_file(key: &str) -> bool {
    MAY_BE_FILES.contains(&key)
}

/// Where the path begins in the value of an option, if it has one: 补拍=名单.csv, @缺席.txt, 我校.toml.
fn path_at(key: &str, is_path: bool, text: &str) -> Option<usize> {
    match key {
        "profile" => text.ends_with(".toml").then_some(0),
        "assign" => (!["names", "order", "scan"].contains(&text)).then_some(0),
        "engine" => (![AUTO, TRACT].contains(&text)).then_some(0),
        "absent" | "shift" => text.starts_with('@').then_some(1),
        "queue" => text.find('=').map(|at| at + 1),
        _ => is_path.then_some(0),
    }
}

fn is_path(parser: &ValueParser) -> bool {
    parser.type_id() == TypeId::of::<PathBuf>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_in_values_are_those_of_the_folder_and_words_stay() {
        for (key, text, at) in [
            ("profile", "我校.toml", Some(0)),
            ("profile", "he-2017", None),
            ("assign", "现场/assigned.csv", Some(0)),
            ("assign", "order", None),
            ("engine", "libonnxruntime.so", Some(0)),
            ("engine", "auto", None),
            ("absent", "@缺席.txt", Some(1)),
            ("absent", "2021001", None),
            ("shift", "@错位.txt", Some(1)),
            ("shift", "DSC_0143.JPG:-1", None),
            ("queue", "补拍=名单.csv", Some("补拍=".len())),
            ("retake", "4月20日 图书馆201", None),
        ] {
            assert_eq!(path_at(key, false, text), at, "{key} {text}");
        }
        assert_eq!(path_at("roster", true, "名册.xlsx"), Some(0));
    }
}
