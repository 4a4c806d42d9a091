"""Reads of one recording: its file, and the tables other apps build on."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from apps.core import storage
from apps.core.models import User
from apps.core.roles import Role, has_role
from apps.demos.models import Demo, DemoStatus, Round

if TYPE_CHECKING:
    import polars as pl


def artefact_prefix(sha256: str) -> str:
    """Where the tables of a recording lie in storage."""
    return f"demos/{sha256}"


def recording_name(sha256: str) -> str:
    """Where a recording lies in storage: by its content."""
    return f"recordings/{sha256}.dem"


@contextmanager
def recording_path(demo: Demo) -> Iterator[Path]:
    """A path on this machine that holds the recording."""
    with storage.local_path(demo.recording) as path:
        yield path


def table(
    demo: Demo,
    name: str,
    *,
    start_tick: int | None = None,
    end_tick: int | None = None,
    columns: list[str] | None = None,
) -> "pl.DataFrame | None":
    """One of the recording's tables, or its rows between two ticks (inclusive); None where it was not stored."""
    import polars as pl

    stored = f"{artefact_prefix(demo.sha256)}/{name}.parquet"
    if not storage.artefacts().exists(stored):
        return None
    with storage.local_path(stored) as path:
        lazy = pl.scan_parquet(path)
        if start_tick is not None:
            lazy = lazy.filter(pl.col("tick") >= start_tick)
        if end_tick is not None:
            lazy = lazy.filter(pl.col("tick") <= end_tick)
        return (lazy.select(columns) if columns else lazy).collect()


def player_states(demo: Demo, *, start_tick: int | None = None, end_tick: int | None = None) -> "pl.DataFrame":
    """One row per tick and player (see ``reading.states.SCHEMA``); without rows where nothing could be decoded."""
    from apps.demos.parsing.reading import states

    found = table(demo, "player_states", start_tick=start_tick, end_tick=end_tick)
    return states.empty() if found is None else found


def rules(demo: Demo, *, start_tick: int | None = None, end_tick: int | None = None) -> "pl.DataFrame":
    """One row per tick (see ``parsing.match.rules.SCHEMA``): phase, clock, score, bomb; all null where undecodable.

    Stored is a row per change; the clocks run on between.
    """
    from apps.demos.parsing.match import rules as parsed

    first = demo.first_tick if start_tick is None else start_tick
    last = demo.last_tick if end_tick is None else end_tick
    found = table(demo, "rules")
    return parsed.unknown(first, last) if found is None else parsed.every_tick(found, first, last, demo.tick_rate)


def events(demo: Demo, kind: str) -> "pl.DataFrame | None":
    """The table ``kind`` (a key of ``reading.events.TABLES``: "kills", "damages", "shots" …) with awpy's columns.

    Sides are CT/T, and beside every name stands a ``slot``/``…_slot``. None where that table could not be read.
    """
    return table(demo, kind)


def counted_rounds(demo: Demo) -> QuerySet[Round]:
    """The rounds that count, in order; each has a number."""
    return demo.rounds.filter(number__isnull=False).order_by("number")


def may_delete(user: User, demo: Demo) -> bool:
    """Whoever uploaded a recording, and admins."""
    return demo.uploaded_by_id == user.pk or has_role(user, Role.ADMIN)


def replayable(demo: Demo) -> bool:
    return demo.status == DemoStatus.READY and demo.has_positions
