//! From what was named to the photos meant by it, and what beside them was not looked at.

use std::collections::{HashMap, HashSet};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use crate::error::Error;
use crate::photo::{FileFormat, shown};
use crate::text::{Reason, Text, text, words};

/// Extensions that mark a picture, also of formats that cannot be decoded: such a file is reported, not passed over.
const PICTURE_EXTENSIONS: &[&str] =
    &["jpg", "jpeg", "jpe", "jfif", "png", "webp", "bmp", "tif", "tiff", "gif", "heic", "heif", "avif"];
/// What cameras write beside, or instead of, a JPEG.
const RAW_EXTENSIONS: &[&str] = &[
    "cr2", "cr3", "crw", "nef", "nrw", "arw", "srf", "sr2", "raf", "rw2", "orf", "pef", "dng", "raw", "rwl", "srw",
    "3fr", "fff", "iiq", "x3f", "erf", "mrw", "kdc", "dcr",
];
/// Pictures that are worked on, or that telephones and programs keep in formats of their own.
const OTHER_PICTURE_EXTENSIONS: &[&str] = &[
    "livp", "hif", "heics", "jxl", "jp2", "j2k", "jpf", "jpx", "psd", "psb", "xcf", "tga", "svg", "eps", "ai", "cdr",
    "wdp", "jxr", "dcm", "emf", "wmf", "pcx", "ico", "mov", "mp4",
];
/// Files that a program has not finished, or left behind.
const UNFINISHED_EXTENSIONS: &[&str] = &[
    "part",
    "partial",
    "filepart",
    "crdownload",
    "opdownload",
    "download",
    "downloading",
    "!ut",
    "xltd",
    "td",
    "tmp",
    "bak",
];
/// What a roster may be written in.
const TABLE_EXTENSIONS: &[&str] =
    &["xlsx", "xlsm", "xlsb", "xls", "et", "ods", "fods", "csv", "tsv", "docx", "html", "htm"];
/// What people paste a photo into, and what they send in its place by mistake.
const DOCUMENT_EXTENSIONS: &[&str] = &["pdf", "doc", "docx", "wps", "ppt", "pptx", "lnk"];
const ARCHIVE_EXTENSIONS: &[&str] = &["zip", "rar", "7z", "gz", "tar"];
/// Folders of network drives, recycle bins, archives and thumbnails, in lower case; those whose names begin with a dot are
/// passed over without being named here.
const SYSTEM_FOLDERS: &[&str] = &[
    "#recycle",
    "#snapshot",
    "@eadir",
    "@recycle",
    "@recently-snapshot",
    "@tmp",
    "@sharebin",
    "$recycle.bin",
    "recycler",
    "recycled",
    "system volume information",
    "__macosx",
    "lost+found",
    "thumbs",
    "thumbnails",
    "network trash folder",
    "temporary items",
];
/// Files that systems and this program keep for themselves, in lower case: nobody misses them.
const SYSTEM_FILES: &[&str] =
    &["thumbs.db", "ehthumbs.db", "desktop.ini", ".ds_store", ".localized", OWN_MARK, "gradphoto.toml"];
/// A file of this name marks a folder that this program wrote.
const OWN_MARK: &str = ".gradphoto";
/// Where the command notes the copies that it put into a folder, which may have held something else before: a line a photo, the
/// last counts.
pub const NOTED_COPIES: &str = ".gradphoto-copies.jsonl";

/// The photos under `paths`: a file as it is named, a folder with everything below it in natural order (2 before 10).
///
/// What cannot be looked at, such as a folder without permission, is among them: reading it will say why.
///
/// # Errors
/// [`ErrorKind::NoPhoto`](crate::ErrorKind::NoPhoto) where there is none.
///
/// ```
/// # fn main() -> Result<(), gradphoto::Error> {
/// let found = gradphoto::find_photos(["../../tests/samples"])?;
/// assert_eq!(found.photos().len(), 6);
/// for photo in found {
///     println!("{}", photo.display());
/// }
/// # Ok(())
/// # }
/// ```
pub fn find_photos(paths: impl IntoIterator<Item = impl AsRef<Path>>) -> Result<Found, Error> {
    let paths = paths.into_iter().map(|path| path.as_ref().to_owned()).collect::<Vec<_>>();
    let found = Found::search(&paths, None);
    if found.photos.is_empty() { Err(found.none_in(&paths)) } else { Ok(found) }
}

