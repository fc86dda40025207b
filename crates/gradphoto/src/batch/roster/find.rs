//! Whom the name of a photo means: as it stands, then as it may be read.

use std::cell::LazyCell;
use std::collections::BTreeSet;

use super::super::field::Field;
use super::super::garbled::{readings, unescaped};
use super::super::masking::without_id_numbers;
use super::super::names::{bare, exact, folded, is_digits, is_stand_in, number, without_brackets};
use super::super::stem::{Kind, Part, is_about_time, is_doubted, own_count, parts, parts_beside, stamp};
use super::person_name::reads_like_a_name;
use super::{Match, Roster, SURE_DIGITS};

/// No file's name is longer, and no student's; of a pasted page nothing is sought.
const NAME_MAX: usize = 255;

impl Roster {
    /// Whom a photo means by its file's `stem`, the name without extension; `folders` are the folders it lies in, the outermost
    /// first.
    pub fn find(&self, stem: &str, folders: &[String]) -> Match {
        if stem.chars().count() > NAME_MAX {
            return Match::Nobody;
        }
        let written = unescaped(stem);
        let stem = written.as_deref().unwrap_or(stem);
        let found = self.beside_folders(stem, folders);
        let found = match (&found, self.numbered(folders)) {
            (Match::One(one), Some(others)) if !others.contains(one) => Match::Conflict(united(others, [one])),
            (Match::One(one), None) if is_of_short_codes(stem) => self.beside_owner(*one, folders),
            _ => found,
        };
        let is_doubted = |one: usize| {
            let own = self.students[one].get(Field::Name);
            is_doubted(stem, own) || folders.iter().any(|folder| is_doubted(folder, own))
        };
        match found {
            Match::One(one) if is_doubted(one) => Match::Several(vec![one]),
            _ => found,
        }
    }

    /// A student whom a short number means, unless the folder is another's: 张三/2 may be the second photo of 张三.
    fn beside_owner(&self, one: usize, folders: &[String]) -> Match {
        let is_named = |student: &usize| folders.iter().any(|folder| self.says_name(folder, *student));
        match self.owner(folders) {
            Some(owner) if !owner.students().contains(&one) && owner.students().iter().any(is_named) => {
                Match::Conflict(united(owner.students(), [&one]))
            }
            _ => Match::One(one),
        }
    }

    /// Those of the number that the innermost folder of anybody is named by: 20210001张三/李四.
    fn numbered(&self, folders: &[String]) -> Option<&Vec<usize>> {
        let of_number = |part: Part| {
            let is_number = part.kind == Kind::Code && self.knows_form(&part.text);
            is_number.then(|| self.keys.exact(&part.text)).flatten()
        };
        let inner = folders.iter().rev().filter(|folder| !self.is_of_nobody(folder));
        inner.flat_map(|folder| parts(folder)).find_map(of_number)
    }

    /// Whether a folder is named by the first and the last of many numbers: 20210001-20210040, 20210001至40.
    fn is_range(&self, folder: &str) -> bool {
        let said = parts(folder).into_iter().filter(|part| !matches!(&*part.text, "至" | "到")).collect::<Vec<_>>();
        let is_end = |part: &Part| {
            part.kind == Kind::Code && (self.knows_form(&part.text) || (2..=4).contains(&part.text.len()))
        };
        said.windows(2).any(|pair| self.knows_form(&pair[0].text) && is_end(&pair[1]))
    }

