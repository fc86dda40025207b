//! Odd files of `tests/cases/pictures`, each for a kind.

use std::fs;
use std::path::{Path, PathBuf};

use image::RgbImage;

use super::{ColourModel, Density, FileFacts, Photo};
use crate::error::{Error, ErrorKind};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/cases/pictures")
}

fn load(name: &str) -> Result<Photo, Error> {
    Photo::load(folder().join(name).as_path())
}

fn facts(name: &str) -> FileFacts {
    load(name).expect("a whole photo").file().expect("came from a file").clone()
}

/// The sample that all of them were made from.
fn original() -> Photo {
    Photo::load(folder().join("../../samples/blue.jpg").as_path()).expect("a whole photo")
}

/// Largest and mean difference of two pictures of the same size.
fn distance(a: &RgbImage, b: &RgbImage) -> (u8, f64) {
    assert_eq!(a.dimensions(), b.dimensions());
    let differences = a.as_raw().iter().zip(b.as_raw()).map(|(a, b)| a.abs_diff(*b));
    let sum = differences.clone().map(f64::from).sum::<f64>();
    (differences.max().unwrap_or(0), sum / a.as_raw().len() as f64)
}

#[test]
fn every_sampling_and_scan_script_shows_what_libjpeg_shows() {
    let mut count = 0;
    for entry in fs::read_dir(folder().join("scans")).expect("a folder") {
        let path = entry.expect("readable").path();
        if path.extension().is_some_and(|extension| extension != "jpg") {
            continue;
        }
        let stem = path.file_stem().and_then(|stem| stem.to_str()).expect("a name");
        let (sampling, _) = stem.split_once('_').expect("sampling and script");
        let shown = Photo::load(path.as_path()).expect(stem);
        let libjpeg = Photo::load(path.with_file_name(format!("{sampling}.png")).as_path()).expect(sampling);
        let (largest, mean) = distance(shown.pixels(), libjpeg.pixels());
        assert!(largest <= 24 && mean < 0.8, "{stem}: {largest}, mean {mean}");
        count += 1;
    }
    assert_eq!(count, 150);
}

#[test]
fn rare_files_that_libjpeg_decodes_are_decoded() {
    for name in ["cj-noninterleaved.jpg", "app14-short.jpg"] {
        let (_, mean) = distance(load(name).expect(name).pixels(), original().pixels());
        assert!(mean < 2.5, "{name}: {mean}");
    }
}

#[test]
fn rare_files_are_called_rare_and_damaged_ones_damaged() {
    for name in ["jt-arith.jpg", "tif-tiled-planar-edge.tif"] {
        let error = load(name).expect_err(name);
        assert_eq!(error.kind(), ErrorKind::Decode);
        assert!(error.reason().zh.contains("少见的种类"), "{error}");
        assert!(
            error.to_string().contains("of a rare kind") && error.to_string().contains("export it as an ordinary JPEG")
        );
    }
    let error = load("prog-cut-half-eoi.jpg").expect_err("half a picture");
    assert!(error.to_string().contains("a part of the picture is missing"), "{error}");
}

#[test]
fn adobe_rgb_that_only_exif_tells_of_is_converted() {
    let (largest, mean) = distance(load("_dcf-adobergb-r03-true.jpg").expect("whole").pixels(), original().pixels());
    assert!(mean < 2.5 && largest < 80, "{largest}, mean {mean}");
}

#[test]
fn what_a_file_says_of_itself_is_read_whatever_else_is_wrong() {
    let square = |dpi| Some(Density { across_dpi: dpi, down_dpi: dpi });
    let bad_pointer = facts("exif-gps-pointer-bad.jpg");
    assert_eq!(bad_pointer.density, square(300.0));
    assert_eq!(bad_pointer.software.as_deref(), Some("Adobe Photoshop 25.0 (Windows)"));
    assert_eq!(facts("dpi-exif-div0.jpg").density, None);
    assert_eq!(facts("dpi-jfif0-exif300.jpg").density, square(300.0));
    assert_eq!(facts("sw-ducky.jpg").software.as_deref(), Some("Adobe Photoshop"));
    let gbk = facts("sw-meitu-gbk.jpg").software.expect("named");
    assert!(gbk.contains("美图"), "{gbk}");
    let swapped = facts("dqt-swapped-ids.jpg").jpeg.expect("a JPEG");
    assert_eq!((swapped.quality, swapped.standard_tables), (75.0, true));
    let two_blocks = load("ori-6-two-exif-first1.jpg").expect("whole");
    assert_eq!((two_blocks.file().map(|file| file.orientation), two_blocks.width_px()), (Some(1), 640));
    assert_eq!(facts("cj-noninterleaved.jpg").colour_model, ColourModel::Rgb);
}
