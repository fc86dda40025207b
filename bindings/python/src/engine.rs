//! The inference engine.

use std::path::PathBuf;

use gradphoto::{Checker, CheckerBuilder, Engine, Error};

/// Which engine Python asks for.
pub struct EngineChoice {
    /// `auto`, `tract` or the path of an ONNX Runtime library.
    pub engine: PathBuf,
    /// The library of Python's package `onnxruntime`, which `auto` prefers to those of the system.
    pub installed: Option<PathBuf>,
}

impl EngineChoice {
    /// The checker on this engine.
    ///
    /// Called with the interpreter lock held: as no fork can come meanwhile, no child inherits an engine that is half started.
    pub fn build(&self, checker: CheckerBuilder) -> Result<Checker, Error> {
        let automatic = |checker: CheckerBuilder| checker.engine(Engine::automatic()).build();
        match (self.engine.to_str(), &self.installed) {
            (Some("auto"), Some(library)) if !a_library_is_named() => {
                checker.clone().engine(Engine::onnxruntime(library)).build().or_else(|_| automatic(checker))
            }
            (Some("auto"), _) => automatic(checker),
            (Some("tract"), _) => checker.engine(Engine::tract()).build(),
            _ => checker.engine(Engine::onnxruntime(&self.engine)).build(),
        }
    }
}

/// Whether the user named a library in the environment, which counts for more than the installed one.
fn a_library_is_named() -> bool {
    let is_set = |name| std::env::var_os(name).is_some_and(|path| !path.is_empty());
    is_set("GRADPHOTO_ONNXRUNTIME") || is_set("ORT_DYLIB_PATH")
}
