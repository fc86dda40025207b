"""Where the inference engine lies."""

import importlib.util
import os
from pathlib import Path

# ONNX Runtime would report to its maker as soon as it starts.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

#: Environment variables that name a library of ONNX Runtime, the first before the second.
LIBRARY_VARIABLES = ("GRADPHOTO_ONNXRUNTIME", "ORT_DYLIB_PATH")

_LIBRARY_NAMES = ("libonnxruntime.so.*", "libonnxruntime.*.dylib", "libonnxruntime.dylib", "onnxruntime.dll")


def installed_onnxruntime() -> Path | None:
    """The library inside the package `onnxruntime`, found without importing it; None where it is not installed."""
    package = importlib.util.find_spec("onnxruntime")
    folders = package.submodule_search_locations if package else None
    found = (path for folder in folders or () for name in _LIBRARY_NAMES for path in Path(folder, "capi").glob(name))
    return next(found, None)
