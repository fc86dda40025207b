"""Changes drawn into a picture and its labels, in place and with soft edges: what training pictures show too seldom.

Every function takes the image (HxWx3 uint8), the labels (HxW) and a random generator; lengths follow the face.
"""
import cv2
import numpy as np

from face_parsing_data import (BACKGROUND, BROW, CLOTH, EAR, EARRING, EYE, GLASSES, HAIR, HAT, NECK, NECKLACE, SKIN)

Rng = np.random.Generator
SUBPIXEL = 4  # drawing coordinates carry four binary digits after the point


def points(xy: np.ndarray) -> np.ndarray:
    """Points for OpenCV's subpixel drawing."""
    return np.round(np.asarray(xy, np.float64).reshape(-1, 1, 2) * (1 << SUBPIXEL)).astype(np.int32)


def line(cover: np.ndarray, xy: np.ndarray, thickness: int = 1, closed: bool = False) -> None:
    cv2.polylines(cover, [points(xy)], closed, 255, thickness, cv2.LINE_AA, SUBPIXEL)


def fill(cover: np.ndarray, xy: np.ndarray) -> None:
    cv2.fillPoly(cover, [points(xy)], 255, cv2.LINE_AA, SUBPIXEL)


def paint(image: np.ndarray, cover: np.ndarray, paint_: np.ndarray | tuple, strength: float = 1.0) -> None:
    """Blend a colour, or a picture of the same size, in where the cover (0..255) says."""
    x, y, w, h = cv2.boundingRect((cover > 0).astype(np.uint8))
    if w == 0:
        return
    box = np.s_[y:y + h, x:x + w]
    share = cover[box][..., None].astype(np.float32) * (strength / 255)
    source = np.asarray(paint_, np.float32)
    source = source[box] if source.ndim == 3 else source
    image[box] = (image[box] * (1 - share) + source * share).clip(0, 255).astype(np.uint8)


def any_colour(rng: Rng) -> np.ndarray:
    return rng.uniform(0, 255, 3) if rng.random() < 0.6 else np.full(3, rng.choice([12, 30, 60, 110, 170, 215, 245]))


def metal(rng: Rng) -> np.ndarray:
    metals = [(212, 175, 55), (192, 192, 192), (232, 230, 225), (120, 110, 100), (255, 215, 120), (40, 40, 45),
              (235, 225, 210), (180, 60, 60), (60, 160, 120)]
    return np.clip(np.array(metals[rng.integers(len(metals))]) * rng.uniform(0.6, 1.1), 0, 255)


def fabric(shape: tuple[int, int], rng: Rng, other: np.ndarray) -> np.ndarray:
    """A plain, striped, checked, dotted or printed cloth (HxWx3 float32)."""
    height, width = shape
    cloth = np.ones((height, width, 3), np.float32) * any_colour(rng).astype(np.float32)
    kind = rng.random()
    if kind < 0.55:
        return cloth
    if kind < 0.75:
        patch = min(other.shape[:2]) // 2
        y, x = (int(rng.integers(0, n - patch + 1)) for n in other.shape[:2])
        return cv2.resize(other[y:y + patch, x:x + patch], (width, height)).astype(np.float32)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    turn, pitch = rng.uniform(0, np.pi), rng.uniform(0.2, 1.3)
    along = np.sin((x * np.cos(turn) + y * np.sin(turn)) * pitch)
    across = np.sin((y * np.cos(turn) - x * np.sin(turn)) * pitch)
    wave = {0: along, 1: np.maximum(along, across), 2: along * across}[int(rng.integers(3))]
    where = (wave > rng.uniform(-0.3, 0.8)).astype(np.float32)
    where = cv2.GaussianBlur(where, (0, 0), rng.uniform(0.4, 1.2))[..., None]
    return cloth * (1 - where) + any_colour(rng).astype(np.float32) * where


