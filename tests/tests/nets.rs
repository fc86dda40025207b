//! Which nets are inside, and that every report says so.

use gradphoto::{Checker, NETS};
use gradphoto_tests::repository;

#[test]
fn every_report_says_which_nets_looked() {
    assert_eq!(NETS, if cfg!(feature = "nets-research") { "research" } else { "open" });
    let checker = Checker::new().expect("an engine");
    for photo in ["blue.jpg", "flag-behind.jpg", "low-quality.jpg"] {
        let report = checker.check(repository("tests/samples").join(photo)).expect(photo);
        assert_eq!(report.engine().nets, NETS);
        let finding = report.finding("eyes-open").unwrap_or_else(|| panic!("{photo}: no finding"));
        assert!(finding.value().is_some_and(|probability| probability > 0.5), "{photo}: {:?}", finding.value());
        // What the open nets tell too poorly for a verdict gets none.
        let necklace = report.finding("necklace-absent").unwrap_or_else(|| panic!("{photo}: no finding"));
        assert_eq!(necklace.value().is_some(), NETS == "research", "{photo}");
    }
}
