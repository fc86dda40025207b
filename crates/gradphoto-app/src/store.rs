//! What is known of a folder of photos, in one SQLite file beside the results.
//!
//! A photo's result is kept by the hash of its bytes, so that nothing is looked at twice, wherever it lies and whatever it is
//! called. What people decide is a log that is only added to. Every result and every decision is a transaction of its own:
//! whatever ends the program loses at most the photo in work. A decision is on the disk before it is answered; what was measured
//! just before a power cut is measured again.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use gradphoto::batch::{Decided, Decision};
use gradphoto::{Measurements, Reason};
#[cfg(windows)]
use rusqlite::OpenFlags;
use rusqlite::{Connection, ErrorCode, OptionalExtension, TransactionBehavior, params};
use serde::Serialize;

use crate::picture::{Picture, Pictures, Size};

/// Name of the file in the folder of results.
pub const STORE_NAME: &str = "gradphoto.sqlite";
/// Version of the file's tables; a file of another version is not touched.
const VERSION: i64 = 2;

// The rows of looks are large: their key has an index of its own, and what is read most stands first.
const TABLES: &str = "
    CREATE TABLE looks (sha256 TEXT NOT NULL, stamp TEXT NOT NULL, width_px INTEGER NOT NULL, height_px INTEGER NOT NULL,
        measured TEXT NOT NULL, thumbnail BLOB NOT NULL, small BLOB NOT NULL, large BLOB NOT NULL,
        PRIMARY KEY (sha256, stamp));
    CREATE TABLE files (path BLOB PRIMARY KEY, length INTEGER NOT NULL, modified_ns INTEGER NOT NULL, sha256 TEXT NOT NULL)
        WITHOUT ROWID;
    CREATE TABLE shots (id INTEGER PRIMARY KEY AUTOINCREMENT, path TEXT NOT NULL, sha256 TEXT NOT NULL, student TEXT NOT NULL,
        at TEXT NOT NULL);
    CREATE TABLE decisions (id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, who TEXT NOT NULL, sha256 TEXT NOT NULL,
        photo TEXT NOT NULL, student TEXT NOT NULL, decision TEXT, note TEXT NOT NULL);
    CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
";

/// The file, open. Several programs may have it open at once.
pub struct Store {
    connection: Mutex<Connection>,
}

/// What was found on a photo.
#[derive(Clone, Debug)]
pub struct Look {
    /// What was measured.
    pub measured: Measurements,
    /// Width and height of the photo.
    pub photo_px: (u32, u32),
}

/// Tells a file that has been written to from one that has not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileStamp {
    /// In bytes.
    pub length: u64,
    /// Since 1970.
    pub modified_ns: i64,
}

impl FileStamp {
    /// The file's stamp; `None` where the system does not tell.
    pub fn of(path: &Path) -> Option<FileStamp> {
        let file = std::fs::metadata(path).ok()?;
        let modified = file.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
        Some(FileStamp { length: file.len(), modified_ns: i64::try_from(modified.as_nanos()).ok()? })
    }

    /// The time to keep: none of a file that was written just now, for what is written next could have the same. Memory cards
    /// count in steps of two seconds.
    fn lasting_ns(self) -> Option<i64> {
        const STEP: Duration = Duration::from_secs(2);
        let written = UNIX_EPOCH + Duration::from_nanos(self.modified_ns.try_into().ok()?);
        let is_past = SystemTime::now().duration_since(written).is_ok_and(|age| age > STEP);
        is_past.then_some(self.modified_ns)
    }
}

/// A photo taken at the site, and whose it is.
#[derive(Clone, Debug)]
pub struct Shot {
    /// Name of the photo below its folder.
    pub path: String,
    /// Hash of its bytes.
    pub sha256: String,
    /// [`Student::key`](gradphoto::batch::Student::key), or empty.
    pub student: String,
    /// When, RFC 3339.
    pub at: String,
}

/// One entry of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Said {
    /// `None` takes back what the same person said before.
    pub decision: Option<String>,
    /// Anything.
    pub note: String,
    /// Whose photo it is; empty where its name tells.
    pub student: String,
    /// Name of the person.
    pub who: String,
    /// When, RFC 3339.
    pub at: String,
    /// Hash of the photo that the person saw.
    #[serde(skip)]
    pub sha256: String,
    /// Its name.
    #[serde(skip)]
    pub photo: String,
}

