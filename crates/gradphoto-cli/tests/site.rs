//! At the site: a camera's frames, a scanner, who is next, who is missing.

mod common;

use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use common::{Folder, NO_COLLARS, command, stderr, stdout};
use image::codecs::jpeg::JpegEncoder;
use image::imageops::{self, FilterType};

const ROSTER: &str =
    "班级,学号,姓名,采集码\n软件1班,2021001,张三,A001\n软件1班,2021002,李四,A002\n软件1班,2021003,王五,A003\n";

/// A camera's picture: a portrait in the middle of a wall, half as large again, under a name that says nothing.
fn frame(portrait: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/conformance").join(portrait);
    let portrait = image::open(path).unwrap().into_rgb8();
    let framed = image::RgbImage::from_fn(portrait.width() + 200, portrait.height() + 100, |x, y| {
        let at = |place: u32, margin: u32, end: u32| place.saturating_sub(margin).min(end - 1);
        *portrait.get_pixel(at(x, 100, portrait.width()), at(y, 100, portrait.height()))
    });
    let (width, height) = (framed.width() * 3 / 2, framed.height() * 3 / 2);
    let mut bytes = Vec::new();
    let scaled = imageops::resize(&framed, width, height, FilterType::Triangle);
    JpegEncoder::new_with_quality(&mut bytes, 95).encode_image(&scaled).unwrap();
    bytes
}

/// A frame whose EXIF says when it was taken: each a second after the one before.
fn shot(portrait: &str) -> Vec<u8> {
    static SECOND: AtomicU8 = AtomicU8::new(0);
    let time = format!("2026:05:20 09:00:{:02}\0", SECOND.fetch_add(1, Ordering::Relaxed));
    let head = b"Exif\0\0II\x2a\0\x08\0\0\0\x01\0\x69\x87\x04\0\x01\0\0\0\x1a\0\0\0\0\0\0\0";
    let exif = [&head[..], b"\x01\0\x03\x90\x02\0\x14\0\0\0\x2c\0\0\0\0\0\0\0", time.as_bytes()].concat();
    let (length, jpeg) = ((exif.len() as u16 + 2).to_be_bytes(), frame(portrait));
    [&jpeg[..2], b"\xff\xe1", &length, &exif, &jpeg[2..]].concat()
}

#[test]
fn frames_are_judged_by_the_crop_that_prepare_would_make() {
    let folder = Folder::new("site-capture");
    folder.write("名册.csv", ROSTER.as_bytes());
    folder.write("本校.toml", NO_COLLARS.as_bytes());
    folder.write("相机/2021001.jpg", &frame("comp_clean_005_0.jpg"));
    let plain = command().args(["check", "相机", "--format", "jsonl"]).current_dir(&folder.path).output().unwrap();
    assert_eq!(verdict(&stdout(&plain)), "fail", "a frame is no upload");
    for _ in ["anew", "from the cache"] {
        let options = ["--capture", "--format", "jsonl", "--cache", "cache", "--profile", "本校.toml"];
        let output = command().args(["check", "相机"]).args(options).current_dir(&folder.path).output().unwrap();
        let report = serde_json::from_str::<serde_json::Value>(&stdout(&output)).unwrap();
        assert_eq!((report["verdict"].as_str(), report["photo"].as_str()), (Some("pass"), Some("相机/2021001.jpg")));
        let findings = report["findings"].as_array().unwrap();
        assert!(findings.iter().all(|finding| finding["rule"] != "image-size"), "nothing about the file");
        // Regions are where they are on the frame: the face lies in its middle.
        let face = findings.iter().find(|finding| finding["rule"] == "face-width").unwrap();
        if let Some(region) = face["region"].as_array() {
            assert!(region[0].as_f64().unwrap() > 200.0, "{region:?}");
        }
    }
}

fn verdict(json: &str) -> String {
    serde_json::from_str::<serde_json::Value>(json).unwrap()["verdict"].as_str().unwrap().to_owned()
}

