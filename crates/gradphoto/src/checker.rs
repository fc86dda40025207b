//! The front door: photos in, reports out.

use std::any::Any;
use std::iter::Map;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::error::Error;
use crate::evidence::{EngineStamp, Evidence};
use crate::parallel::InOrder;
use crate::photo::{Photo, Source};
use crate::profile::Profile;
use crate::report::{ProfileStamp, Report};
use crate::text::text;
use crate::vision::{Engine, Runtime, Vision};

/// Checks photos against a profile.
///
/// `check` takes `&self` from any number of threads, each using its own set of nets; a clone shares them.
///
/// ```no_run
/// use gradphoto::{Checker, Language, Profile};
///
/// # fn main() -> Result<(), gradphoto::Error> {
/// let checker = Checker::builder().profile(Profile::built_in("he-2017")?).jobs(4).build()?;
/// for result in checker.check_all(gradphoto::find_photos(["2026届"])?) {
///     match result {
///         Ok(report) => println!("{}: {}", report.photo(), report.verdict()),
///         Err(error) => eprintln!("{}", error.message(Language::Zh)),
///     }
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Checker(Arc<Shared>);

/// What a [`Checker`] is made of; see [`Checker::builder`].
#[derive(Clone, Debug, Default)]
pub struct CheckerBuilder {
    profile: Option<Profile>,
    engine: Engine,
    jobs: usize,
}

struct Shared {
    profile: Profile,
    profile_stamp: ProfileStamp,
    runtime: Arc<dyn Runtime>,
    /// Sets of nets that no thread is using at the moment.
    idle: Mutex<Vec<Vision>>,
    jobs: usize,
    /// Started for the first photos that are checked together.
    threads: Mutex<Option<Arc<ThreadPool>>>,
}

/// What was seen on a photo, and what it means.
#[derive(Clone, Debug)]
pub struct Examination {
    evidence: Evidence,
    report: Report,
}

impl Examination {
    /// What was seen, the photo itself included.
    pub fn evidence(&self) -> &Evidence {
        &self.evidence
    }

    /// What a check says of it.
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// The report alone.
    pub fn into_report(self) -> Report {
        self.report
    }
}

impl CheckerBuilder {
    /// The rules' limits; without this call those of the profile `graduation-blue`.
    pub fn profile(self, profile: Profile) -> Self {
        CheckerBuilder { profile: Some(profile), ..self }
    }

    /// What runs the nets; without this call [`Engine::automatic`].
    pub fn engine(self, engine: Engine) -> Self {
        CheckerBuilder { engine, ..self }
    }

    /// Photos that [`Checker::check_all`] checks at the same time; 0, as without this call, for one per core.
    pub fn jobs(self, jobs: usize) -> Self {
        CheckerBuilder { jobs, ..self }
    }

    /// Starts the engine and loads the nets.
    ///
    /// # Errors
    /// [`ErrorKind::Model`](crate::ErrorKind::Model) when the engine does not start.
    pub fn build(self) -> Result<Checker, Error> {
        let profile = self.profile.map_or_else(|| Profile::built_in(Profile::DEFAULT), Ok)?;
        let profile_stamp = ProfileStamp { name: profile.name().to_owned(), sha256: profile.sha256().to_owned() };
        let runtime = self.engine.start()?;
        let idle = Mutex::new(vec![Vision::new(&runtime)?]);
        let threads = Mutex::default();
        Ok(Checker(Arc::new(Shared { profile, profile_stamp, runtime, idle, jobs: self.jobs, threads })))
    }
}

impl Checker {
    /// A checker for the default profile, `graduation-blue`, on the engine that is found.
    ///
    /// # Errors
    /// As [`CheckerBuilder::build`].
    pub fn new() -> Result<Checker, Error> {
        Checker::builder().build()
    }

    /// A checker to be told its profile, its engine and its threads.
    pub fn builder() -> CheckerBuilder {
        CheckerBuilder::default()
    }

    /// The profile in force.
    pub fn profile(&self) -> &Profile {
        &self.0.profile
    }

    /// Names the rules' settings exactly, as every report does.
    pub fn profile_stamp(&self) -> &ProfileStamp {
        &self.0.profile_stamp
    }

    /// Names the program, the nets and what runs them, as every report does.
    pub fn engine_stamp(&self) -> EngineStamp {
        EngineStamp {
            gradphoto: env!("CARGO_PKG_VERSION").to_owned(),
            runtime: self.0.runtime.name().to_owned(),
            models_sha256: gradphoto_models::NETS_SHA256.to_owned(),
            nets: gradphoto_models::KIND.to_owned(),
        }
    }

    /// Checks one photo: a path, bytes with a name, or pixels with a name.
    ///
    /// # Errors
    /// [`ErrorKind::Read`](crate::ErrorKind::Read) and [`ErrorKind::Decode`](crate::ErrorKind::Decode) for this photo,
    /// [`ErrorKind::Model`](crate::ErrorKind::Model) when a model cannot be run. Never panics.
    pub fn check(&self, source: impl Into<Source>) -> Result<Report, Error> {
        self.examine(source).map(Examination::into_report)
    }

