//! The front door: photos in, reports out.

use std::any::Any;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;

use crate::error::Error;
use crate::evidence::{EngineStamp, Evidence};
use crate::parallel::map_in_order;
use crate::photo::{Photo, Source};
use crate::profile::Profile;
use crate::report::{ProfileStamp, Report};
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
        Checker::with_profile(Profile::built_in(Profile::DEFAULT)?)
    }

    /// A checker for this profile.
    ///
    /// # Errors
    /// [`Error::Model`] when no inference engine starts.
    pub fn with_profile(profile: Profile) -> Result<Checker, Error> {
        let engine = vision::start(&EngineChoice::Automatic)?;
        let profile_stamp = ProfileStamp { name: profile.name().to_owned(), sha256: profile.sha256().to_owned() };
        Ok(Checker { profile, profile_stamp, engine, idle: Mutex::new(vec![Vision::new(engine)?]) })
    }

    /// The profile in force.
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// Names the rules' settings exactly, as every report does.
    pub fn profile_stamp(&self) -> &ProfileStamp {
        &self.profile_stamp
    }

    /// Names the program, the models and what runs them, as every report does.
    pub fn engine_stamp(&self) -> EngineStamp {
        EngineStamp {
            gradphoto: env!("CARGO_PKG_VERSION").to_owned(),
            runtime: self.engine.name().to_owned(),
            models_sha256: gradphoto_models::NETS_SHA256.to_owned(),
        }
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
            Ok(Examination { report: self.profile.judge(&evidence), evidence })
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
        map_in_order(sources.into_iter().map(Into::into), jobs, |source: Source| self.check(source), sink)
    }

    fn evidence(&self, source: Source) -> Result<Evidence, Error> {
        let photo = Photo::load(source)?;
        let evidence = self.with_vision(|vision| vision.see(photo))?;
        Ok(Evidence { engine: self.engine_stamp(), ..evidence })
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
