"""A clerk's day at the page: one photo, a batch, decisions of two people, the rules, the results."""

import csv
import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from conftest import SAMPLES, App, name_of
from PIL import Image
from playwright.sync_api import Page, Route, expect

SECONDS = 1000


def call_oneself(page: Page, name: str) -> None:
    page.fill("#clerk", name)
    page.keyboard.press("Enter")


def test_one_photo_is_judged_and_drawn(start: Callable[..., App], opened: Callable[..., Page], tmp_path: Path) -> None:
    page = opened(start())
    page.set_input_files("input[type=file]", SAMPLES / "low-quality.jpg")
    expect(page.locator("#verdict")).to_have_attribute("data-verdict", "fail", timeout=20 * SECONDS)
    words = page.inner_text(".findings")
    assert "重新导出" in words and "JPEG" in words
    assert page.locator(".frame").count() > 0, "nothing is shown on the picture"
    with page.expect_download() as download:
        page.click("#draw")
    download.value.save_as(tmp_path / "drawn.jpg")
    assert (tmp_path / "drawn.jpg").read_bytes().startswith(b"\xff\xd8")
    # Of what browsers do not show the program sends a picture.
    Image.open(SAMPLES / "blue.jpg").save(tmp_path / "张三.tif")
    page.set_input_files("input[type=file]", tmp_path / "张三.tif")
    expect(page.locator(".file-name")).to_have_text("张三.tif")
    expect(page.locator(".tried-picture img")).to_have_js_property("naturalWidth", 480, timeout=20 * SECONDS)
    page.set_input_files("input[type=file]", SAMPLES / "not-a-photo.jpg")
    expect(page.locator("#verdict")).to_have_attribute("data-verdict", "unread", timeout=20 * SECONDS)
    page.click("#language")
    assert "cannot be opened" in page.inner_text("#verdict")


def test_a_file_that_has_gone_since_it_was_chosen_is_named_with_the_cure(
    start: Callable[..., App], opened: Callable[..., Page], tmp_path: Path
) -> None:
    page = opened(start())
    photo = tmp_path / "张三.jpg"
    photo.write_bytes((SAMPLES / "blue.jpg").read_bytes())
    page.set_input_files("input[type=file]", photo)
    expect(page.locator("#verdict")).to_be_visible(timeout=20 * SECONDS)
    photo.unlink()
    page.click("#draw")
    expect(page.locator("#trouble")).to_have_text(
        "读不出文件 张三.jpg：可能已移动、改名或删除，或者正被其他程序占用。请重新选择。")


def test_what_a_camera_took_is_drawn_as_it_was_judged(start: Callable[..., App]) -> None:
    app = start()
    photo = (SAMPLES / "low-quality.jpg").read_bytes()
    drawn = {kind: app.ask(f"draw?language=zh&kind={kind}", photo) for kind in ("file", "camera")}
    assert all(status == 200 and jpeg.startswith(b"\xff\xd8") for status, jpeg in drawn.values())
    assert drawn["file"] != drawn["camera"], "nothing of its file is asked"


def test_the_title_of_a_profile_is_in_the_language_of_the_page(start: Callable[..., App], opened: Callable[..., Page]) -> None:
    page = opened(start())
    chosen = page.locator("#profile option").first
    expect(chosen).to_have_text("毕业生图像采集通知（蓝色背景）")
    page.click("#language")
    expect(chosen).to_have_text("Notice to graduates (blue background)")


def test_a_photo_that_is_dropped_on_the_program_is_tried_once(start: Callable[..., App], opened: Callable[..., Page], few: Path) -> None:
    app = start(few / "1班" / "张三.jpg")
    assert app.address.endswith("#try/given")
    page = opened(app, "try/given")
    expect(page.locator("#verdict")).to_be_visible(timeout=20 * SECONDS)
    assert page.inner_text(".file-name") == "张三.jpg" and page.url.endswith("#try")
    assert opened(start()).locator("#verdict").count() == 0


