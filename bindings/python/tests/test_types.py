"""Types: the stub is what the native module is, and everything passes mypy's strict mode."""

import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1]
ALLOWED = ["--allowlist", str(PACKAGE / "tests/stubtest-allowed.txt"), "--ignore-unused-allowlist"]


@pytest.mark.parametrize(
    "command",
    [
        ["mypy.stubtest", "gradphoto", "--mypy-config-file", "pyproject.toml", *ALLOWED],
        ["mypy", "-p", "gradphoto"],
        ["mypy", "tests", "examples"],
    ],
    ids=["stubtest", "package", "tests"],
)
def test_types(command: list[str]) -> None:
    run = subprocess.run([sys.executable, "-m", *command], cwd=PACKAGE, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
