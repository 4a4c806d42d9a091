"""Frames to learn the HUD from, thousands of them: made-up values on changing scenery, in every shape a screen has.

    python -m apps.simulation.hudsamples.write OUT --count 20000 --seed 1

Writes ``OUT/frames/NNNNNN.jpg`` and a line of ``OUT/labels-0.jsonl`` for each: what the HUD shows (in the words of real
labelled frames; null where it is not shown), and where it stands. Run again, it goes on where it stopped.
"""

import argparse
import json
import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from apps.simulation.frames.fonts import FAMILIES, installed
from apps.simulation.frames.hud import clock_text, draw_hud
from apps.simulation.frames.hud_boxes import Anchor
from apps.simulation.frames.hud_style import HudStyle
from apps.simulation.frames.pen import Pen
from apps.simulation.frames.radar import name_middle
from apps.simulation.frames.randomisation import Randomisation
from apps.simulation.frames.render import darken
from apps.simulation.frames.view_layouts import known_layout
from apps.simulation.hudsamples import resuming, scenery
from apps.simulation.hudsamples.facts import MENU, OVER, WATCHING, Facts, made_up
from apps.simulation.items import Place, item
from apps.simulation.places import place_name

SIZES = (
    (1920, 1080), (1920, 1080), (1280, 720), (1600, 900), (2560, 1440), (1680, 1050), (1440, 900), (1920, 1200),
    (1280, 960), (1440, 1080), (1024, 768), (1280, 1024), (1366, 768), (2560, 1080),
)  # fmt: skip
VIEWS = 160


@dataclass(frozen=True)
class Shape:
    """How a frame came to its size: drawn at one, stretched to another, perhaps put into a window."""

    drawn: tuple[int, int]
    shown: tuple[int, int]
    window: tuple[int, int, int, int]  # margins: left, top, right, bottom

    @classmethod
    def of(cls, dice: random.Random) -> "Shape":
        drawn = dice.choice(SIZES)
        shown = drawn
        if dice.random() < 0.3:  # stretched to a full screen, as many play 4:3
            shown = dice.choice(((1920, 1080), (2560, 1440), (1680, 1050), (1280, 720)))
        elif dice.random() < 0.3:
            share = dice.uniform(0.6, 1.4)
            shown = round(drawn[0] * share), round(drawn[1] * share)
        window = (0, 0, 0, 0)
        if dice.random() < 0.12:
            window = (dice.randint(0, 12), dice.randint(20, 40), dice.randint(0, 12), dice.randint(0, 50))
        return cls(drawn, shown, window)

    def whole(self, image: Image.Image, dice: random.Random) -> Image.Image:
        if image.size != self.shown:
            image = image.resize(self.shown, Image.Resampling.BILINEAR)
        left, top, right, bottom = self.window
        if not any(self.window):
            return image
        grey = dice.randint(0, 255)
        framed = Image.new("RGB", (left + image.width + right, top + image.height + bottom), (grey, grey, grey))
        framed.paste(image, (left, top))
        return framed

    def where(self, pen: Pen) -> dict[str, Any]:
        """Pixels of the whole for one of the HUD's, and where the HUD's corner lies for what keeps to each anchor."""
        across, down = self.shown[0] / self.drawn[0], self.shown[1] / self.drawn[1]
        origins = {}
        for anchor in Anchor:
            own = pen.to(anchor)
            origins[anchor.name.lower()] = [self.window[0] + own.left * across, self.window[1] + own.top * down]
        return {"unit": [pen.unit * across, pen.unit * down], "origins": origins}


def sample(number: int, seed: int, pool: list[Image.Image]) -> tuple[Image.Image, dict[str, Any], Randomisation]:
    """The frame of that number and its line; the same again for the same seed and pool."""
    dice = random.Random(f"{seed}:{number}")  # noqa: S311 - pictures, not secrets
    look = Randomisation.of(dice.randrange(2**62))
    whole, line = picture(made_up(dice), look, dice, pool)
    return whole, line, look


def picture(
    facts: Facts,
    look: Randomisation,
    dice: random.Random,
    pool: list[Image.Image],
    maps: Sequence[str] = scenery.MAPS,
    hudless: float = 0.03,
) -> tuple[Image.Image, dict[str, Any]]:
    """The frame that shows ``facts`` in a look and shape of its own, and its line.

    ``maps`` are those whose picture the radar may show; with the chance ``hudless`` there is no HUD.
    """
    shape = Shape.of(dice)
    style = _style(dice, look)
    image = scenery.behind(pool, shape.drawn, dice)
    darken(image, round(look.shade, 2))
    hud = dice.random() > hudless
    if hud:
        layout = known_layout(dice.choice(maps)) if dice.random() < 0.7 else None
        draw_hud(image, facts.moment, facts.player, {}, style, layout, facts.watcher, facts.menu)
    pen = Pen.on(image, style.scale, (style.margin_x, style.margin_y), style.family)
    whole = look.finish(shape.whole(image, dice), _size(shape))
    line = {**(shown(facts, style) if hud else nothing()), **shape.where(pen), "size": list(whole.size)}
    line |= (
        marks(facts, pen, shape, radar=style.radar_size) if hud else {"list": False, "primary": False, "place_at": None}
    )
    return whole, line


def _size(shape: Shape) -> tuple[int, int]:
    left, top, right, bottom = shape.window
    return shape.shown[0] + left + right, shape.shown[1] + top + bottom


