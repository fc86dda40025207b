//! Packages of parts, most of them XML, as XLSX, XLSB, ODS and DOCX are: how parts are found and their tags handed out.

use std::io::{BufReader, Cursor, Read};

use quick_xml::Reader;
use quick_xml::escape::{resolve_predefined_entity, unescape};
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use super::super::names::referenced;
use super::{BROKEN, CELLS_MAX, TOO_LARGE};
use crate::text::Reason;

/// A part of a package may unpack to so many bytes.
pub(super) const PART_BYTES_MAX: u64 = 2 << 30;

pub(super) type Package<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// The name of a part as the package writes it: some write capitals or backslashes.
pub(super) fn find(package: &Package<'_>, part: &str) -> Option<String> {
    let is_it = |name: &String| name.replace('\\', "/").trim_start_matches('/').eq_ignore_ascii_case(part);
    package.file_names().flatten().map(|name| name.into_owned()).find(is_it)
}

/// The folder of a part, with a slash behind it.
pub(super) fn folder_of(part: &str) -> String {
    part.replace('\\', "/").rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"))
}

/// The parts that a workbook is made of: of each its id, its kind and its name.
pub(super) struct Relations(Vec<(String, String, String)>);

impl Relations {
    pub(super) fn read(package: &mut Package<'_>, workbook: &str) -> Result<Relations, Reason> {
        let folder = folder_of(workbook);
        let name = workbook.rsplit(['/', '\\']).next().unwrap_or_default();
        let mut targets = Vec::new();
        if let Some(relations) = find(package, &format!("{folder}_rels/{name}.rels")) {
            events(package, &relations, |event| {
                if let Event::Start(tag) | Event::Empty(tag) = event
                    && tag.local_name().as_ref() == "Relationship"
                {
                    let [id, kind, target] =
                        ["Id", "Type", "Target"].map(|name| attribute(tag, name).unwrap_or_default());
                    targets.push((id, kind, joined(&folder, &target)));
                }
                Ok(true)
            })?;
        }
        Ok(Relations(targets))
    }

    pub(super) fn of_kind(&self, kind: &str) -> Option<&str> {
        self.0.iter().find(|(_, known, _)| known.ends_with(kind)).map(|(.., target)| target.as_str())
    }

    /// The part of a sheet with cells.
    pub(super) fn sheet(&self, id: &str) -> Option<&str> {
        let is_it = |(known, kind, _): &&(String, String, String)| known == id && kind.ends_with("/worksheet");
        self.0.iter().find(is_it).map(|(.., target)| target.as_str())
    }

    pub(super) fn has(&self, id: &str) -> bool {
        self.0.iter().any(|(known, ..)| known == id)
    }
}

/// The part that a target means which is written in a folder: worksheets/sheet1.xml, /xl/worksheets/sheet1.xml, ../xl/worksheets/sheet1.xml.
fn joined(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    let path = if target.starts_with('/') { target } else { format!("{folder}{target}") };
    let mut names = Vec::new();
    for name in path.split('/') {
        match name {
            "" | "." => {}
            ".." => drop(names.pop()),
            name => names.push(name),
        }
    }
    names.join("/")
}

/// Hands out the events of a part until `each` wants no more.
pub(super) fn events(
    package: &mut Package<'_>,
    part: &str,
    mut each: impl FnMut(&Event<'_>) -> Result<bool, Reason>,
) -> Result<(), Reason> {
    let part = package.by_name(part).map_err(|_| broken())?;
    let mut reader = Reader::from_reader(BufReader::with_capacity(1 << 16, part.take(PART_BYTES_MAX)));
    reader.config_mut().check_end_names = false;
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        let event = reader.read_event_into(&mut buffer).map_err(|_| broken())?;
        if matches!(event, Event::Eof) || !each(&event)? {
            return Ok(());
        }
    }
}

/// What is made of tags and the text between them.
pub(super) trait Tagged {
    /// A tag begins, or is empty.
    fn start(&mut self, tag: &BytesStart<'_>, is_empty: bool);

    /// A tag of this name ends.
    fn end(&mut self, name: &str);

    /// Text comes.
    fn write(&mut self, text: &str);

    /// How many cells have been found.
    fn count(&self) -> usize;

    fn take(&mut self, event: &Event<'_>) -> Result<bool, Reason> {
        match event {
            Event::Start(tag) => self.start(tag, false),
            Event::Empty(tag) => self.start(tag, true),
            Event::End(tag) => self.end(tag.local_name().as_ref()),
            Event::Text(text) => self.write(text),
            Event::CData(text) => self.write(text),
            Event::GeneralRef(name) => self.write(&reference(name)),
            _ => {}
        }
        if self.count() > CELLS_MAX { Err(Reason::from(TOO_LARGE)) } else { Ok(true) }
    }
}

/// Reads a file that is one text.
pub(super) fn take_text(text: &str, reading: &mut impl Tagged) -> Result<(), Reason> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = false;
    loop {
        match reader.read_event().map_err(|_| broken())? {
            Event::Eof => return Ok(()),
            event => reading.take(&event)?,
        };
    }
}

pub(super) fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let found =
        tag.attributes().with_checks(false).flatten().find(|attribute| attribute.key.local_name().as_ref() == name)?;
    Some(unescape(&found.value).map_or_else(|_| found.value.to_string(), |value| value.into_owned()))
}

/// The character that a reference such as `&amp;` means; nothing for an unknown one.
pub(super) fn reference(name: &str) -> String {
    let named = resolve_predefined_entity(name).map(str::to_owned);
    named.or_else(|| referenced(name).map(String::from)).unwrap_or_default()
}

fn broken() -> Reason {
    Reason::from(BROKEN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_found_however_it_is_written() {
        for target in [
            "worksheets/sheet1.xml",
            "worksheets\\sheet1.xml",
            "./worksheets/sheet1.xml",
            "../xl/worksheets/sheet1.xml",
            "/xl/worksheets/sheet1.xml",
            "/xl/theme/../worksheets/sheet1.xml",
        ] {
            assert_eq!(joined("xl/", target), "xl/worksheets/sheet1.xml", "{target}");
        }
        assert_eq!(joined("", "../sheet1.xml"), "sheet1.xml");
    }
}
