"""Names that are typed wrong, and names that are longer than a file may have."""

import csv
import shutil
import subprocess
from pathlib import Path

from conftest import COMMAND, REPOSITORY

PORTRAIT = REPOSITORY / "tests" / "conformance" / "comp_clean_005_0.jpg"


def run(folder: Path, *args: str) -> subprocess.CompletedProcess:
    return subprocess.run([COMMAND, *args, "--lang", "zh"], cwd=folder, capture_output=True, text=True)


def test_a_photo_that_is_not_there_is_a_slip_of_the_pen_for_every_command(tmp_path: Path) -> None:
    shutil.copy(PORTRAIT, tmp_path / "1.jpg")
    for command in [["check"], ["prepare", "--output", "上传"]]:
        slipped = run(tmp_path, *command, "1.jpg", "nosuch.jpg")
        assert slipped.returncode == 2 and "nosuch.jpg" in slipped.stderr and not slipped.stdout, slipped
    assert not (tmp_path / "上传").exists()


def test_classes_of_long_names_have_archives_notices_and_sheets(tmp_path: Path) -> None:
    long = "计算机科学与技术（中外合作办学）" * 7
    classes = [f"{long}1班", f"{long}2班"]
    (tmp_path / "照片").mkdir()
    rows = [["学号", "姓名", "院系", "班级"]]
    for number, class_ in enumerate(classes):
        rows.append([f"20210{number}", "赵钱"[number] + "伟", long, class_])
        shutil.copy(PORTRAIT, tmp_path / "照片" / f"20210{number}.jpg")
    rows.append(["202109", "孙伟", long, classes[0]])
    with (tmp_path / "名册.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    prepared = run(tmp_path, "prepare", "照片", "--output", "上传", "--roster", "名册.csv", "--zip", "class", "--overwrite")
    assert prepared.returncode in (0, 1), prepared.stderr
    papers = ["--notices", "通知", "--sheets", "确认表"]
    checked = run(tmp_path, "check", "照片", "--output", "结果", "--roster", "名册.csv", *papers)
    assert checked.returncode == 1, checked.stderr
    named = lambda folder, kind: sorted(file.name for file in (tmp_path / folder).glob(f"*[0-9]班*.{kind}"))
    for folder, kind, title in [("上传/zip", "zip", ""), ("确认表", "docx", " 照片确认表")]:
        ends = [f"学）{n}班{title}.{kind}" for n in "12"]
        assert [name[-len(ends[0]):] for name in named(folder, kind)] == ends, folder
    assert named("通知", "docx")[0].endswith("1班 照片整改通知.docx")
