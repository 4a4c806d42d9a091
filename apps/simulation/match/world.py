"""The state while a match is played, and the small acts that keep it and its chronicle in step."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from apps.simulation.match.chronicle import Chronicle, Pose
from apps.simulation.match.economy import pay
from apps.simulation.match.ground import Ground, Point
from apps.simulation.match.options import MatchOptions
from apps.simulation.match.people import Player, Thing
from apps.simulation.match.rules import Score
from apps.simulation.truth.match import Team

STEP_TICKS = 4  # decisions and movement at 16 Hz
STEP_S = STEP_TICKS / 64.0


@dataclass
class Cloud:
    """A smoke or a fire."""

    id: int
    thrower: int
    x: float
    y: float
    z: float
    from_tick: int
    to_tick: int
    radius: float


@dataclass
class Flight:
    """A grenade in the air: where it lands, and the tick at which it does what it does."""

    id: int
    kind: str
    thrower: int  # index
    x: float
    y: float
    z: float
    due: int


@dataclass
class Bomb:
    """``carrier`` is a player's index, −1 when on the ground or planted."""

    thing: Thing
    carrier: int
    x: float = 0.0
    y: float = 0.0
    z: float = 0.0
    area: int = -1
    planted: bool = False
    site: str = ""
    planter: int = -1
    planted_at: int = 0
    explodes_at: int = 0
    gone: bool = False


@dataclass
class Glimpse:
    """Where an enemy was last noticed, and how."""

    tick: int
    x: float
    y: float
    z: float
    area: int
    seen: bool


@dataclass
class RoundState:
    """What lives only as long as a round."""

    start: int = 0
    freeze_end: int = 0
    end: int = 0  # 0 while undecided
    winner: Team = Team.UNASSIGNED
    reason: str = ""
    smokes: list[Cloud] = field(default_factory=list)
    kits: list[Point] = field(default_factory=list)  # defuse kits of the fallen
    fires: list[Cloud] = field(default_factory=list)
    flights: list[Flight] = field(default_factory=list)
    bomb: Bomb | None = None
    knowledge: dict[Team, dict[int, Glimpse]] = field(default_factory=lambda: {Team.T: {}, Team.CT: {}})
    damage: dict[int, int] = field(default_factory=dict)  # by player, for the MVP
    plan: dict[Team, str] = field(default_factory=dict)
    plan_state: dict[str, float] = field(default_factory=dict)
    knives_only: bool = False
    warmup: bool = False
    last_death: int = 0


@dataclass
class Persistent:
    """What a backup holds: people with money, weapons and statistics, and the score."""

    players: list[Player]
    score: Score
    lying: list[tuple[Thing, Point, int]] = field(default_factory=list)


