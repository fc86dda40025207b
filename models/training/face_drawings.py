"""Draw glasses, hats, masks, jewels, clothes and other things into crops, for training only.

Every `draw_*` takes a patch (RGB uint8), the mesh in samples of that patch and a random generator and returns a new patch.
"""
import cv2
import numpy as np

from face_parsing_data import BACKGROUND, CLOTH, EAR, GLASSES, HAIR, HAT, IGNORE, NECK, NECKLACE, SKIN

JAW = [234, 93, 132, 58, 172, 136, 150, 149, 176, 148, 152, 377, 400, 378, 379, 365, 397, 288, 361, 323, 454]
SHIFT = 4  # fractional bits of cv2's coordinates


def blended(image: np.ndarray, colour: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    """`colour` (RGB or a picture) over `image` where `alpha` (0..1) says."""
    rows, columns = np.flatnonzero(alpha.any(1)), np.flatnonzero(alpha.any(0))
    if not len(rows):
        return image
    where = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    colour = np.asarray(colour, np.float32)
    colour = colour[where] if colour.ndim == 3 else colour
    out, part = image.copy(), image[where].astype(np.float32)
    out[where] = np.clip(part + np.float32(alpha[where])[..., None] * (colour - part), 0, 255)
    return out


def filled(shape: tuple[int, ...], outline: np.ndarray, soft: float = 0.0) -> np.ndarray:
    """A polygon as alpha 0..1 with a soft edge."""
    mask = np.zeros(shape[:2], np.uint8)
    cv2.fillPoly(mask, [np.round(outline * 2**SHIFT).astype(np.int32)], 255, cv2.LINE_AA, SHIFT)
    if soft > 0.3:
        mask = cv2.GaussianBlur(mask, (0, 0), soft)
    return mask.astype(np.float32) / 255


def stroke(shape: tuple[int, ...], line: np.ndarray, thickness: float, is_closed: bool = False) -> np.ndarray:
    """A line as alpha 0..1; thinner than a pixel means fainter."""
    mask = np.zeros(shape[:2], np.uint8)
    points = [np.round(line * 2**SHIFT).astype(np.int32)]
    cv2.polylines(mask, points, is_closed, 255, max(1, round(thickness)), cv2.LINE_AA, SHIFT)
    return mask.astype(np.float32) * (min(1.0, thickness) / 255)


def noise(shape: tuple[int, ...], rng: np.random.Generator, cells: int) -> np.ndarray:
    """Smooth noise with a deviation of about one."""
    small = rng.normal(0, 1, (max(2, cells), max(2, cells))).astype(np.float32)
    return cv2.resize(small, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC)


GRAIN = np.random.default_rng(0).standard_normal((512, 512, 3), dtype=np.float32)


def grain(shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    """White noise with a deviation of one, cut from a piece made once."""
    top, left = rng.integers(GRAIN.shape[0] + 1 - shape[0]), rng.integers(GRAIN.shape[1] + 1 - shape[1])
    return GRAIN[top : top + shape[0], left : left + shape[1]]


def fabric_colour(rng: np.random.Generator) -> np.ndarray:
    """Black, white, grey or any colour."""
    kind = rng.random()
    if kind < 0.3:
        return rng.uniform(5, 60) + rng.normal(0, 5, 3)
    if kind < 0.55:
        return rng.uniform(170, 250) + rng.normal(0, 8, 3)
    return rng.uniform(15, 240, 3)


def flowered(cloth: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Scattered blossoms or dots of one to three colours."""
    height, width = cloth.shape[:2]
    out = np.ascontiguousarray(cloth, np.float32)
    size = rng.uniform(1.2, 7)
    colours = [tuple(map(float, np.clip(fabric_colour(rng), 0, 255))) for _ in range(int(rng.integers(1, 4)))]
    for _ in range(int(np.clip(height * width / (size * size * rng.uniform(8, 40)), 8, 700))):
        x, y = rng.uniform(0, width), rng.uniform(0, height)
        colour = colours[rng.integers(len(colours))]
        petals = 0 if size < 2.5 else int(rng.choice([0, 4, 5]))
        for petal in range(max(1, petals)):
            turn = 2 * np.pi * petal / max(1, petals)
            at = (x + petals * 0.2 * size * np.cos(turn), y + petals * 0.2 * size * np.sin(turn))
            cv2.circle(out, tuple(int(v * 16) for v in at), int(16 * size * (0.5 if petals else 1)), colour, -1, cv2.LINE_AA, 4)
    return out


def fabric(shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    """A lit piece of cloth: folds, at times stripes, knit, a pattern of two colours."""
    height, width = shape[:2]
    y, x = np.arange(height, dtype=np.float32)[:, None], np.arange(width, dtype=np.float32)[None]
    colour = fabric_colour(rng)
    cloth = np.broadcast_to(colour, (height, width, 3)).astype(np.float32)
    kind = rng.random()
    if kind < 0.15:
        angle, period = rng.uniform(0, np.pi), rng.uniform(4, 18)
        stripes = np.sin((x * np.cos(angle) + y * np.sin(angle)) * 2 * np.pi / period) > rng.uniform(-0.7, 0.7)
        cloth = np.where(stripes[..., None], np.float32(fabric_colour(rng)), cloth)
    elif kind < 0.3:
        cloth = np.where((noise(shape, rng, int(rng.integers(5, 24))) > 0.4)[..., None], np.float32(fabric_colour(rng)), cloth)
    elif kind < 0.4:
        cloth = flowered(cloth, rng)
    elif kind < 0.55:
        cloth = cloth * (1 + np.float32(0.12) * np.sin(x * np.float32(2 * np.pi / rng.uniform(3, 7))))[..., None]
    bend = (x - np.float32(width / 2 + rng.normal(0, width / 10))) / np.float32(width / 2)
    rounded, slanted, folded = np.float32([rng.uniform(0, 0.5), rng.normal(0, 0.15), rng.uniform(0.02, 0.12)])
    light = 1 - rounded * bend**2 + slanted * bend + folded * noise(shape, rng, 9)
    return np.clip(cloth * light[..., None] + 2.5 * grain(shape, rng), 0, 255)


# Glasses


def draw_glasses(patch: np.ndarray, points: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Spectacles of any make: full, half or no rim, metal or plastic, clear or tinted lenses, with or without glare."""
    right, left = points[[33, 133]].mean(0), points[[362, 263]].mean(0)
    eye_distance = float(np.hypot(*(left - right)))
    turn = np.clip((points[1, 0] - (right[0] + left[0]) / 2) / eye_distance, -0.3, 0.3)  # nose towards a side
    to_patch = lambda p: (right + left) / 2 + np.asarray(p, np.float32) * eye_distance
    half_width, half_height = rng.uniform(0.29, 0.46), rng.uniform(0.17, 0.37)
    gap = max(0.04, 0.5 - half_width + rng.normal(0.0, 0.03))
    down = rng.uniform(-0.03, 0.14) + 0.25 * (half_height - 0.25)
    power, lift, aviator = rng.uniform(2, 5), rng.normal(0, 0.04), max(0, rng.normal(0, 0.08))
    tilt = rng.normal(0, 0.025)
    t = np.linspace(0, 2 * np.pi, 49)[:-1]
    cos, sin = np.cos(t), np.sin(t)
    lenses = []
    for side in (-1, 1):
        wide = half_width * (1 - side * turn * 0.5)
        x = side * (gap + wide) + wide * np.sign(cos) * np.abs(cos) ** (2 / power)
        y = down + half_height * np.sign(sin) * np.abs(sin) ** (2 / power)
        outward = (side * x - gap) / (2 * wide)
        y = y - lift * outward - aviator * (1 - outward) * (y > down) * 0.8 + tilt * x
        lenses.append(to_patch(np.stack([x, y], 1)))
    make = rng.choice(["metal", "plastic", "half", "rimless", "tinted"], p=[0.3, 0.3, 0.15, 0.15, 0.1])
    thickness = eye_distance * (rng.uniform(0.03, 0.1) if make == "plastic" else rng.uniform(0.012, 0.035))
    colour = rng.uniform(5, 60) + rng.normal(0, 8, 3)
    if rng.random() < 0.4:
        colour = np.array([(190, 160, 110), (190, 190, 195), (120, 70, 40), (225, 225, 225), (130, 30, 40)][rng.integers(5)])
        colour = colour * rng.uniform(0.6, 1.1)
    if rng.random() < 0.1:
        colour = rng.uniform(0, 255, 3)
    out = patch
    inside = np.maximum(*(filled(patch.shape, lens) for lens in lenses))
    # lenses: shift and scale what is seen through them, tint, reflections
    if rng.random() < 0.5:
        scale, height, width = rng.uniform(0.93, 1.04), *patch.shape[:2]
        centre = to_patch((0, down))
        through = cv2.warpAffine(out, np.float32([[1, 0, 0], [0, scale, (1 - scale) * centre[1]]]), (width, height),
                                 flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        out = blended(out, through.astype(np.float32), inside)
    if make == "tinted":
        tint = rng.uniform(0, 90) + rng.normal(0, 20, 3)
        fade = np.linspace(1, rng.uniform(0.4, 1), patch.shape[0], dtype=np.float32)[:, None]
        out = blended(out, tint, inside * rng.uniform(0.25, 0.95) * fade)
    elif rng.random() < 0.6:
        out = blended(out, rng.uniform(0, 60, 3) if rng.random() < 0.6 else np.full(3, 255), inside * rng.uniform(0, 0.12))
    if rng.random() < 0.4:
        spots = np.zeros(patch.shape[:2], np.uint8)
        for lens in lenses:
            for _ in range(int(rng.integers(0, 3))):
                place = lens[rng.integers(48)] * rng.uniform(0, 0.8) + lens.mean(0) * 0.5
                size = eye_distance * rng.uniform(0.02, 0.16, 2)
                cv2.ellipse(spots, tuple(map(int, place)), (int(size[0]) + 1, int(size[1]) + 1), rng.uniform(0, 180), 0, 360,
                            255, -1, cv2.LINE_AA)
        tone = np.full(3, 255) if rng.random() < 0.6 else np.array([(120, 200, 160), (140, 150, 255)][rng.integers(2)])
        spots = cv2.GaussianBlur(spots, (0, 0), rng.uniform(0.5, 4)).astype(np.float32) / 255
        out = blended(out, tone, spots * inside * rng.uniform(0.3, 1))
    # frame
    alpha = np.zeros(patch.shape[:2], np.float32)
    for lens in lenses:
        if make == "rimless":
            alpha = np.maximum(alpha, stroke(patch.shape, lens, 1, True) * rng.uniform(0.1, 0.4))
        elif make == "half":
            upper = lens[np.r_[23:48, 0:2]]
            alpha = np.maximum(alpha, stroke(patch.shape, upper, thickness * rng.uniform(1, 2.5)))
            alpha = np.maximum(alpha, stroke(patch.shape, lens, 1, True) * rng.uniform(0, 0.25))
        else:
            alpha = np.maximum(alpha, stroke(patch.shape, lens, thickness, True))
            if rng.random() < 0.3:  # browline
                alpha = np.maximum(alpha, stroke(patch.shape, lens[26:46], thickness * 1.8))
    bridge_y = down - half_height * rng.uniform(0.1, 0.7)
    s = np.linspace(-1, 1, 9)
    arch = np.stack([s * (gap + 0.02), bridge_y - rng.uniform(-0.02, 0.06) * (1 - s**2)], 1)
    alpha = np.maximum(alpha, stroke(patch.shape, to_patch(arch), thickness))
    if rng.random() < 0.15:
        alpha = np.maximum(alpha, stroke(patch.shape, to_patch(arch - [0, half_height * 0.35]), thickness))
    for side in (-1, 1):  # temples, and pads on the nose
        hinge_y, outer = down - half_height * rng.uniform(0.1, 0.8), gap + 2 * half_width
        end = rng.uniform(1.15, 1.35)
        if rng.random() < 0.85:
            line = to_patch([(side * (outer - 0.01), hinge_y), (side * (outer + 0.03), hinge_y),
                             (side * max(end, outer + 0.04), hinge_y + rng.normal(0.03, 0.05))])
            alpha = np.maximum(alpha, stroke(patch.shape, line, thickness * rng.uniform(0.7, 1.6)))
        if make != "plastic" and rng.random() < 0.5:
            pad = to_patch([(side * gap * 0.8, bridge_y + 0.08), (side * gap * 0.75, bridge_y + 0.15)])
            alpha = np.maximum(alpha, stroke(patch.shape, pad, eye_distance * 0.03) * 0.5)
    if rng.random() < 0.5:  # shadow on the cheek and nose
        below = np.roll(alpha, int(eye_distance * rng.uniform(0.03, 0.1)), 0)
        shadow = cv2.GaussianBlur(below, (0, 0), rng.uniform(0.8, 2.5))
        out = blended(out, np.zeros(3), shadow * rng.uniform(0.1, 0.4))
    shine = np.clip(1 + rng.uniform(0, 0.5) * noise(patch.shape, rng, 9), 0.5, 2.2)[..., None] * colour
    if make in ("metal", "half", "rimless") and rng.random() < 0.5:
        shine = shine + 90 * (noise(patch.shape, rng, 14) > 1)[..., None]
    alpha = cv2.GaussianBlur(alpha, (0, 0), rng.uniform(0.3, 0.9))
    return blended(out, shine, alpha * rng.uniform(0.6, 1))


def draw_strands(patch: np.ndarray, points: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Not glasses: hair over brow and eye, a fringe, dark rings, painted lids."""
    right, left = points[[33, 133]].mean(0), points[[362, 263]].mean(0)
    d = float(np.hypot(*(left - right)))
    middle = (right + left) / 2
    out, kind = patch, rng.random()
    hair = rng.uniform(5, 70) * np.array([1, rng.uniform(0.7, 1), rng.uniform(0.5, 1)])
    if kind < 0.55:
        fringe = kind < 0.25
        alpha = np.zeros(patch.shape[:2], np.float32)
        for _ in range(int(rng.integers(25, 60) if fringe else rng.integers(2, 12))):
            x = rng.uniform(-1.3, 1.3)
            end = np.array([x + rng.normal(0, 0.15), rng.uniform(-0.55, -0.1) if fringe else rng.uniform(-0.4, 0.9)])
            bow = np.array([x + rng.normal(0, 0.1), (end[1] - 0.9) / 2])
            s = np.linspace(0, 1, 8)[:, None]
            line = (1 - s) ** 2 * [x, -0.95] + 2 * s * (1 - s) * bow + s**2 * end
            thickness = d * rng.uniform(0.008, 0.07 if fringe else 0.03)
            alpha = np.maximum(alpha, stroke(patch.shape, middle + line * d, thickness))
        out = blended(out, hair, cv2.GaussianBlur(alpha, (0, 0), rng.uniform(0.3, 1)) * rng.uniform(0.5, 1))
    elif kind < 0.8:
        for eye in (right, left):
            ring = cv2.ellipse(np.zeros(patch.shape[:2], np.uint8), tuple(map(int, eye + [0, d * rng.uniform(0.1, 0.25)])),
                               (int(d * rng.uniform(0.15, 0.32)), int(d * rng.uniform(0.05, 0.15))), 0, 0, 360, 255, -1)
            ring = cv2.GaussianBlur(ring, (0, 0), rng.uniform(2, 6)).astype(np.float32) / 255
            out = blended(out, rng.uniform(20, 110, 3), ring * rng.uniform(0.1, 0.5))
    else:
        colour = rng.uniform(0, 130, 3)
        for corners in ([33, 246, 161, 160, 159, 158, 157, 173, 133], [362, 398, 384, 385, 386, 387, 388, 466, 263]):
            lid = points[corners]
            out = blended(out, colour, cv2.GaussianBlur(stroke(patch.shape, lid, d * rng.uniform(0.02, 0.12)), (0, 0),
                                                        rng.uniform(0.5, 2)) * rng.uniform(0.3, 1))
    return out


# Head


def skin_tone(patch: np.ndarray, points: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Mean colour of cheeks and forehead, a little off."""
    near = [patch[int(np.clip(y, 0, patch.shape[0] - 1)), int(np.clip(x, 0, patch.shape[1] - 1))]
            for x, y in points[[50, 280, 101, 330, 9]]]
    return np.clip(np.median(near, 0) * rng.uniform(0.8, 1.15) + rng.normal(0, 6, 3), 0, 255)


def shading(patch: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The photo's own light, smoothed, about 1."""
    small = cv2.resize(cv2.cvtColor(patch, cv2.COLOR_RGB2GRAY), (12, 12), interpolation=cv2.INTER_AREA)
    grey = cv2.resize(small.astype(np.float32), patch.shape[1::-1], interpolation=cv2.INTER_CUBIC)
    strength = np.float32(rng.uniform(0, 0.7) / max(float(np.median(small)), 1))
    return np.clip(1 - strength * np.float32(np.median(small)) + strength * grey, 0.4, 1.5)[..., None]


def draw_mask(patch: np.ndarray, points: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A surgical, cloth or pointed mask, at times pulled down below nose or mouth."""
    d = float(np.hypot(*(points[263] - points[33]))) / 1.4
    worn = rng.random()
    top = 195 if worn < 0.75 else 2 if worn < 0.88 else 17
    top_y = points[top, 1] + rng.normal(0, 0.04) * d
    jaw = points[JAW]
    start = top_y + d * rng.uniform(0.0, 0.25)
    jaw = jaw[jaw[:, 1] > start]
    if len(jaw) < 4:
        jaw = points[JAW][4:-4]
    centre = jaw.mean(0)
    jaw = centre + (jaw - centre) * rng.uniform(0.93, 1.07) + [0, d * rng.uniform(-0.02, 0.12)]
    nose = np.array([points[top, 0], top_y])
    side = d * rng.uniform(0.25, 0.5)
    outline = np.concatenate([jaw, [[nose[0] + side, top_y + d * rng.uniform(0.0, 0.15)], nose,
                                    [nose[0] - side, top_y + d * rng.uniform(0.0, 0.15)]]])
    alpha = filled(patch.shape, outline, rng.uniform(0.3, 0.9))
    cloth = fabric(patch.shape, rng)
    if rng.random() < 0.65:
        plain = np.array([(165, 200, 225), (240, 240, 240), (35, 35, 38), (225, 190, 200), (150, 205, 195), (90, 130, 180)]
                         [rng.integers(6)]) * rng.uniform(0.85, 1.05)
        y = np.arange(patch.shape[0], dtype=np.float32)[:, None]
        folds = 1 + rng.uniform(0, 0.1) * np.sin(y * 2 * np.pi / rng.uniform(5, 12) + rng.uniform(0, 6))
        cloth = np.broadcast_to(plain, patch.shape) * (folds * (1 + 0.05 * noise(patch.shape, rng, 8)))[..., None]
    across = (np.arange(patch.shape[1], dtype=np.float32)[None] - nose[0]) / d
    cloth = cloth * shading(patch, rng) * (1 - rng.uniform(0, 0.25) * np.clip(across**2, 0, 1))[..., None]
    out = patch
    if rng.random() < 0.7:
        for end, ear in ((jaw[0], 234), (jaw[-1], 454)):
            strap = np.stack([end, points[ear] + [0, -0.1 * d + rng.normal(0, 0.1) * d]])
            out = blended(out, cloth.mean((0, 1)), stroke(patch.shape, strap, rng.uniform(0.5, 1.8)))
    shadow = cv2.GaussianBlur(alpha, (0, 0), 2.5)
    out = blended(out, np.zeros(3), shadow * rng.uniform(0, 0.3))
    return blended(out, cloth, alpha)


def draw_hand(patch: np.ndarray, points: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Fingers, a fist or a whole hand on chin, mouth, nose or cheek."""
    d = float(np.hypot(*(points[263] - points[33]))) / 1.4
    tone = skin_tone(patch, points, rng)
    target = points[rng.choice([152, 17, 13, 1, 50, 280, 205, 425, 199, 61, 291])] + rng.normal(0, 0.1, 2) * d
    # the wrist comes from below or from a side
    angle = np.pi / 2 + rng.uniform(-1.3, 1.3)
    from_wrist = -np.array([np.cos(angle), np.sin(angle)])
    sideways = np.array([-from_wrist[1], from_wrist[0]])
    out, finger = patch.astype(np.float32), d * rng.uniform(0.16, 0.24)
    texture = 1 + np.float32(0.04) * noise(patch.shape, rng, 20)[..., None]
    parts = []
    palm = target - from_wrist * d * rng.uniform(0.5, 1.1)
    fingers = int(rng.choice([0, 1, 2, 4, 4, 4, 5]))
    reach = rng.uniform(0.6, 1.25) * d
    parts.append((palm - from_wrist * 3 * d, palm, d * rng.uniform(0.45, 0.65)))
    parts.append((palm, palm + from_wrist * 0.2 * d, d * rng.uniform(0.6, 0.8)))
    spread = rng.uniform(-0.06, 0.16)
    for i in range(fingers):
        offset = i - (fingers - 1) / 2
        knuckle = palm + from_wrist * 0.3 * d + sideways * offset * finger * 1.02
        direction = from_wrist + sideways * (offset * spread + rng.normal(0, 0.03))
        parts.append((knuckle, knuckle + direction * reach * rng.uniform(0.8, 1.1) * (1 - 0.08 * abs(offset)), finger))
    if rng.random() < 0.4:
        thumb = palm + sideways * d * rng.choice([-0.45, 0.45])
        parts.append((palm, thumb + from_wrist * d * rng.uniform(0.2, 0.6), finger * 1.15))
    lit_skin = np.float32(tone) * shading(patch, rng) * texture
    shadow_alpha = rng.uniform(0, 0.4)
    for a, b, width in parts:
        line = np.stack([a, b])
        edge = filled_line(patch.shape, line, width)
        core = filled_line(patch.shape, line, width * 0.55)
        alpha = cv2.GaussianBlur(edge, (0, 0), 0.8)
        shadow = cv2.GaussianBlur(edge, (0, 0), 2.2)
        out = out * (1 - np.float32(shadow_alpha) * shadow[..., None])
        lit = np.float32(0.78) + np.float32(0.22) * cv2.GaussianBlur(core, (0, 0), width * 0.16 + 0.5)
        colour = lit[..., None] * lit_skin * np.float32(rng.uniform(0.96, 1.04))
        out = out + alpha[..., None] * (colour - out)
        if width <= finger and rng.random() < 0.5:
            nail = filled_line(patch.shape, np.stack([b - (b - a) * 0.03, b + (b - a) * 0.04]), width * 0.5)
            out = out + np.float32(0.4) * nail[..., None] * (np.float32(tone * rng.uniform(0.9, 1.3)) - out)
    return np.clip(out, 0, 255).astype(np.uint8)


def filled_line(shape: tuple[int, ...], line: np.ndarray, width: float) -> np.ndarray:
    """A thick line with round ends as alpha 0..1."""
    return stroke(shape, line, max(1.0, width))


def draw_object(patch: np.ndarray, points: np.ndarray, rng: np.random.Generator, other: np.ndarray) -> np.ndarray:
    """A phone, cup, sheet or anything (a piece of `other`) before cheek, nose, mouth or chin."""
    d = float(np.hypot(*(points[263] - points[33]))) / 1.4
    target = points[rng.choice([152, 17, 13, 1, 50, 280, 205, 425, 199])] + rng.normal(0, 0.1, 2) * d
    if rng.random() < 0.5:
        half = d * rng.uniform(0.25, 0.9, 2)
        box = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * half
        angle = rng.normal(0, 0.4)
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        outline = target + box @ turn.T
    else:
        t = np.linspace(0, 2 * np.pi, 24)[:-1]
        radius = d * rng.uniform(0.3, 0.75) * (1 + 0.2 * np.sin(t * rng.integers(2, 5) + rng.uniform(0, 6)))
        outline = target + np.stack([np.cos(t) * radius, np.sin(t) * radius * rng.uniform(0.6, 1.2)], 1)
    stuff = fabric(patch.shape, rng)
    if rng.random() < 0.4:
        stuff = np.roll(other.astype(np.float32), tuple(int(v) for v in rng.integers(-60, 60, 2)), (0, 1))
    return blended(patch, stuff * shading(patch, rng), filled(patch.shape, outline, rng.uniform(0.3, 1.2)))


def draw_scarf(patch: np.ndarray, points: np.ndarray, rng: np.random.Generator, covers: bool) -> np.ndarray:
    """A scarf or high collar, over the chin or wholly below it."""
    chin, d = points[152], float(np.hypot(*(points[263] - points[33]))) / 1.4
    edge = chin[1] + d * (rng.uniform(-0.9, -0.25) if covers else rng.uniform(0.08, 0.5))
    x = np.linspace(-30, patch.shape[1] + 30, 15)
    s = (x - chin[0]) / d
    upper = edge + d * (rng.uniform(-0.15, 0.1) * s**2 + rng.normal(0, 0.03, 15))
    half = rng.uniform(0.9, 1.7)
    hem = [[chin[0] + sign * (half + 0.6) * d, patch.shape[0] + 10] for sign in (1, -1)]
    outline = np.concatenate([np.stack([x, upper], 1)[np.abs(s) < half], hem])
    alpha = filled(patch.shape, outline, rng.uniform(0.4, 1.5))
    out = blended(patch, np.zeros(3), cv2.GaussianBlur(alpha, (0, 0), 3) * rng.uniform(0, 0.3))
    return blended(out, fabric(patch.shape, rng) * shading(patch, rng), alpha)


def draw_hat(patch: np.ndarray, points: np.ndarray, rng: np.random.Generator, classes: np.ndarray) -> np.ndarray:
    """A cap, beanie, brimmed hat, mortarboard, headscarf, turban or hood; `classes` of the parsing place it on the hair."""
    height, width = patch.shape[:2]
    d = float(np.hypot(*(points[263] - points[33]))) / 1.4
    brow_y, middle = points[[105, 334], 1].mean(), points[[234, 454], 0].mean()
    half_face = abs(points[454, 0] - points[234, 0]) / 2
    head = np.isin(classes, (HAIR, SKIN, HAT))
    columns = slice(int(np.clip(middle - d / 2, 0, width - 1)), int(np.clip(middle + d / 2, 1, width)))
    rows = np.flatnonzero(head[:, columns].any(1))
    crown = float(rows[0]) if len(rows) and (classes != IGNORE).any() else brow_y - d * 1.75
    crown = float(np.clip(crown, brow_y - 2.4 * d, brow_y - 1.2 * d))
    rim = brow_y - d * rng.uniform(0.02, 0.75)
    near_rim = np.flatnonzero(head[int(np.clip(rim - 0.2 * d, 0, height - 1))])
    half = half_face * 1.1
    if len(near_rim) > 10:
        half = np.clip(max(middle - near_rim[0], near_rim[-1] - middle), half_face, half_face * 1.45)
    half *= rng.uniform(1.0, 1.1)
    top = crown - d * rng.uniform(0.02, 0.35)
    cloth = fabric(patch.shape, rng)
    light = shading(patch, rng)
    kind = rng.choice(["cap", "beanie", "brim", "board", "scarf", "turban", "hood", "band"],
                      p=[0.26, 0.18, 0.12, 0.08, 0.18, 0.06, 0.08, 0.04])
    t = np.linspace(np.pi, 2 * np.pi, 25)
    power = rng.uniform(0.6, 1.05)
    sag = rng.uniform(-0.12, 0.2) * d
    dome = np.stack([middle + half * np.sign(np.cos(t)) * np.abs(np.cos(t)) ** power,
                     rim + (rim - top) * np.sign(np.sin(t)) * np.abs(np.sin(t)) ** power], 1)
    lower = np.stack([np.linspace(middle + half, middle - half, 13), rim + sag * (1 - np.linspace(-1, 1, 13) ** 2)], 1)
    soft = rng.uniform(0.4, 1.2)
    out = patch
    if kind in ("scarf", "hood"):
        # all around the face: a blob less the opening
        wide = half_face * rng.uniform(1.25, 1.75)
        s = np.linspace(0, 2 * np.pi, 40)[:-1]
        centre_y = (crown + points[152, 1]) / 2
        outer = np.stack([middle + wide * np.cos(s), centre_y + (centre_y - top) * 1.03 * np.sin(s)], 1)
        alpha = filled(patch.shape, outer)
        skirt = np.array([[middle - wide, centre_y], [middle + wide, centre_y],
                          [middle + wide * rng.uniform(1, 1.6), height + 10],
                          [middle - wide * rng.uniform(1, 1.6), height + 10]])
        alpha = np.maximum(alpha, filled(patch.shape, skirt))
        forehead = brow_y - d * rng.uniform(0.15, 0.7)
        chin = points[152, 1] + d * rng.uniform(-0.02, 0.25)
        hole_half = half_face * rng.uniform(0.86, 1.08)
        hole = np.stack([middle + hole_half * np.cos(s), (forehead + chin) / 2 + (chin - forehead) / 2 * np.sin(s)], 1)
        if kind == "hood":  # further off the face, hair in sight
            hole = np.stack([middle + hole_half * 1.15 * np.cos(s),
                             (crown + chin) / 2 + 0.1 * d + (chin - crown) / 2 * 1.1 * np.sin(s)], 1)
        alpha = np.clip(alpha - filled(patch.shape, hole), 0, 1)
        if kind == "hood":
            below = np.zeros_like(alpha)
            below[: int(np.clip(chin + 0.3 * d, 1, height))] = 1
            alpha = alpha * np.maximum(below, filled(patch.shape, skirt) * (rng.random() < 0.7))
        alpha = cv2.GaussianBlur(alpha, (0, 0), soft)
    else:
        alpha = filled(patch.shape, np.concatenate([dome, lower]), soft)
        if kind == "board":
            plate = np.array([[middle - half * rng.uniform(1.3, 1.7), top + 0.25 * d], [middle, top - 0.15 * d],
                              [middle + half * rng.uniform(1.3, 1.7), top + 0.25 * d], [middle, top + 0.6 * d]])
            cloth = cloth * 0 + rng.uniform(8, 45) + 2 * grain(cloth.shape, rng)
            alpha = np.maximum(alpha, filled(patch.shape, plate, soft))
        if kind == "band":
            alpha[: int(np.clip(rim - d * rng.uniform(0.3, 0.6), 0, height - 1))] = 0
    shadow = cv2.GaussianBlur(np.roll(alpha, int(rng.uniform(1, 5)), 0), (0, 0), rng.uniform(1.5, 4))
    out = blended(out, np.zeros(3), shadow * rng.uniform(0.1, 0.5))
    out = blended(out, cloth * light, alpha)
    if kind in ("cap", "brim"):
        wide = half * (rng.uniform(0.8, 1.1) if kind == "cap" else rng.uniform(1.3, 1.9))
        deep = d * (rng.uniform(0.12, 0.45) if kind == "cap" else rng.uniform(0.08, 0.3))
        s = np.linspace(0, 2 * np.pi, 40)[:-1]
        off = 0 if kind == "brim" or rng.random() < 0.7 else rng.normal(0, 0.3) * half
        flat = 0.5 if kind == "brim" else 0.8
        brim = np.stack([middle + off + wide * np.cos(s), rim + deep * (0.2 + flat * np.sin(s))], 1)
        shade = filled(patch.shape, brim + [0, deep * 0.5], 2.5)
        out = blended(out, np.zeros(3), shade * rng.uniform(0.1, 0.5))
        brim_cloth = cloth if rng.random() < 0.7 else fabric(patch.shape, rng)
        out = blended(out, brim_cloth * rng.uniform(0.55, 1.0) * light, filled(patch.shape, brim, soft))
        if kind == "cap" and rng.random() < 0.5:
            place = np.array([middle + rng.normal(0, 0.1) * d, (rim + top) / 2 + 0.2 * d])
            logo = place + np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * d * rng.uniform(0.1, 0.3, 2)
            out = blended(out, fabric_colour(rng), filled(patch.shape, logo, 1.5) * rng.uniform(0.4, 1))
    elif kind == "beanie" and rng.random() < 0.7:
        cuff = np.array([[middle - half * 1.03, rim - d * 0.4], [middle + half * 1.03, rim - d * 0.4],
                         [middle + half * 1.03, rim + 0.03 * d], [middle - half * 1.03, rim + 0.03 * d]])
        out = blended(out, cloth * rng.uniform(0.75, 1.15) * light, filled(patch.shape, cuff, soft))
    return out


def draw_stray_hair(patch: np.ndarray, points: np.ndarray, rng: np.random.Generator, classes: np.ndarray) -> np.ndarray:
    """Strands that stand off the hair before the background; `classes` of the parsing tell where both are.

    The patch itself comes back where too little of that shows.
    """
    eye_distance = float(np.hypot(*(points[[33, 133]].mean(0) - points[[362, 263]].mean(0))))
    hair = (classes == HAIR).astype(np.uint8)
    outline = cv2.dilate(hair, np.ones((3, 3))) & (classes == BACKGROUND).astype(np.uint8)
    outline[int(points[152, 1]):] = 0
    rows, columns = np.nonzero(outline)
    if len(rows) < 20:
        return patch
    away = cv2.GaussianBlur(1 - hair.astype(np.float32), (0, 0), 0.1 * eye_distance)
    down, right = np.gradient(away)
    alpha = np.zeros(patch.shape[:2], np.float32)
    spots = rng.normal(rng.choice(len(rows)), len(rows) * rng.uniform(0.05, 1), int(rng.integers(15, 70)))
    for spot in spots.astype(int) % len(rows):
        y, x = rows[spot], columns[spot]
        heading = np.arctan2(down[y, x], right[y, x]) + rng.normal(0, 0.7)
        bend, length = rng.normal(0, 0.8), eye_distance * rng.uniform(0.1, 0.6)
        headings = heading + bend * np.linspace(0, 1, 8)
        steps = length / 8 * np.stack([np.cos(headings), np.sin(headings)], 1)
        strand = np.array([x, y]) + np.concatenate([-2 * steps[:1], np.cumsum(steps, 0)])
        alpha = np.maximum(alpha, stroke(patch.shape, strand, rng.uniform(0.25, 1.0)))
    colour = patch[hair > 0].astype(np.float32)
    colour = colour[rng.integers(len(colour), size=50)].mean(0)
    alpha[(classes != BACKGROUND) & (hair == 0)] = 0
    return blended(patch, colour, cv2.GaussianBlur(alpha, (0, 0), rng.uniform(0.3, 0.7)) * rng.uniform(0.5, 1))


# Neck, ears and clothes; `classes` of the parsing tell where they are. The patch itself comes back where too little shows.


def metal(rng: np.random.Generator) -> np.ndarray:
    """Gold, silver, pearl, steel, black, jewels."""
    kinds = [(212, 175, 55), (192, 192, 192), (235, 228, 218), (120, 110, 100), (255, 215, 120), (40, 40, 45),
             (235, 225, 210), (180, 60, 60), (60, 160, 120)]
    return np.clip(np.array(kinds[rng.integers(len(kinds))]) * rng.uniform(0.6, 1.1) + rng.normal(0, 8, 3), 0, 255)


def face_width(points: np.ndarray) -> float:
    return float(np.hypot(*(points[234] - points[454])))


def arc_on_neck(points: np.ndarray, classes: np.ndarray, rng: np.random.Generator) -> np.ndarray | None:
    """A hanging line from one side of the neck in sight to the other, 41 points; None where hardly any shows."""
    chin, d = points[152, 1], face_width(points)
    neck = np.isin(classes, (NECK, NECKLACE))
    neck[:max(0, int(chin - 0.1 * d))] = False
    rows = np.flatnonzero(neck.sum(1) > max(6, 0.08 * d))
    if len(rows) < 5:
        return None
    start = rows[0] + (rows[-1] - rows[0]) * rng.uniform(0.1, 0.8)
    columns = np.flatnonzero(neck[int(start)])
    if len(columns) < 6:
        return None
    left, right = columns[0] - 1.0, columns[-1] + 1.0
    bottom = start + max((rows[-1] - start) * rng.uniform(0.3, 1.25), 0.05 * d)
    t = np.linspace(-1, 1, 41)
    power = rng.uniform(1.2, 2.6)
    return np.stack([(left + right) / 2 + t * (right - left) / 2, start + (bottom - start) * (1 - np.abs(t)**power)], 1)


def draw_necklace(patch: np.ndarray, points: np.ndarray, rng: np.random.Generator, classes: np.ndarray) -> np.ndarray:
    """A chain, cord, choker or string of pearls on the bare neck, at times with a pendant, at times over the clothes."""
    line = arc_on_neck(points, classes, rng)
    if line is None:
        return patch
    d, colour = face_width(points), metal(rng)
    kind = rng.choice(["chain", "pearls", "cord", "choker"], p=[0.55, 0.22, 0.13, 0.1])
    covers_cloth = rng.random() < 0.25
    where = np.isin(classes, (NECK, NECKLACE, SKIN) + ((CLOTH,) if covers_cloth else ()))
    alpha = np.zeros(patch.shape[:2], np.float32)
    shine = np.broadcast_to(colour, patch.shape).astype(np.float32)
    if kind == "pearls":
        radius = d * rng.uniform(0.009, 0.03)
        along = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
        places = np.arange(0, along[-1], 2 * max(radius, 0.8) * rng.uniform(1.0, 1.5))
        beads = np.stack([np.interp(places, along, line[:, axis]) for axis in (0, 1)], 1)
        canvas, light = np.zeros(patch.shape[:2], np.uint8), np.zeros(patch.shape[:2], np.uint8)
        for bead in beads:
            cv2.circle(canvas, tuple(int(v * 16) for v in bead), int(16 * radius), 255, -1, cv2.LINE_AA, 4)
            cv2.circle(light, tuple(int(v * 16) for v in bead - 0.3 * radius), int(6 * radius), 255, -1, cv2.LINE_AA, 4)
        alpha = canvas.astype(np.float32) / 255
        shine = shine * 0.85 + light[..., None] * np.float32(0.4)
    else:
        thickness = d * {"chain": rng.uniform(0.005, 0.02), "cord": rng.uniform(0.006, 0.014),
                         "choker": rng.uniform(0.025, 0.08)}[kind]
        alpha = stroke(patch.shape, line, thickness)
        if kind == "chain":  # links catch the light here and there
            alpha = alpha * np.clip(rng.uniform(0.5, 0.95) + 0.3 * noise(patch.shape, rng, int(rng.integers(30, 90))), 0.1, 1)
            shine = shine * np.clip(1 + rng.uniform(0, 0.6) * noise(patch.shape, rng, 60), 0.5, 1.8)[..., None]
        elif rng.random() < 0.7:
            shine = np.broadcast_to(fabric_colour(rng), patch.shape).astype(np.float32)
    if rng.random() < 0.55:
        size = d * rng.uniform(0.015, 0.06)
        place = line[20] + [0, size * rng.uniform(0.6, 1.5)]
        canvas = np.zeros(patch.shape[:2], np.uint8)
        if rng.random() < 0.25:
            for end in ((0, size * 1.5), (size * 0.8, 0)):
                cv2.line(canvas, tuple(int(v * 16) for v in place - end), tuple(int(v * 16) for v in place + end), 255,
                         max(1, round(size * 0.5)), cv2.LINE_AA, 4)
        else:
            axes = tuple(int(16 * size * v) for v in rng.uniform(0.6, 1.2, 2))
            cv2.ellipse(canvas, tuple(int(v * 16) for v in place), axes, 0, 0, 360, 255, -1, cv2.LINE_AA, 4)
        alpha = np.maximum(alpha, canvas.astype(np.float32) / 255)
    alpha = alpha * where
    if alpha.sum() < 15:
        return patch
    shadow = cv2.GaussianBlur(np.roll(alpha, int(rng.integers(1, 3)), 0), (0, 0), rng.uniform(0.6, 1.6)) * where
    out = blended(patch, np.zeros(3), shadow * rng.uniform(0, 0.4))
    return blended(out, shine, cv2.GaussianBlur(alpha, (0, 0), rng.uniform(0.3, 0.7)) * rng.uniform(0.65, 1))


def draw_crease(patch: np.ndarray, points: np.ndarray, rng: np.random.Generator, classes: np.ndarray) -> np.ndarray:
    """No necklace: folds of the neck, the shadow of a chin, a seam along the neckline."""
    out = patch
    for _ in range(int(rng.integers(1, 3))):
        line = arc_on_neck(points, classes, rng)
        if line is None:
            return out
        where = classes == NECK
        alpha = cv2.GaussianBlur(stroke(patch.shape, line, face_width(points) * rng.uniform(0.006, 0.03)), (0, 0),
                                 rng.uniform(0.5, 1.8)) * where
        dark = patch.astype(np.float32) * np.float32(rng.uniform(0.55, 0.9)) * np.float32([1, 0.95, 0.92])
        out = blended(out, dark, alpha * rng.uniform(0.5, 1))
    if rng.random() < 0.6:
        border = cv2.dilate((classes == NECK).astype(np.uint8), np.ones((3, 3))) & (classes == CLOTH)
        border = cv2.dilate(border.astype(np.uint8), np.ones((int(rng.integers(1, 4)),) * 2)) & (classes == CLOTH)
        tone = patch.astype(np.float32) + np.float32(rng.choice([-1, 1]) * rng.uniform(15, 80))
        out = blended(out, tone, cv2.GaussianBlur(border.astype(np.float32), (0, 0), 0.6) * rng.uniform(0.4, 1))
    return out


def draw_earring(patch: np.ndarray, points: np.ndarray, rng: np.random.Generator, classes: np.ndarray, side: int) -> np.ndarray:
    """A stud, hoop or drop at one lobe: side 0 on the left of the picture."""
    middle, d = points[[234, 454], 0].mean(), face_width(points)
    columns = np.arange(patch.shape[1])[None]
    rows, columns = np.nonzero((classes == EAR) & ((columns < middle) == (side == 0)))
    if len(rows) < 25:
        return patch
    low = np.percentile(rows, 97)
    x, y = columns[rows >= low - 2].mean() + rng.normal(0, 0.8), low - rng.uniform(0, 2)
    canvas, kind, size = np.zeros(patch.shape[:2], np.uint8), rng.choice(["stud", "hoop", "drop"], p=[0.5, 0.25, 0.25]), d * rng.uniform(0.012, 0.03)
    at = lambda px, py: (int(px * 16), int(py * 16))  # noqa: E731
    if kind == "stud":
        cv2.circle(canvas, at(x, y), int(16 * size), 255, -1, cv2.LINE_AA, 4)
    elif kind == "hoop":
        high = d * rng.uniform(0.03, 0.16)
        cv2.ellipse(canvas, at(x, y + 0.8 * high), (int(16 * high * rng.uniform(0.4, 1)), int(16 * high)), 0, 0, 360, 255,
                    int(rng.integers(1, 3)), cv2.LINE_AA, 4)
    else:
        fall = d * rng.uniform(0.05, 0.25)
        cv2.line(canvas, at(x, y), at(x, y + fall), 255, 1, cv2.LINE_AA, 4)
        cv2.ellipse(canvas, at(x, y + fall), (int(16 * size * rng.uniform(0.6, 1.2)), int(16 * size * 1.2)), 0, 0, 360, 255, -1, cv2.LINE_AA, 4)
    alpha = cv2.GaussianBlur(canvas, (0, 0), rng.uniform(0.3, 0.6)).astype(np.float32) / 255
    shine = metal(rng) * np.clip(1 + rng.uniform(0, 0.6) * noise(patch.shape, rng, 70), 0.5, 1.8)[..., None]
    out = blended(patch, np.zeros(3), cv2.GaussianBlur(np.roll(alpha, 1, 0), (0, 0), 1.2) * rng.uniform(0, 0.4))
    return blended(out, shine, alpha * rng.uniform(0.75, 1))


def cloth_shading(patch: np.ndarray, cloth: np.ndarray) -> np.ndarray:
    """The folds of the clothes as factors about 1."""
    grey = patch.astype(np.float32).mean(2, keepdims=True)
    return np.clip(grey / max(35.0, float(np.percentile(grey[cloth], 70))), 0.25, 1.6)


def draw_pattern(patch: np.ndarray, points: np.ndarray, rng: np.random.Generator, classes: np.ndarray) -> np.ndarray:
    """Stripes, checks, a tartan, dots or blossoms on the clothes."""
    cloth = classes == CLOTH
    if cloth.sum() < 1500:
        return patch
    height, width = patch.shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    turn = rng.choice([0, 0, np.pi / 2, rng.uniform(0, np.pi)])
    x = x + 4 * noise(patch.shape, rng, 6)
    along, across = x * np.cos(turn) + y * np.sin(turn), y * np.cos(turn) - x * np.sin(turn)
    period = float(np.exp(rng.uniform(np.log(3.5), np.log(45))))
    duty = rng.uniform(0.2, 0.65)
    band = lambda v, p=period: ((v / p) % 1 < duty).astype(np.float32)  # noqa: E731
    kind = rng.choice(["stripes", "check", "tartan", "dots", "flowers", "patches"], p=[0.3, 0.2, 0.12, 0.2, 0.1, 0.08])
    base = patch.astype(np.float32)
    shade = cloth_shading(patch, cloth)
    tone = np.median(patch[cloth], 0)
    other = np.clip(tone + rng.choice([-1, 1]) * rng.uniform(18, 130) + rng.normal(0, 15, 3), 0, 255) if rng.random() < 0.6 else fabric_colour(rng)
    if np.abs(other - tone).max() < 18:
        other = 255 - tone
    if kind == "stripes":
        cover = band(along)
    elif kind == "check":
        cover = (band(along) + band(across)) / 2
    elif kind == "tartan":
        cover = (band(along) + band(across) + 0.7 * band(along, period * 2.7) + 0.7 * band(across, period * 2.7)) / 3.4
    elif kind == "dots":
        row = np.floor(across / period)
        u, v = ((along + 0.5 * period * (row % 2)) / period) % 1 - 0.5, (across / period) % 1 - 0.5
        cover = (u * u + v * v < rng.uniform(0.15, 0.4)**2).astype(np.float32)
    elif kind == "flowers":
        printed = flowered(np.broadcast_to(tone, patch.shape).astype(np.float32), rng)
        return blended(patch, printed * shade, cv2.GaussianBlur(cloth.astype(np.float32), (0, 0), 0.6) * rng.uniform(0.6, 1))
    else:
        cover = (noise(patch.shape, rng, int(rng.integers(8, 40))) > 0.3).astype(np.float32)
    cover = cv2.GaussianBlur(cover, (0, 0), rng.uniform(0.4, 0.9)) * cv2.GaussianBlur(cloth.astype(np.float32), (0, 0), 0.6)
    return blended(patch, np.float32(other) * shade if rng.random() < 0.8 else np.clip(base + np.float32(other - tone), 0, 255),
                   cover * rng.uniform(0.45, 1))


def draw_plain(patch: np.ndarray, points: np.ndarray, rng: np.random.Generator, classes: np.ndarray) -> np.ndarray:
    """The clothes in another colour, their cut and folds kept."""
    cloth = classes == CLOTH
    if cloth.sum() < 600:
        return patch
    kept = rng.uniform(0.4, 1)
    lit = np.float32(np.clip(fabric_colour(rng), 0, 255)) * (1 + (cloth_shading(patch, cloth) - 1) * np.float32(kept))
    return blended(patch, np.clip(lit, 0, 255), cv2.GaussianBlur(cloth.astype(np.float32), (0, 0), 0.7) * rng.uniform(0.8, 1))


def draw_neckline(patch: np.ndarray, points: np.ndarray, rng: np.random.Generator, classes: np.ndarray) -> np.ndarray:
    """Clothes without a collar, with a round, wide or pointed neckline, in place of what is worn."""
    chin, d = points[152], face_width(points)
    below = np.arange(patch.shape[0])[:, None] > chin[1] + 0.06 * d
    body, neck = np.isin(classes, (CLOTH, NECK, NECKLACE)) & below, (classes == NECK)
    if (classes == CLOTH).sum() < 1500 or neck.sum() < 150:
        return patch
    half, bottom = d * rng.uniform(0.26, 0.5), chin[1] + d * rng.uniform(0.22, 0.6)
    top = chin[1] - 0.1 * d
    t = np.linspace(0, np.pi, 31)
    power = rng.choice([0.6, 0.8, 1.0, 1.8])
    outline = np.stack([chin[0] + half * np.cos(t), top + (bottom - top) * np.sin(t)**power], 1)
    opening = filled(patch.shape, np.concatenate([outline, [[chin[0] - half, top - d], [chin[0] + half, top - d]]]))
    tone = np.median(patch[neck], 0)
    skin = np.float32(tone) * (1 + np.float32(0.06) * noise(patch.shape, rng, 8))[..., None] + 2 * grain(patch.shape, rng)
    soft = cv2.GaussianBlur(body.astype(np.float32), (0, 0), 0.7)
    out = blended(patch, skin, cv2.GaussianBlur((body & (classes == CLOTH)).astype(np.float32) * opening, (0, 0), 0.8))
    cloth = np.broadcast_to(fabric_colour(rng), patch.shape).astype(np.float32)
    if rng.random() < 0.5:
        cloth = np.broadcast_to(np.median(patch[classes == CLOTH], 0), patch.shape).astype(np.float32)
    cloth = cloth * (1 + np.float32(rng.uniform(0.02, 0.12)) * noise(patch.shape, rng, 7))[..., None] + 2 * grain(patch.shape, rng)
    out = blended(out, cloth, soft * (1 - opening))
    seam = stroke(patch.shape, outline, d * rng.uniform(0.01, 0.05)) * soft
    return blended(out, cloth * np.float32(rng.uniform(0.6, 1.25)), cv2.GaussianBlur(seam, (0, 0), 0.5) * rng.uniform(0, 0.9))


def draw_hood(patch: np.ndarray, points: np.ndarray, rng: np.random.Generator, classes: np.ndarray) -> np.ndarray:
    """A hood that lies around the neck, of the colour of the clothes, perhaps with strings."""
    chin, d = points[152], face_width(points)
    if (classes == CLOTH).sum() < 1500:
        return patch
    out = draw_plain(patch, points, rng, classes) if rng.random() < 0.8 else patch
    tone = np.median(out[classes == CLOTH], 0)
    t = np.linspace(0, 2 * np.pi, 48)[:-1]
    ring = lambda x, up, down: np.stack([chin[0] + x * d * np.cos(t), chin[1] + d * np.where(np.sin(t) > 0, down, up) * np.sin(t)], 1)  # noqa: E731
    middle = rng.uniform(0.1, 0.3) * d
    opening = ring(rng.uniform(0.32, 0.5), rng.uniform(0.2, 0.4), rng.uniform(0.2, 0.55)) + [0, middle]
    outer = ring(rng.uniform(0.65, 1.0), rng.uniform(0.3, 0.5), rng.uniform(0.4, 0.75)) + [rng.normal(0, 0.02) * d, middle]
    where = ~np.isin(classes, (SKIN, HAIR, EAR)) & (np.arange(patch.shape[0])[:, None] > points[[13, 14], 1].mean())
    alpha = filled(patch.shape, outer, 0.8) * (1 - filled(patch.shape, opening, 0.6)) * cv2.GaussianBlur(where.astype(np.float32), (0, 0), 0.7)
    folds = 1 + np.float32(rng.uniform(0.05, 0.18)) * noise(patch.shape, rng, 9)
    edge = cv2.GaussianBlur(filled(patch.shape, opening), (0, 0), 0.05 * d) * np.float32(rng.uniform(0.2, 0.5))
    cloth = np.float32(tone) * (folds * (1 - edge))[..., None] + 2 * grain(patch.shape, rng)
    out = blended(out, np.zeros(3), cv2.GaussianBlur(alpha, (0, 0), 3) * where * rng.uniform(0.1, 0.45))
    out = blended(out, cloth, alpha)
    seam = stroke(patch.shape, outer, d * rng.uniform(0.008, 0.02), True) * where
    out = blended(out, np.float32(tone) * np.float32(rng.uniform(0.4, 0.8)), cv2.GaussianBlur(seam, (0, 0), 0.8) * rng.uniform(0.3, 0.9))
    if rng.random() < 0.6:
        colour = fabric_colour(rng)
        for side in (-1, 1):
            top = np.array([chin[0] + side * d * rng.uniform(0.08, 0.25), opening[:, 1].max() + rng.uniform(-0.03, 0.05) * d])
            line = np.stack([top, top + [side * rng.uniform(-0.03, 0.1) * d, rng.uniform(0.2, 0.7) * d]])
            out = blended(out, colour, stroke(patch.shape, line, d * rng.uniform(0.015, 0.04)) * rng.uniform(0.7, 1))
    return out


def draw_bare_shoulders(patch: np.ndarray, points: np.ndarray, rng: np.random.Generator, classes: np.ndarray) -> np.ndarray:
    """Skin where the clothes were down to a strapless edge, or with two straps."""
    chin, d = points[152], face_width(points)
    cloth, neck = classes == CLOTH, classes == NECK
    if cloth.sum() < 1500 or neck.sum() < 60:
        return patch
    tone = np.median(patch[neck], 0) * rng.uniform(1.0, 1.15)
    light = 1 + np.float32(0.08) * noise(patch.shape, rng, 6) + np.float32(0.04) * noise(patch.shape, rng, 20)
    skin = np.float32(tone) * light[..., None] + 2 * grain(patch.shape, rng)
    x = np.linspace(-20, patch.shape[1] + 20, 25)
    s = (x - chin[0]) / d
    edge = chin[1] + d * (rng.uniform(0.5, 1.0) + rng.uniform(-0.1, 0.25) * s**2 + rng.uniform(-0.15, 0.15) * np.abs(s))
    above = 1 - filled(patch.shape, np.concatenate([np.stack([x, edge], 1), [[patch.shape[1] + 20, patch.shape[0] + 30], [-20, patch.shape[0] + 30]]]), 0.6)
    if rng.random() < 0.6:
        for side in (-1, 1):
            foot = chin[0] + side * d * rng.uniform(0.3, 0.7)
            strap = np.array([[foot, edge.max() + 5], [foot + side * rng.uniform(0, 0.25) * d, chin[1] - 0.1 * d]])
            above = above * (1 - stroke(patch.shape, strap, d * rng.uniform(0.03, 0.16)))
    body = cv2.GaussianBlur(cloth.astype(np.float32), (0, 0), 0.8)
    out = draw_plain(patch, points, rng, classes) if rng.random() < 0.7 else patch
    out = blended(out, skin, body * above)
    shade = cv2.GaussianBlur(above, (0, 0), 0.02 * d + 0.5) * (1 - above) * body
    return blended(out, np.zeros(3), shade * rng.uniform(0, 0.5))


def draw_flare(patch: np.ndarray, points: np.ndarray, rng: np.random.Generator, classes: np.ndarray) -> np.ndarray:
    """Lamps and windows in the lenses, white or in the green, blue and violet of coatings."""
    d = float(np.hypot(*(points[[33, 133]].mean(0) - points[[362, 263]].mean(0))))
    lenses = (classes == GLASSES).astype(np.float32)
    if lenses.sum() < 0.08 * d * d:
        return patch
    spots = np.zeros(patch.shape[:2], np.uint8)
    for eye in points[[33, 133]].mean(0), points[[362, 263]].mean(0):
        for _ in range(int(rng.integers(1, 4))):
            place = eye + rng.uniform(-0.3, 0.3, 2) * d * (1, 0.6)
            axes = tuple(int(16 * d * v) for v in (rng.uniform(0.03, 0.22), rng.uniform(0.02, 0.12)))
            cv2.ellipse(spots, tuple(int(v * 16) for v in place), axes, rng.uniform(-70, 70), 0, 360, 255, -1, cv2.LINE_AA, 4)
    colours = [(255, 255, 255), (225, 240, 255), (110, 220, 160), (120, 140, 255), (190, 120, 255), (90, 200, 230)]
    alpha = cv2.GaussianBlur(spots, (0, 0), rng.uniform(0.4, 2.5)).astype(np.float32) / 255
    return blended(patch, np.float32(colours[rng.integers(6)]), alpha * cv2.GaussianBlur(lenses, (0, 0), 0.7) * rng.uniform(0.35, 1))


LIPS = [61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 409, 270, 269, 267, 0, 37, 39, 40, 185]
LIDS = ([33, 246, 161, 160, 159, 158, 157, 173, 133], [362, 398, 384, 385, 386, 387, 388, 466, 263])


def draw_makeup(patch: np.ndarray, points: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Strong colour on lips, lids and cheeks."""
    d = float(np.hypot(*(points[[33, 133]].mean(0) - points[[362, 263]].mean(0))))
    light = patch.astype(np.float32).mean(2, keepdims=True)
    red = np.array([(190, 20, 45), (150, 15, 40), (225, 60, 110), (120, 20, 50), (235, 90, 80)][rng.integers(5)]) / 130.0
    out = blended(patch, np.clip(light * np.float32(red) * np.float32(rng.uniform(0.7, 1.1)), 0, 255),
                  filled(patch.shape, points[LIPS], 0.7) * rng.uniform(0.5, 0.95))
    shade = rng.uniform(0, 130, 3)
    for lid in LIDS:
        above = points[lid] - [0, d * rng.uniform(0.02, 0.07)]
        shadow = cv2.GaussianBlur(stroke(patch.shape, above, d * rng.uniform(0.08, 0.2)), (0, 0), rng.uniform(1, 2.5))
        out = blended(out, shade, shadow * rng.uniform(0.25, 0.8))
        out = blended(out, np.full(3, 15.0), cv2.GaussianBlur(stroke(patch.shape, points[lid], d * rng.uniform(0.02, 0.06)), (0, 0), 0.5) * rng.uniform(0.4, 1))
    for cheek in (50, 280):
        spot = np.zeros(patch.shape[:2], np.float32)
        cv2.circle(spot, tuple(map(int, points[cheek])), int(0.25 * d), 1.0, -1)
        out = blended(out, np.array([225, 90, 110]), cv2.GaussianBlur(spot, (0, 0), 0.12 * d) * rng.uniform(0, 0.4))
    return out
