"""What the 2D viewer needs of one stretch of play: columns of small integers, as JSON, gzipped.

How columns are coded (``static/src/demos/pack.ts`` reads them):

- *deltas*: the first value, then the difference of each one to the one before;
- *steps*: frame, value, frame, value …: from that frame on the value holds;
- *words*: an index into the pack's list ``words``, −1 for none;
- a *player* is an index into ``players``, −1 for nobody or somebody unknown.

Positions are rounded to game units, angles to degrees, times of events are ticks.
"""

import gzip
import json
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import polars as pl

from apps.demos.parsing.ticks import between
from apps.demos.parsing.viewing import pack_events, pack_frames
from apps.demos.parsing.viewing.pack_words import Words

VERSION = 2
LEVEL = 6  # of gzip: higher ones cost twice the time for a hundredth of the size
FOLDER = "packs"
GROUND = f"{FOLDER}/ground.json.gz"


class Stretch(Protocol):
    """A row of rounds, of the parser's or of the database."""

    @property
    def ordinal(self) -> int: ...
    @property
    def start_tick(self) -> int: ...
    @property
    def freeze_end_tick(self) -> int | None: ...
    @property
    def end_tick(self) -> int: ...
    @property
    def official_end_tick(self) -> int | None: ...


def name(ordinal: int) -> str:
    """Where the pack of a stretch lies, below the recording's folder."""
    return f"{FOLDER}/{ordinal}.json.gz"


def last_tick(row: Stretch) -> int:
    """The last tick to show: what follows the decision belongs to the round until the next one starts."""
    return max(row.end_tick, (row.official_end_tick or row.end_tick + 1) - 1)


def build(
    row: Stretch,
    states: pl.DataFrame,
    rules: pl.DataFrame,
    tables: Mapping[str, pl.DataFrame | None],
    *,
    tick_rate: float,
) -> dict[str, Any]:
    """The pack of one stretch.

    Args:
        row: the stretch; its ticks, inclusive.
        states: player states (``states.SCHEMA``) sorted by tick; rows outside the stretch may be there.
        rules: rules rows (``rules.SCHEMA``) sorted by tick, as sparse as may be.
        tables: ``events.TABLES`` with slots; any may be missing or None.
        tick_rate: ticks per second.

    Returns:
        ``version``, ``ordinal``, ``tick_rate``, ``start``, ``freeze_end``, ``end``, ``last`` (ticks); ``words``;
        ``players`` {slot, steamid, name, side, bot} [p]; ``ticks`` (deltas) [n]; ``moves`` {x, y, z, yaw} [p] of
        deltas; ``steps`` (see ``pack_frames.STEPS``) [p] of steps; ``game`` {phase, bomb: steps, clock: deltas of
        tenths of a second, −1 where it is unknown}; ``shots``, ``damages``, ``kills``, ``blinds``, ``grenades``,
        ``smokes``, ``fires``, ``bomb``, ``purchases``: see ``pack_events``. Without frames ``ticks`` is empty.
    """
    first, last = row.start_tick, last_tick(row)
    words = Words()
    frames = pack_frames.build(between(states, first, last), rules, words, first=first, tick_rate=tick_rate)
    events = pack_events.build(tables, words, frames.slots, first=first, last=last, tick_rate=tick_rate)
    return {
        "version": VERSION,
        "ordinal": row.ordinal,
        "tick_rate": tick_rate,
        "start": first,
        "freeze_end": row.freeze_end_tick,
        "end": row.end_tick,
        "last": last,
        **frames.content,
        **events,
        "words": words.all,
    }


def encode(content: Mapping[str, Any]) -> bytes:
    """The bytes to store and to serve (``Content-Encoding: gzip``); the same content gives the same bytes."""
    text = json.dumps(content, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return gzip.compress(text.encode(), compresslevel=LEVEL, mtime=0)


def is_current(data: bytes) -> bool:
    """Whether these bytes, of a pack or a ground, are of the present ``VERSION``."""
    try:
        head = zlib.decompressobj(31).decompress(data, 32)  # 31: gzip's own header and checksum
    except zlib.error:
        return False
    return head.startswith(f'{{"version":{VERSION},'.encode())


def write(
    folder: Path,
    row: Stretch,
    states: pl.DataFrame,
    rules: pl.DataFrame,
    tables: Mapping[str, pl.DataFrame | None],
    *,
    tick_rate: float,
) -> None:
    """Build the pack of ``row`` and put it where it belongs below ``folder``."""
    target = folder / name(row.ordinal)
    put(target, build(row, states, rules, tables, tick_rate=tick_rate))


def put(target: Path, content: Mapping[str, Any]) -> None:
    """Encode ``content`` into ``target``, as a new file: the one before may be stored under a second name."""
    target.parent.mkdir(exist_ok=True)
    part = target.with_name(f".{target.name}.part")
    part.write_bytes(encode(content))
    part.replace(target)
