//! Native ONNX Runtime, loaded at run time.

use std::ffi::CStr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use ort::environment::Environment;
use ort::memory::Allocator;
use ort::session::builder::GraphOptimizationLevel;
use ort::session::{HasSelectedOutputs, OutputSelector, RunOptions};
use ort::value::{DynValue, Outlet, Shape, Tensor, TensorRef};

use super::{Failure, NO_REPORTS, Runtime, Session};

/// The first version that reports to its maker.
const REPORTS_SINCE_MINOR: u32 = 29;

/// The one ONNX Runtime of this process: `ort` allows no second library, and the library no second environment.
static RUNNING: OnceLock<Arc<OnnxRuntime>> = OnceLock::new();

struct OnnxRuntime {
    name: String,
    library: PathBuf,
    environment: Environment,
}

/// The one that runs, else the first that starts of those in the usual places.
pub(super) fn find() -> Option<Arc<dyn Runtime>> {
    let running = RUNNING.get().map(|running| Arc::clone(running) as Arc<dyn Runtime>);
    running.or_else(|| usual_places().iter().find_map(|library| start(library).ok()))
}

pub(super) fn start(library: &Path) -> Result<Arc<dyn Runtime>, Failure> {
    static STARTING: Mutex<()> = Mutex::new(());
    let library = resolved(library);
    // Asked before the lock is taken: a child of a fork must not wait for one that a thread of its parent held.
    let running = RUNNING.get().map_or_else(
        || {
            let _starting = STARTING.lock().unwrap_or_else(PoisonError::into_inner);
            match RUNNING.get() {
                Some(running) => Ok(running),
                None => OnnxRuntime::new(&library).map(|new| RUNNING.get_or_init(|| Arc::new(new))),
            }
        },
        Ok,
    )?;
    if running.library != whole(&library) {
        let (name, other) = (&running.name, running.library.display());
        return Err(format!("{name} from {other} already runs in this process, which can hold only one").into());
    }
    Ok(Arc::clone(running) as Arc<dyn Runtime>)
}

impl OnnxRuntime {
    fn new(library: &Path) -> Result<Self, Failure> {
        let version = usable_version(library)?;
        let environment = ort::init_from(library)?.with_telemetry(false).build()?;
        Ok(OnnxRuntime { name: format!("onnxruntime {version}"), library: whole(library), environment })
    }

    fn session(&self, model: &[u8]) -> ort::Result<ort::session::Session> {
        ort::session::Session::builder(&self.environment)?
            .with_intra_threads(1)?
            .with_optimization_level(GraphOptimizationLevel::All)?
            .commit_from_memory(model)
    }
}

impl Runtime for OnnxRuntime {
    fn name(&self) -> &str {
        &self.name
    }

    fn load(&self, model: &gradphoto_models::Net, outputs: &[&str]) -> Result<Box<dyn Session>, Failure> {
        let session = self.session(model.bytes)?;
        let shape = |outlet: Option<&Outlet>| {
            outlet.and_then(|outlet| outlet.dtype().tensor_shape().cloned()).ok_or("no tensor of this name")
        };
        let input_shape = shape(session.inputs().first())?;
        // Memory that every run writes its outputs to. For an output that it makes itself, `ort` 2.0.0-rc.15 never frees what
        // it asked about its type: 5 KB a photo, all nets together.
        let mut selected = OutputSelector::no_default();
        for name in outputs {
            let shape = shape(session.outputs().iter().find(|outlet| outlet.name() == *name))?;
            selected = selected.with(*name).preallocate(*name, Tensor::<f32>::new(&Allocator::default(), shape)?);
        }
        let options = RunOptions::new()?.with_outputs(selected);
        Ok(Box::new(OnnxSession { session, input_shape, options, outputs: Vec::new() }))
    }
}

struct OnnxSession {
    session: ort::session::Session,
    input_shape: Shape,
    options: RunOptions<HasSelectedOutputs>,
    /// Of the latest run; always the same memory.
    outputs: Vec<DynValue>,
}

impl Session for OnnxSession {
    fn run(&mut self, input: &[f32]) -> Result<Vec<&[f32]>, Failure> {
        let input = TensorRef::from_array_view((self.input_shape.clone(), input))?;
        let outputs = self.session.run_with_options(ort::inputs![input], &self.options)?;
        self.outputs = outputs.into_iter().map(|(_, value)| value).collect();
        let values = self.outputs.iter().map(|output| Ok(output.try_extract_tensor::<f32>()?.1));
        values.collect()
    }
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

/// The path beside the executable where there is such a file, else as it is.
fn resolved(path: &Path) -> PathBuf {
    let beside_executable = std::env::current_exe().ok().and_then(|exe| Some(exe.parent()?.join(path)));
    beside_executable.filter(|beside| beside.is_file()).unwrap_or_else(|| path.to_owned())
}

/// The file itself behind links and a path that begins in the current folder; what only the system's loader finds stays as it is.
fn whole(library: &Path) -> PathBuf {
    library.canonicalize().unwrap_or_else(|_| library.to_owned())
}

/// Version of the ONNX Runtime library in this file.
///
/// # Errors
/// When this is no ONNX Runtime, one older than `ort` can work with, or one that would report to its maker.
fn usable_version(file: &Path) -> Result<String, Failure> {
    // SAFETY: loading a library runs its code, which is what naming it as the engine asks for. ONNX Runtime's C API fixes
    // the types, and the base and its version string are static data of the library, which is loaded while they are read.
    let version = unsafe {
        let library = libloading::Library::new(file)?;
        let base = library.get::<unsafe extern "C" fn() -> *const ort::sys::OrtApiBase>(b"OrtGetApiBase")?();
        let base = base.as_ref().ok_or("the library offers no API")?;
        CStr::from_ptr((base.GetVersionString)()).to_string_lossy().into_owned()
    };
    let minor = version.split('.').nth(1).and_then(|minor| minor.parse().ok()).unwrap_or(0);
    if minor < ort::MINOR_VERSION {
        return Err(format!("onnxruntime {version} is older than 1.{}", ort::MINOR_VERSION).into());
    }
    if minor >= REPORTS_SINCE_MINOR && std::env::var_os(NO_REPORTS).is_none_or(|value| value != "1") {
        return Err(
            format!("onnxruntime {version} would report to its maker: set {NO_REPORTS}=1 before it starts").into()
        );
    }
    Ok(version)
}
