//! The students of a school, and whom the name of a photo means.

use std::cell::LazyCell;
use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap, HashSet};

use super::field::Field;
use super::garbled::readings;
use super::id_number::IdNumber;
use super::masking::without_id_numbers;
use super::names::{bare, exact, folded, is_digits, is_stand_in, may_mean, number, without_brackets};
use super::place::Place;
use super::stem::{Kind, Part, is_about_time, is_of_a_camera, is_time_stamp, parts, parts_beside, stamp};
use crate::text::Reason;

/// One row of a roster.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Student {
    /// Row in the file or on its sheet, from 1, the head included.
    pub row: usize,
    /// The sheet; empty where the file has but one.
    pub sheet: String,
    values: [String; Field::ALL.len()],
    /// What further columns of the same meaning say, such as 学籍号 beside 学号.
    more: Vec<(Field, String)>,
    /// Every cell that holds something, by the head of its column as written.
    cells: Vec<(String, String)>,
}

impl Student {
    /// A student of this row with nothing known.
    pub fn new(row: usize) -> Student {
        Student { row, ..Student::default() }
    }

    /// What a column says; empty where it says nothing.
    pub fn get(&self, field: Field) -> &str {
        &self.values[field as usize]
    }

    /// What a column says by its head as the file writes it, known or not; where no column has this head, the one that means
    /// the same: 证件号码 for 身份证号. `None` where it says nothing.
    pub fn column(&self, head: &str) -> Option<&str> {
        let same = |(known, _): &&(String, String)| exact(known) == exact(head);
        let meant = || Some(self.get(Field::of_head(head)?)).filter(|value| !value.is_empty());
        self.cells.iter().find(same).map(|(_, value)| value.as_str()).or_else(meant)
    }

    /// Heads of the columns that say something, as the file writes them.
    pub fn heads(&self) -> impl Iterator<Item = &str> {
        self.cells.iter().map(|(head, _)| head.as_str())
    }

    /// Whether the roster says that the student need not come: 已采集.
    pub fn is_collected(&self) -> bool {
        is_yes(self.get(Field::Collected))
    }

    /// Whether the roster says that the student has paid.
    pub fn has_paid(&self) -> bool {
        let paid = self.get(Field::Paid);
        is_yes(paid) && !paid.contains('免')
    }

    /// The first number that the roster has for the student: 学号, 考生号 or 采集码.
    pub fn number(&self) -> &str {
        let numbers = [Field::StudentNumber, Field::ExamNumber, Field::CaptureCode].map(|field| self.get(field));
        numbers.into_iter().find(|number| !number.is_empty()).unwrap_or_default()
    }

    /// Name and number, as far as the roster has them.
    pub fn words(&self) -> String {
        format!("{} {}", self.get(Field::Name), self.number()).trim().to_owned()
    }

    /// When and where the student is to be photographed, on one line.
    pub fn schedule(&self) -> String {
        let when = [Field::Session, Field::Time, Field::Place].map(|field| self.get(field)).join(" ");
        when.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Department, major and class.
    pub fn place(&self) -> Place {
        let get = |field| self.get(field).to_owned();
        Place { department: get(Field::Department), major: get(Field::Major), class: get(Field::Class) }
    }

    /// Everything that a photo of the student may be named by.
    pub fn keys(&self) -> impl Iterator<Item = (Field, &str)> {
        let first = Field::KEYS.into_iter().map(|field| (field, self.get(field)));
        let more = self.more.iter().map(|(field, value)| (*field, value.as_str()));
        first.chain(more).filter(|(field, value)| Field::KEYS.contains(field) && !value.is_empty())
    }

    /// What tells the student from others in files of decisions: a number, else the name with what else is known.
    pub fn key(&self) -> String {
        match self.number() {
            "" => {
                let place = self.place().words();
                let parts = [self.get(Field::Name), self.get(Field::IdNumber), &place];
                without_id_numbers(&parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" "))
            }
            number => without_id_numbers(number),
        }
    }

    /// Where the student stands in the file: 第3行, 软件1班 第3行.
    pub fn origin(&self) -> Reason {
        let (sheet, row) = (&self.sheet, self.row);
        match sheet.as_str() {
            "" => Reason { zh: format!("第{row}行"), en: format!("row {row}") },
            sheet => Reason { zh: format!("“{sheet}”第{row}行"), en: format!("row {row} of sheet {sheet}") },
        }
    }

    /// Sets what a column says.
    pub fn set(&mut self, field: Field, value: &str) {
        self.values[field as usize] = value.trim().to_owned();
    }

    /// Keeps what the column with this head says.
    pub(super) fn keep(&mut self, head: &str, value: &str) {
        if !head.is_empty() && !value.is_empty() {
            self.cells.push((head.to_owned(), value.to_owned()));
        }
    }

    /// Takes cells of columns that only the other row fills.
    pub(super) fn complete_cells(&mut self, other: &Student) {
        let known = self.cells.iter().map(|(head, _)| head.clone()).collect::<HashSet<_>>();
        self.cells.extend(other.cells.iter().filter(|(head, _)| !known.contains(head)).cloned());
    }

    /// Adds what a further column of the same meaning says.
    pub fn add(&mut self, field: Field, value: &str) {
        let value = value.trim();
        if self.get(field).is_empty() {
            self.set(field, value);
        } else if self.get(field) != value && !value.is_empty() {
            self.more.push((field, value.to_owned()));
        }
    }
}

