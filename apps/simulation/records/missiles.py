"""Grenades in the air, smokes, fires and flashes, with their events.

Invented: how long a fire burns (7 s) and how wide, and a smoke's end where the record does not tell it (22 s).
"""

from bisect import bisect_right
from collections.abc import Sequence

from apps.simulation.records.facts import Facts, Grenade, Round
from apps.simulation.records.score import Score
from apps.simulation.truth.match import TICK_RATE

SMOKE_TICKS = 22 * TICK_RATE
FIRE_TICKS = 7 * TICK_RATE
FIRE_RADIUS = 150.0
_BANGS = {"hegrenade": "hegrenade_detonate", "flashbang": "flashbang_detonate", "decoy": "decoy_started"}


def fly(score: Score, facts: Facts, spans: Sequence[tuple[Round, int]]) -> None:
    """Every grenade from the hand to its end; nothing outlasts its round."""
    starts = [round_.start for round_, _ in spans]
    flashes: dict[tuple[int, int], int] = {}
    for grenade in sorted(facts.grenades, key=lambda one: one.way[0][0]):
        index = bisect_right(starts, grenade.way[0][0]) - 1
        if index >= 0 and grenade.thrower >= 0:
            id_ = _one(score, grenade, spans[index][1])
            if grenade.kind == "flashbang" and grenade.off is not None:
                flashes[grenade.off, grenade.thrower] = id_
    _blind(score, facts, flashes)


def _one(score: Score, grenade: Grenade, until: int) -> int:
    id_, first = score.new_id(), grenade.way[0][0]
    last = max(first + 1, min(until, grenade.off if grenade.off is not None else grenade.way[-1][0] + TICK_RATE))
    score.row("projectiles", id_, first, last, grenade.kind, grenade.thrower)
    way = [point for point in grenade.way if point[0] < last]
    end = next((point for point in grenade.way if point[0] >= last), grenade.way[-1])
    for tick, x, y, z in [*way, (last, *end[1:])]:
        score.row("flight", tick, id_, x, y, z)
    if grenade.off is None or grenade.off > until:
        return id_
    x, y, z = end[1:]
    where = {"userid": grenade.thrower, "entityid": id_, "x": x, "y": y, "z": z}
    if grenade.kind == "smokegrenade":
        gone = grenade.gone if grenade.gone is not None and grenade.gone > last else last + SMOKE_TICKS
        over = max(last + 1, min(gone, until))
        score.event(5, last, "smokegrenade_detonate", **where)
        score.event(5, over, "smokegrenade_expired", **where)
        score.row("smokes", id_, last, over, grenade.thrower, x, y, z)
    elif grenade.kind in ("molotov", "incgrenade"):
        over = max(last + 1, min(last + FIRE_TICKS, until))
        score.event(5, last, "molotov_detonate", **where)
        score.event(6, last, "inferno_startburn", **where)
        score.event(5, over, "inferno_expire", **where)
        score.row("fires", id_, last, over, grenade.thrower, x, y, z, FIRE_RADIUS)
    else:
        score.event(5, last, _BANGS[grenade.kind], **where)
    return id_


def _blind(score: Score, facts: Facts, flashes: dict[tuple[int, int], int]) -> None:
    """The duration falls back to 0 when it is over, so that every later flash makes it rise."""
    following: dict[int, int] = {}
    for one in sorted(facts.blinds, key=lambda one: -one.tick):
        over = min(one.tick + max(1, int(one.seconds * TICK_RATE)), following.get(one.victim, 2**30) - 1)
        if over > one.tick:
            score.set(over, one.victim, "flash_duration", 0)
        score.set(one.tick, one.victim, "flash_duration", one.seconds)
        following[one.victim] = one.tick
        id_ = flashes.get((one.tick, one.flasher), -1)
        score.event(
            7, one.tick, "player_blind", userid=one.victim, attacker=one.flasher, entityid=id_,
            blind_duration=one.seconds,
        )  # fmt: skip
