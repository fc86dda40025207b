"""Whose a photo is, put right: at the shoot, and of one that passes in a batch."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import PROFILE, SAMPLES, App
from PIL import Image, ImageOps
from playwright.sync_api import Page, expect

SECONDS = 1000
ROSTER = "学号,姓名,采集码\n20220001,张三,C001\n20220002,李四,C002\n20220003,王五,C003\n".encode()
SAMPLE = Image.open(SAMPLES / "blue.jpg").convert("RGB")
# With room around the head, of which a copy can be cut out.
BLUE = ImageOps.expand(SAMPLE, (60, 120, 60, 0), fill=SAMPLE.getpixel((2, 2)))


@pytest.fixture
def camera(tmp_path: Path) -> Path:
    """A folder for shots, beside a profile by which the sample passes."""
    (tmp_path / "profile.toml").write_text(PROFILE.replace('"ask"', '"advise"'), encoding="utf-8")
    folder = tmp_path / "相机"
    folder.mkdir()
    return folder


def begun(start: Callable[..., App], folder: Path) -> App:
    """The program with this folder, its photos looked at."""
    app = start(folder, "--profile", folder.parent / "profile.toml")
    count = len(list(folder.iterdir()))
    app.wait(lambda told: told["run"]["state"] == "done" and len(told["rows"]) == count)
    assert app.ask("roster", ROSTER, {"X-Photo-Name": "roster.csv"})[0] == 200
    app.wait(lambda told: told["meta"]["students"])
    return app


def shoot(picture: Image.Image, to: Path, minute: int) -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = f"2026:04:20 09:{minute:02}:00"
    picture.save(to, quality=90, dpi=(300, 300), exif=exif)


def students(app: App, count: int) -> list[int | None]:
    """Whose the shots are once there are so many."""
    told = app.wait(lambda told: len(told["state"]["shots"]) == count and len(told["rows"]) >= count)
    return [shot["student"] for shot in told["state"]["shots"]]


def scan(page: Page, code: str) -> None:
    page.keyboard.type(code)
    page.keyboard.press("Enter")


def test_a_shot_of_the_wrong_student_is_put_right_and_one_that_came_since_is_named(
    start: Callable[..., App], opened: Callable[..., Page], camera: Path
) -> None:
    app = begun(start, camera)
    assert app.ask("watch", {"path": str(camera)})[0] == 200
    page = opened(app, "live")
    who, now = page.locator(".board-who"), page.locator("#now")
    expect(page.locator("#scan")).to_be_visible()
    scan(page, "C002")
    expect(now).to_contain_text("李四")
    shoot(BLUE, camera / "IMG_0001.JPG", 1)
    expect(page.locator("#board")).to_have_attribute("data-verdict", "pass", timeout=60 * SECONDS)
    # Who passed has the next frame too.
    expect(now).to_contain_text("李四")
    shoot(ImageOps.mirror(BLUE), camera / "IMG_0002.JPG", 2)
    assert students(app, 2) == [1, 1]
    scan(page, "=20220003")
    expect(who).to_contain_text("王五")
    expect(now).to_contain_text("王五")
    assert students(app, 2) == [1, 2]
    told = app.wait(lambda told: [row["fate"] for row in told["rows"]] == [None, None])
    assert [row["student"] for row in told["rows"]] == [1, 2]
    page.locator(".last-shots li", has_text="IMG_0001").get_by_role("button").click()
    expect(page.locator("#whose")).to_be_focused()
    scan(page, "C001")
    expect(page.locator(".last-shots li", has_text="IMG_0001")).to_contain_text("张三")
    assert students(app, 2) == [0, 2]
    expect(now).to_contain_text("王五")
    page.close()
    app.kill()
    shoot(ImageOps.flip(BLUE), camera / "IMG_0003.JPG", 3)
    app = begun(start, camera)
    assert students(app, 2) == [0, 2]
    assert app.ask("watch", {"path": str(camera)})[0] == 200
    expect(opened(app, "live").locator("#no-student")).to_contain_text("IMG_0003.JPG", timeout=20 * SECONDS)


def test_a_board_says_that_nobody_was_scanned_and_its_verdict_is_one_line(
    start: Callable[..., App], opened: Callable[..., Page], camera: Path
) -> None:
    app = begun(start, camera)
    assert app.ask("watch", {"path": str(camera)})[0] == 200
    page = opened(app, "live", (1920, 1080))
    why = page.locator(".board-why")
    shoot(BLUE, camera / "IMG_0001.JPG", 1)
    expect(why).to_contain_text("还没有扫码", timeout=60 * SECONDS)
    expect(why).not_to_contain_text("名册")
    word = page.locator(".board-word")
    expect(word).to_contain_text("请看一眼")
    height, line = word.evaluate("(word) => [word.getBoundingClientRect().height, parseFloat(getComputedStyle(word).lineHeight)]")
    assert height < 1.5 * line, "the word is broken"
    for code, status in [("C002", 200), ("0000", 404)]:
        assert app.ask("now", {"code": code})[0] == status
    shoot(ImageOps.mirror(BLUE), camera / "IMG_0002.JPG", 2)
    expect(page.locator(".board-who")).to_contain_text("IMG_0002.JPG", timeout=60 * SECONDS)
    expect(why).to_contain_text("还没有扫码")
    page.click("#give-shot")
    expect(page.locator("#whose")).to_be_focused()
    page.keyboard.type("李四")
    page.click(".whose li button")
    expect(page.locator(".board-who")).to_contain_text("李四")
    expect(page.locator("#board")).not_to_contain_text("还没有扫码")
    assert students(app, 2) == [None, 1]


def test_a_photo_that_passes_is_given_to_another_student_and_undone(
    start: Callable[..., App], opened: Callable[..., Page], camera: Path
) -> None:
    shutil.copy(SAMPLES / "blue.jpg", camera / "20220001.jpg")
    app = begun(start, camera)
    page = opened(app, "batch")
    page.evaluate("localStorage.setItem('clerk', '甲老师')")
    page.click(".tile[title='20220001.jpg']")
    page.click("#give")
    expect(page.locator("#whose")).to_be_focused()
    page.keyboard.type("王五")
    page.click(".whose li button")
    expect(page.locator("dialog.review h2")).to_contain_text("王五")
    expect(page.locator("#said .badge, #said b")).to_have_text(["✓ 人工通过", "王五 20220003"])
    told = app.wait(lambda told: told["rows"][0]["student"] == 2)
    assert told["meta"]["unused"] == []
    page.click("#undo")
    expect(page.locator("dialog.review h2")).to_contain_text("张三")


def test_what_does_not_count_leaves_a_photo_waiting_and_says_why(
    start: Callable[..., App], opened: Callable[..., Page], camera: Path
) -> None:
    for name in ("20220001", "20220002"):
        shutil.copy(SAMPLES / "blue.jpg", camera / f"{name}.jpg")
    ImageOps.mirror(SAMPLE).save(camera / "IMG_0001.jpg", quality=85, dpi=(300, 300))
    app = begun(start, camera)
    page = opened(app, "batch")
    page.evaluate("localStorage.setItem('clerk', '甲老师')")
    review = page.locator("[data-kind=review] b")
    expect(review).to_have_text("3")
    rows = {row["photo"]: row for row in app.changes()["rows"]}
    keys = [student["key"] for student in app.changes()["meta"]["students"]]

    def accept(photo: str, student: str) -> None:
        row = rows[photo]
        saying = {"id": row["id"], "sha256": row["sha256"], "who": "甲老师", "decision": "accept", "note": "", "student": student}
        assert app.ask("say", saying)[0] == 200

    accept("20220001.jpg", keys[0])
    accept("IMG_0001.jpg", keys[2])
    expect(review).to_have_text("0")
    # One picture of two students.
    accept("20220002.jpg", keys[1])
    expect(review).to_have_text("2")
    # Who was named has left.
    assert app.ask("roster", b"\n".join(ROSTER.splitlines()[:3]), {"X-Photo-Name": "roster.csv"})[0] == 200
    expect(review).to_have_text("3")
    page.click(".tile[title='IMG_0001.jpg']")
    expect(page.locator("#unused-here")).to_contain_text("不在名册上")
    page.keyboard.press("a")
    expect(page.locator("dialog [role=alert]")).to_have_text("请先选这是谁的照片，再通过或放行。")
