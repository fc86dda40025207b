//! Follows the coefficients of every scan (ITU-T T.81 annexes F and G): a decoder paints what is missing grey and says
//! nothing of it.

use super::frame::{BLOCK, Component, Frame};
use super::huffman::{Bits, Huffman, Level, pass_coefficients};
use super::quality::Table;
use super::reduced::Reduced;
use crate::photo::Reduction;

/// More blocks in a coding unit are not allowed (T.81 B.2.3).
const UNIT_BLOCKS: usize = 10;

/// What came before a scan and is needed to read it.
pub(super) struct ScanReader {
    frame: Frame,
    progress: Vec<Progress>,
    /// Takes the coefficients where the picture is made smaller on the way.
    reduced: Option<Reduced>,
}

/// How far a component has been read.
struct Progress {
    /// For each coefficient the lowest bit that has come, as the scans count (Al); `None` where nothing has.
    lowest_bit: [Option<u8>; BLOCK],
    /// For each block a bit for every coefficient that is not zero; empty for pictures that are not progressive.
    set: Vec<u64>,
}

/// Huffman tables by class (DC, AC) and number.
pub(super) type Tables = [[Option<Huffman>; 4]; 2];

/// What is wrong with a scan.
#[derive(Debug, PartialEq)]
pub(super) enum ScanFault {
    /// Its header contradicts the frame or the scans before it.
    Header,
    /// It ends before all of its blocks have come, or they are no blocks.
    Data,
}

impl ScanReader {
    pub(super) fn new(frame: Frame) -> ScanReader {
        let (across, down) = frame.units();
        let progress = |component: &Component| Progress {
            lowest_bit: [None; BLOCK],
            set: match frame.is_progressive {
                true => vec![0; across * component.across * down * component.down],
                false => vec![],
            },
        };
        ScanReader { progress: frame.components.iter().map(progress).collect(), frame, reduced: None }
    }

    pub(super) fn frame(&self) -> &Frame {
        &self.frame
    }

    /// Makes the picture smaller on the way, by what `reduction` says for its width and height, if that can be.
    pub(super) fn reduce(&mut self, tables: &[Option<Table>; 4], reduction: Reduction) {
        let reduction = reduction(self.frame.width as u32, self.frame.height as u32) as usize;
        self.reduced = if reduction > 1 { Reduced::new(&self.frame, tables, reduction) } else { None };
    }

    /// The frame, and the picture that was made smaller on the way.
    pub(super) fn finish(self) -> (Frame, Option<Reduced>) {
        (self.frame, self.reduced)
    }

    /// Whether every bit of every coefficient has come.
    pub(super) fn is_whole(&self) -> bool {
        self.progress.iter().all(|component| component.lowest_bit.iter().all(|bit| *bit == Some(0)))
    }

    /// Follows the scan with this header (the payload of its segment) through `data`, the bytes behind it, up to the last
    /// of its blocks; returns how many bytes it has passed.
    pub(super) fn read(
        &mut self,
        header: &[u8],
        tables: &Tables,
        quantisation: &[Option<Table>; 4],
        restart_interval: usize,
        data: &[u8],
    ) -> Result<usize, ScanFault> {
        let scan = Scan::new(header, &self.frame).ok_or(ScanFault::Header)?;
        for (component, ..) in &scan.components {
            let bits = &mut self.progress[*component].lowest_bit;
            for bit in &mut bits[scan.band.0..=scan.band.1] {
                // A first pass, or the next bit of a pass before it.
                let expected = if scan.is_first { None } else { Some(scan.lowest_bit + 1) };
                if *bit != expected && self.frame.is_progressive {
                    return Err(ScanFault::Header);
                }
                *bit = Some(scan.lowest_bit);
            }
        }
        let level = |component: &Component| {
            let table = quantisation.get(usize::from(component.table))?.as_ref()?;
            Some(Level::new(table[0], scan.lowest_bit))
        };
        let levels = self.frame.components.iter().map(level).collect::<Vec<_>>();
        if scan.components.iter().any(|(component, ..)| levels[*component].is_none()) {
            return Err(ScanFault::Header);
        }
        let mut bits = Bits::new(data);
        self.blocks(&scan, tables, levels, restart_interval, &mut bits).ok_or(ScanFault::Data)?;
        Ok(bits.position())
    }