def test_a_list_of_folders_that_comes_late_leaves_the_box_to_who_types(start: Callable[..., App], opened: Callable[..., Page]) -> None:
    page = opened(start())
    held = []
    page.route("**/api/folders*", lambda route: held.append(route))
    page.click("nav a[href='#batch']")
    page.focus("#path")
    expect(page.locator("#path")).to_be_focused()
    while not held:
        page.wait_for_timeout(20)
    held[0].continue_()
    expect(page.locator(".folders")).to_be_visible(timeout=20 * SECONDS)
    assert page.input_value("#path") == ""
    page.click(".folder >> nth=0")
    while len(held) < 2:
        page.wait_for_timeout(20)
    held[1].continue_()
    expect(page.locator("#path")).not_to_have_value("", timeout=20 * SECONDS)


def test_the_camera_says_several_times_a_second_what_is_wrong(start: Callable[..., App], opened: Callable[..., Page]) -> None:
    app = start()
    page = opened(app)
    answers = []
    page.on("response", lambda response: answers.append(response.status) if "kind=live" in response.url else None)
    page.click("#camera")
    expect(page.locator("#live-verdict")).not_to_have_attribute("data-state", "waiting", timeout=30 * SECONDS)
    before = len(answers)
    page.wait_for_timeout(3 * SECONDS)
    assert len(answers) - before >= 3 and set(answers) == {200}
    assert page.locator(".aspects li").count() == 8
    page.click("#shoot")
    expect(page.locator("#verdict")).to_be_visible(timeout=20 * SECONDS)
    assert "摄像头" in page.inner_text(".tried-words")


def test_a_table_beside_the_photos_is_offered_as_the_roster(start: Callable[..., App], opened: Callable[..., Page], few: Path) -> None:
    (few / "名册.csv").write_text("学号,姓名,班级\n1001,张三,1班\n1002,赵六,1班\n", encoding="utf-8")
    (few / "说明.csv").write_text("这里没有名册\n", encoding="utf-8")
    app = start(few)
    page = opened(app, "batch")
    expect(page.locator(".offer")).to_have_text(["用“名册.csv”作名册", "用“说明.csv”作名册"])
    status, refusal = app.ask("roster-beside", {"name": "说明.csv"})
    assert status == 400 and "说明.csv" in json.dumps(refusal, ensure_ascii=False)
    page.click(".offer >> nth=0")
    expect(page.locator("dialog .message")).to_contain_text("2", timeout=10 * SECONDS)
    page.keyboard.press("Escape")
    expect(page.locator("#roster-read")).to_contain_text("名册 2 人（名册.csv）")
    assert page.locator(".offer").count() == 0
    for name in ["../profile.toml", "1班/张三.jpg", "/etc/passwd"]:
        assert app.ask("roster-beside", {"name": name})[0] == 404, "no other file is taken"


def test_old_photos_and_what_cannot_be_checked_are_told_as_the_command_does(start: Callable[..., App], opened: Callable[..., Page], few: Path) -> None:
    photo = Image.open(few / "1班" / "张三.jpg")
    exif = photo.getexif()
    exif.get_ifd(0x8769)[0x9003] = "2024:01:05 09:00:00"
    photo.save(few / "1班" / "张三.jpg", quality=90, dpi=(300, 300), exif=exif)
    (few / "1班" / "赵六.CR3").write_bytes(b"raw")
    (few / "名册.csv").write_text("学号,姓名,班级,毕业日期\n1001,张三,1班,2026-06\n1002,赵六,1班,2026-06\n", encoding="utf-8")
    app = start(few)
    page = opened(app, "batch")
    expect(page.locator("#beside")).to_contain_text("有 1 个文件")
    expect(page.locator("#beside")).to_contain_text("1班/赵六.CR3：相机 RAW")
    page.click(".offer")
    app.wait(lambda told: told["run"]["state"] == "done" and told["state"]["roster"] is not None)
    status, _ = app.ask("export", {})
    assert status == 200
    batch = json.loads((few.parent / f"{few.name}-检查结果" / "batch.json").read_text(encoding="utf-8"))
    kinds = {finding["kind"]: finding["photos"] for finding in batch["findings"]}
    assert kinds["too-old"] == ["1班/张三.jpg"] and kinds["other-file"] == [] and "missing" not in kinds


