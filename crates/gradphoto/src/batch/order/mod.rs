//! Whose photo is whose by the order of the shots, as students queue: by 拍摄序号, else by 学号 within a class.
//!
//! Nobody is recognised. The camera's folders say which queue is meant (`runs`): one that names a department, class or session
//! holds its students, who are put in order (`queue`), by their `slot` or as they are `numbered`. Then photos and students are
//! gone through side by side (`walk`), with what a person says of the places where the order slips (`shift`, `called`). Where
//! numbers of photos and students differ, or the pauses between shots fit another order much better, all photos in doubt go to
//! a person, with the shift that would mend it (`slip`), and so do all of a run whose times cannot be right (`clocks`). A list of photos and students says the same without any order
//! (`listed`, `moved`). Either way, of several photos of a student the last counts (`assignment`).

mod assignment;
mod called;
mod clocks;
mod listed;
mod moved;
mod natural;
mod numbered;
mod path;
mod queue;
mod runs;
mod shift;
mod slip;
mod slot;
#[cfg(test)]
mod testing;
mod walk;

use std::collections::HashMap;

pub use assignment::{Assignment, Slip};
pub use listed::ListedPhoto;
pub use shift::Shift;

use super::names::folded;
use super::roster::{Roster, Student};
use crate::photo::Taken;
use crate::text::Reason;
use called::Called;
use shift::To;

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

/// A student who did not come: to the queue of a list, by its place, or to the others.
#[derive(PartialEq)]
struct Absent {
    list: Option<usize>,
    student: usize,
}

impl Roster {
    /// Gives photos to students by the order of the shots.
    ///
    /// # Errors
    /// Shifts and students that are not there, all at once.
    pub fn in_order(&self, shots: &[Shot], queues: &Queues) -> Result<Assignment, Vec<Reason>> {
        let mut problems = Vec::new();
        let absent = self.absent(queues, &mut problems);
        let shifts = shifts(shots, queues, &mut problems);
        let mut assignment = Assignment::of_nobody(shots.len());
        let (runs, doubts) = self.runs(shots, queues, &absent, &mut problems);
        for run in &runs {
            let parts = self.walk(run, &shifts, &mut assignment, &mut problems);
            match clocks::doubt(run, shots, &shifts) {
                Some(doubt) => assignment.slips.push(doubt),
                None => assignment.slips.extend(parts.iter().filter_map(|part| self.slip(run, part, shots))),
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        assignment.notes.extend(runs.iter().filter_map(|run| run.told.clone()));
        assignment.slips.extend(doubts);
        assignment.replace(shots, &runs.into_iter().map(|run| run.photos).collect::<Vec<_>>());
        Ok(assignment)
    }

    fn absent(&self, queues: &Queues, problems: &mut Vec<Reason>) -> Vec<Absent> {
        let list = |folder: &str| queues.lists.iter().position(|(known, _)| folded(known) == folded(folder));
        let mut absent = Vec::new();
        for text in &queues.absent {
            let (key, list) = match text.split_once('=') {
                None => (text.as_str(), Some(None)),
                Some((folder, key)) => (key, list(folder).map(Some)),
            };
            match (self.keyed(key.trim()), list) {
                (Some(student), Some(list)) => absent.push(Absent { list, student }),
                _ => problems.push(unknown_student(text)),
            }
        }
        absent
    }
}

/// What is said of each photo from which on the order is another.
fn shifts<'a>(shots: &[Shot], queues: &'a Queues, problems: &mut Vec<Reason>) -> HashMap<usize, Vec<&'a To>> {
    let mut shifts = HashMap::<_, Vec<_>>::new();
    let called = Called::new(shots);
    for shift in &queues.shifts {
        match called.find(&shift.photo) {
            Ok(photo) => shifts.entry(photo).or_default().push(&shift.to),
            Err(problem) => problems.push(problem),
        }
    }
    shifts
}

fn unknown_student(key: &str) -> Reason {
    Reason::new(
        format!("名册上没有“{key}”这名学生，或不在这个顺序里，或不止一人；请写学号，几人同号的写“学号 姓名 班级”。"),
        format!(
            "The student {key} is not on the roster, not in this queue, or not unique; give the student number, with name and class where several share it."
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::testing::{school, shots, shots_at, whose, whose_of, with};
    use super::*;

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
    }
}
