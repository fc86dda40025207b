//! The command as a clerk or a script runs it: exit status, output, and a folder with everything that goes wrong.

mod common;

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use common::{Folder, command, stderr, stdout};
use gradphoto::batch::BATCH_RULES;
use gradphoto::{RULES, SCHEMA};
use serde_json::Value;

#[test]
fn exit_status_tells_pass_from_fail_from_could_not_run() {
    let folder = Folder::new("exit_status");
    let profile = folder.only("image-size");
    let whole = folder.picture("whole.jpg", 480, 640);
    let small = folder.picture("small.jpg", 240, 320);
    let status = |photos: &[&Path]| folder.check(photos, &["--profile", &profile]).status.code();
    assert_eq!(status(&[&whole]), Some(0));
    assert_eq!(status(&[&whole, &small]), Some(1));
    assert_eq!(status(&[&whole, Path::new("absent.jpg")]), Some(2));
}

#[test]
fn the_version_says_which_nets_are_in() {
    let output = command().arg("--version").output().unwrap();
    let nets = format!("(nets: {},", gradphoto::NETS);
    assert!(stdout(&output).contains(&nets), "{}", stdout(&output));
}

#[test]
fn what_cannot_run_says_why() {
    let folder = Folder::new("cannot_run");
    let photo = folder.picture("a.jpg", 48, 64);
    let says = |photo: &Path, options: &[&str]| {
        let output = folder.check(&[photo], options);
        assert_eq!((output.status.code(), stdout(&output)), (Some(2), String::new()), "{options:?}");
        stderr(&output)
    };
    let empty = folder.at("empty");
    fs::create_dir(&empty).unwrap();
    fs::write(empty.join("notes.txt"), "no photo").unwrap();
    assert!(says(&empty, &[]).contains("没有找到照片"));
    assert!(says(&photo, &["--profile", "he-2071"]).contains("he-2017"));
    assert!(says(&photo, &["--profile", "absent.toml"]).contains("打不开 absent.toml：文件或文件夹不存在"));
    assert_eq!(
        says(&photo, &["--engine", "/absent/libonnxruntime.so"]),
        "gradphoto：--engine /absent/libonnxruntime.so：没有叫这个名字的 ONNX Runtime 库（1.24 以上），\
         请写 auto、tract 或库文件的路径\n"
    );
    assert!(says(&photo, &["--engine", "tracte", "--lang", "en"]).contains("did you mean tract?"));
    let no_library = says(&photo, &["--engine", photo.to_str().unwrap()]);
    assert!(
        no_library.contains("不能用作 ONNX Runtime（须为 1.24 以上），请换一个库，或写 auto、tract"),
        "{no_library}"
    );
    assert!(says(&photo, &["--format", "xml"]).contains("jsonl"));
    let slip = folder.at("slip.toml");
    fs::write(&slip, "extends = 'he-2017'\n[rules.eye-lime]\nseverity = 'off'").unwrap();
    let told = says(&photo, &["--profile", slip.to_str().unwrap()]);
    assert!(told.contains("slip.toml：没有规则 eye-lime，是不是 eye-line？"), "{told}");
    fs::write(&slip, "extends = 'he-2017'\n[rules.eye-line]\nseverity = 'of'").unwrap();
    let told = says(&photo, &["--profile", slip.to_str().unwrap()]);
    assert!(told.contains("slip.toml：第3行第12列（severity = 'of'）：没有 of 这个值，是不是 off？"), "{told}");
    fs::write(&slip, b"title = '\xb1\xbe\xd0\xa3'").unwrap();
    let told = says(&photo, &["--profile", slip.to_str().unwrap()]);
    assert!(told.contains("slip.toml 不是 UTF-8 文本：请用记事本打开，另存为 UTF-8 编码"), "{told}");
    let list = folder.write("list.txt", b"\xb1\xbe\xd0\xa3/1.jpg\r\n");
    let told = says(&photo, &["--files-from", list.to_str().unwrap(), "--lang", "en"]);
    assert!(told.contains("list.txt is not UTF-8: open it in a text editor and save it as UTF-8"), "{told}");
    let roster = folder.write("名册.csv", "学号,姓名\n1001,张三\n".as_bytes());
    let told = says(&photo, &["--output", "o", "--roster", roster.to_str().unwrap(), "--assign", "ordre"]);
    assert!(told.contains("--assign ordre：没有这个文件，请写 names、order，或照片与学号的列表文件"), "{told}");
}

