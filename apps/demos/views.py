"""The library, a recording's page, and the 2D replay of a round."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.db.models import ProtectedError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_GET, require_POST

from apps.core.models import Job
from apps.core.roles import Role, has_role, role_required
from apps.core.selectors import may_steer
from apps.core.views import person
from apps.demos import jobs, radars, selectors
from apps.demos.models import Demo, Round
from apps.demos.parsing import maps
from apps.demos.parsing.header import Rejected
from apps.demos.services import removing

CHOOSE = "Choose at least one .dem file first."


@require_GET
@role_required(Role.VIEWER)
def library(request: HttpRequest) -> HttpResponse:
    """All recordings and the imports under way; asked for by htmx, only those two."""
    user = person(request)
    demos = Paginator(selectors.library(), 50).get_page(request.GET.get("page"))
    imports = [(job, may_steer(user, job)) for job in selectors.current_imports()]
    template = "demos/library_list.html" if request.headers.get("HX-Request") else "demos/library.html"
    return render(request, template, {"demos": demos, "imports": imports, "page": demos})


@require_POST
@role_required(Role.VIEWER)
def upload(request: HttpRequest) -> HttpResponse:
    """Take recordings in. Answers JSON to the page's script, messages and a redirect to a plain form."""
    files = request.FILES.getlist("recordings")
    results = [_receive(request, file) for file in files]
    if request.headers.get("Accept", "").startswith("application/json"):
        empty = {"results": [], "error": CHOOSE}
        return JsonResponse({"results": results}) if results else JsonResponse(empty, status=400)
    if not results:
        messages.error(request, CHOOSE)
    levels = {"accepted": messages.SUCCESS, "duplicate": messages.INFO, "rejected": messages.ERROR}
    for result in results:
        messages.add_message(request, levels[result["outcome"]], f"{result['name']}: {result['message']}")
    return redirect("demos:library")


@require_POST
@role_required(Role.VIEWER)
def sample(request: HttpRequest) -> HttpResponse:
    """Have a sample match made, and go where it can be watched being made."""
    return redirect("demos:sample-state", jobs.enqueue_sample(user=person(request)).pk)