    /// Checks one photo and keeps what was seen beside the report, for [`annotate`](crate::annotate).
    ///
    /// # Errors
    /// As [`Checker::check`].
    pub fn examine(&self, source: impl Into<Source>) -> Result<Examination, Error> {
        self.guarded(source, |checker, source| {
            let evidence = checker.evidence(source)?;
            Ok(Examination { report: checker.profile().judge(&evidence), evidence })
        })
    }

    /// What is seen on one photo, before any rule.
    ///
    /// # Errors
    /// As [`Checker::check`].
    pub fn see(&self, source: impl Into<Source>) -> Result<Evidence, Error> {
        self.guarded(source, Checker::evidence)
    }

    /// Does `work` with one photo, for more than [`Checker::check`] does with it: a panic of `work` becomes the error of this
    /// photo, so that a batch goes on.
    ///
    /// # Errors
    /// As `work`, and [`ErrorKind::Internal`](crate::ErrorKind::Internal) where it panics.
    pub fn guarded<T>(
        &self,
        source: impl Into<Source>,
        work: impl FnOnce(&Checker, Source) -> Result<T, Error>,
    ) -> Result<T, Error> {
        caught(source.into(), |source| work(self, source))
    }

    /// The reports of many photos in their order, while the threads of the checker work ahead.
    ///
    /// A photo that cannot be checked is its own `Err` and harms no other. Only a few photos for each thread are taken from
    /// `sources` ahead of the results, so a million need no more memory than a hundred. Dropping the iterator stops the work.
    pub fn check_all<S: IntoIterator<Item: Into<Source>>>(&self, sources: S) -> Reports<S::IntoIter> {
        let sources: Sources<S::IntoIter> = sources.into_iter().map(Into::into as fn(S::Item) -> Source);
        Reports(self.map_in_order(sources, Checker::check).map_err(Some))
    }

    /// Does `work` on the threads of the checker, for more than [`Checker::check_all`] does with a photo: what it makes of each
    /// of `items`, in their order. A panic of `work` goes on where its result is asked for.
    ///
    /// # Errors
    /// [`ErrorKind::Model`](crate::ErrorKind::Model) when the threads cannot be started.
    pub fn map_in_order<S: IntoIterator, R>(
        &self,
        items: S,
        work: impl Fn(&Checker, S::Item) -> R + Send + Sync + 'static,
    ) -> Result<InOrder<S::IntoIter, R>, Error> {
        let checker = self.clone();
        Ok(InOrder::new(items.into_iter(), self.threads()?, move |item| work(&checker, item)))
    }

    fn evidence(&self, source: Source) -> Result<Evidence, Error> {
        let photo = Photo::load_to_measure(source)?;
        let name = photo.name().to_owned();
        let evidence = self.with_vision(|vision| vision.see(photo)).map_err(|error| error.at_photo(name))?;
        Ok(Evidence { engine: self.engine_stamp(), untold: gradphoto_models::UNTOLD, ..evidence })
    }

    /// Lends a set of nets to `work`: an idle one, or a new one when all are in use.
    fn with_vision<T>(&self, work: impl FnOnce(&mut Vision) -> Result<T, Error>) -> Result<T, Error> {
        let idle = || self.0.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let borrowed = idle().pop();
        let mut vision = match borrowed {
            Some(vision) => vision,
            None => Vision::new(&self.0.runtime)?,
        };
        let result = work(&mut vision);
        idle().push(vision);
        result
    }

    fn threads(&self) -> Result<Arc<ThreadPool>, Error> {
        let mut threads = self.0.threads.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(threads) = &*threads {
            return Ok(Arc::clone(threads));
        }
        let started =
            ThreadPoolBuilder::new().num_threads(self.0.jobs).thread_name(|index| format!("gradphoto-{index}"));
        let started =
            started.build().map_err(|e| Error::model(text("无法启动工作线程", "cannot start worker threads"), e))?;
        Ok(Arc::clone(threads.insert(Arc::new(started))))
    }
}

impl std::fmt::Debug for Checker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Checker({} on {})", self.0.profile_stamp.name, self.0.runtime.name())
    }
}

type Sources<I> = Map<I, fn(<I as Iterator>::Item) -> Source>;
type Ordered<I> = InOrder<Sources<I>, Result<Report, Error>>;

/// The iterator of [`Checker::check_all`].
pub struct Reports<I: Iterator>(Result<Ordered<I>, Option<Error>>);

impl<I: Iterator> Iterator for Reports<I> {
    type Item = Result<Report, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        match &mut self.0 {
            Ok(results) => results.next(),
            Err(not_started) => not_started.take().map(Err),
        }
    }
}

impl<I: Iterator> std::fmt::Debug for Reports<I> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Reports").field(&self.0).finish()
    }
}

