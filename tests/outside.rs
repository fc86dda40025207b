//! A program of somebody else's, as `tests/packages` builds it on the published crates.

use std::error::Error;

use gradphoto::{Checker, Engine, Language, Limit, PhotoVerdict, Profile};

fn main() -> Result<(), Box<dyn Error>> {
    let photos = std::env::args().skip(1).collect::<Vec<_>>();
    let ours = Profile::built_in("graduation-blue")?.with_limit("eye-line", Limit::between(190.0, 310.0))?;
    let checker = Checker::builder().profile(ours).engine(Engine::tract()).jobs(2).build()?;
    for result in checker.check_all(&photos) {
        match &result {
            Ok(report) => report.failures().for_each(|f| println!("{}: {}", report.photo(), f.reason(Language::Zh))),
            Err(error) => eprintln!("{}", error.message(Language::Zh)),
        }
    }
    for photo in &photos {
        let seen = checker.see(photo)?; // nets once ...
        let national = Profile::built_in("he-2017")?.judge(&seen); // ... judged again, no engine
        assert_ne!(national.verdict(), PhotoVerdict::Pass, "the sample has its crown too near the edge");
    }
    Ok(())
}
