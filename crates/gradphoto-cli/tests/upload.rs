//! Copies to upload: named after the roster, packed, kept where nothing changed, and each student's own.

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use common::{Folder, NO_COLLARS, command, dated, stderr, stdout};
use gradphoto_app::known::sha256;
use image::codecs::jpeg::JpegEncoder;
use image::imageops::{self, FilterType};

const ROSTER: &str = "学号,考生号,姓名,班级,院系\n\
                      2021001,21430101,张三,软件1班,计算机学院\n\
                      2021002,21430102,李四,软件1班,计算机学院\n\
                      2021003,21430103,王五,英语1班,外语学院\n";

/// A camera's folder and a roster.
struct Studio(Folder);

impl Studio {
    fn new(test: &str) -> Studio {
        let studio = Studio(Folder::new(test));
        studio.0.write("名册.csv", ROSTER.as_bytes());
        studio.0.write("本校.toml", NO_COLLARS.as_bytes());
        studio
    }

    /// A camera's picture of one of two people: more wall around, and each a little larger than the last, so that no two are
    /// the same picture.
    fn shot(&self, name: &str, person: usize, wider: u32) {
        self.saved(name, person, wider, 1.5, 95);
    }

    /// The same, so many times as large and of this JPEG quality.
    fn saved(&self, name: &str, person: usize, wider: u32, times: f64, quality: u8) {
        let portrait = ["comp_clean_005_0.jpg", "comp_clean_017_0.jpg"][person];
        let portrait = image::open(repository("tests/conformance").join(portrait)).unwrap().into_rgb8();
        let (width, height) = (portrait.width() + 120 + wider, portrait.height() + 80);
        let framed = image::RgbImage::from_fn(width, height, |x, y| {
            let at = |place: u32, margin: u32, end: u32| place.saturating_sub(margin).min(end - 1);
            *portrait.get_pixel(at(x, 60, portrait.width()), at(y, 80, portrait.height()))
        });
        let [width, height] = [width, height].map(|length| (f64::from(length) * times) as u32);
        let scaled = imageops::resize(&framed, width, height, FilterType::Triangle);
        let mut bytes = Vec::new();
        JpegEncoder::new_with_quality(&mut bytes, quality).encode_image(&scaled).unwrap();
        self.0.write(name, &bytes);
    }

    fn prepare(&self, options: &[&str]) -> Output {
        self.prepare_from(&["相机"], options)
    }

    fn prepare_from(&self, folders: &[&str], options: &[&str]) -> Output {
        let fixed = ["--output", "上传", "--roster", "名册.csv", "--lang", "zh", "--profile", "本校.toml"];
        command().arg("prepare").args(folders).args(fixed).args(options).current_dir(&self.0.path).output().unwrap()
    }

    fn uploaded(&self) -> Vec<String> {
        let mut names = fs::read_dir(self.0.at("上传")).unwrap().map(|entry| entry.unwrap().file_name());
        let mut names = names.by_ref().map(|name| name.into_string().unwrap()).collect::<Vec<_>>();
        names.retain(|name| name.ends_with(".jpg"));
        names.sort();
        names
    }

    /// Rows of index.csv by photo.
    fn index(&self) -> BTreeMap<String, Vec<String>> {
        let bytes = fs::read(self.0.at("上传/index.csv")).unwrap();
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").expect("a byte order mark");
        let mut reader = csv::Reader::from_reader(text);
        let rows =
            reader.records().map(|row| row.unwrap().iter().map(|cell| cell.trim().to_owned()).collect::<Vec<_>>());
        rows.filter(|row| !row[9].is_empty()).map(|row| (row[9].clone(), row)).collect()
    }
}

fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

fn hash(file: &Path) -> String {
    sha256(&fs::read(file).unwrap())
}

