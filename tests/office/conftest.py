"""A school whose file names and roster cells mean harm, checked by the command; each test opens what came out."""

import csv
import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
SAMPLES = REPOSITORY / "tests" / "samples"
COMMAND = Path(os.environ.get("CARGO_TARGET_DIR", REPOSITORY / "target"), "release", "gradphoto")

SCRIPT = "<script>alert(1)</script>"
FORMULA = "=cmd|' /C calc'!A0"
TURNED = "x\u202egpj.x"
LINES = "换\n行"
QUOTES = "\"双'单,逗"
LONG = "长" * 200

# One student each: number, name, department. The page, the table and the workbook must show every cell as it is.
STUDENTS = [
    ("202100000001", "张三", "计算机学院"),
    ("202100000002", SCRIPT, "计算机学院"),
    ("202100000003", FORMULA, SCRIPT),
    ("202100000004", QUOTES, FORMULA),
    ("202100000005", TURNED, "外语学院"),
    ("202100000006", LINES, "外语学院"),
    ("202100000007", LONG, "外语学院"),
    ("202100000008", "没照片", "空学院"),
    ("202100000009", "采过了", "体育学院"),
]
COLLECTED = {"202100000009"}
# Photo by photo: the sample it is, and its name.
PHOTOS = [
    ("blue", "202100000001"),
    ("enlarged", "202100000002"),
    ("flag-behind", "202100000003"),
    ("low-quality", "202100000004"),
    ("renamed-png", "202100000005"),
    ("blue", "202100000006"),
    ("not-a-photo", "202100000007"),
    ("enlarged", FORMULA.replace("/", "_")),
    ("low-quality", SCRIPT.replace("/", "_")),
    ("flag-behind", f"{QUOTES}{TURNED}"),
    ("renamed-png", "n" * 200),
]
# The person of the samples smiles under the edge: without these rules some photos are left to a person.
PROFILE = "extends = 'he-2017'\noverridable = ['head-uncovered', 'jpeg-quality']\n" + "".join(
    f"[rules.{rule}]\nseverity = 'off'\n" for rule in ["head-top-margin", "mouth-closed", "background-colour"]
)


@dataclass
class School:
    folder: Path

    @property
    def results(self) -> Path:
        return self.folder / "结果"

    def check(self, *options: str | Path) -> None:
        """Runs the command over the photos; its results are new each time."""
        fixed = ["照片", "--output", "结果", "--roster", "名册.csv", "--profile", "profile.toml", "--lang", "zh"]
        command = [COMMAND, "check", *fixed, "--overwrite", "--cache", "cache", *options]
        run = subprocess.run(command, cwd=self.folder, capture_output=True, text=True)
        assert run.returncode == 1, run.stderr

    def lines(self) -> list[dict]:
        return [json.loads(line) for line in (self.results / "report.jsonl").open(encoding="utf-8")]

    def verdicts(self) -> list[str]:
        return [{"unreadable": "unread"}.get(line["verdict"], line["verdict"]) for line in self.lines()]


@pytest.fixture(scope="session")
def school(tmp_path_factory: pytest.TempPathFactory) -> School:
    school = School(tmp_path_factory.mktemp("school"))
    photos = school.folder / "照片" / "1班"
    photos.mkdir(parents=True)
    for sample, name in PHOTOS:
        shutil.copy(SAMPLES / f"{sample}.jpg", photos / f"{name}.jpg")
    with (school.folder / "名册.csv").open("w", encoding="utf-8-sig", newline="") as file:
        rows = [(*student, "是" if student[0] in COLLECTED else "") for student in STUDENTS]
        csv.writer(file).writerows([("学号", "姓名", "院系", "已采集"), *rows])
    (school.folder / "profile.toml").write_text(PROFILE)
    school.check()
    return school