    /// Whom a photo means by its own name, as its folders tell those of one name apart, else by its folders.
    fn beside_folders(&self, stem: &str, folders: &[String]) -> Match {
        let cut = LazyCell::new(|| self.places.cut_out(stem));
        let beside_places = || {
            let (rest, places) = cut.as_ref()?;
            Some(self.named(rest, &[folders, places].concat()))
        };
        let names_class = || cut.as_ref().is_some_and(|(_, places)| places.iter().all(|place| place.ends_with('班')));
        let may_be_place = |one: usize| {
            let places = cut.as_ref().map_or(&[][..], |(_, places)| places);
            places.iter().any(|place| self.has_key_in(place, one)) && self.keys.exact(&exact(stem)).is_none()
        };
        let found = self.named(stem, folders);
        if let Match::Several(students) = &found
            && let Some(one) = self.of_a_class_list(students, stem, folders)
        {
            return Match::One(one);
        }
        match found {
            Match::One(one)
                if (self.begins_in_a_class(stem, one) || self.is_noted_otherwise(stem, one))
                    && !self.says_number(stem, one)
                    || self.is_number_of_a_class(stem, one) =>
            {
                Match::Several(vec![one])
            }
            // 软件2班张三: the class tells several of one name apart. 20210001软件1班张三: with a class before it, a name is no
            // part of its own.
            found @ (Match::Several(_) | Match::Conflict(_)) => match beside_places() {
                Some(Match::One(one)) if found.students().contains(&one) => Match::One(one),
                _ => found,
            },
            // 软件2101_01, 海洋1班_01: the number or the name may be that of the class.
            Match::One(one) if may_be_place(one) => match beside_places() {
                Some(found) if found.students().contains(&one) => Match::One(one),
                _ => Match::Several(vec![one]),
            },
            // Where the own name is there too, a word behind the class is no other person's.
            Match::One(one) if !self.says_name(stem, one) && names_class() => match beside_places() {
                Some(conflict @ Match::Conflict(_)) => conflict,
                _ => Match::One(one),
            },
            // 软件2班_李四: as in the folder of another class.
            Match::One(one) if self.says_more(stem, one) => match beside_places() {
                Some(Match::Several(students)) if students == [one] => Match::Several(students),
                _ => Match::One(one),
            },
            Match::One(one) => Match::One(one),
            Match::Nobody => beside_places()
                .filter(|found| *found != Match::Nobody)
                .or_else(|| self.by_reading(stem, folders))
                .or_else(|| self.by_folder(stem, folders))
                .or_else(|| self.by_stamp(stem))
                .or_else(|| {
                    Some(self.guessed(stem, &parts(stem))).filter(|may_be| !may_be.is_empty()).map(Match::Several)
                })
                .or_else(|| {
                    let one = self
                        .with_end_in_class(&parts(stem), folders)
                        .or_else(|| self.with_row_number(stem, folders))?;
                    Some(Match::Several(vec![one]))
                })
                .unwrap_or(Match::Nobody),
        }
    }

    /// The student whom a number, a name or a [`key`](super::Student::key) means as a whole, if it is one.
    pub fn keyed(&self, key: &str) -> Option<usize> {
        let apart = self.apart.get(&without_id_numbers(key.trim()));
        apart.copied().or_else(|| match self.find(key, &[]) {
            Match::One(student) => Some(student),
            _ => None,
        })
    }

    /// As [`Roster::keyed`], where several have the number or name and folders or cells say of which place.
    pub fn keyed_in(&self, key: &str, places: &[String]) -> Option<usize> {
        self.keyed(key).or_else(|| match (self.find(key, &[]), self.find(key, places)) {
            (Match::Several(students), Match::One(one)) if students.contains(&one) => Some(one),
            _ => None,
        })
    }

    /// Whom a name means as it stands.
    fn named(&self, stem: &str, folders: &[String]) -> Match {
        let parts = self.parts(stem);
        let Some(whole) = self.keys.whole(stem) else {
            return if is_bare_count(stem) { Match::Nobody } else { self.apart(&parts, folders) };
        };
        let form = exact(stem);
        if form.chars().any(is_stand_in) {
            return Match::Several(whole);
        }
        let is_as_written = self.keys.exact(&form).is_some() && !stem.trim().contains(char::is_whitespace);
        // 2021001-1 may be the number 20210011, and a copy of 2021001's photo.
        let others = if is_as_written { Match::Nobody } else { self.apart(&parts, folders) };
        match others {
            _ if others.students().iter().any(|student| !whole.contains(student)) => {
                Match::Several(united(&whole, others.students()))
            }
            // 1 (2) may be a copy of 1's photo as well as 12's own.
            _ if self.ends_as_a_copy(stem, &parts) => {
                let owners = parts[..parts.len() - 1].iter().filter_map(|part| self.keys.exact(&part.text)).flatten();
                Match::Several(united(&whole, owners))
            }
            // 李四（20219999）: what stands in brackets may tell more, and of another.
            Match::One(_) | Match::Conflict(_) => others,
            Match::Several(_) | Match::Nobody => self.narrowed(&whole, &parts, folders),
        }
    }

    /// The parts of a photo's name, with numbers as the roster has them.
    fn parts(&self, stem: &str) -> Vec<Part> {
        parts_beside(stem, &|number| self.keys.exact(number).is_some() || !is_digits(number) && self.knows_form(number))
    }

    /// Whether a key that the roster writes as one ends in digits that stand apart here, as the number of a copy does: 1-2 for
    /// the short number 12, 张三 (2) for 张三2.
    fn ends_as_a_copy(&self, stem: &str, parts: &[Part]) -> bool {
        let form = folded(stem);
        let is_short = || form.len() < SURE_DIGITS && is_digits(&form);
        let is_copy = matches!(parts, [_, .., last] if last.is_short_number());
        // 20210011.5 may be a copy of somebody's whom the list lacks.
        let is_of_a_number = || parts.first().is_some_and(|first| self.knows_form(&first.text));
        is_copy && self.keys.exact(&form).is_some() && (is_short() || bare(stem) != form || is_of_a_number())
    }

    /// Whether a place has a number or the name of a student in its own.
    fn has_key_in(&self, place: &str, student: usize) -> bool {
        self.students[student].keys().any(|(_, key)| place.contains(&number(key)))
    }

