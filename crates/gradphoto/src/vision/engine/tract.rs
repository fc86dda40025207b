//! tract, in Rust and part of this library.

use std::sync::Arc;

use tract_onnx::prelude::{
    Framework, InferenceModelExt, IntoRunnable, TValue, TVec, Tensor, TractResult, TypedModel, TypedSimpleState, tvec,
};
use tract_onnx::tract_core::model::Rewriter;

use super::{Failure, Runtime, Session};

mod depthwise;
mod doubled;

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
        let mut graph = decluttered(model, outputs)?;
        faster_operations().rewrite(&(), &mut graph)?;
        graph.optimize()?;
        let shape = graph.input_fact(0)?.shape.as_concrete().ok_or("the shape of the input is not fixed")?.to_vec();
        Ok(Box::new(TractSession { state: graph.into_runnable()?.spawn()?, shape, outputs: tvec![] }))
    }
}

fn decluttered(model: &gradphoto_models::Net, outputs: &[&str]) -> TractResult<TypedModel> {
    let graph = tract_onnx::onnx().model_for_read(&mut &*model.bytes)?.with_outputs_by_name(outputs)?;
    graph.into_typed()?.into_decluttered()
}

/// What tract is slow at, in another way.
fn faster_operations() -> Rewriter<()> {
    Rewriter::default().with_rule_for("depthwise", depthwise::instead_of).with_rule_for("doubled", doubled::instead_of)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn told(mut graph: TypedModel) -> (Vec<String>, Vec<f32>) {
        graph.optimize().unwrap();
        let names = graph.nodes.iter().map(|node| node.op.name().into_owned()).collect();
        let shape = graph.input_fact(0).unwrap().shape.as_concrete().unwrap().to_vec();
        let values: Vec<f32> = (0..shape.iter().product()).map(|i: usize| (i * 7919 % 1000) as f32 / 1000.0).collect();
        let input = Tensor::from_shape(&shape, &values).unwrap();
        let outputs = graph.into_runnable().unwrap().run(tvec![input.into()]).unwrap();
        let values =
            outputs.iter().map(|output| output.try_as_plain_ram().unwrap().as_slice::<f32>().unwrap().to_vec());
        (names, values.collect::<Vec<_>>().concat())
    }

    #[test]
    fn what_is_done_in_another_way_says_the_same() {
        for net in gradphoto_models::NETS {
            let outputs: Vec<&str> = net.outputs.iter().map(|output| output.split(':').next().unwrap()).collect();
            let theirs = decluttered(net, &outputs).unwrap();
            let mut ours = theirs.clone();
            faster_operations().rewrite(&(), &mut ours).unwrap();
            let (_, theirs) = told(theirs);
            let (names, ours) = told(ours);
            let apart = theirs.iter().zip(&ours).map(|(theirs, ours)| (theirs - ours).abs()).fold(0.0, f32::max);
            assert!(theirs.len() == ours.len() && apart < 1e-5, "{}: {apart}", net.name);
            if net.name.starts_with("face_parsing") {
                assert!(names.iter().any(|name| name == "Doubled"), "{names:?}");
                #[cfg(target_arch = "x86_64")]
                assert!(names.iter().filter(|name| *name == "Depthwise").count() > 9, "{names:?}");
            }
        }
    }
}
