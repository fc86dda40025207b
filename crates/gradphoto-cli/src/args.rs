//! What can be typed.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::thread::available_parallelism;

use clap::builder::{NonEmptyStringValueParser, PathBufValueParser, TypedValueParser};
use clap::{Args as ClapArgs, CommandFactory, Parser, Subcommand, ValueEnum};
use gradphoto::folder::is_table;
use gradphoto::{Checker, Engine, Language, Profile, nearest};

use crate::text_file;
use crate::trouble::{OrTrouble, Trouble, trouble, unknown_rule};
use crate::upload::archives::Per;

/// The program's, and which nets are inside.
static VERSION: LazyLock<String> =
    LazyLock::new(|| format!("{} (nets: {})", env!("CARGO_PKG_VERSION"), gradphoto::NETS_USE.en));

/// Where the options of every command stand in its help.
const LAST: usize = 900;

/// Check Chinese graduation photos against the national standard, on this machine, before anyone pays for a retake.
///
/// 毕业照自查：对照《高等教育学历证书电子注册图像采集规范》逐条检查照片，全程离线。
#[derive(Debug, Parser)]
#[command(name = "gradphoto", version = VERSION.as_str(), after_help = EXAMPLES, args_conflicts_with_subcommands = true)]
pub struct Args {
    /// Ignore gradphoto.toml beside the photos.
    #[arg(long, global = true, display_order = LAST)]
    pub no_config: bool,
    /// What to do.
    #[command(subcommand)]
    pub command: Option<Command>,
    #[command(flatten)]
    pub page: Page,
}

/// A folder or photo that is there; anything else is likelier a command that was typed wrong.
fn there(path: PathBuf) -> Result<PathBuf, Trouble> {
    if path.exists() {
        return Ok(path);
    }
    let path = path.display();
    Err(trouble(
        format!("没有命令 {path}，也没有这样的文件夹或照片"),
        format!("there is no command {path}, and no such folder or photo"),
    ))
}

fn parse_port(text: &str) -> Result<u16, Trouble> {
    text.parse().map_err(|_| trouble("应为0至65535的整数", "write a whole number from 0 to 65535"))
}

/// So many that no machine has as many cores.
const MOST_JOBS: usize = 1024;

fn parse_jobs(text: &str) -> Result<usize, Trouble> {
    text.parse().ok().filter(|jobs| *jobs <= MOST_JOBS).ok_or_else(|| {
        trouble(format!("应为0至{MOST_JOBS}的整数"), format!("write a whole number from 0 to {MOST_JOBS}"))
    })
}

/// As many photos at the same time as were asked for and help: each more than four per core takes memory and no less time.
pub fn jobs(asked: usize, photos: usize, language: Language) -> usize {
    let most = 4 * available_parallelism().map_or(1, NonZero::get);
    if asked.min(photos) > most {
        anstream::eprint!(
            "{}",
            match language {
                Language::Zh => format!("--jobs {asked} 超过本机用得上的 {most}，按 {most} 处理。\n"),
                Language::En =>
                    format!("--jobs {asked} is more than this machine can use; {most} are checked at the same time.\n"),
            }
        );
    }
    asked.min(photos).min(most)
}

/// Arguments of `gradphoto` without a command: the page.
#[derive(Debug, ClapArgs)]
pub struct Page {
    /// Folder of photos to open in the page, or a photo to try; without either, the page asks for a photo.
    #[arg(value_name = "FOLDER|PHOTO", value_parser = PathBufValueParser::new().try_map(there))]
    pub path: Option<PathBuf>,
    /// Port to serve the page on; 0 takes any free one.
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = parse_port, allow_negative_numbers = true)]
    pub port: u16,
    /// Print the page's address and do not open the browser.
    #[arg(long)]
    pub no_open: bool,
    #[command(flatten)]
    pub profile: ProfileChoice,
    #[command(flatten)]
    pub engine: EngineArgs,
    #[command(flatten)]
    pub language: LanguageChoice,
}

