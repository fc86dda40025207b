//! The embedded font, and how long a text becomes.

use std::sync::LazyLock;

use ab_glyph::{Font, FontRef, PxScaleFont, ScaleFont};

use super::ink::Colour;

/// Noto Sans CJK SC, cut down to GB 2312 and Latin-1; under the SIL Open Font Licence, see `fonts/`.
static FONT: LazyLock<Option<FontRef<'static>>> =
    LazyLock::new(|| FontRef::try_from_slice(include_bytes!("../../fonts/NotoSansCJKsc-subset.otf")).ok());

/// The look of a text.
#[derive(Clone, Copy)]
pub(super) struct Style {
    /// Height of a Chinese character in pixels.
    pub(super) size: f32,
    pub(super) colour: Colour,
    pub(super) bold: bool,
}

/// The font in one size.
pub(super) struct Letters {
    pub(super) font: PxScaleFont<&'static FontRef<'static>>,
    size: f32,
}

impl Letters {
    /// `None` only where the embedded font is broken.
    pub(super) fn of(style: Style) -> Option<Letters> {
        let font = FONT.as_ref()?;
        // The crate sizes a font by ascent and descent, not by its characters.
        let pixels_per_character = font.height_unscaled() / font.units_per_em()?;
        Some(Letters { font: font.as_scaled(style.size * pixels_per_character), size: style.size })
    }

    /// How much wider a bold stroke is: the second, shifted print that makes it.
    pub(super) fn boldness_px(&self) -> f32 {
        self.size / 30.0
    }
}

impl Style {
    /// Regular letters.
    pub(super) const fn new(size: f32, colour: Colour) -> Style {
        Style { size, colour, bold: false }
    }

    /// The same in bold.
    pub(super) const fn bold(self) -> Style {
        Style { bold: true, ..self }
    }

    /// Length of a line of text in pixels.
    pub(super) fn length(self, text: &str) -> f32 {
        let Some(letters) = Letters::of(self) else { return 0.0 };
        let bold = if self.bold { letters.boldness_px() } else { 0.0 };
        text.chars().map(|c| letters.font.h_advance(letters.font.glyph_id(c)) + bold).sum()
    }

    /// Breaks a text into lines of at most `width` pixels.
    pub(super) fn wrap(self, text: &str, width: f32) -> Vec<String> {
        let mut lines = vec![];
        let mut line = String::new();
        for piece in pieces(text) {
            if !line.is_empty() && self.length(&line) + self.length(piece.trim_end()) > width {
                lines.push(std::mem::take(&mut line));
            }
            // Only a word longer than the line is broken anywhere.
            for c in piece.chars() {
                if self.length(&line) + self.length(c.encode_utf8(&mut [0; 4])) > width && c != ' ' && !line.is_empty()
                {
                    lines.push(std::mem::take(&mut line));
                }
                line.push(c);
            }
        }
        lines.push(line);
        lines.into_iter().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
    }

    /// The text, its middle left out where it is longer than `width` pixels.
    pub(super) fn shorten(self, text: &str, width: f32) -> String {
        if self.length(text) <= width {
            return text.to_owned();
        }
        let chars = text.chars().collect::<Vec<_>>();
        let kept = (0..chars.len()).rev().map(|kept| {
            let (head, tail) = (kept.div_ceil(2), kept / 2);
            chars[..head].iter().chain(&['…']).chain(&chars[chars.len() - tail..]).collect::<String>()
        });
        kept.into_iter().find(|short| self.length(short) <= width).unwrap_or_default()
    }
}

/// Cuts a text where a line may end: after spaces and between Chinese characters, but never before a closing or after an
/// opening mark, nor between a number and its unit.
fn pieces(text: &str) -> Vec<&str> {
    let chars = text.char_indices().collect::<Vec<_>>();
    let may_break = |i: usize| {
        let (before, after) = (chars[i - 1].1, chars[i].1);
        let follows_number = before == ' ' && i >= 2 && chars[i - 2].1.is_ascii_digit();
        let is_unit = follows_number && (after.is_ascii_lowercase() || "ΔLK".contains(after));
        let at_space = before == ' ' && after != ' ' && !is_unit;
        let at_character = (is_wide(before) || is_wide(after)) && !CLOSING.contains(after) && !OPENING.contains(before);
        at_space || (at_character && after != ' ')
    };
    let mut starts = (1..chars.len()).filter(|&i| may_break(i)).map(|i| chars[i].0).collect::<Vec<_>>();
    starts.push(text.len());
    let mut from = 0;
    starts.into_iter().map(|to| &text[std::mem::replace(&mut from, to)..to]).collect()
}

