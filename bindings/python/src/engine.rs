//! The inference engine.

use std::path::PathBuf;

use gradphoto::EngineChoice;
use pyo3::prelude::*;

use crate::errors::raised;

/// Starts the engine of this process and returns its name.
///
/// `choice` is `auto`, `tract` or the path of an ONNX Runtime library; `installed` is the library of Python's package
/// `onnxruntime`, which `auto` prefers to those of the system.
///
/// Holds the interpreter lock: as no fork can come meanwhile, no child inherits an engine that is half started.
#[pyfunction]
#[pyo3(signature = (choice, installed = None))]
pub fn use_engine(choice: PathBuf, installed: Option<PathBuf>) -> PyResult<&'static str> {
    let automatic = || gradphoto::use_engine(&EngineChoice::Automatic);
    let name = match (choice.to_str(), installed) {
        (Some("auto"), Some(library)) if !a_library_is_named() => {
            gradphoto::use_engine(&EngineChoice::OnnxRuntime(library)).or_else(|_| automatic())
        }
        (Some("auto"), _) => automatic(),
        (Some("tract"), _) => gradphoto::use_engine(&EngineChoice::Tract),
        _ => gradphoto::use_engine(&EngineChoice::OnnxRuntime(choice)),
    };
    name.map_err(raised)
}

/// Whether the user named a library in the environment, which counts for more than the installed one.
fn a_library_is_named() -> bool {
    let is_set = |name| std::env::var_os(name).is_some_and(|path| !path.is_empty());
    is_set("GRADPHOTO_ONNXRUNTIME") || is_set("ORT_DYLIB_PATH")
}
