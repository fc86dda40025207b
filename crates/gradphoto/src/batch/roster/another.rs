//! Whether parts of a photo's name that mean nobody on the roster speak of another person than its student.

use encoding_rs::GBK;

use super::super::field::Field;
use super::super::id_number::IdNumber;
use super::super::names::{exact, is_cjk, may_mean, number};
use super::super::stem::{Kind, Part, is_count_of_seconds, is_of_a_camera, is_time_stamp};
use super::super::variants::plain;
use super::person_name::{
    LATIN_WORDS, SEXES, has_surname, is_double_surname, is_like_a_name, is_no_word, reads_like_a_name,
};
use super::said::Said;
use super::{Roster, SURE_DIGITS, Student};

/// Numbers of one length that begin with the same digits, so many, are of one kind.
const KIND_DIGITS: usize = 4;

/// What a number looks like with A for every letter and 9 for every digit, and how it begins.
pub(super) type Form = (String, String);

/// The form of a number that is long enough to be told by it: how it begins is its first letters, else its first digits.
pub(super) fn form(number: &str) -> Option<Form> {
    let is_one = number.len() > SURE_DIGITS && number.bytes().all(|b| b.is_ascii_alphanumeric());
    let letters = number.bytes().take_while(u8::is_ascii_alphabetic).count();
    let begin = if letters == 0 { KIND_DIGITS } else { letters };
    (is_one && number.bytes().any(|b| b.is_ascii_digit())).then(|| (mask(number), number[..begin].to_owned()))
}

fn mask(number: &str) -> String {
    number.chars().map(|c| if c.is_ascii_digit() { '9' } else { 'A' }).collect()
}

impl Roster {
    /// Whether what is said beside a student speaks of another person.
    pub(super) fn speaks_of_another(&self, said: &Said, student: usize) -> bool {
        let is_of_another = |part| self.is_another_name(part, student) || self.is_another_number(part, student);
        said.unknown.iter().any(is_of_another)
            || self.is_another_latin_name(said, student)
            || !said.is_named && self.is_another_in_pinyin(&said.unknown, student)
            || said.is_named && !said.is_numbered && (said.goes_on || self.is_begun(said, student))
    }

    /// Whether the name of a student is what longer ones begin with, and something beside it may go on with it: 欧阳 修.
    fn is_begun(&self, said: &Said, student: usize) -> bool {
        let may_end = |part: &Part| part.is_lone_character() && !SEXES.has(&part.text) || is_no_word(&part.text);
        is_double_surname(&exact(self.students[student].get(Field::Name))) && said.unknown.iter().any(may_end)
    }

    /// Whether a number has the form of numbers of the roster.
    pub(super) fn knows_form(&self, number: &str) -> bool {
        form(number).is_some_and(|form| self.forms.contains(&form))
    }

    /// Whether a part reads like the name of a person, and not of this student.
    fn is_another_name(&self, part: &Part, student: usize) -> bool {
        let student = &self.students[student];
        let name = exact(student.get(Field::Name));
        if part.kind != Kind::Chinese || name.is_empty() || may_mean(&part.text, &name) {
            return false;
        }
        if self.holds_another_name(&part.text, &name) {
            return true;
        }
        let length = |text: &str| text.chars().count();
        // 迪丽热巴 is enough of 迪丽热巴·迪力木拉提.
        let mut own = std::iter::once(&*name).chain(name.split('·')).filter(|own| length(own) >= 2);
        match own.find_map(|own| part.text.split_once(own)) {
            // Behind or before the own name only another whole one counts: 次仁同学, 张三·补拍. But 张三丰 is not 张三.
            Some((before, after)) if length(&part.text) != 3 => [before, after].into_iter().any(is_like_a_name),
            Some((_, after)) => has_surname(&part.text) && after != student.get(Field::Sex),
            None if is_spelling_of(&part.text, &name) => false,
            None => {
                let is_own_word = || is_word_of(student, &part.text);
                // 张三 where the roster has 张三丰 is as well another person.
                (reads_like_a_name(part) || self.has_surname_of_the_roster(&part.text))
                    && !is_own_word()
                    && !self.names_a_place(&part.text)
                    && !name.contains(&part.text)
            }
        }
    }