    /// Whether a photo's name holds that of a student.
    fn says_name(&self, stem: &str, student: usize) -> bool {
        let name = exact(self.students[student].get(Field::Name));
        !name.is_empty() && exact(stem).contains(&name)
    }

    /// Whether a person and no camera gave a photo its name, of which it is not clear whom it means: it holds a name, or says that
    /// the photo is not to be used.
    pub(in crate::batch) fn is_named_by_hand(&self, stem: &str, found: &Match) -> bool {
        let is_name = |part: &Part| part.kind == Kind::Chinese && reads_like_a_name(part);
        let is_counted = || stem.bytes().any(|b| b.is_ascii_digit());
        found.students().iter().any(|student| self.says_name(stem, *student))
            || *found != Match::Nobody && (!is_counted() || is_doubted(stem, "") || parts(stem).iter().any(is_name))
    }

    /// Whether a photo's name holds that of a student and something else.
    fn says_more(&self, stem: &str, student: usize) -> bool {
        self.says_name(stem, student) && exact(stem) != exact(self.students[student].get(Field::Name))
    }

    /// Whether the surname of a student may end a class or a year as well: 软件2班小云.
    fn begins_in_a_class(&self, stem: &str, student: usize) -> bool {
        let (form, name) = (exact(stem), exact(self.students[student].get(Field::Name)));
        let is_behind_a_number = |(at, _): (usize, &str)| form[..at].ends_with(|c: char| c.is_ascii_digit());
        name.starts_with(['班', '年']) && form.match_indices(&name).any(is_behind_a_number)
    }

    /// Whether the number of a student may be that of a class: 220102班.
    fn is_number_of_a_class(&self, stem: &str, student: usize) -> bool {
        let form = exact(stem);
        let mut keys = self.students[student].keys().filter(|(field, _)| field.is_number());
        keys.any(|(_, key)| form.contains(&format!("{}班", number(key)))) && !self.says_name(stem, student)
    }

    /// Whether the roster has a note in brackets behind the name of a student, and a photo another: 张三（男） is not 张三（女）.
    fn is_noted_otherwise(&self, stem: &str, student: usize) -> bool {
        let (form, name) = (exact(stem), exact(self.students[student].get(Field::Name)));
        let is_other = |part: &Part| part.kind != Kind::Code && !name.contains(&part.text);
        [&form, &name].iter().all(|text| without_brackets(text) != **text) && parts(stem).iter().any(is_other)
    }

    /// Whether a photo's name holds a number of a student, which is no seat.
    fn says_number(&self, stem: &str, student: usize) -> bool {
        let is_number = |part: &Part| {
            let mut keys = self.students[student].keys().filter(|(field, _)| field.is_number());
            !part.is_short_number() && keys.any(|(_, key)| number(key) == part.text)
        };
        self.parts(stem).iter().any(is_number)
    }

    /// Whom a garbled name means: 寮犱笁 for 张三.
    fn by_reading(&self, stem: &str, folders: &[String]) -> Option<Match> {
        let mut found = readings(stem).map(|reading| self.named(&reading, folders));
        found.find(|found| *found != Match::Nobody)
    }

    /// Whom the folders of a photo mean whose own name says nothing of anybody: 20210001张三/蓝底.jpg.
    fn by_folder(&self, stem: &str, folders: &[String]) -> Option<Match> {
        if !is_bare_count(stem) && !parts(stem).iter().all(says_nothing) {
            return None;
        }
        self.owner(folders)
    }

    /// Whom the innermost folder means that means anybody.
    fn owner(&self, folders: &[String]) -> Option<Match> {
        let inner = folders.iter().rev().filter(|folder| !self.is_of_nobody(folder));
        let mut found = inner.map(|folder| self.named(folder, &[]));
        found.find(|found| matches!(found, Match::One(_) | Match::Several(_)))
    }

    /// Whether a folder is of a class, whose number may be somebody's, of another place of the roster, of a time or of a range of
    /// numbers.
    fn is_of_nobody(&self, folder: &str) -> bool {
        let named = self.places.named(folder);
        let is_numbered = |class: &str| is_digits(class) && class.len() >= SURE_DIGITS;
        named.strip_suffix('班').is_some_and(is_numbered)
            || self.places.has_any(&named)
            || is_about_time(folder)
            || self.is_range(folder)
    }

    /// Whom a number means that a camera may as well have written for a time or a count: IMG_202109010123, D85_0001.
    fn by_stamp(&self, stem: &str) -> Option<Match> {
        let number = own_count(stem).map(|(count, _)| count.to_owned()).or_else(|| stamp(stem))?;
        self.keys.exact(&number).cloned().map(Match::Several)
    }
}

