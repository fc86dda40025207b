//! `gradphoto watch`

mod list;
mod scanner;
mod scene;

use std::collections::{BTreeMap, HashMap};
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anstyle::AnsiColor;
use gradphoto::folder::{Found, PassedOver};
use gradphoto::photo::{Taken, shown};
use gradphoto::{Checker, Error, Language, Mark, Report, Source, Text as Words};
use gradphoto_app::arrivals::{Arrival, Arrivals, Reach};
use gradphoto_app::capture::{Capture, look};
use gradphoto_app::known::sha256;

use crate::args::Watch;
use crate::batch::lines::Growing;
use crate::interrupt::Interrupt;
use crate::line::Line;
use crate::output::progress::print;
use crate::output::record::{Outcome, plain};
use crate::output::table::pad;
use crate::output::{Output, text::Text};
use crate::trouble::{OrTrouble, trouble, unread};
use crate::{Exit, output, photos, school};
use scene::{By, Scene, unrecorded};

/// When nothing has come for so long, photos that are gone have not been moved.
const CALM: Duration = Duration::from_secs(4);

/// Judges each photo that arrives until Ctrl-C; what photos say has no part in the exit status.
pub fn run(args: &Watch) -> anyhow::Result<Exit> {
    let language = args.language.get();
    let interrupt = Interrupt::listen(language)?;
    if !args.folder.is_dir() {
        let folder = args.folder.display();
        return Err(trouble(
            format!("{folder} 不是文件夹，请写照片存入的文件夹"),
            format!("{folder} is not a folder; name the one that photos arrive in"),
        )
        .into());
    }
    fs::read_dir(&args.folder).or_trouble(|| unread(&args.folder))?;
    if let Some(output) = &args.output {
        let lying = Found::search(std::slice::from_ref(&args.folder), None);
        photos::apart(lying.photos(), std::slice::from_ref(&args.folder), &[("--output", output)])?;
    }
    let (roster, _) = school::roster(args.roster.as_deref(), &args.schedule, false, language)?.unzip();
    let by = by(&args.assign, roster.is_some())?;
    let profile = args.profile.load()?;
    let capture = args.capture.then(|| Capture::new(&profile));
    let checker = args.engine.checker(capture.as_ref().map_or(profile, Capture::frames), 1)?;
    interrupt.begin();
    let report = args.output.as_deref().map(Growing::open).transpose()?;
    let scene = Scene::new(&args.folder, roster, by, args.output.as_deref(), language)?;
    let text = Text::new(language, args.details);
    let (outcomes, passed_over, reach) = (BTreeMap::new(), Vec::new(), Reach::Open);
    let (seen, last, gone) = (HashMap::new(), None, String::new());
    let mut shoot =
        Shoot { checker, capture, report, scene, text, outcomes, seen, last, gone, passed_over, reach, language };
    let mut arrivals = Arrivals::new(&args.folder);
    let mut lying = String::new();
    if !args.existing {
        arrivals.skip_all();
        lying = shoot.lying(&args.folder);
    }
    let folder = args.folder.display();
    print(&match language {
        Language::Zh => format!("正在监视 {folder}，拍摄后自动判定，按 Ctrl-C 结束。\n"),
        Language::En => format!("Watching {folder}; each new photo is judged. Ctrl-C ends.\n"),
    })?;
    let scanned = if by == By::Names { scanner::none() } else { scanner::lines() };
    let is_lost = by != By::Names && args.output.is_none();
    print(&(lying + &shoot.scene.welcome() + if is_lost { not_kept(language) } else { "" }))?;
    let (mut typed, mut waiting) = (Vec::new(), 0);
    while !interrupt.is_raised() {
        let mut ready = in_order_of_shots(arrivals.ready()).into_iter();
        // Many may come at once: nobody who scans or ends this waits for all of them.
        loop {
            typed.extend(scanned.try_iter());
            let is_early = |(at, code): &(Instant, String)| shoot.scene.must_wait(code) && arrivals.is_coming(*at);
            let heeded = typed.iter().position(is_early).unwrap_or(typed.len());
            for (at, code) in typed.drain(..heeded) {
                print(&shoot.scene.scanned(&code, at)?)?;
            }
            waiting = ready.len();
            if interrupt.is_raised() {
                break;
            }
            let Some(arrival) = ready.next() else { break };
            if shoot.judge(&arrival)? {
                arrivals.skip(arrival.photo);
            }
        }
        shoot.pass_over(arrivals.passed_over())?;
        shoot.reach(arrivals.reach(), &args.folder)?;
        shoot.miss(Instant::now())?;
    }
    print(&(shoot.summary() + &not_waited_for(waiting, language)))?;
    Ok(Exit::AllPass)
}

