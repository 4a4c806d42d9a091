"""How well a model reads frames that it never saw: exact matches by field.

    python -m apps.training.trainers.hud.measure --model FOLDER [--real DIR] [--samples DIR] [--limit 200] [--reshape]
        [--json FILE]

``--reshape`` shows every real frame in other sizes and shapes too; ``--given`` cuts by the truth instead of looking for
the HUD; ``--json`` writes the figures for the evaluation page and the model card, which read FOLDER/evaluation.json.
"""

import argparse
import hashlib
import json
import sys
from collections import defaultdict
from datetime import UTC, datetime
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
COMMON = {"health": 100, "armor": 100}  # what most frames show hides errors on the others: counted apart
SIZES = ((800, "up to 800 lines"), (1100, "801 to 1100 lines"), (10**6, "more than 1100 lines"))


def measure(reader: Reader, frames: list[Labelled], size: tuple[int, int] | None, given: bool) -> dict[str, Any]:
    """Exact fields by name, over values that are shown and over those that are null, and the errors."""
    right: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    apart: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    sizes: dict[str, list[int]] = {name: [0, 0] for _, name in SIZES}
    wrong: list[Any] = []
    malformed = 0
    for start in range(0, len(frames), BATCH):
        part = frames[start : start + BATCH]
        images = [Image.open(one.path).convert("RGB") for one in part]
        if size is not None:
            images = [image.resize(size, Image.Resampling.LANCZOS) for image in images]
        told = readings(reader, images, [one.placement for one in part] if given else None)
        for one, image, values in zip(part, images, told, strict=True):
            malformed += values is None
            lines = next(name for most, name in SIZES if image.height <= most)
            for name in FIELDS:
                truth = one.values[name]
                guess = None if values is None else values[name]
                good = guess == truth and values is not None
                at = 0 if truth is not None else 2
                right[name][at] += good
                right[name][at + 1] += 1
                if truth is not None:
                    sizes[lines] = [sizes[lines][0] + good, sizes[lines][1] + 1]
                    if name in COMMON and truth != COMMON[name]:
                        other = apart[f"{name} other than {COMMON[name]}"]
                        other[0], other[1] = other[0] + good, other[1] + 1
                if not good:
                    wrong.append((one.path.name, name, truth, guess))
    return {
        "fields": dict(right),
        "malformed": malformed,
        "frames": len(frames),
        "apart": dict(apart),
        "sizes": {name: pair for name, pair in sizes.items() if pair[1]},
        "wrong": wrong,
    }


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


def evaluation(model: Path, measured: dict[str, dict[str, Any]], shapes: dict[str, Any]) -> dict[str, Any]:
    """The file of ``--json``: every set with its kind and the size to which its frames were brought (null: none)."""
    weights = hashlib.sha256()
    for path in sorted(model.glob("*.safetensors")):
        weights.update(path.read_bytes())
    sets = [
        {"name": name, "kind": "real" if name.startswith("real") else "simulated", "size": shapes[name], **told}
        for name, told in measured.items()
    ]
    made = datetime.now(UTC).date().isoformat()
    return {"made": made, "weights": weights.hexdigest(), "sets": sets}


def _write(path: Path, told: dict[str, Any]) -> None:
    draft = path.with_name(f".{path.name}")
    draft.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    draft.replace(path)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--real", type=Path)
    parser.add_argument("--samples", type=Path)
    parser.add_argument("--limit", type=int, default=200)
    parser.add_argument("--reshape", action="store_true")
    parser.add_argument("--given", action="store_true")
    parser.add_argument("--wrong", type=int, default=25)
    parser.add_argument("--json", type=Path, metavar="FILE")
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
    measured = {}
    for name, (frames, size) in sets.items():
        told = measured[name] = measure(reader, frames, size, options.given)
        sys.stdout.write(f"{name}: {table(told)}\n")
        for line in told["wrong"][: options.wrong]:
            sys.stdout.write(f"    {json.dumps(line, ensure_ascii=False)}\n")
        sys.stdout.flush()
    if options.json:
        _write(options.json, evaluation(options.model, measured, {name: size for name, (_, size) in sets.items()}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