def test_a_batch_is_checked_searched_and_exported(start: Callable[..., App], opened: Callable[..., Page], school: Path) -> None:
    app = start()
    page = opened(app, "batch")
    page.fill("#path", str(school))
    page.click("#open")
    page.set_input_files("#roster", school.parent / "名册.csv")
    expect(page.locator("dialog .message")).to_contain_text("310", timeout=10 * SECONDS)
    page.keyboard.press("Escape")
    expect(page.locator("#progress")).to_have_attribute("data-state", "done", timeout=240 * SECONDS)
    told = app.wait(lambda told: len(told["rows"]) == 300)
    for kind in ["pass", "review", "fail"]:
        shown = int(page.inner_text(f"[data-kind={kind}] b"))
        assert shown == sum(row["verdict"] == kind for row in told["rows"]), kind
    assert page.inner_text("[data-kind=missing] b") == "10"
    page.keyboard.press("/")
    page.keyboard.type(name_of(42))
    expect(page.locator("#count")).to_have_text("1 / 300 张")
    page.fill("#search", name_of(305))
    expect(page.locator(".without")).to_contain_text("图书馆")
    page.click("#clear")
    page.select_option("[name=place]", "外国语学院")
    expect(page.locator("#count")).to_have_text("100 / 300 张")
    page.click("#tab-students")
    expect(page.locator("#by-department tbody tr")).to_have_count(2)
    assert page.locator("#missing tbody tr").count() == 10
    page.click("#export")
    expect(page.locator("dialog .message")).to_contain_text("检查结果", timeout=60 * SECONDS)
    results = school.parent / f"{school.name}-检查结果"
    rows = list(csv.reader((results / "report.csv").open(encoding="utf-8-sig", newline="")))
    assert len(rows) == 1 + 300 + 10
    lines = [json.loads(line) for line in (results / "report.jsonl").open(encoding="utf-8")]
    assert [line["photo"] for line in lines] == [row["photo"] for row in told["rows"]]
    assert (results / "report.xlsx").stat().st_size > 10_000 and (results / "report.html").stat().st_size > 1_000_000


def test_who_comes_back_finds_the_list_as_it_was_left(start: Callable[..., App], opened: Callable[..., Page], few: Path, tmp_path: Path) -> None:
    app = start(few)
    app.wait(lambda told: told["run"]["state"] == "done" and len(told["rows"]) == 6)
    page = opened(app, "batch")
    page.fill("#search", "张三")
    expect(page.locator(".tile")).to_have_count(1)
    page.click(".tile")
    page.keyboard.press("Escape")
    expect(page.locator("dialog.review")).to_have_count(0)
    expect(page.locator(".tile")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("dialog.review")).to_be_visible()
    page.go_back()
    expect(page.locator("dialog.review")).to_have_count(0)
    page.click("nav a[href='#rules']")
    page.click("nav a[href='#batch']")
    expect(page.locator("#search")).to_have_value("张三")
    (tmp_path / "空").mkdir()
    page.click("#other-folder")
    page.fill("#path", str(tmp_path / "空"))
    page.click("#open")
    expect(page.locator(".nothing")).to_contain_text("没有可以检查的照片", timeout=10 * SECONDS)
    expect(page.locator("#search")).to_have_value("")


