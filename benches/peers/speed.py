#!/usr/bin/env python3
"""Writes docs/speed.md: CPU time of the command beside MediaPipe's three nets, on one core, in turn.

    pip install mediapipe==0.10.14 onnxruntime pillow
    cargo build --release
    GRADPHOTO_ONNXRUNTIME=LIBRARY python3 benches/peers/speed.py FOLDER_OF_480x640_PHOTOS

A machine's speed changes from minute to minute: every figure is CPU time (user and system), every round runs each work once,
and ratios are taken within a round. Time per photo is that of many photos less that of one, so that loading does not count.
"""

import argparse
import datetime
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
SIZES = {"480x640 (0.3 MP)": (480, 640), "960x1280 (1.2 MP)": (960, 1280), "3000x4000 (12 MP)": (3000, 4000), "4000x6000 (24 MP)": (4000, 6000)}

MEDIAPIPE = """
import sys, time, mediapipe, numpy
from PIL import Image
s = mediapipe.solutions
nets = [
    s.face_detection.FaceDetection(model_selection=0),
    s.face_mesh.FaceMesh(static_image_mode=True, refine_landmarks=True),
    s.selfie_segmentation.SelfieSegmentation(model_selection=0),
]
pictures = [numpy.asarray(Image.open(path).convert("RGB")) for path in sys.argv[1:]]
for net in nets:
    net.process(pictures[0])
started = time.process_time()
for picture in pictures:
    for net in nets:
        net.process(picture)
print((time.process_time() - started) / len(pictures) * 1e3)
"""


@dataclass
class Spent:
    cpu_ms: float
    wall_ms: float
    peak_mb: float
    output: str


def start(command, cores, output=subprocess.DEVNULL):
    pinned = lambda: os.sched_setaffinity(0, cores)
    return subprocess.Popen([str(part) for part in command], stdout=output, stderr=subprocess.DEVNULL, preexec_fn=pinned)


def run(command, cores=(0,)):
    """Runs a command on these cores; its exit status says what it found, so 1 is no failure."""
    started = time.monotonic()
    with tempfile.TemporaryFile("w+") as output:
        child = start(command, cores, output)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        wall_ms = (time.monotonic() - started) * 1e3
        if child.returncode not in (0, 1):
            sys.exit(f"{command[0]} ended with {child.returncode}")
        output.seek(0)
        return Spent((usage.ru_utime + usage.ru_stime) * 1e3, wall_ms, usage.ru_maxrss / 1024, output.read())


def per_photo(check, photos, *options):
    """CPU ms a photo and peak MB of a check of these photos."""
    one, all_ = run([*check, *options, photos[0]]), run([*check, *options, *photos])
    return (all_.cpu_ms - one.cpu_ms) / (len(photos) - 1), all_.peak_mb


def enlarged(photos, size, folder):
    """The photos as a camera of this many pixels would write them."""
    made = []
    for photo in photos:
        path = folder / f"{size[0]}_{photo.stem}.jpg"
        Image.open(photo).convert("RGB").resize(size, Image.Resampling.BICUBIC).save(path, quality=92)
        made.append(path)
    return made


def with_outputs(check, photos, folder):
    """CPU ms a photo that --output adds, and CPU ms a photo of a rerun whose photos are all in the cache."""
    plain = run([*check, *photos]).cpu_ms
    cached = [*check, "--output", folder / "out", "--cache", folder / "cache", "--overwrite"]
    first, again = run([*cached, *photos]).cpu_ms, run([*cached, *photos]).cpu_ms
    start = run([*check, photos[0]]).cpu_ms - plain / len(photos)
    shutil.rmtree(folder / "out")
    shutil.rmtree(folder / "cache")
    return (first - plain) / len(photos), (again - start) / len(photos)


def side_by_side(check, photos, folder):
    """Photos a second of a run with two jobs, and of two runs at once that each have a core and all of the photos, over those of
    one run with one job; starting does not count. No number of jobs can do better than the runs that share nothing."""
    copies = []
    for number in range(4):
        copies += [shutil.copy(photo, folder / f"{number}_{photo.name}") for photo in photos]
    cores = sorted(os.sched_getaffinity(0))[:2]
    seconds = {}
    for some in (photos, copies):
        one, two = (run([*check[:-1], jobs, *some], cores).wall_ms for jobs in ("1", "2"))
        started = time.monotonic()
        for child in [start([*check, *some], (core,)) for core in cores]:
            child.wait()
        seconds[len(some)] = one, two, (time.monotonic() - started) * 1e3 / 2
    one, two, apart = (many - few for few, many in zip(seconds[len(photos)], seconds[len(copies)]))
    return one / two, one / apart


