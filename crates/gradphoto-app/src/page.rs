//! The page's files, and the page whole in one file.

/// The files of the page with their kinds; modules after those that they import.
pub const FILES: &[(&str, &str, &str)] = &[
    ("style.css", "text/css; charset=utf-8", include_str!("../page/style.css")),
    ("icon.svg", "image/svg+xml", include_str!("../page/icon.svg")),
    ("vendor/preact.js", SCRIPT, include_str!("../page/vendor/preact.js")),
    ("words.js", SCRIPT, include_str!("../page/words.js")),
    ("parts.js", SCRIPT, include_str!("../page/parts.js")),
    ("decisions.js", SCRIPT, include_str!("../page/decisions.js")),
    ("csv.js", SCRIPT, include_str!("../page/csv.js")),
    ("written.js", SCRIPT, include_str!("../page/written.js")),
    ("served.js", SCRIPT, include_str!("../page/served.js")),
    ("check.js", SCRIPT, include_str!("../page/check.js")),
    ("profile.js", SCRIPT, include_str!("../page/profile.js")),
    ("camera.js", SCRIPT, include_str!("../page/camera.js")),
    ("try.js", SCRIPT, include_str!("../page/try.js")),
    ("folder.js", SCRIPT, include_str!("../page/folder.js")),
    ("bar.js", SCRIPT, include_str!("../page/bar.js")),
    ("sheet.js", SCRIPT, include_str!("../page/sheet.js")),
    ("students.js", SCRIPT, include_str!("../page/students.js")),
    ("review.js", SCRIPT, include_str!("../page/review.js")),
    ("batch.js", SCRIPT, include_str!("../page/batch.js")),
    ("live.js", SCRIPT, include_str!("../page/live.js")),
    ("rules.js", SCRIPT, include_str!("../page/rules.js")),
    ("main.js", SCRIPT, include_str!("../page/main.js")),
];

const SCRIPT: &str = "text/javascript; charset=utf-8";

/// The page that loads the files.
pub const INDEX: &str = include_str!("../page/index.html");

/// The start of a page whole in one file, up to where its data is to stand.
pub fn head() -> String {
    let style = FILES.iter().find(|(name, ..)| *name == "style.css").map_or("", |(.., text)| text);
    format!(
        "<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src 'unsafe-inline' blob:; \
         style-src 'unsafe-inline'; img-src data: blob: file: 'self'\">\n\
         <title>gradphoto</title>\n<style>{style}</style>\n</head>\n<body>\n\
         <div id=\"app\"><p class=\"starting\">正在打开……　Opening…</p></div>\n"
    )
}

/// The end of a page whole in one file: its modules as text, and what makes modules of them. A page from a disk may not import
/// files beside it, but it may import what it holds in memory.
pub fn tail() -> String {
    let modules = FILES.iter().filter(|(name, ..)| name.ends_with(".js"));
    let texts =
        modules.map(|(name, _, text)| format!("<script type=\"text/plain\" data-module=\"{name}\">{text}</script>\n"));
    let loader = include_str!("../page/loader.js");
    format!("{}<script>{loader}</script>\n</body>\n</html>\n", texts.collect::<String>())
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_word_of_the_page_is_said_somewhere() {
        let words = FILES.iter().find(|(name, ..)| *name == "words.js").unwrap().2;
        let (text, rest) = words.split_once("const TEXT = {").unwrap().1.split_once("\n};").unwrap();
        let said =
            FILES.iter().filter(|(name, ..)| name.ends_with(".js") && *name != "words.js").map(|(.., text)| *text);
        let said = said.chain([rest, include_str!("../page/types.d.ts")]).collect::<String>();
        let said = said.split(|c: char| !c.is_alphanumeric() && c != '-').collect::<HashSet<_>>();
        // A key stands before its two texts, several of them in a line.
        let keys = text.match_indices(": [").filter_map(|(end, _)| text[..end].rsplit([' ', '\n']).next());
        let keys = keys.map(|key| key.trim_matches('"').trim_end_matches('_')).collect::<Vec<_>>();
        assert!(keys.len() > 200, "{keys:?}");
        let never = keys.iter().filter(|key| !said.contains(*key)).collect::<Vec<_>>();
        assert!(never.is_empty(), "{never:?}");
    }

    #[test]
    fn modules_stand_after_what_they_import_and_end_no_script_early() {
        let scripts = FILES.iter().filter(|(name, ..)| name.ends_with(".js")).collect::<Vec<_>>();
        for (place, (name, _, text)) in scripts.iter().enumerate() {
            assert!(!text.contains("</script") && !text.contains("<!--"), "{name} ends its script early");
            for import in text.lines().filter_map(|line| line.strip_prefix("import ")?.split_once(" from \"./")) {
                let imported = import.1.trim_end_matches("\";");
                let before = scripts[..place].iter().any(|(earlier, ..)| *earlier == imported);
                assert!(before, "{name} imports {imported}, which must stand before it");
            }
        }
    }
}
