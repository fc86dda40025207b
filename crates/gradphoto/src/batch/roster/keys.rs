//! Everything that photos may be named by, to be looked up as it is written first, then as it may be read.

use std::collections::{BTreeSet, HashMap};

use super::super::names::{bare, exact, folded, is_digits, may_mean, number};
use super::super::stem::{Kind, Part, parts};
use super::SURE_DIGITS;

/// So many parts together may be one key: Mary Jane Smith.
const PARTS_MAX: usize = 4;

/// Places of students by a form of their keys, in rising order.
type Index = HashMap<String, Vec<usize>>;

/// The names and numbers of a roster in every form.
#[derive(Clone, Debug, Default)]
pub(super) struct Keys {
    by_exact: Index,
    /// Folded forms, where they are not the exact ones.
    by_folded: Index,
    /// Bare forms, where they are not the folded ones.
    by_bare: Index,
    /// Numbers of digits alone without the leading zeros that they have.
    by_digits: Index,
}

impl Keys {
    /// Adds a key of a student in its exact form.
    pub fn add(&mut self, exact: String, place: usize) {
        if is_digits(&exact) && exact.starts_with('0') {
            list(&mut self.by_digits, without_zeros(&exact).to_owned(), place);
        }
        let (folded, bare) = (folded(&exact), bare(&exact));
        if bare != folded {
            list(&mut self.by_bare, bare, place);
        }
        if folded != exact {
            list(&mut self.by_folded, folded, place);
        }
        list(&mut self.by_exact, exact, place);
    }

    /// Students with this key as it is written.
    pub fn exact(&self, exact: &str) -> Option<&Vec<usize>> {
        self.by_exact.get(exact)
    }

    /// Students with this key as it is written, and those who have a note in brackets behind it: 张三 and 张三（小）.
    fn noted(&self, exact: &str) -> Option<Vec<usize>> {
        self.by_exact.get(exact)?;
        together(&[&self.by_exact, &self.by_bare], exact)
    }

    /// Students with this number of digits, whatever zeros it begins with.
    pub fn digits(&self, digits: &str) -> Vec<usize> {
        together(&[&self.by_exact, &self.by_digits], digits).unwrap_or_default()
    }

    /// Students with a key that a text may mean in which a sign stands for a character.
    pub fn like(&self, text: &str) -> BTreeSet<usize> {
        let like = self.by_exact.iter().filter(|(key, _)| may_mean(text, key));
        like.flat_map(|(_, places)| places).copied().collect()
    }

    /// Students with this key as a whole, as it is written before as it may be read.
    pub fn whole(&self, stem: &str) -> Option<Vec<usize>> {
        let exact = exact(stem);
        // Digits that a time parts from a date make no number.
        let is_stamp = || parts(stem).is_empty();
        let folds = || self.folded(&folded(&exact)).or_else(|| self.bare(&bare(&exact)));
        let found = self.noted(&exact).or_else(|| self.by_exact.get(&number(stem)).cloned());
        found.or_else(|| folds().filter(|_| !is_stamp()))
    }

    /// The most of the first parts that together are a key: Mary Smith is one name, 2021-001 one number.
    pub fn longest(&self, parts: &[Part]) -> Option<(usize, Vec<usize>)> {
        (1..=parts.len().min(PARTS_MAX)).rev().find_map(|length| {
            let run = &parts[..length];
            let text = run.iter().map(|part| part.text.as_str()).collect::<String>();
            let is_one = match run {
                [part] => !part.is_short_number(),
                _ => run.iter().all(|part| part.kind != Kind::Code) || self.is_number_in_pieces(run, &text),
            };
            if !is_one || run[0].has_stand_in() || text.chars().count() < 2 {
                return None;
            }
            let form = folded(&text);
            let found = self.noted(&text).or_else(|| self.folded(&form)).or_else(|| self.bare(&form));
            found.map(|places| (length, places))
        })
    }

    /// Whether parts may be pieces of one number. Where one of them is somebody's, the others are not of it: 20210001_2.
    fn is_number_in_pieces(&self, parts: &[Part], text: &str) -> bool {
        let is_piece = |part: &Part| part.kind != Kind::Chinese && self.exact(&part.text).is_none();
        text.len() >= SURE_DIGITS && parts.iter().all(is_piece)
    }

    /// Students with a key of this folded form.
    fn folded(&self, form: &str) -> Option<Vec<usize>> {
        together(&[&self.by_exact, &self.by_folded], form)
    }

    /// Students with a key of this form when what stands in brackets goes.
    fn bare(&self, form: &str) -> Option<Vec<usize>> {
        together(&[&self.by_exact, &self.by_folded, &self.by_bare], form)
    }
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
    (!places.is_empty()).then(|| places.into_iter().collect())
}

/// 2210005 for 02210005; of nothing but zeros one stays.
pub(in crate::batch) fn without_zeros(digits: &str) -> &str {
    let bare = digits.trim_start_matches('0');
    if bare.is_empty() { &digits[digits.len().saturating_sub(1)..] } else { bare }
}
