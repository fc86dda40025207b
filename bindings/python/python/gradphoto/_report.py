"""What a check says: findings in rule order and one verdict for the photo."""

import enum
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from gradphoto import _html

Lang: TypeAlias = Literal["zh", "en"]


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
        return self.en if lang == "en" else self.zh


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule says of one photo."""

    #: Id of the rule.
    rule: str
    #: In a few words: what is wrong, or what was asked where nothing is.
    name: Reason
    #: Outcome by the limits below alone.
    verdict: Verdict
    #: Measured value in `unit`; None when not assessed.
    value: float | None
    #: Unit of the value and the limits.
    unit: str
    #: Outside: fail.
    limit: Limit
    #: Inside `limit`, outside this: review.
    review: Limit
    #: What a failure does to the photo: `reject` fails it, `ask` sends it to a person, `advise` is only shown.
    severity: str
    #: Clause of the standard.
    clause: str
    #: What was seen, where the value alone does not say it.
    seen: Reason | None
    #: One sentence: what is wrong and what to do.
    reason: Reason
    #: Where on the photo, in its pixels: x, y, width, height.
    region: tuple[int, int, int, int] | None

    def to_dict(self) -> dict[str, Any]:
        """The finding as it stands in JSON."""
        names = (name for name in self.__slots__)
        return {name: _plain(getattr(self, name)) for name in names}

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

    `report["eye-line"]` is the finding of one rule; a notebook shows the report as a table.
    """

    #: Version of the JSON.
    schema: int
    #: Name of the photo as it was given.
    photo: str
    #: Verdict over all findings.
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
    def from_json(cls, line: str, lang: Lang = "zh") -> "Report":
        """A report from its JSON, such as a line that the command printed with `--format jsonl`."""
        row = json.loads(line)
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

    def with_verdict(self, verdict: Verdict) -> list[Finding]:
        """The findings with this verdict."""
        return [finding for finding in self.findings if finding.verdict == verdict]

    def reasons(self) -> list[str]:
        """What is wrong and what to do: a sentence for each rule that the photo does not pass."""
        return [finding.reason.get(self.lang) for finding in self.findings if finding.verdict != Verdict.PASS]

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

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)

    def _repr_html_(self) -> str:
        return _html.page(self.to_dict(), self.picture, self.lang)


@dataclass(frozen=True, slots=True)
class Measurements:
    """What every rule measured on one photo, to be stored and judged again by any profile: no limits, no verdicts."""

    #: Name of the photo as it was given.
    photo: str
    #: SHA-256 of the file's bytes (of the pixels where there is no file), in hex.
    sha256: str = field(repr=False)
    _json: str = field(repr=False)

    @classmethod
    def from_json(cls, line: str) -> "Measurements":
        """Measurements from the JSON that `to_json` gave."""
        row = json.loads(line)
        return cls(row["photo"], row["sha256"], line.strip())

    def to_json(self) -> str:
        """The measurements as one line of JSON."""
        return self._json


def _finding(row: dict[str, Any]) -> Finding:
    return Finding(
        rule=row["rule"],
        name=Reason(**row["name"]),
        verdict=Verdict(row["verdict"]),
        value=row["value"],
        unit=row["unit"],
        limit=Limit(**row["limit"]),
        review=Limit(**row["review"]),
        severity=row["severity"],
        clause=row["clause"],
        seen=Reason(**row["seen"]) if row["seen"] else None,
        reason=Reason(**row["reason"]),
        region=tuple(row["region"]) if row["region"] else None,
    )


def _plain(value: Any) -> Any:
    if isinstance(value, (Limit, Reason)):
        return {name: getattr(value, name) for name in value.__slots__}
    if isinstance(value, Verdict):
        return value.value
    return list(value) if isinstance(value, tuple) else value
