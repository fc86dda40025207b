//! The quality of a JPEG, read back from its quantisation tables.

/// A quantisation table in the zigzag order of the file.
pub(super) type Table = [u16; 64];

/// Facts that only JPEG files have.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct JpegFacts {
    /// IJG quality, 1 to 100: exact where `standard_tables`, else the nearest.
    pub quality: f64,
    /// Whether the quantisation tables are the IJG ones at `quality`.
    pub standard_tables: bool,
}

/// Reads the tables of a DQT segment into `tables`.
pub(super) fn read_tables(mut payload: &[u8], tables: &mut [Option<Table>; 4]) {
    while let [head, values @ ..] = payload {
        let wide = usize::from(head >> 4 != 0);
        let size = 64 << wide;
        let Some(values) = values.get(..size) else { return };
        let entry = |i: usize| match wide {
            0 => u16::from(values[i]),
            _ => u16::from_be_bytes([values[2 * i], values[2 * i + 1]]),
        };
        if let Some(table) = tables.get_mut(usize::from(head & 15)) {
            *table = Some(std::array::from_fn(entry));
        }
        payload = &payload[1 + size..];
    }
}

/// The quality at which libjpeg writes the tables of the first and of the other components (jpeg_set_quality), or the
/// nearest. Components that share the first one's table say no more than it does.
pub(super) fn quality(tables: &[Option<Table>; 4], numbers: &[u8]) -> JpegFacts {
    let table = |number: &u8| tables.get(usize::from(*number))?.as_ref();
    let first = numbers.first();
    let other = numbers.get(1).filter(|number| Some(*number) != first);
    let pairs = [(first.and_then(table), &LUMINANCE), (other.and_then(table), &CHROMINANCE)];
    let pairs = pairs.iter().filter_map(|(stored, base)| Some(((*stored)?, *base))).collect::<Vec<_>>();
    // Without force_baseline libjpeg lets entries grow beyond 8 bits.
    let entries = || pairs.iter().flat_map(|(stored, base)| stored.iter().map(|entry| *entry.min(&255)).zip(*base));
    let is_written_at = |quality: &u32| entries().all(|(stored, base)| stored == scaled(*base, *quality));
    let exact = (1..=100).rev().find(is_written_at).filter(|_| !pairs.is_empty());
    // Tables of other makers have finer steps in other places: the coarse ones of high frequencies must not outweigh the
    // low ones, which show.
    let coarseness = |step: u16, base: u16| f64::from(step) / f64::from(base).powi(2);
    let excess = |quality: u32| {
        entries()
            .map(|(stored, base)| coarseness(stored, *base) - coarseness(scaled(*base, quality), *base))
            .sum::<f64>()
    };
    let nearest = || (1..=100).rev().min_by(|a, b| excess(*a).abs().total_cmp(&excess(*b).abs())).unwrap_or(100);
    JpegFacts { quality: exact.unwrap_or_else(nearest).into(), standard_tables: exact.is_some() }
}

/// libjpeg's scaling of a base entry, limited to 8 bits.
fn scaled(base: u16, quality: u32) -> u16 {
    let percent = if quality < 50 { 5000 / quality } else { 200 - 2 * quality };
    ((u32::from(base) * percent + 50) / 100).clamp(1, 255) as u16
}

/// Table K.1 of ITU-T T.81 in zigzag order.
#[rustfmt::skip]
const LUMINANCE: [u16; 64] = [
    16, 11, 12, 14, 12, 10, 16, 14, 13, 14, 18, 17, 16, 19, 24, 40,
    26, 24, 22, 22, 24, 49, 35, 37, 29, 40, 58, 51, 61, 60, 57, 51,
    56, 55, 64, 72, 92, 78, 64, 68, 87, 69, 55, 56, 80, 109, 81, 87,
    95, 98, 103, 104, 103, 62, 77, 113, 121, 112, 100, 120, 92, 101, 103, 99,
];

/// Table K.2 of ITU-T T.81 in zigzag order.
#[rustfmt::skip]
const CHROMINANCE: [u16; 64] = [
    17, 18, 18, 24, 21, 24, 47, 26, 26, 47, 99, 66, 56, 66, 99, 99,
    99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
    99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
    99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
];

#[cfg(test)]
mod tests {
    use super::*;

    fn of(first: Table, other: Table) -> JpegFacts {
        quality(&[Some(first), Some(other), None, None], &[0, 1, 1])
    }

    #[test]
    fn tables_wider_than_a_byte_have_their_quality_too() {
        let unlimited = |base: &Table| base.map(|entry| entry * 25);
        let facts = of(unlimited(&LUMINANCE), unlimited(&CHROMINANCE));
        assert_eq!(facts, JpegFacts { quality: 2.0, standard_tables: true });
    }

    #[test]
    fn tables_of_other_makers_have_the_nearest_quality() {
        let facts = of(LUMINANCE.map(|entry| entry + 1), CHROMINANCE);
        assert!(!facts.standard_tables && (facts.quality - 50.0).abs() <= 2.0, "{facts:?}");
    }

    #[test]
    fn fine_steps_where_nobody_looks_make_no_better_picture() {
        let capped = |base: &Table| base.map(|entry| entry.min(24));
        let facts = of(capped(&LUMINANCE), capped(&CHROMINANCE));
        assert!(!facts.standard_tables && (50.0..=65.0).contains(&facts.quality), "{facts:?}");
    }

    #[test]
    fn a_table_counts_for_the_components_that_name_it() {
        let swapped = [Some(CHROMINANCE), None, None, Some(LUMINANCE)];
        assert_eq!(quality(&swapped, &[3, 0, 0]), JpegFacts { quality: 50.0, standard_tables: true });
        // RGB: all three components use the first table.
        assert_eq!(quality(&swapped, &[3, 3, 3]), JpegFacts { quality: 50.0, standard_tables: true });
        assert!(!quality(&swapped, &[0, 3, 3]).standard_tables);
    }
}