const EXAMPLES: &str = "\
Examples:
  gradphoto                                  the page, in the browser of this machine
  gradphoto 2026届                           the page with a folder of photos
  gradphoto check photos                     every photo in a folder and the folders below it
  gradphoto check photos --format jsonl      one line of JSON a photo, for programs
  gradphoto check photos --output results    a page, tables for Excel; --roster tells who is missing
  gradphoto watch tether                     the verdict on each photo as the camera delivers it
  gradphoto prepare photos --output upload   copies cropped and compressed as the portal wants them
  gradphoto serve                            photos by HTTP, for programs
  gradphoto rules                            what is checked, and the limits
  gradphoto explain eye-line                 what a rule measures, its source, what to do
  gradphoto profile list                     whose version of the standard can be applied

No photo leaves this machine and nobody is identified.";

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check photos: what is wrong with each, and how to put it right.
    Check(Box<Check>),
    /// Judge photos as they arrive in a folder, such as a camera's tether folder.
    Watch(Watch),
    /// Make the copies to upload: cropped, scaled and compressed to the profile's limits, nothing else.
    Prepare(Prepare),
    /// Check photos for other programs over HTTP.
    Serve(Serve),
    /// List the rules with their limits.
    Rules(Rules),
    /// Print the handbook pages of rules.
    Explain(Explain),
    /// List the profiles, or show one in full.
    Profile(ProfileArgs),
    /// Print a completion script for a shell.
    Completions(Completions),
    /// Print the manual page, or write those of all commands.
    Man(Man),
}

/// Arguments of `gradphoto completions`.
#[derive(Debug, ClapArgs)]
pub struct Completions {
    /// Which shell.
    pub shell: clap_complete::Shell,
}

/// Arguments of `gradphoto man`.
#[derive(Debug, ClapArgs)]
pub struct Man {
    /// Write the pages of all commands into this folder.
    #[arg(long, short, value_name = "DIR")]
    pub output: Option<PathBuf>,
}

/// Arguments of `gradphoto check`.
#[derive(Debug, ClapArgs)]
#[command(after_help = CHECK_EXAMPLES)]
pub struct Check {
    /// Photos and folders. Folders are searched with all below them, hidden files skipped; 2.jpg comes before 10.jpg. -
    /// reads one photo from stdin.
    #[arg(required_unless_present = "files_from", value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    #[command(flatten)]
    pub profile: ProfileChoice,
    #[command(flatten)]
    pub rules: RuleChoice,
    /// How to print the results.
    #[arg(long, value_enum, default_value_t)]
    pub format: ReportFormat,
    /// Leave out photos that pass, and what was read from the roster.
    #[arg(long, short)]
    pub quiet: bool,
    /// Also check the photos and folders that this file lists, one a line or separated by NUL as `find -print0` writes
    /// them; - reads the list from stdin.
    #[arg(long, value_name = "FILE")]
    pub files_from: Option<PathBuf>,
    /// Show every measurement with its limit, and advice on photos that pass.
    #[arg(long)]
    pub details: bool,
    /// Also draw each photo with what was seen on it and a list of what to do, as a JPEG in this folder, in the same
    /// sub-folders as the photos. The photos themselves stay as they are.
    #[arg(long, value_name = "DIR")]
    pub annotate: Option<PathBuf>,
    /// Judge camera originals by the crop that `gradphoto prepare` would make of them, not by their own format and
    /// size.
    #[arg(long, conflicts_with = "annotate")]
    pub capture: bool,
    /// Photos to check at the same time, at most four per core; 0 uses every core.
    #[arg(long, short, value_name = "N", default_value_t = 0, value_parser = parse_jobs, allow_negative_numbers = true)]
    pub jobs: usize,
    #[command(flatten)]
    pub engine: EngineArgs,
    #[command(flatten)]
    pub language: LanguageChoice,
    #[command(flatten)]
    pub batch: BatchArgs,
    #[command(flatten)]
    pub assign: AssignArgs,
}

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

