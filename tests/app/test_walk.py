"""The clerk's ten steps of docs/page.md, each done as it is written there. With UPDATE=1 its pictures are taken anew."""

import csv
import os
import re
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from conftest import REPOSITORY, SAMPLES, App
from PIL import Image
from playwright.sync_api import Page, expect

SECONDS = 1000
PICTURES = REPOSITORY / "docs" / "page"
STUDENTS = ["王甲乙", "李丙丁", "张戊己", "赵庚辛", "刘壬癸", "陈子丑", "杨寅卯", "黄辰巳", "周午未", "吴申酉"]


def class_of_ten(folder: Path) -> tuple[Path, Path]:
    """Ten students in two departments, nine photos, a roster in a spreadsheet's CSV."""
    photos = folder / "2026届"
    lines = ["学号,姓名,院系,班级,时间,地点"]
    originals = [Image.open(SAMPLES / f"{name}.jpg").convert("RGB") for name in ("blue", "enlarged", "flag-behind")]
    for number, name in enumerate(STUDENTS):
        department, klass = [("计算机学院", "软件1班"), ("外国语学院", "英语1班")][number % 2]
        lines.append(f"20220{number:03d},{name},{department},{klass},12月2日9:00,图书馆一楼")
        if number == 9:
            continue
        place = photos / department / klass
        place.mkdir(parents=True, exist_ok=True)
        # Cut so differently that none is taken for another's copy.
        width, height = 480 - 26 * (number // 3 * 2 + number % 2), 640 - 34 * (number // 3 * 2 + number % 2)
        left, top = (480 - width) * (number % 2), (640 - height) * (number // 2 % 2)
        cut = originals[number % 3].resize((480, 640)).crop((left, top, left + width, top + height))
        cut.resize((480, 640)).save(place / f"20220{number:03d}.jpg", quality=82 if number < 7 else 45, dpi=(300, 300))
    roster = folder / "名册.csv"
    roster.write_text("\n".join(lines) + "\n", encoding="gb18030")
    return photos, roster


def test_ten_steps_of_a_clerk(start: Callable[..., App], opened: Callable[..., Page], few: Path, tmp_path: Path) -> None:
    # A place whose name may stand in a picture.
    home = Path(tempfile.gettempdir(), "学校")
    shutil.rmtree(home, ignore_errors=True)
    photos, roster = class_of_ten(home)
    app = start("--profile", few.parent / "profile.toml")
    page = opened(app)

    def picture(step: int) -> None:
        if os.environ.get("UPDATE") == "1":
            PICTURES.mkdir(exist_ok=True)
            page.wait_for_timeout(300)
            page.screenshot(path=tmp_path / "shot.png")
            shot = Image.open(tmp_path / "shot.png").convert("RGB")
            shot.thumbnail((1100, 1100), Image.Resampling.LANCZOS)
            shot.save(PICTURES / f"{step:02d}.jpg", quality=62, optimize=True)

    # 1. One photo.
    page.set_input_files("input[type=file]", SAMPLES / "low-quality.jpg")
    expect(page.locator("#verdict")).to_have_attribute("data-verdict", "fail", timeout=60 * SECONDS)
    assert page.locator(".frame").count() > 0
    picture(1)
    # 2. The camera.
    page.click("#camera")
    expect(page.locator("#live-verdict")).not_to_have_attribute("data-state", "waiting", timeout=60 * SECONDS)
    picture(2)
    page.keyboard.press("Escape")
    # 3. A folder.
    page.click("nav a[href='#batch']")
    page.fill("#path", str(photos))
    picture(3)
    page.click("#open")
    expect(page.locator("#progress")).to_have_attribute("data-state", "done", timeout=120 * SECONDS)
    expect(page.locator(".tile")).to_have_count(9)
    # 4. The roster.
    page.set_input_files("#roster", roster)
    expect(page.locator("dialog .message")).to_contain_text("10", timeout=20 * SECONDS)
    picture(4)
    page.keyboard.press("Escape")
    # 5. Numbers that lead to photos.
    expect(page.locator("[data-kind=missing] b")).to_have_text("1", timeout=20 * SECONDS)
    fails = page.inner_text("[data-kind=fail] b")
    page.click("[data-kind=fail]")
    expect(page.locator("#count")).to_have_text(f"{fails} / 9 张")
    picture(5)
    # 6. Search; who has no photo is found too.
    page.keyboard.press("/")
    page.keyboard.type("吴申酉")
    page.click("#clear")
    page.fill("#search", "吴申酉")
    expect(page.locator(".without")).to_contain_text("图书馆一楼")
    picture(6)
    page.click("#clear")
    # 7. One photo after the other.
    page.click("#review")
    waiting = int(re.search(r"/ (\d+)", page.inner_text("#position")).group(1))
    page.keyboard.press("a")
    page.fill("#clerk", "王老师")
    page.keyboard.press("Enter")
    expect(page.locator("#left")).to_contain_text(f"{waiting - 1} ", timeout=10 * SECONDS)
    page.keyboard.press("r")
    expect(page.locator("#left")).to_contain_text(f"{waiting - 2} ", timeout=10 * SECONDS)
    picture(7)
    page.keyboard.press("Escape")
    expect(page.locator("[data-kind=review] b")).to_have_text(f"{waiting - 2}")
    # 8. A second person sees what the first decided, by whom.
    second = opened(app, "batch")
    second.select_option("[name=decision]", "decided")
    expect(second.locator("#count")).to_have_text("2 / 9 张")
    second.locator(".tile").first.click()
    expect(second.locator("#said")).to_contain_text("王老师")
    page.select_option("[name=decision]", "decided")
    page.locator(".tile").first.click()
    expect(page.locator("#said")).to_contain_text("王老师")
    picture(8)
    page.keyboard.press("Escape")
    page.click("#clear")
    # 9. Lists by what is left to do, and by rule.
    page.click("#tab-students")
    expect(page.locator("#by-department tbody tr")).to_have_count(2)
    expect(page.locator("#missing")).to_contain_text("吴申酉")
    picture(9)
    page.click("#tab-rules")
    assert page.locator("#by-rule tbody tr").count() > 3
    # 10. The results.
    page.click("#export")
    expect(page.locator("dialog .message")).to_contain_text("检查结果", timeout=60 * SECONDS)
    picture(10)
    results = photos.parent / "2026届-检查结果"
    assert {"report.xlsx", "report.csv", "report.html", "report.jsonl"} <= {file.name for file in results.iterdir()}
    rows = list(csv.reader((results / "report.csv").open(encoding="utf-8-sig", newline="")))
    assert len(rows) == 1 + 9 + 1 and any("吴申酉" in row for row in rows)


def test_the_guide_shows_a_picture_of_each_step() -> None:
    guide = (REPOSITORY / "docs" / "page.md").read_text(encoding="utf-8")
    shown = re.findall(r"!\[[^\]]+\]\(page/(\d\d)\.jpg\)", guide)
    assert shown == [f"{step:02d}" for step in range(1, 11)]
    assert all((PICTURES / f"{step}.jpg").stat().st_size < 150_000 for step in shown)
