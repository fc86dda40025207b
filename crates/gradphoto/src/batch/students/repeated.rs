//! Students who stand there twice become one; rows that may be one student or two are told.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::super::field::Field;
use super::super::names::{folded, is_digits, number};
use super::super::roster::{Student, without_zeros};
use super::super::told::counted;
use super::super::words::Words;
use super::NAMED;
use crate::text::Reason;

/// What students have besides, on a sheet, in a class or as a major.
const MINORS: Words = Words("辅修 双学位 第二学位 微专业");
/// A number of so few digits may be a seat in a class.
pub(in crate::batch) const SEAT_DIGITS: usize = 3;

/// Makes one of students who stand there twice, and tells of them and of those who share a number and are not the same.
pub(super) fn unique(all: Vec<Student>, notes: &mut Vec<Reason>) -> Vec<Student> {
    let mut kept: Vec<Student> = Vec::with_capacity(all.len());
    // By number and class, and by number alone.
    let mut by_number = HashMap::<(Field, String, Option<String>), usize>::new();
    let (mut twice, mut clashes, mut seats) = (Vec::new(), Vec::new(), BTreeMap::<Field, usize>::new());
    for student in all {
        let class = folded(student.get(Field::Class));
        let numbers = student.keys().filter(|(field, _)| field.is_number());
        let numbers =
            numbers.flat_map(|(field, key)| [Some(class.clone()), None].map(|class| (field, bare(key), class)));
        let numbers = numbers.collect::<Vec<_>>();
        match numbers.iter().find_map(|key| Some((key.0, *by_number.get(key)?))) {
            Some((_, place)) if is_same(&kept[place], &student) => {
                // Whoever has a minor besides is of the place of the major.
                let mut student = student;
                if is_of_minor(&kept[place]) && !is_of_minor(&student) {
                    std::mem::swap(&mut kept[place], &mut student);
                }
                // Side by side on one row, a list may say again what another has said.
                if kept[place].origin() != student.origin() {
                    twice.push(counted_once(&kept[place], &student));
                }
                let longer = with_zeros(&kept[place], &student).map(|(field, number)| (field, number.to_owned()));
                if let Some((field, number)) = longer {
                    kept[place].rewrite(field, &number);
                }
                kept[place].complete(&student);
                by_number.extend(numbers.into_iter().map(|key| (key, place)));
            }
            earlier => {
                match earlier {
                    Some((field, place)) if are_seats(&kept[place], &student, field) => {
                        *seats.entry(field).or_default() += 1;
                    }
                    _ => clashes.extend(earlier.map(|(field, place)| clash(&kept[place], &student, field))),
                }
                for key in numbers {
                    by_number.entry(key).or_insert(kept.len());
                }
                kept.push(student);
            }
        }
    }
    notes.extend(first(twice, |count| {
        Reason::new(format!("重复的学生共{count}行。"), format!("{count} rows repeat a student in all."))
    }));
    notes.extend(first(clashes, |count| {
        Reason::new(format!("号码相同而不是同一人的共{count}处。"), format!("{count} such pairs in all."))
    }));
    notes.extend(seats.into_iter().map(|(field, count)| begun_anew(field, count)));
    let kept = with_other_sheets(kept, notes);
    notes.extend(first(alike(&kept), |count| {
        Reason::new(
            format!("没有号码而写法相同的共{count}处。"),
            format!("{count} such pairs without a number in all."),
        )
    }));
    kept
}

/// Whether a row is of a list of minors.
fn is_of_minor(student: &Student) -> bool {
    let places = [Field::Department, Field::Major, Field::Class].map(|field| student.get(field));
    places.into_iter().chain([&*student.sheet]).any(|place| MINORS.are_in(place))
}

/// Whether two rows can be the same student: what both know is the same. Each class counts its seats from 1.
fn is_same(one: &Student, other: &Student) -> bool {
    let is_long = |field: &Field| {
        let own = bare(one.get(*field));
        own.len() > SEAT_DIGITS && own == bare(other.get(*field))
    };
    let has_long = Field::KEYS.iter().filter(|field| field.is_number()).any(is_long);
    agree(one, other, Field::KEYS) && (has_long || agree(one, other, &[Field::Class]))
}

