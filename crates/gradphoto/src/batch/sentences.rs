//! What the batch rules say, in both languages.

use std::collections::BTreeSet;

use super::field::Field;
use super::id_number::IdNumber;
use super::roster::{Doubt, Student};
use super::students::SEAT_DIGITS;
use super::told::joined;
use crate::photo::Taken;
use crate::text::{Reason, Text};

pub(super) fn surplus() -> Reason {
    Reason::new(
        "名册中找不到此照片的学生，请核对文件名或补充名册。",
        "No student on the roster has this name. Rename the file or complete the roster.",
    )
}

pub(super) fn ambiguous(students: &[&Student], doubt: &Doubt) -> Reason {
    let Reason { zh: names, en: names_en } = listed(students);
    let numbers = students.iter().map(|student| student.number()).filter(|number| !number.is_empty());
    let is_shared = numbers.clone().collect::<BTreeSet<_>>().len() < numbers.count();
    if let [student] = students {
        may_be(student, doubt)
    } else if is_shared && are_of_classes(students) {
        Reason::new(
            format!("各班分别编号，几名学生的号码相同（{names}），请把照片放进班级文件夹，或在文件名里写上姓名。"),
            format!(
                "Several students share a number that begins anew in each class ({names_en}). Put the photo into the folder of its class, or name it by number and name."
            ),
        )
    } else if is_shared {
        Reason::new(
            format!("名册中几名学生的号码相同（{names}），请先改正名册。"),
            format!("Several students share a number on the roster ({names_en}). Correct the roster first."),
        )
    } else {
        Reason::new(
            format!("文件名对应多名学生（{names}），请改用学号命名。"),
            format!("Several students have this name ({names_en}). Name the file by student number."),
        )
    }
}

/// Whether students are of different classes, each of which counts its own.
fn are_of_classes(students: &[&Student]) -> bool {
    let is_seat = |student: &&Student| student.number().len() <= SEAT_DIGITS;
    let classes = students.iter().map(|student| student.get(Field::Class)).filter(|class| !class.is_empty());
    classes.collect::<BTreeSet<_>>().len() == students.len() && students.iter().all(is_seat)
}

/// For a photo that may be of one student alone.
fn may_be(student: &Student, doubt: &Doubt) -> Reason {
    let (name, place) = (student.words(), student.place().words());
    match doubt {
        Doubt::Name => Reason::new(
            format!("可能是{name}的照片，但文件名不足以确定，请核对本人后改用学号命名。"),
            format!(
                "This may be {name}, but the file's name is not enough to tell. Find out who it is and name the file by student number."
            ),
        ),
        Doubt::Folder(folder) => Reason::new(
            format!(
                "可能是{name}的照片，但放在“{folder}”文件夹，名册上这名学生在“{place}”：请核对是放错了文件夹，还是另一名同名学生，再改用学号命名。"
            ),
            format!(
                "This may be {name}, but it lies in the folder {folder}, and on the roster the student is in {place}. Find out whether the folder is wrong or it is somebody else of that name, and name the file by student number."
            ),
        ),
        Doubt::Row => Reason::new(
            format!(
                "可能是{name}的照片：文件名与名册“序号”列相同。照片都是按序号命名的，请把名册这一列的列名改为“拍摄号”再检查一次；不是的，请核对本人后改用学号命名。"
            ),
            format!(
                "This may be {name}, who has that number in the column 序号 of the roster. If the photos are named by it, call the column 拍摄号 and check again; else find out who it is and name the file by student number."
            ),
        ),
    }
}

pub(super) fn conflict(students: &[&Student]) -> Reason {
    let Reason { zh: names, en: names_en } = listed(students);
    if let [_] = students {
        return Reason::new(
            format!("文件名（或照片名单）一部分是{names}，另一部分对不上，请核对本人后改名。"),
            format!(
                "Part of the file's name, or of the list of photos, is {names_en}, another part does not fit. Find out who it is and rename the file."
            ),
        );
    }
    Reason::new(
        format!("文件名（或照片名单）的几部分属于不同学生（{names}），可能拍摄顺序错位，请核对本人后改名。"),
        format!(
            "The parts of the file's name, or of the list of photos, belong to different students ({names_en}); photos may have been swapped. Find out who it is and rename the file."
        ),
    )
}

fn listed(students: &[&Student]) -> Reason {
    let words = students.iter().map(|student| Reason::in_each(|_| student.words()));
    joined(&words.collect::<Vec<_>>(), "、", ", ")
}

pub(super) fn duplicate(count: usize, is_same_file: bool) -> Reason {
    match is_same_file {
        true => Reason::new(
            format!("{count}个文件完全相同，请核对是谁的照片，其余学生重拍。"),
            format!("{count} files are identical. Find out whose photo it is; the others must be photographed again."),
        ),
        false => Reason::new(
            format!("{count}个文件是同一张照片（另存、缩放或调色），请核对是谁的照片，其余学生重拍。"),
            format!(
                "{count} files show the same picture, saved anew. Find out whose photo it is; the others must be \
                 photographed again."
            ),
        ),
    }
}

pub(super) fn missing(student: &Student) -> Reason {
    let name = student.words();
    match student.schedule().as_str() {
        "" => Reason::new(
            format!("{name}没有照片，请通知补拍。"),
            format!("{name} has no photo. Call the student to the next session."),
        ),
        when => Reason::new(
            format!("{name}没有照片（安排：{when}），请通知补拍。"),
            format!("{name} has no photo (scheduled: {when}). Call the student to the next session."),
        ),
    }
}

