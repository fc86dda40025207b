"""A made-up school of 1 200 students in two days, from the cameras to the zip files: every student's file is their own, by hash,
and every list has the right people, by number. What goes wrong on such days happens: slips of the order, people who do not
come, photos that must be shot again."""

import csv
import hashlib
import io
import json
import os
import random
import shutil
import subprocess
import zipfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import numpy
import openpyxl
import pytest
from conftest import COMMAND, REPOSITORY
from PIL import Image

PORTRAITS = REPOSITORY / "tests" / "conformance"
GOOD = ["comp_clean_005_0.jpg", "comp_clean_017_0.jpg"]
BAD = "comp_hairbrow_008_4.jpg"
DEPARTMENTS = ["计算机系", "外语系", "土木系", "艺术系"]
CLASSES = 10
STUDENTS = int(os.environ.get("GRADPHOTO_SCHOOL", "1200")) // (len(DEPARTMENTS) * CLASSES)
# The clothes are painted, so that no two photos are the same picture: what they are made of is not judged.
PROFILE = "extends = 'graduation-blue'\n" + "".join(
    f"[rules.{rule}]\nseverity = 'off'\n"
    for rule in (
        "background-objects background-uniformity background-shadow shoulders-covered shoulders-level shoulders-in-frame "
        "face-unobstructed clothing-colour clothing-contrast clothing-pattern collar-present hood-absent necklace-absent "
        "border-absent earrings-absent hair-tidy"
    ).split()
)


@dataclass
class Student:
    department: str
    class_: str
    number: str
    exam: str
    name: str
    code: str
    collected: bool = False
    paid: bool = True


@dataclass
class School:
    folder: Path
    students: list[Student] = field(default_factory=list)
    # Photo below the folder -> student number, in the order of the shots.
    truth: dict[str, str] = field(default_factory=dict)
    shots: list[tuple[str, str, datetime, int]] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)
    unknown_absent: str = ""
    again: list[str] = field(default_factory=list)
    must_return: set[str] = field(default_factory=set)

    def shoot(self, photo: str, student: Student, time: datetime, portrait: str) -> None:
        self.truth[photo] = student.number
        self.shots.append((photo, portrait, time, len(self.truth)))

    def develop(self) -> None:
        """Writes the photos that were shot since."""
        with ProcessPoolExecutor() as pool:
            list(pool.map(develop, [(self.folder / photo, *rest) for photo, *rest in self.shots], chunksize=16))
        self.shots = []

    def run(self, *args: str | Path, expected: int | None = None) -> subprocess.CompletedProcess:
        run = subprocess.run([COMMAND, *args, "--lang", "zh"], cwd=self.folder, capture_output=True, text=True)
        assert run.returncode in ([0, 1] if expected is None else [expected]), run.stderr + run.stdout[-2000:]
        return run

    def check(self, *options: str) -> dict:
        fixed = ["--output", "结果", "--overwrite", "--roster", "名册.xlsx", "--schedule", "附件1.xlsx", "--capture"]
        fixed += ["--assign", "order", "--profile", "school.toml", "--cache", "cache", "--quiet"]
        self.run("check", *options, *fixed)
        return json.loads((self.folder / "结果" / "batch.json").read_text(encoding="utf-8"))

    def rows(self, path: str) -> list[list[str]]:
        text = (self.folder / path).read_bytes().decode("utf-8-sig")
        return [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text))][1:]


def develop(job: tuple[Path, str, datetime, int]) -> None:
    """A camera's picture: a portrait before more wall, with clothes that nobody else wears."""
    path, portrait, time, seed = job
    pixels = numpy.asarray(Image.open(PORTRAITS / portrait).convert("RGB")).astype(float)
    height, width, _ = pixels.shape
    clothes = pixels[450:]
    patches = numpy.random.default_rng(seed).uniform(0, 255, (6, 9)).astype("uint8")
    patches = numpy.asarray(Image.fromarray(patches).resize((width, height - 450), Image.Resampling.BICUBIC)).astype(float)
    is_wall = numpy.abs(clothes - numpy.array([100, 197, 255])).max(axis=2) < 40
    clothes[:] = numpy.where(is_wall[..., None], clothes, patches[..., None])
    pixels = numpy.pad(pixels, ((140, 0), (120, 120), (0, 0)), mode="edge")
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = time.strftime("%Y:%m:%d %H:%M:%S")
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels.clip(0, 255).astype("uint8")).save(path, quality=90, exif=exif)


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> School:
    school = School(tmp_path_factory.mktemp("days"))
    chance = random.Random(7)
    surnames, given = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华"
    for department in DEPARTMENTS:
        for class_ in range(1, CLASSES + 1):
            for _ in range(STUDENTS):
                place = len(school.students)
                name = surnames[place % 16] + given[place // 16 % 24] + given[place // 384 % 24]
                student = Student(department, f"{department[:2]}{class_}班", f"2021{place:05}", f"2143{place:010}", name, f"C{place:06}")
                school.students.append(student)
    for student in chance.sample(school.students, 6):
        student.collected = True
    write_tables(school)
    first_day(school, chance)
    school.develop()
    return school


def write_tables(school: School) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["系部", "班级", "学号", "考生号", "姓名", "采集码", "是否缴费", "是否已采集"])
    for s in school.students:
        sheet.append([s.department, s.class_, s.number, s.exam, s.name, s.code, "是" if s.paid else "否", "是" if s.collected else ""])
    book.save(school.folder / "名册.xlsx")
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["附件1：图像采集时间安排"])
    sheet.append(["批次", "系（部）", "起止时间", "地点"])
    for place, department in enumerate(DEPARTMENTS):
        sheet.append([["第一批", ""][place % 2], department, f"4月{12 + place // 2}日 8:30—11:30", "图书馆201"])
    book.save(school.folder / "附件1.xlsx")
    (school.folder / "school.toml").write_text(PROFILE)


