"""Template words of a recording's page."""

from django import template

from apps.core.templatetags.chimera import clock, end_reason
from apps.demos import scoreboard_table
from apps.demos.models import Round
from apps.demos.scoreboard_table import Cell, Column
from apps.demos.selectors.match import Line, RoundView, TeamView

register = template.Library()

# How a round ended → its drawing in demo_icons.html.
ICONS = {
    "target_bombed": "bomb",
    "bomb_defused": "defuse",
    "target_saved": "time",
    "ct_win": "kill",
    "terrorists_win": "kill",
    "t_surrender": "flag",
    "ct_surrender": "flag",
}


@register.filter
def icon(reason: str) -> str:
    return ICONS.get(reason, "other")


@register.simple_tag
def columns() -> tuple[Column, ...]:
    return scoreboard_table.COLUMNS


@register.filter
def cells(line: Line, side: str) -> list[Cell]:
    return scoreboard_table.cells(line.figures[side])


@register.filter
def present(line: Line, side: str) -> str:
    """ "21 of 24 rounds"; nothing where somebody was there all the time."""
    of = line.figures[side]
    if not of or of.get("rounds_present") == of.get("rounds_played"):
        return ""
    return f"{of['rounds_present']} of {of['rounds_played']} rounds"


@register.simple_tag
def round_words(view: RoundView, teams: list[TeamView], tick_rate: float) -> str:
    """A round in one sentence: who won how, the score before it, what both had."""
    row = view.row
    parts = [f"Round {row.number}" + (", only partly recorded" if row.is_partial else "")]
    if view.winner is not None:
        how = f", {end_reason(row.end_reason)}" if row.end_reason else ""
        parts.append(f"{teams[view.winner].name} won as {row.winner_side}{how}")
    parts.append(f"score before {view.score[0]}–{view.score[1]}")
    parts += [_purse(view, roster, teams[roster].name) for roster in (0, 1) if view.buys[roster]]
    if row.plant_tick is not None:
        after = (row.plant_tick - (row.freeze_end_tick or row.start_tick)) / (tick_rate or 64)
        parts.append(f"planted{f' at {row.bomb_site}' if row.bomb_site else ''} after {clock(after)}")
    parts.append(f"played {clock(view.length_ticks / (tick_rate or 64))}")
    if row.paused_s:
        parts.append(f"paused {clock(row.paused_s)}")
    return " · ".join(parts)


def _purse(view: RoundView, roster: int, name: str) -> str:
    worth, money = view.equipment[roster], view.money[roster]
    return (
        f"{name} {view.buys[roster]}"
        + (f" ${worth:,}" if worth is not None else "")
        + (f", ${money:,} left" if money is not None else "")
    )


@register.filter
def at(pair: tuple[object, object], roster: int) -> object:
    """What of a pair belongs to a team."""
    return pair[roster]


@register.filter
def why_not(row: Round) -> str:
    """ "Warm-up": why a stretch does not count."""
    return str(row.get_not_counted_display()).capitalize()
