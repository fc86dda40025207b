//! Whose photo is whose by a list of photos and students, such as the one that a scanner made.

use std::collections::HashMap;

use super::super::roster::{Match, Roster};
use super::super::told::counted;
use super::assignment::Assignment;
use super::called::Called;
use super::moved::Moved;
use super::{Shot, unknown_student};
use crate::text::Reason;

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

impl Roster {
    /// Gives photos to students as a list of photos and numbers or names says, such as the one that a scanner made; where it
    /// names a photo twice, the last counts. Where no row fits, the folder has moved, and photos are known by the ends of
    /// their paths. Photos that are not on the list go by their names; of rows without a photo [`Assignment::notes`] tells.
    ///
    /// # Errors
    /// Students that are not on the roster, all at once.
    pub fn by_list(&self, shots: &[Shot], list: &[ListedPhoto]) -> Result<Assignment, Vec<Reason>> {
        let called = Called::new(shots);
        // A list of which a row still fits has not moved: what it misses is gone.
        let has_moved = list.iter().all(|row| called.place(&row.photo).is_none());
        let photos = || shots.iter().map(|shot| shot.photo.as_str());
        let moved = has_moved.then(|| Moved::new(photos(), list.iter().map(|row| row.photo.as_str())));
        let place = |photo: &str| called.place(photo).or_else(|| moved.as_ref()?.place(photo));
        let mut problems = Vec::new();
        let (mut lost, mut unclear) = (Vec::new(), Vec::new());
        let mut assignment = Assignment::of_nobody(shots.len());
        let mut row_of = HashMap::new();
        for (at, row) in list.iter().enumerate() {
            let found = place(&row.photo);
            let student = self.keyed_in(&row.student, found.map_or(&[][..], |place| &shots[place].folders));
            if let Some(place) = found {
                match student {
                    Some(student) => assignment.matches[place] = Some(Match::One(student)),
                    None => problems.push(unknown_student(&row.student)),
                }
                row_of.insert(place, at);
            } else if called.is_known(&row.photo) {
                unclear.push(row);
            } else if at > 0 || student.is_some() || row.photo.contains('.') {
                // What heads a list without known heads is no photo.
                lost.push(row);
            }
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
}

fn rows_without_photo(rows: &[&ListedPhoto]) -> Option<Reason> {
    let (count, ListedPhoto { row, photo, .. }) = (rows.len(), rows.first()?);
    let rows = counted(rows.len(), "row");
    Some(Reason::new(
        format!("名单中有{count}行找不到照片，例如第{row}行 {photo}；请核对名单与照片是否相配。"),
        format!(
            "{rows} of the list name no photo here, such as row {row}: {photo}. Check that list and photos belong together."
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

#[cfg(test)]
mod tests {
    use super::super::testing::{listed, roster as roster_of, school, shots};

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
}
