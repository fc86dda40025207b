//! A school's version of the standard, as data.

use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::error::Error;
use crate::limit::{Limit, RuleSettings, Severity};
use crate::rule::{EDITION, Reference, Requirement, Rule};
use crate::rules::{self, OF_BATCHES, RULES};
use crate::text::{Reason, hex};
use file::{ProfileFile, RuleEntry, SeverityOrOff};

mod file;
mod sense;
mod toml_slip;

/// The profiles that are built in, name and TOML text; the first is the default.
const BUILT_IN: &[(&str, &str)] = &[
    (Profile::DEFAULT, include_str!("profiles/graduation-blue.toml")),
    ("he-2017", include_str!("profiles/he-2017.toml")),
    ("zikao-blue", include_str!("profiles/zikao-blue.toml")),
    ("zikao-white", include_str!("profiles/zikao-white.toml")),
    ("xinhua-online", include_str!("profiles/xinhua-online.toml")),
    ("yanzhao", include_str!("profiles/yanzhao.toml")),
    ("gaokao", include_str!("profiles/gaokao.toml")),
    ("degree", include_str!("profiles/degree.toml")),
    ("k12", include_str!("profiles/k12.toml")),
    ("ncre", include_str!("profiles/ncre.toml")),
    ("ntce", include_str!("profiles/ntce.toml")),
    ("guokao", include_str!("profiles/guokao.toml")),
];

/// Limits, severities and reference values for every rule that is on.
///
/// A file says what differs from the profile that it extends: docs/profile.md in the repository tells every key.
///
/// ```
/// use gradphoto::{Limit, Profile, Severity};
///
/// let ours = "
///     extends = 'he-2017'
///
///     [rules.eye-line]
///     limit = { min = 190, max = 310 }
///
///     [rules.hair-tidy]
///     severity = 'off'
/// ";
/// let ours = Profile::from_toml("ours", ours)?.with_severity("makeup-light", Some(Severity::Ask))?;
/// assert_eq!(ours.settings("eye-line").map(|eyes| eyes.limit), Some(Limit::between(190.0, 310.0)));
/// assert!(ours.settings("hair-tidy").is_none());
/// # Ok::<(), gradphoto::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    name: String,
    title: Reason,
    standard: Standard,
    edition: u32,
    reference: Reference,
    rules: Vec<(&'static Rule, RuleSettings)>,
    overridable: Vec<&'static str>,
    sha256: String,
}

/// The document a profile stands on.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[non_exhaustive]
pub struct Standard {
    /// Title of the document.
    pub title: String,
    /// Its number; schools write 教毕指〔2017〕9号, most notices 99号.
    pub number: String,
    /// Where its figures were read.
    #[serde(default)]
    pub source: String,
    /// When that was published: a year, or the day.
    #[serde(default)]
    pub date: String,
}

impl Profile {
    /// Name of the built-in profile that is used where none is named.
    pub const DEFAULT: &str = "graduation-blue";

