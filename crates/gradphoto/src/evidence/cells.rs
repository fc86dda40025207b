//! Sets of cells of the colour grid: neighbours, patches, growing and shrinking.

use super::colour_grid::ColourGrid;

/// Calls `take` with the four neighbours of a cell.
fn for_each_neighbour(i: usize, mut take: impl FnMut(usize)) {
    let x = i % ColourGrid::WIDTH;
    if x > 0 {
        take(i - 1);
    }
    if x + 1 < ColourGrid::WIDTH {
        take(i + 1);
    }
    if i >= ColourGrid::WIDTH {
        take(i - ColourGrid::WIDTH);
    }
    if i + ColourGrid::WIDTH < ColourGrid::WIDTH * ColourGrid::HEIGHT {
        take(i + ColourGrid::WIDTH);
    }
}

/// The cells of `set`, one list for each connected patch.
pub(super) fn patches(set: &[bool]) -> Vec<Vec<usize>> {
    let mut left = set.to_vec();
    let mut patches = vec![];
    for seed in 0..set.len() {
        if left[seed] {
            patches.push(take_patch(&mut left, seed));
        }
    }
    patches
}

/// The connected cells of `set` around `seed`; none where it is not one of them.
pub(super) fn patch_with(set: &[bool], seed: usize) -> Vec<usize> {
    if set[seed] { take_patch(&mut set.to_vec(), seed) } else { vec![] }
}

/// Takes the cells that are connected with `seed` out of the set.
fn take_patch(set: &mut [bool], seed: usize) -> Vec<usize> {
    set[seed] = false;
    let mut patch = vec![seed];
    let mut next = 0;
    while let Some(&cell) = patch.get(next) {
        for_each_neighbour(cell, |i| {
            if std::mem::take(&mut set[i]) {
                patch.push(i);
            }
        });
        next += 1;
    }
    patch
}

/// The cells of `set` and those up to `steps` cells away.
pub(super) fn grown(mut set: Vec<bool>, steps: usize) -> Vec<bool> {
    const WIDTH: usize = ColourGrid::WIDTH;
    let join = |to: &mut [bool], from: &[bool]| to.iter_mut().zip(from).for_each(|(to, from)| *to |= from);
    for _ in 0..steps {
        // Whole rows at a time, which the compiler turns into vector code.
        let before = set.clone();
        join(&mut set[WIDTH..], &before);
        join(&mut set, &before[WIDTH..]);
        for (row, before) in set.chunks_exact_mut(WIDTH).zip(before.chunks_exact(WIDTH)) {
            join(&mut row[1..], before);
            join(row, &before[1..]);
        }
    }
    set
}

/// Indices of the cells of `set` that lie more than `steps` cells from any cell that is not in it.
pub(super) fn core(set: &[bool], steps: usize) -> Vec<usize> {
    let beyond = grown(set.iter().map(|inside| !inside).collect(), steps);
    (0..set.len()).filter(|&i| !beyond[i]).collect()
}