def test_a_photo_that_was_tried_is_still_there_after_a_look_elsewhere(start: Callable[..., App], opened: Callable[..., Page]) -> None:
    page = opened(start())
    page.set_input_files("input[type=file]", SAMPLES / "low-quality.jpg")
    # Its verdict comes while another view is open.
    page.click("nav a[href='#rules']")
    expect(page.locator("#profile")).to_be_visible()
    page.click("nav a[href='#try']")
    expect(page.locator("#verdict")).to_have_attribute("data-verdict", "fail", timeout=20 * SECONDS)
    page.click("nav a[href='#rules']")
    page.go_back()
    expect(page.locator("#verdict")).to_have_attribute("data-verdict", "fail")
    assert page.inner_text(".file-name") == "low-quality.jpg"


def test_a_tab_whose_folder_another_one_changes_is_told_and_can_take_it_back(
    start: Callable[..., App], opened: Callable[..., Page], few: Path
) -> None:
    other = few.parent / "别的"
    other.mkdir()
    app = start(few)
    first, second = opened(app, "batch"), opened(app, "batch")
    expect(first.locator(".tile")).to_have_count(6, timeout=120 * SECONDS)
    second.click("#other-folder")
    second.fill("#path", str(other))
    second.click("#open")
    expect(first.locator(".switched")).to_contain_text(str(other))
    assert second.locator(".switched").count() == 0, "it was asked for there"
    first.click("#switch-back")
    expect(first.locator(".tile")).to_have_count(6, timeout=20 * SECONDS)
    expect(second.locator(".switched")).to_contain_text(str(few))
    second.click("#switch-stay")
    assert first.locator(".switched").count() == second.locator(".switched").count() == 0


def test_arrows_lead_from_tab_to_tab(start: Callable[..., App], opened: Callable[..., Page], few: Path) -> None:
    page = opened(start(few), "batch")
    page.focus("#tab-sheet")
    for key, tab in [("ArrowLeft", "rules"), ("ArrowRight", "sheet"), ("ArrowRight", "students"), ("End", "rules"), ("Home", "sheet")]:
        page.keyboard.press(key)
        expect(page.locator(f"#tab-{tab}")).to_be_focused()
        assert page.locator("[role=tab][aria-selected=true]").get_attribute("id") == f"tab-{tab}"
    assert page.locator("[role=tab][tabindex='0']").count() == 1


def test_nothing_is_covered_or_squeezed_away_on_a_small_screen(start: Callable[..., App], opened: Callable[..., Page], few: Path) -> None:
    # Beside a photo its like are shown.
    (few / "1班" / "王五.jpg").write_bytes((few / "1班" / "张三.jpg").read_bytes())
    app = start(few)
    page = opened(app, "batch", (1024, 600))
    expect(page.locator("#progress")).to_have_attribute("data-state", "done", timeout=120 * SECONDS)
    page.click("#language")
    for width in (1024, 1280, 1366):
        page.set_viewport_size({"width": width, "height": 600})
        told, buttons = (page.locator(part).first.bounding_box() for part in ("#progress span", ".run .buttons"))
        assert told["x"] + told["width"] <= buttons["x"] or told["y"] >= buttons["y"] + buttons["height"], width
        assert page.locator(".top").bounding_box()["height"] < 80, width
    # A laptop at 200 %.
    page.set_viewport_size({"width": 683, "height": 384})
    page.fill("#search", "王五")
    page.locator(".tile").first.click()
    expect(page.locator(".others")).to_be_visible(timeout=20 * SECONDS)
    assert page.locator(".review-picture .picture").bounding_box()["height"] > 120