    /// Whether a text is as long as a name and begins as one of the roster does: 禤小红, where there is a 禤美玲.
    fn has_surname_of_the_roster(&self, text: &str) -> bool {
        text.chars().next().is_some_and(|first| self.surnames.contains(&first)) && is_no_word(text)
    }

    /// Whether a text has the whole name of a student in it whose name is not this one: 王五同学.
    fn holds_another_name(&self, text: &str, own: &str) -> bool {
        let chars = text.chars().collect::<Vec<_>>();
        let runs = (2..=chars.len()).flat_map(|length| chars.windows(length));
        runs.map(|run| run.iter().collect::<String>())
            .any(|run| self.keys.exact(&run).is_some() && !own.contains(&run) && !self.places.hold(&run))
    }

    /// Whether words in Latin letters beside a student whose name has them are of another name: Ali Hassan is not Ali, and
    /// with the number of Mary Jane Smith neither Mary nor copy is a name, but John Doe is.
    fn is_another_latin_name(&self, said: &Said, student: usize) -> bool {
        let student = &self.students[student];
        let is_latin = student.get(Field::Name).chars().any(|c| c.is_alphabetic() && !is_cjk(c));
        let words = said.unknown.iter().filter(|part| part.kind == Kind::Letters && part.text.chars().count() >= 2);
        let words = words.map(|part| &*part.text).filter(|word| !LATIN_WORDS.has(word)).collect::<Vec<_>>();
        let words_min = if said.is_named { 1 } else { 2 };
        is_latin
            && !(said.is_named && said.is_numbered)
            && words.len() >= words_min
            && words.iter().any(|word| !is_word_of(student, word))
    }

    /// Whether a text of several words has a place of the roster among them: 软件1班·证件照.
    fn names_a_place(&self, text: &str) -> bool {
        let mut pieces = text.split('·').filter(|piece| !piece.is_empty());
        text.contains('·') && pieces.any(|piece| self.places.hold(piece))
    }

    /// Whether a part is formed as the numbers of the roster are, and not by a camera's clock, where this student has another
    /// number that looks so.
    fn is_another_number(&self, part: &Part, student: usize) -> bool {
        if part.kind != Kind::Code || part.has_stand_in() {
            return false;
        }
        if !is_time_stamp(&part.text) && self.is_of_another(part, student) {
            return true;
        }
        let student = &self.students[student];
        if IdNumber::looks_like(&part.text) {
            return !student.get(Field::IdNumber).is_empty();
        }
        let own = student.keys().filter(|(field, _)| field.is_number()).map(|(_, key)| number(key)).collect::<Vec<_>>();
        let is_alike = |written: &str| self.knows_form(written) && own.iter().any(|own| mask(own) == mask(written));
        let shared = |own: &str, digits: &str| own.bytes().zip(digits.bytes()).take_while(|(a, b)| a == b).count();
        let is_near = |digits: &str| {
            own.iter().any(|own| own.len() == digits.len() && shared(own, digits) + KIND_DIGITS >= digits.len())
        };
        // Where the student's own number begins so, 202101099 is no time, nor 2021090101 and two digits more, and 1903010199 is none
        // where numbers of the roster do. A day alone is more often one: 20211105.
        let is_time = |digits: &str| {
            is_time_stamp(digits) && !is_count_of_seconds(digits) && (digits.len() == 8 || !is_near(digits))
        };
        // The digits of a camera's P1010234 are no number of their own.
        let readings = if is_of_a_camera(&part.text) { 1 } else { 2 };
        let mut written = [&part.text, part.digits()].into_iter().take(readings);
        written.any(|written| is_alike(written) && !is_time(written))
    }
}

