"""One moment of a match as roll-outs need it: areas and belongings instead of ticks and things."""

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl

from apps.simulation.layouts.catalogue import NAMES, layout
from apps.simulation.match.armoury import WEAPONS
from apps.simulation.match.options import MatchOptions
from apps.simulation.match.people import gather
from apps.simulation.match.simulate import terrain_of
from apps.simulation.match.terrain import Terrain
from apps.simulation.truth.match import TICK_RATE, MatchTruth, Team

UTILITY = ("smoke", "flash", "molotov", "he", "decoy")  # the words of ``advice.behavior.utility_used``
WORD_OF = {
    "smokegrenade": "smoke",
    "flashbang": "flash",
    "molotov": "molotov",
    "incgrenade": "molotov",
    "hegrenade": "he",
    "decoy": "decoy",
}
_NOT_LIVE = ("warmup", "knife")
Spot = tuple[float, float, float]


@dataclass(frozen=True, eq=False)
class State:
    """Arrays have one entry per player, in the order of the tracks' columns; the dead have health 0.

    ``seconds`` is what is left of the round's clock, or of the bomb's where it is planted; ``clock`` what has passed
    since freeze time. ``carrier`` is −1 when nobody has the bomb; it then lies (or ticks) at ``bomb``. ``grenades``
    counts per player in the order of ``UTILITY``. ``role`` counts into ``match.people.Role``; ``skill`` is aim and
    wits, both 0.5 where nobody knows them. ``plan_t`` and ``plan_ct`` are what the sides meant to do, "" where unknown.
    """

    map_name: str
    side: np.ndarray  # Team
    position: np.ndarray  # players × 3
    health: np.ndarray
    armour: np.ndarray
    helmet: np.ndarray
    kit: np.ndarray
    weapon: tuple[str, ...]  # the best gun carried, or "knife"
    grenades: np.ndarray  # players × len(UTILITY)
    carrier: int
    bomb: Spot
    planted: bool
    seconds: float
    clock: float = 30.0
    plan_t: str = ""
    plan_ct: str = ""
    role: np.ndarray = field(default_factory=lambda: np.arange(10) % 5)
    skill: np.ndarray = field(default_factory=lambda: np.full((10, 2), 0.5))
    bomb_s: float = 40.0

    @property
    def terrain(self) -> Terrain:
        return terrain_of(layout(self.map_name))

    @cached_property
    def area(self) -> np.ndarray:
        """The area (index into the layout's) under everybody."""
        ground = self.terrain.ground
        return np.array([ground.area_at(*spot) for spot in self.position.tolist()])

    @property
    def bomb_area(self) -> int:
        return self.terrain.ground.area_at(*self.bomb)

    @property
    def site(self) -> str:
        """Where the bomb is planted; "" before."""
        return self.terrain.nearest_site(self.bomb_area) if self.planted else ""

    def living(self, side: Team) -> np.ndarray:
        """Indices of the living of one side."""
        return np.flatnonzero((self.side == side) & (self.health > 0))


def skills(seed: int, options: MatchOptions | None = None) -> np.ndarray:
    """Aim and wits (players × 2) of the people whom ``simulate_match`` makes of a seed and options."""
    players, _, _ = gather(options or MatchOptions(), np.random.default_rng([seed, 0]))
    return np.array([[one.aim, one.wits] for one in players])