def dress(image: np.ndarray, labels: np.ndarray, rng: Rng, other: np.ndarray) -> None:
    """Other clothes of the same cut: another colour or pattern, often close to the backdrop's colour."""
    cloth = labels == CLOTH
    if cloth.sum() < 300:
        return
    grey = image.astype(np.float32).mean(2, keepdims=True)
    shading = grey / max(40.0, float(np.percentile(grey[cloth], 70)))
    background = labels == BACKGROUND
    if rng.random() < 0.3 and background.sum() > 300:
        near = np.median(image[background][::17], axis=0)
        new = np.ones(image.shape, np.float32) * (near + rng.normal(0, 12, 3) + rng.normal(0, 22))
    elif rng.random() < 0.3:
        new = np.ones(image.shape, np.float32) * np.array([rng.uniform(150, 225), rng.uniform(190, 235), 245])
    else:
        new = fabric(labels.shape, rng, other)
    # Black cloth has hardly any shading of its own to show.
    contrast = rng.uniform(0.3, 1.0)
    new = new.clip(0, 255) * (1 + (shading.clip(0.2, 1.7) - 1) * contrast)
    cover = cv2.GaussianBlur(cloth.astype(np.float32) * 255, (0, 0), 0.7)
    paint(image, np.where(labels == NECK, cover * 0.5, cover).astype(np.uint8), new.clip(0, 255), rng.uniform(0.75, 1))


def collar(image: np.ndarray, labels: np.ndarray, rng: Rng) -> None:
    """The edge of a collar, a seam or a strap on the cloth beside the neck: no necklace."""
    cloth = (labels == CLOTH).astype(np.uint8)
    seam = cv2.dilate((labels == NECK).astype(np.uint8), np.ones((3, 3))) & cloth
    if seam.sum() < 15:
        return
    reach = int(rng.integers(1, 5))
    edge = cv2.dilate(seam, np.ones((reach, reach))) & cloth
    base = image[cloth > 0].mean(0)
    tint = np.clip(base + rng.choice([-1, 1]) * rng.uniform(25, 110), 0, 255) if rng.random() < 0.7 else metal(rng)
    paint(image, cv2.GaussianBlur(edge * 255, (0, 0), 0.6), tint, rng.uniform(0.4, 1))
    if rng.random() < 0.5:
        y, x = np.nonzero(seam)
        middle, bottom, half = x.mean(), y.max(), max(6.0, (x.max() - x.min()) / 2)
        lapel = np.zeros(labels.shape, np.uint8)
        drop = half * rng.uniform(0.2, 1.2)
        for side in (-1, 1):
            top = (middle + side * half * rng.uniform(0.8, 1.2), bottom - half * rng.uniform(0.3, 1))
            tip = (middle + side * half * rng.uniform(0.3, 0.9), bottom + drop)
            line(lapel, np.array([top, tip, (middle, bottom)]), int(rng.integers(1, 3)))
        lapel[cloth == 0] = 0
        paint(image, lapel, tint, rng.uniform(0.4, 1))


def necklace(image: np.ndarray, labels: np.ndarray, rng: Rng) -> None:
    """A chain, cord or string of beads on the bare neck."""
    y, x = np.nonzero(labels == NECK)
    if len(x) < 250:
        return
    top = y.min() + (y.max() - y.min()) * rng.uniform(0.25, 0.85)
    row = x[np.abs(y - top) < 2]
    if len(row) < 8:
        return
    middle, width = (row.min() + row.max()) / 2, float(row.max() - row.min())
    t = np.linspace(-1, 1, 31)
    sag = width * rng.uniform(0.1, 0.7) * (1 - np.abs(t)**rng.uniform(1.3, 2.4))
    chain = np.stack([middle + t * width / 2, top + sag], 1)
    cover = np.zeros(labels.shape, np.uint8)
    if rng.random() < 0.25:
        for bead in chain:
            cv2.circle(cover, points(bead)[0, 0], int(16 * max(1.1, width * 0.025)), 255, -1, cv2.LINE_AA, SUBPIXEL)
    else:
        line(cover, chain, int(rng.choice([1, 1, 1, 2, 3])))
    if rng.random() < 0.5:
        size = int(16 * max(1.3, width * rng.uniform(0.02, 0.06)))
        cv2.circle(cover, points(chain[15] + (0, width * 0.03))[0, 0], size, 255, -1, cv2.LINE_AA, SUBPIXEL)
    bare = (labels == NECK) | (labels == SKIN)
    cover[~bare] = 0
    paint(image, cover, metal(rng), rng.uniform(0.6, 1))
    labels[(cv2.dilate((cover > 80).astype(np.uint8), np.ones((3, 3))) > 0) & bare] = NECKLACE


