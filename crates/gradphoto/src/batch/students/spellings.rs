//! Departments, majors and classes that are written in several ways become one: 软件（1）班 is 软件(1)班.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::super::field::Field;
use super::super::names::exact;
use super::super::roster::Student;
use super::super::told::{joined, named};
use super::NAMED;
use crate::text::Reason;

/// Writes each place as most of its students have it, and tells of those that were written otherwise. 1-1班 is not 11班.
pub(super) fn unify(students: &mut [Student], notes: &mut Vec<Reason>) {
    for field in [Field::Department, Field::Major, Field::Class] {
        let ways = ways(students, field);
        let mut others = Vec::new();
        for ways in ways.into_iter().filter(|ways| ways.len() > 1) {
            let Some((usual, _)) = ways.iter().min_by_key(|(_, count)| Reverse(*count)).cloned() else { continue };
            others.extend(
                ways.into_iter().map(|(way, _)| way).filter(|way| *way != usual).map(|way| (way, usual.clone())),
            );
        }
        if others.is_empty() {
            continue;
        }
        notes.push(other_spellings(field, &others));
        let usual = others.into_iter().collect::<HashMap<_, _>>();
        for student in students.iter_mut() {
            if let Some(usual) = usual.get(student.get(field)) {
                student.rewrite(field, usual);
            }
        }
    }
}

/// Each place in the order of the roster: the ways in which it is written, with the number of their students.
fn ways(students: &[Student], field: Field) -> Vec<Vec<(String, usize)>> {
    let mut written = HashMap::<&str, usize>::new();
    let mut cells = Vec::<(&str, usize)>::new();
    for cell in students.iter().map(|student| student.get(field)).filter(|cell| !cell.is_empty()) {
        let at = *written.entry(cell).or_insert(cells.len());
        if at == cells.len() {
            cells.push((cell, 0));
        }
        cells[at].1 += 1;
    }
    let (mut known, mut places) = (HashMap::new(), Vec::<Vec<_>>::new());
    for (cell, count) in cells {
        let at = *known.entry(exact(cell)).or_insert(places.len());
        if at == places.len() {
            places.push(Vec::new());
        }
        places[at].push((cell.to_owned(), count));
    }
    places
}

fn other_spellings(field: Field, others: &[(String, String)]) -> Reason {
    let pair =
        |(way, usual): &(String, String)| Reason::new(format!("“{way}”按“{usual}”"), format!("“{way}” as “{usual}”"));
    let (pairs, word) = (named(&others.iter().map(pair).collect::<Vec<_>>(), NAMED, "种"), field.word());
    joined(
        &[
            Reason::new(
                format!("同一{}有几种写法，按最多的一种计：", word.zh),
                format!("Ways to write one {} are read as the most frequent: ", word.en),
            ),
            pairs,
            Reason::new("。", "."),
        ],
        "",
        "",
    )
}

#[cfg(test)]
mod tests {
    use super::super::testing::{read, rows, sheet};

    #[test]
    fn a_class_that_is_written_in_several_ways_is_one_and_told() {
        let list = "学号,姓名,班级\n1001,张三,软件（1）班\n1002,李四,软件(1)班\n1003,王五,软件 (1)班\n1004,赵六,软件(1)班\n1005,孙七,1-1班\n1006,周八,11班\n";
        let (students, reading) = read(&[sheet("", list)]);
        let classes = students.iter().map(|student| student.column("班级").unwrap_or_default()).collect::<Vec<_>>();
        assert_eq!(classes, ["软件(1)班", "软件(1)班", "软件(1)班", "软件(1)班", "1-1班", "11班"]);
        assert_eq!(reading.notes.len(), 1, "{reading:?}");
        assert_eq!(
            reading.notes[0].zh,
            "同一班级有几种写法，按最多的一种计：“软件（1）班”按“软件(1)班”、“软件 (1)班”按“软件(1)班”。"
        );
        assert!(reading.notes[0].en.ends_with("“软件 (1)班” as “软件(1)班”."), "{reading:?}");
        // Of as many the first; a department as well, and 软件12班 stays apart from 软件十二班.
        let list = "学号,姓名,班级,院系\n1001,张三,软件12班,外语系（本科）\n1002,李四,软件十二班,外语系(本科)\n";
        let (students, notes) = rows(&[sheet("", list)]);
        assert_eq!(students, ["1001 张三 软件12班", "1002 李四 软件十二班"]);
        assert!(notes.iter().any(|note| note.zh.contains("“外语系(本科)”按“外语系（本科）”")), "{notes:?}");
    }
}
