"""What an import writes: tables into storage, and the Demo, Round and Player rows in one transaction."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import transaction

from apps.core import storage
from apps.core.models import Job
from apps.demos.models import Demo, DemoStatus, DemoTeam, Player, Round
from apps.demos.selectors.recordings import artefact_prefix
from apps.demos.services import describing, recounting, removing, state

PLAYER_FIELDS = ("steamid", "name", "is_bot", "first_side", "roster")
DEMO_FIELDS = (
    "map_name",
    "server_name",
    "recorded_by",
    "build_number",
    "tick_rate",
    "missing_after_tick",
    "first_tick",
    "last_tick",
    "has_positions",
    "warnings",
)
HEAD_FIELDS = ("map_name", "server_name", "recorded_by", "build_number", "tick_rate")


def begin(demo_id: int, job: Job) -> Demo | None:
    """Mark a recording as being read by ``job``; None when it is gone. One that was imported before stays ready."""
    if not state.move(demo_id, DemoStatus.IMPORTING, job=job):
        Demo.objects.filter(pk=demo_id, status=DemoStatus.READY).update(job=job)
    return Demo.objects.filter(pk=demo_id).first()


def attach(demo: Demo, job: Job) -> None:
    """Remember which job imports ``demo``, before it starts."""
    Demo.objects.filter(pk=demo.pk).update(job=job)
    state.tell(demo.pk)


def want_raw(demo: Demo, keep_raw: bool) -> None:
    """Whether the next import keeps every tick of the player states."""
    Demo.objects.filter(pk=demo.pk).update(keep_raw=keep_raw)


def give_up(demo: Demo) -> bool:
    """Remove a recording that cannot be read, True; one that was imported before stays as it was, False."""
    if Demo.objects.filter(pk=demo.pk, status=DemoStatus.READY).exists():
        return False
    removing.remove(demo)
    return True


@transaction.atomic
def set_aside(demo: Demo, job: Job) -> None:
    """The import ended without a result, and not by the recording's fault: it waits for another try.

    Nothing happens when another import has taken over meanwhile, or to one that was imported before.
    """
    row = Demo.objects.select_for_update().filter(pk=demo.pk, status=DemoStatus.IMPORTING, job=job).first()
    if row is None:
        _leave_nothing_of_a_deleted(demo)
        return
    row.rounds.all().delete()
    row.players.all().delete()
    state.move(row.pk, DemoStatus.QUEUED, has_preview=False)
    removing.remove_other_tables(row, set())


def _leave_nothing_of_a_deleted(demo: Demo) -> None:
    """Whoever deleted the row took the recording's file along. Tables alone: the same content may be here again by now,
    and its import waits for this one to end.
    """
    if not Demo.objects.filter(pk=demo.pk).exists():
        removing.remove_other_tables(demo, set())


def show_first_round(demo: Demo, work: Path, *, check: Callable[[], None]) -> None:
    """Let people watch the first round of a recording while the rest of it is read."""
    found: dict[str, Any] = json.loads((work / "preview.json").read_text())
    prefix = artefact_prefix(demo.sha256)
    for file in sorted((work / "preview").rglob("*.json.gz")):
        storage.put_file(f"{prefix}/{file.relative_to(work / 'preview').as_posix()}", file)
    with transaction.atomic():
        check()
        head = {name: found[name] for name in HEAD_FIELDS}
        if state.move(demo.pk, DemoStatus.IMPORTING, has_preview=True, **head):
            _write_rounds(demo, [{**found["round"], "ordinal": 1}])
            _write_players(demo, found["players"])


def finish(demo: Demo, work: Path, *, check: Callable[[], None]) -> dict[str, Any] | None:
    """Store what the parser wrote into ``work``, without packs; running it again gives the same rows and files.

    ``check`` is called inside the transaction and raises when this run is no longer the one that counts.

    Returns:
        The parser's summary, or None when the recording was deleted meanwhile.
    """
    summary: dict[str, Any] = json.loads((work / "summary.json").read_text())
    kept = set(storage.keep_folder(artefact_prefix(demo.sha256), work / "tables"))
    with transaction.atomic():
        check()
        changes = {name: summary[name] for name in DEMO_FIELDS}
        if not state.move(demo.pk, DemoStatus.READY, has_preview=False, **changes):
            _leave_nothing_of_a_deleted(demo)
            return None
        _write_rounds(demo, summary["rounds"])
        _write_players(demo, summary["players"])
        _write_teams(demo, summary["teams"])
        recounting.recount(demo)
        describing.describe(demo)
    removing.remove_other_tables(demo, kept)
    return summary


def keep_packs(demo: Demo, work: Path) -> None:
    """Store what the viewer draws, as far as the parser wrote it."""
    kept = set(storage.keep_folder(artefact_prefix(demo.sha256), work / "replay"))
    removing.remove_other_packs(demo, kept)
    _leave_nothing_of_a_deleted(demo)


def _write_rounds(demo: Demo, rows: list[dict[str, Any]]) -> None:
    Round.objects.filter(demo=demo).exclude(ordinal__in=[row["ordinal"] for row in rows]).delete()
    Round.objects.bulk_create(
        [Round(demo=demo, **row) for row in rows],
        update_conflicts=True,
        unique_fields=["demo", "ordinal"],
        update_fields=[name for name in rows[0] if name != "ordinal"] if rows else None,
    )


def _write_players(demo: Demo, rows: list[dict[str, Any]]) -> None:
    Player.objects.filter(demo=demo).exclude(slot__in=[row["slot"] for row in rows]).delete()
    Player.objects.bulk_create(
        [Player(demo=demo, **row) for row in rows],
        update_conflicts=True,
        unique_fields=["demo", "slot"],
        update_fields=PLAYER_FIELDS,
    )


def _write_teams(demo: Demo, rows: list[dict[str, Any]]) -> None:
    """The teams' names as the recording has them; what people and ``describing`` made of them stays."""
    DemoTeam.objects.filter(demo=demo).exclude(roster__in=[row["roster"] for row in rows]).delete()
    DemoTeam.objects.bulk_create(
        [DemoTeam(demo=demo, **row) for row in rows],
        update_conflicts=True,
        unique_fields=["demo", "roster"],
        update_fields=[name for name in rows[0] if name != "roster"] if rows else None,
    )
