//! What people decided, as it holds for copies.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use gradphoto::batch::{BatchFinding, BatchPhoto, Decided, Outcome, Status, without_id_numbers};
use gradphoto::{Language, PhotoVerdict, Text};

use super::copies::Copy;

/// The decisions that hold for these copies, under the names of their photos: those on a photo are for what is cut out of it.
/// Those on photos without a copy are left out, for it is told already why there is none.
pub fn of_copies(decided: Vec<Decided>, copies: &[Copy]) -> Vec<Decided> {
    let made = || copies.iter().filter(|copy| !copy.sha256.is_empty());
    let by_photo = made().map(|copy| (copy.photo_sha256.as_str(), copy)).collect::<HashMap<_, _>>();
    let by_file = made().filter_map(|copy| Some(((copy.sha256.as_str(), stem(copy.file.as_deref()?)), copy)));
    let by_file = by_file.collect::<HashMap<_, _>>();
    let without = copies.iter().filter(|copy| copy.sha256.is_empty());
    let without = without.flat_map(|copy| [&copy.photo, &copy.photo_sha256]).collect::<HashSet<_>>();
    let mut rows = Vec::new();
    for mut row in decided {
        if let Some(copy) = by_photo.get(row.sha256.as_str()) {
            row.sha256.clone_from(&copy.sha256);
        } else if let Some(copy) = by_file.get(&(row.sha256.as_str(), stem(&row.photo))) {
            row.photo.clone_from(&copy.photo);
        } else if without.contains(&row.photo) || without.contains(&row.sha256) && !row.sha256.is_empty() {
            continue;
        }
        rows.push(row);
    }
    rows
}

/// Takes its file from a copy that may not be handed in after all, and says why. `notes` is what the batch rules say of its
/// photo, `student` whose copy it is.
pub fn settle(
    copy: &mut Copy,
    photo: &BatchPhoto,
    notes: &[&BatchFinding],
    student: Option<usize>,
    language: Language,
) {
    if photo.student() != student {
        OTHER_STUDENT.get(language).clone_into(&mut copy.why);
    } else if matches!(photo.status(), Status::Done | Status::Granted) {
        if photo.outcome() == Outcome::Pass {
            copy.verdict = Some(PhotoVerdict::Pass);
            copy.why.clear();
        }
        return;
    } else if copy.why.is_empty() {
        // Nothing but its colour is judged by the others.
        copy.why = if notes.is_empty() { OTHER_COLOUR.get(language).to_owned() } else { joined(notes, language) };
    }
    copy.file = None;
}

/// Notes on a copy what its photo leaves open among the others, such as one picture under two names; where it is new, its
/// colour may be the camera's. Returns whether it was thought to be another before.
pub fn among_others(
    copy: &mut Copy,
    photo: &BatchPhoto,
    notes: &[&BatchFinding],
    is_new: bool,
    language: Language,
) -> bool {
    let before = (copy.verdict, copy.open.clone());
    copy.open = joined(notes.iter().filter(|finding| !finding.is_settled()), language);
    if is_new && photo.outcome() == Outcome::Pass && copy.verdict != Some(PhotoVerdict::Pass) {
        copy.verdict = Some(PhotoVerdict::Pass);
        copy.why.clear();
    }
    before != (copy.verdict, copy.open.clone())
}

/// What findings say, as one text.
fn joined<'a>(findings: impl IntoIterator<Item = &'a &'a BatchFinding>, language: Language) -> String {
    findings.into_iter().map(|finding| finding.reason().get(language)).collect::<Vec<_>>().join(" ")
}

/// The name of a photo as decisions have it, whatever its folder and extension.
pub fn stem(photo: &str) -> String {
    let photo = photo.replace('\\', "/");
    without_id_numbers(&Path::new(&photo).file_stem().unwrap_or_default().to_string_lossy())
}

const OTHER_STUDENT: Text = Text {
    zh: "人工结论把这张照片给了另一名学生，请改照片名，或用 --assign 指定。",
    en: "A decision gives this photo to another student: rename it, or say whose it is with --assign.",
};

const OTHER_COLOUR: Text = Text {
    zh: "色彩与同批照片相差较大，请核对。",
    en: "Its colours differ from those of the other photos of the batch: look at it.",
};

#[cfg(test)]
mod tests {
    use super::*;

    fn copy(photo: &str, photo_sha256: &str, file: Option<&str>, sha256: &str) -> Copy {
        let [photo, photo_sha256, sha256] = [photo, photo_sha256, sha256].map(str::to_owned);
        let file = file.map(str::to_owned);
        Copy { photo, photo_sha256, file, sha256, ..Copy::default() }
    }

    #[test]
    fn what_was_decided_on_a_photo_or_its_copy_holds_for_the_copy_under_the_name_of_the_photo() {
        let copies = [
            copy("相机/a.jpg", "a0", Some("1班/zp1.jpg"), "a1"),
            copy("相机/b.jpg", "b0", None, ""),
            copy("相机/c.jpg", "", None, ""),
        ];
        let rows = [
            ("结果/a.jpg", "a0"),
            ("上传/1班/zp1.jpg", "a1"),
            ("相机/a.jpg", "a1"),
            ("别处/b.jpg", "b0"),
            ("相机/c.jpg", "c0"),
            ("相机/d.jpg", "d0"),
            ("相机/e.jpg", ""),
        ];
        let rows = of_copies(rows.map(|(photo, sha256)| Decided::new(photo, sha256, "")).to_vec(), &copies);
        let rows = rows.iter().map(|row| (row.photo.as_str(), row.sha256.as_str())).collect::<Vec<_>>();
        let expected = [
            ("结果/a.jpg", "a1"),
            ("相机/a.jpg", "a1"),
            ("相机/a.jpg", "a1"),
            ("相机/d.jpg", "d0"),
            ("相机/e.jpg", ""),
        ];
        assert_eq!(rows, expected);
    }
}
