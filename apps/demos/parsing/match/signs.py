"""What tells a stretch of play from a round of the match: warm-up, knives, a new match, the money of the start."""

from collections.abc import Sequence

import polars as pl

from apps.demos.parsing.match.counting import Signs
from apps.demos.parsing.match.evidence import Evidence, ticks_of
from apps.demos.parsing.match.moments import Moment
from apps.demos.parsing.match.stretches import Stretch
from apps.demos.parsing.ticks import between

NEAR_S = 1.0
LOOK_S = 3.0  # after the end of freeze time: whoever may have more than a knife has it by then
HARMLESS = {"c4", "healthshot", "taser", "zeus x27"}
MANY = 4  # people who all lack something do not by chance
RESPAWNED = 2  # people who die and live again within one stretch: nobody does in a round


def read(
    evidence: Evidence, stretches: Sequence[Stretch], moments: Sequence[Moment], sides_of: Sequence[dict[int, str]]
) -> list[Signs]:
    """The signs of every stretch, in order."""
    rate = evidence.tick_rate
    events = evidence.events
    near = int(NEAR_S * rate)
    matches = ticks_of(events, "begin_new_match")
    begun = ticks_of(events, "round_announce_match_start")
    restarts = ticks_of(events, "cs_pre_restart")
    announced = ticks_of(events, "round_announce_warmup")
    over = _match_end(evidence, stretches)
    found: list[Signs] = []
    for at, one in enumerate(stretches):
        until = max(one.start, one.freeze_end or one.start)
        new = one.begun and (
            any(abs(tick - one.start) <= near for tick in matches)
            or any(one.start - near <= tick <= until + near for tick in begun)
        )
        shuffled = at > 0 and _changed_sides(sides_of[at - 1], sides_of[at])
        warm = _is_warmup(evidence, one, moments, announced, _new_follows(stretches, at, matches, near))
        found.append(
            Signs(
                warmup=warm,
                knife=not warm and _is_knife(evidence, one, set(sides_of[at])),
                new_match=new,
                reset=at > 0 and one.begun and not shuffled and _has_start_money(evidence, one, set(sides_of[at])),
                pre_restart=any(abs(tick - one.start) <= near for tick in restarts),
                after_match=over is not None and one.start > over,
            )
        )
    return found


def _match_end(evidence: Evidence, stretches: Sequence[Stretch]) -> int | None:
    """The last tick on which the panel of a won match was shown, if anything had been decided before."""
    shown = ticks_of(evidence.events, "cs_win_panel_match")
    decided = [one.decided for one in stretches if one.decided is not None]
    return shown[-1] if shown and decided and decided[0] <= shown[-1] else None


def _new_follows(stretches: Sequence[Stretch], at: int, matches: list[int], near: int) -> bool:
    """Whether the game says that a match begins where this stretch ends."""
    after = stretches[at].last + 1
    return any(abs(tick - after) <= near for tick in matches)


def _is_warmup(
    evidence: Evidence, one: Stretch, moments: Sequence[Moment], announced: list[int], match_follows: bool
) -> bool:
    if (
        one.number is None
        and _respawned(evidence, one) >= RESPAWNED
        and not any(
            one.start <= tick <= one.last for tick in ticks_of(evidence.events, "round_freeze_end", "round_end")
        )
    ):
        return True  # whatever the deaths look like
    if one.decided is not None:
        return False
    inside = [moment for moment in moments if one.start <= moment.tick <= (one.freeze_end or one.last)]
    if inside:
        return inside[-1].warmup
    if any(one.start <= tick <= one.last for tick in announced):
        return True
    return one.freeze_end is None and match_follows


def _respawned(evidence: Evidence, one: Stretch) -> int:
    """How many people die in the stretch and spawn after that."""
    deaths, spawns = evidence.events.get("player_death"), evidence.events.get("player_spawn")
    if deaths is None or spawns is None or not {"tick", "userid"} <= {*deaths.columns} & {*spawns.columns}:
        return 0
    inside = pl.col("tick").is_between(one.start, one.last)
    died = deaths.filter(inside).group_by("userid").agg(pl.col("tick").min().alias("died"))
    again = spawns.filter(inside).join(died, on="userid").filter(pl.col("tick") > pl.col("died"))
    return int(again["userid"].n_unique())


def _is_knife(evidence: Evidence, one: Stretch, people: set[int]) -> bool:
    """Nobody has anything but a knife a moment after the end of freeze time; of few people, nor any money."""
    if one.is_knife:
        return True
    if one.freeze_end is None:
        return False
    tick = min(one.freeze_end + int(LOOK_S * evidence.tick_rate), one.decided or one.last)
    now = _people_at(evidence, one, tick, people)
    if now.height < 2:
        return False
    holds = now["inventory"].list.eval(~pl.element().is_in(["knife", "knife_t", *HARMLESS])).list.any()
    rich = (now["money"].fill_null(0) > 0).any()
    return not holds.fill_null(value=True).any() and (now.height >= MANY or not rich)


def _has_start_money(evidence: Evidence, one: Stretch, people: set[int]) -> bool:
    """Everybody has the money a match starts with, and bought nothing yet, on the first ticks of the stretch."""
    try:
        start = int(evidence.convars.get("mp_startmoney", "800"))
    except ValueError:
        return False
    now = _people_at(evidence, one, one.start + int(0.1 * evidence.tick_rate), people)
    if now.height < MANY:
        return False
    poor = (pl.col("money") == start) & (pl.col("equipment_value").fill_null(0) <= 200)
    return bool(now.select(poor.fill_null(value=False).all()).item())


def _people_at(evidence: Evidence, one: Stretch, tick: int, people: set[int]) -> pl.DataFrame:
    """The last state of everybody alive up to ``tick``, within the stretch."""
    window = between(evidence.states, one.start, tick).filter(pl.col("slot").is_in(list(people)))
    return window.group_by("slot").last().filter(pl.col("health") > 0)


def _changed_sides(before: dict[int, str], now: dict[int, str]) -> bool:
    shared = [slot for slot in now if slot in before]
    return sum(now[slot] != before[slot] for slot in shared) * 2 > len(shared)
