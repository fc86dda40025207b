//! Any names on a roster and of a photo: the answer is one student only where no other has the same name.

#![no_main]

use gradphoto::Roster;
use gradphoto::batch::{Field, IdNumber, Match, Student, masked, without_id_numbers};

libfuzzer_sys::fuzz_target!(|names: (String, Vec<String>)| {
    let (stem, names) = names;
    let named = |(row, name): (usize, &String)| {
        let mut student = Student::new(row);
        student.set(Field::Name, name);
        student
    };
    let roster = Roster::new(names.iter().enumerate().map(named).collect());
    if let Match::One(place) = roster.find(&stem, &[]) {
        let same = |student: &&Student| student.get(Field::Name) == roster.students()[place].get(Field::Name);
        assert_eq!(roster.students().iter().filter(same).count(), 1);
    }
    IdNumber::read(&stem);
    masked(&stem);
    assert_eq!(without_id_numbers(&without_id_numbers(&stem)), without_id_numbers(&stem));
});