/// For a student whom a photo may mean that is nobody's for certain.
pub(super) fn maybe_there(student: &Student, photo: &str) -> Reason {
    let name = student.words();
    Reason::new(
        format!("{name}没有确定是本人的照片，“{photo}”可能是，请先核对，再决定是否通知补拍。"),
        format!("{name} has no photo for certain, but {photo} may be the one. Find out before calling the student."),
    )
}

/// For a student who has nothing but a file that was not looked at.
pub(super) fn only_beside(student: &Student, file: &Reason) -> Reason {
    let name = student.words();
    Reason::new(
        format!("{name}没有可以检查的照片，只有一个未检查的文件（{}），请先处理该文件。", file.zh),
        format!(
            "{name} has no photo that can be checked, only a file that was not checked ({}). Deal with that file first.",
            file.en
        ),
    )
}

pub(super) fn several(name: &str, count: usize) -> Reason {
    Reason::new(format!("{name}有{count}张照片，请只保留一张。"), format!("{name} has {count} photos. Keep one."))
}

pub(super) fn too_old(taken: Taken, (year, month): (u16, u8)) -> Reason {
    Reason::new(
        format!("照片摄于{taken}，早于毕业（{year}年{month}月）一年以上，请确认是否近照，不是的重拍。"),
        format!(
            "Taken {taken}, more than a year before graduation ({year}-{month:02}). Find out whether it is recent; if not, have it retaken."
        ),
    )
}

/// `None` where the student's number can be right, or there is none.
pub(super) fn wrong_on_roster(student: &Student) -> Option<Reason> {
    let number = student.get(Field::IdNumber);
    let IdNumber::Wrong(why) = IdNumber::read(number) else { return None };
    let (origin, name) = (student.origin(), student.words());
    (!number.is_empty()).then(|| {
        Reason::new(
            format!("名册{}{name}的证件号码有误：{}，请核对证件。", origin.zh, why.zh),
            format!(
                "Roster, {} ({name}): the identity number is wrong, {}. Compare it with the document.",
                origin.en, why.en
            ),
        )
    })
}

/// `None` where the file is not named by an identity number, or by one that can be right.
pub(super) fn wrong_in_name(name: &str) -> Option<Reason> {
    let IdNumber::Wrong(why) = IdNumber::read(name) else { return None };
    IdNumber::looks_like(name).then(|| {
        Reason::new(
            format!("文件名中的身份证号有误：{}，请核对证件后改名。", why.zh),
            format!(
                "The identity number that names the file is wrong: {}. Compare it with the document and rename the file.",
                why.en
            ),
        )
    })
}

pub(super) fn cast(tint: Text) -> Reason {
    Reason::new(
        format!(
            "整批照片偏{}，应是相机白平衡所致，请摄影师校正后重新导出或重拍；各张照片已按本批的肤色判断。",
            tint.zh
        ),
        format!(
            "The whole batch has a {} cast, probably from the camera's white balance. Have the photographer correct it and export or shoot again; each photo was judged against the skin colour of this batch.",
            tint.en
        ),
    )
}

pub(super) fn distorted(class: &str, wide: f64) -> Reason {
    let percent = 100.0 * (wide - 1.0).abs();
    let [zh, en] = if wide < 1.0 { ["压窄或拉高", "narrower"] } else { ["拉宽或压扁", "wider"] };
    let [of_zh, of_en] = if class.is_empty() { ["整批", "the whole batch"] } else { [class, class] };
    Reason::new(
        format!(
            "{of_zh}照片里的人像普遍{zh}约{percent:.0}%，应是变形缩放所致，请用原片按3:4裁剪后重新导出，不要变形缩放。"
        ),
        format!(
            "Faces in the photos of {of_en} are about {percent:.0} % {en} than people's: the photos were scaled out of shape. Crop the originals to 3:4 and export them again without squeezing them."
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_ambiguous_is_told_by_its_cause() {
        let student = |number: &str| {
            let mut student = Student::new(2);
            student.set(Field::Name, "张三");
            student.set(Field::StudentNumber, number);
            student
        };
        let told = |numbers: &[&str]| {
            let students = numbers.iter().map(|number| student(number)).collect::<Vec<_>>();
            ambiguous(&students.iter().collect::<Vec<_>>(), &Doubt::Name).en
        };
        assert!(told(&["2021001"]).starts_with("This may be 张三 2021001"));
        assert!(told(&["2021001", "2021001"]).starts_with("Several students share a number"));
        let mut seats = ["1", "1"].map(student);
        for (seat, class) in seats.iter_mut().zip(["1班", "2班"]) {
            seat.set(Field::Class, class);
        }
        let told_seats = ambiguous(&seats.iter().collect::<Vec<_>>(), &Doubt::Name).zh;
        assert!(told_seats.contains("请把照片放进班级文件夹"), "{told_seats}");
        seats[1].set(Field::Class, "1班");
        let folder = Doubt::Folder("2班".to_owned());
        let told_folder = ambiguous(&[&seats[0]], &folder).zh;
        assert!(told_folder.contains("放在“2班”文件夹，名册上这名学生在“1班”"), "{told_folder}");
        assert!(ambiguous(&seats.iter().collect::<Vec<_>>(), &folder).zh.contains("请先改正名册"));
        for names in [&["2021001", "2021002"][..], &["2021001", ""], &["", ""]] {
            assert!(told(names).starts_with("Several students have this name"), "{names:?}: {}", told(names));
        }
    }
}
