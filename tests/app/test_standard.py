"""By which standard photos are judged: the one that was typed, the one that was chosen for their folder, the school's own."""

import shutil
from collections.abc import Callable
from pathlib import Path

from conftest import SAMPLES, App
from playwright.sync_api import Page, expect

SECONDS = 1000
EXTENDED = "采集规范原文（2017）"


def in_force(app: App) -> str:
    state = app.wait(lambda told: told["run"]["state"] == "done" or not told["state"]["folder"])["state"]
    return next(profile["name"] for profile in state["profiles"] if profile["id"] == state["profile"])


def choose(app: App, name: str) -> None:
    chosen = next(profile["id"] for profile in app.changes()["state"]["profiles"] if profile["name"] == name)
    assert app.ask("profile", {"id": chosen})[0] == 200


def test_a_standard_that_is_typed_goes_before_one_that_was_chosen_at_another_time_and_each_folder_has_its_own(
    start: Callable[..., App], tmp_path: Path
) -> None:
    one, other = tmp_path / "1班", tmp_path / "2班"
    for folder in (one, other):
        folder.mkdir()
        shutil.copy(SAMPLES / "blue.jpg", folder)
    app = start(one)
    choose(app, "k12")
    assert app.ask("open", {"path": str(other)})[0] == 200
    assert in_force(app) == "graduation-blue", "nothing was chosen for it"
    assert app.ask("open", {"path": str(one)})[0] == 200
    assert in_force(app) == "k12"
    app.kill()
    app = start("--profile", "he-2017", one)
    assert in_force(app) == "he-2017"
    choose(app, "degree")
    for folder in (other, one):
        assert app.ask("open", {"path": str(folder)})[0] == 200
    assert in_force(app) == "degree", "it was chosen later"
    app.kill()
    # What is chosen before any folder is open is what folders begin with.
    shutil.rmtree(tmp_path / "2班-检查结果")
    app = start()
    choose(app, "k12")
    assert app.ask("open", {"path": str(other)})[0] == 200
    assert in_force(app) == "k12"


def test_a_school_s_own_standard_is_told_from_others_and_stays_in_the_list(
    start: Callable[..., App], opened: Callable[..., Page], few: Path
) -> None:
    own = few.parent / "profile.toml"
    app = start("--profile", own, few)
    page = opened(app, "rules")
    listed, chosen = page.locator("#profile option"), page.locator("#profile option:checked")
    expect(chosen).to_have_text(f"{EXTENDED}（profile）")
    page.select_option("#profile", label=EXTENDED)
    expect(chosen).to_have_text(EXTENDED)
    assert f"{EXTENDED}（profile）" in listed.all_inner_texts()
    # One that was made of it with sliders is another, known in the folder at the next start too.
    page.select_option("#profile", label=f"{EXTENDED}（profile）")
    app.wait(lambda told: [each["id"] for each in told["state"]["profiles"]][-1] == told["state"]["profile"])
    expect(page.locator("#effect")).to_have_attribute("data-changed", "0", timeout=10 * SECONDS)
    slider = page.locator("[name='eye-line fails min']")
    slider.evaluate("(slider) => { slider.value = slider.max; slider.dispatchEvent(new Event('input', { bubbles: true })); }")
    page.click("#use-limits")
    expect(chosen).to_have_text(f"{EXTENDED}（profile，已调整）", timeout=20 * SECONDS)
    choose(app, "k12")
    page.close()
    app.kill()
    app = start(few)
    assert in_force(app) == "k12"
    assert opened(app, "rules").locator("#profile option").last.inner_text() == f"{EXTENDED}（profile）"


def test_another_standard_for_one_photo_leaves_the_batch_as_it_is(start: Callable[..., App], opened: Callable[..., Page], few: Path) -> None:
    app = start(few)
    before = app.wait(lambda told: told["run"]["state"] == "done" and len(told["rows"]) == 6)
    page = opened(app)
    page.set_input_files("input[type=file]", SAMPLES / "low-quality.jpg")
    expect(page.locator("#verdict")).to_be_visible(timeout=20 * SECONDS)
    findings = page.locator(".findings")
    words = findings.inner_text()
    page.select_option("#profile", label=EXTENDED)
    expect(findings).not_to_have_text(words, use_inner_text=True, timeout=20 * SECONDS)
    expect(page.locator("#profile option:checked")).to_have_text(EXTENDED)
    page.click("nav a[href='#batch']")
    expect(page.locator("#profile option:checked")).not_to_have_text(EXTENDED)
    after = app.changes()
    assert after["state"]["profile"] == before["state"]["profile"] and after["rows"] == before["rows"]


def test_the_verdict_on_one_photo_follows_the_standard(start: Callable[..., App], opened: Callable[..., Page], few: Path) -> None:
    app = start(few)
    page = opened(app)
    page.set_input_files("input[type=file]", SAMPLES / "low-quality.jpg")
    expect(page.locator("#verdict")).to_be_visible(timeout=20 * SECONDS)
    findings = page.locator(".findings")
    # It is chosen elsewhere, while the verdict is looked at and while it is not.
    for view, name in [("try", "he-2017"), ("rules", "k12")]:
        words = findings.inner_text()
        page.click(f"nav a[href='#{view}']")
        choose(app, name)
        page.click("nav a[href='#try']")
        expect(findings).not_to_have_text(words, use_inner_text=True, timeout=20 * SECONDS)
