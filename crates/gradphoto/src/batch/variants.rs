//! Characters that are written in more than one way: 張 and 张, 髙 and 高.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Traditional and rare characters, each before the one that GB 2312 has for it: of those in Big5, as OpenCC's TSCharacters
/// (Apache 2.0) lists them, and a few Japanese ones.
const PAIRS: &str = include_str!("variants.txt");

/// A text in the characters that most programs know.
pub(super) fn plain(text: &str) -> String {
    static PLAIN: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
        let chars = PAIRS.trim_end().chars().collect::<Vec<_>>();
        chars.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect()
    });
    text.chars().map(|c| PLAIN.get(&c).copied().unwrap_or(c)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn traditional_and_rare_characters_become_simplified_ones_which_stay() {
        assert_eq!(PAIRS.trim_end().chars().count() % 2, 0);
        for (written, simplified) in [("張偉", "张伟"), ("𠮷田髙", "吉田高"), ("鍾鐘", "钟钟"), ("Ali", "Ali")]
        {
            assert_eq!([plain(written), plain(simplified)], [simplified, simplified], "{written}");
        }
    }
}