#[test]
fn copies_are_named_after_the_roster_packed_and_listed() {
    let studio = Studio::new("upload-named");
    studio.shot("相机/2021001.jpg", 0, 0);
    studio.shot("相机/李四.jpg", 1, 9);
    studio.shot("相机/2021003_王五.jpg", 0, 21);
    let output = studio.prepare(&["--name", "zp{考生号}", "--zip", "class"]);
    assert_eq!(output.status.code(), Some(0), "{}{}", stdout(&output), stderr(&output));
    assert_eq!(studio.uploaded(), ["zp21430101.jpg", "zp21430102.jpg", "zp21430103.jpg"]);
    for name in studio.uploaded() {
        let bytes = fs::metadata(studio.0.at("上传").join(&name)).unwrap().len();
        assert!((30 * 1024..40_000).contains(&bytes), "{name} has {bytes} bytes");
    }
    let index = studio.index();
    assert_eq!(index["相机/李四.jpg"][..5], ["zp21430102.jpg", "2021002", "李四", "计算机学院", "软件1班"]);
    for (archive, files) in [
        ("计算机学院_软件1班.zip", vec!["zp21430101.jpg", "zp21430102.jpg"]),
        ("外语学院_英语1班.zip", vec!["zp21430103.jpg"]),
    ] {
        let path = studio.0.at("上传/zip").join(archive);
        let listed = Command::new("unzip").arg("-Z1").arg(&path).output().expect("unzip is installed");
        assert_eq!(stdout(&listed).lines().collect::<Vec<_>>(), files);
        assert!(Command::new("unzip").arg("-tq").arg(&path).output().unwrap().status.success());
    }
    // Names in Chinese carry the flag that says UTF-8: bit 11 of the entry's flags.
    let output = studio.prepare(&["--name", "{姓名}", "--zip", "all", "--overwrite"]);
    assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
    assert_eq!(studio.uploaded(), ["张三.jpg", "李四.jpg", "王五.jpg"], "the old names are gone");
    let archives = fs::read_dir(studio.0.at("上传/zip")).unwrap().map(|entry| entry.unwrap().file_name());
    let archives = archives.filter(|name| name.to_string_lossy().ends_with(".zip")).collect::<Vec<_>>();
    assert_eq!(archives, ["照片.zip"], "the old archives are gone");
    let bytes = fs::read(studio.0.at("上传/zip/照片.zip")).unwrap();
    assert_eq!(u16::from_le_bytes([bytes[6], bytes[7]]) & 0x800, 0x800);
}

