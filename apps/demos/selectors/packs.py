"""Reads of what the viewer draws: the stored packs, or new ones where an older import left none."""

import gzip
import json
from collections.abc import Callable
from typing import Any

from apps.core import storage
from apps.demos.models import Demo, DemoStatus, Round
from apps.demos.parsing.reading import events
from apps.demos.selectors import recordings

TWINS = 15  # other recordings of a map that add their ground


def stretch(row: Round) -> bytes:
    """The gzipped pack of a stretch, see ``parsing.viewing.pack.build``."""
    from apps.demos.parsing.viewing import pack

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
    """The gzipped ground of a recording and of others on its map, see ``viewing.pack_ground.build``, ``merged``."""
    from apps.demos.parsing.viewing import pack, pack_ground

    def build() -> dict[str, Any]:
        columns = ["x", "y", "z", "health"]
        states = recordings.table(demo, "player_states", columns=columns)
        found = recordings.player_states(demo).select(columns) if states is None else states
        tables = {name: recordings.events(demo, name) for name in ("damages", "kills")}
        return pack_ground.build(found, tables, map_name=demo.map_name)

    own = _stored_or_built(demo, pack.GROUND, build)
    others = [data for sha256 in _twins(demo) if (data := _stored(sha256, pack.GROUND)) is not None]
    if not others:
        return own
    return pack.encode(pack_ground.merged([json.loads(gzip.decompress(data)) for data in (own, *others)]))


def _twins(demo: Demo) -> list[str]:
    """Other recordings of the same map, newest first: where their players walked there is ground too."""
    rows = Demo.objects.filter(map_name=demo.map_name, status=DemoStatus.READY, has_positions=True)
    rows = rows.exclude(pk=demo.pk).exclude(map_name="").order_by("-pk")
    return list(rows.values_list("sha256", flat=True)[:TWINS])


def version(data: bytes) -> str:
    """What tells two packs apart: the checksum and the length that end a gzip file, hexadecimal."""
    return data[-8:].hex()


def unpacked(data: bytes) -> bytes:
    """For the rare client that takes no gzip."""
    return gzip.decompress(data)


def _stored_or_built(demo: Demo, name: str, build: Callable[[], dict[str, Any]]) -> bytes:
    from apps.demos.parsing.viewing import pack

    data = _stored(demo.sha256, name)
    return pack.encode(build()) if data is None else data


def _stored(sha256: str, name: str) -> bytes | None:
    """The stored bytes; None where there are none, or of an earlier version of the format."""
    from apps.demos.parsing.viewing import pack

    try:
        data = storage.read_bytes(f"{recordings.artefact_prefix(sha256)}/{name}")
    except FileNotFoundError:
        return None
    return data if pack.is_current(data) else None
