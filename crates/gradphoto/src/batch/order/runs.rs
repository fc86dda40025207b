//! Which photos are of one queue, as the camera's folders say, and who queued there.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use super::super::field::Field;
use super::super::folder_name::{Known, Meant};
use super::super::names::folded;
use super::super::place::stem;
use super::super::roster::{Match, Roster, Student};
use super::super::told::counted;
use super::assignment::Slip;
use super::{Absent, Queues, Shot};
use crate::text::Reason;

/// The students before one camera, and their photos in order.
pub(super) struct Run {
    pub title: String,
    pub photos: Vec<usize>,
    pub students: Vec<usize>,
    /// What is not clear of their order.
    pub told: Option<Reason>,
}

/// Who queued: those of a list of its own, by its place, or of the places that folders name.
#[derive(PartialEq)]
struct Queue<'a> {
    list: Option<usize>,
    places: Vec<(Field, &'a str)>,
}

/// A folder of which it is not clear whose it is.
#[derive(PartialEq)]
struct Doubt<'a> {
    folder: &'a str,
    /// A cell of the roster that its name holds, where it holds one.
    cell: Option<&'a str>,
}

impl Roster {
    /// The queues with their photos, in the order of the first photo of each, and folders of which it is not clear whose they
    /// are. Photos that a name already gives to a student are in none, and neither are those that a person gave a name of which
    /// it is not clear whom it means.
    pub(super) fn runs(
        &self,
        shots: &[Shot],
        queues: &Queues,
        absent: &[Absent],
        problems: &mut Vec<Reason>,
    ) -> (Vec<Run>, Vec<Slip>) {
        let mut folders = Folders::new(self.students());
        let (mut runs, mut doubts) = (Vec::new(), Vec::new());
        let mut unnamed = HashSet::new();
        for (place, shot) in shots.iter().enumerate() {
            let stem = stem(&shot.photo);
            let named = self.find(&stem, &shot.folders);
            if matches!(named, Match::One(_)) || self.is_named_by_hand(&stem, &named) {
                continue;
            }
            if named == Match::Nobody {
                unnamed.insert(place);
            }
            match folders.queue(shot, queues) {
                Ok(queue) => group(&mut runs, queue, place),
                Err(doubt) => group(&mut doubts, doubt, place),
            }
        }
        // Beside cameras that have their queues, one without any is nobody's.
        if runs.len() + doubts.len() > 1 {
            let is_of_a_queue = |(queue, _): &(Queue<'_>, _)| queue.list.is_some() || !queue.places.is_empty();
            let (queued, others) = runs.into_iter().partition::<Vec<_>, _>(is_of_a_queue);
            runs = queued;
            for photo in others.into_iter().flat_map(|(_, photos)| photos).filter(|photo| unnamed.contains(photo)) {
                if let Some(folder) = shots[photo].folders.last() {
                    group(&mut doubts, Doubt { folder, cell: None }, photo);
                }
            }
        }
        let runs = runs.into_iter().map(|(queue, photos)| {
            let (students, told) = self.students_of(&queue, queues, absent, problems);
            Run { title: title(&queue, queues), photos: in_order_of_time(photos, shots), students, told }
        });
        let runs = runs.collect();
        (runs, doubts.into_iter().map(|(doubt, photos)| slip(&doubt, photos)).collect())
    }

    /// Who queued, in their order, without those who did not come, and what is not clear of the order.
    fn students_of(
        &self,
        queue: &Queue<'_>,
        queues: &Queues,
        absent: &[Absent],
        problems: &mut Vec<Reason>,
    ) -> (Vec<usize>, Option<Reason>) {
        let (mut students, told) = match queue.list.map(|list| &queues.lists[list]) {
            Some((folder, list)) => self.queue_of_list(folder, list, problems),
            None => self.queue(&queue.places),
        };
        // Who stayed away the first day may come to the retake.
        students.retain(|student| !absent.contains(&Absent { list: queue.list, student: *student }));
        (students, told)
    }
}

/// What names of folders tell, each looked at once.
struct Folders<'a> {
    known: Known<'a>,
    meant: HashMap<&'a str, Meant<'a>>,
}

