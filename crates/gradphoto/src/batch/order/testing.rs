//! Rosters and photos for the tests of several of these files.

use super::super::field::Field;
use super::super::roster::{Roster, Student};
use super::{ListedPhoto, Queues, Shift, Shot, Slip};
use crate::photo::Taken;

pub(super) fn roster(rows: &[(&str, &str, &str)]) -> Roster {
    let student = |(row, (class, number, name)): (usize, &(&str, &str, &str))| {
        let mut student = Student::new(row + 2);
        student.set(Field::Class, class);
        student.set(Field::StudentNumber, number);
        student.set(Field::Name, name);
        student
    };
    Roster::new(rows.iter().enumerate().map(student).collect())
}

pub(super) fn school() -> Roster {
    roster(&[
        ("软件2班", "2021020", "孙七"),
        ("软件1班", "2021010", "王五"),
        ("软件1班", "2021002", "李四"),
        ("软件1班", "2021001", "张三"),
        ("软件2班", "2021021", "周八"),
    ])
}

pub(super) fn shots(names: &[&str]) -> Vec<Shot> {
    let shot = |name: &&str| Shot {
        photo: (*name).to_owned(),
        folders: name
            .rsplit_once('/')
            .map(|(folders, _)| folders.split('/').map(str::to_owned).collect())
            .unwrap_or_default(),
        taken: None,
    };
    names.iter().map(shot).collect()
}

/// Photos with the minute in which each was taken.
pub(super) fn shots_at(photos: &[(&str, Option<u8>)]) -> Vec<Shot> {
    let names = photos.iter().map(|(name, _)| *name).collect::<Vec<_>>();
    let time = |minute: u8| Taken::noted(&format!("2026:05:01 08:{minute:02}:00"));
    let times = photos.iter().map(|(_, minute)| minute.map(time));
    shots(&names).into_iter().zip(times).map(|(shot, taken)| Shot { taken, ..shot }).collect()
}

pub(super) fn whose(roster: &Roster, names: &[&str], queues: &Queues) -> Vec<String> {
    whose_of(roster, &shots(names), queues)
}

pub(super) fn whose_of(roster: &Roster, shots: &[Shot], queues: &Queues) -> Vec<String> {
    let assignment = roster.in_order(shots, queues).expect("an order");
    let name = |place| match assignment.student(place) {
        Some(student) if assignment.is_replaced(place) => {
            format!("({})", roster.students()[student].get(Field::Name))
        }
        Some(student) => roster.students()[student].get(Field::Name).to_owned(),
        None => "-".to_owned(),
    };
    let slips = assignment.slips().iter().map(|slip| format!("!{}", slip.photos.len()));
    (0..shots.len()).map(name).chain(slips).collect()
}

pub(super) fn with(shifts: &[&str], absent: &[&str]) -> Queues {
    Queues {
        shifts: shifts.iter().map(|shift| Shift::parse(shift).expect("a shift")).collect(),
        absent: absent.iter().map(|key| (*key).to_owned()).collect(),
        lists: vec![],
    }
}

/// Classes of these sizes, a shot every twenty seconds or so and two minutes between classes.
pub(super) fn timed(classes: &[(&str, usize)]) -> (Roster, Vec<Shot>) {
    let (mut students, mut shots, mut seconds) = (Vec::new(), Vec::new(), 0);
    for (class, size) in classes {
        for place in 0..*size {
            let mut student = Student::new(students.len() + 2);
            student.set(Field::Class, class);
            student.set(Field::StudentNumber, &format!("2021{:04}", students.len()));
            students.push(student);
            shots.push(shot_at(shots.len(), seconds));
            seconds += 17 + (place * 7) % 7;
        }
        seconds += 120;
    }
    (Roster::new(students), shots)
}

pub(super) fn shot_at(number: usize, seconds: usize) -> Shot {
    let (hour, minute, second) = (8 + seconds / 3600, seconds / 60 % 60, seconds % 60);
    let taken = Taken::noted(&format!("2026:05:01 {hour:02}:{minute:02}:{second:02}"));
    Shot { photo: format!("{number}.jpg"), folders: vec![], taken: Some(taken) }
}

pub(super) fn slips(roster: &Roster, shots: &[Shot], queues: &Queues) -> Vec<Slip> {
    roster.in_order(shots, queues).expect("an order").slips().to_vec()
}

pub(super) fn listed(rows: &[(&str, &str)]) -> Vec<ListedPhoto> {
    let row = |(row, (photo, student)): (usize, &(&str, &str))| ListedPhoto {
        row: row + 2,
        photo: (*photo).to_owned(),
        student: (*student).to_owned(),
        name: String::new(),
        taken: None,
        count: None,
    };
    rows.iter().enumerate().map(row).collect()
}
