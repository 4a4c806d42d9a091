"""Where one round ends and the next begins: the recording cut into stretches that look like rounds.

A stretch starts where an event says so (``round_prestart``, ``round_start``), where awpy's rounds do, and, before the
first of those, where most players spawn on one tick: servers send nothing else when warm-up gives way to a knife round.
Its end of freeze time and its decision are the event's, else awpy's, else inferred (``inferring``). What is too short
and was never played is no stretch.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import dataclass

import polars as pl

from apps.demos.parsing.match import inferring
from apps.demos.parsing.match.evidence import Evidence, ticks_of
from apps.demos.parsing.match.moments import Moment
from apps.demos.parsing.vocabulary import SIDES, TEAM_NUMBERS, side

# The game's numbers of reasons (CSRoundEndReason), in awpy's words.
REASONS = {
    1: "target_bombed", 2: "vip_escaped", 3: "vip_killed", 4: "terrorists_escaped", 5: "ct_stopped_escape",
    6: "terrorists_stopped", 7: "bomb_defused", 8: "ct_win", 9: "terrorists_win", 10: "round_draw",
    11: "all_hostages_rescued", 12: "target_saved", 13: "hostages_not_rescued", 14: "terrorists_not_escaped",
    15: "vip_not_escaped", 16: "game_start", 17: "terrorists_surrender", 18: "ct_surrender",
    19: "terrorists_planted", 20: "cts_reached_hostage",
}  # fmt: skip
TELLING = ("round_prestart", "round_start", "round_freeze_end", "round_end")
GAME_START = 16  # a "decision" that only says that the match commences
SAME_S = 1.0  # starts so close together are one
IDLE_S = 5.0  # a stretch that never left freeze time and is shorter is a restart's echo


@dataclass(frozen=True)
class Stretch:
    """``last`` is its last tick, ``decided`` the tick of the decision; ``begun``: its start was recorded.

    ``number`` is the game's own, one more than the rounds played, where awpy says it.
    """

    start: int
    last: int
    begun: bool = True
    freeze_end: int | None = None
    decided: int | None = None
    official: int | None = None
    winner: str = ""
    reason: str = ""
    number: int | None = None
    is_knife: bool = False


def cut(evidence: Evidence, moments: list[Moment]) -> list[Stretch]:
    """The stretches in order, without overlap; what was recorded of one that began earlier stands first."""
    first, last, rate = evidence.first_tick, evidence.last_tick, evidence.tick_rate
    starts = [tick for tick in _starts(evidence) if first <= tick <= last]
    bounds = [(first, False), *((tick, True) for tick in starts)]
    if starts and starts[0] - first <= SAME_S * rate:
        bounds = bounds[1:]  # from a match's first ticks nothing is missing
    ends = [tick - 1 for tick, _ in bounds[1:]] + [last]
    pieces = [
        _described(evidence, moments, start, end, begun=begun)
        for (start, begun), end in zip(bounds, ends, strict=True)
        if end >= start
    ]
    kept = [one for one in pieces if _is_play(one, evidence, moments, alone=len(pieces) == 1)]
    return kept or pieces[-1:]


def _starts(evidence: Evidence) -> list[int]:
    known = ticks_of(evidence.events, "round_prestart", "round_start") + _awpy(evidence, "start_tick")
    gap = SAME_S * evidence.tick_rate
    spawns = mass_spawns(evidence) if "player_spawn" in evidence.events else inferring.mass_moves(evidence)
    before = min(known) if known else None
    found: list[int] = []
    for tick in sorted({*known, *(tick for tick in spawns if before is None or tick < before - gap)}):
        if found and tick - found[-1] <= gap:
            if found[-1] not in known:  # people come in and spawn before anything begins
                found[-1] = tick
            continue
        found.append(tick)
    return found


def mass_spawns(evidence: Evidence) -> list[int]:
    """Ticks on which most of those spawn who ever do on one tick, three at least."""
    table = evidence.events.get("player_spawn")
    if table is None or table.is_empty() or not {"tick", "userid"} <= set(table.columns):
        return []
    counted = table.group_by("tick").agg(pl.col("userid").n_unique().alias("people"))
    most = int(counted["people"].max() or 0)  # type: ignore[arg-type]
    return sorted(int(tick) for tick in counted.filter(pl.col("people") >= max(3, most * 0.6))["tick"].to_list())


def _awpy(evidence: Evidence, column: str) -> list[int]:
    table = evidence.rounds
    if table is None or column not in table.columns:
        return []
    return [int(tick) for tick in table[column].drop_nulls().to_list()]


def _described(evidence: Evidence, moments: list[Moment], start: int, last: int, *, begun: bool) -> Stretch:
    row = _awpy_row(evidence, start, last)
    freeze_end = _first(ticks_of(evidence.events, "round_freeze_end"), start, last)
    if freeze_end is None:
        freeze_end = _inside(row.get("freeze_end_tick"), start, last)
    if freeze_end is None:
        freeze_end = _by_the_clock(moments, start, last)
    if freeze_end is None and begun and not evidence.events.keys() & set(TELLING):
        freeze_end = _inside(inferring.freeze_end(evidence, start), start, last)
    decided, winner, reason = _decision(evidence, row, freeze_end or start, last)
    if decided is None:
        live = freeze_end if begun else freeze_end or start
        decided, winner, reason = inferring.decision(evidence, live, last, timed=freeze_end is not None)
    if freeze_end is not None and decided is not None and decided < freeze_end:
        freeze_end = None
    official = None
    if decided is not None:
        official = _first(ticks_of(evidence.events, "round_officially_ended"), decided + 1, last + 1)
    official = official or (last + 1 if last < evidence.last_tick else None)
    number = row.get("round_num")
    return Stretch(
        start, last, begun, freeze_end, decided, official, winner, reason,
        int(number) if isinstance(number, int) else None, bool(row.get("is_knife_round")),
    )  # fmt: skip


def _awpy_row(evidence: Evidence, start: int, last: int) -> dict[str, object]:
    """awpy's round that is decided within the stretch; it also has rows of rounds "still in progress"."""
    table = evidence.rounds
    if table is None or not {"end_tick", "winner_side"} <= set(table.columns):
        return {}
    decided = pl.col("winner_side").cast(pl.String).is_in(list(SIDES))
    found = table.filter(decided, pl.col("end_tick").is_between(start, last)).sort("end_tick")
    return {} if found.is_empty() else found.row(0, named=True)


