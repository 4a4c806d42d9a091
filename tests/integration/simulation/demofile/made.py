"""A few seconds of a match made by hand in which everything happens that a recording can tell."""

from dataclasses import replace

import numpy as np
import polars as pl

from apps.simulation.demofile.gameevents import BOOL, DESCRIPTORS, FLOAT, PAWN, PLAYER, STRING
from apps.simulation.demofile.schema import PROJECTILES, WEAPONS
from apps.simulation.truth.match import Event, Header, MatchTruth, Participant, Team
from apps.simulation.truth.tables import TABLES
from apps.simulation.truth.tracks import TRACKS, Tracks, blank

TICKS = 160
PLAYERS = [
    Participant(0, "Ada", 76561198000000001, 0), Participant(1, "Bot Bo", 0, 0, is_bot=True),
    Participant(4, "Cy", 76561198000000003, 1), Participant(9, "Di", 76561198000000004, 1),
]  # fmt: skip
SLOTS = [person.slot for person in PLAYERS]


def tracks(ticks: int = TICKS) -> Tracks:
    """Everybody moves and turns at every tick; the last player comes late and leaves early."""
    made = blank(np.arange(ticks, dtype=np.int32), len(PLAYERS))
    fields, when = made.fields, np.arange(ticks)[:, None]
    who = np.arange(len(PLAYERS))[None, :]
    fields["connected"][:] = True
    fields["connected"][:8, 3] = fields["connected"][ticks - 10 :, 3] = False
    fields["team"][:] = [Team.CT, Team.CT, Team.T, Team.T]
    for number, name in enumerate(TRACKS):
        array = fields[name]
        if array.dtype == np.float32:
            array[:] = (when * (number + 1) * 0.37 + who * 31.5) % 150.0
        elif name in ("kills", "deaths", "assists", "score", "mvps", "armor", "money", "cash_spent") or "value" in name:
            array[:] = when // (7 + number) + who
    for number, name in enumerate(name for name in TRACKS if TRACKS[name] is np.bool_ and name != "connected"):
        fields[name][:] = (when // (11 + number) + who) % 2 == 0
    fields["x"][:] -= 700.0
    fields["duck"][:] = (when % 16) / 16
    fields["health"][:] = np.where(when < 120, 100 - when // 10, 0)
    fields["place"][:] = (when // 30 + who) % 3
    fields["flash_duration"][:] = 0.0
    fields["flash_duration"][50:, 0] = 1.5
    return made


def tables() -> dict[str, pl.DataFrame]:
    items = [*WEAPONS, "c4"]
    owners = [SLOTS[number % 4] for number in range(len(items))]
    thrown = list(enumerate(PROJECTILES))
    rows: dict[str, list[tuple[object, ...]]] = {
        "weapons": [(10 + n, 25, 140 if n else 2000, item, owners[n]) for n, item in enumerate(items)],
        "holders": [(25, 10 + n, owner, None, None, None) for n, owner in enumerate(owners)]
        + [(70, 11, -1, 5.0, 6.0, 7.0), (90, 11, 0, None, None, None), (95, 12, -1, -5.5, 6.0, 7.0)],
        "ammunition": [(25, 10 + n, n, 2 * n) for n in range(10)] + [(60, 12, 3, 90)],
        "projectiles": [(100 + n, 30 + n, 80 + n, kind, SLOTS[n % 4]) for n, kind in thrown],
        "flight": [(30 + n + 25 * step, 100 + n, 10.0 * n, 20.0 * step, 64.0) for n, _ in thrown for step in (0, 1, 2)],
        "smokes": [(100, 80, 130, 0, 0.0, 40.0, 64.0)],
        "fires": [(103, 84, 120, 9, 30.0, 40.0, 64.0, 130.0)],
        "plants": [(60, 100, "B", 4, -1, "exploded", 1.0, 2.0, 3.0), (125, 135, "A", 4, 0, "defused", 4.0, 5.0, 6.0)],
        "rules": [
            (0, True, False, 0, 0, 0, 2, False, 0, 0, 3, 0.0, 115, False, "", 0),
            (10, False, True, 0, 0, 0, 2, False, 0, 0, 3, 0.5, 115, True, "t", 0),
            (40, False, False, 0, 0, 0, 2, False, 0, 0, 3, 0.5, 115, False, "", 0),
            (60, False, False, 0, 0, 0, 2, True, 0, 0, 3, 0.5, 115, False, "", 0),
            (100, False, False, 1, 2, 1, 2, False, 0, 1, 3, 0.5, 115, False, "", 0),
            (110, False, True, 1, 0, 0, 3, False, 0, 1, 2, 2.0, 115, False, "technical", 1),
            (120, False, False, 1, 0, 0, 3, False, 0, 1, 2, 2.0, 100, False, "", 1),
            (135, False, False, 2, 3, 7, 5, False, 1, 1, 2, 2.0, 100, False, "ct", 1),
        ],
        "rounds": [
            (1, "", 10, 40, 100, 110, "T", 1, "bomb_exploded", 1, 3, 0, 0, "B", "rush", "split"),
            (2, "", 110, 120, 135, None, "CT", 0, "bomb_defused", 7, 2, 0, 1, "A", "", ""),
        ],
    }  # fmt: skip
    made = {name: pl.DataFrame(rows.get(name, []), schema=schema, orient="row") for name, schema in TABLES.items()}
    first = tracks()
    at_end = ("money", "equipment_value", "cash_spent")
    economy = [
        (number, slot, int(first["money"][start, column]), *(int(first[name][end, column]) for name in at_end))
        for number, start, end in ((1, 10, 40), (2, 110, 120))
        for column, slot in enumerate(SLOTS)
    ]
    made["economy"] = pl.DataFrame(economy, schema=TABLES["economy"], orient="row")
    return made


def events() -> list[Event]:
    """One of every kind the game has, every key with a value of its own, and chat."""
    out = [Event(26, "chat", {"userid": 4, "text": "gl hf", "team_only": True})]
    for number, (name, (_, keys)) in enumerate(DESCRIPTORS.items()):
        fields: dict[str, int | float | str | bool] = {}
        for place, (key, kind) in enumerate(keys):
            if kind == PAWN or key == "PlayerID":
                continue
            values: dict[int, int | float | str | bool] = {
                PLAYER: SLOTS[(number + place) % 4], STRING: f"{key} {number}", FLOAT: number + 0.25, BOOL: True,
            }  # fmt: skip
            fields[key] = values.get(kind, (number + place) % 2)
        if "entityid" in fields:
            fields["entityid"] = 103 if name.startswith("inferno") else 100
        out.append(Event(30 + number, name, fields))
    chosen = {
        "smokegrenade_detonate": 80, "smokegrenade_expired": 130, "inferno_startburn": 84, "inferno_expire": 120,
        "flashbang_detonate": 50, "player_blind": 50, "bomb_planted": 60, "bomb_exploded": 100, "bomb_defused": 135,
    }  # fmt: skip
    known: dict[str, dict[str, int | float | str | bool]] = {
        "flashbang_detonate": {"userid": 4, "entityid": 101}, "player_blind": {"userid": 0, "attacker": 4},
        "bomb_planted": {"userid": 4, "site": 1}, "bomb_exploded": {"userid": 4, "site": 1},
        "bomb_defused": {"userid": 0, "site": 0},
    }  # fmt: skip
    out = [replace(one, fields={**one.fields, **known.get(one.name, {})}) for one in out]
    return sorted((replace(one, tick=chosen.get(one.name, one.tick)) for one in out), key=lambda one: one.tick)


def small_match() -> MatchTruth:
    made = tracks()
    weapons = tables()["weapons"]
    of_slot = {slot: weapons.filter(pl.col("original_owner") == slot)["id"][0] for slot in SLOTS}
    for column, slot in enumerate(SLOTS):
        made.fields["active"][25:130, column] = of_slot[slot]
    return MatchTruth(
        header=Header("de_quay", ("Ducks", "Geese"), pov_slot=4, client_name="Cy"),
        seed=3,
        participants=list(PLAYERS),
        places=["", "BombsiteA", "Über"],
        convars={"mp_maxrounds": "24", "mp_c4timer": "40"},
        tracks=made,
        events=events(),
        tables=tables(),
    )