#[test]
fn what_has_not_changed_stays_and_what_was_shot_again_is_replaced() {
    let studio = Studio::new("upload-twice");
    studio.shot("相机/2021001.jpg", 0, 0);
    studio.shot("相机/2021002.jpg", 1, 9);
    let prepare = || stdout(&studio.prepare(&["--name", "{学号}"]));
    assert!(prepare().contains("已生成 2，未变 0"));
    let before = fs::read(studio.0.at("上传/2021001.jpg")).unwrap();
    assert!(prepare().contains("已生成 0，未变 2"));
    studio.shot("相机/2021001.jpg", 1, 33);
    assert!(prepare().contains("已生成 1，未变 1"));
    assert_ne!(fs::read(studio.0.at("上传/2021001.jpg")).unwrap(), before);
    // A photo that is gone takes its copy along; what people put there stays.
    fs::remove_file(studio.0.at("相机/2021002.jpg")).unwrap();
    studio.0.write("上传/说明.jpg", b"mine");
    assert!(prepare().contains("旧副本 1 个"));
    assert_eq!(studio.uploaded(), ["2021001.jpg", "说明.jpg"]);
    // A photo that cannot be read any more keeps its copy, and is named once.
    let photo = fs::read(studio.0.at("相机/2021001.jpg")).unwrap();
    studio.0.write("相机/2021001.jpg", "不是图片".as_bytes());
    let text = prepare();
    let why = "    文件是文本，不是图片，请把照片导出为 JPEG；上次生成的副本仍保留，请核对原片\n";
    assert!(text.contains(why) && studio.0.at("上传/2021001.jpg").is_file(), "{text}");
    studio.0.write("相机/2021001.jpg", &photo);
    assert!(prepare().contains("未变 1"));
    // A copy that somebody has changed is theirs.
    studio.0.write("上传/2021001.jpg", b"changed");
    let refused = studio.prepare(&["--name", "{学号}"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(stdout(&refused).contains("--overwrite"), "{}", stdout(&refused));
    assert_eq!(fs::read(studio.0.at("上传/2021001.jpg")).unwrap(), b"changed");
    // So is what cannot be read.
    fs::remove_file(studio.0.at("上传/2021001.jpg")).unwrap();
    fs::create_dir(studio.0.at("上传/2021001.jpg")).unwrap();
    let refused = stdout(&studio.prepare(&["--name", "{学号}"]));
    assert!(refused.contains("--overwrite"), "{refused}");
}

#[test]
fn names_that_clash_or_are_missing_stop_everything_before_a_file_is_written() {
    let studio = Studio::new("upload-clash");
    studio.shot("相机/2021001.jpg", 0, 0);
    studio.shot("相机/2021002.jpg", 1, 9);
    for (name, told) in [("{院系}", "张三 2021001、李四 2021002"), ("{电话}", "没有“电话”列"), ("zp{考生号", "大括号")]
    {
        let output = studio.prepare(&["--name", name]);
        assert_eq!(output.status.code(), Some(2), "{name}");
        assert!(stderr(&output).contains(told), "{name}: {}", stderr(&output));
        assert!(!studio.0.at("上传").exists(), "{name} wrote something");
    }
}

#[test]
fn a_standard_of_another_size_is_told() {
    let folder = Folder::new("upload-size");
    folder.picture("相机/a.jpg", 480, 640);
    let prepare = |options: &[&str]| {
        let fixed = ["prepare", "相机", "--output", "上传", "--overwrite", "--profile"];
        stderr(&command().args(fixed).args(options).current_dir(&folder.path).output().unwrap())
    };
    for (lang, told) in [("zh", "标准 k12 没有规定 480×640"), ("en", "The profile k12 does not ask for 480x640")]
    {
        let said = prepare(&["k12", "--lang", lang]);
        assert!(said.contains(told), "{said}");
        let said = prepare(&["he-2017", "--lang", lang]);
        assert!(!said.contains("480"), "{said}");
    }
}

#[test]
fn the_cameras_order_gives_each_student_the_last_of_their_shots() {
    let studio = Studio::new("upload-order");
    for (number, person) in [(1, 0), (2, 1), (3, 0)] {
        studio.shot(&format!("相机/软件1班/DSC_000{number}.jpg"), person, number * 7);
    }
    let open = studio.prepare(&["--assign", "order", "--name", "{学号}"]);
    assert_eq!(open.status.code(), Some(1));
    assert!(stderr(&open).contains("应拍2人，有照片3张"), "{}", stderr(&open));
    assert!(studio.uploaded().is_empty(), "whose they are is open");
    let mended = studio.prepare(&["--assign", "order", "--name", "{学号}", "--shift", "DSC_0003.jpg:-1"]);
    assert_eq!(mended.status.code(), Some(0), "{}{}", stdout(&mended), stderr(&mended));
    let index = studio.index();
    assert_eq!(index["相机/软件1班/DSC_0001.jpg"][0], "2021001.jpg");
    assert_eq!(index["相机/软件1班/DSC_0002.jpg"][..2], ["", "2021002"]);
    assert_eq!(index["相机/软件1班/DSC_0003.jpg"][0], "2021002.jpg");
    let absent = studio.prepare(&[
        "--assign",
        "order",
        "--name",
        "{学号}",
        "--absent",
        "2021001",
        "--shift",
        "DSC_0002:-1",
        "--shift",
        "DSC_0003:-1",
    ]);
    assert_eq!(absent.status.code(), Some(0), "{}{}", stdout(&absent), stderr(&absent));
    assert_eq!(studio.uploaded(), ["2021002.jpg"], "a copy that was the wrong student's is gone");
}

#[test]
fn what_was_compressed_too_much_is_made_smaller_but_not_saved_again() {
    let studio = Studio::new("upload-spoilt");
    studio.saved("相机/2021001.jpg", 0, 0, 1.0, 30);
    studio.saved("相机/2021002.jpg", 1, 0, 3.0, 30);
    let said = stdout(&studio.prepare(&[]));
    assert!(said.contains("2021001") && said.contains("压缩过度"), "{said}");
    assert_eq!(studio.uploaded(), ["2021002.jpg"]);
}

#[test]
fn majors_whose_classes_have_the_same_name_are_packed_apart() {
    let studio = Studio::new("upload-majors");
    studio.0.write("名册.csv", "学号,姓名\n2021001,张三\n2021002,李四\n".as_bytes());
    studio.shot("相机/信息学院/软件工程/1班/2021001.jpg", 0, 0);
    studio.shot("相机/信息学院/网络工程/1班/2021002.jpg", 1, 9);
    let archives = || {
        let output = studio.prepare(&["--name", "{学号}", "--zip", "class"]);
        assert_eq!(output.status.code(), Some(0), "{}{}", stdout(&output), stderr(&output));
        let told = stdout(&output);
        let lines = told.lines().filter(|line| line.contains(".zip"));
        lines.map(|line| line.rsplit('/').next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let expected = ["信息学院_网络工程_1班.zip：1 张", "信息学院_软件工程_1班.zip：1 张"];
    assert_eq!(archives(), expected);
    assert_eq!(archives(), expected, "of copies that are there already too");
}

#[test]
fn who_has_no_copy_is_told_and_a_file_that_somebody_has_twice_is_copied_once() {
    let studio = Studio::new("upload-left-out");
    studio.0.write("名册.csv", [ROSTER, "2021004,21430104,赵六,英语1班,外语学院\n"].concat().as_bytes());
    studio.shot("相机/2021001.jpg", 0, 0);
    let prepare = |folder: &str| {
        let output = studio.prepare_from(&[folder], &["--name", "{学号}", "--ready"]);
        assert_eq!(output.status.code(), Some(0), "{}{}", stdout(&output), stderr(&output));
        stdout(&output)
    };
    fs::copy(studio.0.at("相机/2021001.jpg"), studio.0.at("相机/2021001(1).jpg")).unwrap();
    let told = prepare("相机");
    assert!(told.contains("已生成 1，未变 0，以本人另一张为准 1，不能生成 0"), "{told}");
    assert!(told.contains("名册上还有 3 人没有照片：李四 2021002、王五 2021003、赵六 2021004，列在"), "{told}");
    assert_eq!(studio.uploaded(), ["2021001.jpg"]);
    // What an earlier run made of other folders counts.
    studio.shot("补拍/2021003.jpg", 1, 9);
    assert!(prepare("补拍").contains("名册上还有 2 人没有照片：李四 2021002、赵六 2021004，列在"));
    let index = fs::read_to_string(studio.0.at("上传/index.csv")).unwrap();
    let missing = index.lines().filter(|line| line.contains("未拍")).count();
    assert!(missing == 2 && index.trim_end().ends_with("赵六,外语学院,英语1班,未拍,,,,"), "{index}");
}

#[test]
fn one_picture_under_two_names_is_ready_for_neither_and_its_copy_is_taken_back() {
    let studio = Studio::new("upload-taken-back");
    studio.shot("相机/2021001.jpg", 0, 0);
    fs::copy(studio.0.at("相机/2021001.jpg"), studio.0.at("相机/2021002.jpg")).unwrap();
    let output = studio.prepare(&["--name", "{学号}", "--ready"]);
    let told = stdout(&output);
    assert!(output.status.code() == Some(1) && told.contains("✗ 相机/2021001.jpg（副本已撤回）"), "{told}");
    assert!(studio.uploaded().is_empty());
}

#[test]
fn only_decisions_that_count_for_a_check_make_a_copy_ready() {
    let studio = Studio::new("upload-ready");
    // No light is as uneven as this profile wants it, so everybody fails.
    let profile = |overridable: &str| {
        let uneven = "[rules.illumination-uniformity]\nlimit = [5.0, 6.0]\nreview = [5.0, 6.0]\n";
        studio.0.write("本校.toml", format!("overridable = [{overridable}]\n{NO_COLLARS}{uneven}").as_bytes());
    };
    studio.shot("相机/2021001.jpg", 0, 0);
    let hash = hash(&studio.0.at("相机/2021001.jpg"));
    let decided = |rows: &[&str]| {
        let row = |row: &&str| format!("相机/2021001.jpg,{hash},{row}\n");
        let csv = "photo,sha256,student,decision,note\n".to_owned() + &rows.iter().map(row).collect::<String>();
        studio.0.write("decisions.csv", csv.as_bytes());
        let output = studio.prepare(&["--name", "{学号}", "--ready", "--decisions", "decisions.csv"]);
        (output.status.code(), stdout(&output), !studio.uploaded().is_empty())
    };
    let granted = "2021001,override,回族学生";
    profile("");
    let refused = |rows: &[&str], why: &str| {
        let (code, told, is_made) = decided(rows);
        assert!(told.contains(why) && code == Some(1) && !is_made, "{rows:?}: {told}");
    };
    refused(&[granted], "采用0条，未采用1条");
    refused(&[granted], "不能人工放行");
    profile("'illumination-uniformity'");
    refused(&["2021001,override,"], "必须在备注中写明理由");
    refused(&["2021001,accept,"], "照片检查不合格");
    refused(&[granted, "2021001,reject,"], "互相矛盾");
    refused(&["2021002,override,回族学生"], "另一名学生");
    let (code, told, is_made) = decided(&[granted]);
    assert!(code == Some(0) && told.contains("已生成 1") && told.contains("采用1条，未采用0条") && is_made, "{told}");
    assert!(decided(&[granted]).1.contains("已生成 0，未变 1"));
    refused(&["2021001,override,"], "旧副本 1 个");
    // Nobody's photo stays so, and takes no student's name.
    studio.shot("相机/0旁听.jpg", 1, 9);
    let stranger = crate::hash(&studio.0.at("相机/0旁听.jpg"));
    let rows = format!("相机/0旁听.jpg,{stranger},,override,宗教原因\n相机/2021001.jpg,{hash},{granted}\n");
    studio.0.write("decisions.csv", format!("photo,sha256,student,decision,note\n{rows}").as_bytes());
    let told = stdout(&studio.prepare(&["--name", "{学号}", "--ready", "--decisions", "decisions.csv"]));
    assert!(told.contains("名册中找不到此照片的学生") && told.contains("已生成 1"), "{told}");
    let index = studio.index();
    assert_eq!(["0旁听", "2021001"].map(|photo| &*index[&format!("相机/{photo}.jpg")][0]), ["", "2021001.jpg"]);
}

#[test]
fn decisions_say_whose_a_photo_is_where_the_cameras_order_leaves_it_open() {
    let studio = Studio::new("upload-decided");
    for (number, person) in [(1, 0), (2, 1), (3, 1)] {
        studio.shot(&format!("相机/软件1班/DSC_000{number}.jpg"), person, number * 7);
    }
    // One decision is on a frame, one on the copy that a check with --capture would make of it.
    let plain = command()
        .args(["prepare", "相机", "--output", "副本", "--profile", "本校.toml"])
        .current_dir(&studio.0.path)
        .output()
        .unwrap();
    assert_eq!(plain.status.code(), Some(0), "{}", stderr(&plain));
    let copy = hash(&studio.0.at("副本/软件1班/DSC_0001.jpg"));
    let frame = hash(&studio.0.at("相机/软件1班/DSC_0003.jpg"));
    let decided = |decision: &str| {
        let csv = format!(
            "photo,sha256,student,decision,note\n相机/软件1班/DSC_0001.jpg,{copy},2021001,{decision},\n\
             相机/软件1班/DSC_0003.jpg,{frame},2021002,{decision},\n"
        );
        studio.0.write("decisions.csv", csv.as_bytes());
    };
    let prepare = |options: &[&str]| {
        let fixed = ["--assign", "order", "--name", "{学号}", "--decisions", "decisions.csv"];
        let output = studio.prepare(&[&fixed, options].concat());
        (output.status.code(), stdout(&output))
    };
    decided("reject");
    let (code, told) = prepare(&[]);
    assert!(code == Some(1) && told.contains("不能生成 3") && studio.uploaded().is_empty(), "{told}");
    decided("accept");
    for (options, counted) in [(&[][..], "以本人另一张为准 1，不能生成 0"), (&["--ready"], "采用2条，未采用0条")]
    {
        let (code, told) = prepare(options);
        assert!(code == Some(0) && told.contains(counted), "{told}");
        assert!(told.contains("以本人的另一张照片为准"), "{told}");
        let index = studio.index();
        let files = [1, 2, 3].map(|number| &*index[&format!("相机/软件1班/DSC_000{number}.jpg")][0]);
        assert_eq!(files, ["2021001.jpg", "", "2021002.jpg"]);
    }
}

#[test]
fn originals_are_the_same_however_their_folder_is_typed() {
    let studio = Studio::new("upload-typed");
    studio.shot("相机/2021001.jpg", 0, 0);
    studio.shot("相机/2021002.jpg", 1, 9);
    let prepare = |folder: &str, name: &str, expected: &str| {
        let output = studio.prepare_from(&[folder], &["--name", name, "--zip", "class"]);
        let told = stdout(&output);
        assert!(output.status.code() == Some(0) && told.contains(expected), "{folder}: {told}{}", stderr(&output));
    };
    let whole = studio.0.at("相机");
    prepare("相机", "{学号}", "已生成 2");
    for folder in ["./相机", whole.to_str().unwrap()] {
        prepare(folder, "{学号}", "已生成 0，未变 2");
        assert_eq!(studio.index().len(), 2);
    }
    fs::remove_file(studio.0.at("相机/2021002.jpg")).unwrap();
    prepare("./相机", "{学号}", "旧副本 1 个");
    assert_eq!(studio.uploaded(), ["2021001.jpg"]);
    // A photo that is elsewhere now leaves nothing behind, and one that cannot be found is told.
    fs::rename(studio.0.at("相机"), studio.0.at("原片")).unwrap();
    prepare("原片", "zp{学号}", "已生成 1");
    assert_eq!((studio.uploaded(), studio.index().len()), (vec!["zp2021001.jpg".to_owned()], 1));
    fs::remove_dir_all(studio.0.at("原片")).unwrap();
    studio.shot("相机/2021002.jpg", 1, 9);
    prepare("相机", "zp{学号}", "1 份副本的原片不在原处（如 zp2021001.jpg，原片 原片/2021001.jpg）");
    fs::remove_file(studio.0.at("上传/zp2021001.jpg")).unwrap();
    prepare("相机", "zp{学号}", "未变 1");
    assert_eq!(studio.index().len(), 1, "what somebody has taken away is no part of it");
}

#[test]
fn a_copy_gives_way_to_another_photo_only_where_that_is_asked() {
    let studio = Studio::new("upload-days");
    studio.shot("第一天/2021001.jpg", 0, 0);
    studio.shot("第二天/2021001.jpg", 1, 9);
    let prepare = |day: &str, options: &[&str]| {
        let output = studio.prepare_from(&[day], &[&["--name", "{学号}"], options].concat());
        (output.status.code(), stdout(&output), hash(&studio.0.at("上传/2021001.jpg")))
    };
    let (_, _, first) = prepare("第一天", &[]);
    let (code, told, now) = prepare("第二天", &[]);
    assert_eq!((code, &now), (Some(1), &first), "{told}");
    assert!(told.contains("上传/2021001.jpg 已是 第一天/2021001.jpg 的副本"), "{told}");
    assert!(told.contains("要改用 第二天/2021001.jpg，请加 --overwrite"), "{told}");
    let (code, told, second) = prepare("第二天", &["--overwrite", "--zip", "all"]);
    assert!(code == Some(0) && second != first && told.contains("照片.zip：1 张"), "{told}");
    let index = studio.index();
    assert_eq!(["第一天", "第二天"].map(|day| &*index[&format!("{day}/2021001.jpg")][0]), ["", "2021001.jpg"]);
    let (code, told, now) = prepare("第一天", &[]);
    assert_eq!((code, &now), (Some(1), &second), "{told}");
    // By the camera's clock the second day is later, so its shot is a retake.
    for (day, when) in [("第一天", "2026:03:01 08:30:00"), ("第二天", "2026:03:08 08:30:00")] {
        let shot = fs::read(studio.0.at(&format!("{day}/2021001.jpg"))).unwrap();
        studio.0.write(&format!("{day}/2021001.jpg"), &dated(&shot, when));
    }
    let (code, told, _) = prepare("第一天", &["--overwrite"]);
    assert_eq!(code, Some(0), "{told}");
    let (code, told, now) = prepare("第二天", &[]);
    assert_eq!((code, &now), (Some(0), &second), "{told}");
    let (code, told, now) = prepare("第一天", &[]);
    assert_eq!((code, &now), (Some(1), &second), "{told}");
}

#[test]
fn one_picture_under_two_names_waits_for_a_person() {
    let studio = Studio::new("upload-picture");
    for name in ["2021001", "2021002"] {
        let portrait = fs::read(repository("tests/conformance/comp_clean_005_0.jpg")).unwrap();
        studio.0.write(&format!("相机/{name}.jpg"), &portrait);
    }
    let prepare = |options: &[&str]| {
        let output = studio.prepare(&[&["--name", "{学号}"], options].concat());
        (output.status.code(), stdout(&output), studio.uploaded().len())
    };
    let open = |told: &str| told.contains("不能生成 2") && told.contains("2个文件完全相同");
    let (code, told, copies) = prepare(&["--ready"]);
    assert!((code, copies) == (Some(1), 0) && open(&told), "{told}");
    // All copies are wanted, and none is said to pass, of a later run either.
    for run in ["已生成 2", "未变 2"] {
        let (_, told, copies) = prepare(&[]);
        assert!(copies == 2 && told.contains(run) && told.contains("其中照片本身待确认 2 份"), "{told}");
        assert!(studio.index().values().all(|row| row[5] == "待确认" && row[6].contains("2个文件完全相同")));
    }
    let (code, told, copies) = prepare(&["--ready"]);
    assert!((code, copies) == (Some(1), 0) && open(&told) && told.contains("旧副本 2 个"), "{told}");
    let hash = hash(&studio.0.at("相机/2021001.jpg"));
    let csv = format!("photo,sha256,student,decision,note\n相机/2021001.jpg,{hash},2021001,accept,\n");
    studio.0.write("decisions.csv", csv.as_bytes());
    let (_, told, _) = prepare(&["--ready", "--decisions", "decisions.csv"]);
    assert!(told.contains("已生成 1") && told.contains("采用1条，未采用0条"), "{told}");
    assert_eq!(studio.uploaded(), ["2021001.jpg"]);
}

#[test]
fn a_photo_older_than_a_year_before_graduation_waits_for_a_person() {
    let studio = Studio::new("upload-old");
    studio.0.write("名册.csv", "学号,姓名,毕业日期\n2021001,张三,2026-06-30\n".as_bytes());
    let portrait = fs::read(repository("tests/conformance/comp_clean_005_0.jpg")).unwrap();
    studio.0.write("相机/2021001.jpg", &dated(&portrait, "2024:04:01 09:00:00"));
    let told = stdout(&studio.prepare(&[]));
    assert!(told.contains("待确认：照片摄于2024-04-01") && studio.uploaded().len() == 1, "{told}");
    let told = stdout(&studio.prepare(&["--ready"]));
    assert!(told.contains("不能生成 1") && studio.uploaded().is_empty(), "{told}");
    studio.0.write("名册.csv", "学号,姓名\n2021001,张三\n".as_bytes());
    for (month, copies) in [("2026-06", 0), ("2024-12", 1)] {
        let told = stdout(&studio.prepare(&["--ready", "--graduation", month]));
        assert_eq!(studio.uploaded().len(), copies, "{told}");
    }
}

#[test]
fn a_photo_upside_down_is_told_with_the_cure_and_not_cropped() {
    let studio = Studio::new("upload-upside-down");
    for (person, name) in ["相机/2021001.jpg", "相机/2021002.jpg"].into_iter().enumerate() {
        studio.shot(name, person, 0);
        let path = studio.0.at(name);
        imageops::rotate180(&image::open(&path).unwrap().into_rgb8()).save(&path).unwrap();
    }
    let output = studio.prepare(&["--name", "{学号}"]);
    let said = stdout(&output) + &stderr(&output);
    assert_eq!(said.matches("照片是倒着的，无法裁剪，请先把原图转正再处理").count(), 2, "{said}");
    assert!(!studio.0.at("上传/2021001.jpg").exists());
}