/// Whether a cell says yes: 是, √, 已采集, 已缴, 20 元. What nobody knows says no: who is called in vain says so, who is never called
/// does not, and nobody is paid back what was not paid.
fn is_yes(cell: &str) -> bool {
    answer(cell) == Some(true)
}

/// What a cell answers to a question such as 是否采集. Empty, 否, 未缴, 欠费, 0元, 采集失败, 退回 and 需补拍 say no; `None` where the words are
/// no known answer: 分期.
pub(super) fn answer(cell: &str) -> Option<bool> {
    const NO: [&str; 16] = [
        "失败",
        "退",
        "未",
        "没",
        "不通过",
        "不合格",
        "缺",
        "重拍",
        "需",
        "欠",
        "缓",
        "请假",
        "待补",
        "待拍",
        "通知",
        "预约",
    ];
    const YES: &str = " 是 对 有 有照片 成功 通过 合格 完成 采集 采集成功 采集完成 拍摄完成 拍照完成 审核通过 缴费 交费 缴费成功 交费成功 支付成功 付款成功 缴清 交清 付清 缴齐 交齐 缴 交 采 拍 缴了 交了 采了 拍了 付了 现金 微信 支付宝 转账 刷卡 扫码 Y YES T TRUE OK PAID DONE COLLECTED ";
    let whole = exact(cell);
    let starts = |signs: &[char]| whole.starts_with(signs);
    let is_no = starts(&[
        '否', '无', '×', '✗', '✘', '✕', '✖', '❌', '☒', '☐', '□', 'N', 'X', 'F', '不', '待', '应', '暂', '补',
    ]) || NO.iter().any(|word| whole.contains(word))
        || whole.ends_with('中')
        || whole.trim_matches(['元', '¥']).chars().all(|c| matches!(c, '0' | '.' | '-' | '—' | '/'));
    if is_no {
        return Some(false);
    }
    let words = without_brackets(&whole);
    let words = words.trim_end_matches(['。', '.', '!', ',', ';']);
    let is_known =
        starts(&['已', '免', '√', '✔', '✓', '☑', '✅']) || !words.is_empty() && YES.contains(&format!(" {words} "));
    (is_known || is_amount_or_date(words)).then_some(true)
}

/// Whether a text is a sum of money or a day, perhaps with its hour: 20元, ￥20.00, 20, 2024/9/1, 9月1日上午.
fn is_amount_or_date(text: &str) -> bool {
    let bare = ["¥", "RMB", "CNY", "人民币"].iter().find_map(|sign| text.strip_prefix(sign)).unwrap_or(text);
    let bare = bare.strip_suffix('整').unwrap_or(bare);
    bare.starts_with(|c: char| c.is_ascii_digit())
        && bare.chars().any(|c| matches!(c, '1'..='9'))
        && bare.chars().all(|c| c.is_ascii_digit() || ".,-/:元圆块张次年月日号时点分秒上下午晚TZ".contains(c))
}

/// The students of a school, found by what their photos are named.
#[derive(Clone, Debug, Default)]
pub struct Roster {
    students: Vec<Student>,
    by_exact: Index,
    /// Folded forms, where they are not the exact ones.
    by_folded: Index,
    /// Bare forms, where they are not the folded ones.
    by_bare: Index,
    /// Numbers of digits alone without the leading zeros that they have.
    by_digits: Index,
    /// Classes, departments and majors, to know what a folder tells.
    places: [HashSet<String>; 3],
    /// Students whose name on the roster holds a sign for a character.
    masked: Vec<usize>,
    /// Length and first digits of the numbers of digits alone.
    forms: HashSet<(usize, String)>,
}

/// Places of students by a form of their keys, in rising order.
type Index = HashMap<String, Vec<usize>>;

/// Whom a photo's name means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Match {
    /// The student at this place of the roster.
    One(usize),
    /// The name may mean these students, or this one; a person must decide.
    Several(Vec<usize>),
    /// Parts of the name speak of different students, or of a name or number that this student has not.
    Conflict(Vec<usize>),
    /// Nobody on the roster.
    Nobody,
}

/// Fields by which folders tell students of one name apart.
const PLACES: [Field; 3] = [Field::Class, Field::Department, Field::Major];
/// Numbers of fewer digits may be those of another list when their zeros differ.
const SURE_DIGITS: usize = 5;
/// Numbers of one length that begin with the same digits, so many, are of one kind.
const KIND_DIGITS: usize = 4;
/// So many characters of a masked number must be in sight.
const SURE_SIGHT: usize = 8;

impl Roster {
    /// A roster of these students.
    pub fn new(students: Vec<Student>) -> Roster {
        let mut roster = Roster::default();
        for (place, student) in students.iter().enumerate() {
            for (field, key) in student.keys() {
                let exact = if field == Field::Name { exact(key) } else { number(key) };
                if field == Field::Name && exact.chars().any(is_stand_in) {
                    roster.masked.push(place);
                }
                if field != Field::Name {
                    roster.forms.extend(form(&exact));
                }
                if is_digits(&exact) && exact.starts_with('0') {
                    list(&mut roster.by_digits, without_zeros(&exact).to_owned(), place);
                }
                let (folded, bare) = (folded(&exact), bare(&exact));
                if bare != folded {
                    list(&mut roster.by_bare, bare, place);
                }
                if folded != exact {
                    list(&mut roster.by_folded, folded, place);
                }
                list(&mut roster.by_exact, exact, place);
            }
            for (known, field) in roster.places.iter_mut().zip(PLACES) {
                known.insert(folded(student.get(field)));
            }
        }
        for known in &mut roster.places {
            known.remove("");
        }
        Roster { students, ..roster }
    }

