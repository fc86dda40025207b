//! Photos of a list whose folder has been moved, or copied to another disk, since the list was made.

use std::collections::HashMap;

use super::path::{as_all_systems_read, ends};

/// Photos by what the list calls them: those that share the longest end of their paths with one row alone, as that row does
/// with them.
#[derive(Default)]
pub(super) struct Moved(HashMap<String, usize>);

impl Moved {
    pub fn new<'a>(photos: impl Iterator<Item = &'a str>, listed: impl Iterator<Item = &'a str>) -> Moved {
        let photos = photos.map(as_all_systems_read).collect::<Vec<_>>();
        let mut listed = listed.map(as_all_systems_read).collect::<Vec<_>>();
        listed.sort_unstable();
        listed.dedup();
        let (photos_by_end, listed_by_end) = (by_ends(&photos), by_ends(&listed));
        let pairs = listed.iter().enumerate().filter_map(|(row, path)| {
            let photo = nearest(path, &photos_by_end)?;
            (nearest(&photos[photo], &listed_by_end)? == row).then(|| (path.clone(), photo))
        });
        Moved(pairs.collect())
    }

    pub fn place(&self, photo: &str) -> Option<usize> {
        self.0.get(&as_all_systems_read(photo)).copied()
    }
}

fn by_ends(paths: &[String]) -> HashMap<&str, Vec<usize>> {
    let mut by_ends = HashMap::<_, Vec<_>>::new();
    for (place, path) in paths.iter().enumerate() {
        for end in ends(path) {
            by_ends.entry(end).or_default().push(place);
        }
    }
    by_ends
}

/// Which path shares the longest end with this one, if it is one alone.
fn nearest(path: &str, by_ends: &HashMap<&str, Vec<usize>>) -> Option<usize> {
    match ends(path).find_map(|end| by_ends.get(end))?[..] {
        [place] => Some(place),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{listed, school, shots};

    #[test]
    fn a_list_that_moved_is_known_by_the_ends_of_its_paths_and_one_that_did_not_gives_no_photo_of_another_folder() {
        let roster = school();
        let given = |photos: &[&str], rows: &[(&str, &str)]| {
            let list = roster.by_list(&shots(photos), &listed(rows)).expect("a list");
            ((0..photos.len()).map(|place| list.student(place)).collect::<Vec<_>>(), list.notes().len())
        };
        let moved = ["新/day1/IMG_1.jpg", "新/day2/IMG_1.jpg"];
        for rows in [["旧/day1/IMG_1.jpg", "旧/day2/IMG_1.jpg"], ["D:\\旧\\day1\\img_1.JPG", "旧\\day2\\IMG_1.jpg"]]
        {
            assert_eq!(given(&moved, &[(rows[0], "2021001"), (rows[1], "2021002")]), (vec![Some(3), Some(2)], 0));
        }
        assert_eq!(given(&moved, &[("旧/day3/IMG_1.jpg", "2021001")]), (vec![None, None], 1), "either may be meant");
        // The listed photo was deleted; its name on another day is another student's.
        let rows = [("p/day1/IMG_1.jpg", "2021001"), ("p/day1/IMG_2.jpg", "2021002")];
        assert_eq!(given(&["p/day1/IMG_2.jpg", "p/day2/IMG_1.jpg"], &rows), (vec![Some(2), None], 1));
    }
}
