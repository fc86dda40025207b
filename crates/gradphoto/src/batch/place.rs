//! Where a photo belongs: department, major and class, as its folders tell.

use std::cmp::Ordering;
use std::iter::zip;
use std::path::{Component, Path, PathBuf};

use super::names::{folded, is_digits};
use super::numerals::in_figures;
use super::words::{Words, photo_words};

/// What departments, majors and classes end in.
const ENDS: [Words; 3] = [Words("院 系 部"), Words("专业"), Words("班")];
/// Folders of a day, a camera or a task, which are no places.
const TASKS: Words = Words(concat!(photo_words!(), " 第 相机 拍摄 采集 上午 下午"));

/// Department, major and class; empty where nothing tells. Ordered as an office counts: 2班 and 二班 before 10班 and 十班.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Place {
    /// 院系.
    pub department: String,
    /// 专业.
    pub major: String,
    /// 班级.
    pub class: String,
}

impl Place {
    /// Reads folders, the outermost first: the first is the department, the last the class, one between them the major. A
    /// single folder is a class where its name ends in 班, else a department.
    pub fn of_folders(folders: &[String]) -> Place {
        let place = |department: &str, major: &str, class: &str| Place {
            department: department.to_owned(),
            major: major.to_owned(),
            class: class.to_owned(),
        };
        match folders {
            [] => Place::default(),
            [class] if class.ends_with('班') => place("", "", class),
            [department] => place(department, "", ""),
            [department, class] => place(department, "", class),
            [department, major, .., class] => place(department, major, class),
        }
    }

    /// This place, with what it leaves open from `other`.
    pub fn or(self, other: &Place) -> Place {
        let known = |part: String, other: &str| if part.is_empty() { other.to_owned() } else { part };
        Place {
            department: known(self.department, &other.department),
            major: known(self.major, &other.major),
            class: known(self.class, &other.class),
        }
    }

    /// This place of a student, with what the folders of the photo tell of the parts that it leaves open: parts that are named as
    /// such, or stand beside one that is the student's own. What has the student's name in it is no place.
    pub(super) fn or_folders(self, folders: &Place, name: &str) -> Place {
        let own = [&self.department, &self.major, &self.class].map(|part| folded(part));
        let told = [&folders.department, &folders.major, &folders.class];
        let is_one = |(own, told): (&String, &&String)| {
            let told = folded(told);
            !own.is_empty() && !told.is_empty() && (own.contains(&told) || told.contains(own.as_str()))
        };
        let (is_open, is_beside) = (own.iter().all(String::is_empty), zip(&own, &told).any(is_one));
        let is_numbered = |part: usize, told: &str| part < 2 && told.starts_with(|c: char| c.is_ascii_digit());
        let is_place = |part: usize, told: &str| {
            is_open || ENDS[part].end(told) || is_beside && !is_of_task(told) && !is_numbered(part, told)
        };
        let is_named = |told: &str| name.chars().count() > 1 && told.contains(name);
        let part = |part: usize| {
            let told = Some(told[part]).filter(|told| !is_named(told) && is_place(part, told));
            told.cloned().unwrap_or_default()
        };
        self.or(&Place { department: part(0), major: part(1), class: part(2) })
    }

    /// As one line, the parts that are known.
    pub fn words(&self) -> String {
        let parts = [&self.department, &self.major, &self.class];
        parts.into_iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(" ")
    }
}

impl Ord for Place {
    fn cmp(&self, other: &Place) -> Ordering {
        let [ours, theirs] = [self, other].map(|place| [&place.department, &place.major, &place.class]);
        let counted = zip(ours, theirs)
            .map(|(our, their)| alphanumeric_sort::compare_str(in_figures(our), in_figures(their)))
            .fold(Ordering::Equal, Ordering::then);
        counted.then(ours.cmp(&theirs))
    }
}

