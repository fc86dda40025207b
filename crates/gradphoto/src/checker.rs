//! The front door: photos in, reports out.

use std::any::Any;
use std::iter::Map;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

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
/// `check` takes `&self` from any number of threads; a clone shares its nets. There are no more sets of nets, of some 40 MB each,
/// than the machine has cores, or [`jobs`](CheckerBuilder::jobs) where these are more: further threads wait for one.
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
    nets: Mutex<Nets>,
    /// Told whenever a set of nets is given back.
    returned: Condvar,
    /// The photos that are looked at at the same time: more would want memory and save no time.
    at_once_max: usize,
    jobs: usize,
    /// Started for the first photos that are checked together.
    threads: Mutex<Option<Arc<ThreadPool>>>,
}

/// Sets of nets, of which a thread at a time uses one.
#[derive(Default)]
struct Nets {
    idle: Vec<Vision>,
    lent: usize,
}

impl Shared {
    fn nets(&self) -> MutexGuard<'_, Nets> {
        self.nets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// As many as the machine has cores, or `jobs` where that is more.
fn at_once_max(jobs: usize) -> usize {
    jobs.max(thread::available_parallelism().map_or(1, usize::from))
}

/// A set of nets on loan, given back when this is dropped; none until it is loaded.
struct Lent<'a>(&'a Shared, Option<Vision>);

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        let mut nets = self.0.nets();
        nets.lent -= 1;
        // What a panic left is not looked through again.
        nets.idle.extend(self.1.take().filter(|_| !thread::panicking()));
        self.0.returned.notify_one();
    }
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
        let nets = Mutex::new(Nets { idle: vec![Vision::new(&runtime)?], lent: 0 });
        let (returned, threads) = Default::default();
        let (jobs, at_once_max) = (self.jobs, at_once_max(self.jobs));
        Ok(Checker(Arc::new(Shared { profile, profile_stamp, runtime, nets, returned, at_once_max, jobs, threads })))
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

    /// Lends a set of nets to `work`: an idle one, or a new one, or the first that another thread gives back.
    fn with_vision<T>(&self, work: impl FnOnce(&mut Vision) -> Result<T, Error>) -> Result<T, Error> {
        let shared = &*self.0;
        let nets = shared.returned.wait_while(shared.nets(), |nets| nets.lent >= shared.at_once_max);
        let mut nets = nets.unwrap_or_else(PoisonError::into_inner);
        nets.lent += 1;
        let mut lent = Lent(shared, nets.idle.pop());
        drop(nets);
        let vision = match &mut lent.1 {
            Some(vision) => vision,
            none => none.insert(Vision::new(&shared.runtime)?),
        };
        work(vision)
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
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

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

    fn checker_on(runtime: impl Runtime + 'static) -> Checker {
        let profile = Profile::built_in(Profile::DEFAULT).unwrap();
        let profile_stamp = ProfileStamp { name: String::new(), sha256: String::new() };
        let (nets, returned, threads) = Default::default();
        Checker(Arc::new(Shared {
            profile,
            profile_stamp,
            runtime: Arc::new(runtime),
            nets,
            returned,
            at_once_max: at_once_max(1),
            jobs: 1,
            threads,
        }))
    }

    #[test]
    fn an_error_of_the_nets_names_the_photo_that_it_befell() {
        let checker = checker_on(Full);
        let error = checker.check(("a.jpg", image::RgbImage::new(48, 64))).unwrap_err();
        assert_eq!((error.kind(), error.photo()), (ErrorKind::Model, Some("a.jpg")));
        assert_eq!(error.to_string(), "a model cannot be loaded (no memory): a.jpg");
    }

    /// Counts the nets that are loaded, and runs none.
    #[derive(Clone, Default)]
    struct Counted(Arc<AtomicUsize>);

    impl Runtime for Counted {
        fn name(&self) -> &str {
            "counted"
        }

        fn load(&self, _: &gradphoto_models::Net, _: &[&str]) -> Result<Box<dyn Session>, Failure> {
            self.0.fetch_add(1, Ordering::SeqCst);
            Ok(Box::new(Idle))
        }
    }

    struct Idle;

    impl Session for Idle {
        fn run(&mut self, _: &[f32]) -> Result<Vec<&[f32]>, Failure> {
            Err("not a net".into())
        }
    }

    #[test]
    fn many_threads_make_no_more_sets_of_nets_than_there_are_cores_and_a_panic_leaves_none_on_loan() {
        let counted = Counted::default();
        let checker = checker_on(counted.clone());
        let at_once_max = checker.0.at_once_max;
        checker.with_vision(|_| Ok(())).unwrap();
        let nets_of_a_set = counted.0.load(Ordering::SeqCst);
        thread::scope(|scope| {
            for turn in 0..4 * at_once_max {
                let checker = &checker;
                scope.spawn(move || {
                    let work = |_: &mut Vision| {
                        thread::sleep(Duration::from_millis(5));
                        assert_ne!(turn, 0, "no way");
                        Ok(())
                    };
                    let done = catch_unwind(AssertUnwindSafe(|| checker.with_vision(work)));
                    assert_eq!(done.is_err(), turn == 0);
                });
            }
        });
        let nets = checker.0.nets();
        assert_eq!(nets.lent, 0);
        // The set that was in use at the panic is gone, and another one took its place.
        assert!((1..=at_once_max).contains(&nets.idle.len()));
        assert!(counted.0.load(Ordering::SeqCst) <= (at_once_max + 1) * nets_of_a_set);
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