def earrings(image: np.ndarray, labels: np.ndarray, rng: Rng, middle_x: float) -> None:
    """The same stud, hoop or drop at every ear lobe that shows; sometimes at one only."""
    kind, size, tint = rng.choice(list("sshhd")), rng.uniform(0.1, 0.45), metal(rng)
    columns = np.arange(labels.shape[1])[None]
    sides = [-1, 1] if rng.random() < 0.85 else [int(rng.choice([-1, 1]))]
    for side in sides:
        y, x = np.nonzero((labels == EAR) & ((columns - middle_x) * side > 0))
        if len(x) < 20:
            continue
        height = y.max() - y.min()
        lobe = np.array([x[y >= np.percentile(y, 97) - 2].mean(), np.percentile(y, 97)])
        cover = np.zeros(labels.shape, np.uint8)
        radius = max(1.4, height * size)
        if kind == "s":
            stud = int(16 * max(1.2, height * rng.uniform(0.06, 0.12)))
            cv2.circle(cover, points(lobe - (0, 1))[0, 0], stud, 255, -1, cv2.LINE_AA, SUBPIXEL)
        elif kind == "h":
            t = np.linspace(0, 2 * np.pi, 24)
            hoop = lobe + np.stack([np.sin(t) * radius * rng.uniform(0.5, 1), radius * (0.8 - np.cos(t))], 1)
            line(cover, hoop, 1 if rng.random() < 0.6 else 2)
        else:
            line(cover, np.array([lobe, lobe + (0, radius * 1.2)]))
            drop = int(16 * max(1.2, height * rng.uniform(0.07, 0.15)))
            cv2.circle(cover, points(lobe + (0, radius * 1.3))[0, 0], drop, 255, -1, cv2.LINE_AA, SUBPIXEL)
        paint(image, cover, tint, rng.uniform(0.8, 1))
        found = cv2.dilate((cover > 100).astype(np.uint8), np.ones((2, 2)))
        if kind == "h":
            found |= cv2.morphologyEx((cover > 60).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((5, 5)))
        labels[found > 0] = EARRING


