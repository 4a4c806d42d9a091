"""Train the finder of the HUD (``captures.hud.finding``).

    python -m apps.training.trainers.hud.finder --samples DIR [--real DIR] --output finder.safetensors

Real frames, where given, are shown in other sizes and shapes too. A run that was stopped goes on from its last state
(``<output>.state``). Needs about half an hour on two cores.
"""

import argparse
import json
import random
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image, ImageEnhance
from torch import nn
from torch.nn import functional as F  # noqa: N812 - torch's own name

from apps.captures.hud.finding import CELL, LAYERS, SIZE
from apps.captures.hud.groups import MARKS
from apps.training.trainers.hud.labels import Labelled, real, simulated
from apps.training.trainers.hud.marking import Marking
from apps.training.trainers.hud.progress import Progress

WIDTHS = {"c1": (3, 16), "c2": (16, 24), "c3": (24, 32), "c4": (32, 32), "c5": (32, 32), "c6": (32, 48)}
GRID = (SIZE[1] // CELL, SIZE[0] // CELL)
NAMES = [mark.name for mark in MARKS]
BATCH, RATE, REAL_SHARE = 16, 2e-3, 0.25
SAVE_EVERY = 250  # steps
Example = tuple[np.ndarray, np.ndarray, np.ndarray]


class Finder(Marking):
    """The network of ``finding.forward`` for learning."""

    def __init__(self) -> None:
        super().__init__(LAYERS, WIDTHS, rare=-4.0)
        self.size1 = nn.Linear(2 * WIDTHS["c6"][1] + 3 * len(MARKS), 64)
        self.size2 = nn.Linear(64, 2)

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        x, heat, shift = self.look(x)
        pooled = torch.cat([x.mean((2, 3)), x.amax((2, 3)), at_peaks(heat.sigmoid().detach())], 1)
        return heat, shift, self.size2(F.relu(self.size1(pooled)))


def at_peaks(heat: torch.Tensor) -> torch.Tensor:
    sure, place = heat.flatten(2).max(2)
    row, column = place // GRID[1], place % GRID[1]
    return torch.stack([sure * (2 * column / GRID[1] - 1), sure * (2 * row / GRID[0] - 1), sure], 2).flatten(1)


def example(one: Labelled, dice: random.Random) -> Example:
    """Picture (288 × 512 × 3, uint8), marks (x, y in cells, −1 for absent) and the logarithm of the HUD's size."""
    image = Image.open(one.path).convert("RGB")
    marks, unit = one.marks, (1.0, 1.0) if one.placement is None else one.placement.unit
    size = image.size
    if one.real:
        image, marks, unit, size = reshaped(image, marks, dice)
    small = image.resize(SIZE, Image.Resampling.BILINEAR, reducing_gap=2.0)
    points = np.full((len(MARKS), 2), -1.0, np.float32)
    for number, name in enumerate(NAMES):
        if name in marks:
            x, y = marks[name][0] * SIZE[0] / size[0] / CELL, marks[name][1] * SIZE[1] / size[1] / CELL
            if 0 <= x < GRID[1] and 0 <= y < GRID[0]:
                points[number] = x, y
    scale = np.log([unit[0] * 1920 / size[0], unit[1] * 1080 / size[1]]).astype(np.float32)
    return np.asarray(small), points, scale


def examples(frames: list[Labelled], folder: Path, times: int = 1) -> list[Example]:
    """The examples of ``frames``, each ``times`` times; kept in ``folder``, since opening thousands takes minutes."""
    if not frames:
        return []
    if not (folder / "scales.npy").exists():
        folder.mkdir(parents=True, exist_ok=True)
        dice = random.Random(0)  # noqa: S311 - pictures
        shape = (len(frames) * times, SIZE[1], SIZE[0], 3)
        images = np.lib.format.open_memmap(  # type: ignore[no-untyped-call]
            folder / "images.npy", "w+", np.uint8, shape
        )
        points, scales = [], []
        for number, one in enumerate(one for one in frames for _ in range(times)):
            images[number], point, scale = example(one, dice)
            points.append(point)
            scales.append(scale)
        images.flush()
        np.save(folder / "points.npy", np.stack(points))
        np.save(folder / "scales.npy", np.stack(scales))
    kept = (np.load(folder / f"{name}.npy", mmap_mode="r") for name in ("images", "points", "scales"))
    return list(zip(*kept, strict=True))


def reshaped(image: Image.Image, marks: Any, dice: random.Random) -> tuple[Image.Image, Any, Any, Any]:
    """A real frame stretched, with room around it or a part of it cut away, in other light."""
    across, down = dice.uniform(0.8, 1.25), dice.uniform(0.85, 1.15)
    if dice.random() < 0.3:
        across = down = 1.0
    width, height = round(image.width * across), round(image.height * down)
    left, top = (dice.randint(-90, 90), dice.randint(-60, 60)) if dice.random() < 0.6 else (0, 0)
    size = (max(640, width + dice.choice((0, left, 2 * left))), max(480, height + dice.choice((0, top, 2 * top))))
    canvas = Image.new("RGB", size, (dice.randint(0, 60),) * 3)
    canvas.paste(image.resize((width, height), Image.Resampling.BILINEAR), (left, top))
    canvas = ImageEnhance.Brightness(canvas).enhance(dice.uniform(0.6, 1.4))
    canvas = ImageEnhance.Color(canvas).enhance(dice.uniform(0.4, 1.5))
    moved = {name: (x * across + left, y * down + top) for name, (x, y) in marks.items()}
    return canvas, moved, (across, down), size


def loss_of(answer: Any, points: torch.Tensor, scale: torch.Tensor, known: torch.Tensor) -> torch.Tensor:
    """Heat against blots around the marks, shift at the marks, size where there is a HUD."""
    heat, shift, size = answer
    there = points[..., 0] >= 0
    rows = torch.arange(GRID[0], device=heat.device)[:, None] + 0.5
    columns = torch.arange(GRID[1], device=heat.device)[None] + 0.5
    away = (columns - points[..., 0, None, None]) ** 2 + (rows - points[..., 1, None, None]) ** 2
    goal = torch.exp(-away / 1.5) * there[..., None, None]
    chance = heat.sigmoid()
    # Focal: most cells are far from every mark.
    weight = torch.where(goal > 0.5, 12.0, 1.0) * (goal - chance).abs().detach() ** 1.5
    blots = (F.binary_cross_entropy_with_logits(heat, goal, reduction="none") * weight).sum((1, 2, 3)).mean()
    near = (away < 2.5) & there[..., None, None]
    dx = points[..., 0, None, None] - columns
    dy = points[..., 1, None, None] - rows
    miss = (shift[:, :, 0] - dx).abs() + (shift[:, :, 1] - dy).abs()
    shifts = (miss * near).sum() / near.sum().clamp(min=1)
    sizes = ((size - scale).abs().sum(1) * known).sum() / known.sum().clamp(min=1)
    total: torch.Tensor = blots / len(MARKS) + shifts + 4 * sizes
    return total


def errors(model: Finder, examples: list[Example]) -> dict[str, float]:
    """Mean distance (HUD pixels) of found marks, share of marks missed and invented, mean size error (%)."""
    model.eval()
    away, missed, invented, wrong, total = [], 0, 0, [], 0
    with torch.no_grad():
        for image, points, scale in examples:
            x = torch.from_numpy(image.copy()).permute(2, 0, 1)[None].float() / 127.5 - 1
            heat, shift, guess = model(x)
            heat, shift = heat[0].sigmoid(), shift[0]
            for number in range(len(MARKS)):
                top = int(heat[number].argmax())
                row, column = divmod(top, GRID[1])
                sure = float(heat[number, row, column]) >= 0.3
                if points[number, 0] < 0:
                    invented += sure
                    continue
                total += 1
                if not sure:
                    missed += 1
                    continue
                dx = column + 0.5 + float(shift[number, 0, row, column]) - points[number, 0]
                dy = row + 0.5 + float(shift[number, 1, row, column]) - points[number, 1]
                away.append(np.hypot(dx * CELL * 1920 / SIZE[0], dy * CELL * 1080 / SIZE[1]))
            if (points[:, 0] >= 0).any():
                wrong.append(float(np.abs(guess[0].numpy() - scale).mean()) * 100)
    model.train()
    far = np.asarray(away or [999.0])
    return {
        "px_mean": float(far.mean()),
        "px_p95": float(np.percentile(far, 95)),
        "px_max": float(far.max()),
        "missed": missed / max(1, total),
        "invented": float(invented),
        "size_pct": float(np.mean(wrong)),
        "size_p95": float(np.percentile(wrong, 95)),
    }


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def loss_on(model: Finder, batch: list[Example], *, changed: bool) -> torch.Tensor:
    """``changed`` shows the pictures in other light, with grain."""
    images = torch.from_numpy(np.stack([one[0] for one in batch])).permute(0, 3, 1, 2).float() / 127.5 - 1
    if changed:
        images = images * (0.6 + 0.8 * torch.rand(BATCH, 3, 1, 1)) + 0.3 * torch.randn(BATCH, 3, 1, 1)
    points = torch.from_numpy(np.stack([one[1] for one in batch]))
    scale = torch.from_numpy(np.stack([one[2] for one in batch]))
    return loss_of(model(images), points, scale, (points[..., 0] >= 0).any(1).float())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--samples", type=Path, required=True)
    parser.add_argument("--real", type=Path)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=4000)
    parser.add_argument("--limit", type=int, default=6000)
    options = parser.parse_args()
    sim = simulated(options.samples)[: options.limit]
    photos = real(options.real) if options.real else []
    keep = options.output.with_suffix(".examples")
    bank = examples([one for one in sim if not one.held_out], keep / "simulated")
    shots = examples([one for one in photos if not one.held_out], keep / "real", times=6)
    tests = {
        "simulated": examples([one for one in sim if one.held_out][:200], keep / "simulated-held-out"),
        "real": examples([one for one in photos if one.held_out], keep / "real-held-out", times=2),
    }
    torch.manual_seed(0)
    model = Finder()
    progress = Progress(model, options.output.with_suffix(".state"), options.steps, RATE)
    dice = random.Random(progress.step)  # noqa: S311 - pictures
    begun = time.monotonic()
    while progress.step < options.steps:
        batch = [dice.choice(shots if shots and dice.random() < REAL_SHARE else bank) for _ in range(BATCH)]
        loss = loss_on(model, batch, changed=dice.random() < 0.5)
        progress.learn(loss)
        if progress.step % 50 == 0:
            _say(f"{progress.step} {loss.item():.3f} {time.monotonic() - begun:.0f} s")
        if progress.step % SAVE_EVERY == 0 or progress.step == options.steps:
            for name, test in tests.items():
                _say(f"{name} {json.dumps(errors(model, test))}" if test else f"{name}: none to test by")
            progress.save()
    progress.write(options.output)
    return 0


if __name__ == "__main__":
    sys.exit(main())