fn parse_month(text: &str) -> Result<(u16, u8), Trouble> {
    gradphoto::batch::month_of(text).ok_or_else(|| trouble("应写作 2026-06", "write it like 2026-06"))
}

const CHECK_EXAMPLES: &str = "\
Examples:
  gradphoto check class-1 class-2 zhang.jpg
  gradphoto check photos --profile he-2017       the standard's own text instead of the school's notice
  gradphoto check photos --profile our.toml      your own limits; start from `gradphoto profile show NAME`
  gradphoto check photos --annotate drawn        a picture of every result, to print or to show a student
  gradphoto check photos --format jsonl | jq -r 'select(.verdict == \"fail\").photo'
  gradphoto check 2026届 --output 结果 --roster 名册.xlsx --notices 通知
                                                 a whole school, in folders 学院/专业/班级 or by name and number
  gradphoto check 2026届 --output 结果 --resume    goes on after a stop, whatever stopped it
  gradphoto check 2026届 --output 结果 --overwrite --decisions decisions.csv
                                                 with what people decided in 结果/report.html

Exit status:
  0  every photo passes
  1  some photo fails, needs a person's eye or cannot be read; the others are checked all the same. With --output also
     when something is wrong across photos, such as a duplicate or a student without a photo
  2  could not run, or was stopped before the end";

/// Arguments of `gradphoto watch`.
#[derive(Debug, ClapArgs)]
#[command(after_help = WATCH_EXAMPLES)]
pub struct Watch {
    /// The folder that photos arrive in, with the folders below it.
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
    #[command(flatten)]
    pub profile: ProfileChoice,
    /// Also judge the photos that are there already.
    #[arg(long)]
    pub existing: bool,
    /// Show every measurement with its limit, and advice on photos that pass.
    #[arg(long)]
    pub details: bool,
    /// Append the results to report.jsonl in this folder, and photos with their students to assigned.csv.
    #[arg(long, short, value_name = "DIR")]
    pub output: Option<PathBuf>,
    /// Judge camera originals by the crop that `gradphoto prepare` would make of them, not by their own format and
    /// size.
    #[arg(long)]
    pub capture: bool,
    /// List of students, as for `gradphoto check`: who is next, and who of the class has no photo yet.
    #[arg(long, value_name = "FILE")]
    pub roster: Option<PathBuf>,
    #[command(flatten)]
    pub schedule: ScheduleArgs,
    /// names: by file name. scan: a scanner types 采集码 or 学号 before each student; retakes need no new scan. order: as
    /// students queue; - retakes the last one, + skips one who did not come, a number continues from that student. In
    /// both = and a number give the last photo to that student.
    #[arg(long, value_name = "names|scan|order", default_value = "names")]
    pub assign: String,
    #[command(flatten)]
    pub engine: EngineArgs,
    #[command(flatten)]
    pub language: LanguageChoice,
}

const WATCH_EXAMPLES: &str = "\
Examples:
  gradphoto watch D:/tether                      each photo as the camera's program has written it
  gradphoto watch tether --output results        and a line each in results/report.jsonl
  gradphoto watch tether --output 结果 --capture --roster 名册.xlsx --assign scan
                                                 at the site: who stands there is scanned, who is next is told

Ctrl-C ends it.";

