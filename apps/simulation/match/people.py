"""Who plays: names, styles and skills of ten people."""

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from apps.simulation.match.armoury import DEFUSER, HELMET_UPGRADE, KEVLAR, WEAPONS, Weapon
from apps.simulation.match.options import MatchOptions
from apps.simulation.match.orders import Order
from apps.simulation.truth.match import Participant, Team


class Role(StrEnum):
    ENTRY = "entry"
    AWPER = "awper"
    SUPPORT = "support"
    LURKER = "lurker"
    ANCHOR = "anchor"


_NAMES = (
    ("kestrel", "Moonraker", "dr_pepperoni", "Åsmund", "veldt", "halcyon", "tundra", "Noor"),
    ("pixelwitch", "OTTO", "sandgrouse", "grim lindy", "Ziggurat", "quartz", "ibex", "Runa"),
)
_ROSTERS = ("Harbour Lights", "Paper Lanterns", "Cold Brew", "Night Ferry", "Tin Whistle", "Salt Road")
FIRST_STEAMID = 76561198800000000


@dataclass(slots=True)
class Thing:
    """A weapon, grenade or bomb with a life of its own."""

    id: int
    item: str
    from_tick: int
    original_owner: int  # slot
    clip: int = 0
    reserve: int = 0
    weapon: Weapon = field(init=False)

    def __post_init__(self) -> None:
        self.weapon = WEAPONS[self.item]

    def __deepcopy__(self, memo: dict[int, object]) -> "Thing":
        copy = Thing(self.id, self.item, self.from_tick, self.original_owner, self.clip, self.reserve)
        memo[id(self)] = copy
        return copy


@dataclass(slots=True)
class Player:
    """``aim``, ``wits`` and ``speed`` (reaction) are in 0 … 1, about 0.5 on average."""

    index: int
    slot: int
    name: str
    roster: int
    role: Role
    aim: float
    wits: float
    steamid: int = 0
    side: Team = Team.T
    # kept over rounds
    money: int = 0
    armor: int = 0
    helmet: bool = False
    kit: bool = False
    things: list[Thing] = field(default_factory=list)
    kills: int = 0
    deaths: int = 0
    assists: int = 0
    score: int = 0
    mvps: int = 0
    # of the round
    health: int = 100
    spent: int = 0
    x: float = 0.0
    y: float = 0.0
    z: float = 0.0
    yaw: float = 0.0
    pitch: float = 0.0
    duck: float = 0.0
    area: int = 0
    moving: float = 0.0  # units a second over the last step
    walking: bool = False
    active: Thing | None = None
    order: Order = field(default_factory=Order)
    path: list[tuple[float, float, int]] = field(default_factory=list)
    path_goal: tuple[float, float, int] = (0.0, 0.0, -1)
    target: int = -1
    seen_since: dict[int, int] = field(default_factory=dict)  # enemy → tick of the first unbroken sight
    react_at: int = 0
    next_shot: int = 0
    ready_at: int = 0  # weapon drawn or reloaded
    reloading: bool = False
    burst: int = 0
    blind_until: int = 0
    blind_by: int = -1
    hurt_at: int = 0
    hurt_by: dict[int, int] = field(default_factory=dict)  # attacker → health taken
    scoped: bool = False
    busy: str = ""  # "plant" | "defuse" | "throw"
    busy_until: int = 0
    think_at: int = 0
    last_shot: int = -10_000
    unseen: int = -1  # enemy fired at without being seen, until that tick
    unseen_until: int = 0
    strafe: float = 0.0
    look: float | None = None
    covered: bool = False  # stands at a spot held: what is below the waist does not show
    at_head: bool = True  # what this fight's shots are aimed at
    throw: tuple[int, float, float, float] | None = None  # thing's id and where it shall land
    home: str = ""  # the part of the plan that is this player's: "A", "B", "middle"

    @property
    def alive(self) -> bool:
        return self.health > 0

    @property
    def gun(self) -> Thing | None:
        """The best gun carried: a primary, else a pistol."""
        best = None
        for thing in self.things:
            weapon = thing.weapon
            if weapon.is_gun and (best is None or weapon.rank > best.weapon.rank):
                best = thing
        return best

    @property
    def primary(self) -> Thing | None:
        return next((thing for thing in self.things if thing.weapon.primary), None)

    @property
    def equipment(self) -> int:
        """What everything carried costs in the shop."""
        armour = (KEVLAR if self.armor > 0 else 0) + (HELMET_UPGRADE if self.helmet else 0)
        return armour + (DEFUSER if self.kit else 0) + sum(thing.weapon.price for thing in self.things)

    def has(self, item: str) -> int:
        return sum(1 for thing in self.things if thing.item == item)


def gather(options: MatchOptions, rng: np.random.Generator) -> tuple[list[Player], list[Participant], tuple[str, str]]:
    """Ten people in slots 0 … 9, one of each role per roster, and the rosters' names.

    Wits follow aim with the correlation ``options.confound``.
    """
    names = options.rosters
    if names is None:
        first, second = rng.choice(len(_ROSTERS), size=2, replace=False)
        names = (_ROSTERS[first], _ROSTERS[second])
    players, participants = [], []
    for roster in (0, 1):
        chosen = rng.permutation(len(_NAMES[roster]))[:5]
        for place, role in enumerate(Role):
            index = roster * 5 + place
            talent, sense = rng.standard_normal(2)
            aim = options.skill[roster] + options.skill_spread * talent
            mixed = options.confound * talent + (1.0 - options.confound**2) ** 0.5 * sense
            wits = options.skill[roster] + options.skill_spread * mixed
            name = _NAMES[roster][chosen[place]]
            steamid = FIRST_STEAMID + 1000 * roster + int(chosen[place])
            skill = (float(np.clip(aim, 0.02, 0.98)), float(np.clip(wits, 0.02, 0.98)))
            players.append(Player(index, index, name, roster, role, *skill, steamid))
            participants.append(Participant(index, name, steamid, roster))
    return players, participants, names