/// What lies in folders: photos, and what is none. As an iterator, the photos.
#[derive(Clone, Debug, Default)]
pub struct Found {
    photos: Vec<PathBuf>,
    passed_over: Vec<(PathBuf, PassedOver)>,
}

/// Why a file or folder is not looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PassedOver {
    /// What a camera writes beside, or instead of, a JPEG.
    Raw,
    /// A picture of a format that is not decoded, or one that is worked on.
    Format,
    /// A file that is not on this computer yet.
    Cloud,
    /// A file that a program has not finished, or left behind.
    Unfinished,
    /// A hidden picture.
    Hidden,
    /// An archive.
    Archive,
    /// A document, which may hold a photo or a roster, or a shortcut.
    Document,
    /// A table, such as a roster.
    Table,
    /// No photo.
    Other,
    /// A folder of the system, such as a recycle bin.
    SystemFolder,
    /// A folder that this program wrote.
    OwnFolder,
}

words! {
    /// Every reason, in the order in which people are told.
    PassedOver {
        Raw: "raw",
        Format: "format",
        Cloud: "cloud",
        Unfinished: "unfinished",
        Hidden: "hidden",
        Archive: "archive",
        Document: "document",
        Table: "table",
        Other: "other",
        SystemFolder: "system-folder",
        OwnFolder: "own-folder",
    }
}

impl PassedOver {
    /// In words, with the cure where there is one.
    pub fn words(self) -> Text {
        match self {
            PassedOver::Raw => text("相机 RAW 原片（请导出为 JPEG）", "camera raw files (export them as JPEG)"),
            PassedOver::Format => {
                text("其他格式的图片（请导出为 JPEG）", "pictures in other formats (export them as JPEG)")
            }
            PassedOver::Cloud => {
                text("尚未从 iCloud 下载（请先下载）", "not yet downloaded from iCloud (download them first)")
            }
            PassedOver::Unfinished => {
                text("没有下载完或临时的文件（请重新下载）", "unfinished or temporary files (download them again)")
            }
            PassedOver::Hidden => text("隐藏的图片", "hidden pictures"),
            PassedOver::Archive => text("压缩包（请先解压）", "archives (unpack them first)"),
            PassedOver::Document => text(
                "文档和快捷方式（里面若是照片，请导出为 JPEG；快捷方式请换成照片本身）",
                "documents and shortcuts (if one holds a photo, export it as JPEG; put the photo itself in a shortcut's place)",
            ),
            PassedOver::Table => {
                text("表格（如果是名册，请指定为名册）", "tables (if one is the roster, name it as such)")
            }
            PassedOver::Other => text("不是照片的文件", "files that are not photos"),
            PassedOver::SystemFolder => text("系统、回收站和缩略图文件夹", "system, recycle bin and thumbnail folders"),
            PassedOver::OwnFolder => text("本程序写出的文件夹", "folders that this program wrote"),
        }
    }
}

impl PassedOver {
    /// Whether the file could become a photo.
    pub fn may_be_a_photo(self) -> bool {
        use PassedOver::{Archive, Cloud, Document, Format, Raw, Unfinished};
        matches!(self, Raw | Format | Cloud | Unfinished | Archive | Document)
    }

    /// Whether it may be a roster.
    pub fn may_be_a_roster(self) -> bool {
        matches!(self, PassedOver::Table | PassedOver::Document)
    }
}

