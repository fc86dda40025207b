//! The students before the camera: who stands there, who is next, who of the class has no photo yet.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use gradphoto::batch::{Match, Student, folders};
use gradphoto::photo::Taken;
use gradphoto::{Fingerprint, Language, Roster};
use gradphoto_app::exposure::Exposure;

use crate::batch::lines;
use crate::line::Line;
use crate::output::counted;
use crate::output::record::{Outcome, plain};
use crate::trouble::{OrTrouble, unread, unwritten};

/// The list of photos and students, for `--assign` of the other commands.
const FILE_NAME: &str = "assigned.csv";
/// Students without a photo who are named; the others are counted.
const NAMED: usize = 12;

/// How photos find their students.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// By the names of files.
    Names,
    /// A scanner says who comes next.
    Scan,
    /// As they queue; a scanner may say who comes next.
    Order,
}

/// What there is to know of the students while a camera works.
pub struct Scene {
    /// The folder that is watched; those in it may tell classes.
    root: PathBuf,
    roster: Option<Roster>,
    by: By,
    language: Language,
    list: Option<File>,
    /// All students in the order in which they queue.
    queue: Vec<usize>,
    /// Who stands before the camera; in order, who comes next.
    current: Option<usize>,
    /// Of each student the last shot.
    shots: BTreeMap<usize, Outcome>,
    /// Whose each photo is that lies in the folder.
    owners: BTreeMap<String, (usize, Exposure)>,
    /// Who was shot last.
    last: Option<usize>,
    /// Photos before which nobody was scanned.
    strangers: Vec<String>,
}

/// What is said after a shot.
pub struct Told {
    /// Whom it shows.
    pub who: String,
    /// Whole lines on who is next and who is missing.
    pub next: String,
}

impl Scene {
    /// With an output folder, photos and students are written into its assigned.csv, behind what is there: who stands there has
    /// been shot. Otherwise nobody has come.
    pub fn new(
        root: &Path,
        roster: Option<Roster>,
        by: By,
        output: Option<&Path>,
        language: Language,
    ) -> anyhow::Result<Scene> {
        let list = output.filter(|_| by != By::Names).map(|folder| folder.join(FILE_NAME));
        let noted = list.as_deref().map(noted).transpose()?.unwrap_or_default();
        let list = list.map(|path| open(&path)).transpose()?;
        let queue = roster.as_ref().map(Roster::all_in_queue).unwrap_or_default();
        let mut scene = Scene {
            root: root.to_owned(),
            roster,
            by,
            language,
            list,
            queue,
            current: None,
            shots: BTreeMap::new(),
            owners: BTreeMap::new(),
            last: None,
            strangers: Vec::new(),
        };
        let pictures = output.map(pictures).unwrap_or_default();
        for (photo, key, outcome) in noted {
            if let Some(student) = scene.roster.as_ref().and_then(|roster| roster.keyed(&key)) {
                scene.note(student, outcome);
                // What lies elsewhere now leaves its name to the next shot.
                if Path::new(&photo).exists() {
                    let exposure = exposure(&photo, pictures.get(&photo).copied());
                    scene.owners.insert(photo, (student, exposure));
                }
            }
        }
        if by == By::Order {
            scene.current = scene.after(scene.last);
        }
        Ok(scene)
    }

    /// Whose a photo is that comes once more, as it does where a program writes into its file, or where its transfer had stopped.
    fn owner(&self, photo: &str, exposure: Exposure) -> Option<usize> {
        let (student, before) = self.owners.get(photo)?;
        (!exposure.is_other_than(*before)).then_some(*student)
    }

    fn note(&mut self, student: usize, outcome: Outcome) {
        self.shots.insert(student, outcome);
        self.last = Some(student);
    }

