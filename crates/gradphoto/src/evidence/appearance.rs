//! What the nets say of the whole: probabilities.

use crate::geometry::Sides;

/// What the nets say of the whole face, head and clothes: probabilities from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Appearance {
    /// That each eye is open.
    pub eyes_open: Sides<f64>,
    /// That some of each ear is in sight.
    pub ears_visible: Sides<f64>,
    /// That there is an earring at each ear.
    pub earrings: Sides<f64>,
    /// That glasses are worn.
    pub glasses_worn: f64,
    /// That a hat, scarf, hood or band is worn on the head.
    pub head_covered: f64,
    /// That a mask, a hand or an object covers part of cheeks, nose, mouth or chin.
    pub face_covered: f64,
    /// That make-up shows, of lips, eyes or cheeks.
    pub made_up: f64,
    /// That loose strands stand off the hair; means nothing where no hair is in sight.
    pub hair_untidy: f64,
    /// What is worn on neck and chest; means nothing where neither is in sight.
    pub clothing: ClothingState,
}

/// Probabilities, 0 to 1, of what is worn around the neck and on the chest.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct ClothingState {
    /// That the clothes have no collar.
    pub collar_absent: f64,
    /// That a hood lies behind the neck.
    pub hood: f64,
    /// That shoulders or chest are bare.
    pub shoulders_bare: f64,
    /// That a necklace is worn.
    pub necklace: f64,
    /// That the clothes have stripes, checks or a print.
    pub patterned: f64,
}