impl Found {
    /// As [`find_photos`], where finding none is no error. Folders below `paths` where this program has written, or will
    /// write, `own`, are passed over.
    pub fn search(paths: &[PathBuf], own: Option<&Path>) -> Found {
        let own = own.and_then(|folder| folder.canonicalize().ok());
        let mut found = Found::default();
        for path in paths {
            if path.is_dir() { found.search_folder(path, own.as_deref()) } else { found.photos.push(path.clone()) }
        }
        // A folder may be named twice, once within another or by a link. A link to a photo is a photo of its own.
        let mut folders = HashMap::new();
        let mut whole = |path: &Path| {
            let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
            let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else { return path };
            let canonical = || folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
            folders.entry(folder.to_owned()).or_insert_with(canonical).join(name)
        };
        let mut seen = HashSet::new();
        found.photos.retain(|path| seen.insert(whole(path)));
        found.passed_over.retain(|(path, _)| seen.insert(whole(path)));
        // A camera writes the raw file beside the JPEG: nobody need export that again.
        let photos = found.photos.iter().map(|photo| photo.with_extension("")).collect::<HashSet<_>>();
        found.passed_over.retain(|(path, why)| *why != PassedOver::Raw || !photos.contains(&path.with_extension("")));
        found
    }

    /// Without this file among what is passed over: it is used, as the roster is.
    #[must_use]
    pub fn without(mut self, file: &Path) -> Found {
        let file = file.canonicalize().ok();
        let is_it = |path: &Path| file.is_some() && path.canonicalize().ok() == file;
        self.passed_over.retain(|(path, why)| !why.may_be_a_roster() || !is_it(path));
        self
    }

    /// Files to look at, in the order of the paths, each folder in natural order.
    pub fn photos(&self) -> &[PathBuf] {
        &self.photos
    }

    /// Everything else, in the same order.
    pub fn passed_over(&self) -> &[(PathBuf, PassedOver)] {
        &self.passed_over
    }

    /// Those of them that may be somebody's photo, with what they are and what to do: what [`Batch::beside`](crate::Batch::beside)
    /// takes.
    pub fn may_be_photos(&self) -> impl Iterator<Item = (PathBuf, Reason)> {
        let found = self.passed_over.iter().filter(|(_, why)| why.may_be_a_photo());
        found.map(|(path, why)| (path.clone(), why.words().into()))
    }

    /// Says that there is no photo in `paths`.
    pub fn none_in(&self, paths: &[PathBuf]) -> Error {
        let named = paths.iter().map(|path| shown(path)).collect::<Vec<_>>().join(", ");
        let looked_for = PICTURE_EXTENSIONS.join(" ");
        let reason = Reason {
            zh: format!("没有找到照片（查找的扩展名：{looked_for}）"),
            en: format!("no photo found (looked for {looked_for})"),
        };
        Error::no_photo(named, reason)
    }

    /// Everything below a folder.
    fn search_folder(&mut self, folder: &Path, own: Option<&Path>) {
        let mut entries = WalkDir::new(folder)
            .follow_links(true)
            .sort_by(|a, b| alphanumeric_sort::compare_os_str(a.file_name(), b.file_name()))
            .into_iter();
        // Those that lead to the entry.
        let mut folders = Vec::new();
        while let Some(entry) = entries.next() {
            match entry {
                Ok(entry) if entry.file_type().is_dir() => {
                    folders.truncate(entry.depth());
                    folders.push(entry.path().to_owned());
                    if let Some(why) = passed_folder(entry.path(), own).filter(|_| entry.depth() > 0) {
                        self.passed_over.push((entry.into_path(), why));
                        entries.skip_current_dir();
                    }
                }
                Ok(entry) => self.add_file(entry.path(), entry.file_type().is_file()),
                // The folder that the link leads to is searched through already.
                Err(error) if error.loop_ancestor().is_some() => {}
                // On Windows, a folder that does not open; nothing says which.
                Err(error) if error.path().is_none() => {
                    match error.depth().checked_sub(1).and_then(|at| folders.get(at)) {
                        Some(parent) => self.photos.extend(closed_folders(parent)),
                        None => self.photos.push(folder.to_owned()),
                    }
                }
                Err(error) => match error.path() {
                    // A link that leads nowhere is what its name says; without an extension it led to a folder, perhaps.
                    Some(path) if path.is_symlink() && !path.exists() && path.extension().is_some() => {
                        self.add_file(path, false);
                    }
                    path => self.photos.extend(path.map(Path::to_owned)),
                },
            }
        }
    }

