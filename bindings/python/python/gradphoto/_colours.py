"""Pictures of PIL as the library sees their files: upright, sRGB, 8 bit, on white."""

import io
import struct
from typing import Any


def to_srgb(picture: Any) -> Any:
    """The picture as RGB in sRGB, by the profile that it carries or by what its EXIF declares."""
    picture.load()
    exif = _exif(picture)
    profile = picture.info.get("icc_profile") or (_adobe_rgb() if _is_adobe_rgb(exif) else None)
    return _converted(_flattened(_eight_bit(_upright(picture, exif))), profile)


def _exif(picture: Any) -> Any:
    """What a camera wrote beside the pixels; nothing where it cannot be read, for the pixels are as good without."""
    from PIL import Image

    try:
        return picture.getexif()
    # What PIL raises of damaged EXIF depends on the damage.
    except Exception:
        return Image.Exif()


def _upright(picture: Any, exif: Any) -> Any:
    """The picture turned by its Orientation; `ImageOps.exif_transpose` fails where it cannot write the other tags anew."""
    from PIL import Image
    from PIL.ExifTags import Base

    turn = _TURNS.get(exif.get(Base.Orientation))
    return picture.transpose(Image.Transpose[turn]) if turn else picture


#: What sets a picture upright, by its Orientation (EXIF 2.32, 4.6.5.1).
_TURNS = {
    2: "FLIP_LEFT_RIGHT",
    3: "ROTATE_180",
    4: "FLIP_TOP_BOTTOM",
    5: "TRANSPOSE",
    6: "ROTATE_270",
    7: "TRANSVERSE",
    8: "ROTATE_90",
}


def _eight_bit(picture: Any) -> Any:
    if picture.mode.startswith("I;16"):
        return picture.convert("I").point(lambda level: level * (1 / 257) + 0.5).convert("L")
    if picture.mode in ("I", "F"):
        raise ValueError(f"mode {picture.mode} does not say which number is white; convert it to L")
    return picture


def _flattened(picture: Any) -> Any:
    """As RGB, what is transparent as white; inks stay what they are."""
    from PIL import Image

    if not picture.has_transparency_data:
        return picture if picture.mode == "CMYK" else picture.convert("RGB")
    above = picture.convert("LA" if picture.mode == "La" else "RGBA").convert("RGBA")
    # Some bitmaps have a channel for it that nobody filled.
    if above.getextrema()[3] == (0, 0):
        return above.convert("RGB")
    paper = Image.new("RGBA", above.size, "white")
    paper.alpha_composite(above)
    return paper.convert("RGB")


def _converted(pixels: Any, profile: bytes | None) -> Any:
    """From the colours of a profile; one that is for other pixels or not valid leaves them as they are."""
    if profile is None:
        return pixels.convert("RGB")
    from PIL import Image, ImageCms

    srgb = ImageCms.createProfile("sRGB")
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if source.profile.xcolor_space.strip() != pixels.mode:
            return pixels.convert("RGB")
        transform = ImageCms.buildTransform(source, srgb, pixels.mode, "RGB")
    except (OSError, ImageCms.PyCMSError):
        return pixels.convert("RGB")
    if pixels.mode == "CMYK":
        return transform.apply(pixels)
    # Most profiles are sRGB by another maker's hand: what leaves these colours alone is not run over the picture.
    probe = Image.frombytes("RGB", (len(_PROBE) // 3, 1), _PROBE)
    is_srgb = transform.apply(probe).tobytes() == _PROBE
    return pixels if is_srgb else transform.apply(pixels)


#: Colours whose change tells sRGB from other profiles.
_PROBE = bytes(level for r in (20, 90, 160, 250) for g in (20, 90, 160, 250) for b in (20, 90, 160, 250) for level in (r, g, b))


def _is_adobe_rgb(exif: Any) -> bool:
    """Whether EXIF says so (DCF 2.0: InteroperabilityIndex R03; some cameras: ColorSpace 2)."""
    from PIL.ExifTags import IFD, Base

    try:
        space, index = exif.get_ifd(IFD.Exif).get(Base.ColorSpace), exif.get_ifd(IFD.Interop).get(Base.InteropIndex)
    except Exception:
        return False
    return bool(space == 2 or (space != 1 and str(index).startswith("R03")))


def _adobe_rgb() -> bytes:
    """Adobe RGB (1998) as a profile of ICC with no more than its curve and its colorants, adapted to D50."""

    def fixed(*values: float) -> bytes:
        return struct.pack(f">{len(values)}i", *(round(value * 65536) for value in values))

    colorants = {
        b"rXYZ": fixed(0.60974, 0.31111, 0.01947),
        b"gXYZ": fixed(0.20528, 0.62567, 0.06087),
        b"bXYZ": fixed(0.14919, 0.06322, 0.74457),
    }
    curve = b"curv" + struct.pack(">IIHxx", 0, 1, round(2.19921875 * 256))
    tags = {name: b"XYZ \0\0\0\0" + xyz for name, xyz in colorants.items()}
    tags |= {name: curve for name in (b"rTRC", b"gTRC", b"bTRC")}
    table, data = struct.pack(">I", len(tags)), b""
    for name, tag in tags.items():
        table += name + struct.pack(">II", 128 + 4 + 12 * len(tags) + len(data), len(tag))
        data += tag
    size, version, d50 = 128 + len(table) + len(data), 0x0210_0000, fixed(0.9642, 1, 0.8249)
    header = struct.pack(">I4xI4s4s4s12x4s28x", size, version, b"mntr", b"RGB ", b"XYZ ", b"acsp") + d50
    return header.ljust(128, b"\0") + table + data
