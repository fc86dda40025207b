//! Why a photo that may be one student's is not for certain.

use super::{Match, Roster};

/// What makes it doubtful that a photo is of the student whom it may mean.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::batch) enum Doubt {
    /// Its name.
    #[default]
    Name,
    /// This folder, which is of another class, department or major.
    Folder(String),
    /// That it is named by what stands in the column 序号 alone.
    Row,
}

impl Roster {
    /// Why a photo is not for certain of the one student whom it may mean; of several, its name tells none.
    pub(in crate::batch) fn doubt(&self, stem: &str, folders: &[String], students: &[usize]) -> Doubt {
        let &[student] = students else { return Doubt::Name };
        let is_of_others = |folder: &&String| self.is_of_others(student, &self.places.all_named(&[(*folder).clone()]));
        match folders.iter().rev().find(is_of_others) {
            Some(folder) if self.find(stem, &[]) == Match::One(student) => Doubt::Folder(folder.clone()),
            _ if self.with_row_number(stem, folders) == Some(student) => Doubt::Row,
            _ => Doubt::Name,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::student;
    use super::*;

    #[test]
    fn the_folder_of_others_and_the_number_of_a_row_are_told_as_what_is_doubtful() {
        let mut people = [("230101", "张三", "软件1班"), ("230201", "李四", "软件2班"), ("230202", "王五", "软件2班")]
            .map(|(number, name, class)| student(number, "", name, class));
        for (at, row) in ["1", "1", "2"].into_iter().enumerate() {
            people[at].keep("序号", row);
        }
        let roster = Roster::new(people.to_vec());
        for (path, doubtful, doubt) in [
            ("软件1班/李四", 1, Doubt::Folder("软件1班".to_owned())),
            ("软件3班照片/李四", 1, Doubt::Folder("软件3班照片".to_owned())),
            ("软件1班/李四_废片", 1, Doubt::Name),
            ("软件2班/李四四", 1, Doubt::Name),
            ("软件1班/01", 0, Doubt::Row),
            ("软件2班/1", 1, Doubt::Row),
            ("2", 2, Doubt::Row),
        ] {
            let mut folders = path.split('/').map(str::to_owned).collect::<Vec<_>>();
            let stem = folders.pop().unwrap_or_default();
            if doubt != Doubt::Name {
                assert_eq!(roster.find(&stem, &folders), Match::Several(vec![doubtful]), "{path}");
            }
            assert_eq!(roster.doubt(&stem, &folders, &[doubtful]), doubt, "{path}");
        }
        for path in ["1", "软件1班/2", "软件3班/2", "软件2班/DSC_0002"] {
            let (folder, stem) = path.rsplit_once('/').unwrap_or_default();
            assert_eq!(roster.find(stem, &[folder.to_owned()]), Match::Nobody, "{path}");
        }
    }
}
