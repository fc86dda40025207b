//! Options for a whole school: results, roster, schedule, paper, and whose each photo is.

use std::path::PathBuf;

use clap::Args as ClapArgs;

use crate::trouble::{Trouble, trouble};

/// What a whole school needs.
#[derive(Debug, ClapArgs)]
#[command(next_help_heading = "For a whole school")]
pub struct BatchArgs {
    /// Write the results into a folder: report.jsonl, report.html, report.csv, report.xlsx, batch.json, the lists of
    /// retakes and refunds, and what is known of the photos.
    #[arg(long, short, value_name = "DIR")]
    pub output: Option<PathBuf>,
    /// Go on where an earlier run was stopped: its photos are neither checked nor reported again.
    #[arg(long, requires = "output", conflicts_with = "overwrite")]
    pub resume: bool,
    /// Replace the results of an earlier run; photos that have not changed are not looked at again.
    #[arg(long, requires = "output")]
    pub overwrite: bool,
    /// List of students (XLSX, XLS, ODS, CSV or a table exported by a school's system): tells who has no photo, and
    /// which photos belong to nobody or to no one for certain. Columns are recognised by their headings, such as 院系 专业
    /// 班级 学号 考生号 姓名 证件号码 采集码 批次 时间 地点; what was read is shown at the start.
    #[arg(long, requires = "output", value_name = "FILE")]
    pub roster: Option<PathBuf>,
    /// What people decided, as exported by report.html; it follows the photo's content and its student, wherever the
    /// file is. May be given several times.
    #[arg(long, requires = "output", value_name = "FILE")]
    pub decisions: Vec<PathBuf>,
    #[command(flatten)]
    pub paper: PaperArgs,
    #[command(flatten)]
    pub schedule: ScheduleArgs,
    /// Month of graduation, where the roster has no column 毕业日期: a photo taken more than a year before it (by EXIF) is
    /// left to a person.
    #[arg(long, requires = "output", value_name = "YYYY-MM", value_parser = parse_month)]
    pub graduation: Option<(u16, u8)>,
    /// Where to keep what is measured on photos, so that those that have not changed are not looked at again; with
    /// --output it is kept beside the results unless named here.
    #[arg(long, value_name = "DIR")]
    pub cache: Option<PathBuf>,
    /// Look at every photo anew.
    #[arg(long, conflicts_with = "cache")]
    pub no_cache: bool,
}

/// When who is photographed: where the order of the shots tells whose they are, every command needs the same.
#[derive(Debug, ClapArgs)]
pub struct ScheduleArgs {
    /// When and where each department or class is photographed, as listed in the annex of the notice: 批次 系部 起止时间 地点.
    #[arg(long, requires = "roster", value_name = "FILE")]
    pub schedule: Option<PathBuf>,
}

/// What is printed, posted and passed on.
#[derive(Debug, ClapArgs)]
pub struct PaperArgs {
    /// Write notices into a folder: for each class what students can put right themselves, with names and numbers
    /// masked; one for the photographer, by 拍摄序号 or 采集码; one for whoever handles the files, by their paths; each as
    /// .docx to print and as .txt to paste into a chat. Notices of an earlier run are removed.
    #[arg(long, requires = "output", value_name = "DIR")]
    pub notices: Option<PathBuf>,
    /// Date, time and place of the retake, for the notices and the list of retakes.
    #[arg(long, requires = "output", value_name = "TEXT")]
    pub retake: Option<String>,
    /// Show names and numbers in full in the notices.
    #[arg(long, requires = "notices")]
    pub unmask: bool,
    /// Write sheets to sign into a folder (A4, .docx): photo, number, name and room for a signature; one file per class
    /// and one per department.
    #[arg(long, requires = "roster", value_name = "DIR")]
    pub sheets: Option<PathBuf>,
    /// Write into a folder what the photo company must redo, without names and identity numbers: by 拍摄序号 or 采集码, with a
    /// small picture and reasons.
    #[arg(long, requires = "output", value_name = "DIR")]
    pub for_vendor: Option<PathBuf>,
}

pub fn parse_month(text: &str) -> Result<(u16, u8), Trouble> {
    gradphoto::batch::month_of(text).ok_or_else(|| trouble("应写作 2026-06", "write it like 2026-06"))
}

/// Whose each photo is.
#[derive(Debug, ClapArgs)]
#[command(next_help_heading = "Matching photos to students")]
pub struct AssignArgs {
    /// names: by file name. order: by the order of the shots (EXIF time, else file name), as students queue: by the
    /// roster's column 拍摄序号, else by 学号 within a class; a folder that names a department, class or session holds its
    /// students; a latecomer does not show where the numbers agree: look at the first and the last of each class, or have
    /// students sign (check --sheets). FILE.csv: by a list of photos and numbers, such as the assigned.csv of
    /// `gradphoto watch`.
    #[arg(long, value_name = "names|order|FILE.csv", default_value = "names")]
    pub assign: String,
    /// Where the order slips. PHOTO:+1: a student before this photo did not come; PHOTO:-1: it shows the previous
    /// student again (the last shot counts); PHOTO=NUMBER: it shows this student. Later photos follow on. @FILE: one a
    /// line.
    #[arg(long, value_name = "PHOTO:+1|PHOTO:-1|PHOTO=NUMBER|@FILE")]
    pub shift: Vec<String>,
    /// Number or name of a student who did not come; FOLDER=NUMBER for one who missed the session of --queue FOLDER.
    /// @FILE: one a line.
    #[arg(long, value_name = "NUMBER|FOLDER=NUMBER|@FILE")]
    pub absent: Vec<String>,
    /// Who queued for the camera folder of this name where the name does not tell, as for retakes: a list in the order
    /// of its rows.
    #[arg(long, value_name = "FOLDER=LIST")]
    pub queue: Vec<String>,
}