#[test]
fn folders_that_cannot_be_made_are_told_before_photos_are_looked_at() {
    let folder = Folder::new("unmade");
    let photo = folder.picture("a.jpg", 48, 64);
    folder.write("file", b"");
    let roster = folder.write("名册.csv", "学号,姓名\n1001,张三\n".as_bytes());
    for option in ["--output", "--notices", "--sheets", "--for-vendor"] {
        let output = if option == "--output" { "file" } else { "o" };
        let options = ["--output", output, "--roster", roster.to_str().unwrap(), option, "file"];
        let said = folder.check(&[&photo], if option == "--output" { &options[..4] } else { &options });
        assert_eq!((said.status.code(), stdout(&said)), (Some(2), String::new()), "{option}");
        assert!(stderr(&said).contains("无法新建或写入文件夹 file，请换一个名称或位置：已经存在"), "{}", stderr(&said));
        assert!(!folder.at("o/report.jsonl").exists(), "{option}");
    }
}

#[test]
fn what_is_no_profile_is_told_what_it_is_and_what_a_profile_is() {
    let folder = Folder::new("no_profile");
    let photo = folder.picture("a.jpg", 48, 64);
    folder.write("名册.csv", "学号,姓名\n1001,张三\n".as_bytes());
    for (typed, zh, en) in [
        ("名册.csv", "这是表格", "this is a table"),
        ("./名册.csv", "这是表格", "this is a table"),
        ("名册.XLSX", "如果是名册，请写 --roster 名册.XLSX", "if it is the roster, write --roster 名册.XLSX"),
        ("a.jpg", "这是另一种文件", "this is another kind of file"),
        ("./a.jpg", "gradphoto profile show graduation-blue", "gradphoto profile show graduation-blue"),
        (".", "这是文件夹", "this is a folder"),
    ] {
        for (language, what, profile) in
            [("zh", zh, "标准应为内置名称，或以 .toml 结尾的文件"), ("en", en, "a file ending in .toml")]
        {
            let output = folder.check(&[&photo], &["--profile", typed, "--lang", language]);
            let said = stderr(&output);
            assert_eq!(output.status.code(), Some(2), "{typed}");
            assert!(said.contains(typed) && said.contains(what) && said.contains(profile), "{said}");
        }
    }
}

