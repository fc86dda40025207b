"""Reports, findings and their ways out."""

import dataclasses
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from gradphoto import Checker, DecodeError, Finding, Mark, Measurements, Report, Roster, Verdict, rules

BLUE = "tests/samples/blue.jpg"
NO_PHOTO = "tests/samples/not-a-photo.jpg"
EVERY_RULE = "tests/accuracy/every-rule.toml"


def test_a_report_holds_what_its_json_holds(checker: Checker) -> None:
    report = checker.check(BLUE)
    row = json.loads(report.to_json())
    assert report.to_dict() == row
    assert [finding.to_dict() for finding in report] == row["findings"]
    assert [json.loads(finding.to_json()) for finding in report] == row["findings"]
    assert [finding.rule for finding in report.findings] == [rule.id for rule in rules() if rule.severity != "off"]
    assert Report.from_json(report.to_json() + "\n") == report
    assert Report.from_json(report.to_json().encode()).to_json() == report.to_json()
    seen = Checker().see(BLUE)
    assert Measurements.from_json(seen.to_json().encode()) == seen
    stamps = {"profile": dataclasses.asdict(report.profile), "engine": dataclasses.asdict(report.engine)}
    assert stamps == {name: row[name] for name in stamps}


def test_findings_by_rule_and_by_verdict(checker: Checker) -> None:
    report = checker.check("tests/samples/low-quality.jpg")
    quality = report["jpeg-quality"]
    assert (quality.verdict, quality.value, quality.limit.min) == (Verdict.FAIL, 35.0, 60.0)
    assert quality in report.with_verdict(Verdict.FAIL)
    with pytest.raises(ValueError, match="'failed' is not a valid Verdict"):
        report.with_verdict("failed")  # type: ignore[arg-type]
    assert quality.reason.zh in report.reasons()
    with pytest.raises(KeyError, match="no-such-rule"):
        report["no-such-rule"]


def test_a_report_holds_rules_by_their_ids_and_findings(checker: Checker) -> None:
    report = checker.check(BLUE)
    assert "eye-line" in report and report["eye-line"] in report and "no-such-rule" not in report
    assert len(report) == len(report.findings) == len(list(report))


def test_marks_make_the_verdict_of_the_photo(checker: Checker) -> None:
    strict = Checker(EVERY_RULE)
    reports = [one.check(photo) for one in (checker, strict) for photo in (BLUE, "tests/samples/flag-behind.jpg")]
    reports.append(checker.check("tests/conformance/comp_clean_005_0.jpg"))
    for report in reports:
        marks = {finding.mark for finding in report}
        gravest = next((mark for mark in Mark if mark in marks - {Mark.ADVICE}), None)
        wanted = {Mark.FAIL: Verdict.FAIL, Mark.REVIEW: Verdict.REVIEW, Mark.NOT_ASSESSED: Verdict.REVIEW, None: Verdict.PASS}
        assert report.verdict == wanted[gravest]
        assert bool(report.failures()) == (report.verdict == Verdict.FAIL)
    assert {Mark.FAIL, Mark.REVIEW, Mark.ADVICE, None} <= {finding.mark for report in reports for finding in report}


