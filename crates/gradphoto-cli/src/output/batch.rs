//! For people, at the end of a run with an output folder: what shows across photos.

use std::path::{Path, PathBuf};

use gradphoto::batch::{BATCH_RULES, BatchFinding, BatchPhoto, Department, Status};
use gradphoto::photo::shown;
use gradphoto::{BatchReport, Language, Text as Words};

use super::counted;
use super::record::plain;
use super::table::Table;

/// Findings of one rule shown one by one; the files have all.
const SHOWN: usize = 20;

/// Whole lines: each batch rule that found something which nobody has settled, then the departments of the roster.
pub fn summary(batch: &BatchReport, language: Language) -> String {
    let mut text = String::new();
    for rule in BATCH_RULES {
        let is_open = |finding: &&BatchFinding| finding.rule().id == rule.id && !finding.is_settled();
        let findings = batch.findings().iter().filter(is_open).collect::<Vec<_>>();
        if findings.is_empty() {
            continue;
        }
        text += &format!("\n{} ({}): {}\n", rule.name.get(language), rule.id, findings.len());
        for finding in findings.iter().take(SHOWN) {
            text += &line(batch, finding, language);
        }
        if let Some(more) = findings.len().checked_sub(SHOWN).filter(|more| *more > 0) {
            text += &match language {
                Language::Zh => format!("    还有{more}条，见 batch.json 与 report.xlsx\n"),
                Language::En => format!("    {more} more in batch.json and report.xlsx\n"),
            };
        }
    }
    text += &decisions(batch, language);
    if !batch.students().is_empty() {
        text += &format!("\n{}", departments(batch, language));
    }
    text
}

/// Whether each photo counts: nobody is called, and no file made anew, where the student has a better photo.
pub fn counting(batch: &BatchReport) -> Vec<bool> {
    let statuses = batch.statuses();
    let is_best = |photo: &BatchPhoto| photo.student().is_none_or(|student| photo.status() <= statuses[student]);
    batch.photos().iter().map(|photo| !photo.is_set_aside() && is_best(photo)).collect()
}

/// How many photos wait for a person.
pub fn open(batch: &BatchReport) -> usize {
    let waits = |photo: &&BatchPhoto| photo.status() == Status::Review && !photo.is_set_aside();
    batch.photos().iter().filter(waits).count()
}

/// How many photos need another file or crop, and nobody for it.
pub fn to_reprocess(batch: &BatchReport) -> usize {
    let photos = batch.photos().iter().zip(counting(batch));
    photos.filter(|(photo, counts)| *counts && photo.status() == Status::Reprocess).count()
}

/// Whole lines: where the results of what `paths` named lie in `folder`, and what to do next.
pub fn next_steps(
    batch: &BatchReport,
    paths: &[PathBuf],
    folder: &Path,
    notices: Option<&Path>,
    is_by_order: bool,
    language: Language,
) -> String {
    let (reviews, files, returning) = (open(batch), to_reprocess(batch), batch.called().len());
    let is_open_whose = |photo: &&BatchPhoto| !batch.students().is_empty() && photo.is_nobodys();
    let nobodys = batch.photos().iter().filter(is_open_whose).count();
    let shown = |name: &str| plain(&shown(&folder.join(name)));
    let steps = [
        Some(look(reviews, &shown("report.html"), language)),
        (reviews > 0).then(|| count_decisions(language)),
        is_by_order.then(|| look_at_ends(language)),
        (nobodys > 0 && returning > 0).then(|| find_whose(nobodys, language)),
        (files > 0).then(|| make_files(files, paths, language)),
        (returning > 0).then(|| call_back(returning, &shown("补拍名单.csv"), language)),
        (returning > 0 || files > 0 && notices.is_some()).then(|| notify(notices, language)),
    ];
    let head = match language {
        Language::Zh => "下一步：",
        Language::En => "Next:",
    };
    let steps = steps.into_iter().flatten().zip(1..).map(|(step, place)| format!("  {place}. {step}\n"));
    format!("\n{head}\n{}", steps.collect::<String>())
}

fn look(reviews: usize, page: &str, language: Language) -> String {
    match (language, reviews) {
        (Language::Zh, 0) => format!("打开 {page} 查看每一张照片"),
        (Language::Zh, _) => format!("打开 {page}，在“照片”中选“待确认”，逐张确认 {reviews} 张，导出人工结论"),
        (Language::En, 0) => format!("Open {page} to look at every photo"),
        (Language::En, _) => {
            let photos = if reviews == 1 { "photo".to_owned() } else { format!("{reviews} photos") };
            format!("Open {page}, decide on the {photos} to review, and export the decisions")
        }
    }
}

fn count_decisions(language: Language) -> String {
    match language {
        Language::Zh => "同一条命令加 --overwrite --decisions decisions.csv 再运行一次，计入人工结论".to_owned(),
        Language::En => {
            "Run the same command with --overwrite --decisions decisions.csv, so that they count".to_owned()
        }
    }
}

fn look_at_ends(language: Language) -> String {
    match language {
        Language::Zh => {
            "照片是按拍摄顺序对应的，有人后到、人数与张数又相符时看不出来：逐班核对第一张和最后一张，或加 --sheets 签字 请学生确认"
                .to_owned()
        }
        Language::En => {
            "Photos are matched by their order, where a latecomer does not show as long as the numbers agree: look at the first and the last of each class, or have students sign (--sheets DIR)".to_owned()
        }
    }
}