def glasses(image: np.ndarray, labels: np.ndarray, rng: Rng) -> None:
    """Clear, tinted or rimless glasses on both eyes, with bridge, temples and now and then a reflection."""
    y, x = np.nonzero(labels == EYE)
    left = x < x.mean() if len(x) else np.zeros(0, bool)
    if left.sum() < 10 or (~left).sum() < 10:
        return
    eyes = [np.array([x[side].mean(), y[side].mean()]) for side in (left, ~left)]
    across = eyes[1] - eyes[0]
    distance = float(np.hypot(*across))
    if distance < 16 or abs(across[1]) > 0.35 * distance:
        return
    right = across / distance
    down = np.array([-right[1], right[0]])
    half_width, half_height = distance * rng.uniform(0.36, 0.46), distance * rng.uniform(0.19, 0.38)
    roundness, drop, inset = rng.uniform(2, 4.5), distance * rng.uniform(0, 0.1), distance * rng.uniform(-0.02, 0.05)
    t = np.linspace(0, 2 * np.pi, 40)
    shape_x = np.sign(np.cos(t)) * np.abs(np.cos(t))**(2 / roundness)
    shape_y = np.sign(np.sin(t)) * np.abs(np.sin(t))**(2 / roundness)
    shape_y = np.where(shape_y < 0, shape_y * rng.uniform(0.85, 1), shape_y)
    rim = max(1, round(distance * float(rng.choice([0.015, 0.02, 0.03, 0.04, 0.06, 0.08]))))
    half_rim, rimless = rng.random() < 0.15, rng.random() < 0.12
    lenses, frame, bridge = (np.zeros(labels.shape, np.uint8) for _ in range(3))
    ends = []
    arm = np.array([rng.uniform(0.18, 0.4), rng.uniform(-0.03, 0.08)]) * distance
    for eye, side in zip(eyes, (-1, 1)):
        centre = eye + down * drop + right * side * inset
        outline = centre + np.outer(shape_x * half_width, right) + np.outer(shape_y * half_height, down)
        fill(lenses, outline)
        if not rimless:
            line(frame, outline[20:] if half_rim else outline, rim, closed=not half_rim)
        hinge = centre + right * side * half_width - down * half_height * 0.3
        line(frame, np.array([hinge, hinge + right * side * arm[0] + down * arm[1]]), rim)
        ends.append(centre - right * side * half_width - down * half_height * 0.1)
    middle = (ends[0] + ends[1]) / 2 - down * half_height * rng.uniform(0.1, 0.4)
    line(frame, np.array([ends[0], middle, ends[1]]), rim)
    if rng.random() < 0.12:
        paint(image, lenses, rng.uniform(0, 60, 3), rng.uniform(0.5, 0.93))
    else:
        paint(image, lenses, rng.uniform(60, 255, 3), rng.uniform(0, 0.14))
    if rng.random() < 0.35:
        spot = eyes[int(rng.integers(2))] + rng.uniform(-0.6, 0.6, 2) * (half_width, half_height)
        axes = tuple(int(16 * a) for a in (rng.uniform(2, half_width * 0.5), rng.uniform(1, half_height * 0.4)))
        cv2.ellipse(bridge, points(spot)[0, 0], axes, rng.uniform(-40, 40), 0, 360, 255, -1, cv2.LINE_AA, SUBPIXEL)
        glare = cv2.GaussianBlur(bridge, (0, 0), 1.2)
        glare[lenses == 0] = 0
        paint(image, glare, (235, 245, 255), rng.uniform(0.2, 0.8))
    paint(image, frame, any_colour(rng) * (0.4 if rng.random() < 0.6 else 1), rng.uniform(0.7, 1))
    found = ((lenses > 100) | (frame > 90)) & ~np.isin(labels, (HAIR, HAT, EAR))
    labels[found] = GLASSES