/// Whether two students have one number of those that each class counts from 1.
fn are_seats(one: &Student, other: &Student, field: Field) -> bool {
    let [own, others] = [one, other].map(|student| folded(student.get(Field::Class)));
    let is_short = |student: &Student| bare(student.get(field)).len() <= SEAT_DIGITS;
    is_short(one) && is_short(other) && own != others && !own.is_empty() && !others.is_empty()
}

/// Whether what both know is the same.
fn agree(one: &Student, other: &Student, fields: &[Field]) -> bool {
    let form = |field: &Field, text: &str| if field.is_number() { bare(text) } else { folded(text) };
    let same = |field, a: &str, b: &str| a.is_empty() || b.is_empty() || form(field, a) == form(field, b);
    fields.iter().all(|field| same(field, one.get(*field), other.get(*field)))
}

/// A number without the zeros that it begins with, which a sheet loses that keeps it as a quantity.
fn bare(text: &str) -> String {
    let number = number(text);
    if is_digits(&number) { without_zeros(&number).to_owned() } else { folded(&number) }
}

/// The longer one of two numbers that differ in the zeros they begin with.
fn with_zeros<'a>(one: &'a Student, other: &'a Student) -> Option<(Field, &'a str)> {
    let numbers = Field::KEYS.iter().copied().filter(|field| field.is_number());
    let mut pairs = numbers.map(|field| (field, one.get(field), other.get(field)));
    let (field, a, b) = pairs.find(|(_, a, b)| !a.is_empty() && a.len() != b.len() && bare(a) == bare(b))?;
    Some((field, if a.len() > b.len() { a } else { b }))
}

/// Takes rows without a number for the one student of that name whom another sheet has with a number, and names sheets that
/// list others without one.
fn with_other_sheets(mut all: Vec<Student>, notes: &mut Vec<Reason>) -> Vec<Student> {
    let (unnumbered, numbered) = (0..all.len()).partition::<Vec<_>, _>(|place| has_name_alone(&all[*place]));
    let mut by_name = HashMap::<String, Vec<usize>>::new();
    for place in &numbered {
        by_name.entry(folded(all[*place].get(Field::Name))).or_default().push(*place);
    }
    let lists = numbered.iter().map(|place| all[*place].sheet.clone()).collect::<HashSet<_>>();
    let (mut once, mut others, mut is_kept) = (Vec::new(), BTreeMap::<String, usize>::new(), vec![true; all.len()]);
    for place in unnumbered {
        let student = &all[place];
        let is_meant = |other: &&usize| {
            let other = &all[**other];
            other.sheet != student.sheet && agree(other, student, &[Field::Class, Field::Major, Field::Department])
        };
        let same = by_name.get(&folded(student.get(Field::Name))).into_iter().flatten();
        if let [&same] = same.filter(is_meant).collect::<Vec<_>>()[..] {
            once.push(counted_once(student, &all[same]));
            let student = student.clone();
            all[same].complete(&student);
            is_kept[place] = false;
        } else if !lists.is_empty() && !lists.contains(&student.sheet) {
            *others.entry(student.sheet.clone()).or_default() += 1;
        }
    }
    notes.extend(first(once, |count| {
        Reason::new(
            format!("没有号码而与其他工作表重复的学生共{count}行。"),
            format!("{count} rows without a number repeat a student of another sheet in all."),
        )
    }));
    notes.extend(others.into_iter().map(|(sheet, count)| without_numbers(&sheet, count)));
    let mut is_kept = is_kept.into_iter();
    all.retain(|_| is_kept.next().unwrap_or(true));
    all
}

fn has_name_alone(student: &Student) -> bool {
    student.keys().all(|(field, _)| field == Field::Name)
}

/// The first of many, and how many there are.
fn first(mut notes: Vec<Reason>, all: impl Fn(usize) -> Reason) -> Vec<Reason> {
    let count = notes.len();
    if count > NAMED {
        notes.truncate(NAMED);
        notes.push(all(count));
    }
    notes
}

/// Rows without a number that say the same: nobody can tell whether it is one student or two.
fn alike(students: &[Student]) -> Vec<Reason> {
    let mut seen = HashMap::<[&str; 4], &Student>::new();
    let alike = students.iter().filter(|student| has_name_alone(student)).filter_map(|student| {
        let words = [Field::Name, Field::Class, Field::Major, Field::Department].map(|field| student.get(field));
        Some(indistinct(seen.insert(words, student)?, student))
    });
    alike.collect()
}

