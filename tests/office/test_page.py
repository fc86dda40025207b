"""report.html in Chromium, from the file, without a network, as a school office uses it."""

import csv
import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import FORMULA, LONG, PHOTOS, QUOTES, SCRIPT, School
from playwright.sync_api import Browser, Page, expect, sync_playwright

# Chromium has no sandbox for root, and the page is ours.
ARGUMENTS = ["--no-sandbox"] if os.geteuid() == 0 else []
ALL = len(PHOTOS)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def opened(browser: Browser, school: School) -> Iterator[Callable[[], Page]]:
    """Opens the page for a person who has never seen it; whatever goes wrong in it fails the test."""
    trouble: list[str] = []
    contexts = []

    def opened() -> Page:
        context = browser.new_context(viewport={"width": 1400, "height": 900}, offline=True)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: trouble.append(message.text))
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on("request", lambda request: trouble.append(request.url) if request.url.startswith("http") else None)
        page.goto((school.results / "report.html").as_uri())
        expect(page.locator("#count")).to_be_visible()
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not trouble


@pytest.fixture
def page(opened: Callable[[], Page]) -> Page:
    return opened()


def choose(page: Page, **filters: str) -> None:
    """Sets these filters and no others."""
    page.click("#tab-sheet")
    if page.locator("#clear").count():
        page.click("#clear")
    for name, value in filters.items():
        field = page.locator(f"[name={name}]")
        field.fill(value) if name == "text" else field.select_option(value)


def see(page: Page, photos: int) -> None:
    """So many photos are left, and as many tiles are there."""
    expect(page.locator("#count")).to_have_text(f"{photos} / {ALL} 张")
    expect(page.locator(".tile")).to_have_count(photos)


def shown(page: Page, kind: str) -> int:
    return int(page.inner_text(f"[data-kind={kind}] b"))


def call_oneself(page: Page) -> None:
    page.fill("#clerk", "王老师")
    page.keyboard.press("Enter")


def test_the_numbers_are_those_of_the_report(page: Page, school: School) -> None:
    verdicts = school.verdicts()
    # What passes by the rules waits for a person where it is open whose photo it is.
    assert shown(page, "pass") + shown(page, "review") == verdicts.count("pass") + verdicts.count("review")
    assert [shown(page, kind) for kind in ["fail", "unread"]] == [verdicts.count(kind) for kind in ["fail", "unread"]]
    assert shown(page, "review") >= 2 and verdicts.count("fail") >= 2, "too little to look at"
    page.click("#tab-rules")
    row = page.locator("#by-rule tbody tr", has_text="JPEG 品质")
    expect(row.locator("td").nth(2)).to_have_text("2")
    row.locator("button").click()
    # Two fail; two others are no JPEG files, so that it cannot be assessed.
    see(page, 4)


def test_the_foot_says_which_program_and_nets_it_was_made_by(page: Page, school: School) -> None:
    made_by = json.loads((school.results / "batch.json").read_text("utf-8"))["made_by"]
    edition = {"research": "研究版：仅限非商业研究", "open": "开放版：可商用"}[made_by["nets"]]
    expect(page.locator("footer")).to_contain_text(f" · {made_by['profile']} · gradphoto {made_by['gradphoto']} · {edition} · 20")
    page.click("#language")
    expect(page.locator("footer")).to_contain_text(f" · {made_by['nets']}, ")


def test_filters_leave_the_photos_asked_for(page: Page) -> None:
    for filters, photos in [
        ({}, ALL),
        *(({"verdict": verdict}, shown(page, verdict)) for verdict in ["fail", "review", "unread"]),
        ({"place": "外语学院"}, 3),
        # By number and by name, in which marks do not count.
        ({"place": SCRIPT}, 2),
        ({"text": "202100000003"}, 2),
        ({"text": "张三"}, 1),
        ({"rule": "jpeg-quality", "text": "0004"}, 1),
        ({"rule": "duplicate-photo"}, 10),
        ({"place": "空学院"}, 0),
    ]:
        choose(page, **filters)
        expect(page.locator("#count")).to_have_text(f"{photos} / {ALL} 张")
    assert page.is_visible(".nothing")
    page.click("#tab-students")
    assert "没照片" in page.inner_text("#missing")


def test_a_photo_opens_to_its_values_limits_clauses_and_reasons(page: Page) -> None:
    choose(page, text="202100000004")
    page.locator(".tile").click()
    finding = page.locator(".finding", has_text="JPEG 品质")
    words = finding.inner_text()
    assert "35" in words and "≥ 60" in words and "重新导出" in words
    # The small picture comes first, the photo itself a moment later.
    page.wait_for_function("document.querySelector('.review-picture img').naturalWidth === 480")
    assert page.locator("details tr").count() > 20, "every other rule is listed with its value"
    page.keyboard.press("Escape")
    assert not page.is_visible("dialog")


def test_the_keyboard_is_enough(page: Page) -> None:
    page.keyboard.press("/")
    page.keyboard.type("20210000000")
    see(page, 9)
    page.locator(".tile").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#position")).to_have_text("第 1 / 9 张")
    for key, position in [("ArrowRight", 2), ("ArrowRight", 3), ("ArrowLeft", 2)]:
        page.keyboard.press(key)
        expect(page.locator("#position")).to_have_text(f"第 {position} / 9 张")
    page.keyboard.press("Escape")
    assert not page.is_visible("dialog")


