//! Pictures interpolated bilinearly to twice their size. tract does it axis by axis and, along a row, pixel by pixel.

use tract_onnx::prelude::*;
use tract_onnx::tract_core::internal::*;
use tract_onnx::tract_core::ops::nn::resize::{CoordTransformer, Interpolator, Resize};

use super::depthwise::with_size;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Doubled {
    /// Rows and columns of the input.
    size: [usize; 2],
}

/// In place of `resize`, if it is such an interpolation.
pub(super) fn instead_of(
    _: &(),
    graph: &TypedModel,
    node: &TypedNode,
    _: &str,
    resize: &Resize,
) -> TractResult<Option<TypedModelPatch>> {
    let input = graph.outlet_fact(node.inputs[0])?;
    rule_if!(resize.interpolator == Interpolator::Linear && resize.coord_transformer == CoordTransformer::HalfPixel);
    rule_if!(input.datum_type == f32::datum_type());
    rule_if_some!(before = input.shape.as_concrete());
    rule_if_some!(after = node.outputs[0].fact.shape.as_concrete());
    rule_if_some!(&size = before.last_chunk::<2>());
    let ours = Doubled { size };
    rule_if!(*after == *with_size(before, ours.doubled()));
    Ok(Some(TypedModelPatch::single_unary_op(graph, node, ours)?))
}

impl Doubled {
    fn doubled(&self) -> [usize; 2] {
        self.size.map(|side| side * 2)
    }
}

impl Op for Doubled {
    fn name(&self) -> StaticName {
        "Doubled".into()
    }

    op_as_typed_op!();
}

impl EvalOp for Doubled {
    op_out_of_plan!();

    fn eval(&self, _: &EvalContext, inputs: TVec<TValue>) -> TractResult<TVec<TValue>> {
        let input = args_1!(inputs);
        let [height, width] = self.size;
        let mut output = Tensor::zero::<f32>(&with_size(input.shape(), self.doubled()))?;
        // A row between two of the input, with its ends once more on either side.
        let mut between = vec![0.0; width + 2];
        let seen = input.try_as_plain_ram()?;
        let mut made = output.try_as_plain_ram_mut()?;
        let made = made.as_slice_mut::<f32>()?.chunks_exact_mut(4 * height * width);
        for (seen, made) in seen.as_slice::<f32>()?.chunks_exact(height * width).zip(made) {
            for (y, made) in made.chunks_exact_mut(2 * width).enumerate() {
                let (near, far) =
                    (y / 2, if y % 2 == 0 { (y / 2).saturating_sub(1) } else { (y / 2 + 1).min(height - 1) });
                let [near, far] = [near, far].map(|y| &seen[y * width..][..width]);
                for ((between, near), far) in between[1..].iter_mut().zip(near).zip(far) {
                    *between = 0.75 * near + 0.25 * far;
                }
                (between[0], between[width + 1]) = (between[1], between[width]);
                for (pair, around) in made.as_chunks_mut::<2>().0.iter_mut().zip(between.windows(3)) {
                    *pair = [0.25 * around[0] + 0.75 * around[1], 0.75 * around[1] + 0.25 * around[2]];
                }
            }
        }
        Ok(tvec!(output.into_tvalue()))
    }
}

impl TypedOp for Doubled {
    as_op!();

    fn output_facts(&self, inputs: &[&TypedFact]) -> TractResult<TVec<TypedFact>> {
        Ok(tvec!(f32::fact(with_size(&inputs[0].shape, self.doubled()))))
    }
}
