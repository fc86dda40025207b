//! Convolution of every channel by itself.
//!
//! tract walks along the longer side of a picture and has vectors for its rows alone, so upright pictures get none, nor does a
//! stride of two; and what lies beside an edge is made point by point. Here a channel is laid out with its padding and goes through
//! tract's own kernel as one row; what comes out between the rows of the picture, and between strides, is left away. The sums
//! are the same, to the bit.

use std::sync::Arc;

use tract_onnx::prelude::*;
use tract_onnx::tract_core::internal::*;
use tract_onnx::tract_core::ops::cnn::{Conv, KernelFormat};
use tract_onnx::tract_core::tract_linalg::routines::depthwise_w_f32;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Depthwise {
    /// Channels x 1 x rows x columns.
    kernel: Arc<Tensor>,
    /// One a channel.
    bias: Arc<Tensor>,
    /// Rows and columns of the picture with its padding, and those of the padding before it.
    padded: [usize; 2],
    before: [usize; 2],
    stride: usize,
}

/// In place of `conv`, if it is such a convolution and the processor has the kernel.
pub(super) fn instead_of(
    _: &(),
    graph: &TypedModel,
    node: &TypedNode,
    _: &str,
    conv: &Conv,
) -> TractResult<Option<TypedModelPatch>> {
    let (input, pool) = (graph.outlet_fact(node.inputs[0])?, &conv.pool_spec);
    let constant = |input: usize| graph.outlet_fact(node.inputs[input]).map(|fact| fact.konst.clone());
    rule_if!(depthwise_w_f32().is_some());
    rule_if!(conv.group > 1 && conv.group == pool.input_channels && conv.group == pool.output_channels);
    rule_if_some!(&[stride, down] = pool.strides().first_chunk::<2>());
    rule_if!(pool.rank() == 2 && stride == down && pool.dilations().iter().all(|&dilation| dilation == 1));
    rule_if!(!pool.data_format.c_is_last() && conv.kernel_fmt == KernelFormat::OIHW);
    rule_if!(conv.q_params.is_none() && input.datum_type == f32::datum_type());
    rule_if_some!(kernel = constant(1)?);
    rule_if_some!(bias = constant(2)?);
    rule_if!(bias.len() == conv.group);
    rule_if_some!(shape = input.shape.as_concrete());
    let size = &shape[shape.len() - 2..];
    let padding = pool.padding.compute(size, &pool.kernel_shape, &[1, 1], &[stride; 2]);
    let ours = Depthwise {
        kernel,
        bias,
        padded: [0, 1].map(|axis| size[axis] + padding[axis].pad_before + padding[axis].pad_after),
        before: [0, 1].map(|axis| padding[axis].pad_before),
        stride,
    };
    Ok(Some(TypedModelPatch::single_unary_op(graph, node, ours)?))
}

impl Depthwise {
    /// Rows and columns of the kernel.
    fn taps(&self) -> [usize; 2] {
        [self.kernel.shape()[2], self.kernel.shape()[3]]
    }

    /// Rows and columns of what comes out.
    fn size(&self) -> [usize; 2] {
        [0, 1].map(|axis| (self.padded[axis] - self.taps()[axis]) / self.stride + 1)
    }
}

impl Op for Depthwise {
    fn name(&self) -> StaticName {
        "Depthwise".into()
    }

    op_as_typed_op!();
}

impl EvalOp for Depthwise {
    op_out_of_plan!();

    fn eval(&self, _: &EvalContext, inputs: TVec<TValue>) -> TractResult<TVec<TValue>> {
        let input = args_1!(inputs);
        let convolve = depthwise_w_f32().context("the processor has no kernel for this convolution")?;
        let [[rows, columns], [height, width], [above, left]] = [self.taps(), self.size(), self.before];
        let row = self.padded[1];
        let offsets: Vec<isize> = (0..rows).flat_map(|y| (0..columns).map(move |x| (y * row + x) as isize)).collect();
        let mut padded = vec![0.0; self.padded[0] * row];
        let mut convolved = vec![0.0; padded.len() - (rows - 1) * row - (columns - 1)];

        let mut output = Tensor::zero::<f32>(&with_size(input.shape(), self.size()))?;
        let (seen, kernel, bias) =
            (input.try_as_plain_ram()?, self.kernel.try_as_plain_ram()?, self.bias.try_as_plain_ram()?);
        let [input_height, input_width] = *input.shape().last_chunk().context("the input is no picture")?;
        let channels = seen.as_slice::<f32>()?.chunks_exact(input_height * input_width);
        let weights = kernel.as_slice::<f32>()?.chunks_exact(rows * columns).zip(bias.as_slice::<f32>()?).cycle();
        let mut made = output.try_as_plain_ram_mut()?;
        let made = made.as_slice_mut::<f32>()?.chunks_exact_mut(height * width);
        for ((channel, (taps, &bias)), made) in channels.zip(weights).zip(made) {
            for (padded, seen) in padded.chunks_exact_mut(row).skip(above).zip(channel.chunks_exact(input_width)) {
                padded[left..][..input_width].copy_from_slice(seen);
            }
            // SAFETY: the last point reads `padded` as far as its end, by the length of `convolved`. There is a tap for every
            // offset, and the processor has the kernel, since it was given out.
            unsafe { convolve(padded.as_ptr(), convolved.as_mut_ptr(), taps, &offsets, bias, convolved.len(), 1) };
            for (made, convolved) in made.chunks_exact_mut(width).zip(convolved.chunks(row).step_by(self.stride)) {
                match self.stride {
                    1 => made.copy_from_slice(&convolved[..width]),
                    stride => made.iter_mut().zip(convolved.iter().step_by(stride)).for_each(|(made, it)| *made = *it),
                }
            }
        }
        Ok(tvec!(output.into_tvalue()))
    }
}

impl TypedOp for Depthwise {
    as_op!();

    fn output_facts(&self, inputs: &[&TypedFact]) -> TractResult<TVec<TypedFact>> {
        Ok(tvec!(f32::fact(with_size(&inputs[0].shape, self.size()))))
    }
}

/// The shape of pictures, with other rows and columns.
pub(super) fn with_size<D: DimLike>(shape: &[D], size: [usize; 2]) -> TVec<D> {
    let (channels, _) = shape.split_at(shape.len() - 2);
    channels.iter().cloned().chain(size.map(D::from)).collect()
}
