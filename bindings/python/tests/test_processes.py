"""Threads, forks and fresh processes."""

import multiprocessing
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from gradphoto import Checker, find_photos

BLUE = "tests/samples/blue.jpg"
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="no fork there")


def test_eight_threads_share_one_checker(checker: Checker) -> None:
    photos = ["tests/samples/blue.jpg", "tests/samples/enlarged.jpg", "tests/samples/low-quality.jpg"] * 16
    alone = {photo: checker.check(photo).to_json() for photo in set(photos)}
    with ThreadPoolExecutor(8) as threads:
        reports = threads.map(checker.check, photos)
        assert [report.to_json() for report in reports] == [alone[photo] for photo in photos]


def test_other_threads_run_while_a_photo_is_checked(checker: Checker) -> None:
    ticks = 0
    done = threading.Event()

    def tick() -> None:
        nonlocal ticks
        while not done.wait(0.001):
            ticks += 1

    ticking = threading.Thread(target=tick)
    ticking.start()
    for _ in range(10):
        checker.check(BLUE)
    done.set()
    ticking.join()
    # One switch per check would be 10; without the lock a tick comes every few milliseconds.
    assert ticks > 30


def verdict(checker: Checker, photo: str) -> str:
    return checker.check(photo).verdict.value


def verdicts(checker: Checker, photos: list[Path]) -> list[str]:
    return [str(getattr(result, "verdict", type(result).__name__)) for result in checker.check_many(photos)]


@pytest.mark.parametrize("method", multiprocessing.get_all_start_methods())
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_pools_of_processes_after_a_check(checker: Checker, folder: Callable[[int], Path], method: str) -> None:
    photos = find_photos(folder(6))
    wanted = verdicts(checker, photos)
    with multiprocessing.get_context(method).Pool(2) as pool:
        assert pool.starmap_async(verdict, [(checker, BLUE)] * 4).get(120) == [verdict(checker, BLUE)] * 4
        assert pool.apply_async(verdicts, (checker, photos)).get(120) == wanted
    assert verdicts(checker, photos) == wanted


FORK = f"""
import os, sys, threading, gradphoto
checker = gradphoto.Checker(jobs=2)
BLUE = {BLUE!r}
wanted = checker.check(BLUE)

def child(work):
    pid = os.fork()
    if pid == 0:
        try:
            work()
        except SystemExit:
            raise  # a child of this child that ends as it should
        except BaseException as error:
            print(repr(error), file=sys.stderr, flush=True)
            os._exit(1)
        sys.exit(0) if threading.active_count() == 1 else os._exit(0)
    return os.waitpid(pid, 0)[1]
"""


@POSIX
@pytest.mark.parametrize(
    "story",
    [
        # The inherited checker, used at once.
        "assert child(lambda: [None for _ in range(2) if checker.check(BLUE) != wanted and 1 / 0]) == 0",
        # Threads of the pool ran in the parent, and run in parent and child afterwards.
        """
list(checker.check_many([BLUE] * 8))
def work():
    assert [report for report in checker.check_many([BLUE] * 8)] == [wanted] * 8
assert child(work) == 0
assert len(list(checker.check_many([BLUE] * 8))) == 8
""",
        # A run is under way: the child may not go on with it, but may do its own, and the parent's goes on.
        """
results = checker.check_many([BLUE] * 40)
next(results)
def work():
    try:
        next(results)
    except RuntimeError as error:
        assert "parent" in str(error)
    else:
        assert False
    assert checker.check(BLUE) == wanted
    assert len(list(checker.check_many([BLUE] * 4))) == 4
for _ in range(10):
    assert child(work) == 0
assert len(list(results)) == 39
""",
        # Other threads are checking at the moment of the fork, also in a child of a child.
        """
done = threading.Event()
def busy():
    while not done.is_set():
        checker.check(BLUE)
threads = [threading.Thread(target=busy, daemon=True) for _ in range(3)]
[thread.start() for thread in threads]
def work():
    assert checker.check(BLUE) == wanted
    assert child(lambda: checker.check(BLUE)) == 0
for _ in range(6):
    assert child(work) == 0
done.set()
[thread.join() for thread in threads]
""",
        # The child makes its own checker.
        "assert child(lambda: gradphoto.Checker('he-2017').check(BLUE)) == 0",
        # The child does nothing with what it inherited, and ends in good order.
        "results = checker.check_many([BLUE] * 40); next(results)\nassert child(lambda: None) == 0",
    ],
    ids=["check", "pool", "under-way", "threads", "own-checker", "nothing"],
)
def test_a_fork_after_a_check(story: str) -> None:
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", FORK + story], timeout=120, stderr=subprocess.PIPE, env=os.environ
    )
    assert (run.stderr.decode(), run.returncode) == ("", 0)
