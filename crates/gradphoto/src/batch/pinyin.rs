//! Chinese characters in Latin letters, for the 3755 most used ones: GB 2312 has them in the order of their sounds.

use std::sync::LazyLock;

use encoding_rs::GBK;

use super::words::Words;

/// The first character of each syllable, and the syllable; Ü is written U.
const SYLLABLES: Words = Words(
    "啊A 埃AI 鞍AN 肮ANG 凹AO 芭BA 白BAI 斑BAN 邦BANG 苞BAO 杯BEI 奔BEN 崩BENG 逼BI 鞭BIAN 标BIAO 鳖BIE 彬BIN 兵BING \
     玻BO 捕BU 擦CA 猜CAI 餐CAN 苍CANG 操CAO 厕CE 层CENG 插CHA 拆CHAI 搀CHAN 昌CHANG 超CHAO 车CHE 郴CHEN 撑CHENG \
     吃CHI 充CHONG 抽CHOU 初CHU 揣CHUAI 川CHUAN 疮CHUANG 吹CHUI 春CHUN 戳CHUO 疵CI 聪CONG 凑COU 粗CU 蹿CUAN 摧CUI \
     村CUN 磋CUO 搭DA 大DAI 耽DAN 当DANG 刀DAO 德DE 蹬DENG 堤DI 颠DIAN 碉DIAO 跌DIE 丁DING 丢DIU 东DONG 兜DOU 都DU \
     端DUAN 堆DUI 墩DUN 掇DUO 蛾E 恩EN 而ER 发FA 藩FAN 坊FANG 菲FEI 芬FEN 丰FENG 佛FO 否FOU 夫FU 噶GA 该GAI 干GAN \
     冈GANG 篙GAO 哥GE 给GEI 根GEN 耕GENG 工GONG 钩GOU 辜GU 刮GUA 乖GUAI 棺GUAN 光GUANG 瑰GUI 辊GUN 锅GUO 哈HA 骸HAI \
     酣HAN 夯HANG 壕HAO 呵HE 嘿HEI 痕HEN 哼HENG 轰HONG 喉HOU 呼HU 花HUA 槐HUAI 欢HUAN 荒HUANG 灰HUI 荤HUN 豁HUO 击JI \
     嘉JIA 歼JIAN 僵JIANG 蕉JIAO 揭JIE 巾JIN 劲JING 炯JIONG 揪JIU 鞠JU 捐JUAN 撅JUE 均JUN 喀KA 开KAI 刊KAN 康KANG \
     考KAO 坷KE 肯KEN 坑KENG 空KONG 抠KOU 枯KU 夸KUA 块KUAI 宽KUAN 匡KUANG 亏KUI 坤KUN 括KUO 垃LA 莱LAI 蓝LAN 琅LANG \
     捞LAO 勒LE 雷LEI 棱LENG 厘LI 俩LIA 联LIAN 粮LIANG 撩LIAO 列LIE 琳LIN 拎LING 溜LIU 龙LONG 楼LOU 芦LU 驴LU 峦LUAN \
     掠LUE 抡LUN 萝LUO 妈MA 埋MAI 瞒MAN 芒MANG 猫MAO 么ME 玫MEI 门MEN 萌MENG 眯MI 棉MIAN 苗MIAO 蔑MIE 民MIN 明MING \
     谬MIU 摸MO 谋MOU 拇MU 拿NA 氖NAI 南NAN 囊NANG 挠NAO 呢NE 馁NEI 嫩NEN 能NENG 妮NI 蔫NIAN 娘NIANG 鸟NIAO 捏NIE \
     您NIN 柠NING 牛NIU 脓NONG 奴NU 女NU 暖NUAN 虐NUE 挪NUO 哦O 欧OU 啪PA 拍PAI 攀PAN 乓PANG 抛PAO 呸PEI 喷PEN 砰PENG \
     坯PI 篇PIAN 飘PIAO 撇PIE 拼PIN 聘PING 坡PO 扑PU 期QI 掐QIA 牵QIAN 枪QIANG 橇QIAO 切QIE 钦QIN 青QING 琼QIONG \
     秋QIU 趋QU 圈QUAN 缺QUE 裙QUN 然RAN 瓤RANG 饶RAO 惹RE 壬REN 扔RENG 日RI 戎RONG 揉ROU 肉RU 软RUAN 蕊RUI 闰RUN \
     若RUO 撒SA 腮SAI 三SAN 桑SANG 搔SAO 瑟SE 森SEN 僧SENG 莎SHA 筛SHAI 珊SHAN 墒SHANG 梢SHAO 奢SHE 砷SHEN 声SHENG \
     师SHI 收SHOU 蔬SHU 刷SHUA 摔SHUAI 栓SHUAN 霜SHUANG 谁SHUI 吮SHUN 说SHUO 斯SI 松SONG 搜SOU 苏SU 酸SUAN 虽SUI \
     孙SUN 蓑SUO 塌TA 胎TAI 坍TAN 汤TANG 掏TAO 特TE 藤TENG 梯TI 天TIAN 挑TIAO 贴TIE 厅TING 通TONG 偷TOU 凸TU 湍TUAN \
     推TUI 吞TUN 拖TUO 挖WA 歪WAI 豌WAN 汪WANG 威WEI 瘟WEN 嗡WENG 挝WO 巫WU 昔XI 瞎XIA 掀XIAN 相XIANG 萧XIAO 楔XIE \
     薪XIN 星XING 兄XIONG 休XIU 墟XU 轩XUAN 靴XUE 勋XUN 压YA 焉YAN 殃YANG 邀YAO 椰YE 一YI 茵YIN 英YING 哟YO 拥YONG \
     幽YOU 迂YU 鸳YUAN 曰YUE 耘YUN 匝ZA 栽ZAI 咱ZAN 赃ZANG 遭ZAO 责ZE 贼ZEI 怎ZEN 增ZENG 扎ZHA 摘ZHAI 瞻ZHAN 樟ZHANG \
     招ZHAO 遮ZHE 珍ZHEN 蒸ZHENG 芝ZHI 中ZHONG 舟ZHOU 珠ZHU 抓ZHUA 拽ZHUAI 专ZHUAN 桩ZHUANG 椎ZHUI 谆ZHUN 捉ZHUO 兹ZI \
     鬃ZONG 邹ZOU 租ZU 钻ZUAN 嘴ZUI 尊ZUN 昨ZUO",
);

