"""A school's version of the standard, as data."""

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from numbers import Integral, Real
from pathlib import Path
from typing import Any, ClassVar

from gradphoto import _gradphoto
from gradphoto._errors import ProfileError
from gradphoto._lang import Lang
from gradphoto._report import Limit, Measurements, Reason, Report, measured


@dataclass(frozen=True, slots=True)
class Rule:
    """One requirement and how a profile applies it."""

    #: Stable name, such as `eyes-open`.
    id: str
    #: What is asked, in a few words: 衣服有领.
    name: Reason
    #: What the number is: 无领的可能性.
    quantity: Reason
    #: Clause of the standard, such as `二.2`; `—` where the standard is silent.
    clause: str
    #: Unit of the measured value, as of a `Finding`.
    unit: str
    #: Who must act: `file`, `capture`, `framing` or `subject`.
    group: str
    #: `reject`, `ask`, `advise`, or `off` where the profile does not apply the rule.
    severity: str
    #: A value outside fails; None where the rule is off.
    limit: Limit | None
    #: A value inside `limit` but outside this is for a person to look at; None where the rule is off.
    review: Limit | None
    #: The page of the handbook, as Markdown.
    page: str


@dataclass(frozen=True, slots=True, repr=False)
class Profile:
    """Limits, severities and reference values for every rule that is on: a built-in profile by its name, or your own.

    Raises:
        ProfileError: There is no built-in profile of this name.

    >>> Profile("graduation-blue").with_limit("eye-line", min=190).judge(Checker().see("tests/samples/blue.jpg")).verdict.value
    'fail'
    >>> Profile.from_toml("extends = 'he-2017'\\n[rules.eye-lime]\\nseverity = 'off'", name="ours")
    Traceback (most recent call last):
    ...
    gradphoto._errors.ProfileError: profile ours: there is no rule eye-lime; did you mean eye-line?
    """

    #: Name of the built-in profile that is used where none is named.
    DEFAULT: ClassVar[str] = "graduation-blue"

    #: Name, as reports give it.
    name: str
    _toml: str = ""

    def __post_init__(self) -> None:
        if not self._toml:
            object.__setattr__(self, "_toml", _gradphoto.resolved_profile(self.name))

    @classmethod
    def names(cls) -> list[str]:
        """Names of the built-in profiles; the first is the default.

        >>> Profile.names()[:2]
        ['graduation-blue', 'he-2017']
        """
        return _gradphoto.profile_names()

    @classmethod
    def from_toml(cls, toml: str, name: str = "custom") -> "Profile":
        """A profile from the text of a TOML file.

        Raises:
            ProfileError: Unknown keys, rules or profiles to extend, limits that make no sense.
        """
        return cls(name, _gradphoto.resolved_profile(name, toml))

    @classmethod
    def from_dict(cls, settings: Mapping[str, Any], name: str = "custom") -> "Profile":
        """A profile from what the TOML file would hold, NumPy's numbers too; a bound that is None does not bind.

        >>> ours = Profile.from_dict({"extends": "he-2017", "rules": {"jpeg-quality": {"limit": {"min": 80}}}}, name="ours")
        >>> [rule.limit for rule in ours.rules() if rule.id == "jpeg-quality"]
        [Limit(min=80.0, max=None)]

        Raises:
            ProfileError: As `from_toml`.
        """
        if not isinstance(settings, Mapping):
            raise TypeError(f"settings are a dict, not {type(settings).__name__}")
        try:
            plain = _plain(settings, ())
        except _NoSetting as error:
            key, zh, en = error.args
            raise ProfileError(f"profile {name}: {key} {en}", name, f"标准 {name}：{key} {zh}") from error
        return cls.from_toml(_gradphoto.profile_toml(json.dumps(plain)), name)

    @classmethod
    def from_file(cls, path: str | os.PathLike[str]) -> "Profile":
        """A profile from a TOML file, named after the file, without `.toml` where no built-in profile is called so.

        Raises:
            OSError: The file cannot be read.
            ProfileError: As `from_toml`, or the file is not UTF-8.
        """
        file = Path(path)
        name = file.name if file.stem in cls.names() else file.stem
        try:
            return cls.from_toml(file.read_text(encoding="utf-8-sig"), name)
        except UnicodeDecodeError as error:
            why = f"{os.fspath(path)} is not UTF-8: open it in a text editor and save it as UTF-8"
            zh = f"标准 {name}：{os.fspath(path)} 不是 UTF-8 编码，请用文本编辑器打开后另存为 UTF-8"
            raise ProfileError(f"profile {name}: {why}", name, zh) from error

    @classmethod
    def of(cls, choice: "str | os.PathLike[str] | Profile | Mapping[str, Any]") -> "Profile":
        """The profile meant by a name, the path of a TOML file, a dict, or itself."""
        if isinstance(choice, Profile):
            return choice
        if isinstance(choice, Mapping):
            return cls.from_dict(choice)
        path = Path(choice)
        is_file = path.suffix.lower() == ".toml" or len(path.parts) > 1
        return cls.from_file(path) if is_file else cls(str(choice))

    def with_limit(self, rule: str, *, min: float | None = None, max: float | None = None) -> "Profile":
        """The same profile with another limit of a rule. A bound that is given leaves no range for review on its side; one that
        is not stays as it is. A rule that was off is on then, with its other bound and severity.

        Raises:
            ProfileError: There is no such rule, or the limit makes no sense for it.

        >>> ours = Profile("graduation-blue").with_limit("eye-line", min=190)
        >>> next(rule.limit for rule in ours.rules() if rule.id == "eye-line").min
        190.0
        """
        return Profile(self.name, _gradphoto.with_limit(self.name, self._toml, rule, min, max))

    def judge(self, measurements: Measurements, lang: Lang = "zh") -> Report:
        """What this profile says of what was measured, without the photo: the same of the same, as often as limits change.

        Raises:
            ValueError: These measurements are of another version.

        >>> seen = Checker().see("tests/samples/low-quality.jpg")
        >>> lenient = Profile("graduation-blue").with_limit("jpeg-quality", min=30)
        >>> [profile.judge(seen)["jpeg-quality"].verdict.value for profile in (Profile("graduation-blue"), lenient)]
        ['fail', 'pass']
        """
        return Report.from_json(_gradphoto.judge(self.name, self._toml, measured(measurements).to_json()), lang)

    def rules(self) -> list[Rule]:
        """The rules that are on, in the order of every report."""
        return [rule for rule in rules(self) if rule.severity != "off"]

    def to_toml(self) -> str:
        """The resolved profile as TOML, a start for your own."""
        return self._toml

    def to_dict(self) -> dict[str, Any]:
        """The resolved profile as plain data.

        >>> Profile("he-2017").to_dict()["standard"]["title"]
        '高等教育学历证书电子注册图像采集规范及信息标准'
        """
        settings: dict[str, Any] = json.loads(_gradphoto.profile_dict(self._toml))
        return settings

    def __repr__(self) -> str:
        return f"Profile({self.name!r})"


