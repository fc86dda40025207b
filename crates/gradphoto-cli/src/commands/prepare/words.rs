//! What is said of a run, before it and at its end.

use std::path::Path;

use gradphoto::batch::Student;
use gradphoto::photo::shown;
use gradphoto::{Language, PhotoVerdict, Profile};

use super::done::Counts;
use crate::output::counted;
use crate::output::record::plain;
use crate::upload::copies::{Copies, Scope};
use crate::upload::index;

/// What to know of a profile that does not ask for the one size that copies have.
pub fn note_on_size(profile: &Profile, language: Language) -> Option<String> {
    let name = profile.name();
    profile.settings("image-size").is_none().then(|| match language {
        Language::Zh => format!("标准 {name} 没有规定 480×640，副本仍按 480×640 生成，请先确认接收方接受这个尺寸。"),
        Language::En => format!(
            "The profile {name} does not ask for 480x640, yet copies have that size: make sure that it is taken."
        ),
    })
}

/// Copies that are kept although their photos are not where they were.
pub fn missing(copies: &Copies, scope: &Scope, language: Language) -> String {
    let missing = copies.of_missing(scope).collect::<Vec<_>>();
    let Some(first) = missing.first() else { return String::new() };
    let (count, photo, file) = (missing.len(), plain(&first.photo), plain(first.file.as_deref().unwrap_or_default()));
    match language {
        Language::Zh => format!(
            "另有 {count} 份副本的原片不在原处（如 {file}，原片 {photo}），副本仍保留；不再需要的，请删除副本后再运行一次\n"
        ),
        Language::En => format!(
            "Copies kept whose originals are not where they were: {count} (such as {file}, of {photo}); \
             delete those that nobody needs and run again\n"
        ),
    }
}

/// Who of the roster has no photo, neither in this run nor in those before; who was collected before needs none.
pub fn without_photo(left_out: &[&Student], language: Language) -> String {
    const NAMED: usize = 5;
    let missing = left_out.iter().filter(|student| !student.is_collected()).collect::<Vec<_>>();
    let (count, collected) = (missing.len(), left_out.len() - missing.len());
    let named = missing.iter().take(NAMED).map(|student| plain(&student.words())).collect::<Vec<_>>();
    match language {
        _ if missing.is_empty() => String::new(),
        Language::Zh => {
            let and_more = if count > NAMED { "等" } else { "" };
            let collected =
                if collected > 0 { format!("（此前已采集的 {collected} 人不计）") } else { String::new() };
            format!("名册上还有 {count} 人没有照片{collected}：{}{and_more}，列在 index.csv 末尾\n", named.join("、"))
        }
        Language::En => {
            let and_more = if count > NAMED { " and others" } else { "" };
            let collected =
                if collected > 0 { format!(", without {collected} collected before") } else { String::new() };
            format!(
                "On the roster, no photo: {count}{collected}: {}{and_more}; they stand at the end of index.csv\n",
                named.join(", ")
            )
        }
    }
}

/// How many copies are right in framing and file, while what they show does not pass: nobody should hand these in unseen.
pub fn unfit(copies: &Copies, language: Language) -> String {
    let count = |verdict| copies.all().filter(|copy| copy.file.is_some() && copy.outcome() == Some(verdict)).count();
    let (fail, review) = (count(PhotoVerdict::Fail), count(PhotoVerdict::Review));
    let told = |words: [String; 2]| {
        let counted = std::iter::zip([fail, review], words).filter(|(count, _)| *count > 0);
        counted.map(|(_, words)| words).collect::<Vec<_>>()
    };
    match language {
        _ if fail + review == 0 => String::new(),
        Language::Zh => format!(
            "注意：尺寸、大小都已合规，但其中照片本身{}；上报前请加 --ready，只留合格的和人工通过的\n",
            told([format!("不合格 {fail} 份"), format!("待确认 {review} 份")]).join("、")
        ),
        Language::En => format!(
            "Note: size and framing are right, but not what every copy shows: {}; \
             --ready keeps those that pass and those that a person let pass\n",
            told([format!("fail {fail}"), format!("review {review}")]).join(", ")
        ),
    }
}

pub fn summary(
    Counts { made, unchanged, replaced, refused }: Counts,
    removed: usize,
    packed: &[(String, usize)],
    folder: &Path,
    language: Language,
) -> String {
    let all = made + unchanged + replaced + refused;
    let mut text = match language {
        Language::Zh => {
            format!("\n共 {all} 张：已生成 {made}，未变 {unchanged}，以本人另一张为准 {replaced}，不能生成 {refused}\n")
        }
        Language::En => {
            let photos = counted(all, "photo");
            let made = format!("{made} {}", if made == 1 { "copy" } else { "copies" });
            format!(
                "\n{photos}: {made} made, {unchanged} unchanged, {replaced} in favour of another, {refused} refused\n"
            )
        }
    };
    if removed > 0 {
        text += &match language {
            Language::Zh => format!("已删除不再对应任何照片的旧副本 {removed} 个\n"),
            Language::En => format!("Old copies removed, since they belong to nobody any more: {removed}\n"),
        };
    }
    for (name, photos) in packed {
        let name = plain(&shown(&folder.join("zip").join(name)));
        text += &match language {
            Language::Zh => format!("{name}：{photos} 张\n"),
            Language::En => format!("{name}: {}\n", counted(*photos, "photo")),
        };
    }
    let index = plain(&shown(&folder.join(index::FILE_NAME)));
    text + &match language {
        Language::Zh => format!("每个文件是谁的、结论如何，见 {index}\n"),
        Language::En => format!("Whose each file is, and its verdict: {index}\n"),
    }
}
