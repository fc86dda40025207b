//! The handbook in Chinese: of every rule what it measures, on what ground, and what to do. The English pages are the rules' doc
//! comments. No limits stand here, for profiles set them.

/// A rule's page in Chinese.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct HandbookPage {
    /// What is measured.
    pub measured: &'static str,
    /// Clause and source of what is asked for.
    pub source: &'static str,
    /// What to do where something is wrong.
    pub cure: &'static str,
}

/// The page in Chinese of a [`Rule`](crate::Rule) or a [`BatchRule`](crate::batch::BatchRule); `None` for an unknown id.
pub fn handbook_zh(id: &str) -> Option<HandbookPage> {
    let page = pages().find(|(known, _)| *known == id)?.1;
    let part = |mark: &str| page.lines().find_map(|line| line.strip_prefix(mark));
    Some(HandbookPage { measured: part("量：")?, source: part("依据：")?, cure: part("改：")? })
}

/// Ids and what stands below them.
fn pages() -> impl Iterator<Item = (&'static str, &'static str)> {
    let text = include_str!("handbook.zh.md");
    text.split("## ").filter_map(|page| page.split_once('\n')).map(|(id, page)| (id.trim(), page))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::RULES;
    use crate::batch::BATCH_RULES;

    #[test]
    fn every_rule_has_a_whole_page_and_no_other() {
        let ids = pages().map(|(id, _)| id).collect::<Vec<_>>();
        for id in ids.iter().copied() {
            let page = handbook_zh(id).unwrap_or_else(|| panic!("{id} lacks a part"));
            for part in [page.measured, page.source, page.cure] {
                assert!(part.ends_with('。') && part.chars().count() > 4 && !part.contains('{'), "{id}: {part}");
            }
            assert_eq!(handbook_zh(id).map(|page| page.measured.lines().count()), Some(1), "{id}");
        }
        let rules = RULES.iter().map(|rule| rule.id).chain(BATCH_RULES.iter().map(|rule| rule.id)).collect::<Vec<_>>();
        let without = |of: &[&'static str], others: &[&str]| {
            of.iter().copied().filter(|id| !others.contains(id)).collect::<Vec<_>>()
        };
        assert!(
            without(&rules, &ids).is_empty(),
            "rules without a page in handbook.zh.md: {:?}",
            without(&rules, &ids)
        );
        assert!(without(&ids, &rules).is_empty(), "pages of no rule: {:?}", without(&ids, &rules));
        assert_eq!(ids.len(), rules.len(), "a page twice");
        assert_eq!(handbook_zh("eye-lime"), None);
    }
}
