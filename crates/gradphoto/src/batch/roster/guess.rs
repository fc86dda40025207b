//! Whom a name may mean that is nobody's as it stands: in traditional or rare characters, in pinyin, with Latin words in
//! another order, or a number without its beginning. A person decides; nothing of this is certain.

use std::collections::{BTreeSet, HashMap};

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::super::field::Field;
use super::super::names::{bare, exact, folded, is_cjk, is_digits, number};
use super::super::pinyin::syllable;
use super::super::stem::{Kind, Part, is_about_time};
use super::super::variants::plain;
use super::super::words::Words;
use super::{Roster, SURE_DIGITS, Student};

/// So many words may be one name.
const WORDS_MAX: usize = 4;
/// Heads of columns with names that a student has besides, or had.
const FURTHER_NAMES: Words = Words(
    "拼音 汉语拼音 拼音名 姓名拼音 拼音姓名 姓名汉语拼音 姓名全拼 全拼 英文名 英文名字 英文姓名 姓名英文 英语姓名 外文名 外文姓名 姓名外文 \
     护照名 护照姓名 姓名护照 证件名 证件姓名 身份证姓名 曾用名 曾用姓名 ENGLISHNAME PASSPORTNAME PINYIN FORMERNAME",
);

/// Whether a column has names that a person is asked by: 英文姓名.
pub(in crate::batch) fn is_further_name(head: &str) -> bool {
    FURTHER_NAMES.has(&folded(head))
}

/// Places of students by what their names and numbers may be written as.
#[derive(Clone, Debug, Default)]
pub(super) struct Guesses {
    names: HashMap<String, BTreeSet<usize>>,
    /// Numbers from their last digit to the first.
    numbers: BTreeSet<(String, usize)>,
}

impl Guesses {
    fn new(students: &[Student]) -> Guesses {
        let mut guesses = Guesses::default();
        for (place, student) in students.iter().enumerate() {
            let further = student.heads().filter(|head| is_further_name(head));
            let further = further.filter_map(|head| student.column(head));
            for name in further.chain([student.get(Field::Name)]) {
                for form in forms(name).into_iter().filter(|form| form.chars().count() > 1) {
                    guesses.names.entry(form).or_default().insert(place);
                }
            }
            let numbers = student.keys().filter(|(field, _)| *field != Field::Name);
            guesses.numbers.extend(numbers.map(|(_, key)| (reversed(&number(key)), place)));
        }
        guesses
    }

    /// Whom words may mean, as many of them together as do.
    fn of<'a>(&self, parts: impl IntoIterator<Item = &'a Part>) -> Option<&BTreeSet<usize>> {
        let words = parts.into_iter().map(|part| part.text.trim_matches(|c: char| c.is_ascii_digit()));
        let words = words.filter(|word| !word.is_empty()).collect::<Vec<_>>();
        let runs = (1..=WORDS_MAX).rev().flat_map(|length| words.windows(length));
        let forms = runs.flat_map(|run| {
            let whole = run.concat();
            // 张三补 may be 张三's, and a name.
            let noted = whole.strip_suffix('补').unwrap_or(&whole);
            [written(&whole), in_any_order(run.iter().copied()), written(noted)]
        });
        forms.into_iter().find_map(|form| self.names.get(&form))
    }

    /// The one student whose number ends so: 21130001 for 2021130001.
    fn with_end(&self, part: &Part) -> Option<usize> {
        let end = reversed(&part.text);
        // The last sign of an identity number may be an X.
        let digits = end.strip_prefix('X').unwrap_or(&end);
        let is_long = end.len() >= SURE_DIGITS && is_digits(digits) && !is_about_time(&part.text);
        let ending = self.numbers.range((end.clone(), 0)..).take_while(|(number, _)| number.starts_with(&end));
        let mut places = ending.filter(|_| is_long).map(|(_, place)| *place);
        let first = places.next()?;
        places.all(|place| place == first).then_some(first)
    }
}

fn reversed(number: &str) -> String {
    number.chars().rev().collect()
}

/// What a name may be written as beside itself.
fn forms(name: &str) -> Vec<String> {
    let bare = bare(name);
    if !bare.chars().all(is_cjk) {
        let name = without_marks(name);
        let words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        return vec![written(&name), in_any_order(words)];
    }
    let syllables = bare.chars().map(syllable).collect::<Option<Vec<_>>>().unwrap_or_default();
    // The given name may stand first: San Zhang, Nana Ouyang.
    let spelt = (0..syllables.len().min(3)).map(|surname| {
        let (surname, given) = syllables.split_at(surname);
        [given, surname].concat().concat()
    });
    let spelt = spelt.filter(|_| syllables.len() > 1).collect::<Vec<_>>();
    [vec![written(&bare)], spelt].concat()
}

/// Words as one that is compared.
fn written(words: &str) -> String {
    plain(&without_marks(&bare(words))).replace('V', "U")
}

/// Letters without the marks that few can type: Nguyen for Nguyễn.
fn without_marks(text: &str) -> String {
    let letter = |c| match c {
        'Đ' | 'đ' => 'D',
        'Ø' | 'ø' => 'O',
        'Ł' | 'ł' => 'L',
        _ => c,
    };
    text.nfd().filter(|c| !is_combining_mark(*c)).nfc().map(letter).collect()
}

