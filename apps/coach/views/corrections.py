"""The queue of corrections: a frame, what the model said, what a person says; decided by key or button."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from apps.captures.selectors.queues import queues
from apps.coach import cards, selectors
from apps.coach.models import Correction, CorrectionStatus
from apps.coach.services import correcting
from apps.core.roles import Role, role_required
from apps.core.views import person, row_number

TAKEN = "Somebody else decided on this one first; nothing was changed."


@require_GET
@role_required(Role.REVIEWER)
def corrections(request: HttpRequest) -> HttpResponse:
    """The oldest open correction; after ``?after=ID`` the one behind it."""
    after = row_number(request.GET.get("after"))
    return _show(request, _following(after))


@require_POST
@role_required(Role.REVIEWER)
def decide(request: HttpRequest, correction_id: int) -> HttpResponse:
    """Accept or reject, then the next one."""
    row = get_object_or_404(Correction, pk=correction_id)
    decision = request.POST.get("decision")
    if decision not in ("accepted", "rejected"):
        return _show(request, row, notice="That was neither accept nor reject; nothing was changed.", status=422)
    if not correcting.decide(row.pk, by=person(request), accept=decision == "accepted"):
        return _show(request, _following(row.pk), notice=TAKEN, status=409)
    return _show(request, _following(row.pk))


@require_POST
@role_required(Role.REVIEWER)
def undo(request: HttpRequest, correction_id: int) -> HttpResponse:
    """Take one's own decision back and show its correction again."""
    row = get_object_or_404(Correction, pk=correction_id)
    if not correcting.reopen(row.pk, by=person(request)):
        return _show(request, _following(None), notice="That decision is not yours to take back.", status=409)
    return _show(request, row, notice="Taken back.")


def _following(after: int | None) -> Correction | None:
    """The open correction behind ``after`` in the queue, else the first."""
    waiting = selectors.open_corrections()
    before = Correction.objects.filter(pk=after).first() if after is not None else None
    if before is None:
        return waiting.first()
    later = Q(created_at__gt=before.created_at) | Q(created_at=before.created_at, pk__gt=before.pk)
    return waiting.filter(later).first() or waiting.first()


def _show(request: HttpRequest, row: Correction | None, *, notice: str = "", status: int = 200) -> HttpResponse:
    """The page, or for htmx only its changing part."""
    mine = Correction.objects.filter(decided_by=person(request)).exclude(status=CorrectionStatus.OPEN)
    page: dict[str, Any] = {
        "correction": row,
        "left": selectors.open_corrections().count(),
        "last": mine.order_by("-decided_at").first(),
        "queues": queues(),
        "here": reverse("coach:corrections"),
        "notice": notice,
        "is_error": status != 200,
    }
    if row is not None:
        row.refresh_from_db()
        name = row.field.removeprefix(correcting.PREFIX)
        said = cards.section(row.analysis.answer, "game_state").get(name, ...)
        page["label"] = cards.LABELS.get(name, name)
        page["said"] = "nothing" if said is ... else cards.text(said)
        page["says"] = cards.text(row.value)
        page["others"] = [slot for slot in cards.seen(row.analysis.answer) if slot.text and slot.path != row.field]
    template = "coach/correction.html" if request.headers.get("HX-Request") else "coach/corrections.html"
    return render(request, template, page, status=status)
