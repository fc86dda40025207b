//! The rows below the heads of a table: each is a student, says the class of those below it, or is left with a word why.

use super::super::field::Field;
use super::super::garbled::is_garbled;
use super::super::names::{exact, number};
use super::super::roster::Student;
use super::super::table::{Row, Table, letters};
use super::super::told::named;
use super::NAMED;
use super::cells::{
    are_names, beside_key, is_count, is_counted, is_crossed, is_day, is_example, is_foot, is_gone, is_incomplete,
    is_long_title, is_number, is_of_graduation, is_signer, is_telephone, is_title, visible,
};
use super::codes;
use super::column::{Column, known};
use super::heads::{self, Head};
use super::left::{Left, Why, short};
use super::notes;
use super::reading::Sheet;
use super::repeated::SEAT_DIGITS;
use super::row::{Found, LostCell};
use super::sheets;
use crate::text::Reason;

/// Reads the rows of a table, and tells of them on its sheet. `is_one` says that the file has no other; `problems` are those
/// that must be mended first.
pub(super) fn read(
    table: &Table,
    head: Head,
    is_one: bool,
    sheet: &mut Sheet,
    problems: &mut Vec<Reason>,
) -> Vec<Student> {
    problems.extend(stranded(table, &head, is_one));
    let (above, below) = table.rows.split_at(head.place + 1);
    let head_row = above[head.place].number;
    sheet.head_row = Some(head_row);
    sheet.columns.clone_from(&head.columns);
    let mut rows = Rows {
        table,
        is_one,
        columns: head.columns,
        shows_forms: true,
        has_feet: true,
        is_numbered: false,
        is_long: false,
        has_titles: true,
        denied: Vec::new(),
        classes: Vec::new(),
        titled_at: None,
        sheet,
        problems,
        left: Left::default(),
    };
    let count = |is: &dyn Fn(&Row) -> bool| below.iter().filter(|row| is(row)).count();
    let is_rare = |rows: usize, few: usize| rows < few || 2 * rows < below.len() + 1;
    rows.shows_forms = is_rare(count(&|row| rows.is_form(row)), 2);
    rows.has_titles = is_rare(count(&|row| rows.is_word_and_number(row)), 0);
    rows.has_feet = is_rare(count(&|row| is_foot(first(row))), 4);
    let (numbered, last) = (count(&|row| rows.has_number(row)), below.iter().rposition(|row| rows.has_number(row)));
    rows.is_numbered = last.is_some_and(|last| 10 * numbered > 9 * last) && 2 * numbered > below.len();
    rows.is_long = 2 * count(&|row| rows.has_long_number(row)) > numbered;
    let asked = rows.columns.iter().filter(|column| column.field.is_none() && is_of_graduation(&column.head));
    let is_denied = |column: &&Column| !is_rare(count(&|row| is_gone(&column.head, row.text(column.place))), 2);
    rows.denied = asked.filter(is_denied).map(|column| column.place).collect();
    let codes = codes::count(below, &rows.columns);
    if let Some((row, classes)) = above[..head.place].iter().rev().find_map(|row| Some((row, rows.titled(row)?))) {
        rows.begin(classes, row);
    } else {
        rows.tell_unclassed(&above[..head.place]);
    }
    let mut students = Vec::new();
    for (place, row) in below.iter().enumerate() {
        if rows.may_be_head(row)
            && let Some(columns) = heads::again(row)
        {
            // Merged downwards, the heads stand in each of their rows; the codes of a system may stand below them.
            if row.number > head_row.saturating_add(1) {
                rows.tell_heads(row, &columns);
                rows.columns = columns;
            }
        } else if place < codes {
            rows.left.row(Why::Head, row.number);
        } else if let Some(classes) = rows.titled(row) {
            rows.begin(classes, row);
        } else {
            rows.read(row, &mut students);
        }
    }
    rows.finish(&students);
    students
}

/// Students above the heads, as in a sheet that was sorted with its heads: none must be lost, nor a note be taken for one.
fn stranded(table: &Table, head: &Head, is_one: bool) -> Option<Reason> {
    let stranded = head.students_above(&table.rows);
    let rows = stranded.iter().map(|row| Reason::new(format!("第{row}行"), format!("row {row}"))).collect::<Vec<_>>();
    let (rows, sheet) = (named(&rows, NAMED, "行"), if is_one { "" } else { &table.name });
    let told = || {
        Reason::new(
            format!("{sheet}{}像是学生，却在表头上方：请把表头移到最上面，不是学生的行请删去。", rows.zh),
            format!(
                "{sheet} {} above the headings: these look like students; move the headings to the top, and delete rows that are no students.",
                rows.en
            )
            .trim_start(),
        )
    };
    (!stranded.is_empty()).then(told)
}

/// Reads the rows below heads.
struct Rows<'a> {
    table: &'a Table,
    is_one: bool,
    columns: Vec<Column>,
    /// Whether rows with 2021XXXX show how to fill in the others; where most are such, the list hides digits.
    shows_forms: bool,
    /// Whether 审核 at the beginning of a row makes it one below the list; where most are such, it is what became of students.
    has_feet: bool,
    /// Whether nine in ten rows down to the last with a number have one.
    is_numbered: bool,
    /// Whether most numbers have more digits than those of seats.
    is_long: bool,
    /// Whether 软件2102 alone in a row is a class; where most are such, the list has but numbers of students.
    has_titles: bool,
    /// Columns that say 否 of most, as 是否毕业 does before they graduate.
    denied: Vec<usize>,
    /// What a line above the students says of all of them, or of those of each list side by side.
    classes: Vec<Option<&'a str>>,
    /// The cell in which that line began.
    titled_at: Option<usize>,
    sheet: &'a mut Sheet,
    problems: &'a mut Vec<Reason>,
    left: Left,
}