def refuse_another_engine(check, photo):
    runtime = json.loads(run([*check, photo]).output)["engine"]["runtime"]
    if not runtime.startswith("onnxruntime"):
        sys.exit(f"the command runs its nets on {runtime}: name the library of ONNX Runtime in GRADPHOTO_ONNXRUNTIME")


def measured(args, folder):
    photos = sorted(args.photos.glob("*.jpg"))[: args.count]
    check = [args.command, "check", "--format", "jsonl", "--jobs", "1"]
    refuse_another_engine(check, photos[0])
    sized = {name: photos if name.startswith("480") else enlarged(photos[:16], size, folder) for name, size in SIZES.items()}
    rounds = []
    for number in range(args.rounds):
        figures = {"mediapipe": float(run([args.python, "-c", MEDIAPIPE, *photos]).output)}
        for name, of_size in sized.items():
            figures[name], figures[name + " peak"] = per_photo(check, of_size)
        figures["tract"], _ = per_photo(check, photos, "--engine", "tract")
        figures["outputs"], figures["cached"] = with_outputs(check, photos, folder)
        for engine in ("onnxruntime", "tract"):
            options = ["--engine", "tract"] if engine == "tract" else []
            figures["start " + engine] = run([*check, *options, photos[0]], os.sched_getaffinity(0)).wall_ms
        figures["two jobs"], figures["two runs"] = side_by_side(check, photos, folder)
        rounds.append(figures)
        print(f"round {number + 1}:", {name: round(value, 2) for name, value in figures.items()}, flush=True)
    return rounds


def document(rounds, args):
    of = lambda name: statistics.median(figures[name] for figures in rounds)
    ratio = lambda name, to: statistics.median(figures[name] / figures[to] for figures in rounds)
    model = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), platform.machine())
    rows = [f"| {name} | {of(name):.1f} ms | {ratio(name, '480x640 (0.3 MP)'):.1f} | {of(name + ' peak'):.0f} MB |" for name in SIZES]
    first = next(iter(SIZES))
    load = os.getloadavg()[2]
    busy = f" The machine had {load:.0f} programs to run on them: times on the clock (start, two jobs) are longer than on a quiet one." if load > os.cpu_count() + 1 else ""
    return f"""# Speed

Written by `benches/peers/speed.py` on {datetime.date.today()}: {model}, {os.cpu_count()} cores, ONNX Runtime {version("onnxruntime")},
MediaPipe {version("mediapipe")}, medians of {len(rounds)} rounds over {args.count} photos. CPU time on one core, all works in turn in each round.{busy}

A whole check of a photo of 480x640 takes {of(first):.1f} ms, **{ratio(first, "mediapipe"):.2f} times** what MediaPipe's face box, refined mesh and
person mask take in Python ({of("mediapipe"):.1f} ms; its mesh looks for the box once more). On tract it takes {ratio("tract", first):.1f} times as long as on ONNX Runtime.

| photos | CPU time a photo | times 480x640 | peak memory |
|---|---|---|---|
{chr(10).join(rows)}

| | |
|---|---|
| `--output` (page with pictures, tables) adds | {of("outputs"):.1f} ms a photo |
| a rerun with `--output` over photos in the cache | {of("cached"):.1f} ms a photo |
| from the start of the command to the end of one photo, ONNX Runtime | {of("start onnxruntime"):.0f} ms |
| the same on tract | {of("start tract"):.0f} ms |
| photos a second with two jobs, over one | {of("two jobs"):.2f} |
| the same of two runs of one job beside each other, which share nothing: the most that these two cores give | {of("two runs"):.2f} |
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("photos", type=Path, help="folder of JPEG photos of 480x640")
    parser.add_argument("--command", type=Path, default=Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"), "release/gradphoto"))
    parser.add_argument("--python", default=sys.executable, help="a Python that has mediapipe")
    parser.add_argument("--count", type=int, default=60, help="as many of the photos")
    parser.add_argument("--rounds", type=int, default=5)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rounds = measured(args, Path(folder))
    (ROOT / "docs/speed.md").write_text(document(rounds, args))


if __name__ == "__main__":
    main()
