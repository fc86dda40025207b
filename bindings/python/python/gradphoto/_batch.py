"""The photos of a school side by side: whose they are, which were handed in twice, who is missing."""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from gradphoto import _gradphoto
from gradphoto._errors import photo_of
from gradphoto._profile import Profile
from gradphoto._report import Lang, Reason, Report
from gradphoto._table import frame


@dataclass(frozen=True, slots=True)
class Student:
    """A row of a roster; what it does not say is empty. Numbers of identity documents stay in the file."""

    #: Row in the file or on its sheet, from 1.
    row: int
    #: The sheet; empty where only one was read.
    sheet: str
    name: str
    student_number: str
    exam_number: str
    capture_code: str
    department: str
    major: str
    #: The class, 班级.
    class_: str
    sex: str
    school_code: str
    session: str
    time: str
    place: str
    #: Where the student stands in the queue, 拍摄序号.
    shot_number: str
    #: Whether the photo is there already, 是否采集, as written.
    collected: str
    #: Whether the fee is paid, 是否缴费, as written.
    paid: str
    graduation: str


class Roster:
    """The students of a school, read from XLSX, XLS, ODS, HTML or text with commas, tabs or semicolons.

    Every visible sheet with headings such as 学号, 姓名 or 身份证号 is read; `lines` says what became of sheets, columns and rows.

    Args:
        path: The file. Its format is told by its bytes, not by its name.

    Raises:
        OSError: The file cannot be read.
        RosterError: The file is not a roster, or numbers in it are lost; every problem is listed.

    >>> roster = Roster("tests/cases/roster-footer/名册.csv")
    >>> len(roster), roster.students[0].name
    (1, '张三')
    >>> print(roster.lines("en")[0])
    1 student on the roster.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = path
        self._native = _gradphoto.Roster(path)

    @property
    def students(self) -> list[Student]:
        """The students, in the order of the file."""
        return [_student(row) for row in json.loads(self._native.students())]

    def lines(self, lang: Lang = "zh") -> list[str]:
        """What was read, a sentence for each sheet, and what was not."""
        return [en if lang == "en" else zh for zh, en in self._native.reading()]

    def find(self, name: str, folders: Iterable[str] = ()) -> list[Student]:
        """The students whom a photo of this name may mean: one where it is certain, several where a person must decide.

        Args:
            name: Name of the file without its extension.
            folders: Names of the folders it lies in.

        >>> Roster("tests/cases/roster-kangxi-photo/名册.csv").find("王⼩明")[0].name
        '王小明'
        """
        _, places = self._native.find(name, list(folders))
        students = self.students
        return [students[place] for place in places]

    def __len__(self) -> int:
        return len(json.loads(self._native.students()))

    def __repr__(self) -> str:
        return f"Roster({os.fspath(self._path)!r})"


@dataclass(frozen=True, slots=True)
class BatchFinding:
    """What only shows across photos."""

    #: `duplicate-photo`, `roster-match`, `id-number`, `recent-photo` or `camera-colour`.
    rule: str
    #: What kind of it, such as `missing` or `same-file`.
    kind: str
    #: Names of the photos concerned.
    photos: tuple[str, ...]
    #: The students concerned, as they stand in batch.json.
    students: tuple[dict[str, Any], ...]
    #: One sentence: what is wrong and what to do.
    reason: Reason
    #: Whether people have decided on every photo that it concerns.
    settled: bool


@dataclass(frozen=True, slots=True)
class BatchReport:
    """What shows across the photos of a batch, and how far each student has come."""

    #: What was found, in the order of the rules.
    findings: tuple[BatchFinding, ...]
    #: Counts of photos: total, pass, fail, review, unreadable, accepted, granted, rejected, set_aside.
    totals: dict[str, int]
    #: Counts for each department: of students, or of photos where there is no roster.
    departments: dict[str, dict[str, int]]
    #: Decisions that did not count, with the reason.
    unused_decisions: tuple[dict[str, Any], ...]
    _json: str = field(repr=False)
    _photos: str = field(repr=False)
    _students: str = field(repr=False)

    def to_json(self) -> str:
        """The whole as JSON: what the command writes into batch.json, but for the files that it passed over."""
        return self._json

    def to_dataframe(
        self,
        library: Literal["pandas", "polars", "arrow"] = "pandas",
        rows: Literal["student", "photo"] | None = None,
    ) -> Any:
        """A table of pandas, polars or pyarrow.

        Args:
            library: Whose table to make; only this one is imported.
            rows: `student` for one row a student with `status` and `photos`, `photo` for one row a photo with `verdict`,
                `status` and the kinds of its open `findings`. By default students where there is a roster, else photos.
        """
        students = json.loads(self._students)
        by_student = rows == "student" or (rows is None and students)
        return frame(students if by_student else json.loads(self._photos), library)


class Batch:
    """Takes the results of a check one by one and says what shows across them.

    Args:
        roster: A `Roster` or its file; None to look only at the photos themselves.
        folders: Photos are named by paths below these folders; the folders between tell department, major and class.
        decisions: Files of decisions that were exported from report.html.
        profile: The profile that says which rules people may overrule.

    >>> batch = Batch(roster="tests/cases/roster-footer/名册.csv")
    >>> for result in Checker().check_many("tests/samples", progress=False):
    ...     batch.add(result)
    >>> report = batch.finish()
    >>> report.totals["total"], report.totals["unreadable"]
    (6, 1)
    >>> [finding.kind for finding in report.findings if finding.kind == "missing"]
    ['missing']
    """

    def __init__(
        self,
        roster: Roster | str | os.PathLike[str] | None = None,
        folders: Iterable[str | os.PathLike[str]] = (),
        decisions: Iterable[str | os.PathLike[str]] = (),
        profile: str | os.PathLike[str] | Profile | Mapping[str, Any] = Profile.DEFAULT,
    ) -> None:
        wanted = Profile.of(profile)
        known = roster if roster is None or isinstance(roster, Roster) else Roster(roster)
        native = None if known is None else known._native
        self._native = _gradphoto.Batch(native, list(folders), list(decisions), wanted.name, wanted.to_toml())

    def add(self, result: Report | Exception) -> None:
        """Adds a report, or the exception in its place."""
        if isinstance(result, Report):
            self._native.add(result.to_json())
        else:
            self._native.add_unreadable(photo_of(result) or "")

    def finish(self) -> BatchReport:
        """Says what shows across all photos; the batch takes no more."""
        whole, photos, students = self._native.finish()
        row = json.loads(whole)
        return BatchReport(
            findings=tuple(_findings(row["findings"])),
            totals=row["photos"],
            departments=row["departments"],
            unused_decisions=tuple(row["decisions"]["unused"]),
            _json=whole,
            _photos=photos,
            _students=students,
        )


def _student(row: dict[str, Any]) -> Student:
    return Student(**{"class_" if name == "class" else name: value for name, value in row.items()})


def _findings(rows: list[dict[str, Any]]) -> Iterator[BatchFinding]:
    for row in rows:
        yield BatchFinding(
            rule=row["rule"],
            kind=row["kind"],
            photos=tuple(row["photos"]),
            students=tuple(row["students"]),
            reason=Reason(**row["reason"]),
            settled=row["settled"],
        )
