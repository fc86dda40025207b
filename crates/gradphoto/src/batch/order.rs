//! Whose photo is whose by the order of the shots, as students queue: by 拍摄序号, else by 学号 within a class.
//!
//! The camera's folders say which queue is meant: one that names a department, class or session holds its students. Nobody is
//! recognised; where numbers of photos and students differ, or the pauses between shots fit another order much better, all
//! photos in doubt go to a person, with the shift that would mend it.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::path::Path;

use super::field::Field;
use super::names::{exact, folded, number};
use super::pauses::{self, Step};
use super::place::stem;
use super::roster::{Match, Roster, Student};
use super::students::reason;
use crate::photo::Taken;
use crate::text::Reason;

/// A photo among the shots of a camera.
#[derive(Clone, Debug)]
pub struct Shot {
    /// Name, as it was given.
    pub photo: String,
    /// The folders it lies in.
    pub folders: Vec<String>,
    /// When it was taken, where the file says so.
    pub taken: Option<Taken>,
}

/// What a person says of the order.
#[derive(Clone, Debug, Default)]
pub struct Queues {
    /// Where it slips.
    pub shifts: Vec<Shift>,
    /// Numbers or names of students who did not come; `FOLDER=NUMBER` for one who did not come to the queue of a list.
    pub absent: Vec<String>,
    /// Who queued before the camera whose folder has this name, where that is not what its name says, as for retakes.
    pub lists: Vec<(String, Vec<Student>)>,
}

/// From a photo on, the order is another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shift {
    photo: String,
    to: To,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum To {
    /// So many students further than in order; -1 is the one before, again.
    Further(i32),
    /// This student.
    Student(String),
}

impl Shift {
    /// Reads `IMG_0042.jpg:+1` (one student did not come before it), `IMG_0042.jpg:-1` (the student before was shot again)
    /// or `IMG_0042.jpg=20210017` (it shows this student); the others follow. `IMG_0042.jpg` alone means `:+1`.
    ///
    /// # Errors
    /// What a shift looks like.
    pub fn parse(text: &str) -> Result<Shift, Reason> {
        let text = text.trim();
        let shift = |photo: &str, to| Shift { photo: photo.trim().replace('\\', "/"), to };
        let further = text.rsplit_once(':').and_then(|(photo, by)| Some((photo, by.trim().parse::<i32>().ok()?)));
        let read = match (further, text.rsplit_once('=')) {
            (Some((photo, by)), _) if by != 0 => shift(photo, To::Further(by)),
            (_, Some((photo, student))) if !student.trim().is_empty() => {
                shift(photo, To::Student(student.trim().to_owned()))
            }
            _ => shift(text, To::Further(1)),
        };
        match read.photo.as_str() {
            "" => Err(reason(
                format!(
                    "“{text}”不是错位说明；写法如 IMG_0042.jpg:+1（此前一人未到）、IMG_0042.jpg:-1（上一人重拍）、IMG_0042.jpg=学号。"
                ),
                format!(
                    "{text} does not say where the order slips; write IMG_0042.jpg:+1 (a student did not come), IMG_0042.jpg:-1 (the previous student again) or IMG_0042.jpg=NUMBER."
                ),
            )),
            _ => Ok(read),
        }
    }
}

/// Photos by what people call them: the end of the name from a folder on, with or without extension.
struct Called(HashMap<String, Vec<usize>>);

impl Called {
    fn new(shots: &[Shot]) -> Called {
        let mut called = HashMap::<_, Vec<usize>>::new();
        for (place, shot) in shots.iter().enumerate() {
            let name = shot.photo.replace('\\', "/");
            let stem = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem);
            for whole in [name.as_str(), stem] {
                let ends = whole.match_indices('/').map(|(at, _)| &whole[at + 1..]);
                for end in ends.chain([whole]) {
                    called.entry(end.to_owned()).or_default().push(place);
                }
            }
        }
        Called(called)
    }

    /// The photo that is meant.
    fn find(&self, photo: &str) -> Result<usize, Reason> {
        match self.0.get(photo.trim_start_matches("./").replace('\\', "/").as_str()).map(Vec::as_slice) {
            Some([place]) => Ok(*place),
            Some([_, ..]) => Err(reason(
                format!("叫“{photo}”的照片有几张，请写上文件夹。"),
                format!("Several photos are called {photo}; give the folder too."),
            )),
            _ => Err(reason(
                format!("没有照片“{photo}”，请核对文件名。"),
                format!("There is no photo {photo}; check the file name."),
            )),
        }
    }
}

