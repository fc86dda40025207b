//! EXIF of any content, in a JPEG and as a TIFF of its own.
#![no_main]

use gradphoto::{Photo, Source};
use libfuzzer_sys::fuzz_target;

const PICTURE: &[u8] = include_bytes!("../../tests/cases/pictures/scans/1x1_one.jpg");

fuzz_target!(|data: &[u8]| {
    let data = &data[..data.len().min(60_000)];
    let length = (data.len() as u16 + 8).to_be_bytes();
    let file = [&PICTURE[..2], &[0xFF, 0xE1], &length, b"Exif\0\0", data, &PICTURE[20..]].concat();
    Photo::load(Source::Bytes("a.jpg".to_owned(), file)).expect("EXIF never makes a picture unreadable");
    // A TIFF is what EXIF is made of; most are no picture.
    let _ = Photo::load(Source::Bytes("a.tif".to_owned(), data.to_vec()));
});
