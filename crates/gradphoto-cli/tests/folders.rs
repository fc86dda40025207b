//! What is looked at in a folder, and what is said of the rest.

mod common;

use std::fs;
use std::path::Path;

use common::{Folder, command, stderr, stdout};
use serde_json::Value;

/// Names of the photos that a check of `folder`/p looks at, below it, and what it says of the others.
fn looked_at(folder: &Folder) -> (Vec<String>, String) {
    let profile = folder.only("image-size");
    let output = folder.check(&[Path::new("p")], &["--format", "jsonl", "--profile", &profile]);
    let rows = stdout(&output).lines().map(|line| serde_json::from_str::<Value>(line).unwrap()).collect::<Vec<_>>();
    let name = |row: &Value| row["photo"].as_str().unwrap().replace('\\', "/").strip_prefix("p/").unwrap().to_owned();
    (rows.iter().map(name).collect(), stderr(&output))
}

#[test]
fn folders_of_systems_are_passed_over_and_named() {
    let folder = Folder::new("nas");
    let system = [
        "#recycle/20210002.jpg",
        "$RECYCLE.BIN/S-1/$R123.jpg",
        ".@__thumb/s10020210001.jpg",
        ".Trash-1000/files/20210003.jpg",
        ".thumbnails/20210003.jpg",
        "@eaDir/20210001.jpg/SYNOPHOTO_THUMB_M.jpg",
        "System Volume Information/x.jpg",
        "Thumbs/20210003.jpg",
        "__MACOSX/._20210001.jpg",
        "lost+found/x.jpg",
    ];
    for name in system.into_iter().chain(["20210001.jpg", "1班/20210004.jpg"]) {
        folder.picture(&format!("p/{name}"), 48, 64);
    }
    let (photos, said) = looked_at(&folder);
    assert_eq!(photos, ["1班/20210004.jpg", "20210001.jpg"]);
    assert!(said.contains("未检查的文件和文件夹：10") && said.contains("回收站"), "{said}");
    for name in system {
        assert!(said.contains(&format!("p/{}", name.split('/').next().unwrap())), "{name}: {said}");
    }
}

#[test]
fn every_file_is_looked_at_or_named() {
    let folder = Folder::new("weird_names");
    let picture = fs::read(folder.picture("whole.jpg", 48, 64)).unwrap();
    let photos =
        ["20210001", "20210001.JPEG", "20210001.jpg ", "20210001.jpg.jpg", "20210001.mpo", "20210001.pjpeg", "😀.jpg"];
    let passed = [
        ("20210004.CR2", "RAW"),
        ("20210004.NEF", "RAW"),
        (".20210003.jpg.icloud", "iCloud"),
        ("20210002.jpg.icloud", "iCloud"),
        (".20210001.jpg", "隐藏"),
        ("20210001.jpg.crdownload", "没有下载完"),
        ("20210001.jpg.part", "没有下载完"),
        ("20210001.jpg~", "没有下载完"),
        ("20210001.zip", "压缩包"),
        ("20210001.jxl", "其他格式的图片"),
        ("20210001.pdf", "文档"),
        ("20210002.txt", "不是照片"),
        ("20210001.psd", "其他格式的图片"),
        ("名册.xlsx", "表格"),
    ];
    let trailing_space = cfg!(unix);
    for name in photos.iter().filter(|name| trailing_space || !name.ends_with(' ')) {
        folder.write(&format!("p/{name}"), &picture);
    }
    for (name, _) in passed {
        folder.write(&format!("p/{name}"), b"8BPS or anything else");
    }
    for name in ["Thumbs.db", "desktop.ini", "._20210001.jpg", "~$名册.xlsx"] {
        folder.write(&format!("p/{name}"), b"\0");
    }
    let (mut seen, said) = looked_at(&folder);
    seen.sort();
    assert_eq!(seen, photos.iter().copied().filter(|name| trailing_space || !name.ends_with(' ')).collect::<Vec<_>>());
    assert!(said.contains(&format!("未检查的文件和文件夹：{}\n", passed.len())), "{said}");
    for (name, why) in passed {
        let at = said.find(&format!("p/{name}\n").replace('/', std::path::MAIN_SEPARATOR_STR)).expect(name);
        let head = said[..at].lines().rfind(|line| !line.starts_with("        ")).unwrap_or_default();
        assert!(head.contains(why), "{name}: {head}");
    }
    assert!(!said.contains("Thumbs.db") && !said.contains("~$"), "{said}");
}