/// Arguments of `gradphoto prepare`.
#[derive(Debug, ClapArgs)]
#[command(after_help = PREPARE_EXAMPLES)]
pub struct Prepare {
    /// Photos and folders, as for `gradphoto check`.
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Where the copies go, in the same folders and under the same names as the originals.
    #[arg(long, short, value_name = "DIR")]
    pub output: PathBuf,
    /// Replace files of the same names that are copies of other photos, were changed, or that this command did not write.
    #[arg(long)]
    pub overwrite: bool,
    /// List of students, as for `gradphoto check`.
    #[arg(long, value_name = "FILE")]
    pub roster: Option<PathBuf>,
    #[command(flatten)]
    pub schedule: ScheduleArgs,
    /// How copies are named: text with columns of the roster in braces, such as zp{考生号} or {院系}/{班级}/{学号}. Missing
    /// values and clashing names are reported, and then nothing is written.
    #[arg(long, requires = "roster", value_name = "PATTERN")]
    pub name: Option<String>,
    /// Also pack the copies into OUTPUT/zip: photos only, names in UTF-8.
    #[arg(long, value_enum, value_name = "class|department|all")]
    pub zip: Option<Per>,
    /// Copy only photos that pass, or that a person accepted (--decisions).
    #[arg(long)]
    pub ready: bool,
    /// What people decided, as report.html exports it.
    #[arg(long, value_name = "FILE")]
    pub decisions: Vec<PathBuf>,
    /// Month of graduation, as for `gradphoto check`.
    #[arg(long, value_name = "YYYY-MM", value_parser = parse_month)]
    pub graduation: Option<(u16, u8)>,
    #[command(flatten)]
    pub profile: ProfileChoice,
    /// Photos to prepare at the same time, at most four per core; 0 uses every core.
    #[arg(long, short, value_name = "N", default_value_t = 0, value_parser = parse_jobs, allow_negative_numbers = true)]
    pub jobs: usize,
    #[command(flatten)]
    pub engine: EngineArgs,
    #[command(flatten)]
    pub language: LanguageChoice,
    #[command(flatten)]
    pub assign: AssignArgs,
}

const PREPARE_EXAMPLES: &str = "\
Examples:
  gradphoto prepare originals --output upload
  gradphoto prepare 相机 --output 上传 --roster 名册.xlsx --name \"zp{考生号}\" --zip class
                                                 named and packed as the receiver wants them
  gradphoto prepare 相机 --output 上传 --roster 名册.xlsx --assign order --name \"{学号}\"
                                                 the camera's files, in the order in which the students queued

A copy is the original cropped and scaled to 480x640, so that crown, eyes, face width and centring lie as near to the
middle of the profile's limits as one crop allows, then compressed with the best quality that gives the profile's file
size: 30 to 40 KB (less than 40 000 bytes) where the profile lets it, which every known portal takes. Nothing is turned, mirrored or recoloured: the standard forbids it. A photo that needs more is refused with the
reason; each copy is checked before it is kept. Originals are never changed. index.csv tells which file is whose and what
came out; run again, it leaves copies that are right as they are and removes those that no longer belong to anybody.

Exit status: 0 every copy was made, 1 some photo was refused, 2 could not run.";

