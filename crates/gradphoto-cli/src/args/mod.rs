//! What can be typed.

mod engine;
pub mod language;
mod order;
mod profile;
mod school;

use std::net::SocketAddr;
use std::num::NonZero;
use std::path::PathBuf;
use std::sync::LazyLock;
use std::thread::available_parallelism;

use clap::builder::{PathBufValueParser, TypedValueParser};
use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use gradphoto::Language;

pub use engine::{AUTO, EngineArgs, TRACT};
pub use order::ordered;
pub use profile::{ProfileChoice, RuleChoice, load_profile};
pub use school::{AssignArgs, BatchArgs, PaperArgs, ScheduleArgs};

use crate::trouble::{Trouble, trouble};
use crate::upload::archives::Per;
use language::LanguageChoice;
use school::parse_month;

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
    /// both = and a number give the last photo to that student, PHOTO=NUMBER an earlier one.
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
