//! A picture made smaller while it is decoded: of every block only the lowest frequencies, transformed to fewer samples, so
//! that it is decoded in the same pass that follows its codes, and nothing is aliased.

use std::f32::consts::PI;

use image::{DynamicImage, GrayImage, RgbImage};

use super::Colours;
use super::frame::{self, BLOCK, Frame};
use super::huffman::{Bits, Huffman, Level, pass_coefficients};
use super::quality::Table;

/// Side of a block in pixels.
const SIDE: usize = 8;

/// The components of a picture at a fraction of its size.
pub(super) struct Reduced {
    /// Width and height of the picture.
    size: [usize; 2],
    /// Samples in a row of each component, those beyond the picture included.
    row: usize,
    components: Vec<Component>,
}

struct Component {
    /// Samples that become of a block: across, down.
    block: [usize; 2],
    /// Blocks in a row.
    blocks: usize,
    /// The waves of the transform across and down, at each of their samples.
    waves: [[[f32; SIDE]; SIDE]; 2],
    /// What a step of each coefficient counts, in the order of the file, up to the last that is of use.
    steps: Vec<f32>,
    samples: Vec<u8>,
}

impl Reduced {
    /// For a picture of this frame at one `reduction`-th of its size; `None` for those that are made smaller otherwise.
    pub(super) fn new(frame: &Frame, tables: &[Option<Table>; 4], reduction: usize) -> Option<Reduced> {
        if frame.is_progressive || frame.components.len() == 4 {
            return None;
        }
        let (across, down) = frame.largest();
        let units = frame.units();
        let component = |component: &frame::Component| {
            let block = [across / component.across, down / component.down].map(|enlarged| SIDE * enlarged / reduction);
            let table = tables.get(usize::from(component.table))?.as_ref()?;
            let is_of_use = |place: u8| usize::from(place) % SIDE < block[0] && usize::from(place) / SIDE < block[1];
            let last = ZIGZAG.iter().rposition(|&place| is_of_use(place))?;
            let blocks = units.0 * component.across;
            Some(Component {
                block,
                blocks,
                waves: [waves(block[0])?, waves(block[1])?],
                steps: table[..=last].iter().map(|&step| f32::from(step)).collect(),
                samples: vec![0; blocks * block[0] * units.1 * component.down * block[1]],
            })
        };
        Some(Reduced {
            size: [frame.width, frame.height].map(|length| (length / reduction).max(1)),
            row: units.0 * across * SIDE / reduction,
            components: frame.components.iter().map(component).collect::<Option<_>>()?,
        })
    }

    /// Decodes the next block of a component, which stands at `place`; `None` when the bits end first or are no block.
    pub(super) fn block(
        &mut self,
        bits: &mut Bits,
        (dc, ac): (&Huffman, &Huffman),
        level: &mut Level,
        component: usize,
        place: usize,
    ) -> Option<()> {
        let component = &mut self.components[component];
        let mut coefficients = [[0.0; SIDE]; SIDE];
        let mut waves = [1, 1];
        coefficients[0][0] = level.next(bits, dc)? as f32 * component.steps[0];
        let mut k = 1;
        while k < component.steps.len() {
            let (zeros, size) = match bits.symbol(ac)? {
                0xF0 => (15, 0),
                symbol if symbol & 15 == 0 => {
                    k = BLOCK;
                    break;
                }
                symbol => (usize::from(symbol >> 4), symbol & 15),
            };
            k += zeros;
            let coefficient = bits.coefficient(size)?;
            if let Some(step) = component.steps.get(k) {
                let (across, down) = (usize::from(ZIGZAG[k]) % SIDE, usize::from(ZIGZAG[k]) / SIDE);
                coefficients[down][across] = coefficient as f32 * step;
                waves = [waves[0].max(across + 1), waves[1].max(down + 1)];
            }
            k += 1;
        }
        pass_coefficients(bits, ac, k)?;
        component.put(&coefficients, waves, place);
        Some(())
    }

