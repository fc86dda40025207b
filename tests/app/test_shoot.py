"""Whose a shot is that comes once more, and what comes that is no shot."""

import shutil
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

from conftest import SAMPLES, App
from PIL import Image, ImageOps
from playwright.sync_api import Browser, Page, expect


def test_a_shot_that_is_worked_on_stays_the_student_s_and_a_name_given_again_is_the_next_one_s(
    start: Callable[..., App], tmp_path: Path
) -> None:
    camera = tmp_path / "相机"
    camera.mkdir()
    (tmp_path / "名册.csv").write_text("学号,姓名\n20220001,张三\n20220002,李四\n20220003,王五\n", encoding="utf-8")
    app = start(camera)
    app.wait(lambda told: told["state"]["folder"])
    assert app.ask("roster", (tmp_path / "名册.csv").read_bytes(), {"X-Photo-Name": "roster.csv"})[0] == 200
    app.wait(lambda told: told["state"]["roster"] is not None and told["meta"])
    assert app.ask("watch", {"path": str(camera)})[0] == 200
    original = Image.open(SAMPLES / "blue.jpg").convert("RGB")

    def shoot(picture: Image.Image, when: str, student: int, shots: int) -> int:
        """Saves a shot under the one name while this student sits there; returns whose it is."""
        assert app.ask("now", {"student": student})[0] == 200
        exif = Image.Exif()
        exif.get_ifd(0x8769)[0x9003] = when
        picture.save(camera / "DSC_0001.jpg", quality=90, exif=exif)
        told = app.wait(lambda told: len(told["state"]["shots"]) == shots and told["rows"])
        return told["state"]["shots"][-1]["student"]

    assert shoot(original, "2026:03:01 08:30:00", 0, 1) == 0
    assert shoot(ImageOps.mirror(original), "2026:03:01 08:30:00", 1, 2) == 0
    assert shoot(original, "2026:03:01 08:31:00", 1, 3) == 1


def test_what_a_photographer_drops_that_cannot_be_judged_is_told_until_it_is_cured(
    start: Callable[..., App], opened: Callable[..., Page], tmp_path: Path
) -> None:
    camera = tmp_path / "相机"
    camera.mkdir()
    app = start(camera)
    app.wait(lambda told: told["run"]["state"] == "done")
    assert app.ask("watch", {"path": str(camera)})[0] == 200
    page = opened(app, "live")
    for name in ("1.CR3", "1.JPG", "2.NEF", "1班.zip"):
        (camera / name).write_bytes((SAMPLES / "blue.jpg").read_bytes() if name == "1.JPG" else b"no picture")
    lines = page.locator("#passed-over li")
    expect(lines).to_have_text(["1班.zip：压缩包（请先解压）", "2.NEF：相机 RAW 原片（请导出为 JPEG）"], timeout=30000)
    (camera / "1班.zip").unlink()
    expect(lines).to_have_text(["2.NEF：相机 RAW 原片（请导出为 JPEG）"], timeout=30000)
    # On the wall at half again the size the board still holds its picture, below what could not be judged.
    page.set_viewport_size({"width": 911, "height": 512})
    page.click("#kiosk")
    expect(page.locator(".live.kiosk")).to_be_visible()
    lines, board, picture, queue = (
        page.locator(part).bounding_box() for part in ("#passed-over", "#board", "#board .picture", ".queue"))
    assert lines["y"] + lines["height"] <= board["y"] and board["x"] + board["width"] <= queue["x"]
    assert board["y"] <= picture["y"] and picture["y"] + picture["height"] <= board["y"] + board["height"] <= 512


