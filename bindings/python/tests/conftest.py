"""What the tests share. All run in the root of the repository, so that paths are those of the documents."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import gradphoto

REPOSITORY = Path(__file__).resolve().parents[3]
SAMPLES = REPOSITORY / "tests" / "samples"


@pytest.fixture(autouse=True)
def _in_the_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(REPOSITORY)


@pytest.fixture(scope="session")
def checker() -> gradphoto.Checker:
    return gradphoto.Checker()


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Path]:
    """Makes a folder of so many photos: labelled ones where `GRADPHOTO_PHOTOS` names their folder, else the samples."""
    labelled = Path(os.environ.get("GRADPHOTO_PHOTOS", ""), "images")
    pool = sorted(labelled.iterdir())[::40] if labelled.is_dir() else sorted(SAMPLES.glob("*.jpg"))

    def make(photos: int) -> Path:
        made = tmp_path_factory.mktemp("photos")
        for number in range(photos):
            original = pool[number % len(pool)]
            (made / f"{number:03}-{original.name}").symlink_to(original)
        return made

    return make


@pytest.fixture(scope="session")
def ray_cluster() -> Iterator[None]:
    """Two workers on this machine, and no more memory than a small machine has."""
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    import ray

    ray.init(num_cpus=4, object_store_memory=200 << 20, include_dashboard=False, log_to_driver=False)
    ray.data.DataContext.get_current().enable_progress_bars = False
    yield
    ray.shutdown()
