"""The panel that says how a round ended, and the warm-up's."""

from apps.simulation.frames import hud_boxes as at
from apps.simulation.frames.avatars import sideways
from apps.simulation.frames.hud_screen import Screen, clock_text
from apps.simulation.frames.pen import WHITE, Colour

_TEAMS = {"CT": "Counter-Terrorist", "T": "Terrorist"}
_WON: tuple[int, int, int] = (14, 92, 36)
_LOST: tuple[int, int, int] = (110, 18, 18)


def draw_banner(screen: Screen) -> None:
    rules = screen.moment.rules
    if rules.phase == "over" and rules.winner in _TEAMS:
        won = rules.winner == screen.player.side
        _draw_panel(screen, "ROUND WON" if won else "ROUND LOST", won, _reason(screen, rules.winner))
    elif rules.phase == "warmup":
        words = "WARMUP" if rules.clock_s is None else f"WARMUP  {clock_text(rules.clock_s)}"
        screen.top.text(*at.WARMUP_AT, words, 15, WHITE, spacing=0.12)


def _draw_panel(screen: Screen, words: str, won: bool, reason: str) -> None:
    pen = screen.middle
    left, top, right, bottom = at.BANNER
    width, height = pen.px(right - left), pen.px(bottom - top)
    colour = _WON if won else _LOST
    bright: Colour = (64, 214, 116, 255) if won else (246, 88, 74, 255)
    pen.image.paste(colour, (pen.x(left), pen.y(top)), sideways(width, height, 0.3, 0.3, 215))
    for y in (top, bottom - 2):
        edge = sideways(width, max(1, pen.px(2)), 0.45, 0.45, 230)
        pen.image.paste(bright[:3], (pen.x(left), pen.y(y)), edge)
    pen.text(*at.BANNER_AT, words, at.BANNER_CAP, bright, spacing=0.62)
    pen.text(*at.BANNER_REASON_AT, reason, 9.5, WHITE)


def _reason(screen: Screen, winner: str) -> str:
    """Why, as far as the moment shows it."""
    loser = "T" if winner == "CT" else "CT"
    bomb = screen.moment.bomb
    state = bomb.state if bomb is not None else ""
    if winner == "T" and state == "exploded":
        return "The bomb has exploded."
    if winner == "CT" and state == "defused":
        return "The bomb has been defused."
    if screen.moment.alive(loser) == 0:
        return f"The {_TEAMS[winner]} team eliminated the {loser if loser == 'CT' else 'Terrorist'} team."
    return ""
