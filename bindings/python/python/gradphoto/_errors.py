"""What can go wrong, by who can put it right. A file that cannot be opened raises Python's own `OSError`."""

import errno
import os
from typing import Any

from gradphoto._lang import Lang, known


class Error(Exception):
    """Everything that this package raises of its own; `str` gives its message in English."""

    # The message in Chinese; empty where only who wrote the program can put it right.
    _zh = ""

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""

    def message(self, lang: Lang) -> str:
        """What is wrong and what to do, in one language.

        >>> try:
        ...     Checker().check(b"", name="a.jpg")
        ... except DecodeError as error:
        ...     print(error.message("zh"))
        文件是空的，请重新拷贝：a.jpg
        """
        return self._zh or str(self) if known(lang) == "zh" else str(self)


class DecodeError(Error, ValueError):
    """The bytes are not a complete picture that can be read; the message says what to do."""

    def __init__(self, message: str, photo: str, zh: str = "") -> None:
        super().__init__(message, photo, zh)
        self._zh = zh
        #: Name of the photo.
        self.photo = photo


class ModelError(Error, RuntimeError):
    """A model or the inference engine cannot be used."""

    def __init__(self, message: str, photo: str | None = None, zh: str = "") -> None:
        super().__init__(message, photo, zh)
        self._zh = zh
        #: Name of the photo that was in work; None where the engine does not start.
        self.photo = photo


class NoCopyError(Error, ValueError):
    """Cropping and scaling alone make no copy of the photo that can be uploaded; the message says why and what to do."""

    def __init__(self, message: str, photo: str, reason: tuple[str, str]) -> None:
        super().__init__(message, photo, reason)
        self._zh = f"{photo}：{reason[0]}"
        #: Name of the photo.
        self.photo = photo
        #: Why, in Chinese and in English.
        self.reason = reason


class ProfileError(Error, ValueError):
    """A profile is unknown or not valid; the message names the nearest valid word where there is one."""

    def __init__(self, message: str, profile: str, zh: str = "") -> None:
        super().__init__(message, profile, zh)
        self._zh = zh
        #: Name of the profile.
        self.profile = profile


class RosterError(Error, ValueError):
    """A roster or a file of decisions is not valid; the message holds every problem with row, column and cure."""

    def __init__(self, message: str, path: str, problems: list[tuple[str, str]], zh: str = "") -> None:
        super().__init__(message, path, problems, zh)
        self._zh = zh
        #: The file.
        self.path = path
        #: Each problem in Chinese and in English.
        self.problems = problems


class InternalError(Error, RuntimeError):
    """A defect of this package, caught so that the other photos are checked; please report it."""

    def __init__(self, message: str, photo: str, zh: str = "") -> None:
        super().__init__(message, photo, zh)
        self._zh = zh
        #: Name of the photo.
        self.photo = photo


def told(line: dict[str, Any]) -> Exception:
    """The exception that a line of report.jsonl tells of, in place of a report."""
    photo, error = line["photo"], line["error"]
    kinds = {"decode": DecodeError, "internal": InternalError, "model": ModelError}
    if error["kind"] in kinds:
        return kinds[error["kind"]](error["message"], photo, f"{error['reason']['zh']}：{photo}")
    return OSError(errno.EIO, error["reason"]["en"], photo)


def photo_of(error: Exception) -> str | None:
    """Name of the photo that could not be checked; None where the error names no file."""
    name = error.filename if isinstance(error, OSError) else getattr(error, "photo", None)
    return os.fsdecode(name) if isinstance(name, (str, bytes, os.PathLike)) else None
