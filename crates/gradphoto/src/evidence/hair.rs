//! The hair on the head: its colour, and strands that stand off.

use super::cells::{core, grown};
use super::{Background, Class, ColourGrid, Landmarks};
use crate::colour::{self, Lab};

/// The hair on the head.
#[derive(Clone, Copy, Debug)]
pub struct Hair {
    /// Median colour, without the edge where enough is left.
    pub colour: Lab,
    /// Share of the background around it that thin strands cross, 0 to 1; `None` where hair and background look alike
    /// or too little background is in sight.
    pub stray_share: Option<f64>,
}

/// Fewer cells say nothing of a colour.
const MIN_CELLS: usize = 60;
/// Strands are looked for from the second cell off the hair up to this many cells away.
const REACH: usize = 10;
/// Cells kept away from face, ears and clothes.
const CLEARANCE: usize = 3;
/// Fewer cells around the hair say nothing of strands.
const MIN_AROUND: usize = 100;
/// CIELAB distance of hair and background below which a strand does not show.
const MIN_DISTANCE: f32 = 20.0;
/// Half the side, in cells, of the smallest square that is no strand.
const STRAND_RADIUS: usize = 2;
/// How much of the way from background to hair a cell must go to show a strand: noise and JPEG stay below.
const STRAND_SHADE: f32 = 0.12;

impl Hair {
    /// The hair of this face; `None` where almost none is in sight.
    pub(super) fn see(grid: &ColourGrid, landmarks: &Landmarks, background: Option<&Background>) -> Option<Hair> {
        let hair = grid.cells_of(Class::Hair);
        let mut cells = core(&hair, 1);
        if cells.len() < MIN_CELLS {
            cells = (0..hair.len()).filter(|&i| hair[i]).collect();
        }
        if cells.len() < MIN_CELLS {
            return None;
        }
        let colour = colour::median(&grid.colours(&cells))?;
        let chin_row = grid.grid_from_photo(landmarks.chin()).y.max(0.0) as usize;
        let stray_share = background.and_then(|behind| stray_share(grid, hair, chin_row, colour, behind.colour));
        Some(Hair { colour, stray_share })
    }
}

fn stray_share(grid: &ColourGrid, hair: Vec<bool>, chin_row: usize, colour: Lab, behind: Lab) -> Option<f64> {
    let way = [colour.l - behind.l, colour.a - behind.a, colour.b - behind.b];
    let squared = way.iter().map(|d| d * d).sum::<f32>();
    if squared < MIN_DISTANCE * MIN_DISTANCE {
        return None;
    }
    let open = |i: usize| matches!(grid.classes[i], Some(Class::Background) | None);
    let others = (0..hair.len()).map(|i| !open(i) && !hair[i]).collect();
    let (edge, others) = (grown(hair.clone(), 1), grown(others, CLEARANCE));
    let near = grown(hair, REACH);
    let above_chin = chin_row.min(ColourGrid::HEIGHT) * ColourGrid::WIDTH;
    let around = (0..above_chin).filter(|&i| near[i] && !edge[i] && !others[i] && open(i)).collect::<Vec<_>>();
    if around.len() < MIN_AROUND {
        return None;
    }
    let shade = |c: &Lab| ((c.l - behind.l) * way[0] + (c.a - behind.a) * way[1] + (c.b - behind.b) * way[2]) / squared;
    let shades = grid.lab.iter().map(|c| shade(c).clamp(0.0, 1.0)).collect::<Vec<_>>();
    // Without whatever is thinner than the square, a gradient or a shadow remains and a strand is gone.
    let broad = windowed(&windowed(&shades, f32::min), f32::max);
    let strands = around.iter().filter(|&&i| shades[i] - broad[i] > STRAND_SHADE).count();
    Some(strands as f64 / around.len() as f64)
}

/// The smallest or the largest value in the square around each cell.
fn windowed(values: &[f32], pick: impl Fn(f32, f32) -> f32 + Copy) -> Vec<f32> {
    let rows = along(values, |i| (i % ColourGrid::WIDTH, ColourGrid::WIDTH), 1, pick);
    along(&rows, |i| (i / ColourGrid::WIDTH, ColourGrid::HEIGHT), ColourGrid::WIDTH, pick)
}

/// The smallest or the largest value around each cell on its line; `place` tells where on how long a line a cell lies.
fn along(
    values: &[f32],
    place: impl Fn(usize) -> (usize, usize),
    step: usize,
    pick: impl Fn(f32, f32) -> f32 + Copy,
) -> Vec<f32> {
    let reach = |i: usize| {
        let (at, length) = place(i);
        let (from, to) = (at.saturating_sub(STRAND_RADIUS), (at + STRAND_RADIUS).min(length - 1));
        (from..=to).map(|to| values[i + to * step - at * step]).reduce(pick).unwrap_or(values[i])
    };
    (0..values.len()).map(reach).collect()
}
