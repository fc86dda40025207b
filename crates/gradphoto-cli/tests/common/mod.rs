//! What several tests need: a folder of their own, pictures in it, and the command.

#![allow(dead_code)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use gradphoto::RULES;
use image::codecs::jpeg::JpegEncoder;
use image::{Rgb, RgbImage};

/// The profile of a school that leaves collars alone, for the portraits of these tests wear none.
pub const NO_COLLARS: &str = "extends = 'graduation-blue'\n[rules.collar-present]\nseverity = 'off'\n";

/// A folder of this test's own, emptied when the test starts.
pub struct Folder {
    pub path: PathBuf,
}

impl Folder {
    pub fn new(test: &str) -> Folder {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Folder { path }
    }

    pub fn at(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    pub fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.at(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        path
    }

    /// A JPEG of soft colours without a face.
    pub fn picture(&self, name: &str, width: u32, height: u32) -> PathBuf {
        let soft = |x: u32, y: u32| Rgb([(x % 256) as u8, (y % 256) as u8, 200]);
        let mut bytes = Vec::new();
        JpegEncoder::new(&mut bytes).encode_image(&RgbImage::from_fn(width, height, soft)).unwrap();
        self.write(name, &bytes)
    }

    /// Path of a profile in which this rule alone is on.
    pub fn only(&self, id: &str) -> String {
        let off = RULES.iter().filter(|rule| rule.id != id);
        let off = off.map(|rule| format!("[rules.{}]\nseverity = 'off'\n", rule.id));
        let profile = format!("extends = 'he-2017'\n{}", off.collect::<String>());
        self.write("only.toml", profile.as_bytes()).into_os_string().into_string().unwrap()
    }

    pub fn check(&self, photos: &[&Path], options: &[&str]) -> Output {
        command().arg("check").args(photos).args(options).current_dir(&self.path).output().unwrap()
    }
}

pub fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gradphoto"));
    command.env("LANG", "zh_CN.UTF-8").env_remove("LC_ALL").env_remove("LC_MESSAGES");
    command
}

pub fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// The JPEG with an EXIF block that has DateTimeOriginal alone, such as `2026:03:01 08:30:00`.
pub fn dated(jpeg: &[u8], when: &str) -> Vec<u8> {
    let mut exif = b"Exif\0\0II\x2a\0\x08\0\0\0\x01\0\x69\x87\x04\0\x01\0\0\0\x1a\0\0\0\0\0\0\0".to_vec();
    exif.extend(b"\x01\0\x03\x90\x02\0\x14\0\0\0\x2c\0\0\0\0\0\0\0");
    exif.extend(when.bytes().chain([0]));
    let length = (exif.len() as u16 + 2).to_be_bytes();
    // Behind the start of the image.
    [&jpeg[..2], b"\xff\xe1", &length, &exif, &jpeg[2..]].concat()
}
