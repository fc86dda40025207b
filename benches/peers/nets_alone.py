#!/usr/bin/env python3
"""How long the nets alone take on one core, to compare a whole check with in the same minute.

    pip install onnxruntime numpy
    taskset -c 0 python3 benches/peers/nets_alone.py
    time taskset -c 0 target/release/gradphoto check --jobs 1 PHOTOS...
"""

import time
from pathlib import Path

import numpy as np
import onnxruntime

MODELS = Path(__file__).resolve().parents[2] / "models"
# The nets that run on every photo, and the shape of their input.
NETS = {
    "face_detection_short_range": (1, 128, 128, 3),
    "face_landmark_with_attention": (1, 192, 192, 3),
    "face_parsing": (1, 3, 384, 288),
    "eye_state": (2, 3, 32, 48),
    "glasses": (1, 3, 64, 128),
    "head_cover": (1, 3, 96, 96),
    "clothing_state": (1, 3, 80, 128),
    "ear_state": (2, 3, 192, 112),
}
RUNS, WARM_UP = 120, 20


def main() -> None:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    sessions = {name: onnxruntime.InferenceSession(MODELS / f"{name}.onnx", options) for name in NETS}
    inputs = {name: np.random.rand(*shape).astype(np.float32) for name, shape in NETS.items()}
    spent_ms = {name: [] for name in NETS}
    for _ in range(RUNS):
        for name, session in sessions.items():
            started = time.perf_counter()
            session.run(None, {session.get_inputs()[0].name: inputs[name]})
            spent_ms[name].append((time.perf_counter() - started) * 1e3)
    medians = {name: float(np.median(spent[WARM_UP:])) for name, spent in spent_ms.items()}
    for name, median in medians.items():
        print(f"{name:32} {median:6.2f} ms")
    print(f"{'together':32} {sum(medians.values()):6.2f} ms")


if __name__ == "__main__":
    main()
