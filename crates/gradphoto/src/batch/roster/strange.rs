//! Folders of departments and classes that the roster has not, where whoever has a student's name may be another: 艺术学院,
//! 商英2201.

use super::super::words::Words;
use super::Roster;
use super::class::{Called, up_to_class, without_year};

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

impl Roster {
    /// Whether a photo of a student lies in the folder of a department or class that the roster has not, and that is no short
    /// name of the student's own. Who lies in the folder of the own class besides does so rightly.
    pub(super) fn is_among_strangers(&self, student: usize, folders: &[String]) -> bool {
        let own = self.places.class_of(student);
        let folders = folders.iter().map(|folder| up_to_class(folder)).collect::<Vec<_>>();
        let strange = folders.iter().filter(|folder| !self.places.has_any(without_year(folder)));
        let is_own_class = |folder: &String| {
            let called = Called::new(folder);
            let is_called = || own.numbers(folder) && own.may_be(&called);
            called.letters.len() > 1 && (without_year(folder) == own.name || is_called())
        };
        let is_other_class =
            |folder: &String| !own.name.is_empty() && own.numbers(folder) && !own.may_be(&Called::new(folder));
        let is_other_department =
            |folder: &str| is_like_department(folder, &own.department) && !own.has(&Called::new(folder));
        !folders.iter().any(is_own_class)
            && strange.clone().any(|folder| is_other_class(folder) || is_other_department(without_year(folder)))
    }
}

/// Whether a folder is named as departments are whose names end as that of this one does.
fn is_like_department(folder: &str, department: &str) -> bool {
    let ends = ["学院", "系"];
    let is_one = |end: &&str| folder.ends_with(*end) && department.ends_with(*end);
    ends.iter().any(is_one) && SUBJECTS.are_in(folder) && !SCHOOLS.are_in(folder) && !SCHOOLS_BEGIN.begin(folder)
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