fn counted_once(earlier: &Student, student: &Student) -> Reason {
    let (a, b, words) = (earlier.origin(), student.origin(), student.words());
    let (class, is_one) = (earlier.get(Field::Class), agree(earlier, student, &[Field::Class]));
    let kept = if is_one {
        Reason::new("", "")
    } else {
        Reason::new(format!("，班级不同，以{class}为准"), format!(", in {class}, for the classes differ"))
    };
    let zeros = with_zeros(earlier, student).map_or(Reason::new("", ""), |(_, number)| {
        Reason::new(
            format!("，号码前面的0不同，以{number}为准"),
            format!(", as {number}, for the zeros before the number differ"),
        )
    });
    let (zh, en) = (kept.zh + &zeros.zh, kept.en + &zeros.en);
    Reason::new(
        format!("{}与{}是同一名学生（{words}），按一人计{zh}。", a.zh, b.zh),
        format!("{} and {} are the same student ({words}), counted once{en}.", capital(&a.en), b.en),
    )
}

fn without_numbers(sheet: &str, count: usize) -> Reason {
    Reason::new(
        format!(
            "工作表“{sheet}”有{count}名没有号码、其他工作表上也没有的人，已按学生读入；不是学生名单的，请删去该表。"
        ),
        format!(
            "Sheet {sheet} has {} without a number whom no other sheet has, read all the same; delete the sheet if it lists no students.",
            counted(count, "student")
        ),
    )
}

fn clash(earlier: &Student, student: &Student, field: Field) -> Reason {
    let (a, b, name) = (earlier.origin(), student.origin(), field.word());
    let (one, other) = (earlier.words(), student.words());
    let is_named = !student.get(Field::Name).is_empty() && !earlier.get(Field::Name).is_empty();
    if field == Field::IdNumber && is_named && agree(earlier, student, &[Field::Name]) {
        // Whoever changed the major has an old number and a new one.
        return Reason::new(
            format!(
                "{}（{one}）与{}（{other}）姓名、证件号码都相同而别的号码不同，按两人计：是同一人（如转专业后换了学号）请删去旧的一行，不是请核对证件号码。",
                a.zh, b.zh
            ),
            format!(
                "{} ({one}) and {} ({other}) have one name and one identity number but other numbers, counted as two: delete the old row if they are one student (a new number after a change of major, say), else check the identity numbers.",
                capital(&a.en),
                b.en
            ),
        );
    }
    if with_zeros(earlier, student).is_some_and(|(zeros, _)| zeros == field) {
        return Reason::new(
            format!("{}（{one}）与{}（{other}）的{}只差前面的0，但不是同一人，请核对名册。", a.zh, b.zh, name.zh),
            format!(
                "The {} of {} ({one}) and {} ({other}) differ only in the zeros before them, but they are not the same person. Check the roster.",
                name.en, a.en, b.en
            ),
        );
    }
    Reason::new(
        format!(
            "{}（{one}）与{}（{other}）的{}相同，但不是同一人，用此号码命名的照片须人工确认，请核对名册。",
            a.zh, b.zh, name.zh
        ),
        format!(
            "{} ({one}) and {} ({other}) share one {} but are not the same person; photos named by it must be confirmed by a person. Check the roster.",
            capital(&a.en),
            b.en,
            name.en
        ),
    )
}

fn begun_anew(field: Field, count: usize) -> Reason {
    let (name, pairs) = (field.word(), counted(count, "repeated number"));
    Reason::new(
        format!(
            "{}在各班分别编号（{count}处相同）：用它命名的照片按班级文件夹区分，不在班级文件夹里的须人工确认。",
            name.zh
        ),
        format!(
            "The {} begins anew in each class ({pairs}): photos named by it are told apart by the folders of their classes; others must be confirmed by a person.",
            name.en
        ),
    )
}

