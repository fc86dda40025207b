//! Folders of departments and classes that the roster has not, where whoever has a student's name may be another: 艺术学院,
//! 商英2201.

use super::super::names::{folded, is_cjk};
use super::super::numerals::in_figures;
use super::super::stem::is_about_time;
use super::super::words::Words;
use super::Roster;
use super::places::{is_like_a_class, up_to_class, without_year};
use super::student::PLACES;

/// Names of whole schools, which have all departments, and what they begin with.
const SCHOOLS: Words = Words("职业 大学 师范 专科 高等 学校");
const SCHOOLS_BEGIN: Words = Words(
    "中国 北京 天津 上海 重庆 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 海南 四川 贵州 云南 陕西 甘肃 青海 \
     内蒙古 广西 西藏 宁夏 新疆 石家庄 太原 沈阳 大连 长春 哈尔滨 南京 苏州 杭州 宁波 合肥 福州 厦门 南昌 济南 青岛 郑州 武汉 长沙 广州 深圳 海口 \
     成都 贵阳 昆明 西安 兰州 西宁 呼和浩特 南宁 拉萨 银川 乌鲁木齐",
);
/// What departments teach; a school of a town has the name of the town alone: 宜春学院.
const SUBJECTS: Words = Words(
    "艺 外国语 外语 语言 文学 人文 历史 新闻 传媒 传播 音乐 美术 舞蹈 设计 体育 教育 学前 马克思 思政 经 管理 商 财 金融 会计 贸易 旅游 酒店 \
     法 政 公共 社会 国际 数学 物理 理学 化学 化工 生物 生命 环境 材料 机械 机电 电气 电子 自动化 信息 通信 计算机 软件 网络 数据 智能 工程 建筑 \
     土木 交通 汽车 轨道 航空 物流 能源 水利 地理 测绘 矿 农 林 园艺 动物 食品 医 护理 药 口腔 公卫 康养 家政 纺织 服装",
);
/// What is numbered as classes are: places to be photographed at.
const ROOMS: Words = Words("教室 考场 机房 实验室 宿舍 楼 校区");
/// Digits of a class's number where neither 班 nor the year of the student's own says that it is one: 2201.
const CLASS_DIGITS: usize = 4;
/// Of which so many are the year.
const YEAR_DIGITS: usize = 2;

impl Roster {
    /// Whether a photo of a student lies in the folder of a department or class that the roster has not, and that is no short
    /// name of the student's own. Who lies in the folder of the own class besides does so rightly.
    pub(super) fn is_among_strangers(&self, student: usize, folders: &[String]) -> bool {
        let [class, department, major] = PLACES.map(|field| folded(self.students[student].get(field)));
        let own = Own {
            class: &class,
            all: letters(&[&*department, &*major, &*class].concat()),
            parts: [&*class, &major, &department].map(letters),
        };
        let folders = folders.iter().map(|folder| without_year(&up_to_class(folder)).to_owned()).collect::<Vec<_>>();
        let strange = folders.iter().filter(|folder| !self.places.has_any(folder));
        let is_own_class = |folder: &String| {
            letters(folder).len() > 1 && (*folder == class || own.numbers(folder) && own.has_class(folder))
        };
        let is_other_class = |folder: &&String| !class.is_empty() && own.numbers(folder) && !own.has_class(folder);
        let is_other_department = |folder: &&String| is_like_department(folder, &department) && !own.has(folder);
        !folders.iter().any(is_own_class)
            && strange.clone().any(|folder| is_other_class(&folder) || is_other_department(&folder))
    }
}

/// The places of a student.
struct Own<'a> {
    class: &'a str,
    /// Letters of all, and of class, major and department.
    all: Vec<char>,
    parts: [Vec<char>; 3],
}

impl Own<'_> {
    /// Whether a folder has a short name of these places, 商英 for 商务英语, or a longer one: 软件技术 for 软件.
    fn has(&self, folder: &str) -> bool {
        let named = letters(folder);
        is_short_for(&named, &self.all) || self.parts.iter().any(|part| part.len() > 1 && is_short_for(part, &named))
    }

    /// Whether a folder may be the class by its word and its number: 软件22-1 and 22软件1 for 软件2201.
    fn has_class(&self, folder: &str) -> bool {
        let [folders, own] = [folder, self.class].map(digits);
        let is_one = |a: &[char], b: &[char]| a.is_empty() || a.last() == b.last() && is_short_for(a, b);
        // 软件2201 may be the class 2201 of a roster without majors.
        let is_called = self.parts[..2].iter().any(|part| !part.is_empty());
        (self.has(folder) || !is_called) && (own.is_empty() || is_one(&folders, &own) || is_one(&own, &folders))
    }

    /// Whether a folder has a number as classes have: 软件2班, 软件2202, and 软件22-2 where the own class is of that year.
    fn numbers(&self, folder: &str) -> bool {
        let [number, own] = [folder, self.class].map(digits);
        let of_year = |digits: &[char]| digits.len() > YEAR_DIGITS && digits[..YEAR_DIGITS] == number[..YEAR_DIGITS];
        let word = folder.trim_end_matches(|c: char| c.is_ascii_digit());
        let is_class = folder.ends_with('班')
            || number.len() > YEAR_DIGITS && of_year(&own) && !ROOMS.end(word)
            || number.len() == CLASS_DIGITS && !is_of_time(&number) && !ROOMS.end(word);
        // 软件2201-2202 is several.
        is_class && is_like_a_class(folder) && (1..=YEAR_DIGITS + CLASS_DIGITS).contains(&number.len())
    }
}

