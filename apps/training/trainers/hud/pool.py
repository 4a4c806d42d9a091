"""The groups of many labelled frames, cut out once, from which tiles are composed for training.

    python -m apps.training.trainers.hud.pool [--samples DIR] [--real DIR] [--advice DIR] --output POOL

Every group is kept with a margin, so that training can move it about as an inexact finder would, and groups of
different frames can be put together.
"""

import argparse
import json
import random
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from apps.captures.hud.groups import GROUPS, MARGIN, OVERVIEW, TILE, Group
from apps.captures.hud.placing import Placement, cut, grown
from apps.training.trainers.hud.excerpts import TOLD
from apps.training.trainers.hud.glyphs import cells
from apps.training.trainers.hud.labels import Labelled, real, simulated

STRETCH = 0.012  # how wrong the finder's idea of the HUD's size may be
_FILTERS = (Image.Resampling.BILINEAR, Image.Resampling.BICUBIC, Image.Resampling.LANCZOS)
UNSURE_NAME = 0.5  # how often a place's name is moved farther
SCENES, SCENE = 8, (192, 64)  # pieces of what lies behind the HUD of each real frame, to be put behind words
# Parts of a frame in which there is no HUD, left to right and top to bottom: of everything, and just below the numbers
# of living players, where a banner may stand when no round is played. What stands behind those for seconds would
# otherwise be learnt for what they say.
VIEW, SKY = ((0.2, 0.8), (0.27, 0.77)), ((0.25, 0.75), (0.1, 0.25))
BY_NAME = 0.5  # of the groups alone: how many are drawn by what they tell, however rare that is, and not by frames
MOVE = 3  # pixels of the tile a group may stand beside its place


def build(frames: list[Labelled], folder: Path, again: int = 0) -> int:
    """Cut ``frames`` into ``folder``: ``<group>.npy`` and ``values.jsonl``; returns how many there are. Every frame is
    taken ``again`` that many times at other sizes and shapes.
    """
    as_they_are = len(frames)
    frames = frames * (1 + again)
    folder.mkdir(parents=True, exist_ok=True)
    dice = random.Random(0)  # noqa: S311 - pictures
    arrays = {group.name: _array(folder, group, len(frames)) for group in GROUPS}
    overviews = np.lib.format.open_memmap(  # type: ignore[no-untyped-call]
        folder / "overview.npy", "w+", np.uint8, (len(frames), OVERVIEW[3], OVERVIEW[2], 3)
    )
    with (folder / "values.jsonl").open("w") as lines:
        for number, frame in enumerate(frames):
            one, image = frame, Image.open(frame.path).convert("RGB")
            if number >= as_they_are:
                image, one = resized(image, one, dice)
            overviews[number] = np.asarray(image.resize(OVERVIEW[2:], Image.Resampling.BICUBIC, reducing_gap=2.0))
            there = []
            for group in GROUPS:
                box = None if one.placement is None else _unsure(one.placement, dice).box(group)
                if box is not None:
                    there.append(group.name)
                    arrays[group.name][number] = np.asarray(cut(image, *grown(group, box, MARGIN)))
            held = {"groups": there, "held_out": one.held_out, "real": one.real, "file": one.path.name}
            lines.write(json.dumps({**one.values, **held}) + "\n")
    return len(frames)


def scenes(frames: list[Labelled], folder: Path) -> int:
    """Cut pieces of the views, where no HUD is, of those of ``frames`` that are not held out into ``scenes.npy``:
    real walls, fences and trees to put behind words. Returns how many."""
    frames = [one for one in frames if not one.held_out]
    dice = random.Random(0)  # noqa: S311 - pictures
    found = np.lib.format.open_memmap(  # type: ignore[no-untyped-call]
        folder / "scenes.npy", "w+", np.uint8, (SCENES * len(frames), SCENE[1], SCENE[0], 3)
    )
    for number, one in enumerate(frames):
        image = Image.open(one.path).convert("RGB")
        for piece in range(SCENES):
            share = dice.uniform(0.5, 2.0)
            width, height = (min(share * side, 0.5 * whole) for side, whole in zip(SCENE, image.size, strict=True))
            x, y = SKY if piece % 2 and one.values["phase"] == "live" else VIEW
            left = dice.uniform(x[0] * image.width, x[1] * image.width - width)
            top = dice.uniform(y[0] * image.height, max(y[0], y[1] - height / image.height) * image.height)
            cutting = image.resize(SCENE, Image.Resampling.BICUBIC, box=(left, top, left + width, top + height))
            found[SCENES * number + piece] = np.asarray(cutting)
    return len(found)


