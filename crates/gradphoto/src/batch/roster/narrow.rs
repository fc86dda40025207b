//! Of several students whom a photo may mean, the one that its folders and short numbers leave.

use std::collections::BTreeSet;

use super::super::field::Field;
use super::super::names::{exact, folded, is_digits, number};
use super::super::stem::{Kind, Part};
use super::class::{counts_another, is_like_a_class, is_number_of_another, up_to_class};
use super::person_name::reads_like_a_name;
use super::student::PLACES;
use super::{Match, Roster};

impl Roster {
    /// The one of several candidates that is left, if one is.
    pub(super) fn narrowed(&self, candidates: &[usize], parts: &[Part], folders: &[String]) -> Match {
        let folders = self.places.all_named(folders);
        let is_by_name = || parts.iter().all(|part| part.kind != Kind::Code || part.is_short_number());
        // Of the class or the major whose folder it is, the list may lack somebody of the same name.
        let is_by_seat = || !parts.is_empty() && parts.iter().all(Part::is_short_number);
        let may_be_another = |one| {
            is_by_name() && self.is_of_others(one, &folders) || is_by_seat() && self.is_counted_elsewhere(one, &folders)
        };
        let mut left = candidates.to_vec();
        if left.len() > 1 {
            self.keep_those_of_folders(&mut left, &folders);
            self.keep_those_of_short_numbers(&mut left, parts);
        }
        match left[..] {
            [one] if !may_be_another(one) => Match::One(one),
            _ => Match::Several(candidates.to_vec()),
        }
    }

    /// Whether a photo of a student lies in the folder of another class, department or major, of the roster or not.
    pub(super) fn is_of_others(&self, student: usize, folders: &[String]) -> bool {
        self.is_elsewhere(student, folders)
            || self.is_of_other_studies(student, folders)
            || self.is_among_strangers(student, folders)
    }

    /// Whether a photo of a student lies in the folder of another department or major of the roster.
    fn is_of_other_studies(&self, student: usize, folders: &[String]) -> bool {
        let own = PLACES.map(|field| folded(self.students[student].get(field)));
        // A folder 软件 may as well hold those of 软件（专升本）.
        let is_others = |folder: &String| !own.iter().any(|place| place.contains(folder));
        [Field::Department, Field::Major].into_iter().any(|field| {
            let is_known = !self.students[student].get(field).is_empty() && !self.lies_in(student, field, folders);
            is_known && folders.iter().any(|folder| self.places.has(field, folder) && is_others(folder))
        })
    }

    /// Whether a photo of a student lies in the folder of another class, of the roster or named as those are.
    fn is_elsewhere(&self, student: usize, folders: &[String]) -> bool {
        let own = self.places.class_of(student);
        let folders = folders.iter().flat_map(|folder| [folder.clone(), up_to_class(folder)]).collect::<Vec<_>>();
        let is_class = |folder: &String| {
            self.places.has(Field::Class, folder)
                || self.places.has_form_of_another(folder, own)
                || counts_another(folder, &own.name)
                || own.is_of_another_year(folder)
        };
        !own.name.is_empty() && folders.iter().any(is_class) && !folders.contains(&own.name)
    }

    /// Whether a photo lies in a folder that is the number of another class than a student's: 2/1 where the list has 1班 alone.
    fn is_counted_elsewhere(&self, student: usize, folders: &[String]) -> bool {
        let class = &self.places.class_of(student).name;
        folders.iter().any(|folder| is_number_of_another(folder, class))
            && !self.lies_in(student, Field::Class, folders)
    }

    /// Whether folders tell a class, a department or a major.
    fn is_told(&self, field: Field, folders: &[String]) -> bool {
        folders.iter().any(|folder| self.places.has(field, folder))
    }