    /// What to do, at the start.
    pub fn welcome(&self) -> String {
        match (self.by, self.language) {
            (By::Names, _) => String::new(),
            (By::Scan, Language::Zh) => "每人拍摄前请扫采集码，或输入学号后按回车；同一人重拍不用再扫，以最后一张为准。\n".to_owned(),
            (By::Scan, Language::En) => {
                "Scan each student's code before the shot, or type the student number; retakes need no new scan, and the last one counts.\n".to_owned()
            }
            (By::Order, Language::Zh) => {
                format!("按顺序拍摄：输入 - 重拍上一人，输入 + 跳过未到的人，扫码或输入学号从该生起往下拍。\n{}", self.next())
            }
            (By::Order, Language::En) => format!(
                "In order: type - to retake the last student, + to skip one who did not come, a number to continue from that student.\n{}",
                self.next()
            ),
        }
    }

    /// A code was scanned or typed.
    pub fn scanned(&mut self, code: &str) -> String {
        if self.by == By::Order && matches!(code, "-" | "+" | "－" | "＋") {
            // Before the first shot there is nobody to retake.
            self.current =
                if matches!(code, "-" | "－") { self.last.or(self.current) } else { self.after(self.current) };
            return self.next();
        }
        match self.roster.as_ref().and_then(|roster| roster.keyed(code)) {
            Some(student) => {
                self.current = Some(student);
                let (who, warned) = (self.words(student), self.shots.contains_key(&student));
                match (self.language, warned) {
                    (Language::Zh, false) => format!("\n请拍：{who}\n"),
                    (Language::Zh, true) => format!("\n请重拍：{who}（已有照片，以新的为准）\n"),
                    (Language::En, false) => format!("\nShoot: {who}\n"),
                    (Language::En, true) => format!("\nShoot again: {who} (the new photo counts)\n"),
                }
            }
            None => {
                // Who is not known must not be taken for the one before.
                self.current = None;
                let code = plain(code);
                match self.language {
                    Language::Zh => format!("\x07\x07\x07\n名册上没有“{code}”，或不止一人；请重新扫码或输入学号。\n"),
                    Language::En => {
                        format!(
                            "\x07\x07\x07\n{code} is not on the roster, or not unique; scan again or type the number.\n"
                        )
                    }
                }
            }
        }
    }

    /// A photo was judged that shows this picture, where it could be read.
    pub fn shot(&mut self, photo: &str, picture: Option<Fingerprint>, outcome: Outcome) -> anyhow::Result<Told> {
        let path = Path::new(photo);
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let folders = folders(path, std::slice::from_ref(&self.root));
        let named = || match self.roster.as_ref().map(|roster| roster.find(&stem, &folders)) {
            Some(Match::One(student)) => Some(student),
            _ => None,
        };
        let exposure = exposure(photo, picture);
        let known = if self.by == By::Names { None } else { self.owner(photo, exposure) };
        let student = if self.by == By::Names { named() } else { known.or(self.current) };
        let Some(student) = student else {
            if self.by != By::Names {
                self.strangers.push(plain(&path.file_name().unwrap_or_default().to_string_lossy()));
            }
            let next = match (self.by, self.language) {
                (By::Names, _) => "",
                (_, Language::Zh) => "    ! 还没有扫码，这张照片没有对应到学生；请扫码后重拍。\n",
                (_, Language::En) => {
                    "    ! No code was scanned, so this photo belongs to nobody; scan and shoot again.\n"
                }
            };
            return Ok(Told { who: String::new(), next: next.to_owned() });
        };
        let last = self.last.filter(|_| known.is_some());
        self.note(student, outcome);
        self.owners.insert(photo.to_owned(), (student, exposure));
        self.last = last.or(self.last);
        let who = self.words(student);
        if let (Some(list), Some(roster)) = (&mut self.list, &self.roster) {
            let student = &roster.students()[student];
            let key = Some(student.number()).filter(|key| !key.is_empty()).map_or_else(|| student.key(), str::to_owned);
            let mut row = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
            row.write_record([photo, &key, &student.words(), outcome.word(self.language)])?;
            // One write, so that a stop leaves whole lines.
            list.write_all(&row.into_inner().map_err(|error| error.into_error())?)?;
        }
        if self.by == By::Order && known.is_none() {
            self.current = self.after(Some(student));
        }
        let missing = self.missing_of_class(student);
        Ok(Told { who, next: format!("{}{missing}", if self.by == By::Names { String::new() } else { self.next() }) })
    }

