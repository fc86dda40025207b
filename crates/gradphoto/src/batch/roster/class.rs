//! How classes are called: 护理2023（1）班 on the roster, 护理1班 or 护理2301 on folders.

use super::super::field::Field;
use super::super::names::{folded, is_cjk, is_class_name, is_digits};
use super::super::numerals::{in_figures, is_numeral};
use super::super::stem::is_about_time;
use super::super::words::Words;
use super::keys::without_zeros;
use super::student::Student;

/// What cameras, days and lots are numbered behind.
const NO_CLASS: Words = Words("相机 照片 图片 文件夹 名单 拍摄 采集 毕业 第");
/// What is numbered as classes are: places to be photographed at.
const ROOMS: Words = Words("教室 考场 机房 实验室 宿舍 楼 校区");
/// Digits of a class's number where neither 班 nor the year of the student's own says that it is one: 2201.
const CLASS_DIGITS: usize = 4;
/// Of which so many are the year.
const YEAR_DIGITS: usize = 2;

/// What a folder is called.
pub(super) struct Called {
    pub letters: Vec<char>,
    digits: String,
}

impl Called {
    pub fn new(folder: &str) -> Called {
        Called { letters: letters(folder), digits: digits(folder) }
    }
}

/// A class of the roster with its department and major, as folders may call it.
#[derive(Clone, Debug)]
pub(super) struct Class {
    /// As folded.
    pub name: String,
    /// As folded.
    pub department: String,
    digits: String,
    /// Letters of department, major and class, and of the latter two.
    all: Vec<char>,
    own: Vec<char>,
    /// Letters of class, major and department.
    parts: [Vec<char>; 3],
}

impl Class {
    pub fn of(student: &Student) -> Class {
        let [name, major, department] =
            [Field::Class, Field::Major, Field::Department].map(|field| folded(student.get(field)));
        Class {
            digits: digits(&name),
            all: letters(&[&*department, &*major, &*name].concat()),
            own: letters(&[&*major, &*name].concat()),
            parts: [&*name, &major, &department].map(letters),
            name,
            department,
        }
    }

    /// Whether a folder has a short name of these places, 商英 for 商务英语, or a longer one: 软件技术 for 软件.
    pub fn has(&self, Called { letters, .. }: &Called) -> bool {
        is_short_for(letters, &self.all) || is_long_for(letters, &self.parts)
    }

    /// Whether a folder may be the class by its word and its number: 软件22-1, 22软件1 and 软件1班 for 软件2201.
    pub fn may_be(&self, Called { letters, digits }: &Called) -> bool {
        let [parts @ .., department] = &self.parts;
        // 信息软件1班 has the department too, but 信息1班 is no class of 软件.
        let is_longer = || is_short_for(letters, &self.all) && !is_short_for(letters, department);
        let is_called = || is_short_for(letters, &self.own) || is_long_for(letters, parts) || is_longer();
        // 软件2201 may be the class 2201 of a roster without majors.
        let has_word = || parts.iter().all(Vec::is_empty) || is_called();
        (self.digits.is_empty() || digits.is_empty() || is_one_number(digits, &self.digits)) && has_word()
    }

    /// Whether a folder is of those who came in another year than the one in the class's number: 2022级 for 软件2301.
    pub fn is_of_another_year(&self, folder: &str) -> bool {
        let came = folder.strip_suffix('级').filter(|came| is_digits(came) && matches!(came.len(), 2 | 4));
        let own = year(&self.digits).filter(|_| self.digits.len() == CLASS_DIGITS);
        came.zip(own).is_some_and(|(came, own)| !came.ends_with(own))
    }

    /// Whether a folder has a number as classes have: 软件2班, 软件2202, and 软件22-2 where this one is of that year.
    pub fn numbers(&self, folder: &str) -> bool {
        let number = digits(folder);
        let word = folder.trim_end_matches(|c: char| c.is_ascii_digit());
        let is_of_year = || number.len() > YEAR_DIGITS && year(&number) == year(&self.digits);
        let is_whole = || number.len() == CLASS_DIGITS && !is_of_time(&number);
        let is_class = folder.ends_with('班') || !ROOMS.end(word) && (is_of_year() || is_whole());
        // 软件2201-2202 is several.
        is_class && is_like_a_class(folder) && (1..=YEAR_DIGITS + CLASS_DIGITS).contains(&number.len())
    }
}

/// Whether two numbers can be of one class: 1, 01, 231, 2301 and 262301 where they are those of the first of 2023.
fn is_one_number(one: &str, other: &str) -> bool {
    let [one, other] = [one, other].map(without_zeros);
    let (short, long) = if one.len() < other.len() { (one, other) } else { (other, one) };
    let last = |number: &str| without_zeros(&number[(number.len() - 2).max(YEAR_DIGITS)..]).to_owned();
    match (year(short), year(long)) {
        _ if short == long => true,
        (None, Some(_)) => last(long) == short,
        (Some(a), Some(b)) => long.ends_with(short) || a == b && short.len() < long.len() && last(short) == last(long),
        _ => false,
    }
}

