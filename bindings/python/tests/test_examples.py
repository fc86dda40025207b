"""The examples run, each on the samples."""

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import nbclient
import nbformat
import pyarrow.parquet
import pytest
from conftest import SAMPLES
from fastapi.testclient import TestClient

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"


def example(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_script() -> None:
    run = subprocess.run([sys.executable, EXAMPLES / "check_folder.py", SAMPLES], capture_output=True, text=True, check=True)
    assert "low-quality.jpg：fail" in run.stdout and "无法读取" in run.stdout


@pytest.mark.filterwarnings("ignore")
def test_notebook() -> None:
    notebook = nbformat.read(EXAMPLES / "notebook.ipynb", as_version=4)
    nbclient.NotebookClient(notebook, timeout=120).execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert [output["output_type"] for output in outputs] == ["execute_result"] * 4
    assert "<table>" in outputs[0]["data"]["text/html"]


def test_departments(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for department in ("history", "physics"):
        shutil.copytree(SAMPLES, tmp_path / "school" / department)
    plot = tmp_path / "plot.png"
    example("departments").main(str(tmp_path / "school"), str(plot))
    printed = capsys.readouterr().out
    assert "history" in printed and "unreadable" in printed and "jpeg-quality" in printed
    assert plot.read_bytes().startswith(b"\x89PNG")
    (tmp_path / "unread").mkdir()
    (tmp_path / "unread" / "a.jpg").write_text("This is a letter.")
    example("departments").main(str(tmp_path / "unread"), str(plot))
    assert "unreadable" in capsys.readouterr().out


def test_upload() -> None:
    client = TestClient(example("upload").app)
    send = lambda data: client.post("/photos", files={"photo": ("zhang-san.jpg", data, "image/jpeg")})  # noqa: E731
    checked = send((SAMPLES / "low-quality.jpg").read_bytes())
    assert checked.status_code == 200 and checked.json()["verdict"] == "fail" and checked.json()["reasons"]
    assert send(b"no photo").status_code == 422
    assert send(bytes((10 << 20) + 1)).status_code == 413


def test_province(tmp_path: Path, ray_cluster: None) -> None:
    example("province").main(str(SAMPLES), str(tmp_path / "results"))
    rows = pyarrow.parquet.read_table(tmp_path / "results").to_pylist()
    photos = SAMPLES.iterdir()
    assert sorted(Path(row["path"]).name for row in rows) == sorted(photo.name for photo in photos)