    /// How many students have a photo, at the end.
    pub fn summary(&self) -> String {
        let Some(roster) = &self.roster else { return String::new() };
        let (all, shot) = (roster.students().len(), self.shots.len());
        let done = self.shots.values().filter(|outcome| **outcome == Outcome::Pass).count();
        let counted = match self.language {
            Language::Zh => format!("名册 {all} 人：已拍 {shot}，其中合格 {done}\n"),
            Language::En => {
                format!("{} on the roster: photographed {shot}, pass {done}\n", counted(all, "student"))
            }
        };
        let (strangers, names) = (self.strangers.len(), self.strangers.join(" "));
        counted
            + &match self.language {
                _ if strangers == 0 => String::new(),
                Language::Zh => format!("没有对应到学生的照片 {strangers} 张：{names}\n"),
                Language::En => format!("Photos that are nobody's: {strangers}: {names}\n"),
            }
    }

    /// The next in the queue who has no photo yet.
    fn after(&self, student: Option<usize>) -> Option<usize> {
        let from = student.and_then(|student| self.queue.iter().position(|other| *other == student));
        let rest = &self.queue[from.map_or(0, |from| from + 1)..];
        rest.iter().copied().find(|student| !self.shots.contains_key(student))
    }

    fn next(&self) -> String {
        let next = match self.by {
            By::Order => self.current,
            _ => self.after(self.last),
        };
        match (next, self.language) {
            (Some(student), Language::Zh) => format!("    下一位：{}\n", self.words(student)),
            (Some(student), Language::En) => format!("    Next: {}\n", self.words(student)),
            (None, Language::Zh) => "    队列中没有下一位了。\n".to_owned(),
            (None, Language::En) => "    Nobody is left in the queue.\n".to_owned(),
        }
    }

    fn missing_of_class(&self, student: usize) -> String {
        let Some(roster) = &self.roster else { return String::new() };
        let place = roster.students()[student].place();
        let of_class = self.queue.iter().filter(|other| roster.students()[**other].place() == place);
        let missing = of_class.filter(|other| !self.shots.contains_key(other)).collect::<Vec<_>>();
        let names = missing.iter().take(NAMED).map(|other| plain(&roster.students()[**other].words()));
        let names = names.collect::<Vec<_>>().join(if self.language == Language::Zh { "、" } else { ", " });
        let more = if missing.len() > NAMED { "……" } else { "" };
        match (missing.len(), self.language) {
            (0, Language::Zh) => format!("    {} 已拍齐。\n", plain(&place.words())),
            (0, Language::En) => format!("    {}: everybody has a photo.\n", plain(&place.words())),
            (count, Language::Zh) => format!("    本班未拍 {count} 人：{names}{more}\n"),
            (count, Language::En) => format!("    Without a photo in the class ({count}): {names}{more}\n"),
        }
    }

    fn words(&self, student: usize) -> String {
        let student: Option<&Student> = self.roster.as_ref().and_then(|roster| roster.students().get(student));
        student
            .map_or(String::new(), |student| plain(format!("{} {}", student.words(), student.place().words()).trim()))
    }
}

/// What tells a photo from a later one under its name.
fn exposure(photo: &str, picture: Option<Fingerprint>) -> Exposure {
    Exposure { taken: Taken::of(Path::new(photo)), picture }
}

/// Photos, keys of their students and what came out, as an earlier run wrote them.
fn noted(path: &Path) -> anyhow::Result<Vec<(String, String, Outcome)>> {
    let list = match fs::read_to_string(path) {
        Ok(list) => list,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error).or_trouble(|| unread(path)),
    };
    let rows = csv::ReaderBuilder::new().flexible(true).from_reader(list.as_bytes());
    let read = |row: csv::StringRecord| {
        let outcome = Outcome::of_word(row.get(3)?)?;
        Some((row.get(0)?.to_owned(), row.get(1)?.to_owned(), outcome))
    };
    Ok(rows.into_records().filter_map(|row| read(row.ok()?)).collect())
}

