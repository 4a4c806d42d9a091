"""Taking frames (queue "capture"), and reading their HUD afterwards (queue "evaluate")."""

import json
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from apps.captures.game.problems import GameEnded, GameStopped
from apps.captures.hud.readings import READER_ENV, reads_tiles
from apps.captures.models import CapturePlan, CaptureTarget, Screenshot, TargetStatus
from apps.captures.selectors.readings import agreement, unread
from apps.captures.selectors.recordings import recording_of
from apps.captures.services import reading, targets
from apps.captures.services.capturing import Tally, capture, photographer
from apps.captures.services.clients import game_client
from apps.core import storage
from apps.core.children import run_child
from apps.core.jobs import JobFailed, JobRun
from apps.core.models import Job, User
from apps.core.services.enqueueing import enqueue, job

CHECK_EVERY_S = 0.5
MOST_RESTARTS = 3
READ_AT_ONCE = 200  # frames for one reading child: where files lie elsewhere, each is copied here first
READER = "apps.training.trainers.hud.read"  # a process of its own: only trainers know torch
MOST_UNREADABLE = 16  # in a row from the start: then the model does not read HUDs
NO_READER = "There is no model here that reads HUDs, so the frames were not read. They can be reviewed all the same."


def enqueue_capture(plan: CapturePlan, *, user: User | None) -> Job:
    """Queue a run over everything in ``plan`` that is not verified yet; the run under way if there is one."""
    with transaction.atomic():
        locked = CapturePlan.objects.select_for_update(of=("self",)).select_related("job").get(pk=plan.pk)
        if locked.job is not None and not locked.job.is_over:
            return locked.job
        row = enqueue(capture_plan, title=f"Capture “{plan.title}”", user=user, plan_id=plan.pk)
        CapturePlan.objects.filter(pk=plan.pk).update(job=row)
    return row


@job("capture", timeout=timedelta(hours=12), retry_safe=True)
def capture_plan(run: JobRun, *, plan_id: int) -> str:
    """Photograph the targets of a plan; run again, it goes on with what is not verified."""
    plan = CapturePlan.objects.select_related("demo").filter(pk=plan_id).first()
    if plan is None:
        raise JobFailed("The plan was deleted; nothing was captured.")
    run.progress(0.0, "Reading the recording.")
    recording = recording_of(plan.demo)
    if recording.states.is_empty():
        raise JobFailed("The positions of this recording could not be read, so no frame of it could be verified.")
    targets.release(plan)
    tally = Tally()
    check, report = _throttled(run.check), _reporter(run, plan, tally)
    try:
        for restart in range(MOST_RESTARTS + 1):
            try:
                with game_client(plan.demo) as client:
                    run.log(f"Game client at {client.host}:{client.port}.")
                    capture(plan, recording, photographer(plan, recording, client, check), tally, report)
                break
            except GameStopped as error:
                run.log(str(error))
                if restart == MOST_RESTARTS or not isinstance(error, GameEnded):
                    raise
    except GameStopped as error:
        enqueue_reading(plan, user=run.row.created_by)
        kept = plan.targets.filter(status=TargetStatus.VERIFIED).count()
        raise JobFailed(f"{error} {kept} verified frames are kept; “Try again” goes on with the rest.") from error
    enqueue_reading(plan, user=run.row.created_by)
    return _closing(plan, tally)


def enqueue_reading(plan: CapturePlan, *, user: User | None) -> Job | None:
    """Have the frames of ``plan`` read that were not yet; the run under way if there is one, None if none is left."""
    with transaction.atomic():
        locked = CapturePlan.objects.select_for_update(of=("self",)).select_related("reading_job").filter(pk=plan.pk)
        row = locked.first()
        if row is None or not unread(plan.pk).exists():
            return None
        if row.reading_job is not None and not row.reading_job.is_over:
            return row.reading_job
        job_row = enqueue(read_plan, title=f"Read the HUD of “{plan.title}”", user=user, plan_id=plan.pk)
        CapturePlan.objects.filter(pk=plan.pk).update(reading_job=job_row)
    return job_row


