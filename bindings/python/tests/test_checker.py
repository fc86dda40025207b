"""One photo, in every form that Python people have it in."""

import io
import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy
import pytest
from PIL import Image, ImageCms
from PIL.ExifTags import IFD, Base

import gradphoto
from gradphoto import Checker, DecodeError, Verdict
from gradphoto._colours import _adobe_rgb, _is_adobe_rgb
from gradphoto._engine import installed_onnxruntime

BLUE = "tests/samples/blue.jpg"
needs_onnxruntime = pytest.mark.skipif(sys.version_info < (3, 11), reason="there is no ONNX Runtime 1.24 for Python 3.10")


def test_bytes_give_what_the_file_gives(checker: Checker) -> None:
    from_path = checker.check(BLUE)
    data = Path(BLUE).read_bytes()
    for same in (data, bytearray(data), memoryview(data)):
        assert checker.check(same, name=BLUE).to_json() == from_path.to_json()
    assert checker.check(Path(BLUE)).to_json() == from_path.to_json()
    unnamed = checker.check(data)
    assert (unnamed.photo, unnamed.verdict) == ("bytes.jpg", from_path.verdict)


def test_pixels_give_what_the_picture_gives(checker: Checker, tmp_path: Path) -> None:
    picture = Image.open(BLUE).convert("RGB")
    lossless = tmp_path / "blue.png"
    picture.save(lossless)
    pixels = numpy.asarray(picture)

    def told(report: gradphoto.Report) -> list[tuple[str, float | None]]:
        """By the pixels: of a label in the file they know nothing."""
        return [(f.rule, f.value) for f in report if gradphoto_group(f.rule) != "file" and f.rule != "ai-label-absent"]

    wanted = told(checker.check(lossless))
    padded = numpy.zeros((*pixels.shape[:2], 4), numpy.uint8)
    padded[:, :, :3] = pixels
    for same in (pixels, padded[:, :, :3], Image.open(lossless), picture.convert("RGBA")):
        report = checker.check(same)
        assert told(report) == wanted
        assert report["file-format"].verdict == Verdict.NOT_ASSESSED


def test_pictures_are_set_upright_and_grey_is_a_picture(checker: Checker, tmp_path: Path) -> None:
    upright = Image.open(BLUE).convert("RGB")
    exif = Image.Exif()
    exif[0x0112] = 6
    lying = tmp_path / "lying.png"
    upright.transpose(Image.Transpose.ROTATE_90).save(lying, exif=exif)
    assert checker.check(Image.open(lying), name="same").sha256 == checker.check(upright, name="same").sha256
    grey = upright.convert("L")
    assert checker.check(numpy.asarray(grey), name="same").sha256 == checker.check(grey, name="same").sha256


#: Entries of EXIF: Orientation 6, and what PIL cannot write anew or not follow.
LYING, NEGATIVE_DENSITY = b"\x12\1\3\0\1\0\0\0\6\0\0\0", b"\x1a\1\x09\0\1\0\0\0\xff\xff\xff\xff"
NOWHERE = b"\x69\x87\x09\0\1\0\0\0\xff\xff\xff\xff"


@pytest.mark.parametrize(
    ("entries", "is_lying"),
    [(None, False), ([LYING], True), ([LYING, NEGATIVE_DENSITY], True), ([LYING, NOWHERE], True), ([NOWHERE], False)],
)
def test_damaged_exif_spoils_no_picture(
    checker: Checker, tmp_path: Path, entries: list[bytes] | None, is_lying: bool
) -> None:
    exif = b"hello"
    if entries is not None:
        exif = b"II*\0\x08\0\0\0" + bytes([len(entries), 0]) + b"".join(entries) + bytes(4)
    upright = Image.open(BLUE).convert("RGB")
    file = tmp_path / "photo.png"
    (upright.transpose(Image.Transpose.ROTATE_90) if is_lying else upright).save(file, exif=exif)
    assert checker.check(Image.open(file), name="same").sha256 == checker.check(upright, name="same").sha256
    assert checker.check(file)["eye-line"] == checker.check(Image.open(file))["eye-line"], "as its file is"


def colours(checker: Checker, photo: object) -> dict[str, tuple[float | None, str]]:
    report = checker.check(photo)
    rules = ("background-colour", "background-uniformity", "natural-colour", "clothing-colour", "clothing-contrast", "under-exposure")
    return {rule: (report[rule].value, report[rule].verdict.value) for rule in rules}


