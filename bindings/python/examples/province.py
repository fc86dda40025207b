"""Checks the photos of a province on a Ray cluster: `python province.py PHOTOS RESULTS`.

PHOTOS is a folder or an address such as `s3://bucket/photos`; or with the ending `.parquet` a table with the columns `path`
and `bytes`. RESULTS is where the Parquet files go. Every photo is one row, also one that cannot be read.
"""

import os
import sys

# Ray counts its users unless told not to; nothing here goes anywhere but to the results.
os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")

import ray  # noqa: E402

from gradphoto.ray import Check  # noqa: E402


def main(photos: str, results: str) -> None:
    ray.init(ignore_reinit_error=True)
    read = ray.data.read_parquet(photos) if photos.endswith(".parquet") else read_files(photos)
    cores = int(ray.cluster_resources()["CPU"])
    # One actor a core; the pool starts with one and grows, so that a small folder does not load many models.
    actors = ray.data.ActorPoolStrategy(min_size=1, max_size=cores)
    checked = read.map_batches(Check, batch_size=32, batch_format="pyarrow", num_cpus=1, compute=actors)
    checked.write_parquet(results)


def read_files(photos: str) -> "ray.data.Dataset":
    return ray.data.read_binary_files(photos, include_paths=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
