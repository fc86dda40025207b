"""Ray Data gives what one process gives, loses nothing and doubles nothing."""

import os
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet
import pytest
import ray

from gradphoto import Checker, find_photos
from gradphoto._errors import photo_of
from gradphoto.ray import Check


# The workers cannot import this file, so its class travels whole.
ray.cloudpickle.register_pickle_by_value(sys.modules[__name__])
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module")
def photos(folder: Callable[[int], Path]) -> Path:
    return folder(60)


@pytest.fixture(scope="module")
def wanted(checker: Checker, photos: Path) -> dict[str, str | None]:
    results = list(checker.check_many(find_photos(photos)))
    return {str(photo_of(r) if isinstance(r, Exception) else r.photo): getattr(r, "verdict", None) for r in results}


def verdicts(table: pyarrow.Table) -> dict[str, str | None]:
    assert max(Counter(table["path"].to_pylist()).values()) == 1
    return dict(zip(table["path"].to_pylist(), table["verdict"].to_pylist()))


def checked(dataset: Any, check: Any = Check, batch_size: int = 5, **options: Any) -> Any:
    actors = ray.data.ActorPoolStrategy(size=2)
    return dataset.map_batches(check, batch_size=batch_size, batch_format="pyarrow", num_cpus=1, compute=actors, **options)


def test_a_row_without_contents_ends_nobodys_work() -> None:
    check, data = Check(), Path("tests/samples/blue.jpg").read_bytes()
    contents = pyarrow.array([data, None], pyarrow.binary())
    both = check(pyarrow.table({"bytes": contents, "path": ["a.jpg", "b.jpg"]}))
    assert both["photo"].to_pylist() == ["a.jpg", "b.jpg"] and both["verdict"].to_pylist() == ["fail", None]
    assert check({"bytes": contents})["verdict"].to_pylist() == ["fail", None], "read without include_paths"
    assert check({"path": ["tests/samples/blue.jpg", None]})["verdict"].to_pylist() == ["fail", None]
    with pytest.raises(ValueError, match="bytes or path, not only url"):
        check({"url": ["a"]})
    with pytest.raises(ValueError, match="rename them first: photo, verdict"):
        check({"path": ["a.jpg"], "verdict": ["mine"], "photo": ["a"]})


def read(results: Path) -> pyarrow.Table:
    return pyarrow.parquet.read_table(results)


def test_a_folder_to_parquet(ray_cluster: None, photos: Path, wanted: dict[str, str | None], tmp_path: Path) -> None:
    checked(ray.data.read_binary_files(str(photos), include_paths=True)).write_parquet(str(tmp_path / "results"))
    table = read(tmp_path / "results")
    assert verdicts(table) == wanted and "bytes" not in table.column_names


def test_parquet_to_parquet(ray_cluster: None, photos: Path, wanted: dict[str, str | None], tmp_path: Path) -> None:
    files = find_photos(photos)
    rows = {"student": range(60), "path": map(str, files), "bytes": (file.read_bytes() for file in files)}
    pyarrow.parquet.write_table(pyarrow.table({k: list(v) for k, v in rows.items()}), tmp_path / "photos.parquet")
    dataset = ray.data.read_parquet(str(tmp_path / "photos.parquet"))
    checked(dataset, fn_constructor_kwargs={"profile": "graduation-blue"}).write_parquet(str(tmp_path / "results"))
    table = read(tmp_path / "results")
    assert verdicts(table) == wanted
    students = dict(zip(table["path"].to_pylist(), table["student"].to_pylist()))
    assert students == {str(file): number for number, file in enumerate(files)}


def test_paths_alone_and_a_batch_of_nothing_but_errors() -> None:
    check = Check()
    readable = check({"path": ["tests/samples/blue.jpg"]})
    unreadable = check({"path": ["absent.jpg"]})
    assert readable.schema == unreadable.schema
    assert unreadable["verdict"].to_pylist() == [None] and "No such file" in unreadable["error"][0].as_py()


class Slow(Check):
    """A check that leaves its process id and takes its time, so that it can be killed at work."""

    def __init__(self, pids: str) -> None:
        super().__init__()
        Path(pids, str(os.getpid())).touch()
        self.pids = Path(pids)

    def __call__(self, batch: Any) -> pyarrow.Table:
        time.sleep(0.4)
        result = super().__call__(batch)
        (self.pids / f"{os.getpid()}-at-work").touch()
        return result


def test_a_killed_worker_loses_and_doubles_nothing(
    ray_cluster: None, photos: Path, wanted: dict[str, str | None], tmp_path: Path
) -> None:
    pids = tmp_path / "pids"
    pids.mkdir()
    killed = []

    def kill() -> None:
        while not (at_work := list(pids.glob("*-at-work"))):
            time.sleep(0.05)
        killed.append(int(at_work[0].name.split("-")[0]))
        os.kill(killed[0], signal.SIGKILL)

    killer = threading.Thread(target=kill, daemon=True)
    killer.start()
    dataset = ray.data.read_binary_files(str(photos), include_paths=True)
    checked(dataset, Slow, fn_constructor_args=[str(pids)]).write_parquet(str(tmp_path / "results"))
    killer.join(timeout=10)
    workers = {path.name for path in pids.iterdir() if path.name.isdigit()}
    assert len(killed) == 1 and len(workers) == 3, "two workers, and one in place of the killed one"
    assert verdicts(read(tmp_path / "results")) == wanted
