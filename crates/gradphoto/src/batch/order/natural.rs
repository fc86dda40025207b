//! Texts as people order them: 2 before 10.

use super::super::names::{exact, number};

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Chunk {
    Number(u128),
    Text(String),
}

/// What a text is ordered by.
pub(super) fn natural(text: &str) -> Vec<Chunk> {
    chunks(&number(&exact(text)))
}

/// Numbers and what is between them.
pub(super) fn chunks(text: &str) -> Vec<Chunk> {
    let mut chunks = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_digit = first.is_ascii_digit();
        let end = rest.find(|c: char| c.is_ascii_digit() != is_digit).unwrap_or(rest.len());
        let (chunk, after) = rest.split_at(end);
        chunks.push(match chunk.parse() {
            Ok(number) if is_digit => Chunk::Number(number),
            _ => Chunk::Text(chunk.to_owned()),
        });
        rest = after;
    }
    chunks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_ordered_by_what_they_are() {
        let mut classes = ["软件10班", "软件2班", "软件班", "软件2", "2", "10", "A"];
        classes.sort_by_key(|class| natural(class));
        assert_eq!(classes, ["2", "10", "A", "软件2", "软件2班", "软件10班", "软件班"]);
    }
}
