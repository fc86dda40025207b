//! A school's run: results in a folder, runs that are cut off, unchanged photos, rosters.

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use calamine::Reader;
use common::{Folder, command, stderr, stdout};
use gradphoto_app::known::sha256;
use rusqlite::Connection;
use serde_json::Value;

#[test]
fn a_run_writes_lines_tables_and_what_shows_across_photos() {
    let school = School::new("tables");
    let output = school.check(&["--format", "jsonl"]);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert_eq!(fs::read(school.result("report.jsonl")).unwrap(), output.stdout, "the same lines in both places");
    let rows = csv(&school.result("report.csv"));
    assert_eq!(rows.len(), 1 + school.photos, "a head and a row a photo");
    let cell = |row: &[String], head: &str| row[rows[0].iter().position(|h| h == head).unwrap()].clone();
    let first = rows.iter().find(|row| row[0].ends_with("2021001.jpg")).unwrap();
    assert_eq!(["院系", "专业", "班级"].map(|head| cell(first, head)), ["计算机学院", "软件工程", "1班"]);
    let torn = rows.iter().find(|row| row[0].ends_with("torn.jpg")).unwrap();
    assert_eq!(cell(torn, "结论"), "无法读取");
    let mut book = calamine::open_workbook_auto(school.result("report.xlsx")).unwrap();
    assert_eq!(book.sheet_names(), ["汇总", "照片", "批次问题"]);
    let sheet = book.worksheet_range("照片").unwrap();
    assert_eq!(sheet.get_size().0, rows.len());
    let heads = (0..7).map(|column| sheet.get((0, column)).unwrap().to_string());
    assert_eq!(heads.collect::<Vec<_>>(), ["姓名", "学号", "班级", "结论", "照片", "缩略图", "不合格项"]);
    let batch = json(&school.result("batch.json"));
    assert_eq!(batch["photos"]["total"], school.photos);
    assert_eq!(batch["photos"]["unreadable"], 1);
    let duplicates = batch["findings"].as_array().unwrap();
    assert_eq!(duplicates.len(), 1, "{duplicates:?}");
    assert_eq!((&duplicates[0]["rule"], &duplicates[0]["kind"]), (&"duplicate-photo".into(), &"same-file".into()));
    assert!(fs::read_dir(school.result("")).unwrap().all(|file| !file.unwrap().path().ends_with(".part")));
}

#[test]
fn every_report_says_by_what_it_was_made_and_what_its_nets_are_for() {
    let school = School::new("made-by");
    school.check(&[]);
    let page = fs::read_to_string(school.result("report.html")).unwrap();
    let mut book = calamine::open_workbook_auto(school.result("report.xlsx")).unwrap();
    let summary = book.worksheet_range("汇总").unwrap();
    let rows = summary.rows().rev().take(4).map(|row| row[1].to_string()).collect::<Vec<_>>();
    let [date, nets, program, standard] = rows.as_slice() else { panic!("{rows:?}") };
    assert_eq!((nets.as_str(), program), (gradphoto::NETS_USE.zh, &format!("gradphoto {}", env!("CARGO_PKG_VERSION"))));
    assert!(page.contains(&format!("\"zh\":\"{standard} · {program} · {nets} · {date}\"")), "{rows:?}");
    let made_by = &json(&school.result("batch.json"))["made_by"];
    assert!(standard.ends_with(&format!(" · {}", made_by["profile"].as_str().unwrap())), "{standard}: {made_by}");
    assert_eq!(made_by["nets"], gradphoto::NETS);
}

