"""Ray Data with two workers beside `check_many` in one process, over the same folder: verdicts and photos per second.

    target/python/bin/python benches/peers/ray_agreement.py FOLDER

The second run of Ray has one of its workers killed at work. Loading the models counts, starting Ray does not. Exit status 1
where a photo is lost, doubled or judged otherwise.
"""

import argparse
import os
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")

import pyarrow  # noqa: E402
import ray  # noqa: E402

import gradphoto  # noqa: E402
from gradphoto._errors import photo_of  # noqa: E402
from gradphoto.ray import Check  # noqa: E402


class Marked(Check):
    """A check that tells who is at work."""

    def __init__(self, pids: str) -> None:
        super().__init__()
        self.mark = Path(pids, str(os.getpid()))

    def __call__(self, batch: pyarrow.Table) -> pyarrow.Table:
        result = super().__call__(batch)
        self.mark.touch()
        return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder.resolve()
    started = time.perf_counter()
    results = list(gradphoto.Checker(jobs=2).check_many(folder))
    wanted = {str(photo_of(r) if isinstance(r, Exception) else r.photo): str(getattr(r, "verdict", None)) for r in results}
    print(f"one process  {len(wanted) / (time.perf_counter() - started):6.1f} photos/s", flush=True)
    ray.init(num_cpus=4, object_store_memory=500 << 20, include_dashboard=False, log_to_driver=False)
    ray.data.DataContext.get_current().enable_progress_bars = False
    right = [agrees(folder, wanted, kill=False), agrees(folder, wanted, kill=True)]
    ray.shutdown()
    sys.exit(not all(right))


def agrees(folder: Path, wanted: dict[str, str], kill: bool) -> bool:
    with tempfile.TemporaryDirectory() as pids:
        killed: list[int] = []
        if kill:
            threading.Thread(target=kill_one, args=(Path(pids), killed), daemon=True).start()
        started = time.perf_counter()
        photos = ray.data.read_binary_files(str(folder), include_paths=True)
        workers = ray.data.ActorPoolStrategy(size=2)
        options = {"batch_size": 32, "batch_format": "pyarrow", "num_cpus": 1, "compute": workers}
        rows = photos.map_batches(Marked, fn_constructor_args=[pids], **options).select_columns(["path", "verdict"]).take_all()
        rate = len(rows) / (time.perf_counter() - started)
    doubled = [path for path, times in Counter(row["path"] for row in rows).items() if times > 1]
    found = {row["path"]: str(row["verdict"]) for row in rows}
    differ = [path for path, verdict in wanted.items() if found.get(path) != verdict]
    print(f"2 Ray workers{rate:6.1f} photos/s; {len(killed)} killed; {len(doubled)} doubled, {len(differ)} of {len(wanted)} lost or judged otherwise")
    return not doubled and not differ and len(killed) == kill


def kill_one(pids: Path, killed: list[int]) -> None:
    """Kills a worker after its first photos, with more under way."""
    while not (at_work := list(pids.iterdir())):
        time.sleep(0.05)
    killed.append(int(at_work[0].name))
    os.kill(killed[0], signal.SIGKILL)


if __name__ == "__main__":
    main()
