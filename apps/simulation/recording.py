"""A recording as the simulated game sees it: who stands where with what at every tick, and the rules' state."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np
import polars as pl

from apps.simulation.happenings import Bomb, Carrier, Fire, GunShot, Happenings, Kill, Missile, Smoke

EYE_HEIGHT = 64.06
CROUCHED_EYE_HEIGHT = 46.04


@dataclass(frozen=True)
class PlayerState:
    """One player at one tick. Positions in world units, angles in degrees; None where the file does not tell."""

    slot: int  # controller entity index − 1
    name: str
    side: str  # "CT" | "T"
    x: float
    y: float
    z: float
    yaw: float
    pitch: float
    health: int
    armor: int = 0
    has_helmet: bool = False
    has_defuser: bool = False
    money: int | None = None
    active_weapon: str | None = None  # awpy short name
    skin: str = ""  # finish of the weapon in hand, which stands behind its name
    inventory: tuple[str, ...] = ()  # awpy short names, repeats when two are held
    clip: int | None = None
    reserve: int | None = None
    place: str = ""  # the map's own name, such as "TSpawn"
    duck: float = 0.0  # 0 standing … 1 crouched
    flash_duration: float = 0.0  # as set by the last flash; ``flash_left`` is what still lasts
    flash_left: float = 0.0  # seconds until the eyes are clear again
    scoped: bool = False
    defusing: bool = False
    reloading: bool = False
    in_bomb_zone: bool = False
    speed: float = 0.0  # units a second over the ground
    equipment_value: int | None = None
    kills: int = 0
    deaths: int = 0
    assists: int = 0
    round_kills: int = 0
    spotted: bool = True  # whether an enemy sees them, where the file tells

    @property
    def alive(self) -> bool:
        return self.health > 0

    @property
    def eye(self) -> tuple[float, float, float]:
        """Where the camera is: the origin lifted by the eye height, 64.06 standing and 46.04 crouched."""
        height = EYE_HEIGHT + (CROUCHED_EYE_HEIGHT - EYE_HEIGHT) * min(1.0, max(0.0, self.duck))
        return self.x, self.y, self.z + height


@dataclass(frozen=True)
class Rules:
    """The rules at one tick; None where the file's rules cannot be read (nothing is invented)."""

    phase: str | None = None  # warmup | freeze | live | planted | over
    clock_s: float | None = None
    score_ct: int | None = None
    score_t: int | None = None
    round_number: int | None = None  # 1-based
    bomb_site: str | None = None  # "A" | "B" while the bomb is planted
    winner: str | None = None  # "CT" | "T" while the phase is "over"


@dataclass(frozen=True)
class Moment:
    """Everything that can be seen or read at one tick."""

    tick: int
    players: dict[int, PlayerState]  # by slot
    rules: Rules
    kill_feed: tuple[Kill, ...] = ()  # of the last five seconds, oldest first
    smokes: tuple[Smoke, ...] = ()
    fires: tuple[Fire, ...] = ()
    missiles: tuple[Missile, ...] = ()  # grenades in the air
    gun_shots: tuple[GunShot, ...] = ()  # of the last few ticks: muzzle flashes
    bomb: Bomb | None = None

    def alive(self, side: str) -> int:
        return sum(1 for player in self.players.values() if player.side == side and player.alive)


PLAYER_COLUMNS = list(PlayerState.__dataclass_fields__)
RULES_COLUMNS = list(Rules.__dataclass_fields__)