impl<'a> Rows<'a> {
    /// The class that stands in a row alone, beside a count of its people or behind 班级, where no column has it; of lists side by
    /// side, each one's.
    fn titled(&self, row: &'a Row) -> Option<Vec<Option<&'a str>>> {
        if self.has_classes() {
            return None;
        }
        let said = texts(row).filter(|text| !text.is_empty());
        let numbered = || sheets::numbered(first(row)).filter(|_| self.is_word_and_number(row));
        if self.blocks() == 1
            && let Some(class) = sheets::labelled(said).or_else(numbered).or_else(|| self.unnumbered(row))
        {
            return Some(vec![Some(class)]);
        }
        let (mut classes, mut is_labelled) = (vec![None; self.blocks()], false);
        for (place, text) in row.cells.iter().map(|(place, _)| (*place, row.text(*place))) {
            // A title begins where its list does, perhaps over 序号; a count stands behind it.
            let title = sheets::titled(text);
            let next = || self.columns.iter().find(|column| column.place >= place && column.field.is_some());
            let last = || self.columns.iter().rfind(|column| column.place <= place);
            let column = title.and_then(|_| next()).or_else(last);
            let class = classes.get_mut(column.and_then(|column| column.block).unwrap_or(0))?;
            match title {
                Some(title) if class.is_none() => *class = Some(title),
                _ if text.is_empty() || class.is_some() && (is_count(text) || is_labelled) => {}
                // 软件1班, 班主任：, 王老师
                _ if class.is_some() && sheets::is_labelled(text) => is_labelled = true,
                _ => return None,
            }
        }
        classes.iter().all(Option::is_some).then_some(classes)
    }

    /// A class without a number that stands alone where the class above did.
    fn unnumbered(&self, row: &'a Row) -> Option<&'a str> {
        let mut texts =
            row.cells.iter().map(|(place, _)| (*place, row.text(*place))).filter(|(_, text)| !text.is_empty());
        let (place, text) = texts.next()?;
        sheets::unnumbered(text).filter(|_| Some(place) == self.titled_at && texts.next().is_none())
    }

    /// Tells of lines above the students that may say a class.
    fn tell_unclassed(&mut self, above: &[Row]) {
        if self.has_classes() || !self.is_one && sheets::class(&self.table.name).is_some() {
            return;
        }
        for row in above {
            if let Some(text) = texts(row).find(|text| sheets::has_class(text)) {
                self.left.row_with(Why::Unclassed, row.number, &short(text));
            }
        }
    }

    fn has_classes(&self) -> bool {
        self.columns.iter().any(|column| column.field == Some(Field::Class))
    }

    /// Whether a row says a word and a number, where a student has more cells: 软件2102.
    fn is_word_and_number(&self, row: &Row) -> bool {
        let is_alone = texts(row).filter(|text| !text.is_empty()).count() == 1 && known(&self.columns) > 1;
        self.has_titles && is_alone && sheets::is_word_and_number(first(row))
    }

    /// How many lists stand side by side.
    fn blocks(&self) -> usize {
        self.columns.iter().filter_map(|column| column.block).max().unwrap_or(0) + 1
    }

    fn begin(&mut self, classes: Vec<Option<&'a str>>, row: &Row) {
        let words = classes.iter().flatten().copied().collect::<Vec<_>>().join("、");
        self.left.row_with(Why::Class, row.number, &short(&words));
        self.classes = classes;
        self.titled_at = row.cells.iter().map(|(place, _)| *place).find(|place| !row.text(*place).is_empty());
    }

    /// Tells of heads that stand again; those that name most columns are told in full.
    fn tell_heads(&mut self, row: &Row, columns: &[Column]) {
        let mut other = row.number;
        if known(columns) > known(&self.sheet.columns) {
            other = self.sheet.head_row.replace(row.number).unwrap_or(other);
            self.sheet.columns = columns.to_vec();
        }
        self.left.row(Why::Head, other);
    }

    /// Reads the students of a row, one for each list side by side.
    fn read(&mut self, row: &Row, students: &mut Vec<Student>) {
        let before = students.len();
        for block in 0..self.blocks() {
            students.extend(self.student(row, block));
        }
        if students.len() > before {
            if row.is_hidden {
                self.left.row(Why::Hidden, row.number);
            }
            if self.is_struck_out(row) {
                self.left.row(Why::Struck, row.number);
            }
        } else if texts(row).any(|text| text.contains('班') || is_title(text) || sheets::is_word_and_number(text)) {
            // Whoever stands below a line that does not say which class it is.
            if !self.classes.is_empty() {
                self.left.row_with(Why::Unclassed, row.number, &short(first(row)));
            }
            self.classes.clear();
            self.titled_at = None;
        }
    }

    /// Whether a name or number of it is struck out.
    fn is_struck_out(&self, row: &Row) -> bool {
        let mut keys = self.columns.iter().filter(|column| column.is_key());
        keys.any(|column| self.table.struck.contains(&(row.number, column.place)))
    }

    /// The student of a row, if it is one.
    fn student(&mut self, row: &Row, block: usize) -> Option<Student> {
        let found = Found::of(row, &self.columns, block);
        if !found.holds && self.is_of_another_list(row, block) {
            return None;
        }
        if let Some(why) = self.why_left(row, &found) {
            self.left.row_with(why, row.number, &short(first(row)));
            return None;
        }
        if !found.has_number() {
            if let Some(lost) = found.lost.iter().find(|lost| lost.field.is_number()) {
                self.problems.push(self.problem(row, lost));
                return None;
            }
            if !found.has_name() {
                // Titles between lists, signatures, and rows with a class alone.
                let said = [&found.odd, &found.odd_name].into_iter().find(|text| !text.is_empty());
                self.left.row_with(Why::Nobody, row.number, &short(said.map_or(first(row), String::as_str)));
                return None;
            }
        }
        self.tell_cells(row, block, &found);
        let mut student = found.student;
        let mut class = self.classes.get(block).copied().flatten();
        if !self.is_one {
            student.sheet.clone_from(&self.table.name);
            class = class.or_else(|| sheets::class(&self.table.name));
        }
        if let Some(class) = class.filter(|_| !self.has_classes()) {
            student.set(Field::Class, class);
        }
        Some(student)
    }

    /// Of lists side by side one is shorter.
    fn is_of_another_list(&self, row: &Row, block: usize) -> bool {
        let mut others = self.columns.iter().filter(|column| column.block.is_some_and(|other| other != block));
        block > 0 || others.any(|column| row.get(column.place).is_some())
    }

    /// Why a row that may have a name or a number is no student all the same.
    fn why_left(&self, row: &Row, found: &Found) -> Option<Why> {
        let (has_number, has_name, name) = (found.has_number(), found.has_name(), found.student.get(Field::Name));
        // Notes on columns, one below the other: 姓名, 学号.
        if has_name && !has_number && Field::of_head(name).is_some() {
            return Some(Why::Head);
        }
        if self.has_example(row, found) || self.shows_forms && self.is_form(row) {
            return Some(Why::Example);
        }
        if self.is_of_staff(row) || !has_number && self.is_teacher(row, name) {
            return Some(Why::Staff);
        }
        // Below a signature.
        if !has_name && is_day(first(row)) && row.cells.len() == 1 && known(&self.columns) > 1 {
            return Some(Why::Total);
        }
        if has_number && self.is_word_and_number(row) {
            return Some(Why::Nobody);
        }
        if has_number {
            return self.why_count(row, found);
        }
        // Beside a name, 审核通过 is a remark.
        let is_below = || {
            let is_rare = || self.has_feet && !self.knows_more(row);
            first(row) != name && is_signer(first(row))
                || is_foot(first(row)) && (self.begins_with_key(row) || is_rare())
        };
        let is_total = if has_name { is_foot(name) || is_below() } else { texts(row).any(is_foot) };
        // 软件1班 beside 35.
        let others = texts(row).filter(|text| exact(text) != exact(name)).collect::<Vec<_>>();
        let is_title_of_count = is_long_title(name) && !others.is_empty() && others.into_iter().all(is_count);
        if is_total || is_counted(name) || is_title_of_count {
            return Some(Why::Total);
        }
        let is_alone = has_name && found.lost.is_empty() && texts(row).filter(|text| !text.is_empty()).count() == 1;
        (is_alone && (self.is_numbered || is_title(name))).then_some(Why::Alone)
    }

    /// Why a row whose only numbers are short, or one of a telephone, is no student: 小计 and 20, 男生 and 20, 联系人 and
    /// 13812345678, and among long numbers 1班 and 35.
    fn why_count(&self, row: &Row, found: &Found) -> Option<Why> {
        let numbers = || found.student.keys().filter(|(field, _)| field.is_number()).map(|(_, number)| number);
        let is_short = |number: &str| number.len() <= SEAT_DIGITS && is_count(number);
        if !numbers().all(|number| is_short(number) || is_telephone(number)) {
            return None;
        }
        let is_strange = self.is_long && numbers().all(is_short);
        let name = found.student.get(Field::Name);
        let is_below = |text: &str| is_foot(text) || is_counted(text);
        match (found.has_name(), self.columns.iter().any(|column| column.field == Some(Field::Name))) {
            (true, _) => (is_below(name) || is_strange && is_long_title(name)).then_some(Why::Total),
            (false, true) if is_below(first(row)) => Some(Why::Total),
            (false, true) => is_strange.then_some(Why::Nobody),
            (false, false) => None,
        }
    }

    /// Whether a column of roles has a word for staff.
    fn is_of_staff(&self, row: &Row) -> bool {
        let mut roles = self.columns.iter().filter(|column| sheets::is_role(&column.head));
        roles.any(|column| sheets::is_staff(row.text(column.place)))
    }

    /// Whether a row without a number is of a teacher among students, by the name, 王老师, or a remark: 班主任.
    fn is_teacher(&self, row: &Row, name: &str) -> bool {
        let mut remarks = self.columns.iter().filter(|column| column.field.is_none());
        name.ends_with("老师") || remarks.any(|column| sheets::is_staff(row.text(column.place)))
    }

    /// Whether a row says that it is an example. A remark on a student may speak of one, but hardly in the first row.
    fn has_example(&self, row: &Row, found: &Found) -> bool {
        let is_first = self.sheet.head_row.is_some_and(|head| row.number == head.saturating_add(1));
        if is_first || !found.has_number() || !found.has_name() {
            return texts(row).any(is_example);
        }
        let keys = self.columns.iter().filter(|column| column.is_key()).map(|column| row.text(column.place));
        keys.chain([first(row)]).any(is_example)
    }

    fn begins_with_key(&self, row: &Row) -> bool {
        self.columns.iter().any(|column| column.is_key() && row.text(column.place) == first(row))
    }

    /// Whether a row says anything of somebody beside the name and its first cell.
    fn knows_more(&self, row: &Row) -> bool {
        let known = self.columns.iter().filter(|column| column.field.is_some_and(|field| field != Field::Name));
        let mut texts = known.map(|column| row.text(column.place)).filter(|text| !text.is_empty());
        texts.any(|text| text != first(row) && !is_foot(text) && !is_day(text))
    }

    fn has_number(&self, row: &Row) -> bool {
        self.numbers(row).next().is_some()
    }

    fn has_long_number(&self, row: &Row) -> bool {
        self.numbers(row).any(|text| number(text).len() > SEAT_DIGITS)
    }

    fn numbers<'r>(&self, row: &'r Row) -> impl Iterator<Item = &'r str> {
        let numbers = self.columns.iter().filter(|column| column.field.is_some_and(Field::is_number));
        numbers.map(|column| row.text(column.place)).filter(|text| is_number(text))
    }

