//! A program of somebody else's, as `tests/packages` builds it on the published crates.

use std::error::Error;

use gradphoto::{Batch, Checker, Engine, Language, Limit, PhotoVerdict, Profile};

fn main() -> Result<(), Box<dyn Error>> {
    let roster = roster()?;

    let ours = Profile::built_in("graduation-blue")?.with_limit("eye-line", Limit::between(190.0, 310.0))?;
    let checker = Checker::builder().profile(ours).engine(Engine::tract()).jobs(4).build()?;
    let mut batch = Batch::new(roster);
    for result in checker.check_all(gradphoto::find_photos(["photos"])?) {
        match &result {
            Ok(report) => report.failures().for_each(|f| println!("{}: {}", report.photo(), f.reason(Language::Zh))),
            Err(error) => eprintln!("{}", error.message(Language::Zh)),
        }
        batch.add(result);
    }
    println!("{}", batch.finish().findings().len());
    let seen = checker.see("zhang-san.jpg")?; // nets once ...
    let national = Profile::built_in("he-2017")?.judge(&seen); // ... judged again, no engine
    assert_eq!(national.verdict(), PhotoVerdict::Pass);

    Ok(())
}

#[cfg(feature = "roster")]
fn roster() -> Result<gradphoto::Roster, Box<dyn Error>> {
    Ok(gradphoto::Roster::read("名册.csv")?)
}

#[cfg(not(feature = "roster"))]
fn roster() -> Result<Option<gradphoto::Roster>, Box<dyn Error>> {
    Ok(None)
}
