"""A recording as planner, verifier and labeller need it."""

from collections.abc import Callable

import polars as pl

from apps.captures.game.verification import Stand
from apps.captures.labelling import events
from apps.captures.labelling.recording import Recording, RoundFacts
from apps.demos.models import Demo
from apps.demos.selectors import recordings as demos


def recording_of(demo: Demo, *, start_tick: int | None = None, end_tick: int | None = None) -> Recording:
    """Everything known of ``demo``; tables that could not be read are None or without rows.

    Players and rules only between ``start_tick`` and ``end_tick`` (inclusive), where they are given.
    """
    states = demos.player_states(demo, start_tick=start_tick, end_tick=end_tick)
    who = events.people(states)
    rounds = tuple(
        RoundFacts(
            number=row.number or 0,
            start_tick=row.start_tick,
            freeze_end_tick=row.freeze_end_tick,
            end_tick=row.end_tick,
            is_partial=row.is_partial,
            winner_side=row.winner_side,
            score_ct=row.score_ct,
            score_t=row.score_t,
        )
        for row in demos.counted_rounds(demo)
    )
    return Recording(
        map_name=demo.map_name,
        tick_rate=demo.tick_rate or 64.0,
        first_tick=demo.first_tick,
        last_tick=demo.last_tick,
        rounds=rounds,
        states=states,
        rules=demos.rules(demo, start_tick=start_tick, end_tick=end_tick),
        kills=events.kills(demos.events(demo, "kills"), who),
        damages=events.damages(demos.events(demo, "damages"), who),
        throws=events.throws(demos.events(demo, "shots"), who),
        bomb=events.bomb(demos.events(demo, "bomb"), who),
    )


def living_by_tick(recording: Recording) -> Callable[[int], dict[int, Stand]]:
    """``living(tick)`` → slot → where that player stood, for everybody alive then."""

    def living(tick: int) -> dict[int, Stand]:
        return {
            row["slot"]: Stand(row["x"], row["y"], row["z"], row["pitch"], row["yaw"], None)
            for row in recording.players_at(tick)
            if (row["health"] or 0) > 0 and None not in (row["x"], row["y"], row["z"], row["pitch"], row["yaw"])
        }

    return living


def recorded_ticks(recording: Recording) -> list[int]:
    ticks: list[int] = recording.states.select(pl.col("tick").unique().sort())["tick"].to_list()
    return ticks