    /// The students, in the order of the file.
    pub fn students(&self) -> &[Student] {
        &self.students
    }

    /// Whom a photo means by its file's `stem`, the name without extension; `folders` are the folders it lies in, the outermost
    /// first.
    pub fn find(&self, stem: &str, folders: &[String]) -> Match {
        let is_found = |found: &Match| *found != Match::Nobody;
        let as_written = self.named(stem, folders);
        let beside = LazyCell::new(|| self.without_places(stem));
        let beside_place = || {
            let (rest, places) = beside.as_ref()?;
            Some(self.named(rest, &[folders, places].concat()))
        };
        // Where the own name is there too, a word behind the class is no other person's.
        let says_name = |student: usize| {
            let name = exact(self.students[student].get(Field::Name));
            !name.is_empty() && exact(stem).contains(&name)
        };
        let is_class = |place: &String| place.ends_with('班');
        let names_class = || beside.as_ref().is_some_and(|(_, places)| places.iter().all(is_class));
        let garbled = || readings(stem).map(|reading| self.named(&reading, folders)).find(is_found);
        match as_written {
            // 软件2班张三: the class tells several of one name apart.
            Match::Several(several) => match beside_place() {
                Some(Match::One(one)) if several.contains(&one) => Match::One(one),
                _ => Match::Several(several),
            },
            // 20210001软件1班张三: with a class before it, a name is no part of its own.
            Match::Conflict(several) => match beside_place() {
                Some(Match::One(one)) if several.contains(&one) => Match::One(one),
                _ => Match::Conflict(several),
            },
            Match::One(one) if !says_name(one) && names_class() => match beside_place() {
                Some(Match::Conflict(several)) => Match::Conflict(several),
                _ => Match::One(one),
            },
            Match::Nobody => {
                let ways: [&dyn Fn() -> Option<Match>; 4] =
                    [&beside_place, &garbled, &|| self.by_folder(stem, folders), &|| self.by_stamp(stem)];
                ways.into_iter().filter_map(|way| way()).find(is_found).unwrap_or(Match::Nobody)
            }
            found => found,
        }
    }

    /// Whom a name means as it stands.
    fn named(&self, stem: &str, folders: &[String]) -> Match {
        let parts = parts_beside(stem, &|digits| self.by_exact.contains_key(digits));
        let Some(places) = self.whole(stem) else { return self.apart(&parts, folders) };
        if exact(stem).chars().any(is_stand_in) {
            return Match::Several(places);
        }
        let is_as_written = self.by_exact.contains_key(&exact(stem)) && !stem.trim().contains(char::is_whitespace);
        // 2021001-1 may be the number 20210011, and a copy of 2021001's photo.
        let others = if is_as_written { Match::Nobody } else { self.apart(&parts, folders) };
        let mut all = match others {
            Match::One(one) => vec![one],
            Match::Several(several) | Match::Conflict(several) => several,
            Match::Nobody => Vec::new(),
        };
        if all.iter().all(|place| places.contains(place)) {
            return self.narrowed(&places, &parts, folders);
        }
        all.extend(places);
        all.sort_unstable();
        all.dedup();
        Match::Several(all)
    }

    /// A name without the classes, departments and majors in it, 软件1班张三, and these.
    fn without_places(&self, stem: &str) -> Option<(String, Vec<String>)> {
        let mut rest = exact(stem);
        let mut known = self.places.iter().flatten().filter(|place| rest.contains(place.as_str())).collect::<Vec<_>>();
        // Of two that overlap the longer one is meant.
        known.sort_by_key(|place| (Reverse(place.len()), *place));
        let mut cut = Vec::new();
        for place in known {
            if rest.contains(place.as_str()) {
                rest = rest.replace(place.as_str(), "_");
                cut.push(place.clone());
            }
        }
        (!cut.is_empty()).then_some((rest, cut))
    }

    /// Whom the folders of a photo mean whose own name says nothing of anybody: 20210001张三/蓝底.jpg.
    fn by_folder(&self, stem: &str, folders: &[String]) -> Option<Match> {
        let says_nothing = |part: &Part| match part.kind {
            Kind::Code => part.is_short_number(),
            Kind::Letters => part.text.len() < 4,
            Kind::Chinese => !reads_like_a_name(part),
        };
        if !parts(stem).iter().all(says_nothing) {
            return None;
        }
        let is_place = |folder: &String| self.places.iter().any(|known| known.contains(&folded(folder)));
        let mut inner = folders.iter().rev().filter(|folder| !is_place(folder) && !is_about_time(folder));
        inner.find_map(|folder| {
            Some(self.named(folder, &[])).filter(|found| matches!(found, Match::One(_) | Match::Several(_)))
        })
    }

    /// Whom a number means that a camera may as well have written for a time: IMG_202109010123.
    fn by_stamp(&self, stem: &str) -> Option<Match> {
        self.by_exact.get(&stamp(stem)?).cloned().map(Match::Several)
    }

