"""From what people hold in their hands to a photo that can be checked."""

import os
from typing import Any, TypeAlias

from gradphoto._gradphoto import Source

#: A photo: the path of a file, the bytes of a file, an array of pixels, or a picture of PIL.
Photo: TypeAlias = "str | os.PathLike[str] | bytes | bytearray | memoryview | Any"


def source(photo: Photo, name: str | None = None) -> Source:
    """The photo, to be reported under `name` where it is not a path."""
    if isinstance(photo, (str, os.PathLike)):
        if name is not None:
            raise TypeError("a photo that is a path is reported under its path; name is for bytes and pixels")
        return Source.path(photo)
    if isinstance(photo, (bytes, bytearray, memoryview)):
        return Source.file(name or "bytes.jpg", bytes(photo))
    if hasattr(photo, "getexif"):
        return _picture(photo, name)
    if hasattr(photo, "__array_interface__"):
        return _array(photo, name)
    raise TypeError(f"a photo is a path, bytes, an array of pixels or a PIL image, not {type(photo).__name__}")


def _picture(picture: Any, name: str | None) -> Source:
    from PIL import Image, ImageOps

    name = name or getattr(picture, "filename", "") or "image"
    upright = ImageOps.exif_transpose(picture)
    if upright.has_transparency_data:
        paper = Image.new("RGBA", upright.size, "white")
        paper.alpha_composite(upright.convert("RGBA"))
        upright = paper
    return Source.pixels(str(name), *upright.size, 3, upright.convert("RGB").tobytes())


def _array(array: Any, name: str | None) -> Source:
    shape, kind = array.__array_interface__["shape"], array.__array_interface__["typestr"]
    is_grey, is_colour = len(shape) == 2, len(shape) == 3 and shape[2] == 3
    if kind != "|u1" or not (is_grey or is_colour):
        wanted = "pixels are uint8 of shape (height, width, 3), red first, or (height, width)"
        raise ValueError(f"{wanted}; this array is {kind} of shape {shape}")
    height_px, width_px = shape[:2]
    return Source.pixels(name or "array", width_px, height_px, 3 if is_colour else 1, memoryview(array).tobytes())