def test_decisions_are_kept_exported_read_back_and_imported(opened: Callable[[], Page], school: School, tmp_path: Path) -> None:
    page = opened()
    choose(page, decision="waiting")
    waiting = page.locator(".tile").count()
    page.locator(".tile").first.click()
    page.keyboard.press("n")
    page.keyboard.type("=看过,\"可以\"")
    page.keyboard.press("Enter")
    call_oneself(page)
    page.keyboard.press("r")
    expect(page.locator("#left")).to_contain_text(f"{waiting - 1} ")
    page.keyboard.press("r")
    expect(page.locator("#left")).to_contain_text(f"{waiting - 2} ")
    page.keyboard.press("Escape")
    # What is decided leaves the list of what waits.
    expect(page.locator("#count")).to_have_text(f"{waiting - 2} / {ALL} 张")
    page.reload()
    choose(page, decision="decided")
    see(page, 2)
    with page.expect_download() as download:
        page.click("#export")
    exported = tmp_path / "decisions.csv"
    download.value.save_as(exported)

    school.check("--decisions", exported)
    rows = list(csv.reader((school.results / "report.csv").open(encoding="utf-8-sig", newline="")))
    decided = [row for row in rows if {"人工通过", "人工退回"} & set(row)]
    assert decided and any("'=看过,\"可以\"" in row for row in decided)
    told = opened()
    choose(told, decision="reject")
    see(told, len(decided))
    school.check()

    other = opened()
    choose(other, decision="decided")
    see(other, 0)
    other.set_input_files("#import", exported)
    expect(other.locator("dialog .message")).to_have_text("已导入 2 条人工结论。")
    other.keyboard.press("Escape")
    choose(other, decision="reject")
    see(other, 2)
    other.set_input_files("#import", school.results / "report.csv")
    expect(other.locator("dialog .message")).to_contain_text("第一行应为")


def test_the_photos_of_a_finding_lie_side_by_side(page: Page) -> None:
    choose(page, rule="duplicate-photo", text="202100000001")
    page.locator(".tile").click()
    expect(page.locator(".across")).to_contain_text("照片重复")
    others = page.locator(".others figure")
    expect(others).not_to_have_count(0)
    assert "202100000006" in " ".join(others.all_inner_texts()), "the other student's"
    page.wait_for_function("[...document.querySelectorAll('.others img, .review-picture img')].every((image) => image.naturalWidth > 0)")
    boxes = [page.locator(place).first.bounding_box() for place in (".review-picture img", ".others img")]
    assert all(box and box["width"] > 40 and box["y"] < 900 for box in boxes), "both are in sight"


def test_a_photo_is_granted_with_a_reason_exported_and_counted_apart(opened: Callable[[], Page], school: School, tmp_path: Path) -> None:
    page = opened()
    choose(page, text="202100000004")
    page.locator(".tile").click()
    page.keyboard.press("o")
    call_oneself(page)
    page.keyboard.press("Enter")
    assert page.is_visible("#reason"), "no reason, no grant"
    page.fill("#reason", "原片已遗失，教务处同意")
    page.keyboard.press("Enter")
    expect(page.locator("#said")).to_contain_text("人工放行")
    page.keyboard.press("Escape")
    with page.expect_download() as download:
        page.click("#export")
    download.value.save_as(tmp_path / "decisions.csv")
    school.check("--decisions", tmp_path / "decisions.csv")
    batch = json.loads((school.results / "batch.json").read_text("utf-8"))
    assert batch["photos"]["granted"] == 1 and batch["departments"][FORMULA]["granted"] == 1
    (row,) = [row for row in csv.reader((school.results / "report.csv").open(encoding="utf-8-sig")) if "人工放行" in row]
    assert "原片已遗失，教务处同意" in row
    school.check()


def test_who_was_collected_elsewhere_is_not_missed(page: Page) -> None:
    page.click("#tab-students")
    heads = page.locator("#by-department thead th").all_inner_texts()
    row = page.locator("#by-department tbody tr", has_text="体育学院").locator("td").all_inner_texts()
    assert dict(zip(heads, row))["此前已采集"] == "1" and not dict(zip(heads, row))["未拍"]
    assert "采过了" not in page.inner_text("#missing")


def test_names_and_cells_that_mean_harm_are_text(page: Page) -> None:
    assert page.evaluate("[...document.scripts].every((script) => script.type || script.textContent.includes('data-module'))"), "the page's own"
    page.click("#tab-students")
    roster = page.inner_text(".students")
    assert SCRIPT in roster and FORMULA in roster
    choose(page)
    sheet = page.inner_text("#sheet")
    for words in [SCRIPT, FORMULA, QUOTES, LONG, "⟨U+202e⟩", "换行", "n" * 200]:
        assert words in sheet, words
    assert page.evaluate("[...document.querySelectorAll('.tile')].every((tile) => tile.getBoundingClientRect().width < 165)")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "a long name widens the page"


def test_it_prints_what_is_wrong(page: Page, school: School, tmp_path: Path) -> None:
    choose(page, verdict="fail")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(page.locator(".slip")).to_have_count(school.verdicts().count("fail"))
    assert "JPEG 品质" in " ".join(page.locator(".slip [data-mark=fail]").all_inner_texts()), "what is wrong stands on paper"
    page.pdf(path=tmp_path / "page.pdf")
    assert (tmp_path / "page.pdf").stat().st_size > 5000


def test_it_speaks_english(page: Page) -> None:
    page.click("#language")
    assert "Graduation photo check" in page.title()
    choose(page, verdict="fail")
    page.locator(".tile").first.click()
    assert "Required" in page.inner_text(".findings")


def test_it_fits_a_narrow_screen(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    for tab in ["sheet", "students", "rules"]:
        page.click(f"#tab-{tab}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), tab
