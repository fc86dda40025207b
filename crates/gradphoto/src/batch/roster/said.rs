//! What the parts of a photo's name say together: 20210001_张三_补拍.

use std::collections::BTreeSet;

use super::super::field::Field;
use super::super::id_number::IdNumber;
use super::super::names::{exact, is_digits, is_stand_in, may_mean, number};
use super::super::stem::{Kind, Part, is_of_a_camera};
use super::keys::without_zeros;
use super::person_name::CHARACTERS;
use super::{Match, Roster, SURE_DIGITS};

/// So many characters of a masked number must be in sight to look for it, and so many to be sure.
const IN_SIGHT_MIN: usize = 4;
const SURE_SIGHT: usize = 8;

/// What parts say.
#[derive(Default)]
pub(super) struct Said {
    /// The students that each part means which means any.
    meant: Vec<BTreeSet<usize>>,
    /// Whether one of these parts is a key, or as good as one.
    is_sure: bool,
    /// Whether one of them is a number, and whether one is a name.
    pub is_numbered: bool,
    pub is_named: bool,
    /// Parts that mean nobody.
    pub unknown: Vec<Part>,
    /// Whether a character alone goes on with a name beside it: 李四-光.
    pub goes_on: bool,
}

impl Said {
    fn mean(&mut self, parts: &[Part], places: Vec<usize>, is_sure: bool) {
        let is_number = parts.iter().any(|part| part.kind == Kind::Code);
        self.is_numbered |= is_number;
        self.is_named |= !is_number;
        self.meant.push(places.into_iter().collect());
        self.is_sure |= is_sure;
    }

    /// Keeps a part that means nobody; behind a single character it goes on with a name: 王 强.
    fn leave(&mut self, part: &Part) {
        match self.unknown.last_mut() {
            Some(last) if last.is_lone_character() && part.kind == Kind::Chinese => last.text += &part.text,
            _ => self.unknown.push(part.clone()),
        }
    }
}

impl Roster {
    /// Whom the parts of a name mean.
    pub(super) fn apart(&self, parts: &[Part], folders: &[String]) -> Match {
        let said = self.said(parts);
        let Some((first, others)) = said.meant.split_first() else { return Match::Nobody };
        let common = others.iter().fold(first.clone(), |common, meant| &common & meant);
        let left = common.into_iter().collect::<Vec<_>>();
        if left.is_empty() {
            let all = said.meant.into_iter().flatten().collect::<BTreeSet<_>>();
            return Match::Conflict(all.into_iter().collect());
        }
        if !said.is_sure {
            return Match::Several(left);
        }
        let found = self.narrowed(&left, parts, folders);
        match found.students() {
            [one] if self.speaks_of_another(&said, *one) => Match::Conflict(left),
            _ => found,
        }
    }

    /// Takes as many parts as together are a key, else one, for what it may mean.
    fn said(&self, parts: &[Part]) -> Said {
        let mut said = Said::default();
        let mut rest = parts;
        // What stands before the rest.
        let mut before: Option<&Part> = None;
        while let [part, others @ ..] = rest {
            if let Some((length, places)) = self.keys.longest(rest) {
                said.mean(&rest[..length], places, true);
                (before, rest) = (rest.get(length - 1), &rest[length..]);
                continue;
            }
            let is_counted = || before.into_iter().chain(others.first()).any(|beside| beside.kind == Kind::Code);
            said.goes_on |= part.is_lone_character() && !CHARACTERS.has(&part.text) && !is_counted();
            let is_copy = parts.len() > 1 && part.is_short_number() && !self.is_number_of_a_list(part, others);
            let (places, is_sure) = if is_copy { (Vec::new(), false) } else { self.alike(part) };
            match places.is_empty() {
                true => said.leave(part),
                false => {
                    // A number in one of several words of letters and digits may stand there by chance.
                    let is_mixed = |other: &&Part| other.kind == Kind::Code && other.digits() != other.text;
                    let is_alone = part.digits() == part.text || parts.iter().filter(is_mixed).count() == 1;
                    said.mean(&rest[..1], places, is_sure && is_alone);
                }
            }
            (before, rest) = (Some(part), others);
        }
        said
    }

