"""Every change of an Analysis row: conditional updates, so that of two sockets only one streams an answer."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from apps.coach.advice.partial import partial_answer
from apps.coach.models import Analysis, AnalysisStatus
from apps.core.models import User

# Whoever streams an answer writes every half second; a queued one waits only for the page's socket.
DEAD_AFTER = timedelta(seconds=15)
UNASKED_AFTER = timedelta(minutes=15)

S = AnalysisStatus
OPEN = (S.QUEUED, S.STREAMING)
TRANSITIONS: dict[AnalysisStatus, frozenset[AnalysisStatus]] = {
    S.QUEUED: frozenset({S.STREAMING, S.CANCELLED}),
    S.STREAMING: frozenset({S.COMPLETE, S.INVALID, S.CANCELLED, S.FAILED}),
    S.COMPLETE: frozenset(),
    S.INVALID: frozenset(),
    S.CANCELLED: frozenset(),
    S.FAILED: frozenset(),
}


def move(analysis_id: UUID, to: AnalysisStatus, *, only: Q | None = None, **changes: Any) -> bool:
    """Set ``status=to`` where the row stands in a state that may go there; True when this call did it."""
    sources = [status for status, targets in TRANSITIONS.items() if to in targets]
    rows = Analysis.objects.filter(pk=analysis_id, status__in=sources)
    if only is not None:
        rows = rows.filter(only)
    return bool(rows.update(status=to, heartbeat_at=timezone.now(), **changes))


def report(written: Mapping[UUID, Mapping[str, Any]]) -> set[UUID]:
    """Write how far streaming answers are, all at once; those of them that are not streaming any more.

    Each maps the same columns to values. One prepared statement: an ``update()`` for each row, twice a second, would
    keep those waiting who want to begin.
    """
    if not written:
        return set()
    columns = ["heartbeat_at", *next(iter(written.values()))]
    known = {field.name: field for field in Analysis._meta.concrete_fields}
    fields, key, now = [known[name] for name in columns], known["id"], timezone.now()
    rows = [
        [field.get_db_prep_save(value, connection) for field, value in zip(fields, (now, *told.values()), strict=True)]
        + [key.get_db_prep_value(pk, connection), str(S.STREAMING)]
        for pk, told in written.items()
    ]
    assignments = ", ".join(f"{field.column} = %s" for field in fields)
    statement = f"UPDATE {Analysis._meta.db_table} SET {assignments} WHERE id = %s AND status = %s"  # noqa: S608  (ours)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(statement, rows)
        streaming = Analysis.objects.filter(pk__in=written, status=S.STREAMING).values_list("pk", flat=True)
        return set(written) - set(streaming)


def cancel_unasked(analysis_id: UUID) -> bool:
    """Withdraw a question nobody has sent to the model yet."""
    return move(analysis_id, S.CANCELLED, only=Q(status=S.QUEUED), error="Cancelled before the model was asked.")


def cancel(analysis_id: UUID, because: str) -> bool:
    """End a question wherever it is being answered: whoever does so notices within half a second."""
    return cancel_unasked(analysis_id) or move(analysis_id, S.CANCELLED, error=because)


def keep_rest(analysis_id: UUID, **changes: Any) -> None:
    """What had arrived of an answer by the time its writer noticed that somebody else had ended it."""
    Analysis.objects.filter(pk=analysis_id, status__in=(S.CANCELLED, S.FAILED)).update(**changes)


def bury_abandoned(user: User | None = None) -> None:
    """End what nobody streams any more (of one person, or of all): the web process died, or the page never asked."""
    now = timezone.now()
    rows = Analysis.objects.filter(status__in=OPEN)
    mine = rows if user is None else rows.filter(user=user)
    dead, unasked = Q(heartbeat_at__lt=now - DEAD_AFTER), Q(heartbeat_at__lt=now - UNASKED_AFTER)
    for pk, text in mine.filter(dead, status=S.STREAMING).values_list("pk", "raw_text"):
        error = "The server was stopped while the model was writing. What had arrived is kept; ask again."
        move(pk, S.FAILED, only=dead, error=error, answer=partial_answer(text))
    for pk in mine.filter(unasked, status=S.QUEUED).values_list("pk", flat=True):
        move(
            pk, S.CANCELLED, only=unasked & Q(status=S.QUEUED), error="The page was closed before the model was asked."
        )
