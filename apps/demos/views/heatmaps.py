"""Heat maps: the page, and what it draws."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import numpy as np
from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_GET

from apps.core.roles import Role, role_required
from apps.demos.forms import search_of
from apps.demos.parsing.viewing import heat
from apps.demos.selectors import facets, people
from apps.demos.selectors import heatmaps as selectors
from apps.demos.selectors.library import STATES, Search
from apps.demos.views.replay import radar_of

LONGEST_S = 3600


class WindowForm(forms.Form):
    """What is counted, as the address says it."""

    kind = forms.ChoiceField(required=False, choices=[(kind, kind) for kind in heat.KINDS])
    side = forms.ChoiceField(required=False, choices=[("CT", "CT"), ("T", "T")])
    from_s = forms.FloatField(required=False, min_value=0, max_value=LONGEST_S)
    to_s = forms.FloatField(required=False, min_value=0, max_value=LONGEST_S)
    demo = forms.IntegerField(required=False, min_value=1, max_value=2**53)

    @property
    def window(self) -> heat.Window:
        """The question; call after ``is_valid``."""
        said = self.cleaned_data
        return heat.Window(
            said.get("kind") or "positions", said.get("side") or "", said.get("from_s") or 0.0, said.get("to_s")
        )


@require_GET
@role_required(Role.VIEWER)
def heatmaps(request: HttpRequest) -> HttpResponse:
    """Heat maps over many recordings, at ``?map=…`` and the library's filters."""
    names, search = selectors.maps_with_demos(Search()), search_of(request.GET)
    fitting = selectors.maps_with_demos(replace(search, map="")) if search.active else []
    shown = search.map if search.map in names else next(iter([*fitting, *names]), "")
    context = {
        "maps": names,
        "shown": shown,
        "search": search,
        "facets": facets.facets(),
        "states": STATES,
        "kinds": list(heat.KINDS),
        "asked": request.GET,
        "page": {"data": reverse("demos:heatmap-data"), "maps": {name: _ground(name) for name in names}},
    }
    return render(request, "demos/heatmaps.html", context)


def _ground(name: str) -> dict[str, Any]:
    """What a map is drawn on: its radar, and the ground of its newest recording."""
    newest = selectors.newest(name)
    return {"radar": radar_of(name), "ground": reverse("demos:ground", args=[newest]) if newest else ""}


@require_GET
@role_required(Role.VIEWER)
@gzip_page
def data(request: HttpRequest) -> JsonResponse:
    """The counts, by cell. While ``left`` is not 0, asking again counts more recordings."""
    form = WindowForm(request.GET)
    if not form.is_valid():
        problem = "; ".join(f"{name}: {text}" for name, texts in form.errors.items() for text in texts)
        return JsonResponse({"error": f"That cannot be counted ({problem})"}, status=400)
    window = form.window
    if window.to_s is not None and window.to_s < window.from_s:
        return JsonResponse({"error": "That cannot be counted: the time ends before it begins."}, status=400)
    search, demo = search_of(request.GET), form.cleaned_data["demo"]
    if not search.map and demo is None:
        return JsonResponse({"error": "Choose a map: places of different maps cannot be counted together."}, status=400)
    found = selectors.heat_of(search, window, demo=demo)
    which = "" if demo is not None else facets.described(search)
    recordings = f"{reverse('demos:library')}?{urlencode(search.active)}"
    note = _note(found, window, which)
    if search.player and not people.is_known(search.player):
        note = f"Nobody called “{search.player}” plays in a recording here. {note}"
    return JsonResponse({**_sent(found), "note": note, "recordings": recordings})


def _sent(found: selectors.Heat) -> dict[str, Any]:
    rows, columns = (np.flatnonzero(found.counts.sum(axis=axis)) for axis in ((0, 2), (0, 1)))
    low_row, high_row = (int(rows[0]), int(rows[-1])) if rows.size else (0, 0)
    low, high = (int(columns[0]), int(columns[-1])) if columns.size else (0, 0)
    part = found.counts[:, low_row : high_row + 1, low : high + 1]
    pad = 6  # cells around, for the smoothing
    part = np.pad(part, ((0, 0), (pad, pad), (pad, pad)))
    levels = []
    for level in part:
        at = np.flatnonzero(level)
        levels.append(np.column_stack((at, level.ravel()[at])).ravel().tolist())
    return {
        "cell": heat.CELL,
        "left": heat.FIRST + low - pad,
        "bottom": heat.FIRST + low_row - pad,
        "width": part.shape[2],
        "height": part.shape[1],
        "levels": levels,
        "total": int(found.counts.sum()),
        "demos": found.demos,
        "left_to_count": found.left,
    }


def _note(found: selectors.Heat, window: heat.Window, which: str) -> str:
    """The sentence below a heat map; ``which`` recordings it is about, in words."""
    which, total = f" ({which})" if which else "", int(found.counts.sum())
    recordings = f"{found.demos} recording{'' if found.demos == 1 else 's'}{which}"
    if found.demos == 0:
        return f"No recording with positions fits{which}."
    if total == 0 and not found.left:
        return f"Nothing of this was counted in {recordings}: choose another side, time or player."
    what = {
        "positions": f"{_time(total / heat.POSITIONS_PER_SECOND)} of players’ time",
        "kills": f"{_many(total, 'kill')}, where the killer stood",
        "deaths": _many(total, "death"),
        "utility": f"{total} smokes, fires, flashes and explosions",
    }[window.kind]
    parts = [f"{what}, in {recordings}."]
    if found.left:
        parts.append(f"{found.left} more are being counted.")
    if found.unasked:
        parts.append(f"Only the newest {selectors.MOST} are counted: {found.unasked} more fit.")
    return " ".join(parts)


def _time(seconds: float) -> str:
    return _many(round(seconds / 60), "minute") if seconds >= 60 else _many(max(round(seconds), 1), "second")


def _many(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