def first_day(school: School, chance: random.Random) -> None:
    """A camera a department, classes with a break between; three slips, each in a department of its own."""
    for place, department in enumerate(DEPARTMENTS):
        clock, number = datetime(2025, 4, 12, 8, 30), 0
        queue = [s for s in school.students if s.department == department and not s.collected]
        known = {s.number for s in chance.sample(queue, 3)}
        school.absent += sorted(known)
        others = [s for s in queue if s.number not in known]
        bad = {s.number for s in chance.sample(others, 5)}
        # One did not come and nobody wrote it down; two others were shot twice in a row.
        slip = chance.choice([s for s in others[5:-5] if s.number not in bad]).number
        before = None
        for student in others:
            if before and before.class_ != student.class_:
                clock += timedelta(minutes=4)
            before = student
            if place == 1 and student.number == slip:
                school.unknown_absent = slip
                continue
            for shot in range(1 + (place in (0, 2) and student.number == slip)):
                number += 1
                clock += timedelta(seconds=6 if shot else chance.randint(16, 24))
                photo = f"第一天/{department}/DSC_{number:04}.JPG"
                portrait = BAD if student.number in bad else GOOD[len(school.truth) % 2]
                school.shoot(photo, student, clock, portrait)
                if shot:
                    school.again.append(photo)
        school.must_return |= bad
    school.must_return |= set(school.absent) | {school.unknown_absent}


def second_day(school: School, queue: list[str]) -> None:
    clock = datetime(2025, 4, 20, 9, 0)
    by_number = {s.number: s for s in school.students}
    for place, number in enumerate(queue):
        clock += timedelta(seconds=20)
        school.shoot(f"第二天/补拍/IMG_{place + 1:04}.JPG", by_number[number], clock, GOOD[place % 2])
    school.develop()