def state_at(truth: MatchTruth, tick: int, skill: np.ndarray | None = None) -> State:
    """The moment at ``tick``; players are the tracks' columns. ``skill`` as from ``skills``.

    Raises:
        ValueError: no layout of that map, or no round is being played at that tick (the sentence says which).
    """
    name = truth.header.map_name
    if name not in NAMES:
        raise ValueError(
            f"There is no layout of {name}, so nothing can be played on there; known are {', '.join(NAMES)}."
        )
    row = _round(truth, tick)
    tracks, at = truth.tracks, truth.tracks.row(tick)
    side = tracks["team"][at].astype(int)
    position = np.column_stack([tracks[axis][at] for axis in "xyz"]).astype(float)
    alive = np.isin(side, (Team.T, Team.CT)) & tracks["connected"][at]
    guns, grenades, carrier, lying = _belongings(truth, tick)
    rules = truth.tables["rules"].filter(pl.col("tick") <= tick).tail(1)
    clock = (tick - row["freeze_end_tick"]) / TICK_RATE
    state = State(
        map_name=name,
        side=side,
        position=position,
        health=np.where(alive, tracks["health"][at], 0).astype(float),
        armour=tracks["armor"][at].astype(float),
        helmet=tracks["has_helmet"][at].copy(),
        kit=tracks["has_defuser"][at].copy(),
        weapon=guns,
        grenades=grenades,
        carrier=carrier,
        bomb=tuple(position[carrier]) if carrier >= 0 else lying or truth_spawn(name),
        planted=False,
        seconds=max(0.0, float(rules["round_time_s"][0]) - clock),
        clock=clock,
        plan_t=row["plan_t"] or "",
        plan_ct=row["plan_ct"] or "",
        role=_roles(truth),
        skill=np.full((len(side), 2), 0.5) if skill is None else skill,
        bomb_s=float(truth.convars.get("mp_c4timer", "40")),
    )
    return _with_plant(truth, tick, state)


def truth_spawn(name: str) -> Spot:
    """Where Ts start: what is taken for the bomb's place when a recording does not know it."""
    x, y, z, _ = layout(name).spawns_t[0]
    return x, y, z


def _round(truth: MatchTruth, tick: int) -> dict[str, Any]:
    rows = truth.tables["rounds"].filter(pl.col("start_tick") <= tick).tail(1).to_dicts()
    if not rows or rows[0]["not_counted"] in _NOT_LIVE:
        raise ValueError(f"No round is being played at tick {tick}: the match has not begun there.")
    row: dict[str, Any] = rows[0]
    freeze_end, end = row["freeze_end_tick"], row["end_tick"]
    if freeze_end is None or tick < freeze_end:
        raise ValueError(f"Tick {tick} lies in freeze time; choose one after tick {freeze_end}.")
    if end is not None and tick >= end:
        raise ValueError(f"Tick {tick} lies between rounds: this one was decided at tick {end}.")
    return row


def _with_plant(truth: MatchTruth, tick: int, state: State) -> State:
    plant = truth.tables["plants"].filter((pl.col("from_tick") <= tick) & (pl.col("to_tick") > tick))
    if not plant.height:
        return state
    row = plant.row(0, named=True)
    left = state.bomb_s - (tick - row["from_tick"]) / TICK_RATE
    return replace(state, planted=True, carrier=-1, bomb=(row["x"], row["y"], row["z"]), seconds=max(0.0, left))


def _roles(truth: MatchTruth) -> np.ndarray:
    """The simulation gives every roster one of each role, in order."""
    seen: dict[int, int] = {}
    roles = []
    for person in truth.participants:
        roles.append(seen.get(person.roster, 0) % 5)
        seen[person.roster] = seen.get(person.roster, 0) + 1
    return np.array(roles)


def _belongings(truth: MatchTruth, tick: int) -> tuple[tuple[str, ...], np.ndarray, int, Spot | None]:
    """Best guns, grenades, the bomb's column, and where the bomb lies."""
    alive = truth.tables["weapons"].filter((pl.col("from_tick") <= tick) & (pl.col("to_tick") > tick))
    held = truth.tables["holders"].filter(pl.col("tick") <= tick).unique("id", keep="last", maintain_order=True)
    guns = ["knife"] * len(truth.participants)
    grenades = np.zeros((len(truth.participants), len(UTILITY)), dtype=np.int64)
    carrier, lying = -1, None
    columns = {person.slot: index for index, person in enumerate(truth.participants)}
    for item, owner, x, y, z in alive.join(held, on="id").select("item", "owner", "x", "y", "z").iter_rows():
        index = columns.get(owner, -1)
        if item == "c4":
            carrier, lying = index, None if x is None else (x, y, z)
        elif index >= 0 and item in WORD_OF:
            grenades[index, UTILITY.index(WORD_OF[item])] += 1
        elif index >= 0 and _better(item, guns[index]):
            guns[index] = item
    return tuple(guns), grenades, carrier, lying


def _better(item: str, held: str) -> bool:
    gun = WEAPONS.get(item)
    return gun is not None and gun.is_gun and (held == "knife" or gun.rank > WEAPONS[held].rank)
