#!/usr/bin/env python3
"""A school's run under everything that goes wrong: kills, a full disk, a folder without permission, photos that change.

    tests/soak/soak.py GRADPHOTO [--photos 20000] [--minutes 10]

Makes small photos (no faces: what counts is the book-keeping), each of its own bytes, with a roster; runs the command with
--resume and kills it with SIGKILL again and again; lets the output lie on a small tmpfs until it is full; takes the
permission from a folder; changes photos while they are read. In the end every photo must have one line, in order, of the
bytes that lie there, and every student his own photo. Linux; as root for the tmpfs and, since root reads everything, run as
nobody for the permission. Needs Pillow.
"""

import argparse
import csv
import hashlib
import io
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from PIL import Image


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("gradphoto")
    parser.add_argument("--photos", type=int, default=20_000)
    parser.add_argument("--minutes", type=float, default=10)
    args = parser.parse_args()
    root = Path(tempfile.mkdtemp(prefix="gradphoto-soak-"))
    try:
        soak(args.gradphoto, root, args.photos, time.monotonic() + 60 * args.minutes)
    finally:
        subprocess.run(["umount", root / "small"], stderr=subprocess.DEVNULL, check=False)
        shutil.rmtree(root, ignore_errors=True)


def soak(gradphoto: str, root: Path, count: int, end: float) -> None:
    photos = make_school(root, count)
    log = {"photos": count, "kills": 0, "full disk": 0, "without permission": 0, "changed while read": 0}

    # A disk that is too small: the run must stop with a word, and go on elsewhere with what is there.
    small = root / "small"
    small.mkdir()
    if os.geteuid() == 0 and not subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "none", small], check=False).returncode:
        full = run(gradphoto, root, small / "out")
        code = full.wait()
        said = full.stderr.read()
        expect(code == 2 and said, f"a full disk ends with status 2 and a word, not {code}: {said[-200:]}")
        shutil.copytree(small / "out", root / "out")
        log["full disk"] = 1

    # A folder that loses its permission in the middle: photos below it are unreadable, nothing else changes.
    locked = root / "photos" / "locked"
    os.chmod(locked, 0)
    stop = threading.Event()
    changer = threading.Thread(target=change, args=(root / "photos" / "changing", stop, log))
    changer.start()
    kills = 0
    while time.monotonic() < end:
        child = run(gradphoto, root, root / "out")
        try:
            child.wait(random.uniform(0.3, 8) if kills < 40 else max(1, end - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.send_signal(signal.SIGKILL)
            child.wait()
            kills += 1
            whole_lines(root / "out" / "report.jsonl", photos)
            continue
        break
    stop.set()
    changer.join()
    log["kills"] = kills
    log["without permission"] = 1 if os.geteuid() else 0
    os.chmod(locked, 0o755)
    child = run(gradphoto, root, root / "out")
    child.wait()
    memory = peak_memory(gradphoto, root)
    lost, doubled, crossed = verify(root, photos)
    log |= {"lost": lost, "doubled": doubled, "crossed": crossed, "peak memory of the command in MB": memory}
    print(json.dumps(log, ensure_ascii=False, indent=1))
    sys.exit(1 if lost or doubled or crossed else 0)


def make_school(root: Path, count: int) -> list[Path]:
    """Photos whose colours spell their number, in classes; two classes are meddled with later."""
    rows = []
    random.seed(1)
    for number in range(count):
        folder = "locked" if number < 20 else "changing" if number < 40 else f"class {number % 50:02}"
        path = root / "photos" / folder / f"2021{number:06}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(picture(number))
        rows.append((f"2021{number:06}", f"学生{number}", folder))
    with (root / "名册.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("学号", "姓名", "班级"), *rows])
    return sorted((root / "photos").rglob("*.jpg"))


def picture(seed: int) -> bytes:
    """A small JPEG, far from every other: blots of random light."""
    random.seed(seed)
    small = Image.new("RGB", (12, 16))
    small.putdata([(random.randrange(256),) * 3 for _ in range(12 * 16)])
    out = io.BytesIO()
    small.resize((48, 64), Image.Resampling.NEAREST).save(out, "JPEG", quality=70)
    return out.getvalue()


def change(folder: Path, stop: threading.Event, log: dict[str, int]) -> None:
    """Writes the photos of a folder anew, in pieces, as a camera's program would, until told to stop."""
    while not stop.is_set():
        for path in sorted(folder.glob("*.jpg")):
            whole = path.read_bytes()
            with path.open("wb") as file:
                file.write(whole[: len(whole) // 2])
                file.flush()
                time.sleep(0.002)
                file.write(whole[len(whole) // 2 :])
            log["changed while read"] += 1
            if stop.is_set():
                return


def run(gradphoto: str, root: Path, output: Path) -> "subprocess.Popen[str]":
    has_lines = (output / "report.jsonl").exists()
    command = [gradphoto, "check", "photos", "--output", str(output), "--roster", "名册.csv", "--no-cache", "--format", "jsonl"]
    return subprocess.Popen(
        [*command, *(["--resume"] if has_lines else [])], cwd=root, text=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )


def lines(path: Path) -> list[dict]:
    """The lines that are whole; a kill may tear the last."""
    if not path.exists():
        return []
    text = path.read_bytes()
    return [json.loads(line) for line in text[: text.rfind(b"\n") + 1].splitlines()]


def whole_lines(path: Path, photos: list[Path]) -> None:
    names = [Path(line["photo"]).name for line in lines(path)]
    expect(len(names) == len(set(names)) <= len(photos), "a cut report has no line twice")


def verify(root: Path, photos: list[Path]) -> tuple[int, int, int]:
    """How many photos have no line, how many two, and how many another's bytes or another's student."""
    read = lines(root / "out" / "report.jsonl")
    names = [Path(line["photo"]).name for line in read]
    lost = len({path.name for path in photos} - set(names))
    doubled = len(names) - len(set(names))
    hashes = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in photos}
    crossed = sum("sha256" in line and line["sha256"] != hashes[Path(line["photo"]).name] for line in read if is_still(line))
    batch = json.loads((root / "out" / "batch.json").read_text("utf-8"))
    kinds = [finding["kind"] for finding in batch["findings"]]
    lost += kinds.count("missing")
    crossed += sum(kind in ("same-file", "surplus", "ambiguous", "conflict") for kind in kinds)
    with (root / "out" / "report.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    lost += len(photos) - len(rows)
    crossed += sum(Path(row["照片"]).stem != row["学号"].strip() for row in rows)
    return lost, doubled, crossed


def is_still(line: dict) -> bool:
    """Photos that were being written have the bytes of that moment."""
    return "changing" not in line["photo"]


def peak_memory(gradphoto: str, root: Path) -> int:
    """Of a run that has nothing left to check but everything to write."""
    import resource

    run(gradphoto, root, root / "out").wait()
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024


def expect(holds: bool, what: str) -> None:
    if not holds:
        raise SystemExit(f"soak: {what}")


if __name__ == "__main__":
    main()