#[test]
fn a_frame_of_which_no_copy_can_be_made_never_passes_and_says_why() {
    let folder = Folder::new("site-refused");
    let portrait = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/conformance/comp_clean_005_0.jpg");
    let jpeg = fs::read(&portrait).unwrap();
    // An EXIF note that the picture is mirrored: its pixels would pass.
    let exif = b"Exif\0\0II\x2a\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x02\0\0\0\0\0\0\0";
    let length = (exif.len() as u16 + 2).to_be_bytes();
    folder.write("相机/镜像.jpg", &[&jpeg[..2], b"\xff\xe1", &length, exif, &jpeg[2..]].concat());
    // Nearer than a copy may be enlarged.
    let small = image::open(&portrait).unwrap().resize_exact(360, 480, FilterType::Triangle);
    small.save(folder.at("相机/太小.jpg")).unwrap();
    for _ in ["anew", "from the cache"] {
        let options = ["--capture", "--format", "jsonl", "--cache", "cache"];
        let output = command().args(["check", "相机"]).args(options).current_dir(&folder.path).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
        for (line, why) in stdout(&output).lines().zip(["像素不足", "镜像"]) {
            let report = serde_json::from_str::<serde_json::Value>(line).unwrap();
            assert_ne!(report["verdict"], "pass", "{why}");
            let framing = report["findings"].as_array().unwrap().iter().find(|finding| finding["rule"] == "eye-line");
            let framing = framing.unwrap();
            assert_eq!((&framing["verdict"], &framing["value"]), (&"not-assessed".into(), &serde_json::Value::Null));
            assert!(framing["reason"]["zh"].as_str().unwrap().contains(why), "{framing}");
        }
    }
}

#[test]
fn a_shoot_of_which_nothing_is_kept_says_so_at_its_start() {
    let folder = Folder::new("site-unkept");
    let mut site = Site::watch(&folder, &["--assign", "scan"]);
    site.heard = 0;
    let said = site.wait("不保存");
    assert!(said.contains("--output 现场"), "{said}");
}

/// The command while it watches.
struct Site {
    child: Child,
    said: Arc<Mutex<Vec<u8>>>,
    /// How much of it has been waited for.
    heard: usize,
}

impl Site {
    fn open(folder: &Folder, options: &[&str]) -> Site {
        Site::watch(folder, &[&["--output", "结果"], options].concat())
    }