@dataclass(frozen=True)
class Recording:
    """``players`` has one row per tick and player, ``rules`` at most one per tick; both sorted by tick.

    Columns are ``tick`` and those of ``PlayerState`` and ``Rules``; one that is missing has its default everywhere.
    Rules may say ``clock_end`` (the tick at which the clock shows 0:00) instead of a clock for every tick.
    """

    map_name: str
    tick_rate: float
    players: pl.DataFrame
    rules: pl.DataFrame
    happenings: Happenings = field(default_factory=Happenings)
    _ticks: np.ndarray = field(init=False, repr=False)
    _rule_ticks: np.ndarray = field(init=False, repr=False)
    _last: list[Moment] = field(init=False, repr=False, default_factory=list)  # asked again and again by the client

    def __post_init__(self) -> None:
        if self.players.is_empty():
            raise ValueError("the recording holds no player at any tick")
        object.__setattr__(self, "_ticks", self.players["tick"].cast(pl.Int64).to_numpy())
        object.__setattr__(self, "_rule_ticks", self.rules["tick"].cast(pl.Int64).to_numpy())

    @property
    def first_tick(self) -> int:
        return int(self._ticks[0])

    @property
    def last_tick(self) -> int:
        return int(self._ticks[-1])

    @property
    def slots(self) -> list[int]:
        return sorted(int(slot) for slot in self.players["slot"].unique())

    def slot_of(self, name: str) -> int | None:
        """The slot of the player who bears that name (upper and lower case alike) anywhere in the recording."""
        wanted = name.casefold()
        pairs = self.players.select("name", "slot").unique().cast({"name": pl.String}).sort("slot").iter_rows()
        return next((int(slot) for found, slot in pairs if found.casefold() == wanted), None)

    def at(self, tick: int) -> Moment:
        """The state at ``tick``, or at the last recorded tick before it; before the first, the first."""
        position = max(0, int(np.searchsorted(self._ticks, tick, side="right")) - 1)
        found = int(self._ticks[position])
        if self._last and self._last[0].tick == found:
            return self._last[0]
        start = int(np.searchsorted(self._ticks, found, side="left"))
        rows = self.players.slice(start, position + 1 - start)
        rows = rows.select(name for name in PLAYER_COLUMNS if name in rows.columns)
        states = [PlayerState(**{**row, "inventory": _items(row["inventory"])}) for row in rows.iter_rows(named=True)]
        players = {state.slot: state for state in states}
        moment = self._with_happenings(Moment(found, players, Rules()))
        self._last[:] = [moment]
        return moment

    def _with_happenings(self, moment: Moment) -> Moment:
        seen = self.happenings.at(moment.tick, moment.players)
        changes = seen.pop("players", {})
        players = {
            slot: replace(player, **changes[slot]) if slot in changes else player
            for slot, player in moment.players.items()
        }
        rules = self._rules_at(moment.tick, seen.get("bomb"))
        return replace(moment, players=players, rules=rules, **seen)

    def _rules_at(self, tick: int, bomb: Bomb | None) -> Rules:
        position = int(np.searchsorted(self._rule_ticks, tick, side="right")) - 1
        if position < 0:
            return Rules()
        row = self.rules.row(position, named=True)
        values = {name: row[name] for name in RULES_COLUMNS if name in row}
        if row.get("clock_end") is not None:
            values["clock_s"] = max(0.0, (row["clock_end"] - tick) / 64)
        if bomb is not None and bomb.state == "planted":
            values["bomb_site"] = bomb.site or None
        return Rules(**values)


def _items(inventory: Any) -> tuple[str, ...]:
    """Items as stored: a list, or one text with commas between them."""
    if isinstance(inventory, str):
        return tuple(name for name in inventory.split(",") if name)
    return tuple(inventory or ())


class _AsWritten(Happenings):
    """What moments made by hand say themselves."""

    def __init__(self, moments: Sequence[Moment]) -> None:
        super().__init__()
        self._moments = {moment.tick: moment for moment in moments}

    def at(self, tick: int, players: Mapping[int, Carrier]) -> dict[str, Any]:
        names = ("kill_feed", "smokes", "fires", "missiles", "gun_shots", "bomb")
        return {name: getattr(self._moments[tick], name) for name in names}


def from_moments(moments: Sequence[Moment], map_name: str = "de_test", tick_rate: float = 64.0) -> Recording:
    """A recording built by hand, for trying the client without any file."""
    ordered = sorted(moments, key=lambda moment: moment.tick)
    players = [
        {"tick": moment.tick, **asdict(player), "inventory": list(player.inventory)}
        for moment in ordered
        for player in moment.players.values()
    ]
    rules = [{"tick": moment.tick, **asdict(moment.rules)} for moment in ordered]
    return Recording(
        map_name,
        tick_rate,
        pl.DataFrame(players, infer_schema_length=None),
        pl.DataFrame(rules, infer_schema_length=None),
        _AsWritten(ordered),
    )