def test_a_board_says_why_somebody_must_look_and_when_it_no_longer_holds(
    start: Callable[..., App], browser: Browser, tmp_path: Path
) -> None:
    camera = tmp_path / "相机"
    camera.mkdir()
    (camera / "0.jpg").write_bytes((SAMPLES / "enlarged.jpg").read_bytes())
    (tmp_path / "名册.csv").write_text("学号,姓名\n20220001,张三\n20220002,李四\n", encoding="utf-8")
    app = start(camera)
    app.wait(lambda told: told["run"]["state"] == "done" and len(told["rows"]) == 1)
    assert app.ask("roster", (tmp_path / "名册.csv").read_bytes(), {"X-Photo-Name": "roster.csv"})[0] == 200
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
    page = context.new_page()
    page.goto(app.address.split("#")[0] + "#live")
    # Where one comes back to after the program has ended.
    page.click(".recent button >> nth=0")
    # It came while nobody watched.
    expect(page.locator("#no-student")).to_contain_text("1 张", timeout=20000)
    for place, name in enumerate(["1.jpg", "2.jpg"]):
        assert app.ask("now", {"student": place})[0] == 200
        # One of the same moment would be the first student's shot once more.
        exif = Image.Exif()
        exif.get_ifd(0x8769)[0x9003] = f"2026:04:20 09:0{place}:00"
        Image.open(SAMPLES / "blue.jpg").save(camera / name, quality="keep", dpi=(300, 300), exif=exif)
        app.wait(lambda told, place=place: len(told["rows"]) == 2 + place and len(told["state"]["shots"]) == 1 + place, 30)
    # One picture of two students: no rule of one photo says so.
    reason = next(note["reason"]["zh"] for note in app.ask("details/2")[1]["notes"])
    expect(page.locator(".board-why")).to_contain_text(reason)
    for word in page.locator(".board-word").all():
        height, line = word.evaluate("(word) => [word.getBoundingClientRect().height, parseFloat(getComputedStyle(word).lineHeight)]")
        assert height < 1.5 * line, "the word is broken"
    page.click("#kiosk")
    expect(page.locator(".live.kiosk")).to_be_visible()
    app.kill()
    lost = page.locator(".lost")
    expect(lost).to_be_visible(timeout=30000)
    is_seen = lost.evaluate("(lost) => { const { x, y, width, height } = lost.getBoundingClientRect();"
                            " return document.elementFromPoint(x + width / 2, y + height / 2) === lost; }")
    assert is_seen and page.locator(".board-word").count() == 0
    expect(page.locator("#board")).to_contain_text("连接已断开")
    context.close()


def test_a_shot_that_is_moved_copied_or_renamed_stays_its_student_s(start: Callable[..., App], tmp_path: Path) -> None:
    camera = tmp_path / "相机"
    (camera / "挑过的").mkdir(parents=True)
    (camera / "DSC_0001.JPG").write_bytes((SAMPLES / "enlarged.jpg").read_bytes())
    app = start(camera)
    app.wait(lambda told: told["run"]["state"] == "done")
    assert app.ask("roster", "学号,姓名\n20220001,张三\n20220002,李四\n20220003,王五\n".encode(), {"X-Photo-Name": "roster.csv"})[0] == 200
    assert app.ask("watch", {"path": str(camera)})[0] == 200

    def whose(sitting: int, name: str, come: Callable[[Path], object]) -> int | None:
        """Whose the photo of this name is that comes while this student sits there."""
        assert app.ask("now", {"student": sitting})[0] == 200
        come(camera / name)
        told = app.wait(lambda told: any(row["photo"] == name and row["id"] == shot["id"] for row in told["rows"] for shot in told["state"]["shots"][-1:]))
        return told["state"]["shots"][-1]["student"]

    first, moved = camera / "DSC_0002.JPG", camera / "挑过的" / "DSC_0002.JPG"
    assert whose(0, "DSC_0002.JPG", lambda to: shutil.copy(SAMPLES / "blue.jpg", to)) == 0
    assert whose(1, "挑过的/DSC_0002.JPG", first.rename) == 0
    assert whose(1, "备份.JPG", lambda to: shutil.copy(moved, to)) == 0
    assert whose(1, "挑出.JPG", moved.rename) == 0
    assert whose(1, "原来就有.JPG", lambda to: shutil.copy(camera / "DSC_0001.JPG", to)) is None
    assert whose(0, "20220003王五.JPG", lambda to: shutil.copy(SAMPLES / "flag-behind.jpg", to)) == 2
    told = app.changes()
    names = {row["photo"] for row in told["rows"]}
    assert names == {"DSC_0001.JPG", "备份.JPG", "挑出.JPG", "原来就有.JPG", "20220003王五.JPG"}
    assert not told["meta"]["unused"], "whose a shot is that was renamed since is nothing that a person said"


