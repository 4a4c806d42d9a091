"""How well a model reads frames that it never saw: exact matches by field.

    python -m apps.training.trainers.hud.measure --model FOLDER [--real DIR] [--samples DIR] [--limit 200] [--reshape]

``--reshape`` shows every real frame in other sizes and shapes too; ``--given`` cuts by the truth instead of looking for
the HUD.
"""

import argparse
import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

from PIL import Image

from apps.captures.hud.readings import FIELDS
from apps.training.trainers.hud.labels import Labelled, real, simulated
from apps.training.trainers.hud.read import Reader, readings

SHAPES = {
    "1280×720": (1280, 720),
    "2560×1440": (2560, 1440),
    "1680×1050 (squeezed)": (1680, 1050),
    "1440×1080 (squeezed)": (1440, 1080),
}
BATCH = 8


def measure(reader: Reader, frames: list[Labelled], size: tuple[int, int] | None, given: bool) -> dict[str, Any]:
    """Exact fields by name, over values that are shown and over those that are null, and the errors."""
    right: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    wrong: list[Any] = []
    malformed = 0
    for start in range(0, len(frames), BATCH):
        part = frames[start : start + BATCH]
        images = [Image.open(one.path).convert("RGB") for one in part]
        if size is not None:
            images = [image.resize(size, Image.Resampling.LANCZOS) for image in images]
        told = readings(reader, images, [one.placement for one in part] if given else None)
        for one, values in zip(part, told, strict=True):
            malformed += values is None
            for name in FIELDS:
                truth = one.values[name]
                guess = None if values is None else values[name]
                good = guess == truth and values is not None
                at = 0 if truth is not None else 2
                right[name][at] += good
                right[name][at + 1] += 1
                if not good:
                    wrong.append((one.path.name, name, truth, guess))
    return {"fields": dict(right), "malformed": malformed, "frames": len(frames), "wrong": wrong}


def table(told: dict[str, Any]) -> str:
    rows = [f"{told['frames']} frames, {told['malformed']} malformed"]
    total = [0, 0]
    for name, (good, shown, null, absent) in told["fields"].items():
        share = f"{100 * good / shown:6.2f} %" if shown else "     –"
        rows.append(f"  {name:12} {share}  {good}/{shown} shown, {null}/{absent} absent")
        total[0] += good
        total[1] += shown
    rows.append(f"  all shown    {100 * total[0] / max(1, total[1]):6.2f} %  {total[0]}/{total[1]}")
    return "\n".join(rows)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--real", type=Path)
    parser.add_argument("--samples", type=Path)
    parser.add_argument("--limit", type=int, default=200)
    parser.add_argument("--reshape", action="store_true")
    parser.add_argument("--given", action="store_true")
    parser.add_argument("--wrong", type=int, default=25)
    options = parser.parse_args()
    reader = Reader(options.model)
    sets: dict[str, tuple[list[Labelled], Any]] = {}
    if options.real:
        held = [one for one in real(options.real) if one.held_out][: options.limit]
        sets["real"] = (held, None)
        if options.reshape:
            sets |= {f"real, {name}": (held, size) for name, size in SHAPES.items()}
    if options.samples:
        sets["simulated"] = ([one for one in simulated(options.samples) if one.held_out][: options.limit], None)
    for name, (frames, size) in sets.items():
        told = measure(reader, frames, size, options.given)
        sys.stdout.write(f"{name}: {table(told)}\n")
        for line in told["wrong"][: options.wrong]:
            sys.stdout.write(f"    {json.dumps(line, ensure_ascii=False)}\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
