//! The students before the camera: who stands there, who is next, who of the class has no photo yet.

mod late;

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use gradphoto::batch::{Match, Student, folders};
use gradphoto::photo::{Taken, shown};
use gradphoto::{Fingerprint, Language, Report, Roster};
use gradphoto_app::exposure::Exposure;
use gradphoto_app::turns::{Turns, correction, nobody};

use super::list::{FILE_NAME, List};
use crate::batch::lines;
use crate::line::Line;
use crate::output::counted;
use crate::output::record::{Outcome, plain};
use crate::trouble::{OrTrouble, Trouble, trouble};

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
    list: Option<List>,
    /// All students in the order in which they queue.
    queue: Vec<usize>,
    /// Who stands before the camera, one after the other; in order, who comes next.
    turns: Turns<Option<usize>>,
    /// All shots, in the order in which they came.
    shots: Vec<Shot>,
    /// What came out of each student's last one.
    done: BTreeMap<usize, Outcome>,
    /// Rows of the list that name nobody on the roster.
    unknown: usize,
    /// The last row of the list, where it has no end.
    unended: Option<String>,
}

/// A photo that has come.
struct Shot {
    photo: String,
    /// Whose it is; nobody's where nobody was scanned before it.
    student: Option<usize>,
    exposure: Exposure,
    outcome: Outcome,
    turn: usize,
    /// Who had the turn before, where the photo came so soon that it may be theirs.
    may_be: Option<usize>,
    /// Whether its file was there when this run began or came since: what lies elsewhere leaves its name to the next shot.
    is_there: bool,
}

impl Shot {
    /// One of an earlier run, whose file may have gone since, or given its name to another.
    fn before(photo: String, taken: Option<Taken>, student: Option<usize>, outcome: Outcome, judged: &Judged) -> Shot {
        let now = exposure(&photo, judged.get(&photo).and_then(|(picture, _)| *picture));
        let exposure = Exposure { taken: taken.or(now.taken), ..now };
        let is_there = Path::new(&photo).exists() && now.taken.is_none_or(|now| exposure.taken == Some(now));
        Shot { photo, student, exposure, outcome, turn: 0, may_be: None, is_there }
    }

    /// Whether both are one shot, by its name and its time.
    fn is_of(&self, other: &Shot) -> bool {
        self.photo == other.photo && self.exposure.taken == other.exposure.taken
    }

    /// Whether a person means it: by its name, with or without what stands behind the dot.
    fn is_called(&self, name: &str) -> bool {
        let photo = Path::new(&self.photo);
        [photo.file_name(), photo.file_stem()].into_iter().flatten().any(|part| part.eq_ignore_ascii_case(name))
    }

    /// Whether it lay there and does no more, as where a photographer deletes it.
    fn is_gone(&self) -> bool {
        self.is_there && !Path::new(&self.photo).exists()
    }
}

/// What is said after a shot.
pub struct Told {
    /// The name under which the same shot came before.
    pub before: Option<String>,
    /// Whom it shows.
    pub who: String,
    /// Whole lines on who is next and who is missing.
    pub next: String,
}

impl Scene {
    /// With an output folder, photos and students are written into its assigned.csv, behind what is there: who stands there has
    /// been shot. By names it is the photos that lie there and are in its report. Otherwise nobody has come.
    pub fn new(
        root: &Path,
        roster: Option<Roster>,
        by: By,
        output: Option<&Path>,
        language: Language,
    ) -> anyhow::Result<Scene> {
        let list = output.filter(|_| by != By::Names).map(|folder| folder.join(FILE_NAME));
        let (list, noted, unended) = match list {
            Some(path) => {
                let (list, noted, unended) = List::open(&path)?;
                (Some(list), noted, unended)
            }
            None => (None, Vec::new(), None),
        };
        let queue = roster.as_ref().map(Roster::all_in_queue).unwrap_or_default();
        let mut scene = Scene {
            root: root.to_owned(),
            roster,
            by,
            language,
            list,
            queue,
            turns: Turns::new(None),
            shots: Vec::new(),
            done: BTreeMap::new(),
            unknown: 0,
            unended,
        };
        let judged = output.map(judged).unwrap_or_default();
        for row in noted {
            let is_of_row = |shot: &Shot| shot.photo == row.photo && shot.exposure.taken == row.taken;
            if row.key.is_empty() {
                scene.shots.retain(|shot| !is_of_row(shot));
                continue;
            }
            let student = scene.roster.as_ref().and_then(|roster| roster.keyed(&row.key));
            let shot = Shot::before(row.photo, row.taken, student, row.outcome, &judged);
            if student.is_none() {
                scene.unknown += 1;
                continue;
            }
            let place = scene.shots.iter().position(|other| shot.is_of(other));
            match place {
                Some(place) if scene.shots[place].student == student => scene.shots[place] = shot,
                // The last word on a photo counts.
                Some(place) => {
                    scene.shots.remove(place);
                    scene.shots.push(shot);
                }
                None => scene.shots.push(shot),
            }
        }
        if by == By::Names {
            let here =
                judged.iter().filter(|(photo, _)| Path::new(photo).starts_with(root) && Path::new(photo).exists());
            let named = |(photo, (_, outcome)): (&String, &(_, Outcome))| {
                Shot::before(photo.clone(), None, scene.named(photo), *outcome, &judged)
            };
            let named = here.map(named).collect::<Vec<_>>();
            scene.shots.extend(named);
        }
        scene.count();
        if by == By::Order {
            scene.turns = Turns::new(scene.after(scene.last()));
        }
        Ok(scene)
    }