    /// Tells of cells of a student's row that are not used, or not sure.
    fn tell_cells(&mut self, row: &Row, block: usize, found: &Found) {
        let number = row.number;
        if let Some(column) = self.columns.iter().find(|column| column.letters == found.odd_at) {
            self.left.row_with(Why::Lost, number, &format!("{} {}", column.words(), short(&found.odd)));
        }
        if found.is_masked {
            self.left.row(Why::Masked, number);
        }
        if let Some(LostCell { letters, field, why }) = found.lost.first() {
            let (head, why) = (field.word(), why.reason());
            let words =
                Reason::new(format!("{letters} {}：{}", head.zh, why.zh), format!("{letters} {}: {}", head.en, why.en));
            self.left.row_with_words(Why::Lost, number, &words);
        }
        let name = found.student.get(Field::Name);
        let is_torn = |text: &&str| {
            text.contains('\u{fffd}') || exact(text) == exact(name) && (is_garbled(text) || is_incomplete(text))
        };
        if let Some(text) = texts(row).find(is_torn) {
            self.left.row_with(Why::Garbled, number, &short(text));
        }
        let own = |column: &&Column| column.is_key() && column.block.is_none_or(|own| own == block);
        let keys = self.columns.iter().filter(own).filter_map(|column| Some((column.field?, row.text(column.place))));
        let mut names = keys.clone().filter(|(field, _)| *field == Field::Name);
        if let Some((_, names)) = names.find(|(_, names)| are_names(names)) {
            self.left.row_with(Why::Several, number, &short(&visible(names)));
        }
        let is_unused = |column: &&Column| column.field.is_none() && !self.denied.contains(&column.place);
        let unused = self.columns.iter().filter(is_unused);
        let unused = unused.map(|column| (column.head.as_str(), row.text(column.place)));
        let list = (!self.is_one).then_some(("", self.table.name.as_str()));
        let said = unused.chain(list).map(|(head, text)| (head, text, text));
        let beside = keys.map(|(field, text)| ("", beside_key(field, text), text));
        if let Some((.., text)) = said.chain(beside).find(|(head, said, _)| is_gone(head, said))
            && !found.student.is_collected()
        {
            self.left.row_with(Why::Gone, number, &short(text));
        }
        let has_head = |at: usize| self.columns.iter().any(|column| column.place == at);
        let mut places = row.cells.iter().map(|(at, _)| *at);
        if let (Some(at), 0) = (places.find(|at| !row.text(*at).is_empty() && !has_head(*at)), block) {
            self.left.row_with(Why::Headless, number, &short(&format!("{} {}", letters(at), row.text(at))));
        }
    }

