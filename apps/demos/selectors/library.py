"""Reads for the library: the recordings, found by words and filters, and the imports under way."""

from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from apps.core.models import UNDER_WAY, Job, JobStatus, User
from apps.demos.models import Demo, DemoStatus, DemoTeam, Player

IMPORT_JOB = "apps.demos.jobs.importing.import_demo"
SAMPLE_JOB = "apps.demos.jobs.samples.make_sample"
STATES = {
    "ready": "Ready",
    "importing": "Importing",
    "stopped": "Import stopped",
    "warnings": "With warnings",
    "deleted": "Recording deleted",
}
SORTS: dict[str, tuple[str, tuple[Any, ...]]] = {
    "": ("Newest upload", ("-uploaded_at", "-pk")),
    "uploaded": ("Oldest upload", ("uploaded_at", "pk")),
    "played": ("Last played", (F("played_at").desc(nulls_last=True), "-uploaded_at", "-pk")),
    "name": ("Name", ("original_name", "pk")),
    "map": ("Map", ("map_name", "-uploaded_at", "-pk")),
    "rounds": ("Most rounds", ("-round_count", "-pk")),
    "size": ("Largest", ("-size", "-pk")),
}
STOPPED = (JobStatus.FAILED, JobStatus.ERRORED, JobStatus.CANCELLED, JobStatus.SUCCEEDED)


@dataclass(frozen=True)
class Search:
    """What a person looks for; every field that is set must hold."""

    q: str = ""  # words, each of which must occur
    map: str = ""
    team: int | None = None
    player: str = ""  # a steamid, or part of a name
    event: int | None = None
    platform: str = ""
    source: str = ""
    tag: str = ""
    since: date | None = None  # played then or later; uploaded, where that is not known
    until: date | None = None
    state: str = ""  # a key of STATES
    sort: str = ""  # a key of SORTS

    @property
    def active(self) -> dict[str, Any]:
        """The fields that narrow the list; team or event 0 asks for those without one."""
        found = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "sort"}
        return {name: value for name, value in found.items() if value not in ("", None)}


def library(search: Search | None = None) -> QuerySet[Demo]:
    """The recordings that fit, newest first unless sorted otherwise; what the list shows of each comes along."""
    search = search or Search()
    rows = matching(search).select_related("uploaded_by", "job", "event").prefetch_related("teams__team", "tags")
    return rows.defer("search_text", "notes").order_by(*SORTS[search.sort][1])


def matching(search: Search) -> QuerySet[Demo]:
    """The recordings that fit, in no order."""
    return Demo.objects.filter(condition(search)).order_by()


def condition(search: Search) -> Q:
    """All that ``search`` asks for, without a join: each recording is one row."""
    return Q(*(one(name, value) for name, value in search.active.items()))


def one(name: str, value: Any) -> Q:
    """One of the things a person may ask for, see :class:`Search`."""
    match name:
        case "q":
            return Q(*(_word(word) for word in str(value).lower().split()[:20]))
        case "map":
            return Q(map_name=value)
        case "team":
            teams = DemoTeam.objects.filter(team_id=value) if value else DemoTeam.objects.filter(team=None)
            return Q(pk__in=teams.values("demo_id"))
        case "event":
            return Q(event_id=value or None)
        case "player":
            return _player(str(value))
        case "tag":
            return Q(pk__in=Demo.tags.through.objects.filter(tag__name=str(value).lower()).values("demo_id"))
        case "since":
            return _dated("gte", _midnight(value))
        case "until":
            return _dated("lte", datetime.combine(value, time.max, tzinfo=UTC))
        case "state":
            return _state(str(value))
        case _:  # platform, source
            return Q(**{name: value})


def _word(word: str) -> Q:
    # A recording that is not yet imported has only its name.
    return Q(search_text__contains=word) | Q(search_text="", original_name__icontains=word)


def _player(text: str) -> Q:
    if text.isascii() and text.isdigit() and 15 <= len(text) <= 19 and int(text) < 2**63:
        return Q(pk__in=Player.objects.filter(steamid=int(text)).values("demo_id"))
    # The search text has every name: it leaves few recordings whose players must be looked at.
    named = Player.objects.filter(demo=OuterRef("pk"), name__icontains=text)
    return Q(search_text__contains=text.lower()) & Q(Exists(named))


def _dated(lookup: str, moment: datetime) -> Q:
    return Q(**{f"played_at__{lookup}": moment}) | Q(played_at=None, **{f"uploaded_at__{lookup}": moment})


def _midnight(value: date) -> datetime:
    return datetime.combine(value, time(), tzinfo=UTC)


def _state(word: str) -> Q:
    unread = ~Q(status=DemoStatus.READY)
    at_rest = Q(job=None) | Q(job__status__in=STOPPED)
    return {
        "ready": Q(status=DemoStatus.READY),
        "importing": unread & ~at_rest,
        "stopped": unread & at_rest,
        "warnings": ~Q(warnings=[]),
        "deleted": Q(recording_deleted_at__isnull=False),
    }[word]


def current_imports() -> list[Job]:
    """Imports a person wants to see above the list: waiting and running, but for those of recordings just deleted."""
    jobs = Job.objects.filter(function__in=[IMPORT_JOB, SAMPLE_JOB]).select_related("created_by")
    of_nothing = Q(function=IMPORT_JOB, cancel_requested=True, demos=None)
    return list(jobs.filter(status__in=UNDER_WAY).exclude(of_nothing)[:8])


def samples_under_way(user: User) -> QuerySet[Job]:
    """Sample matches of this person that wait or are being made."""
    return Job.objects.filter(function=SAMPLE_JOB, created_by=user, status__in=UNDER_WAY)


def sample_of(job: Job) -> Demo | None:
    """The recording a sample job made, once it is there."""
    return Demo.objects.filter(job=job).first()
