//! Who must do what: students a file a class, the photographer, and whoever keeps the files; each to print, and as a text to
//! paste into a chat.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use gradphoto::Group;
use gradphoto::batch::{Field, Place, Status, Student, masked_apart, safe_name, without_id_numbers};
use gradphoto::{BatchReport, Finding, Language};

use super::document::{Cell, Document};
use super::{Case, refused, titled, unopened, vendor};
use crate::line::Line;
use crate::output::batch::to_reprocess;
use crate::output::record::plain;
use crate::own::{Kind, OwnFiles};

/// Notices in Chinese.
pub struct Notices {
    unmask: bool,
    /// Date, time and place of the retake, where they are given.
    retake: Option<String>,
    /// Whether photos are a camera's frames, whose files are nobody's business.
    is_capture: bool,
    lists: BTreeMap<(Who, Place), Vec<Notice>>,
}

/// What is to be done for a student of whom there is only a file that was not looked at.
const OTHER_FILE: &str =
    "没有可以检查的照片，只有 RAW 原片、压缩包、文档等没有查看的文件，请导出为 JPEG、解压或重新下载后再检查。";

/// How whoever keeps the files mends them.
const REPROCESS: &str = "尺寸、大小、格式和裁剪的问题，用 gradphoto prepare 照片 --output 改好 一次解决；品质太低或打不开的，用原片重新导出。";

/// What whoever keeps the files need not do.
const NO_RETAKE: &str = "学生不必重拍。";

/// Who must act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Who {
    Student,
    Photographer,
    Desk,
}

impl Who {
    const ALL: [Who; 3] = [Who::Student, Who::Photographer, Who::Desk];
}

/// What is to be done for one photo or student.
struct Notice {
    who: String,
    /// Whether that is a person, to be masked.
    is_person: bool,
    actions: Vec<String>,
}

impl Notices {
    /// No notices yet; `unmask` shows names and numbers in full, `retake` says when and where.
    pub fn new(unmask: bool, retake: Option<&str>, is_capture: bool) -> Notices {
        Notices { unmask, retake: retake.map(str::to_owned), is_capture, lists: BTreeMap::new() }
    }

    /// Adds a photo, if something is to be done about it. What a person has yet to look at is
    /// nobody's order.
    pub fn add(&mut self, case: &Case<'_>) {
        let Case { batch, place, line, notes, counts, .. } = *case;
        let photo = &batch.photos()[place];
        if photo.is_set_aside() {
            return;
        }
        let mut actions = Vec::<(Who, String)>::new();
        let status = photo.status();
        if counts && matches!(status, Status::Reprocess | Status::Retake) {
            let note = photo.decided().map_or("", |decided| &decided.note);
            match (refused(photo, line, note), line) {
                (Some(why), _) => actions.push((Who::Student, why)),
                (None, Line::Report(report)) => {
                    let failures =
                        report.failures().filter(|failure| !self.is_capture || failure.rule().group() != Group::File);
                    actions.extend(orders(failures.collect(), status));
                }
                (None, Line::Failure(failure)) => {
                    actions.push((Who::Desk, unopened(failure)));
                    actions.extend((status == Status::Reprocess).then(|| (Who::Desk, NO_RETAKE.to_owned())));
                }
            }
        }
        // What names other students stays in the page.
        let open = notes.iter().filter(|finding| !finding.is_settled() && finding.students().is_empty());
        actions.extend(open.map(|finding| {
            let others = finding.photos().iter().filter(|other| **other != place);
            let others = others.map(|other| self.findable(batch.photos()[*other].name())).collect::<Vec<_>>();
            let is_one_picture = finding.rule().id == "duplicate-photo";
            let also = if is_one_picture { format!("另见：{}。", others.join("、")) } else { String::new() };
            (Who::Desk, finding.reason().zh.clone() + &also)
        }));
        let file = Path::new(photo.name()).file_stem().unwrap_or_default().to_string_lossy();
        let student = batch.student_of(photo);
        for who in Who::ALL {
            let actions = actions.iter().filter(|(other, _)| *other == who).map(|(_, action)| action.clone());
            let actions = actions.collect::<Vec<_>>();
            // Nobody on the roster is meant: whoever keeps the files finds out first.
            if who == Who::Student && student.is_none() && !batch.students().is_empty() {
                continue;
            }
            // The company need not know whose it is; whoever keeps the files must find them.
            let named = match who {
                Who::Student => student.map(named),
                Who::Photographer => vendor::shot_in_words(batch, photo).map(|shot| (shot, false)),
                Who::Desk => Some((self.findable(photo.name()), false)),
            };
            let (named, is_person) = named.unwrap_or_else(|| (file.to_string(), !vendor::is_counted(&file)));
            if !actions.is_empty() {
                let notice = Notice { who: named, is_person, actions };
                self.lists.entry((who, batch.place_of(photo))).or_default().push(notice);
            }
        }
    }

