//! Who must do what: students a file a class, the photographer, and whoever keeps the files; to print, or to paste into a chat.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use gradphoto::batch::{BatchFinding, Decided, Decision, Place, Status, masked};
use gradphoto::rule::Group;
use gradphoto::{BatchReport, Language, Mark, Report};

use crate::line::Line;
use crate::output::record::plain;
use crate::trouble::{OrTrouble, unmade, unremoved, unwritten};
use crate::whole;

/// Names the files of an earlier run, which go when the next is written: a class that is clean today has none.
const LIST: &str = ".gradphoto-notices";

/// Notices in Chinese.
pub struct Notices {
    unmask: bool,
    /// Date, time and place of the retake, where they are given.
    retake: Option<String>,
    lists: BTreeMap<(Who, Place), Vec<Notice>>,
}

/// Who must act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Who {
    Student,
    Photographer,
    Desk,
}

/// What is to be done for one photo or student.
struct Notice {
    who: String,
    actions: Vec<String>,
}

impl Notices {
    /// No notices yet; `unmask` shows names and numbers in full, `retake` says when and where.
    pub fn new(unmask: bool, retake: Option<&str>) -> Notices {
        Notices { unmask, retake: retake.map(str::to_owned), lists: BTreeMap::new() }
    }

    /// Adds the photo at `place` of the batch, if something is to be done about it. What a person has yet to look at is
    /// nobody's order.
    pub fn add(&mut self, batch: &BatchReport, place: usize, line: &Line, notes: &[&BatchFinding]) {
        let photo = &batch.photos()[place];
        if photo.is_set_aside() {
            return;
        }
        let mut actions = Vec::<(Who, String)>::new();
        if photo.status() == Status::Retake {
            match (line, photo.decided()) {
                (_, Some(Decided { decision: Some(Decision::Reject), note, .. })) => {
                    let why = if note.is_empty() { String::new() } else { format!("：{note}") };
                    actions.push((Who::Student, format!("人工复核未通过，请重拍{why}。")));
                }
                _ if photo.is_displaced() => {
                    actions.push((Who::Student, "交来的照片经核对不是本人的，请重拍。".to_owned()));
                }
                (Line::Report(report), _) => actions.extend(failures(report)),
                (Line::Failure(_), _) => actions.push((Who::Desk, "照片文件打不开，请重新提交。".to_owned())),
            }
        }
        // What names other students stays in the page.
        let open = notes.iter().filter(|finding| !finding.is_settled() && finding.students().is_empty());
        actions.extend(open.map(|finding| (Who::Desk, finding.reason().zh.clone())));
        let file = Path::new(photo.name()).file_stem().unwrap_or_default().to_string_lossy();
        let student = batch.student_of(photo).map(|student| self.masked(&student.words()));
        for who in [Who::Student, Who::Photographer, Who::Desk] {
            let actions = actions.iter().filter(|(other, _)| *other == who).map(|(_, action)| action.clone());
            let actions = actions.collect::<Vec<_>>();
            // Photographers and files go by the file's name; the company need not know whose it is.
            let named = student.clone().filter(|_| who == Who::Student).unwrap_or_else(|| self.masked(&file));
            if !actions.is_empty() {
                let notice = Notice { who: named, actions };
                self.lists.entry((who, batch.place_of(photo))).or_default().push(notice);
            }
        }
    }