def _style(dice: random.Random, look: Randomisation) -> HudStyle:
    families = [name for name in FAMILIES if installed(name)]
    family = "stock" if dice.random() < 0.6 and "stock" in families else dice.choice(families)
    return HudStyle(
        colour=0 if dice.random() < 0.75 else dice.randint(1, 12),
        scale=1.0 if dice.random() < 0.3 else dice.uniform(0.78, 1.16),
        margin_x=0.0 if dice.random() < 0.7 else dice.uniform(0, 0.05),
        margin_y=0.0 if dice.random() < 0.7 else dice.uniform(0, 0.04),
        radar_size=look.radar_size,
        radar_reach=1.0,
        radar_turns=look.radar_turns,
        counts_only=dice.random() < 0.15,
        family=family,
    )


def shown(facts: Facts, style: HudStyle) -> dict[str, Any]:
    """What the HUD shows of ``facts``, in the words of real labelled frames and of the answer's ``game_state``."""
    rules, player, moment = facts.moment.rules, facts.player, facts.moment
    clear = not facts.menu
    living = clear and player.alive
    held = item(player.active_weapon) if player.active_weapon else None
    loaded = living and held is not None and held.clip > 0 and held.place is not Place.MELEE and player.clip is not None
    bombed = rules.phase in ("planted", "over")
    weapon = None if held is None else f"{held.name} | {player.skin}" if player.skin and held.place < 3 else held.name
    owner = facts.watcher or player
    white = any(moment.tick - kill.tick < 26 for kill in moment.kill_feed if kill.attacker_slot == owner.slot)
    return {
        "clock": None if bombed or rules.clock_s is None else clock_text(rules.clock_s),
        "score_left": rules.score_ct,
        "score_right": rules.score_t,
        "alive_left": moment.alive("CT"),
        "alive_right": moment.alive("T"),
        "money": owner.money,
        "place": place_name(player.place) if clear and player.place else None,
        "health": player.health if living else None,
        "armor": player.armor if living else None,
        "helmet": (player.has_helmet and player.armor > 0) if living else None,
        "clip": player.clip if loaded else None,
        "reserve": player.reserve if loaded else None,
        "weapon": weapon if living else None,
        "hud_color": "white" if white else None if style.colour else {"CT": "blue", "T": "yellow"}[player.side],
        "phase": MENU if facts.menu else WATCHING if facts.watcher else OVER if rules.phase == "over" else "live",
        "side": player.side,
        "planted": rules.phase == "planted",
        **_carried(facts),
    }


def _carried(facts: Facts) -> dict[str, Any]:
    player = facts.player
    things = [item(short) for short in player.inventory]

    def first(place: Place) -> str | None:
        return next((thing.name for thing in things if thing.place is place), None)

    return {
        "weapon_primary": first(Place.PRIMARY),
        "weapon_secondary": first(Place.PISTOL),
        "utility": sorted(thing.name for thing in things if thing.place is Place.GRENADE),
        "defuser": player.has_defuser,
        "bomb": first(Place.BOMB) is not None,
    }


def marks(facts: Facts, pen: Pen, shape: Shape, *, radar: float) -> dict[str, Any]:
    """What a finder of the HUD can hold on to: is the list of things there, and the middle of the place's name."""
    player = facts.player
    things = [item(short) for short in player.inventory]
    name_at = None
    if player.place and not facts.menu:
        own = pen.to(Anchor.TOP_LEFT)
        x, y = name_middle(own, place_name(player.place), radar)
        across, down = shape.shown[0] / shape.drawn[0], shape.shown[1] / shape.drawn[1]
        left, top = own.left + x * own.unit, own.top + y * own.unit
        name_at = [shape.window[0] + left * across, shape.window[1] + top * down]
    return {
        "list": player.alive,
        "primary": player.alive and any(thing.place is Place.PRIMARY for thing in things),
        "place_at": name_at,
    }


def nothing() -> dict[str, Any]:
    """A frame without a HUD."""
    names = "clock score_left score_right alive_left alive_right money place health armor helmet clip reserve weapon"
    extra = "hud_color side planted weapon_primary weapon_secondary utility defuser bomb"
    return {**dict.fromkeys(f"{names} {extra}".split()), "phase": "other"}


def write(folder: Path, count: int, seed: int, part: int = 0, parts: int = 1) -> int:
    """Write what is missing of ``count`` samples; returns how many are there. Several processes share the work by
    ``part`` of ``parts``, each with lines of its own."""
    frames = folder / "frames"
    frames.mkdir(parents=True, exist_ok=True)
    lines = folder / f"labels-{part}.jsonl"
    resuming.mend(lines)
    known = resuming.known(folder)
    names = {number: f"{number:06d}.jpg" for number in range(part, count, parts)}
    missing = {number: name for number, name in names.items() if name not in known}
    pool = scenery.views(VIEWS, seed) if missing else []  # half a minute's work
    with lines.open("a") as out:
        for number, name in missing.items():
            image, line, look = sample(number, seed, pool)
            (frames / name).write_bytes(look.encoded(image))
            out.write(json.dumps({"file": name, **line}) + "\n")
            out.flush()
    return count


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--part", type=int, default=0)
    parser.add_argument("--parts", type=int, default=1)
    options = parser.parse_args()
    made = write(options.folder, options.count, options.seed, options.part, options.parts)
    sys.stdout.write(f"{made} samples in {options.folder}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
