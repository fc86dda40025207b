//! Copies to upload: named after the roster, packed, kept where nothing changed, and each student's own.

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use common::{Folder, NO_COLLARS, command, stderr, stdout};
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
        let portrait = ["comp_clean_005_0.jpg", "comp_clean_017_0.jpg"][person];
        let portrait = image::open(repository("tests/conformance").join(portrait)).unwrap().into_rgb8();
        let (width, height) = (portrait.width() + 120 + wider, portrait.height() + 80);
        let framed = image::RgbImage::from_fn(width, height, |x, y| {
            let at = |place: u32, margin: u32, end: u32| place.saturating_sub(margin).min(end - 1);
            *portrait.get_pixel(at(x, 60, portrait.width()), at(y, 80, portrait.height()))
        });
        let scaled = imageops::resize(&framed, width * 3 / 2, height * 3 / 2, FilterType::Triangle);
        let mut bytes = Vec::new();
        JpegEncoder::new_with_quality(&mut bytes, 95).encode_image(&scaled).unwrap();
        self.0.write(name, &bytes);
    }

    fn prepare(&self, options: &[&str]) -> Output {
        let fixed =
            ["prepare", "相机", "--output", "上传", "--roster", "名册.csv", "--lang", "zh", "--profile", "本校.toml"];
        command().args(fixed).args(options).current_dir(&self.0.path).output().unwrap()
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
        rows.map(|row| (row[9].clone(), row)).collect()
    }
}

fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
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
    // A copy that somebody has changed is theirs.
    studio.0.write("上传/2021001.jpg", b"changed");
    let refused = studio.prepare(&["--name", "{学号}"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(stdout(&refused).contains("--overwrite"), "{}", stdout(&refused));
    assert_eq!(fs::read(studio.0.at("上传/2021001.jpg")).unwrap(), b"changed");
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
