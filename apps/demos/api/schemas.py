"""What the API says of recordings, and what it takes."""

from datetime import date, datetime
from typing import Any, Literal

from django.urls import reverse
from ninja import Schema
from pydantic import Field

from apps.demos.models import Demo
from apps.demos.selectors.library import Search

MAX_PAGE = 200


class Problem(Schema):
    error: str


class Body(Schema, extra="forbid"):
    """A JSON object that holds nothing but these fields: a misspelt name is refused, not overlooked."""


class Filters(Schema):
    """All must hold. ``team`` or ``event`` 0 asks for recordings without one."""

    q: str = Field("", max_length=200, description="words, each of which must occur")
    map: str = Field("", max_length=100, examples=["de_mirage"])
    team: int | None = Field(None, ge=0, le=2**53)
    player: str = Field("", max_length=150, description="a Steam ID, or part of a name")
    event: int | None = Field(None, ge=0, le=2**53)
    platform: str = Field("", max_length=30, examples=["faceit"])
    source: Literal["", "upload", "api", "command", "folder", "sample"] = ""
    tag: str = Field("", max_length=50)
    since: date | None = Field(None, description="played then or later; uploaded, where that is not known")
    until: date | None = None
    state: Literal["", "ready", "importing", "stopped", "warnings", "deleted"] = ""
    sort: Literal["", "uploaded", "played", "name", "map", "rounds", "size"] = ""

    def search(self) -> Search:
        return Search(**self.dict())


class Page(Schema):
    limit: int = Field(50, ge=1, le=MAX_PAGE)
    offset: int = Field(0, ge=0, le=10**9)


class Words(Schema):
    q: str = Field(min_length=1, max_length=200)


class Window(Schema):
    """Some rows of a table: between two ticks, both inclusive."""

    start_tick: int | None = Field(None, ge=-(2**31), lt=2**31)
    end_tick: int | None = Field(None, ge=-(2**31), lt=2**31)
    columns: str = Field("", max_length=2000, description="names, parted by commas; all where none is named")
    limit: int = Field(1000, ge=1, le=10_000)
    offset: int = Field(0, ge=0, le=10**9)


class JobFilter(Schema):
    status: Literal["", "queued", "running", "succeeded", "failed", "errored", "cancelled"] = ""
    limit: int = Field(50, ge=1, le=200)


class TeamOut(Schema):
    roster: int
    name: str
    team: int | None
    score: int


class Named(Schema):
    id: int
    name: str


class DemoRow(Schema):
    id: int
    sha256: str
    name: str
    size: int
    status: str
    source: str
    platform: str
    map: str
    event: Named | None
    teams: list[TeamOut]
    played_at: datetime | None
    uploaded_at: datetime
    uploaded_by: str | None
    rounds: int
    partial_rounds: int
    uncounted_rounds: int
    players: int
    tags: list[str]
    warnings: list[str]
    has_recording: bool
    job: str | None

    @staticmethod
    def of(demo: Demo) -> dict[str, Any]:
        """The row of a recording with its teams, tags, event and uploader fetched."""
        return {
            "id": demo.pk,
            "sha256": demo.sha256,
            "name": demo.original_name,
            "size": demo.size,
            "status": demo.status,
            "source": demo.source,
            "platform": demo.platform,
            "map": demo.map_name,
            "event": {"id": demo.event.pk, "name": demo.event.name} if demo.event else None,
            "teams": [
                {"roster": row.roster, "name": row.team.name if row.team else row.clan_name, "team": row.team_id}
                | {"score": row.score}
                for row in demo.teams.all()
            ],
            "played_at": demo.played_at,
            "uploaded_at": demo.uploaded_at,
            "uploaded_by": demo.uploaded_by.get_username() if demo.uploaded_by else None,
            "rounds": demo.round_count,
            "partial_rounds": demo.partial_count,
            "uncounted_rounds": demo.uncounted_count,
            "players": demo.player_count,
            "tags": [tag.name for tag in demo.tags.all()],
            "warnings": demo.warnings,
            "has_recording": bool(demo.recording),
            "job": str(demo.job_id) if demo.job_id else None,
        }


class DemoPage(Schema):
    count: int
    next_offset: int | None
    items: list[DemoRow]


class DemoDetail(DemoRow):
    notes: str
    server_name: str
    recorded_by: str
    build_number: int | None
    tick_rate: float
    first_tick: int
    last_tick: int
    missing_after_tick: int | None
    has_positions: bool
    links: dict[str, str]

    @staticmethod
    def of(demo: Demo) -> dict[str, Any]:
        own = (
            "notes server_name recorded_by build_number tick_rate first_tick last_tick missing_after_tick has_positions"
        )
        return {
            **DemoRow.of(demo),
            **{name: getattr(demo, name) for name in own.split()},
            "links": {"page": demo.get_absolute_url(), **links(demo)},
        }


def links(demo: Demo) -> dict[str, str]:
    """Where the rest of a recording is."""
    names = {name: f"api:{name}" for name in ("rounds", "players", "tables", "exports")}
    names["decisions"] = "api:round-decisions"
    return {name: reverse(address, args=[demo.pk]) for name, address in names.items()}


class Changes(Body):
    """Only what is sent is changed; an empty name takes the event or team away."""

    tags: list[str] | None = Field(None, max_length=30)
    notes: str | None = None
    event: str | None = None
    team0: str | None = Field(None, description="team of the roster that began as counter-terrorists")
    team1: str | None = None
    played_at: datetime | None = None


class RoundOut(Schema):
    ordinal: int
    number: int | None
    not_counted: str
    start_tick: int
    freeze_end_tick: int | None
    end_tick: int
    official_end_tick: int | None
    is_partial: bool
    overtime: int
    winner_side: str
    winner_roster: int | None
    ct_roster: int | None
    end_reason: str
    score_ct: int
    score_t: int
    plant_tick: int | None
    bomb_site: str
    buy_ct: str
    buy_t: str
    equipment_ct: int | None
    equipment_t: int | None
    money_ct: int | None
    money_t: int | None


class PlayerOut(Schema):
    slot: int
    steamid: str
    name: str
    is_bot: bool
    first_side: str
    roster: int | None
    statistics: dict[str, Any]

    @staticmethod
    def resolve_steamid(row: Any) -> str:
        return str(row.steamid)  # beyond what JavaScript counts


class Found(Schema):
    """What a search finds of each kind; at most 20 each."""

    demos: list[DemoRow]
    players: list[str]
    teams: list[str]
    events: list[str]