/// Words of one name in an order that all orders have in common.
fn in_any_order<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let mut words = words.map(|word| exact(&without_marks(word))).collect::<Vec<_>>();
    words.sort_unstable();
    words.join(" ")
}

impl Roster {
    /// Whom the parts of a name may mean.
    pub(super) fn guessed(&self, parts: &[Part]) -> Vec<usize> {
        let guesses = self.guesses();
        let by_end = || parts.iter().filter_map(|part| guesses.with_end(part)).collect();
        guesses.of(parts).cloned().unwrap_or_else(by_end).into_iter().collect()
    }

    /// Whether a word in Latin letters beside a student is another one's name in pinyin.
    pub(super) fn is_another_in_pinyin(&self, words: &[Part], student: usize) -> bool {
        let mut words = words.iter().filter(|part| part.kind == Kind::Letters).peekable();
        words.peek().is_some() && self.guesses().of(words).is_some_and(|meant| !meant.contains(&student))
    }

    /// Whether a part is the end of another student's number, as people write it behind a name: 李四_310055.
    pub(super) fn is_end_of_another(&self, part: &Part, student: usize) -> bool {
        self.guesses().with_end(part).is_some_and(|owner| owner != student)
    }

    fn guesses(&self) -> &Guesses {
        self.guesses.get_or_init(|| Guesses::new(&self.students))
    }
}

#[cfg(test)]
mod tests {
    use super::super::Match;
    use super::super::testing::student;
    use super::*;

    #[test]
    fn what_only_may_be_somebodys_name_or_number_is_asked_about() {
        let people = [
            ("2021130001", "张三"),
            ("2021130002", "于後"),
            ("2021130003", "𠮷田明"),
            ("2021130004", "吕布"),
            ("2021130005", "欧阳娜娜"),
            ("2021130006", "Nguyen Van An"),
            ("2021140007", "章三"),
            ("2021140008", "李雷"),
            ("2021140009", "MUHAMMAD ALI"),
        ];
        let roster = Roster::new(people.map(|(number, name)| student(number, "", name, "")).to_vec());
        for (stem, places) in [
            ("張三", vec![0]),
            ("于后", vec![1]),
            ("吉田明", vec![2]),
            ("吉田明_蓝底", vec![2]),
            ("呂布", vec![3]),
            ("LvBu", vec![3]),
            ("lü bu", vec![3]),
            ("zhangsan", vec![0, 6]),
            ("Zhang_San 2", vec![0, 6]),
            ("San Zhang", vec![0, 6]),
            ("nana ouyang", vec![4]),
            ("lilei2", vec![7]),
            ("An Nguyen Van", vec![5]),
            ("Ali Muhammad", vec![8]),
            ("21130003", vec![2]),
            ("130003", vec![2]),
        ] {
            assert_eq!(roster.find(stem, &[]), Match::Several(places), "{stem}");
        }
        for stem in ["zs", "san", "0003", "30009", "张山", "Nguyen An", "20211300031"] {
            assert_eq!(roster.find(stem, &[]), Match::Nobody, "{stem}");
        }
        for (stem, place) in [("2021130002于后", 1), ("2021130003吉田明", 2), ("2021130001_zhangsan", 0)] {
            assert_eq!(roster.find(stem, &[]), Match::One(place), "{stem}");
        }
        for (stem, place) in [("2021130002_zhangsan", 1), ("2021140008 lv bu", 7)] {
            assert_eq!(roster.find(stem, &[]), Match::Conflict(vec![place]), "{stem}");
        }
    }

    #[test]
    fn names_without_their_marks_in_pinyin_of_the_list_and_former_ones_are_asked_about() {
        let mut people = [
            ("1001", "Nguyễn Thị Hoa"),
            ("1002", "José María López"),
            ("1003", "单田芳"),
            ("1004", "金民秀"),
            ("1005", "张玥"),
            ("1006", "Ng Siew"),
            ("1007", "张天"),
        ]
        .map(|(number, name)| student(number, "", name, ""));
        for (place, head, name) in [
            (2, "姓名拼音", "SHAN TIANFANG"),
            (3, "姓名（英文）", "KIM Minsu"),
            (4, "曾用名", "张月"),
            (6, "父亲姓名", "张丙"),
        ] {
            people[place].keep(head, name);
        }
        let roster = Roster::new(people.to_vec());
        for (stem, found) in [
            ("Nguyen Thi Hoa", Match::Several(vec![0])),
            ("lopez jose maria", Match::Several(vec![1])),
            ("shantianfang", Match::Several(vec![2])),
            ("Minsu Kim", Match::Several(vec![3])),
            ("张月", Match::Several(vec![4])),
            ("张丙", Match::Nobody),
            ("1006_Ng Siew", Match::One(5)),
            ("1006_Ng Siew_NG", Match::Several(vec![5])),
            ("1003_NG", Match::Several(vec![2])),
            ("张天补", Match::Several(vec![6])),
            ("张天ok", Match::One(6)),
        ] {
            assert_eq!(roster.find(stem, &[]), found, "{stem}");
        }
    }
}