def test_two_days_from_the_cameras_to_the_zip_files(school: School, tmp_path: Path) -> None:
    absent = school.folder / "缺席.txt"
    absent.write_text("\n".join(school.absent), encoding="utf-8")
    batch = school.check("第一天", "--absent", "@缺席.txt")
    slips = [finding for finding in batch["findings"] if finding["kind"] == "order-slip"]
    assert len(slips) == 3, [slip["reason"]["zh"] for slip in slips]
    # Whoever may have the wrong photo waits for a person.
    assert batch["photos"]["pass"] < len(school.truth) * 0.3
    told = " ".join(slip["reason"]["zh"] for slip in slips)
    for photo in school.again:
        assert f"--shift {photo}:-1" in told, told
    unknown = next(s for s in school.students if s.number == school.unknown_absent)
    assert f"{unknown.department} {unknown.class_}有1人未到" in told, told

    absent.write_text("\n".join([*school.absent, school.unknown_absent]), encoding="utf-8")
    mended = ["--absent", "@缺席.txt", *(part for photo in school.again for part in ("--shift", f"{photo}:-1"))]
    retake = "4月20日 9:00 图书馆201"
    batch = school.check("第一天", *mended, "--retake", retake, "--notices", "通知", "--sheets", "签字", "--for-vendor", "拍摄单位")
    assert not [finding for finding in batch["findings"] if finding["kind"] in ("order-slip", "surplus", "several-photos")]
    count = {key: sum(d[key] for d in batch["departments"].values()) for key in ("total", "done", "retake", "missing", "collected")}
    missing, bad = len(school.absent) + 1, 5 * len(DEPARTMENTS)
    collected = sum(s.collected for s in school.students)
    done = len(school.students) - missing - bad - collected
    assert count == {"total": len(school.students), "done": done, "retake": bad, "missing": missing, "collected": collected}
    rows = school.rows("结果/补拍名单.csv")
    assert {row[4] for row in rows} == school.must_return and all(row[8] == retake for row in rows)
    assert {row[3] for row in school.rows("结果/退费名单.csv")} == {*school.absent, school.unknown_absent}
    papers_open(school, tmp_path)

    # The second day: those of the list in its order; the last does not come.
    shutil.copy(school.folder / "结果" / "补拍名单.csv", school.folder / "补拍名单.csv")
    queue = [row[4] for row in rows]
    second_day(school, queue[:-1])
    mended += ["--queue", "补拍=补拍名单.csv", "--absent", f"补拍={queue[-1]}"]
    batch = school.check("第一天", "第二天", *mended)
    count = {key: sum(d[key] for d in batch["departments"].values()) for key in ("done", "retake", "missing")}
    assert count["done"] == len(school.students) - collected - 1 and count["retake"] + count["missing"] == 1

    order = ["--roster", "名册.xlsx", "--assign", "order", *mended, "--profile", "school.toml"]
    packed = ["--output", "上传", "--name", "zp{考生号}", "--zip", "department", "--ready"]
    school.run("prepare", "第一天", "第二天", *order, *packed)
    ours_is_ours(school, queue[-1])
    again = school.run("prepare", "第一天", "第二天", *order, *packed)
    assert "已生成 0，" in again.stdout, again.stdout[-400:]


def ours_is_ours(school: School, lost: str) -> None:
    """The file of each student is made from the last photo that shows them, and the zip files hold those files."""
    last = {}
    for photo, number in school.truth.items():
        last[number] = photo
    last.pop(lost, None)  # who need not have come on the first day either
    exams = {s.number: s.exam for s in school.students}
    made = {row[9]: row for row in school.rows("上传/index.csv") if row[0]}
    assert {photo: row[1] for photo, row in made.items()} == {photo: number for number, photo in last.items()}
    assert all(row[0] == f"zp{exams[row[1]]}.jpg" for row in made.values())
    notes = (school.folder / "上传" / ".gradphoto-copies.jsonl").read_text(encoding="utf-8").splitlines()
    notes = {note["photo"]: note for note in map(json.loads, notes)}
    hashes = {}
    for photo, row in made.items():
        assert digest((school.folder / photo).read_bytes()) == notes[photo]["photo_sha256"], photo
        data = (school.folder / "上传" / row[0]).read_bytes()
        assert 30 * 1024 <= len(data) < 40_000 and digest(data) == notes[photo]["sha256"]
        hashes[row[0]] = (digest(data), row[3])
    seen = {}
    for archive in (school.folder / "上传" / "zip").glob("*.zip"):
        subprocess.run(["unzip", "-tqq", archive], check=True)
        with zipfile.ZipFile(archive) as package:
            seen |= {name: (digest(package.read(name)), archive.stem) for name in package.namelist()}
    assert seen == hashes


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def papers_open(school: School, folder: Path) -> None:
    """LibreOffice opens a sheet to sign, a notice, the company's list and the workbook, and shows what they say."""
    sheet = school.folder / "签字" / "计算机系 计算1班 照片确认表.docx"
    notice = next((school.folder / "通知").glob("外语系*.docx"))
    vendor = school.folder / "拍摄单位" / "拍摄单位清单.docx"
    profile = f"-env:UserInstallation={(folder / 'office').as_uri()}"
    convert = ["soffice", profile, "--headless", "--convert-to", "txt:Text (encoded):UTF8", "--outdir", folder]
    subprocess.run([*convert, sheet, notice, vendor], check=True, capture_output=True, timeout=300)
    text = {path.stem: (folder / f"{path.stem}.txt").read_text(encoding="utf-8") for path in (sheet, notice, vendor)}
    class_ = [s for s in school.students if s.class_ == "计算1班"]
    assert all(s.number in text[sheet.stem] and s.name in text[sheet.stem] for s in class_) and "本人签名" in text[sheet.stem]
    assert "图书馆201" in text[notice.stem] and "*" in text[notice.stem]
    assert not any(s.name in text[vendor.stem] or s.number in text[vendor.stem] for s in school.students)
    assert "C0" in text[vendor.stem]
    subprocess.run([*convert[:4], "pdf", "--outdir", folder, school.folder / "结果" / "report.xlsx"], check=True, capture_output=True, timeout=300)
    assert (folder / "report.pdf").stat().st_size > 10_000