    /// Whether a short number may be more than that of a copy: it has three digits, 李四_101, or a name follows, 06李明.
    fn is_number_of_a_list(&self, number: &Part, following: &[Part]) -> bool {
        let is_before_a_name = || {
            let is_name = following.first().is_some_and(|part| part.kind != Kind::Code);
            is_name && self.keys.longest(following).is_some()
        };
        number.text.len() == 3 || is_before_a_name()
    }

    /// Students whom a part that is no key may mean, and whether that is sure enough.
    fn alike(&self, part: &Part) -> (Vec<usize>, bool) {
        match part.kind {
            Kind::Code if part.has_stand_in() => self.of_masked_number(&part.text),
            Kind::Code if is_digits(&part.text) => self.of_other_zeros(&part.text),
            Kind::Code => self.of_lettered_number(part),
            Kind::Chinese | Kind::Letters => (self.of_masked_name(part), false),
        }
    }

    /// 4301****0055
    fn of_masked_number(&self, text: &str) -> (Vec<usize>, bool) {
        let in_sight = text.chars().filter(|c| !is_stand_in(*c)).count();
        if in_sight < IN_SIGHT_MIN {
            return (Vec::new(), false);
        }
        let fits = |place: &usize| {
            let mut keys = self.students[*place].keys();
            keys.any(|(field, key)| field != Field::Name && may_mean(text, &number(key)))
        };
        let places = self.keys.like(text).into_iter().filter(fits).collect::<Vec<_>>();
        let is_sure = in_sight >= SURE_SIGHT && places.len() == 1;
        (places, is_sure)
    }

    /// 2210005 for 02210005
    fn of_other_zeros(&self, text: &str) -> (Vec<usize>, bool) {
        let digits = without_zeros(text);
        let places = self.keys.digits(digits);
        let is_sure = digits.len() >= SURE_DIGITS && places.len() == 1;
        (places, is_sure)
    }

    /// zp2022002, 20210001a: a number with letters that the receiver or a copy asked for. Not for certain where numbers of the
    /// roster are written so themselves.
    fn of_lettered_number(&self, part: &Part) -> (Vec<usize>, bool) {
        let digits = part.digits();
        // The last sign of an identity number is one of it: G11010519491231002X.
        let with_sign =
            Some(format!("{digits}X")).filter(|number| IdNumber::looks_like(number) && part.text.contains(number));
        let run = with_sign.as_deref().unwrap_or(digits);
        let found = Some(run).filter(|run| run.len() >= SURE_DIGITS).and_then(|run| self.keys.exact(run));
        let places = found.cloned().unwrap_or_default();
        // 3F20210002A: by chance.
        let letters = part.text.split(run).filter(|letters| !letters.is_empty()).collect::<Vec<_>>();
        let is_marked = matches!(letters[..], [mark] if !mark.contains(|c: char| c.is_ascii_digit()));
        let is_sure = places.len() == 1 && is_marked && !is_of_a_camera(&part.text) && !self.knows_form(&part.text);
        (places, is_sure)
    }

