//! Whose photo is whose by a list of photos and students, such as the one that a scanner made.

use std::collections::{BTreeMap, HashMap};

use super::super::roster::{Match, Roster};
use super::super::told::counted;
use super::assignment::Assignment;
use super::called::Called;
use super::moved::Moved;
use super::path::{as_all_systems_read, ends};
use super::{Shot, unknown_student};
use crate::photo::Taken;
use crate::text::Reason;

/// A row of a list of photos and students.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedPhoto {
    /// Its number in the file, from 1.
    pub row: usize,
    /// Name of the photo, alone or with folders.
    pub photo: String,
    /// Number or name of the student; empty where rows before it are taken back.
    pub student: String,
    /// Name of the student beside the number; empty where the list has none.
    pub name: String,
    /// When the photo was taken, where the list says it: its name may have been given again since.
    pub taken: Option<Taken>,
    /// The place of the row among those that a program wrote, where it says it: it stays when rows are sorted.
    pub count: Option<u64>,
}

impl Roster {
    /// Gives photos to students as a list of photos and numbers or names says, such as the one that a scanner made; where it
    /// names a photo twice, the last counts. A row that says when its photo was taken is of no other photo, and follows it into
    /// other folders. Where no row fits, the folder has moved, and photos are known by the ends of their paths. Photos that are
    /// not on the list go by their names; of rows without a photo, and of photos of two students, [`Assignment::notes`] tells.
    ///
    /// # Errors
    /// Students that are not on the roster, all at once, each with its row.
    pub fn by_list(&self, shots: &[Shot], list: &[ListedPhoto]) -> Result<Assignment, Vec<Reason>> {
        let places = Places::new(shots, list);
        let mut problems = Vec::new();
        let (mut lost, mut unclear) = (Vec::new(), Vec::new());
        let mut assignment = Assignment::of_nobody(shots.len());
        let mut row_of = HashMap::<usize, usize>::new();
        let (mut contradicted, mut torn) = (BTreeMap::new(), BTreeMap::new());
        for (at, row) in list.iter().enumerate() {
            let found = places.find(row);
            let student = self.keyed_in(&row.student, found.as_ref().map_or(&[][..], |place| &shots[*place].folders));
            match found {
                Ok(place) if row.student.is_empty() => {
                    assignment.matches[place] = None;
                    row_of.remove(&place);
                    contradicted.remove(&place);
                    torn.remove(&place);
                }
                Ok(place) => {
                    let matched = student.map(|one| self.beside_name(one, row, &shots[place].folders));
                    torn.remove(&place);
                    if let Some(Match::Conflict(_)) = matched {
                        torn.insert(place, row);
                    }
                    problems.extend(matched.is_none().then(|| in_row(row, unknown_student(&row.student))));
                    if let Some(before) = row_of.insert(place, at).map(|before| &list[before])
                        && assignment.matches[place] != matched
                        && !is_correction(before, row)
                    {
                        contradicted.insert(place, (before, row));
                    }
                    assignment.matches[place] = matched;
                }
                // What takes back a row that found nothing.
                Err(_) if row.student.is_empty() => lost.retain(|other: &&ListedPhoto| !is_of_one_photo(other, row)),
                Err(Missed::Several) => unclear.push(row),
                // What heads a list without known heads is no photo.
                Err(Missed::None) if at > 0 || student.is_some() || row.photo.contains('.') => lost.push(row),
                Err(Missed::None) => {}
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        assignment.notes.extend(rows_without_photo(&lost));
        assignment.notes.extend(rows_of_several_photos(&unclear));
        assignment.notes.extend(rows_of_two_students(&torn.into_values().collect::<Vec<_>>()));
        assignment.notes.extend(photos_of_two_students(&contradicted.into_values().collect::<Vec<_>>()));
        let mut in_order = row_of.keys().copied().collect::<Vec<_>>();
        in_order.sort_by_key(|place| row_of[place]);
        assignment.replace(shots, &[in_order]);
        Ok(assignment)
    }

    /// The student of a row, unless the name beside the number is another's.
    fn beside_name(
        &self,
        student: usize,
        ListedPhoto { student: number, name, .. }: &ListedPhoto,
        folders: &[String],
    ) -> Match {
        if name.is_empty() || number.contains(char::is_whitespace) {
            return Match::One(student);
        }
        match self.find(&format!("{number} {name}"), folders) {
            conflict @ Match::Conflict(_) => conflict,
            _ => Match::One(student),
        }
    }
}

/// Why a row has no photo.
enum Missed {
    None,
    Several,
}

/// The photos that rows mean.
struct Places<'a> {
    shots: &'a [Shot],
    called: Called,
    /// By the name of the file and the time.
    taken: HashMap<(String, Taken), Vec<usize>>,
    /// Of a list of which a row still fits nothing has moved: what it misses is gone.
    moved: Option<Moved>,
}

impl<'a> Places<'a> {
    fn new(shots: &'a [Shot], list: &[ListedPhoto]) -> Places<'a> {
        let mut taken = HashMap::<_, Vec<usize>>::new();
        for (place, shot) in shots.iter().enumerate() {
            if let Some(time) = shot.taken {
                taken.entry((file_name(&shot.photo), time)).or_default().push(place);
            }
        }
        let mut places = Places { shots, called: Called::new(shots), taken, moved: None };
        if list.iter().all(|row| places.named(row).is_err()) {
            let photos = shots.iter().map(|shot| shot.photo.as_str());
            places.moved = Some(Moved::new(photos, list.iter().map(|row| row.photo.as_str())));
        }
        places
    }

    fn find(&self, row: &ListedPhoto) -> Result<usize, Missed> {
        let taken = || row.taken.and_then(|time| self.taken.get(&(file_name(&row.photo), time)));
        let moved = || self.moved.as_ref()?.place(&row.photo).filter(|place| self.fits(row, *place));
        self.named(row).or_else(|missed| match taken().map(Vec::as_slice) {
            Some([place]) => Ok(*place),
            several => moved().ok_or(if several.is_some() { Missed::Several } else { missed }),
        })
    }

    /// The photo that has the name.
    fn named(&self, row: &ListedPhoto) -> Result<usize, Missed> {
        let mut fitting = self.called.places(&row.photo).iter().copied().filter(|place| self.fits(row, *place));
        match (fitting.next(), fitting.next()) {
            (Some(place), None) => Ok(place),
            (None, _) => Err(Missed::None),
            _ => Err(Missed::Several),
        }
    }

    /// Whether no times say that it is another photo.
    fn fits(&self, row: &ListedPhoto, place: usize) -> bool {
        row.taken.zip(self.shots[place].taken).is_none_or(|(listed, taken)| listed == taken)
    }
}

fn file_name(path: &str) -> String {
    let path = as_all_systems_read(path);
    ends(&path).last().unwrap_or_default().to_owned()
}

fn is_of_one_photo(one: &ListedPhoto, other: &ListedPhoto) -> bool {
    one.taken == other.taken && as_all_systems_read(&one.photo) == as_all_systems_read(&other.photo)
}

/// Whether the second row is for certain a later word on the photo of the first, as where a person put it right.
fn is_correction(before: &ListedPhoto, row: &ListedPhoto) -> bool {
    row.taken.is_some() && before.taken == row.taken && before.count.zip(row.count).is_some()
}

fn in_row(row: &ListedPhoto, problem: Reason) -> Reason {
    let Reason { zh, en } = problem;
    let row = row.row;
    Reason::new(format!("名单第{row}行：{zh}"), format!("Row {row} of the list: {en}"))
}

fn rows_without_photo(rows: &[&ListedPhoto]) -> Option<Reason> {
    let (count, ListedPhoto { row, photo, .. }) = (rows.len(), rows.first()?);
    let rows = counted(rows.len(), "row");
    Some(Reason::new(
        format!(
            "名单中有{count}行找不到照片，例如第{row}行 {photo}；请核对名单与照片是否相配，或是否另有同名而拍摄时间不同的照片。"
        ),
        format!(
            "{rows} of the list name no photo here, such as row {row}: {photo}. Check that list and photos belong together, and whether one of that name was taken at another time."
        ),
    ))
}

fn rows_of_several_photos(rows: &[&ListedPhoto]) -> Option<Reason> {
    let (count, ListedPhoto { row, photo, .. }) = (rows.len(), rows.first()?);
    let rows = counted(rows.len(), "row");
    Some(Reason::new(
        format!("名单中有{count}行的文件名不止一张照片有，没有采用，例如第{row}行 {photo}；请写上文件夹。"),
        format!(
            "{rows} of the list were not used, for several photos have that name, such as row {row}: {photo}. Give the folder too."
        ),
    ))
}

fn rows_of_two_students(rows: &[&ListedPhoto]) -> Option<Reason> {
    let (count, ListedPhoto { row, photo, student, name, .. }) = (rows.len(), rows.first()?);
    let rows = counted(rows.len(), "row");
    Some(Reason::new(
        format!(
            "名单中有{count}行的号码与姓名不是同一名学生，这些照片须人工确认，例如第{row}行 {photo}：{student} {name}；请改正名单。"
        ),
        format!(
            "In {rows} of the list number and name are not of one student, so a person must say whose the photo is, such as row {row}: {photo}, {student} {name}. Correct the list."
        ),
    ))
}

/// Each photo with the rows that name two students for it.
fn photos_of_two_students(photos: &[(&ListedPhoto, &ListedPhoto)]) -> Option<Reason> {
    let (count, (before, ListedPhoto { row, photo, student, .. })) = (photos.len(), photos.first()?);
    let (first, other) = (before.row, &before.student);
    let photos = counted(count, "photo");
    Some(Reason::new(
        format!(
            "名单中有{count}张照片写了不止一名学生，以后写的为准，例如 {photo}：第{first}行 {other}，第{row}行 {student}；名单重新排过序，或文件名第二天又用过的，请逐一核对。"
        ),
        format!(
            "The list names two students for {photos}, and the later word counts, such as {photo}: row {first} {other}, row {row} {student}. Check them where rows were sorted or names given again on another day."
        ),
    ))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{listed, roster as roster_of, school, shots, shots_at};
    use super::*;

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
        // A number that begins anew in each class is of the class in whose folder the photo lies.
        let seats = roster_of(&[("1班", "1", "张三"), ("2班", "1", "王五")]);
        let photos = shots(&["1班/a.jpg", "2班/b.jpg", "c.jpg", "d.jpg"]);
        let rows = [("a.jpg", "1"), ("b.jpg", "1"), ("c.jpg", "1 张三 1班")];
        let list = seats.by_list(&photos, &listed(&rows)).expect("a list");
        assert_eq!([0, 1, 2].map(|place| list.student(place)), [Some(0), Some(1), Some(0)]);
        assert!(seats.by_list(&photos, &listed(&[("d.jpg", "1")])).is_err());
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
    fn a_name_that_a_camera_gives_again_is_told_by_its_time_wherever_the_first_one_lies_now() {
        let roster = school();
        let row = |(at, (photo, student, minute)): (usize, &(&str, &str, Option<u8>))| ListedPhoto {
            taken: minute.and_then(|minute| shots_at(&[("", Some(minute))])[0].taken),
            count: Some(at as u64),
            ..listed(&[(photo, student)]).remove(0)
        };
        let given = |photos: &[(&str, Option<u8>)], rows: &[(&str, &str, Option<u8>)]| {
            let rows = rows.iter().enumerate().map(row).collect::<Vec<_>>();
            let list = roster.by_list(&shots_at(photos), &rows).expect("a list");
            let students = (0..photos.len()).map(|place| list.student(place)).collect::<Vec<_>>();
            (students, list.notes().iter().map(|note| note.zh.clone()).collect::<String>())
        };
        let both = [("联机/1.jpg", "2021001", Some(1)), ("联机/1.jpg", "2021002", Some(9))];
        let (students, told) = given(&[("第一天/1.jpg", Some(1)), ("联机/1.jpg", Some(9))], &both);
        assert_eq!((students, told.as_str()), (vec![Some(3), Some(2)], ""));
        let (students, told) = given(&[("第一天/1.jpg", Some(1))], &both);
        assert_eq!(students, [Some(3)]);
        assert!(told.contains("有1行找不到照片，例如第2行 联机/1.jpg"), "{told}");
        // Exported without its time, it may be either.
        let (_, told) = given(&[("联机/1.jpg", None)], &both);
        assert!(
            told.contains("写了不止一名学生，以后写的为准，例如 联机/1.jpg：第2行 2021001，第2行 2021002"),
            "{told}"
        );
        let corrected = [("联机/1.jpg", "2021001", Some(1)), ("联机/1.jpg", "2021002", Some(1))];
        assert_eq!(given(&[("联机/1.jpg", Some(1))], &corrected), (vec![Some(2)], String::new()));
        let taken_back = [("联机/1.jpg", "2021001", Some(1)), ("联机/1.jpg", "", Some(1))];
        for photos in [[("联机/1.jpg", Some(1))], [("联机/1.jpg", Some(5))]] {
            assert_eq!(given(&photos, &taken_back), (vec![None], String::new()));
        }
        assert_eq!(
            given(&[("联机/1.jpg", None)], &[("联机/1.jpg", "2021001", None), ("联机/1.jpg", "", None)]).0,
            [None]
        );
    }

    #[test]
    fn a_row_whose_number_and_name_are_of_two_students_is_asked_about() {
        let roster = roster_of(&[("1班", "2021001", "张三"), ("1班", "2021002", "李四")]);
        let photos = shots(&["1.jpg", "2.jpg", "3.jpg", "4.jpg"]);
        let rows = [("1.jpg", "2021001"), ("2.jpg", "2021001"), ("3.jpg", "2021002"), ("4.jpg", "李四")];
        let mut rows = listed(&rows);
        for (row, name) in rows.iter_mut().zip(["李四", "张三", "李四 2021002", ""]) {
            row.name = name.to_owned();
        }
        let list = roster.by_list(&photos, &rows).expect("a list");
        assert_eq!([0, 1, 2, 3].map(|place| list.student(place)), [None, Some(0), Some(1), Some(1)]);
        assert_eq!(list.matches[0], Some(Match::Conflict(vec![0, 1])));
        assert!(list.notes()[0].zh.starts_with("名单中有1行的号码与姓名不是同一名学生"), "{:?}", list.notes());
        // A later word on the photo.
        rows.push(ListedPhoto { photo: "1.jpg".to_owned(), ..rows[1].clone() });
        let list = roster.by_list(&photos, &rows).expect("a list");
        assert_eq!(list.student(0), Some(0));
        assert!(!list.notes().iter().any(|note| note.zh.contains("号码与姓名")), "{:?}", list.notes());
    }

    #[test]
    fn a_photo_of_two_students_and_a_row_of_nobody_are_told() {
        let roster = school();
        let photos = shots(&["1.jpg"]);
        let list = roster.by_list(&photos, &listed(&[("1.jpg", "2021001"), ("./1.jpg", "2021002")])).expect("a list");
        assert!(list.student(0) == Some(2) && list.notes()[0].en.contains("row 2 2021001, row 3 2021002"));
        let problems = roster.by_list(&photos, &listed(&[("x.jpg", "8"), ("1.jpg", "9")])).expect_err("nobody");
        assert!(problems[0].zh.starts_with("名单第3行：名册上没有“9”"), "{problems:?}");
    }
}
