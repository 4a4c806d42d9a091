"""A player, a team, an event: their recordings, and how they did over all of them."""

from collections.abc import Mapping

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from apps.core.roles import Role, role_required
from apps.demos.models import Demo, Event, Team
from apps.demos.parsing.stats import totals
from apps.demos.selectors import library, people
from apps.demos.selectors.library import Search

AT_MOST = 1000  # recordings that a record or a sum looks at: the newest


@require_GET
@role_required(Role.VIEWER)
def player(request: HttpRequest, steamid: int) -> HttpResponse:
    """A player by Steam ID: names, statistics over all recordings, record by map, the recordings."""
    rows = list(people.player_rows(steamid)[:AT_MOST]) if 0 < steamid < 2**63 else []
    if not rows:
        raise Http404("Nobody with this Steam ID plays in a recording here.")
    sides = {row.demo_id: row.roster for row in rows if row.roster is not None}
    context = {
        "title": rows[0].name or str(steamid),
        "steamid": steamid,
        "names": list(dict.fromkeys(row.name for row in rows if row.name))[1:6],
        "figures": totals.figures(totals.added(row.statistics for row in rows)),
        "records": people.records(_with_teams(sides), sides),
        "filter": f"player={steamid}",
    }
    return _page(request, Search(player=str(steamid)), context)


@require_GET
@role_required(Role.VIEWER)
def team(request: HttpRequest, team_id: int) -> HttpResponse:
    """A team: its record by map and its recordings."""
    row = get_object_or_404(Team, pk=team_id)
    sides = people.team_sides(row)
    context = {"title": row.name, "records": people.records(_with_teams(sides), sides), "filter": f"team={row.pk}"}
    return _page(request, Search(team=row.pk), context)


@require_GET
@role_required(Role.VIEWER)
def event(request: HttpRequest, event_id: int) -> HttpResponse:
    """An event and its recordings."""
    row = get_object_or_404(Event, pk=event_id)
    return _page(request, Search(event=row.pk), {"title": row.name, "filter": f"event={row.pk}"})


def _with_teams(sides: dict[int, int]) -> list[Demo]:
    numbers = sorted(sides, reverse=True)[:AT_MOST]
    return list(Demo.objects.filter(pk__in=numbers).only("pk", "map_name").prefetch_related("teams"))


def _page(request: HttpRequest, search: Search, context: Mapping[str, object]) -> HttpResponse:
    demos = Paginator(library.library(search), 50).get_page(request.GET.get("page"))
    return render(request, "demos/library_person.html", {**context, "demos": demos, "page": demos, "kept": "?"})