def test_photos_that_had_begun_to_come_when_another_folder_was_opened_stay_in_theirs(start: Callable[..., App], tmp_path: Path) -> None:
    first, second = (tmp_path / name for name in ("一班", "二班"))
    first.mkdir()
    second.mkdir()
    (tmp_path / "名册.csv").write_text("学号,姓名\n20220001,张三\n20220002,李四\n", encoding="utf-8")
    app = start(first)
    app.wait(lambda told: told["state"]["folder"])
    assert app.ask("roster", (tmp_path / "名册.csv").read_bytes(), {"X-Photo-Name": "roster.csv"})[0] == 200

    def leave(name: str) -> None:
        """The other folder is opened while a photo of this name comes, which is waited for since it is not whole."""
        assert app.ask("watch", {"path": str(first)})[0] == 200
        assert app.ask("now", {"student": 1})[0] == 200
        (first / name).write_bytes(b"half a picture")
        time.sleep(0.5)
        assert app.ask("open", {"path": str(second)})[0] == 200

    leave("DSC_0001.jpg")
    kept = sqlite3.connect(tmp_path / "一班-检查结果" / "gradphoto.sqlite")
    end = time.monotonic() + 60
    while not kept.execute("SELECT * FROM shots").fetchall() and time.monotonic() < end:
        time.sleep(0.1)
    told = app.wait(lambda told: told["run"]["state"] == "done")
    assert told["state"]["folder"] == str(second) and told["rows"] == told["state"]["shots"] == []
    assert app.ask("open", {"path": str(first)})[0] == 200
    shots = app.wait(lambda told: told["rows"])["state"]["shots"]
    assert [shot["student"] for shot in shots] == [1]
    # Whoever comes back at once has the photo looked at as one that lies there, before it is known to be a shot.
    leave("DSC_0002.jpg")
    assert app.ask("open", {"path": str(first)})[0] == 200
    told = app.wait(lambda told: len(told["state"]["shots"]) == 2)
    assert told["state"]["shots"][-1]["student"] == 1 and told["state"]["now"] is None


def test_a_scanner_is_heard_wherever_the_keyboard_is_and_classes_of_one_name_are_two(
    start: Callable[..., App], opened: Callable[..., Page], tmp_path: Path
) -> None:
    folders = [tmp_path / name for name in ("相机", "另一台")]
    for folder in folders:
        folder.mkdir()
    lines = ["学号,姓名,院系,班级", "1001,张伟,计算机学院,1班", "1002,张伟,外语学院,1班", "1003,李四,外语学院,1班"]
    app = start(folders[0])
    app.wait(lambda told: told["run"]["state"] == "done")
    assert app.ask("roster", "\n".join(lines).encode(), {"X-Photo-Name": "roster.csv"})[0] == 200
    assert app.ask("watch", {"path": str(folders[0])})[0] == 200
    page = opened(app, "live")
    missing, now = page.locator("#missing-count"), page.locator("#now")
    expect(missing).to_contain_text("3 人")
    page.select_option("#class", "外语学院 / 1班")
    expect(page.locator("#scan")).to_be_focused()
    expect(missing).to_contain_text("2 人")
    for place in ("#class", "#kiosk"):
        page.focus(place)
        page.keyboard.type("1001" if place == "#class" else "1003")
        page.keyboard.press("Enter")
        expect(now).to_contain_text("张伟 1001" if place == "#class" else "李四 1003")
    page.fill("#scan", "张伟")
    page.keyboard.press("Enter")
    expect(now).to_contain_text("张伟 1002")
    # Another folder begins with everybody, though its roster is the same.
    assert app.ask("watch", {"path": str(folders[1])})[0] == 200
    expect(missing).to_contain_text("3 人")
    expect(page.locator("#class option:checked")).to_have_text("全部班级")
