//! A profile as it is written.

use std::collections::BTreeMap;

use serde::de::{Error as _, Unexpected};
use serde::{Deserialize, Deserializer};

use super::Standard;
use crate::limit::Limit;
use crate::rule::ClothingHue;

/// The file as written; every key may be absent and then comes from the profile it extends.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ProfileFile {
    pub title: Option<String>,
    pub title_en: Option<String>,
    pub extends: Option<String>,
    pub edition: Option<u32>,
    pub standard: Option<Standard>,
    pub overridable: Option<Vec<String>>,
    #[serde(default)]
    pub reference: ReferenceEntry,
    #[serde(default)]
    pub rules: BTreeMap<String, RuleEntry>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ReferenceEntry {
    #[serde(default, deserialize_with = "colours")]
    pub background_colours: Option<Vec<[u8; 3]>>,
    pub forbidden_clothing: Option<Vec<ClothingHue>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RuleEntry {
    #[serde(default, deserialize_with = "range")]
    pub limit: Option<Limit>,
    #[serde(default, deserialize_with = "range")]
    pub review: Option<Limit>,
    pub severity: Option<SeverityOrOff>,
}

/// A table, or both bounds in a list: left to itself, a list lacks a bound unnoticed or has a number too many.
fn range<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Limit>, D::Error> {
    let range = toml::Value::deserialize(deserializer)?;
    match range.as_array().map(Vec::len) {
        None | Some(2) => {
            range.try_into().map(Some).map_err(|error: toml::de::Error| D::Error::custom(error.message()))
        }
        Some(length) => Err(D::Error::invalid_length(length, &"struct Limit")),
    }
}

/// Three numbers each: left to itself, a list may have one too many.
fn colours<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<[u8; 3]>>, D::Error> {
    let colours = toml::Value::deserialize(deserializer)?;
    let no_colours = |length: usize| D::Error::invalid_length(length, &"colours");
    let colours = colours.as_array().ok_or_else(|| no_colours(0))?.iter().map(|colour| {
        let channels = colour.as_array().ok_or_else(|| no_colours(1))?;
        let channels = channels.iter().map(|channel| {
            let value = channel.as_integer().ok_or_else(|| no_colours(1))?;
            u8::try_from(value).map_err(|_| D::Error::invalid_value(Unexpected::Signed(value), &"u8"))
        });
        let channels = channels.collect::<Result<Vec<_>, _>>()?;
        <[u8; 3]>::try_from(channels).map_err(|channels| no_colours(channels.len()))
    });
    colours.collect::<Result<_, _>>().map(Some)
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SeverityOrOff {
    Reject,
    Ask,
    Advise,
    Off,
}
