"""Many machines: photos checked by a pool of actors of Ray Data. Install with `pip install gradphoto[ray]`."""

import os
from collections.abc import Iterator, Mapping
from typing import Any

import pyarrow

from gradphoto._checker import Checker
from gradphoto._gradphoto import Source
from gradphoto._profile import Profile
from gradphoto._source import source
from gradphoto._table import photo_row


class Check:
    """Checks batches of photos; a class for `Dataset.map_batches`, whose every actor loads the models once.

    A batch comes with the column `bytes` (files, as `ray.data.read_binary_files` reads them, with `include_paths=True` for
    their names) or only with `path`, which every machine must then be able to open. It goes back without the bytes and with the
    columns of `to_dataframe`: `photo`, `verdict`, `error`, `sha256`, and for each rule its value and its verdict. Every photo is
    one row, also one that cannot be checked. Whatever other columns came with the batch stay; one that is called as a result is
    refused.

    Args:
        profile: As for `Checker`.
        jobs: Threads of each actor. Leave it at 1, with `num_cpus=1`, and take one actor a core.

    Example:
        ```python
        photos = ray.data.read_binary_files("s3://province/photos", include_paths=True)
        actors = ray.data.ActorPoolStrategy(size=16)
        results = photos.map_batches(Check, batch_size=32, batch_format="pyarrow", num_cpus=1, compute=actors)
        results.write_parquet("s3://province/results")
        ```
    """

    def __init__(
        self, profile: str | os.PathLike[str] | Profile | Mapping[str, Any] = Profile.DEFAULT, jobs: int = 1
    ) -> None:
        self._checker = Checker(profile, jobs=jobs)
        measures = [
            column
            for rule in self._checker.profile.rules()
            for column in ((rule.id, pyarrow.float64()), (f"{rule.id}.verdict", pyarrow.string()))
        ]
        facts = [(name, pyarrow.string()) for name in ("photo", "verdict", "error", "sha256")]
        # Fixed, so that a batch without a single readable photo still fits the others in one Parquet file.
        self._schema = pyarrow.schema(facts + measures)

    def __call__(self, batch: "Mapping[str, Any] | pyarrow.Table") -> pyarrow.Table:
        """The batch with its results.

        Raises:
            ValueError: The batch has neither bytes nor paths, or columns that are called as results.
        """
        table = batch if isinstance(batch, pyarrow.Table) else pyarrow.table(dict(batch))
        if taken := sorted(set(table.column_names) & set(self._schema.names)):
            raise ValueError(f"the results have columns of these names too, rename them first: {', '.join(taken)}")
        results = self._checker._results(_sources(table), None, progress=False)
        checked = pyarrow.Table.from_pylist([photo_row(result) for result in results], schema=self._schema)
        for name in table.column_names:
            if name != "bytes":
                checked = checked.append_column(name, table[name])
        return checked


def _sources(table: pyarrow.Table) -> Iterator[Source]:
    """The photos of a batch; a row without contents or path is one that cannot be read."""
    names = table["path"].to_pylist() if "path" in table.column_names else [None] * table.num_rows
    if "bytes" in table.column_names:
        return (source(contents or b"", name) for contents, name in zip(table["bytes"].to_pylist(), names))
    if "path" not in table.column_names:
        raise ValueError(f"a batch has the column bytes or path, not only {', '.join(table.column_names)}")
    return (source(name or "") for name in names)