    fn watch(folder: &Folder, options: &[&str]) -> Site {
        fs::create_dir_all(folder.at("相机")).unwrap();
        folder.write("名册.csv", ROSTER.as_bytes());
        folder.write("本校.toml", NO_COLLARS.as_bytes());
        let mut watch = command();
        watch
            .args(["watch", "相机", "--capture", "--roster", "名册.csv", "--lang", "zh"])
            .args(["--profile", "本校.toml"])
            .args(options);
        watch.current_dir(&folder.path).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = watch.spawn().unwrap();
        let mut stdout = child.stdout.take().unwrap();
        let said = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&said);
        thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(length @ 1..) = stdout.read(&mut bytes) {
                heard.lock().unwrap().extend(&bytes[..length]);
            }
        });
        let mut site = Site { child, said, heard: 0 };
        site.wait("正在监视");
        site
    }

    /// Waits until this has been said since the last time that something was waited for.
    fn wait(&mut self, words: &str) -> String {
        let begun = Instant::now();
        loop {
            let whole = self.said.lock().unwrap().clone();
            let said = String::from_utf8_lossy(&whole[self.heard..]).into_owned();
            if said.contains(words) {
                self.heard = whole.len();
                return said;
            }
            assert!(begun.elapsed() < Duration::from_secs(120), "not said: {words}\n{said}");
            thread::sleep(Duration::from_millis(20));
        }
    }

    fn scan(&mut self, code: &str) {
        writeln!(self.child.stdin.as_mut().unwrap(), "{code}").unwrap();
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(unix)]
#[test]
fn a_scanner_says_who_stands_there_and_the_list_goes_on_to_the_copies() {
    let folder = Folder::new("site-scan");
    let mut site = Site::open(&folder, &["--assign", "scan"]);
    site.scan("A002");
    site.wait("请拍：李四 2021002 软件1班");
    folder.write("相机/DSC_0001.jpg", &frame("comp_hairbrow_008_4.jpg"));
    let said = site.wait("本班未拍");
    assert!(said.contains("不 合 格   李四") && said.contains("眉"), "{said}");
    assert!(said.contains("本班未拍 2 人：张三 2021001、王五 2021003"), "{said}");
    // Shot again without a new scan.
    folder.write("相机/DSC_0002.jpg", &frame("comp_clean_005_0.jpg"));
    assert!(site.wait("本班未拍").contains("合 格   李四"));
    site.scan("X999");
    site.wait("名册上没有“X999”");
    folder.write("相机/DSC_0003.jpg", &shot("comp_clean_017_0.jpg"));
    site.wait("还没有扫码");
    site.scan("2021001");
    site.wait("请拍：张三");
    folder.write("相机/DSC_0004.jpg", &shot("comp_clean_017_0.jpg"));
    site.wait("本班未拍 1 人：王五");
    let interrupted = Command::new("kill").args(["-INT", &site.child.id().to_string()]).status().unwrap();
    assert!(interrupted.success());
    let said = site.wait("没有对应到学生的照片 1 张：DSC_0003.jpg");
    assert!(said.contains("共 4 张：合格 3，不合格 1") && said.contains("已拍 2，其中合格 2"), "{said}");
    let list = fs::read_to_string(folder.at("结果/assigned.csv")).unwrap();
    assert_eq!(list.lines().count(), 4, "{list}");
    let options = ["--output", "上传", "--roster", "名册.csv", "--assign", "结果/assigned.csv", "--name", "{学号}"];
    let output = command()
        .args(["prepare", "相机", "--profile", "本校.toml"])
        .args(options)
        .current_dir(&folder.path)
        .output()
        .unwrap();
    let index = fs::read_to_string(folder.at("上传/index.csv")).unwrap();
    for row in ["2021002.jpg,2021002,李四,,软件1班,合格", "2021001.jpg,2021001,张三,,软件1班,合格"] {
        assert!(index.contains(row), "{index}\n{}{}", stdout(&output), stderr(&output));
    }
    assert!(index.contains("相机/DSC_0002.jpg") && !folder.at("上传/2021003.jpg").exists());
}

#[test]
fn a_schedule_puts_the_queue_in_the_same_order_for_the_copies_as_for_the_results() {
    let folder = Folder::new("site-schedule");
    folder.write("名册.csv", "班级,学号,姓名\n软件1班,1001,张三\n软件2班,2001,李四\n".as_bytes());
    folder.write("附件1.csv", "班级,时间\n软件2班,10月20日 8:30\n软件1班,10月20日 9:30\n".as_bytes());
    folder.write("相机/DSC_0001.jpg", &shot("comp_clean_005_0.jpg"));
    folder.write("相机/DSC_0002.jpg", &shot("comp_clean_017_0.jpg"));
    let run = |command_line: &[&str]| {
        let options = ["--assign", "order", "--roster", "名册.csv", "--schedule", "附件1.csv"];
        let output = command().args(command_line).args(options).current_dir(&folder.path).output().unwrap();
        format!("{}{}", stdout(&output), stderr(&output))
    };
    let checked = run(&["check", "相机", "--capture", "--output", "结果"]);
    assert!(checked.contains("有人后到、人数与张数又相符时看不出来：逐班核对第一张和最后一张"), "{checked}");
    let told = run(&["prepare", "相机", "--output", "上传", "--name", "{学号}"]);
    for (table, pairs) in [
        ("结果/report.csv", ["相机/DSC_0001.jpg,,,软件2班,2001,", "相机/DSC_0002.jpg,,,软件1班,1001,"]),
        ("上传/index.csv", ["2001.jpg,2001,李四,,软件2班,", "1001.jpg,1001,张三,,软件1班,"]),
    ] {
        let table = fs::read_to_string(folder.at(table)).unwrap();
        assert!(pairs.iter().all(|pair| table.contains(pair)), "{table}\n{told}");
    }
    folder.write("附件1.csv", b"");
    assert!(run(&["watch", "相机"]).contains("附件1.csv"), "watch reads it too");
}

