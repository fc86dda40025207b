use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::batch_rule;
use crate::photo::Fingerprint;
use crate::text::text;

batch_rule! {
    /// Whether one picture was handed in under two names.
    ///
    /// ## What is measured
    /// The bytes of the files (SHA-256), and the fingerprints of the pictures: the signs of their 256 coarsest waves (16 by 16 coefficients of a cosine transform of 64x64 luma). A fingerprint knows no faces: two pictures of one person differ like those of two people.
    ///
    /// ## Limit and source
    /// Identical bytes, or at most 20 of 256 signs differ (proposed). Measured on 2514 development photos: saved anew, halved or brightened, a picture keeps all but 12 signs; two people on the same blue differ in at least 39 of 3.2 million pairs.
    ///
    /// ## What to do
    /// Find out whose picture it is, and photograph the other student again.
    DUPLICATE_PHOTO {
        id: "duplicate-photo",
        name: text("照片重复", "Duplicate photo"),
        clause: "一.1",
        kinds: &["same-file", "same-picture"],
    }
}

/// Fingerprints of one picture differ in at most this many signs.
const DISTANCE_MAX: u32 = 20;

/// All pairs of places whose fingerprints differ in at most [`DISTANCE_MAX`] signs, the lower place first.
///
/// Two that differ in so few of 256 bits agree in one of 21 groups of bits, so only those are compared that do.
fn near_pairs(fingerprints: &[Fingerprint]) -> Vec<(usize, usize)> {
    const GROUPS: usize = DISTANCE_MAX as usize + 1;
    let mut pairs = BTreeSet::new();
    for group in 0..GROUPS {
        let mut alike = HashMap::<u16, Vec<usize>>::new();
        for (place, fingerprint) in fingerprints.iter().enumerate() {
            let key = (group..256).step_by(GROUPS).fold(0, |key, bit| key << 1 | u16::from(fingerprint.bit(bit)));
            let earlier = alike.entry(key).or_default();
            let near = |other: &&usize| fingerprint.distance(fingerprints[**other]) <= DISTANCE_MAX;
            pairs.extend(earlier.iter().filter(near).map(|other| (*other, place)));
            earlier.push(place);
        }
    }
    pairs.into_iter().collect()
}

/// Groups of two and more photos that show the same picture: places in rising order, of photos given as place, SHA-256 and
/// fingerprint.
pub(super) fn groups<'a>(photos: impl Iterator<Item = (usize, &'a str, Fingerprint)>) -> Vec<Vec<usize>> {
    // Same bytes first; of those one stands for all when pictures are compared.
    let mut by_bytes = BTreeMap::<&str, (Vec<usize>, Fingerprint)>::new();
    for (place, sha256, fingerprint) in photos {
        by_bytes.entry(sha256).or_insert_with(|| (Vec::new(), fingerprint)).0.push(place);
    }
    let mut files = by_bytes.into_values().collect::<Vec<_>>();
    files.sort_by_key(|(places, _)| places[0]);
    // Of the same fingerprints too: of thousands that hold one placeholder every two would be near each other.
    let mut first_of = HashMap::new();
    let mut joined =
        files.iter().enumerate().map(|(file, (_, seen))| *first_of.entry(*seen).or_insert(file)).collect::<Vec<_>>();
    let firsts = (0..files.len()).filter(|file| joined[*file] == *file).collect::<Vec<_>>();
    let fingerprints = firsts.iter().map(|file| files[*file].1).collect::<Vec<_>>();
    fn root(joined: &[usize], mut place: usize) -> usize {
        while joined[place] != place {
            place = joined[place];
        }
        place
    }
    for (a, b) in near_pairs(&fingerprints) {
        let (a, b) = (root(&joined, firsts[a]), root(&joined, firsts[b]));
        joined[a.max(b)] = a.min(b);
    }
    let mut alike = BTreeMap::<usize, Vec<usize>>::new();
    for (file, (places, _)) in files.into_iter().enumerate() {
        alike.entry(root(&joined, file)).or_default().extend(places);
    }
    let mut groups = alike.into_values().filter(|group| group.len() > 1).collect::<Vec<_>>();
    groups.iter_mut().for_each(|group| group.sort_unstable());
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_pairs_are_those_that_comparing_all_finds() {
        let mut state = 1_u64;
        let mut random = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            state ^ state >> 29
        };
        let mut all = (0..300).map(|_| Fingerprint([0; 4].map(|_| random()))).collect::<Vec<_>>();
        for i in 0..60 {
            let mut near = all[i];
            for _ in 0..i / 2 {
                let bit = random() as usize % 256;
                near.0[bit / 64] ^= 1 << (bit % 64);
            }
            all.push(near);
        }
        let places = || (0..all.len()).flat_map(|b| (0..b).map(move |a| (a, b)));
        let mut expected = places().filter(|(a, b)| all[*a].distance(all[*b]) <= DISTANCE_MAX).collect::<Vec<_>>();
        expected.sort_unstable();
        assert!(expected.len() > 40);
        assert_eq!(near_pairs(&all), expected);
    }

    #[test]
    fn the_same_bytes_and_pictures_near_each_other_are_one_group() {
        // Four pictures, each within reach of the next alone; places 1 and 5 hold the same bytes.
        let far = |bits: u32| {
            Fingerprint([(1_u128 << bits).wrapping_sub(1) as u64, (((1_u128 << bits) - 1) >> 64) as u64, 0, 0])
        };
        let photos = [
            (0, "a", far(0)),
            (1, "b", far(60)),
            (2, "c", far(20)),
            (3, "d", far(40)),
            (4, "e", far(100)),
            (5, "b", far(60)),
        ];
        assert_eq!(groups(photos.into_iter()), [[0, 1, 2, 3, 5]]);
        assert!(groups([(0, "a", far(0)), (1, "b", far(21))].into_iter()).is_empty());
        assert_eq!(groups([(4, "a", far(0)), (9, "a", far(0)), (7, "b", far(50))].into_iter()), [[4, 9]]);
    }

    #[test]
    fn a_placeholder_in_ten_thousand_files_of_different_bytes_is_one_group() {
        let names = (0..10_000).map(|n| n.to_string()).collect::<Vec<_>>();
        let photos = names.iter().enumerate().map(|(n, name)| (n, name.as_str(), Fingerprint([(n % 3) as u64; 4])));
        assert_eq!(groups(photos), [(0..10_000).collect::<Vec<_>>()]);
    }
}
