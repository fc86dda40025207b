"""How the training scripts run and calibrate an exported net."""
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import numpy_helper


def single_threaded(model: str | Path | bytes) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(model, options)


def calibrate(path: Path, gains: list[float], offsets: list[float]) -> None:
    """Fold a gain and an offset of every logit into the last layer of an exported net that ends in one."""
    model = onnx.load(path)
    last = model.graph.node[-1]
    if last.op_type != "Gemm":
        raise ValueError(f"{path} does not end in a layer of weights")
    weights = {tensor.name: tensor for tensor in model.graph.initializer}
    rows, bias = (numpy_helper.to_array(weights[name]) for name in last.input[1:3])
    gains_ = np.array(gains, np.float32)
    for name, value in ((last.input[1], rows * gains_[:, None]), (last.input[2], bias * gains_ + np.array(offsets, np.float32))):
        weights[name].CopyFrom(numpy_helper.from_array(value.astype(np.float32), name))
    onnx.save(model, path)