@require_GET
@role_required(Role.VIEWER)
def sample_state(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """How far a sample match is; once it can be watched, on to its page."""
    job = get_object_or_404(Job, pk=job_id, function=selectors.SAMPLE_JOB)
    demo = selectors.sample_of(job)
    if demo is not None and demo.is_ready:
        there = demo.get_absolute_url()
        is_htmx = request.headers.get("HX-Request")
        return HttpResponse(headers={"HX-Redirect": there}) if is_htmx else redirect(there)
    template = "demos/sample_card.html" if request.headers.get("HX-Request") else "demos/sample.html"
    return render(request, template, {"job": job, "may_steer": may_steer(person(request), job)})


def _receive(request: HttpRequest, file: UploadedFile) -> dict[str, Any]:
    name = file.name or "recording.dem"
    try:
        demo, is_new = jobs.receive(file, user=person(request))
    except Rejected as refusal:
        return {"name": name, "outcome": "rejected", "message": str(refusal), "url": ""}
    if is_new:
        return {"name": name, "outcome": "accepted", "message": "Stored; the import is queued.", "url": _url(demo)}
    message = f"Already here as “{demo.original_name}”: the content is the same."
    return {"name": name, "outcome": "duplicate", "message": message, "url": _url(demo)}


def _url(demo: Demo) -> str:
    return demo.get_absolute_url()


@require_GET
@role_required(Role.VIEWER)
def demo(request: HttpRequest, demo_id: int) -> HttpResponse:
    """One recording: what it is, who plays, its rounds."""
    row = Demo.objects.select_related("uploaded_by", "job").filter(pk=demo_id).first()
    if row is None:
        raise Http404("This recording is not here. It was deleted, or could not be imported: its job says why.")
    players = list(row.players.all())
    user = person(request)
    context = {
        "demo": row,
        "sides": [(side, [player for player in players if player.first_side == side]) for side in ("CT", "T")],
        "rounds": list(row.rounds.all()),
        "job": row.job,
        "may_steer": row.job is not None and may_steer(user, row.job),
        "may_delete": selectors.may_delete(user, row),
        "capture_url": _capture_url(request, row),
        "replayable": selectors.replayable(row),
    }
    return render(request, "demos/demo.html", context)


def _capture_url(request: HttpRequest, row: Demo) -> str:
    """Where frames of this recording are captured; empty where that is not possible for it or for this person."""
    if not selectors.replayable(row) or not has_role(request.user, Role.REVIEWER):
        return ""
    try:
        return f"{reverse('captures:new')}?demo={row.pk}"
    except NoReverseMatch:
        return ""


@require_POST
@role_required(Role.VIEWER)
def delete(request: HttpRequest, demo_id: int) -> HttpResponse:
    """Delete a recording and what was made from it; twice does no harm."""
    row = Demo.objects.select_related("job").filter(pk=demo_id).first()
    if row is None:
        messages.info(request, "That recording is already gone.")
        return redirect("demos:library")
    if not selectors.may_delete(person(request), row):
        raise PermissionDenied("Only the person who uploaded a recording, or an admin, may delete it.")
    try:
        removing.withdraw(row)
    except ProtectedError:
        messages.error(
            request,
            "Captures were planned from this recording and need it. Delete those first. Nothing was deleted.",
        )
        return redirect(row)
    messages.success(request, f"“{row.original_name}” and everything read from it were deleted.")
    return redirect("demos:library")


@require_GET
@role_required(Role.VIEWER)
def replay(request: HttpRequest, demo_id: int, number: int) -> HttpResponse:
    """The 2D replay of one round."""
    row = get_object_or_404(Round.objects.select_related("demo"), demo_id=demo_id, number=number)
    before, after = selectors.neighbours(row)
    context = {
        "round": row,
        "demo": row.demo,
        "before": before,
        "after": after,
        "replayable": selectors.replayable(row.demo),
        "capture_url": _capture_url(request, row.demo),
    }
    return render(request, "demos/replay.html", context)


@require_GET
@role_required(Role.VIEWER)
@gzip_page
def pack(request: HttpRequest, demo_id: int, number: int) -> HttpResponse:
    """What the replay draws, see ``parsing.pack.build``, and ``radar``: the images below it, or null."""
    row = get_object_or_404(Round.objects.select_related("demo"), demo_id=demo_id, number=number)
    if not selectors.replayable(row.demo):
        return JsonResponse({"error": "The positions of this recording could not be decoded."}, status=404)
    content = {**selectors.round_pack(row), "radar": _radar(row.demo.map_name)}
    response = JsonResponse(content, json_dumps_params={"separators": (",", ":")})
    response.headers["Cache-Control"] = "private, max-age=60"
    return response


def _radar(map_name: str) -> dict[str, Any] | None:
    """Addresses of the upper and lower level's image and where they lie; None where no upper one is installed."""
    place = maps.CALIBRATIONS.get(map_name)
    upper = _radar_url(map_name)
    if place is None or upper is None:
        return None
    lower = _radar_url(map_name + maps.LOWER)
    return {**asdict(place), "size": maps.SIZE, "upper": upper, "lower": lower}


def _radar_url(name: str) -> str | None:
    path = radars.image_path(name)
    # The time of the file makes a replaced image another address: browsers keep the old one for a day.
    return None if path is None else f"{reverse('demos:radar', args=[name])}?v={radars.version(path)}"


@require_GET
@role_required(Role.VIEWER)
def radar(request: HttpRequest, name: str) -> HttpResponse:
    """An installed radar image."""
    path = radars.image_path(name)
    if path is None:
        raise Http404("No radar image of that name is installed. Replays are drawn from the positions instead.")
    response = HttpResponse(path.read_bytes(), content_type="image/png")
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, max-age=86400"
    return response
