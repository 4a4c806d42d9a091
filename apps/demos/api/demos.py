"""Recordings: list, search, one, its rounds and players; describe, delete."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import ProtectedError, QuerySet
from django.http import Http404, HttpRequest
from ninja import Query, Router
from ninja.errors import HttpError

from apps.core.views import person
from apps.demos.api.schemas import (
    Changes,
    DemoDetail,
    DemoPage,
    DemoRow,
    Filters,
    Found,
    Page,
    PlayerOut,
    Problem,
    RoundOut,
    Words,
)
from apps.demos.models import Demo, Player, Round
from apps.demos.selectors import facets, library
from apps.demos.selectors.library import Search
from apps.demos.selectors.recordings import may_delete
from apps.demos.services import describing, removing

router = Router(tags=["Recordings"])
GONE = "There is no such recording. It was deleted, or could not be imported: its job says why."
PROBLEMS = {401: Problem, 403: Problem, 404: Problem, 422: Problem}


def demo_or_404(demo_id: int) -> Demo:
    """One recording with what its description needs.

    Raises:
        Http404: it is not here.
    """
    rows = Demo.objects.select_related("event", "uploaded_by", "job").prefetch_related("teams__team", "tags")
    demo = rows.filter(pk=demo_id).first() if 0 < demo_id < 2**63 else None
    if demo is None:
        raise Http404(GONE)
    return demo


@router.get("/demos", response={200: DemoPage, 422: Problem}, url_name="demos")
def demos(request: HttpRequest, filters: Query[Filters], page: Query[Page]) -> dict[str, Any]:
    """Recordings that fit, newest first unless sorted otherwise."""
    search = filters.search()
    count = library.matching(search).count()
    rows = [DemoRow.of(demo) for demo in library.library(search)[page.offset : page.offset + page.limit]]
    end = page.offset + len(rows)
    return {"count": count, "next_offset": end if rows and end < count else None, "items": rows}


@router.get("/search", response={200: Found, 422: Problem}, url_name="search")
def search(request: HttpRequest, words: Query[Words]) -> dict[str, Any]:
    """Recordings with every word, and names of players, teams and events that contain the text."""
    return {
        "demos": [DemoRow.of(demo) for demo in library.library(Search(q=words.q))[:20]],
        **{f"{kind}s": facets.suggestions(kind, words.q) for kind in ("player", "team", "event")},
    }


@router.get("/demos/{int:demo_id}", response={200: DemoDetail, **PROBLEMS}, url_name="demo")
def demo(request: HttpRequest, demo_id: int) -> dict[str, Any]:
    """All about one recording."""
    return DemoDetail.of(demo_or_404(demo_id))


@router.patch("/demos/{int:demo_id}", response={200: DemoDetail, **PROBLEMS}, url_name="demo-change")
def change(request: HttpRequest, demo_id: int, changes: Changes) -> dict[str, Any]:
    """Change tags (they replace those before), notes, event, teams or the date.

    An unknown field, or a body that is no object, is refused, and nothing is changed.
    """
    sent = changes.dict(exclude_unset=True)
    plain = {name: "" if value is None and name != "played_at" else value for name, value in sent.items()}
    describing.change(demo_or_404(demo_id), {**plain, **({"tags": plain["tags"] or []} if "tags" in plain else {})})
    return DemoDetail.of(demo_or_404(demo_id))


@router.delete("/demos/{int:demo_id}", response={204: None, 409: Problem, **PROBLEMS}, url_name="demo-delete")
def delete(request: HttpRequest, demo_id: int) -> tuple[int, None]:
    """Delete a recording and everything read from it. Only who uploaded it, or an admin."""
    row = _own(request, demo_id)
    try:
        removing.withdraw(row)
    except ProtectedError:
        raise HttpError(409, "Captures were planned from this recording and need it. Nothing was deleted.") from None
    return 204, None


@router.delete(
    "/demos/{int:demo_id}/recording", response={204: None, 409: Problem, **PROBLEMS}, url_name="recording-delete"
)
def delete_recording(request: HttpRequest, demo_id: int) -> tuple[int, None]:
    """Delete the file and keep the data. Uploading the same content again brings the file back."""
    row = _own(request, demo_id)
    if not removing.remove_recording(row) and Demo.objects.filter(pk=row.pk).exclude(recording="").exists():
        raise HttpError(409, "It is being imported, so its file is still needed. Nothing was deleted.")
    return 204, None


@router.get("/demos/{int:demo_id}/rounds", response={200: list[RoundOut], **PROBLEMS}, url_name="rounds")
def rounds(request: HttpRequest, demo_id: int) -> "QuerySet[Round]":
    """Every stretch that looks like a round, in order; `not_counted` says why one has no number."""
    return demo_or_404(demo_id).rounds.all()


@router.get("/demos/{int:demo_id}/players", response={200: list[PlayerOut], **PROBLEMS}, url_name="players")
def players(request: HttpRequest, demo_id: int) -> "QuerySet[Player]":
    """Who played, with their statistics over the rounds that count."""
    return demo_or_404(demo_id).players.all()


def _own(request: HttpRequest, demo_id: int) -> Demo:
    row = demo_or_404(demo_id)
    if not may_delete(person(request), row):
        raise PermissionDenied("Only the person who uploaded a recording, or an admin, may delete it.")
    return row
