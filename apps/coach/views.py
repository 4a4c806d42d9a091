"""The coach's pages, and the three small addresses their scripts use."""

from typing import Any
from uuid import UUID

from asgiref.sync import async_to_sync
from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_POST

from apps.coach import cards, inference, selectors
from apps.coach.advice.prompt import MAX_CONTEXT_CHARS
from apps.coach.forms import AskForm
from apps.coach.frames import MAX_BYTES, FrameRefused
from apps.coach.models import Analysis
from apps.coach.services import asking, lifecycle
from apps.core.roles import Role, role_required
from apps.core.storage import artefacts
from apps.core.views import person

SLACK = 64 * 1024  # what a multipart body holds besides the image


@require_GET
@ensure_csrf_cookie
@role_required(Role.VIEWER)
def live(request: HttpRequest) -> HttpResponse:
    """Ask about a frame and watch the answer arrive."""
    lifecycle.bury_abandoned(person(request))
    page = {
        "history": selectors.history(person(request)),
        "max_context": MAX_CONTEXT_CHARS,
        "context": request.GET.get("context", "")[:MAX_CONTEXT_CHARS],  # a moment of a replay, in words
        "max_bytes": MAX_BYTES,
        "small_model": settings.SMALL_MODEL_SERVED,
        **_cards({}),
    }
    return render(request, "coach/live.html", page)


@require_GET
@role_required(Role.VIEWER)
def analysis(request: HttpRequest, analysis_id: UUID) -> HttpResponse:
    """One question and its answer, as they were."""
    lifecycle.bury_abandoned(person(request))
    row = _own_or_404(request, analysis_id)
    return render(request, "coach/analysis.html", {"analysis": row, **_cards(row.answer)})


@require_GET
@role_required(Role.VIEWER)
def history(request: HttpRequest) -> HttpResponse:
    """The list of last questions, re-read by the page after each answer."""
    return render(request, "coach/history.html", {"history": selectors.history(person(request))})


@require_GET
@never_cache
@role_required(Role.VIEWER)
def state(request: HttpRequest, analysis_id: UUID) -> JsonResponse:
    """What the database knows of an analysis; the page reads it after its socket was away."""
    lifecycle.bury_abandoned(person(request))
    return JsonResponse(selectors.state(_own_or_404(request, analysis_id)))


@require_GET
@never_cache
@role_required(Role.VIEWER)
def status(request: HttpRequest) -> JsonResponse:
    """Whether the model server answers."""
    server = async_to_sync(inference.probe)()
    return JsonResponse({"up": server.up, "sentence": server.sentence})


@require_GET
@cache_control(private=True, max_age=86400, immutable=True)
@role_required(Role.VIEWER)
def image(request: HttpRequest, analysis_id: UUID) -> HttpResponse | FileResponse:
    """The frame of one's own analysis; always a JPEG that we encoded."""
    row = _own_or_404(request, analysis_id)
    try:
        return FileResponse(artefacts().open(row.image), content_type="image/jpeg")
    except FileNotFoundError as error:
        raise Http404("The frame of this question was deleted.") from error


@require_POST
@role_required(Role.VIEWER)
def analyse(request: HttpRequest) -> JsonResponse:
    """Take a frame in; the answer is then asked for through the socket."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BYTES + SLACK:
        return _refused(f"The file is larger than {MAX_BYTES // 1024**2} MB. Send a normal screenshot.", 413)
    form = AskForm(request.POST, request.FILES)
    if not form.is_valid():
        return _refused(form.sentence(), 400)
    upload = form.cleaned_data["image"]
    if upload.size > MAX_BYTES:
        return _refused(f"The file is larger than {MAX_BYTES // 1024**2} MB. Send a normal screenshot.", 413)
    try:
        row = asking.ask(user=person(request), uploads=[upload.read()], context=form.cleaned_data["context"])
    except FrameRefused as error:
        return _refused(str(error), 400)
    except asking.TooMany as error:
        return _refused(str(error), 429)
    urls = {"url": reverse("coach:analysis", args=[row.pk]), "state_url": reverse("coach:state", args=[row.pk])}
    return JsonResponse({"id": str(row.pk), **urls}, status=201)


def _refused(sentence: str, status: int) -> JsonResponse:
    return JsonResponse({"error": sentence}, status=status)


def _own_or_404(request: HttpRequest, analysis_id: UUID) -> Analysis:
    try:
        return selectors.own_analysis(person(request), analysis_id)
    except Analysis.DoesNotExist as error:
        raise Http404("There is no such question of yours.") from error


def _cards(answer: dict[str, Any]) -> dict[str, Any]:
    """What ``coach/cards.html`` shows of an answer, however incomplete or misshapen."""
    judged = cards.section(answer, "analysis")
    return {
        "seen": cards.seen(answer),
        "judged": cards.texts(judged),
        "advice": cards.texts(cards.section(answer, "advice")),
        "threats": cards.sentences(judged, "immediate_threats"),
        "opportunities": cards.sentences(judged, "opportunities"),
    }
