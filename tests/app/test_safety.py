"""Who may ask what, and what is lost when the program dies."""

import http.client
import json
import re
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import App


def status(app: App, method: str, path: str, **headers: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", app.port, timeout=30)
    connection.putrequest(method, path, skip_host=True)
    for name, value in {"Host": f"127.0.0.1:{app.port}", **headers}.items():
        connection.putheader(name, value)
    connection.endheaders()
    return connection.getresponse().status


def test_only_the_page_of_this_start_is_answered(start: Callable[..., App], few: Path) -> None:
    app = start(few)
    app.wait(lambda told: len(told["rows"]) == 6)
    changes = f"{app.path}api/changes"
    assert status(app, "GET", changes) == 200
    assert status(app, "GET", changes, Origin=f"http://127.0.0.1:{app.port}") == 200
    # A name of another site that was bound to this machine, scripts and forms of other sites, no secret, another's secret.
    assert status(app, "GET", changes, Host=f"evil.example:{app.port}") == 403
    assert status(app, "GET", changes, Origin="http://evil.example") == 403
    assert status(app, "POST", f"{app.path}api/run", Origin="null") == 403
    assert status(app, "GET", changes, **{"Sec-Fetch-Site": "cross-site"}) == 403
    assert status(app, "GET", "/api/changes") == 404
    assert status(app, "GET", f"/{'0' * 32}/api/changes") == 404
    other = start()
    assert other.path != app.path


def test_only_photos_of_the_folder_that_was_opened_are_shown(start: Callable[..., App], few: Path) -> None:
    app = start(few)
    app.wait(lambda told: len(told["rows"]) == 6)
    (few.parent / "secret.jpg").write_bytes(b"not yours")
    assert app.ask("photo/0")[0] == 200
    for path in ["photo/99", "photo/..%2F..%2Fsecret.jpg", "photo/../../secret.jpg", "picture/-1", "details/99"]:
        assert app.ask(path)[0] in (400, 404, 409), path
    assert app.ask("../page/../../../etc/passwd")[0] == 404
    told = app.ask(f"folders?path={few.parent}")[1]
    assert "secret.jpg" not in json.dumps(told), "files are nobody's business"


def test_whatever_is_refused_is_told_in_both_languages(start: Callable[..., App]) -> None:
    app = start()
    octets = {"Content-Type": "application/octet-stream"}
    for code, (status_, told) in [
        (413, app.ask("roster", b"x" * (100 << 20), octets)),
        (400, app.ask("changes?since=yesterday")),
        (400, app.ask("photo/first")),
        (400, app.ask("check", b"x", octets)),
        (404, app.ask("nothing")),
        (404, app.ask("../page/nothing.js")),
        (405, app.ask("run")),
        (415, app.ask("run", b"x", octets)),
        (403, app.ask("changes", headers={"Origin": "http://evil.example"})),
    ]:
        assert (status_, set(told["error"])) == (code, {"zh", "en"}), told


def test_results_that_cannot_be_written_are_told_in_the_language_of_the_page(start: Callable[..., App], few: Path) -> None:
    app = start(few)
    app.wait(lambda told: told["run"]["state"] == "done" and len(told["rows"]) == 6)
    (few.parent / "照片-检查结果" / "report.xlsx").mkdir()
    code, told = app.ask("export", {})
    assert code == 500 and "report.xlsx" in told["error"]["zh"] and "cannot" in told["error"]["en"]
    assert "里已有不是本程序写的 report.xlsx，请给它改名" in told["error"]["zh"]


def test_the_page_may_load_nothing_from_elsewhere_and_no_script_that_stands_in_it(start: Callable[..., App]) -> None:
    app = start()
    connection = http.client.HTTPConnection("127.0.0.1", app.port)
    connection.request("GET", app.path)
    answer = connection.getresponse()
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "script-src 'self';" in policy and "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy and answer.headers["X-Content-Type-Options"] == "nosniff"
    page = answer.read().decode()
    assert not re.search(r"<script(?![^>]*src=)", page) and "http" not in page


@pytest.mark.parametrize("after", [10, 60])
def test_a_kill_during_a_batch_loses_nothing(start: Callable[..., App], school: Path, tmp_path: Path, after: int) -> None:
    folder = tmp_path / "届"
    folder.symlink_to(school)
    app = start(folder)
    app.wait(lambda told: told["run"]["done"] >= after)
    app.kill()
    store = tmp_path / "届-检查结果" / "gradphoto.sqlite"
    kept = sqlite3.connect(store).execute("SELECT sha256, measured FROM looks").fetchall()
    assert len(kept) >= after
    again = start(folder)
    told = again.wait(lambda told: told["run"]["state"] == "done" and len(told["rows"]) == 300, 240)
    assert told["run"]["done"] == 300 and len({row["photo"] for row in told["rows"]}) == 300
    connection = sqlite3.connect(store)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    lines = dict(connection.execute("SELECT sha256, measured FROM looks"))
    assert all(lines[sha256] == line for sha256, line in kept), "what was known was looked at again"


def test_a_decision_that_was_answered_outlives_a_kill(start: Callable[..., App], few: Path) -> None:
    app = start(few)
    told = app.wait(lambda told: told["run"]["state"] == "done" and len(told["rows"]) == 6)
    row = next(row for row in told["rows"] if row["sha256"])
    saying = {"id": row["id"], "sha256": row["sha256"], "who": "王老师", "decision": "accept", "note": "看过"}
    assert app.ask("say", saying) == (200, {})
    app.kill()
    again = start(few)
    told = again.wait(lambda told: len(told["rows"]) == 6)
    said = next(other["said"] for other in told["rows"] if other["photo"] == row["photo"])
    assert [(word["who"], word["decision"], word["note"]) for word in said] == [("王老师", "accept", "看过")]


def test_a_photo_that_was_replaced_is_not_decided_unseen(start: Callable[..., App], few: Path) -> None:
    app = start(few)
    told = app.wait(lambda told: told["run"]["state"] == "done" and len(told["rows"]) == 6)
    saying = {"id": told["rows"][0]["id"], "sha256": "0" * 64, "who": "王老师", "decision": "accept", "note": ""}
    code, told = app.ask("say", saying)
    assert code == 409 and "换过" in told["error"]["zh"]


def test_a_folder_that_is_not_there_is_told_in_words(start: Callable[..., App], tmp_path: Path) -> None:
    app = start()
    code, told = app.ask("open", {"path": str(tmp_path / "没有")})
    assert code == 400 and "找不到" in told["error"]["zh"] and "没有" in told["error"]["zh"]
    code, told = app.ask("roster", b"\xff\xfe\x00\xd8\x00\xd8", {"X-Photo-Name": "a.csv"})
    assert code == 409
