//! Huffman codes of a scan (ITU-T T.81 annexes C and F).

use super::frame::BLOCK;

/// Codes of so many bits or fewer are looked up at once.
const QUICK_BITS: usize = 10;

/// A Huffman table.
pub(super) struct Huffman {
    /// By the next [`QUICK_BITS`] bits: symbol, and bits of its code in the upper byte; 0 where the code is longer.
    quick: Box<[u16; 1 << QUICK_BITS]>,
    /// The same for passing over coefficients.
    passes: Box<[Pass; 1 << QUICK_BITS]>,
    /// First 16-bit number beyond the codes of 1, 2 ... 16 bits.
    ends: [usize; 16],
    /// Where the symbols of each length begin, less its first code.
    offsets: [isize; 16],
    symbols: Vec<u8>,
}

/// What passing over a coefficient takes.
#[derive(Clone, Copy, Default)]
struct Pass {
    /// Bits of its code and of its value; 0 where the code is longer than is looked up.
    bits: u8,
    /// Coefficients it stands for, the zeros before it included; 0 at the end of a block.
    coefficients: u8,
}

impl Pass {
    /// Over the symbol (T.81 F.1.2.2.1) whose code has so many bits.
    fn over(symbol: u8, code_bits: u8) -> Pass {
        let (zeros, size) = (symbol >> 4, symbol & 15);
        let is_end = size == 0 && zeros != 15;
        Pass { bits: code_bits + size, coefficients: if is_end { 0 } else { zeros + 1 } }
    }
}

impl Huffman {
    /// Codes of a length are consecutive numbers; `None` where there are more than a length can have.
    pub(super) fn new(counts: [u8; 16], symbols: &[u8]) -> Option<Huffman> {
        let quick = Box::new([0; 1 << QUICK_BITS]);
        let passes = Box::new([Pass::default(); 1 << QUICK_BITS]);
        let mut table = Huffman { quick, passes, ends: [0; 16], offsets: [0; 16], symbols: symbols.to_vec() };
        let (mut code, mut index) = (0, 0);
        for (i, count) in counts.map(usize::from).into_iter().enumerate() {
            table.offsets[i] = index as isize - code as isize;
            for symbol in symbols.get(index..index + count)?.iter().filter(|_| i < QUICK_BITS) {
                let room = 1 << (QUICK_BITS - 1 - i);
                let entry = u16::from(*symbol) | (i as u16 + 1) << 8;
                table.quick.get_mut(code * room..(code + 1) * room)?.fill(entry);
                table.passes[code * room..(code + 1) * room].fill(Pass::over(*symbol, i as u8 + 1));
                code += 1;
            }
            code += if i < QUICK_BITS { 0 } else { count };
            index += count;
            table.ends[i] = code << (15 - i);
            if table.ends[i] > 1 << 16 {
                return None;
            }
            code *= 2;
        }
        Some(table)
    }
}

/// Entropy-coded bits up to the next marker.
pub(super) struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
    /// The next bits, the first of them uppermost; zeros behind the last.
    buffer: u64,
    /// How many of them there are.
    left: u32,
}

