//! The hair on the head and its colour.

use super::cells::core;
use super::colour_grid::ColourGrid;
use super::parsing::Class;
use crate::colour::{self, Lab};

/// The hair on the head.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Hair {
    /// Median colour, without the edge where enough is left.
    pub colour: Lab,
    /// Its area without the edge, as a share of the area of skin in the face, 0 and up.
    pub per_skin: f64,
}

/// Fewer cells say nothing of a colour.
const MIN_CELLS: usize = 60;

impl Hair {
    /// The hair in the crop; `None` where almost none is in sight.
    pub(super) fn see(grid: &ColourGrid) -> Option<Hair> {
        let hair = grid.cells_of(Class::Hair);
        let mut cells = core(&hair, 1);
        let skin = grid.classes.iter().filter(|class| **class == Some(Class::Skin)).count();
        let per_skin = cells.len() as f64 / skin.max(1) as f64;
        if cells.len() < MIN_CELLS {
            cells = (0..hair.len()).filter(|&i| hair[i]).collect();
        }
        if cells.len() < MIN_CELLS {
            return None;
        }
        Some(Hair { colour: colour::median(&grid.colours(&cells))?, per_skin })
    }
}
