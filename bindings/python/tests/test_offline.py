"""Nothing opens a connection: each process runs under a filter by which the kernel ends it at its first socket of the Internet."""

import ctypes
import platform
import signal
import struct
import subprocess
import sys

import pytest
from conftest import SAMPLES

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() != "x86_64", reason="the filter is written for this system"
)


def test_the_filter_ends_whoever_opens_a_socket() -> None:
    assert run("import socket; socket.socket()") == -signal.SIGSYS


def test_a_check_opens_no_socket() -> None:
    photo = str(SAMPLES / "blue.jpg")
    assert run(f"import gradphoto; gradphoto.Checker(jobs=1).check({photo!r})") == 0


def test_onnxruntime_is_told_before_it_starts() -> None:
    assert run("import os, gradphoto; assert os.environ['ORT_DISABLE_TELEMETRY'] == '1'") == 0


def run(code: str) -> int:
    """The exit status of Python with this code under the filter."""
    return subprocess.run([sys.executable, "-c", code], preexec_fn=forbid_internet, timeout=300).returncode


def forbid_internet() -> None:
    load, jump_if_equal, give = 0x20, 0x15, 0x06
    kill, allow = 0x80000000, 0x7FFF0000
    socket, inet, inet6, call, first_argument = 41, 2, 10, 0, 16
    steps = [
        (load, 0, 0, call),
        (jump_if_equal, 0, 4, socket),
        (load, 0, 0, first_argument),
        (jump_if_equal, 1, 0, inet),
        (jump_if_equal, 0, 1, inet6),
        (give, 0, 0, kill),
        (give, 0, 0, allow),
    ]
    program = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
    filters = struct.pack("HxxxxxxP", len(steps), ctypes.addressof(program))
    no_new_privileges, seccomp, mode_filter = 38, 22, 2
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(no_new_privileges, 1, 0, 0, 0) or libc.prctl(seccomp, mode_filter, filters, 0, 0):
        raise OSError(ctypes.get_errno(), "the filter cannot be set")
