#!/usr/bin/env python3
"""A school's run under everything that goes wrong: kills, a full disk, a folder that loses its permission, photos that change.

    tests/soak/soak.py GRADPHOTO [--photos 20000] [--kills 40] [--faces 50] [--seed 1]

Makes photos, each of its own bytes, in classes with a roster: every FACES-th is a portrait of tests/conformance, the others are
small and hold no face, for what counts is the book-keeping. Runs the command again and again with --resume and

- lets the output lie on a disk of one megabyte until it is full, and goes on elsewhere with what was kept;
- kills it with SIGKILL at random moments, also while it writes the tables;
- takes the permission from a folder while its photos are read;
- writes photos anew while they are read.

In the end every photo must have one line, in order, of the bytes that lie there, and every student the own photo; only photos
that could not be read in their moment may be called unreadable. Prints what was done and found as JSON; status 1 where anything
is lost, doubled or crossed. For Linux, as root: the disk is a tmpfs, and the command runs as nobody, who may be kept out of a
folder; others leave these two out, and the log says so. Needs Pillow.
"""

import argparse
import contextlib
import csv
import hashlib
import io
import json
import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from PIL import Image

PORTRAITS = sorted((Path(__file__).parent.parent / "conformance").glob("*.jpg"))
NOBODY = 65534
MEDDLED = 20
"""Photos of each of the two classes that are meddled with."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("gradphoto", type=Path)
    parser.add_argument("--photos", type=int, default=20_000)
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--faces", type=int, default=50, help="every so manieth photo is a portrait")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    random.seed(args.seed)
    root = Path(tempfile.mkdtemp(prefix="gradphoto-soak-"))
    root.chmod(0o755)
    try:
        Soak(args.gradphoto.absolute(), root, args.photos, args.faces).run(args.kills)
    finally:
        subprocess.run(["umount", root / "small"], stderr=subprocess.DEVNULL, check=False)
        shutil.rmtree(root, ignore_errors=True)


class Soak:
    def __init__(self, gradphoto: Path, root: Path, count: int, faces: int) -> None:
        self.gradphoto, self.root, self.out = gradphoto, root, root / "out"
        self.photos = make_school(root, count, faces)
        self.log: dict[str, object] = {"photos": count, "portraits": (count + faces - 1) // faces}
        self.is_over = threading.Event()
        self.user = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
        self.own(root)

    def own(self, folder: Path) -> None:
        for path in [folder, *folder.rglob("*")] if self.user else []:
            os.chown(path, NOBODY, NOBODY)

    def run(self, kills: int) -> None:
        start = time.monotonic()
        if self.user:
            self.fill_a_disk()
        else:
            self.log["left out without root"] = "full disk, lost permission"
        meddlers = [threading.Thread(target=meddle) for meddle in ((self.change, self.lock) if self.user else (self.change,))]
        for meddler in meddlers:
            meddler.start()
        killed = without_locked = 0
        while True:
            child = self.command(self.out)
            # Spread over the whole run however fast the machine is, some while the tables are written.
            until = self.written() + random.randint(1, 2 * len(self.photos) // max(1, kills))
            if killed < kills and not self.ends_before(child, until):
                child.send_signal(signal.SIGKILL)
                child.wait()
                killed += 1
                self.expect_whole()
                continue
            child.wait()
            said = child.stderr.read()
            expect(child.returncode in (0, 1), f"status {child.returncode}: {said[-500:]}")
            passed_over = json.loads((self.out / "batch.json").read_text("utf-8"))["passed_over"]
            if any(entry["path"] == "photos/locked" for entry in passed_over):
                # The locked folder shows no photos, and that is said: they are looked at when it is open again.
                without_locked += 1
                time.sleep(0.3)
                continue
            break
        self.is_over.set()
        for meddler in meddlers:
            meddler.join()
        expect(killed > kills // 4, f"the command ended by itself after {killed} of {kills} kills")
        self.log |= {"kills": killed, "ended while a folder was locked": without_locked}
        lost, doubled, crossed = self.verify()
        self.log |= {
            "lost": lost,
            "doubled": doubled,
            "crossed": crossed,
            "peak memory of the command in MB": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024,
            "seconds": round(time.monotonic() - start),
        }
        print(json.dumps(self.log, ensure_ascii=False, indent=1))
        sys.exit(1 if lost or doubled or crossed else 0)

    def ends_before(self, child: "subprocess.Popen[str]", until: int) -> bool:
        """Waits until so many photos are known, and where these are all, as long as tables may take; whether the command has ended by
        then."""
        while child.poll() is None and self.written() < min(until, len(self.photos)):
            time.sleep(0.01)
        try:
            child.wait(random.uniform(0, 3 if until >= len(self.photos) else 0.1))
        except subprocess.TimeoutExpired:
            return False
        return True

    def command(self, output: Path) -> "subprocess.Popen[str]":
        command = [self.gradphoto, "check", "photos", "--output", output, "--roster", "名册.csv", "--resume", "--format", "jsonl"]
        return subprocess.Popen(
            [*command, "--lang", "zh"],
            cwd=self.root, text=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, **self.user,
        )  # fmt: skip

    def fill_a_disk(self) -> None:
        """A disk that is too small: the run stops with a word, and what was written is whole."""
        small = self.root / "small"
        small.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size=1m,uid={NOBODY}", "none", small], check=True)
        child = self.command(small / "out")
        code, said = child.wait(), child.stderr.read()
        expect(code == 2 and "磁盘已满" in said, f"a full disk ends with status 2 and a word, not {code}: {said[-300:]}")
        self.log["photos kept before the disk was full"] = len(kept(small / "out"))
        shutil.copytree(small / "out", self.out)
        self.own(self.out)

    def change(self) -> None:
        """Writes the photos of a class anew, in two pieces, as a camera's program would."""
        changed = 0
        while not self.is_over.is_set():
            for path in (path for path in self.photos if path.parent.name == "changing"):
                whole = path.read_bytes()
                with path.open("wb") as file:
                    file.write(whole[: len(whole) // 2])
                    file.flush()
                    time.sleep(0.005)
                    file.write(whole[len(whole) // 2 :])
                changed += 1
            time.sleep(0.05)
        self.log["photos written anew while they may be read"] = changed

    def lock(self) -> None:
        """Takes the permission from a class while its photos are read, and gives it back when that is past."""
        locked = self.root / "photos" / "locked"
        first = next(place for place, path in enumerate(self.photos) if path.parent == locked)
        while self.written() < first + 2 and not self.is_over.is_set():
            time.sleep(0.02)
        locked.chmod(0)
        self.log["a folder lost its permission after so many photos"] = self.written()
        until = time.monotonic() + 20
        while self.written() < first + MEDDLED and time.monotonic() < until and not self.is_over.is_set():
            time.sleep(0.02)
        locked.chmod(0o755)

    def written(self) -> int:
        """About how far a run is: its store is nobody else's while it works, and its report grows by lines of much the same length."""
        begun = self.out / "report.jsonl.part"
        try:
            with begun.open("rb") as file:
                start = file.read(1 << 20)
            lines = start.count(b"\n")
            return begun.stat().st_size * lines // max(1, start.rfind(b"\n"))
        except FileNotFoundError:
            return 0

    def expect_whole(self) -> None:
        """What a kill leaves: results that are whole or none at all, and of each photo that was looked at its own hash."""
        report = self.out / "report.jsonl"
        if report.exists():
            names = [line["photo"] for line in lines(report)]
            expected = [name for name in self.names() if name in set(names) or not name.startswith("photos/locked/")]
            expect(names == expected, "a report holds its photos once and in order")
        of_their_own = {str(path): path for path in self.photos if path.parent.name not in ("changing", "locked")}
        known = sorted(kept(self.out).items())
        for name, sha256 in random.sample(known, min(50, len(known))):
            if name in of_their_own:
                expect(hashlib.sha256(of_their_own[name].read_bytes()).hexdigest() == sha256, f"{name} is known by its own bytes")

    def names(self) -> list[str]:
        return [str(path.relative_to(self.root)) for path in self.photos]

    def verify(self) -> tuple[int, int, int]:
        """How many photos have no line, how many two, and how many another's bytes or another's student."""
        read = lines(self.out / "report.jsonl")
        names = [line["photo"] for line in read]
        lost, doubled = len(set(self.names()) - set(names)), len(names) - len(set(names))
        hashes = {name: hashlib.sha256((self.root / name).read_bytes()).hexdigest() for name in self.names()}
        is_meddled = {name: path.parent.name in ("changing", "locked") for name, path in zip(self.names(), self.photos)}
        unreadable = [line["photo"] for line in read if "error" in line]
        self.log["unreadable in their moment"] = len(unreadable)
        crossed = sum(not is_meddled[name] for name in unreadable)
        crossed += sum(line["sha256"] != hashes[line["photo"]] for line in read if "error" not in line and not is_meddled[line["photo"]])
        batch = json.loads((self.out / "batch.json").read_text("utf-8"))
        kinds = [finding["kind"] for finding in batch["findings"]]
        lost += kinds.count("missing")
        crossed += sum(kind in ("same-file", "surplus", "ambiguous", "conflict", "several-photos") for kind in kinds)
        with (self.out / "report.csv").open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        lost += abs(len(self.photos) - len(rows))
        crossed += sum(Path(row["照片"]).stem != row["学号"].strip() for row in rows)
        return lost, doubled, crossed


def kept(folder: Path) -> dict[str, str]:
    """Path and hash of every photo that was looked at; none before the file beside the results is there."""
    store = folder / "gradphoto.sqlite"
    if not store.exists():
        return {}
    with contextlib.closing(sqlite3.connect(store, timeout=20)) as connection:
        try:
            return {path.decode(): sha256 for path, sha256 in connection.execute("SELECT path, sha256 FROM files")}
        except sqlite3.OperationalError as error:
            expect("no such table" in str(error), str(error))
            return {}


def make_school(root: Path, count: int, faces: int) -> list[Path]:
    """Photos and their roster; returns the photos in the order in which they are checked."""
    rows, photos = [], []
    for number in range(count):
        # Checked after half of the classes, so that much is written when they come.
        folder = "locked" if number < MEDDLED else "changing" if number < 2 * MEDDLED else f"{'abmz'[number % 4]} class {number % 48:02}"
        path = root / "photos" / folder / f"2021{number:06}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(portrait(number) if number % faces == 0 else blots())
        photos.append(path)
        rows.append((f"2021{number:06}", f"学生{number}", folder))
    with (root / "名册.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("学号", "姓名", "班级"), *rows])
    return sorted(photos)


def portrait(number: int) -> bytes:
    """One of the portraits with a comment of its own."""
    whole = PORTRAITS[number % len(PORTRAITS)].read_bytes()
    comment = f"soak {number}".encode()
    return whole[:2] + b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment + whole[2:]


def blots() -> bytes:
    """A small JPEG, far from every other."""
    small = Image.frombytes("L", (12, 16), random.randbytes(12 * 16)).convert("RGB")
    out = io.BytesIO()
    small.resize((48, 64), Image.Resampling.NEAREST).save(out, "JPEG", quality=70)
    return out.getvalue()


def lines(path: Path) -> list[dict]:
    """The lines that are whole; a kill may tear the last."""
    if not path.exists():
        return []
    text = path.read_bytes()
    return [json.loads(line) for line in text[: text.rfind(b"\n") + 1].splitlines()]


def expect(holds: bool, what: str) -> None:
    if not holds:
        raise SystemExit(f"soak: {what}")


if __name__ == "__main__":
    main()
