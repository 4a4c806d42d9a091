"""One frame: what one player sees at one tick, with their HUD."""

from collections.abc import Mapping
from functools import lru_cache
from itertools import pairwise

import numpy as np
from PIL import Image, ImageEnhance

from apps.simulation.frames.hud import draw_hud
from apps.simulation.frames.hud_style import hud_is_on, style_of
from apps.simulation.frames.randomisation import Randomisation
from apps.simulation.frames.view import camera_of, draw_view
from apps.simulation.frames.view_layouts import known_layout
from apps.simulation.recording import Moment, PlayerState, Recording

_MENU_OPENS, _MENU_CLOSES = 128, 64  # ticks before and after a purchase


def render_frame(
    recording: Recording,
    tick: int,
    slot: int,
    size: tuple[int, int] = (1280, 720),
    convars: Mapping[str, str] | None = None,
    first_person: bool = True,
    *,
    own_screen: bool = False,
    watcher: int | None = None,
    randomisation: Randomisation | None = None,
) -> Image.Image:
    """Render ``slot``'s view at ``tick`` as an RGB image of ``size``.

    ``convars`` are the console's HUD settings. ``own_screen`` shows what only the player himself had on the screen
    (the buy menu while he buys), which playing a recording back does not; ``watcher`` is the slot of a dead
    team-mate on whose screen this is, watching ``slot``. Raises KeyError when one of them is not there then.
    """
    settings = dict(convars or {})
    drawn = size
    if randomisation is not None:
        settings |= randomisation.convars()
        drawn = randomisation.drawn_size(size)
    moment = recording.at(tick)
    player = moment.players[slot]
    owner = None if watcher is None else moment.players[watcher]
    menu = own_screen and owner is None and is_buying(recording, moment, player)
    backdrop = 0 if randomisation is None else randomisation.backdrop
    image = _view(recording, moment, player, drawn, settings, first_person, backdrop)
    image = grey_before_start(image, moment)
    strength = 1.0 if randomisation is None else randomisation.shade
    darken(image, round(strength, 2))
    if hud_is_on(settings):
        style = style_of(settings, "stock" if randomisation is None else randomisation.family)
        draw_hud(image, moment, player, settings, style, known_layout(recording.map_name), owner, menu)
    return image if randomisation is None else randomisation.finish(image, size)


def is_buying(recording: Recording, moment: Moment, player: PlayerState) -> bool:
    """Whether the player pays for something just about now, in freeze time: then his buy menu must be open."""
    if moment.rules.phase != "freeze" or player.money is None:
        return False
    before, after = (recording.at(moment.tick + shift) for shift in (-_MENU_CLOSES, _MENU_OPENS))
    money = [
        other.players[player.slot].money
        for other in (before, moment, after)
        if other.rules.phase == "freeze" and player.slot in other.players
    ]
    known = [value for value in money if value is not None]
    return any(later < earlier for earlier, later in pairwise(known))


def grey_before_start(image: Image.Image, moment: Moment) -> Image.Image:
    """In freeze time the world is nearly grey and gets its colours back in the last two seconds.

    Measured on 30 real frames: mean saturation 9–25 of 255 down to 3 s (one 41), 26–76 at 2 s, 37–139 at 1 s.
    """
    left = moment.rules.clock_s
    if moment.rules.phase != "freeze" or left is None:
        return image
    colours = min(1.0, max(0.14, 1.0 - 0.86 * (left - 0.2) / 2.0))
    return image if colours >= 1.0 else ImageEnhance.Color(image).enhance(colours)


def _view(
    recording: Recording,
    moment: Moment,
    player: PlayerState,
    size: tuple[int, int],
    settings: Mapping[str, str],
    first_person: bool,
    backdrop: int = 0,
) -> Image.Image:
    hands = settings.get("r_drawviewmodel", "true").lower() not in ("0", "false")
    camera, layout = camera_of(player, first_person), known_layout(recording.map_name)
    # A map without geometry has a backdrop by its name; each mark behind the name leads to the next one.
    name = recording.map_name + "!" * backdrop
    return draw_view(moment, player, camera, name, size, layout, first_person, hands)


def darken(image: Image.Image, strength: float) -> None:
    """The dark strips behind the HUD at the bottom and, weaker, at the top."""
    for top, mask in _shades(image.size, strength):
        image.paste((0, 0, 0), (0, top), mask)


@lru_cache(maxsize=8)
def _shades(size: tuple[int, int], strength: float) -> tuple[tuple[int, Image.Image], ...]:
    row = (np.arange(size[1], dtype=np.float32) + 0.5) / size[1]
    strips = []
    for first, last, peak in ((0.0, 0.1, 60), (0.8, 1.0, 150)):
        start, end = round(first * size[1]), round(last * size[1])
        share = (row[start:end] - first) / (last - first)
        dark = np.clip(strength * peak * (1 - share if first == 0 else share), 0, 255).astype(np.uint8)
        strips.append((start, Image.fromarray(np.repeat(dark[:, None], size[0], axis=1), "L")))
    return tuple(strips)
