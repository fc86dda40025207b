"""The copy to upload."""

import io
import pickle
from copy import deepcopy
from pathlib import Path

import pytest
from PIL import Image

from gradphoto import Checker, NoCopyError

CLEAN = "tests/conformance/comp_clean_005_0.jpg"


def test_a_copy_has_the_size_and_the_framing(checker: Checker) -> None:
    copy = checker.prepare(CLEAN)
    assert Image.open(io.BytesIO(copy.jpeg)).size == (480, 640) and 60 <= copy.quality <= 95
    report = checker.check(copy.jpeg)
    assert not {"image-size", "eye-line", "head-top-margin", "face-width"} & {finding.rule for finding in report.failures()}
    assert checker.prepare(Path(CLEAN).read_bytes()) == copy


def test_a_copy_travels_whole(checker: Checker) -> None:
    copy, seen = checker.prepare(CLEAN), checker.see(CLEAN)
    there = pickle.loads(pickle.dumps(copy))
    assert there == copy == deepcopy(copy) and there.on_original(seen) == copy.on_original(seen)
    with pytest.raises(TypeError, match="Checker.see gives, not Report"):
        copy.on_original(checker.check(CLEAN))  # type: ignore[arg-type]


def test_what_is_measured_on_the_copy_is_placed_on_the_original(checker: Checker) -> None:
    framed = Image.open(CLEAN)
    original = Image.new("RGB", (640, 720), framed.getpixel((5, 5)))
    original.paste(framed, (80, 80))
    copy = checker.prepare(original)
    seen = checker.see(copy.jpeg)
    there = copy.on_original(seen)
    assert (there.photo, there.sha256) == (seen.photo, seen.sha256)
    pairs = [(a.region, b.region) for a, b in zip(checker.profile.judge(seen), checker.profile.judge(there))]
    left, top, width, _ = copy.crop
    placed = [(a, b) for a, b in pairs if a and b]
    assert placed and all(b[0] == pytest.approx(left + a[0] * width / 480, abs=1) for a, b in placed)
    assert all(b[1] == pytest.approx(top + a[1] * width / 480, abs=1) for a, b in placed)
    assert any(a != b for a, b in placed)


def test_why_there_is_no_copy(checker: Checker) -> None:
    with pytest.raises(NoCopyError) as raised:
        checker.prepare("tests/samples/blue.jpg")
    zh, en = raised.value.reason
    assert raised.value.photo == "tests/samples/blue.jpg" and str(raised.value) == f"tests/samples/blue.jpg: {en}"
    assert "重拍" in zh and pickle.loads(pickle.dumps(raised.value)).reason == (zh, en)
    with pytest.raises(FileNotFoundError):
        checker.prepare("absent.jpg")
