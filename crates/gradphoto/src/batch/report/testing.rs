//! A small school and its photos for the tests of several of these files.

use super::super::collect::Batch;
use super::super::entry::Entry;
use super::super::field::Field;
use super::super::roster::{Roster, Student};
use super::super::testing::photo;
use super::BatchReport;
use crate::report::PhotoVerdict::{Fail, Pass, Review};

pub(super) fn roster() -> Roster {
    let rows = [
        ("计算机", "软件1班", "20210001", "张三"),
        ("计算机", "软件1班", "20210002", "李四"),
        ("计算机", "软件2班", "20210003", "王五"),
        ("外语", "英语1班", "20210004", "张三"),
        ("外语", "英语1班", "20210005", "赵六"),
        ("外语", "英语1班", "20210006", "钱七"),
    ];
    let student = |(row, (department, class, number, name)): (usize, (&str, &str, &str, &str))| {
        let mut student = Student::new(row + 2);
        let cells = [Field::Department, Field::Class, Field::StudentNumber, Field::Name];
        cells.into_iter().zip([department, class, number, name]).for_each(|(field, cell)| student.set(field, cell));
        student
    };
    let mut students = rows.into_iter().enumerate().map(student).collect::<Vec<_>>();
    students[2].set(Field::Collected, "是");
    students[4].set(Field::IdNumber, "110105194912310021");
    students[5].set(Field::Graduation, "2027-06");
    Roster::new(students)
}

pub(super) fn finished(roster: Option<Roster>, photos: &[Entry]) -> BatchReport {
    let mut batch = Batch::new(roster).below(["photos"]);
    photos.iter().cloned().for_each(|photo| batch.add(photo));
    batch.finish()
}

/// Kind, photos and students of every finding.
pub(super) fn found(report: &BatchReport) -> Vec<(&'static str, &[usize], &[usize])> {
    report.findings().iter().map(|finding| (finding.kind(), finding.photos(), finding.students())).collect()
}

pub(super) fn photos() -> [Entry; 7] {
    [
        photo("photos/计算机/软件1班/20210001.jpg", 1, Pass, &[]),
        photo("photos/计算机/软件1班/20210002.jpg", 2, Review, &[]),
        photo("photos/计算机/软件1班/20210002_2.jpg", 3, Fail, &["eyes-open"]),
        photo("photos/旁听生.jpg", 1, Pass, &[]),
        photo("photos/张三.jpg", 4, Pass, &[]),
        photo("photos/110105194912310021.jpg", 5, Pass, &[]),
        Entry::unreadable("photos/外语/英语1班/20210006.jpg"),
    ]
}
