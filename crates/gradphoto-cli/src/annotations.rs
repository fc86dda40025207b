//! Writes the annotated photos of `gradphoto check --annotate DIR`.

use std::collections::HashSet;
use std::fs::File;
use std::io::Read;
use std::path::{Component, Path, PathBuf};

use gradphoto::photo::shown;
use gradphoto::{Examination, Language, annotate};
use gradphoto_app::atomic;
use image::codecs::jpeg::JpegEncoder;

use crate::own;
use crate::trouble::{OrTrouble, trouble, unwritten};

/// Where the annotated photo of each photo goes.
pub struct Annotations {
    files: Vec<PathBuf>,
}

/// Sharp letters without a file that is too large to send.
const JPEG_QUALITY: u8 = 88;
/// A JPEG comment: files with it were drawn here and may be drawn again.
const COMMENT: &[u8] = b"\xFF\xFE\x00\x1Adrawn by gradphoto check";
/// Behind the start of the image and its JFIF segment.
const COMMENT_START: usize = 20;

impl Annotations {
    /// Makes the folder and finds a file name for each of `found`, the photos below `inputs`; no two are alike, and a file
    /// that somebody else put there is never written over.
    pub fn prepare(folder: &Path, inputs: &[PathBuf], found: &[PathBuf]) -> anyhow::Result<Annotations> {
        let cure = || {
            let folder = folder.display();
            trouble(
                format!("无法写入 {folder}，请给 --annotate 换一个文件夹"),
                format!("cannot write to {folder}; give --annotate another folder"),
            )
        };
        own::make(folder).or_trouble(cure)?;
        let files = file_names(inputs, found).into_iter().map(|name| folder.join(name)).collect::<Vec<_>>();
        if let Some(foreign) = files.iter().find(|file| file.exists() && !is_drawn_here(file)) {
            let foreign = foreign.display();
            return Err(trouble(
                format!("{foreign} 不是 --annotate 画出的图片，请换一个文件夹"),
                format!("{foreign} was not drawn by --annotate; give it another folder"),
            )
            .into());
        }
        Ok(Annotations { files })
    }

    /// Draws the photo that is at `place` in the list of photos and writes it whole, or not at all.
    pub fn draw(&self, place: usize, examination: &Examination, language: Language) -> anyhow::Result<()> {
        let file = &self.files[place];
        let picture = annotate(examination.evidence(), examination.report(), language);
        let mut jpeg = Vec::new();
        JpegEncoder::new_with_quality(&mut jpeg, JPEG_QUALITY).encode_image(&picture)?;
        jpeg.splice(COMMENT_START..COMMENT_START, COMMENT.iter().copied());
        atomic::write(file, &jpeg).or_trouble(|| unwritten(file))
    }
}

/// The photos' paths below the folder that all inputs share, as JPEG files.
fn file_names(inputs: &[PathBuf], photos: &[PathBuf]) -> Vec<PathBuf> {
    let absolute = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let folders = inputs.iter().map(|input| {
        let path = absolute(input);
        if input.is_dir() { path } else { path.parent().map(Path::to_owned).unwrap_or_default() }
    });
    let shared = folders.reduce(|a, b| {
        let alike = a.components().zip(b.components()).take_while(|(a, b)| a == b);
        alike.map(|(component, _)| component).collect()
    });
    let shared = shared.unwrap_or_default();
    // Lower case, for file systems that take a.jpg and A.jpg for the same.
    let mut taken = HashSet::new();
    let mut unique = |photo: &PathBuf| {
        let path = absolute(photo);
        let below = path.strip_prefix(&shared).unwrap_or(&path);
        let below = below.components().filter(|part| matches!(part, Component::Normal(_))).collect::<PathBuf>();
        // Names that are no UTF-8 become those that people read.
        let below = PathBuf::from(shown(&below));
        let stem = below.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let numbered = |number| match number {
            1 => below.with_file_name(format!("{stem}.jpg")),
            _ => below.with_file_name(format!("{stem}-{number}.jpg")),
        };
        let mut names = (1..).map(numbered);
        names.find(|name| taken.insert(name.to_string_lossy().to_lowercase())).unwrap_or_default()
    };
    photos.iter().map(&mut unique).collect()
}

fn is_drawn_here(file: &Path) -> bool {
    let mut start = [0; COMMENT_START + COMMENT.len()];
    File::open(file).and_then(|mut file| file.read_exact(&mut start)).is_ok() && start.ends_with(COMMENT)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(inputs: &[&str], photos: &[&str]) -> Vec<String> {
        let paths = |paths: &[&str]| paths.iter().map(PathBuf::from).collect::<Vec<_>>();
        let names = file_names(&paths(inputs), &paths(photos)).into_iter();
        names.map(|name| name.to_str().unwrap().replace('\\', "/")).collect()
    }

    #[test]
    fn names_keep_the_folders_that_tell_photos_apart() {
        assert_eq!(names(&["a/1.jpg", "b/1.jpg"], &["a/1.jpg", "b/1.jpg"]), ["a/1.jpg", "b/1.jpg"]);
        assert_eq!(names(&["a/1.jpg", "a/2.jpg"], &["a/1.jpg", "a/2.jpg"]), ["1.jpg", "2.jpg"]);
        assert_eq!(names(&["../1.jpg", "1.jpg"], &["../1.jpg", "1.jpg"]), ["1.jpg", "1-2.jpg"]);
    }

    #[test]
    fn no_two_names_are_alike() {
        let photos = ["1.jpg", "1.png", "1.JPG", "1-2.jpg", "1.jpg"];
        assert_eq!(names(&photos, &photos), ["1.jpg", "1-2.jpg", "1-3.jpg", "1-2-2.jpg", "1-4.jpg"]);
    }
}