fn find_whose(nobodys: usize, language: Language) -> String {
    match language {
        Language::Zh => format!(
            "{nobodys} 张照片还不能确定是谁的（见上面的“名册核对”）：先核对，改好文件名或在网页里指明，再通知补拍"
        ),
        Language::En => format!(
            "{} cannot be matched to one student (see Roster match above): find out whose, rename files or name the student in the page, and only then call for the retake",
            counted(nobodys, "photo")
        ),
    }
}

fn make_files(files: usize, paths: &[PathBuf], language: Language) -> String {
    match language {
        Language::Zh => format!(
            "{files} 张只需处理文件，不必重拍：用 gradphoto prepare {} --output 改好 裁剪、压缩，或用原片重新导出，替换原来的文件后再检查；都是相机原片的，检查时加 --capture",
            typed(paths).unwrap_or_else(|| "照片".to_owned())
        ),
        Language::En => format!(
            "{} only a new file and no new shot: gradphoto prepare {} --output MENDED crops and compresses, or export the original again; put the new files in the places of the old and check again, or check a camera's originals with --capture",
            need(files, "photo"),
            typed(paths).unwrap_or_else(|| "PHOTOS".to_owned())
        ),
    }
}

fn call_back(returning: usize, list: &str, language: Language) -> String {
    match language {
        Language::Zh => format!("{returning} 人要补拍或重拍，名单（按排队顺序）在 {list}"),
        Language::En => {
            format!("{} a photo taken (again): {list} lists them in the order of the queue", need(returning, "student"))
        }
    }
}

fn notify(notices: Option<&Path>, language: Language) -> String {
    let notices = notices.map(|folder| plain(&folder.to_string_lossy()));
    match (language, notices) {
        (Language::Zh, Some(notices)) => format!("把 {notices} 里的通知发给各班、摄影师和处理文件的人"),
        (Language::Zh, None) => "要通知到班：加 --notices 通知 --retake \"日期 时间 地点\"".to_owned(),
        (Language::En, Some(notices)) => {
            format!("Send the notices in {notices} to the classes, the photographer and the file desk")
        }
        (Language::En, None) => "To tell the classes, add --notices DIR --retake \"date, time, place\"".to_owned(),
    }
}

/// 1 photo needs, 2 photos need.
fn need(count: usize, thing: &str) -> String {
    format!("{} {}", counted(count, thing), if count == 1 { "needs" } else { "need" })
}

/// A few paths as they are typed behind a command.
fn typed(paths: &[PathBuf]) -> Option<String> {
    let typed = |path: &PathBuf| {
        let path = plain(&shown(path));
        if path.contains(char::is_whitespace) { format!("\"{path}\"") } else { path }
    };
    (paths.len() <= 3).then(|| paths.iter().map(typed).collect::<Vec<_>>().join(" "))
}

/// How many decisions count, and why the others do not.
pub fn decisions(batch: &BatchReport, language: Language) -> String {
    let unused = batch.unused_decisions();
    let used = batch.photos().iter().filter(|photo| photo.decided().is_some()).count();
    if used + unused.len() == 0 {
        return String::new();
    }
    let mut text = match language {
        Language::Zh => format!("\n人工结论：采用{used}条，未采用{}条\n", unused.len()),
        Language::En => format!("\nDecisions: {used} used, {} not used\n", unused.len()),
    };
    for unused in unused.iter().take(SHOWN) {
        text += &format!("    {} [{}]\n", unused.reason.get(language), plain(&unused.photo));
    }
    if let Some(more) = unused.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        text += &match language {
            Language::Zh => format!("    还有{more}条，见 batch.json 与 report.html\n"),
            Language::En => format!("    {more} more in batch.json and report.html\n"),
        };
    }
    text
}

fn line(batch: &BatchReport, finding: &BatchFinding, language: Language) -> String {
    let photos = finding.photos().iter().map(|photo| plain(batch.photos()[*photo].name())).collect::<Vec<_>>();
    let photos = if photos.is_empty() { String::new() } else { format!(" [{}]", photos.join(", ")) };
    format!("    {}{photos}\n", plain(finding.reason().get(language)))
}

fn departments(batch: &BatchReport, language: Language) -> String {
    let mut table = Table::default();
    let first = match language {
        Language::Zh => "院系",
        Language::En => "department",
    };
    table.row([first].into_iter().chain(Department::HEADS.iter().map(|head| head.get(language))));
    for (department, counts) in departments_with_total(batch, language) {
        table.row([plain(&department)].into_iter().chain(counts.iter().map(usize::to_string)));
    }
    table.lines().map(|line| line + "\n").collect()
}

/// Counts of each department as tables show them, and where there are several, of all of them.
pub fn departments_with_total(batch: &BatchReport, language: Language) -> Vec<(String, Vec<usize>)> {
    let departments = batch.departments();
    let total = Words::new("合计", "total").get(language);
    let unnamed =
        if departments.len() == 1 { total } else { Words::new("未分院系", "no department").get(language) };
    let named = |name: &String| if name.is_empty() { unnamed.to_owned() } else { name.clone() };
    let mut rows = departments.iter().map(|(name, counts)| (named(name), counts.columns())).collect::<Vec<_>>();
    if rows.len() > 1 {
        let sum = |column: usize| rows.iter().map(|(_, counts)| counts[column]).sum();
        rows.push((total.to_owned(), (0..Department::HEADS.len()).map(sum).collect()));
    }
    rows
}