#[test]
fn what_this_command_drew_is_no_photo_next_time() {
    let folder = Folder::new("own_folders");
    folder.picture("p/20210001.jpg", 48, 64);
    let profile = folder.only("image-size");
    let own = [("--annotate", "p/画"), ("--output", "p/结果"), ("--notices", "p/通知"), ("--for-vendor", "p/公司")];
    let options = own.iter().flat_map(|(option, name)| [*option, *name]);
    let options = options.chain(["--profile", &profile, "--no-cache"]).collect::<Vec<_>>();
    let output = folder.check(&[Path::new("p")], &options);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert!(folder.at("p/画/20210001.jpg").exists());
    let (photos, said) = looked_at(&folder);
    assert_eq!(photos, ["20210001.jpg"]);
    assert!(own.iter().all(|(_, name)| said.contains(name)) && said.contains("本程序写出的文件夹 4"), "{said}");
    // Asked for by its name, it is looked at.
    let drawn = folder.check(&[Path::new("p/画")], &["--format", "jsonl", "--profile", &profile]);
    assert_eq!(stdout(&drawn).lines().count(), 1);
}

#[test]
fn a_folder_of_somebody_elses_is_never_marked_as_our_own() {
    let folder = Folder::new("not_own");
    folder.picture("p/1.jpg", 48, 64);
    folder.picture("p/old/2.jpg", 48, 64);
    let profile = folder.only("image-size");
    let output = folder.check(&[Path::new("p/1.jpg")], &["--profile", &profile, "--annotate", "p/old"]);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert!(looked_at(&folder).0.contains(&"old/2.jpg".to_owned()));
}

#[test]
fn files_of_somebody_else_are_neither_replaced_nor_removed() {
    let folder = Folder::new("foreign_files");
    folder.picture("p/1.jpg", 48, 64);
    let profile = folder.only("image-size");
    let refused = |name: &str, args: &[&str]| {
        let file = folder.write(name, b"mine");
        let output = command().args(args).args(["--profile", &profile]).current_dir(&folder.path).output().unwrap();
        let (said, name) = (stderr(&output), name.rsplit('/').next().unwrap());
        assert!(output.status.code() == Some(2) && said.contains(&format!("里已有不是本程序写的 {name}")), "{said}");
        assert_eq!(fs::read(&file).unwrap(), b"mine");
        fs::remove_file(file).unwrap();
    };
    refused("own/补拍名单.csv", &["check", "p", "--output", "own", "--no-cache", "--overwrite"]);
    refused("own/report.csv", &["check", "p", "--output", "own", "--no-cache"]);
    refused("copies/index.csv", &["prepare", "p", "--output", "copies"]);
}

#[test]
fn what_was_not_looked_at_is_in_the_results_too() {
    let folder = Folder::new("passed_over");
    folder.picture("p/1.jpg", 48, 64);
    folder.write("p/110105194912310021.CR2", b"II*\0");
    let profile = folder.only("image-size");
    let output = folder.check(&[Path::new("p")], &["--profile", &profile, "--output", "out", "--no-cache"]);
    assert!(stdout(&output).contains("未检查的文件和文件夹：1"), "{}", stdout(&output));
    let batch = serde_json::from_slice::<Value>(&fs::read(folder.at("out/batch.json")).unwrap()).unwrap();
    let [passed] = batch["passed_over"].as_array().unwrap().as_slice() else { panic!("{batch}") };
    assert_eq!(passed["why"], "raw");
    assert!(!passed["path"].as_str().unwrap().contains("110105194912310021"), "{passed}");
}