    /// Which of these photos that lie there were not counted, where students are counted.
    pub fn uncounted(&self, lying: &[PathBuf]) -> Vec<String> {
        if self.roster.is_none() {
            return Vec::new();
        }
        let known = self.shots.iter().map(|shot| shot.photo.as_str()).collect::<HashSet<_>>();
        lying.iter().map(|photo| shown(photo)).filter(|photo| !known.contains(photo.as_str())).collect()
    }

    /// The student whom the name of a photo and the folders above it mean.
    fn named(&self, photo: &str) -> Option<usize> {
        let path = Path::new(photo);
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        match self.roster.as_ref()?.find(&stem, &folders(path, std::slice::from_ref(&self.root))) {
            Match::One(student) => Some(student),
            _ => None,
        }
    }

    /// The shot that comes once more, as where a program writes into its file, gives it another name or a copy, or where its
    /// transfer had stopped.
    fn known(&self, photo: &str, exposure: Exposure) -> Option<usize> {
        let is_it = |shot: &Shot| shot.is_there && shot.photo == photo && !exposure.is_other_than(shot.exposure);
        // Where names tell whose a photo is, one under two names is two until the first is gone.
        let is_one = |shot: &Shot| self.by != By::Names || !Path::new(&shot.photo).exists();
        let is_same = |shot: &Shot| exposure.is_same_as(shot.exposure) && is_one(shot);
        self.shots.iter().position(is_it).or_else(|| self.shots.iter().rposition(is_same))
    }

    /// Who was shot last.
    fn last(&self) -> Option<usize> {
        self.shots.iter().rev().find_map(|shot| shot.student)
    }

    fn count(&mut self) {
        self.done = self.shots.iter().filter_map(|shot| Some((shot.student?, shot.outcome))).collect();
    }

    /// What to do, at the start.
    pub fn welcome(&self) -> String {
        let unknown = match (self.unknown, self.language) {
            (0, _) => String::new(),
            (rows, Language::Zh) => {
                format!("! {FILE_NAME} 有 {rows} 行的学号不在名册上，没有计入；请核对是否换了名册。\n")
            }
            (rows, Language::En) => format!(
                "! {} of {FILE_NAME} name nobody on the roster and were not counted; check whether it is the same roster.\n",
                counted(rows, "row")
            ),
        };
        let told = match (self.by, self.language) {
            (By::Names, _) => String::new(),
            (By::Scan, Language::Zh) => "每人拍摄前请扫采集码，或输入学号后按回车；同一人重拍不用再扫，以最后一张为准。上一张算错了人，输入 = 后扫码或输入学号改正。\n".to_owned(),
            (By::Scan, Language::En) => {
                "Scan each student's code before the shot, or type the student number; retakes need no new scan, and the last one counts. Where the last photo went to the wrong student, type = and the right number.\n".to_owned()
            }
            (By::Order, Language::Zh) => {
                format!("按顺序拍摄：输入 - 重拍上一人，输入 + 跳过未到的人，扫码或输入学号从该生起往下拍；上一张算错了人，输入 = 和学号改正。\n{}", self.next())
            }
            (By::Order, Language::En) => format!(
                "In order: type - to retake the last student, + to skip one who did not come, a number to continue from that student; where the last photo went to the wrong student, = and the right number.\n{}",
                self.next()
            ),
        };
        let unended = self.unended.as_deref().map_or(String::new(), |row| match self.language {
            Language::Zh => format!("! {FILE_NAME} 的最后一行没有写完（{row}），照写到的学号计入；请核对。\n"),
            Language::En => {
                format!("! The last row of {FILE_NAME} has no end ({row}) and counts as it stands; check it.\n")
            }
        });
        unended + &unknown + &told
    }

    /// Whether a code can only be heeded when the shots before it are known.
    pub fn must_wait(&self, code: &str) -> bool {
        self.by == By::Order && matches!(code, "-" | "+" | "－" | "＋")
    }

