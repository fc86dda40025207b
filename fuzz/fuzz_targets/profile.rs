//! Any text as a profile: refused in both languages, or read, and then written and read again as the same profile.
#![no_main]

use gradphoto::{Language, Profile};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|source: &str| {
    match Profile::from_toml("any", source) {
        Ok(profile) => {
            let again = Profile::from_toml("any", &profile.to_toml()).expect("what is written is read");
            assert_eq!((&again, again.sha256()), (&profile, profile.sha256()));
        }
        Err(error) => assert!(!error.message(Language::Zh).is_empty() && !error.message(Language::En).is_empty()),
    }
});
