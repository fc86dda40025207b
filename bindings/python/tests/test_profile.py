"""Profiles and rules."""

import json
import subprocess
from pathlib import Path

import numpy
import pytest

from gradphoto import Checker, Limit, Measurements, Profile, ProfileError, rules

BLUE = "tests/samples/blue.jpg"


@pytest.mark.parametrize("name", Profile.names())
def test_dict_and_toml_give_the_same_profile_back(name: str) -> None:
    profile = Profile(name)
    assert Profile.from_toml(profile.to_toml(), name) == profile
    assert Profile.from_dict(profile.to_dict(), name) == profile


def test_every_way_to_name_a_profile(tmp_path: Path) -> None:
    named = Profile("yanzhao")
    file = tmp_path / "ours.toml"
    file.write_text(named.to_toml(), encoding="utf-8")
    reports = [Checker(choice).check(BLUE) for choice in ("yanzhao", named, file, str(file), named.to_dict())]
    assert reports[0] == reports[1] and reports[2] == reports[3]
    assert reports[2].profile.name == "ours" and reports[2].findings == reports[0].findings
    assert reports[4].profile.name == "custom" and reports[4].findings == reports[0].findings


def test_a_bound_of_none_does_not_bind() -> None:
    ours = Profile.from_dict({"extends": "he-2017", "rules": {"eye-line": {"limit": {"min": None, "max": 300}}}})
    assert next(rule.limit for rule in ours.rules() if rule.id == "eye-line") == Limit(None, 300.0)


def test_settings_are_plain_data() -> None:
    def of(bound: object) -> Profile:
        return Profile.from_dict({"extends": "he-2017", "rules": {"eye-line": {"limit": {"min": bound}}}}, name="ours")

    assert of(numpy.float32(190)) == of(numpy.int64(190)) == of(190)
    for bound, zh, en in (
        (float("nan"), "必须是有限的数", "must be a finite number"),
        (float("inf"), "必须是有限的数", "must be a finite number"),
        (10**400, "必须是有限的数", "must be a finite number"),
        ([80, None], "不能是 NoneType", "not NoneType"),
        ({80, 90}, "不能是 set", "not set"),
        (numpy.array([80, 90]), "不能是 ndarray", "not ndarray"),
        (object(), "不能是 object", "must be text, a number, a list or a dict, not object"),
    ):
        with pytest.raises(ProfileError, match="^profile ours: rules.eye-line.limit.min ") as raised:
            of(bound)
        assert raised.value.message("en").endswith(en)
        assert raised.value.message("zh").startswith("标准 ours：rules.eye-line.limit.min ") and zh in raised.value.message("zh")
    with pytest.raises(TypeError, match="a dict, not list"):
        Profile.from_dict([])  # type: ignore[arg-type]


def test_a_file_says_how_it_must_be_saved(tmp_path: Path) -> None:
    ours = tmp_path / "ours.toml"
    ours.write_text("# 标准\nextends = 'he-2017'\n", "gbk")
    with pytest.raises(ProfileError, match="ours.toml is not UTF-8: .* save it as UTF-8") as raised:
        Profile.of(ours)
    assert raised.value.profile == "ours"
    ours.write_text("# 标准\nextends = 'he-2017'\n", "utf-8-sig")
    assert Profile.of(ours).name == "ours"


def test_rules_say_what_the_command_says() -> None:
    printed = subprocess.run(["gradphoto", "rules", "--format", "json"], check=True, capture_output=True).stdout
    listed = [
        (row["rule"], row["name"]["zh"], row["clause"], row["unit"], row["group"])
        for row in json.loads(printed)
        if row.get("group")  # those without one look across photos
    ]
    assert [(rule.id, rule.name.zh, rule.clause, rule.unit, rule.group) for rule in rules()] == listed
    assert all("What to do" in rule.page for rule in rules())


def test_a_rule_that_is_off_has_no_limits() -> None:
    ours = Profile.from_dict({"extends": "he-2017", "rules": {"eye-line": {"severity": "off"}}})
    off = next(rule for rule in rules(ours) if rule.id == "eye-line")
    assert (off.severity, off.limit, off.review) == ("off", None, None)
    assert off not in ours.rules()


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"extends": "he-2071"}, "did you mean he-2017"),
        ({"extends": "he-2017", "rules": {"eye-lime": {"severity": "off"}}}, "did you mean eye-line"),
        ({"extends": "he-2017", "rule": 1}, "there is no key rule"),
        ({"extends": "he-2017", "rules": {"eye-line": {"limit": {"min": 3, "max": 2}}}}, "larger than"),
    ],
)
def test_a_slip_is_named(settings: dict[str, object], says: str) -> None:
    with pytest.raises(ProfileError, match=says) as raised:
        Profile.from_dict(settings, name="ours")
    assert raised.value.profile in ("ours", "he-2071")
    with pytest.raises(ProfileError, match="did you mean he-2017"):
        Checker("he-2071")
    with pytest.raises(FileNotFoundError):
        Checker("absent.toml")


def test_one_look_is_judged_by_any_profile(checker: Checker) -> None:
    seen = Measurements.from_json(checker.see(BLUE).to_json())
    for name in Profile.names():
        assert Profile(name).judge(seen).to_json() == Checker(name).check(BLUE).to_json()
    assert Profile("he-2017").judge(seen, "en").lang == "en"
    with pytest.raises(TypeError, match="Checker.see gives, not Report"):
        Profile("he-2017").judge(checker.check(BLUE))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="not measurements"):
        Profile("he-2017").judge(Measurements("a.jpg", "", "{}"))


def test_one_bound_changes_alone() -> None:
    before = Profile("graduation-blue")
    limit = next(rule.limit for rule in before.rules() if rule.id == "eye-line")
    assert limit is not None
    after = before.with_limit("eye-line", min=190)
    assert next(rule.limit for rule in after.rules() if rule.id == "eye-line") == Limit(190.0, limit.max)
    assert after.name == before.name and after != before
    with pytest.raises(ProfileError, match="did you mean eye-line"):
        before.with_limit("eye-lime", min=190)


def test_what_was_to_be_reviewed_stays_so_beside_a_bound_that_changes() -> None:
    before = Profile("graduation-blue")
    bands = lambda profile: next((rule.limit, rule.review) for rule in profile.rules() if rule.id == "head-roll")  # noqa: E731
    limit, review = bands(before)
    assert limit is not None and review is not None
    assert bands(before.with_limit("head-roll", max=20)) == (Limit(limit.min, 20.0), Limit(review.min, 20.0))
    assert bands(before.with_limit("head-roll")) == (limit, review)
    off = Profile.from_toml("extends = 'graduation-blue'\n[rules.head-roll]\nseverity = 'off'", name="ours")
    assert all(band.min is not None and band.max == 20.0 for band in bands(off.with_limit("head-roll", max=20)))


def test_a_file_called_as_a_built_in_profile_is_told_from_it(tmp_path: Path) -> None:
    names = ["he-2017.toml", "ours.toml"]
    for name in names:
        (tmp_path / name).write_text("extends = 'he-2017'")
    assert [Profile.from_file(tmp_path / name).name for name in names] == ["he-2017.toml", "ours"]
