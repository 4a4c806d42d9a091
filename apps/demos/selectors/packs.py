"""Reads of what the viewer draws: the stored packs, or new ones where an older import left none."""

import gzip
from collections.abc import Callable
from typing import Any

from apps.core import storage
from apps.demos.models import Demo, Round
from apps.demos.parsing import events
from apps.demos.selectors import recordings


def stretch(row: Round) -> bytes:
    """The gzipped pack of a stretch, see ``parsing.pack.build``."""
    from apps.demos.parsing import pack

    def build() -> dict[str, Any]:
        window = {"start_tick": row.start_tick, "end_tick": pack.last_tick(row)}
        return pack.build(
            row,
            recordings.player_states(row.demo, **window).sort("tick", "slot"),
            recordings.rules(row.demo, **window).sort("tick"),
            {name: recordings.events(row.demo, name) for name in events.TABLES},
            tick_rate=row.demo.tick_rate,
        )

    return _stored_or_built(row.demo, pack.name(row.ordinal), build)


def ground(demo: Demo) -> bytes:
    """The gzipped ground of a recording, see ``parsing.pack_ground.build``."""
    from apps.demos.parsing import pack, pack_ground

    def build() -> dict[str, Any]:
        columns = ["x", "y", "z", "health"]
        states = recordings.table(demo, "player_states", columns=columns)
        found = recordings.player_states(demo).select(columns) if states is None else states
        tables = {name: recordings.events(demo, name) for name in ("damages", "kills")}
        return pack_ground.build(found, tables, map_name=demo.map_name)

    return _stored_or_built(demo, pack.GROUND, build)


def version(data: bytes) -> str:
    """What tells two packs apart: the checksum and the length that end a gzip file, hexadecimal."""
    return data[-8:].hex()


def unpacked(data: bytes) -> bytes:
    """For the rare client that takes no gzip."""
    return gzip.decompress(data)


def _stored_or_built(demo: Demo, name: str, build: Callable[[], dict[str, Any]]) -> bytes:
    from apps.demos.parsing import pack

    stored = f"{recordings.artefact_prefix(demo.sha256)}/{name}"
    try:
        data = storage.read_bytes(stored)
    except FileNotFoundError:
        return pack.encode(build())
    # An import of an earlier version of the format: its bytes say which one at their very beginning.
    return data if pack.is_current(data) else pack.encode(build())
