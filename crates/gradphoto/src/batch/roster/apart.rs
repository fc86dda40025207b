//! Keys of students who would share one: a number that begins anew in each class, or numbers of which no more than the ends
//! are written down.

use std::collections::HashMap;

use super::student::Student;

/// Gives each of those students a key with name, place and, where these are shared as well, the row; their places by it.
/// Who has a key alone keeps it.
pub(super) fn tell_apart(students: &mut [Student]) -> HashMap<String, usize> {
    students.iter_mut().for_each(|student| student.key_apart.clear());
    let own = counted(students.iter().map(Student::own_key));
    let sharing = (0..students.len()).filter(|place| own[&students[*place].own_key()] > 1).collect::<Vec<_>>();
    let fuller = counted(sharing.iter().map(|place| students[*place].fuller_key()));
    for place in &sharing {
        let student = &mut students[*place];
        let key = student.fuller_key();
        let is_alone = fuller[&key] == 1 && !own.contains_key(&key);
        student.key_apart = if is_alone { key } else { format!("{key} {}", student.origin().zh) };
    }
    let keys = counted(sharing.iter().map(|place| students[*place].key()));
    let apart = sharing.into_iter().map(|place| (students[place].key(), place));
    apart.filter(|(key, _)| keys[key] == 1).collect()
}

fn counted(keys: impl Iterator<Item = String>) -> HashMap<String, usize> {
    let mut counts = HashMap::new();
    for key in keys {
        *counts.entry(key).or_default() += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::super::testing::student;
    use super::super::{Match, Roster};
    use super::*;

    #[test]
    fn a_key_is_one_students_and_who_has_it_alone_keeps_it() {
        let rows = [
            ("1", "", "张三", "软件1班"),
            ("2", "", "李四", "软件1班"),
            ("1", "", "王五", "软件2班"),
            ("G430102201003010124", "", "赵六", "软件2班"),
            ("G430103201001010124", "", "孙七", "软件2班"),
            ("3", "", "周八", "软件2班"),
            ("3", "", "周八", "软件2班"),
            ("", "", "吴九", "软件2班"),
        ];
        let mut students = rows.map(|(number, id, name, class)| student(number, id, name, class)).to_vec();
        (students[5].row, students[6].row) = (7, 8);
        let roster = Roster::new(students);
        let keys = [
            "1 张三 软件1班",
            "2",
            "1 王五 软件2班",
            "G4301**********0124 赵六 软件2班",
            "G4301**********0124 孙七 软件2班",
            "3 周八 软件2班 第7行",
            "3 周八 软件2班 第8行",
            "吴九 软件2班",
        ];
        let of = |roster: &Roster| roster.students().iter().map(Student::key).collect::<Vec<_>>();
        assert_eq!(of(&roster), keys);
        assert_eq!(keys.map(|key| roster.keyed(key)), [0, 1, 2, 3, 4, 5, 6, 7].map(Some));
        assert_eq!((roster.keyed("1"), roster.find("1", &[])), (None, Match::Several(vec![0, 2])));
        // Of a part of them alone each has the own one again.
        assert_eq!(of(&Roster::new(roster.students()[..2].to_vec())), ["1", "2"]);
        // Where they lie tells whose a number is, and never whose it is not.
        let class = |class: &str| [class.to_owned()];
        assert_eq!(roster.keyed_in("1", &class("软件2班")), Some(2));
        assert_eq!((roster.keyed_in("1", &[]), roster.keyed_in("9", &class("吴九"))), (None, None));
    }
}
