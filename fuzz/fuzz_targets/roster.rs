//! Any bytes as a roster: read or refused in words, never a panic, never memory that its size does not explain.

#![no_main]

use gradphoto::Roster;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    match Roster::from_bytes(bytes) {
        Ok((roster, reading)) => {
            assert_eq!(roster.students().len(), reading.students);
            reading.lines();
        }
        Err(problems) => assert!(!problems.is_empty()),
    }
});
