//! The crop at half its size, in CIELAB: fine enough to measure colour, and four times cheaper.

use super::landmarks::Landmarks;
use super::parsing::{Class, Parsing};
use crate::colour::{Lab, labs_from_rgb, luminance};
use crate::geometry::{Point, Region, cells_in_polygon};

/// Colours and classes of the crop in cells of 2x2 crop pixels.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ColourGrid {
    /// Mean colour of each cell, row by row, [`ColourGrid::WIDTH`] x [`ColourGrid::HEIGHT`].
    pub lab: Vec<Lab>,
    /// Class of each cell; `None` where its four pixels differ.
    pub classes: Vec<Option<Class>>,
    origin: Point,
    cell_px: f64,
}

impl ColourGrid {
    /// Cells in a row.
    pub const WIDTH: usize = Parsing::WIDTH / 2;
    /// Rows of cells.
    pub const HEIGHT: usize = Parsing::HEIGHT / 2;

    pub(super) fn new(parsing: &Parsing) -> ColourGrid {
        let cells = Self::WIDTH * Self::HEIGHT;
        let mut grid = ColourGrid {
            lab: Vec::with_capacity(cells),
            classes: Vec::with_capacity(cells),
            origin: parsing.origin,
            cell_px: 2.0 * parsing.scale,
        };
        let rows = parsing.rgb.chunks_exact(2 * Parsing::WIDTH).zip(parsing.classes.chunks_exact(2 * Parsing::WIDTH));
        for (rgb, classes) in rows {
            let colours = squares(rgb).map(|[a, b, c, d]| {
                let sum = |i: usize| u16::from(a[i]) + u16::from(b[i]) + u16::from(c[i]) + u16::from(d[i]);
                let mean = |i: usize| ((sum(i) + 2) / 4) as u8;
                [mean(0), mean(1), mean(2)]
            });
            let colours = colours.collect::<Vec<_>>();
            grid.lab.extend(labs_from_rgb(&colours));
            grid.classes.extend(squares(classes).map(|[class, others @ ..]| (others == [class; 3]).then_some(class)));
        }
        grid
    }

    /// Indices of the cells inside the polygon through these mesh points and inside the photo.
    pub(crate) fn cells_within(&self, landmarks: &Landmarks, polygon: &[usize]) -> Vec<usize> {
        let corners = polygon.iter().map(|&i| self.grid_from_photo(landmarks.point(i))).collect::<Vec<_>>();
        let mut cells = cells_in_polygon(&corners, Self::WIDTH, Self::HEIGHT);
        cells.retain(|&cell| self.classes[cell] != Some(Class::Outside));
        cells
    }

    /// Colours of these cells.
    pub(crate) fn colours(&self, cells: &[usize]) -> Vec<Lab> {
        cells.iter().map(|&i| self.lab[i]).collect()
    }

    /// Mean luminance of the skin among these cells; `None` where fewer than `least` show any.
    pub(crate) fn light_of_skin(&self, cells: &[usize], least: usize) -> Option<f64> {
        let skin = cells.iter().filter(|&&cell| self.classes[cell] == Some(Class::Skin));
        let light = skin.map(|&cell| luminance(self.lab[cell])).collect::<Vec<_>>();
        (light.len() >= least.max(1)).then(|| light.iter().sum::<f64>() / light.len() as f64)
    }

    /// The cells of this class.
    pub(super) fn cells_of(&self, class: Class) -> Vec<bool> {
        self.classes.iter().map(|seen| *seen == Some(class)).collect()
    }

    /// Cells that show the photo.
    pub(crate) fn cells_on_photo(&self) -> usize {
        self.classes.iter().filter(|class| **class != Some(Class::Outside)).count()
    }

    /// The smallest rectangle on the photo that holds all these cells.
    pub(crate) fn region_around(&self, cells: &[usize]) -> Option<Region> {
        let xs = cells.iter().map(|i| i % Self::WIDTH);
        let ys = cells.iter().map(|i| i / Self::WIDTH);
        let (left, top) = (xs.clone().min()?, ys.clone().min()?);
        Some(Region {
            x: self.origin.x + left as f64 * self.cell_px,
            y: self.origin.y + top as f64 * self.cell_px,
            width: (xs.max()? + 1 - left) as f64 * self.cell_px,
            height: (ys.max()? + 1 - top) as f64 * self.cell_px,
        })
    }

    /// Index of the cell at this point of the photo; `None` beyond the crop.
    pub(crate) fn cell_at(&self, p: Point) -> Option<usize> {
        let Point { x, y } = self.grid_from_photo(p);
        let inside = (0.0..Self::WIDTH as f64).contains(&x) && (0.0..Self::HEIGHT as f64).contains(&y);
        inside.then_some(y as usize * Self::WIDTH + x as usize)
    }

    /// Row of cells at this height of the photo; it may lie beyond the crop.
    pub(crate) fn row_at(&self, y: f64) -> i64 {
        self.grid_from_photo(Point::new(0.0, y)).y.floor() as i64
    }

    /// Where a photo point lies on the grid, in cells.
    pub(super) fn grid_from_photo(&self, p: Point) -> Point {
        Point::new((p.x - self.origin.x) / self.cell_px, (p.y - self.origin.y) / self.cell_px)
    }
}

/// The four pixels of each cell, from two rows of the crop.
fn squares<T: Copy>(rows: &[T]) -> impl Iterator<Item = [T; 4]> {
    let (upper, lower) = rows.split_at(Parsing::WIDTH);
    upper.as_chunks().0.iter().zip(lower.as_chunks().0).map(|(&[a, b], &[c, d])| [a, b, c, d])
}
