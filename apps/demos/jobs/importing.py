"""The import job: a parser process reads the recording; rows and tables are stored at once, then the viewer's packs."""

import json
import time
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from apps.core.children import ChildLimit, run_child
from apps.core.jobs import JobCancelled, JobFailed, JobInterrupted, JobRun
from apps.core.models import Job, User
from apps.core.services.enqueueing import enqueue, job
from apps.core.storage import is_disk_full
from apps.demos.jobs import workplaces
from apps.demos.models import Demo, DemoStatus
from apps.demos.parsing.reading.units import APART, UNITS, lose
from apps.demos.selectors import recordings
from apps.demos.services import importing

GONE = "The recording is not here any more. Upload it again to import it."
FULL = "The disk is full, so the recording could not be imported. Nothing was lost; make room and try again."
CHILD = "apps.demos.parsing.child"
# Phases that can be left out: where one ends the process, the import goes on without it.
DISPENSABLE = ("preview", "account", "statistics")
KILLED = (-9, -15)
# awpy's two readings run side by side already, and freed memory goes back at once: less at the peak, and no slower.
FRUGAL = {"POLARS_MAX_THREADS": "2", "RAYON_NUM_THREADS": "1", "MALLOC_TRIM_THRESHOLD_": "131072"}


class Unreadable(Exception):
    """The recording cannot be imported; the message says why."""


def enqueue_import(demo: Demo, *, user: User | None) -> Job:
    return enqueue(import_demo, title=f"Import {demo.original_name}", user=user, demo_id=demo.pk)


def import_again(demo: Demo, *, user: User, keep_raw: bool) -> bool:
    """Queue another import of a recording that is here, with every tick of the player states where ``keep_raw``.

    False where its file was deleted or an import of it is under way; nothing changes then.
    """
    with transaction.atomic():
        locked = Demo.objects.select_for_update(of=("self",)).select_related("job").get(pk=demo.pk)
        if not locked.recording or (locked.job is not None and not locked.job.is_over):
            return False
        importing.want_raw(locked, keep_raw)
        importing.attach(locked, enqueue_import(locked, user=user))
    return True


@job("parse", timeout=timedelta(seconds=2 * settings.PARSE_TIMEOUT_S + 300), retry_safe=True)
def import_demo(run: JobRun, *, demo_id: int) -> str:
    """Import one recording; a recording that cannot be read is removed, and the job keeps the reason."""
    return import_recording(run, demo_id)


def import_recording(run: JobRun, demo_id: int, start: float = 0.0) -> str:
    """Read and store a recording; ``start`` is how far the job has come before."""
    demo = Demo.objects.filter(pk=demo_id).first()
    if demo is None:
        raise JobFailed(GONE, final=True)
    if not demo.recording:
        raise JobFailed(
            "The recording itself was deleted, so it cannot be imported again; what was read from it is unchanged. "
            "Upload the file again to import it anew.",
            final=True,
        )
    options = {
        "every_tick": demo.keep_raw,
        "preview_bytes": settings.PREVIEW_FROM_BYTES,
        "meshes": str(settings.AWPY_DATA_DIR),
    }
    waiting = _Waiting(run, demo)
    with workplaces.held(demo.sha256, options, while_waiting=waiting.look) as work:
        if waiting.is_done():
            return "Another import of the same recording finished meanwhile; there was nothing left to do."
        begun = importing.begin(demo_id, run.row)
        if begun is None:
            raise JobFailed(GONE, final=True)
        if begun.is_ready:
            (work / "preview.skip").touch()
        return _import(_Reading(run, begun, work, start))


class _Waiting:
    """Somebody else reads the same recording: wait, and see whether that is what was wanted."""

    def __init__(self, run: JobRun, demo: Demo) -> None:
        self._run, self._demo, self._waited = run, demo, False

    def look(self) -> None:
        self._waited = True
        self._run.progress(0.0, "Another worker is reading this recording")
        self._run.check()

    def is_done(self) -> bool:
        return self._waited and Demo.objects.filter(pk=self._demo.pk, status=DemoStatus.READY).exists()


@dataclass
class _Reading:
    """One run over one recording."""

    run: JobRun
    demo: Demo
    work: Path
    start: float
    refusals: list[str] = field(default_factory=list)
    summary: dict[str, Any] | None = None  # of what is stored
    deadline: float = field(default_factory=lambda: time.monotonic() + 2 * settings.PARSE_TIMEOUT_S)

    def hear(self, line: str) -> None:
        """A line of the parser's output."""
        try:
            message = json.loads(line)
        except ValueError:
            message = None
        if not isinstance(message, dict):
            self.run.log(line)
        elif "rejected" in message:
            self.refusals.append(str(message["rejected"]))
        elif "preview" in message:
            importing.show_first_round(self.demo, self.work, check=self.run.check)
        elif "summary" in message:
            self.store()
        elif "progress" in message:
            fraction = self.start + float(message["progress"]) * (0.9 - self.start)
            self.run.progress(fraction, str(message.get("message", "")))

    def store(self) -> None:
        """Make the recording ready with all that is read from it. The parser goes on: the viewer's packs come later.

        Raises:
            JobFailed: the recording was deleted meanwhile.
        """
        if self.summary is not None:
            return
        stored = self.work / "stored"
        if not stored.exists():
            if importing.finish(self.demo, self.work, check=self.run.check) is None:
                raise JobFailed("The recording was deleted while it was imported; nothing was kept.", final=True)
            stored.touch()
        self.summary = json.loads((self.work / "summary.json").read_text())

    def child(self, path: Path, *unit: str) -> int:
        """Run the parser on everything, or on one unit; its exit status.

        Raises:
            ChildLimit: it took too long.
        """
        (self.work / "trying").write_text("start")
        limit = settings.PARSE_TIMEOUT_S / (4 if unit else 1)
        return run_child(
            self.run,
            ["-m", CHILD, str(path), str(self.work), *unit],
            on_line=self.hear,
            memory_mb=settings.PARSE_MEMORY_MB,
            timeout_s=max(1.0, min(limit, self.deadline - time.monotonic())),
            env=FRUGAL,
        )


