"""The capture job: what the worker of the queue "capture" runs."""

import time
from collections.abc import Callable
from datetime import timedelta

from django.db import transaction

from apps.captures.game.problems import GameEnded, GameStopped
from apps.captures.models import CapturePlan, CaptureTarget, TargetStatus
from apps.captures.selectors.recordings import recording_of
from apps.captures.services import targets
from apps.captures.services.capturing import Tally, capture, photographer
from apps.captures.services.clients import game_client
from apps.core.jobs import JobFailed, JobRun
from apps.core.models import Job, User
from apps.core.services.enqueueing import enqueue, job

CHECK_EVERY_S = 0.5
MOST_RESTARTS = 3


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
        kept = plan.targets.filter(status=TargetStatus.VERIFIED).count()
        raise JobFailed(f"{error} {kept} verified frames are kept; “Try again” goes on with the rest.") from error
    return _closing(plan, tally)


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
