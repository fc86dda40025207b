//! The checker, one life per process.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use gradphoto::{Examination, Measurements, Profile, Report, Text};
use image::ImageResult;
use image::codecs::jpeg::JpegEncoder;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyIterator};

use crate::engine::EngineChoice;
use crate::errors::{InternalError, NoCopyError, raised};
use crate::local::{Local, forked};
use crate::prepared::Prepared;
use crate::profiles::language;
use crate::source::Source;
use crate::stream::Stream;

/// Sharp letters without a file that is too large to show.
const JPEG_QUALITY: u8 = 88;

/// Checks photos against a profile; shared by any number of threads and alive again after a fork.
#[pyclass(frozen, module = "gradphoto._gradphoto")]
pub struct Checker {
    profile: Profile,
    engine: EngineChoice,
    jobs: usize,
    /// The nets in memory and the threads that use them, as long as a process lives. Locked only by a thread that holds the
    /// interpreter lock and keeps it, so never at the moment of a fork.
    life: Mutex<Arc<Local<gradphoto::Checker>>>,
}

#[pymethods]
impl Checker {
    /// Loads the models. `engine` is `auto`, `tract` or the path of an ONNX Runtime library; `installed` is the library of
    /// Python's package `onnxruntime`, which `auto` prefers to those of the system. `jobs` is the number of threads for many
    /// photos, 0 for one per core.
    #[new]
    #[pyo3(signature = (profile_name, profile_toml, engine, installed, jobs))]
    fn new(
        profile_name: &str,
        profile_toml: &str,
        engine: PathBuf,
        installed: Option<PathBuf>,
        jobs: usize,
    ) -> PyResult<Self> {
        let profile = Profile::from_toml(profile_name, profile_toml).map_err(raised)?;
        let engine = EngineChoice { engine, installed };
        let life = Mutex::new(Arc::new(Local::new(started(&profile, &engine, jobs)?)));
        Ok(Checker { profile, engine, jobs, life })
    }

    /// Name and version of the engine, such as `onnxruntime 1.32.0`.
    #[getter]
    fn engine(&self) -> PyResult<String> {
        let life = self.life()?;
        Ok(life.get().ok_or_else(forked)?.engine_stamp().runtime)
    }

    /// The report of one photo as JSON.
    fn check(&self, py: Python<'_>, photo: &Source) -> PyResult<String> {
        let life = self.life()?;
        let source = photo.0.clone();
        py.detach(|| life.get().map(|checker| checker.check(source).map(|report| report.to_json())))
            .ok_or_else(forked)?
            .map_err(raised)
    }

    /// What is measured on one photo, as JSON.
    fn see(&self, py: Python<'_>, photo: &Source) -> PyResult<String> {
        let life = self.life()?;
        let source = photo.0.clone();
        let measured = |evidence| Measurements::of(&evidence).to_json();
        py.detach(|| life.get().map(|checker| checker.see(source).map(measured))).ok_or_else(forked)?.map_err(raised)
    }

    /// The report of one photo as JSON, and the photo with what was seen drawn on it, as a JPEG with words in `lang`.
    fn annotate<'py>(&self, py: Python<'py>, photo: &Source, lang: &str) -> PyResult<(String, Bound<'py, PyBytes>)> {
        let life = self.life()?;
        let (source, language) = (photo.0.clone(), language(lang));
        let draw = |seen: Examination| -> (Report, ImageResult<Vec<u8>>) {
            let mut jpeg = Vec::new();
            let picture = gradphoto::annotate(seen.evidence(), seen.report(), language);
            let encoded = JpegEncoder::new_with_quality(&mut jpeg, JPEG_QUALITY).encode_image(&picture);
            (seen.into_report(), encoded.map(|()| jpeg))
        };
        let (report, jpeg) = py
            .detach(|| life.get().map(|checker| checker.examine(source).map(draw)))
            .ok_or_else(forked)?
            .map_err(raised)?;
        let jpeg = jpeg.map_err(|e| InternalError::new_err((e.to_string(), report.photo().to_owned())))?;
        Ok((report.to_json(), PyBytes::new(py, &jpeg)))
    }

    /// The copy of one photo to upload.
    fn prepare(&self, py: Python<'_>, photo: &Source) -> PyResult<Prepared> {
        let life = self.life()?;
        let source = photo.0.clone();
        let name = source.name();
        let copied = |checker: &gradphoto::Checker, source| {
            let evidence = checker.see(source)?;
            Ok(gradphoto::prepare(&evidence, checker.profile()))
        };
        let copy = py.detach(|| life.get().map(|checker| checker.guarded(source, copied)));
        let copy = copy.ok_or_else(forked)?.map_err(raised)?;
        copy.map(Prepared).map_err(|why| {
            let Text { zh, en } = why.text();
            NoCopyError::new_err((format!("{name}: {en}"), name, (zh, en)))
        })
    }

    /// The reports of many photos, in their order.
    fn check_many(&self, photos: Bound<'_, PyIterator>) -> PyResult<Stream> {
        Stream::new(self.life()?.get().ok_or_else(forked)?, photos.unbind())
    }
}

impl Checker {
    /// The library's checker of this process; a child of a fork gets its own.
    fn life(&self) -> PyResult<Arc<Local<gradphoto::Checker>>> {
        let mut life = self.life.lock().unwrap_or_else(PoisonError::into_inner);
        if life.get().is_none() {
            *life = Arc::new(Local::new(started(&self.profile, &self.engine, self.jobs)?));
        }
        Ok(Arc::clone(&life))
    }
}

/// Loads the nets; the threads, `jobs` or one per core where that is 0, start with the first run over many photos.
fn started(profile: &Profile, engine: &EngineChoice, jobs: usize) -> PyResult<gradphoto::Checker> {
    engine.build(gradphoto::Checker::builder().profile(profile.clone()).jobs(jobs)).map_err(raised)
}
