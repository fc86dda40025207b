//! What lies behind the person: its colour, how even it is, and what does not belong there.

use nalgebra::{Matrix6, Vector6};

use super::cells::{grown, patch_with, patches};
use super::colour_grid::ColourGrid;
use super::parsing::Class;
use crate::colour::{self, Lab};
use crate::geometry::Region;

/// The background as seen between person and photo edge.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Background {
    /// Median colour.
    pub colour: Lab,
    /// Median colours of tiles of 4x4 cells (8x8 crop pixels) that are mostly background.
    pub tiles: Vec<Lab>,
    /// The largest patch that is neither person nor smooth background, and its share of the photo.
    pub object: Option<(Region, f64)>,
}

/// Cells in the side of a tile.
const TILE: usize = 4;
/// Smallest share of a tile that must be background.
const TILE_FILL: f64 = 0.6;
/// Fewer tiles say nothing of evenness.
const MIN_TILES: usize = 12;
/// Cells kept away from the person: hair and JPEG ringing bleed that far.
const CLEARANCE: usize = 2;
/// Cells kept away from the edge of photo and crop, where careless cropping leaves lines that are nobody and nothing.
const EDGE: usize = 1;
/// CIELAB distance from the smooth background beyond which a cell is an object. Noise and JPEG stay below 8.
const OBJECT_DISTANCE: f32 = 14.0;

impl Background {
    /// Looks behind the person whose face covers the cell `face`; `None` where too little background is in sight.
    pub(super) fn see(grid: &ColourGrid, face: usize) -> Option<Background> {
        let classes = &grid.classes;
        let person = person(grid, face, 0);
        if !person[face] {
            return None;
        }
        let near_person = grown(person, CLEARANCE);
        let outside = classes.iter().map(|class| is_outside(*class)).collect::<Vec<_>>();
        let mut behind = near_person.iter().zip(&outside).map(|(near, outside)| !near && !outside).collect::<Vec<_>>();
        let sure = behind.iter().zip(classes).map(|(behind, class)| *behind && is_background(*class));
        let sure = sure.collect::<Vec<_>>();
        let tiles = tile_medians(grid, &sure);
        if tiles.len() < MIN_TILES {
            return None;
        }
        let colour = colour::median(&tiles)?;
        let near_outside = grown(outside, EDGE);
        behind.iter_mut().zip(near_outside).enumerate().for_each(|(i, (behind, near_outside))| {
            *behind &= !near_outside && !is_at_border(i);
        });
        let object = largest_object(grid, &behind, &sure, colour);
        Some(Background { colour, tiles, object })
    }

    /// CIELAB distance (CIEDE2000) from the middle colour that 95 % of the tiles stay within.
    pub(crate) fn unevenness(&self) -> f64 {
        let distances = self.tiles.iter().map(|tile| colour::delta_e(*tile, self.colour) as f32).collect();
        colour::percentile(distances, 95.0).map_or(0.0, f64::from)
    }
}

/// The cells of the person whose face covers the cell `face`: what is connected with it, over gaps of up to twice `reach` cells.
/// What else the net takes for hair or cloth lies on the background: writing, a chair, somebody else.
pub(super) fn person(grid: &ColourGrid, face: usize, reach: usize) -> Vec<bool> {
    let shown = grid.classes.iter().map(|class| !is_background(*class) && !is_outside(*class)).collect::<Vec<_>>();
    let mut person = vec![false; shown.len()];
    for cell in patch_with(&grown(shown.clone(), reach), face) {
        person[cell] = shown[cell];
    }
    person
}

fn is_background(class: Option<Class>) -> bool {
    class == Some(Class::Background)
}

/// Whether a cell lies at the border of the crop.
fn is_at_border(cell: usize) -> bool {
    let (x, y) = (cell % ColourGrid::WIDTH, cell / ColourGrid::WIDTH);
    !(EDGE..ColourGrid::WIDTH - EDGE).contains(&x) || !(EDGE..ColourGrid::HEIGHT - EDGE).contains(&y)
}

fn is_outside(class: Option<Class>) -> bool {
    class == Some(Class::Outside)
}