/// Photos that came at once, as after a break in the network, in the order in which they were taken where all say it.
fn in_order_of_shots(ready: Vec<Arrival>) -> Vec<Arrival> {
    if ready.len() < 2 {
        return ready;
    }
    let Some(taken) = ready.iter().map(|arrival| Taken::of(&arrival.photo)).collect::<Option<Vec<_>>>() else {
        return ready;
    };
    let mut shots = taken.into_iter().zip(ready).collect::<Vec<_>>();
    shots.sort_by_key(|(taken, _)| *taken);
    shots.into_iter().map(|(_, shot)| shot).collect()
}

/// Said where nothing keeps whose each photo is.
fn not_kept(language: Language) -> &'static str {
    match language {
        Language::Zh => "! 没有写 --output，谁拍了哪张只显示、不保存；要保存，请停下来加 --output 现场 重新开始。\n",
        Language::En => {
            "! Without --output, whose each photo is shows here and is not kept; stop and begin again with --output DIR to keep it.\n"
        }
    }
}

/// How photos find their students, as it was typed.
fn by(typed: &str, has_roster: bool) -> anyhow::Result<By> {
    let by = match typed {
        "names" => By::Names,
        "scan" => By::Scan,
        "order" => By::Order,
        other => {
            return Err(trouble(
                format!("--assign {other}：应为 names、scan 或 order"),
                format!("--assign {other}: write names, scan or order"),
            )
            .into());
        }
    };
    if by != By::Names && !has_roster {
        return Err(trouble(
            format!("--assign {typed} 需要名册：请加 --roster 文件"),
            format!("--assign {typed} needs --roster FILE"),
        )
        .into());
    }
    Ok(by)
}

/// The photos of a shoot, each judged and told as it comes.
struct Shoot {
    checker: Checker,
    capture: Option<Capture>,
    report: Option<Growing>,
    scene: Scene,
    text: Text,
    /// A photo that is written anew is the same photo.
    outcomes: BTreeMap<String, Outcome>,
    /// What was seen of each content under each extension, with why nobody can be cut out: a file that is moved is not judged anew.
    seen: HashMap<(String, OsString), (Report, Option<Words>)>,
    /// When the last photo was told, until it is known whether others are gone.
    last: Option<Instant>,
    /// Whose photos were gone, as it was told.
    gone: String,
    /// What has come and cannot be judged.
    passed_over: Vec<(PathBuf, PassedOver)>,
    /// Whether the folder could be looked at of late, as it was told.
    reach: Reach,
    language: Language,
}

impl Shoot {
    /// Judges a photo and says what it is; false while its file may still become a whole picture.
    fn judge(&mut self, arrival: &Arrival) -> anyhow::Result<bool> {
        let (photo, language) = (arrival.photo.as_path(), self.language);
        let (line, refusal) = match self.look(photo) {
            Err(_) if !arrival.is_last_try => return Ok(false),
            Err(error) => (Line::new(photo, Err(error)), None),
            Ok((report, refusal)) => (Line::new(photo, Ok(report)), refusal),
        };
        let outcome = match refusal {
            Some(_) => Outcome::Fail,
            None => Outcome::of(line.report().map(Report::verdict)),
        };
        let picture = line.report().map(Report::fingerprint);
        let shot = self.scene.shot(line.photo(), arrival.came, picture, outcome)?;
        if let Some(report) = &mut self.report {
            report.append(&line).or_trouble(|| unrecorded(line.photo(), &shot.who))?;
        }
        shot.before.and_then(|before| self.outcomes.remove(&before));
        self.outcomes.insert(line.photo().to_owned(), outcome);
        let told = self.text.photo(&line);
        let findings = match refusal {
            // Where nobody can be cut out, figures of the frame say nothing to a photographer.
            Some(why) => refused(&line, why, language),
            None => told.split_once('\n').map_or("", |(_, findings)| findings).to_owned(),
        };
        let banner = banner(&line, outcome, &shot.who, language);
        print(&format!("\n{banner}{findings}{}{}", bell(outcome), shot.next))?;
        self.last = Some(Instant::now());
        Ok(true)
    }

