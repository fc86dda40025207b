//! Whether characters in a photo's name read like the name of a person, or like a word that people write on files.

use std::borrow::Cow;

use super::super::names::is_cjk;
use super::super::stem::Part;
use super::super::words::Words;

/// Whether a part reads like the name of a person, also one of which a character is missing.
pub(super) fn reads_like_a_name(part: &Part) -> bool {
    part.has_stand_in() && part.text.chars().count() >= 2 || is_like_a_name(&part.text)
}

/// Whether Chinese characters read like the name of a person.
pub(in crate::batch) fn is_like_a_name(text: &str) -> bool {
    let text = text.trim_matches('·');
    let length = text.chars().count();
    has_surname(text)
        || (3..=4).contains(&length) && DOUBLE_SURNAMES.begin(text) && !is_word(text)
        || ((2..=6).contains(&length) || text.contains('·')) && GIVEN_NAMES.begin(text) && !is_word(text)
}

/// Whether a text is as long as a name and begins with a surname of one character.
pub(super) fn has_surname(text: &str) -> bool {
    let surname = text.chars().next().unwrap_or_default();
    let is_word = || WORDS.has(text) || text.ends_with("老师") || text.ends_with("同学");
    (2..=3).contains(&text.chars().count()) && SURNAMES.contains(surname) && !is_word()
}

/// What a name of a roster begins with, where it is as long as names of a surname are and no word on files begins so.
pub(super) fn surname(name: &str) -> Option<char> {
    name.chars().next().filter(|first| is_as_long_as_a_name(name) && !STARTS_OF_WORDS.contains(*first))
}

/// A name without the star that marks it in the list, if it has one: 吴九 for 吴九*.
pub(super) fn without_star(name: &str) -> Option<&str> {
    let own = name.trim_end_matches(['*', '＊', '★', '☆', '※', '△', '▲']).trim_end();
    (own.len() < name.len() && own.chars().count() > 1 && own.chars().all(is_cjk)).then_some(own)
}

/// A name with the Latin one behind it in brackets, as a note: 张三（ZHANG San） for 张三 ZHANG San. A letter alone, 张三 A, is of the name.
pub(super) fn with_latin_noted(name: &str) -> Cow<'_, str> {
    let is_letter = |c: char| c.is_alphabetic() && !is_cjk(c);
    let parts = name.split_once(char::is_whitespace).filter(|(own, latin)| {
        own.chars().count() > 1
            && own.chars().all(is_cjk)
            && latin.chars().filter(|c| is_letter(*c)).count() > 2
            && latin.chars().all(|c| is_letter(c) || c.is_whitespace() || "'-.".contains(c))
    });
    parts.map_or(Cow::Borrowed(name), |(own, latin)| Cow::Owned(format!("{own}({latin})")))
}

/// Whether a text is a surname of two characters and nothing else.
pub(super) fn is_double_surname(text: &str) -> bool {
    DOUBLE_SURNAMES.has(text)
}

/// Whether a text is as long as a name and no word that people write on files.
pub(super) fn is_no_word(text: &str) -> bool {
    is_as_long_as_a_name(text) && !is_word(text)
}

fn is_as_long_as_a_name(text: &str) -> bool {
    (2..=3).contains(&text.chars().count()) && text.chars().all(is_cjk)
}

/// Whether people write this on files.
fn is_word(text: &str) -> bool {
    WORDS.has(text) || ENDS.end(text)
}

/// What words on files begin with.
const STARTS_OF_WORDS: &str =
    "一二三四五六七八九十第图照副正侧补重最新旧电微拍相底前后左右上下大小老男女校学本专毕手自个无有标免初二修精裁已未";

/// Surnames of nineteen in twenty people.
const SURNAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹曾彭萧肖蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严覃武莫孔向汤常温康施牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷曲盛冉翁蓝路游辛靳管柴蒙鲍华喻祁房滕屈饶解牟艾尤时阳阎穆农司古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏卫席柏米宗瞿桂全佟应臧闵苟邬边卞姬师仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜海阚花权强帅屠豆朴盖练廉禹井巴漆隆丰支";

