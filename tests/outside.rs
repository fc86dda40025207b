//! A program of somebody else's, as `tests/packages` builds it on the published crates.

use std::error::Error;

use gradphoto::{Checker, Engine, Language};

fn main() -> Result<(), Box<dyn Error>> {
    let photos = std::env::args().skip(1);
    let checker = Checker::builder().engine(Engine::tract()).jobs(2).build()?;
    for result in checker.check_all(photos) {
        match result {
            Ok(report) => println!("{}", report.to_json()),
            Err(error) => eprintln!("{}", error.message(Language::Zh)),
        }
    }
    Ok(())
}
