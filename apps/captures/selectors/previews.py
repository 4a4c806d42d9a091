"""What a plan would photograph, before anything is written down."""

from dataclasses import dataclass
from typing import Any

import polars as pl

from apps.captures.labelling.events import bomb as bomb_events
from apps.captures.labelling.events import people
from apps.captures.planning.moments import Moment, RoundSpan, asked_for, moments, snap
from apps.captures.planning.povs import Alive, PlannedTarget, assign
from apps.demos.models import Demo
from apps.demos.selectors import recordings as demos

COLUMNS = ["tick", "slot", "steamid", "name", "side", "health", "has_bomb"]


@dataclass(frozen=True)
class Preview:
    """Targets in tick order and who the slots are."""

    targets: list[PlannedTarget]
    players: dict[int, dict[str, Any]]  # slot → name, steamid


def preview(demo: Demo, *, interval_s: float, pov_rule: str, budget: int, tick: int | None = None) -> Preview:
    """The targets a plan with these settings would have, at ``tick`` alone where one is given; none where no positions
    could be decoded."""
    table = demos.table(demo, "player_states", columns=COLUMNS)
    if table is None or table.is_empty():
        return Preview([], {})
    kills, bomb = demos.events(demo, "kills"), bomb_events(demos.events(demo, "bomb"), people(table))
    spans = [
        RoundSpan(row.number or 0, row.start_tick, row.freeze_end_tick, row.end_tick, row.is_partial)
        for row in demos.counted_rounds(demo)
    ]
    if tick is not None:
        wanted = [asked_for(tick, spans, first_tick=demo.first_tick, last_tick=demo.last_tick)]
        return _targets(table, wanted, pov_rule=pov_rule, budget=budget)
    wanted = moments(
        spans,
        interval_s=interval_s,
        tick_rate=demo.tick_rate or 64.0,
        first_tick=demo.first_tick,
        last_tick=demo.last_tick,
        kill_ticks=[] if kills is None else kills["tick"].to_list(),
        plant_ticks=[] if bomb is None else bomb.filter(pl.col("event") == "planted")["tick"].to_list(),
    )
    return _targets(table, wanted, pov_rule=pov_rule, budget=budget)


def _targets(table: pl.DataFrame, wanted: list[Moment], *, pov_rule: str, budget: int) -> Preview:
    wanted = snap(wanted, table["tick"].unique().sort().to_list())
    targets = assign(wanted, _alive(table, wanted), rule=pov_rule, budget=budget)
    newest = table.group_by("slot").last().to_dicts()
    return Preview(targets, {row["slot"]: row for row in newest})


def _alive(table: pl.DataFrame, wanted: list[Moment]) -> dict[int, list[Alive]]:
    rows = table.filter(pl.col("tick").is_in([moment.tick for moment in wanted]), pl.col("health") > 0)
    alive: dict[int, list[Alive]] = {}
    for row in rows.iter_rows(named=True):
        if row["side"] in ("CT", "T"):
            alive.setdefault(row["tick"], []).append(Alive(row["slot"], row["side"], bool(row["has_bomb"])))
    return alive
