//! Rosters, lists and whose photo is whose, from what was typed.

use std::path::{Path, PathBuf};

use anyhow::anyhow;
use gradphoto::batch::{Assignment, Decided, ListedPhoto, Queues, Reading, Schedule, Shift, Shot, folders};
use gradphoto::photo::{Taken, shown};
use gradphoto::{Language, Reason, Roster};

use crate::args::{AssignArgs, ScheduleArgs};
use crate::output::record::plain;
use crate::text_file;
use crate::trouble::trouble;

/// A roster with the slots of a schedule, and a word on what was read of both on stderr, which no program reads.
pub fn roster(
    file: Option<&Path>,
    ScheduleArgs { schedule }: &ScheduleArgs,
    is_quiet: bool,
    language: Language,
) -> anyhow::Result<Option<(Roster, Reading)>> {
    let read = file.map(Roster::read_with).transpose()?;
    let Some((mut roster, reading)) = read else { return Ok(None) };
    let mut told = reading.lines();
    if let Some(schedule) = schedule {
        let schedule = Schedule::read(schedule)?;
        let (scheduled, notes) = roster.scheduled(&schedule);
        roster = scheduled;
        told.extend(notes);
    }
    for line in told.iter().filter(|_| !is_quiet) {
        anstream::eprintln!("{}", plain(line.get(language)));
    }
    Ok(Some((roster, reading)))
}

/// What people decided, from all files.
pub fn decided(files: &[PathBuf]) -> anyhow::Result<Vec<Decided>> {
    Ok(files.iter().map(Decided::read).collect::<Result<Vec<_>, _>>()?.concat())
}

/// Problems as one error, a line each.
pub fn problems(all: &[Reason], language: Language) -> anyhow::Error {
    let told = all.iter().map(|problem| problem.get(language)).collect::<Vec<_>>();
    anyhow!("{}", told.join("\n    "))
}

impl AssignArgs {
    /// The lists that are read, each with the option as it is typed.
    pub fn lists(&self) -> impl Iterator<Item = (String, &Path)> {
        let queues = self.queue.iter().map(|queue| {
            let file = queue.split_once('=').map_or("", |(_, file)| file);
            (format!("--queue {queue}"), Path::new(file))
        });
        queues.chain([(format!("--assign {}", self.assign), Path::new(&self.assign))])
    }

    /// Whose the photos are; `None` where their names tell.
    pub fn assignment(
        &self,
        roster: Option<&Roster>,
        photos: &[PathBuf],
        roots: &[PathBuf],
        language: Language,
    ) -> anyhow::Result<Option<Assignment>> {
        let queue = [("--absent", &self.absent), ("--shift", &self.shift), ("--queue", &self.queue)];
        if let Some((option, _)) = queue.iter().find(|(_, typed)| self.assign != "order" && !typed.is_empty()) {
            return Err(trouble(
                format!("{option} 只与 --assign order 一起使用：请加上 --assign order，或去掉 {option}"),
                format!("{option} goes only with --assign order: add that, or leave {option} out"),
            )
            .into());
        }
        if self.assign == "names" {
            return Ok(None);
        }
        let is_ordered = self.assign == "order";
        if !is_ordered && !Path::new(&self.assign).exists() {
            let typed = &self.assign;
            return Err(trouble(
                format!("--assign {typed}：没有这个文件，请写 names、order，或照片与学号的列表文件"),
                format!("--assign {typed}: there is no such file; write names, order or a list of photos and numbers"),
            )
            .into());
        }
        let Some(roster) = roster else {
            return Err(
                trouble("--assign 需要名册：请加 --roster 文件", "--assign needs a roster: add --roster FILE").into()
            );
        };
        let shot =
            |photo: &PathBuf| Shot { photo: shown(photo), folders: folders(photo, roots), taken: Taken::of(photo) };
        let shots = photos.iter().map(shot).collect::<Vec<_>>();
        let assigned = if is_ordered {
            roster.in_order(&shots, &self.queues(language)?)
        } else {
            roster.by_list(&shots, &ListedPhoto::read(&self.assign)?)
        };
        let assignment = assigned.map_err(|all| problems(&all, language))?;
        for told in assignment.notes() {
            anstream::eprintln!("{}", plain(told.get(language)));
        }
        for slip in assignment.slips() {
            anstream::eprintln!("{}", plain(slip.reason.get(language)));
            slip.lines().for_each(|line| anstream::eprintln!("{}", plain(line)));
        }
        Ok(Some(assignment))
    }

    fn queues(&self, language: Language) -> anyhow::Result<Queues> {
        let shifts = lines(&self.shift)?.into_iter().map(|text| Shift::parse(&text));
        let shifts = shifts.collect::<Result<Vec<_>, _>>().map_err(|problem| problems(&[problem], language))?;
        let list = |queue: &String| {
            let (folder, file) = queue.split_once('=').ok_or_else(|| {
                trouble(
                    format!("--queue {queue}：请写成 文件夹=名单文件"),
                    format!("--queue {queue}: write FOLDER=LIST"),
                )
            })?;
            let list = Roster::read(file)?;
            Ok((folder.to_owned(), list.students().to_vec()))
        };
        let lists = self.queue.iter().map(list).collect::<anyhow::Result<Vec<_>>>()?;
        Ok(Queues { shifts, absent: lines(&self.absent)?, lists })
    }
}

/// Values as typed; `@FILE` stands for the lines of a file, those that begin with # left out.
fn lines(values: &[String]) -> anyhow::Result<Vec<String>> {
    let mut all = Vec::new();
    for value in values {
        match value.strip_prefix('@') {
            None => all.push(value.clone()),
            Some(file) => {
                let text = text_file::read(Path::new(file))?;
                let lines = text.lines().map(str::trim);
                all.extend(lines.filter(|line| !line.is_empty() && !line.starts_with('#')).map(str::to_owned));
            }
        }
    }
    Ok(all)
}