    /// Names of the built-in profiles; the first is the default.
    pub fn names() -> impl Iterator<Item = &'static str> {
        BUILT_IN.iter().map(|(name, _)| *name)
    }

    /// A built-in profile.
    ///
    /// # Errors
    /// [`ErrorKind::Profile`](crate::ErrorKind::Profile) names the nearest profile when there is none of this name.
    pub fn built_in(name: &str) -> Result<Profile, Error> {
        let Some((name, source)) = BUILT_IN.iter().find(|(known, _)| *known == name) else {
            let known = Profile::names().collect::<Vec<_>>();
            let hint = hint(name, known.iter().copied());
            let reason = Reason::new(
                format!("没有这套内置标准{}（内置的有 {}）", hint.zh, known.join("、")),
                format!("there is no such profile{} (built in: {})", hint.en, known.join(", ")),
            );
            return Err(Error::profile(name, reason));
        };
        // Built-in profiles grow with the rules; one that a school writes down says which it knew.
        Profile::read(name, source, EDITION)
    }

    /// A profile from the text of a TOML file; `name` is used in reports and errors.
    ///
    /// # Errors
    /// [`ErrorKind::Profile`](crate::ErrorKind::Profile) for TOML that does not parse, unknown keys, unknown rule ids and profiles to extend (naming
    /// the nearest), limits that are the wrong way round or bind where the rule has nothing to say, a review band outside
    /// its limit, an edition of the future, and no background colour.
    pub fn from_toml(name: &str, source: &str) -> Result<Profile, Error> {
        // Files that say nothing were written before there were editions.
        Profile::read(name, source, 1)
    }

    /// A profile from its file, of this edition where it says none.
    fn read(name: &str, source: &str, edition: u32) -> Result<Profile, Error> {
        let fail = |reason: Reason| Error::profile(name, reason);
        let file: ProfileFile =
            toml::from_str(source).map_err(|e| fail(Reason::of_toml(source, e.span(), e.message())))?;
        let base = match &file.extends {
            Some(base) => Profile::built_in(base)
                .map_err(|error| fail(at(&format!("extends = {base:?}"), error.reason().clone())))?,
            None => Profile::bare(),
        };
        let edition = file.edition.unwrap_or(edition);
        if edition > EDITION {
            return Err(fail(Reason::new(
                format!("edition {edition} 比本程序（{EDITION}）新，请更新程序"),
                format!("edition {edition} is newer than this program, which knows {EDITION}: update it"),
            )));
        }
        // A title in one language alone is that in both.
        let title_en = file.title_en.or_else(|| file.title.clone());
        let mut profile = Profile {
            name: name.to_owned(),
            title: Reason { zh: file.title.unwrap_or(base.title.zh), en: title_en.unwrap_or(base.title.en) },
            standard: file.standard.unwrap_or(base.standard),
            edition,
            reference: Reference {
                background_colours: file.reference.background_colours.unwrap_or(base.reference.background_colours),
                forbidden_clothing: file.reference.forbidden_clothing.unwrap_or(base.reference.forbidden_clothing),
            },
            rules: base.rules,
            overridable: base.overridable,
            sha256: String::new(),
        };
        profile.rules.retain(|(rule, _)| rule.since <= edition);
        if let Some(ids) = file.overridable {
            let known = ids.iter().map(|id| rules::find(id).map(|rule| rule.id).ok_or_else(|| unknown_rule(id)));
            profile.overridable = known.collect::<Result<_, _>>().map_err(|why| fail(at("overridable", why)))?;
        }
        for (id, entry) in file.rules {
            profile.apply(&id, &entry).map_err(fail)?;
        }
        if profile.reference.background_colours.is_empty() {
            return Err(fail(Reason::new(
                "reference.background-colours 是空的，请至少写一个 [r, g, b]，或用 extends 继承一套标准",
                "reference.background-colours is empty; give at least one [r, g, b], or extend a profile",
            )));
        }
        Ok(profile.stamped())
    }

    /// The same profile with another limit of a rule, and no band between pass and fail until
    /// [`Profile::with_review`] sets one; a rule that was off is on.
    ///
    /// # Errors
    /// [`ErrorKind::Profile`](crate::ErrorKind::Profile) for an unknown rule and a limit that makes no sense for it.
    pub fn with_limit(self, rule: &str, limit: Limit) -> Result<Profile, Error> {
        self.with(rule, &RuleEntry { limit: Some(limit), ..RuleEntry::default() })
    }

    /// The same profile with another range within which nobody need look.
    ///
    /// # Errors
    /// [`ErrorKind::Profile`](crate::ErrorKind::Profile) for an unknown rule and a range outside the rule's limit.
    pub fn with_review(self, rule: &str, review: Limit) -> Result<Profile, Error> {
        self.with(rule, &RuleEntry { review: Some(review), ..RuleEntry::default() })
    }

    /// The same profile with another severity of a rule; `None` switches it off.
    ///
    /// # Errors
    /// [`ErrorKind::Profile`](crate::ErrorKind::Profile) for an unknown rule.
    pub fn with_severity(self, rule: &str, severity: Option<Severity>) -> Result<Profile, Error> {
        let severity = match severity {
            Some(Severity::Reject) => SeverityOrOff::Reject,
            Some(Severity::Ask) => SeverityOrOff::Ask,
            Some(Severity::Advise) => SeverityOrOff::Advise,
            None => SeverityOrOff::Off,
        };
        self.with(rule, &RuleEntry { severity: Some(severity), ..RuleEntry::default() })
    }

    /// The same profile with those of its rules that are `wanted`; the others are off.
    pub fn only(mut self, wanted: impl Fn(&Rule) -> bool) -> Profile {
        self.rules.retain(|(rule, _)| wanted(rule));
        self.stamped()
    }

    fn with(mut self, rule: &str, entry: &RuleEntry) -> Result<Profile, Error> {
        self.apply(rule, entry).map_err(|reason| Error::profile(&*self.name, reason))?;
        Ok(self.stamped())
    }

    fn stamped(self) -> Profile {
        let sha256 = hex(&Sha256::digest(self.to_toml()));
        Profile { sha256, ..self }
    }

    /// Every rule as its file declares it: the ground that profiles stand on.
    fn bare() -> Profile {
        Profile {
            name: String::new(),
            title: Reason::new("", ""),
            standard: Standard::default(),
            edition: EDITION,
            reference: Reference::default(),
            rules: RULES.iter().map(|rule| (*rule, rule.settings())).collect(),
            overridable: Vec::new(),
            sha256: String::new(),
        }
    }

    fn apply(&mut self, id: &str, entry: &RuleEntry) -> Result<(), Reason> {
        let rule = rules::find(id).ok_or_else(|| unknown_rule(id))?;
        let place = self.rules.iter().position(|(known, _)| known.id == id);
        let mut settings = match place {
            Some(place) => self.rules[place].1,
            None => rule.settings(),
        };
        if let Some(limit) = entry.limit {
            // A new limit alone moves the review band with it: nothing is left between the two.
            settings.limit = limit;
            settings.review = entry.review.unwrap_or(limit);
        } else if let Some(review) = entry.review {
            settings.review = review;
        }
        match entry.severity {
            Some(SeverityOrOff::Off) => {
                self.rules.retain(|(known, _)| known.id != id);
                return Ok(());
            }
            Some(SeverityOrOff::Reject) => settings.severity = Severity::Reject,
            Some(SeverityOrOff::Ask) => settings.severity = Severity::Ask,
            Some(SeverityOrOff::Advise) => settings.severity = Severity::Advise,
            None => {}
        }
        sense::check(&settings, rule).map_err(|reason| at(&format!("rules.{id}"), reason))?;
        match place {
            Some(place) => self.rules[place].1 = settings,
            None => {
                self.rules.push((rule, settings));
                self.rules.sort_by_key(|(rule, _)| rules::position(rule.id));
            }
        }
        Ok(())
    }

    /// The name, as given.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// One line that says whose rules these are.
    pub fn title(&self) -> &Reason {
        &self.title
    }

    /// The document the profile stands on.
    pub fn standard(&self) -> &Standard {
        &self.standard
    }

    /// The edition of the rules that the profile was written for: rules younger than it are off unless it names them.
    pub fn edition(&self) -> u32 {
        self.edition
    }

    /// Values that rules compare with.
    pub fn reference(&self) -> &Reference {
        &self.reference
    }

    /// The rules that are on with their settings, in the order of [`RULES`].
    pub fn rules(&self) -> &[(&'static Rule, RuleSettings)] {
        &self.rules
    }

    /// How a rule is applied; `None` where it is off.
    pub fn settings(&self, rule: &str) -> Option<&RuleSettings> {
        self.rules.iter().find(|(on, _)| on.id == rule).map(|(_, settings)| settings)
    }

    /// Ids of the rules that a person may overrule with a reason, such as head cover worn for religious or medical reasons.
    pub fn overridable(&self) -> impl Iterator<Item = &'static str> {
        self.overridable.iter().copied()
    }

    /// The resolved profile as TOML that [`Profile::from_toml`] reads back to the same profile.
    pub fn to_toml(&self) -> String {
        let quoted = |text: &str| toml::Value::from(text).to_string();
        let forbidden = self.reference.forbidden_clothing.iter().map(|hue| quoted(hue.as_str())).collect::<Vec<_>>();
        let mut lines = vec![
            format!("title = {}", quoted(&self.title.zh)),
            format!("title-en = {}", quoted(&self.title.en)),
            format!("edition = {}", self.edition),
            format!("overridable = {:?}", self.overridable),
            "\n[standard]".to_owned(),
            format!("title = {}", quoted(&self.standard.title)),
            format!("number = {}", quoted(&self.standard.number)),
            format!("source = {}", quoted(&self.standard.source)),
            format!("date = {}", quoted(&self.standard.date)),
            "\n[reference]".to_owned(),
            format!("background-colours = {:?}", self.reference.background_colours),
            format!("forbidden-clothing = [{}]", forbidden.join(", ")),
        ];
        for rule in RULES {
            lines.push(format!("\n[rules.{}]", rule.id));
            match self.settings(rule.id) {
                Some(settings) => lines.extend(to_toml(settings, &rule.requirement)),
                None => lines.push("severity = \"off\"".to_owned()),
            }
        }
        lines.join("\n") + "\n"
    }

    /// SHA-256 of [`Profile::to_toml`], in hex.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }
}