def test_two_clerks_decide_at_once_and_both_words_are_kept(start: Callable[..., App], opened: Callable[..., Page], few: Path) -> None:
    app = start(few, "--profile", few.parent / "profile.toml")
    told = app.wait(lambda told: told["run"]["state"] == "done" and len(told["rows"]) == 6)
    waiting = [row["id"] for row in told["rows"] if row["verdict"] == "review"]
    assert len(waiting) >= 1, "nothing to decide"
    pages = []
    for name in ["王老师", "李老师"]:
        page = opened(app, "batch")
        page.click("#review")
        expect(page.locator("#position")).to_have_text(f"第 1 / {len(waiting)} 张")
        pages.append((page, name))
    (one, _), (other, _) = pages
    one.keyboard.press("a")
    call_oneself(one, "王老师")
    app.wait(lambda told: any(row["said"] for row in told["rows"]))
    other.keyboard.press("r")
    call_oneself(other, "李老师")
    told = app.wait(lambda told: any(len(row["said"]) == 2 for row in told["rows"]))
    said = next(row["said"] for row in told["rows"] if len(row["said"]) == 2)
    assert {(word["who"], word["decision"]) for word in said} == {("王老师", "accept"), ("李老师", "reject")}
    assert all(word["at"] for word in said)
    # Neither counts until one of them changes it, and both see that.
    page = opened(app, "batch")
    page.select_option("[name=decision]", "contested")
    expect(page.locator("#count")).to_have_text("1 / 6 张")
    page.locator(".tile").click()
    expect(page.locator("#disputed")).to_be_visible()
    page.keyboard.press("a")
    call_oneself(page, "李老师")
    app.wait(lambda told: not any(len({word["decision"] for word in row["said"]}) == 2 for row in told["rows"]))
    store = sqlite3.connect(few.parent / "照片-检查结果" / "gradphoto.sqlite")
    assert store.execute("SELECT COUNT(*) FROM decisions").fetchone() == (3,), "the log lost a word"


def test_a_photo_is_granted_with_a_reason_and_never_without(start: Callable[..., App], opened: Callable[..., Page], few: Path) -> None:
    app = start(few, "--profile", few.parent / "profile.toml")
    told = app.wait(lambda told: told["run"]["state"] == "done" and len(told["rows"]) == 6)
    grantable = [row for row in told["rows"] if row["verdict"] == "fail" and row["overridable"]]
    fixed = [row for row in told["rows"] if row["verdict"] == "fail" and not row["overridable"]]
    assert grantable and fixed, "too little to look at"
    row = grantable[0]
    saying = {"id": row["id"], "sha256": row["sha256"], "who": "王老师", "decision": "override", "note": " "}
    assert app.ask("say", saying)[0] == 400
    page = opened(app, "batch")
    page.locator(f".tile[data-id='{row['id']}']").click()
    page.keyboard.press("o")
    call_oneself(page, "王老师")
    page.fill("#reason", "宗教原因，已核实")
    page.keyboard.press("Enter")
    app.wait(lambda told: any(word["decision"] == "override" for row in told["rows"] for word in row["said"]))
    expect(page.locator("#reason")).to_have_count(0)
    page.keyboard.press("Escape")
    page.click("#export")
    expect(page.locator("dialog .message")).to_contain_text("检查结果", timeout=60 * SECONDS)
    table = (few.parent / "照片-检查结果" / "report.csv").read_text(encoding="utf-8-sig")
    assert "宗教原因，已核实" in table and "人工放行" in table


def test_names_that_mean_harm_are_text(start: Callable[..., App], opened: Callable[..., Page], few: Path) -> None:
    app = start(few)
    app.wait(lambda told: told["run"]["state"] == "done" and len(told["rows"]) == 6)
    page = opened(app, "batch")
    expect(page.locator(".tile")).to_have_count(6)
    sheet = page.inner_text("#sheet")
    for words in ["<script>alert(1)<_script>", "=cmd|' _C calc'!A0", "⟨U+202e⟩"]:
        assert words in sheet, words
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "a long name widens the page"
    assert page.locator("script").count() == 1, "the page's own"


