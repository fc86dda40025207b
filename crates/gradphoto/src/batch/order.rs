//! Whose photo is whose by the order of the shots, as students queue: by 拍摄序号, else by 学号 within a class.
//!
//! The camera's folders say which queue is meant: one that names a department, class or session holds its students. Nobody is
//! recognised; where numbers of photos and students differ, or the pauses between shots fit another order much better, all
//! photos in doubt go to a person, with the shift that would mend it.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::path::Path;

use super::field::Field;
use super::folder_name::{Known, PLACES};
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

/// A row of a list of photos and students.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedPhoto {
    /// Its number in the file, from 1.
    pub row: usize,
    /// Name of the photo, alone or with folders.
    pub photo: String,
    /// Number or name of the student.
    pub student: String,
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
        self.place(photo).ok_or_else(|| match self.is_known(photo) {
            true => reason(
                format!("叫“{photo}”的照片有几张，请写上文件夹。"),
                format!("Several photos are called {photo}; give the folder too."),
            ),
            false => reason(
                format!("没有照片“{photo}”，请核对文件名。"),
                format!("There is no photo {photo}; check the file name."),
            ),
        })
    }

    /// The photo that is meant, if it is one.
    fn place(&self, photo: &str) -> Option<usize> {
        match self.0.get(&with_slashes(photo))?[..] {
            [place] => Some(place),
            _ => None,
        }
    }

    fn is_known(&self, photo: &str) -> bool {
        self.0.contains_key(&with_slashes(photo))
    }
}

fn with_slashes(photo: &str) -> String {
    photo.replace('\\', "/").trim_start_matches("./").to_owned()
}

/// Photos of a list whose folder has moved, by what the list calls them: those that share the longest end of their paths with
/// one row alone, as that row does with them. A list of which a row still fits has not moved: what it misses is gone.
struct Moved(HashMap<String, usize>);

impl Moved {
    fn new(shots: &[Shot], list: &[ListedPhoto], called: &Called) -> Moved {
        if list.iter().any(|listed| called.place(&listed.photo).is_some()) {
            return Moved(HashMap::new());
        }
        let photos = shots.iter().map(|shot| as_all_systems_read(&shot.photo)).collect::<Vec<_>>();
        let mut listed = list.iter().map(|listed| as_all_systems_read(&listed.photo)).collect::<Vec<_>>();
        listed.sort_unstable();
        listed.dedup();
        let (photos_by_end, listed_by_end) = (by_ends(&photos), by_ends(&listed));
        let pairs = listed.iter().enumerate().filter_map(|(row, path)| {
            let photo = nearest(path, &photos_by_end)?;
            (nearest(&photos[photo], &listed_by_end)? == row).then(|| (path.clone(), photo))
        });
        Moved(pairs.collect())
    }

    fn place(&self, photo: &str) -> Option<usize> {
        self.0.get(&as_all_systems_read(photo)).copied()
    }
}

/// A photo's path, with no difference that only some systems make.
fn as_all_systems_read(photo: &str) -> String {
    with_slashes(photo).to_lowercase()
}

/// The path and what is left of it without the first folder, the second and so on, to the name of the file.
fn ends(path: &str) -> impl Iterator<Item = &str> {
    std::iter::once(path).chain(path.match_indices('/').map(|(at, _)| &path[at + 1..]))
}

fn by_ends(paths: &[String]) -> HashMap<&str, Vec<usize>> {
    let mut by_ends = HashMap::<_, Vec<_>>::new();
    for (place, path) in paths.iter().enumerate() {
        for end in ends(path) {
            by_ends.entry(end).or_default().push(place);
        }
    }
    by_ends
}

/// Which path shares the longest end with this one, if it is one alone.
fn nearest(path: &str, by_ends: &HashMap<&str, Vec<usize>>) -> Option<usize> {
    match ends(path).find_map(|end| by_ends.get(end))?[..] {
        [place] => Some(place),
        _ => None,
    }
}