/// The syllable of a character.
pub(super) fn syllable(c: char) -> Option<&'static str> {
    static STARTS: LazyLock<Vec<([u8; 2], &str)>> = LazyLock::new(|| {
        let start = |entry: &'static str| {
            let first = entry.chars().next()?;
            Some((code(first)?, &entry[first.len_utf8()..]))
        };
        SYLLABLES.all().filter_map(start).collect()
    });
    let code = code(c)?;
    let next = STARTS.partition_point(|(start, _)| *start <= code);
    Some(STARTS[next.checked_sub(1)?].1)
}

/// The place of a character among them.
fn code(c: char) -> Option<[u8; 2]> {
    let code = <[u8; 2]>::try_from(&*GBK.encode(c.encode_utf8(&mut [0; 4])).0).ok()?;
    (matches!(code, [0xb0..=0xd7, 0xa1..=0xfe]) && code <= [0xd7, 0xf9]).then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_used_characters_have_their_syllable_and_others_none() {
        for (text, sounds) in [
            ("张三", "ZHANG SAN"),
            ("啊座", "A ZUO"),
            ("吕女", "LU NU"),
            ("欧阳娜", "OU YANG NA"),
            ("王伟", "WANG WEI"),
        ] {
            assert_eq!(text.chars().filter_map(syllable).collect::<Vec<_>>().join(" "), sounds);
        }
        assert!(['琪', 'A', '1', '張', '·', '\u{20bb7}'].into_iter().all(|c| syllable(c).is_none()));
    }
}