/// Whether a name is written in other characters that mean the same, 張偉 for 张伟, or as people do who cannot type one of
/// its characters: 张X and 张日韦 for 张暐, 王国強 for 王国强.
fn is_spelling_of(written: &str, name: &str) -> bool {
    if plain(written) == plain(name) {
        return true;
    }
    let (written, name) = (written.chars().collect::<Vec<_>>(), name.chars().collect::<Vec<_>>());
    let before = written.iter().zip(&name).take_while(|(a, b)| a == b).count();
    let (written, name) = (&written[before..], &name[before..]);
    let after = written.iter().rev().zip(name.iter().rev()).take_while(|(a, b)| a == b).count();
    match (&written[..written.len() - after], &name[..name.len() - after]) {
        _ if before == 0 => false,
        (['X'], [_]) | (['X', 'X'], [_] | [_, _]) => true,
        // Beside a single character that is the same this may be another person.
        ([written], [name]) => before + after >= 2 && (is_hard_to_type(*written) || is_hard_to_type(*name)),
        ([part, _], [name]) => LEFT_PARTS.contains(*part) && is_hard_to_type(*name),
        (letters, [name]) => {
            is_hard_to_type(*name) && letters.iter().all(char::is_ascii_alphabetic) && !letters.is_empty()
        }
        _ => false,
    }
}

/// Left parts of characters that begin hardly any given name.
const LEFT_PARTS: &str = "日王口女火目耳虫马鱼弓巾足身贝车亻氵讠钅纟扌忄犭礻衤艹辶阝";

/// Whether a character is not among the 6763 of GB 2312, so that old programs do not know it: rare ones and traditional forms.
pub(super) fn is_hard_to_type(c: char) -> bool {
    is_cjk(c) && !matches!(GBK.encode(c.encode_utf8(&mut [0; 4])).0[..], [0xb0..=0xf7, 0xa1..=0xfe])
}

/// Whether a column of a student has this word.
fn is_word_of(student: &Student, word: &str) -> bool {
    Field::ALL.iter().any(|field| exact(student.get(*field)).contains(word))
}

#[cfg(test)]
mod tests {
    use super::super::Match;
    use super::super::testing::student;
    use super::*;

    #[test]
    fn what_stands_beside_the_own_name_is_no_other_persons() {
        let people = [("20210001", "张三"), ("20210004", "买买提·艾力"), ("20210005", "次仁"), ("20210006", "欧阳修")];
        let roster = Roster::new(people.map(|(number, name)| student(number, "", name, "")).to_vec());
        for (stem, place) in [
            ("20210001张三·补拍", 0),
            ("20210001_毕业季·证件照", 0),
            ("张三430102200001010011", 0),
            ("20210004买买提·艾力补拍", 1),
            ("20210004买买提·艾力同学", 1),
            ("20210004买买提补拍", 1),
            ("20210005次仁同学", 2),
            ("20210005次仁女", 2),
            ("20210005次仁藏族", 2),
            ("20210006欧阳修男", 3),
        ] {
            assert_eq!(roster.find(stem, &[]), Match::One(place), "{stem}");
        }
        for (stem, place) in [("20210001张三丰", 0), ("20210004买买提·艾力王小明", 1), ("20210005次仁卓玛_李小红", 2)]
        {
            assert_eq!(roster.find(stem, &[]), Match::Conflict(vec![place]), "{stem}");
        }
    }

    #[test]
    fn a_number_that_might_be_an_hour_is_another_persons_where_the_own_begins_so() {
        let people = [("202101003", "王五"), ("220103", "张三")];
        let roster = Roster::new(people.map(|(number, name)| student(number, "", name, "")).to_vec());
        for (stem, found) in [
            ("王五_202101099", Match::Conflict(vec![0])),
            ("王五_152330123", Match::One(0)),
            ("张三_220145", Match::Conflict(vec![1])),
            ("张三_152330", Match::One(1)),
            ("张三_20220607_220145", Match::One(1)),
        ] {
            assert_eq!(roster.find(stem, &[]), found, "{stem}");
        }
    }

