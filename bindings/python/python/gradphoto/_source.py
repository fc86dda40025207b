"""From what people hold in their hands to a photo that can be checked."""

import os
from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

from gradphoto._gradphoto import Source

#: A photo: the path of a file, the bytes of a file, an array of pixels, or a picture of PIL.
Photo: TypeAlias = "str | os.PathLike[str] | bytes | bytearray | memoryview | Any"


def sources(photos: "Iterable[Photo | tuple[str, Photo]]") -> Iterator[Source]:
    """Many photos, or pairs of a name and a photo; what has no name is told apart by its place."""
    for place, photo in enumerate(photos):
        if isinstance(photo, tuple) and len(photo) == 2:
            name, photo = photo
            yield source(photo, name)
        else:
            yield source(photo, place=f"[{place}]")


def source(photo: Photo, name: str | None = None, place: str = "") -> Source:
    """The photo, to be reported under `name` where it is not a path; without one under what it is, and its place."""
    if isinstance(photo, (str, os.PathLike)):
        if name is not None:
            raise TypeError("a photo that is a path is reported under its path; name is for bytes and pixels")
        return Source.path(photo)
    if isinstance(photo, (bytes, bytearray, memoryview)):
        return Source.file(name or f"bytes{place}.jpg", bytes(photo))
    if hasattr(photo, "getexif"):
        return _picture(photo, name or getattr(photo, "filename", "") or f"image{place}")
    if hasattr(photo, "__array_interface__"):
        return _array(photo, name or f"array{place}")
    raise TypeError(f"a photo is a path, bytes, an array of pixels or a PIL image, not {type(photo).__name__}")


def _picture(picture: Any, name: str) -> Source:
    from PIL import Image, ImageOps

    upright = ImageOps.exif_transpose(picture)
    if upright.has_transparency_data:
        paper = Image.new("RGBA", upright.size, "white")
        paper.alpha_composite(upright.convert("RGBA"))
        upright = paper
    return Source.pixels(str(name), *upright.size, 3, upright.convert("RGB").tobytes())


def _array(array: Any, name: str) -> Source:
    shape, kind = array.__array_interface__["shape"], array.__array_interface__["typestr"]
    is_grey, is_colour = len(shape) == 2, len(shape) == 3 and shape[2] == 3
    if kind != "|u1" or not (is_grey or is_colour):
        wanted = "pixels are uint8 of shape (height, width, 3), red first, or (height, width)"
        raise ValueError(f"{wanted}; this array is {kind} of shape {shape}")
    height_px, width_px = shape[:2]
    return Source.pixels(name, width_px, height_px, 3 if is_colour else 1, memoryview(array).tobytes())
