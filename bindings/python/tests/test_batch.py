"""Batches and rosters."""

import copy
import errno
import json
import os
import pickle
import shutil
import subprocess
import sys
from pathlib import Path

import pandas
import polars
import pytest
from conftest import SAMPLES
from PIL import Image
from PIL.ExifTags import IFD, Base

from gradphoto import Batch, Checker, ModelError, Roster, RosterError

CASES = SAMPLES.parent / "cases"


@pytest.fixture
def school(tmp_path: Path) -> Path:
    """Two photos of the same bytes under two numbers, one of nobody, one student without."""
    photos = tmp_path / "2026"
    photos.mkdir()
    blue = (SAMPLES / "blue.jpg").read_bytes()
    (photos / "20210001.jpg").write_bytes(blue)
    (photos / "20210002.jpg").write_bytes(blue)
    (photos / "nobody.jpg").write_bytes((SAMPLES.parent / "conformance" / "comp_clean_005_0.jpg").read_bytes())
    (tmp_path / "名册.csv").write_text("学号,姓名,学院\n20210001,张三,甲\n20210002,李四,甲\n20210003,王五,乙\n", "utf-8")
    return tmp_path


def finished(school: Path, checker: Checker, **options: object) -> object:
    batch = Batch(roster=school / "名册.csv", folders=[school / "2026"], **options)  # type: ignore[arg-type]
    for result in checker.check_many(school / "2026", progress=False):
        batch.add(result)
    return batch.finish()


def test_a_batch_finds_who_is_missing_and_what_came_twice(school: Path, checker: Checker) -> None:
    report = finished(school, checker)
    assert [finding.kind for finding in report.findings] == ["same-file", "missing", "surplus"]  # type: ignore[attr-defined]
    students = report.to_dataframe()  # type: ignore[attr-defined]
    assert isinstance(students, pandas.DataFrame) and list(students["name"]) == ["张三", "李四", "王五"]
    assert students["status"][2] == "missing" and students["status"][0] != "done"
    photos = report.to_dataframe("polars", rows="photo")  # type: ignore[attr-defined]
    assert isinstance(photos, polars.DataFrame) and photos["findings"].to_list()[0] == ["same-file"]
    assert report.departments["乙"]["missing"] == 1  # type: ignore[attr-defined]


def test_an_error_takes_the_place_of_a_report(school: Path) -> None:
    batch = Batch(roster=school / "名册.csv")
    batch.add(FileNotFoundError(2, "No such file", "20210001.jpg"))
    # As Python says it of a path of bytes, here in GBK.
    batch.add(PermissionError(13, "Permission denied", "20210002_李四.jpg".encode("gbk")))
    report = batch.finish()
    assert report.totals["unreadable"] == 2 and list(report.to_dataframe()["status"]) == ["reprocess", "reprocess", "missing"]
    assert list(report.to_dataframe(rows="photo")["photo"]) == ["20210001.jpg", "20210002_李四.jpg"]
    with pytest.raises(RuntimeError, match="finished"):
        batch.finish()


def test_decisions_are_read_and_those_that_do_not_count_are_told(school: Path, checker: Checker) -> None:
    decisions = school / "decisions.csv"
    decisions.write_text("photo,sha256,student,decision,note\nx.jpg,00,,accept,\n", "utf-8")
    report = finished(school, checker, decisions=[decisions])
    assert [unused["kind"] for unused in report.unused_decisions] == ["unknown"]  # type: ignore[attr-defined]


def test_a_roster_says_what_it_read_and_every_problem_at_once(tmp_path: Path) -> None:
    roster = Roster(CASES / "roster-hidden-sheet" / "名册.xlsx")
    assert len(roster) == 1 and "已隐藏，未读" in "".join(roster.lines()) and "hidden" in "".join(roster.lines("en"))
    with pytest.raises(RosterError) as raised:
        Roster(CASES / "roster-formula-nocache" / "名册.xlsx")
    assert len(raised.value.problems) == 2 and "row 2, column A" in str(raised.value)
    with pytest.raises(FileNotFoundError):
        Roster(tmp_path / "absent.csv")


def test_what_is_found_is_what_the_command_finds(school: Path, checker: Checker) -> None:
    photos = school / "2026"
    exif = Image.Exif()
    exif.get_ifd(IFD.Exif)[Base.DateTimeOriginal] = "2024:05:06 08:30:00"
    for name, quality in (("20210002.jpg", 85), ("20210002_2.jpg", 90)):
        Image.open(SAMPLES / "enlarged.jpg").save(photos / name, exif=exif, quality=quality)
    (photos / "20210003.cr2").write_bytes(b"a camera's own")
    command: list[str | Path] = [sys.executable, "-m", "gradphoto", "check", photos, "--output", school / "results"]
    subprocess.run([*command, "--roster", school / "名册.csv", "--graduation", "2026-06"], capture_output=True)
    wanted = json.loads((school / "results" / "batch.json").read_text("utf-8"))["findings"]
    assert {"too-old", "other-file", "several-photos"} <= {finding["kind"] for finding in wanted}
    report = finished(school, checker, graduation="2026-06")
    assert json.loads(report.to_json())["findings"] == wanted  # type: ignore[attr-defined]
    with pytest.raises(ValueError, match="a month such as '2026-06'"):
        Batch(graduation="June")