    fn add_file(&mut self, path: &Path, is_regular: bool) {
        match passed_file(path, is_regular) {
            Ok(true) => self.photos.push(path.to_owned()),
            Ok(false) => {}
            Err(why) => self.passed_over.push((path.to_owned(), why)),
        }
    }
}

impl IntoIterator for Found {
    type Item = PathBuf;
    type IntoIter = std::vec::IntoIter<PathBuf>;

    fn into_iter(self) -> Self::IntoIter {
        self.photos.into_iter()
    }
}

/// The folders in this one that cannot be opened.
fn closed_folders(parent: &Path) -> impl Iterator<Item = PathBuf> {
    let entries = fs::read_dir(parent).into_iter().flatten().flatten();
    let folders = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir())).map(|entry| entry.path());
    folders.filter(|folder| fs::read_dir(folder).is_err())
}

/// Why a folder is not searched; `None` where it is.
fn passed_folder(folder: &Path, own: Option<&Path>) -> Option<PassedOver> {
    let is_own = || {
        [OWN_MARK, NOTED_COPIES].iter().any(|mark| folder.join(mark).is_file())
            || own.is_some_and(|own| folder.canonicalize().is_ok_and(|path| path == own))
    };
    if is_system_folder(&folder.file_name().unwrap_or_default().to_string_lossy()) {
        Some(PassedOver::SystemFolder)
    } else if is_own() {
        Some(PassedOver::OwnFolder)
    } else {
        None
    }
}

fn is_system_folder(name: &str) -> bool {
    name.starts_with('.') || SYSTEM_FOLDERS.contains(&name.to_lowercase().as_str())
}

/// Whether a file of this name, in lower case, is one that systems and office programs keep for themselves.
fn is_system_file(name: &str) -> bool {
    SYSTEM_FILES.contains(&name) || name.starts_with("._") || name.starts_with("~$")
}

/// Whether a file is a table, such as a roster, by its name.
pub fn is_table(path: &Path) -> bool {
    path.extension().is_some_and(|extension| {
        let extension = extension.to_string_lossy().to_lowercase();
        TABLE_EXTENSIONS.contains(&extension.trim_end())
    })
}

/// Whether a file is a photo, by its name, else by its first bytes; `Ok(false)` where it is nothing that anybody would miss.
fn passed_file(path: &Path, is_regular: bool) -> Result<bool, PassedOver> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension.trim_end());
    let is = |extensions: &[&str]| extensions.contains(&extension);
    if is_system_file(&name) {
        Ok(false)
    } else if extension == "icloud" {
        Err(PassedOver::Cloud)
    } else if name.starts_with('.') {
        if is(PICTURE_EXTENSIONS) { Err(PassedOver::Hidden) } else { Ok(false) }
    } else if is(PICTURE_EXTENSIONS) {
        Ok(true)
    } else if is(RAW_EXTENSIONS) {
        Err(PassedOver::Raw)
    } else if is(OTHER_PICTURE_EXTENSIONS) && !(is_regular && is_picture_inside(path)) {
        Err(PassedOver::Format)
    } else if is(UNFINISHED_EXTENSIONS) || name.ends_with('~') {
        Err(PassedOver::Unfinished)
    } else if is(ARCHIVE_EXTENSIONS) {
        Err(PassedOver::Archive)
    } else if is_regular && is_picture_inside(path) {
        // A picture that lost its extension, or has another's: the rule on extensions will say so.
        Ok(true)
    } else if is(DOCUMENT_EXTENSIONS) {
        Err(PassedOver::Document)
    } else if is_table(path) {
        Err(PassedOver::Table)
    } else {
        Err(PassedOver::Other)
    }
}

/// Whether a file begins as a picture does.
fn is_picture_inside(path: &Path) -> bool {
    let mut start = Vec::new();
    let read = File::open(path).and_then(|file| file.take(16).read_to_end(&mut start));
    read.is_ok() && FileFormat::of(&start).is_some()
}