/// Photos whose students are uncertain because the order may have slipped.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Slip {
    /// Places of the photos.
    pub photos: Vec<usize>,
    /// What does not fit, and what to do.
    pub reason: Reason,
    /// The options that would put it right, as the pauses suggest: `--shift …`; empty where nothing suggests any.
    pub options: Vec<String>,
}

/// Whose each photo is.
#[derive(Clone, Debug, Default)]
pub struct Assignment {
    /// For each photo whom it means; `None` where its name decides.
    pub(super) matches: Vec<Option<Match>>,
    /// Photos whose student was shot again later.
    pub(super) replaced: Vec<usize>,
    pub(super) slips: Vec<Slip>,
}

impl Assignment {
    /// The student of a photo by its place.
    pub fn student(&self, photo: usize) -> Option<usize> {
        match self.matches.get(photo)? {
            Some(Match::One(student)) => Some(*student),
            _ => None,
        }
    }

    /// Where the order may have slipped.
    pub fn slips(&self) -> &[Slip] {
        &self.slips
    }

    /// Whether the student of a photo was shot again later.
    pub fn is_replaced(&self, photo: usize) -> bool {
        self.replaced.contains(&photo)
    }

    /// Of several photos of a student the last counts: of those that are assigned here.
    pub(super) fn replace(&mut self, shots: &[Shot]) {
        let mut order = (0..shots.len()).collect::<Vec<_>>();
        if shots.iter().all(|shot| shot.taken.is_some()) {
            order.sort_by_key(|place| shots[*place].taken);
        }
        let mut latest = HashMap::new();
        for place in order {
            if let Some(student) = self.student(place)
                && let Some(earlier) = latest.insert(student, place)
            {
                self.replaced.push(earlier);
            }
        }
        self.replaced.sort_unstable();
    }
}

/// The students before one camera, and their photos in order.
struct Run {
    title: String,
    photos: Vec<usize>,
    students: Vec<usize>,
}

/// Columns that folders are named by.
const PLACES: [Field; 4] = [Field::Department, Field::Major, Field::Class, Field::Session];