fn rows_without_photo(rows: &[&ListedPhoto]) -> Option<Reason> {
    let (count, ListedPhoto { row, photo, .. }) = (rows.len(), rows.first()?);
    Some(reason(
        format!("名单中有{count}行找不到照片，例如第{row}行 {photo}；请核对名单与照片是否相配。"),
        format!(
            "{count} row{} of the list name no photo here, such as row {row}: {photo}. Check that list and photos belong together.",
            if count == 1 { "" } else { "s" }
        ),
    ))
}

fn rows_of_several_photos(rows: &[&ListedPhoto]) -> Option<Reason> {
    let (count, ListedPhoto { row, photo, .. }) = (rows.len(), rows.first()?);
    Some(reason(
        format!("名单中有{count}行的文件名不止一张照片有，没有采用，例如第{row}行 {photo}；请写上文件夹。"),
        format!(
            "{count} row{} of the list were not used, for several photos have that name, such as row {row}: {photo}. Give the folder too.",
            if count == 1 { "" } else { "s" }
        ),
    ))
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
    notes: Vec<Reason>,
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

    /// What of a list was not used, a sentence each.
    pub fn notes(&self) -> &[Reason] {
        &self.notes
    }

    /// Whether the student of a photo was shot again later.
    pub fn is_replaced(&self, photo: usize) -> bool {
        self.replaced.contains(&photo)
    }

    /// Of several photos of a student the last counts: of those that are assigned here. Where their times do not tell which
    /// is the last, all of them stay, for a person to choose. Photos without any times count in their order in one of `rows`.
    pub(super) fn replace(&mut self, shots: &[Shot], rows: &[Vec<usize>]) {
        let mut row_of = HashMap::new();
        for (row, photos) in rows.iter().enumerate() {
            row_of.extend(photos.iter().enumerate().map(|(at, photo)| (*photo, (row, at))));
        }
        let mut of_student = HashMap::<usize, Vec<usize>>::new();
        for place in 0..shots.len() {
            if let Some(student) = self.student(place) {
                of_student.entry(student).or_default().push(place);
            }
        }
        for photos in of_student.into_values().filter(|photos| photos.len() > 1) {
            let times = photos.iter().map(|photo| shots[*photo].taken).collect::<Vec<_>>();
            let last = if times.iter().all(Option::is_some) {
                alone_last(&photos, |photo| shots[photo].taken)
            } else if times.iter().all(Option::is_none) {
                let row = row_of.get(&photos[0]).map(|(row, _)| *row);
                let is_one_row = photos.iter().all(|photo| row_of.get(photo).map(|(row, _)| *row) == row);
                alone_last(&photos, |photo| row_of.get(&photo).map(|(_, at)| *at)).filter(|_| is_one_row)
            } else {
                None
            };
            if let Some(last) = last {
                self.replaced.extend(photos.into_iter().filter(|photo| *photo != last));
            }
        }
        self.replaced.sort_unstable();
    }
}

/// The photo that comes last, where it is alone there.
fn alone_last<T: Ord>(photos: &[usize], when: impl Fn(usize) -> Option<T>) -> Option<usize> {
    let last = photos.iter().map(|photo| when(*photo)).max()?;
    let mut there = photos.iter().filter(|photo| when(**photo) == last);
    there.next().filter(|_| there.next().is_none()).copied()
}