#[test]
fn what_is_printed_of_each_sheet_can_be_read() {
    let school = School::new("printed");
    let roster = school.folder.write("名册.csv", "学号,姓名\n2021001,张三\n2021009,王五\n".as_bytes());
    school.check(&["--roster", roster.to_str().unwrap()]);
    let mut book = zip::ZipArchive::new(fs::File::open(school.result("report.xlsx")).unwrap()).unwrap();
    let mut part = |name: &str| {
        let mut xml = String::new();
        book.by_name(name).unwrap().read_to_string(&mut xml).unwrap();
        xml
    };
    let workbook = part("xl/workbook.xml");
    let areas = workbook.split("\"_xlnm.Print_Area\" localSheetId=\"").skip(1);
    let areas = areas.map(|area| area.split("</").next().unwrap()).collect::<Vec<_>>();
    assert_eq!(areas.len(), 3, "{areas:?}");
    for area in areas {
        let last = area.rsplit('$').nth(1).unwrap().bytes().next().unwrap() - b'A' + 1;
        let sheet = area.split('"').next().unwrap().parse::<u32>().unwrap() + 1;
        let xml = part(&format!("xl/worksheets/sheet{sheet}.xml"));
        let number = |column: &str, name: &str| {
            column.split(&format!(" {name}=\"")).nth(1).unwrap().split('"').next().unwrap().parse::<f64>().unwrap()
        };
        let columns = xml.split("<col ").skip(1).map(|column| format!(" {column}")).collect::<Vec<_>>();
        let printed = columns.iter().filter(|column| number(column, "max") <= f64::from(last));
        let width =
            printed.map(|column| (number(column, "max") - number(column, "min") + 1.0) * number(column, "width"));
        let width = width.sum::<f64>();
        // A page of A4 across takes 110 of the widest letters that stand in for Excel's own, at 70 % of their size 157.
        assert!((80.0..=157.0).contains(&width), "{area}: {width}");
        // Paths take two lines: every photo's row is told to be that high, for not every program finds out by itself.
        assert!(!area.contains("照片") || xml.matches("customHeight=\"1\"").count() >= school.photos, "{area}");
    }
}

