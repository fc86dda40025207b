"""How the training scripts run an exported net."""
from pathlib import Path

import onnxruntime


def single_threaded(model: str | Path | bytes) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(model, options)