    /// The picture; `None` where its colours are none that are made smaller here.
    pub(super) fn picture(self, colours: Colours) -> Option<DynamicImage> {
        let [width, height] = self.size;
        let rows =
            |component: usize| self.components[component].samples.chunks_exact(self.row).map(|row| &row[..width]);
        let (columns, lines) = (width as u32, height as u32);
        if colours == Colours::Grey {
            let samples = rows(0).take(height).flatten().copied().collect();
            return GrayImage::from_raw(columns, lines, samples).map(DynamicImage::from);
        }
        let mut pixels = Vec::with_capacity(width * height);
        for ((first, second), third) in rows(0).zip(rows(1)).zip(rows(2)).take(height) {
            let row = first.iter().zip(second).zip(third).map(|((a, b), c)| [*a, *b, *c]);
            match colours {
                Colours::YCbCr => pixels.extend(row.map(rgb_from_ycbcr)),
                Colours::Rgb => pixels.extend(row),
                _ => return None,
            }
        }
        RgbImage::from_raw(columns, lines, pixels.into_flattened()).map(DynamicImage::from)
    }
}

impl Component {
    /// Transforms a block's lowest frequencies, waves down by waves across, to its samples; behind so many `waves` across and
    /// down there are none.
    fn put(&mut self, coefficients: &[[f32; SIDE]; SIDE], waves: [usize; 2], place: usize) {
        // Loops whose length is known take half the time.
        match self.block[0] {
            1 => self.put_rows::<1>(coefficients, waves, place),
            2 => self.put_rows::<2>(coefficients, waves, place),
            4 => self.put_rows::<4>(coefficients, waves, place),
            _ => self.put_rows::<SIDE>(coefficients, waves, place),
        }
    }

    /// The same of a block of `WIDTH` samples across.
    fn put_rows<const WIDTH: usize>(&mut self, coefficients: &[[f32; SIDE]; SIDE], waves: [usize; 2], place: usize) {
        let height = self.block[1];
        let [waves_across, waves_down] = [waves[0].min(WIDTH), waves[1].min(height)];
        let [across, down] = &self.waves;
        let mut rows = [[0.0; WIDTH]; SIDE];
        for (row, of_row) in rows.iter_mut().zip(coefficients).take(waves_down) {
            for (share, wave) in of_row.iter().zip(across).take(waves_across) {
                row.iter_mut().zip(wave).for_each(|(sum, value)| *sum += share * value);
            }
        }
        let line = self.blocks * WIDTH;
        let start = place / self.blocks * height * line + place % self.blocks * WIDTH;
        for y in 0..height {
            let mut sum = [0.0; WIDTH];
            for (wave, row) in down.iter().zip(&rows).take(waves_down) {
                sum.iter_mut().zip(row).for_each(|(sum, value)| *sum += wave[y] * value);
            }
            if let Some(to) = self.samples.get_mut(start + y * line..start + y * line + WIDTH) {
                // The level of middle grey, and half a level for rounding; a conversion stays within 0 and 255.
                to.copy_from_slice(&sum.map(|value| (value + 128.5) as u8));
            }
        }
    }
}

/// The waves of a cosine transform to `count` samples, scaled so that means stay: by wave, then by sample. `None` for counts
/// that no block becomes.
fn waves(count: usize) -> Option<[[f32; SIDE]; SIDE]> {
    let wave = |wave: usize, place: usize| {
        let height = if wave == 0 { 1.0 } else { 2_f32.sqrt() };
        height * (PI * wave as f32 * (2 * place + 1) as f32 / (2 * count) as f32).cos() / (SIDE as f32).sqrt()
    };
    let at = |number: usize, place: usize| if number < count && place < count { wave(number, place) } else { 0.0 };
    let is_possible = matches!(count, 1 | 2 | 4 | 8);
    is_possible.then(|| std::array::from_fn(|number| std::array::from_fn(|place| at(number, place))))
}

/// Red, green and blue as JFIF has them of luma and two differences.
fn rgb_from_ycbcr([y, cb, cr]: [u8; 3]) -> [u8; 3] {
    // Shares in 65536ths, and half a level for rounding.
    let (y, blue, red) = (i32::from(y) << 16 | 1 << 15, i32::from(cb) - 128, i32::from(cr) - 128);
    [y + 91_881 * red, y - 22_554 * blue - 46_802 * red, y + 116_130 * blue]
        .map(|value| (value >> 16).clamp(0, 255) as u8)
}

/// Where each coefficient of the file's order stands in its block, row by row (T.81 figure A.6).
#[rustfmt::skip]
const ZIGZAG: [u8; BLOCK] = [
     0,  1,  8, 16,  9,  2,  3, 10, 17, 24, 32, 25, 18, 11,  4,  5,
    12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13,  6,  7, 14, 21, 28,
    35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51,
    58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
];
