"""What the library can be filtered and grouped by, and how many recordings each choice has."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, QuerySet

from apps.demos.models import Demo, DemoSource, DemoTeam, Event, Player, Tag, Team
from apps.demos.parsing.naming import PLATFORMS
from apps.demos.selectors.library import STATES, Search, matching, one

GROUPS = {"event": "Event", "team": "Team", "player": "Player", "map": "Map"}
LABELS = {
    "q": "Words",
    "map": "Map",
    "team": "Team",
    "player": "Player",
    "event": "Event",
    "platform": "Platform",
    "source": "Came by",
    "tag": "Tag",
    "since": "From",
    "until": "To",
    "state": "State",
}


@dataclass(frozen=True)
class Choice:
    value: str
    label: str
    count: int


@dataclass(frozen=True)
class Facets:
    """The choices of each filter, by number of recordings or by name."""

    map: list[Choice]
    team: list[Choice]
    event: list[Choice]
    platform: list[Choice]
    source: list[Choice]
    tag: list[Choice]


@dataclass(frozen=True)
class Chip:
    """A filter in force: ``count`` recordings fit it alone."""

    name: str
    label: str
    value: str
    count: int


@dataclass(frozen=True)
class Group:
    """Recordings that belong together, ``count`` of those searched for."""

    value: str  # of the filter that shows them
    label: str
    count: int
    latest: object  # datetime of the newest upload, or None


def facets() -> Facets:
    """All choices, each with its number of recordings; one grouping query each."""
    teams = _counted(DemoTeam.objects.exclude(team=None), "team_id", "demo_id")
    events = _counted(Demo.objects.exclude(event=None), "event_id")
    tags = _counted(Demo.tags.through.objects.all(), "tag_id")
    return Facets(
        map=_choices(_counted(Demo.objects.exclude(map_name=""), "map_name"), {}),
        team=_choices(teams, dict(Team.objects.values_list("pk", "name"))),
        event=_choices(events, dict(Event.objects.values_list("pk", "name"))),
        platform=_choices(_counted(Demo.objects.exclude(platform=""), "platform"), PLATFORMS),
        source=_choices(_counted(Demo.objects.all(), "source"), dict(DemoSource.choices)),
        tag=[Choice(c.label, c.label, c.count) for c in _choices(tags, dict(Tag.objects.values_list("pk", "name")))],
    )


def _counted(rows: QuerySet[Any], column: str, recording: str = "") -> dict[Any, int]:
    """Rows by column; ``recording``: the column to count instead, where one may have several rows."""
    count = Count(recording, distinct=True) if recording else Count("*")
    return dict(rows.order_by().values_list(column).annotate(n=count))


def _choices(counts: dict[Any, int], labels: Mapping[Any, str]) -> list[Choice]:
    found = [Choice(str(value), str(labels.get(value, value)), count) for value, count in counts.items()]
    return sorted(found, key=lambda choice: choice.label.casefold())


def chips(search: Search) -> list[Chip]:
    """The filters in force; one query counts each of them alone, one more where a team or event has to be named."""
    active = search.active
    if not active:
        return []
    counts = Demo.objects.order_by().aggregate(
        **{f"n_{name}": Count("pk", filter=one(name, value)) for name, value in active.items()}
    )
    return [Chip(name, LABELS[name], _shown(name, value), counts[f"n_{name}"]) for name, value in active.items()]


def described(search: Search) -> str:
    """The filters in force as one phrase: "map de_mirage, team FaZe"; empty where there is none."""
    return ", ".join(f"{LABELS[name].lower()} {_shown(name, value)}" for name, value in search.active.items())


def _shown(name: str, value: Any) -> str:
    match name:
        case "team" | "event" if not value:
            return "none"
        case "team":
            return _name(Team.objects.filter(pk=value).values_list("name", flat=True))
        case "event":
            return _name(Event.objects.filter(pk=value).values_list("name", flat=True))
        case "platform":
            return PLATFORMS.get(str(value), str(value))
        case "source":
            return str(dict(DemoSource.choices).get(str(value), value))
        case "state":
            return STATES[str(value)]
        case "since" | "until":
            return f"{value:%-d %b %Y}"
        case _:
            return str(value)


def _name(names: Iterable[str]) -> str:
    return next(iter(names), "(gone)")


def groups(search: Search, by: str) -> list[Group]:
    """The recordings searched for by event, team, player or map, the largest group first; of players the first 200."""
    found = matching(search)
    names: dict[Any, str] = {}
    match by:
        case "map":
            rows = _grouped(found.exclude(map_name=""), "map_name", "uploaded_at")
        case "event":
            rows = _grouped(found, "event_id", "uploaded_at")
            names = {None: "No event", **dict(Event.objects.values_list("pk", "name"))}
        case "team":
            rows = _grouped(_of(DemoTeam.objects.all(), found, search), "team_id", "demo__uploaded_at", "demo_id")
            names = {None: "No team named", **dict(Team.objects.values_list("pk", "name"))}
        case _:
            people = _of(Player.objects.filter(steamid__gt=0), found, search).order_by().values_list("steamid")
            counted = people.annotate(n=Count("demo_id", distinct=True)).order_by("-n", "steamid")[:200]
            rows = [(steamid, n, None) for steamid, n in counted]
            found_names = player_names([steamid for steamid, _, _ in rows])
            names = {steamid: name.strip() or f"No name ({steamid})" for steamid, name in found_names.items()}
    groups = [Group("0" if value is None else str(value), names.get(value, str(value)), n, at) for value, n, at in rows]
    return sorted(groups, key=lambda group: (group.value == "0", -group.count, group.label.casefold()))


def player_names(steamids: list[int]) -> dict[int, str]:
    """The name each of these players had in their newest recording."""
    return dict(Player.objects.filter(steamid__in=steamids).order_by("demo_id").values_list("steamid", "name"))


def _of(rows: QuerySet[Any], found: QuerySet[Demo], search: Search) -> QuerySet[Any]:
    return rows.filter(demo__in=found.values("pk")) if search.active else rows


def _grouped(rows: QuerySet[Any], column: str, moment: str, recording: str = "pk") -> list[tuple[Any, int, Any]]:
    # A recording has two teams, and may have a player twice, yet is one recording.
    return list(rows.order_by().values_list(column).annotate(n=Count(recording, distinct=True), at=Max(moment)))


def suggestions(kind: str, text: str) -> list[str]:
    """What a person may be about to type: names of players, teams, events or tags that contain ``text``; at most 12."""
    model, column = {
        "player": (Player, "name"),
        "team": (Team, "name"),
        "event": (Event, "name"),
        "tag": (Tag, "name"),
    }[kind]
    found = model._default_manager.filter(**{f"{column}__icontains": text}).order_by(column)
    return list(found.values_list(column, flat=True).distinct()[:12])
