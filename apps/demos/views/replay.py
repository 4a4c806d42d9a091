"""The 2D viewer: its page, and what it draws."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_GET

from apps.core.roles import Role, has_role, role_required
from apps.demos import radars
from apps.demos.models import Demo, NotCounted, Round
from apps.demos.parsing.viewing import maps
from apps.demos.selectors import packs
from apps.demos.selectors import recordings as selectors
from apps.demos.selectors.match import as_read
from apps.demos.templatetags.match import icon
from apps.demos.views.demo import capture_url

UNDECODED = "The positions of this recording could not be decoded."


@require_GET
@role_required(Role.VIEWER)
def replay(request: HttpRequest, demo_id: int) -> HttpResponse:
    """The viewer of a recording, at ``?part=3`` (a round's place, which never moves) or ``?round=7`` (its number now).

    ``&t=42.5``, seconds since the end of freeze time, is for the page's script.
    """
    row = get_object_or_404(Demo.objects.prefetch_related("rounds", "teams"), pk=demo_id)
    rounds = list(row.rounds.all())
    shown = _first_shown(rounds, number=request.GET.get("round"), ordinal=request.GET.get("part"))
    asked = request.GET.get("round") or ""
    is_missing = shown is not None and not request.GET.get("part") and asked.isdecimal() and str(shown.number) != asked
    is_playable = shown is not None and (selectors.replayable(row) or row.has_preview)
    context = {
        "demo": row,
        "round": shown,
        "missing": int(asked[:9]) if is_missing else None,
        "is_playable": is_playable,
        "viewer": _viewer(request, row, rounds, shown) if is_playable else None,
    }
    return render(request, "demos/replay.html", context)


@require_GET
@role_required(Role.VIEWER)
def part(request: HttpRequest, demo_id: int, number: int) -> HttpResponse:
    """The former address of a round, by its ordinal."""
    query = request.GET.copy()
    query["part"] = str(number)
    return redirect(f"{reverse('demos:replay', args=[demo_id])}?{query.urlencode()}")


@require_GET
@role_required(Role.VIEWER)
def pack(request: HttpRequest, demo_id: int, number: int) -> HttpResponse:
    """What the viewer draws of a stretch, see ``parsing.viewing.pack.build``."""
    row = get_object_or_404(Round.objects.select_related("demo"), demo_id=demo_id, ordinal=number)
    if not (selectors.replayable(row.demo) or row.demo.has_preview):
        return JsonResponse({"error": UNDECODED}, status=404)
    return _compressed(request, packs.stretch(row))


@require_GET
@role_required(Role.VIEWER)
def ground(request: HttpRequest, demo_id: int) -> HttpResponse:
    """What all stretches of a recording are drawn on, see ``parsing.viewing.pack_ground.build``."""
    row = get_object_or_404(Demo, pk=demo_id)
    if not (selectors.replayable(row) or row.has_preview):
        return JsonResponse({"error": UNDECODED}, status=404)
    return _compressed(request, packs.ground(row))


def _compressed(request: HttpRequest, data: bytes) -> HttpResponse:
    """Gzipped JSON as it lies in storage; 304 where the browser has it."""
    etag = f'"{packs.version(data)}"'
    if etag in request.headers.get("If-None-Match", ""):
        response: HttpResponse = HttpResponseNotModified()
    elif "gzip" in request.headers.get("Accept-Encoding", ""):
        response = HttpResponse(data, content_type="application/json", headers={"Content-Encoding": "gzip"})
    else:
        response = HttpResponse(packs.unpacked(data), content_type="application/json")
    response.headers["ETag"] = etag
    response.headers["Vary"] = "Accept-Encoding, Cookie"
    response.headers["Cache-Control"] = "private, no-cache"  # asked for again, answered with 304
    return response


def _viewer(request: HttpRequest, demo: Demo, rounds: list[Round], shown: Round | None) -> dict[str, Any]:
    """What the page's script is told."""
    was = as_read(rounds)
    names = {team.roster: str(team) for team in demo.teams.all() if team.clan_name}
    return {
        "map": demo.map_name,
        "demo": demo.pk,
        "name": demo.original_name,
        "page": reverse("demos:replay", args=[demo.pk]),
        "packs": reverse("demos:pack", args=[demo.pk, 0]),
        "ground": reverse("demos:ground", args=[demo.pk]),
        "heat": _address("demos:heatmap-data"),
        "radar": radar_of(demo.map_name),
        "known": demo.map_name in maps.CALIBRATIONS,
        "teams": [names.get(0, ""), names.get(1, "")],
        "rounds": [_round(row, was) for row in rounds],
        "first": shown.ordinal if shown else None,
        "capture": capture_url(request, demo),
        "coach": _address("coach:live"),
        "samples": _address("captures:list") if has_role(request.user, Role.VIEWER) else "",
    }


def _first_shown(rounds: list[Round], *, number: str | None, ordinal: str | None) -> Round | None:
    """The stretch asked for; else the first that counts, else the first; None without any."""
    asked = [row for row in rounds if str(row.ordinal) == ordinal] if ordinal else []
    asked += [row for row in rounds if number and str(row.number) == number]
    counted = [row for row in rounds if row.number is not None]
    return next(iter([*asked, *counted, *rounds]), None)


def _round(row: Round, was: Mapping[int, int]) -> dict[str, Any]:
    names = (
        "ordinal", "number", "not_counted", "start_tick", "freeze_end_tick", "end_tick", "is_partial", "overtime",
        "winner_side", "ct_roster", "end_reason", "score_ct", "score_t", "plant_tick", "bomb_site",
    )  # fmt: skip
    why = row.get_not_counted_display() or ""
    if row.not_counted == NotCounted.EXCLUDED and row.ordinal in was:
        why += f" (was round {was[row.ordinal]})"
    return {name: getattr(row, name) for name in names} | {"why": why, "icon": icon(row.end_reason)}


def _address(name: str) -> str:
    """The address of a page another part of the application may offer; empty where it does not."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def radar_of(map_name: str) -> dict[str, Any] | None:
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
