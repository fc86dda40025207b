"""A photo that fails never raises; one that cannot be read raises what Python people expect."""

import errno
import os
import pickle
import sys
from pathlib import Path

import pytest
from conftest import SAMPLES

import gradphoto
from gradphoto import Checker, DecodeError
from gradphoto._errors import photo_of


def test_a_missing_file(checker: Checker) -> None:
    with pytest.raises(FileNotFoundError) as raised:
        checker.check("absent.jpg")
    assert (raised.value.filename, raised.value.errno) == ("absent.jpg", errno.ENOENT)
    if sys.platform != "win32":
        assert raised.value.strerror == os.strerror(errno.ENOENT)


def test_a_missing_folder_is_not_found_by_the_numbers_of_every_system(checker: Checker) -> None:
    # Windows has a number of its own for it, 3, which elsewhere is that of a process that is gone.
    with pytest.raises(FileNotFoundError):
        checker.check("absent/absent.jpg")
    with pytest.raises(FileNotFoundError):
        gradphoto.Roster("absent/absent.csv")


def test_what_is_no_file(checker: Checker, tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError, match="directory"):
        checker.check(tmp_path)


@pytest.mark.parametrize("data", [b"", b"This is a letter.", (SAMPLES / "blue.jpg").read_bytes()[:9000]])
def test_what_is_no_whole_picture(checker: Checker, data: bytes) -> None:
    with pytest.raises(DecodeError, match="zhang.jpg") as raised:
        checker.check(data, name="zhang.jpg")
    assert isinstance(raised.value, (gradphoto.Error, ValueError)) and raised.value.photo == "zhang.jpg"
    sent = pickle.loads(pickle.dumps(raised.value))
    assert (str(sent), sent.photo) == (str(raised.value), "zhang.jpg")


def test_every_error_names_its_photo(checker: Checker, tmp_path: Path) -> None:
    photos = ["absent.jpg", str(tmp_path), "tests/samples/not-a-photo.jpg"]
    errors = list(checker.check_many(photos))
    assert [photo_of(error) for error in errors if isinstance(error, Exception)] == photos


def test_messages_are_the_commands(checker: Checker) -> None:
    with pytest.raises(DecodeError) as raised:
        checker.check("tests/samples/not-a-photo.jpg")
    assert str(raised.value).endswith(": tests/samples/not-a-photo.jpg")


def test_messages_are_in_the_language_that_is_asked_for(checker: Checker, tmp_path: Path) -> None:
    (tmp_path / "名册.csv").write_text("", encoding="utf-8")
    (tmp_path / "ours.toml").write_bytes("title = '我校'".encode("gbk"))
    for fault, zh, en in (
        (lambda: checker.check(b"", name="a.jpg"), "空", "empty"),
        (lambda: gradphoto.Profile("graduation-bleu"), "没有这套内置标准", "no such profile"),
        (lambda: gradphoto.Profile.from_file(tmp_path / "ours.toml"), "请用文本编辑器打开后另存为 UTF-8", "save it as UTF-8"),
        (lambda: gradphoto.Roster(tmp_path / "名册.csv"), "文件是空的", "the file is empty"),
    ):
        with pytest.raises(gradphoto.Error) as raised:
            fault()
        for error in (raised.value, pickle.loads(pickle.dumps(raised.value))):
            assert zh in error.message("zh") and en in error.message("en") == str(error)
    with pytest.raises(ValueError, match="'zh' or 'en'"):
        raised.value.message("fr")  # type: ignore[arg-type]


def test_a_fault_of_the_engine_names_the_photo_in_work() -> None:
    error = gradphoto.ModelError("the net cannot be run (out of memory): a.jpg", "a.jpg")
    assert photo_of(error) == "a.jpg" and str(error).startswith("the net cannot")
    assert photo_of(gradphoto.ModelError("the engine does not start")) is None
    assert photo_of(FileNotFoundError(2, "No such file", b"2026/a.jpg")) == "2026/a.jpg"
    assert photo_of(OSError(9, "Bad file descriptor", 3)) is None
    assert pickle.loads(pickle.dumps(error)).photo == "a.jpg"


@pytest.mark.parametrize("engine", ["fast", "/there/is/none.so"])
def test_an_engine_that_does_not_start_is_named_with_the_cure(engine: str) -> None:
    with pytest.raises(gradphoto.ModelError, match=f"engine '{engine}' .*write 'auto', 'tract' or the path") as raised:
        gradphoto.Checker(engine=engine)
    assert engine in raised.value.message("zh") and "请写" in raised.value.message("zh")