impl Roster {
    /// Gives photos to students by the order of the shots.
    ///
    /// # Errors
    /// Shifts and students that are not there, all at once.
    pub fn in_order(&self, shots: &[Shot], queues: &Queues) -> Result<Assignment, Vec<Reason>> {
        let mut problems = Vec::new();
        let mut absent = Vec::new();
        for text in &queues.absent {
            let (folder, key) = text.split_once('=').map_or((None, text.as_str()), |(folder, key)| (Some(folder), key));
            let list = folder.map(|folder| queues.lists.iter().position(|(known, _)| folded(known) == folded(folder)));
            match (self.keyed(key.trim()), list) {
                (Some(student), None) => absent.push((None, student)),
                (Some(student), Some(Some(list))) => absent.push((Some(list), student)),
                _ => problems.push(unknown_student(text)),
            }
        }
        let mut shifts = HashMap::<usize, Vec<&To>>::new();
        let called = Called::new(shots);
        for shift in &queues.shifts {
            match called.find(&shift.photo) {
                Ok(place) => shifts.entry(place).or_default().push(&shift.to),
                Err(problem) => problems.push(problem),
            }
        }
        let mut assignment = Assignment { matches: vec![None; shots.len()], ..Assignment::default() };
        for run in self.runs(shots, queues, &absent, &mut problems) {
            self.walk(&run, shots, &shifts, &mut assignment, &mut problems);
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        assignment.replace(shots);
        Ok(assignment)
    }

    /// Gives photos to students as a list of photos and numbers or names says, such as the one that a scanner made; where it
    /// names a photo twice, the last counts. Other photos go by their names.
    ///
    /// # Errors
    /// Students that are not on the roster, all at once.
    pub fn by_list(&self, shots: &[Shot], list: &[(String, String)]) -> Result<Assignment, Vec<Reason>> {
        let called = Called::new(shots);
        let mut problems = Vec::new();
        let mut assignment = Assignment { matches: vec![None; shots.len()], ..Assignment::default() };
        for (photo, key) in list {
            // A photo that is not there any more is no problem.
            let Ok(place) = called.find(photo) else { continue };
            match self.keyed(key) {
                Some(student) => assignment.matches[place] = Some(Match::One(student)),
                None => problems.push(unknown_student(key)),
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        assignment.replace(shots);
        Ok(assignment)
    }

    /// All students in the order in which they queue, those who have been collected already left out.
    pub fn all_in_queue(&self) -> Vec<usize> {
        self.queue(&[])
    }

    /// The student whom a number or name means as a whole, if it is one.
    pub fn keyed(&self, key: &str) -> Option<usize> {
        match self.find(key, &[]) {
            Match::One(student) => Some(student),
            _ => None,
        }
    }

    /// The queues with their photos, in the order of the first photo of each. Photos that a name already gives to a student
    /// are in none.
    fn runs<'a>(
        &'a self,
        shots: &[Shot],
        queues: &Queues,
        absent: &[(Option<usize>, usize)],
        problems: &mut Vec<Reason>,
    ) -> Vec<Run> {
        let mut cells = HashMap::<&str, Vec<(Field, &'a str)>>::new();
        let known = PLACES.map(|field| {
            let mut known = self.students().iter().map(|student| student.get(field)).collect::<Vec<_>>();
            known.sort_unstable();
            known.dedup();
            known.retain(|cell| !cell.is_empty());
            known
        });
        let mut runs = Vec::<(Vec<(Field, &'a str)>, Option<usize>, Vec<usize>)>::new();
        for (place, shot) in shots.iter().enumerate() {
            if matches!(self.find(&stem(&shot.photo), &shot.folders), Match::One(_)) {
                continue;
            }
            let listed = queues.lists.iter().position(|(folder, _)| {
                shot.folders.iter().any(|name| folded(name) == folded(folder))
                    || Path::new(&shot.photo).starts_with(Path::new(folder))
            });
            let mut meant = Vec::new();
            for folder in shot.folders.iter().filter(|_| listed.is_none()) {
                let found = cells.entry(folder.as_str()).or_insert_with(|| {
                    let name = folded(folder);
                    let longest = |(field, known): (Field, &Vec<&'a str>)| {
                        let inside = known.iter().copied().filter(|cell| name.contains(&folded(cell)));
                        inside.max_by_key(|cell| cell.len()).map(|cell| (field, cell))
                    };
                    PLACES.into_iter().zip(&known).filter_map(longest).collect()
                });
                meant.extend(found.iter().copied());
            }
            match runs.iter_mut().find(|(of, list, _)| *of == meant && *list == listed) {
                Some((_, _, photos)) => photos.push(place),
                None => runs.push((meant, listed, vec![place])),
            }
        }
        let is_only = runs.len() == 1;
        let mut ready = Vec::new();
        for (meant, listed, mut photos) in runs {
            let mut students = match listed {
                Some(list) => self.listed(&queues.lists[list], problems),
                // Beside cameras that have their queues, one without any is nobody's.
                None if meant.is_empty() && !is_only => continue,
                None => self.queue(&meant),
            };
            // Who stayed away the first day may come to the retake.
            students.retain(|student| !absent.contains(&(listed, *student)));
            if photos.iter().all(|photo| shots[*photo].taken.is_some()) {
                photos.sort_by_key(|photo| shots[*photo].taken);
            }
            let mut title = meant.iter().map(|(_, cell)| *cell).collect::<Vec<_>>();
            title.dedup();
            let title = listed.map_or(title.join(" "), |list| queues.lists[list].0.clone());
            ready.push(Run { title, photos, students });
        }
        ready
    }

    /// The students of some places in the order in which they queue; those who have been collected already stay away.
    fn queue(&self, meant: &[(Field, &str)]) -> Vec<usize> {
        let is_meant = |student: &Student| {
            // Several folders may name several classes: any of each kind.
            PLACES.iter().all(|field| {
                let mut wanted = meant.iter().filter(|(of, _)| of == field).peekable();
                wanted.peek().is_none() || wanted.any(|(_, cell)| student.get(*field) == *cell)
            })
        };
        let students = self.students();
        let here = |place: &usize| is_meant(&students[*place]) && !students[*place].is_collected();
        let mut queue = (0..students.len()).filter(here).collect::<Vec<_>>();
        let is_numbered = |place: &usize| !students[*place].get(Field::ShotNumber).is_empty();
        if queue.iter().any(is_numbered) {
            queue.retain(is_numbered);
            queue.sort_by(|a, b| by_shot_number(&students[*a], &students[*b]));
            return queue;
        }
        let mut seen = HashMap::new();
        let mut first = |key: String| {
            let next = seen.len();
            *seen.entry(key).or_insert(next)
        };
        let ranks = students.iter().map(|student| {
            let place = student.place();
            (first(place.department.clone()), first(place.words()))
        });
        let ranks = ranks.collect::<Vec<_>>();
        queue.sort_by(|a, b| {
            let slot = |place: usize| [Field::Session, Field::Time].map(|field| natural(students[place].get(field)));
            let student = |place: usize| natural(students[place].number());
            slot(*a).cmp(&slot(*b)).then_with(|| ranks[*a].cmp(&ranks[*b])).then_with(|| student(*a).cmp(&student(*b)))
        });
        queue
    }

    /// The students of a list of its own, in its order.
    fn listed(&self, (folder, list): &(String, Vec<Student>), problems: &mut Vec<Reason>) -> Vec<usize> {
        let mut rows = list.iter().collect::<Vec<_>>();
        if rows.iter().any(|student| !student.get(Field::ShotNumber).is_empty()) {
            rows.sort_by(|a, b| by_shot_number(a, b));
        }
        let mut students = Vec::new();
        for row in rows {
            let key = Some(row.number()).filter(|number| !number.is_empty()).unwrap_or(row.get(Field::Name));
            match self.keyed(key) {
                Some(student) => students.push(student),
                None => problems.push(reason(
                    format!("“{folder}”的名单{}：名册上没有{}，或不止一人。", row.origin().zh, row.words()),
                    format!(
                        "The list for {folder}, {}: {} is not on the roster, or not one person.",
                        row.origin().en,
                        row.words()
                    ),
                )),
            }
        }
        students
    }

    /// Goes through the photos of a run, and says where the order may have slipped.
    fn walk(
        &self,
        run: &Run,
        shots: &[Shot],
        shifts: &HashMap<usize, Vec<&To>>,
        assignment: &mut Assignment,
        problems: &mut Vec<Reason>,
    ) {
        // What lies between two students that are named for certain comes out, or not, by itself.
        let mut parts = vec![Part::at(0)];
        let mut next = 0_i64;
        for photo in &run.photos {
            let mut given = None;
            for to in shifts.get(photo).into_iter().flatten() {
                match to {
                    To::Further(by) => {
                        next += i64::from(*by);
                        *given.get_or_insert(0) += by;
                    }
                    To::Student(key) => {
                        let place = self.keyed(key).and_then(|student| run.students.iter().position(|s| *s == student));
                        let Some(place) = place else {
                            problems.push(unknown_student(key));
                            continue;
                        };
                        next = place as i64;
                        if let Some(part) = parts.last_mut() {
                            part.last = place;
                        }
                        parts.push(Part::at(place));
                    }
                }
            }
            let student = usize::try_from(next).ok().and_then(|place| run.students.get(place));
            assignment.matches[*photo] = Some(student.map_or(Match::Nobody, |student| Match::One(*student)));
            next += 1;
            if let Some(part) = parts.last_mut() {
                part.photos.push(*photo);
                part.given.push(given.unwrap_or(0));
                part.next = next;
            }
        }
        if let Some(part) = parts.last_mut() {
            part.last = run.students.len();
        }
        for part in parts.iter().filter(|part| !part.photos.is_empty()) {
            assignment.slips.extend(self.slip(run, part, shots));
        }
    }

    /// What is wrong with the order of a part, if anything seems so.
    fn slip(&self, run: &Run, part: &Part, shots: &[Shot]) -> Option<Slip> {
        let students = &run.students[part.first.min(part.last)..part.last];
        let is_even = part.next == part.last as i64;
        let times = part.photos.iter().map(|photo| Some(shots[*photo].taken?.seconds())).collect::<Option<Vec<_>>>();
        let class = |student: &usize| self.students()[*student].place();
        let begins = std::iter::once(false)
            .chain(students.windows(2).map(|pair| class(&pair[0]) != class(&pair[1])))
            .collect::<Vec<_>>();
        let better = times.and_then(|times| pauses::fitted(&times, &begins, &part.given, is_even));
        let (photos, steps) = match (&better, is_even) {
            (None, true) => return None,
            (None, false) => (part.photos.clone(), &[][..]),
            (Some(steps), false) => (part.photos.clone(), &steps[..]),
            // Only what lies between the places that fit otherwise is in doubt, from the class on where that is all that is known.
            (Some(steps), true) => {
                let from = |step: &Step| match *step {
                    Step::Again { photo } => photo,
                    Step::Missing { photo, student, .. } => {
                        let begin = (0..=student).rev().find(|place| begins[*place]).unwrap_or(0);
                        photo.saturating_sub(student - begin)
                    }
                };
                let to = |step: &Step| match *step {
                    Step::Again { photo } | Step::Missing { photo, .. } => photo,
                };
                let (first, last) = (steps.iter().map(from).min()?, steps.iter().map(to).max()?);
                (part.photos[first..part.photos.len().min(last + 1)].to_vec(), &steps[..])
            }
        };
        let (mut words, mut options) = (Vec::new(), Vec::new());
        for step in steps {
            match *step {
                Step::Again { photo } => {
                    let name = &shots[part.photos[photo]].photo;
                    options.push(format!("--shift {name}:-1"));
                    words.push(reason(
                        format!("{name} 是上一人重拍"),
                        format!("{name} shows the previous student again"),
                    ));
                }
                Step::Missing { student, count, .. } => {
                    let place = class(&students[student]).words();
                    words.push(reason(
                        format!("{place}有{count}人未到，请查明是谁，加 --absent 学号"),
                        format!("{count} of {place} did not come; find out who and add --absent NUMBER"),
                    ));
                }
            }
        }
        let title = if run.title.is_empty() { String::new() } else { format!("“{}”", run.title) };
        let (expected, count) = (students.len(), part.photos.len());
        let counted = match is_even {
            true => reason(
                format!("{title}人数与张数相符，但拍摄间隔不像这个顺序"),
                format!("{title}: as many photos as students, but the pauses between shots fit another order"),
            ),
            false => reason(
                format!("{title}按顺序应拍{expected}人，有照片{count}张，对不上，顺序有错位"),
                format!(
                    "{title}: {expected} students queued and there are {count} photos, so the order slips somewhere"
                ),
            ),
        };
        let added = options.join(" ");
        let (told_zh, told_en) = (told(&words, |word| &word.zh, "；"), told(&words, |word| &word.en, "; "));
        let cure = match (words.is_empty(), options.is_empty()) {
            (true, _) => reason(
                "请从对不上的那一张起说明：--shift 照片:+1（此前一人未到）、--shift 照片:-1（上一人重拍）或 --absent 学号，再运行一次。",
                "Say where: --shift PHOTO:+1 (a student before it did not come), --shift PHOTO:-1 (the previous student again) or --absent NUMBER, and run it again.",
            ),
            (_, true) => reason(
                format!("从拍摄间隔看：{told_zh}。核对后再运行一次。"),
                format!("Going by the pauses between shots: {told_en}. Check this, then run it again."),
            ),
            _ => reason(
                format!("从拍摄间隔看：{told_zh}。核对后加上 {added} 再运行一次。"),
                format!("Going by the pauses between shots: {told_en}. Check this, then run it again with {added}."),
            ),
        };
        Some(Slip {
            photos,
            reason: reason(format!("{}。{}", counted.zh, cure.zh), format!("{}. {}", counted.en, cure.en)),
            options,
        })
    }
}

/// Photos between two students that are named for certain, or the ends of the run.
struct Part {
    /// Places in the queue: from, and up to but not including.
    first: usize,
    last: usize,
    photos: Vec<usize>,
    /// For each photo, by how much a person shifted it.
    given: Vec<i32>,
    /// The place behind the last photo.
    next: i64,
}

impl Part {
    fn at(place: usize) -> Part {
        Part { first: place, last: place, photos: Vec::new(), given: Vec::new(), next: place as i64 }
    }
}

fn told(words: &[Reason], language: fn(&Reason) -> &String, gap: &str) -> String {
    words.iter().map(|word| language(word).as_str()).collect::<Vec<_>>().join(gap)
}

fn unknown_student(key: &str) -> Reason {
    reason(
        format!("名册上没有“{key}”这名学生，或不在这个顺序里，或不止一人；请写学号。"),
        format!("The student {key} is not on the roster, not in this queue, or not unique; give the student number."),
    )
}

fn by_shot_number(a: &Student, b: &Student) -> Ordering {
    let of = |student: &Student| natural(student.get(Field::ShotNumber));
    of(a).cmp(&of(b))
}

/// A text as people order it: 2 before 10.
fn natural(text: &str) -> Vec<Chunk> {
    let text = number(&exact(text));
    let mut chunks = Vec::new();
    let mut rest = text.as_str();
    while let Some(first) = rest.chars().next() {
        let is_digit = first.is_ascii_digit();
        let end = rest.find(|c: char| c.is_ascii_digit() != is_digit).unwrap_or(rest.len());
        let (chunk, after) = rest.split_at(end);
        chunks.push(match chunk.parse() {
            Ok(number) if is_digit => Chunk::Number(number),
            _ => Chunk::Text(chunk.to_owned()),
        });
        rest = after;
    }
    chunks
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Chunk {
    Number(u128),
    Text(String),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::photo::Taken;

    fn roster(rows: &[(&str, &str, &str)]) -> Roster {
        let student = |(row, (class, number, name)): (usize, &(&str, &str, &str))| {
            let mut student = Student::new(row + 2);
            student.set(Field::Class, class);
            student.set(Field::StudentNumber, number);
            student.set(Field::Name, name);
            student
        };
        Roster::new(rows.iter().enumerate().map(student).collect())
    }

    fn school() -> Roster {
        roster(&[
            ("软件2班", "2021020", "孙七"),
            ("软件1班", "2021010", "王五"),
            ("软件1班", "2021002", "李四"),
            ("软件1班", "2021001", "张三"),
            ("软件2班", "2021021", "周八"),
        ])
    }

    fn shots(names: &[&str]) -> Vec<Shot> {
        let shot = |name: &&str| Shot {
            photo: (*name).to_owned(),
            folders: name
                .rsplit_once('/')
                .map(|(folders, _)| folders.split('/').map(str::to_owned).collect())
                .unwrap_or_default(),
            taken: None,
        };
        names.iter().map(shot).collect()
    }

    fn whose(roster: &Roster, names: &[&str], queues: &Queues) -> Vec<String> {
        let assignment = roster.in_order(&shots(names), queues).expect("an order");
        let name = |place| match assignment.student(place) {
            Some(student) if assignment.is_replaced(place) => {
                format!("({})", roster.students()[student].get(Field::Name))
            }
            Some(student) => roster.students()[student].get(Field::Name).to_owned(),
            None => "-".to_owned(),
        };
        let slips = assignment.slips().iter().map(|slip| format!("!{}", slip.photos.len()));
        (0..names.len()).map(name).chain(slips).collect()
    }

    fn with(shifts: &[&str], absent: &[&str]) -> Queues {
        Queues {
            shifts: shifts.iter().map(|shift| Shift::parse(shift).expect("a shift")).collect(),
            absent: absent.iter().map(|key| (*key).to_owned()).collect(),
            lists: vec![],
        }
    }

    #[test]
    fn a_class_queues_by_student_number_and_folders_name_the_class() {
        let photos = ["软件1班/DSC_0001.jpg", "软件1班/DSC_0002.jpg", "软件1班/DSC_0003.jpg"];
        assert_eq!(whose(&school(), &photos, &Queues::default()), ["张三", "李四", "王五"]);
        let both = ["0412 软件2班/A.jpg", "0412 软件2班/B.jpg", photos[0], photos[1], photos[2]];
        assert_eq!(whose(&school(), &both, &Queues::default()), ["孙七", "周八", "张三", "李四", "王五"]);
        // One camera for all: classes as the roster has them.
        let all = ["1.jpg", "2.jpg", "3.jpg", "4.jpg", "5.jpg"];
        assert_eq!(whose(&school(), &all, &Queues::default()), ["孙七", "周八", "张三", "李四", "王五"]);
    }

    #[test]
    fn numbers_that_do_not_agree_leave_every_photo_open_until_the_slip_is_named() {
        let photos = ["软件1班/DSC_0001.jpg", "软件1班/DSC_0002.jpg"];
        assert_eq!(whose(&school(), &photos, &Queues::default()), ["张三", "李四", "!2"]);
        assert_eq!(whose(&school(), &photos, &with(&["DSC_0002.jpg"], &[])), ["张三", "王五"]);
        assert_eq!(whose(&school(), &photos, &with(&["DSC_0001:+1"], &[])), ["李四", "王五"]);
        assert_eq!(whose(&school(), &photos, &with(&[], &["2021010"])), ["张三", "李四"]);
        assert_eq!(whose(&school(), &photos, &with(&["DSC_0002.jpg=2021010"], &[])), ["张三", "王五", "!1"]);
        let more = ["软件1班/1.jpg", "软件1班/2.jpg", "软件1班/3.jpg", "软件1班/4.jpg"];
        assert_eq!(whose(&school(), &more, &Queues::default())[3..], ["-", "!4"]);
        // A second shot takes the place of the first.
        assert_eq!(whose(&school(), &more, &with(&["软件1班/3.jpg:-1"], &[])), ["张三", "(李四)", "李四", "王五"]);
    }

    #[test]
    fn all_queue_by_class_and_number() {
        assert_eq!(school().all_in_queue(), [0, 4, 3, 2, 1]);
    }

    #[test]
    fn a_list_is_of_a_folder_by_its_name_or_its_path_and_its_shooting_numbers_go_first() {
        let mut list = roster(&[("", "2021021", ""), ("", "2021001", "")]).students().to_vec();
        list.iter_mut().zip(["2", "1"]).for_each(|(student, number)| student.set(Field::ShotNumber, number));
        for folder in ["相机/补拍", "补拍"] {
            let queues = Queues { lists: vec![(folder.to_owned(), list.clone())], ..Queues::default() };
            assert_eq!(
                whose(&school(), &["相机/补拍/8.jpg", "相机/补拍/9.jpg"], &queues),
                ["张三", "周八"],
                "{folder}"
            );
        }
    }

    /// Classes of these sizes, a shot every twenty seconds or so and two minutes between classes.
    fn timed(classes: &[(&str, usize)]) -> (Roster, Vec<Shot>) {
        let (mut students, mut shots, mut seconds) = (Vec::new(), Vec::new(), 0);
        for (class, size) in classes {
            for place in 0..*size {
                let mut student = Student::new(students.len() + 2);
                student.set(Field::Class, class);
                student.set(Field::StudentNumber, &format!("2021{:04}", students.len()));
                students.push(student);
                shots.push(shot_at(shots.len(), seconds));
                seconds += 17 + (place * 7) % 7;
            }
            seconds += 120;
        }
        (Roster::new(students), shots)
    }

    fn shot_at(number: usize, seconds: usize) -> Shot {
        let (hour, minute, second) = (8 + seconds / 3600, seconds / 60 % 60, seconds % 60);
        let taken = Taken::noted(&format!("2026:05:01 {hour:02}:{minute:02}:{second:02}"));
        Shot { photo: format!("{number}.jpg"), folders: vec![], taken: Some(taken) }
    }

    fn slips(roster: &Roster, shots: &[Shot], queues: &Queues) -> Vec<Slip> {
        roster.in_order(shots, queues).expect("an order").slips().to_vec()
    }

    #[test]
    fn pauses_say_where_the_order_slips_and_what_to_type() {
        let (roster, shots) = timed(&[("软件1班", 20)]);
        assert!(slips(&roster, &shots, &Queues::default()).is_empty());
        let mut again = shots.clone();
        let first = shots[7].taken.expect("a time").seconds() - shots[0].taken.expect("a time").seconds();
        again.push(shot_at(99, first as usize + 6));
        let slip = slips(&roster, &again, &Queues::default()).remove(0);
        assert_eq!((slip.photos.len(), &*slip.options), (21, &["--shift 99.jpg:-1".to_owned()][..]));
        assert!(
            slip.reason.zh.contains("有照片21张") && slip.reason.zh.contains("99.jpg 是上一人重拍"),
            "{}",
            slip.reason.zh
        );
        assert!(slip.reason.en.ends_with("run it again with --shift 99.jpg:-1."), "{}", slip.reason.en);
        assert!(slips(&roster, &again, &with(&["99.jpg:-1"], &[])).is_empty(), "once it is named all comes out");
        let missing = shots.iter().enumerate().filter(|(place, _)| *place != 12).map(|(_, shot)| shot.clone());
        let slip = slips(&roster, &missing.collect::<Vec<_>>(), &Queues::default()).remove(0);
        assert!(slip.options.is_empty() && slip.reason.zh.contains("软件1班有1人未到"), "{}", slip.reason.zh);
        assert!(slip.reason.en.ends_with("Check this, then run it again."), "{}", slip.reason.en);
        let untimed = Shot { taken: None, ..shots[0].clone() };
        let slip = slips(&roster, &[untimed], &Queues::default()).remove(0);
        assert!(slip.reason.zh.contains("请从对不上的那一张起说明"), "{}", slip.reason.zh);
    }

    #[test]
    fn where_numbers_agree_only_what_lies_between_two_slips_is_open() {
        let (roster, shots) = timed(&[("软件1班", 30), ("软件2班", 28), ("软件3班", 31)]);
        let first = shots[0].taken.expect("a time").seconds();
        let second = (shots[75].taken.expect("a time").seconds() - first) as usize + 5;
        let mut slipped = shots
            .iter()
            .enumerate()
            .filter(|(place, _)| *place != 40)
            .map(|(_, shot)| shot.clone())
            .collect::<Vec<_>>();
        slipped.push(shot_at(99, second));
        let slip = slips(&roster, &slipped, &Queues::default()).remove(0);
        assert_eq!(slip.options, ["--shift 99.jpg:-1"]);
        // From the first of the second class to the second shot.
        assert_eq!(
            (slip.photos.first(), slip.photos.last().map(|last| &*slipped[*last].photo)),
            (Some(&30), Some("99.jpg"))
        );
        assert!(slip.reason.zh.contains("软件2班有1人未到"), "{}", slip.reason.zh);
        // A second shot in the first class that is named already is not told again.
        let named = (shots[10].taken.expect("a time").seconds() - first) as usize + 5;
        slipped.push(shot_at(98, named));
        let slip = slips(&roster, &slipped, &with(&["98.jpg:-1"], &[])).remove(0);
        assert_eq!((slip.options, slip.photos[0]), (vec!["--shift 99.jpg:-1".to_owned()], 30));
    }

    #[test]
    fn a_list_of_its_own_tells_who_stood_before_the_second_camera() {
        let list = roster(&[("", "2021021", ""), ("", "2021001", "")]).students().to_vec();
        let queues = Queues { lists: vec![("补拍".to_owned(), list)], ..Queues::default() };
        let photos = ["软件1班/1.jpg", "软件1班/2.jpg", "软件1班/3.jpg", "补拍/8.jpg", "补拍/9.jpg"];
        assert_eq!(whose(&school(), &photos, &queues), ["(张三)", "李四", "王五", "周八", "张三"]);
        let absent = Queues { absent: vec!["补拍=2021021".to_owned()], ..queues };
        assert_eq!(whose(&school(), &photos[..4], &absent), ["(张三)", "李四", "王五", "张三"]);
        // Without it nobody can tell.
        assert_eq!(whose(&school(), &photos, &Queues::default())[3..], ["-", "-"]);
    }

    #[test]
    fn a_shooting_number_goes_before_everything_and_who_was_collected_stays_away() {
        let mut students = school().students().to_vec();
        for (student, number) in students.iter_mut().zip(["2", "10", "1", "3", ""]) {
            student.set(Field::ShotNumber, number);
        }
        let numbered = Roster::new(students);
        let photos = ["1.jpg", "2.jpg", "3.jpg", "4.jpg"];
        assert_eq!(whose(&numbered, &photos, &Queues::default()), ["李四", "孙七", "张三", "王五"]);
        let mut students = school().students().to_vec();
        students[3].set(Field::Collected, "是");
        let photos = ["软件1班/1.jpg", "软件1班/2.jpg"];
        assert_eq!(whose(&Roster::new(students), &photos, &Queues::default()), ["李四", "王五"]);
    }

    #[test]
    fn a_photo_that_has_a_name_stays_out_of_the_order() {
        let photos = ["软件1班/1.jpg", "软件1班/2021002.jpg", "软件1班/3.jpg"];
        assert_eq!(whose(&school(), &photos, &with(&["软件1班/3.jpg"], &[])), ["张三", "-", "王五"]);
    }

    #[test]
    fn what_is_not_there_is_said() {
        let photos = shots(&["a/1.jpg", "b/1.jpg"]);
        let problems =
            school().in_order(&photos, &with(&["1.jpg", "x.jpg", "a/1.jpg=9"], &["8"])).expect_err("problems");
        assert_eq!(problems.len(), 4, "{problems:?}");
        for words in ["Several photos are called 1.jpg", "There is no photo x.jpg", "student 9 is", "student 8 is"] {
            assert!(problems.iter().any(|problem| problem.en.contains(words)), "{words}: {problems:?}");
        }
        assert!(Shift::parse(" :+1").is_err());
        for name in ["a.jpg:0", "a.jpg= "] {
            assert_eq!(
                Shift::parse(name).expect("a name"),
                Shift { photo: name.trim().to_owned(), to: To::Further(1) }
            );
        }
    }

    #[test]
    fn a_list_gives_photos_to_students_and_the_last_word_counts() {
        let roster = school();
        let photos = shots(&["t/1.jpg", "t/2.jpg", "t/3.jpg", "t/2021020.jpg"]);
        let rows = [("1.jpg", "2021001"), ("2.jpg", "2021002"), ("2.jpg", "2021001"), ("gone.jpg", "2021002")];
        let rows = rows.map(|(photo, key)| (photo.to_owned(), key.to_owned()));
        let list = roster.by_list(&photos, &rows).expect("a list");
        assert_eq!([0, 1, 2, 3].map(|place| list.student(place)), [Some(3), Some(3), None, None]);
        assert!(list.is_replaced(0) && !list.is_replaced(1));
        assert!(roster.by_list(&photos, &[("1.jpg".to_owned(), "9".to_owned())]).is_err());
    }
}