impl Said {
    /// Whether it says whose the photo is.
    pub fn names_student(&self) -> bool {
        !self.student.is_empty() && self.decision.as_deref() != Some(Decision::Reject.as_str())
    }

    /// The same as a batch takes it.
    pub fn decided(&self) -> Decided {
        let mut decided = Decided::new(&self.photo, &self.sha256, &self.student);
        decided.decision = self.decision.as_deref().and_then(Decision::of);
        decided.note.clone_from(&self.note);
        decided
    }
}

impl Store {
    /// Opens the file, or makes it.
    ///
    /// # Errors
    /// What keeps it from being used, and what to do: its folder cannot be written to, the disk is full, it is damaged, or it
    /// belongs to another version of the program.
    pub fn open(path: &Path) -> Result<Store, Reason> {
        let mut connection = connected(path).map_err(|error| unusable(path, &error))?;
        match set_up(&mut connection).map_err(|error| unusable(path, &error))? {
            VERSION => Ok(Store { connection: Mutex::new(connection) }),
            version => {
                let path = path.display();
                Err(Reason {
                    zh: format!("{path} 是另一版本的 gradphoto（{version}）留下的，请改名保留后重新开始"),
                    en: format!("{path} belongs to another version of gradphoto ({version}); rename it and start anew"),
                })
            }
        }
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// Does what must be on the disk when it is done.
    fn for_good(&self, write: impl FnOnce(&Connection) -> rusqlite::Result<usize>) -> anyhow::Result<()> {
        let connection = self.connection();
        connection.pragma_update(None, "synchronous", "FULL")?;
        let written = write(&connection);
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        written?;
        Ok(())
    }

    /// Keeps what was found on a photo, and its small pictures.
    pub(crate) fn keep(
        &self,
        sha256: &str,
        stamp: &str,
        measured: &Measurements,
        pictures: &Pictures,
    ) -> anyhow::Result<()> {
        let Pictures { photo_px: (width, height), large, small, thumbnail } = pictures;
        let measured = measured.to_json();
        let connection = self.connection();
        let mut insert = connection.prepare_cached("INSERT OR REPLACE INTO looks VALUES (?, ?, ?, ?, ?, ?, ?, ?)")?;
        insert.execute(params![sha256, stamp, width, height, measured, thumbnail, small, large])?;
        Ok(())
    }

    /// Hash of the file as it was when it last had this stamp.
    pub(crate) fn sha256_of(&self, path: &Path, file: Option<FileStamp>) -> anyhow::Result<Option<String>> {
        let Some(file) = file else { return Ok(None) };
        let connection = self.connection();
        let mut query =
            connection.prepare_cached("SELECT sha256 FROM files WHERE path = ? AND length = ? AND modified_ns = ?")?;
        let asked = params![key_of(path), i64::try_from(file.length)?, file.modified_ns];
        Ok(query.query_row(asked, |row| row.get(0)).optional()?)
    }

    /// Notes which file the photo of this hash is.
    pub(crate) fn note_file(&self, path: &Path, file: Option<FileStamp>, sha256: &str) -> anyhow::Result<()> {
        let Some(file) = file else { return Ok(()) };
        let connection = self.connection();
        let mut insert = connection.prepare_cached("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?)")?;
        insert.execute(params![key_of(path), i64::try_from(file.length)?, file.lasting_ns().unwrap_or(-1), sha256])?;
        Ok(())
    }

    /// Every file that was looked at, by [`key_of`].
    pub fn files(&self) -> anyhow::Result<HashSet<Vec<u8>>> {
        let connection = self.connection();
        let mut query = connection.prepare("SELECT path FROM files")?;
        Ok(query.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?)
    }

    /// Forgets what was found on photos; what people said stays.
    pub fn forget_looks(&self) -> anyhow::Result<()> {
        Ok(self.connection().execute_batch("BEGIN; DELETE FROM looks; DELETE FROM files; COMMIT;")?)
    }

    /// What was found on the photo of this hash by the program that `stamp` names; `None` too where it can be read no longer.
    pub(crate) fn look(&self, sha256: &str, stamp: &str) -> anyhow::Result<Option<Look>> {
        let connection = self.connection();
        let mut query = connection
            .prepare_cached("SELECT measured, width_px, height_px FROM looks WHERE sha256 = ? AND stamp = ?")?;
        let row =
            query.query_row(params![sha256, stamp], |row| Ok((row.get::<_, String>(0)?, (row.get(1)?, row.get(2)?))));
        let Some((measured, photo_px)) = row.optional()? else { return Ok(None) };
        Ok(serde_json::from_str(&measured).ok().map(|measured| Look { measured, photo_px }))
    }

    /// The small picture of this size of the photo of this hash.
    pub(crate) fn picture(&self, sha256: &str, size: Size) -> anyhow::Result<Option<Picture>> {
        let connection = self.connection();
        let column = match size {
            Size::Large => "large",
            Size::Small => "small",
            Size::Thumbnail => "thumbnail",
        };
        let mut query = connection
            .prepare_cached(&format!("SELECT width_px, height_px, {column} FROM looks WHERE sha256 = ? LIMIT 1"))?;
        let picture = |row: &rusqlite::Row<'_>| Ok(Picture { photo_px: (row.get(0)?, row.get(1)?), jpeg: row.get(2)? });
        Ok(query.query_row([sha256], picture).optional()?)
    }

    /// Adds to the log.
    pub(crate) fn say(&self, said: &Said) -> anyhow::Result<()> {
        let entry = params![said.at, said.who, said.sha256, said.photo, said.student, said.decision, said.note];
        let insert =
            "INSERT INTO decisions (at, who, sha256, photo, student, decision, note) VALUES (?, ?, ?, ?, ?, ?, ?)";
        self.for_good(|connection| connection.execute(insert, entry))
    }

    /// The last word of each person on each photo, in the order in which they were said.
    pub fn last_words(&self) -> anyhow::Result<Vec<Said>> {
        let connection = self.connection();
        let mut query = connection.prepare(
            "SELECT at, who, sha256, photo, student, decision, note FROM decisions WHERE id IN
             (SELECT MAX(id) FROM decisions GROUP BY sha256, photo, who) ORDER BY id",
        )?;
        let said = |row: &rusqlite::Row<'_>| {
            Ok(Said {
                at: row.get(0)?,
                who: row.get(1)?,
                sha256: row.get(2)?,
                photo: row.get(3)?,
                student: row.get(4)?,
                decision: row.get(5)?,
                note: row.get(6)?,
            })
        };
        let all = query.query_map([], said)?.collect::<Result<Vec<_>, _>>()?;
        Ok(all.into_iter().filter(|said| said.decision.is_some() || !said.note.is_empty()).collect())
    }

