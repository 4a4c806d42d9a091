"""The 2D replay of a round and what it is drawn from."""

from dataclasses import asdict
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_GET

from apps.core.roles import Role, role_required
from apps.demos import radars
from apps.demos.models import Round
from apps.demos.parsing import maps
from apps.demos.selectors import recordings as selectors
from apps.demos.selectors.rounds import neighbours
from apps.demos.views.demo import capture_url


@require_GET
@role_required(Role.VIEWER)
def replay(request: HttpRequest, demo_id: int, number: int) -> HttpResponse:
    """The 2D replay of one round."""
    row = get_object_or_404(Round.objects.select_related("demo"), demo_id=demo_id, ordinal=number)
    before, after = neighbours(row)
    context = {
        "round": row,
        "demo": row.demo,
        "before": before,
        "after": after,
        "replayable": selectors.replayable(row.demo),
        "capture_url": capture_url(request, row.demo),
    }
    return render(request, "demos/replay.html", context)


@require_GET
@role_required(Role.VIEWER)
@gzip_page
def pack(request: HttpRequest, demo_id: int, number: int) -> HttpResponse:
    """What the replay draws, see ``parsing.pack.build``, and ``radar``: the images below it, or null."""
    row = get_object_or_404(Round.objects.select_related("demo"), demo_id=demo_id, ordinal=number)
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
