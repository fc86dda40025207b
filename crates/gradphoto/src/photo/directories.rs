//! The directories of EXIF and TIFF (TIFF 6.0, section 2), looked over before a parser takes them up.

/// No photo has more, but one whose directories overlap to fill the memory.
const MAX_DIRECTORIES: usize = 64;
/// The parser goes no further.
const MAX_PAGES: usize = 8;
/// No program's name is longer: a parser keeps every line apart, and empty ones take many times their size.
const MAX_TEXT_BYTES: usize = 1 << 20;

const TEXT: usize = 2;
/// Tags that lead to the directories of EXIF, GPS and interoperability.
const POINTERS: [usize; 3] = [34_665, 34_853, 40_965];

/// Whether the tags can be taken up in about the memory that they take in the file.
pub(super) fn are_modest(block: &[u8]) -> bool {
    let is_little_endian = block.starts_with(b"II");
    let number = |field: &[u8]| {
        let digit = |number: usize, byte: &u8| number << 8 | usize::from(*byte);
        if is_little_endian { field.iter().rev().fold(0, digit) } else { field.iter().fold(0, digit) }
    };
    // Where each begins, and the number of its page if it is the page's first.
    let mut directories = block.get(4..8).map(|first| (number(first), Some(1))).into_iter().collect::<Vec<_>>();
    let mut walked = 0;
    while let Some(&(at, page)) = directories.get(walked) {
        walked += 1;
        let Some((count, rest)) = block.get(at..).and_then(|directory| directory.split_at_checked(2)) else { continue };
        let (entries, behind) = rest.split_at((12 * number(count)).min(rest.len()));
        let mut follow = |next: usize, page: Option<usize>| {
            if next != 0 && !directories.contains(&(next, page)) {
                directories.push((next, page));
            }
            directories.len() <= MAX_DIRECTORIES
        };
        for entry in entries.as_chunks::<12>().0 {
            let [tag, kind, length, place] = [0..2, 2..4, 4..8, 8..12].map(|field| number(&entry[field]));
            if kind == TEXT && length > MAX_TEXT_BYTES && length <= block.len().saturating_sub(place) {
                return false;
            }
            // A number of one, two or four bytes, beside the tag if there is no more.
            let Some(bytes) = [1, 3, 4].iter().position(|known| *known == kind).map(|power| 1_usize << power) else {
                continue;
            };
            let value = if bytes * length <= 4 { entry.get(8..8 + bytes) } else { block.get(place..place + bytes) };
            if POINTERS.contains(&tag) && value.is_some_and(|value| !follow(number(value), None)) {
                return false;
            }
        }
        let next_page = page.map(|page| page + 1).filter(|page| *page <= MAX_PAGES);
        if next_page.is_some() && behind.get(..4).is_some_and(|next| !follow(number(next), next_page)) {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Entries of a directory, of which each is a tag, its kind, a length and a value or place.
    fn directory(entries: &[(u16, u16, u32, u32)], next: u32) -> Vec<u8> {
        let entry = |(tag, kind, length, value): &(u16, u16, u32, u32)| {
            [&tag.to_be_bytes()[..], &kind.to_be_bytes(), &length.to_be_bytes(), &value.to_be_bytes()].concat()
        };
        let count = (entries.len() as u16).to_be_bytes();
        [&count[..], &entries.iter().flat_map(entry).collect::<Vec<_>>(), &next.to_be_bytes()].concat()
    }

    fn of(directories: &[Vec<u8>]) -> Vec<u8> {
        [b"MM\0\x2A\0\0\0\x08", directories.concat().as_slice()].concat()
    }

    #[test]
    fn what_cameras_write_is_modest_and_so_is_what_leads_nowhere() {
        let exif = directory(&[(0x9003, 2, 20, 60), (40_965, 4, 1, 8)], 8);
        assert!(are_modest(&of(&[directory(&[(274, 3, 1, 6 << 16), (34_665, 4, 1, 38)], 8), exif])));
        assert!(are_modest(&of(&[directory(&[(305, 2, u32::MAX, 8), (34_853, 4, 1, u32::MAX)], u32::MAX)])));
        assert!(are_modest(b"") && are_modest(b"II*\0\xFF\xFF\xFF\xFF") && are_modest(&of(&[vec![0xFF; 50]])));
    }

    #[test]
    fn many_pages_are_modest() {
        let pages = (0..100).map(|page| directory(&[(274, 3, 1, 1 << 16)], 8 + 18 * (page + 1))).collect::<Vec<_>>();
        assert!(are_modest(&of(&pages)));
    }

    #[test]
    fn a_long_text_is_not_modest_in_any_directory() {
        let file = |kind, length| {
            let exif = directory(&[(0x9003, kind, length, 8)], 0);
            [of(&[directory(&[(34_665, 4, 1, 26)], 0), exif]), vec![0; 3 << 20]].concat()
        };
        assert!(are_modest(&file(2, 1 << 20)) && are_modest(&file(7, 2 << 20)));
        assert!(!are_modest(&file(2, 2 << 20)));
    }

    #[test]
    fn directories_that_overlap_are_not_modest() {
        // However their places are written: as words, as halves of them, and elsewhere.
        for (kind, length, shift) in [(4, 1, 0), (3, 1, 16), (3, 2, 16)] {
            let pointers =
                |count: u32| (0..count).map(|i| (34_665, kind, length, (900 + i) << shift)).collect::<Vec<_>>();
            let file = |count| [of(&[directory(&pointers(count), 0)]), vec![0x40; 60_000]].concat();
            assert!(are_modest(&file(20)) && !are_modest(&file(70)), "{kind} {length}");
        }
    }
}
