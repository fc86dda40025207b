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
use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter};
use serde_json::{Serializer, json};

use crate::imprint::imprint;
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
        write_json(&details, &mut self.out)?;
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

    /// Ends the page; `beside` was not looked at, though it may be photos.
    ///
    /// # Errors
    /// The page cannot be written.
    pub fn finish(mut self, beside: &[(PathBuf, Reason)]) -> io::Result<()> {
        self.out.write_all(b"</script>\n<script type=\"text/plain\" id=\"rows\">\n")?;
        for row in std::mem::take(&mut self.rows) {
            write_json(&row, &mut self.out)?;
            self.out.write_all(b"\n")?;
        }
        self.out.write_all(b"</script>\n<script type=\"application/json\" id=\"meta\">")?;
        let mut meta = records::meta(self.profile, Some(&self.sheet.batch), self.language, false);
        let imprint = |language| imprint(self.profile, language).map(|(_, made_by)| made_by).join(" · ");
        meta["imprint"] = json!(Reason::in_each(imprint));
        meta["beside"] = records::beside(beside);
        write_json(&meta, &mut self.out)?;
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

/// JSON that may stand inside a script element and be shown to anybody.
fn write_json(json: &impl Serialize, out: &mut impl Write) -> io::Result<()> {
    Ok(json.serialize(&mut Serializer::with_formatter(out, Embedded::default()))?)
}

/// Writes every text without numbers of identity documents and without `<`, so that nothing in it can end the element. A hash is
/// no number, whatever its digits.
#[derive(Default)]
struct Embedded {
    is_name: bool,
    is_hash: bool,
}

impl Formatter for Embedded {
    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, is_first: bool) -> io::Result<()> {
        self.is_name = true;
        CompactFormatter.begin_object_key(out, is_first)
    }

    fn end_object_key<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.is_name = false;
        CompactFormatter.end_object_key(out)
    }

    /// Of a text all that lies between two characters which JSON escapes; no number goes across one.
    fn write_string_fragment<W: ?Sized + Write>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        if self.is_name {
            self.is_hash = fragment == "sha256";
        }
        let shown = if self.is_name || self.is_hash { fragment.to_owned() } else { without_id_numbers(fragment) };
        out.write_all(shown.replace('<', "\\u003c").as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn a_hostile_name_cannot_end_the_script() {
        let mut out = Vec::new();
        let hostile = json!({"photo": "</script><script>alert(\"1\")</script>", "<b>": ["<", "<<"]});
        write_json(&hostile, &mut out).unwrap();
        assert!(!out.contains(&b'<'));
        assert_eq!(serde_json::from_slice::<Value>(&out).unwrap(), hostile);
    }

    #[test]
    fn numbers_of_documents_are_shortened_wherever_they_stand_and_a_hash_is_none() {
        let number = "430102200001011234";
        let texts = json!({"sha256": number, "photo": number, "said": [{"note": format!("\"{number}\"\n{number}")}]});
        let mut out = Vec::new();
        write_json(&texts, &mut out).unwrap();
        let short = "4301**********1234";
        let shown = json!({"sha256": number, "photo": short, "said": [{"note": format!("\"{short}\"\n{short}")}]});
        assert_eq!(serde_json::from_slice::<Value>(&out).unwrap(), shown);
    }

    #[test]
    fn addresses_take_any_name() {
        assert_eq!(url_encoded("#1 张?.jpg".as_bytes()), "%231%20%E5%BC%A0%3F.jpg");
    }
}