    /// Follows every block of a scan; `None` when they are not all there, or more is than they. A wrong bit seldom makes a
    /// wrong code: what is out of step falls in again, and only levels and what is left over tell of it.
    fn blocks(
        &mut self,
        scan: &Scan,
        tables: &Tables,
        mut levels: Vec<Option<Level>>,
        restart_interval: usize,
        bits: &mut Bits,
    ) -> Option<()> {
        let table = |class: usize, number: u8| tables[class].get(usize::from(number))?.as_ref();
        let mut run = 0;
        let (units_across, units_down) = match scan.components[..] {
            [(only, ..)] => self.frame.blocks(&self.frame.components[only]),
            _ => self.frame.units(),
        };
        // The blocks of a coding unit: component, its tables, where the block stands.
        let mut unit = vec![];
        for &(number, dc, ac) in &scan.components {
            let component = &self.frame.components[number];
            let width = self.frame.units().0 * component.across;
            let (across, down) = if scan.components.len() == 1 { (1, 1) } else { (component.across, component.down) };
            for (y, x) in (0..down).flat_map(|y| (0..across).map(move |x| (y, x))) {
                let coder = match (self.frame.is_progressive, scan.band.0, scan.is_first) {
                    (false, ..) => Coder::Whole(table(0, dc)?, table(1, ac)?),
                    (true, 0, true) => Coder::DcFirst(table(0, dc)?),
                    (true, 0, false) => Coder::DcMore,
                    (true, _, true) => Coder::AcFirst(table(1, ac)?),
                    (true, _, false) => Coder::AcMore(table(1, ac)?),
                };
                unit.push((number, coder, y * width + x, across, down * width));
            }
        }
        let mut done = 0;
        for y in 0..units_down {
            for x in 0..units_across {
                if restart_interval > 0 && done > 0 && done % restart_interval == 0 {
                    let number = (done / restart_interval - 1) % 8;
                    if !bits.are_used_up() || bits.restart() != Some(number) {
                        return None;
                    }
                    run = 0;
                    levels.iter_mut().flatten().for_each(Level::restart);
                }
                done += 1;
                for (component, coder, place, step, row) in &unit {
                    let place = place + x * step + y * row;
                    let level = levels[*component].as_mut()?;
                    if let (Some(reduced), Coder::Whole(dc, ac)) = (&mut self.reduced, coder) {
                        reduced.block(bits, (dc, ac), level, *component, place)?;
                        continue;
                    }
                    let mut none = 0;
                    let set = self.progress[*component].set.get_mut(place).unwrap_or(&mut none);
                    coder.pass(bits, scan.band, level, &mut run, set)?;
                }
            }
        }
        bits.are_used_up().then_some(())
    }
}

/// What a scan header says.
struct Scan {
    /// Place in the frame, numbers of the DC and the AC table.
    components: Vec<(usize, u8, u8)>,
    /// First and last coefficient.
    band: (usize, usize),
    /// Whether it brings the coefficients' first bits.
    is_first: bool,
    lowest_bit: u8,
}

