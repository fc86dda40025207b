"""report.html in Chromium, from the file, without a network, as a school office uses it."""

import csv
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import FORMULA, LONG, PHOTOS, QUOTES, SCRIPT, School
from playwright.sync_api import Browser, Page, sync_playwright

# Bottom-up: who may run it as root, where no user is to be protected from a page of ours.
SANDBOX = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
ALL = len(PHOTOS)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=SANDBOX)
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


def shown(page: Page) -> int:
    """How many photos the filters leave, and as many tiles are there."""
    count = int(page.inner_text("#count").split()[0])
    assert page.locator(".tile").count() == count
    return count


def filtered(page: Page, **chosen: str) -> int:
    page.click("[data-tab=photos]")
    page.click("#filters [type=reset]")
    for name, value in chosen.items():
        field = page.locator(f"[name={name}]")
        field.fill(value) if name == "text" else field.select_option(value)
    # The form is reset behind the click.
    page.wait_for_function("() => document.activeElement")
    return shown(page)


def test_the_summary_counts_what_the_report_holds(page: Page, school: School) -> None:
    verdicts = school.verdicts()
    counts = [page.inner_text(f"#tiles button.{kind} b") for kind in ["pass", "fail", "review", "unread"]]
    assert counts == [str(verdicts.count(kind)) for kind in ["pass", "fail", "review", "unread"]]
    assert verdicts.count("review") >= 2 and verdicts.count("fail") >= 2, "too little to look at"
    failing = sum(any(finding["rule"] == "jpeg-quality" and finding["verdict"] == "fail" for finding in line.get("findings", [])) for line in school.lines())
    row = page.locator("#by-rule tbody tr", has_text="JPEG 品质")
    assert row.locator("td").nth(2).inner_text() == str(failing)
    row.click()
    assert shown(page) >= failing


def test_filters_leave_the_photos_asked_for(page: Page, school: School) -> None:
    verdicts = school.verdicts()
    assert filtered(page) == ALL
    for verdict in ["fail", "review", "unread"]:
        assert filtered(page, verdict=verdict) == verdicts.count(verdict)
    assert filtered(page, place="外语学院") == 3
    assert filtered(page, place=SCRIPT) == 1
    assert filtered(page, text="202100000003") == 1
    assert filtered(page, text="张三") == 1
    assert filtered(page, rule="jpeg-quality", text="0004") == 1
    # Three pairs of photos are the same; four names are on no roster.
    assert filtered(page, rule="duplicate-photo") >= 8
    assert filtered(page, rule="roster-match") >= 4
    assert filtered(page, place="空学院") == 0
    assert page.is_visible("#nothing")
    page.click("[data-tab=roster]")
    page.locator("#by-department tbody tr", has_text="空学院").click()
    assert shown(page) == 0


def test_a_photo_opens_to_its_values_limits_clauses_and_reasons(page: Page) -> None:
    filtered(page, text="202100000004")
    page.locator(".tile").click()
    finding = page.locator(".finding", has_text="JPEG 品质")
    words = finding.inner_text()
    assert "35" in words and "≥ 60" in words and "重新导出" in words
    assert page.evaluate("document.getElementById('picture').complete && document.getElementById('picture').naturalWidth") == 480
    assert page.locator("#regions g").count() > 0
    assert page.locator("details tr").count() > 20, "every other rule is listed with its value"
    page.keyboard.press("Escape")
    assert not page.is_visible("#viewer")


def test_the_keyboard_is_enough(page: Page) -> None:
    page.keyboard.press("/")
    page.keyboard.type("2021")
    assert shown(page) == 7
    page.keyboard.press("Tab")
    page.locator(".tile").first.focus()
    page.keyboard.press("Enter")
    assert page.inner_text("#position") == "1 / 7"
    for key, position in [("ArrowRight", 2), ("ArrowRight", 3), ("ArrowLeft", 2)]:
        page.keyboard.press(key)
        assert page.inner_text("#position") == f"{position} / 7"
    page.keyboard.press("Escape")
    assert not page.is_visible("#viewer")


def test_decisions_are_kept_exported_read_back_and_imported(opened: Callable[[], Page], school: School, tmp_path: Path) -> None:
    page = opened()
    reviews = filtered(page, decision="undecided")
    page.locator(".tile").first.click()
    page.keyboard.press("n")
    page.keyboard.type("=看过,\"可以\"")
    page.keyboard.press("Enter")
    page.keyboard.press("a")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("r")
    page.keyboard.press("Escape")
    assert shown(page) == reviews - 2, "what is decided leaves the list of what is to be decided"
    page.reload()
    assert filtered(page, decision="decided") == 2
    with page.expect_download() as download:
        page.click("#export")
    exported = tmp_path / "decisions.csv"
    download.value.save_as(exported)

    school.check("--decisions", exported)
    rows = list(csv.reader((school.results / "report.csv").open(encoding="utf-8-sig", newline="")))
    decided = [row for row in rows if {"人工通过", "人工退回"} & set(row)]
    assert len(decided) == 2 and any("'=看过,\"可以\"" in row for row in decided)
    told = opened()
    assert filtered(told, decision="accept") == 1, "the page of the new run knows"
    school.check()

    other = opened()
    assert filtered(other, decision="decided") == 0
    said: list[str] = []
    other.on("dialog", lambda dialog: (said.append(dialog.message), dialog.accept()))
    other.set_input_files("#import", exported)
    other.wait_for_function("document.querySelector('#tiles').lastChild.querySelector('b').textContent === '2'")
    assert said == ["已导入 2 条人工结论。"]
    assert filtered(other, decision="accept") == 1 and filtered(other, decision="reject") == 1
    filtered(other, decision="accept")
    other.locator(".tile").click()
    assert other.input_value("#note") == "=看过,\"可以\""
    other.keyboard.press("Escape")
    other.set_input_files("#import", school.results / "report.csv")
    other.wait_for_timeout(200)
    assert "第一行应为" in said[-1]


def test_names_and_cells_that_mean_harm_are_text(page: Page) -> None:
    assert page.locator("script").count() == 4, "the page's own"
    page.click("[data-tab=roster]")
    roster = page.inner_text("#roster")
    assert SCRIPT in roster and FORMULA in roster
    page.click("[data-tab=photos]")
    sheet = page.inner_text("#sheet")
    for words in [SCRIPT, FORMULA, QUOTES, LONG, "⟨U+202e⟩", "⟨U+000a⟩", "n" * 200]:
        assert words in sheet, words
    assert page.evaluate("[...document.querySelectorAll('.tile')].every((tile) => tile.getBoundingClientRect().width < 160)")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "a long name widens the page"


def test_it_prints_what_is_wrong_and_speaks_english(page: Page, school: School, tmp_path: Path) -> None:
    filtered(page, verdict="fail")
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
