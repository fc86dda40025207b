//! tract, in Rust and part of this library.

use std::sync::Arc;

use tract_onnx::prelude::{Framework, InferenceModelExt, IntoRunnable, TValue, TVec, Tensor, TypedSimpleState, tvec};

use super::{Failure, Runtime, Session};

/// As pinned in Cargo.lock; a test compares.
const NAME: &str = "tract 0.23.9";

pub(super) fn start() -> Arc<dyn Runtime> {
    Arc::new(Tract)
}

struct Tract;

impl Runtime for Tract {
    fn name(&self) -> &str {
        NAME
    }

    fn load(&self, model: &gradphoto_models::Net, outputs: &[&str]) -> Result<Box<dyn Session>, Failure> {
        let graph =
            tract_onnx::onnx().model_for_read(&mut &*model.bytes)?.with_outputs_by_name(outputs)?.into_optimized()?;
        let shape = graph.input_fact(0)?.shape.as_concrete().ok_or("the shape of the input is not fixed")?.to_vec();
        Ok(Box::new(TractSession { state: graph.into_runnable()?.spawn()?, shape, outputs: tvec![] }))
    }
}

struct TractSession {
    state: TypedSimpleState,
    shape: Vec<usize>,
    /// Of the latest run.
    outputs: TVec<TValue>,
}

impl Session for TractSession {
    fn run(&mut self, input: &[f32]) -> Result<Vec<&[f32]>, Failure> {
        let input = Tensor::from_shape(&self.shape, input)?;
        self.outputs = self.state.run(tvec![input.into()])?;
        self.outputs.iter().map(|output| Ok(output.try_as_plain_ram()?.as_slice::<f32>()?)).collect()
    }
}
