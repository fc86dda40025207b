//! What an office prints and passes on: notices, sheets to sign, lists, a report for the company without names.

mod common;

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Output;

use calamine::Reader;
use common::{Folder, command, dated, stderr, stdout};
use gradphoto_app::known::sha256;

const ROSTER: &str = "系部,班级,学号,姓名,采集码,缴费,已采集\n\
                      计算机系,软件1班,2021001,张三,A001,是,\n\
                      计算机系,软件1班,2021002,李四,A002,是,\n\
                      计算机系,软件2班,2021003,王五,A003,否,\n\
                      外语系,英语1班,2021004,赵六,A004,是,\n\
                      外语系,英语1班,2021005,孙七,A005,是,是\n";
const ANNEX: &str = "批次,系（部）,起止时间,地点\n第一批,计算机系,4月12日 8:30—10:00,图书馆201\n,外语系,10:00—11:30,\n";

/// A school that fails what others send to a person, so that one photo is the photographer's to shoot again.
const STRICT_LIGHT: &str = "
extends = 'graduation-blue'
[rules.illumination-uniformity]
limit = [-1.2, 1.2]
review = [-1.2, 1.2]
# The portraits wear none.
[rules.collar-present]
severity = 'off'
";

fn school(test: &str) -> Folder {
    let folder = Folder::new(test);
    folder.write("名册.csv", ROSTER.as_bytes());
    folder.write("附件1.csv", ANNEX.as_bytes());
    folder.write("本校.toml", STRICT_LIGHT.as_bytes());
    let photo = |from: &str, to: &str| {
        let bytes = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/conformance").join(from)).unwrap();
        folder.write(to, &bytes);
    };
    photo("comp_clean_005_0.jpg", "照片/2021001.jpg");
    photo("comp_hairbrow_008_4.jpg", "照片/2021003.jpg");
    photo("comp_sidelight_009_1.jpg", "照片/2021002.jpg");
    folder
}

fn check(folder: &Folder, options: &[&str]) -> Output {
    let output = run(folder, options);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    output
}

fn run(folder: &Folder, options: &[&str]) -> Output {
    let fixed = [
        "check",
        "照片",
        "--output",
        "结果",
        "--overwrite",
        "--roster",
        "名册.csv",
        "--profile",
        "本校.toml",
        "--no-cache",
        "--lang",
        "zh",
    ];
    command().args(fixed).args(options).current_dir(&folder.path).output().unwrap()
}