    /// The one of several candidates in whose class's folder a photo lies that is named by a number alone: 1班/1 for 01.
    pub(super) fn of_a_class_list(&self, candidates: &[usize], stem: &str, folders: &[String]) -> Option<usize> {
        let folders = self.places.all_named(folders);
        let has_class = |student: usize| !self.students[student].get(Field::Class).is_empty();
        let is_there = |student: &usize| has_class(*student) && self.lies_in(*student, Field::Class, &folders);
        let mut there = candidates.iter().copied().filter(is_there);
        there.next().filter(|_| is_digits(&exact(stem)) && there.next().is_none())
    }

    /// The one student of the class whose folder it is, or of the whole list, who has this number in the column 序号: 软件2班/1.
    pub(super) fn with_row_number(&self, stem: &str, folders: &[String]) -> Option<usize> {
        let folders = self.places.all_named(folders);
        let is_there = |student: &usize| {
            let class = &self.places.class_of(*student).name;
            folders.contains(class) || !self.is_told(Field::Class, &folders) && !self.is_of_others(*student, &folders)
        };
        let mut there = self.in_row(stem).iter().copied().filter(is_there);
        there.next().filter(|_| there.next().is_none())
    }

    /// The one student of the class whose folder it is who has a number that ends so: 软件2班/0203 for 2021040203.
    pub(super) fn with_end_in_class(&self, parts: &[Part], folders: &[String]) -> Option<usize> {
        let folders = self.places.all_named(folders);
        let says_nothing =
            |part: &Part| is_digits(&part.text) || part.kind == Kind::Chinese && !reads_like_a_name(part);
        let (end, others) = parts.split_first()?;
        if !is_digits(&end.text) || end.text.len() < 2 || !others.iter().all(says_nothing) {
            return None;
        }
        let ends_so = |student: &usize| {
            let mut keys = self.students[*student].keys().filter(|(field, _)| field.is_number());
            keys.any(|(_, key)| number(key).ends_with(&end.text))
        };
        let classes = folders.iter().collect::<BTreeSet<_>>().into_iter();
        let mut there = classes.flat_map(|class| self.places.of_class(class)).copied().filter(ends_so);
        there.next().filter(|_| there.next().is_none())
    }

    fn lies_in(&self, student: usize, field: Field, folders: &[String]) -> bool {
        folders.contains(&folded(self.students[student].get(field)))
    }

    fn keep_those_of_folders(&self, left: &mut Vec<usize>, folders: &[String]) {
        // A class that the roster has not is nobody's of these.
        let is_strange = |folder: &String| is_like_a_class(folder) && !self.places.has_any(folder);
        if folders.iter().any(is_strange) {
            return;
        }
        for field in PLACES.into_iter().filter(|field| self.is_told(*field, folders)) {
            left.retain(|student| self.lies_in(*student, field, folders));
        }
    }

