"""Labelled frames to learn the HUD from: simulated ones with their place in the picture, and real ones."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from apps.captures.hud.groups import MARKS, Anchor
from apps.captures.hud.placing import Placement, Point

ANCHORS: tuple[Anchor, ...] = ("top_left", "top", "middle", "bottom_left", "bottom", "bottom_right")
# Real frames are of two matches, filmed once a second: neighbours are nearly the same picture.
BLOCK, EVERY = 24, 5


@dataclass(frozen=True)
class Labelled:
    """A frame and what is known of it. ``marks`` are the points that can be seen, in pixels of the picture."""

    path: Path
    values: dict[str, Any]
    placement: Placement | None
    marks: dict[str, Point]
    real: bool = False
    held_out: bool = False


def simulated(folder: Path) -> list[Labelled]:
    """What ``apps.simulation.hudsamples.write`` left in ``folder``; every 20th is held out."""
    lines = [line for part in sorted(folder.glob("labels-*.jsonl")) for line in part.read_text().splitlines()]
    return [_simulated(folder, json.loads(line)) for line in lines]


def _simulated(folder: Path, line: dict[str, Any]) -> Labelled:
    held_out = int(line["file"].split(".")[0]) % 20 == 0
    path = folder / "frames" / line["file"]
    if line["phase"] == "other":
        return Labelled(path, line, None, {}, held_out=held_out)
    unit = line["unit"]
    origins = {anchor: tuple(line["origins"][anchor]) for anchor in ANCHORS}
    if line["place_at"] is None:
        del origins["top_left"]
    else:
        origins["top_left"] = tuple(line["place_at"][axis] - (150, 312)[axis] * unit[axis] for axis in (0, 1))
    placement = Placement((unit[0], unit[1]), origins)
    return Labelled(path, line, placement, dict(_marks(line, placement)), held_out=held_out)


def real(folder: Path) -> list[Labelled]:
    """Real 1920×1080 frames with ``labels.jsonl`` beside ``frames/``; every fifth block of neighbours is held out."""
    lines = [json.loads(line) for line in (folder / "labels.jsonl").read_text().splitlines()]
    return [_real(folder, line, number // BLOCK % EVERY == EVERY - 1) for number, line in enumerate(lines)]


def _real(folder: Path, line: dict[str, Any], held_out: bool) -> Labelled:
    path = folder / "frames" / line["file"]
    shown = line["phase"] != "other"
    placement = Placement((1.0, 1.0), dict.fromkeys(ANCHORS, (0.0, 0.0))) if shown else None
    there = {**line, "list": line["weapon"] is not None, "primary": False}
    marks = dict(_marks(there, placement)) if placement is not None else {}
    return Labelled(path, line, placement, marks, real=True, held_out=held_out)


def _marks(line: dict[str, Any], placement: Placement) -> Iterator[tuple[str, Point]]:
    for mark in MARKS:
        needed = line.get(mark.needs) if mark.needs else True
        if needed is None or needed is False or mark.anchor not in placement.origins:
            continue
        x, y = placement.origins[mark.anchor]
        yield mark.name, (x + mark.at[0] * placement.unit[0], y + mark.at[1] * placement.unit[1])