/// Turns a panic, which is a defect of this library, into the error of one photo.
fn caught<T>(source: Source, work: impl FnOnce(Source) -> Result<T, Error>) -> Result<T, Error> {
    let photo = source.name();
    catch_unwind(AssertUnwindSafe(|| work(source)))
        .unwrap_or_else(|panic| Err(Error::internal(photo, panic_message(&*panic))))
}

fn panic_message(panic: &(dyn Any + Send)) -> &str {
    let message = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    message.unwrap_or("panic without a message")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;
    use crate::vision::{Failure, Session};

    const SAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/samples");

    #[test]
    #[cfg(feature = "tract")]
    fn results_of_many_photos_are_those_of_each_in_their_order() {
        let checker = Checker::builder().engine(Engine::tract()).jobs(2).build().unwrap();
        let photos =
            ["blue.jpg", "absent.jpg", "not-a-photo.jpg", "enlarged.jpg"].map(|name| format!("{SAMPLES}/{name}"));
        let together = checker.check_all(&photos).map(told).collect::<Vec<_>>();
        let each = photos.iter().map(|photo| told(checker.check(photo))).collect::<Vec<_>>();
        assert_eq!(together, each);
        let kinds = each.iter().map(|result| result.as_ref().err().map(|(kind, _)| *kind));
        assert_eq!(kinds.collect::<Vec<_>>(), [None, Some(ErrorKind::Read), Some(ErrorKind::Decode), None]);
    }

    fn told(result: Result<Report, Error>) -> Result<String, (ErrorKind, String)> {
        result.map(|report| report.to_json()).map_err(|error| (error.kind(), error.to_string()))
    }

    #[test]
    #[cfg(feature = "tract")]
    fn a_panic_of_what_is_done_with_a_photo_does_not_end_the_batch() {
        let checker = Checker::builder().engine(Engine::tract()).jobs(2).build().unwrap();
        let work = |checker: &Checker, photo: &str| {
            checker.guarded(photo, |_, source| match source.name().as_str() {
                "b.jpg" => panic!("no way"),
                name => Ok(name.to_owned()),
            })
        };
        let done = checker.map_in_order(["a.jpg", "b.jpg", "c.jpg"], work).unwrap();
        let [a, b, c] = done.collect::<Vec<_>>().try_into().unwrap();
        assert_eq!([a.unwrap(), c.unwrap()], ["a.jpg", "c.jpg"]);
        assert_eq!(b.unwrap_err().subject(), "b.jpg");
    }

    #[test]
    #[cfg(feature = "tract")]
    fn whoever_drops_the_results_stops_the_work() {
        let checker = Checker::builder().engine(Engine::tract()).jobs(2).build().unwrap();
        let mut asked = 0;
        let endless = std::iter::repeat_with(|| {
            asked += 1;
            "absent.jpg"
        });
        assert!(checker.check_all(endless).next().is_some_and(|result| result.is_err()));
        assert!((1..100).contains(&asked), "{asked}");
    }

    /// An engine that cannot load another net.
    struct Full;

    impl Runtime for Full {
        fn name(&self) -> &str {
            "full"
        }

        fn load(&self, _: &gradphoto_models::Net, _: &[&str]) -> Result<Box<dyn Session>, Failure> {
            Err("no memory".into())
        }
    }

    #[test]
    fn an_error_of_the_nets_names_the_photo_that_it_befell() {
        let profile = Profile::built_in(Profile::DEFAULT).unwrap();
        let profile_stamp = ProfileStamp { name: String::new(), sha256: String::new() };
        let (idle, threads) = (Mutex::default(), Mutex::default());
        let checker =
            Checker(Arc::new(Shared { profile, profile_stamp, runtime: Arc::new(Full), idle, jobs: 1, threads }));
        let error = checker.check(("a.jpg", image::RgbImage::new(48, 64))).unwrap_err();
        assert_eq!((error.kind(), error.photo()), (ErrorKind::Model, Some("a.jpg")));
        assert_eq!(error.to_string(), "a model cannot be loaded (no memory): a.jpg");
    }

    #[test]
    fn a_panic_is_the_error_of_its_photo() {
        let error = caught("a.jpg".into(), |_| -> Result<(), Error> { panic!("no {}", "way") }).unwrap_err();
        assert_eq!((error.kind(), error.subject()), (ErrorKind::Internal, "a.jpg"));
        assert!(error.to_string().contains("no way"));
    }

    #[test]
    #[cfg(all(feature = "tract", feature = "onnxruntime"))]
    fn a_library_that_is_none_leaves_the_way_to_another_engine_open() {
        for library in ["/no/such/library", file!()] {
            let error = Checker::builder().engine(Engine::onnxruntime(library)).build().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Model);
        }
        let checker = Checker::builder().engine(Engine::tract()).build().unwrap();
        assert!(checker.engine_stamp().runtime.starts_with("tract 0."));
    }
}
