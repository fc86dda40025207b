//! Chinese and English, side by side.

use serde::{Deserialize, Serialize};

/// A sentence or name in both languages, fixed at compile time.
///
/// A rule's sentences may hold placeholders, which [`Finding::reason`](crate::Finding::reason) fills in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Text {
    /// Simplified Chinese, worded as a school office would.
    pub zh: &'static str,
    /// English.
    pub en: &'static str,
}

/// Pairs a Chinese with an English text.
pub const fn text(zh: &'static str, en: &'static str) -> Text {
    Text { zh, en }
}

/// A finished sentence in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// Simplified Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl From<Text> for Reason {
    fn from(text: Text) -> Reason {
        Reason { zh: text.zh.to_owned(), en: text.en.to_owned() }
    }
}

impl Reason {
    /// The same sentence worded in both languages.
    pub(crate) fn in_each(word: impl Fn(Language) -> String) -> Self {
        Reason { zh: word(Language::Zh), en: word(Language::En) }
    }

    /// The sentence in one language.
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::Zh => &self.zh,
            Language::En => &self.en,
        }
    }
}

impl Text {
    /// The text in one language.
    pub fn get(&self, language: Language) -> &'static str {
        match language {
            Language::Zh => self.zh,
            Language::En => self.en,
        }
    }
}

/// The language of a sentence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// Simplified Chinese.
    #[default]
    Zh,
    /// English.
    En,
}

/// Lower-case hex digits of `bytes`.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