class World:
    def __init__(
        self,
        options: MatchOptions,
        ground: Ground,
        chronicle: Chronicle,
        kept: Persistent,
        rng: np.random.Generator,
    ) -> None:
        self.options = options
        self.ground = ground
        self.log = chronicle
        self.kept = kept
        self.rng = rng
        self.tick = 0
        self.next_id = 1
        self.round = RoundState()
        self.planted: Callable[[int], None] = lambda tick: None  # the referee's books want to know

    @property
    def players(self) -> list[Player]:
        return self.kept.players

    @property
    def score(self) -> Score:
        return self.kept.score

    def side(self, team: Team) -> list[Player]:
        return [player for player in self.players if player.side == team]

    def alive(self, team: Team) -> list[Player]:
        return [player for player in self.players if player.side == team and player.health > 0]

    def new_id(self) -> int:
        self.next_id += 1
        return self.next_id - 1

    def chance(self, probability: float) -> bool:
        return bool(self.rng.random() < probability)

    # --- numbers of a player

    def put(self, player: Player, name: str, value: float, tick: int | None = None) -> None:
        """Set a field of the tracks that is an attribute of the same name."""
        setattr(player, name, value)
        self.log.set(self.tick if tick is None else tick, player.index, name, value)

    def armour(self, player: Player, armor: int, helmet: bool, tick: int | None = None) -> None:
        at = self.tick if tick is None else tick
        player.armor, player.helmet = armor, helmet
        self.log.set(at, player.index, "armor", armor)
        self.log.set(at, player.index, "has_helmet", helmet)
        self.value(player, at)

    def kit(self, player: Player, has: bool, tick: int | None = None) -> None:
        at = self.tick if tick is None else tick
        player.kit = has
        self.log.set(at, player.index, "has_defuser", has)
        self.value(player, at)

    def money(self, player: Player, amount: int, tick: int | None = None) -> None:
        self.put(player, "money", pay(player.money, amount), tick)

    def value(self, player: Player, tick: int) -> None:
        self.log.set(tick, player.index, "equipment_value", player.equipment if player.alive else 0)

    # --- things

    def make(self, tick: int, item: str, owner: Player) -> Thing:
        """A new thing in somebody's hands."""
        thing = Thing(self.new_id(), item, tick, owner.slot)
        thing.clip, thing.reserve = thing.weapon.clip, thing.weapon.reserve
        owner.things.append(thing)
        self.log.row("holders", tick, thing.id, owner.slot, None, None, None)
        if thing.clip:
            self.ammunition(tick, thing)
        self.value(owner, tick)
        return thing

    def ammunition(self, tick: int, thing: Thing) -> None:
        self.log.row("ammunition", tick, thing.id, thing.clip, thing.reserve)

    def give(self, tick: int, thing: Thing, owner: Player) -> None:
        owner.things.append(thing)
        self.log.row("holders", tick, thing.id, owner.slot, None, None, None)
        self.log.event(tick, "item_pickup", userid=owner.slot, item=thing.item, silent=False)
        self.value(owner, tick)

    def drop(self, tick: int, player: Player, thing: Thing) -> None:
        """Lay a thing at the player's feet."""
        player.things.remove(thing)
        x, y, z = player.x, player.y, player.z + 2.0
        self.log.row("holders", tick, thing.id, -1, x, y, z)
        self.kept.lying.append((thing, (x, y, z), player.area))
        if player.active is thing:
            self.equip(player, None, tick)
        self.value(player, tick)

    def destroy(self, tick: int, thing: Thing, owner: Player | None = None) -> None:
        """The thing is no more (thrown, or its owner respawned without it)."""
        if owner is not None:
            owner.things.remove(thing)
            if owner.active is thing:
                self.equip(owner, None, tick)
            self.value(owner, tick)
        self.log.row(
            "weapons", thing.id, thing.from_tick, max(tick, thing.from_tick + 1), thing.item, thing.original_owner
        )

    def clear_ground(self, tick: int) -> None:
        for thing, _, _ in self.kept.lying:
            self.destroy(tick, thing)
        self.kept.lying.clear()

    def equip(self, player: Player, thing: Thing | None, tick: int | None = None) -> None:
        """Take a thing in hand; drawing takes 0.6 s during which nothing is fired."""
        if player.active is thing:
            return
        at = self.tick if tick is None else tick
        player.active = thing
        player.ready_at = at + 40
        player.reloading = False
        self.scope(player, False, at)
        self.log.set(at, player.index, "active", -1 if thing is None else thing.id)
        if thing is not None:
            self.log.event(at, "item_equip", userid=player.slot, item=thing.item)

    def scope(self, player: Player, scoped: bool, tick: int) -> None:
        if player.scoped == scoped:
            return
        player.scoped = scoped
        self.log.set(tick, player.index, "scoped", scoped)
        if scoped:
            self.log.event(tick, "weapon_zoom", userid=player.slot)

    def pose(self, tick: int) -> None:
        """Keep where everybody is."""
        rows: list[Pose] = [
            (p.x, p.y, p.z, p.yaw, p.pitch, p.duck, p.area, 1.0 if p.walking else 0.0) for p in self.players
        ]
        self.log.pose(tick, rows)
