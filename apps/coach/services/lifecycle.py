"""Every change of an Analysis row: conditional updates, so that of two sockets only one streams an answer."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from apps.coach.models import Analysis, AnalysisStatus
from apps.core.models import User

# Whoever streams an answer writes at least every few seconds; a queued one waits only for the page's socket.
DEAD_AFTER = timedelta(seconds=30)
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


def report(analysis_id: UUID, **changes: Any) -> bool:
    """Write how far a streaming answer is; False when it is not streaming any more."""
    rows = Analysis.objects.filter(pk=analysis_id, status=S.STREAMING)
    return bool(rows.update(heartbeat_at=timezone.now(), **changes))


def cancel_unasked(analysis_id: UUID) -> bool:
    """Withdraw a question nobody has sent to the model yet."""
    return move(analysis_id, S.CANCELLED, only=Q(status=S.QUEUED), error="Cancelled before the model was asked.")


def bury_abandoned(user: User) -> None:
    """End what nobody streams any more: the web process died, or the page never asked."""
    now = timezone.now()
    mine = Analysis.objects.filter(user=user)
    for pk in mine.filter(status=S.STREAMING, heartbeat_at__lt=now - DEAD_AFTER).values_list("pk", flat=True):
        move(
            pk,
            S.FAILED,
            only=Q(heartbeat_at__lt=now - DEAD_AFTER),
            error="The server was stopped while the model was writing. What had arrived is kept; ask again.",
        )
    for pk in mine.filter(status=S.QUEUED, heartbeat_at__lt=now - UNASKED_AFTER).values_list("pk", flat=True):
        move(pk, S.CANCELLED, only=Q(status=S.QUEUED), error="The page was closed before the model was asked.")