/// Surnames of two characters that begin no common word.
const DOUBLE_SURNAMES: Words = Words(
    "欧阳 司马 上官 诸葛 司徒 夏侯 皇甫 尉迟 公孙 慕容 令狐 长孙 宇文 轩辕 端木 呼延 东郭 申屠 钟离 淳于 濮阳 澹台 \
     赫连 拓跋 独孤 南宫 闻人 完颜 纳兰 万俟 闾丘",
);

/// Beginnings of common names without a surname, Tibetan and Uyghur.
const GIVEN_NAMES: Words = Words(
    "次仁 扎西 卓玛 尼玛 达瓦 旦增 丹增 平措 央金 拉姆 格桑 白玛 索朗 洛桑 巴桑 普布 米玛 边巴 仁青 才让 德吉 曲珍 \
     罗布 多吉 加措 嘉措 强巴 贡布 晋美 顿珠 益西 拉巴 旺堆 迪丽 迪力 古丽 阿依 阿卜 阿不都 阿布都 努尔 买买 麦麦 \
     买合 麦合 木合 吐尔 图尔 艾合 艾力 艾尼 热依 热孜 热合 帕提 玉素 依布 伊布 祖丽 阿孜 如则 肉孜 再努 库尔班 穆罕 \
     穆合",
);

/// Words on files that begin like names.
const WORDS: Words = Words(
    "白底 白底照 蓝底 蓝底照 蓝色 白色 黄底 高清 高清照 原图 原片 原件 原照 成片 成品 成图 毕业 毕业照 毕业季 毕业生 \
     安全 管理 华为 江苏 安徽 云南 海南 宁夏 连拍 应届 应届生 全身 全身照 简历 明信片 方形 强化 马克 金融 法学 文学 \
     历史 时间 关系 单人 单人照 单寸 成功 成绩 成人 常用 师范 师大 农学 农林 商务 商学 商学院 全日制 高职 高清图 高中 \
     高考 向上 向左 向右 左侧 左转 安装 明亮 包装 时装 区别 原相机 官方 盘点 支付宝 满意 温柔 丰富 许可 何时 任务 \
     任意 项目 路径 班级 班长 班干部 单反 原照片 原图片 原始 原尺寸 白背景 白衬衫 白衬衣 白底图 蓝背景 蓝底图 成品图 \
     党员",
);

/// Characters alone on files.
pub(super) const CHARACTERS: Words = Words(
    "男 女 蓝 白 红 黄 灰 底 新 旧 补 正 反 侧 原 修 改 大 小 上 下 左 右 前 后 中 横 竖 寸 张 号 图 照 版 班 组 批 份 页 第 次 届 级 系 院 年 月 日 时 分 秒 的 好 对 错 是 否 用 终 定 最 全 半 头 像 汉 藏 回 满 壮 苗 一 二 三 四 五 六 七 八 九 十",
);

/// Those of them that say a sex.
pub(super) const SEXES: Words = Words("男 女");

/// Words in Latin letters on files.
pub(super) const LATIN_WORDS: Words = Words(
    "FINAL OK PS COPY PASSPORT PORTRAIT HEADSHOT PRO JPG JPEG PNG NEW OLD EDIT EDITED RETOUCHED CROP CROPPED RESIZED COMPRESSED \
     SCAN FRONT BLUE WHITE RED BACKGROUND BG COLOR COLOUR GRADUATION GRADUATE DIPLOMA DEGREE STUDENT CERTIFICATE ID CARD \
     ORIGINAL OFFICIAL LATEST UPDATED VERSION BACKUP SIZE MM CM PX DPI KB MB HD HQ FULL MR MS MRS MISS NAME CLASS NO",
);

/// Ends of words on files that a name has not.
const ENDS: Words =
    Words("照 照片 底 寸 版 原图 学院 系 专业 学校 大学 中学 届 批 组 正面 侧面 市 县 区 省 州 族 老师 同学 学生");
