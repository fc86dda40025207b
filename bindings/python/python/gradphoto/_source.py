"""From what people hold in their hands to a photo that can be checked."""

import os
from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

from gradphoto._colours import to_srgb
from gradphoto._errors import DecodeError
from gradphoto._gradphoto import Source

#: A photo: the path of a file, the bytes of a file, an array of pixels, or a picture of PIL.
Photo: TypeAlias = str | os.PathLike[str] | bytes | bytearray | memoryview | Any

#: What bytes or pixels are reported under.
Name: TypeAlias = str | os.PathLike[str] | None


def sources(photos: Iterable[Photo | tuple[Name, Photo]]) -> Iterator[Source | Exception]:
    """Many photos, or pairs of a name and a photo, and the exception in place of one whose pixels cannot be read; what has no
    name is told apart by its place."""
    for place, photo in enumerate(photos):
        name, photo = photo if isinstance(photo, tuple) and len(photo) == 2 else (None, photo)
        try:
            made: Source | Exception = source(photo, name, f"[{place}]")
        except DecodeError as error:
            made = error
        except UnicodeEncodeError as error:
            shown = str(photo if name is None else name).encode("utf-8", "backslashreplace").decode()
            zh = f"名称中有本系统无法表示的字符，请改正：{shown}"
            made = DecodeError(f"the name holds characters that this system cannot write; correct it: {shown}", shown, zh)
            made.__cause__ = error
        yield made


def source(photo: Photo, name: Name = None, place: str = "") -> Source:
    """The photo, to be reported under `name` where it is not a path; without one under what it is, and its place."""
    if isinstance(photo, (str, os.PathLike)):
        if name is not None:
            raise TypeError("a photo that is a path is reported under its path; name is for bytes and pixels")
        return Source.path(photo)
    if isinstance(photo, (bytes, bytearray, memoryview)):
        return Source.file(name or f"bytes{place}.jpg", bytes(photo))
    if hasattr(photo, "getexif"):
        return _picture(photo, os.fsdecode(name or getattr(photo, "filename", "") or f"image{place}"))
    if hasattr(photo, "__array_interface__"):
        return _array(photo, os.fspath(name or f"array{place}"))
    cure = "; of an open file pass what its read() returns" if hasattr(photo, "read") else ""
    what = f"a photo (here {place})" if place else "a photo"
    raise TypeError(f"{what} is a path, bytes, an array of pixels or a PIL image, not {type(photo).__name__}{cure}")


def is_one_photo(photos: Any) -> bool:
    """Whether these are no photos but the bytes, the open file or the pixels of a single one."""
    if isinstance(photos, (bytes, bytearray, memoryview)) or hasattr(photos, "getexif") or hasattr(photos, "read"):
        return True
    layout = getattr(photos, "__array_interface__", None)
    if layout is None or layout["typestr"][1] not in "buif":
        return False
    shape = layout["shape"]
    return len(shape) == 2 or (len(shape) == 3 and shape[2] in (1, 3, 4))


def _picture(picture: Any, name: str) -> Source:
    try:
        pixels = to_srgb(picture)
    # Pictures are read from their files only now, and what PIL raises of a damaged one depends on its format.
    except Exception as error:
        zh = f"PIL 读不了这张图片（{error}），请导出为 JPEG：{name}"
        raise DecodeError(f"PIL cannot read the picture ({error}); export the photo as JPEG: {name}", name, zh) from error
    return Source.pixels(name, pixels.width, pixels.height, 3, pixels.tobytes())


def _array(array: Any, name: str) -> Source:
    shape, kind = array.__array_interface__["shape"], array.__array_interface__["typestr"]
    is_grey, is_colour = len(shape) == 2, len(shape) == 3 and shape[2] == 3
    if kind != "|u1" or not (is_grey or is_colour):
        wanted = "pixels are uint8 of shape (height, width, 3), red first, or (height, width)"
        zh = f"像素应为 uint8，形状为 (高, 宽, 3)（红在前）或 (高, 宽)；这个数组是 {kind}，形状为 {shape}：{name}"
        raise DecodeError(f"{wanted}; this array is {kind} of shape {shape}: {name}", name, zh)
    height_px, width_px = shape[:2]
    return Source.pixels(name, width_px, height_px, 3 if is_colour else 1, memoryview(array).tobytes())
