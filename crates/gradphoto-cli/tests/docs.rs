//! Documents that the command writes must be what it writes now; `UPDATE=1 cargo test` rewrites them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use gradphoto::RULES;
use gradphoto::batch::BATCH_RULES;

const TABLE_START: &str = "<!-- gradphoto rules --lang en --format markdown -->\n";
const TABLE_END: &str = "<!-- end -->\n";

#[test]
fn the_handbook_is_up_to_date() {
    let ids = RULES.iter().map(|rule| rule.id).chain(BATCH_RULES.iter().map(|rule| rule.id)).collect::<Vec<_>>();
    let pages =
        |locale| ids.iter().map(move |id| format!("\n#{}", said(locale, &["explain", id]).replace("\n## ", "\n### ")));
    let intro = "# Rules\n\nEvery rule of `graduation-blue`, in the order of every report. `gradphoto explain RULE` prints one page, \
                 `gradphoto rules --profile NAME` another profile's limits. [中文](rules.zh.md)\n\n";
    compare("docs/rules.md", &format!("{intro}{}{}", table("en"), pages("en_US.UTF-8").collect::<String>()));
    let intro = "# 全部规则\n\n`graduation-blue` 的每条规则，顺序与报告相同。`gradphoto explain 规则` 看其中一条，\
                 `gradphoto rules --profile 标准` 看其他标准的范围。[English](rules.md)\n\n";
    compare("docs/rules.zh.md", &format!("{intro}{}{}", table("zh"), pages("zh_CN.UTF-8").collect::<String>()));
}

#[test]
fn the_table_in_the_readme_is_up_to_date() {
    let readme = fs::read_to_string(repository("README.md")).expect("README.md");
    let (before, rest) = readme.split_once(TABLE_START).expect("start of the table");
    let (_, after) = rest.split_once(TABLE_END).expect("end of the table");
    compare("README.md", &format!("{before}{TABLE_START}{}{TABLE_END}{after}", table("en")));
}

#[test]
fn the_help_is_up_to_date() {
    let help = |command: &[&str]| {
        let shown = gradphoto(&[command, &["--help"]].concat());
        let lines = shown.lines().map(|line| format!("{}\n", line.trim_end())).collect::<String>();
        format!("\n## `gradphoto {}`\n\n```text\n{lines}```\n", [command, &["--help"]].concat().join(" "))
    };
    let commands: [&[&str]; 12] = [
        &[],
        &["check"],
        &["watch"],
        &["prepare"],
        &["serve"],
        &["rules"],
        &["explain"],
        &["profile"],
        &["profile", "list"],
        &["profile", "show"],
        &["completions"],
        &["man"],
    ];
    compare("docs/command.md", &format!("# The command\n{}", commands.map(help).concat()));
    let help = |command: &[&str]| {
        let shown = said("zh_CN.UTF-8", &[command, &["--help"]].concat());
        let lines = shown.lines().map(|line| format!("{}\n", line.trim_end())).collect::<String>();
        format!("\n## `gradphoto {}`\n\n```text\n{lines}```\n", [command, &["--help"]].concat().join(" "))
    };
    compare("docs/command.zh.md", &format!("# 命令\n{}", commands.map(help).concat()));
}

fn table(language: &str) -> String {
    gradphoto(&["rules", "--lang", language, "--format", "markdown"])
}

/// Output of the command, in English.
fn gradphoto(args: &[&str]) -> String {
    said("en_US.UTF-8", args)
}

fn said(language: &str, args: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gradphoto"));
    command.env("LANG", language).env_remove("LC_ALL").env_remove("LC_MESSAGES");
    let output = command.args(args).output().expect("the command runs");
    assert!(output.status.success(), "gradphoto {args:?}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn compare(path: &str, wanted: &str) {
    let path = repository(path);
    if std::env::var_os("UPDATE").is_some() {
        fs::create_dir_all(path.parent().expect("a folder")).expect("folder");
        fs::write(&path, wanted).expect("document");
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == wanted,
        "{} is out of date: run `UPDATE=1 cargo test --release -p gradphoto-cli`",
        path.display()
    );
}

fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}
