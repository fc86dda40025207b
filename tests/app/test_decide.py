"""What a clerk decides is what the clerk saw, and what was written is kept."""

import shutil
import time
from collections.abc import Callable
from pathlib import Path

from conftest import PROFILE, SAMPLES, App
from PIL import Image
from playwright.sync_api import Browser, Page, expect

SECONDS = 1000


def deciding(page: Page, clerk: str) -> None:
    """Opens the first photo that waits, for a clerk who has said who it is."""
    page.evaluate("(clerk) => localStorage.setItem('clerk', clerk)", clerk)
    page.click("#review")
    expect(page.locator("#position")).to_be_visible()


def hold(page: Page, key: str) -> None:
    """Holds a key for a second, as a keyboard repeats it."""
    keyboard = page.context.new_cdp_session(page)
    pressed = {"key": key, "code": f"Key{key.upper()}", "windowsVirtualKeyCode": ord(key.upper()), "text": key}
    for turn in range(16):
        keyboard.send("Input.dispatchKeyEvent", {"type": "keyDown", "autoRepeat": turn > 0, **pressed})
        time.sleep(0.4 if turn == 0 else 0.04)
    keyboard.send("Input.dispatchKeyEvent", {"type": "keyUp", **pressed})


# The samples are cut in several ways.
ASKED = PROFILE + "".join(f'[rules.{rule}]\nseverity = "ask"\n' for rule in ("eye-line", "horizontal-centring"))