    /// 张○一 for 张喆一: either name may hold the sign.
    fn of_masked_name(&self, part: &Part) -> Vec<usize> {
        let fits = |place: &usize| may_mean(&part.text, &exact(self.students[*place].get(Field::Name)));
        match part.has_stand_in() {
            true => self.keys.like(&part.text).into_iter().filter(fits).collect(),
            false => self.masked.iter().copied().filter(fits).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::student;
    use super::*;

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
    fn a_letter_before_an_identity_number_makes_no_other_of_it() {
        let students = [("", "11010519491231002X", "张三"), ("", "430102200001010055", "李四")];
        let roster = Roster::new(students.map(|(number, id, name)| student(number, id, name, "")).to_vec());
        for (stem, found) in [
            ("G11010519491231002X", Match::One(0)),
            ("G430102200001010055", Match::One(1)),
            ("G11010519491231002x_张三", Match::One(0)),
            ("G11010519491231002X_李四", Match::Conflict(vec![0, 1])),
        ] {
            assert_eq!(roster.find(stem, &[]), found, "{stem}");
        }
    }

    #[test]
    fn a_short_number_of_another_before_a_name_or_of_three_digits_contradicts() {
        let students = [("101", "张三"), ("102", "李四"), ("05", "李明"), ("06", "王五")];
        let roster = Roster::new(students.map(|(number, name)| student(number, "", name, "")).to_vec());
        for (stem, found) in [
            ("102张三", Match::Conflict(vec![0, 1])),
            ("李四_101", Match::Conflict(vec![0, 1])),
            ("06李明", Match::Conflict(vec![2, 3])),
            ("6.李明", Match::Conflict(vec![2, 3])),
            ("05李明", Match::One(2)),
            ("李明_06", Match::One(2)),
            ("07李明", Match::One(2)),
            ("101张三", Match::One(0)),
            ("张三_103", Match::One(0)),
        ] {
            assert_eq!(roster.find(stem, &[]), found, "{stem}");
        }
    }

    #[test]
    fn a_number_in_pieces_is_read_as_one_unless_a_piece_is_a_number_itself() {
        let mut students = [
            ("2021-001", "张三"),
            ("2021-002", "李四"),
            ("2021-003", "张三"),
            ("B19-0412", "赵六"),
            ("20210002", "孙七"),
            ("21-1-04", "王五"),
        ]
        .map(|(number, name)| student(number, "", name, ""));
        students[4].set(Field::IdNumber, "11010519491231002X");
        let roster = Roster::new(students.to_vec());
        for (stem, found) in [
            ("2021-001_李四", Match::Conflict(vec![0, 1])),
            ("B19-0412_李四", Match::Conflict(vec![1, 3])),
            ("21-1-04李四", Match::Conflict(vec![1, 5])),
            ("2021 0002 王五", Match::Conflict(vec![4, 5])),
            ("110105 19491231 002X 李四", Match::Conflict(vec![1, 4])),
            ("2021-003张三", Match::One(2)),
            ("20210002_1_孙七", Match::One(4)),
            ("2021李四0002", Match::One(1)),
        ] {
            assert_eq!(roster.find(stem, &[]), found, "{stem}");
        }
    }
    #[test]
    fn a_number_that_a_program_may_have_drawn_by_chance_is_nobodys_for_certain() {
        let students = [("20210002", "李四"), ("20210008", "王五"), ("a1b2c3d4e5f60718", "赵六")];
        let roster = Roster::new(students.map(|(number, name)| student(number, "", name, "")).to_vec());
        for (stem, found) in [
            ("3f20210002a-99", Match::Several(vec![0])),
            ("tmp_8f3a20210002b", Match::Several(vec![0])),
            ("20210002a_4b2a", Match::Several(vec![0])),
            ("8f3a2021-0002-4b2a-9c2d-20210002abcd", Match::Nobody),
            ("{8F3A2021-0002-4B2A-9C2D-20210002ABCD}", Match::Nobody),
            ("0a1b2c20210002d4e5f6 (1)", Match::Nobody),
            ("李四_8f3a2021-0002-4b2a-9c2d-20210008abcd", Match::One(0)),
            ("王五_a1b2c3d4e5f60718", Match::Conflict(vec![1, 2])),
            ("zp20210002", Match::One(0)),
            ("20210002a", Match::One(0)),
            ("IMG_20210002_093000", Match::One(0)),
            ("20231105_2021_0002_王五", Match::Conflict(vec![0, 1])),
            ("20231105_2021_王五", Match::One(1)),
            ("02号李四", Match::One(0)),
            ("李四微信图片_20231105093000", Match::One(0)),
            ("李四最终版", Match::One(0)),
            ("5.1补拍李四", Match::One(0)),
        ] {
            assert_eq!(roster.find(stem, &[]), found, "{stem}");
        }
    }
}