#[test]
fn an_earlier_report_is_never_lost_by_accident() {
    let school = School::new("earlier");
    school.check(&[]);
    let before = fs::read(school.result("report.jsonl")).unwrap();
    let refused = school.check(&[]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(stderr(&refused).contains("--resume") && stderr(&refused).contains("--overwrite"), "{}", stderr(&refused));
    assert_eq!(fs::read(school.result("report.jsonl")).unwrap(), before);
    assert_eq!(school.check(&["--overwrite"]).status.code(), Some(1));
    assert_eq!(fs::read(school.result("report.jsonl")).unwrap(), before);
    let told = |output: &Output| {
        let lines = stdout(output);
        let photo = |line: &str| serde_json::from_str::<Value>(line).unwrap()["photo"].as_str().unwrap().to_owned();
        lines.lines().map(photo).collect::<Vec<_>>()
    };
    let again = school.check(&["--resume", "--format", "jsonl"]);
    let torn = "photos/外语学院/英语/2班/torn.jpg";
    assert_eq!((again.status.code(), told(&again)), (Some(1), vec![torn.to_owned()]), "only what could not be read");
    school.folder.picture("photos/00.jpg", 48, 64);
    let more = school.check(&["--resume", "--format", "jsonl"]);
    assert_eq!(told(&more), ["photos/00.jpg", torn], "a photo that came later is looked at");
    let report = fs::read_to_string(school.result("report.jsonl")).unwrap();
    assert!(report.starts_with("{\"schema\":") && report.lines().count() == school.photos + 1);
    school.check(&["--resume", "--profile", "zikao-white"]);
    let judged = fs::read_to_string(school.result("report.jsonl")).unwrap();
    assert!(judged.lines().next().unwrap().contains("zikao-white"), "another profile judges all of them");
}

#[test]
fn what_is_kept_and_cannot_be_used_is_told_in_words() {
    let school = School::new("unusable");
    school.folder.write("results/gradphoto.sqlite", b"no database, whatever its name says");
    let output = school.check(&[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("已损坏") && stderr(&output).contains("gradphoto.sqlite"), "{}", stderr(&output));
}

#[cfg(unix)]
#[test]
fn a_run_killed_at_any_moment_goes_on_without_losing_or_doubling_a_line() {
    let folder = Folder::new("killed");
    for number in 0..240 {
        folder.picture(&format!("photos/{number}.jpg"), 96 + number, 128);
    }
    fs::copy(sample("blue.jpg"), folder.at("photos/blue.jpg")).unwrap();
    let run = |output: &str, options: &[&str]| {
        let mut command = command();
        command
            .args(["check", "--no-cache", "--jobs", "2"])
            .arg(folder.at("photos"))
            .arg("--output")
            .arg(folder.at(output));
        command.args(options).stdout(Stdio::null()).stderr(Stdio::null());
        command
    };
    run("whole", &[]).status().unwrap();
    let whole = fs::read(folder.at("whole/report.jsonl")).unwrap();
    let report = folder.at("cut/report.jsonl");
    let begun = folder.at("cut/report.jsonl.part");
    let mut kills = 0;
    // A third more each time, so that the blows fall all over the run.
    for share in [0.05, 0.3, 0.6, 0.9] {
        let mut child = run("cut", &["--resume"]).spawn().unwrap();
        let enough = (whole.len() as f64 * share) as u64;
        let is_enough = || fs::metadata(&begun).is_ok_and(|file| file.len() > enough);
        while !is_enough() && child.try_wait().unwrap().is_none() {
            sleep(Duration::from_millis(1));
        }
        kills += u32::from(child.try_wait().unwrap().is_none());
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(fs::read(&report).is_ok_and(|report| report == whole) || !report.exists(), "whole or not at all");
    }
    assert!(kills >= 2, "{kills}");
    let known: u32 = store(&folder.at("cut")).query_row("SELECT COUNT(*) FROM files", [], |row| row.get(0)).unwrap();
    assert!(known > 100, "{known}");
    run("cut", &["--resume"]).status().unwrap();
    assert!(fs::read(&report).unwrap() == whole);
    assert_eq!(csv(&folder.at("cut/report.csv")), csv(&folder.at("whole/report.csv")));
    assert_eq!(fs::read(folder.at("cut/batch.json")).unwrap(), fs::read(folder.at("whole/batch.json")).unwrap());
}

#[test]
fn unchanged_photos_are_not_looked_at_again_and_damage_does_no_harm() {
    let school = School::new("known");
    let cache = school.folder.at("cache");
    let check = |more: &[&str]| {
        school.check_with(&[&["--overwrite", "--cache", cache.to_str().unwrap()], more].concat());
        fs::read_to_string(school.result("report.jsonl")).unwrap()
    };
    let whole = check(&[]);
    let store = store(&cache);
    let count = || store.query_row("SELECT COUNT(*) FROM looks", [], |row| row.get::<_, u32>(0)).unwrap() as usize;
    // Unreadable photos are not kept, the same bytes once.
    assert_eq!(count(), school.photos - 2);
    // What is answered from the store is seen by a mark put into it.
    let mark = || {
        let marked = r#"REPLACE(measured, '"colour-depth","value":24', '"colour-depth","value":23')"#;
        store.execute(&format!("UPDATE looks SET measured = {marked}"), []).unwrap()
    };
    mark();
    let marks = |report: &str| report.matches(r#""value":23.0"#).count();
    let marked = check(&[]);
    assert_eq!(marks(&marked), school.photos - 1, "nothing is looked at again");
    assert_eq!(marks(&check(&["--profile", "he-2017"])), school.photos - 1, "another profile judges what was measured");
    for damage in ["", "junk", "{\"schema\":2,"] {
        store.execute("UPDATE looks SET measured = ?", [damage]).unwrap();
        assert!(check(&[]) == whole, "what is damaged is looked at anew");
    }
    // The same bytes under another extension are another photo to the file rules.
    let [from, to] =
        ["photos/计算机学院/软件工程/1班/2021002.jpg", "photos/2021002.jpeg"].map(|name| school.folder.at(name));
    fs::rename(from, to).unwrap();
    check(&[]);
    assert_eq!(count(), school.photos - 1);
    mark();
    school.check_with(&["--overwrite", "--no-cache"]);
    assert_eq!(marks(&fs::read_to_string(school.result("report.jsonl")).unwrap()), 0, "looked at anew");
}

#[test]
fn what_was_decided_in_the_page_counts_for_the_command() {
    let school = School::new("page");
    let review = "photos/计算机学院/软件工程/1班/2021001.jpg";
    let profile = school.asking();
    school.check(&["--profile", &profile]);
    let report = fs::read_to_string(school.result("report.jsonl")).unwrap();
    let report = report.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let sha256 =
        report.into_iter().find(|line| line["photo"] == review).unwrap()["sha256"].as_str().unwrap().to_owned();
    let said = "INSERT INTO decisions (at, who, sha256, photo, student, decision, note) VALUES ('', '王', ?, ?, '', 'accept', '')";
    store(&school.result("")).execute(said, [sha256.as_str(), "计算机学院/软件工程/1班/2021001.jpg"]).unwrap();
    school.check(&["--profile", &profile, "--resume"]);
    assert_eq!(json(&school.result("batch.json"))["photos"]["accepted"], 1);
}

#[test]
fn page_and_workbook_show_the_pictures_that_are_kept() {
    let school = School::new("pictures");
    school.check(&[]);
    // Behind the end of a JPEG anything may stand: a mark that nobody makes anew.
    let mark =
        "UPDATE looks SET large = CAST(large || 'large' AS BLOB), thumbnail = CAST(thumbnail || 'small' AS BLOB)";
    let looks = store(&school.result("")).execute(mark, []).unwrap();
    school.check_with(&["--overwrite"]);
    let page = fs::read_to_string(school.result("report.html")).unwrap();
    let (_, page) = page.split_once("id=\"pictures\">\n").unwrap();
    let pictures = page.lines().take(school.photos).map(|line| BASE64_STANDARD.decode(line).unwrap());
    let shown = pictures.filter(|picture| picture.ends_with(b"large")).count();
    // The same bytes are kept once and shown twice; what cannot be read is shown nowhere.
    assert_eq!((looks, shown), (school.photos - 2, school.photos - 1));
    let mut book = zip::ZipArchive::new(fs::File::open(school.result("report.xlsx")).unwrap()).unwrap();
    let media = book.file_names().flatten().filter(|name| name.starts_with("xl/media/")).map(|name| name.to_string());
    let media = media.collect::<Vec<_>>();
    assert!(!media.is_empty(), "a thumbnail of each that fails");
    for name in media {
        let mut picture = Vec::new();
        book.by_name(&name).unwrap().read_to_end(&mut picture).unwrap();
        assert!(picture.ends_with(b"small"), "{name}");
    }
}

/// What is kept in a folder.
fn store(folder: &Path) -> Connection {
    Connection::open(folder.join("gradphoto.sqlite")).unwrap()
}

#[test]
fn two_runs_cannot_write_one_report() {
    let school = School::new("locked");
    fs::create_dir_all(school.result("")).unwrap();
    let file = fs::File::create(school.result(".gradphoto-lock")).unwrap();
    file.lock().unwrap();
    let output = school.check(&["--resume"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("另一次检查"), "{}", stderr(&output));
}

#[test]
fn a_roster_tells_who_is_missing_surplus_ambiguous() {
    let school = School::new("roster");
    let head = "院系,专业,班级,学号,姓名,证件号码,批次,时间,地点\n";
    let roster = school.folder.write(
        "名册.csv",
        &encoding_rs::GBK
            .encode(&format!(
                "{head}计算机学院,软件工程,1班,2021001,张三,11010519491231002X,1,4月12日,图书馆\n\
                 计算机学院,软件工程,1班,2021002,李四,110105194912310021,1,4月12日,图书馆\n\
                 计算机学院,软件工程,1班,2021009,王五,,2,4月13日,图书馆\n\
                 外语学院,英语,2班,2021003,=cmd|' /C calc'!A0,,2,4月13日,图书馆\n"
            ))
            .0,
    );
    let notices = school.folder.at("notices");
    let options = ["--roster", roster.to_str().unwrap(), "--notices", notices.to_str().unwrap(), "--lang", "zh"];
    let output = school.check(&options);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert!(
        stderr(&output).contains("名册共4名学生") && stderr(&output).contains("A院系、B专业"),
        "{}",
        stderr(&output)
    );
    let batch = json(&school.result("batch.json"));
    assert_eq!(batch["roster"]["sheets"][0]["columns"][3]["field"], "student-number");
    let kinds = batch["findings"].as_array().unwrap().iter().map(|finding| finding["kind"].as_str().unwrap());
    let kinds = kinds.collect::<Vec<_>>();
    assert_eq!(kinds, ["same-file", "missing", "surplus", "surplus", "roster"]);
    assert_eq!(batch["departments"]["计算机学院"]["missing"], 1);
    assert_eq!(batch["departments"]["外语学院"]["photographed"], 1);
    let text = stdout(&output);
    assert!(text.contains("王五 2021009没有照片（安排：2 4月13日 图书馆）"), "{text}");
    assert!(!fs::read_to_string(school.result("batch.json")).unwrap().contains("110105194912310021"));
    let rows = csv(&school.result("report.csv"));
    assert_eq!(rows.len(), 1 + school.photos + 1, "a row for the missing student");
    assert!(rows.iter().flatten().all(|cell| !cell.starts_with(['=', '+', '-', '@']) || cell.parse::<f64>().is_ok()));
    let mut book = calamine::open_workbook_auto(school.result("report.xlsx")).unwrap();
    let students = book.worksheet_range("学生").unwrap();
    assert_eq!(students.get_size().0, 5);
    let notice = fs::read_to_string(notices.join("计算机学院 软件工程 1班 照片整改通知.txt")).unwrap();
    assert!(notice.contains("王* 20***09") && !notice.contains("王五") && !notice.contains("2021009"), "{notice}");
    assert!(notices.join("文件处理.docx").exists(), "who keeps the files hears of the surplus photos");
    // A class that is clean today orders nobody back, and files of other people stay.
    let other = school.folder.write("notices/老师写的.md", b"...");
    school.folder.write("名册.csv", "学号,姓名\n2021001,张三\n".as_bytes());
    let output = school.check(&[&["--overwrite"], &options[..]].concat());
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert!(!notices.join("计算机学院 软件工程 1班 照片整改通知.txt").exists() || !notice_of(&notices).contains("王*"));
    assert!(other.exists());
    school.folder.write("名册.csv", "学号,姓名\n2021001,\"张三\n2021002,李四\n".as_bytes());
    let output = school.check(&[&["--overwrite"], &options[..]].concat());
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("第2行B列的引号没有成对"), "{}", stderr(&output));
}

fn notice_of(notices: &Path) -> String {
    fs::read_to_string(notices.join("计算机学院 软件工程 1班 照片整改通知.txt")).unwrap()
}

#[test]
fn hostile_names_stay_text_everywhere() {
    let folder = Folder::new("hostile");
    let names = ["=cmd|'!A1.jpg", "<script>alert(1)<_script>.jpg", "+a\"b,c.jpg", "@x\u{202e}gpj.jpg", "-1.jpg"];
    for name in names {
        folder.picture(&format!("photos/{name}"), 48, 64);
    }
    folder.picture(&format!("photos/{}.jpg", "长".repeat(80)), 48, 64);
    #[cfg(unix)]
    folder.picture("photos/line\nend\t.jpg", 48, 64);
    let results = folder.at("results");
    let mut run = command();
    run.current_dir(folder.at("photos")).args(["check", "--no-cache", "--output", results.to_str().unwrap()]);
    let listed =
        fs::read_dir(folder.at("photos")).unwrap().map(|file| file.unwrap().file_name()).collect::<BTreeSet<_>>();
    // Named one by one, so that the name is the whole cell.
    run.arg("--").args(&listed);
    let output = run.output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    let rows = csv(&results.join("report.csv"));
    assert_eq!(rows.len(), 1 + listed.len());
    let dangerous = |cell: &String| cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<f64>().is_err();
    assert!(!rows.iter().flatten().any(dangerous));
    assert!(rows.iter().flatten().all(|cell| !cell.contains(['\n', '\u{202e}'])));
    let mut book = calamine::open_workbook_auto(results.join("report.xlsx")).unwrap();
    assert!(
        book.worksheet_formula("照片").map_or(true, |formulas| formulas.used_cells().all(|(_, _, f)| f.is_empty()))
    );
    let sheet = book.worksheet_range("照片").unwrap();
    let cells = sheet.rows().map(|row| row[4].to_string()).collect::<Vec<_>>();
    let page = fs::read_to_string(results.join("report.html")).unwrap();
    assert!(
        !page.contains("<script>alert") && page.contains("\\u003cscript>alert(1)"),
        "a name stands in the page as text"
    );
    assert!(
        cells.contains(&"=cmd|'!A1.jpg".to_owned()) && cells.iter().any(|cell| cell.contains("<script>")),
        "{cells:?}"
    );
}

#[test]
fn decisions_count_for_photos_to_review_that_have_not_changed() {
    let school = School::new("decisions");
    let review = "photos/计算机学院/软件工程/1班/2021001.jpg";
    let profile = school.asking();
    let with = |options: &[&str]| school.check(&[&["--profile", &profile, "--lang", "zh"], options].concat());
    with(&[]);
    let line = fs::read_to_string(school.result("report.jsonl")).unwrap();
    let report = line.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let report = report.into_iter().find(|line| line["photo"] == review).unwrap();
    assert_eq!(report["verdict"], "review", "{report}");
    let hash = report["sha256"].as_str().unwrap();
    let before = fs::read(school.result("report.jsonl")).unwrap();
    let decided = |rows: &str| {
        let csv = format!("\u{feff}photo,sha256,decision,note\r\n{rows}");
        let file = school.folder.write("decisions.csv", csv.as_bytes());
        let output = with(&["--overwrite", "--decisions", file.to_str().unwrap()]);
        (stdout(&output), json(&school.result("batch.json")), csv_cells(&school.result("report.csv"), review))
    };
    let (text, batch, cells) =
        decided(&format!("{review},{hash},accept,\"'=看过,\"\"可以\"\"\"\r\nphotos/nobody.jpg,,reject,\r\n"));
    assert!(text.contains("采用1条，未采用1条") && text.contains("没有这张照片"), "{text}");
    assert!(
        text.contains("待确认 4，无法读取 1（待确认中 1 张已有结果）")
            && text.contains("\n下一步：\n  1. ")
            && text.contains("逐张确认 3 张"),
        "{text}"
    );
    assert_eq!(
        (&batch["photos"]["accepted"], &batch["decisions"]["unused"][0]["kind"]),
        (&1.into(), &"unknown".into())
    );
    assert_eq!(batch["decisions"]["used"][0]["note"], "=看过,\"可以\"");
    assert_eq!(cells[6..9], ["待确认", "人工通过", "'=看过,\"可以\""]);
    let (_, batch, cells) = decided(&format!("{review},{hash},reject,\r\n"));
    assert_eq!((&batch["photos"]["rejected"], cells[7].as_str()), (&1.into(), "人工退回"));
    for (rows, kind) in [
        (format!("{review},0000,accept,\r\n"), "changed"),
        (format!("{review},{hash},accept,\r\n{review},{hash},reject,\r\n"), "contradictory"),
        ("photos/外语学院/英语/2班/torn.jpg,,accept,\r\n".to_owned(), "fails"),
    ] {
        let (_, batch, cells) = decided(&rows);
        assert_eq!(batch["decisions"]["unused"][0]["kind"], kind);
        assert!(batch["decisions"]["used"].as_array().unwrap().is_empty() && cells[7].is_empty());
    }
    assert!(fs::read(school.result("report.jsonl")).unwrap() == before, "what was measured stays");
    // Whoever writes notes in Excel saves a workbook.
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_row(0, 0, ["photo", "sha256", "decision", "note"]).unwrap();
    sheet.write_row(1, 0, [review, hash, "accept", "看过"]).unwrap();
    let workbook = school.folder.at("decisions.xlsx");
    book.save(&workbook).unwrap();
    with(&["--overwrite", "--decisions", workbook.to_str().unwrap()]);
    assert_eq!(csv_cells(&school.result("report.csv"), review)[6..9], ["待确认", "人工通过", "看过"]);
    let wrong = school.folder.write("wrong.csv", b"photo,sha256,decision,note\na.jpg,,maybe,\n");
    let refused = with(&["--overwrite", "--decisions", wrong.to_str().unwrap()]);
    assert!(stderr(&refused).contains("第2行：“maybe”不是人工结论"), "{}", stderr(&refused));
}

#[test]
fn the_end_of_a_run_counts_as_the_batch_does_and_asks_only_for_what_is_open() {
    let school = School::new("counts");
    school.asking();
    let profile = school.folder.at("only.toml");
    let all_pass = fs::read_to_string(&profile).unwrap().replace("[8000.0, 9000.0]", "[1.0, 9000.0]");
    fs::write(&profile, all_pass.replace("[1.0, 9000.0]", "[0.0, 9000.0]")).unwrap();
    let with = |options: &[&str]| {
        stdout(&school.check(&[&["--profile", profile.to_str().unwrap(), "--lang", "zh"], options].concat()))
    };
    let text = with(&[]);
    let batch = json(&school.result("batch.json"));
    assert_eq!((&batch["photos"]["pass"], &batch["photos"]["review"]), (&2.into(), &2.into()), "{text}");
    assert!(text.contains("共 5 张：合格 2，不合格 0，待确认 2，无法读取 1\n"), "{text}");
    assert!(text.contains("逐张确认 2 张") && text.contains("--decisions decisions.csv"), "{text}");
    assert!(text.contains("照片重复"), "{text}");
    let twice = "photos/外语学院/英语/2班/2021003.jpg";
    let hash = sha256(&fs::read(school.folder.at(twice)).unwrap());
    let rows = format!("photo,sha256,decision,note\n{twice},{hash},accept,\n");
    let decisions = school.folder.write("decisions.csv", rows.as_bytes());
    let text = with(&["--overwrite", "--decisions", decisions.to_str().unwrap()]);
    assert!(text.contains("待确认 2，无法读取 1（待确认中 2 张已有结果）"), "{text}");
    assert!(!text.contains("逐张确认") && !text.contains("--decisions decisions.csv"), "{text}");
    // What is settled is told no more, and of the other it is told what became of it.
    let rows = [twice, "photos/外语学院/英语/2班/刘六.jpg"].map(|photo| csv_cells(&school.result("report.csv"), photo));
    assert_eq!(rows.map(|row| [row[7].clone(), row[14].clone()]), [["人工通过", ""], ["不是本人的照片", ""]]);
    let mut book = calamine::open_workbook_auto(school.result("report.xlsx")).unwrap();
    assert!(!text.contains("照片重复") && book.sheet_names() == ["汇总", "照片"], "{text}");
    // Counts above a total are its addends.
    let summary = book.worksheet_range("汇总").unwrap();
    let rows = summary.rows().map(|row| [row[0].to_string(), row[1].to_string()]).collect::<Vec<_>>();
    let total = ["合计", "5"].map(str::to_owned);
    assert_eq!(rows[5..7], [total.clone(), ["其中：人工通过", "1"].map(str::to_owned)], "{rows:?}");
    assert_eq!(rows.iter().filter(|row| **row == total).count(), 2, "{rows:?}");
}

#[test]
fn a_list_of_photos_goes_with_them_to_another_folder_and_rows_without_a_photo_are_told() {
    let school = School::new("assigned");
    school.folder.write("名册.csv", "学号,姓名\n2021001,张三\n2021009,赵六\n".as_bytes());
    school.folder.write("list.csv", "联机\\刘六.jpg;2021009\n联机\\gone.jpg;2021001\n".as_bytes());
    let options = ["--profile", &school.folder.only("image-size"), "--roster", "名册.csv", "--assign", "list.csv"];
    let output = school.check(&[&options[..], &["--lang", "zh"]].concat());
    assert!(stderr(&output).contains("名单中有1行找不到照片，例如第2行 联机\\gone.jpg"), "{}", stderr(&output));
    assert_eq!(csv_cells(&school.result("report.csv"), "photos/外语学院/英语/2班/刘六.jpg")[4], "2021009");
}

#[test]
fn watching_judges_whole_files_as_they_arrive() {
    let folder = Folder::new("watch");
    folder.picture("tether/before.jpg", 48, 64);
    let profile = folder.only("image-size");
    let mut watch = Watcher::start(&folder, &["--profile", &profile]);
    let photo = fs::read(sample("blue.jpg")).unwrap();
    let slow = folder.at("tether/slow.jpg");
    for end in [photo.len() / 3, 2 * photo.len() / 3, photo.len()] {
        fs::write(&slow, &photo[..end]).unwrap();
        sleep(Duration::from_millis(400));
    }
    watch.wait_for(1);
    fs::write(folder.at("tether/.hidden.jpg"), &photo).unwrap();
    fs::write(folder.at("tether/notes.txt"), "no photo").unwrap();
    // As some programs do: written under another name, then renamed.
    fs::write(folder.at("tether/moved.tmp"), &photo).unwrap();
    fs::rename(folder.at("tether/moved.tmp"), folder.at("tether/moved.jpg")).unwrap();
    watch.wait_for(2);
    fs::create_dir(folder.at("tether/later")).unwrap();
    sleep(Duration::from_millis(200));
    fs::write(folder.at("tether/later/3.jpg"), &photo).unwrap();
    watch.wait_for(3);
    fs::write(folder.at("tether/broken.jpg"), &photo[..photo.len() / 2]).unwrap();
    watch.wait_for(4);
    let lines = watch.stop();
    let told = lines.iter().map(|line| {
        let name = Path::new(line["photo"].as_str().unwrap()).file_name().unwrap().to_str().unwrap().to_owned();
        (name, line["verdict"].as_str().unwrap_or("-").to_owned())
    });
    let expected = [("slow.jpg", "pass"), ("moved.jpg", "pass"), ("3.jpg", "pass"), ("broken.jpg", "unreadable")];
    assert_eq!(told.collect::<Vec<_>>(), expected.map(|(name, verdict)| (name.to_owned(), verdict.to_owned())));
}

#[test]
fn copies_are_made_beside_originals_that_stay_as_they_are() {
    let folder = Folder::new("prepare");
    fs::create_dir_all(folder.at("photos/1班")).unwrap();
    fs::copy(sample("flag-behind.jpg"), folder.at("photos/1班/a.jpg")).unwrap();
    folder.picture("photos/nobody.jpg", 480, 640);
    // The head of the sample is small, and its copy must not be an enlarged one.
    let profile = folder.write("small.toml", SMALL_HEADS.as_bytes());
    let before = fs::read(folder.at("photos/1班/a.jpg")).unwrap();
    let prepare = |options: &[&str]| {
        let mut run = command();
        run.args(["prepare", "photos", "--output", "upload", "--lang", "en"]).args(options);
        run.current_dir(&folder.path).output().unwrap()
    };
    let output = prepare(&[]);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    let text = stdout(&output);
    assert!(text.contains("nobody.jpg\n    No face was found"), "{text}");
    assert!(text.contains("a.jpg\n    There are too few pixels") && !folder.at("upload/1班/a.jpg").exists(), "{text}");
    let small = ["--profile", profile.to_str().unwrap()];
    let text = stdout(&prepare(&small));
    assert!(
        text.contains("2 photos: 1 copy made")
            && text.contains("1 refused")
            && text.contains("(fail: Mouth open, ")
            && text.contains("; crop 4"),
        "{text}"
    );
    let copy = fs::read(folder.at("upload/1班/a.jpg")).unwrap();
    assert_eq!(image::load_from_memory(&copy).unwrap().into_rgb8().dimensions(), (480, 640));
    assert!(stdout(&prepare(&small)).contains("1 unchanged"));
    assert_eq!(fs::read(folder.at("photos/1班/a.jpg")).unwrap(), before);
    let inside = command().args(["prepare", "photos", "--output", "photos/upload"]).current_dir(&folder.path).output();
    assert!(stderr(&inside.unwrap()).contains("指到原片之外"));
}

const SMALL_HEADS: &str = "
extends = 'he-2017'
[rules.head-top-margin]
limit = [5.0, 110.0]
review = [5.0, 110.0]
[rules.eye-line]
limit = [100.0, 300.0]
review = [100.0, 300.0]
[rules.face-width]
limit = [100.0, 300.0]
review = [100.0, 300.0]
";

/// Photos in folders: a pair of identical ones, a torn one, one of a person.
struct School {
    folder: Folder,
    photos: usize,
}

impl School {
    fn new(test: &str) -> School {
        let folder = Folder::new(test);
        let class = "photos/计算机学院/软件工程/1班";
        fs::create_dir_all(folder.at(class)).unwrap();
        fs::copy(sample("blue.jpg"), folder.at(&format!("{class}/2021001.jpg"))).unwrap();
        folder.picture(&format!("{class}/2021002.jpg"), 200, 300);
        let twice = folder.picture("photos/外语学院/英语/2班/2021003.jpg", 120, 160);
        fs::copy(twice, folder.at("photos/外语学院/英语/2班/刘六.jpg")).unwrap();
        folder.write("photos/外语学院/英语/2班/torn.jpg", b"\xff\xd8\xff\xe0");
        School { folder, photos: 5 }
    }

    /// A profile that asks a person about every photo, whatever the face: what passes is narrower than the limit.
    fn asking(&self) -> String {
        let profile = self.folder.only("file-size");
        let open = fs::read_to_string(&profile).unwrap()
            + "[rules.file-size]\nlimit = [1.0, 9000.0]\nreview = [8000.0, 9000.0]\nseverity = 'reject'\n";
        self.folder.write("only.toml", open.as_bytes());
        profile
    }

    fn result(&self, name: &str) -> PathBuf {
        self.folder.at("results").join(name)
    }

    fn check(&self, options: &[&str]) -> Output {
        self.check_with(&[&["--no-cache"], options].concat())
    }

    fn check_with(&self, options: &[&str]) -> Output {
        command()
            .args(["check", "photos", "--output", "results"])
            .args(options)
            .current_dir(&self.folder.path)
            .output()
            .unwrap()
    }
}

/// A running `gradphoto watch`.
struct Watcher {
    child: Child,
    report: PathBuf,
}

impl Watcher {
    fn start(folder: &Folder, options: &[&str]) -> Watcher {
        let mut command = command();
        command.args(["watch", "tether", "--output", "results"]).args(options).current_dir(&folder.path);
        let child = command.stdout(Stdio::piped()).spawn().unwrap();
        let report = folder.at("results/report.jsonl");
        let watcher = Watcher { child, report };
        // The report is opened before the folder is watched.
        let patience = Instant::now();
        while !watcher.report.exists() && patience.elapsed() < Duration::from_secs(60) {
            sleep(Duration::from_millis(20));
        }
        sleep(Duration::from_millis(300));
        watcher
    }

    fn lines(&self) -> Vec<Value> {
        let text = fs::read_to_string(&self.report).unwrap_or_default();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    fn wait_for(&mut self, lines: usize) {
        let patience = Instant::now();
        while self.lines().len() < lines {
            assert!(patience.elapsed() < Duration::from_secs(60), "{} lines of {lines}", self.lines().len());
            sleep(Duration::from_millis(20));
        }
    }

    /// Ends it as Ctrl-C does.
    fn stop(mut self) -> Vec<Value> {
        if cfg!(unix) {
            assert!(Command::new("kill").args(["-INT", &self.child.id().to_string()]).status().unwrap().success());
            assert_eq!(self.child.wait().unwrap().code(), Some(0));
        } else {
            self.child.kill().unwrap();
        }
        self.lines()
    }
}

fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/samples").join(name)
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

fn csv(path: &Path) -> Vec<Vec<String>> {
    let bytes = fs::read(path).unwrap();
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").expect("a byte order mark");
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text);
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

/// The row of a photo.
fn csv_cells(path: &Path, photo: &str) -> Vec<String> {
    csv(path).into_iter().find(|row| row[0] == photo).unwrap()
}
