"""Every change of a CaptureTarget's state, as conditional updates."""

from django.db.models import F, Q

from apps.captures.models import CapturePlan, CaptureTarget, TargetStatus
from apps.core.broadcast import hint

# from → to; a failed target may be tried again, a verified one is final.
TRANSITIONS: dict[TargetStatus, frozenset[TargetStatus]] = {
    TargetStatus.PLANNED: frozenset({TargetStatus.RUNNING}),
    TargetStatus.RUNNING: frozenset({TargetStatus.VERIFIED, TargetStatus.FAILED, TargetStatus.PLANNED}),
    TargetStatus.FAILED: frozenset({TargetStatus.PLANNED}),
    TargetStatus.VERIFIED: frozenset(),
}


def topic(plan_id: int) -> str:
    return f"captures:{plan_id}"


def move(rows: Q, to: TargetStatus, *, plan_id: int, **changes: object) -> int:
    """Set ``status=to`` on the plan's targets among ``rows`` that may go there; returns how many went."""
    sources = [status for status, targets in TRANSITIONS.items() if to in targets]
    moved = CaptureTarget.objects.filter(rows, plan_id=plan_id, status__in=sources).update(status=to, **changes)
    if moved:
        hint(topic(plan_id))
    return moved


def claim(target: CaptureTarget) -> bool:
    """Take a planned target; False when somebody else has it."""
    one = Q(pk=target.pk)
    return bool(move(one, TargetStatus.RUNNING, plan_id=target.plan_id, attempts=F("attempts") + 1, reason=""))


def fail(target: CaptureTarget, reason: str) -> bool:
    return bool(move(Q(pk=target.pk), TargetStatus.FAILED, plan_id=target.plan_id, reason=reason))


def verified(target: CaptureTarget) -> bool:
    return bool(move(Q(pk=target.pk), TargetStatus.VERIFIED, plan_id=target.plan_id, reason=""))


def release(plan: CapturePlan) -> int:
    """Put everything that is not verified back in line: what failed, and what a stopped worker left running."""
    return move(~Q(status=TargetStatus.VERIFIED), TargetStatus.PLANNED, plan_id=plan.pk, reason="")


def put_back(target: CaptureTarget) -> bool:
    """Give a claimed target back untouched: the run stopped before its verdict."""
    return bool(move(Q(pk=target.pk, status=TargetStatus.RUNNING), TargetStatus.PLANNED, plan_id=target.plan_id))