    fn problem(&self, row: &Row, LostCell { letters, field, why }: &LostCell) -> Reason {
        let (row, name, why) = (row.number, field.word(), why.reason());
        let sheet = if self.is_one { "" } else { &self.table.name };
        Reason::new(
            format!("{sheet}第{row}行{letters}列（{}）：{}。", name.zh, why.zh),
            format!("{sheet} row {row}, column {letters} ({}): {}.", name.en, why.en).trim_start(),
        )
    }

    /// Whether a row shows but the form of what is to be filled in: 2021XXXX in the columns that tell who it is.
    fn is_form(&self, row: &Row) -> bool {
        let of = |field: Field| {
            let columns = self.columns.iter().filter(move |column| column.field == Some(field));
            columns.map(|column| row.text(column.place))
        };
        let is_blank = |name: &str| !name.is_empty() && name.chars().all(|c| matches!(c, 'X' | 'x'));
        of(Field::StudentNumber).chain(of(Field::Name)).any(is_crossed)
            || of(Field::Name).any(is_blank) && texts(row).any(is_crossed)
    }

    /// Whether a row may be one of heads: one has no digits where the numbers are.
    fn may_be_head(&self, row: &Row) -> bool {
        let mut keys = self.columns.iter().filter(|column| column.is_key());
        keys.all(|column| !row.text(column.place).bytes().any(|b| b.is_ascii_digit()))
    }

