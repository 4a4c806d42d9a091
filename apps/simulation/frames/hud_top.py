"""The top of the HUD: clock, scores, how many live, and everybody's avatar."""

import math

from apps.simulation.frames import hud_boxes as at
from apps.simulation.frames.avatars import avatar, bomb_sign, fading
from apps.simulation.frames.hud_screen import Screen, clock_text
from apps.simulation.frames.icons import icon
from apps.simulation.frames.pen import RED, SIDE_COLOURS, WHITE, Colour, Pen, faded
from apps.simulation.recording import PlayerState

_LINE: Colour = (190, 222, 240, 120)
_SIDES = ("CT", "T")


def draw_top(screen: Screen) -> None:
    _draw_clock(screen)
    for side in _SIDES:
        _draw_score(screen, side)
        if screen.style.counts_only:
            _draw_count(screen, side)
        else:
            _draw_team(screen, side)


def _draw_clock(screen: Screen) -> None:
    """The time left; a red bomb as long as one ticks, after the round too; else nothing when the round is over."""
    pen, rules = screen.top, screen.moment.rules
    pen.box(*at.CLOCK_BOX, (6, 12, 18, 165))
    left, top, right, bottom = at.SCORE_BOX
    shade = fading(pen.px(right - left), pen.px(bottom - top))
    pen.image.paste((10, 18, 26), (pen.x(left), pen.y(top)), shade)
    pen.box(left, top - 0.7, right, top + 0.9, _LINE)
    pen.box(959.2, top, 960.8, 76, _LINE)
    bomb = screen.moment.bomb
    if rules.phase == "planted" or (rules.phase == "over" and bomb is not None and bomb.state == "planted"):
        seconds = 0.0 if bomb is None else (screen.moment.tick - bomb.since_tick) / 64
        # It beats with the beeps, which come faster and faster.
        beat = abs(math.cos(math.pi * seconds * (1 + seconds / 12)))
        pen.put(bomb_sign(pen.unit, round(beat * 4) / 4), *at.CLOCK_AT)
    elif rules.clock_s is not None and rules.phase != "over":
        urgent = rules.phase == "freeze" or (rules.phase == "live" and rules.clock_s <= 10)
        pen.text(*at.CLOCK_AT, clock_text(rules.clock_s), at.CLOCK_CAP, RED if urgent else WHITE, digits=True)


def _draw_score(screen: Screen, side: str) -> None:
    pen, colour = screen.top, SIDE_COLOURS[side]
    score = screen.moment.rules.score_ct if side == "CT" else screen.moment.rules.score_t
    if score is not None:
        pen.text(*at.SCORE_AT[side], str(score), at.SCORE_CAP, colour, digits=True)
    pen.stamp(icon("person", pen.unit), *at.ALIVE_PERSON[side], colour)
    pen.text(*at.ALIVE_AT[side], str(screen.moment.alive(side)), at.ALIVE_CAP, faded(colour, 0.8), digits=True)


def _draw_count(screen: Screen, side: str) -> None:
    """How many live instead of who (``cl_teamcounter_playercount_instead_of_avatars``)."""
    left, top, right, bottom = at.COUNT_BOX[side]
    pen, colour = screen.top, SIDE_COLOURS[side]
    fill: Colour = (38, 58, 84, 235) if side == "CT" else (92, 80, 34, 235)
    pen.box(left, top, right, bottom, fill, edge=faded(colour, 0.9))
    pen.text((left + right) / 2, (top + bottom) / 2, str(screen.moment.alive(side)), 26, WHITE, digits=True)


def _draw_team(screen: Screen, side: str) -> None:
    """Five places for each side; the player comes first among his own."""
    own = screen.owner.slot
    members = sorted(
        (player for player in screen.moment.players.values() if player.side == side),
        key=lambda member: (member.slot != own, member.slot),
    )[:5]
    # Fewer than five stand next to the clock.
    first = at.AVATAR_LEFT[side] + (at.AVATAR_STEP * (5 - len(members)) if side == "CT" else 0.0)
    for place, member in enumerate(members):
        _draw_member(screen, member, first + place * at.AVATAR_STEP)


def _draw_member(screen: Screen, member: PlayerState, left: float) -> None:
    pen: Pen = screen.top
    middle = left + at.AVATAR / 2
    own = member.slot == screen.owner.slot
    edge = WHITE if own else SIDE_COLOURS[member.side]
    pen.put(avatar(member.side, pen.px(at.AVATAR), member.alive, edge), middle, at.AVATAR_TOP + at.AVATAR / 2)
    if member.side == screen.player.side and member.alive:
        top, bottom = at.MATE_BAR
        pen.box(left + 0.7, top, left + 0.7 + (at.AVATAR - 1.4) * min(1.0, member.health / 100), bottom, WHITE)
        if "c4" in member.inventory:
            across, down = at.C4_ON_AVATAR
            pen.cover(icon("bomb", pen.unit * 0.38), left + across, at.AVATAR_TOP + down, (250, 226, 30, 255))
    for kill in range(min(5, member.round_kills)):
        x = middle + (kill - (min(5, member.round_kills) - 1) / 2) * at.SKULL_STEP
        pen.stamp(icon("skull", pen.unit * 1.05), x, at.SKULLS_AT, (250, 250, 250, 255))