    /// The report of a photo, and why nobody can be cut out of it.
    fn look(&mut self, photo: &Path) -> Result<(Report, Option<Words>), Error> {
        let source = Source::from(photo).read()?;
        let key = match &source {
            Source::Bytes(_, bytes) => Some((sha256(bytes), photo.extension().unwrap_or_default().to_owned())),
            _ => None,
        };
        if let Some((report, refusal)) = key.as_ref().and_then(|key| self.seen.get(key)) {
            return Ok((report.clone().renamed(shown(photo)), *refusal));
        }
        let looked = look(&self.checker, self.capture.as_ref(), source, |_| {})?;
        let looked = (self.checker.profile().judge(&looked.measured), looked.refusal);
        self.seen.extend(key.map(|key| (key, looked.clone())));
        Ok(looked)
    }

    /// Says whose photos are gone, once after each calm.
    fn miss(&mut self, now: Instant) -> anyhow::Result<()> {
        if self.reach != Reach::Open || self.last.take_if(|last| now.duration_since(*last) >= CALM).is_none() {
            return Ok(());
        }
        let gone = self.scene.gone_of_class();
        if std::mem::replace(&mut self.gone, gone.clone()) != gone && !gone.is_empty() {
            print(&format!("\n{gone}{}", bell(Outcome::Fail)))?;
        }
        Ok(())
    }

    /// Says of files that cannot be judged, once of each, what they are and what to do: whoever dropped them takes them for shots.
    fn pass_over(&mut self, passed_over: &[(PathBuf, PassedOver)]) -> anyhow::Result<()> {
        // There may be thousands, and nearly always as before.
        if self.passed_over == passed_over {
            return Ok(());
        }
        let known = self.passed_over.iter().map(|(path, why)| (path, *why)).collect::<HashMap<_, _>>();
        let is_new = |(path, why): &&(PathBuf, PassedOver)| known.get(path) != Some(why);
        let told = not_judged(passed_over.iter().filter(is_new), self.language);
        self.passed_over = passed_over.to_owned();
        if !told.is_empty() {
            print(&format!("\n{told}{}", bell(Outcome::Fail)))?;
        }
        Ok(())
    }

    /// Says that photos lie there which were not counted, as those that came while nobody watched.
    fn lying(&self, folder: &Path) -> String {
        let lying = Found::search(std::slice::from_ref(&folder.to_owned()), None);
        let unknown = self.scene.uncounted(lying.photos());
        let Some(first) = unknown.first() else { return String::new() };
        let (count, first) = (unknown.len(), plain(first));
        let behind = self.scene.behind(&unknown).map_or(String::new(), |photo| queue_went_on(&photo, self.language));
        behind
            + &match self.language {
                Language::Zh => format!(
                    "! 文件夹里已有 {count} 张照片没有计入已拍人数（如 {first}），不再判定；要一并判定，请加 --existing。\n"
                ),
                Language::En => format!(
                    "! {} in the folder already, such as {first}, count for no student and are not judged; --existing judges them too.\n",
                    output::counted(count, "photo")
                ),
            }
    }

    /// Says once that the folder is gone or does not answer, as where a network drive is, and once that it is back.
    fn reach(&mut self, reach: Reach, folder: &Path) -> anyhow::Result<()> {
        if std::mem::replace(&mut self.reach, reach) == reach {
            return Ok(());
        }
        let (told, outcome) = match (reach.trouble(folder), self.language) {
            (Some(trouble), language) => (format!("! {}", trouble.get(language)), Outcome::Fail),
            (None, Language::Zh) => (format!("{} 恢复了，继续监视。", folder.display()), Outcome::Pass),
            (None, Language::En) => (format!("{} is back.", folder.display()), Outcome::Pass),
        };
        print(&format!("\n{told}\n{}", bell(outcome)))?;
        Ok(())
    }

