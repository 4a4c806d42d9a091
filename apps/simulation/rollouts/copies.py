"""The arrays of many copies of one round. First axis: copies; second: the players alive at the start, Ts before CTs."""

from dataclasses import dataclass, fields

import numpy as np

from apps.simulation.match.armoury import WEAPONS
from apps.simulation.rollouts.gunnery import level, table
from apps.simulation.rollouts.places import SPOTS, Places, places_of
from apps.simulation.rollouts.state import State
from apps.simulation.truth.match import Team

LONG_AGO = -99.0
SHIFTED = 0.6
SMOKES, FIRES = 6, 3


class Cast:
    """What is the same in all copies: who plays, with what."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.places: Places = places_of(state.terrain)
        self.who = np.concatenate([state.living(Team.T), state.living(Team.CT)]).astype(int)
        self.ts, self.count = len(state.living(Team.T)), len(self.who)
        self.t, self.ct = slice(0, self.ts), slice(self.ts, self.count)
        self.is_t = np.arange(self.count) < self.ts
        weapons = [WEAPONS[state.weapon[index]] for index in self.who]
        self.role = state.role[self.who]
        self.aim, self.wits = state.skill[self.who, 0], state.skill[self.who, 1]
        self.speed = np.array([weapon.speed if weapon.is_gun else 250.0 for weapon in weapons], np.float32)
        self.worth = np.array([weapon.price >= 2_500 and weapon.primary for weapon in weapons])
        self.kit, self.helmet = state.kit[self.who].astype(bool), state.helmet[self.who].astype(bool)
        levels = level(self.aim)
        self.damage = np.stack([table(gun.item, int(one)) for gun, one in zip(weapons, levels, strict=True)])
        self.area = state.area[self.who]
        spots = state.position[self.who]
        self.node = np.array(
            [self.places.node_at(int(area), x, y) for area, (x, y, _) in zip(self.area, spots, strict=True)]
        )

    def index_of(self, player: int) -> int:
        """Where a column of the tracks stands among the living.

        Raises:
            ValueError: that player is dead or there is none of that number.
        """
        if not 0 <= player < len(self.state.side):
            raise ValueError(f"There is no player {player}; players are 0 to {len(self.state.side) - 1}.")
        found = np.flatnonzero(self.who == player)
        if not len(found):
            raise ValueError(f"Player {player} is dead at that moment: choose somebody alive.")
        return int(found[0])


@dataclass(slots=True)
class Copies:
    """Times are seconds from the state on. ``row`` is the copy's number in the results."""

    row: np.ndarray
    node: np.ndarray
    area: np.ndarray
    spot: np.ndarray  # where in the goal's area each stands
    budget: np.ndarray  # units walked towards the next area
    health: np.ndarray
    armour: np.ndarray
    grenades: np.ndarray  # × kinds
    blind_from: np.ndarray
    blind_until: np.ndarray
    busy_until: np.ndarray  # throwing
    target: np.ndarray  # −1 nobody
    moving: np.ndarray
    quiet: np.ndarray
    engaged: np.ndarray
    working: np.ndarray  # plants or defuses
    covered: np.ndarray
    goal: np.ndarray  # area
    watch: np.ndarray  # area
    shot_at: np.ndarray
    known_at: np.ndarray  # when the other side last noticed this one
    seen_at: np.ndarray
    known_area: np.ndarray
    home: np.ndarray  # 0, 1 a site, 2 the middle
    second: np.ndarray  # by the second way
    carrier: np.ndarray  # −1 nobody
    bomb: np.ndarray  # area
    planted: np.ndarray
    left: np.ndarray
    work: np.ndarray
    site: np.ndarray  # −1 undecided
    stage: np.ndarray  # 0 waits, 1 gathers, 2 goes in
    go_at: np.ndarray
    meet_until: np.ndarray
    went: np.ndarray
    smoke: np.ndarray  # × SMOKES × xyz
    smoke_until: np.ndarray
    fire: np.ndarray
    fire_until: np.ndarray
    fire_on_t: np.ndarray  # whose feet burn
    hurt: np.ndarray
    winner: np.ndarray

    def blind(self, now: float) -> np.ndarray:
        """Who sees nothing for a flash (copies × players)."""
        return np.asarray((self.blind_from <= now) & (now < self.blind_until))

    def keep(self, mask: np.ndarray) -> None:
        """Leave out the copies that are decided."""
        for one in fields(self):
            setattr(self, one.name, getattr(self, one.name)[mask])


