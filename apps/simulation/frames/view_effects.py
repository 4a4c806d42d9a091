"""Clouds of smoke, burning ground, muzzle flashes: drawn with few rays (``Canvas.sparse``) over what is behind."""

import math
from functools import lru_cache

import numpy as np

from apps.simulation.frames.lens import Lens
from apps.simulation.frames.view_canvas import Canvas
from apps.simulation.happenings import Fire, Smoke

_SQUAT = 1.35  # a cloud is this much wider than high
_DENSE = 48.0  # units of smoke through which a third of the light comes
_SMOKE = np.array([196, 198, 198], np.float32)
_FLAMES = 22
_TOO_NEAR = 40.0  # a flash nearer than this is of somebody who stands in the viewer's own place


def draw_smoke(canvas: Canvas, lens: Lens, smoke: Smoke) -> None:
    """One cloud: the longer the way through it before something solid, the less comes through."""
    grown = min(1.0, 0.25 + smoke.age / 0.7) * min(1.0, 0.4 + smoke.left / 2.5)
    radius = max(1.0, smoke.radius * grown)
    centre = (smoke.x, smoke.y, smoke.z + 0.62 * radius / _SQUAT)
    window = _window(lens, centre, radius * 1.12)
    if window is None or _hidden(canvas, lens, centre, radius * 1.12, window):
        return
    left, right, top, bottom = window
    across, down = lens.leans()
    across, down = across[None, left:right], down[top:bottom, None]
    away = [(lens.eye[part] - centre[part]) / radius for part in range(3)]
    ray = [
        (lens.ahead[part] + across * lens.right[part] - down * lens.up[part]) * np.float32(1 / radius)
        for part in range(3)
    ]
    away[2] *= _SQUAT
    ray[2] = ray[2] * np.float32(_SQUAT)
    long = ray[0] ** 2 + ray[1] ** 2 + ray[2] ** 2
    half = ray[0] * np.float32(away[0]) + ray[1] * np.float32(away[1]) + ray[2] * np.float32(away[2])
    billow = 1 + 0.24 * _billow(ray, away, half, long, smoke)
    rest = half**2 - long * np.float32(sum(part**2 for part in away)) + long * billow
    root = np.sqrt(np.maximum(rest, 0))
    enter = np.maximum((-half - root) / long, 0)
    leave = np.minimum((root - half) / long, canvas.sparse[top:bottom, left:right])
    unit = np.sqrt(1 + across**2 + down**2)  # units along the ray for one unit of depth
    through = np.where(rest > 0, np.maximum(leave - enter, 0) * unit, 0)
    cover = (1 - np.exp(-through / np.float32(_DENSE))) * np.float32(min(1.0, smoke.left / 1.2))
    rise = np.clip(away[2] + enter * ray[2], -1, 1)
    light = 0.86 + 0.12 * rise + 0.5 * (billow - 1)
    colours = np.clip(light[..., None] * _SMOKE, 0, 255).astype(np.uint8)
    canvas.veil(left, top, colours, cover)


def _billow(ray: list[np.ndarray], away: list[float], half: np.ndarray, long: np.ndarray, smoke: Smoke) -> np.ndarray:
    """Smooth noise (−1 … 1) on the cloud, by the direction from its middle of the point each ray comes closest to."""
    closest = np.maximum(-half / long, 0)
    x, y, z = (
        ((np.float32(away[part]) + closest * ray[part]) * np.float32(44) + np.float32(turn)).astype(np.int32)
        for part, turn in enumerate((smoke.x, smoke.y + smoke.age * 3, smoke.z - smoke.age * 4))
    )
    tile = _noise()
    return np.asarray(0.45 * (tile[x & 127, y & 127] + tile[y & 127, z & 127] + tile[z & 127, x & 127]))


@lru_cache(maxsize=1)
def _noise() -> np.ndarray:
    rng = np.random.default_rng(5)
    total = np.zeros((128, 128))
    for cells, weight in ((8, 0.6), (16, 0.3), (32, 0.15)):
        grid = rng.uniform(-1, 1, (cells, cells))
        place = np.arange(128) * cells / 128
        low = place.astype(int)
        share = place - low
        high = (low + 1) % cells
        rows = grid[low] * (1 - share)[:, None] + grid[high] * share[:, None]
        total += weight * (rows[:, low] * (1 - share)[None, :] + rows[:, high] * share[None, :])
    return total.astype(np.float32)


