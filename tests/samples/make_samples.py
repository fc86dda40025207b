"""Make the sample photos again, from the portrait inside the scikit-image package.

    pip install scikit-image==0.26.0 pillow onnxruntime
    python make_samples.py

Writes next to itself what SOURCES.md lists. The blue background is cut in along the repository's own parsing net.
"""

from pathlib import Path

import numpy as np
import onnxruntime
from PIL import Image
from skimage import data

HERE = Path(__file__).parent
BLUE = (100, 197, 255)
SIZE = (480, 640)
# Boxes on the 512x512 portrait, 3:4: the face 1.25 times and 2.3 times as large on the photo.
WIDE = (30, 0, 414, 512)
TIGHT = (119, 6, 328, 285)


def cut(portrait: Image.Image, box: tuple[int, int, int, int]) -> Image.Image:
    """The part of the portrait inside the box, as a 480x640 photo."""
    return portrait.resize(SIZE, Image.Resampling.LANCZOS, box=box)


def on_blue(photo: Image.Image) -> Image.Image:
    """The photo with everything that is not the person replaced by the standard's light blue."""
    net = onnxruntime.InferenceSession(HERE / "../../models/onnx/face_parsing.onnx")
    small = np.asarray(photo.resize((288, 384), Image.Resampling.BILINEAR), np.float32) / 255
    logits = net.run(None, {"rgb": small.transpose(2, 0, 1)[None]})[0][0]
    share = np.exp(logits[0] - np.logaddexp.reduce(logits, axis=0))
    mask = Image.fromarray((255 * share).astype(np.uint8)).resize(SIZE, Image.Resampling.BICUBIC)
    return Image.composite(Image.new("RGB", SIZE, BLUE), photo, mask)


def main() -> None:
    portrait = Image.fromarray(data.astronaut())
    cut(portrait, WIDE).save(HERE / "flag-behind.jpg", quality=75, dpi=(300, 300))
    cut(portrait, TIGHT).save(HERE / "enlarged.jpg", quality=75, dpi=(300, 300))
    on_blue(cut(portrait, TIGHT)).save(HERE / "blue.jpg", quality=75, dpi=(300, 300))
    on_blue(cut(portrait, TIGHT)).save(HERE / "low-quality.jpg", quality=35, dpi=(72, 72))
    on_blue(cut(portrait, TIGHT)).save(HERE / "renamed-png.jpg", format="PNG", dpi=(300, 300))
    (HERE / "not-a-photo.jpg").write_text("A text file under a photo's name.\n")


if __name__ == "__main__":
    main()
