//! Students for the tests of several of these files.

use super::super::field::Field;
use super::{Roster, Student};

pub(super) fn student(number: &str, id: &str, name: &str, class: &str) -> Student {
    let mut student = Student::new(1);
    let fields = [Field::StudentNumber, Field::IdNumber, Field::Name, Field::Class];
    for (field, value) in fields.into_iter().zip([number, id, name, class]) {
        student.set(field, value);
    }
    student
}

pub(super) fn roster() -> Roster {
    Roster::new(vec![
        student("20210001", "11010519491231002X", "张三", "软件1班"),
        student("20210002", "H12345678(00)", "李四", "软件1班"),
        student("20210003", "", "张三", "软件2班"),
        student("20210004", "", "买买提·艾力", "软件2班"),
        student("02210005", "", "José", "软件2班"),
        student("20210006", "", "Jose", "软件2班"),
        student("20231105", "", "王小明", "软件2班"),
        student("0012", "", "王明", "软件2班"),
        student("20210009", "430102200001010055", "赵一曼", "软件2班"),
        student("20210010", "", "Mary Jane Smith", "软件2班"),
        student("20210011", "", "张喆一", "软件2班"),
    ])
}
