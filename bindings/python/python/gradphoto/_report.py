"""What a check says: findings in rule order and one verdict for the photo."""

import enum
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from gradphoto import _gradphoto, _html
from gradphoto._errors import told
from gradphoto._lang import Lang, known


class Verdict(str, enum.Enum):
    """The outcome of a rule or of a photo."""

    #: Meets the requirement.
    PASS = "pass"
    #: Near the limit: a person looks.
    REVIEW = "review"
    #: Does not meet the requirement.
    FAIL = "fail"
    #: Could not be measured.
    NOT_ASSESSED = "not-assessed"

    def __str__(self) -> str:
        return str(self.value)


class Mark(str, enum.Enum):
    """Why a finding deserves attention, the gravest first."""

    #: Fails the photo.
    FAIL = "fail"
    #: A person must look.
    REVIEW = "review"
    #: Does not meet a requirement that fails nobody, or may not.
    ADVICE = "advice"
    #: A requirement that could not be judged.
    NOT_ASSESSED = "not-assessed"

    def __str__(self) -> str:
        return str(self.value)


@dataclass(frozen=True, slots=True)
class Limit:
    """An allowed range; a bound that is None does not bind."""

    #: Smallest allowed value.
    min: float | None
    #: Largest allowed value.
    max: float | None


@dataclass(frozen=True, slots=True)
class Reason:
    """A sentence or name in both languages."""

    #: Simplified Chinese.
    zh: str
    #: English.
    en: str

    def get(self, lang: Lang) -> str:
        """The text in one language."""
        return self.en if known(lang) == "en" else self.zh


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule says of one photo."""

    #: Id of the rule.
    rule: str
    #: In a few words: what is wrong, or what was asked where nothing is.
    name: Reason
    #: Outcome by the limits below alone; `mark` says what it means for the photo.
    verdict: Verdict
    #: Measured value in `unit`; None when not assessed.
    value: float | None
    #: Unit of the value and the limits: `px` (of a photo of 480x640, whatever its size), `deg`, `ratio` and `probability` (a
    #: share is 0 to 1), `factor`, `count`, `deltaE00` (CIEDE2000), `lab` (CIELAB), `KB` (1024 bytes), `dpi`, `quality` (IJG, 1
    #: to 100) or `yes-no` (1 where the requirement is met, 0 where not).
    unit: str
    #: Outside: fail.
    limit: Limit
    #: Inside `limit`, outside this: review.
    review: Limit
    #: What a failure does to the photo: `reject` fails it, `ask` sends it to a person, `advise` is only shown.
    severity: str
    #: Clause of the standard.
    clause: str
    #: What the sentence says was seen, such as a side or a format: a part of it, there whatever the verdict.
    seen: Reason | None
    #: One sentence: what is wrong and what to do.
    reason: Reason
    #: Where on the photo, in pixels of the upright original: x, y, width, height, from the upper left corner; None where it is
    #: no place.
    region: tuple[int, int, int, int] | None

    @property
    def mark(self) -> Mark | None:
        """What severity makes of the verdict; None for a finding that nobody needs to see."""
        if self.verdict in (Verdict.FAIL, Verdict.REVIEW):
            return {"reject": Mark(self.verdict.value), "ask": Mark.REVIEW, "advise": Mark.ADVICE}[self.severity]
        is_open = self.verdict == Verdict.NOT_ASSESSED and self.severity == "reject"
        return Mark.NOT_ASSESSED if is_open else None

    def to_dict(self) -> dict[str, Any]:
        """The finding as it stands in JSON."""
        return {name: _plain(getattr(self, name)) for name in self.__slots__}

    def to_json(self) -> str:
        """The finding as JSON."""
        return json.dumps(self.to_dict(), ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class ProfileStamp:
    """Names the rules' settings exactly."""

    #: Name of the profile.
    name: str
    #: SHA-256 of the resolved profile, in hex.
    sha256: str


@dataclass(frozen=True, slots=True)
class EngineStamp:
    """Names the program and models exactly."""

    #: Version of this package.
    gradphoto: str
    #: Inference engine, `onnxruntime` or `tract`, with its version.
    runtime: str
    #: SHA-256 over the models, in hex.
    models_sha256: str
    #: Which models: `research`, some of which are for non-commercial research alone, or `open`, for anybody.
    nets: str