/// The text of a document, and how many pictures it holds.
fn document(path: PathBuf) -> (String, usize) {
    let file = fs::File::open(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut package = zip::ZipArchive::new(file).unwrap();
    let pictures =
        package.file_names().flatten().filter(|name| name.starts_with("word/media/") && name.ends_with(".png")).count();
    let mut xml = String::new();
    package.by_name("word/document.xml").unwrap().read_to_string(&mut xml).unwrap();
    (xml, pictures)
}

#[test]
fn each_hears_what_is_theirs_on_paper_and_in_a_chat() {
    let folder = school("paper-notices");
    let retake = "4月20日 9:00 图书馆201";
    check(&folder, &["--notices", "通知", "--retake", retake]);
    let names = |folder: &Folder| {
        let names =
            fs::read_dir(folder.at("通知")).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names = names.filter(|name| !name.starts_with('.')).collect::<Vec<_>>();
        names.sort();
        names
    };
    let told = names(&folder);
    assert!(
        told.contains(&"计算机系 软件2班 照片整改通知.docx".to_owned()) && told.contains(&"摄影师.txt".to_owned()),
        "{told:?}"
    );
    let (text, _) = document(folder.at("通知/计算机系 软件2班 照片整改通知.docx"));
    assert!(
        text.contains(retake) && text.contains("王*") && text.contains("眉") && !text.contains("2021003"),
        "{text}"
    );
    let chat = fs::read(folder.at("通知/计算机系 软件2班 照片整改通知.txt")).unwrap();
    let chat = String::from_utf8(chat.strip_prefix(b"\xef\xbb\xbf").unwrap().to_vec()).unwrap();
    assert!(chat.starts_with("【计算机系 软件2班 照片整改通知】\r\n") && chat.contains("1. 王* 20***03："), "{chat}");
    // The light is the photographer's, not the student's, and the photographer knows a shot by its 采集码.
    let photographer = fs::read_to_string(folder.at("通知/摄影师.txt")).unwrap();
    assert!(photographer.contains("脸") && photographer.contains("采集码 A002："), "{photographer}");
    assert!(!photographer.contains("2021002") && !photographer.contains("李"), "{photographer}");
    // Who is called for it hears why all the same.
    let class = fs::read_to_string(folder.at("通知/计算机系 软件1班 照片整改通知.txt")).unwrap();
    assert!(class.contains("李*") && class.contains("请来重拍，由摄影师调整：") && !class.contains("张*"), "{class}");
    // Who was collected elsewhere is not called.
    let english = fs::read_to_string(folder.at("通知/外语系 英语1班 照片整改通知.txt")).unwrap();
    assert!(english.contains("赵*") && !english.contains("孙*"), "{english}");
    // A class that is clean today is not called any more.
    let good = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/conformance/comp_clean_017_0.jpg");
    fs::copy(good, folder.at("照片/2021003.jpg")).unwrap();
    check(&folder, &["--notices", "通知"]);
    assert!(!names(&folder).iter().any(|name| name.starts_with("计算机系 软件2班")), "{:?}", names(&folder));
}

#[test]
fn whoever_keeps_the_files_can_find_them() {
    let folder = school("paper-desk");
    let good = fs::read(folder.at("照片/2021001.jpg")).unwrap();
    folder.write("照片/外语系/430102200001011234.jpg", &good);
    folder.write("照片/外语系/2021004.CR3", b"raw");
    // Who is shot again brings another file.
    let small = image::open(folder.at("照片/2021003.jpg")).unwrap().thumbnail(400, 533);
    small.save(folder.at("照片/2021003.jpg")).unwrap();
    check(&folder, &["--notices", "通知"]);
    let desk = fs::read_to_string(folder.at("通知/文件处理.txt")).unwrap();
    assert!(!desk.contains("2021003") && notice_tells_brows(&folder), "{desk}");
    for file in [
        "照片/2021001.jpg：2个文件完全相同，请核对是谁的照片，其余学生重拍。另见：照片/外语系/4301**********1234.jpg。",
        "照片/外语系/4301**********1234.jpg：2个文件完全相同",
        "赵六 2021004：",
    ] {
        assert!(desk.contains(file), "{file}: {desk}");
    }
}

fn notice_tells_brows(folder: &Folder) -> bool {
    fs::read_to_string(folder.at("通知/计算机系 软件2班 照片整改通知.txt")).unwrap().contains("眉")
}

#[test]
fn whose_photo_the_office_can_mend_is_called_by_nobody() {
    let folder = school("paper-mend");
    // A camera's frame, whose head a crop puts in its place, and a file that does not open.
    let portrait = image::open(folder.at("照片/2021001.jpg")).unwrap().into_rgb8();
    let edge = |at: u32, before: u32, length: u32| at.saturating_sub(before).min(length - 1);
    let frame = image::RgbImage::from_fn(800, 840, |x, y| *portrait.get_pixel(edge(x, 160, 480), edge(y, 200, 640)));
    frame.save(folder.at("照片/2021004.jpg")).unwrap();
    folder.write("照片/2021003.jpg", b"no picture");
    let output = check(&folder, &["--notices", "通知", "--for-vendor", "拍摄单位", "--schedule", "附件1.csv"]);
    let told = stdout(&output);
    assert!(
        told.contains("需处理") && told.contains("2 张只需处理文件，不必重拍：用 gradphoto prepare 照片 --output"),
        "{told}"
    );
    let batch = fs::read(folder.at("结果/batch.json")).unwrap();
    let batch = serde_json::from_slice::<serde_json::Value>(&batch).unwrap();
    let count = |department: &str, status: &str| batch["departments"][department][status].as_u64().unwrap();
    assert_eq!([count("计算机系", "reprocess"), count("计算机系", "retake"), count("外语系", "reprocess")], [1, 1, 1]);
    let list = fs::read_to_string(folder.at("结果/补拍名单.csv")).unwrap();
    assert!(list.lines().count() == 2 && list.contains("2021002"), "{list}");
    assert!(!folder.at("结果/退费名单.csv").exists());
    // Each class of who is called has its notice, and no other class has one.
    let notices =
        fs::read_dir(folder.at("通知")).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut notices = notices.filter(|name| name.ends_with(".txt")).collect::<Vec<_>>();
    notices.sort();
    assert_eq!(notices, ["摄影师.txt", "文件处理.txt", "计算机系 软件1班 照片整改通知.txt"]);
    let desk = fs::read_to_string(folder.at("通知/文件处理.txt")).unwrap();
    for order in [
        "gradphoto prepare 照片 --output 改好",
        "2021003.jpg：照片文件打不开：文件是文本，不是图片，请把照片导出为 JPEG。学生不必重拍。",
        "2021004.jpg：",
        "重新裁剪",
        "学生不必重拍",
    ] {
        assert!(desk.contains(order), "{order}: {desk}");
    }
    let (desk, _) = document(folder.at("通知/文件处理.docx"));
    assert!(desk.matches("<w:tbl>").count() == 2 && !desk.contains("</w:tbl><w:tbl>"), "{desk}");
    assert!(!fs::read_to_string(folder.at("通知/摄影师.txt")).unwrap().contains("A004"));
    let company = fs::read_to_string(folder.at("拍摄单位/拍摄单位清单.csv")).unwrap();
    assert!(company.contains("照片文件打不开：文件是文本"), "{company}");
    let status = |shot: &str| company.lines().find(|line| line.starts_with(shot)).unwrap().split(',').nth(1);
    assert_eq!(["A002", "A003", "A004"].map(status), ["需重拍", "需处理", "需处理"].map(Some), "{company}");
    // The copy that is made of the frame is whole.
    let copies = ["prepare", "照片/2021004.jpg", "--output", "上传", "--profile", "本校.toml"];
    assert!(command().args(copies).current_dir(&folder.path).output().unwrap().status.success());
    assert!(folder.at("上传/2021004.jpg").exists());
}

#[test]
fn sheets_hold_a_photo_a_name_and_room_to_sign() {
    let folder = school("paper-sheets");
    check(&folder, &["--sheets", "签字", "--notices", "签字"]);
    let (text, pictures) = document(folder.at("签字/计算机系 软件1班 照片确认表.docx"));
    assert_eq!(pictures, 2);
    // On each page the class, then the heads of the columns.
    let heads = text.split("<w:tr>").filter(|row| row.contains("<w:tblHeader />")).collect::<Vec<_>>();
    assert!(heads.len() == 2 && heads[0].contains("计算机系 软件1班") && heads[1].contains("本人签名"), "{heads:?}");
    let (notice, _) = document(folder.at("签字/计算机系 软件2班 照片整改通知.docx"));
    assert_eq!(notice.matches("<w:tblHeader />").count(), 2, "{notice}");
    assert!(text.contains("本人签名") && text.contains("2021001") && text.contains("李四"), "{text}");
    let (text, pictures) = document(folder.at("签字/计算机系 全部班级 照片确认表.docx"));
    assert_eq!(pictures, 3);
    assert!(text.contains("软件1班") && text.contains("软件2班") && text.contains("pageBreakBefore"), "{text}");
    assert_eq!(document(folder.at("签字/外语系 英语1班 照片确认表.docx")).1, 0);
}

#[test]
fn the_company_gets_shots_and_reasons_and_no_name() {
    let folder = school("paper-vendor");
    check(&folder, &["--for-vendor", "拍摄单位"]);
    let (text, pictures) = document(folder.at("拍摄单位/拍摄单位清单.docx"));
    let table = fs::read_to_string(folder.at("拍摄单位/拍摄单位清单.csv")).unwrap();
    for whole in [&text, &table] {
        assert!(["A002", "A003", "A004", "没有照片"].iter().all(|known| whole.contains(known)), "{whole}");
        let secret =
            ["张三", "李四", "王五", "赵六", "孙七", "2021001", "2021002", "2021003", "2021004", "A001", "A005"];
        assert!(!secret.iter().any(|secret| whole.contains(secret)), "{whole}");
    }
    assert_eq!(pictures, 2);
    // Of a photo that fails, only what fails it: the company is not asked to look.
    assert!(!table.contains("请人工确认"), "{table}");
    assert!(table.lines().filter(|line| line.contains("需重拍")).all(|line| line.contains('。')), "{table}");
}

#[test]
fn who_has_been_shot_again_is_not_called_once_more() {
    let folder = school("paper-again");
    let good = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/conformance/comp_clean_017_0.jpg");
    folder.write("照片/补拍/2021002.jpg", &fs::read(good).unwrap());
    folder.write("照片/补拍/2021003.jpg", b"no picture");
    check(&folder, &["--notices", "通知", "--for-vendor", "拍摄单位"]);
    let list = fs::read_to_string(folder.at("结果/补拍名单.csv")).unwrap();
    let table = fs::read_to_string(folder.at("拍摄单位/拍摄单位清单.csv")).unwrap();
    assert!(!list.contains("2021002") && !table.contains("A002"), "{list}{table}");
    // The better of two is the one whose file is to be made anew.
    assert!(table.contains("A003,需处理") && !table.contains("A003,需重拍"), "{table}");
    for class in ["软件1班", "软件2班"] {
        assert!(!folder.at(&format!("通知/计算机系 {class}.txt")).exists(), "{class}");
    }
    assert!(!folder.at("通知/摄影师.txt").exists());
}

#[test]
fn whose_picture_a_photo_is_shows_on_every_paper() {
    let folder = school("paper-whose");
    folder.write("名册.csv", "班级,考生号,姓名\n软件1班,2021001,张三\n软件1班,2021002,李四\n".as_bytes());
    let of = |name: &str| folder.at(&format!("照片/{name}.jpg"));
    fs::rename(of("2021002"), of("IMG_0007")).unwrap();
    fs::copy(of("2021001"), of("2021002")).unwrap();
    fs::rename(of("2021001"), of("DSC_0019")).unwrap();
    fs::rename(of("2021003"), of("王五")).unwrap();
    let hash = sha256(&fs::read(of("DSC_0019")).unwrap());
    let rows = format!("photo,sha256,student,decision,note\n照片/DSC_0019.jpg,{hash},2021001,accept,\n");
    folder.write("结论.csv", rows.as_bytes());
    check(&folder, &["--decisions", "结论.csv", "--notices", "通知", "--for-vendor", "拍摄单位", "--sheets", "签字"]);
    let why = "交来的照片经核对不是本人的，请重拍。";
    let notice = fs::read_to_string(folder.at("通知/软件1班 照片整改通知.txt")).unwrap();
    assert!(notice.contains(&format!("李* 20***02：{why}")), "{notice}");
    // The company finds a file by the name that its camera gave, and is shown no other.
    let table = fs::read_to_string(folder.at("拍摄单位/拍摄单位清单.csv")).unwrap();
    assert!(table.contains(&format!("第1张,需重拍,{why}")) && table.contains("IMG_0007,需重拍"), "{table}");
    assert!(!table.contains("王五") && table.lines().skip(1).all(|row| row.ends_with('。')), "{table}");
    // The picture of another is not signed for.
    let (sheet, pictures) = document(folder.at("签字/软件1班 照片确认表.docx"));
    assert!(["考生号", "2021001", "2021002"].iter().all(|text| sheet.contains(text)) && pictures == 1, "{sheet}");
    let mut book = calamine::open_workbook_auto(folder.at("结果/report.xlsx")).unwrap();
    let students = book.worksheet_range("学生").unwrap();
    assert_eq!([(0, 1), (1, 1)].map(|at| students.get(at).unwrap().to_string()), ["考生号", "2021001"]);
}

#[test]
fn who_comes_again_and_who_is_paid_back_are_lists() {
    let folder = school("paper-lists");
    check(&folder, &["--retake", "4月20日", "--schedule", "附件1.csv"]);
    let list = |name: &str| {
        let bytes = fs::read(folder.at("结果").join(name)).unwrap();
        let mut reader = csv::Reader::from_reader(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap());
        let rows = reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect::<Vec<_>>());
        rows.collect::<Vec<_>>()
    };
    let retake = list("补拍名单.csv");
    let who = retake.iter().map(|row| [row[0].as_str(), &row[4], &row[7]]).collect::<Vec<_>>();
    assert_eq!(who, [["1", "2021004", "未拍"], ["2", "2021002", "需重拍"], ["3", "2021003", "需重拍"]]);
    assert!(retake.iter().all(|row| row[8] == "4月20日"));
    assert_eq!(list("退费名单.csv").iter().map(|row| row[3].as_str()).collect::<Vec<_>>(), ["2021004"]);
    // The run that reads a list does not write another one in its place.
    let queue = ["--queue", "补拍=结果/补拍名单.csv"];
    for options in [&[&queue[..], &["--assign", "order"]].concat()[..], &["--decisions", "照片/../结果/report.csv"]]
    {
        let output = run(&folder, options);
        assert_eq!(output.status.code(), Some(2), "{}", stdout(&output));
        let refused = format!("{} {}：这次运行会重写这个文件", options[0], options[1]);
        assert!(stderr(&output).contains(&refused), "{}", stderr(&output));
    }
    assert_eq!(list("补拍名单.csv"), retake);
}

