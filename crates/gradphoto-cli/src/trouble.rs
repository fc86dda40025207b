//! What keeps the command from going on, in both languages; what caused it stands behind.

use std::error::Error as StdError;
use std::path::Path;
use std::{fmt, io};

use gradphoto::batch::{BATCH_RULES, TableError};
use gradphoto::{Language, RULES, Reason, nearest};
use gradphoto_app::{Refusal, atomic};

/// A sentence without its full stop, the file and the cure in it, and what caused it.
#[derive(Debug)]
pub struct Trouble {
    words: Reason,
    cause: Option<anyhow::Error>,
}

/// A trouble without a cause behind it.
pub fn trouble(zh: impl Into<String>, en: impl Into<String>) -> Trouble {
    Trouble { words: Reason::new(zh, en), cause: None }
}

/// A file or folder that cannot be written.
pub fn unwritten(path: &Path) -> Trouble {
    let path = path.display();
    trouble(format!("无法写入 {path}"), format!("cannot write {path}"))
}

/// A folder that cannot be made or written into.
pub fn unmade(folder: &Path) -> Trouble {
    let folder = folder.display();
    trouble(
        format!("无法新建或写入文件夹 {folder}，请换一个名称或位置"),
        format!("cannot create the folder {folder} or write into it; choose another name or place"),
    )
}

/// A file that cannot be read.
pub fn unread(path: &Path) -> Trouble {
    let path = path.display();
    trouble(format!("打不开 {path}"), format!("cannot read {path}"))
}

/// A file that cannot be removed.
pub fn unremoved(path: &Path) -> Trouble {
    let path = path.display();
    trouble(format!("无法删除 {path}"), format!("cannot remove {path}"))
}

/// A file of somebody else's with the name of one that is to be written.
pub fn foreign(path: &Path) -> Trouble {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")).display();
    trouble(
        format!("{folder} 里已有不是本程序写的 {name}，请给它改名，或换一个文件夹"),
        format!("{folder} holds {name}, which this program did not write; rename it, or choose another folder"),
    )
}

/// What came of replacing a file: another program may hold it, or it cannot be written.
///
/// # Errors
/// Where it was not replaced.
pub fn replaced(done: io::Result<()>, path: &Path) -> anyhow::Result<()> {
    if done.as_ref().is_err_and(atomic::is_held) {
        let shown = path.display();
        // Without what the system says, which has another cure.
        return Err(trouble(
            format!("无法替换 {shown}，可能正在 Excel、Word 等程序里打开，请关闭后重试"),
            format!("cannot replace {shown}; it may be open in another program: close it and try again"),
        )
        .into());
    }
    done.or_trouble(|| unwritten(path))
}

/// Sees to it that a file can be replaced when the time comes.
///
/// # Errors
/// Another program holds it.
pub fn freed(path: &Path) -> anyhow::Result<()> {
    replaced(atomic::free(path), path)
}

/// The error for a rule that is not there, with the nearest.
pub fn unknown_rule(id: &str) -> anyhow::Error {
    if BATCH_RULES.iter().any(|rule| rule.id == id) {
        let zh = format!("{id} 判断整批照片，不能单独选用或关闭");
        return trouble(zh, format!("{id} judges a whole batch; it cannot be selected or left out")).into();
    }
    let known = RULES.iter().map(|rule| rule.id).chain(BATCH_RULES.iter().map(|rule| rule.id));
    let (zh, en) = match nearest(id, known) {
        Some(near) => (format!("是否为 {near}？"), format!("did you mean {near}?")),
        None => ("全部规则见 gradphoto rules".to_owned(), "`gradphoto rules` lists them".to_owned()),
    };
    trouble(format!("没有规则 {id}，{zh}"), format!("there is no rule {id}; {en}")).into()
}

/// A run that ended before its last photo.
pub fn stopped(done: usize, all: usize, can_resume: bool) -> Trouble {
    let (zh, en) = match can_resume {
        true => ("；加上 --resume 重新运行即可接着检查", "; run the same command with --resume to continue"),
        false => ("", ""),
    };
    trouble(format!("共 {all} 张，停在第 {done} 张之后{zh}"), format!("stopped after {done} of {all} photos{en}"))
}

impl Trouble {
    /// The sentence in one language, without what caused it.
    pub fn get(&self, language: Language) -> &str {
        self.words.get(language)
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words.en)
    }
}

impl StdError for Trouble {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.cause.as_ref().map(|cause| cause.as_ref() as _)
    }
}

/// Gives an error the trouble that it makes.
pub trait OrTrouble<T> {
    /// The value, or this trouble, caused by the error.
    ///
    /// # Errors
    /// Where there is one.
    fn or_trouble(self, trouble: impl FnOnce() -> Trouble) -> anyhow::Result<T>;
}

impl<T, E: Into<anyhow::Error>> OrTrouble<T> for Result<T, E> {
    fn or_trouble(self, trouble: impl FnOnce() -> Trouble) -> anyhow::Result<T> {
        self.map_err(|cause| Trouble { cause: Some(cause.into()), ..trouble() }.into())
    }
}

/// The whole message: what is wrong, and what caused it.
pub fn message(error: &anyhow::Error, language: Language) -> String {
    let colon = if language == Language::Zh { "：" } else { ": " };
    let mut told: Vec<String> = Vec::new();
    for cause in error.chain() {
        let words = if let Some(trouble) = cause.downcast_ref::<Trouble>() {
            trouble.get(language).to_owned()
        } else if let Some(error) = cause.downcast_ref::<gradphoto::Error>() {
            error.message(language)
        } else if let Some(error) = cause.downcast_ref::<TableError>() {
            error.message(language)
        } else if let Some(refusal) = cause.downcast_ref::<Refusal>() {
            refusal.words.get(language).to_owned()
        } else if let Some(error) = cause.downcast_ref::<io::Error>() {
            Reason::of_system(error).get(language).to_owned()
        } else {
            cause.to_string()
        };
        // Some errors tell what caused them.
        if !told.iter().any(|told| told.contains(&words)) {
            told.push(words);
        }
    }
    told.join(colon)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_chain_is_told_in_one_language() {
        let full = || Err::<(), _>(io::Error::from(io::ErrorKind::StorageFull));
        let error = full().or_trouble(|| trouble("无法写入 a.csv", "cannot write a.csv"));
        let error = error.or_trouble(|| trouble("停在第3张", "stopped at photo 3")).expect_err("is full");
        assert_eq!(message(&error, Language::Zh), "停在第3张：无法写入 a.csv：磁盘已满，请腾出空间后重试");
        assert!(message(&error, Language::En).starts_with("stopped at photo 3: cannot write a.csv: "));
        let error = replaced(Err(io::ErrorKind::StorageFull.into()), Path::new("a.csv")).expect_err("is full");
        assert_eq!(message(&error, Language::Zh), "无法写入 a.csv：磁盘已满，请腾出空间后重试");
    }
}