    /// A code was scanned or typed then.
    ///
    /// # Errors
    /// The list cannot be written.
    pub fn scanned(&mut self, code: &str, at: Instant) -> anyhow::Result<String> {
        if let Some((photo, code)) = correction(code) {
            let is_meant = |shot: &Shot| photo.is_empty() || shot.is_called(photo);
            let place = self.shots.iter().rposition(is_meant);
            if photo.is_empty() || place.is_some() {
                return self.corrected(place, code);
            }
        }
        if self.must_wait(code) {
            let now = self.turns.latest();
            // Before the first shot there is nobody to retake.
            *self.turns.of(self.turns.latest_turn()) =
                if matches!(code, "-" | "－") { self.last().or(now) } else { self.after(now) };
            return Ok(self.next());
        }
        // Who is not known must not be taken for the one before.
        let student = self.keyed(code);
        self.turns.begin(at, student);
        let Some(student) = student else { return Ok(self.nobody(code)) };
        let (who, warned) = (self.words(student), self.done.contains_key(&student));
        Ok(match (self.language, warned) {
            (Language::Zh, false) => format!("\n请拍：{who}\n"),
            (Language::Zh, true) => format!("\n请重拍：{who}（已有照片，以新的为准）\n"),
            (Language::En, false) => format!("\nShoot: {who}\n"),
            (Language::En, true) => format!("\nShoot again: {who} (the new photo counts)\n"),
        })
    }

    /// The photo at this place shows this student, who was scanned too late or not in turn.
    fn corrected(&mut self, place: Option<usize>, code: &str) -> anyhow::Result<String> {
        let Some(student) = self.keyed(code) else { return Ok(self.nobody(code)) };
        let is_last = place.is_some_and(|place| place + 1 == self.shots.len());
        let Some(shot) = place.and_then(|place| self.shots.get_mut(place)) else {
            return Ok(match self.language {
                Language::Zh => "    还没有照片可以改正。\n".to_owned(),
                Language::En => "    There is no photo yet to correct.\n".to_owned(),
            });
        };
        let before = shot.student.replace(student).filter(|before| *before != student);
        let (photo, exposure, outcome, turn) = (shot.photo.clone(), shot.exposure, shot.outcome, shot.turn);
        let is_of_before = shot.may_be == Some(student);
        self.list(&photo, exposure, student, outcome)?;
        self.count();
        // Who was called since has not been shot by that, and a photo that came late is not where the queue stands.
        let is_latest = (is_last || exposure.taken.is_some()) && self.overtaken(&photo, exposure).is_none();
        if turn == self.turns.latest_turn() && !is_of_before && is_latest {
            *self.turns.of(turn) = if self.by == By::Order { self.after(Some(student)) } else { Some(student) };
        }
        let (name, who) = (file_name(&photo), self.words(student));
        let told = match self.language {
            Language::Zh => format!("\n{name} 改为：{who}\n"),
            Language::En => format!("\n{name} now belongs to {who}\n"),
        };
        Ok(format!(
            "{told}{}{}",
            before.map_or(String::new(), |before| self.without(before)),
            self.next_after(Some(student))
        ))
    }

    fn keyed(&self, code: &str) -> Option<usize> {
        self.roster.as_ref()?.keyed(code)
    }

    fn nobody(&self, code: &str) -> String {
        format!("\x07\x07\x07\n{}\n", nobody(&plain(code)).get(self.language))
    }

    /// That a student has no photo any more, where it is so.
    fn without(&self, student: usize) -> String {
        match (self.done.contains_key(&student), self.language) {
            (true, _) => String::new(),
            (false, Language::Zh) => format!("    ! {} 没有别的照片，须重拍。\n", self.words(student)),
            (false, Language::En) => {
                format!("    ! {} has no other photo and must be shot again.\n", self.words(student))
            }
        }
    }

    /// A photo was judged that began to come then and shows this picture, where it could be read.
    pub fn shot(
        &mut self,
        photo: &str,
        came: Instant,
        picture: Option<Fingerprint>,
        outcome: Outcome,
    ) -> anyhow::Result<Told> {
        let exposure = exposure(photo, picture);
        let known = self.known(photo, exposure);
        let turn = known.map_or_else(|| self.turns.turn_at(came), |place| self.shots[place].turn);
        let is_in_queue = self.by == By::Order && known.is_none();
        let overtaken = is_in_queue.then(|| self.overtaken(photo, exposure)).flatten();
        let student = match (self.by, known) {
            (By::Names, _) => self.named(photo),
            (_, Some(place)) => self.shots[place].student,
            (_, None) if overtaken.is_some() => None,
            (_, None) => *self.turns.of(turn),
        };
        let haste = self.turns.in_haste(turn, came).filter(|_| known.is_none() && overtaken.is_none());
        let haste = haste.and_then(|(before, after)| Some((before.filter(|before| Some(*before) != student)?, after)));
        let may_be = haste.map(|(before, _)| before);
        let before = known.map(|place| self.shots[place].photo.clone());
        let lost = self.overwritten(photo, known)?.filter(|lost| Some(*lost) != student);
        let shot = Shot { photo: photo.to_owned(), student, exposure, outcome, turn, may_be, is_there: true };
        match known {
            Some(place) => self.shots[place] = shot,
            None => self.shots.push(shot),
        }
        self.count();
        let lost = lost.map_or(String::new(), |lost| self.lost(photo, lost));
        let Some(student) = student else {
            let next = overtaken.map_or_else(|| self.of_nobody().to_owned(), |later| self.late(photo, &later));
            return Ok(Told { before, who: String::new(), next: format!("{lost}{next}") });
        };
        let who = self.words(student);
        self.list(photo, exposure, student, outcome)?;
        if is_in_queue {
            *self.turns.of(turn) = self.after(Some(student));
        }
        let missing = self.missing_of_class(student);
        let haste = haste.map_or(String::new(), |(before, after)| self.in_haste(before, after));
        let next = if self.by == By::Names { String::new() } else { self.next_after(Some(student)) };
        Ok(Told { before, who, next: format!("{lost}{haste}{next}{missing}") })
    }

