"""Imports in this process, for commands that need no worker: the same jobs, with the same rows in the ledger."""

import time
from collections.abc import Iterable
from pathlib import Path

from apps.core.jobs import perform
from apps.core.models import Job, JobStatus
from apps.core.services import enqueueing
from apps.demos.jobs.receiving import receive_path
from apps.demos.models import Demo, DemoSource
from apps.demos.selectors import uploads
from apps.demos.selectors.uploads import Outcome
from apps.demos.services import describing, uploading
from apps.demos.services.uploading import NoRoom

LOOK_EVERY_S = 0.5


class Interrupted(Exception):
    """This process was told to stop; the job is back in line, for a worker."""


def import_file(path: Path, *, wait: bool = True, keep_raw: bool = False, tags: Iterable[str] = ()) -> list[Outcome]:
    """Take in a file of this machine, or the recordings in an archive, and what came of each.

    ``wait``: import them here and now; otherwise they are left to the workers.

    Raises:
        Interrupted: SIGTERM came while something was imported.
    """
    if not wait:
        return _receive(path, keep_raw, tags, run=False)
    with enqueueing.held():
        return _receive(path, keep_raw, tags, run=True)


def _receive(path: Path, keep_raw: bool, tags: Iterable[str], *, run: bool) -> list[Outcome]:
    try:
        upload = receive_path(path, source=DemoSource.COMMAND, keep_raw=keep_raw)
    except NoRoom as refusal:
        return [Outcome(path.name, "rejected", str(refusal))]
    except OSError as error:
        sentence = uploading.DISK_FULL if uploading.is_full(error) else f"It cannot be read: {error.strerror}."
        return [Outcome(path.name, "rejected", sentence)]
    if run and upload.job is not None:
        run_to_end(upload.job)
        upload.refresh_from_db()
    found = uploads.outcomes(upload)
    if run:
        for outcome in found:
            if outcome.is_open and outcome.job is not None:
                run_to_end(outcome.job)
        found = uploads.outcomes(upload)
    describing.tag(Demo.objects.filter(pk__in=[outcome.demo.pk for outcome in found if outcome.demo]), add=tags)
    if not found and upload.job is not None:
        word = "failed" if upload.job.is_over else "queued"
        return [Outcome(path.name, word, upload.job.message, job=upload.job)]
    return found


def run_to_end(job: Job) -> None:
    """Run a job here, or wait for the worker that has it.

    Raises:
        Interrupted: SIGTERM came while it ran.
    """
    perform(str(job.pk))
    job.refresh_from_db()
    if job.status == JobStatus.QUEUED:
        raise Interrupted
    while not job.is_over:
        time.sleep(LOOK_EVERY_S)
        job.refresh_from_db()
