//! What stands at the foot of a report: the standard, the program, its nets and what they may be used for, the day.

use gradphoto::{Language, NETS_USE, Profile, Text};
use rusqlite::Connection;

/// What a report was made by, each with what it is.
pub fn imprint(profile: &Profile, language: Language) -> [(&'static str, String); 4] {
    let name = |zh, en| Text { zh, en }.get(language);
    [
        (name("标准", "standard"), format!("{} · {}", profile.title().get(language), profile.name())),
        (name("程序", "program"), format!("gradphoto {}", env!("CARGO_PKG_VERSION"))),
        (name("模型", "nets"), NETS_USE.get(language).to_owned()),
        (name("日期", "date"), today()),
    ]
}

/// The day where this machine stands, such as 2026-04-20; SQLite knows its time zone.
fn today() -> String {
    let day = Connection::open_in_memory()
        .and_then(|sqlite| sqlite.query_row("SELECT date('now', 'localtime')", [], |row| row.get::<_, String>(0)));
    day.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_says_by_what_it_was_made_and_what_its_nets_are_for() {
        let profile = Profile::built_in("he-2017").unwrap();
        let [standard, program, nets, date] = imprint(&profile, Language::Zh);
        assert_eq!(standard.1, "采集规范原文（2017） · he-2017");
        assert_eq!(imprint(&profile, Language::En)[0].1, "The standard as issued (2017) · he-2017");
        assert!(program.1.starts_with("gradphoto ") && nets == ("模型", NETS_USE.zh.to_owned()));
        assert_eq!(date.1.len(), "2026-04-20".len(), "{}", date.1);
        let is_research = gradphoto::NETS == "research";
        assert_eq!(
            (NETS_USE.zh.contains("非商业"), NETS_USE.en.contains("non-commercial")),
            (is_research, is_research)
        );
        assert!(NETS_USE.en.starts_with(gradphoto::NETS));
    }
}
