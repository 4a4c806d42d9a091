"""Who may be answered now and who waits: the limits for each person and for all.

The database decides, so that several web processes share one line: rows that are being written, and rows that stand in
line, both with a fresh sign of life.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import DateTimeField
from django.db.models.functions import Coalesce
from django.utils import timezone

from apps.coach.models import Analysis, AnalysisStatus
from apps.coach.services import lifecycle

FRESH = timedelta(seconds=5)  # a place in line without a sign of life for longer holds nobody up
LINE = """
SELECT id, user_id, status = 'streaming' FROM {table}
WHERE status = 'streaming' AND heartbeat_at > %s
   OR status = 'queued' AND (asked_at IS NOT NULL AND heartbeat_at > %s OR id IN ({ids}))
ORDER BY COALESCE(asked_at, %s), created_at
"""
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


def take_turns(waiting: Sequence[UUID]) -> dict[UUID, Place | bool]:
    """A sign of life for ``waiting``, and what became of each: its place, True when its turn came (its row is being
    written from now on), or False when it waits no more.
    """
    if not waiting:
        return {}
    now = timezone.now()
    since = Coalesce("asked_at", now, output_field=DateTimeField())
    with transaction.atomic():
        _lock()
        found = places(_line(now, waiting), per_user=settings.COACH_PER_USER, total=settings.COACH_GLOBAL)
        news: dict[UUID, Place | bool] = {pk: found.get(pk, False) for pk in waiting}
        for pk in [pk for pk, place in found.items() if pk in news and place.position == 0]:
            news[pk] = lifecycle.move(pk, AnalysisStatus.STREAMING, asked_at=since)
        if staying := [pk for pk, place in news.items() if isinstance(place, Place)]:
            rows = Analysis.objects.filter(pk__in=staying, status=AnalysisStatus.QUEUED)
            rows.update(asked_at=since, heartbeat_at=now)
    return news


def standing() -> tuple[int, int]:
    """How many answers are written and how many questions wait, in all processes."""
    line = _line(timezone.now())
    writing = sum(one.writing for one in line)
    return writing, len(line) - writing


def _line(now: datetime, waiting: Sequence[UUID] = ()) -> list[Standing]:
    """All that stand in line, in the order of asking; ``waiting`` do so from now on.

    SQL as it is sent: to put it together anew takes Django four times as long as all the rest, for every question of
    everybody.
    """
    key, when = Analysis._meta.get_field("id"), Analysis._meta.get_field("heartbeat_at")
    times = [when.get_db_prep_value(time, connection) for time in (now - lifecycle.DEAD_AFTER, now - FRESH, now)]
    ids = [key.get_db_prep_value(pk, connection) for pk in waiting] or [None]
    statement = LINE.format(table=Analysis._meta.db_table, ids=", ".join(["%s"] * len(ids)))
    with connection.cursor() as cursor:
        cursor.execute(statement, [*times[:2], *ids, times[2]])
        return [Standing(key.to_python(pk), user, writing) for pk, user, writing in cursor.fetchall()]


def _lock() -> None:
    """SQLite lets one transaction write at a time anyway (settings: IMMEDIATE)."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