    /// Why a photo belongs to nobody, and what to do.
    fn of_nobody(&self) -> &'static str {
        match (self.by, self.language) {
            (By::Names, _) if self.roster.is_none() => "",
            (By::Names, Language::Zh) => {
                "    ! 按文件名没有对应到学生，或对应不止一人、前后矛盾；请核对，把文件名改成学号或姓名。\n"
            }
            (By::Names, Language::En) => {
                "    ! The file's name means nobody on the roster, several, or contradicts itself; check it and name the file by number or name.\n"
            }
            (_, Language::Zh) => "    ! 还没有扫码，这张照片没有对应到学生；请扫码后重拍，或输入 = 和学号指明是谁。\n",
            (_, Language::En) => {
                "    ! No code was scanned, so this photo belongs to nobody; scan and shoot again, or type = and the number of whom it shows.\n"
            }
        }
    }

    /// Whose shot was under this name before another took it: the file holds one, and the list must not give it away.
    fn overwritten(&mut self, photo: &str, known: Option<usize>) -> anyhow::Result<Option<usize>> {
        let place = self.shots.iter().position(|shot| shot.is_there && shot.photo == photo);
        let Some(place) = place.filter(|_| known.is_none()) else { return Ok(None) };
        let shot = self.shots.remove(place);
        if let (Some(list), Some(_)) = (&mut self.list, shot.student) {
            list.add(photo, shot.exposure.taken, ["", "", ""])?;
        }
        Ok(shot.student.filter(|_| self.by != By::Names))
    }

    /// That a photo came so soon after a scan that it may show who stood there before.
    fn in_haste(&self, before: usize, after: Duration) -> String {
        let (who, seconds) = (self.words(before), after.as_secs_f64());
        let number = self.roster.as_ref().map_or(String::new(), |roster| plain(&key(&roster.students()[before])));
        match self.language {
            Language::Zh => {
                format!("    ? 扫码后 {seconds:.1} 秒就到的照片；如果拍的还是 {who}，请输入 ={number} 改正。\n")
            }
            Language::En => {
                format!("    ? It came {seconds:.1} s after the scan; if it still shows {who}, type ={number}.\n")
            }
        }
    }

    fn lost(&self, photo: &str, student: usize) -> String {
        let (name, who) = (file_name(photo), self.words(student));
        let told = match self.language {
            Language::Zh => format!("    ! 原来的 {name} 是 {who} 的照片，已被这一张覆盖；相机请勿重复使用文件名。\n"),
            Language::En => format!(
                "    ! {name} was the photo of {who}, and this one took its place; let the camera give no name twice.\n"
            ),
        };
        told + &self.without(student)
    }

    /// Puts a photo on the list.
    fn list(&mut self, photo: &str, exposure: Exposure, student: usize, outcome: Outcome) -> anyhow::Result<()> {
        let (Some(list), Some(roster)) = (&mut self.list, &self.roster) else { return Ok(()) };
        let student = &roster.students()[student];
        list.add(photo, exposure.taken, [&key(student), &student.words(), outcome.word(self.language)])
            .or_trouble(|| unrecorded(photo, &student.words()))
    }

    /// How many students have a photo, at the end.
    pub fn summary(&self) -> String {
        let Some(roster) = &self.roster else { return String::new() };
        let (all, shot) = (roster.students().len(), self.done.len());
        let done = self.done.values().filter(|outcome| **outcome == Outcome::Pass).count();
        let counted = match self.language {
            Language::Zh => format!("名册 {all} 人：已拍 {shot}，其中合格 {done}\n"),
            Language::En => {
                format!("{} on the roster: photographed {shot}, pass {done}\n", counted(all, "student"))
            }
        };
        let strangers = self.shots.iter().filter(|shot| shot.student.is_none());
        let strangers = strangers.map(|shot| file_name(&shot.photo)).collect::<Vec<_>>();
        let (strangers, names) = (strangers.len(), strangers.join(" "));
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
        rest.iter().copied().find(|student| !self.done.contains_key(student))
    }

    fn next(&self) -> String {
        let next = match self.by {
            By::Order => self.turns.latest(),
            _ => self.after(self.last()),
        };
        match (next, self.language) {
            (Some(student), Language::Zh) => format!("    下一位：{}\n", self.words(student)),
            (Some(student), Language::En) => format!("    Next: {}\n", self.words(student)),
            (None, Language::Zh) => "    队列中没有下一位了。\n".to_owned(),
            (None, Language::En) => "    Nobody is left in the queue.\n".to_owned(),
        }
    }

    /// What to do after a shot of this student: whoever was called since stands there.
    fn next_after(&self, student: Option<usize>) -> String {
        let now = self.turns.latest().filter(|now| self.by == By::Scan && Some(*now) != student);
        match (now, self.language) {
            (None, _) => self.next(),
            (Some(now), Language::Zh) => format!("    现在请拍：{}\n", self.words(now)),
            (Some(now), Language::En) => format!("    To shoot now: {}\n", self.words(now)),
        }
    }

    fn missing_of_class(&self, student: usize) -> String {
        let Some(roster) = &self.roster else { return String::new() };
        let place = roster.students()[student].place();
        let is_of_class = |other: &usize| roster.students()[*other].place() == place;
        let missing = self.queue.iter().copied().filter(is_of_class).filter(|other| !self.done.contains_key(other));
        let missing = missing.collect::<Vec<_>>();
        let class = plain(&place.words());
        let [all, of_class] = match (class.is_empty(), self.language) {
            (true, Language::Zh) => ["名册上的人", "名册上"],
            (true, Language::En) => ["On the roster", "on the roster"],
            (false, Language::Zh) => [&class, "本班"],
            (false, Language::En) => [&class, "in the class"],
        };
        match (missing.len(), self.language) {
            (0, Language::Zh) => format!("    {all}已拍齐。\n"),
            (0, Language::En) => format!("    {all}: everybody has a photo.\n"),
            (count, Language::Zh) => format!("    {of_class}未拍 {count} 人：{}\n", self.names(&missing)),
            (count, Language::En) => format!("    Without a photo {of_class} ({count}): {}\n", self.names(&missing)),
        }
    }

    /// That photos of students are all gone since they came: all that is left of them is their rows. Of files that are being moved
    /// the old ones are gone before the new ones come.
    pub fn gone(&self) -> String {
        self.without_file(|_| true)
    }

    /// As [`gone`](Scene::gone), of the class that was shot last.
    pub fn gone_of_class(&self) -> String {
        let Some((roster, last)) = self.roster.as_ref().zip(self.last()) else { return String::new() };
        let place = |student: &usize| roster.students()[*student].place();
        let class = place(&last);
        self.without_file(|student| place(student) == class)
    }

    fn without_file(&self, is_asked: impl Fn(&usize) -> bool) -> String {
        let mut files = BTreeMap::<usize, bool>::new();
        for shot in &self.shots {
            if let Some(student) = shot.student.filter(&is_asked) {
                let has_file = files.entry(student).or_default();
                *has_file = *has_file || !shot.is_gone();
            }
        }
        let gone = files.into_iter().filter(|(_, has_file)| !has_file).map(|(student, _)| student).collect::<Vec<_>>();
        match (gone.len(), self.language) {
            (0, _) => String::new(),
            (count, Language::Zh) => {
                format!("    ! 照片已不在文件夹里的 {count} 人：{}；已删除的，请重拍。\n", self.names(&gone))
            }
            (count, Language::En) => format!(
                "    ! Students whose photos have left the folder ({count}): {}; where they were deleted, shoot again.\n",
                self.names(&gone)
            ),
        }
    }

    /// The first of these students; the others are counted.
    fn names(&self, students: &[usize]) -> String {
        let of = |student: &usize| Some(plain(&self.roster.as_ref()?.students().get(*student)?.words()));
        let names = students.iter().take(NAMED).filter_map(of).collect::<Vec<_>>();
        let more = if students.len() > NAMED { "……" } else { "" };
        names.join(if self.language == Language::Zh { "、" } else { ", " }) + more
    }

    fn words(&self, student: usize) -> String {
        let student: Option<&Student> = self.roster.as_ref().and_then(|roster| roster.students().get(student));
        student
            .map_or(String::new(), |student| plain(format!("{} {}", student.words(), student.place().words()).trim()))
    }
}