/// No line begins with these.
const CLOSING: &str = "，。、；：？！）》〉」』】〕”’…—～%,.;:?!)]}";
/// No line ends with these.
const OPENING: &str = "（《〈「『【〔“‘([{";

fn is_wide(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::Profile;
    use crate::report::Mark;
    use crate::rules::RULES;
    use crate::testing::Portrait;
    use crate::text::Language;

    const STYLE: Style = Style::new(20.0, [0; 3]);

    fn missing(text: &str) -> String {
        let font = FONT.as_ref().expect("the embedded font is whole");
        text.chars().filter(|c| *c != '\n' && font.glyph_id(*c).0 == 0).collect()
    }

    #[test]
    fn the_font_has_every_character_of_rules_profiles_and_labels() {
        for rule in RULES {
            let faults = rule.requirement.faults().flat_map(|fault| [fault.name, fault.reason]);
            for text in [rule.name, rule.quantity].into_iter().chain(faults) {
                assert_eq!(missing(text.zh) + &missing(text.en) + &missing(rule.clause), "", "{}", rule.id);
            }
        }
        for name in Profile::names() {
            assert_eq!(missing(&Profile::built_in(name).expect(name).to_toml()), "", "{name}");
        }
        assert_eq!(Mark::ALL.iter().map(|mark| missing(mark.word().zh)).collect::<String>(), "");
        let profile = Profile::built_in(Profile::DEFAULT).expect("built in");
        let odd = Portrait::new().moved(0.0, -100.0).seeming(|seen| (seen.clothing.hood, seen.made_up) = (0.4, 0.9));
        for finding in profile.judge(&odd.evidence()).findings() {
            assert_eq!(missing(&finding.reason(Language::Zh)) + &missing(&finding.reason(Language::En)), "");
        }
        // Labels stand in the sources, and so does what rules say they saw.
        let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let labels = ["annotate.rs", "annotate/overlay.rs", "annotate/panel.rs", "annotate/rulers.rs", "judge.rs"];
        let labels = labels.map(|file| here.join("src").join(file)).into_iter();
        for file in labels.chain(RULES.iter().map(|rule| here.join("../..").join(rule.file))) {
            let source = std::fs::read_to_string(&file).expect("a source file");
            let written = source.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<String>();
            assert_eq!(missing(&written), "", "{}", file.display());
        }
    }

    #[test]
    fn lines_end_where_a_reader_expects() {
        let wide = |text: &str| STYLE.length(text) + 0.1;
        assert_eq!(
            STYLE.wrap("头顶离上边只有19 px，请重拍。", wide("头顶离上边只有19")),
            ["头顶离上边只有", "19 px，请重拍。"]
        );
        assert_eq!(STYLE.wrap("应为（合格）。", wide("应为（")), ["应为", "（合", "格）。"]);
        assert_eq!(STYLE.wrap("Crop again with more room", wide("Crop again w")), ["Crop again", "with more", "room"]);
        assert_eq!(STYLE.wrap("aaaaaaaa", wide("aaa")), ["aaa", "aaa", "aa"]);
        assert!(STYLE.wrap("", 100.0).is_empty() && STYLE.wrap("照片", 0.0).len() == 2);
    }

    #[test]
    fn a_long_name_loses_its_middle() {
        let short = STYLE.shorten("IMG_20250412_153012_final_final.jpg", 200.0);
        assert!(short.starts_with("IMG_") && short.ends_with(".jpg") && short.contains('…'), "{short}");
        assert_eq!(STYLE.shorten("a.jpg", 200.0), "a.jpg");
        assert_eq!(STYLE.shorten("a.jpg", 0.0), "");
    }

    #[test]
    fn a_character_that_the_font_lacks_takes_a_box_of_room() {
        // Escaped, for whatever stands in the sources gets into the font.
        let rare = "\u{9f98}";
        assert!(missing(rare) == rare && STYLE.length(rare) > 5.0);
    }
}