#[cfg(unix)]
#[test]
fn what_a_photographer_drops_that_cannot_be_judged_is_told_with_the_cure() {
    let folder = Folder::new("site-raw");
    let mut site = Site::open(&folder, &["--assign", "order"]);
    for name in ["1.CR3", "2.NEF", "1班.zip"] {
        folder.write(&format!("相机/{name}"), b"no picture");
    }
    // A camera writes the raw file first.
    thread::sleep(Duration::from_secs(1));
    folder.write("相机/1.JPG", &frame("comp_clean_005_0.jpg"));
    let said = site.wait("1班.zip");
    assert!(said.contains("! 没有判定的文件 1 个，相机 RAW 原片（请导出为 JPEG）：相机/2.NEF"), "{said}");
    assert!(said.contains("压缩包（请先解压）：相机/1班.zip") && !said.contains("1.CR3"), "{said}");
    assert!(Command::new("kill").args(["-INT", &site.child.id().to_string()]).status().unwrap().success());
    assert!(site.wait("名册 3 人").contains("原片（请导出为 JPEG）：相机/2.NEF"), "the end says so too");
}

#[cfg(unix)]
#[test]
fn in_order_the_next_is_told_and_the_last_can_be_shot_again() {
    let folder = Folder::new("site-order");
    let mut site = Site::open(&folder, &["--assign", "order"]);
    folder.write("相机/1.jpg", &shot("comp_clean_005_0.jpg"));
    let said = site.wait("本班未拍");
    assert!(said.contains("张三 2021001") && said.contains("下一位：李四 2021002"), "{said}");
    site.scan("-");
    site.wait("下一位：张三");
    folder.write("相机/2.jpg", &shot("comp_clean_017_0.jpg"));
    assert!(site.wait("本班未拍").contains("下一位：李四"));
    site.scan("+");
    site.wait("下一位：王五");
    folder.write("相机/3.jpg", &shot("comp_clean_005_0.jpg"));
    let said = site.wait("本班未拍");
    assert!(said.contains("本班未拍 1 人：李四"), "{said}");
    let list = fs::read_to_string(folder.at("结果/assigned.csv")).unwrap();
    let pairs = list.lines().skip(1).map(|row| row.split(',').nth(1).unwrap().to_owned()).collect::<Vec<_>>();
    assert_eq!(pairs, ["2021001", "2021001", "2021003"]);
}

#[cfg(unix)]
#[test]
fn a_name_that_is_given_again_after_a_restart_is_the_next_student_s_while_the_old_file_lies_there() {
    let folder = Folder::new("site-restart");
    let end = |site: &mut Site| {
        assert!(Command::new("kill").args(["-INT", &site.child.id().to_string()]).status().unwrap().success());
        site.wait("名册 3 人");
        assert!(site.child.wait().unwrap().success());
    };
    let mut site = Site::open(&folder, &["--assign", "order"]);
    folder.write("相机/DSC_0001.jpg", &frame("comp_clean_005_0.jpg"));
    assert!(site.wait("本班未拍").contains("张三 2021001"));
    end(&mut site);
    let mut site = Site::open(&folder, &["--assign", "order"]);
    folder.write("相机/DSC_0001.jpg", &frame("comp_clean_017_0.jpg"));
    let said = site.wait("本班未拍 2 人：张三 2021001、王五 2021003");
    assert!(
        said.contains("李四 2021002") && said.contains("! 张三 2021001 软件1班 没有别的照片"),
        "the camera counts anew"
    );
    // A program wrote into the file.
    folder.write("相机/DSC_0001.jpg", &[frame("comp_clean_017_0.jpg"), vec![0]].concat());
    assert!(site.wait("本班未拍 2 人").contains("李四 2021002"));
    end(&mut site);
}

