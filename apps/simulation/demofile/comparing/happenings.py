"""The truth's events against the recording's game events and chat, key by key."""

import struct
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import polars as pl

from apps.simulation.demofile.comparing.differences import ABSENT, Difference, of_rows
from apps.simulation.demofile.comparing.recorded import Recorded, plain
from apps.simulation.demofile.gameevents import BOOL, DESCRIPTORS, FLOAT, NOBODY_ID, PAWN, PLAYER, STRING, UNWRITTEN
from apps.simulation.demofile.things import NOBODY, PAWNS
from apps.simulation.truth.match import Event

Fields = dict[str, object]


def of_events(recorded: Recorded, demo: Any, entity_of: Mapping[tuple[str, int], int]) -> list[Difference]:
    """``entity_of``: the entity behind the truth's id of a projectile or fire."""
    expected: dict[str, list[tuple[int, Fields]]] = defaultdict(list)
    out = []
    for event in recorded.truth.events:
        tick = recorded.tick(event.tick)
        if tick is None or event.name == "chat" or event.name in UNWRITTEN:
            continue
        strange = [
            key for key in event.fields if key not in _keys(event.name) and f"{event.name}.{key}" not in UNWRITTEN
        ]
        out += [Difference(f"{event.name}.{key}", tick, "", event.fields[key], ABSENT) for key in strange]
        expected[event.name].append((tick, _wanted(event, entity_of)))
    names = [name for name in demo.events.names if not name.startswith("UM_")]  # awpy counts chat among the events
    for name in sorted({*expected, *names}):
        found = _found(demo.events[name]) if name in names else []
        out += _of_one(recorded, name, expected.get(name, []), found)
    return out


def _keys(name: str) -> dict[str, int]:
    return dict(DESCRIPTORS[name][1]) if name in DESCRIPTORS else {}


def _wanted(event: Event, entity_of: Mapping[tuple[str, int], int]) -> Fields:
    out: Fields = {}
    for key, kind in _keys(event.name).items():
        value = event.fields.get(key.removesuffix("_pawn") if kind == PAWN else "userid" if key == "PlayerID" else key)
        if kind in (PAWN, PLAYER) or key == "PlayerID":
            slot = -1 if value is None else int(value)
            nobody = {PAWN: NOBODY, PLAYER: NOBODY_ID}.get(kind, -1)
            out[key] = nobody if slot < 0 else slot + PAWNS if kind == PAWN else slot
        elif key == "entityid":
            what = "fire" if event.name.startswith("inferno") else "projectile"
            out[key] = entity_of.get((what, -1 if value is None else int(value)), 0)
        elif kind == STRING:
            out[key] = plain(str("" if value is None else value))
        elif kind == FLOAT:
            out[key] = _single(float(value or 0.0))
        else:
            out[key] = bool(value) if kind == BOOL else int(value or 0)
    return out


def _found(table: pl.DataFrame) -> list[tuple[int, dict[str, str]]]:
    return [(int(row.pop("tick")), row) for row in table.iter_rows(named=True)]


def _of_one(
    recorded: Recorded, name: str, expected: list[tuple[int, Fields]], found: list[tuple[int, dict[str, str]]]
) -> list[Difference]:
    """Events of one name: those of one tick belong together in their order."""
    kinds = _keys(name)
    wanted, there = _by_tick(expected), _by_tick(found)
    out = []
    for tick in sorted({*wanted, *there}):
        mine, theirs = wanted.get(tick, []), there.get(tick, [])
        if len(mine) != len(theirs):
            out.append(Difference(name, tick, "", f"{len(mine)} events", f"{len(theirs)} events"))
            continue
        for one, other in zip(mine, theirs, strict=True):
            read = {key: _read(kinds.get(key, STRING), text) for key, text in other.items()}
            who = recorded.label(one.get("userid"))
            out += [
                Difference(f"{name}.{key}", tick, who, one.get(key, ABSENT), read.get(key, ABSENT))
                for key in sorted({*one, *read})
                if one.get(key, ABSENT) != read.get(key, ABSENT)
            ]
    return out


def _by_tick(rows: list[tuple[int, Any]]) -> dict[int, list[Any]]:
    out: dict[int, list[Any]] = defaultdict(list)
    for tick, fields in rows:
        out[tick].append(fields)
    return out


def _read(kind: int, text: str | None) -> object:
    if text is None:
        return None
    if kind == STRING:
        return text
    if kind == BOOL:
        return text == "true"
    return _single(float(text)) if kind == FLOAT else int(text)


def _single(value: float) -> float:
    return float(struct.unpack("<f", struct.pack("<f", value))[0])


def of_chat(recorded: Recorded, demo: Any) -> list[Difference]:
    rows = []
    for event in recorded.truth.events:
        tick = recorded.tick(event.tick)
        if event.name != "chat" or tick is None:
            continue
        slot = int(event.fields.get("userid", -1))
        rows.append({
            "tick": tick, "entity_index": slot + 1, "player": plain(recorded.whole_names.get(slot, "")),
            "message": plain(str(event.fields.get("text", ""))),
            "channel": "Cstrike_Chat_Team" if event.fields.get("team_only") else "Cstrike_Chat_All",
        })  # fmt: skip
    schema = {
        "tick": pl.Int64,
        "entity_index": pl.Int32,
        "player": pl.String,
        "message": pl.String,
        "channel": pl.String,
    }
    found = demo.chat.with_columns(player=pl.col("name").fill_null("")).select(*schema)
    return of_rows("chat", pl.DataFrame(rows, schema=schema), found, ["tick"])