/// The year that a class's number begins with, if one can.
fn year(number: &str) -> Option<&str> {
    number.get(..YEAR_DIGITS).filter(|_| number.len() > YEAR_DIGITS)
}

/// A year, or a month and a day.
fn is_of_time(number: &str) -> bool {
    let part = |range| number.get(range).and_then(|part: &str| part.parse::<u32>().ok());
    is_about_time(number) || matches!((part(0..2), part(2..4)), (Some(1..=12), Some(1..=31)))
}

/// What a place is called, without what it is.
fn letters(place: &str) -> Vec<char> {
    let place = ["学院", "系", "专业"].iter().find_map(|end| place.strip_suffix(end)).unwrap_or(place);
    figured(place).chars().filter(|c| c.is_alphabetic() && (!is_cjk(*c) || !"班级届".contains(*c))).collect()
}

/// The digits of a place without the year in which all graduate, 221 of 2022软件1.
fn digits(place: &str) -> String {
    let graduates = place.split_once('届').filter(|(year, _)| is_digits(year));
    let figures = figured(graduates.map_or(place, |(_, rest)| rest));
    let digits = figures.chars().filter(char::is_ascii_digit).collect::<String>();
    digits.strip_prefix("20").filter(|short| short.len() > YEAR_DIGITS).unwrap_or(&digits).to_owned()
}

/// Whether all signs of one stand in another in their order.
fn is_short_for(short: &[char], long: &[char]) -> bool {
    let mut rest = long.iter();
    short.iter().all(|sign| rest.any(|other| other == sign))
}

/// Whether a folder's letters hold those of a place: 软件技术 for 软件.
fn is_long_for(letters: &[char], parts: &[Vec<char>]) -> bool {
    parts.iter().any(|part| part.len() > 1 && is_short_for(part, letters))
}

/// A class in figures, but for the year of a school that it begins with: 高三1班 for 高三一班.
pub(super) fn figured(class: &str) -> String {
    let (year, class) = class.split_at(school_year(class));
    format!("{year}{}", in_figures(class))
}

/// How far the year of a school goes that a class begins with: 高三.
fn school_year(class: &str) -> usize {
    let behind = class.strip_prefix(['高', '初']).and_then(|rest| rest.strip_prefix(['一', '二', '三']));
    behind.map_or(0, |rest| class.len() - rest.len())
}

/// What the name of a numbered class looks like: 字字#班 for 软件12班.
pub(super) fn class_form(class: &str) -> Option<String> {
    let word = class.strip_suffix('班')?;
    let kind = |c: char| match c {
        c if c.is_ascii_digit() => '#',
        c if is_cjk(c) => '字',
        c => c,
    };
    let mut form = word.chars().map(kind).collect::<Vec<_>>();
    form.dedup_by(|a, b| *a == '#' && *b == '#');
    form.contains(&'#').then(|| form.into_iter().collect())
}

/// Whether a folder is named by the number of another class: 3班 for 软件1班, while 1班 may be 软件2101班.
pub(super) fn counts_another(folder: &str, class: &str) -> bool {
    let numbers = || Some((class_number(folder.strip_suffix('班')?)?, class_number(class.trim_end_matches('班'))?));
    numbers().is_some_and(|(folder, class)| !is_one_number(&folder, &class))
}

/// Whether a folder is but a number, and counts another class: 2 for 1班 and 2102 for 软件2101, while 0412 beside 1班 is a day.
pub(super) fn is_number_of_another(folder: &str, class: &str) -> bool {
    let class = class.trim_end_matches('班');
    let digits = class.len() - class.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let may_count = || folder.len() < 4 || folder.len() == digits && !is_about_time(folder);
    is_digits(folder) && may_count() && counts_another(&format!("{folder}班"), class)
}

/// The number that a class's name ends in, in digits: 12 of 软件012 and 软件十二, 231 of 2023（1）.
fn class_number(class: &str) -> Option<String> {
    let class = &class[school_year(class)..];
    let word = class.trim_end_matches(is_numeral);
    let number = digits(&class[word.len()..]);
    (!number.is_empty()).then_some(number)
}

/// 软件1班 for 2022级软件1班.
pub(super) fn without_year(folder: &str) -> &str {
    let years = folder.split_once(['级', '届']).filter(|(year, _)| is_digits(year) && matches!(year.len(), 2 | 4));
    years.map_or(folder, |(_, rest)| rest)
}

/// A folder's name without what people write behind a class: 软件2班 for 软件2班剩余.
pub(super) fn up_to_class(folder: &str) -> String {
    folder.rfind('班').map_or(folder, |at| &folder[..at + '班'.len_utf8()]).to_owned()
}