    /// Writes the files, those without a photo included, in place of those of an earlier run.
    pub fn write(mut self, folder: &Path, batch: &BatchReport) -> anyhow::Result<()> {
        let called = batch.called().into_iter().collect::<BTreeSet<_>>();
        for finding in batch.findings() {
            let Some(place) = finding.students().first() else { continue };
            let Some(student) = batch.students().get(*place) else { continue };
            match finding.kind() {
                "missing" if called.contains(place) => {}
                // The photo may be there: a file is to be seen to before anybody is called.
                "other-file" => {
                    let who = self.findable(&student.words());
                    let notice = Notice { who, is_person: false, actions: vec![OTHER_FILE.to_owned()] };
                    self.lists.entry((Who::Desk, student.place())).or_default().push(notice);
                    continue;
                }
                _ => continue,
            }
            let action = match (&self.retake, plain(&student.schedule())) {
                (None, when) if !when.is_empty() => format!("没有照片（安排：{when}），请补拍。"),
                _ => "没有照片，请补拍。".to_owned(),
            };
            let (who, is_person) = named(student);
            let notice = Notice { who, is_person, actions: vec![action] };
            self.lists.entry((Who::Student, student.place())).or_default().push(notice);
        }
        let of_all =
            batch.findings().iter().filter(|finding| finding.photos().is_empty() && finding.students().is_empty());
        for finding in of_all {
            let notice =
                Notice { who: "整批照片".to_owned(), is_person: false, actions: vec![finding.reason().zh.clone()] };
            self.lists.entry((Who::Photographer, Place::default())).or_default().push(notice);
        }
        if !self.unmask {
            self.lists.values_mut().for_each(|notices| mask(notices));
        }
        let mut own = OwnFiles::open(folder, Kind::Notices)?;
        for who in Who::ALL {
            let lists = self.lists.iter().filter(|((of, _), _)| *of == who);
            let lists = lists.map(|((_, place), notices)| (titled(place), notices)).collect::<Vec<_>>();
            match who {
                _ if lists.is_empty() => {}
                Who::Student => {
                    for (title, notices) in lists {
                        let lead = self.retake.as_ref().map(|retake| format!("重拍安排：{retake}"));
                        let called = format!("{title} 照片整改通知");
                        let name = safe_name(&called);
                        Page { title: called, lead, parts: vec![(&title, notices)] }.keep(&mut own, &name)?;
                    }
                }
                Who::Photographer | Who::Desk => {
                    let (name, title, lead) = match who {
                        Who::Photographer => ("摄影师", "需摄影师处理的照片（光线、背景、构图）", None),
                        _ => (
                            "文件处理",
                            "需处理的照片文件（格式、大小、裁剪、命名、重复）",
                            (to_reprocess(batch) > 0).then(|| REPROCESS.to_owned()),
                        ),
                    };
                    let parts = lists.iter().map(|(title, notices)| (title.as_str(), *notices)).collect();
                    Page { title: title.to_owned(), lead, parts }.keep(&mut own, name)?;
                }
            }
        }
        own.finish()
    }

    /// By what a file can be found: all but numbers of identity documents.
    fn findable(&self, text: &str) -> String {
        if self.unmask { text.to_owned() } else { without_id_numbers(text) }
    }
}

/// The words for a student, and whether they are to be masked.
fn named(student: &Student) -> (String, bool) {
    // Of who has no name and no number there is but an identity number, masked already.
    (student.words(), !student.get(Field::Name).is_empty() || !student.number().is_empty())
}

/// Masks the persons of one part, each so that it is told from the others.
fn mask(notices: &mut [Notice]) {
    let persons = notices.iter_mut().filter(|notice| notice.is_person).collect::<Vec<_>>();
    let masked = masked_apart(&persons.iter().map(|notice| &*notice.who).collect::<Vec<_>>());
    persons.into_iter().zip(masked).for_each(|(notice, masked)| notice.who = masked);
}

/// What fails a photo, by who can mend it, sentences as the rules word them. Who is called for another shot hears why, though
/// nothing is theirs to mend; what is wrong with the old file is nobody's business then.
fn orders(failures: Vec<&Finding>, status: Status) -> Vec<(Who, String)> {
    let who = |failure: &Finding| match failure.rule().group() {
        Group::Subject => Who::Student,
        Group::Capture | Group::Framing if status == Status::Retake => Who::Photographer,
        _ => Who::Desk,
    };
    let is_open = |failure: &&&Finding| status == Status::Reprocess || who(failure) != Who::Desk;
    let mut orders =
        failures.iter().filter(is_open).map(|failure| (who(failure), failure.reason(Language::Zh))).collect::<Vec<_>>();
    if status == Status::Reprocess {
        orders.push((Who::Desk, NO_RETAKE.to_owned()));
    } else if !orders.iter().any(|(who, _)| *who == Who::Student) {
        let names = failures.iter().filter(|failure| who(failure) == Who::Photographer);
        let names = names.map(|failure| failure.name().zh).collect::<Vec<_>>();
        orders.push((Who::Student, format!("请来重拍，由摄影师调整：{}。", names.join("、"))));
    }
    orders
}

