"""The photos of a school side by side: whose they are, which were handed in twice, who is missing."""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal, NoReturn, TypeAlias

from gradphoto import _gradphoto
from gradphoto._errors import photo_of
from gradphoto._lang import Lang, known
from gradphoto._profile import Profile
from gradphoto._report import Reason, Report
from gradphoto._table import frame, one_of

#: One path, or any number of them.
Paths: TypeAlias = str | os.PathLike[str] | Iterable[str | os.PathLike[str]]


@dataclass(frozen=True, slots=True)
class Student:
    """A row of a roster, as written there; what it does not say is empty. Numbers of identity documents stay in the file."""

    #: Row in the file or on its sheet, from 1.
    row: int
    #: The sheet; empty where only one was read.
    sheet: str
    #: The name, 姓名.
    name: str
    #: The student number, 学号.
    student_number: str
    #: The number of the entrance examination, 考生号.
    exam_number: str
    #: The code for the photographer, 采集码.
    capture_code: str
    #: The department, 院系.
    department: str
    #: The programme, 专业.
    major: str
    #: The class, 班级; in tables the column is `class`.
    class_: str
    #: The sex, 性别, as written.
    sex: str
    #: The code of the school, 院校代码.
    school_code: str
    #: The session in which photos are taken, 批次.
    session: str
    #: When photos are taken, 拍摄时间, as written.
    time: str
    #: Where photos are taken, 拍摄地点.
    place: str
    #: Where the student stands in the queue, 拍摄序号.
    shot_number: str
    #: Whether the photo is there already, 是否采集, as written.
    collected: str
    #: Whether the fee is paid, 是否缴费, as written.
    paid: str
    #: When the student graduates, 毕业日期, as written.
    graduation: str


@dataclass(frozen=True, slots=True)
class Match:
    """Whom the name of a photo means."""

    #: `one` is certain. With `several` the name may mean these, or this one, and with `conflict` its parts speak of different
    #: students, or of a name or number that this student has not: a person must decide. `nobody`: it is nobody's on the roster.
    kind: Literal["one", "several", "conflict", "nobody"]
    #: All whom it may be.
    students: tuple[Student, ...]

    @property
    def student(self) -> Student | None:
        """The student, where it is certain."""
        return self.students[0] if self.kind == "one" else None