    /// Adds a shot, or says anew whose one is.
    pub(crate) fn shoot(&self, shot: &Shot) -> anyhow::Result<()> {
        let insert = "INSERT INTO shots (path, sha256, student, at) VALUES (?, ?, ?, ?)";
        self.for_good(|connection| connection.execute(insert, params![shot.path, shot.sha256, shot.student, shot.at]))
    }

    /// Every shot, the oldest first; whose it is was said last.
    pub(crate) fn shots(&self) -> anyhow::Result<Vec<Shot>> {
        let connection = self.connection();
        let mut query = connection.prepare(
            "SELECT path, sha256, student, at FROM shots JOIN
             (SELECT MIN(id) AS first, MAX(id) AS last FROM shots GROUP BY path, sha256, at) ON id = last ORDER BY first",
        )?;
        let shot = |row: &rusqlite::Row<'_>| {
            Ok(Shot { path: row.get(0)?, sha256: row.get(1)?, student: row.get(2)?, at: row.get(3)? })
        };
        Ok(query.query_map([], shot)?.collect::<Result<_, _>>()?)
    }

    /// The time now, RFC 3339 in UTC.
    pub(crate) fn now(&self) -> anyhow::Result<String> {
        Ok(self.connection().query_row("SELECT strftime('%Y-%m-%dT%H:%M:%SZ', 'now')", [], |row| row.get(0))?)
    }

    /// A setting, if it was ever made.
    pub(crate) fn setting(&self, name: &str) -> anyhow::Result<Option<String>> {
        let connection = self.connection();
        let mut query = connection.prepare("SELECT value FROM settings WHERE name = ?")?;
        Ok(query.query_row([name], |row| row.get(0)).optional()?)
    }

    /// Makes a setting.
    pub(crate) fn set(&self, name: &str, value: &str) -> anyhow::Result<()> {
        self.for_good(|connection| connection.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", [name, value]))
    }
}

