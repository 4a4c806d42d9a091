"""Takes a person's frame and question in."""

from datetime import timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from apps.coach.advice.partial import clean
from apps.coach.advice.prompt import MAX_CONTEXT_CHARS
from apps.coach.frames import read_frame
from apps.coach.models import Analysis, AnalysisStatus, CoachSession
from apps.coach.services import lifecycle
from apps.core import storage
from apps.core.models import User

NEW_SESSION_AFTER = timedelta(hours=1)
MAX_OPEN = 3  # questions of one person that are not answered yet


class TooMany(Exception):
    """The person has enough questions open; the text says so."""


def ask(*, user: User, upload: bytes, context: str) -> Analysis:
    """Check the frame, store it, and open an analysis that waits for its socket.

    Raises:
        FrameRefused: the upload is no usable frame.
        TooMany: finish or cancel another question first.
    """
    lifecycle.bury_abandoned(user)
    frame = read_frame(upload)
    analysis_id = uuid4()
    name = storage.put_bytes(f"coach/{analysis_id}.jpg", frame.jpeg)
    try:
        return _create(user, analysis_id, name, frame.width, frame.height, context)
    except BaseException:
        storage.remove(name)
        raise


@transaction.atomic
def _create(user: User, analysis_id: UUID, name: str, width: int, height: int, context: str) -> Analysis:
    User.objects.select_for_update().get(pk=user.pk)  # one question of a person at a time: the limit holds
    _withdraw_oldest_unasked(user)
    _check_open(user)
    now = timezone.now()
    session = CoachSession.objects.filter(user=user, last_asked_at__gt=now - NEW_SESSION_AFTER).first()
    if session is None:
        session = CoachSession.objects.create(user=user, last_asked_at=now)
    else:
        CoachSession.objects.filter(pk=session.pk).update(last_asked_at=now)
    return Analysis.objects.create(
        pk=analysis_id,
        session=session,
        user=user,
        image=name,
        width=width,
        height=height,
        context=clean(context.strip())[:MAX_CONTEXT_CHARS],
        heartbeat_at=now,
    )


def _check_open(user: User) -> None:
    open_now = Analysis.objects.filter(user=user, status__in=(AnalysisStatus.QUEUED, AnalysisStatus.STREAMING))
    if open_now.count() >= MAX_OPEN:
        raise TooMany(f"You already have {MAX_OPEN} questions open. Wait for one of them, or cancel it.")


def _withdraw_oldest_unasked(user: User) -> None:
    """A new question replaces those that were uploaded but never sent to the model."""
    waiting = Analysis.objects.filter(user=user, status=AnalysisStatus.QUEUED).values_list("pk", flat=True)
    for pk in list(waiting)[MAX_OPEN - 1 :]:
        lifecycle.cancel_unasked(pk)
