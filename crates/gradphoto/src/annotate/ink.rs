//! Colours, and what each of them says.

use crate::report::Mark;

/// sRGB.
pub(super) type Colour = [u8; 3];

/// Text colour of everything that needs no stress.
pub(super) const INK: Colour = [34, 34, 34];
/// Text colour of what is read last.
pub(super) const GREY: Colour = [96, 96, 96];
/// Meets the requirement.
pub(super) const PASS: Colour = [0, 120, 72];

/// The colour of a mark; dark red, bright amber and blue stay apart to every kind of colour blindness.
pub(super) fn colour(mark: Mark) -> Colour {
    match mark {
        Mark::Fail => [190, 10, 40],
        Mark::Review => [245, 165, 0],
        Mark::Advice => [0, 96, 190],
        Mark::NotAssessed => GREY,
    }
}

/// The colour of a mark for letters on white: amber is too bright for them.
pub(super) fn ink(mark: Mark) -> Colour {
    if mark == Mark::Review { [150, 90, 0] } else { colour(mark) }
}