/// Opens the file; what SQLite keeps beside it has a longer name.
fn connected(path: &Path) -> rusqlite::Result<Connection> {
    #[cfg(windows)]
    if let Some(whole) = std::path::absolute(path).ok().filter(|whole| whole.as_os_str().len() > 240)
        && let Some(whole) = whole.to_str()
    {
        return Connection::open_with_flags_and_vfs(long(whole), OpenFlags::default(), "win32-longpath");
    }
    Connection::open(path)
}

/// A whole path as Windows takes it when it has more than 260 characters.
#[cfg(any(windows, test))]
fn long(whole: &str) -> String {
    match whole.strip_prefix(r"\\") {
        Some(rest) if rest.starts_with("?\\") => whole.to_owned(),
        Some(share) => format!(r"\\?\UNC\{share}"),
        None => format!(r"\\?\{whole}"),
    }
}

/// Makes the tables where there are none; returns the version of those that are there.
fn set_up(connection: &mut Connection) -> rusqlite::Result<i64> {
    connection.busy_timeout(Duration::from_secs(10))?;
    // Network folders know no shared memory: there it works without the write-ahead log, one writer at a time.
    let _: String = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    // Two programs may come to a new file at the same time.
    let begun = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let version = begun.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if version != 0 {
        return Ok(version);
    }
    begun.execute_batch(&format!("{TABLES} PRAGMA user_version = {VERSION};"))?;
    begun.commit()?;
    Ok(VERSION)
}

fn unusable(path: &Path, error: &rusqlite::Error) -> Reason {
    let (path, Reason { zh, en }) = (path.display(), unkept(error));
    Reason { zh: format!("不能使用 {path}：{zh}"), en: format!("cannot use {path}: {en}") }
}

/// What keeps a store from being used, without a full stop.
pub(crate) fn unkept(error: &rusqlite::Error) -> Reason {
    let (zh, en) = match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => ("磁盘已满".to_owned(), "the disk is full".to_owned()),
        Some(ErrorCode::ReadOnly) => (
            "它只能读取、不能写入，请检查磁盘、文件夹和文件是否为只读".to_owned(),
            "it cannot be written to; check whether the disk, the folder or the file is read-only".to_owned(),
        ),
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
            ("文件已损坏，请改名保留后重新开始".to_owned(), "it is damaged; rename it and start anew".to_owned())
        }
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            ("正被其他程序占用，请稍后重试".to_owned(), "another program is using it; try again later".to_owned())
        }
        _ => (
            format!("请检查所在文件夹能否写入（{error}）"),
            format!("check that its folder can be written to ({error})"),
        ),
    };
    Reason { zh, en }
}