def _about(cast: Cast, pairs: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Where everybody stands: at the spot nearest to the true place, or for a share of ``SHIFTED`` another of the area.

    Sight between five spots is coarse; without this one line of sight would decide all copies alike.
    """
    luck, shape = int(pairs.max()) + 1, (int(pairs.max()) + 1, cast.count)
    other = cast.area * SPOTS + rng.integers(0, SPOTS, shape)
    stays = rng.random((luck, cast.count)) >= SHIFTED
    return np.asarray(np.where(stays, cast.node, other)[pairs], np.int32)


def begin(cast: Cast, copies: int, pairs: np.ndarray, rng: np.random.Generator) -> Copies:
    """All copies at the state. ``pairs`` (copies) counts luck: equal numbers draw equally."""
    state, shape = cast.state, (copies, cast.count)
    luck = int(pairs.max()) + 1

    def tile(values: np.ndarray, kind: type) -> np.ndarray:
        return np.tile(np.asarray(values, kind), (copies, *([1] * np.ndim(values))))

    def const(value: float, kind: type = np.float32, of: tuple[int, ...] = shape) -> np.ndarray:
        return np.full(of, value, kind)

    carrier = -1
    if state.carrier >= 0 and not state.planted and state.carrier in cast.who:
        carrier = cast.index_of(state.carrier)
    return Copies(
        row=np.arange(copies),
        node=_about(cast, pairs, rng),
        area=tile(cast.area, np.int32),
        spot=rng.integers(0, SPOTS, (luck, cast.count)).astype(np.int32)[pairs],
        budget=(rng.random((luck, cast.count), dtype=np.float32) * 100.0)[pairs],
        health=tile(state.health[cast.who], np.float32),
        armour=tile(state.armour[cast.who], np.float32),
        grenades=tile(state.grenades[cast.who], np.int8),
        blind_from=const(LONG_AGO),
        blind_until=const(LONG_AGO),
        busy_until=const(LONG_AGO),
        target=const(-1, np.int32),
        moving=const(0, np.bool_),
        quiet=const(0, np.bool_),
        engaged=const(0, np.bool_),
        working=const(0, np.bool_),
        covered=const(0, np.bool_),
        goal=tile(cast.area, np.int32),
        watch=tile(cast.area, np.int32),
        shot_at=const(LONG_AGO),
        known_at=const(LONG_AGO),
        seen_at=const(LONG_AGO),
        known_area=tile(cast.area, np.int32),
        home=const(0, np.int32),
        second=const(0, np.bool_),
        carrier=const(carrier, np.int32, (copies,)),
        bomb=const(state.bomb_area, np.int32, (copies,)),
        planted=const(state.planted, np.bool_, (copies,)),
        left=const(state.seconds, np.float32, (copies,)),
        work=const(0, np.float32, (copies,)),
        site=const(-1, np.int32, (copies,)),
        stage=const(0, np.int32, (copies,)),
        go_at=const(0, np.float32, (copies,)),
        meet_until=const(0, np.float32, (copies,)),
        went=const(0, np.float32, (copies,)),
        smoke=const(0, np.float32, (copies, SMOKES, 3)),
        smoke_until=const(LONG_AGO, np.float32, (copies, SMOKES)),
        fire=const(0, np.float32, (copies, FIRES, 3)),
        fire_until=const(LONG_AGO, np.float32, (copies, FIRES)),
        fire_on_t=const(0, np.bool_, (copies, FIRES)),
        hurt=const(0, np.bool_),
        winner=const(0, np.int32, (copies,)),
    )