def several(start: Callable[..., App], folder: Path, count: int) -> tuple[App, Path]:
    """So many photos that a person has to decide, cut so differently that none is taken for another's copy."""
    photos = folder / "多张"
    photos.mkdir()
    (folder / "asked.toml").write_text(ASKED, encoding="utf-8")
    original = Image.open(SAMPLES / "blue.jpg").convert("RGB").resize((480, 640))
    for number in range(count):
        width, height = 480 - 24 * number, 640 - 32 * number
        left, top = (480 - width) * (number % 2), (640 - height) * (number // 2 % 2)
        cut = original.crop((left, top, left + width, top + height)).resize((480, 640))
        cut.save(photos / f"m{number}.jpg", quality=88, dpi=(300, 300))
    app = start(photos, "--profile", folder / "asked.toml")
    told = app.wait(lambda told: told["run"]["state"] == "done" and len(told["rows"]) == count)
    assert all(row["verdict"] == "review" and not row["notes"] for row in told["rows"]), told["rows"]
    return app, photos


def said(app: App) -> list[str]:
    return [row["photo"] for row in app.changes()["rows"] if row["said"]]


def test_a_key_that_is_held_decides_one_photo_and_undo_takes_it_back(
    start: Callable[..., App], opened: Callable[..., Page], browser: Browser, tmp_path: Path
) -> None:
    app, photos = several(start, tmp_path, 5)
    page = opened(app, "batch")
    deciding(page, "甲老师")
    hold(page, "a")
    expect(page.locator("#left")).to_have_text("还剩 4 张待确认")
    assert said(app) == ["m0.jpg"]
    # Undone from the next photo, where nothing was said, and shown there.
    expect(page.locator("#undo")).to_contain_text("撤销上一个结论")
    page.keyboard.press("u")
    expect(page.locator("#left")).to_have_text("还剩 5 张待确认")
    expect(page.locator("dialog header .soft")).to_contain_text("m0.jpg")
    assert said(app) == [] and page.locator("#undo").count() == 0
    assert app.ask("export", {})[0] == 200
    context = browser.new_context()
    report = context.new_page()
    report.goto((photos.parent / f"{photos.name}-检查结果" / "report.html").as_uri())
    deciding(report, "甲老师")
    hold(report, "a")
    expect(report.locator("#left")).to_have_text("还剩 4 张待确认")
    context.close()


def test_what_another_clerk_said_is_not_undone(start: Callable[..., App], opened: Callable[..., Page], few: Path) -> None:
    app = start(few, "--profile", few.parent / "profile.toml")
    told = app.wait(lambda told: told["run"]["state"] == "done" and len(told["rows"]) == 6)
    row = next(row for row in told["rows"] if row["verdict"] == "review")
    page = opened(app, "batch")
    deciding(page, "乙老师")
    assert app.ask("say", {"id": row["id"], "sha256": row["sha256"], "who": "甲老师", "decision": "accept", "note": ""})[0] == 200
    expect(page.locator("#said")).to_contain_text("甲老师")
    assert page.locator("#undo").count() == 0
    page.keyboard.press("r")
    expect(page.locator("#undo")).to_be_visible()


def test_a_photo_that_is_being_decided_stays_when_others_come_and_go(
    start: Callable[..., App], opened: Callable[..., Page], tmp_path: Path
) -> None:
    app, photos = several(start, tmp_path, 4)
    page = opened(app, "batch")
    deciding(page, "甲老师")
    page.click("#next")
    expect(page.locator("dialog header .soft")).to_contain_text("m1.jpg")
    page.keyboard.press("n")
    page.keyboard.type("写到一半")
    shutil.copy(SAMPLES / "enlarged.jpg", photos / "a.jpg")
    for count in (5, 4, 3):
        assert app.ask("run", {"go": True})[0] == 200
        app.wait(lambda told, count=count: told["run"]["state"] == "done" and len(told["rows"]) == count)
        expect(page.locator("[data-kind=all] b")).to_have_text(str(count))
        expect(page.locator("dialog header .soft")).to_contain_text("m1.jpg")
        expect(page.locator("#note")).to_have_value("写到一半")
        (photos / ("a.jpg" if count == 5 else "m3.jpg")).unlink(missing_ok=True)
    # One that is no longer there cannot be decided.
    page.keyboard.press("Enter")
    app.wait(lambda told: any(row["said"] for row in told["rows"]))
    (photos / "m1.jpg").unlink()
    assert app.ask("run", {"go": True})[0] == 200
    expect(page.locator("dialog.review")).to_have_count(0)


# Writes into the note in the very moment in which it is there, as fast as no hand does.
AT_ONCE = """photo => new Promise((done) => {
  new MutationObserver((_, watching) => {
    const note = document.getElementById("note");
    if (!note) return;
    watching.disconnect();
    note.value = "手快";
    note.dispatchEvent(new Event("input", { bubbles: true }));
    requestAnimationFrame(() => setTimeout(done, 100));
  }).observe(document.body, { childList: true, subtree: true });
  document.querySelector(`.tile[title='${photo}']`).click();
})"""


def test_what_is_written_before_the_photo_is_painted_stays(start: Callable[..., App], opened: Callable[..., Page], tmp_path: Path) -> None:
    app, _ = several(start, tmp_path, 1)
    page = opened(app, "batch")
    expect(page.locator(".tile[title='m0.jpg']")).to_be_visible()
    page.evaluate(AT_ONCE, "m0.jpg")
    expect(page.locator("#note")).to_have_value("手快")


def test_a_note_is_kept_however_the_photo_is_left(start: Callable[..., App], opened: Callable[..., Page], tmp_path: Path) -> None:
    app, _ = several(start, tmp_path, 4)
    page = opened(app, "batch")
    page.click("#review")
    for number, way in enumerate(["#next", "Escape", "back"]):
        if page.locator("dialog.review").count() == 0:
            page.locator(f".tile[title='m{number}.jpg']").click()
        page.keyboard.press("n")
        page.keyboard.type(f"备注{number}")
        if way == "back":
            page.go_back()
        elif way == "Escape":
            page.keyboard.press(way)
        else:
            page.click(way)
        # Who decides is asked once, and then it is kept.
        if number == 0:
            page.fill("#clerk", "甲老师")
            page.keyboard.press("Enter")
            expect(page.locator("#clerk")).to_have_count(0)
            page.click(way)
        else:
            expect(page.locator("dialog.review")).to_have_count(0)
    told = app.wait(lambda told: sum(bool(row["said"]) for row in told["rows"]) == 3)
    words = [[(word["who"], word["note"], word["decision"]) for word in row["said"]] for row in told["rows"]]
    assert words == [[("甲老师", f"备注{number}", None)] for number in range(3)] + [[]]
    # A decision takes the note along, in one word.
    page.locator(".tile[title='m3.jpg']").click()
    page.keyboard.press("n")
    page.keyboard.type("已核对")
    page.click("#accept")
    told = app.wait(lambda told: bool(told["rows"][3]["said"]))
    assert [(word["note"], word["decision"]) for word in told["rows"][3]["said"]] == [("已核对", "accept")]
    # To take it back takes no note along, and whoever does not change the name keeps it.
    page.click("#undo")
    told = app.wait(lambda told: told["rows"][3]["said"][0]["decision"] is None)
    assert [word["note"] for word in told["rows"][3]["said"]] == ["已核对"]
    page.click(".clerk button")
    page.click("dialog dialog button[type=button]")
    expect(page.locator(".clerk")).to_contain_text("甲老师")


def test_a_photo_is_let_pass_only_with_its_student(
    start: Callable[..., App], opened: Callable[..., Page], browser: Browser, tmp_path: Path
) -> None:
    app, photos = several(start, tmp_path, 3)
    roster = "学号,姓名,班级\n1001,张三,1班\n1002,李四,1班\n".encode()
    assert app.ask("roster", roster, {"X-Photo-Name": "roster.csv"})[0] == 200
    # One that was let pass without, before there was a roster or by another program, waits all the same.
    told = app.wait(lambda told: all(row["nobodys"] for row in told["rows"]))
    saying = {"id": 2, "sha256": told["rows"][2]["sha256"], "who": "乙老师", "decision": "accept", "note": ""}
    assert app.ask("say", saying)[0] == 200
    app.wait(lambda told: told["rows"][2]["said"])
    page = opened(app, "batch")
    deciding(page, "甲老师")
    expect(page.locator("#left")).to_have_text("还剩 3 张待确认")
    page.keyboard.press("a")
    expect(page.locator("dialog [role=alert]")).to_have_text("请先选这是谁的照片，再通过或放行。")
    expect(page.locator("#whose")).to_be_focused()
    assert said(app) == ["m2.jpg"]
    page.fill("#whose", "张三")
    # What was typed for one photo is not there for the next.
    page.click("#next")
    expect(page.locator("#whose")).to_have_value("")
    page.click("#previous")
    page.fill("#whose", "张三")
    page.click(".whose li button")
    page.click("#accept")
    expect(page.locator("dialog header .soft")).to_contain_text("m1.jpg")
    expect(page.locator("#whose")).to_have_value("")
    told = app.wait(lambda told: told["rows"][0]["student"] == 0)
    assert [unused["photo"] for unused in told["meta"]["unused"]] == ["m2.jpg"]
    # To say the same once more keeps the student.
    page.click("#previous")
    page.keyboard.press("a")
    expect(page.locator("dialog header .soft")).to_contain_text("m1.jpg")
    assert [word["student"] for word in app.changes()["rows"][0]["said"]] == [told["meta"]["students"][0]["key"]]
    assert app.ask("export", {})[0] == 200
    context = browser.new_context()
    report = context.new_page()
    report.goto((photos.parent / f"{photos.name}-检查结果" / "report.html").as_uri())
    deciding(report, "甲老师")
    # A report that is given away names nobody who has a photo, and says so of whom it does not find.
    report.fill("#whose", "张三")
    expect(report.locator(".whose .soft")).to_have_text("还没有照片的学生里没有这样的人")
    report.fill("#whose", "李四")
    expect(report.locator(".whose li")).to_have_text("李四 1002　1班")
    context.close()
