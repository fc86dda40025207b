//! What scripts and build servers rely on: formats, exit statuses, lists of files, choices of rules, stdin.

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Read, Write};
use std::process::{Output, Stdio};

use common::{Folder, command, stderr, stdout};
use gradphoto::photo::MAX_FILE_BYTES;
use serde_json::Value;

fn run(folder: &Folder, args: &[&str]) -> Output {
    command().args(args).current_dir(&folder.path).output().unwrap()
}

#[test]
fn a_path_that_is_not_there_is_a_slip_and_no_bad_photo() {
    let folder = Folder::new("not-there");
    folder.picture("a.jpg", 480, 640);
    let output = run(&folder, &["check", "a.jpg", "b.jpg", "c"]);
    assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(2), ""));
    assert!(stderr(&output).contains("没有这个文件或文件夹：b.jpg、c"), "{}", stderr(&output));
}

#[test]
fn paths_come_from_a_list_and_a_photo_from_stdin() {
    let folder = Folder::new("list");
    let photo = folder.picture("一 班/a.jpg", 480, 640);
    folder.picture("b.jpg", 480, 640);
    folder.write("lines.txt", "\u{feff}一 班/a.jpg\r\n\r\nb.jpg\n".as_bytes());
    folder.write("nul.txt", "一 班/a.jpg\0b.jpg\0".as_bytes());
    for list in ["lines.txt", "nul.txt"] {
        let output = run(&folder, &["check", "--files-from", list, "--format", "jsonl"]);
        let photos = stdout(&output).lines().map(photo_of).collect::<Vec<_>>();
        assert_eq!(photos, ["一 班/a.jpg", "b.jpg"], "{}", stderr(&output));
    }
    let piped = |bytes: &[u8]| {
        let mut child = command();
        child.args(["check", "-", "--format", "jsonl"]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = child.spawn().unwrap();
        child.stdin.take().unwrap().write_all(bytes).unwrap();
        serde_json::from_slice::<Value>(&child.wait_with_output().unwrap().stdout).unwrap()
    };
    // A picture that nobody named has no wrong name, whatever it is.
    let png = folder.at("b.png");
    image::open(&photo).unwrap().save(&png).unwrap();
    let wrong = piped(&fs::read(png).unwrap())["findings"].as_array().unwrap().clone();
    let wrong =
        wrong.iter().filter(|finding| finding["verdict"] == "fail").map(|finding| finding["rule"].as_str().unwrap());
    let wrong = wrong.filter(|rule| rule.starts_with("file-")).collect::<Vec<_>>();
    assert!(wrong.contains(&"file-format") && !wrong.contains(&"file-extension"), "{wrong:?}");
    let piped = piped(&fs::read(&photo).unwrap());
    let plain = stdout(&run(&folder, &["check", "一 班/a.jpg", "--format", "jsonl"]));
    let plain = serde_json::from_str::<Value>(&plain).unwrap();
    assert_eq!((&piped["photo"], &piped["findings"]), (&"stdin.jpg".into(), &plain["findings"]));
}

#[test]
fn stdin_is_read_no_further_than_a_photo_may_be_large() {
    let mut child = command().args(["check", "-"]).stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    let mut endless = io::repeat(0xff).take(4 * MAX_FILE_BYTES);
    assert!(io::copy(&mut endless, &mut child.stdin.take().unwrap()).is_err());
    assert_eq!(child.wait().unwrap().code(), Some(1));
}

#[cfg(target_os = "linux")]
#[test]
fn no_more_threads_are_started_than_there_are_photos() {
    let mut child = command();
    child.args(["check", "-", "--jobs", "1000"]).stdin(Stdio::piped()).stdout(Stdio::null());
    let mut child = child.spawn().unwrap();
    // More than a pipe holds, so that the threads are there once it is written.
    child.stdin.as_mut().unwrap().write_all(&[0xff; 1 << 20]).unwrap();
    let threads = fs::read_dir(format!("/proc/{}/task", child.id())).unwrap().count();
    assert!(threads < 100, "{threads}");
    assert_eq!(child.wait().unwrap().code(), Some(1));
}

fn photo_of(line: &str) -> String {
    serde_json::from_str::<Value>(line).unwrap()["photo"].as_str().unwrap().to_owned()
}

#[test]
fn rules_are_chosen_and_unknown_ones_named() {
    let folder = Folder::new("rules");
    folder.picture("a.jpg", 480, 640);
    let rules = |options: &[&str]| {
        let output = run(&folder, &[&["check", "a.jpg", "--format", "jsonl"], options].concat());
        let report = serde_json::from_str::<Value>(&stdout(&output)).unwrap();
        let rules = report["findings"].as_array().unwrap().iter().map(|f| f["rule"].as_str().unwrap().to_owned());
        rules.collect::<BTreeSet<_>>()
    };
    let all = rules(&[]);
    assert_eq!(rules(&["--select", "image-size,file-format"]), ["file-format", "image-size"].map(str::to_owned).into());
    let without = rules(&["--ignore", "image-size", "--ignore", "file-format"]);
    assert_eq!(all.difference(&without).map(String::as_str).collect::<Vec<_>>(), ["file-format", "image-size"]);
    let output = run(&folder, &["check", "a.jpg", "--select", "imagesize"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("image-size"), "{}", stderr(&output));
}

#[test]
fn quiet_says_nothing_of_what_passes() {
    let folder = Folder::new("quiet");
    folder.picture("a.jpg", 480, 640);
    folder.picture("b.jpg", 48, 64);
    let output = run(&folder, &["check", "a.jpg", "b.jpg", "-q", "--format", "jsonl", "--select", "image-size"]);
    assert_eq!(stdout(&output).lines().map(photo_of).collect::<Vec<_>>(), ["b.jpg"]);
    let table = run(&folder, &["check", "a.jpg", "b.jpg", "-q", "--format", "csv", "--select", "image-size"]);
    let rows = stdout(&table).lines().map(|row| row.split(',').next().unwrap().to_owned()).collect::<Vec<_>>();
    assert_eq!(rows, ["\u{feff}photo", "b.jpg"]);
}

#[test]
fn tables_and_sarif_hold_every_finding_once() {
    let folder = Folder::new("formats");
    folder.picture("1班/a b.jpg", 48, 64);
    folder.write("broken.jpg", b"no picture");
    folder.picture("good.jpg", 480, 640);
    let args = ["check", "1班/a b.jpg", "broken.jpg", "good.jpg", "--select", "image-size", "--lang", "zh", "--format"];
    let csv = run(&folder, &[&args[..], &["csv"]].concat()).stdout;
    let mut reader = csv::Reader::from_reader(csv.strip_prefix(b"\xef\xbb\xbf").expect("a byte order mark"));
    assert_eq!(reader.headers().unwrap().iter().next_back(), Some("severity"));
    let rows = reader.records().map(Result::unwrap).collect::<Vec<_>>();
    let expected = [
        ["1班/a b.jpg", "fail", "image-size", "fail", "reject"],
        ["broken.jpg", "unreadable", "", "", ""],
        ["good.jpg", "pass", "", "", ""],
    ];
    assert_eq!(rows.iter().map(|row| [0, 1, 2, 3, 9].map(|column| &row[column])).collect::<Vec<_>>(), expected);
    let log = serde_json::from_slice::<Value>(&run(&folder, &[&args[..], &["sarif"]].concat()).stdout).unwrap();
    assert_eq!(log["version"], "2.1.0");
    let results = log["runs"][0]["results"].as_array().unwrap();
    let seen = results.iter().map(|result| {
        let place = &result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
        (result["ruleId"].as_str().unwrap(), result["level"].as_str().unwrap(), place.as_str().unwrap())
    });
    let seen = seen.collect::<Vec<_>>();
    assert_eq!(seen, [("image-size", "error", "1%E7%8F%AD/a%20b.jpg"), ("unreadable", "error", "broken.jpg")]);
    // What could not be read is told in the language of the run, the file named once.
    let told = results[1]["message"]["text"].as_str().unwrap();
    assert!(!told.is_ascii() && told == &rows[1][8] && !told.contains("broken"), "{told}");
    let known = log["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap();
    assert!(results.iter().all(|result| known.iter().any(|rule| rule["id"] == result["ruleId"])));
}

#[test]
fn the_table_says_where_a_rule_only_asks() {
    let folder = Folder::new("formats-ask");
    folder.picture("a.jpg", 48, 64);
    folder.write("ask.toml", b"extends = 'he-2017'\n[rules.image-size]\nseverity = 'ask'\n");
    let output =
        run(&folder, &["check", "a.jpg", "--select", "image-size", "--profile", "ask.toml", "--format", "csv"]);
    let table = stdout(&output);
    assert!(table.contains("a.jpg,review,image-size,fail,") && table.trim_end().ends_with(",ask"), "{table}");
    // Of what a person is to look at the range is the one that asks.
    folder.write("ask.toml", b"extends = 'he-2017'\n[rules.file-size]\nlimit = [0.0, 100.0]\nreview = [50.0, 60.0]\n");
    let output = run(&folder, &["check", "a.jpg", "--select", "file-size", "--profile", "ask.toml", "--format", "csv"]);
    let table = stdout(&output);
    assert!(table.contains(",file-size,review,") && table.contains(",50,60,"), "{table}");
}

#[test]
fn options_of_the_queue_are_refused_where_nobody_queues() {
    let folder = Folder::new("no-queue");
    folder.picture("a.jpg", 480, 640);
    folder.write("名册.csv", "学号,姓名\n2021001,张三\n".as_bytes());
    let check = ["check", "a.jpg", "--output", "o", "--roster", "名册.csv"];
    let prepare = ["prepare", "a.jpg", "--output", "o", "--roster", "名册.csv"];
    for (option, value) in [("--absent", "2021001"), ("--shift", "a.jpg:-1"), ("--queue", "补拍=名册.csv")] {
        for (command, lang, told) in [
            (check, "zh", format!("{option} 只与 --assign order 一起使用")),
            (prepare, "en", format!("{option} goes only with --assign order")),
        ] {
            let output = run(&folder, &[&command[..], &["--lang", lang, option, value]].concat());
            assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
            assert!(stderr(&output).contains(&told) && !folder.at("o").exists(), "{}", stderr(&output));
        }
    }
}

#[test]
fn a_file_beside_the_photos_holds_what_need_not_be_typed() {
    let folder = Folder::new("config");
    folder.picture("照片/a.jpg", 480, 640);
    folder.write("照片/名册.csv", "学号,姓名\n1001,张三\n".as_bytes());
    let config = "roster = '名册.csv'\nselect = ['image-size', 'file-format']\nlang = 'zh'\nname = '{学号}'\n";
    folder.write("照片/gradphoto.toml", config.as_bytes());
    let rules = |options: &[&str]| {
        let output = run(&folder, &[&["check", "照片", "--format", "jsonl"], options].concat());
        let report = serde_json::from_str::<Value>(&stdout(&output)).unwrap();
        (report["findings"].as_array().unwrap().len(), stderr(&output))
    };
    let (count, told) = rules(&[]);
    assert_eq!(count, 2);
    // The roster needs an output folder, and copies have names: neither is of use to this run.
    assert!(told.contains("gradphoto.toml: lang, select") && !told.contains("roster"), "{told}");
    assert_eq!(rules(&["--select", "image-size"]).0, 1, "what is typed goes first");
    assert!(rules(&["--no-config"]).0 > 2);
    let output = run(&folder, &["check", "照片", "--output", "结果"]);
    assert!(stdout(&output).contains("张三 1001没有照片"), "{}{}", stdout(&output), stderr(&output));
    folder.write("照片/gradphoto.toml", b"rooster = 'a.csv'\n");
    let output = run(&folder, &["check", "照片"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("是否为 roster？"), "{}", stderr(&output));
}

#[test]
fn every_profile_tells_where_its_figures_were_read_and_when() {
    let folder = Folder::new("sources");
    let list = stdout(&run(&folder, &["profile", "list"]));
    let names = gradphoto::Profile::names().collect::<Vec<_>>();
    for name in ["gaokao", "degree", "k12", "ncre", "ntce", "guokao", "yanzhao", "he-2017", "graduation-blue"] {
        assert!(names.contains(&name), "{name}");
    }
    for (line, name) in list.lines().zip(&names) {
        let profile = gradphoto::Profile::built_in(name).unwrap();
        let standard = profile.standard();
        assert!(line.starts_with(name) && line.contains(&standard.source) && line.ends_with(&standard.date), "{line}");
        assert!(standard.source.chars().count() > 5, "{name}: {}", standard.source);
        let year = standard.date.get(..4).and_then(|year| year.parse::<u16>().ok());
        assert!(year.is_some_and(|year| (2010..2100).contains(&year)), "{name}: {}", standard.date);
    }
    assert_eq!(list.lines().count(), names.len());
}

#[test]
fn an_address_that_cannot_be_used_is_told_in_one_language() {
    let folder = Folder::new("address");
    let told = |args: &[&str]| stderr(&run(&folder, args));
    let open = ["serve", "--listen", "0.0.0.0:0"];
    assert_eq!(told(&open), "gradphoto：0.0.0.0:0 可以从其他机器访问，请用 --token-file 指定令牌文件。\n");
    let english = told(&[&open[..], &["--lang", "en"]].concat());
    assert_eq!(english, "gradphoto: Other machines reach 0.0.0.0:0: give --token-file.\n");
    let other = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = other.local_addr().unwrap();
    let taken = format!("gradphoto：无法使用 {address}（端口已被占用，请换一个端口）。\n");
    assert_eq!(told(&["--no-open", "--port", &address.port().to_string()]), taken);
    assert_eq!(told(&["serve", "--listen", &address.to_string()]), taken);
}

#[test]
fn shells_complete_and_manuals_are_written() {
    let folder = Folder::new("shells");
    for (shell, word) in [
        ("bash", "complete -F"),
        ("zsh", "#compdef"),
        ("fish", "complete -c gradphoto"),
        ("powershell", "Register-ArgumentCompleter"),
    ] {
        let script = stdout(&run(&folder, &["completions", shell]));
        assert!(script.contains(word) && script.contains("prepare"), "{shell}");
    }
    assert!(stdout(&run(&folder, &["man"])).starts_with(".ie"));
    assert_eq!(run(&folder, &["man", "--output", "man"]).status.code(), Some(0));
    let page = fs::read_to_string(folder.at("man/gradphoto-prepare.1")).unwrap();
    assert!(page.contains("zip"), "{page}");
}

#[test]
fn help_and_handbook_speak_the_language_of_the_system() {
    let folder = Folder::new("language");
    let said = |language: &str, args: &[&str]| {
        let output = command().env("LANG", language).args(args).current_dir(&folder.path).output().unwrap();
        stdout(&output)
    };
    for args in [&["--help"][..], &["prepare", "--help"], &["explain", "eye-line"], &["explain", "roster-match"]] {
        let (zh, en) = (said("zh_CN.UTF-8", args), said("en_GB.UTF-8", args));
        assert!(zh.chars().filter(|c| !c.is_ascii()).count() > 60, "{zh}");
        assert_ne!(zh, en);
    }
    let page = said("zh_CN.UTF-8", &["explain", "eye-line"]);
    assert!(!page.contains('{') && page.contains("合格：200–300 px"), "{page}");
    assert!(said("en_GB.UTF-8", &["check", "--help", "--lang", "zh"]).contains("用法"));
    // Before and behind every command, and `help` in both languages.
    for command in [&["rules"][..], &["profile", "list"], &["help"], &["help", "serve"]] {
        let english = said("en_GB.UTF-8", command);
        assert!(english.len() > 100, "{command:?}");
        assert_eq!(said("zh_CN.UTF-8", &[&["--lang", "en"], command].concat()), english);
        assert_eq!(said("zh_CN.UTF-8", &[command, &["--lang", "en"]].concat()), english);
    }
    assert!(said("zh_CN.UTF-8", &["help", "serve"]).contains("用法：gradphoto serve"));
}
