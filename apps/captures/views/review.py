"""Review: one frame at a time, decided by key or button."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from apps.captures.forms import DecisionForm
from apps.captures.models import Decision, Review, Screenshot
from apps.captures.selectors.pages import (
    behavior_words,
    disagreeing,
    following,
    label_groups,
    last_review,
    unreviewed,
)
from apps.captures.selectors.queues import disagreements_url, queues
from apps.captures.selectors.readings import reading_of
from apps.captures.services import reviews
from apps.core.roles import Role, role_required
from apps.core.views import person, row_number

DISAGREEMENT = "disagreement"  # ?queue=
REASONS = (
    "The frame shows something else than the label",
    "HUD missing or covered",
    "Menu, scoreboard or buy menu over the game",
    "Blurred, black or half drawn",
    "Other players' data visible",
)


@require_GET
@role_required(Role.REVIEWER)
def review(request: HttpRequest) -> HttpResponse:
    """The first frame of the queue; after ``?after=ID`` the one behind it. ``?plan=ID`` keeps to one plan,
    ``?queue=disagreement`` to frames whose HUD was read otherwise than the engine says."""
    rows = _queue(request)
    after = row_number(request.GET.get("after"))
    row = rows.first() if after is None else following(rows, after) or rows.first()
    return _show(request, row)


@require_GET
@role_required(Role.REVIEWER)
def review_frame(request: HttpRequest, screenshot_id: int) -> HttpResponse:
    """One frame, decided or not."""
    return _show(request, get_object_or_404(_labelled(), pk=screenshot_id))


@require_POST
@role_required(Role.REVIEWER)
def decide(request: HttpRequest, screenshot_id: int) -> HttpResponse:
    """Accept or reject, then the next frame; stale, the same frame again with a sentence."""
    row = get_object_or_404(_labelled(), pk=screenshot_id)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _show(request, row, notice=_refusal(form), status=422)
    decision = Decision(form.cleaned_data["decision"])
    try:
        reviews.decide(
            row.pk,
            reviewer=person(request),
            decision=decision,
            reason=form.cleaned_data["reason"] if decision == Decision.REJECTED else "",
            seen_version=form.cleaned_data["version"],
        )
    except reviews.Stale as stale:
        row.refresh_from_db()
        return _show(request, row, notice=str(stale), status=409)
    return _show(request, following(_queue(request), row.pk))


@require_POST
@role_required(Role.REVIEWER)
def undo(request: HttpRequest, review_id: int) -> HttpResponse:
    """Take one's own decision back and show its frame again."""
    row = get_object_or_404(Review, pk=review_id, reviewer=person(request))
    notice, status = "Taken back.", 200
    try:
        reviews.undo(row.pk, reviewer=person(request))
    except reviews.Stale as stale:
        notice, status = str(stale), 409
    return _show(request, _labelled().get(pk=row.screenshot_id), notice=notice, status=status)


def _refusal(form: DecisionForm) -> str:
    if list(form.errors) == ["reason"]:
        return f"The reason cannot be kept: {form.errors['reason'][0]} Nothing was changed."
    return "That was neither accept nor reject; nothing was changed."


def _asked(request: HttpRequest, name: str) -> str:
    return request.POST.get(name) or request.GET.get(name) or ""


def _queue(request: HttpRequest) -> QuerySet[Screenshot]:
    """The frames that wait where this person is reviewing."""
    rows = disagreeing if _asked(request, "queue") == DISAGREEMENT else unreviewed
    return rows(row_number(_asked(request, "plan")))


def _labelled() -> Any:
    return Screenshot.objects.filter(label__isnull=False).select_related("label", "target__plan__demo")


def _show(request: HttpRequest, row: Screenshot | None, *, notice: str = "", status: int = 200) -> HttpResponse:
    """The page, or for htmx only its changing part."""
    plan_id, differing = row_number(_asked(request, "plan")), _asked(request, "queue") == DISAGREEMENT
    queue, reading = _queue(request), reading_of(row) if row else None
    kept = {"plan": plan_id, "queue": DISAGREEMENT if differing else None}
    context = {
        "frame": row,
        "reading": reading,
        "groups": label_groups(row, reading) if row else [],
        "behavior": behavior_words(row) if row else [],
        "left": queue.count(),
        "next": following(queue, row.pk) if row else None,
        "last": last_review(person(request)),
        "newest": row.reviews.filter(undone_at=None).select_related("reviewer").first() if row else None,
        "any_frames": row is not None or Screenshot.objects.exists(),
        "plan_id": plan_id,
        "kept": {name: value for name, value in kept.items() if value},
        "same_queue": urlencode({name: value for name, value in kept.items() if value}),
        "queues": queues(),
        "here": "" if plan_id is not None else disagreements_url() if differing else reverse("captures:review"),
        "reasons": REASONS,
        "notice": notice,
        "is_error": status != 200,
    }
    template = "captures/review_frame.html" if request.headers.get("HX-Request") else "captures/review.html"
    return render(request, template, context, status=status)