    /// Whom the parts of a name mean.
    fn apart(&self, parts: &[Part], folders: &[String]) -> Match {
        let mut sure = Vec::new();
        let mut doubtful = Vec::new();
        let mut unknown = Vec::new();
        let mut place = 0;
        while place < parts.len() {
            match self.longest(&parts[place..]) {
                Some((length, places)) => {
                    sure.push(places.iter().copied().collect::<BTreeSet<_>>());
                    place += length;
                }
                None => {
                    let part = &parts[place];
                    // A short number beside a name is that of a copy.
                    let is_copy = part.is_short_number() && parts.len() > 1;
                    let (is_sure, places) = if is_copy { (false, BTreeSet::new()) } else { self.alike(part) };
                    match places.is_empty() {
                        true => unknown.push(part),
                        false if is_sure => sure.push(places),
                        false => doubtful.push((part, places)),
                    }
                    place += 1;
                }
            }
        }
        self.judged(sure, &doubtful, &unknown, parts, folders)
    }

    /// Students with this key as a whole, as it is written before as it may be read.
    fn whole(&self, stem: &str) -> Option<Vec<usize>> {
        let exact = exact(stem);
        // Digits that a time parts from a date make no number.
        let is_stamp = parts(stem).is_empty();
        let folds = || self.folded(&folded(&exact)).or_else(|| self.bare(&bare(&exact)));
        let found = self.by_exact.get(&exact).or_else(|| self.by_exact.get(&number(stem))).cloned();
        found.or_else(|| folds().filter(|_| !is_stamp))
    }

    /// Students with a key of this folded form.
    fn folded(&self, form: &str) -> Option<Vec<usize>> {
        together(&[&self.by_exact, &self.by_folded], form)
    }

    /// Students with a key of this form when what stands in brackets goes.
    fn bare(&self, form: &str) -> Option<Vec<usize>> {
        together(&[&self.by_exact, &self.by_folded, &self.by_bare], form)
    }

    /// The most of the first parts that together are a key: Mary Smith is one name.
    fn longest(&self, parts: &[Part]) -> Option<(usize, Vec<usize>)> {
        let most = parts.len().min(4);
        let lengths =
            (1..=most).rev().filter(|length| *length == 1 || parts[..*length].iter().all(|p| p.kind != Kind::Code));
        lengths.into_iter().find_map(|length| {
            let text = parts[..length].iter().map(|part| part.text.as_str()).collect::<String>();
            let is_void = parts[0].has_stand_in() || length == 1 && parts[0].is_short_number();
            if is_void || text.chars().count() < 2 {
                return None;
            }
            let found = self.by_exact.get(&text).cloned().or_else(|| self.folded(&folded(&text)));
            found.or_else(|| self.bare(&folded(&text))).map(|places| (length, places))
        })
    }

    /// Students whom a part that is no key may mean, and whether that is sure enough.
    fn alike(&self, part: &Part) -> (bool, BTreeSet<usize>) {
        let all = |indexes: &[&Index], key: &str| BTreeSet::from_iter(together(indexes, key).unwrap_or_default());
        let everybody = || 0..self.students.len();
        match part.kind {
            Kind::Code if part.has_stand_in() => {
                let in_sight = part.text.chars().filter(|c| !is_stand_in(*c)).count();
                let fits = |place: &usize| {
                    let mut keys = self.students[*place].keys();
                    keys.any(|(field, key)| field != Field::Name && may_mean(&part.text, &number(key)))
                };
                let places = if in_sight >= 4 { everybody().filter(fits).collect() } else { BTreeSet::new() };
                (in_sight >= SURE_SIGHT && places.len() == 1, places)
            }
            Kind::Code if is_digits(&part.text) => {
                let digits = without_zeros(&part.text);
                let places = all(&[&self.by_exact, &self.by_digits], digits);
                (digits.len() >= SURE_DIGITS && places.len() == 1, places)
            }
            // zp2022002, 20210001a: a number with letters that the receiver or a copy asked for.
            Kind::Code => {
                let runs = part.text.split(|c: char| !c.is_ascii_digit()).max_by_key(|run| run.len());
                let places = runs.filter(|run| run.len() >= SURE_DIGITS).map(|run| all(&[&self.by_exact], run));
                let places = places.unwrap_or_default();
                (places.len() == 1 && !is_of_a_camera(&part.text), places)
            }
            // Either name may hold the sign.
            Kind::Chinese | Kind::Letters => {
                let fits = |place: &usize| may_mean(&part.text, &exact(self.students[*place].get(Field::Name)));
                let places = if part.has_stand_in() {
                    everybody().filter(fits).collect()
                } else {
                    self.masked.iter().copied().filter(fits).collect()
                };
                (false, places)
            }
        }
    }

    /// What all parts together say.
    fn judged(
        &self,
        sure: Vec<BTreeSet<usize>>,
        doubtful: &[(&Part, BTreeSet<usize>)],
        unknown: &[&Part],
        parts: &[Part],
        folders: &[String],
    ) -> Match {
        let all = |sets: &[&BTreeSet<usize>]| sets.iter().flat_map(|set| set.iter().copied()).collect::<BTreeSet<_>>();
        let common = |sets: &[&BTreeSet<usize>]| {
            let first = sets.first().copied().cloned().unwrap_or_default();
            sets.iter().fold(first, |common, set| common.intersection(set).copied().collect())
        };
        let known = sure.iter().collect::<Vec<_>>();
        let mut sets = known.clone();
        sets.extend(doubtful.iter().map(|(_, places)| places));
        if sets.is_empty() {
            return Match::Nobody;
        }
        let left = common(&sets);
        if left.is_empty() {
            return Match::Conflict(all(&sets).into_iter().collect());
        }
        if sure.is_empty() {
            return Match::Several(left.into_iter().collect());
        }
        let left = left.into_iter().collect::<Vec<_>>();
        if let [one] = left[..]
            && unknown.iter().any(|part| self.is_another_name(part, one) || self.is_another_number(part, one))
        {
            return Match::Conflict(left);
        }
        self.narrowed(&left, parts, folders)
    }