@dataclass(frozen=True, slots=True)
class Report:
    """A whole check of one photo. Holds no clock time: the same photo gives the same report.

    `report["eye-line"]` is the finding of one rule and `"eye-line" in report` says whether the profile has it on; a report is
    iterated over and counted by its findings. A notebook shows it as a table.

    >>> report = Checker().check("tests/samples/low-quality.jpg")
    >>> "jpeg-quality" in report, report["jpeg-quality"] in report.failures()
    (True, True)
    """

    #: Version of the JSON.
    schema: int
    #: Name of the photo as it was given.
    photo: str
    #: Verdict over all findings: `PASS`, `REVIEW` or `FAIL`.
    verdict: Verdict
    #: One finding for each rule of the profile, in the order of `rules()`.
    findings: tuple[Finding, ...] = field(repr=False)
    #: SHA-256 of the file's bytes (of the pixels where there is no file), in hex.
    sha256: str = field(repr=False)
    #: The profile that set the limits.
    profile: ProfileStamp = field(repr=False)
    #: What looked at the photo.
    engine: EngineStamp = field(repr=False)
    #: Language of `reasons` and of the table in a notebook.
    lang: Lang = field(repr=False, compare=False)
    _json: str = field(repr=False, compare=False)
    #: The photo with what was seen drawn on it, as the bytes of a JPEG; None unless it was asked for.
    picture: bytes | None = field(default=None, repr=False, compare=False)

    @classmethod
    def from_json(cls, line: str | bytes, lang: Lang = "zh") -> "Report":
        """A report from its JSON, such as a line of report.jsonl or that the command printed with `--format jsonl`.

        Raises:
            DecodeError, OSError, ModelError, InternalError: The line says that the photo could not be checked, and this why.
                It takes the place of the report in `to_dataframe` and `Batch.add`; of an `OSError` the number is not known.
            ValueError: The line is no report, or that of a later version.

        >>> try:
        ...     Report.from_json('{"schema":2,"photo":"a.jpg","verdict":"unreadable","error":{"kind":"decode",'
        ...         '"message":"the file is empty: a.jpg","reason":{"zh":"文件是空的","en":"the file is empty"}}}')
        ... except DecodeError as error:
        ...     print(error.photo, "-", error)
        a.jpg - the file is empty: a.jpg
        """
        line, lang = _text(line), known(lang)
        row = _row(line)
        try:
            if row.get("verdict") == "unreadable":
                raise told(row)
            return cls(
                schema=row["schema"],
                photo=row["photo"],
                verdict=Verdict(row["verdict"]),
                findings=tuple(map(_finding, row["findings"])),
                sha256=row["sha256"],
                profile=ProfileStamp(**row["profile"]),
                engine=EngineStamp(**row["engine"]),
                lang=lang,
                _json=line.strip(),
            )
        except (KeyError, TypeError) as wrong:
            raise ValueError(f"this line is no report ({wrong!r})") from wrong

    def with_verdict(self, verdict: Verdict) -> list[Finding]:
        """The findings with this verdict, whatever their severity."""
        wanted = Verdict(verdict)
        return [finding for finding in self.findings if finding.verdict == wanted]

    def failures(self) -> list[Finding]:
        """The findings that fail the photo."""
        return [finding for finding in self.findings if finding.mark == Mark.FAIL]

    def reasons(self) -> list[str]:
        """What is wrong and what to do: the sentences of the findings that have a `mark`, each of them once."""
        return list(dict.fromkeys(finding.reason.get(self.lang) for finding in self.findings if finding.mark))

    def to_dict(self) -> dict[str, Any]:
        """The report as plain data."""
        row: dict[str, Any] = json.loads(self._json)
        return row

    def to_json(self) -> str:
        """The report as one line of JSON, byte for byte as the command prints it."""
        return self._json

    def __getitem__(self, rule: str) -> Finding:
        for finding in self.findings:
            if finding.rule == rule:
                return finding
        raise KeyError(rule)

    def __contains__(self, rule: object) -> bool:
        return any(rule in (finding.rule, finding) for finding in self.findings)

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)

    def __len__(self) -> int:
        return len(self.findings)

    def _repr_html_(self) -> str:
        meanings = [(finding.mark or finding.verdict).value for finding in self.findings]
        return _html.page(self.to_dict(), meanings, self.picture, self.lang)


@dataclass(frozen=True, slots=True)
class Measurements:
    """What every rule measured on one photo, to be stored and judged again by any profile: no limits, no verdicts."""

    #: Name of the photo as it was given.
    photo: str
    #: SHA-256 of the file's bytes (of the pixels where there is no file), in hex.
    sha256: str = field(repr=False)
    _json: str = field(repr=False)

    @classmethod
    def from_json(cls, line: str | bytes) -> "Measurements":
        """Measurements from the JSON that `to_json` gave.

        Raises:
            ValueError: The line holds no measurements, or those of a later version.
        """
        line = _text(line)
        row = _row(line)
        if not {"readings", "photo", "sha256"} <= row.keys():
            raise ValueError("this line holds no measurements")
        return cls(row["photo"], row["sha256"], line.strip())

    def to_json(self) -> str:
        """The measurements as one line of JSON."""
        return self._json


def measured(measurements: Measurements) -> Measurements:
    """The measurements, if they are some."""
    if not isinstance(measurements, Measurements):
        raise TypeError(f"measurements are what Checker.see gives, not {type(measurements).__name__}")
    return measurements


def _text(line: str | bytes) -> str:
    """A line as text; one that was read as bytes is UTF-8."""
    return line if isinstance(line, str) else line.decode("utf-8-sig")


def _row(line: str) -> dict[str, Any]:
    """A line of JSON of this version or an earlier one; json's own `ValueError` says where it is none."""
    row = json.loads(line)
    if not isinstance(row, dict):
        raise ValueError("this line is no object of JSON")
    schema = row.get("schema")
    if isinstance(schema, int) and schema > _gradphoto.SCHEMA:
        raise ValueError(f"this line has schema {schema} of a later version; this one reads up to {_gradphoto.SCHEMA}")
    return row


def _finding(row: dict[str, Any]) -> Finding:
    return Finding(
        rule=row["rule"],
        name=Reason(**row["name"]),
        verdict=Verdict(row["verdict"]),
        value=_float(row["value"]),
        unit=row["unit"],
        limit=_limit(**row["limit"]),
        review=_limit(**row["review"]),
        severity=row["severity"],
        clause=row["clause"],
        seen=Reason(**row["seen"]) if row["seen"] else None,
        reason=Reason(**row["reason"]),
        region=tuple(row["region"]) if row["region"] else None,
    )


def _limit(min: float | None, max: float | None) -> Limit:
    return Limit(_float(min), _float(max))


def _float(number: float | None) -> float | None:
    """JavaScript and jq write 1.0 as 1, which is another type of column in a table."""
    return None if number is None else float(number)


def _plain(value: Any) -> Any:
    if isinstance(value, (Limit, Reason)):
        return {name: getattr(value, name) for name in value.__slots__}
    if isinstance(value, Verdict):
        return value.value
    return list(value) if isinstance(value, tuple) else value
