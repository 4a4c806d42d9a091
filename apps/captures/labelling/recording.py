"""What the labeller knows of one recording: rounds, players by tick, rules by tick, events by player slot."""

import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import polars as pl

NEAR_TICKS = 8  # states further apart have ticks between them that the recording dropped
FAR_UNITS = 100.0  # nobody walks that far between two states: it was a new beginning
FLOWING = ("x", "y", "z", "yaw", "pitch")  # what changes gradually; all else jumps, and every jump is recorded
GONE = ("defused", "exploded")  # the round is decided once the bomb is


@dataclass(frozen=True)
class RoundFacts:
    """One round; ticks inclusive, scores by side before it."""

    number: int
    start_tick: int
    freeze_end_tick: int | None
    end_tick: int
    is_partial: bool = False
    winner_side: str = ""  # "" | "CT" | "T"
    score_ct: int = 0
    score_t: int = 0

    @property
    def play_start(self) -> int:
        return self.start_tick if self.freeze_end_tick is None else self.freeze_end_tick


@dataclass(frozen=True)
class Recording:
    """Engine truth of a whole recording.

    Attributes:
        states: one row per kept tick (see ``players_at``) and player: tick, slot, steamid, name, side, x, y, z, yaw,
            pitch, health, armor, has_helmet, has_defuser, has_bomb, money, active_weapon, primary_weapon,
            secondary_weapon, inventory, clip, reserve, place_name.
        rules: one row per change: tick, phase, clock_s, score_ct, score_t, bomb_status.
        kills, damages, throws, bomb: as ``labelling.events`` makes them; None where the recording has no such table.
    """

    map_name: str
    tick_rate: float
    first_tick: int
    last_tick: int
    rounds: tuple[RoundFacts, ...]
    states: pl.DataFrame
    rules: pl.DataFrame
    kills: pl.DataFrame | None = None
    damages: pl.DataFrame | None = None
    throws: pl.DataFrame | None = None
    bomb: pl.DataFrame | None = None
    _at: dict[int, list[dict[str, Any]]] = field(default_factory=dict, repr=False, compare=False)

    def players_at(self, tick: int) -> list[dict[str, Any]]:
        """Every player's row at that tick; empty where the recording dropped it.

        Between two ticks of ``states`` (they are sparse) people are on the way from one to the other.
        """
        if tick not in self._at:
            self._at[tick] = self._rows_at(tick)
        return self._at[tick]

    def _rows_at(self, tick: int) -> list[dict[str, Any]]:
        ticks = self._sorted["tick"]
        after = int(ticks.search_sorted(tick, side="left"))
        if after < len(ticks) and ticks[after] == tick:
            return self._of_tick(tick)
        if after in (0, len(ticks)) or ticks[after] - ticks[after - 1] > NEAR_TICKS:
            return []
        start, end = int(ticks[after - 1]), int(ticks[after])
        later = {row["slot"]: row for row in self._of_tick(end)}
        part = (tick - start) / (end - start)
        return [_between(row, later.get(row["slot"]), tick, part) for row in self._of_tick(start)]

    def _of_tick(self, tick: int) -> list[dict[str, Any]]:
        ticks = self._sorted["tick"]
        start, end = ticks.search_sorted(tick, side="left"), ticks.search_sorted(tick, side="right")
        return self._sorted.slice(int(start), int(end) - int(start)).to_dicts()

    def player_at(self, tick: int, slot: int) -> dict[str, Any] | None:
        return next((row for row in self.players_at(tick) if row["slot"] == slot), None)

    def rules_at(self, tick: int) -> dict[str, Any]:
        """The rules' last row up to that tick; empty where there is none."""
        rows = self._sorted_rules.filter(pl.col("tick") <= tick).tail(1).to_dicts()
        return rows[0] if rows else {}

    def round(self, number: int) -> RoundFacts | None:
        return next((facts for facts in self.rounds if facts.number == number), None)

    def between(self, table: pl.DataFrame | None, start: int, end: int) -> list[dict[str, Any]]:
        """Rows of an event table with ``start`` ≤ tick ≤ ``end``, in order; none where the table is missing."""
        if table is None:
            return []
        return table.filter(pl.col("tick").is_between(start, end)).sort("tick", maintain_order=True).to_dicts()

    @cached_property
    def _sorted(self) -> pl.DataFrame:
        return self.states.sort("tick", "slot").set_sorted("tick")

    @cached_property
    def _sorted_rules(self) -> pl.DataFrame:
        return self.rules.sort("tick").set_sorted("tick")

    @cached_property
    def sites(self) -> dict[str, tuple[float, float, float]]:
        """Where the bomb sites are: the middle of where players stood in them; only those somebody entered."""
        places = {"BombsiteA": "A", "BombsiteB": "B"}
        rows = (
            self.states.filter(pl.col("place_name").is_in(list(places)))
            .group_by("place_name")
            .agg(pl.col("x", "y", "z").mean())
            .drop_nulls()
        )
        return {places[row["place_name"]]: (row["x"], row["y"], row["z"]) for row in rows.to_dicts()}


def _between(row: dict[str, Any], later: dict[str, Any] | None, tick: int, part: float) -> dict[str, Any]:
    """A player's row ``part`` (0..1) of the way to ``later``."""
    moved = {**row, "tick": tick}
    if later is None or any(one.get(name) is None for one in (row, later) for name in FLOWING):
        return moved
    if math.dist([row[name] for name in "xyz"], [later[name] for name in "xyz"]) > FAR_UNITS:
        return moved
    for name in FLOWING:
        way = later[name] - row[name]
        if name == "yaw":
            way = (way + 180.0) % 360.0 - 180.0
        moved[name] = row[name] + way * part
    moved["yaw"] = (moved["yaw"] + 180.0) % 360.0 - 180.0
    return moved