#[test]
fn who_may_be_on_a_photo_is_neither_called_nor_paid_back_before_somebody_has_looked() {
    let folder = school("paper-twins");
    folder.write("名册.csv", (ROSTER.to_owned() + "外语系,英语1班,2021006,赵六,A006,是,\n").as_bytes());
    fs::copy(folder.at("照片/2021003.jpg"), folder.at("照片/赵六.jpg")).unwrap();
    let output = check(&folder, &["--notices", "通知", "--for-vendor", "拍摄单位"]);
    let told = stdout(&output);
    assert!(told.contains("赵六 2021004没有确定是本人的照片，“赵六.jpg”可能是"), "{told}");
    assert!(told.contains("1 张照片还不能确定是谁的") && told.contains("2 人要补拍或重拍"), "{told}");
    assert!(!folder.at("结果/退费名单.csv").exists() && !folder.at("通知/外语系 英语1班 照片整改通知.txt").exists());
    let table = fs::read_to_string(folder.at("拍摄单位/拍摄单位清单.csv")).unwrap();
    assert!(!table.contains("A004") && !table.contains("待确认"), "what a person is to look at is not the company's");
}

#[test]
fn the_annex_of_the_notice_tells_who_is_missing_when_and_where_they_were_called() {
    let folder = school("paper-annex");
    let output = check(&folder, &["--schedule", "附件1.csv", "--notices", "通知"]);
    assert!(stderr(&output).contains("时间安排：5名学生"), "{}", stderr(&output));
    assert!(
        stdout(&output).contains("赵六 2021004没有照片（安排：第一批 4月12日 10:00—11:30 图书馆201）"),
        "{}",
        stdout(&output)
    );
    let chat = fs::read_to_string(folder.at("通知/外语系 英语1班 照片整改通知.txt")).unwrap();
    assert!(chat.contains("没有照片（安排：第一批 4月12日 10:00—11:30 图书馆201）"), "{chat}");
    let wrong = command()
        .args(["check", "照片", "--output", "x", "--roster", "名册.csv", "--schedule", "照片/2021001.jpg"])
        .current_dir(&folder.path)
        .output()
        .unwrap();
    assert_eq!(wrong.status.code(), Some(2));
}

#[test]
fn a_photo_of_long_before_graduation_asks_a_person() {
    let folder = school("paper-recent");
    let jpeg = fs::read(folder.at("照片/2021001.jpg")).unwrap();
    folder.write("照片/2021001.jpg", &dated(&jpeg, "2025:04:12 08:30:00"));
    for (graduation, is_asked) in [("2026-06", true), ("2026-04", false)] {
        let output = check(&folder, &["--graduation", graduation]);
        assert_eq!(stdout(&output).contains("照片摄于2025-04-12 08:30:00"), is_asked, "{}", stdout(&output));
        let batch = fs::read_to_string(folder.at("结果/batch.json")).unwrap();
        assert_eq!(batch.contains("\"too-old\""), is_asked);
    }
}
