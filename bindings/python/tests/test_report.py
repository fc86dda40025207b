"""Reports, findings and their ways out."""

import dataclasses
import io
import json
from pathlib import Path

import pytest
from PIL import Image

from gradphoto import Checker, Finding, Report, Verdict, rules

BLUE = "tests/samples/blue.jpg"


def test_a_report_holds_what_its_json_holds(checker: Checker) -> None:
    report = checker.check(BLUE)
    row = json.loads(report.to_json())
    assert report.to_dict() == row
    assert [finding.to_dict() for finding in report] == row["findings"]
    assert [json.loads(finding.to_json()) for finding in report] == row["findings"]
    assert [finding.rule for finding in report.findings] == [rule.id for rule in rules() if rule.severity != "off"]
    assert Report.from_json(report.to_json() + "\n") == report
    stamps = {"profile": dataclasses.asdict(report.profile), "engine": dataclasses.asdict(report.engine)}
    assert stamps == {name: row[name] for name in stamps}


def test_findings_by_rule_and_by_verdict(checker: Checker) -> None:
    report = checker.check("tests/samples/low-quality.jpg")
    quality = report["jpeg-quality"]
    assert (quality.verdict, quality.value, quality.limit.min) == (Verdict.FAIL, 35.0, 60.0)
    assert quality in report.with_verdict(Verdict.FAIL)
    assert quality.reason.zh in report.reasons()
    with pytest.raises(KeyError, match="no-such-rule"):
        report["no-such-rule"]


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