def test_a_line_of_a_photo_that_could_not_be_checked_is_its_exception(checker: Checker) -> None:
    command = [sys.executable, "-m", "gradphoto", "check", NO_PHOTO, "--format", "jsonl"]
    line = subprocess.run(command, capture_output=True, encoding="utf-8").stdout
    with pytest.raises(DecodeError) as told:
        Report.from_json(line)
    with pytest.raises(DecodeError) as raised:
        checker.check(NO_PHOTO)
    assert (told.value.photo, str(told.value)) == (raised.value.photo, str(raised.value)) == (NO_PHOTO, str(told.value))
    with pytest.raises(OSError) as unread:
        Report.from_json(line.replace('"kind":"decode"', '"kind":"read"'))
    assert unread.value.filename == NO_PHOTO and "plain text" in str(unread.value)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("", "Expecting value"),
        ("[]", "no object"),
        ('{"schema":2}', "no report"),
        ('{"schema":2,"verdict":"unreadable"}', "no report"),
        ('{"schema":"2","findings":[]}', "no report"),
        ('{"findings":5}', "no report"),
        ('{"schema":9,"findings":[]}', "later version"),
    ],
)
def test_what_is_no_report_is_told(line: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Report.from_json(line)


def test_measurements_are_told_from_reports(checker: Checker) -> None:
    with pytest.raises(ValueError, match="no measurements"):
        Measurements.from_json(checker.check(BLUE).to_json())
    with pytest.raises(ValueError, match="no report"):
        Report.from_json(checker.see(BLUE).to_json())


def test_languages_are_two(checker: Checker) -> None:
    report = checker.check(BLUE)
    for wrong in (
        lambda: report["eye-line"].reason.get("fr"),  # type: ignore[arg-type]
        lambda: Report.from_json(report.to_json(), "fr"),  # type: ignore[arg-type]
        lambda: Roster("tests/cases/roster-footer/名册.csv").lines("fr"),  # type: ignore[arg-type]
    ):
        with pytest.raises(ValueError, match="'zh' or 'en'"):
            wrong()


def test_reports_are_frozen_and_hashable(checker: Checker) -> None:
    report = checker.check(BLUE)
    with pytest.raises(dataclasses.FrozenInstanceError):
        report.photo = "other"  # type: ignore[misc]
    assert len({report, checker.check(BLUE)}) == 1
    assert {Verdict.FAIL: 1}[Verdict("fail")] == 1 and f"{Verdict.FAIL}" == "fail"


def test_a_notebook_shows_a_table_in_the_checkers_language() -> None:
    report = Checker(lang="en").check("tests/samples/low-quality.jpg")
    html = report._repr_html_()
    assert html.count("<tr") == 1 + len(report.findings)
    assert "JPEG quality" in html and "≥ 60" in html and report["jpeg-quality"].reason.en in html
    chinese = Report.from_json(report.to_json())._repr_html_()
    assert "不合格" in chinese and report["jpeg-quality"].reason.zh in chinese


def test_a_notebook_and_reasons_say_what_a_finding_means_for_the_photo() -> None:
    checker = Checker({"extends": "graduation-blue", "rules": {"jpeg-quality": {"severity": "advise"}}}, lang="en")
    report = checker.check("tests/samples/low-quality.jpg")
    (quality,) = (row for row in report._repr_html_().split("<tr ") if row.startswith("title='jpeg-quality'"))
    assert report["jpeg-quality"].verdict == Verdict.FAIL and ">advice<" in quality and ">fail<" not in quality
    told = Checker(lang="en").check(Image.open(BLUE)).reasons()
    assert sum("Only pixels were given" in reason for reason in told) == 1


def test_a_picture_is_drawn_where_it_is_asked_for(checker: Checker) -> None:
    plain, drawn = checker.check(BLUE), checker.check(BLUE, picture=True)
    assert plain == drawn and plain.picture is None and plain.to_json() == drawn.to_json()
    assert drawn.picture and Image.open(io.BytesIO(drawn.picture)).height > 640
    assert "data:image/jpeg;base64," in drawn._repr_html_() and "<img" not in plain._repr_html_()


def test_html_is_escaped(checker: Checker) -> None:
    html = checker.check(Path(BLUE).read_bytes(), name="<script>.jpg")._repr_html_()
    assert "<script>" not in html and "&lt;script&gt;.jpg" in html


def test_a_rule_of_another_version_is_shown_too(checker: Checker) -> None:
    report = checker.check(BLUE)
    newer = Report.from_json(report.to_json().replace('"rule":"eye-line"', '"rule":"rule-of-tomorrow"'))
    assert "rule-of-tomorrow" in newer._repr_html_()
    assert isinstance(newer["rule-of-tomorrow"], Finding)
