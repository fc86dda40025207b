#!/usr/bin/env python3
"""How long the nets alone take on one core, and beside them, in turn, MediaPipe's face box, face mesh and person mask.

    pip install onnxruntime mediapipe==0.10.14 pillow
    taskset -c 0 python3 benches/peers/nets_alone.py PHOTO
    time taskset -c 0 target/release/gradphoto check --jobs 1 PHOTOS...

A machine's speed changes from minute to minute: compare only what was measured in the same run. Without a photo,
MediaPipe is left out. `--beside NETS...` times other ONNX nets of one float input in the same turns, such as nets whose time on
another machine is known: ours take there as much less as these do.
"""

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnxruntime

MODELS = Path(__file__).resolve().parents[2] / "models/onnx"
# The nets that run on every photo, and the shape of their input.
NETS = {
    "face_detection_short_range": (1, 128, 128, 3),
    "face_mesh": (1, 192, 192, 3),
    "face_mesh_refinement": (3, 32, 16, 16),
    "face_parsing": (1, 3, 384, 288),
    "eye_state": (2, 3, 32, 48),
    "ear_state": (2, 3, 192, 112),
}
RUNS, WARM_UP = 120, 20


def net(path: Path, shape: tuple[int, ...] | None = None) -> Callable:
    """Runs a net on noise; without a shape, of the one it names."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(path, options)
    wanted = session.get_inputs()[0]
    shape = shape or tuple(size if isinstance(size, int) else 1 for size in wanted.shape)
    inputs = {wanted.name: np.random.rand(*shape).astype(np.float32)}
    return lambda: session.run(None, inputs)


def mediapipe_steps(photo: Path) -> dict[str, Callable]:
    import mediapipe
    from PIL import Image

    pixels = np.asarray(Image.open(photo).convert("RGB"))
    solutions = mediapipe.solutions
    steps = {
        "mediapipe face box": solutions.face_detection.FaceDetection(model_selection=0),
        "mediapipe face box and mesh": solutions.face_mesh.FaceMesh(static_image_mode=True, refine_landmarks=True),
        "mediapipe person mask": solutions.selfie_segmentation.SelfieSegmentation(model_selection=0),
    }
    return {name: lambda step=step: step.process(pixels) for name, step in steps.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("photo", nargs="?", type=Path, help="also time MediaPipe on it")
    parser.add_argument("--beside", nargs="+", type=Path, default=[], metavar="NET", help="also time these ONNX files")
    args = parser.parse_args()
    groups = {
        "our nets": {name: net(MODELS / f"{name}.onnx", shape) for name, shape in NETS.items()},
        "nets beside": {f"beside {path.stem}": net(path) for path in args.beside},
        "MediaPipe": mediapipe_steps(args.photo) if args.photo else {},
    }
    work = {name: run for group in groups.values() for name, run in group.items()}
    spent_ms = {name: [] for name in work}
    for _ in range(RUNS):
        for name, run in work.items():
            started = time.perf_counter()
            run()
            spent_ms[name].append((time.perf_counter() - started) * 1e3)
    medians = {name: float(np.median(spent[WARM_UP:])) for name, spent in spent_ms.items()}
    for title, group in groups.items():
        for name in group:
            print(f"{name:40} {medians[name]:6.2f} ms")
        if group:
            print(f"{title + ' together':40} {sum(medians[name] for name in group):6.2f} ms\n")


if __name__ == "__main__":
    main()