class Roster:
    """The students of a school, read from XLSX, XLS, ODS, HTML or text with commas, tabs or semicolons.

    Every visible sheet with headings such as 学号, 姓名 or 身份证号 is read; `lines` says what became of sheets, columns and rows.

    A roster that is pickled reads the file anew where it arrives: numbers of identity documents do not travel.

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
        # A program may change its folder before it sends the roster.
        self._whole_path = os.path.abspath(path)
        self._native = _gradphoto.Roster(path)
        self._students = tuple(map(_student, json.loads(self._native.students())))

    @property
    def students(self) -> list[Student]:
        """The students, in the order of the file."""
        return list(self._students)

    def lines(self, lang: Lang = "zh") -> list[str]:
        """What was read, a sentence for each sheet, and what was not."""
        is_english = known(lang) == "en"
        return [en if is_english else zh for zh, en in self._native.reading()]

    def find(self, name: str, folders: str | Iterable[str] = ()) -> Match:
        """Whom a photo of this name means.

        Args:
            name: Name of the file without its extension.
            folders: Names of the folders it lies in, the outermost first.

        >>> roster = Roster("tests/cases/roster-kangxi-photo/名册.csv")
        >>> roster.find("王⼩明").student.name, roster.find("李四").kind
        ('王小明', 'nobody')
        """
        kind, places = self._native.find(name, [folders] if isinstance(folders, str) else list(folders))
        return Match(kind, tuple(self._students[place] for place in places))

    def __len__(self) -> int:
        return len(self._students)

    def __repr__(self) -> str:
        return f"Roster({os.fspath(self._path)!r})"

    def __reduce__(self) -> tuple[type["Roster"], tuple[str]]:
        return type(self), (self._whole_path,)


@dataclass(frozen=True, slots=True)
class BatchFinding:
    """What only shows across photos."""

    #: `duplicate-photo`, `roster-match`, `id-number`, `recent-photo`, `camera-colour` or
    #: `batch-proportions`.
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
    #: Counts for each department: of students, or of photos where there is no roster: total, photographed, done, granted,
    #: collected, review, reprocess, retake, missing.
    departments: dict[str, dict[str, int]]
    #: Decisions that did not count, with the reason.
    unused_decisions: tuple[dict[str, Any], ...]
    _json: str = field(repr=False)
    _photos: str = field(repr=False)
    _students: str = field(repr=False)

    def to_json(self) -> str:
        """The whole as JSON: what the command writes into batch.json, but for `passed_over` and `made_by`."""
        return self._json

    def to_dataframe(
        self,
        library: Literal["pandas", "polars", "arrow"] = "pandas",
        rows: Literal["student", "photo"] | None = None,
    ) -> Any:
        """A table of pandas, polars or pyarrow.

        Args:
            library: Whose table to make, `pandas`, `polars` or `arrow`; only this one is imported.
            rows: `student` for one row a student with what a `Student` holds, `status` and `photos`; `photo` for one row a
                photo with `verdict` (also `unreadable`), `status`, `student` (its place among the students, from 0), the kinds
                of its open `findings` and more. By default students where there is a roster, else photos. The `status` is
                `done`, `granted`, `collected`, `review`, `reprocess`, `retake` or `missing`.

        Raises:
            ValueError: Other words for library or rows.
        """
        one_of("rows", rows, ("student", "photo", None))
        students = json.loads(self._students)
        if rows == "student" or (rows is None and students):
            return frame(students, _STUDENT_COLUMNS, library)
        return frame(json.loads(self._photos), _PHOTO_COLUMNS, library)


class Batch:
    """Takes the results of a check one by one and says what shows across them.

    Args:
        roster: A `Roster` or its file; None to look only at the photos themselves.
        folders: Photos are named by paths below this folder, or these; the folders between tell department, major and class.
            With a roster or a month they must be there: when the batch is finished, they are searched for files that are not
            looked at, such as a camera's raw files.
        decisions: The file of decisions that was exported from report.html, or several.
        profile: The profile that says which rules people may overrule.
        graduation: Month of graduation, such as `2026-06`, where the roster has no column for it: a photo taken more than a
            year before it is left to a person. The time is read from the photo's file (EXIF) when the batch is finished; where
            no file has the photo's name, none is known.

    Findings are those of `gradphoto check --output` with the same folders, roster and month. What the command has beyond
    (`--assign`, `--schedule`, `--capture`, what was decided in the page) is not here.

    Raises:
        OSError: A roster or file of decisions cannot be read, or a folder that is to be searched is not there.
        RosterError: It is not valid.
        ValueError: The month is none.

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
        folders: Paths = (),
        decisions: Paths = (),
        profile: str | os.PathLike[str] | Profile | Mapping[str, Any] = Profile.DEFAULT,
        graduation: str | None = None,
    ) -> None:
        wanted = Profile.of(profile)
        students = roster if roster is None or isinstance(roster, Roster) else Roster(roster)
        native = None if students is None else students._native
        self._native = _gradphoto.Batch(
            native, _paths(folders), _paths(decisions), wanted.name, wanted.to_toml(), graduation
        )

    def add(self, result: Report | Exception) -> None:
        """Adds a report, or the exception in its place.

        Raises:
            RuntimeError: The batch is finished.
            ValueError: The report is of another version, or the exception names no photo.
        """
        if isinstance(result, Report):
            self._native.add(result.to_json())
        elif not isinstance(result, Exception):
            raise TypeError(f"a result is a Report or the exception in its place, not {type(result).__name__}")
        elif (photo := photo_of(result)) is not None:
            self._native.add_unreadable(photo)
        else:
            raise ValueError(f"an exception takes the place of the photo that it names, and this names none: {result!r}")

    def __reduce__(self) -> NoReturn:
        raise TypeError("a batch stays in its process; send the reports to it, and add them there")

    def finish(self) -> BatchReport:
        """Says what shows across all photos; the batch takes no more.

        Raises:
            RuntimeError: The batch is finished already.
        """
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


#: Columns of tables, as a reader wants them.
_STUDENT_COLUMNS = (*(column.name.rstrip("_") for column in fields(Student)), "status", "photos")
_PHOTO_COLUMNS = ("photo", "verdict", "status", "student", "department", "major", "class", "findings", "decision", "note", "sha256")


def _paths(paths: Paths) -> list[str | os.PathLike[str]]:
    return [paths] if isinstance(paths, (str, os.PathLike)) else list(paths)


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