    /// 张三_7, where 7 is the number of one 张三.
    fn keep_those_of_short_numbers(&self, left: &mut Vec<usize>, parts: &[Part]) {
        for part in parts.iter().filter(|part| part.is_short_number()) {
            let has = |student: &usize| self.students[*student].keys().any(|(_, key)| number(key) == part.text);
            if left.iter().filter(|student| has(student)).count() == 1 {
                left.retain(has);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::student;
    use super::*;

    #[test]
    fn folders_and_short_numbers_tell_those_of_one_name_apart_only_where_all_of_them_agree() {
        let people = [("7", "软件1班", "计算机学院"), ("9", "软件2班", "计算机学院"), ("11", "软件1班", "外语学院")];
        let people = people.map(|(number, class, department)| {
            let mut student = student(number, "", "张三", class);
            student.set(Field::Department, department);
            student
        });
        let roster = Roster::new(people.to_vec());
        let folders = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        assert_eq!(roster.find("张三_7", &[]), Match::One(0));
        assert_eq!(roster.find("张三_8", &[]), Match::Several(vec![0, 1, 2]));
        assert_eq!(roster.find("张三", &folders(&["外语学院"])), Match::One(2));
        assert_eq!(roster.find("张三", &folders(&["计算机学院", "软件1班"])), Match::One(0));
        for folder in ["软件2", "软件2班照片", "软件2班补照", "软件2班（45人）", "软件2毕业照"] {
            assert_eq!(roster.find("张三", &folders(&[folder])), Match::One(1), "{folder}");
        }
        for folder in ["英语2102", "英语2班", "软件3", "软件3班（45人）"] {
            assert_eq!(roster.find("张三", &folders(&["外语学院", folder])), Match::Several(vec![0, 1, 2]), "{folder}");
        }
        assert_eq!(roster.find("张三", &folders(&["外语学院", "相机2"])), Match::One(2));
        assert_eq!(roster.find("张三", &folders(&["软件1班"])), Match::Several(vec![0, 1, 2]));
        assert_eq!(roster.find("张三", &folders(&["外语学院", "软件2班"])), Match::Several(vec![0, 1, 2]));
    }

    #[test]
    fn the_end_of_a_number_in_the_folder_of_its_class_is_asked_about() {
        let people = [("2021010203", "软件2班"), ("2021010303", "软件3班"), ("2021010213", "软件2班")];
        let roster = Roster::new(people.map(|(number, class)| student(number, "", "", class)).to_vec());
        for (folder, stem, found) in [
            ("软件2班", "0203", Match::Several(vec![0])),
            ("软件2班", "0203 (2)", Match::Several(vec![0])),
            ("软件2班照片", "03_重拍", Match::Several(vec![0])),
            ("软件3班", "03", Match::Several(vec![1])),
            ("软件2班", "3", Match::Nobody),
            ("软件2班", "0204", Match::Nobody),
            ("软件2班", "DSC_0203", Match::Nobody),
            ("软件2班", "0203王五", Match::Nobody),
            ("", "0203", Match::Nobody),
        ] {
            assert_eq!(roster.find(stem, &[folder.to_owned()]), found, "{folder}/{stem}");
        }
    }

    #[test]
    fn a_name_in_the_folder_of_another_department_or_major_is_asked_about() {
        let people = [
            ("20210001", "张三", "外语学院", "英语", "1班"),
            ("20210002", "张三", "外语学院", "日语", "1班"),
            ("20210003", "李四", "法学院", "法学", "1班"),
            ("20210004", "王五", "信息学院", "软件（专升本）", "2班"),
            ("20210005", "赵六", "信息学院", "软件", "2班"),
            ("20210006", "孙七", "", "", "1班"),
        ];
        let people = people.map(|(number, name, department, major, class)| {
            let mut student = student(number, "", name, class);
            student.set(Field::Department, department);
            student.set(Field::Major, major);
            student
        });
        let roster = Roster::new(people.to_vec());
        for (path, found) in [
            ("外语学院/李四", Match::Several(vec![2])),
            ("英语/李四", Match::Several(vec![2])),
            ("英语/1班/李四", Match::Several(vec![2])),
            ("英语1班/李四", Match::Several(vec![2])),
            ("英语1班/20210003李四", Match::One(2)),
            ("法学院/李四", Match::One(2)),
            ("法学1班/李四", Match::One(2)),
            ("法学院/法学1班/李四", Match::One(2)),
            ("1班/李四", Match::One(2)),
            ("软件/王五", Match::One(3)),
            ("英语/孙七", Match::One(5)),
            ("英语1班/张三", Match::One(0)),
            ("外语学院/日语1班/张三", Match::One(1)),
        ] {
            let (folders, stem) = path.rsplit_once('/').expect("has folders");
            let folders = folders.split('/').map(str::to_owned).collect::<Vec<_>>();
            assert_eq!(roster.find(stem, &folders), found, "{path}");
        }
    }

    #[test]
    fn a_folder_named_as_classes_are_is_of_another_class_though_the_roster_has_it_not() {
        let people = [("20210001", "李四", "软件1班"), ("20210002", "王五", "网络 2101班"), ("20210003", "孙七", "")];
        let roster = Roster::new(people.map(|(number, name, class)| student(number, "", name, class)).to_vec());
        let find = |stem, folder: &str| roster.find(stem, &[folder.to_owned()]);
        for folder in [
            "软件3班",
            "英语12班",
            "网络2102班",
            "软件3班照片",
            "软件 3班（40人）",
            "3班",
            "软件三班",
            "软件工程3班",
            "2021级软件2班",
            "11班",
            "软件3班剩余",
            "软件3班（补）",
            "2021级软件2班合影",
        ] {
            assert_eq!(find("李四", folder), Match::Several(vec![0]), "{folder}");
            assert_eq!(find("20210001李四", folder), Match::One(0), "{folder}");
        }
        for folder in [
            "软件1班",
            "1班",
            "01班",
            "软件一班",
            "2021级软件1班",
            "软件1班剩余",
            "1班（补）",
            "补拍班",
            "班级照片",
            "补拍1",
            "相机2",
        ] {
            assert_eq!(find("李四", folder), Match::One(0), "{folder}");
        }
        assert_eq!(find("王五", "1班"), Match::One(1), "of 2101");
        assert_eq!(find("孙七", "软件3班"), Match::One(2), "nobody knows the class");
    }

    #[test]
    fn a_seat_in_a_folder_that_is_another_number_than_that_of_the_class_is_asked_about() {
        let find = |class: &str, folders: &[&str], stem| {
            let roster = Roster::new(vec![student("1", "", "张三", class), student("20210002", "", "李四", class)]);
            roster.find(stem, &folders.iter().map(|folder| (*folder).to_owned()).collect::<Vec<_>>())
        };
        for (class, folder) in
            [("1班", "2"), ("软件1班", "02"), ("软件一班", "2"), ("软件2101", "2102"), ("2101班", "2")]
        {
            assert_eq!(find(class, &[folder], "1"), Match::Several(vec![0]), "{class}: {folder}/1");
            assert_eq!(find(class, &[folder], "1张三"), Match::One(0), "{class}: {folder}/1张三");
            assert_eq!(find(class, &[folder], "20210002"), Match::One(1), "{class}: {folder}/20210002");
        }
        for (class, folders) in [
            ("1班", &["1"][..]),
            ("1班", &["01"]),
            ("软件2101", &["1"]),
            ("软件2101", &["2026", "2101"]),
            ("1班", &["2", "1"]),
            ("1班", &["0412"]),
            ("甲班", &["2"]),
            ("", &["2"]),
        ] {
            assert_eq!(find(class, folders, "1"), Match::One(0), "{class}: {folders:?}/1");
        }
    }

    #[test]
    fn a_number_alone_in_the_folder_of_a_class_is_of_its_list_whatever_zeros_it_begins_with() {
        let people = [
            ("01", "张三", "1班"),
            ("02", "李四", "1班"),
            ("08", "王五", "2班"),
            ("8", "赵六", "3班"),
            ("07", "孙七", ""),
        ];
        let roster = Roster::new(people.map(|(number, name, class)| student(number, "", name, class)).to_vec());
        let find = |stem, folder: &str| roster.find(stem, &[folder.to_owned()]);
        for (folder, stem, place) in
            [("1班", "1", 0), ("1班", "2", 1), ("1班照片", "002", 1), ("2班", "08", 2), ("3班", "8", 3)]
        {
            assert_eq!(find(stem, folder), Match::One(place), "{folder}/{stem}");
        }
        for (folder, stem) in [("2班", "2"), ("相机1", "2"), ("4班", "1"), ("1班", "7"), ("", "1班(1)"), ("1班", "(1)")]
        {
            assert!(!matches!(find(stem, folder), Match::One(_)), "{folder}/{stem}");
        }
    }
}
