//! What each student must do, a file a class: to print, or to paste into a chat.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::Context;
use gradphoto::batch::Field;
use gradphoto::{Language, Mark, Report};

use super::decisions::{Decided, Decision};
use super::findings::{Batch, Finding, stem};
use super::masking::masked;
use super::place::Place;
use crate::line::Line;
use crate::output::record::plain;
use crate::whole;

/// Notices in Chinese, by class.
pub struct Notices {
    unmask: bool,
    classes: BTreeMap<Place, Vec<Notice>>,
}

/// What one student must do.
struct Notice {
    who: String,
    actions: Vec<String>,
}

impl Notices {
    /// No notices yet; `unmask` shows names and numbers in full.
    pub fn new(unmask: bool) -> Notices {
        Notices { unmask, classes: BTreeMap::new() }
    }

    /// Adds the photo at `place` of the batch, if something is to be done about it.
    pub fn add(&mut self, batch: &Batch, place: usize, line: &Line, notes: &[&Finding]) {
        let photo = &batch.photos[place];
        let mut actions = match (line, photo.decision()) {
            (Line::Report(_), Some(Decision::Accept)) => Vec::new(),
            (Line::Report(report), _) => actions(report),
            (Line::Failure(_), _) => vec!["照片文件打不开，请重新提交。".to_owned()],
        };
        if let Some(Decided { decision: Some(Decision::Reject), note, .. }) = &photo.decided {
            let why = if note.is_empty() { String::new() } else { format!("：{note}") };
            actions.push(format!("人工复核未通过，请重拍{why}。"));
        }
        let of_all = notes.iter().filter(|finding| finding.rule.id != "roster-match" || finding.kind == "surplus");
        // What names other students stays with the office.
        actions.extend(of_all.filter(|finding| finding.students.is_empty()).map(|finding| finding.reason.zh.clone()));
        if actions.is_empty() {
            return;
        }
        let who = match photo.student.and_then(|student| batch.student(student)) {
            Some(student) => self.student(student),
            None => self.masked(&stem(&photo.name)),
        };
        self.classes.entry(photo.place.clone()).or_default().push(Notice { who, actions });
    }

    /// Writes the files, those without a photo included.
    pub fn write(mut self, folder: &Path, batch: &Batch) -> anyhow::Result<()> {
        for finding in batch.findings.iter().filter(|finding| finding.kind == "missing") {
            let Some(student) = finding.students.first().and_then(|student| batch.student(*student)) else { continue };
            let when = [Field::Session, Field::Time, Field::Place].map(|field| plain(student.get(field))).join(" ");
            let when = when.split_whitespace().collect::<Vec<_>>().join(" ");
            let action = if when.is_empty() {
                "没有照片，请补拍。".to_owned()
            } else {
                format!("没有照片（安排：{when}），请补拍。")
            };
            let notice = Notice { who: self.student(student), actions: vec![action] };
            self.classes.entry(super::findings::place_of(student)).or_default().push(notice);
        }
        fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
        let mut names = BTreeMap::<String, usize>::new();
        for (place, notices) in &self.classes {
            let title = match place.words() {
                words if words.is_empty() => "未分班".to_owned(),
                words => words,
            };
            let name = file_name(&title);
            let count = names.entry(name.to_lowercase()).or_default();
            *count += 1;
            let name = if *count == 1 { format!("{name}.md") } else { format!("{name} {count}.md") };
            let path = folder.join(name);
            whole::write(&path, page(&title, notices).as_bytes())
                .with_context(|| format!("cannot write {}", path.display()))?;
        }
        Ok(())
    }

    fn student(&self, student: &gradphoto::batch::Student) -> String {
        let number = [Field::StudentNumber, Field::ExamNumber, Field::CaptureCode].map(|field| student.get(field));
        let number = number.into_iter().find(|number| !number.is_empty()).unwrap_or_default();
        format!("{} {}", self.masked(student.get(Field::Name)), self.masked(number)).trim().to_owned()
    }

    fn masked(&self, text: &str) -> String {
        if self.unmask { text.to_owned() } else { masked(text) }
    }
}

/// What a person, a photographer or a cropper must do, sentences as the rules word them.
fn actions(report: &Report) -> Vec<String> {
    let must = |finding: &&gradphoto::Finding| matches!(finding.mark(), Some(Mark::Fail | Mark::Review));
    report.findings().iter().filter(must).map(|finding| finding.reason(Language::Zh)).collect()
}

fn page(title: &str, notices: &[Notice]) -> String {
    let mut page =
        format!("# {} 照片整改通知\n\n共{}人需要处理。请逐条改正后重拍或重新提交。\n", escaped(title), notices.len());
    for (number, notice) in notices.iter().enumerate() {
        page += &format!("\n## {}. {}\n\n", number + 1, escaped(&notice.who));
        for action in &notice.actions {
            page += &format!("- {}\n", escaped(action));
        }
    }
    page
}

/// Text that no reader of Markdown or HTML takes for marks of its own; stars and points stay as they are read in a chat.
fn escaped(text: &str) -> String {
    plain(text)
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('`', "&#96;")
        .replace('[', "&#91;")
        .replace('*', "＊")
}

/// A name that every file system takes.
fn file_name(title: &str) -> String {
    let is_bad = |c: char| c.is_control() || "/\\:*?\"<>|".contains(c);
    let name = plain(title).replace(is_bad, "_");
    // 60 Chinese characters have 180 bytes; file systems take 255.
    let name = name.chars().take(60).collect::<String>();
    name.trim_matches(['.', ' ']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_names_stay_text_in_pages_and_file_names() {
        let notice =
            Notice { who: "<script>alert(1)</script>`x`[a](b)".to_owned(), actions: vec!["a\n# b".to_owned()] };
        let page = page("../<b>", &[notice]);
        assert!(!page.contains('<') && !page.contains("[a]") && !page.contains("\n# b"), "{page}");
        assert_eq!(file_name("../a:b\u{202e}"), "_a_b\u{fffd}");
        assert_eq!(file_name(&"长".repeat(200)).chars().count(), 60);
    }
}
