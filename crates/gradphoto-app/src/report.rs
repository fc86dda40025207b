//! report.html: the page with the data of a batch in it, whole without a network, however many photos.
//!
//! It holds a small picture and two lines of JSON for each photo, one for lists and one for when the photo is opened; everything
//! else happens in the browser, which sets names and reasons as text only. Numbers of identity documents are shortened wherever
//! they stand.

use std::io::{self, Write};
use std::path::{Component, Path, PathBuf};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use gradphoto::batch::{BatchReport, without_id_numbers};
use gradphoto::{Language, Profile, Reason, Report};
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use serde_json::{Value, json};

use crate::page;
use crate::picture::Picture;
use crate::records::{self, Looked, Row, Sheet};
use crate::store::Said;

/// How many photos are read at a time: enough for every core, little memory.
const CHUNK: usize = 64;

/// The page while it is written.
pub struct Page<'a, W: Write> {
    out: W,
    sheet: Sheet,
    profile: &'a Profile,
    language: Language,
    /// Folder that holds the output folder: photos below it are found from the page wherever both are carried.
    home: Option<PathBuf>,
    files: &'a [PathBuf],
    sizes: Vec<Option<(u32, u32)>>,
    rows: Vec<Row>,
}

impl<'a, W: Write> Page<'a, W> {
    /// Begins the page for an output folder and writes a picture for each of `files`, those of the batch's photos in their
    /// order; `picture` has the one of the photo at a place.
    ///
    /// # Errors
    /// The page cannot be written.
    pub fn new(
        mut out: W,
        folder: &Path,
        files: &'a [PathBuf],
        batch: &BatchReport,
        profile: &'a Profile,
        language: Language,
        picture: impl Fn(usize) -> Option<Picture> + Sync,
    ) -> io::Result<Page<'a, W>> {
        let home = std::path::absolute(folder).ok().and_then(|folder| Some(folder.parent()?.to_owned()));
        let sheet = Sheet::new(batch.clone(), (0..batch.photos().len()).collect());
        out.write_all(page::head().as_bytes())?;
        let mut page = Page { out, sheet, profile, language, home, files, sizes: Vec::new(), rows: Vec::new() };
        page.out.write_all(b"<script type=\"text/plain\" id=\"pictures\">\n")?;
        page.pictures(picture)?;
        page.out.write_all(b"</script>\n<script type=\"text/plain\" id=\"details\">\n")?;
        Ok(page)
    }

    /// Writes the photo at `place` of the batch: its report, or why it could not be checked.
    ///
    /// # Errors
    /// The page cannot be written.
    pub fn photo(&mut self, place: usize, looked: Result<&Report, &Reason>) -> io::Result<()> {
        let link = self.files.get(place).and_then(|file| self.link(file));
        let looked = looked.map_or_else(Looked::Error, Looked::Report);
        let details = records::details(looked, self.profile, Some((&self.sheet, place)), link);
        write_json(details, &mut self.out)?;
        let marks = if let Looked::Report(report) = looked { records::marks(report, self.profile) } else { Vec::new() };
        let said = self.sheet.batch.photos()[place].decided().map(|decided| Said {
            decision: decided.decision.map(|decision| decision.as_str().to_owned()),
            note: decided.note.clone(),
            student: decided.student.clone(),
            who: String::new(),
            at: String::new(),
            sha256: String::new(),
            photo: String::new(),
        });
        let size = self.sizes.get(place).copied().flatten();
        self.rows.push(self.sheet.row(place, marks, size, said.into_iter().collect()));
        self.out.write_all(b"\n")
    }

    /// Ends the page.
    ///
    /// # Errors
    /// The page cannot be written.
    pub fn finish(mut self) -> io::Result<()> {
        self.out.write_all(b"</script>\n<script type=\"text/plain\" id=\"rows\">\n")?;
        for row in std::mem::take(&mut self.rows) {
            write_json(json!(row), &mut self.out)?;
            self.out.write_all(b"\n")?;
        }
        self.out.write_all(b"</script>\n<script type=\"application/json\" id=\"meta\">")?;
        write_json(records::meta(self.profile, Some(&self.sheet.batch), self.language, false), &mut self.out)?;
        self.out.write_all(b"</script>\n")?;
        self.out.write_all(page::tail().as_bytes())?;
        self.out.flush()
    }

    /// Writes a line of base64 for each photo, empty where it cannot be read.
    fn pictures(&mut self, picture: impl Fn(usize) -> Option<Picture> + Sync) -> io::Result<()> {
        let places = (0..self.files.len()).collect::<Vec<_>>();
        for chunk in places.chunks(CHUNK) {
            let made = |place: &usize| picture(*place).map(|made| (made.photo_px, BASE64_STANDARD.encode(made.jpeg)));
            for made in chunk.par_iter().map(made).collect::<Vec<_>>() {
                let (size, base64) = made.unzip();
                self.sizes.push(size);
                writeln!(self.out, "{}", base64.unwrap_or_default())?;
            }
        }
        Ok(())
    }

    /// Where the photo lies as the page sees it; `None` for one outside the folder that both lie in.
    fn link(&self, photo: &Path) -> Option<String> {
        let photo = std::path::absolute(photo).ok()?;
        let below = photo.strip_prefix(self.home.as_deref()?).ok()?;
        // By its bytes: a name that is no UTF-8 leads to its file as well.
        let names = below.components().map(|part| match part {
            Component::Normal(name) => Some(url_encoded(name.as_encoded_bytes())),
            _ => None,
        });
        let link = format!("../{}", names.collect::<Option<Vec<_>>>()?.join("/"));
        // One that must not be shown whole leads nowhere.
        (without_id_numbers(&link) == link).then_some(link)
    }
}

/// A part of an address: everything but letters, digits and a few marks as bytes.
fn url_encoded(name: &[u8]) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    let encoded = |byte: &u8| if is_plain(*byte) { char::from(*byte).into() } else { format!("%{byte:02X}") };
    name.iter().map(encoded).collect()
}

/// JSON that may stand inside a script element: no `<`, so nothing in it can end the element.
fn write_json(json: Value, out: &mut impl Write) -> io::Result<()> {
    out.write_all(shortened(json).to_string().replace('<', "\\u003c").as_bytes())
}

/// Every text without numbers of identity documents; a hash is none, whatever its digits.
fn shortened(json: Value) -> Value {
    match json {
        Value::String(text) => without_id_numbers(&text).into(),
        Value::Array(values) => values.into_iter().map(shortened).collect(),
        Value::Object(fields) => {
            let shown = |(name, value): (String, Value)| {
                let value = if name == "sha256" { value } else { shortened(value) };
                (name, value)
            };
            fields.into_iter().map(shown).collect()
        }
        json => json,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hostile_name_cannot_end_the_script() {
        let mut out = Vec::new();
        write_json(json!({"photo": "</script><script>alert(1)</script>"}), &mut out).unwrap();
        assert!(!String::from_utf8(out).unwrap().contains('<'));
    }

    #[test]
    fn a_hash_is_no_number_of_a_document() {
        let number = "430102200001011234";
        let shown = shortened(json!({"sha256": number, "photo": number}));
        assert_eq!(shown, json!({"sha256": number, "photo": "4301**********1234"}));
    }

    #[test]
    fn addresses_take_any_name() {
        assert_eq!(url_encoded("#1 张?.jpg".as_bytes()), "%231%20%E5%BC%A0%3F.jpg");
    }
}