/// A year, or a month and a day.
fn is_of_time(number: &[char]) -> bool {
    let number = number.iter().collect::<String>();
    let part = |range| number.get(range).and_then(|part: &str| part.parse::<u32>().ok());
    is_about_time(&number) || matches!((part(0..2), part(2..4)), (Some(1..=12), Some(1..=31)))
}

/// Whether a folder is named as departments are whose names end as that of this one does.
fn is_like_department(folder: &str, department: &str) -> bool {
    let ends = ["学院", "系"];
    let is_one = |end: &&str| folder.ends_with(*end) && department.ends_with(*end);
    ends.iter().any(is_one) && SUBJECTS.are_in(folder) && !SCHOOLS.are_in(folder) && !SCHOOLS_BEGIN.begin(folder)
}

/// What a place is called, without what it is.
fn letters(place: &str) -> Vec<char> {
    let place = ["学院", "系", "专业"].iter().find_map(|end| place.strip_suffix(end)).unwrap_or(place);
    in_figures(place).chars().filter(|c| c.is_alphabetic() && (!is_cjk(*c) || !"班级届".contains(*c))).collect()
}

/// The digits of a place, 221 of 2022软件1.
fn digits(place: &str) -> Vec<char> {
    let digits = in_figures(place).chars().filter(char::is_ascii_digit).collect::<String>();
    let short = digits.strip_prefix("20").filter(|short| short.len() > YEAR_DIGITS);
    short.unwrap_or(&digits).chars().collect()
}

/// Whether all signs of one stand in another in their order.
fn is_short_for(short: &[char], long: &[char]) -> bool {
    let mut rest = long.iter();
    short.iter().all(|sign| rest.any(|other| other == sign))
}

#[cfg(test)]
mod tests {
    use super::super::super::field::Field;
    use super::super::testing::student;
    use super::super::{Match, Roster};

    fn roster() -> Roster {
        let people = [
            ("221001", "张三", "信息工程学院", "软件技术2201班"),
            ("221002", "李四", "信息工程学院", "软件技术2202班"),
            ("221003", "李四", "外国语学院", "商务英语2201班"),
            ("221004", "王五", "外国语学院", "1班"),
        ];
        let people = people.map(|(number, name, department, class)| {
            let mut student = student(number, "", name, class);
            student.set(Field::Department, department);
            student
        });
        Roster::new(people.to_vec())
    }

    #[test]
    fn a_name_in_the_folder_of_a_department_or_class_that_the_roster_has_not_is_asked_about() {
        let roster = roster();
        let find = |path: &str| {
            let mut folders = path.split('/').map(str::to_owned).collect::<Vec<_>>();
            let stem = folders.pop().unwrap_or_default();
            roster.find(&stem, &folders)
        };
        for path in [
            "艺术学院/张三",
            "艺术学院/舞蹈表演2201/张三",
            "舞蹈2201/张三",
            "舞蹈表演2201班/张三",
            "艺术学院/1班/张三",
            "2022级舞蹈表演2201班照片/张三",
            "软件22-2/张三",
            "22软件2/张三",
        ] {
            assert_eq!(find(path), Match::Several(vec![0]), "{path}");
            assert_eq!(find(&path.replace("张三", "221001张三")), Match::One(0), "{path} with the number");
        }
        assert_eq!(find("艺术学院/1班/王五"), Match::Several(vec![3]));
        assert_eq!(find("艺术学院/李四"), Match::Several(vec![1, 2]));
        for path in [
            "信息学院/张三",
            "软件技术2201班/张三",
            "艺术学院/软件技术2201班/张三",
            "软件2201/张三",
            "软件2201班/张三",
            "软技2201/张三",
            "软件22-1/张三",
            "22软件1/张三",
            "软件技术2201班 (2)/张三",
            "软件2201-2202/张三",
            "2022级软件1班/张三",
            "2022软件技术1班/张三",
            "湖南软件职业技术学院/张三",
            "湖南工程学院/张三",
            "宜春学院/张三",
            "第二机房2301/张三",
            "补拍0412/张三",
            "毕业照2026/张三",
            "计算机系/张三",
            "相机2/张三",
        ] {
            assert_eq!(find(path), Match::One(0), "{path}");
        }
        assert_eq!(find("商英2201/李四"), Match::Several(vec![1, 2]));
        let bare = Roster::new(vec![student("1", "", "张三", "2201班")]);
        for (folder, found) in [("软件2201", Match::One(0)), ("软件2202", Match::Several(vec![0]))] {
            assert_eq!(bare.find("张三", &[folder.to_owned()]), found, "{folder}");
        }
    }
}
