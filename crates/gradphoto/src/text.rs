//! Chinese and English, side by side.

use std::io;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A sentence or name in both languages, fixed at compile time.
///
/// A rule's sentences may hold placeholders, which [`Finding::reason`](crate::Finding::reason) fills in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Text {
    /// Simplified Chinese, worded as a school office would.
    pub zh: &'static str,
    /// English.
    pub en: &'static str,
}

/// Short for [`Text::new`].
pub const fn text(zh: &'static str, en: &'static str) -> Text {
    Text::new(zh, en)
}

/// A finished sentence in both languages. [`Display`](std::fmt::Display) writes the English one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{en}")]
pub struct Reason {
    /// Simplified Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

/// Of a file that another program holds: the cause in Chinese, and the cure.
const IN_USE: (&str, Text) =
    ("正被其他程序占用", text("请关闭该程序后重试", "close the program that uses it and try again"));

impl From<Text> for Reason {
    fn from(text: Text) -> Reason {
        Reason { zh: text.zh.to_owned(), en: text.en.to_owned() }
    }
}

impl Reason {
    /// The same sentence worded in both languages.
    pub fn in_each(word: impl Fn(Language) -> String) -> Self {
        Reason { zh: word(Language::Zh), en: word(Language::En) }
    }

    /// Pairs a Chinese with an English sentence.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Reason { zh: zh.into(), en: en.into() }
    }

    /// What the operating system says and what helps, without a full stop.
    pub fn of_system(error: &io::Error) -> Self {
        use io::ErrorKind as Kind;
        let (cause_zh, cure) = match error.kind() {
            Kind::NotFound => ("文件或文件夹不存在", text("请核对路径", "check the path")),
            // Windows says so too of a file that another program has open.
            Kind::PermissionDenied if cfg!(windows) => (
                "没有权限，或正在其他程序里打开",
                text(
                    "请关闭打开它的程序；仍不行请换一个文件夹",
                    "close the program that has it open, or use another folder",
                ),
            ),
            Kind::PermissionDenied => {
                ("没有权限", text("请换一个文件夹，或请管理员开放权限", "use another folder or ask for access"))
            }
            Kind::AlreadyExists => ("已经存在", text("请换一个名称", "choose another name")),
            Kind::IsADirectory => ("这是文件夹，不是文件", text("请选择里面的文件", "name a file in it")),
            Kind::NotADirectory => ("路径中有一段不是文件夹", text("请核对路径", "check the path")),
            Kind::StorageFull | Kind::WriteZero => {
                ("磁盘已满", text("请腾出空间后重试", "make room on the disk and try again"))
            }
            Kind::QuotaExceeded => ("磁盘配额已用完", text("请腾出空间后重试", "make room and try again")),
            Kind::ReadOnlyFilesystem => ("磁盘是只读的", text("请换一个磁盘", "use another disk")),
            Kind::ResourceBusy => IN_USE,
            Kind::InvalidFilename => ("文件名太长或有不允许的字符", text("请改名", "rename it")),
            Kind::AddrInUse => ("端口已被占用", text("请换一个端口", "choose another port")),
            Kind::AddrNotAvailable => ("本机没有这个地址", text("请换一个地址", "choose another address")),
            Kind::TimedOut | Kind::StaleNetworkFileHandle | Kind::NetworkDown | Kind::NetworkUnreachable => {
                ("网络文件夹连不上", text("请检查网络后重试", "check the network and try again"))
            }
            Kind::UnexpectedEof => ("文件提前结束", text("请重新拷贝", "copy it again")),
            Kind::OutOfMemory => ("内存不足", text("请关闭其他程序后重试", "close other programs and try again")),
            Kind::InvalidInput => ("不是普通文件，或名称无效", text("请核对路径", "check the path")),
            _ => match error.raw_os_error() {
                Some(5) if cfg!(unix) => {
                    ("磁盘读写出错", text("请拷贝到另一个磁盘后重试", "copy it to another disk and try again"))
                }
                Some(40) if cfg!(target_os = "linux") => {
                    ("链接指向自己", text("请选择原文件", "name what it should point to"))
                }
                Some(32 | 33) if cfg!(windows) => IN_USE,
                _ => return Reason { zh: format!("系统提示：{error}"), en: error.to_string() },
            },
        };
        Reason { zh: format!("{cause_zh}，{}", cure.zh), en: format!("{error}; {}", cure.en) }
    }

    /// The sentence in one language.
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::Zh => &self.zh,
            Language::En => &self.en,
        }
    }
}

impl Text {
    /// Pairs a Chinese with an English text.
    pub const fn new(zh: &'static str, en: &'static str) -> Self {
        Text { zh, en }
    }

    /// The text in one language.
    pub fn get(&self, language: Language) -> &'static str {
        match language {
            Language::Zh => self.zh,
            Language::En => self.en,
        }
    }
}

/// The language of a sentence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// Simplified Chinese.
    #[default]
    Zh,
    /// English.
    En,
}

impl FromStr for Language {
    type Err = UnknownLanguage;

    /// `zh` or `en`, also with a country or a coding behind it, as in `zh-CN` or `en_GB.UTF-8`.
    fn from_str(tag: &str) -> Result<Self, UnknownLanguage> {
        match tag.split(['-', '_', '.']).next().unwrap_or_default().to_ascii_lowercase().as_str() {
            "zh" => Ok(Language::Zh),
            "en" => Ok(Language::En),
            _ => Err(UnknownLanguage(tag.to_owned())),
        }
    }
}

words! {
    /// Both languages.
    Language {
        Zh: "zh",
        En: "en",
    }
}

/// A language that is neither `zh` nor `en`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no language {0:?}; it is zh or en")]
pub struct UnknownLanguage(String);

/// Gives an enum all of its values and a word for each, by which programs know it: shown and serialised it is that word.
macro_rules! words {
    ($(#[doc = $all:literal])+ $kind:ident { $($value:ident: $word:literal,)+ }) => {
        impl $kind {
            $(#[doc = $all])+
            pub const ALL: &'static [$kind] = &[$($kind::$value),+];

            /// The word that programs know it by, in JSON and in files.
            pub fn as_str(self) -> &'static str {
                match self {
                    $($kind::$value => $word,)+
                }
            }
        }

        impl std::fmt::Display for $kind {
            /// Writes the word of [`as_str`](Self::as_str).
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl serde::Serialize for $kind {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
    };
}
pub(crate) use words;

/// Whether a character could hide in a name or change how it reads: controls, line ends, what has no width, direction marks.
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Lower-case hex digits of `bytes`.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_gets_its_own() {
        let both = text("甲", "a");
        assert_eq!((both.get(Language::Zh), both.get(Language::En)), ("甲", "a"));
        let reason = Reason::from(both);
        assert_eq!((reason.get(Language::Zh), reason.get(Language::En), &*reason.to_string()), ("甲", "a", "a"));
        assert_eq!(Reason::in_each(|language| both.get(language).to_owned()), reason);
    }

    #[test]
    fn what_the_system_says_comes_with_a_cure() {
        let full = Reason::of_system(&io::ErrorKind::StorageFull.into());
        assert_eq!(full.zh, "磁盘已满，请腾出空间后重试");
        assert!(full.en.ends_with("; make room on the disk and try again"), "{}", full.en);
        // Nobody knows a cure for what nobody knows.
        assert_eq!(Reason::of_system(&io::Error::other("odd")).zh, "系统提示：odd");
    }

    #[test]
    fn hex_keeps_leading_zeros() {
        assert_eq!(hex(&[0, 10, 255]), "000aff");
    }
}
