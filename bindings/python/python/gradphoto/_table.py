"""Reports as a table."""

from collections.abc import Iterable
from typing import Any, Literal

from gradphoto._errors import photo_of
from gradphoto._report import Report


def to_dataframe(
    reports: Iterable[Report | Exception],
    library: Literal["pandas", "polars", "arrow"] = "pandas",
    rows: Literal["photo", "finding"] = "photo",
) -> Any:
    """Reports as a data frame of pandas or polars or as a table of pyarrow; only the one asked for is imported.

    Args:
        reports: What `check_many` yields.
        library: Whose table to make.
        rows: `photo` for one row a photo: `photo`, `verdict`, `error`, `sha256` and for each rule its value, named by its
            id, and its verdict, named `<id>.verdict`. `finding` for one row a finding: `photo`, `photo_verdict`, `error`, and
            what a `Finding` holds. A photo that could not be checked is one row with its `error` and nothing else.

    >>> reports = list(Checker().check_many("tests/samples"))
    >>> frame = to_dataframe(reports)
    >>> frame["verdict"].value_counts().to_dict(), int(frame["error"].notna().sum())
    ({'fail': 5}, 1)
    >>> to_dataframe(reports, "polars", rows="finding").height == 1 + 5 * len(reports[0].findings)
    True
    """
    return _frame(_by_photo(reports) if rows == "photo" else _by_finding(reports), library)


def frame(rows: Iterable[dict[str, Any]], library: Literal["pandas", "polars", "arrow"]) -> Any:
    """Rows as a table of one of the libraries."""
    return _frame(_columns(rows), library)


def _frame(table: "Columns", library: Literal["pandas", "polars", "arrow"]) -> Any:
    if library == "pandas":
        import pandas

        return pandas.DataFrame(table)
    if library == "polars":
        import polars

        return polars.DataFrame(table, infer_schema_length=None)
    import pyarrow

    return pyarrow.table(table)


Columns = dict[str, list[Any]]


def _by_photo(results: Iterable[Report | Exception]) -> Columns:
    return _columns(photo_row(result) for result in results)


def _by_finding(results: Iterable[Report | Exception]) -> Columns:
    return _columns(row for result in results for row in _finding_rows(result))


def photo_row(result: Report | Exception) -> dict[str, Any]:
    """The row of one photo, of a report or of the exception in its place."""
    if isinstance(result, Exception):
        return {"photo": photo_of(result), "verdict": None, "error": str(result), "sha256": None}
    row: dict[str, Any] = {"photo": result.photo, "verdict": result.verdict.value, "error": None, "sha256": result.sha256}
    for finding in result.findings:
        row[finding.rule] = finding.value
        row[f"{finding.rule}.verdict"] = finding.verdict.value
    return row


def _finding_rows(result: Report | Exception) -> list[dict[str, Any]]:
    if isinstance(result, Exception):
        return [{"photo": photo_of(result), "photo_verdict": None, "error": str(result)}]
    photo = {"photo": result.photo, "photo_verdict": result.verdict.value, "error": None}
    return [photo | _flat(finding.to_dict()) for finding in result.findings]


def _flat(finding: dict[str, Any]) -> dict[str, Any]:
    """Ranges and reasons as columns of their own, such as `limit_min`."""
    flat: dict[str, Any] = {}
    for name, value in finding.items():
        if name == "seen" and value is None:
            continue
        flat |= {f"{name}_{part}": inner for part, inner in value.items()} if isinstance(value, dict) else {name: value}
    return flat


def _columns(rows: Iterable[dict[str, Any]]) -> Columns:
    """Rows as columns; what a row lacks is None."""
    rows = list(rows)
    names = dict.fromkeys(name for row in rows for name in row)
    return {name: [row.get(name) for row in rows] for name in names}
