"""Photos per second of Python beside the command's, on the same folder, in one run, taking turns.

    target/python/bin/python benches/peers/python_rate.py FOLDER [--photos 400] [--rounds 5]

Each turn is a process of its own and ends after the last report; loading the models counts for all. The command is the Rust
binary in target/release. `check_many` and the command use all cores; the others call `check` from so many Python threads that
share one Checker. All write every report as a line of JSON into a file.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from gradphoto._engine import installed_onnxruntime

ROOT = Path(__file__).resolve().parents[2]
COMMAND = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"), "release/gradphoto")
PYTHON = """
import sys, gradphoto
for result in gradphoto.Checker().check_many(sys.argv[1]):
    print(result.to_json() if isinstance(result, gradphoto.Report) else result)
"""

THREADS = """
import sys, gradphoto
from concurrent.futures import ThreadPoolExecutor
checker = gradphoto.Checker()
with ThreadPoolExecutor(int(sys.argv[2])) as threads:
    for report in threads.map(checker.check, gradphoto.find_photos(sys.argv[1])):
        print(report.to_json())
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--photos", type=int, default=400, help="as many of the folder's photos")
    parser.add_argument("--rounds", type=int, default=5)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for photo in sorted(args.folder.iterdir())[: args.photos]:
            Path(folder, photo.name).symlink_to(photo.resolve())
        count = len(os.listdir(folder))
        commands = {
            "command": [COMMAND, "check", folder, "--format", "jsonl"],
            "check_many": [sys.executable, "-c", PYTHON, folder],
            "1 thread": [sys.executable, "-c", THREADS, folder, "1"],
            "8 threads": [sys.executable, "-c", THREADS, folder, "8"],
        }
        rates: dict[str, list[float]] = {name: [] for name in commands}
        for turn in range(args.rounds):
            # Whoever is first takes turns too: what a neighbour on the machine does then hits both alike.
            for name in sorted(commands, reverse=turn % 2 == 1):
                rates[name].append(count / seconds(commands[name]))
                print(f"round {turn + 1} {name:10} {rates[name][-1]:6.1f} photos/s", flush=True)
    print(f"n = {count} photos, {args.rounds} rounds, {os.cpu_count()} cores")
    for name, measured in rates.items():
        print(f"{name:10} median {statistics.median(measured):6.1f} photos/s")
    for name, other in [("check_many", "command"), ("8 threads", "1 thread")]:
        ratios = [rate / base for rate, base in zip(rates[name], rates[other])]
        print(f"{name} / {other}: median {statistics.median(ratios):.3f}, {min(ratios):.3f} to {max(ratios):.3f}")


def seconds(command: list[str | Path]) -> float:
    environment = os.environ | {"GRADPHOTO_ONNXRUNTIME": str(installed_onnxruntime())}
    with tempfile.TemporaryFile() as output:
        started = time.perf_counter()
        status = subprocess.run(command, stdout=output, env=environment).returncode
        taken = time.perf_counter() - started
    if status > 1:
        raise SystemExit(f"{command[0]} could not run")
    return taken


if __name__ == "__main__":
    main()