def test_sliders_show_what_other_limits_would_do(start: Callable[..., App], opened: Callable[..., Page], few: Path) -> None:
    app = start(few, "--profile", few.parent / "profile.toml")
    told = app.wait(lambda told: told["run"]["state"] == "done" and len(told["rows"]) == 6)
    page = opened(app, "rules")
    effect = page.locator("#effect")
    expect(effect).to_have_attribute("data-changed", "0", timeout=10 * SECONDS)
    # One that is pulled back to its place changes nothing.
    slider = page.locator("[name='eye-line passes min']")
    for by in ("stepUp", "stepDown"):
        slider.evaluate(f"(slider) => {{ slider.{by}(); slider.dispatchEvent(new Event('input', {{ bubbles: true }})); }}")
        expect(page.locator(".rule-line.changed")).to_have_count(int(by == "stepUp"))
    # Nobody's eyes are that low.
    slider = page.locator("[name='eye-line fails min']")
    slider.evaluate("(slider) => { slider.value = slider.max; slider.dispatchEvent(new Event('input', { bubbles: true })); }")
    expect(effect).not_to_have_attribute("data-changed", "0", timeout=10 * SECONDS)
    page.click("#use-limits")
    expect(page.locator("#rules-message")).to_contain_text("profile.toml", timeout=30 * SECONDS)
    # The rows follow in a moment.
    after = app.wait(lambda now: now["run"]["state"] == "done" and len(now["rows"]) == 6 and now["rows"] != told["rows"])
    assert [row["verdict"] for row in after["rows"]] != [row["verdict"] for row in told["rows"]]
    # What was done is still told when the effect of the new limits is there.
    expect(effect).to_have_attribute("data-changed", "0", timeout=10 * SECONDS)
    page.wait_for_timeout(500)
    expect(page.locator("#rules-message")).to_contain_text("profile.toml")


def test_a_shoot_is_judged_in_large_letters_and_a_retake_replaces(start: Callable[..., App], opened: Callable[..., Page], tmp_path: Path) -> None:
    tether = tmp_path / "tether"
    tether.mkdir()
    roster = tmp_path / "名册.csv"
    roster.write_text("学号,姓名,班级,采集码\n2021000001,张三,1班,C001\n2021000002,李四,1班,C002\n", encoding="utf-8")
    app = start(tether)
    page = opened(app, "live", (1920, 1080))
    assert app.ask("roster", roster.read_bytes(), {"X-Photo-Name": "roster.csv"})[0] == 200
    page.fill("#path", str(tether))
    page.click("#open")
    expect(page.locator("#board")).to_have_attribute("data-verdict", "waiting", timeout=10 * SECONDS)
    page.keyboard.type("C002")
    page.keyboard.press("Enter")
    expect(page.locator("#now")).to_contain_text("李四")
    (tether / "IMG_0001.jpg").write_bytes((SAMPLES / "low-quality.jpg").read_bytes())
    expect(page.locator("#board")).not_to_have_attribute("data-verdict", "waiting", timeout=20 * SECONDS)
    expect(page.locator(".board-who")).to_contain_text("李四")
    first = page.locator("#board").get_attribute("data-verdict")
    assert first == "fail"
    (tether / "IMG_0002.jpg").write_bytes((SAMPLES / "blue.jpg").read_bytes())
    told = app.wait(lambda told: len(told["rows"]) == 2, 20)
    assert [shot["student"] for shot in told["state"]["shots"]] == [1, 1]
    told = app.wait(lambda told: [row["fate"] for row in told["rows"]] == ["retaken", None], 10)
    expect(page.locator("#missing-count")).to_contain_text("1")
    page.click("#kiosk")
    expect(page.locator("#live")).to_have_class("live kiosk")
    size = page.locator(".board-word").evaluate("(word) => parseFloat(getComputedStyle(word).fontSize)")
    assert size > 100, "cannot be read from three metres"
    # A file that is being written is looked at when it is whole.
    whole = (SAMPLES / "enlarged.jpg").read_bytes()
    (tether / "IMG_0003.jpg").write_bytes(whole[:4000])
    page.wait_for_timeout(600)
    (tether / "IMG_0003.jpg").write_bytes(whole)
    told = app.wait(lambda told: len(told["rows"]) == 3, 20)
    assert told["rows"][2]["verdict"] != "unread"


