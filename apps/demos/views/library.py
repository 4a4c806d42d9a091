"""The library: all recordings, found by words and filters, alone or in groups."""

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_GET

from apps.core.roles import Role, role_required
from apps.core.selectors import may_steer
from apps.core.views import person
from apps.demos.forms import search_of
from apps.demos.models import Demo
from apps.demos.selectors import facets, uploads
from apps.demos.selectors import library as selectors

PER_PAGE = 50
STOP_ASKING = 286  # htmx's word to an element that asks every few seconds: what it shows was deleted


@require_GET
@role_required(Role.VIEWER)
def library(request: HttpRequest) -> HttpResponse:
    """All recordings and the imports under way; asked for by htmx, only those two."""
    user, search, by = person(request), search_of(request.GET), request.GET.get("group", "")
    if by in facets.GROUPS:
        context: dict[str, Any] = {"group": by, "groups": facets.groups(search, by)}
    else:
        context = {"demos": Paginator(selectors.library(search), PER_PAGE).get_page(request.GET.get("page"))}
        context["page"] = context["demos"]
    if request.headers.get("HX-Target", "").startswith("group-"):
        return render(request, "demos/library_rows.html", context)
    context |= {
        "search": search,
        "imports": [] if search.active else [(job, may_steer(user, job)) for job in selectors.current_imports()],
        "not_imported": [] if search.active else uploads.not_imported(user),
        "chips": [(chip, _without(request.GET, chip.name)) for chip in facets.chips(search)],
        "kept": _kept(request.GET),
        "heat_query": f"?{urlencode(search.active)}" if search.active else "",
    }
    if request.headers.get("HX-Request"):
        return render(request, "demos/library_list.html", {**context, "again": True})
    context |= {"facets": facets.facets(), "states": selectors.STATES, "sorts": selectors.SORTS}
    return render(request, "demos/library.html", {**context, "group_choices": facets.GROUPS})


@require_GET
@role_required(Role.VIEWER)
def suggest(request: HttpRequest) -> HttpResponse:
    """Names that somebody may be about to type into a filter or the description."""
    kind = request.GET.get("kind", "")
    typed = next((request.GET[name] for name in (kind, "tags", "team0", "team1", "value") if request.GET.get(name)), "")
    before, _, text = typed[:2000].rpartition(",") if kind == "tag" else ("", "", typed)
    if kind not in ("player", "team", "event", "tag"):
        return JsonResponse({"error": "Suggestions are there for player, team, event and tag."}, status=400)
    names = facets.suggestions(kind, text.strip()[:100]) if text.strip() else []
    return render(
        request, "demos/library_options.html", {"names": [f"{before}, {name}" if before else name for name in names]}
    )


@require_GET
@role_required(Role.VIEWER)
def row_state(request: HttpRequest, demo_id: int) -> HttpResponse:
    """How far the import of one recording is, as the list shows it."""
    demo = Demo.objects.select_related("job").filter(pk=demo_id).first()
    if demo is None:
        return HttpResponse(status=STOP_ASKING)
    return render(request, "demos/library_state.html", {"demo": demo})


def _without(query: QueryDict, *names: str) -> str:
    rest = query.copy()
    for name in (*names, "page"):
        rest.pop(name, None)
    return f"?{rest.urlencode()}"


def _kept(query: QueryDict) -> str:
    """What a link to another page of the list must carry on: everything but the page, ready to be appended to."""
    rest = _without(query)
    return f"{rest}&" if len(rest) > 1 else rest
