"""The sample: a simulated match for an empty library, made by the simulation and imported like any other."""

import json
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction

from apps.core.children import run_child
from apps.core.jobs import JobErrored, JobFailed, JobRun
from apps.core.models import Job, User
from apps.core.services.enqueueing import enqueue, job
from apps.demos.jobs.importing import import_recording
from apps.demos.models import DemoSource
from apps.demos.selectors import library
from apps.demos.services import keeping

SIMULATED = 0.5  # share of the job that is over when the recording is written


def enqueue_sample(*, user: User, rounds: int | None = None) -> Job:
    """Have a simulated match made and imported; ``rounds`` makes it shorter than a whole one.

    Asked for again while one is being made, that one.
    """
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)  # of two clicks the second waits for the first
        under_way = library.samples_under_way(user).first()
        if under_way is not None:
            return under_way
        seed = secrets.randbelow(10**6)
        return enqueue(make_sample, title="A sample match", user=user, seed=seed, rounds=rounds)


@job("parse", timeout=timedelta(seconds=settings.PARSE_TIMEOUT_S + 600), retry_safe=True)
def make_sample(run: JobRun, *, seed: int, rounds: int | None) -> str:
    """Simulate a match and import it. Run again, the same seed gives the same bytes and so the same recording."""
    with _sample_folder(run) as folder:
        recording = folder / f"sample-match-{seed}.dem"
        _simulate(run, recording, seed, rounds)
        kept = keeping.keep(recording, recording.name)
        with transaction.atomic():
            demo, _ = keeping.register(kept, user=run.row.created_by, source=DemoSource.SAMPLE)
    if demo.is_ready:
        return "This sample match was already here."
    return import_recording(run, demo.pk, start=SIMULATED)


def _simulate(run: JobRun, recording: Path, seed: int, rounds: int | None) -> None:
    arguments = ["-m", "apps.simulation.making", f"--seed={seed}", f"--output={recording}"]
    if rounds is not None:
        arguments.append(f"--rounds={rounds}")

    def hear(line: str) -> None:
        try:
            message = json.loads(line)
            run.progress(float(message["progress"]) * SIMULATED, str(message["message"]))
        except (ValueError, KeyError, TypeError):
            run.log(line)

    status = run_child(
        run, arguments, on_line=hear, memory_mb=settings.PARSE_MEMORY_MB, timeout_s=settings.PARSE_TIMEOUT_S
    )
    if "No space left" in run.log_tail:
        raise JobFailed("The disk is full, so no sample match could be made. Nothing was kept; make room first.")
    if status != 0:
        raise JobErrored(f"The sample match could not be made (status {status}); nothing was kept. Try again.")


@contextmanager
def _sample_folder(run: JobRun) -> Iterator[Path]:
    """A folder for the simulation's output, gone afterwards; also clears what a killed run of this job left."""
    folder = settings.CHIMERA_HOME / "parsing" / f"sample-{run.row.pk}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
