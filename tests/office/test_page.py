"""report.html in Chromium, from the file, without a network, as a school office uses it."""

import csv
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
    page.click("[data-tab=photos]")
    page.click("#filters [type=reset]")
    for name, value in filters.items():
        field = page.locator(f"[name={name}]")
        field.fill(value) if name == "text" else field.select_option(value)


def see(page: Page, photos: int) -> None:
    """So many photos are left, and as many tiles are there."""
    expect(page.locator("#count")).to_have_text(f"{photos} / {ALL} 张")
    expect(page.locator(".tile")).to_have_count(photos)


def test_the_summary_counts_what_the_report_holds(page: Page, school: School) -> None:
    verdicts = school.verdicts()
    counts = [page.inner_text(f"#tiles button.{kind} b") for kind in ["pass", "fail", "review", "unread"]]
    assert counts == [str(verdicts.count(kind)) for kind in ["pass", "fail", "review", "unread"]]
    assert verdicts.count("review") >= 2 and verdicts.count("fail") >= 2, "too little to look at"
    row = page.locator("#by-rule tbody tr", has_text="JPEG 品质")
    expect(row.locator("td").nth(2)).to_have_text("2")
    row.click()
    # Two fail; two others are no JPEG files, so that it cannot be assessed.
    see(page, 4)


def test_filters_leave_the_photos_asked_for(page: Page, school: School) -> None:
    verdicts = school.verdicts()
    for filters, photos in [
        ({}, ALL),
        *(({"verdict": verdict}, verdicts.count(verdict)) for verdict in ["fail", "review", "unread"]),
        ({"place": "外语学院"}, 3),
        # By number and by name, in which marks do not count.
        ({"place": SCRIPT}, 2),
        ({"text": "202100000003"}, 2),
        ({"text": "张三"}, 1),
        ({"rule": "jpeg-quality", "text": "0004"}, 1),
        ({"rule": "duplicate-photo"}, 10),
        ({"rule": "roster-match"}, 6),
        ({"place": "空学院"}, 0),
    ]:
        choose(page, **filters)
        see(page, photos)
    assert page.is_visible("#nothing")
    choose(page)
    page.click("[data-tab=roster]")
    page.locator("#by-department tbody tr", has_text="空学院").click()
    see(page, 0)


def test_a_photo_opens_to_its_values_limits_clauses_and_reasons(page: Page) -> None:
    choose(page, text="202100000004")
    page.locator(".tile").click()
    finding = page.locator(".finding", has_text="JPEG 品质")
    words = finding.inner_text()
    assert "35" in words and "≥ 60" in words and "重新导出" in words
    # The small picture comes first, the photo itself a moment later.
    page.wait_for_function("document.getElementById('picture').naturalWidth === 480")
    assert page.locator("#regions g").count() > 0
    assert page.locator("details tr").count() > 20, "every other rule is listed with its value"
    page.keyboard.press("Escape")
    assert not page.is_visible("#viewer")


def test_the_keyboard_is_enough(page: Page) -> None:
    page.keyboard.press("/")
    page.keyboard.type("20210000000")
    see(page, 9)
    page.keyboard.press("Tab")
    page.locator(".tile").first.focus()
    page.keyboard.press("Enter")
    assert page.inner_text("#position") == "1 / 9"
    for key, position in [("ArrowRight", 2), ("ArrowRight", 3), ("ArrowLeft", 2)]:
        page.keyboard.press(key)
        assert page.inner_text("#position") == f"{position} / 9"
    page.keyboard.press("Escape")
    assert not page.is_visible("#viewer")


def test_decisions_are_kept_exported_read_back_and_imported(opened: Callable[[], Page], school: School, tmp_path: Path) -> None:
    page = opened()
    reviews = school.verdicts().count("review")
    choose(page, decision="undecided")
    see(page, reviews)
    page.locator(".tile").first.click()
    page.keyboard.press("n")
    page.keyboard.type("=看过,\"可以\"")
    page.keyboard.press("Enter")
    page.keyboard.press("a")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("r")
    page.keyboard.press("Escape")
    # What is decided leaves the list of what is to be decided.
    see(page, reviews - 2)
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
    assert len(decided) == 2 and any("'=看过,\"可以\"" in row for row in decided)
    told = opened()
    choose(told, decision="accept")
    see(told, 1)
    school.check()

    other = opened()
    choose(other, decision="decided")
    see(other, 0)
    said: list[str] = []
    other.on("dialog", lambda dialog: (said.append(dialog.message), dialog.accept()))
    other.set_input_files("#import", exported)
    expect(other.locator("#tiles button").last.locator("b")).to_have_text("2")
    assert said == ["已导入 2 条人工结论。"]
    for decision in ["reject", "accept"]:
        choose(other, decision=decision)
        see(other, 1)
    other.locator(".tile").click()
    assert other.input_value("#note") == "=看过,\"可以\""
    other.keyboard.press("Escape")
    with other.expect_event("dialog"):
        other.set_input_files("#import", school.results / "report.csv")
    assert "第一行应有" in said[-1]


def test_photos_that_belong_together_stand_side_by_side(page: Page) -> None:
    choose(page, text="202100000001")
    page.locator(".tile").click()
    # All samples but one show one picture: the other photos of it are related.
    beside = page.locator(".beside button", has_text="202100000006")
    expect(beside).to_have_count(1)
    beside.click()
    assert "202100000006" in page.inner_text("#caption")
    page.keyboard.press("Escape")
    # Nobody's photo is accepted only with the student whose it is.
    choose(page, text="n" * 200)
    page.locator(".tile").click()
    page.on("dialog", lambda dialog: dialog.accept())
    if page.is_visible("#accept"):
        with page.expect_event("dialog"):
            page.keyboard.press("a")
        page.fill("#student", "202100000008")
        page.keyboard.press("Enter")
        page.click("#accept")
        assert page.get_attribute("#accept", "aria-pressed") == "true"


def test_names_and_cells_that_mean_harm_are_text(page: Page) -> None:
    assert page.locator("script").count() == 4, "the page's own"
    page.click("[data-tab=roster]")
    roster = page.inner_text("#roster")
    assert SCRIPT in roster and FORMULA in roster
    page.click("[data-tab=photos]")
    sheet = page.inner_text("#sheet")
    for words in [SCRIPT, FORMULA, QUOTES, LONG, "⟨U+202e⟩", "换 行", "n" * 200]:
        assert words in sheet, words
    assert page.evaluate("[...document.querySelectorAll('.tile')].every((tile) => tile.getBoundingClientRect().width < 160)")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "a long name widens the page"


def test_it_prints_what_is_wrong_and_speaks_english(page: Page, school: School, tmp_path: Path) -> None:
    choose(page, verdict="fail")
    page.pdf(path=tmp_path / "page.pdf")
    slips = page.locator(".slip")
    assert slips.count() == school.verdicts().count("fail")
    assert "重新导出" in " ".join(slips.all_text_contents())
    page.click("#language")
    assert page.title() == "Graduation photo report"
    page.locator(".tile").first.click()
    assert "Required" not in page.inner_text("#viewer") and "required" in page.inner_text("#findings")


def test_it_fits_a_narrow_screen(page: Page) -> None:
    page.set_viewport_size({"width": 420, "height": 800})
    for tab in ["summary", "photos", "roster"]:
        page.click(f"[data-tab={tab}]")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), tab