#[cfg(unix)]
#[test]
fn a_shoot_without_a_photo_ends_with_that_word() {
    let mut site = Site::open(&Folder::new("site-nobody"), &[]);
    assert!(Command::new("kill").args(["-INT", &site.child.id().to_string()]).status().unwrap().success());
    let said = site.wait("名册 3 人");
    assert!(said.contains("没有照片进来。") && !said.contains("合格 0，"), "{said}");
}

#[cfg(unix)]
#[test]
fn a_code_behind_a_shot_is_the_next_student_s_and_one_forgotten_is_made_good() {
    let folder = Folder::new("site-late");
    let mut site = Site::open(&folder, &["--assign", "scan"]);
    site.scan("A001");
    site.wait("请拍：张三");
    folder.write("相机/1.jpg", &shot("comp_clean_005_0.jpg"));
    // While the file is still looked at.
    thread::sleep(Duration::from_millis(100));
    site.scan("A002");
    assert!(site.wait("本班未拍").contains("张三 2021001"));
    // Nobody scanned 王五 before the shot.
    folder.write("相机/2.jpg", &shot("comp_clean_017_0.jpg"));
    site.wait("本班未拍");
    site.scan("=A003");
    let said = site.wait("下一位");
    assert!(
        said.contains("2.jpg 改为：王五") && said.contains("! 李四 2021002 软件1班 没有别的照片，须重拍"),
        "{said}"
    );
    let rows = fs::read_to_string(folder.at("结果/assigned.csv")).unwrap();
    assert!(rows.lines().last().is_some_and(|row| row.starts_with("相机/2.jpg,2021003,")), "{rows}");
}

#[cfg(unix)]
#[test]
fn a_run_that_is_ended_among_many_photos_ends_and_says_how_many_wait() {
    let folder = Folder::new("site-many");
    fs::create_dir_all(folder.at("相机")).unwrap();
    let photo = shot("comp_clean_005_0.jpg");
    for number in 0..40_u8 {
        // What is the same to the byte is judged once.
        folder.write(&format!("相机/DSC_{number:04}.jpg"), &[&photo[..], &[number]].concat());
    }
    let mut site = Site::open(&folder, &["--assign", "names", "--existing"]);
    site.wait("DSC_0000.jpg");
    let interrupted = Command::new("kill").args(["-INT", &site.child.id().to_string()]).status().unwrap();
    assert!(interrupted.success());
    let said = site.wait("张到了没有判定");
    assert!(said.contains("没有对应到学生的照片") && !said.contains("DSC_0039.jpg"), "{said}");
}

#[cfg(unix)]
#[test]
fn a_folder_that_goes_is_told_and_comes_back_with_what_came_meanwhile_in_the_order_of_the_shots() {
    let folder = Folder::new("site-gone");
    fs::create_dir_all(folder.at("相机")).unwrap();
    folder.write("相机/0.jpg", b"from the test of the light");
    let mut site = Site::open(&folder, &["--assign", "order"]);
    fs::rename(folder.at("相机"), folder.at("别处")).unwrap();
    site.wait("! 打不开 相机 了");
    // The camera's counter rolls over.
    for name in ["DSC_9999.jpg", "DSC_0001.jpg"] {
        folder.write(&format!("别处/{name}"), &shot("comp_clean_005_0.jpg"));
    }
    fs::rename(folder.at("别处"), folder.at("相机")).unwrap();
    site.wait("本班未拍 1 人：王五");
    thread::sleep(Duration::from_secs(3));
    let all = String::from_utf8_lossy(&site.said.lock().unwrap()).into_owned();
    assert!(
        all.contains("! 文件夹里已有 1 张照片没有计入已拍人数（如 相机/0.jpg），不再判定")
            && all.contains("相机 恢复了"),
        "{all}"
    );
    let list = fs::read_to_string(folder.at("结果/assigned.csv")).unwrap();
    let rows = list.lines().skip(1).map(|row| row.split(',').take(2).collect::<Vec<_>>().join(" "));
    assert_eq!(rows.collect::<Vec<_>>(), ["相机/DSC_9999.jpg 2021001", "相机/DSC_0001.jpg 2021002"]);
}