impl Scan {
    fn new(header: &[u8], frame: &Frame) -> Option<Scan> {
        let [count, header @ ..] = header else { return None };
        let (named, [first, last, bits, ..]) = header.split_at_checked(2 * usize::from(*count))? else { return None };
        let named = named.as_chunks().0;
        let places = frame.places(named.iter().map(|[name, _]| *name))?;
        let tables = named.iter().map(|[_, numbers]| (numbers >> 4, numbers & 15));
        let components = places.into_iter().zip(tables).map(|(place, (dc, ac))| (place, dc, ac)).collect::<Vec<_>>();
        let blocks = |(place, ..): &(usize, u8, u8)| frame.components[*place].across * frame.components[*place].down;
        let is_possible = match components.len() {
            0 => false,
            1 => true,
            _ => components.iter().map(blocks).sum::<usize>() <= UNIT_BLOCKS,
        };
        if !is_possible {
            return None;
        }
        if !frame.is_progressive {
            return Some(Scan { components, band: (0, BLOCK - 1), is_first: true, lowest_bit: 0 });
        }
        let band = (usize::from(*first), usize::from(*last));
        let is_band = match band {
            (0, last) => last == 0,
            (first, last) => first <= last && last < BLOCK && components.len() == 1,
        };
        let (highest, lowest_bit) = (bits >> 4, bits & 15);
        let is_order = lowest_bit <= 13 && (highest == 0 || highest == lowest_bit + 1);
        (is_band && is_order).then_some(Scan { components, band, is_first: highest == 0, lowest_bit })
    }
}

/// How the coefficients of a block are coded.
enum Coder<'a> {
    /// All of them, of a picture that is not progressive.
    Whole(&'a Huffman, &'a Huffman),
    /// The first bits of the first of them.
    DcFirst(&'a Huffman),
    /// One more bit of it.
    DcMore,
    /// The first bits of a band.
    AcFirst(&'a Huffman),
    /// One more bit of each of a band.
    AcMore(&'a Huffman),
}

impl Coder<'_> {
    /// Passes over one block; `None` when the bits end first or are no such block. `run` counts blocks without
    /// coefficients that are still to come, `set` marks the coefficients that are not zero.
    fn pass(
        &self,
        bits: &mut Bits,
        (first, last): (usize, usize),
        level: &mut Level,
        run: &mut u32,
        set: &mut u64,
    ) -> Option<()> {
        match self {
            Coder::Whole(dc, ac) => {
                level.next(bits, dc)?;
                pass_coefficients(bits, ac, 1)
            }
            Coder::DcFirst(dc) => level.next(bits, dc).map(|_| ()),
            Coder::DcMore => bits.skip(1),
            Coder::AcFirst(ac) => {
                if *run > 0 {
                    *run -= 1;
                    return Some(());
                }
                let mut k = first;
                while k <= last {
                    match bits.symbol(ac)? {
                        0xF0 => k += 16,
                        symbol if symbol & 15 == 0 => {
                            *run = run_of_blocks(bits, symbol)? - 1;
                            break;
                        }
                        symbol => {
                            k += usize::from(symbol >> 4);
                            bits.skip(u32::from(symbol & 15))?;
                            if k > last {
                                return None;
                            }
                            *set |= 1 << k;
                            k += 1;
                        }
                    }
                }
                Some(())
            }
            Coder::AcMore(ac) => {
                let mut k = first;
                while *run == 0 && k <= last {
                    let symbol = bits.symbol(ac)?;
                    let (mut zeros, size) = (symbol >> 4, symbol & 15);
                    match (size, zeros) {
                        (0, 15) => {}
                        (0, _) => {
                            *run = run_of_blocks(bits, symbol)?;
                            break;
                        }
                        (1, _) => bits.skip(1)?,
                        _ => return None,
                    }
                    while k <= last {
                        if *set >> k & 1 == 1 {
                            bits.skip(1)?;
                        } else if zeros == 0 {
                            break;
                        } else {
                            zeros -= 1;
                        }
                        k += 1;
                    }
                    if size == 1 {
                        if k > last {
                            return None;
                        }
                        *set |= 1 << k;
                    }
                    k += 1;
                }
                if *run > 0 {
                    *run -= 1;
                    let rest = if k <= last { *set >> k << k << (63 - last) } else { 0 };
                    bits.skip(rest.count_ones())?;
                }
                Some(())
            }
        }
    }
}

/// How many blocks without further coefficients a symbol announces.
fn run_of_blocks(bits: &mut Bits, symbol: u8) -> Option<u32> {
    let size = u32::from(symbol >> 4);
    Some((1 << size) + bits.number(size)?)
}
