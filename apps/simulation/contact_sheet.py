"""Twenty-four simulated frames on one sheet, for looking at them beside real ones.

    python -m apps.simulation.contact_sheet docs/images/simulated-frames.jpg [--seed 7]

Every kind of moment there is a wish for is looked for in two simulated matches, one on each of our maps.
"""

import argparse
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from apps.simulation.frames.pen import font
from apps.simulation.frames.randomisation import Randomisation
from apps.simulation.frames.render import is_buying, render_frame
from apps.simulation.frames.view_layouts import known_layout
from apps.simulation.items import Place, item
from apps.simulation.match.options import MatchOptions
from apps.simulation.match.simulate import simulate_match
from apps.simulation.recording import Moment, PlayerState, Recording
from apps.simulation.staging import recording_of

MAPS = ("de_quay", "de_stacks")
SIZES = ((1280, 720), (1920, 1080))
_CELL, _CAPTION, _COLUMNS = (480, 270), 20, 4
_STEP = 48  # ticks between the moments looked at
Fits = Callable[[Recording, Moment, PlayerState], bool]


@dataclass(frozen=True)
class Wish:
    """``watching``: the screen of a dead team-mate; ``look``: the seed of a randomised look."""

    caption: str
    fits: Fits
    watching: bool = False
    look: int | None = None


def _phase(*names: str) -> Fits:
    return lambda _, moment, player: moment.rules.phase in names and player.alive


def _holding(*shorts: str) -> Fits:
    return lambda _, moment, player: (
        player.alive and moment.rules.phase in ("live", "planted") and player.active_weapon in shorts
    )


def _buying(side: str) -> Fits:
    return lambda recording, moment, player: (
        player.side == side and (player.money or 0) > 2000 and is_buying(recording, moment, player)
    )


def _planted(side: str) -> Fits:
    return lambda _, moment, player: player.alive and player.side == side and moment.rules.phase == "planted"


def _over(won: bool) -> Fits:
    return lambda _, moment, player: (
        player.alive and moment.rules.phase == "over" and (moment.rules.winner == player.side) == won
    )


def _before(player: PlayerState, x: float, y: float, reach: float) -> bool:
    """Whether a point lies in front of the player, no farther than ``reach``."""
    angle = math.degrees(math.atan2(y - player.y, x - player.x)) - player.yaw
    return abs((angle + 180) % 360 - 180) < 32 and 60 < math.hypot(x - player.x, y - player.y) < reach


def _cloud(recording: Recording, moment: Moment, player: PlayerState) -> bool:
    clear = player.alive and not player.flash_left
    return clear and any(
        one.age > 1
        and _before(player, one.x, one.y, 800)
        and math.hypot(one.x - player.x, one.y - player.y) > 300
        and _open_way(recording, player, (one.x, one.y, one.z + 70))
        for one in moment.smokes
    )


def _fire(recording: Recording, moment: Moment, player: PlayerState) -> bool:
    return player.alive and any(
        _before(player, one.x, one.y, 700) and _open_way(recording, player, (one.x, one.y, one.z + 20))
        for one in moment.fires
    )


def _open_way(recording: Recording, player: PlayerState, point: tuple[float, float, float]) -> bool:
    """Whether no box of the layout lies between the player's eyes and the point."""
    layout = known_layout(recording.map_name)
    if layout is None:
        return True
    start, way = np.array(player.eye), np.array(point) - np.array(player.eye)
    way[way == 0] = 1e-9
    low, high = (np.array([getattr(box, name) for box in layout.boxes]) for name in ("low", "high"))
    near, far = np.sort([(low - start) / way, (high - start) / way], axis=0)
    entered, left = near.max(axis=1), far.min(axis=1)
    return not bool(((entered < left) & (left > 0) & (entered < 1)).any())


def _in_fog(moment: Moment, player: PlayerState) -> bool:
    """Whether a smoke fills most of the picture."""
    return any(math.hypot(one.x - player.x, one.y - player.y) < 2 * one.radius for one in moment.smokes)


def _own_kill(_: Recording, moment: Moment, player: PlayerState) -> bool:
    return player.alive and any(kill.attacker_slot == player.slot and kill.headshot for kill in moment.kill_feed)


def _several_grenades(_: Recording, moment: Moment, player: PlayerState) -> bool:
    carried = [short for short in player.inventory if item(short).place is Place.GRENADE]
    return player.alive and moment.rules.phase == "live" and len(carried) >= 4


