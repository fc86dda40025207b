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
        library: Whose table to make, `pandas`, `polars` or `arrow`.
        rows: `photo` for one row a photo: `photo`, `verdict`, `error`, `sha256` and for each rule its value, named by its
            id, and its verdict, named `<id>.verdict`. `finding` for one row a finding: `photo`, `photo_verdict`, `error`, and
            what a `Finding` holds, with `limit`, `review`, `name`, `seen` and `reason` in two columns each, such as `limit_min`
            and `reason_zh`. A photo that could not be checked is one row with its `error` and nothing else.

    Raises:
        ValueError: Other words for library or rows.

    >>> reports = list(Checker().check_many("tests/samples"))
    >>> frame = to_dataframe(reports)
    >>> frame["verdict"].value_counts().to_dict(), int(frame["error"].notna().sum())
    ({'fail': 5}, 1)
    >>> to_dataframe(reports, "polars", rows="finding").height == 1 + 5 * len(reports[0].findings)
    True
    """
    one_of("rows", rows, ("photo", "finding"))
    if rows == "photo":
        return frame(map(photo_row, reports), ("photo", "verdict", "error", "sha256"), library)
    found = (row for result in reports for row in _finding_rows(result))
    return frame(found, _FINDING_COLUMNS, library)


#: Columns of a table of findings, whatever is found: those of the photo, then what a `Finding` holds.
_FINDING_COLUMNS = (
    *("photo", "photo_verdict", "error", "rule", "name_zh", "name_en", "verdict", "value", "unit"),
    *("limit_min", "limit_max", "review_min", "review_max", "severity", "clause"),
    *("seen_zh", "seen_en", "reason_zh", "reason_en", "region"),
)


def one_of(name: str, value: object, allowed: tuple[object, ...]) -> None:
    """Refuses another value of this argument."""
    if value not in allowed:
        raise ValueError(f"{name} is {', '.join(map(repr, allowed[:-1]))} or {allowed[-1]!r}, not {value!r}")


def frame(rows: Iterable[dict[str, Any]], first: Iterable[str], library: str) -> Any:
    """Rows as a table of one of the libraries, with these columns first, even where there is no row."""
    one_of("library", library, ("pandas", "polars", "arrow"))
    rows = list(rows)
    names = dict.fromkeys([*first, *(name for row in rows for name in row)])
    # What a row lacks is None.
    table = {name: [row.get(name) for row in rows] for name in names}
    if library == "pandas":
        import pandas

        return pandas.DataFrame(table)
    if library == "polars":
        import polars

        return polars.DataFrame(table, infer_schema_length=None)
    import pyarrow

    return pyarrow.table(table)


def photo_row(result: Report | Exception) -> dict[str, Any]:
    """The row of one photo, of a report or of the exception in its place."""
    if isinstance(result, Exception):
        return {"photo": photo_of(result), "verdict": None, "error": str(result), "sha256": None}
    _refuse_other(result)
    row: dict[str, Any] = {"photo": result.photo, "verdict": result.verdict.value, "error": None, "sha256": result.sha256}
    for finding in result.findings:
        row[finding.rule] = finding.value
        row[f"{finding.rule}.verdict"] = finding.verdict.value
    return row


def _finding_rows(result: Report | Exception) -> list[dict[str, Any]]:
    if isinstance(result, Exception):
        return [{"photo": photo_of(result), "photo_verdict": None, "error": str(result)}]
    _refuse_other(result)
    photo = {"photo": result.photo, "photo_verdict": result.verdict.value, "error": None}
    return [photo | _flat(finding.to_dict()) for finding in result.findings]


def _refuse_other(result: object) -> None:
    """Refuses what is no report, such as the findings of a single one."""
    if not isinstance(result, Report):
        raise TypeError(f"a result is a Report or the exception in its place, not {type(result).__name__}")


def _flat(finding: dict[str, Any]) -> dict[str, Any]:
    """Ranges and reasons as columns of their own, such as `limit_min`."""
    flat: dict[str, Any] = {}
    for name, value in finding.items():
        if name == "seen" and value is None:
            continue
        flat |= {f"{name}_{part}": inner for part, inner in value.items()} if isinstance(value, dict) else {name: value}
    return flat
