"""How the service bears many callers: GRADPHOTO_LOAD=600 for ten minutes of 32. `pytest -s` prints what a photo costs beside the command."""

import json
import os
import resource
import shutil
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

from conftest import COMMAND, SAMPLES, environment
from test_service import PHOTO, Service, serve  # noqa: F401, the fixture

CLIENTS = 32
LOAD_SECONDS = float(os.environ.get("GRADPHOTO_LOAD", "30"))
PHOTOS = 40


def test_many_callers_are_answered_and_memory_stays(serve: Callable[[], Service], tmp_path: Path) -> None:  # noqa: F811
    folder = tmp_path / "photos"
    folder.mkdir()
    for number in range(PHOTOS):
        shutil.copy(SAMPLES / "blue.jpg", folder / f"{number}.jpg")

    def worked_by_command(*photos: str) -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([COMMAND, "check", *photos, "--format", "jsonl"], cwd=folder, capture_output=True, env=environment(tmp_path))
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    def command_each() -> float:
        # Without what it takes to start.
        return (worked_by_command(".") - worked_by_command("0.jpg")) / (PHOTOS - 1)

    command = command_each()

    service = serve()

    def worked() -> float:
        fields = Path(f"/proc/{service.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory_mb() -> float:
        lines = Path(f"/proc/{service.process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024

    def load(seconds: float) -> tuple[list[float], int]:
        took: list[float] = []
        refused = [0]
        end = time.monotonic() + seconds

        def client() -> None:
            while time.monotonic() < end:
                began = time.monotonic()
                code, headers, _ = service.ask("/v1/check", PHOTO)
                if code == 503:
                    refused[0] += 1
                    time.sleep(float(headers["retry-after"]) / 4)
                else:
                    assert code == 200
                    took.append(time.monotonic() - began)

        threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return took, refused[0]

    load(5)
    memory, before = memory_mb(), worked()
    took, refused = load(LOAD_SECONDS)
    each = (worked() - before) / len(took)
    grown = memory_mb() - memory
    # A machine may be busier during the load than it was before.
    command = max(command, command_each())
    took.sort()
    print(json.dumps({
        "cpu s a photo, command": command, "service": each, "photos": len(took), "refused": refused,
        "p50 s": took[len(took) // 2], "p95 s": took[len(took) * 95 // 100], "MB": memory, "grown MB": grown,
    }))
    assert took
    assert grown < 0.1 * memory
