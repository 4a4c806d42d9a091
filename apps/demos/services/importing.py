"""What an import writes: tables into storage, and the Demo, Round and Player rows in one transaction."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import transaction

from apps.core import storage
from apps.core.models import Job
from apps.demos.models import Demo, DemoStatus, Player, Round
from apps.demos.selectors.recordings import artefact_prefix
from apps.demos.services import describing, recounting, removing, state

ROUND_FIELDS = (
    "number",
    "start_tick",
    "freeze_end_tick",
    "end_tick",
    "is_partial",
    "winner_side",
    "end_reason",
    "score_ct",
    "score_t",
)
PLAYER_FIELDS = ("steamid", "name", "is_bot", "first_side")
DEMO_FIELDS = (
    "map_name",
    "server_name",
    "recorded_by",
    "build_number",
    "tick_rate",
    "first_tick",
    "last_tick",
    "has_positions",
    "warnings",
)


def begin(demo_id: int, job: Job) -> Demo | None:
    """Mark a recording as being read by ``job``; None when it is gone."""
    if not state.move(demo_id, DemoStatus.IMPORTING, job=job):
        return None
    return Demo.objects.get(pk=demo_id)


def attach(demo: Demo, job: Job) -> None:
    """Remember which job imports ``demo``, before it starts."""
    Demo.objects.filter(pk=demo.pk).update(job=job)
    state.tell(demo.pk)


def give_up(demo: Demo) -> bool:
    """Remove a recording that cannot be read, True; one that was imported before stays as it was, False."""
    if demo.rounds.exists():
        state.move(demo.pk, DemoStatus.READY)
        return False
    removing.remove(demo)
    return True


def finish(demo: Demo, folder: Path, *, check: Callable[[], None]) -> dict[str, Any] | None:
    """Store what the parser wrote into ``folder``; running it again gives the same rows and files.

    ``check`` is called inside the transaction and raises when this run is no longer the one that counts.

    Returns:
        The parser's summary, or None when the recording was deleted meanwhile.
    """
    summary: dict[str, Any] = json.loads((folder / "summary.json").read_text())
    kept = set(storage.put_folder(artefact_prefix(demo.sha256), folder))
    with transaction.atomic():
        check()
        if not state.move(demo.pk, DemoStatus.READY, **{name: summary[name] for name in DEMO_FIELDS}):
            removing.remove_files(demo)
            return None
        _write_rounds(demo, summary["rounds"])
        _write_players(demo, summary["players"])
        recounting.recount(demo)
        describing.describe(demo)
    removing.remove_other_tables(demo, kept)
    return summary


def _write_rounds(demo: Demo, rows: list[dict[str, Any]]) -> None:
    Round.objects.filter(demo=demo).exclude(ordinal__in=[row["ordinal"] for row in rows]).delete()
    Round.objects.bulk_create(
        [Round(demo=demo, **row) for row in rows],
        update_conflicts=True,
        unique_fields=["demo", "ordinal"],
        update_fields=ROUND_FIELDS,
    )


def _write_players(demo: Demo, rows: list[dict[str, Any]]) -> None:
    Player.objects.filter(demo=demo).exclude(slot__in=[row["slot"] for row in rows]).delete()
    Player.objects.bulk_create(
        [Player(demo=demo, **row) for row in rows],
        update_conflicts=True,
        unique_fields=["demo", "slot"],
        update_fields=PLAYER_FIELDS,
    )
