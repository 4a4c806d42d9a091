"""What happened in a match, tick by tick: the one shape between what makes matches and what writes or checks them.

The match simulation and the replayed records produce a ``MatchTruth``; the ``.dem`` writer, the frame tests and the
roll-outs read it; ``truth.files`` keeps it beside the recording. Nothing in here knows how a recording is encoded.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np
import polars as pl

from apps.simulation.truth.tables import TABLES, empty
from apps.simulation.truth.tracks import Tracks

TICK_RATE = 64


class Team(IntEnum):
    """CS2's ``m_iTeamNum``."""

    UNASSIGNED = 0
    SPECTATOR = 1
    T = 2
    CT = 3


@dataclass(frozen=True)
class Participant:
    """Somebody with a controller. ``slot`` is the controller's entity index − 1 and the row of the string table."""

    slot: int
    name: str
    steamid: int  # 0 for a bot
    roster: int  # 0 or 1: whom they play for; −1 for nobody
    is_bot: bool = False
    is_coach: bool = False


@dataclass(frozen=True)
class Event:
    """A game event under CS2's name with CS2's keys.

    People are slots under ``userid``, ``attacker``, ``assister``, … (−1 is nobody); whoever encodes the event adds the
    ``*_pawn`` handles. ``chat`` (userid, text, team_only: bool) is a message, not an event, in the file.
    """

    tick: int
    name: str
    fields: Mapping[str, int | float | str | bool] = field(default_factory=dict)


@dataclass(frozen=True)
class Header:
    map_name: str
    rosters: tuple[str, str]  # the two teams' names
    server_name: str = "Chimera simulated match"
    client_name: str = "SourceTV Demo"  # of a POV recording: the player's name
    pov_slot: int | None = None  # whose recording it is; None for GOTV


@dataclass
class MatchTruth:
    """A whole recording: 64 Hz ``tracks``, and the tables of ``truth.tables.TABLES`` sorted by their first tick."""

    header: Header
    seed: int
    participants: list[Participant]  # one per column of the tracks, in that order
    places: list[str]  # what the tracks' ``place`` counts into; place 0 is ""
    convars: dict[str, str]
    tracks: Tracks
    events: list[Event] = field(default_factory=list)  # sorted by tick, in order within one
    tables: dict[str, pl.DataFrame] = field(default_factory=lambda: {name: empty(name) for name in TABLES})

    def __post_init__(self) -> None:
        """Raises ValueError where the parts do not fit each other."""
        if self.tracks.players != len(self.participants):
            raise ValueError(f"{len(self.participants)} participants, {self.tracks.players} columns in the tracks")
        slots = [person.slot for person in self.participants]
        if len(set(slots)) != len(slots) or not all(0 <= slot < 64 for slot in slots):
            raise ValueError("slots must be distinct and between 0 and 63")
        if len(self.tracks.ticks) and not np.all(np.diff(self.tracks.ticks) > 0):
            raise ValueError("the ticks of the tracks must rise")
        for name, schema in TABLES.items():
            if self.tables[name].schema != schema:
                raise ValueError(f"table {name} has columns {self.tables[name].schema}")

    def column(self, slot: int) -> int:
        """The tracks' column of a slot.

        Raises:
            KeyError: nobody has that slot.
        """
        for index, person in enumerate(self.participants):
            if person.slot == slot:
                return index
        raise KeyError(slot)
