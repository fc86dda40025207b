"""What programs read, held against docs/schema by a validator that is not ours."""

import json

import pytest
from conftest import REPOSITORY, School
from jsonschema import Draft202012Validator, ValidationError

SCHEMAS = {path.stem: json.loads(path.read_text("utf-8")) for path in (REPOSITORY / "docs" / "schema").glob("*.json")}


def hold(value: dict, schema: str) -> None:
    Draft202012Validator(SCHEMAS[schema]).validate(value)


def test_the_schemas_are_schemas() -> None:
    assert set(SCHEMAS) == {"report", "measurements", "failure", "batch"}
    for schema in SCHEMAS.values():
        Draft202012Validator.check_schema(schema)


def test_every_line_of_a_run_is_a_report_or_says_why_there_is_none(school: School) -> None:
    lines = school.lines()
    unreadable = [line for line in lines if "error" in line]
    assert unreadable and len(unreadable) < len(lines)
    for line in lines:
        hold(line, "failure" if "error" in line else "report")
        assert line["verdict"] in ("pass", "review", "fail", "unreadable"), "a line without a verdict would be passed over"
    with pytest.raises(ValidationError):
        hold(unreadable[0], "report")


def test_batch_json_holds(school: School) -> None:
    raw = school.folder / "照片" / "原片.CR3"
    raw.write_bytes(b"raw")
    school.check()
    batch = json.loads((school.results / "batch.json").read_text("utf-8"))
    raw.unlink()
    school.check()
    hold(batch, "batch")
    assert batch["passed_over"] == [{"path": "照片/原片.CR3", "why": "raw"}]
    assert {finding["kind"] for finding in batch["findings"]} >= {"missing", "surplus", "same-file"}
    batch["findings"][0]["kind"] = "anything"
    with pytest.raises(ValidationError):
        hold(batch, "batch")
