"""Reports as tables."""

import pandas
import polars
import pyarrow
import pytest

from gradphoto import Checker, Report, rules, to_dataframe

PHOTOS = ["tests/samples/blue.jpg", "absent.jpg", "tests/samples/enlarged.jpg"]


@pytest.fixture(scope="module")
def results(checker: Checker) -> list[Report | Exception]:
    return list(checker.check_many(PHOTOS))


def test_one_row_a_photo_in_every_library(results: list[Report | Exception]) -> None:
    judged = [rule for rule in rules() if rule.severity != "off"]
    names = ["photo", "verdict", "error", "sha256", *(f"{rule.id}{end}" for rule in judged for end in ("", ".verdict"))]
    frame = to_dataframe(results)
    assert isinstance(frame, pandas.DataFrame) and list(frame.columns) == names
    assert list(frame["photo"]) == PHOTOS and frame["eye-line"].isna().tolist() == [False, True, False]
    first = results[0]
    assert isinstance(first, Report) and frame["eye-line"][0] == first["eye-line"].value
    table = to_dataframe(results, "polars")
    assert isinstance(table, polars.DataFrame) and table.columns == names
    assert table["eye-line"].to_list()[1] is None and "No such file" in table["error"][1]
    arrow = to_dataframe(results, "arrow")
    assert isinstance(arrow, pyarrow.Table) and arrow.to_pylist() == table.to_dicts()


def test_one_row_a_finding(results: list[Report | Exception]) -> None:
    table = to_dataframe(results, "polars", rows="finding")
    assert table.height == 2 * len([rule for rule in rules() if rule.severity != "off"]) + 1
    wanted = {"photo", "photo_verdict", "error", "rule", "verdict", "value", "unit", "limit_min", "reason_zh", "region"}
    assert wanted <= set(table.columns)
    assert to_dataframe(results, "pandas", rows="finding").shape == table.shape
    # The same columns whatever is found, and if nothing is: where no photo can be read, where no finding has seen.
    alone = {"rules": {rule.id: {"severity": "off"} for rule in rules() if rule.id != "eye-line"}}
    plain = Checker({"extends": "graduation-blue", **alone}).check(PHOTOS[0])
    assert plain["eye-line"].seen is None
    for few in ([], [results[1]], [plain]):
        assert to_dataframe(few, "polars", rows="finding").columns == table.columns


def test_figures_are_figures_after_javascript(results: list[Report | Exception]) -> None:
    reports = [report for report in results if isinstance(report, Report)]
    # It writes 1.0 as 1; so does jq.
    through = [Report.from_json(report.to_json().replace(".0,", ",").replace(".0}", "}")) for report in reports]
    assert any(first.to_json() != second.to_json() for first, second in zip(reports, through))
    for rows in ("photo", "finding"):
        wanted = to_dataframe(reports, "polars", rows=rows)
        mixed = to_dataframe([through[0], *reports[1:]], "polars", rows=rows)
        assert mixed.equals(wanted) and mixed.schema == wanted.schema


def test_other_words_are_refused_before_any_photo_is_checked(results: list[Report | Exception]) -> None:
    with pytest.raises(ValueError, match="rows is 'photo' or 'finding', not 'findings'"):
        to_dataframe(results, rows="findings")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="library is 'pandas', 'polars' or 'arrow', not 'dask'"):
        to_dataframe(iter(int, 1), library="dask")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="not Finding"):
        to_dataframe(results[0])  # type: ignore[arg-type]


def test_none_and_all_unreadable() -> None:
    assert to_dataframe([]).empty and list(to_dataframe([]).columns) == ["photo", "verdict", "error", "sha256"]
    assert to_dataframe([FileNotFoundError(2, "No such file", "a.jpg")], "arrow")["photo"].to_pylist() == ["a.jpg"]
