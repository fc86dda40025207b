"""Many photos: in order, with flat memory, stopped at any moment."""

import io
import os
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy
import pytest
from PIL import Image

from gradphoto import Checker, DecodeError, Report, find_photos

BLUE = "tests/samples/blue.jpg"


def test_results_are_those_of_one_at_a_time_in_input_order(checker: Checker, folder: Callable[[int], Path]) -> None:
    photos = find_photos(folder(24))
    results = list(Checker(jobs=3).check_many(photos))
    assert len(results) == 24
    for photo, result in zip(photos, results):
        if isinstance(result, Report):
            assert result.to_json() == checker.check(photo).to_json()
        else:
            with pytest.raises(type(result)):
                checker.check(photo)


def test_a_broken_photo_is_a_value_in_its_place(checker: Checker) -> None:
    first, second, third, fourth = checker.check_many([BLUE, "absent.jpg", b"no photo", BLUE])
    assert isinstance(first, Report) and first == fourth
    assert isinstance(second, FileNotFoundError) and isinstance(third, ValueError)


def test_only_a_few_photos_are_taken_ahead() -> None:
    taken = 0

    def endless() -> Iterator[str]:
        nonlocal taken
        while True:
            taken += 1
            yield "absent.jpg"

    results = Checker(jobs=2).check_many(endless())
    assert taken == 0
    for wanted in range(1, 200):
        assert isinstance(next(results), FileNotFoundError)
        assert taken - wanted <= 16
    results.close()


def test_memory_stays_flat() -> None:
    code = f"""
import resource, gradphoto
data = open({BLUE!r}, "rb").read() + bytes(2_000_000)
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
results = gradphoto.Checker(jobs=2).check_many((data + bytes([n]) for n in range(150)), progress=False)
for _ in range(50): next(results)
early = peak()
assert sum(1 for _ in results) == 100
print(peak() - early)
"""
    grown_mb = float(python(code))
    # 100 photos more, 2 MB each.
    assert grown_mb < 50


def test_the_input_may_fail(checker: Checker) -> None:
    def photos() -> Iterator[str]:
        yield BLUE
        raise ConnectionError("storage is gone")

    results = checker.check_many(photos())
    assert isinstance(next(results), Report)
    with pytest.raises(ConnectionError, match="storage is gone"):
        next(results)
    with pytest.raises(StopIteration):
        next(results)


def test_a_wrong_type_is_a_programming_error(checker: Checker) -> None:
    with pytest.raises(TypeError, match="not int"):
        list(checker.check_many([5]))


def test_photos_without_a_path_are_told_apart(checker: Checker) -> None:
    data, picture = Path(BLUE).read_bytes(), Image.open(BLUE).convert("RGB")
    photos = [data, ("zhang.jpg", data), numpy.asarray(picture), picture, ("li", picture), BLUE, data]
    results = checker.check_many(photos, progress=False)
    names = [result.photo for result in results if isinstance(result, Report)]
    assert names == ["bytes[0].jpg", "zhang.jpg", "array[2]", "image[3]", "li", BLUE, "bytes[6].jpg"]


def test_one_photo_is_not_taken_for_its_rows(checker: Checker) -> None:
    picture = Image.open(BLUE).convert("RGB")
    pixels = numpy.asarray(picture)
    ones: list[Any] = [Path(BLUE).read_bytes(), picture, pixels, pixels[:, :, 0], pixels / 255, io.BytesIO()]
    for one in ones:
        with pytest.raises(TypeError, match="is one, for check"):
            list(checker.check_many(one))
    with pytest.raises(TypeError, match=r"give its items\(\)"):
        list(checker.check_many({"a.jpg": pixels}))
    assert len(list(checker.check_many(numpy.stack([pixels, pixels]), progress=False))) == 2
    assert len(list(checker.check_many(numpy.array([BLUE, BLUE]), progress=False))) == 2


