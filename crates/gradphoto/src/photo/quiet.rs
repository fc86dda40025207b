//! Decoders are other people's code: a panic in one is a picture that it cannot read, and nothing to print.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

thread_local! {
    static IS_QUIET: Cell<bool> = const { Cell::new(false) };
}

/// What `work` returns; `None` when it panics, of which nothing is printed.
pub(crate) fn caught<T>(work: impl FnOnce() -> T) -> Option<T> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let loud = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if !IS_QUIET.get() {
                loud(panic);
            }
        }));
    });
    let before = IS_QUIET.replace(true);
    let outcome = panic::catch_unwind(AssertUnwindSafe(work));
    IS_QUIET.set(before);
    outcome.ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_no_answer_and_other_panics_are_loud_again() {
        assert_eq!(caught(|| 1), Some(1));
        assert_eq!(caught(|| [1][std::env::args().count()]), None);
        assert_eq!(caught(|| caught(|| [1][std::env::args().count()]).is_none() && IS_QUIET.get()), Some(true));
        assert!(!IS_QUIET.get());
    }
}