fn to_toml(settings: &RuleSettings, requirement: &Requirement) -> Vec<String> {
    let band = |limit: Limit| {
        let bounds = [("min", limit.min), ("max", limit.max)];
        let set = bounds.iter().filter_map(|(key, bound)| Some(format!("{key} = {:?}", (*bound)?)));
        format!("{{ {} }}", set.collect::<Vec<_>>().join(", "))
    };
    let severity = format!("severity = \"{}\"", settings.severity.as_str());
    match requirement {
        Requirement::Holds { .. } => vec![severity],
        _ => vec![format!("limit = {}", band(settings.limit)), format!("review = {}", band(settings.review)), severity],
    }
}

/// The known word nearest to `word`, when one is near enough to be a slip of the keys.
pub fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let scored = known.map(|candidate| (strsim::jaro_winkler(word, candidate), candidate));
    scored.filter(|(score, _)| *score > 0.7).max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, candidate)| candidate)
}

/// Words behind an unknown word that name the nearest of those that are known; empty where none is near.
fn hint<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Reason {
    match nearest(word, known) {
        Some(near) => Reason::new(format!("，是不是 {near}？"), format!("; did you mean {near}?")),
        None => Reason::new("", ""),
    }
}

fn unknown_rule(id: &str) -> Reason {
    if OF_BATCHES.contains(&id) {
        let zh = format!("{id} 判断整批照片，没有设置，请删去");
        return Reason::new(zh, format!("{id} judges a whole batch and has no settings; remove it"));
    }
    let known = RULES.iter().map(|rule| rule.id).chain(OF_BATCHES);
    let hint = hint(id, known);
    Reason::new(format!("没有规则 {id}{}", hint.zh), format!("there is no rule {id}{}", hint.en))
}