def _first(ticks: list[int], start: int, last: int) -> int | None:
    at = bisect_left(ticks, start)
    return ticks[at] if at < len(ticks) and ticks[at] <= last else None


def _inside(tick: object, start: int, last: int) -> int | None:
    return tick if isinstance(tick, int) and start <= tick <= last else None


def _by_the_clock(moments: list[Moment], start: int, last: int) -> int | None:
    """The end of freeze time that the game's clock tells after it."""
    told = [
        one.freeze_end
        for one in moments
        if start <= one.tick <= last and not one.freeze and not one.warmup and one.freeze_end is not None
    ]
    return _inside(told[0], start, last) if told else None


def _decision(evidence: Evidence, row: dict[str, object], start: int, last: int) -> tuple[int | None, str, str]:
    """Tick, winner and reason by awpy's row, else by the event."""
    if row and (found := side(row.get("winner_side"))):
        return int(str(row["end_tick"])), found, str(row.get("reason_name") or "")[:60]
    table = evidence.events.get("round_end")
    if table is None or "tick" not in table.columns:
        return None, "", ""
    for one in table.filter(pl.col("tick").is_between(start, last)).sort("tick").iter_rows(named=True):
        code, winner = _code(one.get("reason")), TEAM_NUMBERS.get(_code(one.get("winner")) or 0, "")
        if code != GAME_START and (winner or code):
            return int(one["tick"]), winner, REASONS.get(code or 0, "")
    return None, "", ""


def _code(value: object) -> int | None:
    text = str(value)
    return int(text) if text.isdigit() else None


def _is_play(one: Stretch, evidence: Evidence, moments: list[Moment], *, alone: bool) -> bool:
    if alone or one.decided is not None:
        return True
    length = (one.last - one.start + 1) / evidence.tick_rate
    if not one.begun and length < IDLE_S and not _somebody_acts(one, evidence):
        return False  # the recording began a breath before a round
    if one.freeze_end is not None:
        return True
    seen = Counter(moment.phase for moment in moments if one.start <= moment.tick <= one.last)
    if seen["live"] or seen["planted"]:
        return True
    if seen["over"] and not one.begun:
        return False
    ends_here = one.last >= evidence.last_tick
    return length >= IDLE_S and (seen["warmup"] > 0 or not ends_here) and _somebody_acts(one, evidence)


def _somebody_acts(one: Stretch, evidence: Evidence) -> bool:
    """Shots, hits or deaths: people play here, if only at warming up."""
    for name in ("shots", "damages", "kills"):
        table = evidence.tables.get(name)
        if table is not None and not table.filter(pl.col("tick").is_between(one.start, one.last)).is_empty():
            return True
    ticks = ticks_of(evidence.events, "player_death")
    return bisect_right(ticks, one.last) > bisect_left(ticks, one.start)