    /// Puts on the sheet what is to be known of it.
    fn finish(self, students: &[Student]) {
        let (notes, columns) = (&mut self.sheet.notes, &self.columns);
        notes.extend(notes::hidden(columns, self.table));
        notes.extend(notes::beyond(self.table));
        notes.extend(notes::unfilled(columns, students));
        let answers = [Field::Collected, Field::Paid];
        notes.extend(notes::unused_numbers(columns, students));
        notes.extend(answers.into_iter().filter_map(|field| notes::unknown_answers(field, columns, students)));
        notes.extend(self.left.notes());
        self.sheet.students = students.len();
    }
}

fn texts(row: &Row) -> impl Iterator<Item = &str> {
    row.cells.iter().map(|(column, _)| row.text(*column))
}

/// The first text of a row.
fn first(row: &Row) -> &str {
    texts(row).find(|text| !text.is_empty()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::super::table::Cell;
    use super::super::testing::{read, rows, sheet};
    use super::*;

    #[test]
    fn places_in_the_list_are_no_part_of_names() {
        let found =
            rows(&[sheet("", "姓名,班级\n1.张三,1班\n2、李四,1班\n3 买买提·艾力,1班\n4王五,1班\n5.Ali,1班\n")]).0;
        assert_eq!(found, ["张三 1班", "李四 1班", "买买提·艾力 1班", "4王五 1班", "5.Ali 1班"]);
    }

    #[test]
    fn blanks_that_set_chinese_names_as_wide_as_others_are_no_part_of_them() {
        let list = "学号,姓 名\n1001,张　三\n1002,欧阳 娜娜\n1003,买买提 • 艾力\n1004,Li Si\n1005,赵六 A\n1006,赵六 孙七 周八\n";
        let (students, _) = read(&[sheet("", list)]);
        let names = students.iter().map(|student| student.get(Field::Name)).collect::<Vec<_>>();
        assert_eq!(names, ["张三", "欧阳娜娜", "买买提•艾力", "Li Si", "赵六 A", "赵六 孙七 周八"]);
        assert_eq!(students[0].column("姓名"), Some("张三"));
        let (found, told) = rows(&[sheet("", "姓名,性别\n张 三,男\n计算机 系,35\n")]);
        assert!(found == ["张三"] && told[1].zh.contains("第3行“计算机 系”：合计"), "{told:?}");
    }

    #[test]
    fn a_number_with_decimals_is_nobodys_and_told() {
        let (found, told) = rows(&[sheet("", "学号,姓名\n20210001.5,张三\n20210002.0,李四\n202100015,王五\n")]);
        assert_eq!(found, ["张三", "20210002 李四", "202100015 王五"]);
        assert!(told[1].zh.contains("第2行“A学号 20210001.5”：有的格不能用"), "{told:?}");
    }

    #[test]
    fn hidden_digits_make_no_example_and_a_form_below_the_heads_no_student() {
        let found = |lines: &str| rows(&[sheet("", lines)]);
        let (students, reading) = read(&[sheet(
            "",
            "学号,姓名,身份证号,电话\n2021XXXX,张三,11010519XXXXXX002X,\n1001,李四,11010519XXXXXX002X,138XXXX1234\n1002,王五,,\n",
        )]);
        let one = &students[0];
        assert_eq!((students.len(), one.number(), one.get(Field::IdNumber)), (2, "1001", ""));
        assert_eq!(one.column("身份证号"), Some("11010519XXXXXX002X"));
        let notes = reading.sheets[0].notes.iter().map(|note| note.zh.as_str()).collect::<Vec<_>>();
        assert_eq!(notes, ["第2行“2021XXXX”：填写示例，未读。", "第3行：证件号码有遮挡，不核对，也不用来认照片。"]);
        assert_eq!(found("姓名,身份证号\nXXX,11010519XXXXXX002X\n张三,\n").0, ["张三"]);
        assert_eq!(found("学号,姓名\n2021XXX01,张三\n2021XXX02,李四\n1003,王五\n").0.len(), 3, "the list hides digits");
        for form in ["必填,必填,选填", "文本,文本,文本", "varchar(20),string,string", "10位数字,与身份证一致,选填"]
        {
            assert_eq!(found(&format!("学号,姓名,班级\n{form}\n1001,张三,1班\n")).0, ["1001 张三 1班"], "{form}");
        }
    }

    #[test]
    fn rows_that_are_filtered_out_are_read_and_told() {
        let mut list = sheet("", "学号,姓名\n1001,张三\n1002,李四\n合计,2\n");
        list.rows[2].is_hidden = true;
        list.rows[3].is_hidden = true;
        let (found, lines) = rows(&[list]);
        assert_eq!(found, ["1001 张三", "1002 李四"]);
        assert!(lines[1].zh.contains("第3行：被隐藏或筛选掉，也已读入。"), "{lines:?}");
    }

    #[test]
    fn rows_that_are_struck_out_are_read_and_told() {
        let mut list = sheet("", "学号,姓名,电话\n1001,张三,1\n1002,李四,2\n1003,王五,3\n");
        list.struck = [(2, 2), (3, 1), (4, 0), (4, 1)].into();
        let (found, lines) = rows(&[list]);
        assert_eq!(found.len(), 3);
        assert!(lines[1].zh.contains("第3行、第4行：划了删除线，仍按要拍照计"), "{lines:?}");
    }

    #[test]
    fn who_may_need_no_photo_is_read_and_told() {
        let list = "学号,姓名,备注,是否在校,是否休学\n1001,张三,休学,是,\n1002,李四,2023年休学，2024年复学,是,否\n\
                    1003,王五,,否,\n1004,赵六,未退学,,否\n1005,孙七,,,是\n1006,周八,转学生,是,\n";
        let told = |lines: &str, name: &str| rows(&[sheet(name, lines), sheet("毕业", "学号\n1\n")]).1;
        let (found, lines) = rows(&[sheet("", list)]);
        assert_eq!(found.len(), 6);
        assert!(lines[1].zh.contains("第2行“休学”、第4行“否”、第6行“是”：看这些字可能不用拍照"), "{lines:?}");
        let collected = "学号,姓名,备注,已采集\n1001,张三,休学,免采集\n";
        assert!(!rows(&[sheet("", collected)]).1[1].zh.contains("不用拍照"));
        let graduates =
            "学号,姓名,毕业审核,是否毕业\n1001,张三,不予毕业,\n1002,李四,暂缓毕业,\n1003,王五,通过,否\n1004,赵六,,是\n";
        let told_of = rows(&[sheet("", graduates)]).1;
        assert!(told_of[1].zh.contains("第2行“不予毕业”、第3行“暂缓毕业”、第4行“否”：看这些字"), "{told_of:?}");
        let before = graduates.replace("1004,赵六,,是", "1004,赵六,,否").replace("毕业,\n", "毕业,否\n");
        assert!(rows(&[sheet("", &before)]).1[1].zh.contains("第3行“暂缓毕业”：看这些字"), "否 of all says nothing");
        let few = "学号,姓名,是否需要拍照\n1001,张三,否\n1002,李四,否\n1003,王五,是\n";
        assert!(rows(&[sheet("", few)]).1[1].zh.contains("第2行“否”、第3行“否”：看这些字"));
        let beside = "学号,姓名,备注,是否转学生,离校日期\n1001,张三（退学）,,,2026-6-30\n1002,王参军,转学生,是,2026-6-30\n\
                      1003(休学),李四,,,2026-6-30\n1004,王五 转出,,,\n1005,赵六,除名,,\n1006,孙七,转学,,\n";
        let (found, lines) = rows(&[sheet("", beside)]);
        assert_eq!((found.len(), &*found[2]), (6, "1003 李四"));
        let gone = "第2行“张三（退学）”、第4行“1003(休学)”、第5行“王五 转出”、第6行“除名”、第7行“转学”：看这些字";
        assert!(lines[1].zh.contains(gone), "{lines:?}");
        assert!(told("学号\n1001\n", "休学名单")[1].zh.contains("第2行“休学名单”：看这些字"));
    }

    #[test]
    fn names_in_one_cell_and_in_a_wrong_encoding_are_told_and_an_error_saved_as_text_is_none() {
        let (_, told) = rows(&[sheet("", "学号,姓名\n1001,王\u{e0a1}\n1002,刘?\n1003,张\u{e863}\n1004,赵○\n")]);
        assert!(told[1].zh.contains("第2行“王\u{e0a1}”、第3行“刘?”：有读不出的字"), "{told:?}");
        let list = "学号,姓名\n1001,张三、李四\n1002,鏉庡洓\n1003,#NAME?\n1004,欧阳 娜娜\n1005,赵六 孙七 周八\n";
        let (found, told) = rows(&[sheet("", list)]);
        assert_eq!(found[2], "1003");
        for part in [
            "第2行“张三、李四”、第6行“赵六 孙七 周八”：姓名格里",
            "第3行“鏉庡洓”：有读不出的字",
            "第4行“B 姓名：公式出错",
        ] {
            assert!(told[1].zh.contains(part), "{told:?}");
        }
        let mut list = sheet("", "学号,姓名\n1001,张三\n1002,欧阳\n");
        for (row, name) in [(1, "张三\n李四"), (2, "欧阳\n（班长）")] {
            list.rows[row].cells[1].1 = Cell::Text(name.into());
        }
        let told = rows(&[list]).1;
        assert!(told[1].zh.contains("第2行“张三 李四”：姓名格里") && !told[1].zh.contains("第3行"), "{told:?}");
        let lost = sheet("", "学号,姓名\n1001,张三\n1002,李四\n#DIV/0!,王五\n");
        assert!(super::super::students(&[lost]).expect_err("is refused")[0].zh.starts_with("第4行A列"));
    }

    #[test]
    fn a_remark_makes_no_example_of_a_student() {
        let list = "学号,姓名,备注\n1001,张三,例行检查\n1002,李四,例：见附件\n1003,王五,示例1\n示例,赵六,\n";
        assert_eq!(rows(&[sheet("", list)]).0, ["1001 张三", "1002 李四", "1003 王五"]);
        let first = "学号,姓名,备注\n1001,张三,示例\n1002,李四,\n";
        assert_eq!(rows(&[sheet("", first)]).0, ["1002 李四"], "the row below the heads shows how to fill in");
    }

    #[test]
    fn a_lone_cell_among_numbered_students_is_no_student_and_told() {
        let list = "学号,姓名,班级\n1001,张三,1班\n1002,李四,1班\n1003,王五,1班\n,教务处\n";
        let (found, told) = rows(&[sheet("", list)]);
        assert_eq!(found.len(), 3);
        assert!(told[1].zh.contains("第5行“教务处”：姓名以外都是空的"), "{told:?}");
        assert_eq!(rows(&[sheet("", "学号,姓名\n1001,张三\n,李四\n,王五\n")]).0.len(), 3, "numbers to come");
        let (found, told) = rows(&[sheet("", "姓名,性别\n计算机系,\n张三,男\n李四,\n院长签字,\n")]);
        assert_eq!(found, ["张三", "李四"]);
        assert!(told[1].zh.contains("第2行“计算机系”、第5行“院长签字”：姓名以外"), "{told:?}");
    }

    #[test]
    fn a_class_in_a_line_alone_is_that_of_the_students_below_it() {
        let classes = |lines: &str| {
            let (students, reading) = read(&[sheet("", lines)]);
            let classes = students.iter().map(|student| student.get(Field::Class).to_owned()).collect::<Vec<_>>();
            (classes.join(" "), reading.sheets[0].notes.iter().map(|note| note.zh.clone()).collect::<String>())
        };
        let blocks = "软件2301班学生名单\n学号,姓名\n1001,张三\n合计,1\n班级：软件（2）班（30人）\n1002,李四\n1003,王五\n会计A班,,35\n1004,赵六\n";
        let (found, told) = classes(blocks);
        assert_eq!(found, "软件2301班 软件（2）班 软件（2）班 会计A班");
        assert!(told.contains("第1行“软件2301班”、第5行“软件（2）班”、第8行“会计A班”：看作其下学生的班级。"), "{told}");
        for title in [
            "班级：软件2班　班主任：王老师　人数：35人",
            "班级：,软件2班,人数：,35",
            "专业：软件  班级：软件2班",
            "软件2班 35人",
            "软件2班 班主任：王老师",
            "软件2班,班主任：王老师",
            "软件2班,班主任：,王老师",
        ] {
            let (found, told) = classes(&format!("软件1班（王老师）\n学号,姓名\n1001,张三\n{title}\n1002,李四\n"));
            assert_eq!(found, "软件1班 软件2班", "{title}: {told}");
        }
        let (found, told) = classes("软件2101\n学号,姓名\n1001,张三\n软件2102\n1002,李四\n");
        assert_eq!(found, "软件2101 软件2102", "{told}");
        let (found, told) = classes("学号,姓名,班级\n1001,张三,1班\n软件2102\n1002,李四,2班\n");
        assert!(found == "1班 2班" && told.contains("第3行“软件2102”：没有可用的号码或姓名，未读"), "{told}");
        assert_eq!(classes("学号,姓名\n软件2101,\n软件2102,\n软件2103,\n").0, "  ");
        let (found, told) = classes("某学院2026届软件2101班毕业生名单\n学号,姓名\n1001,张三\n");
        assert!(found.is_empty() && told.contains("第1行“某学院2026届软件2101班毕业生名单”：像写了班级"), "{told}");
        // Whose class is not plain has none, rather than the one above.
        for title in ["毕业班", "以下为软件2班", "计算机系2班", "软件2班,王老师", "专升本名单", ",汽修班"]
        {
            let (found, told) = classes(&format!("学号,姓名\n软件1班\n1001,张三\n{title}\n1002,李四\n"));
            assert_eq!(found, "软件1班 ", "{title}: {told}");
            let cell = title.trim_start_matches(',').split(',').next().unwrap_or_default();
            assert!(told.contains(&format!("第4行“{cell}”：像写了班级，认不准")), "{title}: {told}");
        }
        let (found, told) = classes("学号,姓名\n软件1班\n1001,张三\n汽修班\n1002,李四\n");
        assert_eq!(found, "软件1班 汽修班", "{told}");
        assert_eq!(classes("学号,姓名\n1001,张三\n汽修班\n1002,李四\n").0, " ", "no line said a class before");
        assert_eq!(classes("学号,姓名,班级\n软件1班\n1001,张三,2班\n1002,李四,\n").0, "2班 ");
        assert_eq!(
            classes("学号,姓名,班级\n1001,张三,软件1班（30人）\n1002,李四,软件班（2）\n").0,
            "软件1班 软件班（2）"
        );
    }

    #[test]
    fn a_sentence_or_a_day_below_the_list_is_no_student() {
        let list =
            "姓名\n张三\n以下为专升本学生\n李四\n下列同学须补拍\n阿卜杜热西提麦麦提图尔荪\n未采集名单如下\n王老师\n";
        let (found, told) = rows(&[sheet("", list)]);
        assert_eq!(found, ["张三", "李四", "阿卜杜热西提麦麦提图尔荪"]);
        assert!(told[1].zh.contains("第7行“未采集名单如下”"), "{told:?}");
        for day in ["2026-5-1", "2026.5.1", "2026年5月1日"] {
            let (found, told) = rows(&[sheet("", &format!("学号,姓名\n1001,张三\n{day}\n"))]);
            assert!(found.len() == 1 && told[1].zh.contains("第3行"), "{told:?}");
        }
        assert!(super::super::students(&[sheet("", "学号\n2026-5-1\n")]).is_err(), "a number that became a date");
    }

    #[test]
    fn staff_among_students_are_left_by_their_role() {
        let (found, told) = rows(&[sheet("", "姓名,学号/工号,角色\n张三,1001,学生\n王五,T001,教师\n")]);
        assert_eq!(found, ["1001 张三"]);
        assert!(told[1].zh.contains("第3行“王五”：身份是教师等"), "{told:?}");
    }

    #[test]
    fn a_teacher_among_students_is_left_by_the_name_or_a_remark() {
        let list = "学号,姓名,班级,备注\n1001,张三,1班,\n,王老师,1班,\n,赵六,1班,班主任\n1004,孙七,1班,辅导员\n,周八,1班,班主任助理\n";
        let (found, told) = rows(&[sheet("", list)]);
        assert_eq!(found, ["1001 张三 1班", "1004 孙七 1班", "周八 1班"]);
        assert!(told[1].zh.contains("第3行“王老师”、第4行“赵六”：身份是教师等"), "{told:?}");
    }

    #[test]
    fn what_is_lost_is_told_whole_in_either_language() {
        let (_, told) = rows(&[sheet("", "学号,身份证号\n1001,4.30102E+17\n")]);
        assert!(told[1].zh.contains("第2行“B 证件号码：长号码被存成了数值，后面的位数已丢失；请把该列"), "{told:?}");
        assert!(told[1].en.contains("row 2 (B identity number: a long number was stored as a quantity"), "{told:?}");
    }

    #[test]
    fn counts_of_people_and_signatures_are_no_students() {
        let students = |head: &str| match head {
            "姓名,性别,班级" => "张三,男,1班\n李四,女,1班\n",
            "学号,姓名,班级" => "1001,张三,1班\n1002,李四,1班\n",
            "序号,姓名,班级" => "1,张三,1班\n2,李四,1班\n",
            _ => "1班,1001,张三,男\n1班,1002,李四,女\n",
        };
        for (head, feet) in [
            (
                "姓名,性别,班级",
                &[
                    "男生,20",
                    "女,15",
                    "软件1班,35人",
                    "总数,35",
                    "联系方式,13812345678",
                    "系主任,王五",
                    "本表一式两份",
                    "男生合计,20",
                ][..],
            ),
            ("学号,姓名,班级", &[",男生,20", "20,男", ",男生20人", "教学秘书,李四", "1班,35"]),
            (
                "序号,姓名,班级",
                &[
                    ",男生,20",
                    ",全班,35",
                    "制表人：,李四,审核人：,王五",
                    "审核,王五,2026年5月1日",
                    "制单人,李四,教务处",
                ],
            ),
            (
                "班级,学号,姓名,性别",
                &[
                    "小计,20",
                    "男生,20",
                    "全班,35,,",
                    "2班,35",
                    "联系电话,13812345678",
                    "1班人数：,2",
                    "班长签名：,,王五",
                    "男,20,女,15",
                    "审核,,王五",
                ],
            ),
        ] {
            for foot in feet {
                let (found, told) = rows(&[sheet("", &format!("{head}\n{}{foot}\n", students(head)))]);
                assert!(found.len() == 2 && told[1].zh.contains("第4行"), "{head}: {foot}: {told:?}");
            }
        }
        // Many signatures below a short list make no remarks of them.
        let signed = "序号,姓名\n1,张三\n2,李四\n审核,王五\n制表,赵六\n校对,孙七\n复核,周八\n";
        assert_eq!(rows(&[sheet("", signed)]).0, ["张三", "李四"]);
        for (head, student) in [
            ("姓名,性别,班级", "制小军,男,1班"),
            ("姓名,性别,班级", "高男,女,1班"),
            ("姓名,年龄", "审文,20"),
            ("姓名,年龄", "王校,20"),
            ("性别,姓名", "男,张三"),
            ("专业,姓名", "统计学,张三"),
            ("政治面貌,姓名,班级", "党员,张三,1班"),
            ("班级,姓名", "软件1班35人,张三"),
            ("状态,姓名,班级", "审核通过,张三,1班"),
            ("职务,姓名,班级", "负责人,张三,1班"),
            ("学号,姓名,性别", "5,,男"),
            ("学号,备注", "5,合计20学分"),
            ("学号,姓名", "1001,男"),
        ] {
            assert_eq!(rows(&[sheet("", &format!("{head}\n{student}\n"))]).0.len(), 1, "{head}: {student}");
        }
    }

    #[test]
    fn what_became_of_students_makes_no_foot_of_them() {
        let found = |lines: &str| rows(&[sheet("", lines)]).0;
        assert_eq!(found(&format!("状态,姓名\n{}", "审核通过,张三\n".repeat(4))).len(), 4);
        assert_eq!(found("状态,姓名,班级\n,张三,1班\n,李四,1班\n审核通过,王五,1班\n").len(), 3);
        assert_eq!(found("序号,姓名\n1,张三\n制表人,李四\n审核人,王五\n"), ["张三"]);
        assert_eq!(found("学号,姓名,班级\n1001,张三,1班\n制表人,李四,2026年\n"), ["1001 张三 1班"]);
        assert_eq!(found("班级,学号,姓名\n1班,1001,张三\n班主任,,王老师\n"), ["1001 张三 1班"]);
    }
}