    /// Whether a part that is nobody's reads like the name of a person, and not of this student.
    fn is_another_name(&self, part: &Part, student: usize) -> bool {
        let student = &self.students[student];
        let name = exact(student.get(Field::Name));
        if part.kind != Kind::Chinese || name.is_empty() || may_mean(&part.text, &name) {
            return false;
        }
        let words = student.values.iter().any(|value| exact(value).contains(&part.text));
        let is_place = |piece: &str| self.places.iter().flatten().any(|place| place.contains(piece));
        let is_placed = part.text.contains('·') && part.text.split('·').filter(|piece| !piece.is_empty()).any(is_place);
        let length = |text: &str| text.chars().count();
        // 迪丽热巴 is enough of 迪丽热巴·迪力木拉提.
        let mut own = std::iter::once(&*name).chain(name.split('·')).filter(|own| length(own) >= 2);
        match own.find_map(|own| part.text.split_once(own)) {
            // Behind or before the own name only another whole one counts: 次仁同学, 张三·补拍. But 张三丰 is not 张三.
            Some((before, after)) if length(&part.text) != 3 => [before, after].into_iter().any(is_like_a_name),
            Some(_) => has_surname(&part.text),
            // 张三 where the roster has 张三丰 is as well another person.
            None => reads_like_a_name(part) && !words && !is_placed && !name.contains(&part.text),
        }
    }

    /// Whether a part that is nobody's is formed as the numbers of the roster are, and not by a camera's clock, where this student
    /// has another number of its length.
    fn is_another_number(&self, part: &Part, student: usize) -> bool {
        let runs = part.text.split(|c: char| !c.is_ascii_digit());
        let digits = runs.max_by_key(|run| run.len()).unwrap_or_default();
        if part.kind != Kind::Code || part.has_stand_in() || is_of_a_camera(&part.text) {
            return false;
        }
        if IdNumber::looks_like(&part.text) {
            return !self.students[student].get(Field::IdNumber).is_empty();
        }
        let own = self.students[student].keys().filter(|(field, _)| field.is_number()).map(|(_, key)| number(key));
        let own = own.filter(|own| is_digits(own) && own.len() == digits.len()).collect::<Vec<_>>();
        let shared = |own: &String| own.bytes().zip(digits.bytes()).take_while(|(a, b)| a == b).count();
        // 2021090101 and two digits more is no time where the student's own number begins so.
        let is_near = digits.len() >= 10 && own.iter().any(|own| shared(own) + KIND_DIGITS >= digits.len());
        let is_alike = !own.is_empty() && form(digits).is_some_and(|form| self.forms.contains(&form));
        is_alike && (is_near || !is_time_stamp(digits))
    }

    /// The one of several candidates that folders and short numbers leave, if they leave one.
    fn narrowed(&self, candidates: &[usize], parts: &[Part], folders: &[String]) -> Match {
        let mut left = candidates.to_vec();
        let folders = folders.iter().map(|folder| folded(folder)).collect::<Vec<_>>();
        let is_strange_class = |folder: &String| folder.ends_with('班') && !self.places[0].contains(folder);
        let by_name = || parts.iter().all(|part| part.kind != Kind::Code || part.is_short_number());
        let lies_in = |place: usize, field: Field| folders.contains(&folded(self.students[place].get(field)));
        let is_told = |field: usize| folders.iter().any(|folder| self.places[field].contains(folder));
        if let [one] = left[..] {
            // Of the class whose folder it is, the list may lack somebody of the same name.
            let is_elsewhere =
                is_told(0) && !self.students[one].get(Field::Class).is_empty() && !lies_in(one, Field::Class);
            return if is_elsewhere && by_name() { Match::Several(left) } else { Match::One(one) };
        }
        if !folders.iter().any(is_strange_class) {
            for (_, field) in PLACES.into_iter().enumerate().filter(|(at, _)| is_told(*at)) {
                left.retain(|place| lies_in(*place, field));
            }
        }
        for part in parts.iter().filter(|part| part.is_short_number()) {
            let has = |place: &usize| self.students[*place].keys().any(|(_, key)| number(key) == part.text);
            if left.iter().filter(|place| has(place)).count() == 1 {
                left.retain(|place| has(place));
            }
        }
        match left[..] {
            [one] => Match::One(one),
            _ => Match::Several(candidates.to_vec()),
        }
    }
}

/// Whether a part reads like the name of a person, also one of which a character is missing.
fn reads_like_a_name(part: &Part) -> bool {
    part.has_stand_in() && part.text.chars().count() >= 2 || is_like_a_name(&part.text)
}

