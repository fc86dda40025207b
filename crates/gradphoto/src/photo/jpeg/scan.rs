//! Counts the blocks of a scan (ITU-T T.81 annex F): a decoder paints what is missing grey and says nothing of it.

/// What came before a scan and is needed to read it.
#[derive(Default)]
pub(super) struct ScanReader {
    frame: Option<Frame>,
    /// Huffman tables by class (DC, AC) and number.
    tables: [[Option<Huffman>; 4]; 2],
    /// Units between two restart markers; 0 for none.
    restart_interval: usize,
}

/// The frame of a sequential picture.
struct Frame {
    width: usize,
    height: usize,
    components: Vec<Component>,
}

#[derive(Clone, Copy)]
struct Component {
    id: u8,
    /// Sampling factors, 1 to 4.
    across: usize,
    down: usize,
}

impl ScanReader {
    /// Takes up a frame header of Huffman-coded sequential pictures (SOF0, SOF1).
    pub(super) fn read_frame(&mut self, payload: &[u8]) {
        let [_, h1, h0, w1, w0, _, components @ ..] = payload else { return };
        let component = |&[id, sampling, _]: &[u8; 3]| Component {
            id,
            across: usize::from(sampling >> 4).max(1),
            down: usize::from(sampling & 15).max(1),
        };
        self.frame = Some(Frame {
            width: u16::from_be_bytes([*w1, *w0]).into(),
            height: u16::from_be_bytes([*h1, *h0]).into(),
            components: components.as_chunks().0.iter().map(component).collect(),
        });
    }

    /// Takes up the tables of a DHT segment.
    pub(super) fn read_tables(&mut self, mut payload: &[u8]) {
        while let Some((head, rest)) = payload.split_first_chunk::<17>() {
            let counts: [u8; 16] = std::array::from_fn(|i| head[i + 1]);
            let size = counts.iter().map(|&count| usize::from(count)).sum();
            let Some((values, rest)) = rest.split_at_checked(size) else { return };
            let class = self.tables.get_mut(usize::from(head[0] >> 4));
            if let Some(table) = class.and_then(|class| class.get_mut(usize::from(head[0] & 15))) {
                *table = Some(Huffman::new(counts, values));
            }
            payload = rest;
        }
    }

    /// Takes up the interval of a DRI segment.
    pub(super) fn read_restart_interval(&mut self, payload: &[u8]) {
        self.restart_interval = payload.first_chunk().map_or(0, |&interval| u16::from_be_bytes(interval).into());
    }

    /// Whether `data`, the bytes after the scan header, holds every block of the scan; `None` when that cannot be
    /// told: progressive and arithmetic coding are not followed, and some cameras leave the tables out.
    pub(super) fn is_whole(&self, header: &[u8], data: &[u8]) -> Option<bool> {
        let frame = self.frame.as_ref()?;
        let count = usize::from(*header.first()?);
        let mut unit = vec![];
        let mut sampling = vec![];
        for &[id, numbers] in header.get(1..1 + 2 * count)?.as_chunks().0 {
            let component = *frame.components.iter().find(|component| component.id == id)?;
            let table = |class: usize, number: u8| self.tables[class].get(usize::from(number))?.as_ref();
            let blocks = if count == 1 { 1 } else { component.across * component.down };
            unit.extend(vec![(table(0, numbers >> 4)?, table(1, numbers & 15)?); blocks]);
            sampling.push(component);
        }
        let mut bits = Bits { bytes: data, buffer: 0, left: 0 };
        for done in 0..frame.units(&sampling) {
            if self.restart_interval > 0 && done > 0 && done % self.restart_interval == 0 {
                let number = (done / self.restart_interval - 1) % 8;
                if bits.restart() != Some(number) {
                    return Some(false);
                }
            }
            if unit.iter().any(|(dc, ac)| bits.skip_block(dc, ac).is_none()) {
                return Some(false);
            }
        }
        Some(true)
    }
}

