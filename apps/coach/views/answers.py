"""One question and its answer: its page, its frames, and what its person does with it."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db.models import Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_POST

from apps.coach import cards, moments, selectors
from apps.coach.advice.fields import as_json, field_kinds
from apps.coach.crosscheck import marks
from apps.coach.forms import CorrectionForm
from apps.coach.inference_servers import named
from apps.coach.models import Analysis
from apps.coach.services import correcting, deleting, judging, lifecycle
from apps.core.roles import Role, has_role, role_required
from apps.core.storage import artefacts
from apps.core.views import person

NONE = "There is no such question that you may read."
GONE = "The frame of this question is not kept any more."


@require_GET
@ensure_csrf_cookie
@role_required(Role.VIEWER)
def analysis(request: HttpRequest, analysis_id: UUID) -> HttpResponse:
    """One question and its answer, as they were; others read it where it is shared."""
    lifecycle.bury_abandoned(person(request))
    row = _readable_or_404(request, analysis_id)
    page = {
        "analysis": row,
        "columns": [_column(one, place) for place, one in enumerate(selectors.compared(row))],
        "mine": row.user_id == person(request).pk,
        "moment": moments.of_analysis(row.moment),
        "kinds": as_json(field_kinds(cards.LABELS)),
        "retention": retention(),
        "consent": consent(),
    }
    return render(request, "coach/analysis.html", page)


@require_GET
@never_cache
@role_required(Role.VIEWER)
def state(request: HttpRequest, analysis_id: UUID) -> JsonResponse:
    """What the database knows of an analysis; the page reads it after its socket was away."""
    lifecycle.bury_abandoned(person(request))
    row = _readable_or_404(request, analysis_id)
    corrected = {field: correction.value for field, correction in selectors.corrections(row).items()}
    return JsonResponse({**selectors.state(row), "corrections": corrected})


@require_GET
@role_required(Role.VIEWER)
def image(request: HttpRequest, analysis_id: UUID) -> HttpResponse | FileResponse:
    """The newest frame of a question."""
    return _frame(request, analysis_id, None)


@require_GET
@role_required(Role.VIEWER)
def frame(request: HttpRequest, analysis_id: UUID, position: int) -> HttpResponse | FileResponse:
    """One frame of a question, 0 the oldest."""
    return _frame(request, analysis_id, position)


@require_POST
@role_required(Role.VIEWER)
def rate(request: HttpRequest, analysis_id: UUID) -> JsonResponse:
    """Good (1), bad (-1), or taken back (0)."""
    row = _own_or_404(request, analysis_id)
    rating = {"1": 1, "-1": -1, "0": None}.get(request.POST.get("rating", ""), ...)
    if rating is ... or not row.is_over:
        return JsonResponse({"error": "An answer can be rated good or bad once it is there."}, status=400)
    judging.rate(row, rating)
    return JsonResponse({"rating": rating})


@require_POST
@role_required(Role.VIEWER)
def share(request: HttpRequest, analysis_id: UUID) -> JsonResponse:
    """Let the team read a question, or take that back."""
    shared = request.POST.get("shared") == "1"
    judging.share(_own_or_404(request, analysis_id), shared)
    return JsonResponse({"shared": shared})


@require_POST
@role_required(Role.VIEWER)
def correct(request: HttpRequest, analysis_id: UUID) -> JsonResponse:
    """Say what a field should have been; a reviewer decides on it later."""
    row = _own_or_404(request, analysis_id)
    form = CorrectionForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"error": "That value was not understood. Nothing was changed."}, status=400)
    try:
        made = correcting.correct(analysis=row, by=person(request), **form.cleaned_data)
    except correcting.CorrectionRefused as error:
        return JsonResponse({"error": str(error)}, status=400)
    return JsonResponse({"field": made.field, "value": made.value})


@require_POST
@role_required(Role.VIEWER)
def delete(request: HttpRequest, analysis_id: UUID) -> HttpResponse:
    """Delete a question of one's own with its frames."""
    row = _own_or_404(request, analysis_id)
    if not deleting.delete(row):
        messages.error(request, "Its answer is still being written. Cancel it first; nothing was deleted.")
        return redirect("coach:analysis", row.pk)
    messages.success(request, "The question, its frames and its answer were deleted.")
    return redirect("coach:live")


def cards_of(
    answer: dict[str, Any], corrected: dict[str, Any] | None = None, reader: dict[str, str] | None = None
) -> dict[str, Any]:
    """What ``coach/cards.html`` shows of an answer, however incomplete or misshapen."""
    judged = cards.section(answer, "analysis")
    return {
        "seen": cards.seen(answer, corrected, reader),
        "judged": cards.texts(judged),
        "advice": cards.texts(cards.section(answer, "advice")),
        "threats": cards.sentences(judged, "immediate_threats"),
        "opportunities": cards.sentences(judged, "opportunities"),
    }


def _column(row: Analysis, place: int) -> dict[str, Any]:
    """One answer as ``coach/stored.html`` shows it: alone, or the first or second of two."""
    corrected = {field: correction.value for field, correction in selectors.corrections(row).items()}
    asked = named(row.alias)
    return {
        **cards_of(row.answer, corrected, marks(row.answer, row.reading)),
        "row": row,
        "p": "b-" if place else "",
        "title": "The other model’s answer" if place else "The model’s answer",
        "asked": asked.label if asked else row.alias or "Any model",
        "first_token": cards.duration(row.first_token_ms),
        "total": cards.duration(row.total_ms),
    }


def retention() -> str:
    """How long frames are kept, in words."""
    days: int | None = settings.COACH_KEEP_IMAGES_DAYS
    if days is None:
        return "Frames and answers are kept until you delete them."
    if days == 0:
        return "Frames are deleted as soon as their answer is over; questions and answers stay until you delete them."
    return f"Frames are deleted after {days} days, those of corrections later; words stay until you delete them."


def consent() -> str:
    """What a person agrees to who saves a correction."""
    if settings.COACH_KEEP_IMAGES_DAYS == 0:
        return "Reviewers will see what you say. Frames are not kept here, so nothing is learned from it."
    return "Saving shows reviewers the frames. Accepted, they are kept for training until you delete the question."


@cache_control(private=True, max_age=86400, immutable=True)
def _frame(request: HttpRequest, analysis_id: UUID, position: int | None) -> HttpResponse | FileResponse:
    """Always a JPEG that we encoded. Reviewers see what was corrected."""
    user = person(request)
    visible = Q(user=user) | Q(shared=True)
    if has_role(user, Role.REVIEWER):
        visible |= Q(corrections__isnull=False)
    row = Analysis.objects.filter(visible, pk=analysis_id).prefetch_related("frames").first()
    if row is None:
        raise Http404(NONE)
    found = row.newest_frame if position is None else row.frames.filter(position=position).first()
    if found is None or not found.image:
        raise Http404(GONE)
    try:
        return FileResponse(artefacts().open(found.image), content_type="image/jpeg")
    except FileNotFoundError as error:
        raise Http404(GONE) from error


def _own_or_404(request: HttpRequest, analysis_id: UUID) -> Analysis:
    try:
        return selectors.own_analysis(person(request), analysis_id)
    except Analysis.DoesNotExist as error:
        raise Http404(NONE) from error


def _readable_or_404(request: HttpRequest, analysis_id: UUID) -> Analysis:
    try:
        return selectors.readable_analysis(person(request), analysis_id)
    except Analysis.DoesNotExist as error:
        raise Http404(NONE) from error
