"""Takes a person's frames and question in."""

import hashlib
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from apps.captures.hud.pictures import FrameRefused
from apps.coach import frames
from apps.coach.advice.partial import clean
from apps.coach.advice.prompt import MAX_CONTEXT_CHARS
from apps.coach.inference_servers import MAX_FRAMES, named
from apps.coach.models import Analysis, AnalysisStatus, CoachSession, Frame
from apps.coach.services import lifecycle
from apps.core import storage
from apps.core.models import User

NEW_SESSION_AFTER = timedelta(hours=1)
MAX_OPEN = 6  # questions of one person that are not answered yet
MAX_UPLOAD_BYTES = 40 * 1024 * 1024  # of all frames of one question


class TooMany(Exception):
    """The person has enough questions open; the text says so."""


class NoSuchModel(Exception):
    """The model asked for is not configured (any more); the text says so."""


def ask(
    *,
    user: User,
    uploads: Sequence[bytes],
    context: str,
    alias: str = "",
    moment: dict[str, Any] | None = None,
    shared: bool = False,
) -> Analysis:
    """Check the frames (oldest first), store them, and open an analysis that waits for its socket.

    ``alias`` names a configured model; empty: whichever answers.

    Raises:
        FrameRefused: an upload is no usable frame, or there are too few or too many.
        NoSuchModel: nothing is configured under ``alias``.
        TooMany: finish or cancel another question first.
    """
    return _ask(user, uploads, [alias], context=context, moment=moment, shared=shared)[0]


def ask_two(
    *,
    user: User,
    uploads: Sequence[bytes],
    context: str,
    aliases: tuple[str, str],
    moment: dict[str, Any] | None = None,
    shared: bool = False,
) -> tuple[Analysis, Analysis]:
    """The same question to two models, to be compared. See :func:`ask`."""
    first, second = _ask(user, uploads, list(aliases), context=context, moment=moment, shared=shared, pair=uuid4())
    return first, second


def _ask(user: User, uploads: Sequence[bytes], aliases: list[str], **told: Any) -> list[Analysis]:
    lifecycle.bury_abandoned(user)
    if unknown := [alias for alias in aliases if alias and named(alias) is None]:
        raise NoSuchModel(f"There is no model “{unknown[0][:60]}” any more. Choose another one.")
    read = _read(uploads)
    rows = [(pk := uuid4(), alias, _stored(pk, read)) for alias in aliases]
    try:
        for _, _, stored in rows:
            for row, frame in zip(stored, read, strict=True):
                storage.put_bytes(row.image, frame.jpeg)
        return _create(user, rows, **told)
    except BaseException:
        for _, _, stored in rows:
            for row in stored:
                storage.remove(row.image)
        raise


def _read(uploads: Sequence[bytes]) -> list[frames.Frame]:
    if not uploads:
        raise FrameRefused("Choose, paste or drop a screenshot first.")
    if len(uploads) > MAX_FRAMES:
        raise FrameRefused(f"These are {len(uploads)} frames; the coach takes at most {MAX_FRAMES}.")
    if sum(map(len, uploads)) > MAX_UPLOAD_BYTES:
        raise FrameRefused(f"The frames are larger than {MAX_UPLOAD_BYTES // 1024**2} MB together. Send fewer of them.")
    return [frames.read_frame(upload) for upload in uploads]


def _stored(pk: UUID, read: list[frames.Frame]) -> list[Frame]:
    """The rows of one question's frames, not saved yet."""
    return [
        Frame(
            position=position,
            image=f"coach/{pk}-{position}.jpg",
            width=frame.width,
            height=frame.height,
            sha256=hashlib.sha256(frame.jpeg).hexdigest(),
        )
        for position, frame in enumerate(read)
    ]


@transaction.atomic
def _create(
    user: User,
    rows: list[tuple[UUID, str, list[Frame]]],
    *,
    context: str,
    moment: dict[str, Any] | None,
    shared: bool,
    pair: UUID | None = None,
) -> list[Analysis]:
    User.objects.select_for_update().get(pk=user.pk)  # one question of a person at a time: the limit holds
    _make_room(user, len(rows))
    session = open_session(user)
    made = []
    for pk, alias, stored in rows:
        row = Analysis.objects.create(
            pk=pk,
            session=session,
            user=user,
            alias=alias,
            context=clean(context.strip())[:MAX_CONTEXT_CHARS],
            moment=clean(moment),
            shared=shared,
            pair=pair,
            heartbeat_at=timezone.now(),
        )
        for frame in stored:
            frame.analysis = row
        Frame.objects.bulk_create(stored)
        made.append(row)
    return made


def open_session(user: User) -> CoachSession:
    """The sitting a question of now belongs to."""
    now = timezone.now()
    session = CoachSession.objects.filter(user=user, last_asked_at__gt=now - NEW_SESSION_AFTER).first()
    if session is None:
        return CoachSession.objects.create(user=user, last_asked_at=now)
    CoachSession.objects.filter(pk=session.pk).update(last_asked_at=now)
    return session


def _make_room(user: User, wanted: int) -> None:
    """A new question replaces the oldest of those that were uploaded but never sent to a model."""
    mine = Analysis.objects.filter(user=user)
    unasked = (
        mine.filter(status=AnalysisStatus.QUEUED, asked_at=None).order_by("created_at").values_list("pk", flat=True)
    )
    too_many = mine.filter(status__in=lifecycle.OPEN).count() + wanted - MAX_OPEN
    for pk in list(unasked)[: max(too_many, 0)]:
        too_many -= lifecycle.cancel_unasked(pk)
    if too_many > 0:
        raise TooMany(f"You already have {MAX_OPEN} questions open. Wait for one of them, or cancel it.")