def rules(profile: str | os.PathLike[str] | Profile | Mapping[str, Any] = Profile.DEFAULT) -> list[Rule]:
    """Every rule there is with the settings of a profile, in the order of every report; those that are off too.

    >>> rules()[0].id, rules()[0].name.zh
    ('file-format', '文件格式')
    """
    profile = Profile.of(profile)
    return [_rule(row) for row in json.loads(_gradphoto.rules(profile.name, profile.to_toml()))]


def _rule(row: dict[str, Any]) -> Rule:
    settings = row.pop("settings") or {"severity": "off", "limit": None, "review": None}
    limit, review = (bounds and Limit(**bounds) for bounds in (settings["limit"], settings["review"]))
    return Rule(**row | {name: Reason(**row[name]) for name in ("name", "quantity")}, severity=settings["severity"], limit=limit, review=review)


class _NoSetting(Exception):
    """A key whose value no TOML file could hold, and why, in Chinese and in English."""


def _plain(value: Any, keys: tuple[str, ...]) -> Any:
    """Settings as JSON holds them, numbers of NumPy as Python's; a bound that is None is left out."""
    if isinstance(value, Mapping):
        return {str(key): _plain(inner, (*keys, str(key))) for key, inner in value.items() if inner is not None}
    if isinstance(value, (list, tuple)):
        return [_plain(inner, keys) for inner in value]
    if isinstance(value, (str, bool)):
        return value
    if not isinstance(value, Real):
        kind = type(value).__name__
        zh, en = f"应为文本、数、列表或字典，不能是 {kind}", f"must be text, a number, a list or a dict, not {kind}"
        raise _NoSetting(".".join(keys), zh, en)
    number = int(value) if isinstance(value, Integral) else float(value)
    if not -sys.float_info.max <= number <= sys.float_info.max:
        raise _NoSetting(".".join(keys), "必须是有限的数", "must be a finite number")
    return number
