//! The classes, departments and majors of a roster, which tell students of one name apart.

use std::cmp::Reverse;
use std::collections::HashSet;

use super::super::field::Field;
use super::super::names::{exact, folded, is_cjk, is_digits};
use super::super::words::Words;
use super::student::Student;

/// Fields by which folders tell students of one name apart.
pub(super) const PLACES: [Field; 3] = [Field::Class, Field::Department, Field::Major];

/// What people write behind a place on folders of photos.
const BESIDE: Words = Words("证件照 毕业照 照片 相片 图片 原片 原图 补拍 重拍");

/// What cameras, days and lots are numbered behind.
const NO_CLASSES: Words = Words("相机 照片 图片 文件夹 名单 拍摄 采集 毕业 第");

/// What a roster says in each of [`PLACES`], folded.
#[derive(Clone, Debug, Default)]
pub(super) struct Places([HashSet<String>; 3]);

impl Places {
    pub fn add(&mut self, student: &Student) {
        for (known, field) in self.0.iter_mut().zip(PLACES) {
            let place = folded(student.get(field));
            if !place.is_empty() {
                known.insert(place);
            }
        }
    }

    /// Whether a class, department or major has this name.
    pub fn has(&self, field: Field, name: &str) -> bool {
        PLACES.iter().zip(&self.0).any(|(of, known)| *of == field && known.contains(name))
    }

    /// Whether any place has this name.
    pub fn has_any(&self, name: &str) -> bool {
        self.0.iter().any(|known| known.contains(name))
    }

    /// The place that a folder names as it is or with a little beside: 软件2101班 for 软件2101, 软件2101班照片 and 软件2101班（45人）.
    pub fn named(&self, folder: &str) -> String {
        let whole = folded(folder);
        let short = folded(without_count(&exact(folder)));
        let short = BESIDE.all().find_map(|word| short.strip_suffix(word)).unwrap_or(&short).to_owned();
        let with_end = format!("{short}班");
        let without_end = short.strip_suffix('班').unwrap_or_default().to_owned();
        let as_it_is = [&whole, &short].into_iter().find(|name| self.has_any(name));
        let as_class = || [&with_end, &without_end].into_iter().find(|name| self.has(Field::Class, name));
        as_it_is.or_else(as_class).unwrap_or(&short).clone()
    }

    /// Whether the name of any place holds this.
    pub fn hold(&self, piece: &str) -> bool {
        self.0.iter().flatten().any(|place| place.contains(piece))
    }

    /// A photo's name without the classes, departments and majors in it, 软件1班张三, and these.
    pub fn cut_out(&self, stem: &str) -> Option<(String, Vec<String>)> {
        let mut rest = exact(stem);
        let mut known = self.0.iter().flatten().filter(|place| rest.contains(place.as_str())).collect::<Vec<_>>();
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
}

/// A folder's name without the number of people: 软件2101班(45人).
fn without_count(folder: &str) -> &str {
    let (place, count) = folder.strip_suffix("人)").and_then(|rest| rest.rsplit_once('(')).unwrap_or((folder, "0"));
    if is_digits(count) { place } else { folder }
}

/// Whether a folder is named as classes are, 软件2班, 软件2101: a word and a number.
pub(super) fn is_like_a_class(folder: &str) -> bool {
    let word = folder.trim_end_matches(|c: char| c.is_ascii_digit());
    let is_numbered = word.len() < folder.len() && word.chars().filter(|c| is_cjk(*c)).count() >= 2;
    folder.ends_with('班') || is_numbered && !NO_CLASSES.end(word)
}
