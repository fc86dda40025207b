use super::batch_rule;
use crate::text::text;

batch_rule! {
    /// Whether photos and roster belong to each other: one photo for each student, one student for each photo.
    ///
    /// ## What is measured
    /// The file's name without its extension against 证件号码, 学号, 考生号, 采集码 and 姓名 of every student: as a whole first, then its parts (学号_姓名, 姓名-学号, 学号姓名). A class, department or major in the name counts as its folder does; where the name says nothing of anybody (蓝底, IMG_0001), the folder of a student does. Names are compared after Unicode's NFKC, so that full-width forms, radicals copied from PDF and accents written apart do not matter, nor do case, blanks and invisible signs; as they are written first, then without punctuation and what stands in brackets. Nothing else is dropped: José is not Jose. Numbers are compared without the marks and decimals that spreadsheets add, and with their zeros first. Dates, times and counts that cameras, telephones and chats write mean nobody. Where several students have the name, the folders' class, department and major decide, and only where they leave exactly one.
    ///
    /// ## Limit and source
    /// Each student has one photo, each photo one student. Nothing is guessed: a photo whose parts name different students, or a name that the student of its number has not, or a number as the roster's are that nobody has, is a conflict; a name that several students have, that holds a sign for a character (○ □ 〓 � *), that lacks zeros of a short number, that a camera counted (P1010234) or may have written for a time (IMG_202109010123), that is a number with or without its copy's (2021001-1), that lies in the folder of another class, or whose name or folder says that the photo is not to be used (作废, 废片, 非本人), is ambiguous. Each of these, and each photo of a student with several, waits for a person. File naming is the school's; the standard has no rule for it.
    ///
    /// ## What to do
    /// Missing: call the student to the next session. Surplus: rename the file or complete the roster. Ambiguous: name the file by 学号. Several photos of one student: keep one.
    ROSTER_MATCH {
        id: "roster-match",
        name: text("名册核对", "Roster match"),
        clause: "—",
        kinds: &["missing", "other-file", "surplus", "ambiguous", "conflict", "several-photos", "order-slip"],
    }
}
