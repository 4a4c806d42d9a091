"""What nobody tells of a round, made out of where people are, who lives, and the bomb.

Many servers' recordings have no ``round_end``, some no game event about rounds at all.
"""

import polars as pl

from apps.demos.parsing.match import bombs, settings
from apps.demos.parsing.match.evidence import Evidence
from apps.demos.parsing.ticks import between

FASTEST = 500.0  # units per second, falling apart: whoever gets farther was put there
JUMP = 250.0
MOST = 0.6  # of those alive
ENDED = {"exploded": ("T", "target_bombed"), "defused": ("CT", "bomb_defused")}
NOTHING = (None, "", "")
Decision = tuple[int | None, str, str]  # tick, winner, reason in awpy's words


def freeze_end(evidence: Evidence, start: int) -> int | None:
    """By the length of freeze time in the server's settings."""
    seconds = settings.seconds(evidence.convars.get("mp_freezetime"))
    return None if seconds is None else start + round(seconds * evidence.tick_rate)


def decision(evidence: Evidence, live: int | None, last: int, *, timed: bool) -> Decision:
    """The bomb's end, told or by its timer, the last death on a side, or the clock, if its start is known (``timed``).

    ``live`` is the first tick of play. A recording that tells decisions by ``round_end`` is believed: no event, none.
    """
    if live is None or "round_end" in evidence.events:
        return NOTHING
    happened = [(tick, what) for tick, what in bombs.happenings(evidence) if live <= tick <= last]
    inside = [(tick, *ENDED[what]) for tick, what in happened if what in ENDED]
    planted = [tick for tick, what in happened if what == "planted"]
    out = live + round(settings.live_s(evidence.map_name, evidence.convars) * evidence.tick_rate)
    if timed and not planted and out <= last:
        inside.append((out, "CT", "target_saved"))
    if planted and not inside:
        blown = planted[0] + round(settings.bomb_s(evidence.convars) * evidence.tick_rate)
        inside += [(blown, "T", "target_bombed")] if blown <= last else []
    first = min(inside, default=None)
    wiped = _wiped_out(evidence.states, live, first[0] if first else last, min(planted, default=None))
    return min([*inside, *wiped], default=NOTHING)


def _wiped_out(states: pl.DataFrame, live: int, last: int, planted: int | None) -> list[tuple[int, str, str]]:
    """When one side had lost its last player while somebody of the other lived; a planted bomb outlives its side."""
    window = between(states, live, last).filter(pl.col("side").is_not_null())
    alive = window.group_by("tick").agg(
        ((pl.col("health") > 0) & (pl.col("side") == team)).sum().alias(team) for team in ("CT", "T")
    ).sort("tick")  # fmt: skip
    if alive.is_empty() or min(alive["CT"][0], alive["T"][0]) == 0:
        return []
    found = []
    for team, winner, reason in (("T", "CT", "ct_win"), ("CT", "T", "terrorists_win")):
        gone = alive.filter((pl.col(team) == 0) & (pl.col(winner) > 0))
        if not gone.is_empty() and (team == "CT" or planted is None or planted > int(gone["tick"][0])):
            found.append((int(gone["tick"][0]), winner, reason))
    return [min(found)] if found else []


def mass_moves(evidence: Evidence) -> list[int]:
    """Ticks on which most of those alive, three at least, are suddenly far from where they were: a round begins."""
    states = evidence.states
    if states.is_empty():
        return []
    away = sum((pl.col(axis) - pl.col(axis).shift().over("slot")) ** 2 for axis in "xyz")
    passed = (pl.col("tick") - pl.col("tick").shift().over("slot")) / evidence.tick_rate
    counted = (
        states.select("tick", "slot", "x", "y", "z", "health")
        .sort("slot", "tick")
        .with_columns(_far=(away > (JUMP + FASTEST * passed) ** 2).fill_null(value=False))
        .filter(pl.col("health") > 0)
        .group_by("tick")
        .agg(pl.col("_far").sum().alias("far"), pl.len().alias("people"))
    )
    most = counted.filter(pl.col("far") >= 3, pl.col("far") >= pl.col("people") * MOST)
    return sorted(int(tick) for tick in most["tick"].to_list())
