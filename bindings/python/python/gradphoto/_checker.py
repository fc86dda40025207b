"""The front door: photos in, reports out."""

import operator
import os
from collections.abc import Generator, Iterable, Iterator, Mapping, Sized
from dataclasses import replace
from pathlib import Path
from typing import Any

from gradphoto import _gradphoto
from gradphoto._engine import installed_onnxruntime
from gradphoto._errors import ModelError
from gradphoto._lang import Lang, known
from gradphoto._prepared import Prepared
from gradphoto._profile import Profile
from gradphoto._report import Measurements, Report
from gradphoto._source import Name, Photo, is_one_photo, source, sources

#: No machine has more threads of use; as for the command.
MOST_JOBS = 1024


class Checker:
    """Checks photos against a profile.

    Args:
        profile: Name of a built-in profile, path of a TOML file, a `Profile`, or a dict as `Profile.from_dict` takes it.
        engine: What runs the nets: `auto` for the library that `GRADPHOTO_ONNXRUNTIME` or `ORT_DYLIB_PATH` names, else that of
            the package `onnxruntime`, else the system's, else tract; `tract` for the slower engine that is built in; or the
            path of an ONNX Runtime library, 1.24 or later, of which a process can load only one.
        jobs: Photos that `check_many` checks at the same time, up to 1024; None, or 0, is one per core.
        lang: Language of what reports show to people, `zh` or `en`. Both are always in the report.

    Loading the models takes about 0.1 s, so make one checker and use it for all photos, from any number of threads: the
    interpreter lock is released while a photo is checked. No more sets of models are loaded, of some 40 MB each, than the machine has
    cores, or `jobs` where that is more; further threads wait for one. After a fork the child loads the models anew on first use, and a
    checker that is pickled does so where it arrives.

    Raises:
        ModelError: The engine does not start.
        ProfileError: There is no such profile, or it is not valid.

    >>> Checker("he-2017", jobs=2, lang="en")
    Checker(profile='he-2017', engine='auto', jobs=2, lang='en')
    """

    def __init__(
        self,
        profile: str | os.PathLike[str] | Profile | Mapping[str, Any] = Profile.DEFAULT,
        engine: str | os.PathLike[str] = "auto",
        jobs: int | None = None,
        lang: Lang = "zh",
    ) -> None:
        if jobs is not None and not 0 <= operator.index(jobs) <= MOST_JOBS:
            raise ValueError(f"jobs is a whole number from 0 to {MOST_JOBS}, not {jobs}")
        self._profile = Profile.of(profile)
        # A library in the current folder stays the same one where a program changes its folder.
        self._choice = os.path.abspath(engine) if os.path.dirname(engine) and os.path.isfile(engine) else engine
        self._jobs = jobs
        self._lang: Lang = known(lang)
        try:
            self._native = _gradphoto.Checker(
                self._profile.name, self._profile.to_toml(), self._choice, installed_onnxruntime(), jobs or 0
            )
        except ModelError as error:
            if str(engine) in ("auto", "tract"):
                raise
            raise ModelError(
                f"engine {str(engine)!r} cannot be used ({error}); write 'auto', 'tract' or the path of a library of ONNX "
                "Runtime, 1.24 or later",
                zh=f"engine {str(engine)!r} 不能使用（{error.message('zh')}）；请写 'auto'、'tract' 或 ONNX Runtime 库文件"
                "（1.24 以上）的路径",
            ) from error

    @property
    def profile(self) -> Profile:
        """The profile in force."""
        return self._profile

    @property
    def engine(self) -> str:
        """Name and version of what runs the nets, such as `onnxruntime 1.32.0`."""
        return self._native.engine

    def check(self, photo: Photo, *, name: Name = None, picture: bool = False) -> Report:
        """Checks one photo: a path, the bytes of a file, an array of pixels or a PIL image.

        Args:
            photo: An array is uint8 of shape (height, width, 3), red first and not OpenCV's blue first, or (height, width).
                Its pixels are taken as sRGB. A PIL image is looked at as its file is: upright by EXIF, and in the colours
                of the profile that it carries. Without a file the rules about files are not assessed, and at best the photo
                is to be reviewed.
            name: What to report bytes or pixels under, text or a path. Its extension is checked where the photo is bytes. Bytes
                without a name are `bytes.jpg`.
            picture: Also draws what was seen on the photo, beside a list of what to do. The report holds it as the bytes of a
                JPEG and shows it in a notebook.

        Raises:
            OSError: The file cannot be read: `FileNotFoundError`, `PermissionError` and so on.
            DecodeError: The bytes are not a complete picture, or the pixels not of such a shape and type.
            ModelError: Inference failed.

        >>> checker = Checker(lang="en")
        >>> report = checker.check("tests/samples/enlarged.jpg")
        >>> report.verdict.value, len(report.findings) == len(checker.profile.rules())
        ('fail', True)
        >>> checker.check(b"This is a letter.", name="letter.jpg")
        Traceback (most recent call last):
        ...
        gradphoto._errors.DecodeError: the file is plain text, not a picture; export the photo as JPEG: letter.jpg
        """
        if picture:
            line, jpeg = self._native.annotate(source(photo, name), self._lang)
            return replace(Report.from_json(line, self._lang), picture=jpeg)
        return Report.from_json(self._native.check(source(photo, name)), self._lang)

    def see(self, photo: Photo, *, name: Name = None) -> Measurements:
        """Looks at one photo and measures everything that any profile may ask for; `Profile.judge` says what it means.

        Args:
            photo: As for `check`.
            name: As for `check`.

        Raises:
            OSError, DecodeError, ModelError: As `check`.

        >>> Checker().see("tests/samples/blue.jpg").photo
        'tests/samples/blue.jpg'
        """
        return Measurements.from_json(self._native.see(source(photo, name)))

    def prepare(self, photo: Photo, *, name: Name = None) -> Prepared:
        """Makes the copy to upload: cropped and scaled to 480x640 and compressed to the profile's file size, nothing else.

        Args:
            photo: As for `check`; best the camera's original.
            name: As for `check`.

        Raises:
            NoCopyError: No crop meets the profile's framing, or the photo cannot be used for it.
            OSError, DecodeError, ModelError: As `check`.

        >>> copy = Checker().prepare("tests/conformance/comp_clean_005_0.jpg")
        >>> len(copy.jpeg) < 40_000, copy.quality >= 60
        (True, True)
        """
        copy = self._native.prepare(source(photo, name))
        return Prepared(copy.jpeg, copy.quality, copy.crop)

    def check_many(
        self, photos: str | os.PathLike[str] | Iterable[Photo | tuple[Name, Photo]], progress: bool = True
    ) -> Generator[Report | Exception, None, None]:
        """Checks many photos on all cores and yields each result in input order, while the work goes on.

        A photo that cannot be checked yields its exception in its place and harms no other. Only a few photos for each core
        are taken from the input ahead of the results, so a million photos need no more memory than a hundred.

        Args:
            photos: What `check` takes, any number of it, bytes and pixels also as pairs of a name and a photo; those without
                a name are named by their place, such as `bytes[3].jpg`. Or a folder, searched as `find_photos` does.
            progress: Shows a bar with the rate and the time left on a terminal or in a notebook, none in a log file.

        >>> for result in Checker().check_many("tests/samples"):
        ...     print(result.photo, "cannot be read" if isinstance(result, Exception) else result.verdict.value)
        tests/samples/blue.jpg fail
        tests/samples/enlarged.jpg fail
        tests/samples/flag-behind.jpg fail
        tests/samples/low-quality.jpg fail
        tests/samples/not-a-photo.jpg cannot be read
        tests/samples/renamed-png.jpg fail
        """
        if is_one_photo(photos):
            raise TypeError(f"check_many takes a folder or many photos; this {type(photos).__name__} is one, for check")
        if isinstance(photos, Mapping):
            raise TypeError("check_many takes a folder or many photos; of names and photos in a dict give its items()")
        wanted: Iterable[Any] = find_photos(photos) if isinstance(photos, (str, os.PathLike)) else photos
        return self._results(sources(wanted), _length(wanted), progress)

    def _results(
        self, sources: Iterator[_gradphoto.Source | Exception], total: int | None, progress: bool
    ) -> Generator[Report | Exception, None, None]:
        stream = self._native.check_many(sources)
        try:
            for result in _with_bar(stream, total) if progress else stream:
                yield Report.from_json(result, self._lang) if isinstance(result, str) else result
        finally:
            stream.close()

    def __repr__(self) -> str:
        return (
            f"Checker(profile={self._profile.name!r}, engine={str(self._choice)!r}, jobs={self._jobs}, lang={self._lang!r})"
        )

    def __reduce__(self) -> tuple[type["Checker"], tuple[Profile, str | os.PathLike[str], int | None, Lang]]:
        return type(self), (self._profile, self._choice, self._jobs, self._lang)


def find_photos(*paths: str | os.PathLike[str]) -> list[Path]:
    """The photos that the command would check: files as named, folders searched through in natural order.

    Raises:
        FileNotFoundError: There is no photo in the folders.

    >>> [photo.name for photo in find_photos("tests/samples")][:2]
    ['blue.jpg', 'enlarged.jpg']
    """
    return _gradphoto.find_photos(paths)


def _length(photos: Iterable[Photo]) -> int | None:
    return len(photos) if isinstance(photos, Sized) else None


def _with_bar(results: Iterable[str | Exception], total: int | None) -> Iterable[str | Exception]:
    from tqdm.auto import tqdm

    # disable=None: only where stderr is a terminal, or a notebook can show it.
    bar: Iterable[str | Exception] = tqdm(results, total=total, unit=" photos", disable=None)
    return bar