def resized(image: Image.Image, one: Labelled, dice: random.Random) -> tuple[Image.Image, Labelled]:
    """The frame as if taken from a screen of another size and shape."""
    across = dice.uniform(0.6, 1.35)
    down = across if dice.random() < 0.5 else across * dice.uniform(0.85, 1.35)
    image = image.resize((round(image.width * across), round(image.height * down)), dice.choice(_FILTERS))
    placement = one.placement
    if placement is not None:
        unit = placement.unit[0] * across, placement.unit[1] * down
        origins = {anchor: (x * across, y * down) for anchor, (x, y) in placement.origins.items()}
        placement = Placement(unit, origins)
    marks = {name: (x * across, y * down) for name, (x, y) in one.marks.items()}
    return image, replace(one, placement=placement, marks=marks)


def _unsure(placement: Placement, dice: random.Random) -> Placement:
    """As a finder would tell it: the size slightly wrong. (Moving is left to the training.)"""
    share = 1 + dice.gauss(0, STRETCH / 2), 1 + dice.gauss(0, STRETCH / 2)
    unit = placement.unit[0] * share[0], placement.unit[1] * share[1]
    origins = {}
    for group in GROUPS:
        if group.anchor in placement.origins and group.anchor not in origins:
            x, y = placement.origins[group.anchor]
            across = (group.box[0] + group.box[2]) / 2 * placement.unit[0] * (1 - share[0])
            down = (group.box[1] + group.box[3]) / 2 * placement.unit[1] * (1 - share[1])
            origins[group.anchor] = (x + across, y + down)
    return Placement(unit, origins)


def _array(folder: Path, group: Group, count: int) -> Any:
    shape = (count, group.size[1] + 2 * MARGIN, group.size[0] + 2 * MARGIN, 3)
    return np.lib.format.open_memmap(  # type: ignore[no-untyped-call]
        folder / f"{group.name}.npy", "w+", np.uint8, shape
    )