def test_strong_contrast_stays_readable(start: Callable[..., App], opened: Callable[..., Page], few: Path) -> None:
    app = start(few)
    app.wait(lambda told: told["run"]["state"] == "done" and len(told["rows"]) == 6)
    page = opened(app, "batch")
    expect(page.locator(".tile")).to_have_count(6)
    for colours in [{"contrast": "more"}, {"forced_colors": "active"}]:
        page.emulate_media(**colours)
        page.wait_for_timeout(300)
        found = Axe().run(page, options={"runOnly": ["color-contrast"]}).response["violations"]
        assert not found, (colours, found)
        # What is told by colour is told by a sign as well.
        assert all(page.locator(".badge i").all_inner_texts())


def test_a_reader_of_screens_and_a_phone_can_use_every_view(start: Callable[..., App], opened: Callable[..., Page], few: Path) -> None:
    app = start(few)
    app.wait(lambda told: told["run"]["state"] == "done" and len(told["rows"]) == 6)
    axe = Axe()
    for size in [(1366, 768), (390, 844)]:
        for view in ["try", "batch", "live", "rules"]:
            page = opened(app, view, size)
            page.wait_for_timeout(400)
            found = axe.run(page).response["violations"]
            assert not found, (size, view, [(each["id"], [node["target"] for node in each["nodes"][:3]]) for each in found])
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (size, view)
            if view == "batch":
                page.locator(".tile").first.click()
                page.wait_for_timeout(300)
                found = axe.run(page).response["violations"]
                assert not found, (size, "review", [(each["id"], [node["target"] for node in each["nodes"][:3]]) for each in found])


def test_results_are_in_the_language_of_the_page(start: Callable[..., App], opened: Callable[..., Page], few: Path) -> None:
    app = start(few)
    app.wait(lambda told: told["run"]["state"] == "done" and len(told["rows"]) == 6)
    page = opened(app, "batch")
    results = few.parent / "照片-检查结果"
    for lang in ("en", "zh-CN"):
        page.click("#language")
        page.click("#export")
        expect(page.locator("dialog .message")).to_contain_text("report page" if lang == "en" else "报告页面", timeout=60 * SECONDS)
        page.keyboard.press("Escape")
        head = next(csv.reader((results / "report.csv").open(encoding="utf-8-sig", newline="")))
        assert ("照片" in head) == (lang == "zh-CN"), head
        assert f'"language":"{lang[:2]}"' in (results / "report.html").read_text(encoding="utf-8")


def test_a_search_finds_what_is_pasted_from_a_table(start: Callable[..., App], opened: Callable[..., Page], tmp_path: Path) -> None:
    folder = tmp_path / "照片" / "软件2201班"
    folder.mkdir(parents=True)
    for number in (1, 2):
        (folder / f"2022000{number}.jpg").write_bytes((SAMPLES / "blue.jpg").read_bytes() + bytes([number]))
    lines = [f"2022000{number},{name_of(number)},软件2201班" for number in (1, 2, 3)]
    (folder.parent / "名册.csv").write_text("\n".join(["学号,姓名,班级", *lines]) + "\n", encoding="utf-8")
    app = start(folder.parent)
    page = opened(app, "batch")
    page.click(".offer")
    page.click("dialog .primary")
    app.wait(lambda told: told["run"]["state"] == "done" and [row["student"] for row in told["rows"]] == [0, 1])
    name = name_of(1)
    for text in [f"20220001 {name}", f"{name}，20220001", "２０２２０００１", f"{name[0]}　{name[1:]}", f"20220001\t{name}", f"软件2201班 {name}"]:
        page.fill("#search", text)
        expect(page.locator("#count"), text).to_have_text("1 / 2 张")
    page.fill("#search", f"{name} 20220002")
    expect(page.locator("#count")).to_have_text("0 / 2 张")
    page.fill("#search", f"软件2201班、{name_of(3)}")
    expect(page.locator(".without li")).to_have_count(1)
    expect(page.locator(".without b")).to_have_text("名册里有、照片还没有：")

    def unfinished(route: Route) -> None:
        told = route.fetch().json()
        told["run"] |= {"state": "stopped", "done": 1}
        route.fulfill(json=told)

    page.route("**/api/changes*", unfinished)
    page.reload()
    page.fill("#search", name_of(3))
    expect(page.locator(".without b")).to_have_text("名册里有、检查到现在还没有照片：")
    page.unroute_all(behavior="ignoreErrors")


