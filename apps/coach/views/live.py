"""The page on which people ask, and what its script reads and sends."""

from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_POST

from apps.captures.hud.pictures import MAX_BYTES, FrameRefused
from apps.coach import cards, history, moments, selectors
from apps.coach.advice.fields import as_json, field_kinds
from apps.coach.advice.prompt import MAX_CONTEXT_CHARS
from apps.coach.forms import AskForm
from apps.coach.inference_servers import MAX_FRAMES
from apps.coach.models import Analysis
from apps.coach.services import asking, lifecycle
from apps.coach.views import answers
from apps.core.models import User
from apps.core.roles import Role, has_role, role_required
from apps.core.views import person

SLACK = 64 * 1024  # what a multipart body holds besides the images
NOBODY = UUID(int=0)  # stands in addresses until a script knows the question


@require_GET
@ensure_csrf_cookie
@role_required(Role.VIEWER)
def live(request: HttpRequest) -> HttpResponse:
    """Ask about frames and watch the answer arrive; ``?again=ID`` begins with the frames of an earlier question."""
    user = person(request)
    lifecycle.bury_abandoned(user)
    again = _asked_before(user, request.GET.get("again", ""))
    moment = _moment_of(request, again)
    context = request.GET.get("context", again.context if again else "")  # a moment of a replay, in words
    if moment and not again:
        context = moment.context() or context
    page = {
        **_listed(request),
        **answers.cards_of({}),
        "nobody": NOBODY,
        "max_context": MAX_CONTEXT_CHARS,
        "context": context[:MAX_CONTEXT_CHARS],
        "moment": moment,
        "again": [reverse("coach:frame", args=[again.pk, frame.position]) for frame in again.frames.all()]
        if again
        else [],
        "kinds": as_json(field_kinds(cards.LABELS)),
        "places_of_frames": range(1, MAX_FRAMES + 1),
        "models": selectors.aliases(),
        "any_label": "Any that is up",
        "max_bytes": MAX_BYTES,
        "reviews": has_role(user, Role.REVIEWER),
        "open_corrections": selectors.open_corrections().count(),
        "retention": answers.retention(),
        "consent": answers.consent(),
    }
    return render(request, "coach/live.html", page)


@require_GET
@role_required(Role.VIEWER)
def questions(request: HttpRequest) -> HttpResponse:
    """The list of last questions, one's own or the team's, re-read by the page after each answer."""
    return render(request, "coach/history.html", _listed(request))


@require_GET
@never_cache
@role_required(Role.VIEWER)
def status(request: HttpRequest) -> JsonResponse:
    """Which models answer; never waits for one."""
    known = selectors.aliases()
    listed = [
        {"alias": alias.alias, "label": alias.label, "up": alias.up is True, "sentence": alias.sentence}
        for alias in known
    ]
    return JsonResponse({**_overall(known), "aliases": listed})


@require_POST
@role_required(Role.VIEWER)
def analyse(request: HttpRequest) -> JsonResponse:
    """Take frames in; the answer (or the two of a comparison) is then asked for through the socket."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > asking.MAX_UPLOAD_BYTES + SLACK:
        return refused(f"The frames are larger than {asking.MAX_UPLOAD_BYTES // 1024**2} MB. Send fewer of them.", 413)
    form = AskForm(request.POST)
    uploads = request.FILES.getlist("image")
    if not form.is_valid():
        return refused(form.sentence(), 400)
    if any((upload.size or 0) > MAX_BYTES for upload in uploads):
        return refused(f"The file is larger than {MAX_BYTES // 1024**2} MB. Send a normal screenshot.", 413)
    try:
        rows = _ask(person(request), form.cleaned_data, uploads)
    except (FrameRefused, asking.NoSuchModel) as error:
        return refused(str(error), 400)
    except asking.TooMany as error:
        return refused(str(error), 429)
    first = rows[0].pk
    urls = {"url": reverse("coach:analysis", args=[first]), "state_url": reverse("coach:state", args=[first])}
    return JsonResponse({"id": str(first), "ids": [str(row.pk) for row in rows], **urls}, status=201)


def refused(sentence: str, status: int) -> JsonResponse:
    return JsonResponse({"error": sentence}, status=status)


def _ask(user: User, told: dict[str, Any], uploads: list[UploadedFile]) -> list[Analysis]:
    # More than go with a question need not be read to be refused.
    data = [upload.read() for upload in uploads[: MAX_FRAMES + 1]]
    moment = moments.moment(told["moment_demo"], told["moment_tick"], told["moment_slot"])
    asked = {"user": user, "uploads": data, "context": told["context"], "moment": moment.stored if moment else None}
    if told["alias_b"]:
        return list(asking.ask_two(**asked, aliases=(told["alias"], told["alias_b"])))
    return [asking.ask(**asked, alias=told["alias"])]


def _overall(known: list[selectors.Alias]) -> dict[str, Any]:
    """What the line beside the heading says of all models together; ``up`` is None before anybody asked one."""
    up = [alias for alias in known if alias.up]
    if all(alias.up is None for alias in known):
        return {"up": None, "sentence": "Looking for the model server…"}
    if not up:
        return {"up": False, "sentence": known[0].sentence}
    if len(known) == 1:
        return {"up": True, "sentence": known[0].sentence}
    away = ", ".join(alias.label for alias in known if not alias.up)
    return {"up": True, "sentence": f"{len(up)} of {len(known)} models are up{f'; away: {away}' if away else ''}."}


def _moment_of(request: HttpRequest, again: Analysis | None) -> moments.Moment | None:
    """The moment in the page's address, or the one of the question that is asked again."""
    demo, tick, slot = (request.GET.get(name) for name in ("demo", "tick", "slot"))
    return moments.moment(demo, tick, slot) or (moments.of_analysis(again.moment) if again else None)


def _asked_before(user: User, pk: str) -> Analysis | None:
    try:
        return selectors.readable_analysis(user, UUID(pk)) if pk else None
    except (ValueError, Analysis.DoesNotExist):
        return None


def _listed(request: HttpRequest) -> dict[str, Any]:
    team, words = request.GET.get("whose") == "team", request.GET.get("q", "")[:100]
    asked = request.GET.get("count", "")
    wanted = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 5 else 0
    count = min(max(wanted, history.PAGE), history.MOST)
    rows = list(history.found(person(request), team=team, words=words, count=count + 1))
    more = min(2 * count, history.MOST) if len(rows) > count and count < history.MOST else 0
    return {"history": rows[:count], "more": more, "query": words.strip(), "whose": "team" if team else "mine"}