/// Whose each photo is.
#[derive(Debug, ClapArgs)]
#[command(next_help_heading = "Matching photos to students")]
pub struct AssignArgs {
    /// names: by file name. order: by the order of the shots (EXIF time, else file name), as students queue: by the
    /// roster's column 拍摄序号, else by 学号 within a class; a folder that names a department, class or session holds its
    /// students. FILE.csv: by a list of photos and numbers, such as the assigned.csv of `gradphoto watch`.
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

/// Arguments of `gradphoto serve`.
#[derive(Debug, ClapArgs)]
#[command(after_help = SERVE_EXAMPLES)]
pub struct Serve {
    /// Address to listen on. Other machines get in only with a token.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8400", value_parser = parse_address)]
    pub listen: SocketAddr,
    /// File with the token that callers must send, at least 16 characters.
    #[arg(long, value_name = "FILE")]
    pub token_file: Option<PathBuf>,
    #[command(flatten)]
    pub profile: ProfileChoice,
    #[command(flatten)]
    pub engine: EngineArgs,
}

fn parse_address(text: &str) -> Result<SocketAddr, Trouble> {
    text.parse().map_err(|_| trouble("应写作 127.0.0.1:8400", "write address and port, like 127.0.0.1:8400"))
}

const SERVE_EXAMPLES: &str = "\
Examples:
  gradphoto serve
  curl --data-binary @zhang.jpg \"http://127.0.0.1:8400/v1/check?name=zhang.jpg\"
  gradphoto serve --listen 0.0.0.0:8400 --token-file token
  curl -H \"Authorization: Bearer $(cat token)\" -F photo=@zhang.jpg http://server:8400/v1/check

Photos are judged and forgotten. /openapi.json describes what can be asked, /metrics counts, /healthz tells that it runs.
One photo a core is checked at a time; when too many are waiting, the answer is 503 with Retry-After. Profile and name stand
in the address (?profile=he-2017&name=zhang.jpg), one photo in a request: whatever else is asked for there is refused.
Of a form the photo alone is read.";

/// Names of engines, beside which there are paths.
pub const AUTO: &str = "auto";
pub const TRACT: &str = "tract";

/// What runs the models.
#[derive(Clone, Debug, ClapArgs)]
pub struct EngineArgs {
    /// What runs the models: auto (ONNX Runtime where one is found, else tract), tract (built in, slower), or the path
    /// of an ONNX Runtime library, 1.24 or later.
    #[arg(long, value_name = "auto|tract|LIBRARY", default_value = AUTO)]
    engine: String,
}

/// Arguments of `gradphoto rules`.
#[derive(Debug, ClapArgs)]
pub struct Rules {
    #[command(flatten)]
    pub profile: ProfileChoice,
    /// How to print the table.
    #[arg(long, value_enum, default_value_t)]
    pub format: TableFormat,
    #[command(flatten)]
    pub language: LanguageChoice,
}

/// Arguments of `gradphoto explain`.
#[derive(Debug, ClapArgs)]
pub struct Explain {
    /// Rules, by their ids such as eye-line (`gradphoto rules` lists them), or as a report calls what is wrong.
    #[arg(required = true, value_name = "RULE")]
    pub rules: Vec<String>,
    #[command(flatten)]
    pub profile: ProfileChoice,
    #[command(flatten)]
    pub language: LanguageChoice,
}

/// Arguments of `gradphoto profile`.
#[derive(Debug, ClapArgs)]
pub struct ProfileArgs {
    #[command(subcommand)]
    pub command: ProfileCommand,
}

/// The subcommands of `gradphoto profile`.
#[derive(Debug, Subcommand)]
pub enum ProfileCommand {
    /// List the built-in profiles; the first is the default.
    List,
    /// Print a profile as TOML with everything it inherits: a starting point for your own.
    Show {
        /// Name of a built-in profile, or a TOML file.
        #[arg(value_name = "NAME|FILE.toml")]
        profile: String,
    },
}

/// Whose version of the standard to apply.
#[derive(Debug, ClapArgs)]
pub struct ProfileChoice {
    /// Built-in profile, or a TOML file.
    #[arg(long, short, value_name = "NAME|FILE.toml", default_value = Profile::DEFAULT)]
    pub profile: String,
}

/// Which rules of the profile to apply.
#[derive(Debug, ClapArgs)]
pub struct RuleChoice {
    /// Apply these rules only.
    #[arg(long, value_name = "RULE", value_delimiter = ',', value_parser = NonEmptyStringValueParser::new())]
    pub select: Vec<String>,
    /// Leave these rules out.
    #[arg(long, value_name = "RULE", value_delimiter = ',', value_parser = NonEmptyStringValueParser::new())]
    pub ignore: Vec<String>,
}

impl RuleChoice {
    /// The profile with the rules that are wanted.
    pub fn of(&self, profile: Profile) -> anyhow::Result<Profile> {
        for id in self.select.iter().chain(&self.ignore) {
            gradphoto::rules::find(id).map_or_else(|| Err(unknown_rule(id)), |_| Ok(()))?;
        }
        Ok(profile.only(|rule| {
            let is_in = |list: &[String]| list.iter().any(|id| id == rule.id);
            !is_in(&self.ignore) && (self.select.is_empty() || is_in(&self.select))
        }))
    }
}

/// The language of names and reasons.
#[derive(Debug, ClapArgs)]
pub struct LanguageChoice {
    /// Language of the output; by default English on an English system, else Chinese.
    #[arg(long, value_enum, global = true, display_order = LAST)]
    lang: Option<Lang>,
}

/// Output of `gradphoto check`.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum ReportFormat {
    /// For people.
    #[default]
    Text,
    /// For programs: one JSON object a line, one line a photo.
    Jsonl,
    /// For tables: a row for each finding that someone must act on, UTF-8 with a byte order mark.
    Csv,
    /// For build servers: SARIF 2.1.0.
    Sarif,
}

