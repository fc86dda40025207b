//! The front door: photos in, reports out.

use std::any::Any;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;

use rayon::iter::{ParallelBridge, ParallelIterator};

use crate::error::Error;
use crate::evidence::Evidence;
use crate::photo::{Photo, Source};
use crate::profile::Profile;
use crate::report::{EngineStamp, ProfileStamp, Report, SCHEMA, Verdict};
use crate::vision::{self, Engine, EngineChoice, Vision};

/// Checks photos against a profile.
///
/// Cheap to share: `check` takes `&self` from any number of threads, each using its own set of models.
pub struct Checker {
    profile: Profile,
    profile_stamp: ProfileStamp,
    engine: &'static Engine,
    /// Sets of models that no thread is using at the moment.
    idle: Mutex<Vec<Vision>>,
}

/// What was seen on a photo, and what it means.
#[derive(Clone, Debug)]
pub struct Examination {
    /// What was seen, the photo itself included.
    pub evidence: Evidence,
    /// What a check says of it.
    pub report: Report,
}

impl Checker {
    /// A checker for the default profile, `graduation-blue`.
    ///
    /// # Errors
    /// [`Error::Model`] when no inference engine starts.
    pub fn new() -> Result<Checker, Error> {
        Checker::with_profile(Profile::named(Profile::DEFAULT)?)
    }

    /// A checker for this profile.
    ///
    /// # Errors
    /// [`Error::Model`] when no inference engine starts.
    pub fn with_profile(profile: Profile) -> Result<Checker, Error> {
        let engine = vision::start(&EngineChoice::Automatic)?;
        let profile_stamp = ProfileStamp { name: profile.name().to_owned(), sha256: profile.sha256() };
        Ok(Checker { profile, profile_stamp, engine, idle: Mutex::new(vec![Vision::new(engine)?]) })
    }

    /// The profile in force.
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// Checks one photo: a path, bytes with a name, or pixels with a name.
    ///
    /// # Errors
    /// [`Error::Read`] and [`Error::Decode`] for this photo, [`Error::Model`] when inference fails. Never panics.
    pub fn check(&self, source: impl Into<Source>) -> Result<Report, Error> {
        self.examine(source).map(|examination| examination.report)
    }

    /// Checks one photo and keeps what was seen beside the report, for [`annotate`](crate::annotate).
    ///
    /// # Errors
    /// As [`Checker::check`].
    pub fn examine(&self, source: impl Into<Source>) -> Result<Examination, Error> {
        caught(source.into(), |source| {
            let evidence = self.evidence(source)?;
            Ok(Examination { report: self.judge(&evidence), evidence })
        })
    }

    /// What is seen on one photo, before any rule.
    ///
    /// # Errors
    /// As [`Checker::check`].
    pub fn see(&self, source: impl Into<Source>) -> Result<Evidence, Error> {
        caught(source.into(), |source| self.evidence(source))
    }

    /// Checks photos on `jobs` threads (0: one per core) and hands each result to `sink` on the calling thread, in
    /// input order, while the work goes on. A photo that cannot be checked is its own `Err` and harms no other.
    /// Stops early when `sink` breaks. The threads live only as long as the call.
    ///
    /// # Errors
    /// [`Error::Model`] when the threads cannot be started.
    pub fn check_many<S: Into<Source>>(
        &self,
        sources: impl IntoIterator<Item = S, IntoIter: Send>,
        jobs: usize,
        sink: impl FnMut(Result<Report, Error>) -> ControlFlow<()>,
    ) -> Result<(), Error> {
        self.examine_many(sources, jobs, |_, examined| examined.map(|examination| examination.report), sink)
    }

    /// As [`Checker::check_many`], with `work` done on the worker threads: it gets a photo's place in the input and its
    /// examination, and what it returns goes to `sink`. Pictures live only as long as `work`.
    ///
    /// # Errors
    /// As [`Checker::check_many`].
    pub fn examine_many<S: Into<Source>, T: Send>(
        &self,
        sources: impl IntoIterator<Item = S, IntoIter: Send>,
        jobs: usize,
        work: impl Fn(usize, Result<Examination, Error>) -> T + Sync,
        mut sink: impl FnMut(T) -> ControlFlow<()>,
    ) -> Result<(), Error> {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(jobs)
            .build()
            .map_err(|e| Error::Model { step: "starting the worker threads", reason: e.to_string() })?;
        let stopped = AtomicBool::new(false);
        let (sender, receiver) = mpsc::sync_channel(2 * pool.current_num_threads());
        let numbered = sources.into_iter().map(Into::into).take_while(|_| !stopped.load(Ordering::Relaxed)).enumerate();
        std::thread::scope(|scope| {
            let (stopped, work) = (&stopped, &work);
            scope.spawn(move || {
                pool.install(|| {
                    numbered.par_bridge().for_each_with(sender, |sender, (index, source)| {
                        if !stopped.load(Ordering::Relaxed) {
                            // The receiver is gone only after a stop, when nobody wants the result.
                            let _ = sender.send((index, work(index, self.examine(source))));
                        }
                    });
                });
            });
            let mut waiting = BTreeMap::new();
            let mut next = 0;
            'results: for (index, result) in receiver {
                waiting.insert(index, result);
                while let Some(result) = waiting.remove(&next) {
                    next += 1;
                    if sink(result).is_break() {
                        stopped.store(true, Ordering::Relaxed);
                        break 'results;
                    }
                }
            }
        });
        Ok(())
    }

    fn evidence(&self, source: Source) -> Result<Evidence, Error> {
        let photo = Photo::load(source)?;
        self.with_vision(|vision| vision.see(photo))
    }

    fn judge(&self, evidence: &Evidence) -> Report {
        let judged = self.profile.rules().iter();
        let findings =
            judged.map(|(rule, settings)| rule.judge(evidence, self.profile.reference(), settings)).collect::<Vec<_>>();
        Report {
            schema: SCHEMA,
            photo: evidence.photo.name().to_owned(),
            verdict: Verdict::of_photo(&findings),
            findings,
            sha256: evidence.photo.sha256().to_owned(),
            profile: self.profile_stamp.clone(),
            engine: EngineStamp {
                gradphoto: env!("CARGO_PKG_VERSION"),
                runtime: self.engine.name().to_owned(),
                models_sha256: vision::models_sha256(),
            },
        }
    }

    /// Lends a set of models to `work`: an idle one, or a new one when all are in use.
    fn with_vision<T>(&self, work: impl FnOnce(&mut Vision) -> Result<T, Error>) -> Result<T, Error> {
        let idle = || self.idle.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let borrowed = idle().pop();
        let mut vision = match borrowed {
            Some(vision) => vision,
            None => Vision::new(self.engine)?,
        };
        let result = work(&mut vision);
        idle().push(vision);
        result
    }
}

/// Turns a panic, which is a defect of this library, into the error of one photo.
fn caught<T>(source: Source, work: impl FnOnce(Source) -> Result<T, Error>) -> Result<T, Error> {
    let photo = source.name();
    catch_unwind(AssertUnwindSafe(|| work(source)))
        .unwrap_or_else(|panic| Err(Error::Internal { reason: panic_message(&*panic), photo }))
}

fn panic_message(panic: &(dyn Any + Send)) -> String {
    let message = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    message.unwrap_or("panic without a message").to_owned()
}
