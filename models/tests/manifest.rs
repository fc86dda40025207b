//! `manifest.toml`, the files and `src/nets.rs` tell of the same nets.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use gradphoto_models::{NETS, Net};
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

/// What `src/nets.rs` must say.
fn source() -> String {
    let mut source =
        "//! Written from `manifest.toml` by `UPDATE=1 cargo test -p gradphoto-models`.\n\nuse crate::Net;\n"
            .to_owned();
    let mut all = Sha256::new();
    let mut names = String::new();
    for (name, net) in manifest() {
        all.update(read(&format!("onnx/{name}.onnx")));
        let constant = name.to_uppercase();
        let outputs: Vec<_> =
            net["outputs"].as_array().expect("outputs").iter().filter_map(toml::Value::as_str).collect();
        writeln!(
            source,
            "\n/// See `cards/{name}.md`.\npub static {constant}: Net = Net {{\n    name: {name:?},\n    \
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
        names += &format!("    &{constant},\n");
    }
    let all = hex(&all.finalize());
    let count = manifest().len();
    source
        + &format!(
            "\n/// Every net, in the order of the manifest.\npub static NETS: [&Net; {count}] = [\n{names}];\n\n\
         /// SHA-256 over the bytes of all nets in that order, in hex.\npub static NETS_SHA256: &str =\n    {all:?};\n"
        )
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
    for Net { name, licence, bytes, .. } in NETS {
        let card = String::from_utf8(read(&format!("cards/{name}.md"))).expect("UTF-8");
        assert!(card.starts_with(&format!("# {name}")), "{name}: head of its card");
        assert!(!read(&format!("LICENSES/{licence}.txt")).is_empty(), "{name}");
        assert!(!bytes.is_empty(), "{name}");
    }
    let cards = fs::read_dir(here("cards")).expect("cards/").count();
    assert_eq!(cards, NETS.len(), "a card without a net");
    assert_eq!(fs::read_dir(here("onnx")).expect("onnx/").count(), NETS.len(), "a net without a line in the manifest");
}