    #[test]
    fn the_end_of_another_students_number_beside_a_name_contradicts() {
        let people = [
            ("20220001", "11010519491231002X", "张三"),
            ("20220002", "430102200001310055", "李四"),
            ("20230055", "", "王五"),
        ];
        let roster = Roster::new(people.map(|(number, id, name)| student(number, id, name, "")).to_vec());
        for (stem, found) in [
            ("张三_310055", Match::Conflict(vec![0])),
            ("李四31002x", Match::Conflict(vec![1])),
            ("王五_20002", Match::Conflict(vec![2])),
            ("张三_31002X", Match::One(0)),
            ("李四310055", Match::One(1)),
            ("张三_0055", Match::One(0)),
            ("张三_310056", Match::One(0)),
            ("31002X", Match::Several(vec![0])),
        ] {
            assert_eq!(roster.find(stem, &[]), found, "{stem}");
        }
    }

    #[test]
    fn a_name_of_the_roster_in_a_word_and_a_name_in_pieces_are_another_persons() {
        let people = [("20210002", "李四"), ("20210008", "王五"), ("20210009", "李四光"), ("20210010", "白雪")];
        let roster = Roster::new(people.map(|(number, name)| student(number, "", name, "白雪班")).to_vec());
        for stem in ["20210002_王五同学", "20210002_班长王五"] {
            assert_eq!(roster.find(stem, &[]), Match::Conflict(vec![0, 1]), "{stem}");
        }
        for stem in
            ["20210002李四王五同学", "20210002_王五委员", "20210002_王五免冠", "20210002_王 强", "20210002_王 小明"]
        {
            assert_eq!(roster.find(stem, &[]), Match::Conflict(vec![0]), "{stem}");
        }
        for (stem, place) in [("20210002_白雪班", 0), ("20210009_李四的照片·光", 2), ("20210002_男 汉族", 0)]
        {
            assert_eq!(roster.find(stem, &[]), Match::One(place), "{stem}");
        }
    }

    #[test]
    fn latin_names_go_on_and_contradict_as_others_do_but_words_for_photos_do_not() {
        let people =
            [("2021L002", "Muhammad Ali Khan"), ("2021L005", "ALI"), ("2021L006", "Wang Wei"), ("2021L009", "李四")];
        let roster = Roster::new(people.map(|(number, name)| student(number, "", name, "")).to_vec());
        for (stem, found) in [
            ("Ali Hassan", Match::Conflict(vec![1])),
            ("Hassan Ali", Match::Conflict(vec![1])),
            ("Wang Wei Ming", Match::Conflict(vec![2])),
            ("2021L002_John Doe", Match::Conflict(vec![0])),
            ("2021L002_Ahmed Khan", Match::Conflict(vec![0])),
            ("2021L002_Khan Muhammad", Match::One(0)),
            ("2021L002_Muhammad", Match::One(0)),
            ("2021L002_Nanjing", Match::One(0)),
            ("2021L006_Wang Wei_Nanjing", Match::One(2)),
            ("Wang Wei passport copy", Match::One(2)),
            ("Ali_v", Match::One(1)),
            ("李四_Li Si", Match::One(3)),
            ("2021L009_Si Li", Match::One(3)),
        ] {
            assert_eq!(roster.find(stem, &[]), found, "{stem}");
        }
    }

