//! Tables of words, each one text with blanks between them.

/// Words of one kind.
#[derive(Clone, Copy)]
pub(super) struct Words(pub &'static str);

/// Words for photos themselves, which tables of words on folders begin with.
macro_rules! photo_words {
    () => {
        "补拍 重拍 补照 照片 相片 图片 原片 原图 毕业照 证件照"
    };
}
pub(super) use photo_words;

impl Words {
    pub fn all(self) -> impl Iterator<Item = &'static str> {
        self.0.split_ascii_whitespace()
    }

    /// Whether a text is one of them.
    pub fn has(self, text: &str) -> bool {
        self.all().any(|word| word == text)
    }

    /// Whether a text begins with one of them.
    pub fn begin(self, text: &str) -> bool {
        self.all().any(|word| text.starts_with(word))
    }

    /// Whether a text ends with one of them.
    pub fn end(self, text: &str) -> bool {
        self.all().any(|word| text.ends_with(word))
    }

    /// Whether one of them stands anywhere in a text.
    pub fn are_in(self, text: &str) -> bool {
        self.all().any(|word| text.contains(word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_whole_and_never_empty() {
        const COLOURS: Words = Words("蓝底 白底照 ");
        assert_eq!(COLOURS.all().collect::<Vec<_>>(), ["蓝底", "白底照"]);
        assert!(COLOURS.has("蓝底") && !COLOURS.has("白底") && !COLOURS.has("") && !COLOURS.has("蓝底 白底照"));
        assert!(COLOURS.begin("蓝底2") && !COLOURS.begin("2蓝底") && !COLOURS.begin(""));
        assert!(COLOURS.end("2蓝底") && !COLOURS.end("蓝底2") && !COLOURS.end(""));
        assert!(COLOURS.are_in("张三蓝底2") && !COLOURS.are_in("张三") && !COLOURS.are_in(""));
    }
}
