//! Sets of cells of the colour grid: neighbours, patches, growing and shrinking.

use super::colour_grid::ColourGrid;

/// The four neighbours of a cell.
pub(super) fn neighbours(i: usize) -> impl Iterator<Item = usize> {
    let (x, y) = (i % ColourGrid::WIDTH, i / ColourGrid::WIDTH);
    let left = (x > 0).then(|| i - 1);
    let right = (x + 1 < ColourGrid::WIDTH).then(|| i + 1);
    let up = (y > 0).then(|| i - ColourGrid::WIDTH);
    let down = (y + 1 < ColourGrid::HEIGHT).then(|| i + ColourGrid::WIDTH);
    [left, right, up, down].into_iter().flatten()
}

/// The cells of `set`, one list for each connected patch.
pub(super) fn patches(set: &[bool]) -> Vec<Vec<usize>> {
    let mut left = set.to_vec();
    let mut patches = vec![];
    for seed in 0..set.len() {
        if std::mem::take(&mut left[seed]) {
            let mut patch = vec![seed];
            let mut next = 0;
            while next < patch.len() {
                patch.extend(neighbours(patch[next]).filter(|&j| std::mem::take(&mut left[j])).collect::<Vec<_>>());
                next += 1;
            }
            patches.push(patch);
        }
    }
    patches
}

/// The cells of `set` and those up to `steps` cells away.
pub(super) fn grown(mut set: Vec<bool>, steps: usize) -> Vec<bool> {
    let mut edge = (0..set.len()).filter(|&i| set[i]).collect::<Vec<_>>();
    for _ in 0..steps {
        let reached = edge.iter().flat_map(|&i| neighbours(i)).filter(|&j| !std::mem::replace(&mut set[j], true));
        edge = reached.collect();
    }
    set
}

/// Indices of the cells of `set` that lie more than `steps` cells from any cell that is not in it.
pub(super) fn core(set: &[bool], steps: usize) -> Vec<usize> {
    let beyond = grown(set.iter().map(|inside| !inside).collect(), steps);
    (0..set.len()).filter(|&i| !beyond[i]).collect()
}
