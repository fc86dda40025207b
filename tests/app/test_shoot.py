"""Whose a shot is that comes once more, and what comes that is no shot."""

from collections.abc import Callable
from pathlib import Path

from conftest import SAMPLES, App
from PIL import Image, ImageOps
from playwright.sync_api import Page, expect


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
