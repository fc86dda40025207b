//! `manifest.toml`, the files and `src/nets.rs` tell of the same nets.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use gradphoto_models::{KIND, NETS};
use sha2::{Digest, Sha256};

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn read(path: &str) -> Vec<u8> {
    fs::read(here(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The manifest's tables in their order.
fn manifest() -> Vec<(String, toml::Table)> {
    let text = String::from_utf8(read("manifest.toml")).expect("UTF-8");
    let tables: toml::Table = text.parse().expect("TOML");
    let mut nets: Vec<_> = tables.into_iter().map(|(name, net)| (name, net.try_into().expect("a table"))).collect();
    nets.sort_by_key(|(name, _)| text.find(&format!("[{name}]")));
    nets
}

fn text_of<'a>(net: &'a toml::Table, key: &str) -> &'a str {
    net[key].as_str().unwrap_or_else(|| panic!("{key} is no text"))
}

/// An edition: what the build is asked for, and whether a net of the manifest is part of it.
type Edition = (&'static str, fn(&toml::Table) -> bool);

const EDITIONS: [Edition; 2] = [
    ("feature = \"nets-research\"", |net| instead_of(net).is_none()),
    ("not(feature = \"nets-research\")", |net| !net.contains_key("feature")),
];

/// The net whose place this one takes.
fn instead_of(net: &toml::Table) -> Option<&str> {
    net.get("instead_of").map(|other| other.as_str().expect("a name"))
}

/// The nets of an edition in the order of the manifest; one that takes another's place does so in the order too.
fn nets_of(holds: fn(&toml::Table) -> bool) -> Vec<(String, toml::Table)> {
    let nets = manifest();
    let in_place_of = |name: &str| nets.iter().find(|(_, net)| holds(net) && instead_of(net) == Some(name));
    let places = nets.iter().filter(|(_, net)| instead_of(net).is_none());
    places.map(|net| in_place_of(&net.0).unwrap_or(net).clone()).collect()
}

/// What `src/nets.rs` must say.
fn source() -> String {
    let mut source =
        "//! Written from `manifest.toml` by `UPDATE=1 cargo test -p gradphoto-models`.\n\nuse crate::Net;\n"
            .to_owned();
    let mut names = String::new();
    for (name, net) in manifest() {
        let asked = match EDITIONS.iter().filter(|(_, holds)| holds(&net)).collect::<Vec<_>>()[..] {
            [(asked, _)] => format!("#[cfg({asked})]\n"),
            _ => String::new(),
        };
        let constant = instead_of(&net).unwrap_or(&name).to_uppercase();
        let outputs: Vec<_> =
            net["outputs"].as_array().expect("outputs").iter().filter_map(toml::Value::as_str).collect();
        writeln!(
            source,
            "\n/// See `cards/{name}.md`.\n{asked}pub static {constant}: Net = Net {{\n    name: {name:?},\n    \
             bytes: include_bytes!(\"../onnx/{name}.onnx\"),\n    sha256: {:?},\n    source: {:?},\n    licence: {:?},\n    \
             input: {:?},\n    normalisation: {:?},\n    outputs: &[",
            text_of(&net, "sha256"),
            text_of(&net, "source"),
            text_of(&net, "licence"),
            text_of(&net, "input"),
            text_of(&net, "normalisation"),
        )
        .expect("a string");
        for output in outputs {
            writeln!(source, "        {output:?},").expect("a string");
        }
        source += "    ],\n};\n";
        if instead_of(&net).is_none() {
            names += &format!("    &{constant},\n");
        }
    }
    let count = names.lines().count();
    write!(source, "\n/// Every net, in the order of the manifest.\npub static NETS: [&Net; {count}] = [\n{names}];\n")
        .expect("a string");
    for (asked, holds) in EDITIONS {
        let (mut all, mut untold) = (Sha256::new(), Vec::new());
        for (name, net) in nets_of(holds) {
            all.update(read(&format!("onnx/{name}.onnx")));
            let rules = net.get("untold").map(|rules| rules.as_array().expect("a list").clone());
            untold.extend(rules.into_iter().flatten().map(|rule| rule.as_str().expect("a rule's id").to_owned()));
        }
        let all = hex(&all.finalize());
        write!(
            source,
            "\n/// SHA-256 over the bytes of all nets in that order, in hex.\n#[cfg({asked})]\npub static NETS_SHA256: &str =\n    {all:?};\n\
             \n/// Rules of `gradphoto`, by id, that these nets tell too poorly for a verdict.\n#[cfg({asked})]\npub static UNTOLD: &[&str] = &{untold:?};\n"
        )
        .expect("a string");
    }
    source
}

#[test]
fn the_source_says_what_the_manifest_does() {
    let wanted = source();
    if std::env::var_os("UPDATE").is_some() {
        fs::write(here("src/nets.rs"), &wanted).expect("src/nets.rs can be written");
    }
    let written = String::from_utf8(read("src/nets.rs")).expect("UTF-8").replace("\r\n", "\n");
    assert_eq!(written, wanted, "renew it with UPDATE=1 cargo test -p gradphoto-models");
}

#[test]
fn every_net_is_the_file_that_its_sha256_names() {
    for (name, net) in manifest() {
        let file = hex(&Sha256::digest(read(&format!("onnx/{name}.onnx"))));
        assert_eq!(text_of(&net, "sha256"), file, "{name}");
    }
}

#[test]
fn every_net_has_a_card_and_its_licence_a_text() {
    for (name, net) in manifest() {
        let licence = text_of(&net, "licence");
        let card = String::from_utf8(read(&format!("cards/{name}.md"))).expect("UTF-8");
        assert!(card.starts_with(&format!("# {name}")), "{name}: head of its card");
        assert!(!read(&format!("LICENSES/{licence}.txt")).is_empty(), "{name}");
    }
    let nets = manifest().len();
    assert_eq!(fs::read_dir(here("cards")).expect("cards/").count(), nets, "a card without a net");
    assert_eq!(fs::read_dir(here("onnx")).expect("onnx/").count(), nets, "a net without a line in the manifest");
}

/// Nets for research alone come with the feature, those that stand in for them with none, and every other is for anybody.
#[test]
fn without_the_feature_every_net_is_for_anybody() {
    let nets = manifest();
    for (name, net) in &nets {
        let is_free = text_of(net, "licence") != "LicenseRef-NonCommercial-Research";
        assert_eq!(net.get("feature").is_none(), is_free, "{name}");
        if let Some(other) = instead_of(net) {
            let replaced = nets.iter().find(|(name, _)| name == other).unwrap_or_else(|| panic!("{name} for {other}"));
            assert!(replaced.1.contains_key("feature"), "{name}");
        }
    }
    for net in NETS {
        assert!(net.may_be_used_commercially() || cfg!(feature = "nets-research"), "{}", net.name);
        assert!(!net.bytes.is_empty(), "{}", net.name);
    }
    let is_free = NETS.iter().all(|net| net.may_be_used_commercially());
    assert_eq!(KIND, if is_free { "open" } else { "research" });
}

/// The licences of this crate are the code's and each net's, and nothing else.
#[test]
fn the_package_names_every_licence() {
    let package: toml::Table = String::from_utf8(read("Cargo.toml")).expect("UTF-8").parse().expect("TOML");
    let mut wanted: Vec<_> = manifest().iter().map(|(_, net)| text_of(net, "licence").to_owned()).collect();
    wanted.push("(MIT OR Apache-2.0)".to_owned());
    wanted.sort();
    wanted.dedup();
    let mut named: Vec<_> =
        package["package"]["license"].as_str().expect("a licence").split(" AND ").map(str::to_owned).collect();
    named.sort();
    assert_eq!(named, wanted);
}

/// What a net that anybody may use learned from is open, and its card says so: the pictures and teachers in `training/sources.toml`.
#[test]
fn the_cards_of_open_nets_name_every_source_with_its_licence() {
    let sources: toml::Table = String::from_utf8(read("training/sources.toml")).expect("UTF-8").parse().expect("TOML");
    let sources: Vec<_> =
        ["pictures", "teachers"].iter().flat_map(|kind| sources[*kind].as_array().expect("a list")).collect();
    for source in &sources {
        let licence = source["licence"].as_str().expect("a licence");
        assert!(["public domain", "CC-BY-4.0", "Apache-2.0"].contains(&licence), "{source}");
    }
    for (name, net) in manifest() {
        let is_ours = text_of(&net, "source").starts_with("trained for this project");
        if !is_ours || text_of(&net, "licence") == "LicenseRef-NonCommercial-Research" {
            continue;
        }
        let card = String::from_utf8(read(&format!("cards/{name}.md"))).expect("UTF-8");
        for source in &sources {
            let (source, licence) =
                (source["name"].as_str().expect("a name"), source["licence"].as_str().expect("a licence"));
            let line = card.lines().find(|line| line.contains(source));
            assert!(line.is_some_and(|line| line.contains(licence)), "{name}: {source}, {licence}");
        }
        assert!(card.contains(text_of(&net, "licence")), "{name}: its licence");
    }
}
