"""The facts of a recorded match, whoever wrote them down: what ``building`` makes complete tracks of.

People are indices into ``Facts.people``, −1 is nobody. Items are awpy's short names.
"""

from dataclasses import dataclass, field

from apps.simulation.truth.match import Team


@dataclass(frozen=True)
class Person:
    name: str
    steamid: int
    roster: int


@dataclass(frozen=True)
class Round:
    number: int
    start: int
    freeze_end: int
    end: int
    official: int
    side_0: Team
    winner: Team
    reason: int  # CS2's m_eRoundWinReason
    score: tuple[int, int]  # before it, by roster
    overtime: int = 0


@dataclass(frozen=True)
class Sighting:
    """Somebody is somewhere; with angles where the fact gives them."""

    who: int
    tick: int
    x: float
    y: float
    z: float
    yaw: float | None = None
    pitch: float | None = None


@dataclass(frozen=True)
class Kill:
    tick: int
    killer: int
    victim: int
    assister: int
    weapon: str  # the event's word
    headshot: bool = False
    penetrated: int = 0
    noscope: bool = False
    thrusmoke: bool = False
    blind: bool = False
    assisted_flash: bool = False
    distance: float = 0.0


@dataclass(frozen=True)
class Damage:
    tick: int
    attacker: int
    victim: int
    weapon: str
    health: int
    armor: int
    health_after: int
    armor_before: int
    armor_after: int
    hitgroup: int


@dataclass(frozen=True)
class Shot:
    tick: int
    who: int
    item: str
    projectile: int = 0


@dataclass(frozen=True)
class Buy:
    tick: int
    who: int
    item: str  # a weapon, "kevlar", "assaultsuit", "defuser"
    refunded: bool = False


@dataclass(frozen=True)
class Economy:
    number: int
    who: int
    start: int
    spent: int
    equipment: int


@dataclass(frozen=True)
class Blind:
    tick: int
    victim: int
    flasher: int
    seconds: float


@dataclass
class Grenade:
    """One thrown grenade: (tick, x, y, z) from the hand on; ``off`` is when it went off, None when that is unknown."""

    kind: str
    thrower: int
    way: list[tuple[int, float, float, float]]
    off: int | None = None
    gone: int | None = None  # when the projectile was taken away: for a smoke, when it had cleared


@dataclass(frozen=True)
class Bomb:
    """``what``: begin_plant plant begin_defuse defuse explode; site is "" where the fact does not tell."""

    what: str
    tick: int
    who: int
    site: str
    x: float
    y: float
    z: float


@dataclass(frozen=True)
class Chat:
    tick: int
    who: int
    text: str


@dataclass
class Facts:
    map_name: str
    server_name: str
    rosters: tuple[str, str]
    people: list[Person]
    rounds: list[Round]
    max_rounds: int = 24
    sightings: list[Sighting] = field(default_factory=list)
    kills: list[Kill] = field(default_factory=list)
    damages: list[Damage] = field(default_factory=list)
    shots: list[Shot] = field(default_factory=list)
    buys: list[Buy] = field(default_factory=list)
    economies: list[Economy] = field(default_factory=list)
    blinds: list[Blind] = field(default_factory=list)
    grenades: list[Grenade] = field(default_factory=list)
    bombs: list[Bomb] = field(default_factory=list)
    chats: list[Chat] = field(default_factory=list)
    health: list[tuple[int, int, int]] = field(default_factory=list)  # tick, who, health as somebody read it
