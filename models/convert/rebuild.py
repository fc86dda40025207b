#!/usr/bin/env python3
"""Makes MediaPipe's models again from the wheel and compares them with the manifest: rebuild.py MODULES_FOLDER [OUT_FOLDER]

With OUT_FOLDER the models made are kept there.
"""
import hashlib
import pathlib
import subprocess
import sys
import tempfile
import tomllib

import onnx

import fit

MODELS = pathlib.Path(__file__).resolve().parent.parent
CONVERTER = MODELS / "convert" / "tfl2onnx.py"


def main(modules, kept=None):
    manifest = tomllib.loads((MODELS / "manifest.toml").read_text())
    differing = 0
    for name, model in manifest.items():
        if "source_sha256" not in model:
            continue
        source = modules / model["source"].split("modules/")[1]
        if sha256(source) != model["source_sha256"]:
            sys.exit(f"{source} is not the file of mediapipe 0.10.14")
        with tempfile.TemporaryDirectory() as folder:
            made = (kept or pathlib.Path(folder)) / f"{name}.onnx"
            subprocess.run([sys.executable, CONVERTER, source, made], check=True, stdout=subprocess.DEVNULL)
            if name in fit.FITS:
                onnx.save(fit.FITS[name](onnx.load(made)), made)
            same = sha256(made) == model["sha256"]
        print(name, "same" if same else "DIFFERS")
        differing += not same
    return int(differing > 0)


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    sys.exit(main(*map(pathlib.Path, sys.argv[1:])))