    #[test]
    fn numbers_with_letters_and_those_that_might_be_seconds_contradict_where_the_roster_has_such() {
        let people = [
            ("B20210001", "张三"),
            ("2021A0101", "周八"),
            ("S20210003", "王五"),
            ("20210005", "赵六"),
            ("1902030405", "孙七"),
            ("1903010101", "吴九"),
        ];
        let mut people = people.map(|(number, name)| student(number, "", name, ""));
        people[3].set(Field::IdNumber, "G1234567");
        let roster = Roster::new(people.to_vec());
        for (stem, place) in [
            ("张三_B20219999", 0),
            ("周八_2021A0199", 1),
            ("周八_2021B0101", 1),
            ("赵六_G1234568", 3),
            ("孙七_1903010199", 4),
        ] {
            assert_eq!(roster.find(stem, &[]), Match::Conflict(vec![place]), "{stem}");
        }
        for stem in ["S20210005", "B20210005"] {
            assert_eq!(roster.find(stem, &[]), Match::Several(vec![3]), "{stem}");
        }
        for (stem, place) in [("zp20210005", 3), ("张三_DSC01234567", 0), ("孙七_1699148000", 4), ("赵六_B20211", 3)]
        {
            assert_eq!(roster.find(stem, &[]), Match::One(place), "{stem}");
        }
    }
    #[test]
    fn a_character_that_people_cannot_type_makes_no_other_name() {
        let people = [("1002", "张暐"), ("1003", "王国强"), ("1004", "李四")];
        let mut people = people.map(|(number, name)| student(number, "", name, ""));
        people[2].set(Field::Sex, "男");
        let roster = Roster::new(people.to_vec());
        for (stem, place) in [
            ("1002 张日韦", 0),
            ("1002张（日韦）", 0),
            ("1002张X", 0),
            ("1002张xx", 0),
            ("1002张wei", 0),
            ("1003王国強", 1),
            ("1003王國強", 1),
            ("1003 王国X", 1),
            ("1004李四男", 2),
        ] {
            assert_eq!(roster.find(stem, &[]), Match::One(place), "{stem}");
        }
        for (stem, place) in [
            ("1002张小红", 0),
            ("1002张伟", 0),
            ("1002李X", 0),
            ("1003王建民", 1),
            ("1003王国庆", 1),
            ("1004李四女", 2),
            ("1004李四X", 2),
        ] {
            assert_eq!(roster.find(stem, &[]), Match::Conflict(vec![place]), "{stem}");
        }
    }

    #[test]
    fn a_character_beside_a_name_and_a_surname_of_the_roster_speak_of_another() {
        let people = [("20210002", "李四"), ("20210008", "禤美玲"), ("20210009", "图雅")];
        let roster = Roster::new(people.map(|(number, name)| student(number, "", name, "")).to_vec());
        for stem in ["李四-光", "李 四 光", "大_李四-光", "20210002_禤小红"] {
            assert_eq!(roster.find(stem, &[]), Match::Conflict(vec![0]), "{stem}");
        }
        for stem in
            ["李四-男", "李四_蓝", "李四 1张", "李四 第1份", "李四_2026年6月1日", "20210002_图片", "20210002_图二"]
        {
            assert_eq!(roster.find(stem, &[]), Match::One(0), "{stem}");
        }
    }

    #[test]
    fn a_name_beside_a_title_is_no_word_and_a_surname_of_two_characters_may_go_on() {
        let people = [("20210001", "欧阳"), ("20210002", "李四"), ("20210003", "司马"), ("20210004", "上官飞")];
        let roster = Roster::new(people.map(|(number, name)| student(number, "", name, "")).to_vec());
        for (stem, place) in [
            ("20210002_王小明同学", 1),
            ("20210002班长王小明", 1),
            ("20210002_欧阳娜娜同学", 1),
            ("欧阳 修", 0),
            ("司马-光", 2),
            ("欧阳_娜娜", 0),
        ] {
            assert_eq!(roster.find(stem, &[]), Match::Conflict(vec![place]), "{stem}");
        }
        for (stem, place) in [
            ("李四同学", 1),
            ("班长李四", 1),
            ("副本李四", 1),
            ("20210002_女同学", 1),
            ("20210002_李同学", 1),
            ("欧阳_男", 0),
            ("欧阳 蓝底", 0),
            ("20210001欧阳 修", 0),
            ("李四-修", 1),
            ("上官 飞", 3),
        ] {
            assert_eq!(roster.find(stem, &[]), Match::One(place), "{stem}");
        }
    }
}