fn indistinct(earlier: &Student, student: &Student) -> Reason {
    let (a, b, name) = (earlier.origin(), student.origin(), student.words());
    Reason::new(
        format!("{}与{}相同（{name}）又没有号码：是同一人请删去一行，不是请补学号。", a.zh, b.zh),
        format!(
            "{} and {} are alike ({name}) and have no number: delete one if they are one student, else add student numbers.",
            capital(&a.en),
            b.en
        ),
    )
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{read, sheet};
    use super::*;

    #[test]
    fn a_student_who_stands_there_twice_is_one_and_a_shared_number_is_told() {
        let list = "学号,姓名,班级,身份证号\n1001,张三,,\n1001,张三,1班,11010519491231002X\n1002,李四,,\n1002,王五,,\n";
        let (students, reading) = read(&[sheet("", list)]);
        let words = students.iter().map(Student::words).collect::<Vec<_>>();
        assert_eq!(words, ["张三 1001", "李四 1002", "王五 1002"]);
        assert_eq!((students[0].get(Field::Class), students[0].column("班级")), ("1班", Some("1班")));
        let notes = reading.notes.iter().map(|note| note.zh.as_str()).collect::<Vec<_>>();
        assert_eq!(
            notes,
            [
                "第2行与第3行是同一名学生（张三 1001），按一人计。",
                "第4行（李四 1002）与第5行（王五 1002）的学号相同，但不是同一人，用此号码命名的照片须人工确认，请核对名册。",
            ]
        );
        assert!(reading.notes[0].en.starts_with("Row 2 and row 3 are the same student (张三 1001)"), "{reading:?}");
        let repeated = |times: usize, row: &dyn Fn(usize) -> String| {
            let list = (0..times).map(row).collect::<String>();
            read(&[sheet("", &format!("学号,姓名\n{list}"))]).1.notes
        };
        let twice = |at: usize| format!("{},张三\n{},张三\n", 1000 + at, 1000 + at);
        assert_eq!((repeated(8, &twice).len(), repeated(9, &twice).len()), (8, 9));
        assert_eq!(repeated(9, &twice)[8].zh, "重复的学生共9行。");
        let shared = |at: usize| format!("{},张三\n{},李四\n", 1000 + at, 1000 + at);
        assert_eq!((repeated(8, &shared).len(), repeated(9, &shared).len()), (8, 9));
        assert_eq!(repeated(9, &shared)[8].zh, "号码相同而不是同一人的共9处。");
        // Without a number nobody can tell; with another class they are two.
        let (_, reading) = read(&[sheet("", "姓名,班级\n张三,1班\n张三,1班\n张三,2班\n")]);
        assert_eq!(reading.notes.len(), 1, "{reading:?}");
        assert_eq!(reading.notes[0].zh, "第2行与第3行相同（张三）又没有号码：是同一人请删去一行，不是请补学号。");
    }

    #[test]
    fn numbers_that_begin_anew_in_each_class_are_told_once() {
        let told = |rows: &str| {
            let (students, reading) = read(&[sheet("", &format!("班级,学号,姓名\n{rows}"))]);
            (students.len(), reading.notes.into_iter().map(|note| note.zh).collect::<Vec<_>>())
        };
        let seats = "1班,1,张三\n1班,2,李四\n2班,1,王五\n2班,2,赵六\n";
        let once = "学号在各班分别编号（2处相同）：用它命名的照片按班级文件夹区分，不在班级文件夹里的须人工确认。";
        assert_eq!(told(seats), (4, vec![once.to_owned()]));
        let (count, notes) = told(&format!("{seats}2班,2,孙七\n"));
        assert_eq!((count, notes.len()), (5, 2), "{notes:?}");
        assert!(notes[0].starts_with("第5行（赵六 2）与第6行（孙七 2）的学号相同，但不是同一人"), "{notes:?}");
        assert_eq!(told("1班,1001,张三\n2班,1001,李四\n").1.len(), 1);
        assert!(told("1班,1001,张三\n2班,1001,李四\n").1[0].contains("但不是同一人"));
        assert!(told("1班,1,张三\n,1,李四\n").1[0].contains("但不是同一人"));
    }

    #[test]
    fn zeros_that_a_sheet_has_lost_make_no_second_student() {
        let all = sheet("总表", "学号,姓名\n0221001,张三\n221002,李四\n0221003,王五\n");
        let class = sheet("1班", "学号,姓名\n221001,张三\n0221002,李四\n221003,赵六\n");
        let (students, reading) = read(&[all, class]);
        let words = students.iter().map(Student::words).collect::<Vec<_>>();
        assert_eq!(words, ["张三 0221001", "李四 0221002", "王五 0221003", "赵六 221003"]);
        assert_eq!(students[1].column("学号"), Some("0221002"));
        let told = reading.notes.iter().map(|note| note.zh.as_str()).collect::<Vec<_>>();
        assert!(told[0].ends_with("按一人计，号码前面的0不同，以0221001为准。"), "{told:?}");
        assert!(
            told[2].contains("（王五 0221003）与“1班”第4行（赵六 221003）的学号只差前面的0，但不是同一人"),
            "{told:?}"
        );
        let (found, told) = read(&[sheet("", "学号,姓名,班级\n01,张三,1班\n1,张三,2班\n1,张三,1班\n")]);
        assert_eq!((found.len(), told.notes.len()), (2, 2), "{told:?}");
    }

    #[test]
    fn a_list_of_minors_takes_nobody_from_the_own_place() {
        let own = sheet("信息学院", "学号,姓名,院系,班级\n1001,张三,信息学院,软件2201\n");
        let minor = sheet("管理学院辅修", "学号,姓名,专业,班级,电话\n1001,张三,会计（辅修）,会计辅修班,138\n");
        for sheets in [[own.clone(), minor.clone()], [minor, own]] {
            let (students, reading) = read(&sheets);
            let one = &students[0];
            assert!(reading.notes[0].zh.ends_with("班级不同，以软件2201为准。"), "{reading:?}");
            let cells = ["院系", "专业", "班级", "电话"].map(|head| one.column(head).unwrap_or_default());
            assert_eq!(cells, ["信息学院", "", "软件2201", "138"]);
        }
    }

    #[test]
    fn of_many_alike_without_a_number_the_first_are_told() {
        let (_, reading) = read(&[sheet("", &format!("姓名,班级\n{}", "张三,1班\n".repeat(12)))]);
        assert_eq!((reading.notes.len(), &*reading.notes[8].zh), (9, "没有号码而写法相同的共11处。"));
    }

    #[test]
    fn a_further_number_of_the_second_row_is_kept() {
        let (students, _) = read(&[sheet("", "学号,学籍号,姓名\n1001,,张三\n1001,7001,张三\n")]);
        let keys = students[0].keys().map(|(_, key)| key.to_owned()).collect::<Vec<_>>();
        assert_eq!((students.len(), keys.contains(&"7001".to_owned())), (1, true), "{keys:?}");
    }

    #[test]
    fn who_has_an_old_number_and_a_new_one_is_told_to_be_one_student_perhaps() {
        let told = |name: &str| {
            let list = format!("学号,姓名,身份证号\n1001,张三,11010519491231002X\n2001,{name},11010519491231002X\n");
            let (students, reading) = read(&[sheet("", &list)]);
            (students.len(), reading.notes[0].zh.clone())
        };
        let (count, note) = told("张三");
        assert!(count == 2 && note.contains("（张三 2001）姓名、证件号码都相同而别的号码不同，按两人计"), "{note}");
        assert!(told("李四").1.contains("证件号码相同，但不是同一人"));
    }

    #[test]
    fn each_class_counts_its_seats_from_one() {
        let (students, reading) = read(&[sheet("", "学号,姓名,班级\n5,李明,1班\n5,李明,2班\n")]);
        assert_eq!(students.len(), 2);
        assert!(reading.notes[0].zh.starts_with("学号在各班分别编号（1处相同）"), "{reading:?}");
        let (students, reading) = read(&[sheet("", "学号,姓名,班级\n1005,李明,1班\n1005,李明,2班\n")]);
        assert_eq!(students.len(), 1);
        let told = "第2行与第3行是同一名学生（李明 1005），按一人计，班级不同，以1班为准。";
        assert_eq!(reading.notes[0].zh, told);
    }

    #[test]
    fn a_sheet_without_numbers_makes_no_second_student() {
        let list = sheet("名单", "学号,姓名,班级\n1001,张三,1班\n1002,李四,1班\n1003,李四,2班\n");
        let read_with = |other: &str| {
            let (students, reading) = read(&[list.clone(), sheet("请假", other)]);
            (students.len(), reading.notes.iter().map(|note| note.zh.clone()).collect::<String>())
        };
        let (count, told) = read_with("姓名,班级\n张三,1班\n李四,2班\n");
        assert_eq!(count, 3);
        assert!(told.contains("“请假”第2行与“名单”第2行是同一名学生（张三 1001），按一人计。"), "{told}");
        let (count, told) = read_with("姓名,班级\n王主任,教务处\n张三,9班\n");
        assert_eq!(count, 5);
        assert!(told.contains("工作表“请假”有2名没有号码"), "{told}");
        assert_eq!(read_with("姓名\n李四\n").0, 4, "nobody can tell which of two is meant");
    }
}
