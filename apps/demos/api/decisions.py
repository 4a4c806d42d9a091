"""What people decided about rounds: whether one counts, and why; every word stays."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from ninja import Router, Schema
from ninja.decorators import decorate_view
from ninja.errors import HttpError
from pydantic import Field

from apps.core.roles import Role, role_required
from apps.core.views import person
from apps.demos.api.demos import PROBLEMS, demo_or_404
from apps.demos.api.schemas import Body, Problem, RoundOut
from apps.demos.models import Demo, Round, RoundDecision
from apps.demos.services import deciding

router = Router(tags=["Recordings"])


class Decision(Body):
    """Whether a round counts, in somebody's judgement."""

    counts: bool
    reason: str = Field(max_length=deciding.REASON_CHARS, description="stays with the round, for everybody to read")


class DecisionOut(Schema):
    start_tick: int
    counts: bool
    reason: str
    user: str | None
    at: datetime

    @staticmethod
    def resolve_user(row: Any) -> str | None:
        return row.user.get_username() if row.user else None


@router.post(
    "/demos/{int:demo_id}/rounds/{int:ordinal}/decision",
    response={200: RoundOut, 409: Problem, **PROBLEMS},
    url_name="round-decide",
)
@decorate_view(role_required(Role.REVIEWER))
def decide(request: HttpRequest, demo_id: int, ordinal: int, decision: Decision) -> Round:
    """Exclude or restore a round, by its `ordinal`; for reviewers.

    Numbers, score and statistics follow at once, and another import keeps it. Where the round counts (or not) already,
    nothing is changed, and no second decision is kept: sending it twice does no harm.
    """
    demo = demo_or_404(demo_id)
    row = _round(demo, ordinal)
    try:
        deciding.decide(demo, row.ordinal, counts=decision.counts, reason=decision.reason, user=person(request))
    except deciding.Busy as busy:
        raise HttpError(409, str(busy)) from None
    return _round(demo, ordinal)


@router.get("/demos/{int:demo_id}/decisions", response={200: list[DecisionOut], **PROBLEMS}, url_name="round-decisions")
def decisions(request: HttpRequest, demo_id: int) -> "QuerySet[RoundDecision]":
    """Every decision about this recording's rounds, the newest first; `start_tick` says which round."""
    return demo_or_404(demo_id).round_decisions.select_related("user")


def _round(demo: Demo, ordinal: int) -> Round:
    row = Round.objects.filter(demo=demo, ordinal=min(ordinal, 2**31)).first()
    if row is None:
        raise Http404("There is no such round. Nothing was changed; the recording's “rounds” lists those there are.")
    return row
