"""Who may be answered now and who waits: the limits for each person and for all.

The database decides, so that several web processes share one line: rows that are being written, and rows that stand in
line, both with a fresh sign of life.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import DateTimeField, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from apps.coach.models import Analysis, AnalysisStatus
from apps.coach.services import lifecycle

FRESH = timedelta(seconds=5)  # a place in line without a sign of life for longer holds nobody up
LOCK = 7_203_551  # any number: PostgreSQL's advisory lock of the line


@dataclass(frozen=True)
class Standing:
    """A question that is being answered or stands in line."""

    pk: UUID
    user_id: int
    writing: bool


@dataclass(frozen=True)
class Place:
    """Where a question stands: ``position`` 1 is the next, 0 may start now."""

    position: int
    own: int  # answers being written for the same person, when that is what it waits for

    @property
    def ahead(self) -> int:
        return max(self.position - 1, 0)

    @property
    def sentence(self) -> str:
        if self.own:
            answers = "answer is" if self.own == 1 else f"{self.own} answers are"
            return f"Your other {answers} still being written; this one starts when one ends."
        if not self.ahead:
            return "All models are busy. Yours is the next question."
        return f"All models are busy. {self.ahead} question{'s are' if self.ahead > 1 else ' is'} ahead of yours."


@dataclass(frozen=True)
class Question:
    """What is to be asked."""

    images: tuple[str, ...]  # names in core.storage, oldest first
    context: str
    alias: str


def places(line: Iterable[Standing], *, per_user: int, total: int) -> dict[UUID, Place]:
    """The place of each waiting question of ``line``, which is in the order of asking.

    Who is at their own limit is overtaken; nobody else is.
    """
    line = list(line)
    writing = Counter(one.user_id for one in line if one.writing)
    found: dict[UUID, Place] = {}
    behind = 1
    for one in line:
        if one.writing:
            continue
        at_limit = writing[one.user_id] >= per_user
        if at_limit or writing.total() >= total:
            found[one.pk] = Place(behind, writing[one.user_id] if at_limit else 0)
            behind += 1
        else:
            found[one.pk] = Place(0, 0)
            writing[one.user_id] += 1
    return found


def take_turns(waiting: Sequence[UUID]) -> dict[UUID, Place | Question | None]:
    """A sign of life for ``waiting``, and what became of each: its place, its question when its turn came (its row is
    being written from now on), or None when it waits no more.
    """
    now = timezone.now()
    mine = Analysis.objects.filter(pk__in=waiting, status=AnalysisStatus.QUEUED)
    with transaction.atomic():
        _lock()
        mine.update(asked_at=Coalesce("asked_at", now, output_field=DateTimeField()), heartbeat_at=now)
        found = places(_line(), per_user=settings.COACH_PER_USER, total=settings.COACH_GLOBAL)
        news: dict[UUID, Place | Question | None] = {pk: found.get(pk) for pk in waiting}
        begun = [pk for pk in news if pk in found and found[pk].position == 0]
        news |= dict.fromkeys(begun)
        begun = [pk for pk in begun if lifecycle.move(pk, AnalysisStatus.STREAMING)]
    return news | _questions(begun)


def standing() -> tuple[int, int]:
    """How many answers are written and how many questions wait, in all processes."""
    line = _line()
    writing = sum(one.writing for one in line)
    return writing, len(line) - writing


def _line() -> list[Standing]:
    now = timezone.now()
    writing = Q(status=AnalysisStatus.STREAMING, heartbeat_at__gt=now - lifecycle.DEAD_AFTER)
    waiting = Q(status=AnalysisStatus.QUEUED, asked_at__isnull=False, heartbeat_at__gt=now - FRESH)
    rows = Analysis.objects.filter(writing | waiting).order_by("asked_at", "created_at")
    streaming = AnalysisStatus.STREAMING
    return [Standing(pk, user, status == streaming) for pk, user, status in rows.values_list("pk", "user_id", "status")]


def _questions(begun: Sequence[UUID]) -> dict[UUID, Place | Question | None]:
    rows = Analysis.objects.filter(pk__in=begun).values_list("pk", "context", "alias", "frames__image")
    found: dict[UUID, Question] = {}
    for pk, context, alias, image in rows.order_by("pk", "frames__position"):
        images = (*found[pk].images, image) if pk in found else (image,)
        found[pk] = Question(images, context, alias)
    return {**found}


def _lock() -> None:
    """SQLite lets one transaction write at a time anyway (settings: IMMEDIATE)."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