#[test]
fn whose_photo_is_a_kind_that_is_not_looked_at_is_told_so_and_not_only_missed() {
    let folder = Folder::new("only_beside");
    let files = [
        ("2021001.CR3", "RAW"),
        ("李四.psd", "其他格式"),
        ("2021003.zip", "压缩包"),
        (".2021004.jpg.icloud", "iCloud"),
        ("2021005.jpg.crdownload", "没有下载完"),
        ("2021006.docx", "文档"),
        ("2021007.jpg.lnk", "快捷方式"),
    ];
    for (name, _) in files {
        folder.write(&format!("p/{name}"), b"8BPS or anything else");
    }
    folder.write("p/2021008.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic");
    folder.picture("p/2021010.jpg", 48, 64);
    let mut roster = "学号,姓名\n".to_owned();
    let names = ["张三", "李四", "王五", "赵六", "孙七", "周八", "吴九", "郑十", "冯一", "陈二"];
    for (place, name) in names.into_iter().enumerate() {
        roster += &format!("{},{name}\n", 2_021_001 + place);
    }
    let roster = folder.write("名册.csv", roster.as_bytes());
    let options = ["--output", "out", "--no-cache", "--roster", roster.to_str().unwrap()];
    let output = folder.check(&[Path::new("p")], &options);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    let batch = serde_json::from_slice::<Value>(&fs::read(folder.at("out/batch.json")).unwrap()).unwrap();
    let missing = batch["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|finding| ["missing", "other-file"].contains(&finding["kind"].as_str().unwrap()));
    let told = missing.map(|finding| finding["reason"]["zh"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    assert_eq!(told.len(), files.len() + 1, "{told:?}");
    for ((name, why), told) in files.iter().zip(&told) {
        let name = name.trim_start_matches('.');
        assert!(told.contains(why) && told.contains(name.split('.').next().unwrap()), "{name}: {told}");
    }
    assert!(told[files.len()].contains("冯一") && !told[files.len()].contains("RAW"), "{told:?}");
    // A HEIC has a line of its own, and its student a photo to export again.
    let heic = fs::read_to_string(folder.at("out/report.jsonl")).unwrap();
    assert!(heic.lines().any(|line| line.contains("2021008.heic") && line.contains("HEIC")), "{heic}");
    // The page names what was not looked at too, and who may be on it.
    let page = fs::read_to_string(folder.at("out/report.html")).unwrap();
    assert!(page.contains(r#""beside":{"count":7,"#) && page.contains("2021001.CR3"), "{}", page.len());
    assert_eq!(page.matches(r#""may_have":true"#).count(), files.len());
    let list = fs::read_to_string(folder.at("out/补拍名单.csv")).unwrap();
    // Nobody is called whose file may hold the photo.
    assert!(list.contains("冯一") && !names[..8].iter().any(|name| list.contains(name)), "{list}");
}

#[cfg(unix)]
#[test]
fn names_in_gbk_are_told_apart_and_their_files_are_found() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    let folder = Folder::new("gbk_names");
    let picture = fs::read(folder.picture("whole.jpg", 48, 64)).unwrap();
    fs::create_dir(folder.at("p")).unwrap();
    let names = ["张三.jpg", "李四.jpg", "王五.jpg"];
    for name in names {
        let bytes = encoding_rs::GB18030.encode(name).0;
        fs::write(folder.at("p").join(OsStr::from_bytes(&bytes)), &picture).unwrap();
    }
    let (mut photos, _) = looked_at(&folder);
    photos.sort();
    assert_eq!(photos, names);
    let profile = folder.only("image-size");
    let run = |more: &[&str]| {
        folder.check(&[Path::new("p")], &[&["--profile", &profile, "--output", "out", "--no-cache"], more].concat())
    };
    assert_eq!(run(&[]).status.code(), Some(1));
    let page = fs::read_to_string(folder.at("out/report.html")).unwrap();
    assert!(
        page.contains("../p/%D5%C5%C8%FD.jpg") && page.contains("张三.jpg"),
        "the link leads to the bytes of the name"
    );
    let again = run(&["--resume"]);
    assert_eq!(again.status.code(), Some(1), "{}", stderr(&again));
    // As `find -print0` lists them.
    let (list, _, _) = encoding_rs::GB18030.encode("p/张三.jpg\0p/李四.jpg\0");
    folder.write("list", &list);
    let options = ["--files-from", "list", "--profile", &profile, "--format", "sarif", "--annotate", "drawn"];
    let listed = folder.check(&[], &options);
    assert!(stdout(&listed).contains("\"p/%D5%C5%C8%FD.jpg\""), "{}{}", stdout(&listed), stderr(&listed));
    assert!(folder.at("drawn/张三.jpg").is_file() && folder.at("drawn/李四.jpg").is_file());
}

#[test]
fn no_panic_of_a_decoder_reaches_a_person() {
    let case = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/cases/pictures/tif-tiled-planar-edge.tif");
    let output = command().args(["check", "--format", "jsonl"]).arg(case).output().unwrap();
    let row = serde_json::from_str::<Value>(stdout(&output).trim()).unwrap();
    assert_eq!((stderr(&output).as_str(), &row["error"]["kind"]), ("", &"decode".into()), "{row}");
}