fn tile_medians(grid: &ColourGrid, sure: &[bool]) -> Vec<Lab> {
    let mut medians = vec![];
    for top in (0..ColourGrid::HEIGHT).step_by(TILE) {
        for left in (0..ColourGrid::WIDTH).step_by(TILE) {
            let rows = (top..top + TILE).map(|y| y * ColourGrid::WIDTH + left);
            // What is missing sorts to the end.
            let mut colours = [[f32::INFINITY; 4]; TILE * TILE];
            let mut count = 0;
            for i in rows.flat_map(|row| row..row + TILE).filter(|&i| sure[i]) {
                let Lab { l, a, b, .. } = grid.lab[i];
                colours[count] = [l, a, b, 0.0];
                count += 1;
            }
            if count as f64 >= TILE_FILL * (TILE * TILE) as f64 {
                sort_channels(&mut colours);
                let [l, a, b, _] = colours[(0.5 * (count - 1) as f32).round() as usize];
                medians.push(Lab::new(l, a, b));
            }
        }
    }
    medians
}

/// Sorts each channel by itself: neighbours change places for as many rounds as there are colours, all channels at once.
fn sort_channels(colours: &mut [[f32; 4]; TILE * TILE]) {
    for round in 0..colours.len() {
        for pair in colours[round % 2..].as_chunks_mut::<2>().0 {
            let [first, second] = *pair;
            let [mut low, mut high] = *pair;
            for channel in 0..4 {
                let is_less = second[channel] < first[channel];
                low[channel] = if is_less { second[channel] } else { first[channel] };
                high[channel] = if is_less { first[channel] } else { second[channel] };
            }
            *pair = [low, high];
        }
    }
}

/// The largest connected patch behind the person that a smooth background does not explain.
fn largest_object(grid: &ColourGrid, behind: &[bool], sure: &[bool], typical: Lab) -> Option<(Region, f64)> {
    let smooth = SmoothColour::fit(grid, sure, typical)?;
    let odd = (0..behind.len())
        .map(|i| behind[i] && colour::distance(grid.lab[i], smooth.at(i)) > OBJECT_DISTANCE)
        .collect::<Vec<_>>();
    let largest = patches(&odd).into_iter().max_by_key(Vec::len)?;
    let region = grid.region_around(&largest)?;
    Some((region, largest.len() as f64 / grid.cells_on_photo() as f64))
}

/// Colour as a quadratic function of place: follows gradients and vignettes, not objects.
struct SmoothColour {
    coefficients: [Vector6<f32>; 3],
}

impl SmoothColour {
    /// Least squares over every fifth sure cell, three times, each time without the outliers of the last.
    fn fit(grid: &ColourGrid, sure: &[bool], typical: Lab) -> Option<SmoothColour> {
        let mut used = (0..sure.len()).filter(|&i| sure[i]).step_by(5).collect::<Vec<_>>();
        let all = used.clone();
        used.retain(|&i| colour::distance(grid.lab[i], typical) < 25.0);
        let mut model = None;
        for _ in 0..3 {
            if used.len() < 30 {
                break;
            }
            let (mut normal, mut moments) = (Matrix6::zeros(), [Vector6::zeros(); 3]);
            for &i in &used {
                let (terms, Lab { l, a, b, .. }) = (Self::terms(i), grid.lab[i]);
                normal.ger(1.0, &terms, &terms, 1.0);
                moments.iter_mut().zip([l, a, b]).for_each(|(moments, value)| moments.axpy(value, &terms, 1.0));
            }
            let inverse = normal.try_inverse()?;
            let fitted = SmoothColour { coefficients: moments.map(|moments| inverse * moments) };
            let residuals = used.iter().map(|&i| colour::distance(grid.lab[i], fitted.at(i))).collect();
            let bound = (2.5 * colour::percentile(residuals, 50.0)?).max(6.0);
            used = all.iter().copied().filter(|&i| colour::distance(grid.lab[i], fitted.at(i)) < bound).collect();
            model = Some(fitted);
        }
        model
    }

    fn at(&self, cell: usize) -> Lab {
        let terms = Self::terms(cell);
        let [l, a, b] = &self.coefficients;
        Lab::new(l.dot(&terms), a.dot(&terms), b.dot(&terms))
    }

    fn terms(cell: usize) -> Vector6<f32> {
        let x = (cell % ColourGrid::WIDTH) as f32 / ColourGrid::WIDTH as f32 * 2.0 - 1.0;
        let y = (cell / ColourGrid::WIDTH) as f32 / ColourGrid::HEIGHT as f32 * 2.0 - 1.0;
        Vector6::new(1.0, x, y, x * x, y * y, x * y)
    }
}