impl PartialOrd for Place {
    fn partial_cmp(&self, other: &Place) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Whether a folder is named by a task, or by a camera: 100CANON.
fn is_of_task(folder: &str) -> bool {
    TASKS.are_in(folder) || folder.len() == 8 && folder.is_ascii() && is_digits(&folder[..3])
}

/// The folders of a photo below whichever of `roots` it was found in, the outermost first.
pub fn folders(photo: &Path, roots: &[PathBuf]) -> Vec<String> {
    let below = roots.iter().filter_map(|root| photo.strip_prefix(root).ok());
    let below = below.min_by_key(|below| below.components().count()).and_then(Path::parent);
    let names = below.into_iter().flat_map(Path::components).filter_map(|component| match component {
        Component::Normal(name) => Some(name.to_string_lossy().into_owned()),
        _ => None,
    });
    names.collect()
}

/// Name of a photo's file without its extension.
pub(super) fn stem(photo: &str) -> String {
    Path::new(photo).file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_line_and_a_file_a_stem() {
        let place = Place { department: "外语学院".to_owned(), class: "英语2班".to_owned(), ..Place::default() };
        assert_eq!((place.words().as_str(), Place::default().words().as_str()), ("外语学院 英语2班", ""));
        assert_eq!(["a/张三.v2.jpg", "张三", ""].map(stem), ["张三.v2", "张三", ""]);
    }

    #[test]
    fn classes_are_counted() {
        let class = |class: &str| Place { class: class.to_owned(), ..Place::default() };
        for counted in [
            &["软件1班", "软件2班", "软件10班", "软件11班"],
            &["一班", "二班", "三班", "九班"],
            &["十班", "十二班", "二十一班", "三十班"],
            &["网络01班", "网络2班", "网络2班A", "网络10班"],
        ] {
            let mut classes = counted.map(class);
            classes.reverse();
            classes.sort();
            assert_eq!(classes, counted.map(class));
        }
    }

    #[test]
    fn folders_tell_what_a_student_leaves_open_and_tasks_cameras_and_names_are_no_places() {
        let words = |own: &str, folders: &str| {
            let [department, major, class] = own.split('/').map(str::to_owned).collect::<Vec<_>>().try_into().unwrap();
            let folders = folders.split('/').map(str::to_owned).collect::<Vec<_>>();
            let own = Place { department, major, class };
            own.or_folders(&Place::of_folders(&folders), "吴九").words()
        };
        for (own, folders, place) in [
            ("//软件1班", "100CANON", "软件1班"),
            ("//软件1班", "补拍", "软件1班"),
            ("//软件1班", "吴九", "软件1班"),
            ("//软件1班", "计算机学院", "计算机学院 软件1班"),
            ("//软件1班", "计算机/软件1班", "计算机 软件1班"),
            ("//软件1班", "第一天/软件1班", "软件1班"),
            ("//软件1班", "4月9日/原片/软件1班", "软件1班"),
            ("计算机学院//", "计算机/软件2101", "计算机学院 软件2101"),
            ("计算机学院//", "计算机学院/101CANON", "计算机学院"),
            ("//", "计算机", "计算机"),
            ("//", "吴九", ""),
        ] {
            assert_eq!(words(own, folders), place, "{own} {folders}");
        }
    }

    #[test]
    fn folders_tell_department_major_and_class() {
        let roots = [PathBuf::from("photos"), PathBuf::from("photos/late"), PathBuf::from(".")];
        let words = |path: &str| {
            let Place { department, major, class } = Place::of_folders(&folders(Path::new(path), &roots));
            [department, major, class].join("/")
        };
        assert_eq!(words("photos/计算机学院/软件工程/1班/1.jpg"), "计算机学院/软件工程/1班");
        assert_eq!(words("photos/计算机学院/2022/软件工程/1班/1.jpg"), "计算机学院/2022/1班");
        assert_eq!(words("photos/late/外语学院/英语2班/1.jpg"), "外语学院//英语2班");
        assert_eq!(words("photos/英语2班/1.jpg"), "//英语2班");
        assert_eq!(words("./外语学院/1.jpg"), "外语学院//");
        assert_eq!(words("photos/1.jpg"), "//");
    }
}