def draw_fire(canvas: Canvas, lens: Lens, fire: Fire) -> None:
    """Tongues of flame spread over the burning ground; where they are and how they lick depends on spot and age."""
    centre = (fire.x, fire.y, fire.z + 20)
    window = _window(lens, centre, fire.radius + 40)
    if window is None or _hidden(canvas, lens, centre, fire.radius + 40, window):
        return
    left, right, top, bottom = window
    heat = np.zeros((bottom - top, right - left), np.float32)
    depth = canvas.sparse[top:bottom, left:right]
    rng = np.random.default_rng(abs(round(fire.x * 7 + fire.y * 13)))
    spread = fire.radius * min(1.0, 0.3 + fire.age / 1.2)
    places = rng.uniform(0, 1, (_FLAMES, 4))
    for number, (far, around, size, beat) in enumerate(places):
        angle, reach = around * 2 * math.pi, spread * math.sqrt(far)
        flicker = 0.75 + 0.35 * math.sin(fire.age * (9 + 7 * beat) + number)
        foot = lens.project((fire.x + reach * math.cos(angle), fire.y + reach * math.sin(angle), fire.z))
        if foot is None:
            continue
        tall = (26 + 40 * size) * flicker * min(1.0, fire.left / 0.8) * lens.focal / foot[2]
        _lick(heat, depth, foot, tall, tall * 0.42, (left, top))
    hot = np.clip(heat, 0, 1.4)
    colours = np.stack([np.minimum(255, 190 + 120 * hot), 40 + 150 * hot, 10 + 90 * np.maximum(hot - 0.7, 0)], -1)
    canvas.veil(left, top, np.clip(colours, 0, 255).astype(np.uint8), np.clip(heat * 1.3, 0, 0.93))


def _lick(
    heat: np.ndarray,
    depth: np.ndarray,
    foot: tuple[float, float, float],
    tall: float,
    broad: float,
    corner: tuple[int, int],
) -> None:
    column, row = foot[0] - corner[0], foot[1] - corner[1]
    x0, x1 = max(0, math.floor(column - broad)), min(heat.shape[1], math.ceil(column + broad) + 1)
    y0, y1 = max(0, math.floor(row - tall)), min(heat.shape[0], math.ceil(row + broad * 0.3) + 1)
    if x0 >= x1 or y0 >= y1:
        return
    rise = (row - np.arange(y0, y1)[:, None]) / max(1.0, tall)
    aside = np.abs(np.arange(x0, x1)[None, :] - column + np.sin(rise * 7 + column) * broad * 0.15) / max(1.0, broad)
    waist = np.clip(1 - rise, 0, 1) ** 0.8 * np.clip(rise * 4 + 0.6, 0, 1)
    glow = np.clip(waist - aside, 0, 1) * (1.2 - 0.4 * rise)
    window = heat[y0:y1, x0:x1]
    window += np.where(depth[y0:y1, x0:x1] > foot[2] - 12, glow, 0).astype(np.float32)


def draw_flash(canvas: Canvas, lens: Lens, point: tuple[float, float, float], size: float) -> None:
    """A muzzle flash ``size`` units wide at a world point."""
    window = _window(lens, point, size)
    seen = lens.project(point)
    if window is None or seen is None or seen[2] < _TOO_NEAR:
        return
    left, right, top, bottom = window
    x = (np.arange(left, right)[None, :] - seen[0]) * seen[2] / lens.focal / size
    y = (np.arange(top, bottom)[:, None] - seen[1]) * seen[2] / lens.focal / size
    glow = np.clip(1 - np.hypot(x, y) * (1.9 + 0.85 * np.cos(5 * np.arctan2(y, x) + seen[0])), 0, 1)
    glow = np.where(canvas.sparse[top:bottom, left:right] > seen[2] - 10, glow, 0)
    colours = np.stack([np.full_like(glow, 255), 190 + 60 * glow, 90 + 140 * glow], -1).astype(np.uint8)
    canvas.veil(left, top, colours, np.clip(glow * 1.6, 0, 1))


def _hidden(
    canvas: Canvas, lens: Lens, centre: tuple[float, float, float], radius: float, window: tuple[int, int, int, int]
) -> bool:
    """Whether everything in the window stands before the ball."""
    left, right, top, bottom = window
    return bool(canvas.sparse[top:bottom, left:right].max() < lens.seen(centre)[2] - radius)


def _window(lens: Lens, centre: tuple[float, float, float], radius: float) -> tuple[int, int, int, int] | None:
    """Columns and rows (left, right, top, bottom) that hold a ball; the whole picture when the eye is in it."""
    right, up, depth = lens.seen(centre)
    if depth < -radius:
        return None
    if depth <= radius * 1.05:
        return 0, lens.width, 0, lens.height
    column, row = lens.width / 2 + right / depth * lens.focal, lens.height / 2 - up / depth * lens.focal
    reach = radius * lens.focal / (depth - radius) + 2
    x0, x1 = max(0, math.floor(column - reach)), min(lens.width, math.ceil(column + reach))
    y0, y1 = max(0, math.floor(row - reach)), min(lens.height, math.ceil(row + reach))
    return (x0, x1, y0, y1) if x0 < x1 and y0 < y1 else None