    /// Writes the files, those without a photo included, in place of those of an earlier run.
    pub fn write(mut self, folder: &Path, batch: &BatchReport) -> anyhow::Result<()> {
        for finding in batch.findings().iter().filter(|finding| finding.kind() == "missing") {
            let Some(student) = finding.students().first().and_then(|student| batch.students().get(*student)) else {
                continue;
            };
            let action = match (&self.retake, plain(&student.schedule())) {
                (None, when) if !when.is_empty() => format!("没有照片（安排：{when}），请补拍。"),
                _ => "没有照片，请补拍。".to_owned(),
            };
            let notice = Notice { who: self.masked(&student.words()), actions: vec![action] };
            self.lists.entry((Who::Student, student.place())).or_default().push(notice);
        }
        fs::create_dir_all(folder).or_trouble(|| unmade(folder))?;
        remove_earlier(folder)?;
        let mut written = BTreeMap::<String, String>::new();
        for who in [Who::Student, Who::Photographer, Who::Desk] {
            let lists =
                self.lists.iter().filter(|((of, _), _)| *of == who).map(|((_, place), notices)| (place, notices));
            let lists = lists.collect::<Vec<_>>();
            let retake = self.retake.as_deref();
            match who {
                _ if lists.is_empty() => {}
                Who::Student => {
                    for (place, notices) in lists {
                        let title = titled(place);
                        let name = unused(&file_name(&title), &written);
                        written.insert(name.to_lowercase(), name.clone());
                        let head = format!("{title} 照片整改通知");
                        keep(folder, &name, &page(&head, retake, &[("", notices)]))?;
                    }
                }
                Who::Photographer | Who::Desk => {
                    let (name, head) = match who {
                        Who::Photographer => ("摄影师", "需摄影师处理的照片（光线、背景、构图）"),
                        _ => ("文件处理", "需处理的照片文件（格式、大小、命名、重复）"),
                    };
                    let name = unused(name, &written);
                    written.insert(name.to_lowercase(), name.clone());
                    let titles = lists.iter().map(|(place, _)| titled(place)).collect::<Vec<_>>();
                    let parts = titles.iter().map(String::as_str).zip(lists.iter().map(|(_, notices)| *notices));
                    keep(folder, &name, &page(head, None, &parts.collect::<Vec<_>>()))?;
                }
            }
        }
        let names = written.values().map(|name| format!("{name}\n")).collect::<String>();
        whole::write(&folder.join(LIST), names.as_bytes()).or_trouble(|| unwritten(folder))
    }

    fn masked(&self, text: &str) -> String {
        if self.unmask { text.to_owned() } else { masked(text) }
    }
}

/// What fails a photo, by who can mend it, sentences as the rules word them.
fn failures(report: &Report) -> impl Iterator<Item = (Who, String)> + use<'_> {
    let fails = report.findings().iter().filter(|finding| finding.mark() == Some(Mark::Fail));
    fails.map(|finding| {
        let who = match finding.rule().group() {
            Group::Subject => Who::Student,
            Group::Capture | Group::Framing => Who::Photographer,
            Group::File => Who::Desk,
        };
        (who, finding.reason(Language::Zh))
    })
}

/// Removes what an earlier run wrote here, and nothing else.
fn remove_earlier(folder: &Path) -> anyhow::Result<()> {
    for name in fs::read_to_string(folder.join(LIST)).unwrap_or_default().lines() {
        let path = folder.join(name);
        // A name that leads elsewhere was not written here.
        if path.parent() == Some(folder) && path.exists() {
            fs::remove_file(&path).or_trouble(|| unremoved(&path))?;
        }
    }
    Ok(())
}

fn keep(folder: &Path, name: &str, page: &str) -> anyhow::Result<()> {
    let path = folder.join(name);
    whole::write(&path, page.as_bytes()).or_trouble(|| unwritten(&path))
}

fn titled(place: &Place) -> String {
    Some(place.words()).filter(|words| !words.is_empty()).unwrap_or_else(|| "未分班".to_owned())
}

/// A name that no other file of this run has, on file systems that take a.md and A.md for the same too.
fn unused(name: &str, written: &BTreeMap<String, String>) -> String {
    let numbered = (1..).map(|number| if number == 1 { format!("{name}.md") } else { format!("{name} {number}.md") });
    numbered.into_iter().find(|name| !written.contains_key(&name.to_lowercase())).unwrap_or_default()
}

fn page(head: &str, retake: Option<&str>, parts: &[(&str, &Vec<Notice>)]) -> String {
    let count = parts.iter().map(|(_, notices)| notices.len()).sum::<usize>();
    let mut page = format!("# {}\n\n共{count}项需要处理。\n", escaped(head));
    if let Some(retake) = retake {
        page += &format!("\n重拍安排：{}\n", escaped(retake));
    }
    let mut number = 0;
    for (title, notices) in parts {
        if !title.is_empty() {
            page += &format!("\n## {}\n", escaped(title));
        }
        for notice in *notices {
            number += 1;
            page += &format!("\n### {number}. {}\n\n", escaped(&notice.who));
            for action in &notice.actions {
                page += &format!("- {}\n", escaped(action));
            }
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
        let page = page("../<b>", Some("<i>"), &[("", &vec![notice])]);
        assert!(!page.contains('<') && !page.contains("[a]") && !page.contains("\n# b"), "{page}");
        assert_eq!(file_name("../a:b\u{202e}"), "_a_b\u{fffd}");
        assert_eq!(file_name(&"长".repeat(200)).chars().count(), 60);
    }
}