impl Frame {
    /// Number of coding units in a scan: single blocks of one component, or groups that interleave several.
    fn units(&self, scanned: &[Component]) -> usize {
        let across = self.components.iter().map(|component| component.across).max().unwrap_or(1);
        let down = self.components.iter().map(|component| component.down).max().unwrap_or(1);
        match scanned {
            [only] => {
                let width = (self.width * only.across).div_ceil(across);
                let height = (self.height * only.down).div_ceil(down);
                width.div_ceil(8) * height.div_ceil(8)
            }
            _ => self.width.div_ceil(8 * across) * self.height.div_ceil(8 * down),
        }
    }
}

/// A Huffman table, read by comparing the next 16 bits with the end of each length's codes.
struct Huffman {
    /// First 16-bit number beyond the codes of 1, 2 ... 16 bits.
    ends: [usize; 16],
    /// Where the values of each length begin, less its first code.
    offsets: [isize; 16],
    values: Vec<u8>,
}

impl Huffman {
    /// Codes of a length are consecutive numbers (T.81 annex C).
    fn new(counts: [u8; 16], values: &[u8]) -> Huffman {
        let mut table = Huffman { ends: [0; 16], offsets: [0; 16], values: values.to_vec() };
        let (mut code, mut index) = (0, 0);
        for (i, count) in counts.map(usize::from).into_iter().enumerate() {
            table.offsets[i] = index as isize - code as isize;
            (code, index) = (code + count, index + count);
            table.ends[i] = code << (15 - i);
            code *= 2;
        }
        table
    }
}

/// Entropy-coded bits up to the next marker.
struct Bits<'a> {
    bytes: &'a [u8],
    buffer: u64,
    /// Bits of the buffer that are not used up.
    left: usize,
}

impl Bits<'_> {
    /// Passes over one block of 64 coefficients; `None` when the bits end first or are no such block.
    fn skip_block(&mut self, dc: &Huffman, ac: &Huffman) -> Option<()> {
        let size = self.symbol(dc)?;
        self.skip(size.into())?;
        let mut coefficients = 1;
        while coefficients < 64 {
            let (zeros, size) = match self.symbol(ac)? {
                0xF0 => (16, 0),
                run if run & 15 == 0 => break,
                run => (usize::from(run >> 4) + 1, run & 15),
            };
            coefficients += zeros;
            self.skip(size.into())?;
        }
        (coefficients <= 64).then_some(())
    }

    fn symbol(&mut self, table: &Huffman) -> Option<u8> {
        self.fill(16);
        // Behind the last bit zeros are read; skip sees that they are none of the scan.
        let code = (self.buffer << 16 >> self.left) as usize & 0xFFFF;
        let i = table.ends.iter().position(|end| code < *end)?;
        self.skip(i + 1)?;
        let index = table.offsets[i] + (code >> (15 - i)) as isize;
        table.values.get(usize::try_from(index).ok()?).copied()
    }

    fn skip(&mut self, count: usize) -> Option<()> {
        self.fill(count);
        self.left = self.left.checked_sub(count)?;
        Some(())
    }

    /// Loads bytes until there are `wanted` bits, at most 16, or the data ends; a zero follows each 0xFF that is data.
    fn fill(&mut self, wanted: usize) {
        while self.left < wanted {
            let (byte, rest) = match self.bytes {
                [0xFF, 0, rest @ ..] => (0xFF, rest),
                [0xFF, ..] | [] => return,
                [byte, rest @ ..] => (*byte, rest),
            };
            self.buffer = self.buffer << 8 & 0xFFFF_FFFF | u64::from(byte);
            (self.left, self.bytes) = (self.left + 8, rest);
        }
    }

    /// Passes the next marker; its number when it is a restart marker.
    fn restart(&mut self) -> Option<usize> {
        let at = self.bytes.windows(2).position(|pair| pair[0] == 0xFF && !matches!(pair[1], 0 | 0xFF))?;
        let marker = self.bytes[at + 1];
        (self.left, self.bytes) = (0, &self.bytes[at + 2..]);
        matches!(marker, 0xD0..=0xD7).then_some(usize::from(marker & 7))
    }
}