def test_pixels_that_cannot_be_read_end_nobodys_work(checker: Checker) -> None:
    damaged = Image.open(io.BytesIO(Path(BLUE).read_bytes()[:9000]))
    photos = [BLUE, damaged, ("zhang", numpy.zeros((640, 480, 3))), BLUE]
    first, second, third, fourth = checker.check_many(photos, progress=False)
    assert isinstance(first, Report) and first == fourth
    assert isinstance(second, DecodeError) and second.photo == "image[1]" and "truncated" in str(second)
    assert isinstance(third, DecodeError) and third.photo == "zhang" and "uint8" in str(third)


def test_a_name_that_cannot_be_ends_nobodys_work(checker: Checker) -> None:
    photos = [BLUE, "2026/\ud800.jpg", ("\udfff.jpg", Path(BLUE).read_bytes()), BLUE]
    first, second, third, fourth = checker.check_many(photos, progress=False)
    assert isinstance(first, Report) and first == fourth
    assert isinstance(second, DecodeError) and second.photo == "2026/\\ud800.jpg" and second.photo in second.message("zh")
    assert isinstance(third, DecodeError) and third.photo == "\\udfff.jpg" and "correct it" in str(third)


def test_leaving_early_and_starting_again(checker: Checker) -> None:
    for _ in range(5):
        for result in checker.check_many([BLUE] * 50):
            assert isinstance(result, Report)
            break
    assert len(list(checker.check_many([BLUE] * 3))) == 3


def test_several_runs_of_one_checker_at_a_time(checker: Checker) -> None:
    first, second = checker.check_many([BLUE] * 4), checker.check_many(["absent.jpg"] * 4)
    kinds = [(type(a), type(b)) for a, b in zip(first, second)]
    assert kinds == [(Report, FileNotFoundError)] * 4


def test_a_program_may_end_in_the_middle() -> None:
    code = f"""
import sys, gradphoto
checker = gradphoto.Checker()
results = checker.check_many([{BLUE!r}] * 100)
next(results)
loop = [results]; loop.append(loop)
sys.exit(7)
"""
    for _ in range(3):
        assert subprocess.run([sys.executable, "-c", code]).returncode == 7


def interrupted(start: str, work: str, seconds: float) -> str:
    """What a program says when Ctrl-C is pressed so long after it was ready, which is after `start`, while it does its `work`."""
    code = f"""
import gradphoto, itertools
{start}
print("ready", flush=True)
try:
    {work}
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""
    run = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert run.stdout and run.stdout.readline() == "ready\n"
    time.sleep(seconds)
    run.send_signal(signal.SIGINT)
    return run.communicate(timeout=20)[0]


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_ctrl_c_ends_a_run_at_once() -> None:
    start = f"results = gradphoto.Checker().check_many(itertools.repeat({BLUE!r})); assert next(results)"
    assert interrupted(start, "for _ in results: pass", 0.3) == "interrupted\n"


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals, and links")
@pytest.mark.parametrize(
    "work",
    [
        "gradphoto.find_photos(folder)",
        "next(gradphoto.Checker().check_many(folder))",
        "gradphoto.Batch(folders=folder, graduation='2026-06').finish()",
    ],
)
def test_ctrl_c_ends_a_long_search(tmp_path: Path, work: str) -> None:
    # Each folder has two links to the next, so that there are as many paths as nobody can wait for.
    for depth in range(30):
        (tmp_path / str(depth)).mkdir()
        for link in "ab":
            (tmp_path / str(depth) / link).symlink_to(tmp_path / str(depth + 1))
    (tmp_path / "30").mkdir()
    assert interrupted(f"folder = {str(tmp_path / '0')!r}", work, 1) == "interrupted\n"


def test_a_bar_only_where_someone_looks() -> None:
    code = f"import gradphoto; list(gradphoto.Checker().check_many([{BLUE!r}] * 3))"
    assert subprocess.run([sys.executable, "-c", code], stderr=subprocess.PIPE, check=True).stderr == b""
    if sys.platform != "win32":
        import fcntl
        import pty
        import termios

        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        subprocess.run([sys.executable, "-c", code], stderr=theirs, check=True)
        os.close(theirs)
        assert b"3/3" in os.read(ours, 10_000)
        os.close(ours)


def python(code: str) -> str:
    """What a Python of its own prints."""
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