/// What is wrong at a key of the file.
fn at(key: &str, reason: Reason) -> Reason {
    Reason::new(format!("{key}：{}", reason.zh), format!("{key}: {}", reason.en))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Language;

    fn reason(source: &str) -> String {
        Profile::from_toml("test", source).expect_err("must not parse").to_string()
    }

    #[test]
    fn leaving_rules_out_is_switching_them_off() {
        let whole = Profile::built_in(Profile::DEFAULT).expect("built in");
        let is_wanted = |rule: &Rule| !rule.id.starts_with("background-");
        let off = RULES.iter().filter(|rule| !is_wanted(rule));
        let switched = off.fold(whole.clone(), |profile, rule| profile.with_severity(rule.id, None).expect("a rule"));
        assert!(whole.clone().only(is_wanted) == switched && switched != whole);
        assert_eq!(whole.clone().only(|_| true), whole);
    }

    #[test]
    fn every_built_in_profile_parses_and_round_trips() {
        for name in Profile::names() {
            let profile = Profile::built_in(name).expect(name);
            let again = Profile::from_toml(name, &profile.to_toml()).expect(name);
            assert_eq!(profile, again, "{name}");
            let title = profile.title();
            assert!(!title.zh.is_empty() && title.en.is_ascii() && title.en != title.zh, "{title:?}");
            assert!(!profile.standard().number.is_empty(), "{name}");
        }
    }

    #[test]
    fn a_slip_is_named_with_the_nearest_word() {
        assert!(reason("extends = 'he-2017'\n[rules.eye-lime]\nseverity = 'off'").contains("did you mean eye-line?"));
        assert_eq!(
            reason("extends = 'he-2071'").split(" (").next(),
            Some("profile test: extends = \"he-2071\": there is no such profile; did you mean he-2017?")
        );
        assert!(crate::batch::BATCH_RULES.iter().map(|rule| rule.id).eq(OF_BATCHES));
        let of_batch = reason("extends = 'he-2017'\n[rules.batch-proportions]\nseverity = 'off'");
        assert!(of_batch.contains("batch-proportions judges a whole batch and has no settings"), "{of_batch}");
        assert!(reason("extends = 'he-2017'\nrule = 1").contains("there is no key rule"));
        let slip = Profile::built_in("he-2071").expect_err("there is none");
        assert_eq!(
            slip.message(Language::Zh).split('（').next(),
            Some("标准 he-2071：没有这套内置标准，是不是 he-2017？")
        );
        let slip = Profile::from_toml("ours", "extends = 'he-2017'\n[rules.eye-line]\nlimit = { min = 3, max = 2 }");
        let slip = slip.expect_err("the wrong way round");
        assert_eq!(slip.message(Language::Zh), "标准 ours：rules.eye-line：limit.min 3 大于 limit.max 2");
        assert_eq!(slip.to_string(), "profile ours: rules.eye-line: limit.min 3 is larger than limit.max 2");
    }

    #[test]
    fn each_reference_is_inherited_by_itself() {
        let source = "extends = 'graduation-blue'\n[reference]\nbackground-colours = [[255, 255, 255]]";
        let white = Profile::from_toml("white", source).expect("parses");
        assert_eq!(white.reference().background_colours, [[255; 3]]);
        assert_eq!(white.reference().forbidden_clothing.len(), 4);
        assert!(reason("extends = 'he-2017'\n[reference]\nforbidden-clothing = ['mauve']").contains("no value mauve"));
    }

    #[test]
    fn rules_that_a_person_may_overrule_are_named_and_inherited() {
        let ids = |source: &str| {
            let profile = Profile::from_toml("test", source).expect("parses");
            profile.overridable().collect::<Vec<_>>()
        };
        assert_eq!(ids("extends = 'he-2017'"), ["head-uncovered"]);
        assert!(ids("extends = 'he-2017'\noverridable = []").is_empty());
        assert!(reason("extends = 'he-2017'\noverridable = ['eye-lime']").contains("did you mean eye-line?"));
    }

    #[test]
    fn bands_must_make_sense() {
        let base = "extends = 'he-2017'\n[rules.eye-line]\n";
        assert!(reason(&format!("{base}limit = {{ min = 300, max = 200 }}")).contains("larger than"));
        assert!(reason(&format!("{base}review = {{ min = 0, max = 900 }}")).contains("inside limit"));
        assert!(reason(&format!("{base}limit = {{ min = nan }}")).contains("finite"));
    }

    #[test]
    fn off_removes_and_a_later_profile_brings_back() {
        let off = format!("extends = 'he-2017'\nedition = {EDITION}\n[rules.eye-line]\nseverity = 'off'");
        let off = Profile::from_toml("off", &off).expect("parses");
        assert!(off.rules().iter().all(|(rule, _)| rule.id != "eye-line"));
        let reference =
            off.to_toml().replace("[rules.eye-line]\nseverity = \"off\"", "[rules.eye-line]\nseverity = \"advise\"");
        let on = Profile::from_toml("on", &reference).expect("parses");
        let ids = |profile: &Profile| profile.rules().iter().map(|(rule, _)| rule.id).collect::<Vec<_>>();
        assert_eq!(ids(&on), ids(&Profile::built_in("he-2017").expect("built in")));
    }

    #[test]
    fn a_limit_must_fit_what_the_rule_can_say() {
        let of = |rule: &str, line: &str| reason(&format!("extends = 'he-2017'\n[rules.{rule}]\n{line}"));
        assert!(of("background-colour", "limit = { min = 3 }").contains("nothing to say about that side"));
        assert!(of("sharpness", "limit = { max = 3 }").contains("nothing to say about that side"));
        assert!(of("file-format", "limit = { min = 0.5 }").contains("yes or no"));
        assert!(of("eye-line", "limit = {}").contains("neither min nor max"));
        assert!(of("head-roll", "limit = { max = 5 }").contains("write both, like { min = -5, max = 5 }"));
        for slip in ["glasses-absent]\nlimit = { max = 30 }", "gaze-frontal]\nlimit = [-20, 20]"] {
            assert!(reason(&format!("extends = 'he-2017'\n[rules.{slip}")).contains("30 % is 0.3"), "{slip}");
        }
        let half = Profile::from_toml("half", "extends = 'he-2017'\n[rules.file-size]\nlimit = { min = 30 }");
        assert!(half.is_ok(), "a range may be open on one side");
    }

    #[test]
    fn a_profile_may_ask() {
        let asks = "extends = 'he-2017'\n[rules.head-yaw]\nseverity = 'ask'";
        let asks = Profile::from_toml("asks", asks).expect("parses");
        assert_eq!(asks.settings("head-yaw").map(|settings| settings.severity), Some(Severity::Ask));
        assert!(asks.to_toml().contains("severity = \"ask\""));
    }

    #[test]
    fn one_change_at_a_time_is_one_line_of_toml() {
        let base = || Profile::built_in("he-2017").expect("built in");
        let changed = base().with_limit("eye-line", Limit::between(190.0, 310.0)).expect("a rule");
        let head = format!("extends = 'he-2017'\nedition = {EDITION}\n");
        let written = head + "[rules.eye-line]\nlimit = { min = 190, max = 310 }";
        assert_eq!(changed.to_toml(), Profile::from_toml("he-2017", &written).expect("parses").to_toml());
        assert_eq!(changed.settings("eye-line").map(|s| s.review), Some(Limit::between(190.0, 310.0)));
        let banded = changed.with_review("eye-line", Limit::between(200.0, 300.0)).expect("inside");
        assert_eq!(banded.settings("eye-line").map(|s| s.limit), Some(Limit::between(190.0, 310.0)));
        assert!(base().with_limit("eye-lime", Limit::at_most(1.0)).is_err());
        assert!(base().with_review("eye-line", Limit::between(0.0, 900.0)).is_err());
        let off = base().with_severity("eye-line", None).expect("a rule");
        assert!(off.settings("eye-line").is_none() && off.sha256() != base().sha256());
        assert_eq!(off.with_severity("eye-line", Some(Severity::Reject)).expect("a rule").to_toml(), base().to_toml());
    }

    #[test]
    fn a_profile_of_an_earlier_edition_leaves_younger_rules_off_until_it_names_them() {
        let younger = |edition: u32| RULES.iter().filter(move |rule| rule.since > edition).count();
        let old = Profile::from_toml("old", "extends = 'he-2017'").expect("parses");
        assert_eq!((old.edition(), old.rules().iter().filter(|(rule, _)| rule.since > 1).count()), (1, 0));
        assert_eq!(younger(EDITION), 0, "EDITION is that of the youngest rule");
        let older = "extends = 'he-2017'\nedition = 0\n[rules.eye-line]\nseverity = 'ask'";
        let older = Profile::from_toml("older", older).expect("parses");
        assert!(older.rules().iter().map(|(rule, _)| rule.id).eq(["eye-line"]), "only what it names");
        assert!(reason("extends = 'he-2017'\nedition = 99").contains("newer than this program"));
        for name in Profile::names() {
            let built_in = Profile::built_in(name).expect(name);
            assert_eq!(built_in.edition(), EDITION, "{name} grows with the rules");
            assert!(built_in.to_toml().contains(&format!("\nedition = {EDITION}\n")), "{name} as it is copied");
        }
    }

    #[test]
    fn a_profile_says_whose_rules_it_holds_and_writes_no_limits_of_rules_that_have_none() {
        let profile = Profile::built_in(Profile::DEFAULT).expect("built in");
        assert_eq!(profile.title().zh, "毕业生图像采集通知（蓝色背景）");
        for (keys, zh, en) in [
            ("", "采集规范原文（2017）", "The standard as issued (2017)"),
            ("title = '我校'", "我校", "我校"),
            ("title = '我校'\ntitle-en = 'Ours'", "我校", "Ours"),
            ("title-en = 'Ours'", "采集规范原文（2017）", "Ours"),
        ] {
            let titled = Profile::from_toml("ours", &format!("extends = 'he-2017'\n{keys}")).expect(keys);
            assert_eq!(*titled.title(), Reason::new(zh, en), "{keys}");
            assert_eq!(Profile::from_toml("ours", &titled.to_toml()).expect(keys), titled, "{keys}");
        }
        let toml = profile.to_toml();
        let sections = toml.split("[rules.").skip(1).map(|section| section.split_once(']').expect("a head"));
        for (id, settings) in sections {
            let is_yes_or_no = matches!(crate::rules::find(id).expect("a rule").requirement, Requirement::Holds { .. });
            assert_eq!(settings.contains("limit"), !is_yes_or_no && !settings.contains("off"), "{id}: {settings}");
        }
    }
}