/// That a photo stands on no list, with its student where it has one.
pub fn unrecorded(photo: &str, who: &str) -> Trouble {
    let name = file_name(photo);
    let [zh, en] = if who.is_empty() { Default::default() } else { [format!("（{who}）"), format!(" ({who})")] };
    trouble(
        format!("{name}{zh}没有记下，改好后重新启动时请加 --existing"),
        format!("{name}{en} is not recorded; start again with --existing when this is mended"),
    )
}

/// What finds a student again on the roster.
fn key(student: &Student) -> String {
    let number = Some(student.number()).filter(|number| !number.is_empty() && student.has_own_key());
    number.map_or_else(|| student.key(), str::to_owned)
}

fn file_name(photo: &str) -> String {
    plain(&Path::new(photo).file_name().unwrap_or_default().to_string_lossy())
}

/// What tells a photo from a later one under its name.
fn exposure(photo: &str, picture: Option<Fingerprint>) -> Exposure {
    Exposure { taken: Taken::of(Path::new(photo)), picture }
}

/// What each photo showed when an earlier run judged it last, and what came out.
type Judged = BTreeMap<String, (Option<Fingerprint>, Outcome)>;

fn judged(folder: &Path) -> Judged {
    // Without them a photo that comes again is taken for the same shot.
    let report = fs::read(folder.join(lines::FILE_NAME)).unwrap_or_default();
    // A line that was torn takes no other along.
    let lines = report.split(|byte| *byte == b'\n').filter_map(|line| str::from_utf8(line).ok());
    let judged = |line: Line| {
        let report = line.report();
        let outcome = Outcome::of(report.map(Report::verdict));
        (line.photo().to_owned(), (report.map(Report::fingerprint), outcome))
    };
    lines.filter_map(|line| Line::from_json(line).ok()).map(judged).collect()
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
        assert_eq!(scene.shot("联机/2班/张三.jpg", Instant::now(), None, Outcome::Pass).unwrap().who, "张三 1002 2班");
        let both = scene.shot("联机/张三.jpg", Instant::now(), None, Outcome::Pass).unwrap();
        assert!(both.who.is_empty() && both.next.contains("对应不止一人"), "{}", both.next);
        assert!(scene.summary().ends_with("没有对应到学生的照片 1 张：张三.jpg\n"), "{}", scene.summary());
        let again = scene.shot("联机/2班/张三.jpg", Instant::now(), None, Outcome::Pass).unwrap();
        assert!(!again.next.contains("覆盖"), "{}", again.next);
    }

    #[test]
    fn by_names_a_restart_counts_what_was_judged_and_lies_there_and_says_what_was_not() {
        let folder = std::env::temp_dir().join(format!("gradphoto-again-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let error = r#"{"kind":"decode","message":"","reason":{"zh":"","en":""}}"#;
        let line = |name: &str| {
            let photo = folder.join(name).display().to_string().replace('\\', r"\\");
            format!(r#"{{"schema":{},"photo":"{photo}","verdict":"unreadable","error":{error}}}"#, gradphoto::SCHEMA)
        };
        let report = ["1001.jpg", "1002.jpg", "9.jpg"].map(line).join("\n");
        fs::write(folder.join(lines::FILE_NAME), [b"torn \xe5\x90\n", report.as_bytes()].concat()).unwrap();
        let lying = ["1001.jpg", "9.jpg", "张三.jpg"].map(|name| folder.join(name));
        lying.iter().for_each(|photo| fs::write(photo, "").unwrap());
        let scene = Scene::new(&folder, scene(By::Names).roster, By::Names, Some(&folder), Language::Zh).unwrap();
        let told = scene.summary();
        assert!(told.contains("已拍 1") && told.contains("没有对应到学生的照片 1 张：9.jpg"), "{told}");
        assert_eq!(scene.uncounted(&lying), [lying[2].to_str().unwrap()]);
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_seat_that_each_class_has_is_typed_with_the_name_and_listed_with_name_and_class() {
        let folder = std::env::temp_dir().join(format!("gradphoto-seats-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let students = [("张三", "1班"), ("王五", "2班")].map(|(name, class)| {
            let mut student = Student::new(0);
            for (field, value) in [(Field::StudentNumber, "1"), (Field::Name, name), (Field::Class, class)] {
                student.set(field, value);
            }
            student
        });
        let again = || {
            let roster = Roster::new(students.to_vec());
            Scene::new(Path::new("联机"), Some(roster), By::Scan, Some(&folder), Language::Zh).unwrap()
        };
        let mut scene = again();
        assert!(scene.scanned("1", Instant::now()).unwrap().contains("几人同号的输入“学号 姓名”"));
        assert!(scene.scanned("1 王五", Instant::now()).unwrap().contains("请拍：王五 1 2班"));
        assert_eq!(scene.shot("联机/1.jpg", Instant::now(), None, Outcome::Pass).unwrap().who, "王五 1 2班");
        drop(scene);
        let scene = again();
        assert_eq!((scene.unknown, scene.done.keys().copied().collect::<Vec<_>>()), (0, vec![1]));
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_photo_that_comes_once_more_keeps_its_student_and_the_queue_its_place_over_a_restart() {
        let folder = std::env::temp_dir().join(format!("gradphoto-scene-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let one = folder.join("1.jpg").to_str().unwrap().to_owned();
        fs::write(&one, "no time").unwrap();
        let mut scene = scene_in(By::Order, Some(&folder));
        assert_eq!(scene.shot(&one, Instant::now(), None, Outcome::Unreadable).unwrap().who, "张三 1001 1班");
        let again = scene.shot(&one, Instant::now(), None, Outcome::Pass).unwrap();
        assert_eq!(again.who, "张三 1001 1班");
        assert!(again.next.contains("下一位：张三 1002 2班"));
        drop(scene);
        let mut scene = scene_in(By::Order, Some(&folder));
        assert!(scene.summary().contains("已拍 1，其中合格 1"));
        assert_eq!(scene.shot(&one, Instant::now(), None, Outcome::Pass).unwrap().who, "张三 1001 1班");
        drop(scene);
        // The photos were taken away, and the camera counts anew.
        fs::remove_file(&one).unwrap();
        let mut scene = scene_in(By::Order, Some(&folder));
        assert_eq!(scene.shot(&one, Instant::now(), None, Outcome::Pass).unwrap().who, "张三 1002 2班");
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_name_that_a_camera_gives_again_is_the_next_student_s_where_no_file_says_when_it_was_taken() {
        let picture = |light: u8| {
            let drawn = image::RgbImage::from_fn(64, 64, |x, y| image::Rgb([((x * y) as u8).wrapping_mul(light); 3]));
            Some(Fingerprint::of(&drawn))
        };
        let mut scene = scene(By::Order);
        let mut who = |picture| scene.shot("联机/DSC_0001.jpg", Instant::now(), picture, Outcome::Pass).unwrap().who;
        assert_eq!(who(None), "张三 1001 1班", "half a file");
        assert_eq!(who(picture(1)), "张三 1001 1班", "the whole of it");
        assert_eq!(who(picture(3)), "张三 1002 2班");
    }

    #[test]
    fn nobody_loses_the_place_in_the_queue_before_the_first_shot() {
        let mut scene = scene(By::Order);
        assert_eq!(scene.scanned("-", Instant::now()).unwrap(), "    下一位：张三 1001 1班\n");
        scene.shot("联机/1.jpg", Instant::now(), None, Outcome::Fail).unwrap();
        assert_eq!(scene.scanned("-", Instant::now()).unwrap(), "    下一位：张三 1001 1班\n");
    }

    #[test]
    fn a_shot_under_another_name_or_in_a_copy_is_the_same_one_and_one_that_is_overwritten_is_told() {
        let picture = |light: u8| {
            let drawn = image::RgbImage::from_fn(64, 64, |x, y| image::Rgb([((x * y) as u8).wrapping_mul(light); 3]));
            Some(Fingerprint::of(&drawn))
        };
        let mut scene = scene(By::Order);
        let mut shot = |name: &str, light| scene.shot(name, Instant::now(), picture(light), Outcome::Pass).unwrap();
        shot("联机/tmp_1.jpg", 1);
        for name in ["联机/DSC_0001.jpg", "联机/备份/DSC_0001.jpg"] {
            let told = shot(name, 1);
            assert!(told.who.starts_with("张三 1001") && told.next.contains("下一位：张三 1002"), "{}", told.next);
        }
        assert_eq!(shot("联机/DSC_0002.jpg", 3).who, "张三 1002 2班");
        // A second card.
        assert_eq!(scene.scanned("1001", Instant::now()).unwrap(), "\n请重拍：张三 1001 1班（已有照片，以新的为准）\n");
        let told = scene.shot("联机/DSC_0002.jpg", Instant::now(), picture(5), Outcome::Pass).unwrap();
        assert!(told.next.contains("! 原来的 DSC_0002.jpg 是 张三 1002 2班 的照片，已被这一张覆盖"), "{}", told.next);
        assert!(told.next.contains("! 张三 1002 2班 没有别的照片，须重拍") && scene.summary().contains("已拍 1"));
    }

    #[test]
    fn a_shot_is_theirs_who_stood_there_when_it_began_to_come() {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let mut scene = scene(By::Scan);
        scene.scanned("1001", at(0)).unwrap();
        scene.scanned("1002", at(10)).unwrap();
        let told = scene.shot("联机/1.jpg", at(9), None, Outcome::Pass).unwrap();
        assert!(told.who.starts_with("张三 1001") && told.next.contains("现在请拍：张三 1002 2班"), "{}", told.next);
        // What is said of it changes nothing for who was called since.
        assert!(scene.scanned("=1001", at(11)).unwrap().contains("现在请拍：张三 1002 2班"));
        let told = scene.shot("联机/2.jpg", at(12), None, Outcome::Pass).unwrap();
        assert!(told.who.starts_with("张三 1002") && told.next.contains("? 扫码后 2.0 秒"), "{}", told.next);
        let told = scene.scanned("=1001", at(14)).unwrap();
        assert!(told.contains("现在请拍：张三 1002") && told.contains("! 张三 1002 2班 没有别的照片"), "{told}");
        let told = scene.shot("联机/3.jpg", at(15), None, Outcome::Pass).unwrap();
        assert!(told.who.starts_with("张三 1002") && !told.next.contains('?'), "{}", told.next);
    }

    #[test]
    fn the_list_goes_on_behind_whole_rows_and_says_which_name_nobody() {
        let folder = std::env::temp_dir().join(format!("gradphoto-list-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let list = folder.join(FILE_NAME);
        let open = |rows: &str| {
            fs::write(&list, format!("\u{feff}照片,学号,学生,结论\r\n{rows}")).unwrap();
            let mut scene = scene_in(By::Scan, Some(&folder));
            scene.scanned("1002", Instant::now()).unwrap();
            scene.shot("9.jpg", Instant::now(), None, Outcome::Pass).unwrap();
            let held = fs::read_to_string(&list).unwrap();
            (scene.welcome(), scene.summary(), held.lines().skip(1).map(str::to_owned).collect::<Vec<_>>())
        };
        let (whole, last) = ("1.jpg,1001,张三 1001,合格", "9.jpg,1002,张三 1002,合格,,1");
        for (rows, kept) in [
            (format!("{whole}\r\n2.j"), [whole, last].as_slice()),
            (whole.to_owned(), &[whole, last]),
            ("2.jpg,".to_owned(), &[last]),
            ("2.jpg,1001".to_owned(), &["2.jpg,1001", last]),
        ] {
            assert_eq!(open(&rows).2, kept, "{rows}");
        }
        let (told, counted, _) =
            open("1.jpg,7001,李四 7001,合格\r\n1.jpg,1001,张三 1001,合格\r\n1.jpg,1002,张三 1002,合格\r\n");
        assert!(
            told.starts_with("! assigned.csv 有 1 行的学号不在名册上") && counted.contains("已拍 1"),
            "{told}{counted}"
        );
        let (told, counted, _) = open("1.jpg,1001\r\n2.jpg,1002,张");
        assert!(
            told.starts_with("! assigned.csv 的最后一行没有写完（2.jpg,1002,张）")
                && counted.contains("已拍 2，其中合格 1")
        );
        for (others, why) in [(&b"\xd5\xc5\xc8\xfd\r\n"[..], "UTF-8"), ("我的座位表".as_bytes(), "rename it")] {
            fs::write(&list, others).unwrap();
            let refused = Scene::new(Path::new("联机"), None, By::Scan, Some(&folder), Language::Zh).err().unwrap();
            assert!(refused.to_string().contains(why), "{refused}");
            assert_eq!(fs::read(&list).unwrap(), others);
        }
        fs::remove_dir_all(&folder).unwrap();
    }
    #[test]
    fn what_a_shot_took_the_place_of_is_nobody_s_on_the_list_and_a_name_given_again_leaves_the_first_day_alone() {
        let folder = std::env::temp_dir().join(format!("gradphoto-given-again-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let photo = folder.join("1.jpg").to_str().unwrap().to_owned();
        fs::write(&photo, "no time").unwrap();
        let picture = |light: u8| {
            let drawn = image::RgbImage::from_fn(64, 64, |x, y| image::Rgb([((x * y) as u8).wrapping_mul(light); 3]));
            Some(Fingerprint::of(&drawn))
        };
        let mut scene = scene_in(By::Scan, Some(&folder));
        scene.scanned("1001", Instant::now()).unwrap();
        scene.shot(&photo, Instant::now(), picture(1), Outcome::Pass).unwrap();
        scene.scanned("9999", Instant::now()).unwrap();
        let told = scene.shot(&photo, Instant::now(), picture(3), Outcome::Pass).unwrap();
        assert!(told.next.contains("已被这一张覆盖"), "{}", told.next);
        let list = fs::read_to_string(folder.join(FILE_NAME)).unwrap();
        assert!(list.ends_with(&format!("{photo},,,,,2\r\n")), "{list}");
        drop(scene);
        assert!(scene_in(By::Scan, Some(&folder)).done.is_empty());
        // The rows of two days, sorted by a spreadsheet; the first day's photos were taken away.
        let rows = format!(
            "{photo},1002,,合格,20260521-083000,4\r\n{photo},1002,,合格,20260520-083000,1\r\n{photo},1001,,合格,20260520-083000,2\r\n"
        );
        fs::write(folder.join(FILE_NAME), format!("\u{feff}照片,学号,学生,结论,相机时间,记录序号\r\n{rows}")).unwrap();
        let scene = scene_in(By::Scan, Some(&folder));
        assert_eq!(scene.shots.iter().map(|shot| shot.student).collect::<Vec<_>>(), [Some(0), Some(1)]);
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn photos_that_were_deleted_are_told_and_a_roster_without_classes_has_a_name() {
        let folder = std::env::temp_dir().join(format!("gradphoto-deleted-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let roster = Roster::new(vec![{
            let mut student = Student::new(0);
            student.set(Field::StudentNumber, "1001");
            student
        }]);
        let mut scene = Scene::new(&folder, Some(roster), By::Names, None, Language::Zh).unwrap();
        let photo = folder.join("1001.jpg");
        fs::write(&photo, "").unwrap();
        let told = scene.shot(photo.to_str().unwrap(), Instant::now(), None, Outcome::Pass).unwrap();
        assert!(told.next.contains("    名册上的人已拍齐。") && scene.gone().is_empty(), "{}", told.next);
        fs::remove_file(&photo).unwrap();
        // What is being moved is gone before it comes: that is told in a calm.
        let moved = folder.join("1班-1001.jpg");
        fs::write(&moved, "").unwrap();
        let told = scene.shot(moved.to_str().unwrap(), Instant::now(), None, Outcome::Pass).unwrap();
        assert!(!told.next.contains("照片已不在"), "{}", told.next);
        fs::remove_file(&moved).unwrap();
        assert_eq!(scene.gone_of_class(), scene.gone());
        assert!(scene.gone().contains("照片已不在文件夹里的 1 人：1001；已删除的，请重拍"), "{}", scene.gone());
        fs::remove_dir_all(&folder).unwrap();
    }
}
