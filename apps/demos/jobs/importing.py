"""The import job: a parser process reads the recording, then rows and tables are stored at once."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from django.conf import settings

from apps.core.children import ChildLimit, run_child
from apps.core.jobs import JobFailed, JobRun
from apps.core.models import Job, User
from apps.core.services.enqueueing import enqueue, job
from apps.demos.models import Demo
from apps.demos.selectors import recordings
from apps.demos.services import importing

GONE = "The recording is not here any more. Upload it again to import it."


class Unreadable(Exception):
    """The recording cannot be imported; the message says why."""


def enqueue_import(demo: Demo, *, user: User | None) -> Job:
    return enqueue(import_demo, title=f"Import {demo.original_name}", user=user, demo_id=demo.pk)


@job("parse", timeout=timedelta(seconds=settings.PARSE_TIMEOUT_S + 300), retry_safe=True)
def import_demo(run: JobRun, *, demo_id: int) -> str:
    """Import one recording; a recording that cannot be read is removed, and the job keeps the reason."""
    return import_recording(run, demo_id)


def import_recording(run: JobRun, demo_id: int, start: float = 0.0) -> str:
    """Read and store a recording; ``start`` is how far the job has come before."""
    demo = importing.begin(demo_id, run.row)
    if demo is None:
        raise JobFailed(GONE, final=True)
    try:
        with _work_folder(run, demo) as folder, recordings.recording_path(demo) as path:
            _parse(run, path, folder, start)
            run.progress(0.9, "Storing")
            summary = importing.finish(demo, folder, check=run.check)
    except Unreadable as reason:
        if importing.give_up(demo):
            raise JobFailed(str(reason), final=True) from reason
        raise JobFailed(f"It could not be read again; what was imported before is unchanged. {reason}") from reason
    if summary is None:
        raise JobFailed("The recording was deleted while it was imported; nothing was kept.", final=True)
    return _closing_sentence(summary)


@contextmanager
def _work_folder(run: JobRun, demo: Demo) -> Iterator[Path]:
    """A folder for the parser's output, gone afterwards; also clears what a killed run of this recording left."""
    base = settings.CHIMERA_HOME / "parsing"
    for left in base.glob(f"{demo.sha256}-*"):
        shutil.rmtree(left, ignore_errors=True)
    mine = base / f"{demo.sha256}-{run.row.pk}-{run.row.attempt}"
    (mine / "tables").mkdir(parents=True)
    try:
        yield mine / "tables"
    finally:
        shutil.rmtree(mine, ignore_errors=True)


def _parse(run: JobRun, path: Path, folder: Path, start: float) -> None:
    refusals: list[str] = []

    def hear(line: str) -> None:
        try:
            message = json.loads(line)
        except ValueError:
            message = None
        if not isinstance(message, dict):
            run.log(line)
        elif "rejected" in message:
            refusals.append(str(message["rejected"]))
        elif "progress" in message:
            run.progress(start + float(message["progress"]) * (0.9 - start), str(message.get("message", "")))

    if not path.exists():
        raise Unreadable(GONE)
    try:
        status = run_child(
            run,
            ["-m", "apps.demos.parsing.child", str(path), str(folder)],
            on_line=hear,
            memory_mb=settings.PARSE_MEMORY_MB,
            timeout_s=settings.PARSE_TIMEOUT_S,
            env={"POLARS_MAX_THREADS": "2", "RAYON_NUM_THREADS": "2"},
        )
    except ChildLimit:
        raise Unreadable(
            f"Reading the recording took longer than {settings.PARSE_TIMEOUT_S} s and was stopped. Nothing was kept."
        ) from None
    if refusals:
        raise Unreadable(refusals[0])
    if status != 0:
        raise Unreadable(_crash_sentence(status, run.log_tail))


def _crash_sentence(status: int, log: str) -> str:
    if "No space left" in log:
        return (
            "The disk is full, so the recording could not be imported. Nothing was kept; make room and upload it again."
        )
    if "MemoryError" in log or "memory allocation" in log or "out of memory" in log.lower():
        return (
            f"Reading the recording needs more memory than the {settings.PARSE_MEMORY_MB} MB it may use. Nothing was "
            "kept; an administrator can raise PARSE_MEMORY_MB."
        )
    how = f"was ended by signal {-status}" if status < 0 else f"stopped with status {status}"
    return (
        f"The parser {how} while reading this recording, so nothing was kept. If it happens again, the file is damaged."
    )


def _closing_sentence(summary: dict[str, object]) -> str:
    rounds, players = len(summary["rounds"]), len(summary["players"])  # type: ignore[arg-type]
    warnings = list(summary["warnings"])  # type: ignore[call-overload]
    counts = f"{players} players, {rounds} round{'' if rounds == 1 else 's'}"
    map_name = summary["map_name"] or "unknown map"
    return f"Imported: {map_name}, {counts}." + (" With warnings: " + " ".join(warnings) if warnings else "")
