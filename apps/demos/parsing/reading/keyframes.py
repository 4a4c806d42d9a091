"""The state of all entities, once a minute: the recording's own whole states, read as a recording of their own.

Decoding every entity of every tick of a match would cost more time and memory than all the rest together.
"""

import tempfile
from pathlib import Path

import polars as pl
from awpy import Demo

from apps.demos.parsing.match.evidence import KEYFRAME_FIELDS
from apps.demos.parsing.reading import salvage

# In a recording this short every tick is decoded instead: few whole states would be among so few.
SHORT_PACKETS = 2_000
NO_STATE_PACKETS = 6_000  # so long, if it holds no whole state at all: servers write one a minute
# Beyond the evidence: whose weapon is how full.
FIELDS = (*KEYFRAME_FIELDS, "m_hOwnerEntity", "m_hController", "m_pWeaponServices.m_hActiveWeapon")


def read(path: Path, extent: salvage.Extent, scratch: Path) -> pl.DataFrame:
    """One row per tick and entity that ``FIELDS`` say something of; without rows where no whole state was recorded.

    ``extent`` is the recording's, ``scratch`` a folder for the recording in between.
    """
    if extent.packets <= (SHORT_PACKETS if extent.full_packets else NO_STATE_PACKETS):
        return _decode(path)
    if not extent.full_packets:
        return pl.DataFrame(schema={"tick": pl.Int64, "class_name": pl.String})
    scratch.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(suffix=".dem", dir=scratch) as file:
        salvage.keyframes(path, Path(file.name), extent)
        return _decode(Path(file.name))


def _decode(path: Path) -> pl.DataFrame:
    """Every entity of every tick of a (short!) recording, without those rows of which nothing is told."""
    table: pl.DataFrame = Demo(str(path)).ticks(list(FIELDS), players_only=False)
    told = [name for name in FIELDS if name in table.columns]
    return table.filter(pl.any_horizontal(pl.col(name).is_not_null() for name in told))
