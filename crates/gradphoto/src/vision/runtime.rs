//! Starts the inference engine, once per process.
//!
//! Native ONNX Runtime is loaded at run time where there is one; tract, in pure Rust and part of this library, does the
//! same work about four times slower where there is none.

use std::ffi::CStr;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};

use ort::environment::Environment;
use ort::memory::Allocator;
use ort::session::builder::GraphOptimizationLevel;
use ort::session::{HasSelectedOutputs, OutputSelector, RunOptions, Session, SessionOutputs};
use ort::value::{Tensor, TensorRef};

use crate::error::Error;

/// Which inference engine runs the models.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum EngineChoice {
    /// ONNX Runtime where one is found (the library named by `GRADPHOTO_ONNXRUNTIME` or `ORT_DYLIB_PATH`, beside the
    /// executable, in the system's library folders), else tract.
    #[default]
    Automatic,
    /// The ONNX Runtime library at this path, version 1.24 or later.
    OnnxRuntime(PathBuf),
    /// The engine that is part of this library: needs nothing else, about four times slower.
    Tract,
}

/// Starts the engine that every [`Checker`](crate::Checker) of this process uses and returns its name, such as
/// `onnxruntime 1.32.0`. Without this call the first checker starts [`EngineChoice::Automatic`].
///
/// # Errors
/// [`Error::Model`] when the chosen engine does not start, after which another may be tried, or when a different one is
/// running: an engine cannot be changed any more once it runs.
pub fn use_engine(choice: &EngineChoice) -> Result<&'static str, Error> {
    let engine = start(choice)?;
    let granted = match choice {
        EngineChoice::Automatic => true,
        EngineChoice::OnnxRuntime(path) => engine.library.as_ref() == Some(path),
        EngineChoice::Tract => engine.library.is_none(),
    };
    if granted { Ok(engine.name()) } else { Err(failure(format!("{} is already running", engine.name))) }
}

/// The inference engine of this process.
pub struct Engine {
    name: String,
    /// File of ONNX Runtime; `None` for tract.
    library: Option<PathBuf>,
    environment: Environment,
}

impl Engine {
    /// Name and version, such as `onnxruntime 1.32.0` or `tract 0.5.0`.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Loads a model to run on the calling thread alone: photos are what is worked on in parallel.
    pub(super) fn load(&self, model: &gradphoto_models::Net) -> Result<Net, Error> {
        let net = || -> ort::Result<Net> {
            let session = Session::builder(&self.environment)?
                .with_intra_threads(1)?
                .with_optimization_level(GraphOptimizationLevel::All)?
                .commit_from_memory(model.bytes)?;
            // tract would leave them as they are and hand out none of its own.
            let outputs = self.library.as_ref().map(|_| prepared_outputs(&session)).transpose()?;
            Ok(Net { session, outputs })
        };
        net().map_err(|e| Error::Model { step: "loading a model", reason: format!("{}: {e}", model.name) })
    }
}

/// A loaded model with one input of `f32`.
pub(super) struct Net {
    session: Session,
    /// Memory that every run writes its outputs to. For an output that it makes itself, `ort` 2.0.0-rc.14 never frees what it
    /// asked about its type: 5 KB a photo, all nets together.
    outputs: Option<RunOptions<HasSelectedOutputs>>,
}

impl Net {
    pub(super) fn run(&mut self, input: TensorRef<'_, f32>) -> ort::Result<SessionOutputs<'_>> {
        match &self.outputs {
            Some(outputs) => self.session.run_with_options(ort::inputs![input], outputs),
            None => self.session.run(ort::inputs![input]),
        }
    }
}

fn prepared_outputs(session: &Session) -> ort::Result<RunOptions<HasSelectedOutputs>> {
    let mut outputs = OutputSelector::default();
    for output in session.outputs() {
        let shape = output.dtype().tensor_shape().cloned().unwrap_or_default();
        outputs = outputs.preallocate(output.name(), Tensor::<f32>::new(&Allocator::default(), shape)?);
    }
    Ok(RunOptions::new()?.with_outputs(outputs))
}

/// The running engine; starts one when there is none.
pub(crate) fn start(choice: &EngineChoice) -> Result<&'static Engine, Error> {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    static STARTING: Mutex<()> = Mutex::new(());
    // Asked before the lock too: a child of a fork must not wait for a lock that a thread of its parent held.
    if let Some(engine) = ENGINE.get() {
        return Ok(engine);
    }
    let _starting = STARTING.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(engine) = ENGINE.get() {
        return Ok(engine);
    }
    let engine = match choice {
        EngineChoice::Automatic => {
            usual_places().iter().find_map(|path| onnxruntime(path).ok()).map_or_else(tract, Ok)?
        }
        EngineChoice::OnnxRuntime(path) => onnxruntime(path)?,
        EngineChoice::Tract => tract()?,
    };
    Ok(ENGINE.get_or_init(|| engine))
}

