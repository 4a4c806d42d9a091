"""Train the finder's second look (``captures.hud.looking_closer``).

    python -m apps.training.trainers.hud.closer --samples DIR [--real DIR] --output closer.safetensors

Windows around the places of all marks are cut out once, with room around them; every step looks at them from places
that are somewhat wrong, as the first look's are. A run that was stopped goes on from its last state
(``<output>.state``). Needs about ten minutes on two cores.
"""

import argparse
import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch.nn import functional as F  # noqa: N812 - torch's own name

from apps.captures.hud.groups import MARKS
from apps.captures.hud.looking_closer import CELL, LAYERS, LOOK, NEAR
from apps.captures.hud.placing import cut
from apps.training.trainers.hud.labels import Labelled, real, simulated
from apps.training.trainers.hud.marking import Marking
from apps.training.trainers.hud.pool import resized
from apps.training.trainers.hud.progress import Progress

WIDTHS = {"c1": (3, 16), "c2": (16, 32), "c3": (32, 32), "c4": (32, 32), "c5": (32, 32)}
GRID = (LOOK[1] // CELL, LOOK[0] // CELL)
ROOM = 15  # pixels of a window that it may lie beside its place: 20 of the HUD
KEPT = (LOOK[0] + 2 * ROOM, LOOK[1] + 2 * ROOM)
USUAL = 4.5  # standard deviation of how far it does
WRONG_SIZE = 0.015  # standard deviation of the first look's size
BATCH, RATE, REAL_SHARE, REAL_TIMES = 128, 2e-3, 0.3, 4
SAVE_EVERY = 250  # steps
Bank = tuple[np.ndarray, np.ndarray, np.ndarray]  # windows (n × KEPT × 3), number of the mark, whether it is there


class Closer(Marking):
    """The network of ``looking_closer.forward`` for learning."""

    def __init__(self) -> None:
        super().__init__(LAYERS, WIDTHS, rare=-3.0)

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        _, heat, shift = self.look(x)
        return heat, shift


def windows(frames: list[Labelled], times: int, dice: random.Random) -> Iterator[tuple[np.ndarray, int, bool]]:
    """Window, number of its mark and whether that is there; real frames ``times`` times, in other sizes and shapes."""
    for one in frames:
        if one.placement is None:
            continue
        image = Image.open(one.path).convert("RGB")
        yield from _of_one(image, one, dice)
        for _ in range(times - 1 if one.real else 0):
            yield from _of_one(*resized(image, one, dice), dice)


def _of_one(image: Image.Image, one: Labelled, dice: random.Random) -> Iterator[tuple[np.ndarray, int, bool]]:
    placement = one.placement
    assert placement is not None
    unit = placement.unit[0] * dice.gauss(1, WRONG_SIZE), placement.unit[1] * dice.gauss(1, WRONG_SIZE)
    wide, high = NEAR[0] / 2 * KEPT[0] / LOOK[0] * unit[0], NEAR[1] / 2 * KEPT[1] / LOOK[1] * unit[1]
    for number, mark in enumerate(MARKS):
        unknown = one.real and mark.name == "primary"  # labels of real frames do not tell
        if mark.anchor in placement.origins and not unknown:
            x, y = placement.at(mark)
            window = cut(image, (x - wide, y - high, x + wide, y + high), KEPT)
            yield np.asarray(window), number, mark.name in one.marks


def bank(frames: list[Labelled], times: int = 1) -> Bank | None:
    found = list(windows(frames, times, random.Random(0)))  # noqa: S311 - pictures
    if not found:
        return None
    return np.stack([one for one, _, _ in found]), np.array([n for _, n, _ in found]), np.array([t for *_, t in found])


def shifted(one: Bank, rows: np.ndarray, dice: np.random.Generator) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Windows as a wrong placement would cut them (n × 3 × 48 × 72, −1 … 1), where in them the place is (x, y in
    cells), and which of them show their mark.
    """
    away = np.clip(np.rint(dice.normal(0, USUAL, (len(rows), 2))), -ROOM, ROOM).astype(int)
    parts = [
        one[0][row, ROOM + dy : ROOM + dy + LOOK[1], ROOM + dx : ROOM + dx + LOOK[0]]
        for row, (dx, dy) in zip(rows, away, strict=True)
    ]
    pictures = torch.from_numpy(np.stack(parts)).permute(0, 3, 1, 2).float() / 127.5 - 1
    points = (np.array(LOOK) / 2 - away) / CELL
    return pictures, torch.from_numpy(points).float(), torch.from_numpy(one[2][rows])


def own(answer: tuple[torch.Tensor, torch.Tensor], marks: np.ndarray) -> tuple[torch.Tensor, torch.Tensor]:
    """What the network says of each window's own mark: heat (n × 12 × 18), shift (n × 2 × 12 × 18)."""
    rows = torch.arange(len(marks))
    numbers = torch.from_numpy(marks)
    return answer[0][rows, numbers], answer[1][rows, numbers]


def loss_of(heat: torch.Tensor, shift: torch.Tensor, points: torch.Tensor, there: torch.Tensor) -> torch.Tensor:
    """Heat against a blot around the mark, shift near it."""
    rows, columns = torch.arange(GRID[0])[:, None] + 0.5, torch.arange(GRID[1])[None] + 0.5
    dx, dy = points[:, 0, None, None] - columns, points[:, 1, None, None] - rows
    away = dx**2 + dy**2
    goal = torch.exp(-away / 1.5) * there[:, None, None]
    weight = torch.where(goal > 0.5, 12.0, 1.0) * (goal - heat.sigmoid()).abs().detach() ** 1.5
    blots = (F.binary_cross_entropy_with_logits(heat, goal, reduction="none") * weight).sum((1, 2)).mean()
    near = (away < 2.5) & there[:, None, None]
    miss = (shift[:, 0] - dx).abs() + (shift[:, 1] - dy).abs()
    total: torch.Tensor = blots + 2 * (miss * near).sum() / near.sum().clamp(min=1)
    return total


def errors(model: Closer, one: Bank, count: int = 2000) -> str:
    """How far off (pixels of the HUD) found marks are, and the shares missed and invented."""
    dice = np.random.default_rng(1)
    rows = dice.choice(len(one[1]), min(count, len(one[1])), replace=False)
    with torch.no_grad():
        pictures, points, there = shifted(one, rows, dice)
        heat, shift = own(model(pictures), one[1][rows])
    top = heat.flatten(1).argmax(1)
    sure = heat.flatten(1).amax(1).sigmoid() >= 0.3
    place = torch.stack([top % GRID[1], top // GRID[1]], 1) + 0.5
    place = place + shift.flatten(2)[torch.arange(len(rows)), :, top]
    away = ((place - points) * CELL * NEAR[0] / LOOK[0]).norm(dim=1)[sure & there].numpy()
    away = away if len(away) else np.array([np.nan])  # nothing is found yet
    invented, missed = (sure & ~there).float().sum() / (~there).sum(), 1 - (sure & there).float().sum() / there.sum()
    return (
        f"off by {np.mean(away):.2f} (p95 {np.percentile(away, 95):.2f}, most {away.max():.1f}), missed {missed:.1%},"
        f" invented {invented:.1%}"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--samples", type=Path, required=True)
    parser.add_argument("--real", type=Path)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=4000)
    parser.add_argument("--limit", type=int, default=4000, help="simulated frames")
    options = parser.parse_args()
    sim = simulated(options.samples)[: options.limit]
    photos = real(options.real) if options.real else []
    drawn = bank([one for one in sim if not one.held_out])
    shots = bank([one for one in photos if not one.held_out], REAL_TIMES)
    tests = {
        "simulated": bank([one for one in sim if one.held_out]),
        "real": bank([p for p in photos if p.held_out], 2),
    }
    assert drawn is not None
    torch.manual_seed(0)
    model = Closer()
    progress = Progress(model, options.output.with_suffix(".state"), options.steps, RATE)
    dice = np.random.default_rng(progress.step)
    begun = time.monotonic()
    while progress.step < options.steps:
        source = shots if shots is not None and dice.random() < REAL_SHARE else drawn
        rows = dice.integers(0, len(source[1]), BATCH)
        pictures, points, there = shifted(source, rows, dice)
        pictures = pictures * (0.6 + 0.8 * torch.rand(BATCH, 3, 1, 1)) + 0.3 * torch.randn(BATCH, 3, 1, 1)
        loss = loss_of(*own(model(pictures), source[1][rows]), points, there)
        progress.learn(loss)
        if progress.step % SAVE_EVERY == 0 or progress.step == options.steps:
            told = "; ".join(f"{name}: {errors(model, test)}" for name, test in tests.items() if test is not None)
            sys.stdout.write(f"{progress.step} {loss.item():.3f} {time.monotonic() - begun:.0f} s; {told}\n")
            sys.stdout.flush()
            progress.save()
    progress.write(options.output)
    return 0


if __name__ == "__main__":
    sys.exit(main())
