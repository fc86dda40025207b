//! Whose turn it is before the camera. A camera takes seconds to hand over a shot, and the next one may be called meanwhile: a
//! shot is theirs whose turn it was when its file began to come.

use std::time::{Duration, Instant};

use gradphoto::Reason;

/// A shot that comes so soon after a turn began may have been taken before.
const HASTE: Duration = Duration::from_secs(3);

/// The turns of a shoot, the first before anybody was called.
pub struct Turns<T> {
    first: T,
    called: Vec<(Instant, T)>,
}

impl<T: Copy> Turns<T> {
    /// Nobody has been called yet.
    pub fn new(first: T) -> Turns<T> {
        Turns { first, called: Vec::new() }
    }

    /// Somebody was called then.
    pub fn begin(&mut self, at: Instant, who: T) {
        self.called.push((at, who));
    }

    /// Who was called last.
    pub fn latest(&self) -> T {
        self.called.last().map_or(self.first, |(_, who)| *who)
    }

    /// The number of the latest turn.
    pub fn latest_turn(&self) -> usize {
        self.called.len()
    }

    /// The number of the turn in which a shot came.
    pub fn turn_at(&self, came: Instant) -> usize {
        self.called.iter().rposition(|(begun, _)| *begun <= came).map_or(0, |place| place + 1)
    }

    /// Whose that turn is.
    pub fn of(&mut self, turn: usize) -> &mut T {
        match turn.checked_sub(1) {
            Some(place) => &mut self.called[place].1,
            None => &mut self.first,
        }
    }

    /// Whether a turn in which a shot came goes on and may be theirs whom the shot shows: nobody was called since, and they had
    /// not had the turn before, in which it may have been taken.
    pub fn is_still_theirs(&self, turn: usize, came: Instant, who: T) -> bool
    where
        T: PartialEq,
    {
        turn == self.latest_turn() && self.in_haste(turn, came).is_none_or(|(before, _)| before != who)
    }

    /// Everybody gets another name, as where a new roster has them at other places.
    pub fn rename(&mut self, name: impl Fn(T) -> T) {
        self.first = name(self.first);
        self.called.iter_mut().for_each(|(_, who)| *who = name(*who));
    }

    /// Who had the turn before, and how long a shot came after it, where that was so soon that the shot may be theirs.
    pub fn in_haste(&self, turn: usize, came: Instant) -> Option<(T, Duration)> {
        let place = turn.checked_sub(1)?;
        let after = came.duration_since(self.called[place].0);
        let before = place.checked_sub(1).map_or(self.first, |before| self.called[before].1);
        (after < HASTE).then_some((before, after))
    }
}

/// What stands before and behind the sign `=`, by which whoever scans or types says that a shot shows somebody else: the shot, empty
/// for the last one, and the student.
pub fn correction(code: &str) -> Option<(&str, &str)> {
    code.split_once(['=', '＝']).map(|(photo, student)| (photo.trim(), student.trim()))
}

/// Why nobody was called by a code that was scanned or typed, and what to do.
pub fn nobody(code: &str) -> Reason {
    Reason {
        zh: format!("名册上没有“{code}”，或不止一人；请重新扫码或输入学号，几人同号的输入“学号 姓名”。"),
        en: format!(
            "{code} is not on the roster, or not unique; scan again or type the number, with the name where several share it."
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shot_is_theirs_whose_turn_it_was_when_it_began_to_come() {
        let start = Instant::now();
        let at = |tenths: u64| start + Duration::from_millis(100 * tenths);
        let mut turns = Turns::new('-');
        turns.begin(at(10), 'a');
        turns.begin(at(60), 'b');
        let mut who = |tenths| {
            let turn = turns.turn_at(at(tenths));
            (*turns.of(turn), turns.in_haste(turn, at(tenths)).map(|(before, _)| before))
        };
        let found = [0, 10, 59, 60, 89, 90].map(&mut who);
        assert_eq!(
            found,
            [('-', None), ('a', Some('-')), ('a', None), ('b', Some('a')), ('b', Some('a')), ('b', None)]
        );
        assert_eq!((turns.latest(), turns.latest_turn()), ('b', 2));
        let still = [(1, 30, 'c'), (2, 65, 'a'), (2, 65, 'c'), (2, 90, 'a')];
        let still = still.map(|(turn, tenths, who)| turns.is_still_theirs(turn, at(tenths), who));
        assert_eq!(still, [false, false, true, true]);
    }
}