/// Output of `gradphoto rules`.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum TableFormat {
    /// Aligned columns.
    #[default]
    Text,
    /// A Markdown table.
    Markdown,
    /// A JSON array.
    Json,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Lang {
    Zh,
    En,
}

impl EngineArgs {
    /// A checker for this profile on this engine, with this many threads.
    pub fn checker(&self, profile: Profile, jobs: usize) -> anyhow::Result<Checker> {
        let engine = match self.engine.as_str() {
            AUTO => Engine::automatic(),
            TRACT => Engine::tract(),
            library => Engine::onnxruntime(library),
        };
        let built = Checker::builder().profile(profile).engine(engine).jobs(jobs).build();
        match self.engine.as_str() {
            AUTO | TRACT => Ok(built?),
            // What the system's loader says of a file that is not there helps nobody.
            library if built.is_err() && !Path::new(library).exists() => Err(no_library(library).into()),
            library => built.or_trouble(|| {
                trouble(
                    format!(
                        "--engine {library}：不能用作 ONNX Runtime（须为 1.24 以上），请换一个库，或写 auto、tract"
                    ),
                    format!(
                        "--engine {library} does not work as ONNX Runtime, 1.24 or later; \
                         name another library, auto or tract"
                    ),
                )
            }),
        }
    }

    /// A line where the slower engine works because the faster one was not found; empty elsewhere.
    pub fn note(&self, checker: &Checker, language: Language) -> &'static str {
        let is_second_choice = self.engine == AUTO && checker.engine_stamp().runtime.starts_with("tract");
        match (is_second_choice, language) {
            (false, _) => "",
            (true, Language::Zh) => "没有找到 ONNX Runtime，改用内置引擎：结果相同，用时约为两到三倍。\n",
            (true, Language::En) => {
                "ONNX Runtime was not found; the engine inside works as well, but takes two to three times as long.\n"
            }
        }
    }
}

fn no_library(typed: &str) -> Trouble {
    let (zh, en) = match nearest(typed, [AUTO, TRACT].into_iter()) {
        Some(near) => (format!("，是否为 {near}？"), format!("; did you mean {near}?")),
        None => Default::default(),
    };
    trouble(
        format!("--engine {typed}：没有叫这个名字的 ONNX Runtime 库（1.24 以上），请写 auto、tract 或库文件的路径{zh}"),
        format!(
            "--engine {typed}: there is no ONNX Runtime (1.24 or later) of this name; \
             write auto, tract or the path of the library{en}"
        ),
    )
}

impl ProfileChoice {
    /// Loads the profile.
    pub fn load(&self) -> anyhow::Result<Profile> {
        load_profile(&self.profile)
    }
}

/// What was typed for a profile and is none, with the cure.
fn no_profile(typed: &str, (zh, en): (&str, &str), is_table: bool) -> Trouble {
    let cure = match is_table {
        true => trouble(
            format!("如果是名册，请写 --roster {typed}"),
            format!("if it is the roster, write --roster {typed}"),
        ),
        false => trouble(
            "要自己编写，可从 gradphoto profile show graduation-blue 的内容改起",
            "for your own, start from `gradphoto profile show graduation-blue`",
        ),
    };
    trouble(
        format!("标准 {typed}：这是{zh}；标准应为内置名称，或以 .toml 结尾的文件；{}", cure.get(Language::Zh)),
        format!(
            "profile {typed}: this is {en}; a profile is a built-in name or a file ending in .toml; {}",
            cure.get(Language::En)
        ),
    )
}