def hat(image: np.ndarray, labels: np.ndarray, rng: Rng, face_width: float, other: np.ndarray) -> None:
    """A beanie, cap, brimmed hat or headscarf over the crown."""
    brow_y, brow_x = np.nonzero(labels == BROW)
    y, x = np.nonzero(np.isin(labels, (HAIR, SKIN, EAR)))
    if len(brow_x) < 15 or len(x) < 400:
        return
    brow, middle = np.percentile(brow_y, 10), brow_x.mean()
    row, crown = x[np.abs(y - brow) < 3], y[np.abs(x - middle) < 0.25 * face_width]
    if len(row) < 5 or len(crown) == 0:
        return
    head_width = min(float(np.diff(np.percentile(row, [2, 98]))[0]), face_width * 1.5)
    hem = brow - face_width * rng.uniform(-0.02, 0.3)
    half = head_width / 2 * rng.uniform(1.0, 1.2)
    top = min(crown.min(), hem - 0.2 * face_width) - face_width * rng.uniform(-0.03, 0.25)
    curve, blunt = rng.uniform(-0.14, 0.15) * face_width, rng.uniform(2, 4)
    t = np.linspace(-1, 1, 25)
    upper = np.stack([middle + t * half, hem - (hem - top) * np.maximum(0, 1 - np.abs(t)**blunt)**(1 / blunt)], 1)
    lower = np.stack([middle + t[::-1] * half, hem + curve * (1 - t**2)], 1)
    cover, band = np.zeros(labels.shape, np.uint8), np.zeros(labels.shape, np.uint8)
    fill(cover, np.concatenate([upper, lower]))
    kind = rng.random()
    if kind < 0.2:  # a brim all around
        axes = (half * rng.uniform(1.05, 1.6), face_width * rng.uniform(0.04, 0.12))
    elif kind < 0.5:  # a peak
        axes = (half * rng.uniform(0.7, 1.0), face_width * rng.uniform(0.05, 0.14))
    else:
        axes = None
    if axes:
        centre = points(np.array([middle, hem + curve * 0.6]))[0, 0]
        cv2.ellipse(band, centre, tuple(int(16 * a) for a in axes), 0, 0, 360, 255, -1, cv2.LINE_AA, SUBPIXEL)
    elif kind < 0.7:  # a turned-up rim
        fill(band, np.concatenate([lower, lower[::-1] - (0, face_width * rng.uniform(0.1, 0.25))]))
    cloth = fabric(labels.shape, rng, other)
    aside = np.abs((np.arange(labels.shape[1]) - middle) / half - rng.uniform(-0.4, 0.4))
    shade = 1 - rng.uniform(0.1, 0.5) * np.clip(aside, 0, 1.2)**2
    cloth = cloth * shade[None, :, None].astype(np.float32) + rng.normal(0, rng.uniform(1, 8), labels.shape + (1,))
    paint(image, cv2.GaussianBlur(cover, (0, 0), 0.6), cloth)
    paint(image, band, cloth * rng.uniform(0.45, 1.1))
    labels[(cover > 127) | (band > 127)] = HAT


