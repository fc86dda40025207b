//! The frame of a picture (ITU-T T.81 annex B.2.2): its size, and how its components are sampled.

/// Coefficients of a block.
pub(super) const BLOCK: usize = 64;

/// The frame of a picture.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Frame {
    pub(super) is_progressive: bool,
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) components: Vec<Component>,
}

/// A colour component of a frame.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Component {
    pub(super) id: u8,
    /// Sampling factors, 1 to 4.
    pub(super) across: usize,
    /// See [`Component::across`].
    pub(super) down: usize,
    /// Number of its quantisation table.
    pub(super) table: u8,
}

impl Frame {
    /// The larger of all components' factors: across, down.
    pub(super) fn largest(&self) -> (usize, usize) {
        let largest = |factor: fn(&Component) -> usize| self.components.iter().map(factor).max().unwrap_or(1);
        (largest(|component| component.across), largest(|component| component.down))
    }

    /// Coding units of scans that interleave several components: across, down.
    pub(super) fn units(&self) -> (usize, usize) {
        let (across, down) = self.largest();
        (self.width.div_ceil(8 * across), self.height.div_ceil(8 * down))
    }

    /// Blocks of one component that lie on the picture: across, down.
    pub(super) fn blocks(&self, component: &Component) -> (usize, usize) {
        let (across, down) = self.largest();
        let blocks = |size: usize, factor: usize, largest: usize| (size * factor).div_ceil(largest).div_ceil(8);
        (blocks(self.width, component.across, across), blocks(self.height, component.down, down))
    }

    /// Where the components of these names stand; `None` where there is none of that name, or no second one.
    pub(super) fn places(&self, names: impl Iterator<Item = u8>) -> Option<Vec<usize>> {
        let mut places = vec![];
        for name in names {
            let is_meant = |place: &usize| self.components[*place].id == name && !places.contains(place);
            places.push((0..self.components.len()).find(is_meant)?);
        }
        Some(places)
    }

    /// Coefficients of all components.
    pub(super) fn coefficients(&self) -> u64 {
        let (across, down) = self.units();
        let blocks = self.components.iter().map(|component| component.across * component.down).sum::<usize>();
        (across * down * blocks * BLOCK) as u64
    }

    /// Whether every component is enlarged by whole numbers, the only ones that decoders know.
    pub(super) fn has_whole_ratios(&self) -> bool {
        let (across, down) = self.largest();
        self.components.iter().all(|component| across % component.across == 0 && down % component.down == 0)
    }
}
