#!/usr/bin/env python3
"""What very large rosters cost: a hundred thousand students as CSV and as XLSX, and a stray cell in XFD1048576.

    tests/soak/rosters.py GRADPHOTO [--students 100000]

Runs a whole check of seven photos with each and prints seconds and the peak of memory as JSON; status 1 where a run fails, a
student is lost, or more than a minute of a core or 1.5 GB are spent. For Linux. Needs Pillow and openpyxl.
"""

import argparse
import csv
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import openpyxl
from PIL import Image

HEADS = ["院系", "专业", "班级", "学号", "考生号", "姓名", "证件号码", "采集码", "批次", "时间", "地点"]
CPU_SECONDS_MAX, MEGABYTES_MAX = 60, 1500


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("gradphoto", type=Path)
    parser.add_argument("--students", type=int, default=100_000)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="gradphoto-rosters-") as folder:
        root = Path(folder)
        (root / "photos").mkdir()
        for number in range(7):
            Image.new("RGB", (48, 64), (9 * number, 90, 120)).save(root / "photos" / f"{number:012}.jpg")
        # In a process of its own: what a parent holds counts for its children until they are another program.
        maker = multiprocessing.Process(target=make, args=(root, args.students))
        maker.start()
        maker.join()
        # The small one first, for what was read of a large one's results is held here.
        rosters = {"stray.xlsx": 7, "large.csv": args.students, "large.xlsx": args.students}
        costs = {name: check(args.gradphoto.absolute(), root, name, students) for name, students in rosters.items()}
    print(json.dumps(costs, ensure_ascii=False, indent=1))
    is_dear = any(cost["CPU seconds"] > CPU_SECONDS_MAX or cost["peak MB"] > MEGABYTES_MAX for cost in costs.values())
    sys.exit(1 if is_dear else 0)


def rows(students: int) -> list[list[str]]:
    return [
        ["计算机学院", "软件工程", f"软件{number // 50}班", f"{number:012}", f"2143{number:010}", f"学生{number}", "", f"C{number:08}",
         "第一批", "4月12日 8:30—10:00", "图书馆201"]
        for number in range(students)
    ]  # fmt: skip


def make(root: Path, students: int) -> None:
    with (root / "large.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADS, *rows(students)])
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in [HEADS, *rows(students)]:
        sheet.append(row)
    book.save(root / "large.xlsx")
    book = openpyxl.Workbook()
    for row in [HEADS, *rows(7)]:
        book.active.append(row)
    book.active["XFD1048576"] = "x"
    book.save(root / "stray.xlsx")


def check(gradphoto: Path, root: Path, roster: str, students: int) -> dict[str, float]:
    """A whole run; what it cost."""
    out = root / f"out-{roster}"
    command = [gradphoto, "check", "photos", "--output", out, "--roster", roster, "--quiet"]
    begun = time.monotonic()
    child = subprocess.Popen(command, cwd=root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    seconds = time.monotonic() - begun
    batch = json.loads((out / "batch.json").read_text("utf-8"))
    counted = batch["roster"]["students"], sum(finding["kind"] == "missing" for finding in batch["findings"])
    if os.waitstatus_to_exitcode(status) != 1 or counted != (students, students - 7):
        raise SystemExit(f"{roster}: status {status}, {counted} of {students} students")
    return {"students": students, "seconds": round(seconds, 1), "CPU seconds": round(usage.ru_utime + usage.ru_stime, 1),
            "peak MB": usage.ru_maxrss // 1024}  # fmt: skip


if __name__ == "__main__":
    main()