def test_what_is_dropped_beside_one_photo_is_told(start: Callable[..., App], opened: Callable[..., Page], tmp_path: Path) -> None:
    folder = tmp_path / "照片"
    folder.mkdir()
    (folder / "空.jpg").write_bytes(b"")
    page = opened(start())
    pointer = page.context.new_cdp_session(page)

    def drop(*paths: Path) -> None:
        data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
        for turn in ("dragEnter", "dragOver", "drop"):
            pointer.send("Input.dispatchDragEvent", {"type": turn, "x": 500, "y": 300, "data": data})

    expect(page.locator("#profile")).to_be_visible()
    # What is dropped is heeded after the first picture of the page.
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50)))")
    drop(folder)
    expect(page.locator("#trouble")).to_contain_text("这是文件夹")
    assert page.locator("#verdict").count() == 0
    drop(SAMPLES / "blue.jpg", SAMPLES / "enlarged.jpg")
    expect(page.locator("#first")).to_contain_text("2 张里只查了这张", timeout=20 * SECONDS)
    assert page.locator("#trouble").count() == 0
    drop(folder / "空.jpg")
    expect(page.locator("#verdict")).to_have_attribute("data-verdict", "unread", timeout=20 * SECONDS)
    page.click("#language")
    expect(page.locator("#verdict p")).to_have_text("The file is empty; copy it again.")
    # A laptop at 200 %: the picture of the camera is in sight with what is said of it.
    page.set_viewport_size({"width": 683, "height": 384})
    page.click("#camera")
    assert page.locator(".viewfinder").bounding_box()["height"] < 300


def test_a_roster_without_departments_lists_its_classes_and_those_of_one_name_apart(
    start: Callable[..., App], opened: Callable[..., Page], few: Path
) -> None:
    app = start(few)
    app.wait(lambda told: told["run"]["state"] == "done")
    lines = ["学号,姓名,专业,班级", "1001,张三,软件,1班", "1002,赵六,软件,1班", "1003,钱七,网络,1班"]
    page = opened(app, "batch")
    assert app.ask("roster", "\n".join(lines).encode(), {"X-Photo-Name": "roster.csv"})[0] == 200
    page.click("#tab-students")
    classes = page.locator(".class-line button")
    expect(classes).to_have_text(["软件 / 1班", "网络 / 1班"])
    classes.first.click()
    expect(page.locator("#count")).to_have_text("1 / 6 张")
    # What is chosen is told though the next roster has no such class.
    assert app.ask("roster", "学号,姓名\n1001,张三\n".encode(), {"X-Photo-Name": "roster.csv"})[0] == 200
    app.wait(lambda told: told["state"]["roster"]["students"] == 1)
    expect(page.locator("[name=place] option:checked")).to_have_text("软件 / 1班")


def test_limits_are_used_only_where_a_folder_is_open(start: Callable[..., App], opened: Callable[..., Page]) -> None:
    page = opened(start(), "rules")
    slider = page.locator("[name='eye-line fails min']")
    slider.evaluate("(slider) => { slider.stepUp(5); slider.dispatchEvent(new Event('input', { bubbles: true })); }")
    expect(page.locator(".rule-line.changed")).to_have_count(1)
    expect(page.locator("#use-limits")).to_be_disabled()
