//! report.jsonl: a whole line a photo, written as soon as it is known, so that a run that was cut off can go on.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{BufRead, BufReader, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use gradphoto::Checker;
use gradphoto::photo::shown;

use crate::line::Line;
use crate::trouble::{OrTrouble, Trouble, trouble, unmade, unread, unwritten};

/// Name of the file in the output folder.
pub const FILE_NAME: &str = "report.jsonl";

/// The file that a run writes its lines to; locked as long as it is open.
pub struct Journal {
    file: File,
}

/// What to do where there is a report already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Earlier {
    /// Leave it and say so.
    Refuse,
    /// Go on behind its last whole line.
    Resume,
    /// Start anew.
    Overwrite,
    /// Write behind it, whatever photos it holds.
    Append,
}

impl Journal {
    /// Opens the report in `folder` for a run over `photos`, hands every line that is there already to `finished`, and
    /// leaves out a last line that was not written whole.
    ///
    /// # Errors
    /// Each names its cure: the folder cannot be written, another run has it open, or the lines that are there belong to
    /// other photos, another profile or another program.
    pub fn open(
        folder: &Path,
        earlier: Earlier,
        photos: &[PathBuf],
        checker: &Checker,
        mut finished: impl FnMut(Line),
    ) -> anyhow::Result<Journal> {
        gradphoto::folder::make_own_folder(folder).or_trouble(|| unmade(folder))?;
        let path = folder.join(FILE_NAME);
        let shown = path.display();
        let mut options = OpenOptions::new();
        let file = options.read(true).write(true).create(true).truncate(false).open(&path);
        let file = file.or_trouble(|| unwritten(&path))?;
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => {
                return Err(trouble(
                    format!("另一次检查正在写 {shown}，请等它结束，或给 --output 换一个文件夹"),
                    format!("another run is writing {shown}; wait for it or give another --output"),
                )
                .into());
            }
            // Some network folders know no locks: that is no reason not to work on them.
            Err(TryLockError::Error(_)) | Ok(()) => {}
        }
        let is_new = file.metadata()?.len() == 0;
        if earlier == Earlier::Refuse && !is_new {
            return Err(trouble(
                format!("{shown} 是上次检查的结果：接着检查请加 --resume，重新检查请加 --overwrite"),
                format!("{shown} holds an earlier run: --resume goes on with it, --overwrite starts anew"),
            )
            .into());
        }
        if earlier == Earlier::Overwrite {
            file.set_len(0)?;
        }
        let mut journal = Journal { file };
        let mut count = 0;
        let end = journal.read(|line| {
            if earlier == Earlier::Resume {
                belongs(&line, photos.get(count), checker).or_trouble(|| stuck(&path))?;
            }
            count += 1;
            finished(line);
            Ok(())
        });
        journal.file.set_len(end.or_trouble(|| stuck(&path))?)?;
        journal.file.seek(SeekFrom::End(0))?;
        Ok(journal)
    }

    /// Appends the line of the next photo.
    pub fn append(&mut self, line: &Line) -> anyhow::Result<()> {
        // One write, so that whatever stops the program leaves at most one torn line, the last.
        Ok(self.file.write_all(format!("{}\n", line.to_json()).as_bytes())?)
    }

    /// Hands out every whole line and returns where the last of them ends.
    fn read(&mut self, mut each: impl FnMut(Line) -> anyhow::Result<()>) -> anyhow::Result<u64> {
        let mut reader = BufReader::new(&self.file);
        let mut end = 0;
        let mut bytes = Vec::new();
        for number in 1.. {
            bytes.clear();
            let length = reader.read_until(b'\n', &mut bytes)?;
            if length == 0 || !bytes.ends_with(b"\n") {
                break;
            }
            match str::from_utf8(&bytes).map_err(anyhow::Error::from).and_then(Line::from_json) {
                Ok(line) => each(line)?,
                // After a power cut the last line may be whole in length only.
                Err(_) if reader.fill_buf()?.is_empty() => break,
                Err(error) => {
                    return Err(error).or_trouble(|| {
                        trouble(
                            format!("第{number}行已损坏，请加 --overwrite 重新检查"),
                            format!("line {number} is damaged; --overwrite starts anew"),
                        )
                    });
                }
            }
            end += length as u64;
        }
        Ok(end)
    }
}

/// Every line of the report in `folder`, one in memory at a time.
pub fn lines(folder: &Path) -> anyhow::Result<impl Iterator<Item = anyhow::Result<Line>> + use<>> {
    let path = folder.join(FILE_NAME);
    let file = File::open(&path).or_trouble(|| unread(&path))?;
    Ok(BufReader::new(file).lines().map(|line| Line::from_json(&line?)))
}

fn stuck(journal: &Path) -> Trouble {
    let journal = journal.display();
    trouble(format!("不能接着 {journal} 检查"), format!("cannot go on with {journal}"))
}

/// Whether a finished line is what this run would write for this photo.
fn belongs(line: &Line, photo: Option<&PathBuf>, checker: &Checker) -> Result<(), Trouble> {
    let expected = photo.map_or(String::new(), |photo| shown(photo));
    let earlier = line.photo();
    if earlier != expected {
        let now = |none: &str| if expected.is_empty() { none.to_owned() } else { expected.clone() };
        return Err(trouble(
            format!(
                "照片有变动：上次检查到这里是 {earlier}，现在是 {}；请加 --overwrite 重新检查，没有变动的照片很快",
                now("空")
            ),
            format!(
                "the photos have changed: {earlier} was checked where {} is now; --overwrite starts anew, which is quick for \
                 photos that have not changed",
                now("none")
            ),
        ));
    }
    let Some((profile, engine)) = line.report().map(|report| (report.profile(), report.engine())) else {
        return Ok(());
    };
    if profile != checker.profile_stamp() {
        let name = &profile.name;
        return Err(trouble(
            format!("上次用的标准是 {name}，或该标准已修改；请用同一 --profile，或加 --overwrite 重新检查"),
            format!(
                "it was made with profile {name}, or that profile has changed since; give the same --profile, or --overwrite"
            ),
        ));
    }
    let now = checker.engine_stamp();
    if *engine != now {
        let [then, now] = [engine, &now].map(|stamp| (&stamp.gradphoto, &stamp.runtime));
        return Err(trouble(
            format!(
                "上次用的是 gradphoto {}（{}），现在是 gradphoto {}（{}），模型也可能不同；请用同一程序和 --engine，\
                 或加 --overwrite 重新检查",
                then.0, then.1, now.0, now.1
            ),
            format!(
                "it was made by gradphoto {} on {} and this is {} on {}, with other models perhaps; use the same program \
                 and --engine, or --overwrite",
                then.0, then.1, now.0, now.1
            ),
        ));
    }
    Ok(())
}