/// Whether a folder is named as classes are, 软件2班, 软件2101: a word and a number.
pub(super) fn is_like_a_class(folder: &str) -> bool {
    is_class_name(folder, NO_CLASS)
}

#[cfg(test)]
mod tests {
    use super::super::testing::student;
    use super::super::{Match, Roster};
    use super::*;

    #[test]
    fn another_class_is_told_by_figures_and_by_numerals() {
        for (folder, class) in [
            ("3班", "软件十二班"),
            ("十一班", "软件12班"),
            ("二班", "12班"),
            ("1班", "二十一班"),
            ("2班", "软件2112班"),
            ("232班", "2301班"),
            ("2201班", "2301班"),
            ("2班", "高三一班"),
        ] {
            assert!(counts_another(folder, class), "{folder} {class}");
        }
        for (folder, class) in [
            ("12班", "软件十二班"),
            ("十班", "软件010"),
            ("1班", "软件2101班"),
            ("实验班", "十二班"),
            ("231班", "2301班"),
            ("20231班", "2301班"),
            ("01班", "二十三级2301班"),
            ("1班", "高三一班"),
        ] {
            assert!(!counts_another(folder, class), "{folder} {class}");
        }
    }

    #[test]
    fn the_short_name_of_the_own_class_is_not_that_of_another() {
        for (classes, folders) in [
            (["软件2301班", "软件2302班"], ["软件1班", "软件23-2班"]),
            (["软件2301班", "软件2302班"], ["软件（1）班", "软件23（2）班"]),
            (["2301班", "2302班"], ["1班", "2班"]),
            (["护理2023（1）班", "护理2023（2）班"], ["护理1班", "护理2302班"]),
            (["2023级工程造价2班", "软件技术2302班"], ["工程造价2班", "软件技术2班"]),
            (["高三一班", "高三二班"], ["高三（1）班", "2班"]),
            (["高三（1）班", "高三（2）班"], ["高三一班", "高三二班照片"]),
        ] {
            let people = [("张三", classes[0]), ("李四", classes[1])];
            let roster = Roster::new(people.map(|(name, class)| student("", "", name, class)).to_vec());
            for (at, folder) in folders.iter().enumerate() {
                let [own, other] = [people[at].0, people[1 - at].0];
                assert_eq!(roster.find(own, &[(*folder).to_owned()]), Match::One(at), "{folder}/{own}");
                assert_eq!(
                    roster.find(other, &[(*folder).to_owned()]),
                    Match::Several(vec![1 - at]),
                    "{folder}/{other}"
                );
            }
        }
    }

    #[test]
    fn a_name_in_a_folder_that_may_be_another_class_as_well_is_asked_about() {
        for (class, other, folder) in [
            ("软件2301班", "软件2201班", "软件1班"),
            ("软件2301班", "网络2301班", "网络1班"),
            ("软件2301班", "软件1班", "软件1班"),
            ("软件2301班", "网络2302班", "软件11班"),
            ("软件2301班", "软件2302班", "2022级软件1班"),
        ] {
            let mut people = [("张三", class), ("李四", other)].map(|(name, class)| student("", "", name, class));
            people[0].set(Field::Department, "网络学院");
            let roster = Roster::new(people.to_vec());
            assert_eq!(roster.find("张三", &[folder.to_owned()]), Match::Several(vec![0]), "{class}: {folder}");
        }
    }

    #[test]
    fn a_name_in_the_folder_of_another_year_is_asked_about() {
        let people = [("张三", "软件2301班"), ("李四", "网络101班")];
        let roster = Roster::new(people.map(|(name, class)| student("", "", name, class)).to_vec());
        for (path, found) in [
            ("2022级/软件1班/张三", Match::Several(vec![0])),
            ("22级/张三", Match::Several(vec![0])),
            ("2023级/软件1班/张三", Match::One(0)),
            ("2026届/软件1班/张三", Match::One(0)),
            ("2022级/软件2301班/张三", Match::One(0)),
            ("2022级/李四", Match::One(1)),
        ] {
            let mut folders = path.split('/').map(str::to_owned).collect::<Vec<_>>();
            let stem = folders.pop().unwrap_or_default();
            assert_eq!(roster.find(&stem, &folders), found, "{path}");
        }
    }

    #[test]
    fn a_class_in_numerals_and_one_in_figures_tell_those_of_one_name_apart() {
        let people = ["高三一班", "高三二班"].map(|class| student("", "", "张三", class));
        let roster = Roster::new(people.to_vec());
        for (folder, found) in [
            ("高三（2）班", Match::One(1)),
            ("高三1班照片", Match::One(0)),
            ("高二（1）班", Match::Several(vec![0, 1])),
        ] {
            assert_eq!(roster.find("张三", &[folder.to_owned()]), found, "{folder}");
        }
    }
}