/// All of both, in their order on the roster.
fn united<'a>(some: &'a [usize], others: impl IntoIterator<Item = &'a usize>) -> Vec<usize> {
    let all = some.iter().chain(others).copied().collect::<BTreeSet<_>>();
    all.into_iter().collect()
}

/// Whether a name is the count of a camera, perhaps with words on photos behind it: D85_0001-2.
fn is_bare_count(stem: &str) -> bool {
    own_count(stem).is_some_and(|(_, rest)| parts(rest).iter().all(says_nothing))
}

/// Whether a part says nothing of anybody.
fn says_nothing(part: &Part) -> bool {
    match part.kind {
        Kind::Code => part.is_short_number(),
        Kind::Letters => part.text.len() < 4,
        Kind::Chinese => !reads_like_a_name(part),
    }
}

/// Whether a name is nothing but codes too short to be sure of.
fn is_of_short_codes(stem: &str) -> bool {
    let parts = parts(stem);
    !parts.is_empty() && parts.iter().all(|part| part.kind == Kind::Code && part.text.len() < SURE_DIGITS)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{roster, student};
    use super::*;

    #[test]
    fn names_are_found_however_they_are_written() {
        let roster = roster();
        let cases = [
            ("20210001", 0),
            ("２０２１０００１", 0),
            ("11010519491231002x", 0),
            ("20210001(1)", 0),
            ("20210001（复件）", 0),
            ("20210001_张三", 0),
            ("张三-20210003", 2),
            ("20210003张三", 2),
            ("软件2班 20210003 张三", 2),
            ("H12345678", 1),
            ("H12345678（00）", 1),
            ("李四 2", 1),
            ("李四 12", 1),
            ("软件2班_张三", 2),
            ("买买提艾力", 3),
            ("20210004_买买提•艾力", 3),
            ("Jose\u{301}", 4),
            ("Jose", 5),
            ("王⼩明", 6),
            ("2210005", 4),
            ("002210005", 4),
            ("'20210009", 8),
            ("zp20210009", 8),
            ("mary jane smith", 9),
            ("20210010_Mary Jane Smith", 9),
            ("20210009_蓝底照", 8),
            ("赵一曼_蓝底照", 8),
            ("Mary Jane Smith 蓝底", 9),
            ("赵*_4301****0055", 8),
            ("20210011_张○一", 10),
            ("IMG_20231105_093000_王明", 7),
            ("0012", 7),
            ("20231105", 6),
            ("软件1班李四", 1),
            ("李四软件1班", 1),
            ("软件2班张三", 2),
            ("20210003软件2班张三", 2),
            ("软件1班李四20210002", 1),
            ("李四的照片", 1),
            ("李四蓝底", 1),
            ("寮犲枂涓€", 10),
            ("买买提丶艾力", 3),
        ];
        for (stem, place) in cases {
            assert_eq!(roster.find(stem, &[]), Match::One(place), "{stem}");
        }
    }

    #[test]
    fn what_is_not_certain_is_never_guessed() {
        let roster = roster();
        let cases = [
            ("张三", Match::Several(vec![0, 2])),
            ("20210002_张三", Match::Conflict(vec![0, 1, 2])),
            ("20210002_王五", Match::Conflict(vec![1])),
            ("20210002_欧○", Match::Conflict(vec![1])),
            ("20210002_○", Match::One(1)),
            ("20210002_99**", Match::One(1)),
            ("20210002_体检", Match::One(1)),
            ("20210002_王府中学", Match::One(1)),
            ("2*210009", Match::Several(vec![8])),
            ("20210002_张○", Match::Conflict(vec![0, 1, 2])),
            ("王五", Match::Nobody),
            ("", Match::Nobody),
            ("()", Match::Nobody),
            ("张○一", Match::Several(vec![10])),
            ("赵*", Match::Several(vec![8])),
            ("12", Match::Several(vec![7])),
            ("00012", Match::Several(vec![7])),
            ("IMG_20231105_093000", Match::Nobody),
            ("Screenshot_20231105-093000", Match::Nobody),
            ("微信图片_20231105093000", Match::Nobody),
            ("IMG_0012", Match::Nobody),
            ("100_0012", Match::Nobody),
            ("P1123105", Match::Nobody),
            ("Jos", Match::Nobody),
            ("张三丰", Match::Nobody),
            ("张三A", Match::Nobody),
            ("20210001_张三A", Match::Conflict(vec![0])),
            ("20210002_欧阳娜娜", Match::Conflict(vec![1])),
            ("20210002_司马相如", Match::Conflict(vec![1])),
            ("20210002买买提·吐尔逊", Match::Conflict(vec![1])),
            ("20210004_买买提·吐尔逊", Match::Conflict(vec![3])),
            ("20210002_迪丽热巴", Match::Conflict(vec![1])),
            ("20210002_次仁", Match::Conflict(vec![1])),
            ("李四_20219999", Match::Conflict(vec![1])),
            ("李四（20219999）", Match::Conflict(vec![1])),
            ("20210002（赵六）", Match::Conflict(vec![1])),
            ("张三（20210003）", Match::One(2)),
            ("软件2班张三20210099", Match::Conflict(vec![0, 2])),
            ("李四_zp20219999", Match::Conflict(vec![1])),
            ("李四_430102200001019999", Match::Conflict(vec![1])),
            ("20210002软件1班王小红", Match::Conflict(vec![1])),
            ("软件1班欧阳娜娜20210002", Match::Conflict(vec![1])),
            // Dates, counts and words say nothing of another person.
            ("软件1班蓝底20210002", Match::One(1)),
            ("李四_20211105", Match::One(1)),
            ("李四_20231105093000", Match::One(1)),
            ("李四_13812345678", Match::One(1)),
            ("李四_DSC01234", Match::One(1)),
            ("李四_蓝底·照片", Match::One(1)),
            ("李四_软件1班·证件照", Match::One(1)),
            ("20210002_欧阳学院", Match::One(1)),
            ("20210002李四_濮阳校区", Match::One(1)),
            ("20210002李四_尼玛县", Match::One(1)),
            ("20210002李四_湖南·长沙", Match::One(1)),
            ("20210002李四·补拍", Match::One(1)),
            ("软件1班许老师20210002李四", Match::One(1)),
            ("软件1班许老师20210002", Match::One(1)),
            // Another of that name may be missing, where no number decides.
            ("软件2班_李四", Match::Several(vec![1])),
            ("李四（软件2班）", Match::Several(vec![1])),
            ("软件2班李四", Match::Several(vec![1])),
            ("软件2班_李四_20210002", Match::One(1)),
        ];
        for (stem, expected) in cases {
            assert_eq!(roster.find(stem, &[]), expected, "{stem}");
        }
    }

    #[test]
    fn words_on_photos_name_nobody_else() {
        let roster = roster();
        for word in [
            "副本",
            "微信图片",
            "照片",
            "证件照",
            "蓝底",
            "正面",
            "补拍",
            "第2次",
            "IMG",
            "final",
            "photo",
            "Li Si",
            "2026届",
            "最终版",
            "毕业照片",
            "高清照片",
        ] {
            assert_eq!(roster.find(&format!("20210002_{word}"), &[]), Match::One(1), "{word}");
            assert_eq!(roster.find(&format!("李四_{word}"), &[]), Match::One(1), "{word}");
        }
    }

    #[test]
    fn a_folder_names_a_class_or_a_student() {
        let roster = roster();
        for (folder, stem, found) in [
            ("软件2班", "张三", Match::One(2)),
            ("软件3班", "张三", Match::Several(vec![0, 2])),
            // Another of that name may be missing.
            ("软件2班", "李四", Match::Several(vec![1])),
            ("软件2班", "20210002", Match::One(1)),
            ("软件2班", "张三_20210099", Match::Conflict(vec![0, 2])),
            ("软件2班", "张三_李小红", Match::Conflict(vec![0, 2])),
            ("20210002", "蓝底", Match::One(1)),
            ("20210002李四", "IMG_20231105_093000", Match::One(1)),
            ("李四", "1", Match::One(1)),
            ("李四", "王强", Match::Nobody),
            ("李四", "WIN_20231105_09_30_00_Pro", Match::One(1)),
            ("李四", "a", Match::One(1)),
            ("李四", "wang", Match::Nobody),
            ("张三", "照片", Match::Several(vec![0, 2])),
            ("20231105", "IMG_1", Match::Nobody),
        ] {
            assert_eq!(roster.find(stem, &[folder.to_owned()]), found, "{folder}/{stem}");
        }
    }

    #[test]
    fn what_may_be_a_copy_of_another_number_is_not_certain() {
        let copies = Roster::new(["2021001", "20210011", "1010234"].map(|number| student(number, "", "", "")).to_vec());
        for copy in ["2021001-1", "2021001_1", "2021001 (1)", "2021001 1"] {
            assert_eq!(copies.find(copy, &[]), Match::Several(vec![0, 1]), "{copy}");
        }
        assert_eq!(copies.find("2021001-2", &[]), Match::One(0));
        let mixed = Roster::new(["20220002", "202200015"].map(|number| student(number, "", "", "")).to_vec());
        for copy in ["20220001.5", "20220001-5", "20220001 (5)"] {
            assert_eq!(mixed.find(copy, &[]), Match::Several(vec![1]), "{copy}");
        }
        assert_eq!(mixed.find("2022-0001-5", &[]), Match::One(1));
        assert_eq!(copies.find("1010234_王五", &[]), Match::One(2), "the roster has no names");
        assert_eq!(copies.find("P1010234", &[]), Match::Several(vec![2]), "a camera's count");
    }

    #[test]
    fn a_short_number_in_pieces_may_be_that_of_a_copy() {
        let people = [("1", "张三"), ("2", "李四"), ("12", "王五"), ("314", "赵六2")];
        let roster = Roster::new(people.map(|(number, name)| student(number, "", name, "1班")).to_vec());
        for (stem, found) in [
            ("1 (2)", Match::Several(vec![0, 2])),
            ("1-2", Match::Several(vec![0, 2])),
            ("1 2", Match::Several(vec![0, 2])),
            ("3.14", Match::Several(vec![3])),
            ("赵六 (2)", Match::Several(vec![3])),
            ("12", Match::One(2)),
            ("(12)", Match::One(2)),
            ("2.0", Match::One(1)),
            ("赵六2", Match::One(3)),
            ("赵六 2", Match::One(3)),
        ] {
            assert_eq!(roster.find(stem, &["1班".to_owned()]), found, "{stem}");
        }
    }

    #[test]
    fn a_short_number_in_the_folder_of_another_may_count_that_ones_photos() {
        let people = [("1", "张三"), ("2", "李四"), ("0003", "王五"), ("20210004", "赵六")];
        let roster = Roster::new(people.map(|(number, name)| student(number, "", name, "1班")).to_vec());
        for (folder, stem, found) in [
            ("张三", "2", Match::Conflict(vec![0, 1])),
            ("张三", "0003", Match::Conflict(vec![0, 2])),
            ("张三", "1", Match::One(0)),
            ("张三", "2李四", Match::One(1)),
            ("张三", "李四", Match::One(1)),
            ("张三", "20210004", Match::One(3)),
            ("1班", "2", Match::One(1)),
            ("1号", "2", Match::One(1)),
            ("王老师", "2", Match::One(1)),
        ] {
            assert_eq!(roster.find(stem, &[folder.to_owned()]), found, "{folder}/{stem}");
        }
    }

    #[test]
    fn of_a_pasted_page_nothing_is_sought() {
        assert_eq!(roster().find(&"张三".repeat(50_000), &[]), Match::Nobody);
    }

    #[test]
    fn a_star_behind_a_few_names_is_no_part_of_them() {
        let find = |names: &[&str], stem| {
            Roster::new(names.iter().map(|name| student("", "", name, "")).collect()).find(stem, &[])
        };
        let starred = ["张三", "吴九*", "李四", "郑十＊", "王五★", "赵六", "孙七"];
        for (stem, found) in [
            ("吴九", Match::One(1)),
            ("吴九_蓝底", Match::One(1)),
            ("郑十", Match::One(3)),
            ("王五", Match::One(4)),
            ("吴九星", Match::Several(vec![1])),
        ] {
            assert_eq!(find(&starred, stem), found, "{stem}");
        }
        assert_eq!(find(&["张三", "吴九*", "吴九", "李四", "王五"], "吴九"), Match::Several(vec![1, 2]));
        assert_eq!(find(&["张三*", "吴九*", "李四"], "吴九"), Match::Several(vec![1]), "the list hides characters");
        assert_eq!(find(&["张三", "吴*", "李四"], "吴"), Match::Nobody);
    }

    #[test]
    fn a_note_in_brackets_tells_those_of_one_name_apart() {
        let people = [("1001", "张三"), ("1002", "张三（小）"), ("1003", "李四（女）"), ("1004", "王五(转专业)")];
        let people =
            people.map(|(number, name)| student(number, "", name, if number == "1002" { "2班" } else { "1班" }));
        let roster = Roster::new(people.to_vec());
        for (folder, stem, found) in [
            ("", "张三", Match::Several(vec![0, 1])),
            ("", "张三_蓝底", Match::Several(vec![0, 1])),
            ("", "张三（小）", Match::One(1)),
            ("", "1001张三", Match::One(0)),
            ("", "1002_张三", Match::One(1)),
            ("1班", "张三", Match::One(0)),
            ("2班", "张三", Match::One(1)),
            ("", "李四", Match::One(2)),
            ("", "李四（女）", Match::One(2)),
            ("", "李四（2）", Match::One(2)),
            ("", "李四（男）", Match::Several(vec![2])),
            ("", "1003李四（男）", Match::One(2)),
            ("", "王五（照片）", Match::One(3)),
            ("", "王五（休学）", Match::Several(vec![3])),
        ] {
            assert_eq!(roster.find(stem, &[folder.to_owned()]), found, "{folder}/{stem}");
        }
    }

    #[test]
    fn a_name_in_both_scripts_is_found_by_the_chinese_one() {
        let people = [("1001", "张三 ZHANG San"), ("1002", "李四\nLI Si"), ("1003", "李斯 LI Si"), ("1004", "王五 A")];
        let roster = Roster::new(people.map(|(number, name)| student(number, "", name, "1班")).to_vec());
        for (stem, found) in [
            ("张三", Match::One(0)),
            ("张三 ZHANG San", Match::One(0)),
            ("张三ZHANGSAN", Match::One(0)),
            ("1001_张三", Match::One(0)),
            ("1001_李四", Match::Conflict(vec![0, 1])),
            ("1班李四", Match::One(1)),
            ("李斯_蓝底", Match::One(2)),
            ("王五", Match::Several(vec![3])),
        ] {
            assert_eq!(roster.find(stem, &[]), found, "{stem}");
        }
    }

    #[test]
    fn a_surname_that_may_end_a_class_or_a_year_is_nobodys_for_certain_behind_a_number() {
        let people = [("20210001", "班小云"), ("20210002", "年广"), ("12", "班明")];
        let roster = Roster::new(people.map(|(number, name)| student(number, "", name, "软件2班")).to_vec());
        for (stem, found) in [
            ("软件2班小云", Match::Several(vec![0])),
            ("网络11班小云", Match::Several(vec![0])),
            ("2026年广", Match::Several(vec![1])),
            ("12班明", Match::Several(vec![2])),
            ("软件2班班小云", Match::One(0)),
            ("软件2班_班小云", Match::One(0)),
            ("班小云", Match::One(0)),
            ("班小云2", Match::One(0)),
            ("20210001班小云", Match::One(0)),
            ("软件2班学号20210001姓名班小云", Match::One(0)),
            ("软件2班小云_20210001", Match::One(0)),
        ] {
            assert_eq!(roster.find(stem, &[]), found, "{stem}");
        }
    }

    #[test]
    fn what_may_be_a_class_or_a_year_is_nobodys_for_certain() {
        let people = [
            ("2101", "张三", "软件2102"),
            ("2102", "李四", "2101"),
            ("2026", "王五", "软件2101"),
            ("2103", "海洋", "海洋1班"),
        ];
        let roster = Roster::new(people.map(|(number, name, class)| student(number, "", name, class)).to_vec());
        for (folder, stem, found) in [
            ("", "软件2101_01", Match::Several(vec![0])),
            ("", "2101班01", Match::Several(vec![0])),
            ("", "2101", Match::One(0)),
            ("", "软件2101_2026", Match::One(2)),
            ("", "海洋1班_01", Match::Several(vec![3])),
            ("", "海洋1班海洋", Match::One(3)),
            ("", "海洋照片", Match::One(3)),
            ("2101班", "1", Match::Nobody),
            ("2101", "1", Match::Nobody),
            ("2026", "IMG_0001", Match::Nobody),
            ("2026年5月", "1", Match::Nobody),
            ("2026届张三", "1", Match::One(0)),
        ] {
            assert_eq!(roster.find(stem, &[folder.to_owned()]), found, "{folder}/{stem}");
        }
    }

    #[test]
    fn a_number_that_may_be_a_time_is_asked_about_and_behind_a_word_of_people_it_is_the_students() {
        let people = [("202109010123", "张三"), ("202109010199", "李四"), ("20210311", "王五")];
        let roster = Roster::new(people.map(|(number, name)| student(number, "", name, "")).to_vec());
        for (stem, found) in [
            ("照片202109010123", Match::One(0)),
            ("照片_20210311", Match::One(2)),
            ("照片202109010123_李四", Match::Conflict(vec![0, 1])),
            ("IMG_202109010123", Match::Several(vec![0])),
            ("微信图片_202109010123", Match::Several(vec![0])),
            ("IMG_202109010199", Match::One(1)),
            ("IMG_20210311", Match::Several(vec![2])),
            ("IMG_20210311_张三", Match::One(0)),
            ("IMG_20210311_093000", Match::Nobody),
            ("照片202109010124", Match::Nobody),
            ("张三_202109010177", Match::Conflict(vec![0])),
            ("张三_202511010930", Match::One(0)),
        ] {
            assert_eq!(roster.find(stem, &[]), found, "{stem}");
        }
        assert_eq!(roster.find("IMG_20210311", &["张三".to_owned()]), Match::One(0), "the folder says whose it is");
    }

    #[test]
    fn a_folder_named_by_the_number_of_another_contradicts() {
        let roster = roster();
        for (folder, stem, found) in [
            ("20210002", "张三_20210001", Match::Conflict(vec![0, 1])),
            ("20210002李四", "20210001", Match::Conflict(vec![0, 1])),
            ("20210002李四", "李四", Match::One(1)),
            ("20210002", "20210002", Match::One(1)),
            ("李四", "20210001", Match::One(0)),
            ("20231105", "20210001", Match::One(0)),
            ("0012", "20210001", Match::One(0)),
        ] {
            assert_eq!(roster.find(stem, &[folder.to_owned()]), found, "{folder}/{stem}");
        }
    }

    #[test]
    fn a_name_or_folder_that_says_that_the_photo_is_not_to_be_used_is_asked_about() {
        let roster = roster();
        for (folder, stem, found) in [
            ("", "20210002_非本人", Match::Several(vec![1])),
            ("", "20210002李四作废", Match::Several(vec![1])),
            ("", "李四(拍错了)", Match::Several(vec![1])),
            ("", "李四_错", Match::Several(vec![1])),
            ("废片", "20210002", Match::Several(vec![1])),
            ("最近删除", "李四", Match::Several(vec![1])),
            ("Rejected", "李四", Match::Several(vec![1])),
            ("废片", "20210002_张三", Match::Conflict(vec![0, 1, 2])),
            ("", "李四_不要", Match::Several(vec![1])),
            ("退回重拍", "李四", Match::One(1)),
            ("不用修图", "李四", Match::One(1)),
            ("NGINX", "李四", Match::One(1)),
        ] {
            assert_eq!(roster.find(stem, &[folder.to_owned()]), found, "{folder}/{stem}");
        }
    }

    #[test]
    fn a_number_with_letters_glued_to_a_name_is_read_as_one() {
        let people = [("S2301001", "张三", "A班"), ("S2301002", "李四", "A班"), ("2301003", "王五A", "A班")];
        let roster = Roster::new(people.map(|(number, name, class)| student(number, "", name, class)).to_vec());
        for (stem, found) in [
            ("张三S2301001", Match::One(0)),
            ("张三s2301001_蓝底", Match::One(0)),
            ("S2301002李四", Match::One(1)),
            ("李四S2301001", Match::Conflict(vec![0, 1])),
            ("李四S2301099", Match::Conflict(vec![1])),
            ("王五A2301003", Match::One(2)),
            ("学号S2301001张三", Match::One(0)),
        ] {
            assert_eq!(roster.find(stem, &[]), found, "{stem}");
        }
    }

    #[test]
    fn a_folder_of_a_range_of_numbers_is_nobodys() {
        let roster = roster();
        for folder in
            ["20210001-20210004", "20210001~20210004", "学号20210001至20210004", "20210001-04", "20210001到0004"]
        {
            assert_eq!(roster.find("20210002", &[folder.to_owned()]), Match::One(1), "{folder}");
            assert_eq!(roster.find("DSC_0102", &[folder.to_owned()]), Match::Nobody, "{folder}");
        }
        for folder in ["20210001", "20210001 (2)", "20210001张三_0607"] {
            assert_eq!(roster.find("20210002", &[folder.to_owned()]), Match::Conflict(vec![0, 1]), "{folder}");
        }
    }

    #[test]
    fn the_count_of_a_camera_that_its_owner_named_is_asked_about() {
        let people = [("0001", "张三"), ("0002", "李四"), ("RJ1_0003", "王五"), ("ABC-0004", "赵六")];
        let roster = Roster::new(people.map(|(number, name)| student(number, "", name, "RJ3")).to_vec());
        for (folder, stem, found) in [
            ("", "D85_0001", Match::Several(vec![0])),
            ("", "d85_0001 (2)", Match::Several(vec![0])),
            ("", "D85_0001-编辑", Match::Several(vec![0])),
            ("", "D85_0009", Match::Nobody),
            ("李四", "D85_0001", Match::One(1)),
            ("", "D85_0001_李四", Match::Conflict(vec![0, 1])),
            ("", "D85_0001_张三", Match::One(0)),
            ("", "RJ3_0001", Match::One(0)),
            ("", "RJ1_0003", Match::One(2)),
            ("", "ABC_0004", Match::One(3)),
            ("", "DSC_0001", Match::Nobody),
        ] {
            assert_eq!(roster.find(stem, &[folder.to_owned()]), found, "{folder}/{stem}");
        }
    }

    #[test]
    fn names_that_a_program_wrote_in_escapes_are_read() {
        let roster = roster();
        for (stem, found) in [
            ("%E6%9D%8E%E5%9B%9B", Match::One(1)),
            ("%C0%EE%CB%C4", Match::One(1)),
            ("&#26446;&#x56DB;", Match::One(1)),
            ("#U674e#U56db", Match::One(1)),
            ("20210001_%E6%9D%8E%E5%9B%9B", Match::Conflict(vec![0, 1])),
            ("李四 100%", Match::One(1)),
        ] {
            assert_eq!(roster.find(stem, &[]), found, "{stem}");
        }
    }

    #[test]
    fn a_place_in_a_name_never_leads_to_somebody_whom_the_name_as_written_does_not_mean() {
        let mut students = ["20210001", "20210002", "20210003"].map(|number| student(number, "", "欧阳学前", ""));
        students[2].set(Field::Name, "欧阳");
        students[0].set(Field::Department, "学前");
        assert_eq!(Roster::new(students.to_vec()).find("欧阳学前", &[]), Match::Several(vec![0, 1]));
    }
}