/// Loads a built-in profile by its name, or any other from a TOML file.
pub fn load_profile(choice: &str) -> anyhow::Result<Profile> {
    let path = Path::new(choice);
    let is_bare = path.components().count() == 1;
    if Profile::names().any(|name| name == choice) {
        return Ok(Profile::built_in(choice)?);
    }
    if path.extension().is_none_or(|extension| !extension.eq_ignore_ascii_case("toml")) {
        if is_table(path) {
            return Err(no_profile(choice, ("表格", "a table"), true).into());
        } else if path.is_dir() {
            return Err(no_profile(choice, ("文件夹", "a folder"), false).into());
        } else if path.is_file() && (is_bare || path.extension().is_some()) {
            return Err(no_profile(choice, ("另一种文件", "another kind of file"), false).into());
        } else if is_bare {
            return Ok(Profile::built_in(choice)?);
        }
    }
    let source = text_file::read(path)?;
    let stem = path.file_stem().unwrap_or(path.as_os_str()).to_string_lossy();
    // A school's own graduation-blue.toml is another standard than the built-in one.
    let is_taken = Profile::names().any(|name| name == stem);
    let name = if is_taken { path.file_name().unwrap_or_default().to_string_lossy() } else { stem };
    // The file is what must be mended, and its name in reports is no path.
    let profile = Profile::from_toml(&name, &source).map_err(|error| {
        let [zh, en] = [Language::Zh, Language::En].map(|language| error.reason().get(language));
        trouble(format!("{choice}：{zh}"), format!("{choice}: {en}"))
    });
    Ok(profile?)
}

impl LanguageChoice {
    /// The language asked for, or the system's.
    pub fn get(&self) -> Language {
        match self.lang {
            Some(Lang::Zh) => Language::Zh,
            Some(Lang::En) => Language::En,
            None => system_language(),
        }
    }
}

/// The command line with its command in front and `help` behind it, as --help: clap takes what follows an option of the page
/// for the page's folder, and knows `help` in English alone.
pub fn ordered(mut typed: Vec<OsString>) -> Vec<OsString> {
    let first = next_word(&typed, 1);
    if typed.get(first).is_some_and(|word| !word.as_encoded_bytes().starts_with(b"-")) {
        typed[1..=first].rotate_right(1);
    }
    let (mut known, mut at) = (Args::command(), 1);
    while let Some(word) = typed.get(at).filter(|_| known.has_subcommands()) {
        if word == "help" {
            typed.remove(at);
            typed.push("--help".into());
            return ordered(typed);
        }
        let Some(below) = known.find_subcommand(word).cloned() else { break };
        known = below;
        at = next_word(&typed, at + 1);
    }
    typed
}

/// The place of the first word from there on that is no option of every command.
fn next_word(typed: &[OsString], mut at: usize) -> usize {
    while let Some(word) = typed.get(at).and_then(|word| word.to_str()) {
        at += match word {
            "--lang" => 2,
            "--no-config" => 1,
            word if word.starts_with("--lang=") => 1,
            _ => break,
        };
    }
    at
}

/// The language of a command line that need not be a valid one, for what is wrong with it.
pub fn language(typed: &[OsString]) -> Language {
    let mut typed = typed.iter().filter_map(|word| word.to_str());
    while let Some(word) = typed.next() {
        let asked = if word == "--lang" { typed.next() } else { word.strip_prefix("--lang=") };
        if let Some(language) = asked.and_then(|asked| asked.parse().ok()) {
            return language;
        }
    }
    system_language()
}

fn system_language() -> Language {
    let set = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(set);
    if locale.is_some_and(|locale| locale.starts_with("en")) { Language::En } else { Language::Zh }
}
