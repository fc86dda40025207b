"""Crops along the face, sampled as the library's `AlignedCrop` samples them."""
import cv2
import numpy as np


def aligned_crop(image: np.ndarray, centre: np.ndarray, step: np.ndarray, width: int, height: int,
                 nearest: bool = False) -> np.ndarray:
    """`height` x `width` samples around `centre` (photo pixels), uint8; `step` leads from a sample to its right neighbour.

    Bilinear, the photo's edge continued, the mean of n x n points where the photo is more than twice as fine (at most two
    of its pixels apart).
    """
    taps = 1 if nearest else max(1, int(np.ceil(np.hypot(*step) / 2)))
    across = (np.arange(width * taps) + 0.5) / taps - width / 2
    down = (np.arange(height * taps) + 0.5) / taps - height / 2
    across, down = np.meshgrid(across, down)
    x = (centre[0] + across * step[0] - down * step[1] - 0.5).astype(np.float32)
    y = (centre[1] + across * step[1] + down * step[0] - 0.5).astype(np.float32)
    out = cv2.remap(image, x, y, cv2.INTER_NEAREST if nearest else cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    if taps > 1:
        out = out.reshape(height, taps, width, taps, -1).astype(np.float32).mean((1, 3)).round().astype(np.uint8)
    return out
