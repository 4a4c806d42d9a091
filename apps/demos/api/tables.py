"""What was read out of a recording tick by tick: tables, packs of rounds, exports."""

from typing import Any, Literal

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from ninja import Query, Router, Schema
from ninja.errors import HttpError

from apps.demos.api.demos import PROBLEMS, demo_or_404
from apps.demos.api.schemas import Window
from apps.demos.exports.formats import FORMATS
from apps.demos.models import Round
from apps.demos.selectors import packs, tables
from apps.demos.selectors.recordings import replayable
from apps.demos.views import exports as downloads

router = Router(tags=["Data"])
Table = Literal[
    "kills", "damages", "shots", "bomb", "grenades", "blinds", "smokes", "fires", "item_events",
    "player_rounds", "player_states", "rules",
]  # fmt: skip


class Rows(Schema):
    rows: list[dict[str, Any]]
    next_offset: int | None


@router.get("/demos/{int:demo_id}/tables", response={200: list[str], **PROBLEMS}, url_name="tables")
def names(request: HttpRequest, demo_id: int) -> list[str]:
    """The tables this recording has."""
    return tables.stored(demo_or_404(demo_id))


@router.get("/demos/{int:demo_id}/tables/{name}", response={200: Rows, **PROBLEMS}, url_name="table")
def table(request: HttpRequest, demo_id: int, name: Table, window: Query[Window]) -> dict[str, Any]:
    """Rows of a table between two ticks, both inclusive. Steam IDs are text."""
    wanted = [column.strip() for column in window.columns.split(",") if column.strip()]
    try:
        found = tables.part(
            demo_or_404(demo_id),
            name,
            start_tick=window.start_tick,
            end_tick=window.end_tick,
            columns=wanted,
            limit=window.limit,
            offset=window.offset,
        )
    except KeyError as error:
        raise HttpError(422, str(error.args[0])) from None
    if found is None:
        raise Http404(f"This recording has no table “{name}”; its warnings say why, or its import is not over.")
    rows, more = found
    return {"rows": rows, "next_offset": window.offset + len(rows) if more else None}


@router.get("/demos/{int:demo_id}/rounds/{int:ordinal}/pack", response={200: Any, **PROBLEMS}, url_name="round-pack")
def pack(request: HttpRequest, demo_id: int, ordinal: int) -> HttpResponse:
    """What the viewer draws of a stretch (see the project's `parsing/pack.py`), by its place in the recording."""
    row = get_object_or_404(
        Round.objects.select_related("demo"), demo=demo_or_404(demo_id), ordinal=min(ordinal, 2**31)
    )
    if not replayable(row.demo):
        raise Http404("The positions of this recording could not be decoded.")
    data, headers = packs.stretch(row), {}
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        headers = {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    else:
        data = packs.unpacked(data)
    return HttpResponse(data, content_type="application/json", headers=headers)


@router.get("/demos/{int:demo_id}/exports", response={200: dict[str, str], **PROBLEMS}, url_name="exports")
def exports(request: HttpRequest, demo_id: int) -> dict[str, str]:
    """Where whole exports of this recording are downloaded, by format."""
    demo = demo_or_404(demo_id)
    return {kind: reverse("api:export", args=[demo.pk, kind]) for kind in FORMATS}


@router.get("/demos/{int:demo_id}/exports/{kind}", response={200: Any, **PROBLEMS}, url_name="export")
def export(request: HttpRequest, demo_id: int, kind: Literal["json", "csv", "parquet", "viewer"]) -> HttpResponseBase:
    """Download a whole recording's data in one file."""
    return downloads.export(request, demo_id=demo_id, kind=kind)
