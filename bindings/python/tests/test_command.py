"""The command that the package installs is the command."""

import importlib.util
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from gradphoto import Checker, Report, find_photos

COMMAND = str(Path(sys.executable).with_name("gradphoto"))


def run(*args: str | Path, **options: object) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([COMMAND, *map(str, args)], capture_output=True, text=True, **options)  # type: ignore[call-overload,no-any-return]


def test_json_is_the_same_byte_for_byte(checker: Checker, folder: Callable[[int], Path]) -> None:
    photos = folder(24)
    printed = run("check", photos, "--format", "jsonl").stdout.splitlines()
    results = list(checker.check_many(photos))
    assert len(printed) == len(results) == 24
    for line, result in zip(printed, results):
        assert line == result.to_json() if isinstance(result, Report) else json.loads(line)["error"]["message"]


def test_photos_are_found_in_the_same_order(folder: Callable[[int], Path]) -> None:
    photos = folder(12)
    (photos / "2.jpg").touch()
    (photos / "10.jpg").touch()
    printed = run("check", photos, "--format", "jsonl").stdout.splitlines()
    assert [json.loads(line)["photo"] for line in printed] == [str(photo) for photo in find_photos(photos)]
    with pytest.raises(FileNotFoundError, match="no photo found"):
        find_photos("tests/tests")


def test_exit_status() -> None:
    assert run("check", "tests/samples").returncode == 1
    assert run("check", "tests/samples", "--profile", "he-2071").returncode == 2
    assert run("--no-such-option").returncode == 2
    assert run("--help").returncode == 0
    assert "gradphoto check" in run("--help").stdout
    module = subprocess.run([sys.executable, "-m", "gradphoto", "profile", "list"], capture_output=True, text=True, check=True)
    assert module.stdout == run("profile", "list").stdout


def test_engine_can_be_chosen() -> None:
    def engine(*options: str, **env: str) -> str:
        printed = run("check", "tests/samples/blue.jpg", "--format", "jsonl", *options, env=os.environ | env).stdout
        runtime: str = json.loads(printed)["engine"]["runtime"]
        return runtime.split()[0]

    has_onnxruntime = importlib.util.find_spec("onnxruntime") is not None
    assert has_onnxruntime == (sys.version_info >= (3, 11)), "there is no ONNX Runtime 1.24 for Python 3.10"
    assert engine() == ("onnxruntime" if has_onnxruntime else "tract")
    assert engine("--engine", "tract") == "tract"


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_ctrl_c_ends_after_a_whole_line(folder: Callable[[int], Path]) -> None:
    photos = folder(300)
    command = [COMMAND, "check", str(photos), "--format", "jsonl", "--jobs", "1", "--lang", "en"]
    check = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert check.stdout
    first = check.stdout.readline()
    time.sleep(0.3)
    check.send_signal(signal.SIGINT)
    rest, said = check.communicate(timeout=20)
    assert check.returncode == 2 and "stopped after" in said
    assert all(json.loads(line) for line in [first, *rest.splitlines()])
