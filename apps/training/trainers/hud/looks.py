"""Other looks of a tile for training: other views behind its words, other light, grain."""

import math
import random
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from apps.captures.hud.groups import GROUPS, TILE, Group
from apps.captures.hud.placing import shaded
from apps.training.trainers.hud.pool import SCENE

# How often a group stands before a glaring wall, and how often cables, beams or other walls, and how often pieces of
# real views are put behind its words.
GLARE, WIRED, SET = {"place": 0.3}, {"place": 0.35, "alive": 0.6}, {"place": 0.6, "alive": 0.6}
GLARE_ELSE, WIRED_ELSE, SET_ELSE = 0.08, 0.1, 0.1
THICK = (1, 2, 3, 3, 4, 5, 6, 8, 20, 60, 200)  # pixels of a tile
_LEVELS = np.arange(256, dtype=np.float32)


class Looks:
    """Looks by ``dice``. ``scenes``: pieces of real views (height × width × 3, uint8 each) to put behind words."""

    def __init__(self, dice: random.Random, scenes: Sequence[np.ndarray]) -> None:
        self._dice, self._scenes = dice, scenes
        seed = dice.randrange(2**32)
        self._grain = np.random.default_rng(seed).normal(0, 1, (2 * TILE[1], 2 * TILE[0])).astype(np.float32)

    def tile(self, tile: np.ndarray) -> np.ndarray:
        """A tile in another look."""
        tile = tile.copy()
        for group in GROUPS:
            part = _within(tile, group)
            part[:] = self._elsewhere(part, group)
        tile = self._lit(tile)
        for group in GROUPS:
            if group.shaded:  # as ``pack`` does
                part = _within(tile, group)
                part[:] = shaded(part)
        return tile

    def part(self, part: np.ndarray, group: Group) -> np.ndarray:
        """``group`` alone in another look."""
        part = self._lit(self._elsewhere(part, group))
        return shaded(part) if group.shaded else part

    def _elsewhere(self, part: np.ndarray, group: Group) -> np.ndarray:
        """Sometimes with something else behind its words."""
        dice = self._dice
        if group.size[1] <= SCENE[1] and len(self._scenes) and dice.random() < SET.get(group.name, SET_ELSE):
            part = set_before(part, self._scenes[dice.randrange(len(self._scenes))], dice)
        if dice.random() < GLARE.get(group.name, GLARE_ELSE):
            part = (255 - (255 - _LEVELS) * dice.uniform(0.15, 0.6)).astype(np.uint8)[part]
        if dice.random() < WIRED.get(group.name, WIRED_ELSE):  # last: cables are dark before a bright sky
            part = wired(part, dice)
        return part

    def _lit(self, picture: np.ndarray) -> np.ndarray:
        """In other light, sometimes with grain."""
        dice = self._dice
        contrast, light, lift = dice.uniform(0.8, 1.2), dice.uniform(0.75, 1.25), dice.uniform(-12, 12)
        changed = np.empty_like(picture)
        for colour in range(3):
            curve = ((_LEVELS - 128) * contrast + 128) * light * dice.uniform(0.95, 1.05) + lift
            changed[..., colour] = curve.clip(0, 255).astype(np.uint8)[picture[..., colour]]
        if dice.random() < 0.4:
            height, width, _ = picture.shape
            row, column = dice.randrange(self._grain.shape[0] - height), dice.randrange(self._grain.shape[1] - width)
            grain = self._grain[row : row + height, column : column + width, None] * dice.uniform(1, 8)
            changed = (changed + grain).clip(0, 255).astype(np.uint8)
        return changed


def _within(tile: np.ndarray, group: Group) -> np.ndarray:
    (left, top), (width, height) = group.at, group.size
    return tile[top : top + height, left : left + width]


def wired(part: np.ndarray, dice: random.Random) -> np.ndarray:
    """``part`` (height × width × 3, uint8) with lines and beams behind its words, lighter or darker than it is."""
    height, width, _ = part.shape
    lines = Image.new("L", (width, height))
    for _ in range(dice.choice((1, 1, 2, 4, 12))):
        x, y, turn = dice.uniform(0, width), dice.uniform(0, height), dice.uniform(0, math.pi)
        dx, dy = width * math.cos(turn), width * math.sin(turn)
        ends = (x - dx, y - dy, x + dx, y + dy)
        ImageDraw.Draw(lines).line(ends, fill=dice.randint(120, 255), width=dice.choice(THICK))
    soft = lines.filter(ImageFilter.GaussianBlur(dice.choice((0, 0, 0.6, 1.0, 1.5))))  # as pictures made larger are
    covered = np.asarray(soft, np.float32)[..., None] / 255
    shade = dice.choice((dice.uniform(0, 60), dice.uniform(0, 255), dice.uniform(170, 255)))
    other = np.array([shade + dice.uniform(-35, 35) for _ in range(3)], np.float32).clip(0, 255)
    return before(part, other, covered)


def set_before(part: np.ndarray, scene: np.ndarray, dice: random.Random) -> np.ndarray:
    """``part`` with a place in ``scene`` (both height × width × 3, uint8, the latter no smaller) behind its words."""
    height, width, _ = part.shape
    top, left = dice.randint(0, scene.shape[0] - height), dice.randint(0, scene.shape[1] - width)
    other = scene[top : top + height, left : left + width].astype(np.float32)
    light, lift = dice.uniform(0.6, 1.6), dice.choice((0, 0, dice.uniform(-30, 90)))
    return before(part, (other * light + lift).clip(0, 255), dice.choice((1.0, 1.0, dice.uniform(0.5, 1.0))))


def before(part: np.ndarray, other: np.ndarray, share: np.ndarray | float) -> np.ndarray:
    """``part`` with its words before ``other`` (0 … 255) to that ``share``, and before what they stood before else.

    The game's words shine: they are seen as w + b (1 − w) before a ground b (0 … 1), so w follows from the ground, for
    which the part's median is taken, and the words can be put before another one.
    """
    ground = np.median(part, axis=(0, 1)).astype(np.float32)
    word = ((part - ground) / np.maximum(255 - ground, 1)).clip(0, 1)
    changed = part + share * (other - ground) * (1 - word)
    return np.asarray(changed.clip(0, 255), np.uint8)
