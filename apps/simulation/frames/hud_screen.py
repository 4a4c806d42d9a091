"""What every part of the HUD needs to draw itself: the moment, the player, the colours, a pen for every edge."""

import math
from dataclasses import dataclass
from functools import cached_property

from PIL import Image

from apps.simulation.frames.hud_boxes import Anchor
from apps.simulation.frames.hud_style import HUD_COLOURS, HudStyle
from apps.simulation.frames.pen import SIDE_COLOURS, WHITE, Colour, Pen
from apps.simulation.recording import Moment, PlayerState

_KILL_FLASH_TICKS = 26  # the digits are white for a moment after a kill: 6 of the 392 real frames


def clock_text(seconds: float) -> str:
    """``114.2`` → ``"1:55"``: the game counts a begun second as a whole one."""
    whole = max(0, math.ceil(seconds))
    return f"{whole // 60}:{whole % 60:02d}"


@dataclass(frozen=True)
class Screen:
    moment: Moment
    player: PlayerState
    style: HudStyle
    pen: Pen
    owner: PlayerState  # whose screen it is: the player's, or that of a dead team-mate who watches them

    @classmethod
    def of(
        cls, image: Image.Image, moment: Moment, player: PlayerState, style: HudStyle, owner: PlayerState
    ) -> "Screen":
        pen = Pen.on(image, style.scale, (style.margin_x, style.margin_y), style.family)
        return cls(moment, player, style, pen, owner)

    @property
    def spectated(self) -> bool:
        return self.owner.slot != self.player.slot

    @cached_property
    def colour(self) -> Colour:
        """The HUD's own colour: that of the side or of the setting, white for a moment after a kill."""
        killed = (kill.tick for kill in self.moment.kill_feed if kill.attacker_slot == self.owner.slot)
        if any(self.moment.tick - tick < _KILL_FLASH_TICKS for tick in killed):
            return WHITE
        if self.style.colour in HUD_COLOURS:
            return (*HUD_COLOURS[self.style.colour], 255)
        return SIDE_COLOURS[self.player.side]

    @cached_property
    def enemies(self) -> str:
        return "T" if self.player.side == "CT" else "CT"

    @cached_property
    def top_left(self) -> Pen:
        return self.pen.to(Anchor.TOP_LEFT)

    @cached_property
    def top(self) -> Pen:
        return self.pen.to(Anchor.TOP)

    @cached_property
    def top_right(self) -> Pen:
        return self.pen.to(Anchor.TOP_RIGHT)

    @cached_property
    def middle(self) -> Pen:
        return self.pen.to(Anchor.MIDDLE)

    @cached_property
    def bottom_left(self) -> Pen:
        return self.pen.to(Anchor.BOTTOM_LEFT)

    @cached_property
    def bottom(self) -> Pen:
        return self.pen.to(Anchor.BOTTOM)

    @cached_property
    def bottom_right(self) -> Pen:
        return self.pen.to(Anchor.BOTTOM_RIGHT)