/// Where ONNX Runtime may lie. A bare file name stands for the folder of the executable and then for whatever the
/// system's loader searches.
fn usual_places() -> Vec<PathBuf> {
    let named = ["GRADPHOTO_ONNXRUNTIME", "ORT_DYLIB_PATH"].into_iter().filter_map(std::env::var_os);
    let bare: &[&str] = match std::env::consts::OS {
        "windows" => &["onnxruntime.dll"],
        "macos" => &["libonnxruntime.dylib", "libonnxruntime.1.dylib"],
        _ => &["libonnxruntime.so", "libonnxruntime.so.1"],
    };
    named.filter(|path| !path.is_empty()).map(PathBuf::from).chain(bare.iter().map(PathBuf::from)).collect()
}

fn onnxruntime(path: &Path) -> Result<Engine, Error> {
    let file = resolved(path);
    // Asked first, because after one refusal `ort` 2.0.0-rc.14 takes any further library for loaded and panics.
    let version = usable_version(&file)?;
    // From 1.29 on, official builds report to Microsoft when an environment is made, before `with_telemetry` is heard, and
    // from a thread that keeps a forked child from ending. Only this variable forbids both.
    // SAFETY: Rust's own readers wait for each other. C code that reads the environment on another thread at this very
    // moment would not; it is the smaller risk, taken once per process.
    unsafe { std::env::set_var("ORT_DISABLE_TELEMETRY", "1") };
    let environment = ort::init_from(&file).map_err(failure)?.with_telemetry(false).build().map_err(failure)?;
    Ok(Engine { name: format!("onnxruntime {version}"), library: Some(path.to_owned()), environment })
}

/// The path beside the executable where there is such a file, else as it is.
fn resolved(path: &Path) -> PathBuf {
    let beside_executable = std::env::current_exe().ok().and_then(|exe| Some(exe.parent()?.join(path)));
    beside_executable.filter(|beside| beside.is_file()).unwrap_or_else(|| path.to_owned())
}

/// Version of the ONNX Runtime library in this file.
///
/// # Errors
/// When this is no ONNX Runtime or one older than `ort` can work with.
fn usable_version(file: &Path) -> Result<String, Error> {
    // SAFETY: loading a library runs its code, which is what naming it as the engine asks for. ONNX Runtime's C API fixes
    // the types, and the base and its version string are static data of the library, which is loaded while they are read.
    let version = unsafe {
        let library = libloading::Library::new(file).map_err(failure)?;
        let base =
            library.get::<unsafe extern "C" fn() -> *const ort::sys::OrtApiBase>(b"OrtGetApiBase").map_err(failure)?();
        let base = base.as_ref().ok_or_else(|| failure("the library has no API"))?;
        CStr::from_ptr((base.GetVersionString)()).to_string_lossy().into_owned()
    };
    let minor = version.split('.').nth(1).and_then(|minor| minor.parse().ok());
    let new_enough = minor.is_some_and(|minor: u32| minor >= ort::MINOR_VERSION);
    if !new_enough {
        return Err(failure(format!("onnxruntime {version} is older than 1.{}", ort::MINOR_VERSION)));
    }
    Ok(version)
}

/// As pinned in Cargo.toml.
const ORT_TRACT_VERSION: &str = "0.5.0";

fn tract() -> Result<Engine, Error> {
    ort::set_api(ort_tract::api());
    let environment = ort::init().with_telemetry(false).build().map_err(failure)?;
    Ok(Engine { name: format!("tract {ORT_TRACT_VERSION}"), library: None, environment })
}

fn failure(reason: impl ToString) -> Error {
    Error::Model { step: "starting the inference engine", reason: reason.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_library_that_is_none_leaves_the_way_to_another_engine_open() {
        assert!(use_engine(&EngineChoice::OnnxRuntime("/no/such/library".into())).is_err());
        assert!(use_engine(&EngineChoice::OnnxRuntime(file!().into())).is_err());
        assert_eq!(use_engine(&EngineChoice::Tract).unwrap(), "tract 0.5.0");
        assert!(use_engine(&EngineChoice::OnnxRuntime("/no/such/library".into())).is_err());
    }
}
