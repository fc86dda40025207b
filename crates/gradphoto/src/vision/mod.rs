//! The only place that knows ONNX.

use crate::error::Error;
use crate::evidence::Evidence;
use crate::photo::Photo;

/// The inference engine of this process.
pub struct Engine {
    name: String,
}

impl Engine {
    pub(crate) fn name(&self) -> &str {
        &self.name
    }
}

/// One set of loaded models.
pub struct Vision {}

/// Starts the engine once per process.
pub(crate) fn engine() -> Result<&'static Engine, Error> {
    Err(Error::Model { step: "starting the engine", reason: "not built in".into() })
}

/// SHA-256 over all embedded models.
pub(crate) fn models_sha256() -> &'static str {
    ""
}

impl Vision {
    pub(crate) fn new(_engine: &'static Engine) -> Result<Vision, Error> {
        Ok(Vision {})
    }

    pub(crate) fn see(&mut self, photo: Photo) -> Result<Evidence, Error> {
        Ok(Evidence { photo, faces: vec![], subject: None })
    }
}