/// Whether Chinese characters read like the name of a person.
fn is_like_a_name(text: &str) -> bool {
    let text = text.trim_matches('·');
    let length = text.chars().count();
    let begins = |words: &str| words.split(' ').any(|word| text.starts_with(word));
    let is_word = WORDS.contains(&format!(" {text} ")) || ENDS.split(' ').any(|end| text.ends_with(end));
    has_surname(text)
        || (3..=4).contains(&length) && begins(DOUBLE_SURNAMES) && !is_word
        || ((2..=6).contains(&length) || text.contains('·')) && begins(GIVEN_NAMES) && !is_word
}

/// Whether a text is as long as a name and begins with a surname of one character.
fn has_surname(text: &str) -> bool {
    let surname = text.chars().next().unwrap_or_default();
    let is_word = WORDS.contains(&format!(" {text} ")) || text.ends_with("老师") || text.ends_with("同学");
    (2..=3).contains(&text.chars().count()) && SURNAMES.contains(surname) && !is_word
}

/// Length and first digits of a number that is long enough to be told by them.
fn form(number: &str) -> Option<(usize, String)> {
    (number.len() > SURE_DIGITS && is_digits(number)).then(|| (number.len(), number[..KIND_DIGITS].to_owned()))
}

fn list(index: &mut Index, key: String, place: usize) {
    if key.is_empty() {
        return;
    }
    let places = index.entry(key).or_default();
    if places.last() != Some(&place) {
        places.push(place);
    }
}

/// What several indexes list under one key, in rising order; `None` where that is nobody.
fn together(indexes: &[&Index], key: &str) -> Option<Vec<usize>> {
    let places = indexes.iter().filter_map(|index| index.get(key)).flatten().copied().collect::<BTreeSet<_>>();
    (!key.is_empty() && !places.is_empty()).then(|| places.into_iter().collect())
}

fn without_zeros(digits: &str) -> &str {
    let bare = digits.trim_start_matches('0');
    if bare.is_empty() { &digits[digits.len().saturating_sub(1)..] } else { bare }
}

/// Surnames of nineteen in twenty people.
const SURNAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹曾彭萧肖蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严覃武莫孔向汤常温康施牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷曲盛冉翁蓝路游辛靳管柴蒙鲍华喻祁房滕屈饶解牟艾尤时阳阎穆农司古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏卫席柏米宗瞿桂全佟应臧闵苟邬边卞姬师仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜海阚花权强帅屠豆朴盖练廉禹井巴漆隆丰支";

/// Surnames of two characters that begin no common word.
const DOUBLE_SURNAMES: &str = "欧阳 司马 上官 诸葛 司徒 夏侯 皇甫 尉迟 公孙 慕容 令狐 长孙 宇文 轩辕 端木 呼延 东郭 申屠 钟离 淳于 濮阳 澹台 赫连 拓跋 独孤 南宫 闻人 完颜 纳兰 万俟 闾丘";

/// Beginnings of common names without a surname, Tibetan and Uyghur.
const GIVEN_NAMES: &str = "次仁 扎西 卓玛 尼玛 达瓦 旦增 丹增 平措 央金 拉姆 格桑 白玛 索朗 洛桑 巴桑 普布 米玛 边巴 仁青 才让 德吉 曲珍 罗布 多吉 加措 嘉措 强巴 贡布 晋美 顿珠 益西 拉巴 旺堆 迪丽 迪力 古丽 阿依 阿卜 阿不都 阿布都 努尔 买买 麦麦 买合 麦合 木合 吐尔 图尔 艾合 艾力 艾尼 热依 热孜 热合 帕提 玉素 依布 伊布 祖丽 阿孜 如则 肉孜 再努 库尔班 穆罕 穆合";

/// Words on files that begin like names.
const WORDS: &str = " 白底 白底照 蓝底 蓝底照 蓝色 白色 黄底 高清 高清照 原图 原片 原件 原照 成片 成品 成图 毕业 毕业照 毕业季 毕业生 安全 管理 华为 江苏 安徽 云南 海南 宁夏 连拍 应届 应届生 全身 全身照 简历 明信片 方形 强化 马克 金融 法学 文学 历史 时间 关系 单人 单人照 单寸 成功 成绩 成人 常用 师范 师大 农学 农林 商务 商学 商学院 全日制 高职 高清图 高中 高考 向上 向左 向右 左侧 左转 安装 明亮 包装 时装 区别 原相机 官方 盘点 支付宝 满意 温柔 丰富 许可 何时 任务 任意 项目 路径 班级 班长 班干部 单反 原照片 原图片 原始 原尺寸 白背景 白衬衫 白衬衣 白底图 蓝背景 蓝底图 成品图 党员 ";

/// Ends of words on files that a name has not.
const ENDS: &str =
    "照 照片 底 寸 版 原图 学院 系 专业 学校 大学 中学 届 批 组 正面 侧面 市 县 区 省 州 族 老师 同学 学生";

#[cfg(test)]
mod tests {
    use super::*;

    fn student(number: &str, id: &str, name: &str, class: &str) -> Student {
        let mut student = Student::new(1);
        let fields = [Field::StudentNumber, Field::IdNumber, Field::Name, Field::Class];
        for (field, value) in fields.into_iter().zip([number, id, name, class]) {
            student.set(field, value);
        }
        student
    }