def test_a_roster_says_how_certain_it_is(school: Path) -> None:
    roster = Roster(school / "名册.csv")
    found = [roster.find(name) for name in ("张三", "20210002_欧阳娜娜", "周七")]
    assert [match.kind for match in found] == ["one", "conflict", "nobody"]
    assert found[0].student is roster.students[0], "made once"
    # One of the roster, and still nobody may take it for certain.
    assert found[1].student is None and [student.name for student in found[1].students] == ["李四"]
    assert roster.find("张三", folders="甲").kind == "one"


def test_tables_have_their_columns_in_order_even_without_a_row(school: Path) -> None:
    students = Batch(roster=school / "名册.csv").finish()
    columns = list(students.to_dataframe().columns)
    assert columns[:4] == ["row", "sheet", "name", "student_number"] and columns[-2:] == ["status", "photos"]
    assert "class" in columns and list(students.to_dataframe(rows="photo").columns)[:3] == ["photo", "verdict", "status"]
    with pytest.raises(ValueError, match="rows is 'student', 'photo' or None, not 'finding'"):
        students.to_dataframe(rows="finding")  # type: ignore[arg-type]


def test_one_path_is_not_taken_for_its_letters(school: Path, checker: Checker) -> None:
    (school / "2026" / "甲").mkdir()
    (school / "2026" / "nobody.jpg").rename(school / "2026" / "甲" / "nobody.jpg")
    batch = Batch(folders=str(school / "2026"))
    for result in checker.check_many(school / "2026" / "甲", progress=False):
        batch.add(result)
    assert list(batch.finish().departments) == ["甲"]
    with pytest.raises(FileNotFoundError) as raised:
        Batch(decisions="absent.csv")
    assert (raised.value.filename, raised.value.strerror) == ("absent.csv", os.strerror(errno.ENOENT))


def test_a_roster_can_be_sent_and_a_batch_says_that_it_cannot(school: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Ours(Roster):
        pass

    monkeypatch.chdir(school)
    roster = Roster("名册.csv")
    monkeypatch.chdir(school / "2026")
    Path("名册.csv").write_text("学号,姓名\n20219999,赵六\n", "utf-8")
    for there in (pickle.loads(pickle.dumps(roster)), copy.copy(roster), copy.deepcopy(roster)):
        assert there.students == Roster(school / "名册.csv").students, "the file that it was read from"
    assert type(copy.copy(Ours(school / "名册.csv"))) is Ours
    with pytest.raises(TypeError, match="send the reports to it"):
        pickle.dumps(Batch())


def test_a_batch_takes_results_alone() -> None:
    with pytest.raises(TypeError, match="not str"):
        Batch().add("a.jpg")  # type: ignore[arg-type]
    for nobodys in (ValueError("x"), OSError(errno.EIO, "x"), OSError(errno.EBADF, "x", 3), ModelError("does not start")):
        with pytest.raises(ValueError, match="names none: "):
            Batch().add(nobodys)


def test_a_folder_that_is_to_be_searched_must_be_there(school: Path) -> None:
    for options in ({"roster": school / "名册.csv"}, {"graduation": "2026-06"}):
        with pytest.raises(FileNotFoundError) as raised:
            Batch(folders=[school / "2026", school / "2062"], **options)
        assert raised.value.filename == str(school / "2062")
    # Reports that were stored elsewhere: the folder only says where their departments begin.
    Batch(folders="/of/another/computer")


PROGRAM = """
import gradphoto

batch = gradphoto.Batch(roster="名册.xlsx")
for result in gradphoto.Checker(profile=gradphoto.Profile("graduation-blue").with_limit("eye-line", min=190)).check_many("photos"):
    batch.add(result)
print(batch.finish().to_dataframe())
"""


def test_a_program_of_a_few_lines_does_a_school(tmp_path: Path) -> None:
    shutil.copytree(SAMPLES, tmp_path / "photos")
    shutil.copy(CASES / "roster-hidden-sheet" / "名册.xlsx", tmp_path)
    run = subprocess.run([sys.executable, "-c", PROGRAM], cwd=tmp_path, capture_output=True, text=True, check=True)
    # The one student of the roster; pandas leaves columns out where the line ends.
    heads, student, *_ = run.stdout.splitlines()
    assert "status" in heads and "missing" in student
