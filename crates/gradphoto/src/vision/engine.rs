//! What runs the nets: one trait, an implementation a file.

use std::error::Error as StdError;
#[cfg(feature = "onnxruntime")]
use std::path::PathBuf;
use std::sync::Arc;

use crate::error::Error;
use crate::text::text;

#[cfg(feature = "onnxruntime")]
mod onnxruntime;
#[cfg(feature = "tract")]
mod tract;

/// What runs the nets of a [`Checker`](crate::Checker); started when the checker is built.
///
/// Checkers may have different engines at the same time. Only of ONNX Runtime a process can hold no more than one library:
/// the first that was started stays.
///
/// # ONNX Runtime reports to its maker
/// Official builds from 1.29 on send reports to Microsoft as soon as they start. Only the environment variable
/// [`NO_REPORTS`] forbids it, and a library must not change a program's environment behind its back. So such a build is not
/// started while the variable is unset: `Engine::onnxruntime` says so, [`Engine::automatic`] passes it over. Set the
/// variable to `1` where the program is started, or call [`forbid_reports`] first thing in `main`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Engine(Choice);

#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum Choice {
    #[default]
    Automatic,
    #[cfg(feature = "onnxruntime")]
    OnnxRuntime(PathBuf),
    #[cfg(feature = "tract")]
    Tract,
}

impl Engine {
    /// ONNX Runtime where one is found (the library that `GRADPHOTO_ONNXRUNTIME` or `ORT_DYLIB_PATH` names, beside the
    /// executable, in the system's library folders), else tract.
    pub fn automatic() -> Self {
        Engine(Choice::Automatic)
    }

    /// The ONNX Runtime library in this file, version 1.24 or later.
    #[cfg(feature = "onnxruntime")]
    pub fn onnxruntime(library: impl Into<PathBuf>) -> Self {
        Engine(Choice::OnnxRuntime(library.into()))
    }

    /// tract, in Rust and part of this library: needs nothing else, and takes about twice as long.
    #[cfg(feature = "tract")]
    pub fn tract() -> Self {
        Engine(Choice::Tract)
    }

    pub(crate) fn start(&self) -> Result<Arc<dyn Runtime>, Error> {
        match &self.0 {
            Choice::Automatic => automatic(),
            #[cfg(feature = "onnxruntime")]
            Choice::OnnxRuntime(library) => onnxruntime::start(library).map_err(not_started),
            #[cfg(feature = "tract")]
            Choice::Tract => Ok(tract::start()),
        }
    }
}

/// The environment variable that, when it is `1` as the engine starts, keeps ONNX Runtime from reporting to its maker.
pub const NO_REPORTS: &str = "ORT_DISABLE_TELEMETRY";

/// Sets [`NO_REPORTS`] for this process.
///
/// # Safety
/// As of [`std::env::set_var`]: no other thread may use the environment at the same time, which holds at the start of `main`.
pub unsafe fn forbid_reports() {
    // SAFETY: the caller sees to it.
    unsafe { std::env::set_var(NO_REPORTS, "1") };
}

/// An engine that runs.
pub(crate) trait Runtime: Send + Sync {
    /// Name and version, such as `onnxruntime 1.32.0`.
    fn name(&self) -> &str;

    /// Loads a net to run on the calling thread alone: photos are what is worked on in parallel.
    fn load(&self, model: &gradphoto_models::Net, outputs: &[&str]) -> Result<Box<dyn Session>, Failure>;
}

/// A net that is loaded. It has one input, and every shape is fixed.
pub(crate) trait Session: Send {
    /// The values of the outputs that were asked for, in that order, each a row-major tensor.
    fn run(&mut self, input: &[f32]) -> Result<Vec<&[f32]>, Failure>;
}

/// What an engine says has gone wrong.
pub(crate) type Failure = Box<dyn StdError + Send + Sync>;

/// A loaded net of which `N` outputs are wanted.
pub(super) struct Net<const N: usize>(Box<dyn Session>);

impl<const N: usize> Net<N> {
    pub(super) fn load(
        runtime: &dyn Runtime,
        model: &gradphoto_models::Net,
        outputs: [&str; N],
    ) -> Result<Self, Error> {
        let net = runtime.load(model, &outputs).map(Net);
        net.map_err(|failure| Error::model(text("无法加载模型", "a model cannot be loaded"), failure))
    }

    /// The outputs, in the order in which they were asked for.
    pub(super) fn run(&mut self, input: &[f32]) -> Result<[&[f32]; N], Error> {
        let failed = |failure| Error::model(text("模型运行失败", "a model cannot be run"), failure);
        let outputs = self.0.run(input).map_err(failed)?;
        outputs.try_into().map_err(|outputs: Vec<_>| failed(format!("{} outputs, not {N}", outputs.len()).into()))
    }
}

fn automatic() -> Result<Arc<dyn Runtime>, Error> {
    #[cfg(feature = "onnxruntime")]
    if let Some(runtime) = onnxruntime::find() {
        return Ok(runtime);
    }
    #[cfg(feature = "tract")]
    return Ok(tract::start());
    #[cfg(not(feature = "tract"))]
    Err(not_started("no ONNX Runtime was found, and this program was built without tract".into()))
}

#[cfg(any(feature = "onnxruntime", not(feature = "tract")))]
fn not_started(failure: Failure) -> Error {
    Error::model(text("无法启动推理引擎", "the inference engine does not start"), failure)
}