    fn roster() -> Roster {
        Roster::new(vec![
            student("20210001", "11010519491231002X", "张三", "软件1班"),
            student("20210002", "H12345678(00)", "李四", "软件1班"),
            student("20210003", "", "张三", "软件2班"),
            student("20210004", "", "买买提·艾力", "软件2班"),
            student("02210005", "", "José", "软件2班"),
            student("20210006", "", "Jose", "软件2班"),
            student("20231105", "", "王小明", "软件2班"),
            student("0012", "", "王明", "软件2班"),
            student("20210009", "430102200001010055", "赵一曼", "软件2班"),
            student("20210010", "", "Mary Jane Smith", "软件2班"),
            student("20210011", "", "张喆一", "软件2班"),
        ])
    }

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
        ];
        for (stem, expected) in cases {
            assert_eq!(roster.find(stem, &[]), expected, "{stem}");
        }
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
        let folder = |name: &str| [name.to_owned()];
        assert_eq!(roster.find("张三", &folder("软件2班")), Match::One(2));
        assert_eq!(roster.find("张三", &folder("软件3班")), Match::Several(vec![0, 2]));
        assert_eq!(
            roster.find("李四", &folder("软件2班")),
            Match::Several(vec![1]),
            "another of that name may be missing"
        );
        assert_eq!(roster.find("20210002", &folder("软件2班")), Match::One(1));
        let copies = Roster::new(["2021001", "20210011", "1010234"].map(|number| student(number, "", "", "")).to_vec());
        for copy in ["2021001-1", "2021001_1", "2021001 (1)", "2021001 1"] {
            assert_eq!(copies.find(copy, &[]), Match::Several(vec![0, 1]), "{copy}");
        }
        assert_eq!(copies.find("2021001-2", &[]), Match::One(0));
        assert_eq!(copies.find("1010234_王五", &[]), Match::One(2), "the roster has no names");
        assert_eq!(copies.find("P1010234", &[]), Match::Several(vec![2]), "a camera's count");
        for (folder_name, stem, found) in [
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
            assert_eq!(roster.find(stem, &folder(folder_name)), found, "{folder_name}/{stem}");
        }
    }

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
    fn cells_say_yes_or_no_however_offices_write_it() {
        for yes in [
            "是",
            "√",
            "✔",
            "1",
            "Y",
            "TRUE",
            "已采集",
            "已",
            "有",
            "2024/9/1",
            "采集成功",
            "20元",
            "已缴费",
            "通过",
            "20",
            "￥20.00",
            "1,200元整",
            "是（现场）",
            "YES.",
            "完成",
            "免采集",
            "9月1日上午",
            "2024-9-1 10:20:00",
            "交了",
            "已补拍",
        ] {
            assert!(is_yes(yes), "{yes}");
        }
        for no in [
            "",
            "否",
            "×",
            "N",
            "no",
            "0",
            "FALSE",
            "未",
            "未采集",
            "没有",
            "无",
            "—",
            "采集失败",
            "审核未通过",
            "不通过",
            "退回",
            "已退费",
            "需补拍",
            "重拍",
            "缺",
            "待采集",
            "0元",
            "￥0.00",
            "欠费",
            "欠20",
            "应缴20元",
            "缓",
            "暂缓",
            "补拍",
            "请假",
            "审核中",
            "已通知",
            "□",
        ] {
            assert_eq!(answer(no), Some(false), "{no}");
        }
        for unknown in ["分期", "-20", "20%", "第2批", "成功率", "有误", "忘了", "张三"] {
            assert_eq!(answer(unknown), None, "{unknown}");
        }
        let mut student = Student::new(1);
        student.set(Field::Paid, "免缴");
        assert!(!student.has_paid(), "there is nothing to pay back");
    }

    #[test]
    fn a_place_in_a_name_never_leads_to_somebody_whom_the_name_as_written_does_not_mean() {
        let mut students = ["20210001", "20210002", "20210003"].map(|number| student(number, "", "欧阳学前", ""));
        students[2].set(Field::Name, "欧阳");
        students[0].set(Field::Department, "学前");
        assert_eq!(Roster::new(students.to_vec()).find("欧阳学前", &[]), Match::Several(vec![0, 1]));
    }

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
        assert_eq!(roster.find("张三", &folders(&["软件1班"])), Match::Several(vec![0, 1, 2]));
        assert_eq!(roster.find("张三", &folders(&["外语学院", "软件2班"])), Match::Several(vec![0, 1, 2]));
    }

    #[test]
    fn a_single_character_a_sign_for_one_and_the_number_of_a_copy_mean_nobody_for_certain() {
        let students = [("1001", "李四"), ("12", "明"), ("1003", "张○")];
        let roster = Roster::new(students.map(|(number, name)| student(number, "", name, "")).to_vec());
        assert_eq!(roster.find("明", &[]), Match::One(1), "alone it is the whole name");
        assert_eq!(roster.find("王_明", &[]), Match::Nobody);
        assert_eq!(roster.find("李四_12", &[]), Match::One(0));
        assert_eq!(roster.find("张○_照片", &[]), Match::Several(vec![2]));
        assert_eq!(roster.find("张三", &[]), Match::Several(vec![2]), "the list may have lost the character");
        let lost = Roster::new(vec![student("1004", "", "Jos\u{fffd}", "")]);
        assert_eq!(lost.find("José", &[]), Match::Several(vec![0]));
    }

    #[test]
    fn a_student_is_told_from_others_by_a_number_else_by_name_and_place() {
        let mut known = student("20210001", "11010519491231002X", "张三", "软件1班");
        assert_eq!((known.key(), known.words()), ("20210001".to_owned(), "张三 20210001".to_owned()));
        known.set(Field::StudentNumber, "");
        assert!(known.key().starts_with("张三 ") && known.key().ends_with(" 软件1班"), "{}", known.key());
        assert!(!known.key().contains("19491231"), "no id number is written down: {}", known.key());
        assert_eq!(student("", "", "张三", "").key(), "张三");
        known.set(Field::Paid, "20元");
        assert!(known.has_paid());
        known.set(Field::Paid, "未缴");
        assert!(!known.has_paid());
    }

    #[test]
    fn cells_are_kept_by_their_heads_and_further_numbers_find_the_student_too() {
        let mut one = student("20210001", "", "张三", "");
        one.keep("学号", "20210001");
        one.keep("备注", "");
        one.keep("", "喜欢篮球");
        let mut other = Student::new(9);
        other.keep("学号", "999");
        other.keep("学籍号", "77770001");
        one.complete_cells(&other);
        assert_eq!(one.heads().collect::<Vec<_>>(), ["学号", "学籍号"]);
        let columns = ["学号", "学籍号", "备注", "姓名", "身份证号"].map(|head| one.column(head));
        assert_eq!(columns, [Some("20210001"), Some("77770001"), None, Some("张三"), None]);
        for number in ["77770001", "20210001", " "] {
            one.add(Field::StudentNumber, number);
        }
        let numbers = one.keys().filter(|(field, _)| field.is_number()).map(|(_, key)| key).collect::<Vec<_>>();
        assert_eq!(numbers, ["20210001", "77770001"]);
        assert_eq!(Roster::new(vec![one]).find("77770001", &[]), Match::One(0));
    }

    /// Names that are easily mistaken for each other.
    const NAMES: &str = "([张王⼩小明三㇐一é\u{301}eJo·•○*( )1A]{1,4})";

    fn listed(names: &[String]) -> Vec<Student> {
        let numbered = names.iter().enumerate();
        numbered.map(|(at, name)| student(&format!("2021{:04}", at * 7), "", name, "")).collect()
    }

    proptest::proptest! {
        #[test]
        fn a_number_finds_its_student_whatever_names_there_are(names in proptest::collection::vec(NAMES, 1..8)) {
            let students = listed(&names);
            let roster = Roster::new(students.clone());
            for (place, student) in students.iter().enumerate() {
                assert_eq!(roster.find(student.get(Field::StudentNumber), &[]), Match::One(place));
            }
        }

        #[test]
        fn no_name_maps_to_two(names in proptest::collection::vec(NAMES, 1..8), stem in NAMES) {
            let roster = Roster::new(listed(&names));
            if let Match::One(place) = roster.find(&stem, &[]) {
                let same = |name: &String| exact(name) == exact(&names[place]);
                assert_eq!(names.iter().filter(|name| same(name)).count(), 1, "{stem} of {names:?}");
                // Nothing but punctuation, blanks and what stands in brackets is let go.
                let letters = |text: &str| bare(text).chars().collect::<BTreeSet<_>>();
                let parts = parts(&stem);
                let runs = (1..=4).flat_map(|length| parts.windows(length));
                let mut runs = runs.map(|run| folded(&run.iter().map(|part| part.text.as_str()).collect::<String>()));
                assert!(number(&stem) == number(&names[place])
                    || letters(&stem) == letters(&names[place]) || folded(&stem) == folded(&names[place])
                    || runs.any(|run| run == bare(&names[place]) || run == folded(&names[place])), "{stem} for {}", names[place]);
            }
        }

        #[test]
        fn an_accent_makes_another_name(names in proptest::collection::vec("[张三Jose\u{e9}]{2,4}", 1..8), which in 0_usize..8) {
            let name = &names[which % names.len()];
            let swapped = |c| if c == 'e' { 'é' } else if c == 'é' { 'e' } else { c };
            let stem = name.chars().map(swapped).collect::<String>();
            if let Match::One(place) = Roster::new(listed(&names)).find(&stem, &[]) {
                assert_eq!(stem.to_uppercase(), names[place].to_uppercase(), "{stem} of {names:?}");
            }
        }

        #[test]
        fn swapping_two_students_swaps_the_answer(
            names in proptest::collection::vec(NAMES, 2..8), a in 0_usize..8, b in 0_usize..8, stem in NAMES, number in 0_usize..8,
        ) {
            let students = listed(&names);
            let (a, b) = (a % names.len(), b % names.len());
            let mut swapped = students.clone();
            swapped.swap(a, b);
            let there = |place: usize| if place == a { b } else if place == b { a } else { place };
            let sorted = |mut places: Vec<usize>| {
                places.sort_unstable();
                places
            };
            for stem in [stem.clone(), names[number % names.len()].clone(), format!("2021{:04}_{stem}", number * 7), format!("{stem}2021{:04}", number * 7)] {
                let expected = match Roster::new(students.clone()).find(&stem, &[]) {
                    Match::One(place) => Match::One(there(place)),
                    Match::Several(places) => Match::Several(sorted(places.into_iter().map(there).collect())),
                    Match::Conflict(places) => Match::Conflict(sorted(places.into_iter().map(there).collect())),
                    Match::Nobody => Match::Nobody,
                };
                assert_eq!(Roster::new(swapped.clone()).find(&stem, &[]), expected, "{stem} of {names:?}");
            }
        }
    }
}
