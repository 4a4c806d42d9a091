"""A frame, what the model sees of it, and what it reads there, in one picture (the README's, for example).

python -m apps.training.trainers.hud.picture --model FOLDER IMAGE OUTPUT.png
"""

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from apps.captures.hud.finding import find
from apps.captures.hud.groups import GROUPS, TILE
from apps.captures.hud.pictures import FrameRefused, open_frame
from apps.captures.hud.placing import Placement, pack
from apps.captures.hud.readings import FIELDS
from apps.training.trainers.hud.read import MALFORMED, Reader, readings

WIDTH, GAP = 1040, 24  # of the frame as it is shown, and between the parts
GROUND, QUIET, TEXT, ACCENT = "#0d1117", "#9aa7b8", "#e8edf4", "#f0a43c"
LINE, SIZE = 25, 17


def compose(image: Image.Image, placement: Placement | None, reading: Mapping[str, Any]) -> Image.Image:
    """The frame with what was found in it, and beside it the tile above the reading, field by field."""
    high = round(image.height * WIDTH / image.width)
    tall = max(high, TILE[1] + GAP + LINE * len(FIELDS)) + 2 * GAP
    whole = Image.new("RGB", (WIDTH + TILE[0] + 3 * GAP, tall), GROUND)
    whole.paste(_framed(image, placement).resize((WIDTH, high), Image.Resampling.LANCZOS), (GAP, GAP))
    left = WIDTH + 2 * GAP
    whole.paste(pack(image, placement), (left, GAP))
    pen, face = ImageDraw.Draw(whole), ImageFont.load_default(SIZE)
    for number, name in enumerate(FIELDS):
        top = GAP + TILE[1] + GAP + number * LINE
        pen.text((left, top), name, QUIET, face)
        value = reading.get(name)
        words, colour = ("not shown", QUIET) if value is None else (_words(value), TEXT)
        pen.text((left + 150, top), words, colour, face)
    return whole


def _words(value: Any) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _framed(image: Image.Image, placement: Placement | None) -> Image.Image:
    framed = image.copy()
    pen = ImageDraw.Draw(framed)
    for group in GROUPS if placement is not None else ():
        box = placement.box(group) if placement is not None else None
        if box is not None and group.name not in ("banner", "watched"):
            pen.rectangle(box, outline=ACCENT, width=max(1, image.width // 960))
    return framed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("image", type=Path)
    parser.add_argument("output", type=Path)
    options = parser.parse_args()
    try:
        image = open_frame(options.image.read_bytes())
    except (OSError, FrameRefused) as error:
        sys.stderr.write(f"{options.image}: {error}\n")
        return 1
    placement = find(image)
    reading = readings(Reader(options.model), [image], [placement])[0]
    if reading is None:
        sys.stderr.write(f"{MALFORMED}\n")
        return 1
    compose(image, placement, reading).save(options.output)
    return 0


if __name__ == "__main__":
    sys.exit(main())