#[test]
fn nothing_is_written_among_the_photos() {
    let folder = Folder::new("among_photos");
    let photo = fs::read(folder.picture("p/1.jpg", 48, 64)).unwrap();
    folder.write("p/1班/2.jpg", &photo);
    folder.write("p/说明/读我.txt", b"");
    let run = |typed: &[&str]| command().args(typed).current_dir(&folder.path).output().unwrap();
    let before = walk(&folder.path);
    for typed in [
        &["check", "p", "--output", "p"][..],
        &["check", "p/1.jpg", "--output", "p"],
        &["check", "p", "--output", "p/1班"],
        &["check", "p", "--annotate", "p/1班"],
        &["check", "p", "--output", "o", "--notices", "./p"],
        &["check", "p", "--cache", "p/1班"],
        &["prepare", "p/1.jpg", "--output", "p"],
        &["prepare", "p", "--output", "p/1班"],
        &["prepare", "p", "--output", "."],
        &["prepare", "p/1班/2.jpg", "--output", "./p"],
        &["watch", "p", "--output", "p"],
        &["watch", "p", "--output", "p/1班"],
    ] {
        let output = run(typed);
        assert_eq!((output.status.code(), stdout(&output)), (Some(2), String::new()), "{typed:?}");
        let said = stderr(&output);
        assert!(said.contains("--output") || said.contains(typed[typed.len() - 2]), "{typed:?}: {said}");
    }
    assert_eq!(walk(&folder.path), before);
    let profile = folder.only("image-size");
    for output in ["p/结果", "p/说明", "."] {
        let done = run(&["check", "p", "--output", output, "--profile", &profile]);
        assert_eq!(done.status.code(), Some(1), "{output}: {}", stderr(&done));
        let report = fs::read_to_string(folder.at(output).join("report.jsonl")).unwrap();
        assert_eq!(report.lines().count(), 2, "{output}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_with_the_file_that_it_has_no_room_for() {
    for name in ["report.jsonl", "report.html", "report.csv", "report.xlsx", "batch.json"] {
        let folder = Folder::new("full_disk");
        let photo = folder.picture("p/1.jpg", 48, 64);
        fs::create_dir(folder.at("o")).unwrap();
        std::os::unix::fs::symlink("/dev/full", folder.at("o").join(format!("{name}.part"))).unwrap();
        let output = folder.check(&[&photo], &["--output", "o"]);
        assert_eq!(output.status.code(), Some(2), "{name}");
        let told = format!("无法写入 o/{name}：磁盘已满，请腾出空间后重试");
        assert!(stderr(&output).contains(&told), "{name}: {}", stderr(&output));
    }
    // A folder for papers that takes no file is told before any photo is looked at.
    let folder = Folder::new("full_disk");
    let photo = folder.picture("p/1.jpg", 48, 64);
    let output = folder.check(&[&photo], &["--output", "o", "--notices", "/proc/self"]);
    assert!(stderr(&output).contains("无法新建或写入文件夹 /proc/self"), "{}", stderr(&output));
    assert_eq!((output.status.code(), folder.at("o/report.jsonl.part").exists()), (Some(2), false));
}

#[test]
fn nothing_where_something_was_to_be_named_is_told() {
    let folder = Folder::new("nothing_named");
    folder.picture("1.jpg", 48, 64);
    folder.write("list.txt", b"\n\n");
    for (typed, told) in [
        (&["check", "1.jpg", "--select", ""][..], "--select <规则> 后面要写一个值"),
        (&["check", "1.jpg", "--ignore", "eye-line,"], "--ignore <规则> 后面要写一个值"),
        (&["check", "--files-from", "list.txt"], "list.txt：里面没有路径，请每行写一个照片或文件夹"),
        (&["prepare", "-", "--output", "o"], "prepare 不从标准输入读照片"),
    ] {
        let output = command().args(typed).current_dir(&folder.path).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{typed:?}");
        assert!(stderr(&output).contains(told), "{typed:?}: {}", stderr(&output));
    }
}

/// Every file below a folder.
fn walk(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { all.extend(walk(&path)) } else { all.push(path) }
    }
    all.sort();
    all
}

#[cfg(target_os = "linux")]
#[test]
fn ctrl_c_before_the_first_photo_says_that_nothing_was_written() {
    let folder = Folder::new("interrupted");
    folder.picture("p/1.jpg", 48, 64);
    // A list that nobody writes to its end keeps the run from beginning.
    for (language, told) in [("zh", "没有写入任何文件"), ("en", "nothing was written")] {
        let mut check = command();
        check.args(["check", "--files-from", "-", "--output", "o", "--lang", language]).current_dir(&folder.path);
        let mut check = check.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let status = format!("/proc/{}/status", check.id());
        let heeds = || {
            let status = fs::read_to_string(&status).unwrap();
            let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:")).unwrap().trim();
            u64::from_str_radix(caught, 16).unwrap() & 0b10 != 0
        };
        let patience = Instant::now();
        while !heeds() {
            assert!(patience.elapsed() < Duration::from_secs(60), "Ctrl-C is not listened for");
            sleep(Duration::from_millis(5));
        }
        assert!(Command::new("kill").args(["-INT", &check.id().to_string()]).status().unwrap().success());
        let stdin = check.stdin.take();
        let output = check.wait_with_output().unwrap();
        drop(stdin);
        assert_eq!((output.status.code(), stdout(&output)), (Some(2), String::new()));
        assert!(stderr(&output).contains(told) && !folder.at("o").exists(), "{}", stderr(&output));
    }
}

#[test]
fn results_are_whole_where_nobody_reads_what_is_printed() {
    let folder = Folder::new("unread");
    let photo = folder.picture("p/1.jpg", 48, 64);
    folder.write("p/notes.txt", b"passed over");
    let mut check = command();
    check.arg("check").arg(photo.parent().unwrap()).args(["--output", "o"]).current_dir(&folder.path);
    let mut check = check.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    drop(check.stdout.take());
    check.wait().unwrap();
    for file in ["report.jsonl", "report.csv", "report.html", "report.xlsx", "batch.json"] {
        assert!(folder.at("o").join(file).exists(), "{file}");
    }
}

#[test]
fn a_slip_in_the_file_beside_the_photos_names_the_file() {
    let folder = Folder::new("config_slips");
    folder.picture("p/a.jpg", 48, 64);
    for (config, told) in [
        ("jobs = 'x'", &["gradphoto.toml: jobs\n", "--jobs <整数> 的值“x”无效"][..]),
        ("jobs = ", &["gradphoto.toml：第1行第", "文字要加英文引号"]),
        (r#"roster = "D:\学院\名册.xlsx""#, &["gradphoto.toml：第1行第", "路径里的 \\ 请写成 /"]),
        (r#"roster = "D:\new\names.xlsx""#, &["gradphoto.toml：roster 的路径里有 \\", "路径里的 \\ 请写成 /"]),
        (r#"queue = "补拍=D:\new.csv""#, &["gradphoto.toml：queue 的路径里有 \\"]),
        ("assign = '现场/assigned.csv'", &["--assign p/现场/assigned.csv：没有这个文件"]),
        ("lang = 'en'\nformat = 'xml'", &["gradphoto.toml: format, lang\n", "--format <FORMAT> cannot be \"xml\""]),
    ] {
        folder.write("p/gradphoto.toml", config.as_bytes());
        let output = folder.check(&[Path::new("p")], &[]);
        assert_eq!(output.status.code(), Some(2));
        assert!(told.iter().all(|told| stderr(&output).contains(told)), "{}", stderr(&output));
    }
}

#[test]
fn help_is_in_the_language_of_the_session_wherever_the_word_stands() {
    let said = |typed: &str| {
        let output = command().args(typed.split(' ')).output().unwrap();
        assert_eq!((output.status.code(), stderr(&output)), (Some(0), String::new()), "{typed}");
        stdout(&output)
    };
    for (typed, page) in [
        ("help", "--help"),
        ("help check", "check --help"),
        ("profile help", "profile --help"),
        ("--lang zh profile help show", "profile show --help"),
        ("profile --lang zh help list", "profile list --help"),
        ("help profile show", "profile show --help"),
    ] {
        assert_eq!(said(typed), said(page), "{typed}");
    }
    let page = said("check --help");
    assert!(page.contains("- text:  给人看") && page.contains("[默认：text]"), "{page}");
    assert!(page.contains("用法：gradphoto check [选项] [照片或文件夹]..."), "{page}");
    let page = said("profile help show --lang en");
    assert!(page.contains("Usage: gradphoto profile show [OPTIONS] <NAME|FILE.toml>"), "{page}");
    assert!(said("man").contains("可以写：") && said("completions fish").contains("每班一个"));
}

#[test]
fn one_bad_file_never_harms_the_others() {
    let folder = Folder::new("mixed");
    for name in ["1.jpg", "2.jpg", "10.JPG", "below/3.jpeg", ".hidden.jpg", ".hidden/4.jpg"] {
        folder.picture(name, 480, 640);
    }
    folder.write("notes.txt", b"not asked for");
    folder.write("zero.jpg", b"");
    folder.write("text.jpg", b"This is a letter.");
    let whole = fs::read(folder.at("1.jpg")).unwrap();
    folder.write("truncated.jpg", &whole[..whole.len() / 2]);
    folder.write("vast.png", &png_header(65_000, 65_000));
    folder.write("phone.heic", b"\0\0\0\x18ftypheic");
    folder.picture("folder.jpg/5.jpg", 480, 640);
    unix_oddities(&folder);

    let output = folder.check(&[&folder.path], &["--format", "jsonl", "--jobs", "3"]);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    let rows = json_lines(&output);
    let seen = rows.iter().map(|row| (name(row, &folder), row["error"]["kind"].as_str().unwrap_or("-")));
    let expected = [
        ("1.jpg", "-"),
        ("2.jpg", "-"),
        ("10.JPG", "-"),
        ("below/3.jpeg", "-"),
        ("dangling.jpg", "read"),
        ("folder.jpg/5.jpg", "-"),
        ("phone.heic", "decode"),
        ("pipe.jpg", "read"),
        ("text.jpg", "decode"),
        ("truncated.jpg", "decode"),
        ("vast.png", "decode"),
        ("zero.jpg", "decode"),
    ];
    let expected = expected.into_iter().filter(|(name, _)| cfg!(unix) || !["dangling.jpg", "pipe.jpg"].contains(name));
    let expected = expected.map(|(name, kind)| (name.to_owned(), kind));
    assert_eq!(seen.collect::<Vec<_>>(), expected.collect::<Vec<_>>());
}

#[test]
fn json_lines_keep_their_contract() {
    let folder = Folder::new("contract");
    folder.picture("a.jpg", 480, 640);
    folder.write("b.jpg", b"");
    let rows = json_lines(&folder.check(&[&folder.path], &["--format", "jsonl", "--profile", "he-2017"]));
    let [good, bad] = &rows[..] else { panic!("two photos, {} rows", rows.len()) };
    assert_eq!((&good["schema"], &bad["schema"]), (&SCHEMA.into(), &SCHEMA.into()));
    assert_eq!(keys(bad), ["error", "photo", "schema", "verdict"]);
    assert_eq!(bad["verdict"], "unreadable");
    assert_eq!(keys(&bad["error"]), ["kind", "message", "reason"]);
    assert_eq!(
        keys(good),
        ["engine", "findings", "fingerprint", "photo", "profile", "schema", "sha256", "skin", "verdict"]
    );
    assert_eq!(good["profile"]["name"], "he-2017");
    let findings = good["findings"].as_array().unwrap();
    let known = [
        "clause", "limit", "name", "reason", "region", "review", "rule", "seen", "severity", "unit", "value", "verdict",
    ];
    for finding in findings {
        assert_eq!(keys(finding), known, "{finding}");
        assert_eq!(keys(&finding["limit"]), ["max", "min"], "{finding}");
        assert_eq!(finding["value"].is_null(), finding["verdict"] == "not-assessed", "{finding}");
    }
    let order = RULES.iter().map(|rule| rule.id).filter(|id| findings.iter().any(|finding| finding["rule"] == *id));
    assert!(order.eq(findings.iter().map(|finding| finding["rule"].as_str().unwrap())), "findings keep RULES' order");
}

#[test]
fn the_same_photos_give_the_same_bytes_on_any_number_of_threads() {
    let folder = Folder::new("same_bytes");
    for number in 0..12 {
        folder.picture(&format!("{number}.jpg"), 240 + number, 320);
    }
    let jobs = |jobs| folder.check(&[&folder.path], &["--format", "jsonl", "--jobs", jobs]).stdout;
    assert_eq!(jobs("1"), jobs("4"));
}

#[test]
fn text_speaks_to_people_and_has_no_colour_in_a_file() {
    let folder = Folder::new("text");
    let profile = folder.only("image-size");
    folder.picture("1.jpg", 480, 640);
    folder.picture("2.jpg", 240, 320);
    folder.write("3.jpg", b"");
    let text = |lang| stdout(&folder.check(&[&folder.path], &["--profile", &profile, "--lang", lang]));
    let (zh, en) = (text("zh"), text("en"));
    assert!(zh.contains("✓ 合格") && zh.contains("✗ 不合格") && zh.contains("! 无法读取"), "{zh}");
    assert!(zh.contains("像素尺寸") && zh.contains("现为240×320"), "{zh}");
    assert!(zh.ends_with("共 3 张：合格 1，不合格 1，待确认 0，无法读取 1\n"), "{zh}");
    assert!(en.ends_with("3 photos: pass 1, fail 1, review 0, unreadable 1\n"), "{en}");
    assert!(!zh.contains('\x1b') && !en.contains('\x1b'));
    let details = stdout(&folder.check(&[&folder.path], &["--profile", &profile, "--details"]));
    let one = |name: &str| stdout(&folder.check(&[&folder.at(name)], &["--profile", &profile]));
    let by_the_standard = stdout(&folder.check(&[&folder.at("2.jpg")], &["--profile", "he-2017"]));
    let last = by_the_standard.lines().last().unwrap_or_default();
    assert!(last.starts_with("详见 gradphoto explain --profile he-2017 ") && last.contains("image-size"), "{last}");
    // Of a profile of one's own a report does not know the file.
    assert!(!one("2.jpg").contains("详见") && !zh.contains("详见"));
    assert!(!one("1.jpg").contains("详见") && !one("3.jpg").contains("详见"));
    assert!(details.contains("\n    ✓ 像素尺寸  ") && !zh.contains("    ✓"), "{details}");
}

#[test]
fn annotated_photos_mirror_the_folders_and_leave_the_photos_alone() {
    let folder = Folder::new("annotate");
    for name in ["photos/1.jpg", "photos/1.jpeg", "photos/below/1.jpg"] {
        folder.picture(name, 480, 640);
    }
    folder.write("photos/broken.jpg", b"no picture");
    let before = fs::read(folder.at("photos/1.jpg")).unwrap();
    // Inside the input on purpose: what is drawn is not checked in its turn.
    let drawn = folder.at("photos/drawn");
    let options = ["--format", "jsonl", "--annotate", drawn.to_str().unwrap()];
    for _ in 0..2 {
        let output = folder.check(&[&folder.at("photos")], &options);
        assert_eq!((output.status.code(), json_lines(&output).len()), (Some(1), 4), "{}", stderr(&output));
    }
    let mut files = fs::read_dir(&drawn).unwrap().map(|entry| entry.unwrap().file_name()).collect::<Vec<_>>();
    files.sort();
    assert_eq!(files, [".gradphoto", "1-2.jpg", "1.jpg", "below"]);
    let picture = image::open(drawn.join("below/1.jpg")).unwrap();
    assert!(picture.width() > 1300 && picture.height() > 1000);
    assert_eq!(fs::read(folder.at("photos/1.jpg")).unwrap(), before);
}

#[test]
fn annotated_photos_never_replace_what_somebody_else_put_there() {
    let folder = Folder::new("annotate_foreign");
    let photo = folder.picture("photos/1.jpg", 480, 640);
    let foreign = folder.picture("others/1.jpg", 48, 64);
    let before = fs::read(&foreign).unwrap();
    let output = folder.check(&[&photo], &["--annotate", "others"]);
    assert_eq!((output.status.code(), stdout(&output)), (Some(2), String::new()));
    assert!(stderr(&output).contains("1.jpg 不是 --annotate 画出的图片，请换一个文件夹"), "{}", stderr(&output));
    assert_eq!(fs::read(&foreign).unwrap(), before);
    folder.write("file", b"");
    let output = folder.check(&[&photo], &["--annotate", "file/drawn"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("无法写入 file/drawn，请给 --annotate 换一个文件夹"), "{}", stderr(&output));
}

#[test]
fn a_reader_that_leaves_is_no_fault() {
    let folder = Folder::new("reader_leaves");
    for number in 0..8 {
        folder.picture(&format!("{number}.jpg"), 480, 640);
    }
    let mut child = command()
        .args(["check", "--format", "jsonl"])
        .arg(&folder.path)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((stderr(&output).as_str(), output.status.code()), ("", Some(2)));
}

#[test]
fn explain_knows_every_rule_and_guesses_a_slip() {
    for rule in RULES {
        let page = stdout(&command().args(["explain", rule.id, "--lang", "en"]).output().unwrap());
        assert!(page.starts_with(&format!("# {}", rule.id)) && page.contains("## What to do"), "{page}");
    }
    for id in RULES.iter().map(|rule| rule.id).chain(BATCH_RULES.iter().map(|rule| rule.id)) {
        let page = stdout(&command().args(["explain", id, "--lang", "zh"]).output().unwrap());
        assert!(["## 怎么量\n", "## 依据\n", "## 怎么改\n"].iter().all(|head| page.contains(head)), "{page}");
        assert!(!page.contains("--lang en") && !page.contains('{'), "{page}");
    }
    let several = command().args(["explain", "eye-line", "眼睛太高", "head-roll", "--lang", "en"]).output().unwrap();
    let heads = stdout(&several).lines().filter(|line| line.starts_with("# ")).count();
    assert_eq!(heads, 2, "{}", stdout(&several));
    let slip = command().args(["explain", "eye-lime"]).output().unwrap();
    assert_eq!(slip.status.code(), Some(2));
    assert!(stderr(&slip).contains("eye-line"));
}

#[test]
fn a_shown_profile_can_be_used_as_a_file() {
    let folder = Folder::new("shown");
    let shown = command().args(["profile", "show", "yanzhao"]).output().unwrap().stdout;
    let copy = folder.at("yanzhao.toml");
    fs::write(&copy, &shown).unwrap();
    let again = command().args(["profile", "show"]).arg(&copy).output().unwrap().stdout;
    assert_eq!(shown, again);
}

#[cfg(unix)]
fn unix_oddities(folder: &Folder) {
    std::os::unix::fs::symlink("nowhere", folder.at("dangling.jpg")).unwrap();
    std::os::unix::fs::symlink(".", folder.at("circle")).unwrap();
    assert!(Command::new("mkfifo").arg(folder.at("pipe.jpg")).status().unwrap().success());
}

#[cfg(not(unix))]
fn unix_oddities(_: &Folder) {}

/// The first 33 bytes of a PNG: its header chunk with a size, and no picture behind it.
fn png_header(width: u32, height: u32) -> Vec<u8> {
    let mut header = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    header.extend(width.to_be_bytes());
    header.extend(height.to_be_bytes());
    header.extend([8, 2, 0, 0, 0, 0, 0, 0, 0]);
    header
}

fn json_lines(output: &Output) -> Vec<Value> {
    stdout(output).lines().map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"))).collect()
}

fn name(row: &Value, folder: &Folder) -> String {
    let photo = Path::new(row["photo"].as_str().unwrap());
    photo.strip_prefix(&folder.path).unwrap().to_str().unwrap().replace('\\', "/")
}

fn keys(object: &Value) -> Vec<&str> {
    let mut keys = object.as_object().unwrap().keys().map(String::as_str).collect::<Vec<_>>();
    keys.sort_unstable();
    keys
}
