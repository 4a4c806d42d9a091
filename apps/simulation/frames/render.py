"""One frame: what one player sees at one tick, with their HUD."""

from collections.abc import Mapping
from functools import lru_cache

import numpy as np
from PIL import Image

from apps.simulation.frames.hud import draw_hud, hud_is_on
from apps.simulation.frames.pen import Pen
from apps.simulation.frames.radar import draw_radar
from apps.simulation.frames.view import camera_of, draw_view
from apps.simulation.frames.view_layouts import known_layout
from apps.simulation.recording import Recording


def render_frame(
    recording: Recording,
    tick: int,
    slot: int,
    size: tuple[int, int] = (1280, 720),
    convars: Mapping[str, str] | None = None,
    first_person: bool = True,
) -> Image.Image:
    """Render ``slot``'s view at ``tick`` as an RGB image of ``size``.

    ``convars`` are the console's HUD settings. Raises KeyError when that player is not in the recording then.
    """
    settings = convars or {}
    moment = recording.at(tick)
    player = moment.players[slot]
    camera = camera_of(player, first_person)
    hands = settings.get("r_drawviewmodel", "true").lower() not in ("0", "false")
    layout = known_layout(recording.map_name)
    image = draw_view(moment, player, camera, recording.map_name, size, layout, first_person, hands)
    image.paste((0, 0, 0), (0, 0), _shade(size))
    if hud_is_on(settings):
        pen = Pen.on(image)
        draw_hud(pen, moment, player, settings)
        draw_radar(pen, moment, player)
    return image


@lru_cache(maxsize=4)
def _shade(size: tuple[int, int]) -> Image.Image:
    """The dark strips behind the HUD at the bottom and, weaker, at the top."""
    row = (np.arange(size[1], dtype=np.float32) + 0.5) / size[1]
    dark = 150 * np.clip((row - 0.80) / 0.20, 0, 1) + 60 * np.clip((0.1 - row) / 0.1, 0, 1)
    return Image.fromarray(np.repeat(dark[:, None], size[0], axis=1).astype(np.uint8), "L")