impl<'a> Bits<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Bits<'a> {
        Bits { bytes, at: 0, buffer: 0, left: 0 }
    }

    /// The next symbol; `None` when no code of the table comes next.
    pub(super) fn symbol(&mut self, table: &Huffman) -> Option<u8> {
        if self.left < 16 {
            self.fill();
        }
        let entry = table.quick[(self.buffer >> (64 - QUICK_BITS)) as usize];
        if entry != 0 {
            self.consume(u32::from(entry >> 8))?;
            return Some(entry as u8);
        }
        let code = (self.buffer >> 48) as usize;
        let i = table.ends.iter().position(|end| code < *end)?;
        self.consume(i as u32 + 1)?;
        let index = table.offsets[i] + (code >> (15 - i)) as isize;
        table.symbols.get(usize::try_from(index).ok()?).copied()
    }

    /// Passes over the next symbol and its value; how many coefficients that were, 0 at the end of a block.
    fn pass(&mut self, table: &Huffman) -> Option<u8> {
        if self.left < 32 {
            self.fill();
        }
        let pass = table.passes[(self.buffer >> (64 - QUICK_BITS)) as usize];
        if pass.bits != 0 {
            self.consume(pass.bits.into())?;
            return Some(pass.coefficients);
        }
        let pass = Pass::over(self.symbol(table)?, 0);
        self.skip(pass.bits.into())?;
        Some(pass.coefficients)
    }

    /// The next `count` bits, at most 16, as a number.
    pub(super) fn number(&mut self, count: u32) -> Option<u32> {
        if self.left < count {
            self.fill();
        }
        // Two shifts, since a shift by 64 is none.
        let number = (self.buffer >> 1 >> (63 - count)) as u32;
        self.consume(count).map(|()| number)
    }

    /// The next coefficient of `size` bits, at most 16 (T.81 F.2.2.1).
    pub(super) fn coefficient(&mut self, size: u8) -> Option<i32> {
        let number = self.number(size.into())? as i32;
        // One without its highest bit is negative.
        let is_negative = number < 1 << size >> 1;
        Some(if is_negative { number + 1 - (1 << size) } else { number })
    }

    /// Passes over `count` bits, at most 64.
    pub(super) fn skip(&mut self, count: u32) -> Option<()> {
        if self.left < count {
            self.fill();
        }
        if count <= 32 {
            return self.consume(count);
        }
        self.consume(32)?;
        self.skip(count - 32)
    }

    /// Whether no more is left before the next marker than what fills a byte, the two bytes that some cameras add, or zeros.
    pub(super) fn are_used_up(&mut self) -> bool {
        self.fill();
        let zeros = self.bytes[self.at..].iter().take_while(|byte| **byte == 0).count();
        let is_end = !matches!(self.bytes[self.at + zeros..], [byte, ..] if byte != 0xFF);
        self.left < 24 || (self.buffer << (self.left % 8) == 0 && is_end)
    }

    /// Passes the next marker; its number when it is a restart marker.
    pub(super) fn restart(&mut self) -> Option<usize> {
        let at = self.at
            + self.bytes[self.at..].windows(2).position(|pair| pair[0] == 0xFF && !matches!(pair[1], 0 | 0xFF))?;
        let marker = self.bytes[at + 1];
        (self.at, self.buffer, self.left) = (at + 2, 0, 0);
        matches!(marker, 0xD0..=0xD7).then_some(usize::from(marker & 7))
    }

    /// Where reading has got to, at or before the next marker.
    pub(super) fn position(&self) -> usize {
        self.at
    }

    fn consume(&mut self, count: u32) -> Option<()> {
        self.left = self.left.checked_sub(count)?;
        self.buffer <<= count;
        Some(())
    }

    /// Loads bytes until there are more than 48 bits or a marker comes; a zero follows each 0xFF that is data.
    fn fill(&mut self) {
        if self.left > 48 {
            return;
        }
        if let Some(next) = self.bytes.get(self.at..).and_then(|rest| rest.first_chunk()) {
            let next = u64::from_be_bytes(*next);
            let is_plain = (!next).wrapping_sub(ONES) & next & ONES << 7 == 0;
            if is_plain {
                let count = (63 - self.left) / 8;
                self.buffer |= next >> (64 - 8 * count) << (64 - 8 * count - self.left);
                (self.left, self.at) = (self.left + 8 * count, self.at + count as usize);
                return;
            }
        }
        while self.left <= 48 {
            let byte = match self.bytes[self.at..] {
                [0xFF, 0, ..] => {
                    self.at += 1;
                    0xFF
                }
                [0xFF, ..] | [] => return,
                [byte, ..] => byte,
            };
            self.at += 1;
            self.buffer |= u64::from(byte) << (56 - self.left);
            self.left += 8;
        }
    }
}

/// A one in each byte.
const ONES: u64 = 0x0101_0101_0101_0101;

/// Passes over the coefficients of a block from the `k`-th on, of a picture that is not progressive.
pub(super) fn pass_coefficients(bits: &mut Bits, ac: &Huffman, mut k: usize) -> Option<()> {
    while k < BLOCK {
        match bits.pass(ac)? {
            0 => break,
            coefficients => k += usize::from(coefficients),
        }
    }
    (k <= BLOCK).then_some(())
}

/// The first coefficients of a component's blocks, each told by its difference from the one before.
pub(super) struct Level {
    /// That of the block before; 0 at every start of a scan and at every restart within one.
    before: i32,
    /// The largest that a block of 8-bit samples can have, and what rounding adds.
    most: i32,
}

impl Level {
    /// For what a step of the coefficient counts, and the lowest of its bits that the scan brings.
    pub(super) fn new(step: u16, lowest_bit: u8) -> Level {
        // 8 times the largest difference from middle grey (T.81 A.3.3).
        Level { before: 0, most: ((1024 / i32::from(step.max(1)) + 1) >> lowest_bit) + 1 }
    }

    /// Forgets the block before.
    pub(super) fn restart(&mut self) {
        self.before = 0;
    }

    /// The coefficient of the next block; `None` where the bits end first, or no block is so dark or bright.
    pub(super) fn next(&mut self, bits: &mut Bits, dc: &Huffman) -> Option<i32> {
        let size = bits.symbol(dc).filter(|size| *size <= 16)?;
        self.before = self.before.wrapping_add(bits.coefficient(size)?);
        (self.before.abs() <= self.most).then_some(self.before)
    }
}