def _import(reading: _Reading) -> str:
    run, demo = reading.run, reading.demo
    try:
        with recordings.recording_path(demo) as path:
            if not path.exists():
                raise Unreadable(GONE)
            _parse(reading, path)
        reading.store()  # where an earlier run of the parser had ended already
        _keep_packs(reading)
    except Unreadable as reason:
        if importing.give_up(demo):
            raise JobFailed(str(reason), final=True) from reason
        raise JobFailed(f"It could not be read again; what was imported before is unchanged. {reason}") from reason
    except JobInterrupted:
        raise
    except (JobCancelled, JobFailed):
        importing.set_aside(demo, run.row)
        raise
    except OSError as error:
        importing.set_aside(demo, run.row)
        if is_disk_full(error):
            raise JobFailed(FULL) from error
        raise
    assert reading.summary is not None
    return _closing_sentence(reading.summary)


def _keep_packs(reading: _Reading) -> None:
    """Without them, or some of them, the viewer builds what it shows."""
    try:
        importing.keep_packs(reading.demo, reading.work)
    except OSError as error:
        if not is_disk_full(error):
            raise
        reading.run.log(f"No room for the packs of the viewer; it builds them when somebody looks. {error}")


def _parse(reading: _Reading, path: Path) -> None:
    """Run the parser to its end; what ends its process costs only itself, and once all is stored, only packs.

    Raises:
        Unreadable: nothing worth keeping can be read.
        JobFailed: something beside the recording is to blame.
    """
    for _ in range(len(DISPENSABLE) + 2):
        if (reading.work / "packs.json").exists():
            return
        try:
            status, too_long = reading.child(path), False
        except ChildLimit:
            status, too_long = -9, True
        if reading.refusals:
            raise Unreadable(reading.refusals[0])
        if status == 0:
            continue
        if reading.summary is not None:
            reading.run.log(f"The parser ended with status {status} while it prepared the replay.")
            return
        if "No space left" in reading.run.log_tail or "File too large" in reading.run.log_tail:
            raise JobFailed(FULL)
        phase = (reading.work / "trying").read_text()
        reading.run.log(f"The parser ended with status {status} in phase “{phase}”.")
        if phase in DISPENSABLE:
            (reading.work / f"{phase}.skip").touch()
        elif phase == "datasets" and not _taken_apart(reading):
            _one_by_one(reading, path)
        else:
            raise _crashed(status, reading.run.log_tail, too_long=too_long)


def _taken_apart(reading: _Reading) -> bool:
    return (reading.work / "parts" / APART).exists()


def _one_by_one(reading: _Reading, path: Path) -> None:
    """Read every dataset in a process of its own, under the same caps: the one that ends its process is lost."""
    parts = reading.work / "parts"
    # Player states come last: where something happened, they are read at every tick.
    for number, (unit, words) in enumerate(sorted(UNITS.items(), key=lambda pair: pair[0] == "states")):
        reading.run.progress(reading.start + 0.5 * number / len(UNITS), f"Reading {words} alone")
        try:
            status = reading.child(path, unit)
        except ChildLimit:
            status = -9
        if "No space left" in reading.run.log_tail or "File too large" in reading.run.log_tail:
            raise JobFailed(FULL)
        if status != 0:
            reading.run.log(f"Reading {words} ended with status {status}.")
            lose(parts, unit)
    (parts / APART).touch()


def _crashed(status: int, log: str, *, too_long: bool) -> Exception:
    if too_long:
        return Unreadable(
            f"Reading the recording took longer than {settings.PARSE_TIMEOUT_S} s and was stopped. Nothing was kept."
        )
    if "MemoryError" in log or "memory allocation" in log or "out of memory" in log.lower():
        return Unreadable(
            f"Reading the recording needs more memory than the {settings.PARSE_MEMORY_MB} MB it may use. Nothing was "
            "kept; an administrator can raise PARSE_MEMORY_MB."
        )
    if status in KILLED:
        return JobFailed("The parser was stopped from outside. Nothing was lost; try again.")
    how = f"was ended by signal {-status}" if status < 0 else f"stopped with status {status}"
    return Unreadable(
        f"The parser {how} while reading this recording, so nothing was kept. If it happens again, the file is damaged."
    )


def _closing_sentence(summary: dict[str, Any]) -> str:
    players = len(summary["players"])
    rounds = sum(not row["parsed_not_counted"] for row in summary["rounds"])
    others = len(summary["rounds"]) - rounds
    warnings = list(summary["warnings"])
    counts = (
        f"{players} players, {rounds} round{'' if rounds == 1 else 's'}{f', {others} not counted' if others else ''}"
    )
    map_name = summary["map_name"] or "unknown map"
    return f"Imported: {map_name}, {counts}." + (" With warnings: " + " ".join(warnings) if warnings else "")
