//! Any bytes behind the headers of a small picture: tables, scans and their data, and all markers between them.
#![no_main]

use gradphoto::{Photo, Source};
use libfuzzer_sys::fuzz_target;

/// The frames that scans may belong to: SOF0 and SOF2 of 24x24 pixels, samplings 1x1 and 2x2.
const FRAMES: [[u8; 19]; 4] = [frame(0xC0, 0x11), frame(0xC0, 0x22), frame(0xC2, 0x11), frame(0xC2, 0x22)];

const fn frame(marker: u8, sampling: u8) -> [u8; 19] {
    [0xFF, marker, 0, 17, 8, 0, 24, 0, 24, 3, 1, sampling, 0, 2, 0x11, 0, 3, 0x11, 0]
}

fuzz_target!(|data: &[u8]| {
    let Some((choice, data)) = data.split_first() else { return };
    // One quantisation table for all components, of ones; the usual Huffman tables stand in where data has none.
    let table = [&[0xFF, 0xDB, 0, 67, 0][..], &[1; 64]].concat();
    let frame = FRAMES[usize::from(choice % 4)];
    let file = [&[0xFF, 0xD8], table.as_slice(), &frame, data, &[0xFF, 0xD9]].concat();
    // Refused or decoded: what must not happen is a panic, endless work, or pixels of another size.
    if let Ok(photo) = Photo::load(Source::Bytes("a.jpg".to_owned(), file)) {
        assert_eq!((photo.width_px(), photo.height_px()), (24, 24));
    }
});