class Pool:
    """Frames cut by :func:`build`, ready to be composed into tiles."""

    def __init__(self, folder: Path, *, held_out: bool = False) -> None:
        lines = [json.loads(line) for line in (folder / "values.jsonl").read_text().splitlines()]
        self._arrays = {group.name: np.load(folder / f"{group.name}.npy", mmap_mode="r") for group in GROUPS}
        self._overviews = np.load(folder / "overview.npy", mmap_mode="r")
        behind = folder / "scenes.npy"
        self.scenes = np.load(behind, mmap_mode="r") if behind.exists() else ()  # height × width × 3 each
        self.lines = lines
        self.rows = [number for number, line in enumerate(lines) if line["held_out"] == held_out]
        plain = [row for row in self.rows if lines[row]["phase"] == "live"]
        self._alike: dict[Any, list[int]] = {}
        for row in plain:
            self._alike.setdefault(lines[row]["hud_color"], []).append(row)
        self._lettered: dict[str, list[list[int]]] = {}

    def compose(
        self, dice: random.Random, *, mix: float, move: int = MOVE, row: int | None = None
    ) -> tuple[np.ndarray, dict[str, Any], dict[tuple[int, int], list[int]]]:
        """A tile (224 × 448 × 3, uint8), what it shows, and the characters in its cells; with the chance ``mix`` its
        groups are of different frames. Of a frame of chance, or of that in ``row``.
        """
        row = dice.choice(self.rows) if row is None else row
        line = self.lines[row]
        mates = self._alike.get(line["hud_color"], []) if line["phase"] == "live" and dice.random() < mix else []
        rows = {group.name: dice.choice(mates) if mates else row for group in GROUPS}
        # What is in hand decides ammunition, names and icons together.
        for name in ("primary", "pistol", "knife", "pocket", "icons", "ammunition", "watched", "banner"):
            rows[name] = rows["icons"]
        rows["shield"] = rows["vitals"]
        values = _together(self.lines, rows, line)
        tile = np.zeros((TILE[1], TILE[0], 3), np.uint8)
        left, top, width, height = OVERVIEW
        tile[top : top + height, left : left + width] = self._overviews[rows["icons"] if mates else row]
        letters: dict[tuple[int, int], list[int]] = {}
        whole = dice.randint(-move, move), dice.randint(-move, move)
        for group in GROUPS:
            if group.name not in self.lines[rows[group.name]]["groups"]:
                continue
            dx, dy = (min(move, max(-move, base + dice.randint(-2, 2))) for base in whole)
            part, found = self._moved(dice, group, rows[group.name], dx, dy)
            tile[group.at[1] : group.at[1] + group.size[1], group.at[0] : group.at[0] + group.size[0]] = part
            letters |= found
        return tile, values, letters

    def lettered(self, group: Group) -> list[list[int]]:
        """Rows in which ``group`` has letters, those that tell the same together."""
        if group.name not in self._lettered:
            alike: dict[Any, list[int]] = {}
            for row in self.rows:
                line = self.lines[row]
                if group.name in line["groups"] and cells(line, {}, {group.name}):
                    alike.setdefault(tuple(line[field] for field in TOLD[group.name]), []).append(row)
            self._lettered[group.name] = list(alike.values())
        return self._lettered[group.name]

    def excerpt(
        self, dice: random.Random, group: Group, *, move: int = MOVE
    ) -> tuple[np.ndarray, dict[str, Any], dict[tuple[int, int], list[int]]]:
        """``group`` of a frame of chance in which it has letters (height × width × 3, uint8), what the frame shows, and
        the characters in the tile's cells. What it tells is as often a rare thing as a common one."""
        alike = self.lettered(group)
        weights = None if dice.random() < BY_NAME else [len(rows) for rows in alike]
        row = dice.choice(dice.choices(alike, weights)[0])
        part, letters = self._moved(dice, group, row, dice.randint(-move, move), dice.randint(-move, move))
        return part, self.lines[row], letters

    def _moved(
        self, dice: random.Random, group: Group, row: int, dx: int, dy: int
    ) -> tuple[np.ndarray, dict[tuple[int, int], list[int]]]:
        if group.name == "place" and (dx or dy) and dice.random() < UNSURE_NAME:
            dx = dice.randint(-MARGIN, MARGIN)  # where a name of unknown length has its middle is hard to tell
        x, y = MARGIN + dx, MARGIN + dy
        part = self._arrays[group.name][row, y : y + group.size[1], x : x + group.size[0]]
        return part, cells(self.lines[row], {group.name: (float(dx), float(dy))}, {group.name})


_OF = {
    "clock": ("clock", "planted"), "scores": ("score_left", "score_right"), "alive": ("alive_left", "alive_right"),
    "money": ("money",), "place": ("place",), "vitals": ("health", "armor", "helmet"),
    "icons": ("weapon", "clip", "reserve", "weapon_primary", "weapon_secondary", "utility", "defuser", "bomb"),
}  # fmt: skip


def _together(lines: list[dict[str, Any]], rows: dict[str, int], base: dict[str, Any]) -> dict[str, Any]:
    values = dict(base)
    for group, names in _OF.items():
        for name in names:
            if name in lines[rows[group]]:
                values[name] = lines[rows[group]][name]
    return values


@contextmanager
def _whole(folder: Path) -> Iterator[Path]:
    """A folder to build in that becomes ``folder`` once it is whole: half a pool would be trained on."""
    part = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    yield part
    shutil.rmtree(folder, ignore_errors=True)
    part.replace(folder)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--samples", type=Path)
    parser.add_argument("--real", type=Path)
    parser.add_argument("--advice", type=Path)
    parser.add_argument("--output", type=Path, required=True)
    options = parser.parse_args()
    if options.samples:
        with _whole(options.output / "simulated") as folder:
            made = build(simulated(options.samples), folder)
        sys.stdout.write(f"{made} simulated frames\n")
    if options.advice:
        with _whole(options.output / "advice") as folder:
            made = build(simulated(options.advice), folder)
        sys.stdout.write(f"{made} frames with advice\n")
    if options.real:
        with _whole(options.output / "real") as folder:
            made = build(real(options.real), folder, again=3)
            scenes(real(options.real), folder)
        sys.stdout.write(f"{made} real frames\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
