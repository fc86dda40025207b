"""A school of ten thousand: everything is there and follows, in bounded memory. `pytest -s` prints how long a person waits.

The store is filled with measurements as an earlier day would have left them, so that nothing has to be looked at."""

import json
import os
import random
import shutil
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

from conftest import App
from playwright.sync_api import Page, expect

PHOTOS = int(os.environ.get("GRADPHOTO_SCALE", "10000"))
SECONDS = 1000
DEPARTMENTS = ["计算机学院", "外国语学院", "机械工程学院", "经济管理学院", "文学院"]

# Until the page has drawn what it was asked for.
DRAWN = """async ([selector, expected]) => {
    ACT;
    const is = () => document.querySelector(selector)?.textContent.includes(expected);
    while (!is()) await new Promise((next) => requestAnimationFrame(next));
    await new Promise((next) => requestAnimationFrame(next));
}"""


class Clock:
    """Seconds on the wall, and those that the page itself worked: the second are the same on a busy machine."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.session = page.context.new_cdp_session(page)
        self.session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def metric(self, name: str) -> float:
        metrics = self.session.send("Performance.getMetrics")["metrics"]
        return next(each["value"] for each in metrics if each["name"] == name)

    def of(self, act: str, selector: str, expected: str) -> dict[str, float]:
        began, worked = time.monotonic(), self.metric("TaskDuration")
        self.page.evaluate(DRAWN.replace("ACT", act), [selector, expected])
        return {"wall s": time.monotonic() - began, "page s": self.metric("TaskDuration") - worked}


def filled(start: Callable[..., App], few: Path, folder: Path) -> None:
    """Makes a folder of photos that have all been looked at, each another person with other values."""
    app = start(few)
    app.wait(lambda told: told["run"]["state"] == "done" and len(told["rows"]) == 6)
    app.kill()
    looks = sqlite3.connect(few.parent / "照片-检查结果" / "gradphoto.sqlite").execute(
        "SELECT stamp, width_px, height_px, measured, thumbnail, small, large FROM looks").fetchall()
    folder.mkdir()
    app = start(folder)
    app.kill()
    store = sqlite3.connect(folder.parent / f"{folder.name}-检查结果" / "gradphoto.sqlite")
    chance = random.Random(7)
    original = folder.parent / "one.jpg"
    shutil.copy(next(few.rglob("张三.jpg")), original)
    for number in range(PHOTOS):
        stamp, width, height, measured, *pictures = looks[number % len(looks)]
        sha256, fingerprint = f"{chance.getrandbits(256):064x}", f"v2:{chance.getrandbits(256):064x}"
        told = json.loads(measured) | {"sha256": sha256, "fingerprint": fingerprint}
        for reading in told["readings"]:
            if reading["rule"] in ("eye-line", "face-width", "head-roll", "sharpness"):
                reading["value"] = round(reading["value"] * chance.uniform(0.98, 1.02), 6)
        place = folder / DEPARTMENTS[number % 5] / f"{number // 50 % 40 + 1}班"
        place.mkdir(parents=True, exist_ok=True)
        photo = place / f"2021{number:06d}.jpg"
        os.link(original, photo)
        file = photo.stat()
        look = (sha256, stamp, width, height, json.dumps(told), *pictures)
        store.execute("INSERT INTO looks VALUES (?, ?, ?, ?, ?, ?, ?, ?)", look)
        store.execute("INSERT INTO files VALUES (?, ?, ?, ?)", (os.fsencode(photo), file.st_size, file.st_mtime_ns, sha256))
    store.commit()
    store.close()


def cpu_seconds(app: App) -> float:
    """What the program has worked, on all its threads."""
    fields = Path(f"/proc/{app.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def rss_mb(app: App) -> float:
    lines = Path(f"/proc/{app.process.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


def test_ten_thousand_photos(start: Callable[..., App], opened: Callable[..., Page], few: Path, tmp_path: Path) -> None:
    folder = tmp_path / "2026届"
    filled(start, few, folder)
    app = start(folder, "--profile", few.parent / "profile.toml")
    told = app.wait(lambda told: told["run"]["state"] == "done" and len(told["rows"]) == PHOTOS, 120)
    figures = {"program starts": {"program s": cpu_seconds(app)}}
    page = opened(app, "batch")
    clock = Clock(page)
    began, worked = time.monotonic(), cpu_seconds(app)
    page.reload()
    expect(page.locator("#count")).to_have_text(f"{PHOTOS} / {PHOTOS} 张", timeout=30 * SECONDS)
    figures["open"] = {"wall s": time.monotonic() - began, "page s": clock.metric("TaskDuration"), "program s": cpu_seconds(app) - worked}
    fails = sum(row["verdict"] == "fail" for row in told["rows"])
    assert 0 < fails < PHOTOS
    figures["filter"] = clock.of("document.querySelector('[data-kind=fail]').click()", "#count", f"{fails} / ")
    page.click("#clear")
    expect(page.locator("#count")).to_have_text(f"{PHOTOS} / {PHOTOS} 张")
    search = "const s = document.querySelector('#search'); s.value = '2021000042'; s.dispatchEvent(new Event('input', {bubbles: true}))"
    figures["search"] = clock.of(search, "#count", f"1 / {PHOTOS}")
    page.evaluate("location.hash = 'rules'")
    expect(page.locator("#effect")).to_have_attribute("data-changed", "0", timeout=10 * SECONDS)
    slide = "const s = document.querySelector(\"[name='eye-line fails min']\"); s.value = s.max; s.dispatchEvent(new Event('input', {bubbles: true}))"
    worked = cpu_seconds(app)
    figures["slider"] = clock.of(slide, "#effect", "张照片的结论会改变") | {"program s": cpu_seconds(app) - worked}
    expect(page.locator("#effect")).not_to_have_attribute("data-changed", "0")
    memory = {"page MB": clock.metric("JSHeapUsedSize") / 2**20, "program MB": rss_mb(app)}
    print(json.dumps({**figures, "memory": memory}, indent=1))
    assert memory["page MB"] < 200 and memory["program MB"] < 1000
