//! Whom a name may mean that is nobody's as it stands: in traditional or rare characters, in pinyin, with Latin words in
//! another order, glued to a word, without what tells two of one name apart, or a number without its beginning or of a column
//! that is not used. A person decides; nothing of this is certain.

use std::collections::{BTreeSet, HashMap};

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::super::field::Field;
use super::super::names::{bare, exact, folded, is_cjk, is_digits, is_private, number};
use super::super::pinyin::syllable;
use super::super::stem::{Kind, Part, is_about_time};
use super::super::variants::plain;
use super::super::words::Words;
use super::another::is_hard_to_type;
use super::keys::without_zeros;
use super::{Roster, SURE_DIGITS, Student};

/// So many words may be one name.
const WORDS_MAX: usize = 4;
/// A name of two characters is looked for in words that are longer by so many, or by one of [`MARKS`]: 李四毕业秀, but not 李四光.
const GLUED_REST: usize = 2;
/// What schools write behind the names of several of one name: 刘洋大, 刘洋小.
const MARKS: &str = "大中小甲乙丙男女";
/// A code with letters has so many characters where it may be a photo's.
const CODE_MIN: usize = 4;
/// The head of the column that counts the rows.
const ROW: &str = "序号";
/// Heads of columns with names that a student has besides, or had.
const FURTHER_NAMES: Words = Words(
    "拼音 汉语拼音 拼音名 姓名拼音 拼音姓名 姓名汉语拼音 姓名全拼 全拼 英文名 英文名字 英文姓名 姓名英文 英语姓名 外文名 外文姓名 姓名外文 \
     护照名 护照姓名 姓名护照 证件名 证件姓名 身份证姓名 曾用名 曾用姓名 ENGLISHNAME NAMEENGLISH NAMEINENGLISH NAMEPINYIN PASSPORTNAME PINYIN FORMERNAME",
);

/// Whether a column has names that a person is asked by: 英文姓名.
pub(in crate::batch) fn is_further_name(head: &str) -> bool {
    FURTHER_NAMES.has(&folded(head))
}

/// Places of students by what their names and numbers may be written as.
#[derive(Clone, Debug, Default)]
pub(super) struct Guesses {
    names: HashMap<String, BTreeSet<usize>>,
    /// Names with `?` for each character that is hard to type, and behind a `~` those of which others are written there.
    signs: HashMap<String, BTreeSet<usize>>,
    /// Numbers and codes in columns that are not used; of several students none.
    cells: HashMap<String, Option<usize>>,
    /// Numbers from their last digit to the first.
    numbers: BTreeSet<(String, usize)>,
    /// Numbers of rows without zeros before them.
    rows: HashMap<String, Vec<usize>>,
}

impl Guesses {
    fn new(students: &[Student]) -> Guesses {
        let mut guesses = Guesses::default();
        let (mut marked, mut used) = (HashMap::<String, BTreeSet<(char, usize)>>::new(), HashMap::new());
        for (place, student) in students.iter().enumerate() {
            let name = exact(student.get(Field::Name));
            if let Some((base, mark)) = marked_name(&name) {
                marked.entry(base.to_owned()).or_default().insert((mark, place));
            }
            for sign in [rare(&name), lost(&name).map(|sign| format!("~{sign}"))].into_iter().flatten() {
                guesses.signs.entry(sign).or_default().insert(place);
            }
            for (head, cell) in student.cells() {
                if exact(head) == ROW && is_digits(&number(cell)) {
                    guesses.rows.entry(without_zeros(&number(cell)).to_owned()).or_default().push(place);
                }
                let is_used =
                    used.entry(head).or_insert_with(|| Field::of_head(head).is_some() || is_further_name(head));
                if let (false, Some(code)) = (*is_used, code(cell)) {
                    let owner = guesses.cells.entry(code).or_insert(Some(place));
                    *owner = owner.filter(|owner| *owner == place);
                }
            }
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
        for (base, students) in marked.into_iter().filter(|(_, students)| students.len() > 1) {
            guesses.names.entry(written(&base)).or_default().extend(students.into_iter().map(|(_, place)| place));
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
            let names =
                [written(&whole), in_any_order(run.iter().copied()), written(noted)].map(|form| self.names.get(&form));
            let signs = [lost(&whole), rare(&whole).map(|sign| format!("~{sign}"))];
            names.into_iter().chain(signs.map(|sign| self.signs.get(&sign?)))
        });
        forms.flatten().next()
    }

    /// Whose whole names a longer word begins or ends with: 赵思涵修图.
    fn glued(&self, parts: &[Part]) -> Option<BTreeSet<usize>> {
        let words = parts.iter().filter(|part| part.kind == Kind::Chinese);
        let meant = words.flat_map(|part| ends(&part.text)).map(|ends| {
            let named = ends.into_iter().filter_map(|end| self.names.get(&written(end)));
            named.flatten().copied().collect::<BTreeSet<_>>()
        });
        meant.into_iter().find(|meant| !meant.is_empty())
    }