/// What each photo showed when an earlier run judged it last.
fn pictures(folder: &Path) -> BTreeMap<String, Fingerprint> {
    // Without them a photo that comes again is taken for the same shot.
    let report = fs::read_to_string(folder.join(lines::FILE_NAME)).unwrap_or_default();
    let lines = report.lines().filter_map(|line| Line::from_json(line).ok());
    let shown = |line: Line| line.report().map(|report| (report.photo().to_owned(), report.fingerprint()));
    lines.filter_map(shown).collect()
}

/// Opens the list, with its heads where it is new.
fn open(path: &PathBuf) -> anyhow::Result<File> {
    let file = OpenOptions::new().create(true).append(true).open(path);
    let mut file = file.or_trouble(|| unwritten(path))?;
    if file.metadata()?.len() == 0 {
        file.write_all("\u{feff}照片,学号,学生,结论\r\n".as_bytes())?;
    }
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;
    use gradphoto::batch::Field;

    fn scene(by: By) -> Scene {
        scene_in(by, None)
    }

    fn scene_in(by: By, output: Option<&Path>) -> Scene {
        let students = [("1001", "张三", "1班"), ("1002", "张三", "2班")].map(|(number, name, class)| {
            let mut student = Student::new(0);
            for (field, value) in [(Field::StudentNumber, number), (Field::Name, name), (Field::Class, class)] {
                student.set(field, value);
            }
            student
        });
        Scene::new(Path::new("联机"), Some(Roster::new(students.to_vec())), by, output, Language::Zh).unwrap()
    }

    #[test]
    fn the_folder_of_a_class_tells_those_of_one_name_apart() {
        let mut scene = scene(By::Names);
        assert_eq!(scene.shot("联机/2班/张三.jpg", None, Outcome::Pass).unwrap().who, "张三 1002 2班");
        assert_eq!(scene.shot("联机/张三.jpg", None, Outcome::Pass).unwrap().who, "");
    }

    #[test]
    fn a_photo_that_comes_once_more_keeps_its_student_and_the_queue_its_place_over_a_restart() {
        let folder = std::env::temp_dir().join(format!("gradphoto-scene-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let one = folder.join("1.jpg").to_str().unwrap().to_owned();
        fs::write(&one, "no time").unwrap();
        let mut scene = scene_in(By::Order, Some(&folder));
        assert_eq!(scene.shot(&one, None, Outcome::Unreadable).unwrap().who, "张三 1001 1班");
        let again = scene.shot(&one, None, Outcome::Pass).unwrap();
        assert_eq!(again.who, "张三 1001 1班");
        assert!(again.next.contains("下一位：张三 1002 2班"));
        drop(scene);
        let mut scene = scene_in(By::Order, Some(&folder));
        assert!(scene.summary().contains("已拍 1，其中合格 1"));
        assert_eq!(scene.shot(&one, None, Outcome::Pass).unwrap().who, "张三 1001 1班");
        drop(scene);
        // The photos were taken away, and the camera counts anew.
        fs::remove_file(&one).unwrap();
        let mut scene = scene_in(By::Order, Some(&folder));
        assert_eq!(scene.shot(&one, None, Outcome::Pass).unwrap().who, "张三 1002 2班");
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_name_that_a_camera_gives_again_is_the_next_student_s_where_no_file_says_when_it_was_taken() {
        let picture = |light: u8| {
            let drawn = image::RgbImage::from_fn(64, 64, |x, y| image::Rgb([((x * y) as u8).wrapping_mul(light); 3]));
            Some(Fingerprint::of(&drawn))
        };
        let mut scene = scene(By::Order);
        let mut who = |picture| scene.shot("联机/DSC_0001.jpg", picture, Outcome::Pass).unwrap().who;
        assert_eq!(who(None), "张三 1001 1班", "half a file");
        assert_eq!(who(picture(1)), "张三 1001 1班", "the whole of it");
        assert_eq!(who(picture(3)), "张三 1002 2班");
    }

    #[test]
    fn nobody_loses_the_place_in_the_queue_before_the_first_shot() {
        let mut scene = scene(By::Order);
        assert_eq!(scene.scanned("-"), "    下一位：张三 1001 1班\n");
        scene.shot("联机/1.jpg", None, Outcome::Fail).unwrap();
        assert_eq!(scene.scanned("-"), "    下一位：张三 1001 1班\n");
    }
}