def fringe(image: np.ndarray, labels: np.ndarray, rng: Rng, face_width: float) -> None:
    """The subject's own hair drawn down over forehead, brows, eyes or ears."""
    hair = labels == HAIR
    if hair.sum() < 500:
        return
    height, width = labels.shape
    drop, shift = face_width * rng.uniform(0.08, 0.42), face_width * rng.uniform(-0.25, 0.25) * (rng.random() < 0.5)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    wave = rng.uniform(2, 9) * 2 * np.pi / width
    broad, fine = np.sin(x * wave + rng.uniform(0, 6.28)), np.sin(x * wave * 3.7)
    fall = drop * (1 + rng.uniform(0.1, 0.35) * broad + rng.uniform(0, 0.15) * fine)
    there = (x - np.float32(shift), y - fall.astype(np.float32))
    locks = cv2.remap(image, *there, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    cover = cv2.remap(hair.astype(np.uint8) * 255, *there, cv2.INTER_LINEAR, borderValue=0)
    over = np.isin(labels, (SKIN, BROW, EYE, GLASSES, EAR, EARRING, HAIR))
    if rng.random() < 0.35:
        over &= (x < width / 2) if rng.random() < 0.5 else (x > width / 2)
    cover[~over] = 0
    cover = cv2.GaussianBlur(cover, (0, 0), 0.8)
    paint(image, cover, locks)
    labels[cover > 127] = HAIR


def studio(shape: tuple[int, int], rng: Rng, other: np.ndarray) -> np.ndarray:
    """A backdrop (HxWx3 float32): studio blue, white, grey or red, with gradients, objects, or a blurred scene."""
    height, width = shape
    kind = rng.random()
    if kind < 0.58:
        colour = np.array([100, 175, 240]) + rng.normal(0, 1, 3) * (34, 26, 18) + rng.normal(0, 12)
    elif kind < 0.72:
        colour = np.full(3, rng.uniform(215, 255)) + rng.normal(0, 3, 3)
    elif kind < 0.82:
        colour = np.full(3, rng.uniform(70, 225)) + rng.normal(0, 5, 3)
    elif kind < 0.9:
        colour = np.array([rng.uniform(150, 235), rng.uniform(10, 60), rng.uniform(10, 60)])
    else:
        colour = rng.uniform(0, 255, 3)
    field = np.ones((height, width, 3), np.float32) * colour.astype(np.float32)
    if kind > 0.95:
        field = cv2.GaussianBlur(cv2.resize(other, (width, height)), (0, 0), rng.uniform(1, 8)).astype(np.float32)
    y, x = np.mgrid[-0.5:0.5:height * 1j, -0.5:0.5:width * 1j].astype(np.float32)
    if rng.random() < 0.6:
        turn = rng.uniform(0, 6.28)
        field *= (1 + rng.uniform(0, 0.4) * (x * np.cos(turn) + y * np.sin(turn)))[..., None]
    if rng.random() < 0.3:
        field *= (1.05 - rng.uniform(0, 0.6) * (x * x + y * y))[..., None]
    if rng.random() < 0.15:
        clutter(field, rng, other)
    return field


def clutter(field: np.ndarray, rng: Rng, other: np.ndarray) -> None:
    """Frames, edges, stripes and patches of scenes behind the subject."""
    height, width = field.shape[:2]
    for _ in range(int(rng.integers(1, 5))):
        cover = np.zeros((height, width), np.uint8)
        centre, size = rng.uniform(0, 1, 2) * (width, height), rng.uniform(0.03, 0.3, 2) * width
        kind = rng.random()
        if kind < 0.25:
            line(cover, rng.uniform(-0.2, 1.2, (2, 2)) * (width, height), int(rng.integers(1, 12)))
        elif kind < 0.75:
            fill(cover, centre + np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * size)
        else:
            axes = tuple(int(16 * s) for s in size)
            cv2.ellipse(cover, points(centre)[0, 0], axes, 0, 0, 360, 255, -1, cv2.LINE_AA, SUBPIXEL)
        tint = cv2.resize(other, (width, height)).astype(np.float32) if rng.random() < 0.3 else any_colour(rng)
        share = cover[..., None] / np.float32(255) * rng.uniform(0.3, 1)
        field[:] = field * (1 - share) + tint * share


def backdrop(image: np.ndarray, labels: np.ndarray, rng: Rng, other: np.ndarray, old: np.ndarray | None,
             opacity: np.ndarray | None) -> None:
    """Another backdrop behind the subject, mixed in by the opacity where it is known, now and then with a shadow."""
    new = studio(labels.shape, rng, other)
    if opacity is None or old is None:
        behind = (labels == BACKGROUND).astype(np.uint8)
        behind = cv2.dilate(behind, np.ones((3, 3))) if rng.random() < 0.5 else behind
        seen = cv2.GaussianBlur(behind.astype(np.float32), (0, 0), rng.uniform(0.6, 1.4))[..., None]
        old_colour = image.astype(np.float32)
    else:
        seen = 1 - opacity[..., None].astype(np.float32) / 255
        old_colour = old
    if rng.random() < 0.15:
        height, width = labels.shape
        move = np.float32([[1, 0, rng.uniform(-0.08, 0.08) * width], [0, 1, rng.uniform(-0.02, 0.06) * height]])
        shadow = cv2.warpAffine(1 - seen[..., 0], move, (width, height), borderMode=cv2.BORDER_REPLICATE)
        new *= 1 - rng.uniform(0.1, 0.6) * cv2.GaussianBlur(shadow, (0, 0), rng.uniform(2, 9))[..., None]
    image[:] = (image + seen * (new - old_colour)).clip(0, 255).astype(np.uint8)