@job("evaluate", timeout=timedelta(hours=6), retry_safe=True)
def read_plan(run: JobRun, *, plan_id: int) -> str:
    """Read each frame of a plan once; run again, it goes on with what was not read. Frames that come meanwhile are read
    too."""
    folder = Path(settings.EMBEDDED_MODEL_DIR)
    if not reads_tiles(folder):
        return NO_READER
    last, done = 0, 0
    while rows := list(unread(plan_id).filter(pk__gt=last)[:READ_AT_ONCE]):
        total = done + unread(plan_id).filter(pk__gt=last).count()
        _read_some(run, folder, rows, done, total)
        last, done = rows[-1].pk, done + len(rows)
    told = agreement(plan_id)
    failed = f" {told['failed']} could not be read." if told["failed"] else ""
    return f"{told['agree']} of {told['read']} frames read agree with the engine, {told['differ']} differ.{failed}"


def _read_some(run: JobRun, folder: Path, rows: Sequence[Screenshot], before: int, total: int) -> None:
    """Read ``rows``, which follow on ``before`` of ``total``, in one child and keep each reading as it comes."""
    with ExitStack() as copies:
        shown: dict[str, list[int]] = {}  # two frames may be the same picture
        for row in rows:
            try:
                shown.setdefault(str(copies.enter_context(storage.local_path(row.image))), []).append(row.pk)
            except FileNotFoundError:
                reading.keep(row.pk, {"error": "Its picture is not in storage any more."})
        done, good = 0, 0

        def on_line(line: str) -> None:
            nonlocal done, good
            told = _reading_in(line)
            if told is None or told.get("file") not in shown:
                run.log(line)
                return
            for pk in shown[told["file"]]:
                reading.keep(pk, told)
            done, good = done + 1, good + ("error" not in told)
            if not good and not before and done >= MOST_UNREADABLE:
                raise JobFailed(f"The model here read none of the first {done} frames, so no more were tried.")
            run.progress((before + done) / max(total, before + done), f"{before + done} of {total} frames read.")

        run.progress(before / max(total, 1), "The reader is starting.")
        arguments = ["-m", READER, f"--model={folder.resolve()}", "--", *shown]
        code = run_child(run, arguments, on_line=on_line, env=READER_ENV)
    if done < len(shown):
        why = run.log_tail.strip().rpartition("\n")[2]
        raise JobFailed(
            f"The reader ended early (status {code}) after {before + done} of {total} frames. {why}".strip()
        )


def _reading_in(line: str) -> dict[str, Any] | None:
    try:
        told = json.loads(line)
    except ValueError:
        return None
    return told if isinstance(told, dict) else None


def _throttled(check: Callable[[], None]) -> Callable[[], None]:
    """``check`` asks the database; playback asks it many times a second."""
    last = 0.0

    def sometimes() -> None:
        nonlocal last
        if time.monotonic() - last >= CHECK_EVERY_S:
            last = time.monotonic()
            check()

    return sometimes


def _reporter(run: JobRun, plan: CapturePlan, tally: Tally) -> Callable[[CaptureTarget], None]:
    total = plan.targets.count()

    def report(target: CaptureTarget) -> None:
        done = total - plan.targets.filter(status__in=[TargetStatus.PLANNED, TargetStatus.RUNNING]).count()
        who = f"{target.player_name or 'a player'} ({target.side})"
        run.progress(
            done / total, f"Frame {done + 1} of {total}: tick {target.tick}, {who}. {tally.pace.capitalize()}."
        )

    return report


def _closing(plan: CapturePlan, tally: Tally) -> str:
    """The closing sentence.

    Raises:
        JobFailed: not one frame of the plan is verified.
    """
    total = plan.targets.count()
    verified = plan.targets.filter(status=TargetStatus.VERIFIED).count()
    why = f" Most often: {tally.failures.most_common(1)[0][0]}" if tally.failures else ""
    if verified == 0:
        raise JobFailed(f"None of the {total} frames could be verified, so none was kept.{why}")
    sentence = f"{verified} of {total} frames verified, {tally.pace}."
    return sentence if verified == total else f"{sentence} {total - verified} failed.{why}"