    /// The one student whom a part may mean as a number.
    fn numbered(&self, part: &Part) -> Option<usize> {
        self.with_end(part).or_else(|| self.with_cell(&part.text))
    }

    /// The one student who has this code in a column that is not used: 原学号, 照片编号.
    fn with_cell(&self, written: &str) -> Option<usize> {
        self.cells.get(&code(written)?).copied().flatten()
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

/// The beginnings and ends of a word that may be whole names, those of one length together, the longest first.
fn ends(word: &str) -> impl Iterator<Item = Vec<&str>> {
    let starts = word.char_indices().map(|(at, _)| at).collect::<Vec<_>>();
    let lengths = (2..starts.len()).rev();
    lengths.map(move |length| {
        let (first, last) = (word.split_at(starts[length]), word.split_at(starts[starts.len() - length]));
        let is_sure = |rest: &str| length > 2 || rest.chars().count() >= GLUED_REST || MARKS.contains(rest);
        let ends = [(first.0, first.1), (last.1, last.0)].into_iter().filter(|(_, rest)| is_sure(rest));
        ends.map(|(end, _)| end).collect()
    })
}

/// A name without what tells it from others like it, and that: 刘洋 of 刘洋大.
fn marked_name(name: &str) -> Option<(&str, char)> {
    let mark = name.chars().next_back().filter(|mark| MARKS.contains(*mark))?;
    let base = &name[..name.len() - mark.len_utf8()];
    (base.chars().count() > 1).then_some((base, mark))
}

/// A name of Chinese characters with a sign for each that is hard to type; `None` where none is.
fn rare(name: &str) -> Option<String> {
    let is_rare = |c: char| is_hard_to_type(c) && !is_private(c);
    let sign = |c| if is_rare(c) { '?' } else { c };
    let is_one = name.chars().any(is_rare) && name.chars().any(|c| is_cjk(c) && !is_rare(c));
    is_one.then(|| name.chars().map(sign).collect())
}

/// A name of Chinese characters with a sign for each that its writer could not type, but as letters or by one of no font: YAN洁.
fn lost(name: &str) -> Option<String> {
    let is_one = |c: char| c.is_ascii_alphabetic() || is_private(c);
    if !name.chars().any(is_one) || !name.chars().any(|c| is_cjk(c) && !is_private(c)) {
        return None;
    }
    let mut signs = name.chars().map(|c| if is_one(c) { '?' } else { c }).collect::<Vec<_>>();
    signs.dedup_by(|a, b| *a == '?' && *b == '?');
    Some(signs.into_iter().collect())
}

/// What a cell or a photo's name is as a code, without the end of a file: DSC_0001. Digits alone are of no row or seat, and parted
/// ones of a day.
fn code(text: &str) -> Option<String> {
    // At a glance, for a roster has many cells.
    text.bytes().find(u8::is_ascii_digit)?;
    let text = number(text);
    let stem = [".JPG", ".JPEG", ".PNG"].iter().find_map(|end| text.strip_suffix(end)).unwrap_or(&text);
    let is_fit = |b: u8| b.is_ascii_alphanumeric() || b"_-.".contains(&b);
    let is_lettered =
        stem.len() >= CODE_MIN && stem.bytes().any(|b| b.is_ascii_alphabetic()) && stem.bytes().all(is_fit);
    (is_lettered || stem.len() >= SURE_DIGITS && is_digits(stem)).then(|| stem.to_owned())
}

/// What a name may be written as beside itself.
fn forms(name: &str) -> Vec<String> {
    let bare = bare(name);
    if !bare.chars().all(is_cjk) {
        let name = without_marks(name);
        let words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        // 张伟 may be 张伟1 as well as 张伟2, and 李娜A.
        let counted = bare.trim_end_matches(|c: char| c.is_ascii_digit());
        let lettered = bare.strip_suffix(|c: char| c.is_ascii_uppercase()).unwrap_or(counted);
        let base = Some(lettered).filter(|base| base.chars().all(is_cjk)).map(written);
        return [written(&name), in_any_order(words)].into_iter().chain(base).collect();
    }
    let syllables = bare.chars().map(syllable).collect::<Option<Vec<_>>>().unwrap_or_default();
    // The given name may stand first: San Zhang, Nana Ouyang.
    let spelt = (0..syllables.len().min(3)).map(|surname| {
        let (surname, given) = syllables.split_at(surname);
        [given, surname].concat().concat()
    });
    let spelt = spelt.filter(|_| syllables.len() > 1).collect::<Vec<_>>();
    // 阿依古丽 may be 阿依古丽·买买提.
    let own = exact(name).split_once('·').map(|(own, _)| written(own));
    own.into_iter().chain([written(&bare)]).chain(spelt).collect()
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
    /// Whom a name of these parts may mean.
    pub(super) fn guessed(&self, stem: &str, parts: &[Part]) -> Vec<usize> {
        let guesses = self.guesses();
        if let Some(one) = guesses.with_cell(stem) {
            return vec![one];
        }
        let by_number = || parts.iter().filter_map(|part| guesses.numbered(part)).collect();
        let named = guesses.of(parts).cloned().or_else(|| guesses.glued(parts));
        named.unwrap_or_else(by_number).into_iter().collect()
    }

    /// Whether a word in Latin letters beside a student is another one's name in pinyin.
    pub(super) fn is_another_in_pinyin(&self, words: &[Part], student: usize) -> bool {
        let mut words = words.iter().filter(|part| part.kind == Kind::Letters).peekable();
        words.peek().is_some() && self.guesses().of(words).is_some_and(|meant| !meant.contains(&student))
    }

    /// Whether a part is the end of another student's number, as people write it behind a name, 李四_310055, or that student's code
    /// in a column that is not used.
    pub(super) fn is_of_another(&self, part: &Part, student: usize) -> bool {
        self.guesses().numbered(part).is_some_and(|owner| owner != student)
    }

    /// Those whom a photo means by the number of their row, if it is named by nothing else.
    pub(super) fn in_row(&self, stem: &str) -> &[usize] {
        let row = exact(stem);
        let students = self.guesses().rows.get(without_zeros(&row)).filter(|_| is_digits(&row));
        students.map_or(&[], Vec::as_slice)
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
    fn a_whole_name_glued_to_a_word_and_one_of_several_told_apart_by_a_mark_are_asked_about() {
        let people =
            ["赵思涵", "张三", "张伟1", "张伟2", "李娜A", "李娜B", "刘洋大", "刘洋小", "王小小", "阿依古丽·买买提"];
        let roster = Roster::new(people.map(|name| student("", "", name, "")).to_vec());
        for (stem, places) in [
            ("赵思涵修图", vec![0]),
            ("美颜赵思涵_1", vec![0]),
            ("赵思涵很好看", vec![0]),
            ("张三很好看", vec![1]),
            ("很好看张三", vec![1]),
            ("张三小", vec![1]),
            ("张三赵思涵", vec![0]),
            ("张三和李娜", vec![1, 4, 5]),
            ("张伟", vec![2, 3]),
            ("李娜", vec![4, 5]),
            ("刘洋_蓝底", vec![6, 7]),
            ("阿依古丽", vec![9]),
        ] {
            assert_eq!(roster.find(stem, &[]), Match::Several(places), "{stem}");
        }
        for stem in ["张三丰", "小小张三丰", "王小", "思涵电子版", "买买提"] {
            assert_eq!(roster.find(stem, &[]), Match::Nobody, "{stem}");
        }
        for (stem, place) in [("张伟2", 3), ("赵思涵电子版", 0), ("张三高清照", 1)] {
            assert_eq!(roster.find(stem, &[]), Match::One(place), "{stem}");
        }
    }

    #[test]
    fn a_code_of_a_column_that_is_not_used_is_asked_about() {
        let mut people = ["1001", "1002", "1003"].map(|number| student(number, "", "", ""));
        for (place, head, cell) in [
            (0, "原学号", "20213301"),
            (0, "照片编号", "DSC_0001.JPG"),
            (1, "照片编号", "dsc_0002"),
            (0, "父亲电话", "13800000000"),
            (2, "父亲电话", "13800000000"),
            (2, "座位", "0012"),
            (2, "入学日期", "2022-09-01"),
        ] {
            people[place].keep(head, cell);
        }
        let roster = Roster::new(people.to_vec());
        for (stem, found) in [
            ("20213301", Match::Several(vec![0])),
            ("20213301 (2)", Match::Several(vec![0])),
            ("DSC_0001", Match::Several(vec![0])),
            ("DSC_0002", Match::Several(vec![1])),
            ("DSC_0003", Match::Nobody),
            ("1002_20213301", Match::Conflict(vec![1])),
            ("1001_20213301", Match::One(0)),
            ("13800000000", Match::Nobody),
            ("0012", Match::Nobody),
            ("2022-09-01", Match::Nobody),
        ] {
            assert_eq!(roster.find(stem, &[]), found, "{stem}");
        }
    }

    #[test]
    fn a_character_that_few_can_type_may_be_letters_or_one_of_no_font_instead() {
        let people = ["YAN洁", "张\u{e0a1}", "䶮琼", "李娜A", "王洁"];
        let roster = Roster::new(people.map(|name| student("", "", name, "")).to_vec());
        for (stem, found) in [
            ("䶮洁", Match::Several(vec![0])),
            ("张䶮_蓝底", Match::Several(vec![1])),
            ("YAN琼", Match::Several(vec![2])),
            ("\u{e0a1}琼", Match::Several(vec![2])),
            ("张三", Match::Nobody),
            ("㛃琼", Match::Nobody),
            ("张\u{e0a1}", Match::One(1)),
        ] {
            assert_eq!(roster.find(stem, &[]), found, "{stem}");
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