/// The whole path, wherever the program was started; by its bytes, for names that are no Unicode.
pub fn key_of(path: &Path) -> Vec<u8> {
    std::path::absolute(path).unwrap_or_else(|_| PathBuf::from(path)).into_os_string().into_encoded_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(who: &str, decision: Option<&str>, note: &str) -> Said {
        Said {
            decision: decision.map(str::to_owned),
            note: note.to_owned(),
            student: String::new(),
            who: who.to_owned(),
            at: String::new(),
            sha256: "ab".to_owned(),
            photo: "1.jpg".to_owned(),
        }
    }

    fn store(name: &str) -> (std::path::PathBuf, Store) {
        let path = std::env::temp_dir().join(format!("gradphoto-store-{name}-{}.sqlite", std::process::id()));
        let _ = std::fs::remove_file(&path);
        let store = Store::open(&path).unwrap();
        (path, store)
    }

    #[test]
    fn each_persons_last_word_is_kept_and_nothing_of_the_log_is_lost() {
        let (path, store) = store("log");
        for entry in
            [said("甲", Some("accept"), ""), said("乙", Some("reject"), "头歪"), said("甲", Some("reject"), "")]
        {
            store.say(&entry).unwrap();
        }
        let words = |store: &Store| {
            store.last_words().unwrap().into_iter().map(|said| (said.who, said.decision)).collect::<Vec<_>>()
        };
        let expected =
            [("乙", "reject"), ("甲", "reject")].map(|(who, decision)| (who.to_owned(), Some(decision.to_owned())));
        assert_eq!(words(&store), expected);
        store.say(&said("乙", None, "")).unwrap();
        assert_eq!(words(&Store::open(&path).unwrap()), expected[1..]);
        let count: i64 = store.connection().query_row("SELECT COUNT(*) FROM decisions", [], |row| row.get(0)).unwrap();
        assert_eq!(count, 4);
    }

    #[test]
    fn a_look_belongs_to_bytes_and_to_what_looked() {
        let (_, store) = store("look");
        let fingerprint = format!("v2:{}", "0".repeat(64));
        let engine = serde_json::json!({"gradphoto": "", "runtime": "", "models_sha256": ""});
        let measured = serde_json::json!({
            "schema": 2, "photo": "", "sha256": "ab", "fingerprint": fingerprint, "engine": engine, "readings": []
        });
        let measured = serde_json::from_value(measured).unwrap();
        let [large, small, thumbnail] = ["large", "small", "thumbnail"].map(|size| size.as_bytes().to_vec());
        let pictures = Pictures { photo_px: (480, 640), large, small, thumbnail };
        store.keep("ab", "one", &measured, &pictures).unwrap();
        assert_eq!(store.look("ab", "one").unwrap().unwrap().photo_px, (480, 640));
        assert!(store.look("ab", "two").unwrap().is_none());
        let picture = |size| String::from_utf8(store.picture("ab", size).unwrap().unwrap().jpeg).unwrap();
        assert_eq!([Size::Large, Size::Small, Size::Thumbnail].map(picture), ["large", "small", "thumbnail"]);
        assert!(store.picture("cd", Size::Large).unwrap().is_none());
    }

    #[test]
    fn a_file_is_known_by_its_path_length_and_time_unless_it_was_written_just_now() {
        let (_, store) = store("files");
        let (path, file) = (Path::new("a/1.jpg"), FileStamp { length: 7, modified_ns: 1 });
        store.note_file(path, Some(file), "ab").unwrap();
        assert_eq!(store.sha256_of(path, Some(file)).unwrap().as_deref(), Some("ab"));
        assert_eq!(store.sha256_of(path, Some(FileStamp { length: 8, ..file })).unwrap(), None);
        assert!(store.files().unwrap().contains(&key_of(path)));
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos().try_into().unwrap();
        let fresh = FileStamp { modified_ns: now, ..file };
        store.note_file(path, Some(fresh), "cd").unwrap();
        assert_eq!(store.sha256_of(path, Some(fresh)).unwrap(), None);
    }

    #[test]
    fn a_shot_that_was_given_to_another_student_keeps_its_place() {
        let (_, store) = store("shots");
        let shot = |path: &str, student: &str, at: &str| {
            let [path, student, at] = [path, student, at].map(str::to_owned);
            Shot { path, sha256: "ab".to_owned(), student, at }
        };
        for (path, student, at) in [("1", "甲", "08"), ("2", "甲", "09"), ("1", "甲", "10"), ("1", "乙", "08")] {
            store.shoot(&shot(path, student, at)).unwrap();
        }
        let shots = store.shots().unwrap().into_iter().map(|shot| (shot.path, shot.student)).collect::<Vec<_>>();
        assert_eq!(shots, [("1", "乙"), ("2", "甲"), ("1", "甲")].map(|(path, who)| (path.to_owned(), who.to_owned())));
    }

    #[test]
    fn a_damaged_file_is_told_in_words() {
        let (path, store) = store("damaged");
        drop(store);
        std::fs::write(&path, b"no database at all, whatever its name says").unwrap();
        assert!(Store::open(&path).err().unwrap().zh.contains("已损坏"));
    }

    #[test]
    fn a_file_of_another_version_is_refused() {
        let (path, store) = store("version");
        store.connection().pragma_update(None, "user_version", 99).unwrap();
        drop(store);
        assert!(Store::open(&path).err().unwrap().en.contains("another version"));
    }

    #[test]
    fn a_long_path_is_one_that_windows_takes() {
        assert_eq!(long(r"D:\学院\g.sqlite"), r"\\?\D:\学院\g.sqlite");
        assert_eq!(long(r"\\nas\照片\g.sqlite"), r"\\?\UNC\nas\照片\g.sqlite");
        assert_eq!(long(r"\\?\D:\g.sqlite"), r"\\?\D:\g.sqlite");
    }

    #[test]
    fn times_are_written_as_rfc_3339() {
        let at = store("time").1.now().unwrap();
        assert!(at.len() == 20 && at.ends_with('Z') && at.starts_with("20"), "{at}");
    }
}