/// The students before one camera, and their photos in order.
struct Run {
    title: String,
    photos: Vec<usize>,
    students: Vec<usize>,
}

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
        let (runs, doubts) = self.runs(shots, queues, &absent, &mut problems);
        for run in &runs {
            self.walk(run, shots, &shifts, &mut assignment, &mut problems);
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        assignment.slips.extend(doubts);
        assignment.replace(shots, &runs.into_iter().map(|run| run.photos).collect::<Vec<_>>());
        Ok(assignment)
    }

    /// Gives photos to students as a list of photos and numbers or names says, such as the one that a scanner made; where it
    /// names a photo twice, the last counts. Where no row fits, the folder has moved, and photos are known by the ends of
    /// their paths. Photos that are not on the list go by their names; of rows without a photo [`Assignment::notes`] tells.
    ///
    /// # Errors
    /// Students that are not on the roster, all at once.
    pub fn by_list(&self, shots: &[Shot], list: &[ListedPhoto]) -> Result<Assignment, Vec<Reason>> {
        let called = Called::new(shots);
        let moved = Moved::new(shots, list, &called);
        let mut problems = Vec::new();
        let (mut lost, mut unclear) = (Vec::new(), Vec::new());
        let mut assignment = Assignment { matches: vec![None; shots.len()], ..Assignment::default() };
        let mut row_of = HashMap::new();
        for (at, listed) in list.iter().enumerate() {
            let student = self.keyed(&listed.student);
            let Some(place) = called.place(&listed.photo).or_else(|| moved.place(&listed.photo)) else {
                // What heads a list without known heads is no photo.
                let is_head = at == 0 && student.is_none() && !listed.photo.contains('.');
                match called.is_known(&listed.photo) {
                    true => unclear.push(listed),
                    false if !is_head => lost.push(listed),
                    false => {}
                }
                continue;
            };
            match student {
                Some(student) => assignment.matches[place] = Some(Match::One(student)),
                None => problems.push(unknown_student(&listed.student)),
            }
            row_of.insert(place, at);
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        assignment.notes.extend(rows_without_photo(&lost));
        assignment.notes.extend(rows_of_several_photos(&unclear));
        let mut in_order = row_of.keys().copied().collect::<Vec<_>>();
        in_order.sort_by_key(|place| row_of[place]);
        assignment.replace(shots, &[in_order]);
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

    /// The queues with their photos, in the order of the first photo of each, and folders of which it is not clear whose they
    /// are. Photos that a name already gives to a student are in none.
    fn runs<'a>(
        &'a self,
        shots: &[Shot],
        queues: &Queues,
        absent: &[(Option<usize>, usize)],
        problems: &mut Vec<Reason>,
    ) -> (Vec<Run>, Vec<Slip>) {
        let known = Known::of(self.students());
        let mut told = HashMap::new();
        let mut runs = Vec::<(Vec<(Field, &'a str)>, Option<usize>, Vec<usize>)>::new();
        let mut doubts = Vec::<(&str, &'a str, Vec<usize>)>::new();
        for (place, shot) in shots.iter().enumerate() {
            if matches!(self.find(&stem(&shot.photo), &shot.folders), Match::One(_)) {
                continue;
            }
            let listed = queues.lists.iter().position(|(folder, _)| {
                shot.folders.iter().any(|name| folded(name) == folded(folder))
                    || Path::new(&shot.photo).starts_with(Path::new(folder))
            });
            let (mut meant, mut doubt) = (Vec::new(), None);
            for folder in shot.folders.iter().filter(|_| listed.is_none()) {
                let told = told.entry(folder.as_str()).or_insert_with(|| known.told(folder));
                meant.extend(told.places.iter().copied());
                doubt = doubt.or(told.doubt.map(|cell| (folder.as_str(), cell)));
            }
            if let Some((folder, cell)) = doubt {
                match doubts.iter_mut().find(|(known, ..)| *known == folder) {
                    Some((.., photos)) => photos.push(place),
                    None => doubts.push((folder, cell, vec![place])),
                }
                continue;
            }
            match runs.iter_mut().find(|(of, list, _)| *of == meant && *list == listed) {
                Some((_, _, photos)) => photos.push(place),
                None => runs.push((meant, listed, vec![place])),
            }
        }
        let is_only = runs.len() + doubts.len() == 1;
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
        (ready, doubts.into_iter().map(|(folder, cell, photos)| doubtful(folder, cell, photos)).collect())
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
            match self.of_row(row) {
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

    /// The student of a row of another list: by all numbers that are known, else by name and class.
    fn of_row(&self, row: &Student) -> Option<usize> {
        let mut numbers = row.keys().filter(|(field, _)| field.is_number()).map(|(_, number)| number).peekable();
        if numbers.peek().is_none() {
            let place = row.place();
            let (name, mut folders) = (row.get(Field::Name), vec![place.department, place.major, place.class]);
            folders.retain(|folder| !folder.is_empty());
            return self.keyed(name).or_else(|| match self.find(name, &folders) {
                Match::One(student) => Some(student),
                _ => None,
            });
        }
        let mut known = numbers.filter_map(|number| self.keyed(number));
        let first = known.next()?;
        known.all(|other| other == first).then_some(first)
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

/// A folder whose name may mean some students of the roster, and may not.
fn doubtful(folder: &str, cell: &str, photos: Vec<usize>) -> Slip {
    Slip {
        photos,
        reason: reason(
            format!(
                "看不出文件夹“{folder}”里拍的是谁：名称中有名册上的“{cell}”，但可能是另一个词或另一个班。请把文件夹改成名册上的院系、专业、班级或批次名，或加 --queue {folder}=名单文件，再运行一次。"
            ),
            format!(
                "It is not clear who is in the folder {folder}: its name has {cell} of the roster in it, which may be another word or another class. Name the folder as the roster names the department, major, class or session, or add --queue {folder}=LIST, and run it again."
            ),
        ),
        options: Vec::new(),
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

    /// Photos with the minute in which each was taken.
    fn shots_at(photos: &[(&str, Option<u8>)]) -> Vec<Shot> {
        let names = photos.iter().map(|(name, _)| *name).collect::<Vec<_>>();
        let time = |minute: u8| Taken::noted(&format!("2026:05:01 08:{minute:02}:00"));
        let times = photos.iter().map(|(_, minute)| minute.map(time));
        shots(&names).into_iter().zip(times).map(|(shot, taken)| Shot { taken, ..shot }).collect()
    }

    fn whose(roster: &Roster, names: &[&str], queues: &Queues) -> Vec<String> {
        whose_of(roster, &shots(names), queues)
    }

    fn whose_of(roster: &Roster, shots: &[Shot], queues: &Queues) -> Vec<String> {
        let assignment = roster.in_order(shots, queues).expect("an order");
        let name = |place| match assignment.student(place) {
            Some(student) if assignment.is_replaced(place) => {
                format!("({})", roster.students()[student].get(Field::Name))
            }
            Some(student) => roster.students()[student].get(Field::Name).to_owned(),
            None => "-".to_owned(),
        };
        let slips = assignment.slips().iter().map(|slip| format!("!{}", slip.photos.len()));
        (0..shots.len()).map(name).chain(slips).collect()
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
    fn folders_that_leave_out_the_end_of_a_class_are_queues_of_their_own() {
        let (first, second) = ([("软件2/1.jpg", Some(1)), ("软件2/2.jpg", Some(2))], [("软件1/1.jpg", Some(10))]);
        let photos = shots_at(&[&first[..], &second].concat());
        assert_eq!(whose_of(&school(), &photos, &with(&[], &["2021002", "2021010"])), ["孙七", "周八", "张三"]);
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
        let timed =
            shots_at(&photos.iter().copied().zip([Some(1), Some(2), Some(3), Some(8), Some(9)]).collect::<Vec<_>>());
        assert_eq!(whose_of(&school(), &timed, &queues), ["(张三)", "李四", "王五", "周八", "张三"]);
        let absent = Queues { absent: vec!["补拍=2021021".to_owned()], ..queues };
        assert_eq!(whose_of(&school(), &timed[..4], &absent), ["(张三)", "李四", "王五", "张三"]);
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
    fn which_shot_is_the_last_is_told_by_the_students_own_times_alone() {
        let list = roster(&[("", "2021001", "")]).students().to_vec();
        let queues = Queues { lists: vec![("补拍".to_owned(), list)], ..Queues::default() };
        let school = roster(&[("软件1班", "2021001", "张三"), ("软件2班", "2021020", "孙七")]);
        // Cameras lie in the order of their names, the retake first.
        let whose = |again, first, others| {
            let photos = [("补拍/1.jpg", again), ("软件1班/1.jpg", first), ("软件2班/1.jpg", others)];
            whose_of(&school, &shots_at(&photos), &queues)
        };
        assert_eq!(whose(Some(9), Some(1), Some(2)), ["张三", "(张三)", "孙七"]);
        assert_eq!(whose(Some(9), Some(1), None), ["张三", "(张三)", "孙七"], "a photo of another student");
        for (again, first) in [(Some(9), None), (None, Some(1)), (None, None), (Some(1), Some(1))] {
            assert_eq!(whose(again, first, Some(2)), ["张三", "张三", "孙七"], "a person is asked");
        }
        let listed = |photos: &[(&str, Option<u8>)]| {
            let rows = photos.iter().map(|(photo, _)| (*photo, "2021001")).collect::<Vec<_>>();
            school.by_list(&shots_at(photos), &listed(&rows)).expect("a list").replaced
        };
        assert_eq!(listed(&[("a.jpg", Some(9)), ("b.jpg", Some(1))]), [1]);
        assert!(listed(&[("a.jpg", Some(9)), ("b.jpg", None)]).is_empty());
    }

    #[test]
    fn folders_of_which_it_is_not_clear_whose_they_are_are_asked_about() {
        let rows = [
            ("工学院", "电子", "1班", "1", "张三"),
            ("法学院", "法学", "1班", "2", "李四"),
            ("法学院", "法学", "11班", "3", "王五"),
            ("法学院", "知识产权", "2班", "4", "赵六"),
        ];
        let students = rows.map(|(department, major, class, number, name)| {
            let mut student = roster(&[(class, number, name)]).students()[0].clone();
            student.set(Field::Department, department);
            student.set(Field::Major, major);
            student
        });
        let school = Roster::new(students.to_vec());
        let whose = |photos: &[&str]| whose(&school, photos, &Queues::default());
        assert_eq!(
            whose(&["法学院/a.jpg", "法学院/b.jpg", "法学院/c.jpg"]),
            ["李四", "王五", "赵六"],
            "the department"
        );
        assert_eq!(whose(&["法学院/法学/1班/a.jpg"]), ["李四"]);
        assert_eq!(whose(&["11班/a.jpg"]), ["王五"]);
        assert_eq!(whose(&["电子商务/a.jpg", "11班/b.jpg"]), ["-", "王五", "!1"]);
        let alone = slips(&school, &shots(&["电子商务/a.jpg"]), &Queues::default()).remove(0);
        assert!(alone.reason.zh.contains("“电子商务”") && alone.reason.zh.contains("名册上的“电子”"), "{alone:?}");
        assert!(alone.reason.en.contains("--queue 电子商务=LIST"), "{alone:?}");
        let list = school.students()[..1].to_vec();
        let queues = Queues { lists: vec![("电子商务".to_owned(), list)], ..Queues::default() };
        assert_eq!(super::tests::whose(&school, &["电子商务/a.jpg", "11班/b.jpg"], &queues), ["张三", "王五"]);
    }

    #[test]
    fn a_list_of_its_own_is_read_by_any_number_and_by_name_and_class() {
        let mut students = roster(&[("1班", "", "张伟"), ("2班", "", "张伟"), ("2班", "", "李四")]).students().to_vec();
        students[0].set(Field::ExamNumber, "2143000001");
        students[1].set(Field::CaptureCode, "C002");
        let school = Roster::new(students.clone());
        let whose = |row: Student| {
            let queues = Queues { lists: vec![("补拍".to_owned(), vec![row])], ..Queues::default() };
            let assignment = school.in_order(&shots(&["补拍/1.jpg"]), &queues);
            assignment.map(|assignment| assignment.student(0)).map_err(|problems| problems.len())
        };
        for place in 0..2 {
            assert_eq!(whose(students[place].clone()), Ok(Some(place)));
            let mut row = roster(&[(["1班", "2班"][place], "", "张伟")]).students()[0].clone();
            assert_eq!(whose(row.clone()), Ok(Some(place)), "by name and class");
            row.set(Field::Class, "");
            assert_eq!(whose(row), Err(1));
        }
        let mut both = students[0].clone();
        both.set(Field::CaptureCode, "C002");
        assert_eq!(whose(both), Err(1), "two students");
    }

    fn listed(rows: &[(&str, &str)]) -> Vec<ListedPhoto> {
        let row = |(row, (photo, student)): (usize, &(&str, &str))| ListedPhoto {
            row: row + 2,
            photo: (*photo).to_owned(),
            student: (*student).to_owned(),
        };
        rows.iter().enumerate().map(row).collect()
    }

    #[test]
    fn a_list_gives_photos_to_students_and_the_last_word_counts() {
        let roster = school();
        let photos = shots(&["t/1.jpg", "t/2.jpg", "t/3.jpg", "t/2021020.jpg"]);
        let rows = [("1.jpg", "2021001"), ("2.jpg", "2021002"), ("2.jpg", "2021001"), ("gone.jpg", "2021002")];
        let list = roster.by_list(&photos, &listed(&rows)).expect("a list");
        assert_eq!([0, 1, 2, 3].map(|place| list.student(place)), [Some(3), Some(3), None, None]);
        assert!(list.is_replaced(0) && !list.is_replaced(1));
        // Without times the rows tell, whatever the photos are called.
        let list = roster.by_list(&photos, &listed(&[("2.jpg", "2021001"), ("1.jpg", "2021001")])).expect("a list");
        assert!(list.is_replaced(1) && !list.is_replaced(0));
        assert!(roster.by_list(&photos, &listed(&[("1.jpg", "9")])).is_err());
    }

    #[test]
    fn photos_of_a_list_that_moved_are_known_by_their_files_and_rows_without_one_are_told() {
        let roster = school();
        let photos = shots(&["备份/IMG_1.JPG", "备份/a/2.jpg", "备份/b/2.jpg", "备份/3.jpg"]);
        let rows =
            [("联机\\IMG_1.jpg", "2021001"), ("联机/9.jpg", "2021002"), ("2.jpg", "2021002"), ("x/8.jpg", "2021010")];
        let list = roster.by_list(&photos, &listed(&rows)).expect("a list");
        assert_eq!([0, 1, 2, 3].map(|place| list.student(place)), [Some(3), None, None, None]);
        let notes = list.notes().iter().map(|note| (note.zh.as_str(), note.en.as_str())).collect::<Vec<_>>();
        assert!(notes[0].0.starts_with("名单中有2行找不到照片，例如第3行 联机/9.jpg"), "{notes:?}");
        assert!(
            notes[0].1.starts_with("2 rows of the list name no photo here, such as row 3: 联机/9.jpg"),
            "{notes:?}"
        );
        assert!(notes[1].0.starts_with("名单中有1行的文件名不止一张照片有"), "{notes:?}");
        assert_eq!(notes.len(), 2);
        // Two of the list that have the name may both be meant.
        let rows = [("x/3.jpg", "2021001"), ("y/3.jpg", "2021002")];
        let list = roster.by_list(&photos, &listed(&rows)).expect("a list");
        assert!(list.student(3).is_none() && list.notes().len() == 1);
        // A head is no photo.
        let list = roster.by_list(&photos, &listed(&[("图片", "编号"), ("3.jpg", "2021001")])).expect("a list");
        assert!(list.student(3) == Some(3) && list.notes().is_empty());
    }

    #[test]
    fn a_list_that_moved_is_known_by_the_ends_of_its_paths_and_one_that_did_not_gives_no_photo_of_another_folder() {
        let roster = school();
        let given = |photos: &[&str], rows: &[(&str, &str)]| {
            let list = roster.by_list(&shots(photos), &listed(rows)).expect("a list");
            ((0..photos.len()).map(|place| list.student(place)).collect::<Vec<_>>(), list.notes().len())
        };
        let moved = ["新/day1/IMG_1.jpg", "新/day2/IMG_1.jpg"];
        for rows in [["旧/day1/IMG_1.jpg", "旧/day2/IMG_1.jpg"], ["D:\\旧\\day1\\img_1.JPG", "旧\\day2\\IMG_1.jpg"]]
        {
            assert_eq!(given(&moved, &[(rows[0], "2021001"), (rows[1], "2021002")]), (vec![Some(3), Some(2)], 0));
        }
        assert_eq!(given(&moved, &[("旧/day3/IMG_1.jpg", "2021001")]), (vec![None, None], 1), "either may be meant");
        // The listed photo was deleted; its name on another day is another student's.
        let rows = [("p/day1/IMG_1.jpg", "2021001"), ("p/day1/IMG_2.jpg", "2021002")];
        assert_eq!(given(&["p/day1/IMG_2.jpg", "p/day2/IMG_1.jpg"], &rows), (vec![Some(2), None], 1));
    }
}