WISHES: tuple[Wish, ...] = (
    Wish("warm-up", _phase("warmup")),
    Wish("freeze time", lambda r, m, p: _phase("freeze")(r, m, p) and 2 < (m.rules.clock_s or 0) < 9),
    Wish("buy menu, CT", _buying("CT")),
    Wish("buy menu, T", _buying("T")),
    Wish("AK-47", _holding("ak47")),
    Wish("M4", _holding("m4a1", "m4a1_silencer")),
    Wish("AWP", lambda r, m, p: _holding("awp")(r, m, p) and not p.scoped),
    Wish("AWP, scoped", lambda r, m, p: _holding("awp", "ssg08")(r, m, p) and p.scoped and not p.flash_left),
    Wish("submachine gun", _holding("mp9", "mac10", "mp7", "ump45", "p90", "mp5sd")),
    Wish("pistol", _holding("glock", "usp_silencer", "hkp2000", "deagle", "p250")),
    Wish("defusing", lambda _, m, p: p.alive and p.defusing),
    Wish("a grenade in hand", _holding("smokegrenade", "flashbang", "hegrenade", "molotov", "incgrenade")),
    Wish("C4 in hand", _holding("c4")),
    Wish("smoke", _cloud),
    Wish("flashed", lambda r, m, p: p.alive and 0.5 < p.flash_left < 1.2),
    Wish("fire", _fire),
    Wish("planted, T", _planted("T")),
    Wish("planted, CT", _planted("CT")),
    Wish("watching a team-mate", _phase("live"), watching=True),
    Wish("round won", _over(True)),
    Wish("round lost", _over(False)),
    Wish("low health", lambda r, m, p: 0 < p.health <= 20 and m.rules.phase in ("live", "planted")),
    Wish("own kill, randomised look", _own_kill, look=11),
    Wish("full pockets, randomised look", _several_grenades, look=4),
)


def contact_sheet(seed: int = 7) -> Image.Image:
    """The sheet of two simulated matches; the same for the same ``seed``."""
    return sheet_of([recording_of(simulate_match(seed, MatchOptions(map_name=name))) for name in MAPS])


def sheet_of(recordings: list[Recording], wishes: tuple[Wish, ...] = WISHES) -> Image.Image:
    """One frame for every wish, from the recordings in turn. Wishes that nothing fits leave their cell grey."""
    rows = math.ceil(len(wishes) / _COLUMNS)
    height = _CELL[1] + _CAPTION
    sheet = Image.new("RGB", (_COLUMNS * _CELL[0], rows * height), (40, 42, 44))
    draw = ImageDraw.Draw(sheet)
    for number, wish in enumerate(wishes):
        size = SIZES[(number + number // 2) % 2]
        left, top = number % _COLUMNS * _CELL[0], number // _COLUMNS * height
        for recording in recordings[number % len(recordings) :] + recordings[: number % len(recordings)]:
            found = _drawn(recording, wish, size, number)
            if found is not None:
                sheet.paste(found.resize(_CELL, Image.Resampling.LANCZOS), (left, top))
                break
        words = f"{wish.caption} · {size[0]} × {size[1]}"
        draw.text((left + 6, top + _CELL[1] + 2), words, font=font(14), fill=(220, 224, 228))
    return sheet


def _drawn(recording: Recording, wish: Wish, size: tuple[int, int], number: int) -> Image.Image | None:
    fitting = None
    for moment, player in _moments(recording, number):
        if not wish.fits(recording, moment, player):
            continue
        watcher = next((one.slot for one in _dead_mates(moment, player)), None) if wish.watching else None
        if wish.watching and watcher is None:
            continue
        fitting = fitting or (moment, player, watcher)
        if not _in_fog(moment, player) and _sees_somebody(recording, moment, player):
            fitting = (moment, player, watcher)
            break
    if fitting is None:
        return None
    moment, player, watcher = fitting
    look = None if wish.look is None else Randomisation.of(wish.look)
    return render_frame(recording, moment.tick, player.slot, size, own_screen=True, watcher=watcher, randomisation=look)


def _moments(recording: Recording, number: int) -> Iterator[tuple[Moment, PlayerState]]:
    """All there are, beginning somewhere else for every wish, except that a match begins with its warm-up."""
    ticks = list(range(recording.first_tick + 32, recording.last_tick, _STEP))
    start = len(ticks) * number * 7 // (8 * len(WISHES))
    for tick in ticks[start:] + ticks[:start]:
        moment = recording.at(tick)
        slots = sorted(moment.players)
        for shift in range(len(slots)):
            yield moment, moment.players[slots[(shift + number) % len(slots)]]


def _dead_mates(moment: Moment, player: PlayerState) -> list[PlayerState]:
    return [one for one in moment.players.values() if one.side == player.side and not one.alive]


def _sees_somebody(recording: Recording, moment: Moment, player: PlayerState) -> bool:
    others = (one for one in moment.players.values() if one.alive and one.slot != player.slot)
    return any(_before(player, one.x, one.y, 900) and _open_way(recording, player, one.eye) for one in others)


def main() -> None:
    parser = argparse.ArgumentParser(description="Twenty-four simulated frames on one sheet.")
    parser.add_argument("output", type=Path, metavar="FILE.jpg")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    options.output.parent.mkdir(parents=True, exist_ok=True)
    contact_sheet(options.seed).save(options.output, quality=84)


if __name__ == "__main__":
    main()
