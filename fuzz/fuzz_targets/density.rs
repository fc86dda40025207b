//! JFIF, Photoshop's resources, EXIF, XMP and comments of any content before a whole picture: it stays readable, and what is
//! said of its density is a number.
#![no_main]

use gradphoto::{Photo, Source};
use libfuzzer_sys::fuzz_target;

const PICTURE: &[u8] = include_bytes!("../../tests/cases/pictures/scans/1x1_one.jpg");
const HEADS: [(u8, &[u8]); 8] = [
    (0xE0, b"JFIF\0"),
    (0xED, b"Photoshop 3.0\x008BIM\x03\xED\0\0"),
    (0xED, b"Photoshop 3.0\0"),
    (0xE1, b"Exif\0\0"),
    (0xE1, b"http://ns.adobe.com/xap/1.0/\0"),
    (0xE2, b"ICC_PROFILE\0\x01\x01"),
    (0xEE, b"Adobe"),
    (0xFE, b""),
];

fuzz_target!(|data: &[u8]| {
    let mut file = PICTURE[..2].to_vec();
    // Each segment: its kind, its length, its content.
    let mut rest = data;
    while let [kind, length, content @ ..] = rest {
        let (content, after) = content.split_at(usize::from(*length).min(content.len()));
        let (marker, head) = HEADS[usize::from(kind % 8)];
        file.extend([0xFF, marker]);
        file.extend(((head.len() + content.len() + 2) as u16).to_be_bytes());
        file.extend(head.iter().chain(content));
        rest = after;
    }
    // The picture without the JFIF segment that it begins with.
    file.extend(&PICTURE[20..]);
    let photo = Photo::load(Source::Bytes("a.jpg".to_owned(), file)).expect("notes never make a picture unreadable");
    let facts = photo.file().expect("came from bytes");
    assert!((1..=8).contains(&facts.orientation));
    if let Some(density) = facts.density {
        assert!([density.across_dpi, density.down_dpi].iter().all(|dpi| dpi.is_finite() && *dpi > 0.0));
    }
});