def declared(space: int) -> Image.Exif:
    exif = Image.Exif()
    exif.get_ifd(IFD.Exif)[Base.ColorSpace] = space
    return exif


def written(picture: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


CLEAN = "tests/conformance/comp_clean_005_0.jpg"


def test_a_picture_has_the_colours_of_its_file(checker: Checker) -> None:
    picture = Image.open(CLEAN).convert("RGB")
    grey, clear = picture.convert("L"), picture.convert("RGBA")
    clear.putalpha(0)
    sixteen = Image.frombytes("I;16", grey.size, bytes(byte for level in grey.tobytes() for byte in (level, level)))
    adobe = _adobe_rgb()
    files = {
        "embedded": written(picture, icc_profile=adobe),
        "embedded, palette": written(picture.quantize(256), icc_profile=adobe),
        "embedded, transparent": written(picture.convert("RGBA"), icc_profile=adobe),
        "declared": written(picture, "JPEG", exif=declared(2), quality=95),
        "inks": written(picture.convert("CMYK"), "TIFF"),
        "a channel that nobody filled": written(clear),
        "16 bit": written(sixteen),
        "damaged profile": written(picture, icc_profile=adobe[:200]),
        "profile of something else": written(picture, icc_profile=lab()),
    }
    as_srgb = colours(checker, picture)
    for what, file in files.items():
        wanted, got = colours(checker, file), colours(checker, Image.open(io.BytesIO(file)))
        for rule, (value, verdict) in wanted.items():
            # Decoders of JPEG differ by a level or two.
            assert got[rule][0] == pytest.approx(value, abs=0.3) and got[rule][1] == verdict, (what, rule)
        if what.startswith(("embedded", "declared")):
            assert got["background-colour"] != as_srgb["background-colour"], what


def lab() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()


def test_a_camera_says_adobe_rgb_in_two_ways() -> None:
    of_camera = Image.Exif()
    of_camera.get_ifd(IFD.Exif)[Base.ColorSpace] = 65535
    of_camera.get_ifd(IFD.Interop)[Base.InteropIndex] = "R03"
    assert _is_adobe_rgb(of_camera) and _is_adobe_rgb(declared(2))
    assert not _is_adobe_rgb(declared(1)) and not _is_adobe_rgb(declared(65535)) and not _is_adobe_rgb(Image.Exif())


@pytest.mark.parametrize("mode", ["I", "F"])
def test_a_picture_without_a_white_says_so(checker: Checker, mode: str) -> None:
    with pytest.raises(DecodeError, match="which number is white; convert it to L.*: image"):
        checker.check(Image.new(mode, (480, 640)))


def test_names(checker: Checker) -> None:
    assert checker.check(Image.open(BLUE)).photo == BLUE
    assert checker.check(Image.open(BLUE), name="zhang").photo == "zhang"
    assert checker.check(Image.open(os.fsencode(BLUE))).photo == BLUE
    data, pixels = Path(BLUE).read_bytes(), numpy.zeros((640, 480), numpy.uint8)
    for photo in (data, pixels, Image.new("RGB", (480, 640))):
        assert checker.check(photo, name=Path("2026/zhang.jpg")).photo == "2026/zhang.jpg"
    # What os.listdir gives of a name in GBK.
    assert checker.check(data, name=os.fsdecode("张三.jpg".encode("gbk"))).photo == "张三.jpg"
    assert checker.check(numpy.zeros((640, 480), numpy.uint8)).photo == "array"


@pytest.mark.parametrize(
    ("pixels", "says"),
    [
        (numpy.zeros((640, 480, 3)), "uint8"),
        (numpy.zeros((640, 480, 4), numpy.uint8), "shape"),
        (numpy.zeros((640,), numpy.uint8), "shape"),
        (numpy.zeros((0, 0, 3), numpy.uint8), "no pixels"),
    ],
)
def test_other_arrays_say_what_is_wanted(checker: Checker, pixels: object, says: str) -> None:
    with pytest.raises(DecodeError, match=f"{says}.*: zhang") as raised:
        checker.check(pixels, name="zhang")
    assert raised.value.photo == "zhang"


def test_no_photo_is_a_type_error(checker: Checker) -> None:
    with pytest.raises(TypeError, match="not int"):
        checker.check(5)
    with pytest.raises(TypeError, match=r"not BytesIO; of an open file pass what its read\(\) returns"):
        checker.check(io.BytesIO())
    with pytest.raises(TypeError, match="path"):
        checker.check(BLUE, name="other")


def test_a_checker_can_be_sent(checker: Checker) -> None:
    ours = Checker(gradphoto.Profile.from_toml("extends = 'he-2017'", "ours"), jobs=1, lang="en")
    there = pickle.loads(pickle.dumps(ours))
    assert repr(there) == repr(ours) == "Checker(profile='ours', engine='auto', jobs=1, lang='en')"
    assert there.check(BLUE) == ours.check(BLUE)
    assert pickle.loads(pickle.dumps(there.check(BLUE))) == ours.check(BLUE)


@needs_onnxruntime
@pytest.mark.skipif(sys.platform == "win32", reason="links need a permission there")
def test_a_library_is_known_by_every_path_and_from_every_folder(
    checker: Checker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = installed_onnxruntime()
    assert library
    monkeypatch.chdir(tmp_path)
    Path("lib.so").symlink_to(library)
    ours = Checker(engine="./lib.so", jobs=1)
    monkeypatch.chdir("/")
    assert pickle.loads(pickle.dumps(ours)).engine == ours.engine == checker.engine


def test_lang_is_zh_or_en() -> None:
    with pytest.raises(ValueError, match="'zh' or 'en'"):
        Checker(lang="fr")  # type: ignore[arg-type]


def test_jobs_are_a_number() -> None:
    with pytest.raises(TypeError, match="integer"):
        Checker(jobs="2")  # type: ignore[arg-type]


@pytest.mark.parametrize("jobs", [-1, 1025])
def test_jobs_are_as_many_as_the_command_takes(jobs: int) -> None:
    with pytest.raises(ValueError, match=f"0 to 1024, not {jobs}"):
        Checker(jobs=jobs)


@needs_onnxruntime
def test_the_installed_onnxruntime_is_used_without_importing_it(checker: Checker) -> None:
    import importlib.metadata

    version = importlib.metadata.version("onnxruntime")
    assert checker.engine == checker.check(BLUE).engine.runtime == f"onnxruntime {version}"
    code = "import sys, gradphoto; gradphoto.Checker(); print([m for m in ('onnxruntime', 'numpy', 'pandas', 'polars', 'PIL', 'ray') if m in sys.modules])"
    assert python(code) == "[]\n"


def test_without_onnxruntime_tract_does_the_same() -> None:
    code = f"""
import importlib.util, sys
find_spec = importlib.util.find_spec
importlib.util.find_spec = lambda name, *rest: None if name == "onnxruntime" else find_spec(name, *rest)
import gradphoto
report = gradphoto.Checker().check({BLUE!r})
print(report.engine.runtime.split()[0], report.verdict)
"""
    assert python(code) == "tract fail\n"


@needs_onnxruntime
def test_each_checker_has_the_engine_it_asked_for(checker: Checker) -> None:
    tract = Checker(engine="tract")
    assert (tract.engine.split()[0], checker.engine.split()[0]) == ("tract", "onnxruntime")
    assert tract.check(BLUE).engine.runtime == tract.engine
    assert pickle.loads(pickle.dumps(tract)).engine == tract.engine
    with pytest.raises(gradphoto.ModelError, match="does not start"):
        Checker(engine="/no/such/library.so")


@pytest.mark.skipif(sys.platform != "linux", reason="counts threads in /proc")
def test_the_engine_has_no_thread_of_its_own() -> None:
    """Such as the one by which ONNX Runtime reports home, and which a forked child waits for when it ends."""
    code = """if True:
        import os, time, gradphoto
        checker, until = gradphoto.Checker(jobs=1), time.monotonic() + 20
        # Threads that loaded nets beside each other have ended, but the kernel lists one until it is wholly gone.
        while (count := len(os.listdir("/proc/self/task"))) > 1 and time.monotonic() < until:
            time.sleep(0.01)
        print(count)"""
    assert python(code) == "1\n", "the main thread; those for many photos start with the first of them"


def gradphoto_group(rule: str) -> str:
    return next(known.group for known in gradphoto.rules() if known.id == rule)


def python(code: str) -> str:
    """What a Python of its own prints."""
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