    fn summary(&self) -> String {
        let count = |outcome| self.outcomes.values().filter(|other| **other == outcome).count();
        let all = [Outcome::Pass, Outcome::Fail, Outcome::Review, Outcome::Unreadable];
        let counted = all.map(|outcome| format!("{} {}", outcome.word(self.language), count(outcome)));
        let total = self.outcomes.len();
        let photos = match self.language {
            Language::Zh if total == 0 => "\n没有照片进来。\n".to_owned(),
            Language::En if total == 0 => "\nNo photo came in.\n".to_owned(),
            Language::Zh => format!("\n共 {total} 张：{}\n", counted.join("，")),
            Language::En => format!("\n{}: {}\n", output::counted(total, "photo"), counted.join(", ")),
        };
        // A drive that does not answer is not asked.
        let gone = if self.reach == Reach::Open { self.scene.gone() } else { String::new() };
        photos + &not_judged(self.passed_over.iter(), self.language) + &self.scene.summary() + &gone
    }
}

/// That somebody was shot while nobody watched, as a photo shows.
fn queue_went_on(photo: &str, language: Language) -> String {
    match language {
        Language::Zh => format!(
            "! {photo} 是在最后一张已计入的照片之后拍的，队伍可能已经往前走了：请先按 Ctrl-C，加 --existing 重新启动，再拍下一张。\n"
        ),
        Language::En => format!(
            "! {photo} was taken after the last photo that counts, so the queue may have moved on: press Ctrl-C and start with --existing before the next shot.\n"
        ),
    }
}

/// A line for each kind of files that may be photos and cannot be judged.
fn not_judged<'a>(passed_over: impl Iterator<Item = &'a (PathBuf, PassedOver)> + Clone, language: Language) -> String {
    /// Files of one kind that are named.
    const NAMED: usize = 10;

    let mut text = String::new();
    for (why, paths) in photos::by_kind(passed_over) {
        let (count, named) = (paths.len(), paths[..paths.len().min(NAMED)].join(" "));
        let more = if count > NAMED { " ……" } else { "" };
        text += &match language {
            Language::Zh => format!("! 没有判定的文件 {count} 个，{}：{named}{more}\n", why.words().zh),
            Language::En => format!("! Not judged: {count}, {}: {named}{more}\n", why.words().en),
        };
    }
    text
}

/// That photos had come and were not judged when the run was ended.
fn not_waited_for(waiting: usize, language: Language) -> String {
    match (waiting, language) {
        (0, _) => String::new(),
        (_, Language::Zh) => format!("! 还有 {waiting} 张到了没有判定；要一并判定，再次启动时请加 --existing。\n"),
        (_, Language::En) => {
            format!(
                "! {} had come and were not judged; --existing judges them next time.\n",
                output::counted(waiting, "photo")
            )
        }
    }
}

/// Three lines of colour that can be read from where the camera stands: verdict, student, file.
fn banner(line: &Line, outcome: Outcome, who: &str, language: Language) -> String {
    const WIDTH: usize = 72;
    let colour = match outcome {
        Outcome::Pass => AnsiColor::Green,
        Outcome::Review => AnsiColor::Yellow,
        Outcome::Fail | Outcome::Unreadable | Outcome::Missing => AnsiColor::Red,
    };
    let style = AnsiColor::Black.on(colour).bold();
    let word = outcome.word(language);
    let word = match language {
        Language::Zh => word.chars().map(String::from).collect::<Vec<_>>().join(" "),
        Language::En => word.to_uppercase(),
    };
    let name = Path::new(line.photo()).file_name().unwrap_or_default().to_string_lossy();
    let who = if who.is_empty() { String::new() } else { format!("{}   ", plain(who)) };
    let lines = [String::new(), format!("   {word}   {who}{}", plain(&name)), String::new()];
    lines.map(|line| format!("{style}{}{style:#}\n", pad(&line, WIDTH))).concat()
}

/// The terminal's bell: once for a photo that passes, three times for one that does not.
fn bell(outcome: Outcome) -> &'static str {
    if outcome == Outcome::Pass { "\x07" } else { "\x07\x07\x07" }
}

/// Why no copy can be cut out of a frame, and what is wrong with the person all the same.
fn refused(line: &Line, why: Words, language: Language) -> String {
    use gradphoto::Group;
    let mut text = format!("    ✗ {}\n", why.get(language));
    let findings = line.report().into_iter().flat_map(Report::findings);
    for finding in findings.filter(|finding| finding.mark() == Some(Mark::Fail)) {
        if !matches!(finding.rule().group(), Group::Framing | Group::File) {
            text += &format!("    ✗ {} {}\n", finding.name().get(language), finding.reason(language));
        }
    }
    text
}