#[cfg(unix)]
#[test]
fn photos_that_are_moved_are_not_called_gone_and_those_that_are_deleted_are() {
    let folder = Folder::new("site-moved");
    let mut site = Site::open(&folder, &["--assign", "order"]);
    for number in 1..=3 {
        folder.write(&format!("相机/{number}.jpg"), &shot("comp_clean_005_0.jpg"));
        site.wait(["未拍 2 人", "未拍 1 人", "已拍齐"][number - 1]);
    }
    fs::create_dir(folder.at("相机/拍完")).unwrap();
    for number in 1..=3 {
        fs::rename(folder.at(&format!("相机/{number}.jpg")), folder.at(&format!("相机/拍完/{number}.jpg"))).unwrap();
    }
    let rows = || fs::read_to_string(folder.at("结果/assigned.csv")).unwrap().lines().count();
    let begun = Instant::now();
    while rows() < 1 + 6 {
        assert!(begun.elapsed() < Duration::from_secs(120));
        thread::sleep(Duration::from_millis(20));
    }
    fs::remove_file(folder.at("相机/拍完/2.jpg")).unwrap();
    folder.write("相机/4.jpg", b"no picture");
    let said = site.wait("照片已不在");
    assert!(said.contains("照片已不在文件夹里的 1 人：李四 2021002"), "{said}");
}

#[cfg(unix)]
#[test]
fn where_no_more_can_be_written_it_is_said_which_photo_of_whom_is_not_recorded() {
    let folder = Folder::new("site-full");
    folder.write("名册.csv", ROSTER.as_bytes());
    folder.write("相机/2021002.jpg", &shot("comp_clean_005_0.jpg"));
    let options = ["--existing", "--output", "结果", "--roster", "名册.csv", "--lang", "zh"];
    let ended = Command::new("sh")
        .args(["-c", r#"trap "" XFSZ; ulimit -f 1; exec "$0" "$@""#, env!("CARGO_BIN_EXE_gradphoto")])
        .args(["watch", "相机", "--capture"])
        .args(options)
        .current_dir(&folder.path)
        .output()
        .unwrap();
    let said = stderr(&ended);
    assert!(said.contains("2021002.jpg（李四 2021002 软件1班）没有记下") && said.contains("report.jsonl"), "{said}");
}

#[cfg(unix)]
#[test]
fn a_slow_transfer_is_theirs_who_stood_there_when_it_began_and_a_new_name_makes_no_second_photo() {
    let folder = Folder::new("site-slow");
    let mut site = Site::open(&folder, &["--assign", "scan"]);
    site.scan("A001");
    site.wait("请拍：张三");
    // Written in pieces, under a name of its own until it is whole.
    let jpeg = shot("comp_clean_005_0.jpg");
    let mut file = fs::File::create(folder.at("相机/1.tmp")).unwrap();
    for piece in jpeg.chunks(jpeg.len() / 5) {
        file.write_all(piece).unwrap();
        thread::sleep(Duration::from_millis(400));
        site.scan("A002");
    }
    fs::rename(folder.at("相机/1.tmp"), folder.at("相机/1.jpg")).unwrap();
    let said = site.wait("本班未拍");
    assert!(said.contains("合 格   张三 2021001") && said.contains("现在请拍：李四 2021002"), "{said}");
    fs::rename(folder.at("相机/1.jpg"), folder.at("相机/2021001.jpg")).unwrap();
    assert!(site.wait("本班未拍").contains("合 格   张三 2021001"));
    assert!(Command::new("kill").args(["-INT", &site.child.id().to_string()]).status().unwrap().success());
    let said = site.wait("名册 3 人");
    assert!(said.contains("共 1 张：合格 1，"), "{said}");
}