/// One notice: parts with a title of their own, that of a class with one part of this class.
struct Page<'a> {
    title: String,
    /// What holds for all of them.
    lead: Option<String>,
    parts: Vec<(&'a str, &'a Vec<Notice>)>,
}

impl Page<'_> {
    fn keep(&self, own: &mut OwnFiles, name: &str) -> anyhow::Result<()> {
        own.write(name, "docx", &self.document()?)?;
        own.write(name, "txt", &[b"\xef\xbb\xbf", self.chat().as_bytes()].concat())?;
        Ok(())
    }

    fn count(&self) -> usize {
        self.parts.iter().map(|(_, notices)| notices.len()).sum()
    }

    fn document(&self) -> anyhow::Result<Vec<u8>> {
        let mut document = Document::new().title(&self.title, false);
        if let Some(lead) = &self.lead {
            document = document.line(lead);
        }
        document = document.line(&format!("共{}项需要处理。", self.count()));
        let mut number = 0;
        for (title, notices) in &self.parts {
            // Tables without a line between them are one to Word.
            if number > 0 {
                document = document.line("");
            }
            let rows = notices.iter().map(|notice| {
                number += 1;
                let actions = notice.actions.iter().map(|action| plain(action)).collect::<Vec<_>>().join("\n");
                [number.to_string(), plain(&notice.who), actions].map(Cell::Text).into_iter().collect()
            });
            document =
                document.table(title, &[(1, "序号"), (3, "照片或学生"), (9, "需要做什么")], rows.collect(), None);
        }
        document.bytes()
    }

    /// Plain text, as it is read in a chat.
    fn chat(&self) -> String {
        let mut text = format!("【{}】\r\n", plain(&self.title));
        if let Some(lead) = &self.lead {
            text += &format!("{}\r\n", plain(lead));
        }
        text += &format!("共{}项需要处理。\r\n", self.count());
        let mut number = 0;
        for (title, notices) in &self.parts {
            if !self.title.starts_with(title) {
                text += &format!("\r\n{}\r\n", plain(title));
            }
            for notice in *notices {
                number += 1;
                let actions = notice.actions.iter().map(|action| plain(action)).collect::<String>();
                text += &format!("{number}. {}：{actions}\r\n", plain(&notice.who));
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notice(who: &str, is_person: bool, actions: &[&str]) -> Notice {
        Notice { who: who.to_owned(), is_person, actions: actions.iter().map(|action| (*action).to_owned()).collect() }
    }

    #[test]
    fn persons_are_masked_once_and_each_told_from_the_others() {
        let student = |cells: &[(Field, &str)]| {
            let mut student = Student::new(2);
            cells.iter().for_each(|(field, value)| student.set(*field, value));
            named(&student)
        };
        let id = (Field::IdNumber, "11010519491231002X");
        let mut notices = [
            student(&[id]),
            student(&[id, (Field::Name, "张三")]),
            student(&[id, (Field::StudentNumber, "20210001")]),
            student(&[(Field::Name, "王小明"), (Field::StudentNumber, "20210157")]),
            student(&[(Field::Name, "王大力"), (Field::StudentNumber, "20210257")]),
            ("DSC_0143".to_owned(), false),
        ]
        .map(|(who, is_person)| notice(&who, is_person, &[]));
        mask(&mut notices);
        let masked = notices.iter().map(|notice| &*notice.who).collect::<Vec<_>>();
        assert_eq!(masked, ["1101****002X", "张*", "20****01", "王** 20***157", "王** 20***257", "DSC_0143"]);
    }

    #[test]
    fn a_chat_is_plain_lines_whatever_names_hold() {
        let notices = vec![
            notice("张*\n2. 李四", false, &["请闭嘴。", "请摘帽。"]),
            notice("王*", false, &["没有照片，请补拍。"]),
        ];
        let page = Page {
            title: "软件1班 通知".to_owned(),
            lead: Some("重拍安排：周五".to_owned()),
            parts: vec![("软件1班", &notices)],
        };
        let chat = page.chat();
        let lines = chat.lines().collect::<Vec<_>>();
        assert_eq!(lines[..3], ["【软件1班 通知】", "重拍安排：周五", "共2项需要处理。"]);
        assert_eq!(lines[3..], ["1. 张*\u{fffd}2. 李四：请闭嘴。请摘帽。", "2. 王*：没有照片，请补拍。"]);
        assert_eq!(page.document().expect("a document"), page.document().expect("a document"), "the same each time");
    }
}