impl<'a> Folders<'a> {
    fn new(students: &'a [Student]) -> Folders<'a> {
        Folders { known: Known::of(students), meant: HashMap::new() }
    }

    /// Who queued before the camera of a photo.
    fn queue(&mut self, shot: &'a Shot, queues: &Queues) -> Result<Queue<'a>, Doubt<'a>> {
        let is_of = |folder: &str| {
            shot.folders.iter().any(|name| folded(name) == folded(folder))
                || Path::new(&shot.photo).starts_with(Path::new(folder))
        };
        let list = queues.lists.iter().position(|(folder, _)| is_of(folder));
        let mut places = Vec::new();
        let mut doubt = None;
        for folder in shot.folders.iter().filter(|_| list.is_none()) {
            let meant = self.meant.entry(folder).or_insert_with(|| self.known.meant(folder));
            places.extend(meant.places.iter().copied());
            doubt = doubt.or(meant.doubt.map(|cell| Doubt { folder, cell: Some(cell) }));
        }
        doubt.map_or(Ok(Queue { list, places }), Err)
    }
}

/// Adds a photo to the group of its kind.
fn group<K: PartialEq>(groups: &mut Vec<(K, Vec<usize>)>, kind: K, photo: usize) {
    match groups.iter_mut().find(|(known, _)| *known == kind) {
        Some((_, photos)) => photos.push(photo),
        None => groups.push((kind, vec![photo])),
    }
}

/// As the photos are given, where a time is missing.
fn in_order_of_time(mut photos: Vec<usize>, shots: &[Shot]) -> Vec<usize> {
    if photos.iter().all(|photo| shots[*photo].taken.is_some()) {
        photos.sort_by_key(|photo| shots[*photo].taken);
    }
    photos
}

fn title(queue: &Queue<'_>, queues: &Queues) -> String {
    if let Some(list) = queue.list {
        return queues.lists[list].0.clone();
    }
    let mut places = queue.places.iter().map(|(_, cell)| *cell).collect::<Vec<_>>();
    places.dedup();
    places.join(" ")
}

fn slip(Doubt { folder, cell }: &Doubt<'_>, photos: Vec<usize>) -> Slip {
    let reason = match cell {
        Some(cell) => Reason::new(
            format!(
                "看不出文件夹“{folder}”里拍的是谁：名称中有名册上的“{cell}”，但可能是另一个词或另一个班。请把文件夹改成名册上的院系、专业、班级或批次名，或加 --queue {folder}=名单文件，再运行一次。"
            ),
            format!(
                "It is not clear who is in the folder {folder}: its name has {cell} of the roster in it, which may be another word or another class. Name the folder as the roster names the department, major, class or session, or add --queue {folder}=LIST, and run it again."
            ),
        ),
        None => fits_nothing(folder, photos.len()),
    };
    Slip { photos, reason, options: Vec::new() }
}

fn fits_nothing(folder: &str, count: usize) -> Reason {
    let photos = counted(count, "photo");
    Reason::new(
        format!(
            "文件夹“{folder}”与名册上的院系、专业、班级或批次都对不上，看不出拍的是谁（{count}张）。请把文件夹改成名册上的名称，或加 --queue {folder}=名单文件，再运行一次。"
        ),
        format!(
            "The folder {folder} fits no department, major, class or session of the roster, so it is not clear who is in it ({photos}). Name it as the roster does, or add --queue {folder}=LIST, and run it again."
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::super::testing::{roster, school, shots, shots_at, slips, whose, whose_of};
    use super::*;

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
        assert_eq!(whose(&school(), &photos, &Queues::default())[3..], ["-", "-", "!2"]);
    }

    #[test]
    fn a_folder_that_fits_nothing_of_the_roster_is_told_and_a_name_in_it_goes_its_own_way() {
        let named = |class: &str| ["1.jpg", "2.jpg", "3.jpg"].map(|name| format!("{class}/{name}"));
        let (class, retakes) = (named("软件1班"), ["相机B/补拍/8.jpg", "相机B/补拍/孙七.jpg", "相机C/9.jpg", "10.jpg"]);
        let photos = class.iter().map(String::as_str).chain(retakes).collect::<Vec<_>>();
        let slips = slips(&school(), &shots(&photos), &Queues::default());
        assert_eq!(slips.iter().map(|slip| &slip.photos[..]).collect::<Vec<_>>(), [[3], [5]]);
        assert!(slips[0].reason.zh.contains("文件夹“补拍”与名册上的") && slips[0].reason.zh.contains("（1张）"));
        assert!(slips[1].reason.en.contains("(1 photo)") && slips[1].reason.en.contains("--queue 相机C=LIST"));
        // A name that several students have is asked about as such.
        let twins = roster(&[("软件1班", "1", "张三"), ("软件2班", "2", "张三"), ("软件1班", "3", "李四")]);
        assert_eq!(
            whose(&twins, &["软件1班/a.jpg", "软件1班/b.jpg", "补拍/张三.jpg"], &Queues::default()),
            ["张三", "李四", "-"]
        );
    }

    #[test]
    fn a_name_that_a_person_gave_stays_out_of_the_queue_though_it_may_mean_several() {
        let school = roster(&[
            ("软件1班", "2021001", "张三"),
            ("软件1班", "2021002", "李四"),
            ("软件1班", "2021003", "张伟"),
            ("软件1班", "2021004", "张伟"),
        ]);
        for named in ["张伟", "张伟(1)", "2021002_张伟", "2021002_废", "2021001_王○", "zhangwei"] {
            let list = school.students()[..2].to_vec();
            let queues = Queues { lists: vec![("补拍".to_owned(), list)], ..Queues::default() };
            let photos = [format!("软件1班/{named}.jpg"), "补拍/DSC_0001.jpg".into(), "补拍/DSC_0002.jpg".into()];
            let photos = photos.iter().map(String::as_str).collect::<Vec<_>>();
            assert_eq!(whose_of(&school, &shots(&photos), &queues), ["-", "张三", "李四"], "{named}");
        }
        // What a camera counts may be the end of a number as well.
        let school = roster(&[("软件1班", "7", "张三"), ("软件1班", "8", "李四")]);
        for camera in ["DSC_", "毕业照_"] {
            let photos = [1, 2].map(|at| format!("软件1班/{camera}0000{}.jpg", 9 - at));
            let photos = photos.iter().map(String::as_str).collect::<Vec<_>>();
            assert_eq!(whose(&school, &photos, &Queues::default()), ["张三", "李四"], "{camera}");
        }
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
        assert_eq!(whose_of(&school, &shots(&["电子商务/a.jpg", "11班/b.jpg"]), &queues), ["张三", "王五"]);
    }
}