/// Whether a file that has come into the folder `root`, or below it, is a photo that a search of `root` would find.
pub fn is_photo(path: &Path, root: &Path) -> bool {
    let mut folders = path.ancestors().skip(1).take_while(|folder| *folder != root);
    !folders.any(|folder| passed_folder(folder, None).is_some()) && passed_file(path, path.is_file()) == Ok(true)
}

/// Makes a folder for what this program writes and marks it, so that its pictures are not taken for photos later. One that
/// holds something else already is somebody's own and stays unmarked.
///
/// # Errors
/// The folder or its mark cannot be made.
pub fn make_own_folder(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let is_system = |entry: fs::DirEntry| is_system_file(&entry.file_name().to_string_lossy().to_lowercase());
    if fs::read_dir(folder)?.all(|entry| entry.is_ok_and(is_system)) {
        fs::write(
            folder.join(OWN_MARK),
            "gradphoto wrote this folder and passes it over when it searches for photos.\n",
        )?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;
    use crate::text::Language;

    #[test]
    fn a_folder_without_a_photo_is_an_error_and_a_file_that_is_named_is_none() {
        let empty = concat!(env!("CARGO_MANIFEST_DIR"), "/src/profiles");
        let error = find_photos([empty]).expect_err("no photo there");
        assert_eq!((error.kind(), error.subject(), error.photo()), (ErrorKind::NoPhoto, empty, None));
        assert!(error.message(Language::Zh).starts_with("没有找到照片"), "{}", error.message(Language::Zh));
        let found = Found::search(&[PathBuf::from(empty)], None);
        assert!(found.photos().is_empty() && found.passed_over().iter().all(|(_, why)| *why == PassedOver::Other));
        assert_eq!(find_photos(["absent.jpg"]).expect("reading it will say why").photos(), [Path::new("absent.jpg")]);
    }

    #[test]
    fn what_arrives_in_a_folder_is_told_by_its_place_and_name() {
        let root = Path::new("in");
        let is = |name: &str| is_photo(&root.join(name), root);
        assert!(is("1.jpg") && is("班/1.JPG") && is("1.heic"));
        assert!(!is("1.txt") && !is(".1.jpg") && !is("@eaDir/1.jpg") && !is("1.jpg.part"));
    }

    #[test]
    fn what_arrives_below_a_folder_that_this_program_wrote_is_no_photo() {
        let root = std::env::temp_dir().join(format!("gradphoto-own-{}", std::process::id()));
        let own = root.join("标注");
        make_own_folder(&own).expect("is made");
        let photos = ["1.jpg", "标注/1.jpg", "标注/1班/1.jpg"].map(|name| root.join(name));
        assert_eq!(photos.each_ref().map(|photo| is_photo(photo, &root)), [true, false, false]);
        assert!(is_photo(&photos[1], &own), "asked for by its name, it is looked at");
        fs::remove_dir_all(&root).expect("is removed");
    }

    #[test]
    fn what_systems_put_there_makes_a_folder_nobodys_own_and_noted_copies_make_it_ours() {
        let root = std::env::temp_dir().join(format!("gradphoto-mark-{}", std::process::id()));
        let is_passed = |name: &str, beside: &str| {
            let folder = root.join(name);
            fs::create_dir_all(&folder).expect("is made");
            fs::write(folder.join(beside), "").expect("is written");
            make_own_folder(&folder).expect("is there");
            passed_folder(&folder, None) == Some(PassedOver::OwnFolder)
        };
        assert!(is_passed("a", ".DS_Store") && is_passed("b", "desktop.ini") && !is_passed("c", "说明.txt"));
        assert!(is_passed("c", NOTED_COPIES));
        fs::remove_dir_all(&root).expect("is removed");
    }

    #[test]
    fn a_raw_file_is_told_of_unless_its_jpeg_lies_beside_it() {
        let root = std::env::temp_dir().join(format!("gradphoto-beside-{}", std::process::id()));
        fs::create_dir_all(&root).expect("is made");
        let [photo, beside, alone] = ["1.JPG", "1.CR3", "2.CR3"].map(|name| root.join(name));
        [&photo, &beside, &alone].iter().for_each(|path| fs::write(path, "").expect("is written"));
        let found = Found::search(std::slice::from_ref(&root), None);
        assert_eq!((found.photos(), found.passed_over()), (&[photo][..], &[(alone, PassedOver::Raw)][..]));
        fs::remove_dir_all(&root).expect("is removed");
    }

    #[test]
    fn a_table_is_told_of_unless_it_is_used() {
        let root = std::env::temp_dir().join(format!("gradphoto-table-{}", std::process::id()));
        fs::create_dir_all(&root).expect("is made");
        for name in ["1.jpg", "名册.XLSX", "电话.csv", "说明.txt", "名册.docx", "张三.docx", "李四.jpg.lnk"]
        {
            fs::write(root.join(name), "").expect("is written");
        }
        let tables = |found: &Found| {
            let tables = found.passed_over().iter().filter(|(_, why)| *why == PassedOver::Table);
            tables.filter_map(|(path, _)| path.file_name()?.to_str().map(str::to_owned)).collect::<Vec<_>>()
        };
        let found = Found::search(std::slice::from_ref(&root), None);
        assert_eq!(tables(&found), ["名册.XLSX", "电话.csv"]);
        let may_be = |found: &Found| found.may_be_photos().map(|(path, _)| path).collect::<Vec<_>>();
        let documents = ["名册.docx", "张三.docx", "李四.jpg.lnk"].map(|name| root.join(name));
        assert!(documents.iter().all(|path| may_be(&found).contains(path)));
        assert!(!may_be(&found.clone().without(&documents[0])).contains(&documents[0]));
        assert!(is_table(&documents[0]) && !is_table(&documents[2]));
        assert_eq!(tables(&found.without(&root.join(".").join("名册.XLSX"))), ["电话.csv"]);
        fs::remove_dir_all(&root).expect("is removed");
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_that_is_reached_by_two_ways_is_looked_at_once() {
        let root = std::env::temp_dir().join(format!("gradphoto-ways-{}", std::process::id()));
        let [a, b] = ["a", "b"].map(|name| root.join(name));
        fs::create_dir_all(&a).expect("is made");
        fs::write(a.join("1.jpg"), "").expect("is written");
        fs::write(a.join("1.txt"), "").expect("is written");
        std::os::unix::fs::symlink(&a, &b).expect("links");
        std::os::unix::fs::symlink("1.jpg", a.join("2.jpg")).expect("links");
        let found = Found::search(&[a.clone(), b.join("../a"), b, root.clone()], None);
        assert_eq!(found.photos(), [a.join("1.jpg"), a.join("2.jpg")]);
        assert_eq!(found.passed_over(), [(a.join("1.txt"), PassedOver::Other)]);
        fs::remove_dir_all(&root).expect("is removed");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_leads_nowhere_is_a_photo_by_its_name_or_where_a_folder_may_be_lost() {
        let root = std::env::temp_dir().join(format!("gradphoto-links-{}", std::process::id()));
        fs::create_dir_all(&root).expect("is made");
        for (name, target) in [(".#1.jpg", "me@desk"), ("1.jpg", "absent"), ("1班", "absent"), ("a.txt", "a.txt")] {
            std::os::unix::fs::symlink(target, root.join(name)).expect("links");
        }
        let found = Found::search(std::slice::from_ref(&root), None);
        assert_eq!(found.photos(), ["1班", "1.jpg"].map(|name| root.join(name)));
        for passed_over in [(root.join(".#1.jpg"), PassedOver::Hidden), (root.join("a.txt"), PassedOver::Other)] {
            assert!(found.passed_over().contains(&passed_over), "{passed_over:?}");
        }
        fs::remove_dir_all(&root).expect("is removed");
    }

    #[test]
    fn every_reason_has_a_word_of_its_own() {
        let words = PassedOver::ALL.iter().map(ToString::to_string).collect::<std::collections::BTreeSet<_>>();
        assert_eq!(words.len(), PassedOver::ALL.len());
    }
}
