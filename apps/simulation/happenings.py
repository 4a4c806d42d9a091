"""What happens in a recording besides the players' own state: kills, shots, smokes, fires, grenades, the bomb.

Kept as small tables (one row per happening) and asked by tick.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import polars as pl

TICKS_A_SECOND = 64
FEED_TICKS = 5 * TICKS_A_SECOND
MUZZLE_TICKS = 3
SMOKE_RADIUS = 144.0  # units; a CS2 smoke that had room to spread
FIRE_RADIUS = 110.0
_Row = dict[str, Any]


class Carrier(Protocol):
    """As much of a player as must be known to tell who has the bomb."""

    @property
    def alive(self) -> bool: ...
    @property
    def defusing(self) -> bool: ...
    @property
    def inventory(self) -> tuple[str, ...]: ...


@dataclass(frozen=True)
class Kill:
    """One line of the kill feed. Slots are −1 and names empty where nobody did it (a fall, the bomb)."""

    tick: int
    attacker: str
    attacker_side: str  # "CT" | "T" | ""
    victim: str
    victim_side: str
    weapon: str  # awpy short name
    headshot: bool = False
    assister: str = ""
    assister_side: str = ""
    flash_assist: bool = False
    noscope: bool = False
    penetrated: bool = False
    through_smoke: bool = False
    attacker_slot: int = -1
    victim_slot: int = -1
    assister_slot: int = -1


@dataclass(frozen=True)
class Smoke:
    """A standing cloud; (x, y, z) is where the grenade lies. ``age``/``left`` in seconds."""

    x: float
    y: float
    z: float
    age: float
    left: float
    radius: float = SMOKE_RADIUS


@dataclass(frozen=True)
class Fire:
    """Burning ground around (x, y, z)."""

    x: float
    y: float
    z: float
    age: float
    left: float
    radius: float = FIRE_RADIUS


@dataclass(frozen=True)
class Missile:
    """A grenade in the air."""

    kind: str  # smokegrenade flashbang hegrenade molotov incgrenade decoy
    x: float
    y: float
    z: float


@dataclass(frozen=True)
class GunShot:
    """Somebody fired ``age`` ticks ago."""

    slot: int
    age: int
    weapon: str


@dataclass(frozen=True)
class Bomb:
    state: str  # carried | dropped | planted | defused | exploded
    since_tick: int
    x: float | None = None  # where it lies or ticks; None while it is carried
    y: float | None = None
    z: float | None = None
    site: str = ""  # "A" | "B" from the plant on
    carrier: int | None = None  # slot of whoever has it
    planter: int | None = None
    defuser: int | None = None  # slot of whoever is defusing now


@dataclass
class Happenings:
    """Tables by name (absent ones are empty), each sorted by its first column, a tick.

    ``kills``: the fields of ``Kill``. ``smokes``, ``fires``: start_tick, end_tick, x, y, z. ``missiles``: tick, key,
    kind, x, y, z (points of each way). ``gun_shots``: tick, slot, weapon. ``blinds``: tick, slot, duration (s).
    ``bomb``: tick, state (dropped | planted | defused | exploded), site, planter, x, y, z: what became of it then.
    ``rounds``: tick at which each counted round began.
    """

    tables: dict[str, pl.DataFrame] = field(default_factory=dict)
    _ticks: dict[str, np.ndarray] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._ticks = {name: table.to_series(0).to_numpy() for name, table in self.tables.items()}

    def at(self, tick: int, players: Mapping[int, Carrier]) -> dict[str, Any]:
        """The fields of ``Moment`` that differ from their defaults; ``players`` holds changes by slot and field."""
        if not self.tables:
            return {"bomb": self._bomb(tick, players)}
        return {
            "kill_feed": tuple(Kill(**row) for row in self._between("kills", tick - FEED_TICKS, tick)),
            "smokes": tuple(
                Smoke(row["x"], row["y"], row["z"], *_life(row, tick)) for row in self._lasting("smokes", tick)
            ),
            "fires": tuple(
                Fire(row["x"], row["y"], row["z"], *_life(row, tick)) for row in self._lasting("fires", tick)
            ),
            "missiles": self._missiles(tick),
            "gun_shots": tuple(
                GunShot(row["slot"], tick - row["tick"], row["weapon"])
                for row in self._between("gun_shots", tick - MUZZLE_TICKS, tick)
            ),
            "bomb": self._bomb(tick, players),
            "players": self._changes(tick),
        }

    def _between(self, name: str, after: int, until: int) -> list[_Row]:
        """Rows with ``after < tick <= until``."""
        if name not in self.tables:
            return []
        low, high = np.searchsorted(self._ticks[name], [after, until], side="right")
        return self.tables[name].slice(int(low), int(high - low)).to_dicts()

    def _lasting(self, name: str, tick: int) -> list[_Row]:
        """Rows that began in the last half minute and are not over at ``tick``."""
        return [row for row in self._between(name, tick - 30 * TICKS_A_SECOND, tick) if row["end_tick"] > tick]

    def _missiles(self, tick: int) -> tuple[Missile, ...]:
        last = {row["key"]: row for row in self._between("missiles", tick - 4, tick)}
        return tuple(Missile(row["kind"], row["x"], row["y"], row["z"]) for row in last.values())

    def _round_start(self, tick: int) -> int:
        """When the round of ``tick`` began; before every tick where the rounds are unknown."""
        starts = self._ticks.get("rounds")
        position = -1 if starts is None else int(np.searchsorted(starts, tick, side="right")) - 1
        return -1 if starts is None or position < 0 else int(starts[position])

    def _bomb(self, tick: int, players: Mapping[int, Carrier]) -> Bomb | None:
        """Whoever has the C4 decides; then the last thing that became of it in this round."""
        start = self._round_start(tick)
        events = self._between("bomb", start - 1, tick)
        last = events[-1] if events else None
        if last is None or last["state"] == "dropped":
            for slot, player in players.items():
                if player.alive and "c4" in player.inventory:
                    return Bomb("carried", tick, carrier=slot)
        if last is None:
            return None
        planted = next((row for row in events if row["state"] == "planted"), None)
        where = planted or last
        defuser = next((slot for slot, player in players.items() if player.alive and player.defusing), None)
        return Bomb(
            last["state"],
            last["tick"],
            where["x"],
            where["y"],
            where["z"],
            where["site"] if planted else "",
            planter=planted["planter"] if planted else None,
            defuser=defuser if last["state"] == "planted" else None,
        )

    def _changes(self, tick: int) -> dict[int, dict[str, Any]]:
        """Per slot: what is left of a flash, and the scoreboard's figures."""
        changes: dict[int, dict[str, Any]] = {}
        for row in self._between("blinds", tick - 10 * TICKS_A_SECOND, tick):
            left = row["duration"] - (tick - row["tick"]) / TICKS_A_SECOND
            known = changes.setdefault(row["slot"], {})
            known["flash_left"] = max(left, known.get("flash_left", 0.0))
        if "kills" not in self.tables:
            return changes
        starts = self._ticks.get("rounds")
        first, now = int(starts[0]) if starts is not None else -1, self._round_start(tick)
        low, high = np.searchsorted(self._ticks["kills"], [first - 1, tick], side="right")
        kills = self.tables["kills"].slice(int(low), int(high - low))
        columns = ("tick", "attacker_slot", "victim_slot", "assister_slot", "attacker_side", "victim_side")
        for when, attacker, victim, assister, side, other in kills.select(columns).iter_rows():
            _count(changes, victim, "deaths")
            _count(changes, assister, "assists")
            if side != other:
                _count(changes, attacker, "kills")
                if when >= now:
                    _count(changes, attacker, "round_kills")
        return changes


def _count(changes: dict[int, dict[str, Any]], slot: int, name: str) -> None:
    if slot >= 0:
        known = changes.setdefault(slot, {})
        known[name] = known.get(name, 0) + 1


def _life(row: _Row, tick: int) -> tuple[float, float]:
    return (tick - row["start_tick"]) / TICKS_A_SECOND, (row["end_tick"] - tick) / TICKS_A_SECOND
