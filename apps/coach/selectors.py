"""Reads of analyses, of what people corrected in them, and of the models they may ask."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.urls import reverse

from apps.captures.selectors.queues import Queue
from apps.coach.advice.partial import partial_answer
from apps.coach.crosscheck import marks
from apps.coach.inference_health import keeper
from apps.coach.inference_servers import servers
from apps.coach.model_notes import note
from apps.coach.models import Analysis, Correction, CorrectionStatus
from apps.core.models import User

HISTORY = 12


@dataclass(frozen=True)
class Alias:
    """One model a page may offer, and whether it answers."""

    alias: str
    label: str
    kind: str  # "embedded", "base" or "lora"
    max_frames: int
    up: bool | None  # None: nobody has asked it yet
    sentence: str
    since: datetime | None  # of this state
    note: str  # what people should know of it before they rely on it


@dataclass(frozen=True)
class AcceptedFrame:
    """What a frame really shows, said by its person and accepted by a reviewer; of other fields nothing is known."""

    image: str  # name in core.storage; JPEG
    sha256: str
    size: tuple[int, int]  # pixels
    values: dict[str, Any]  # field of answer.schema.json → game_state → what the frame shows
    said: dict[str, Any]  # what the model had said of the same fields
    model: str
    context: str


@dataclass(frozen=True)
class Question:
    """What is to be asked."""

    images: tuple[str, ...]  # names in core.storage, oldest first
    context: str
    alias: str


def own(user: User) -> QuerySet[Analysis]:
    return Analysis.objects.filter(user=user)


def own_analysis(user: User, analysis_id: UUID) -> Analysis:
    """One of ``user``'s analyses.

    Raises:
        Analysis.DoesNotExist: there is none, or it is another person's.
    """
    return own(user).get(pk=analysis_id)


def questions(user: User, ids: Iterable[UUID]) -> dict[UUID, Question]:
    """Those of ``ids`` that are ``user``'s own."""
    rows = own(user).filter(pk__in=ids).values_list("pk", "context", "alias", "frames__image")
    found: dict[UUID, Question] = {}
    for pk, context, alias, image in rows.order_by("pk", "frames__position"):
        before = found[pk].images if pk in found else ()
        found[pk] = Question((*before, *filter(None, [image])), context, alias)
    return found


def readable(user: User) -> QuerySet[Analysis]:
    """One's own questions, and those that others share; a question is private until its person shares it."""
    return Analysis.objects.filter(Q(user=user) | Q(shared=True))


def readable_analysis(user: User, analysis_id: UUID) -> Analysis:
    """One that ``user`` asked or that is shared. Raises ``Analysis.DoesNotExist``."""
    return readable(user).select_related("user").get(pk=analysis_id)


def other_of_pair(analysis: Analysis) -> Analysis | None:
    """The other answer of the same comparison."""
    if analysis.pair is None:
        return None
    return Analysis.objects.filter(pair=analysis.pair, user=analysis.user).exclude(pk=analysis.pk).first()


def compared(analysis: Analysis) -> list[Analysis]:
    """The answers of one comparison in the order they were asked for; one alone without."""
    other = other_of_pair(analysis)
    return sorted([analysis, other], key=lambda row: row.created_at) if other else [analysis]


def state(analysis: Analysis) -> dict[str, Any]:
    """What a page needs to show an analysis again after its socket was away."""
    return {
        "id": str(analysis.pk),
        "status": analysis.status,
        "text": analysis.raw_text,
        "answer": analysis.answer if analysis.is_over else partial_answer(analysis.raw_text),
        "problems": analysis.problems,
        "error": analysis.error,
        "alias": analysis.alias,
        "answered_by": analysis.answered_by,
        "model": analysis.model_name,
        "first_token_ms": analysis.first_token_ms,
        "total_ms": analysis.total_ms,
        "tokens": analysis.tokens,
        "reader": marks(analysis.answer, analysis.reading) if analysis.is_over else {},
        "pair": str(analysis.pair) if analysis.pair else None,
        "rating": analysis.rating,
        "shared": analysis.shared,
    }


def aliases() -> list[Alias]:
    """Every model people may ask, the preferred one first, with what is known of its health; never waits."""
    found = []
    for server in servers():
        health = keeper.of(server)
        found.append(
            Alias(
                server.alias,
                server.label,
                server.kind,
                server.max_frames,
                health.up,
                health.sentence,
                health.since,
                note(server),
            )
        )
    return found


def corrections(analysis: Analysis) -> dict[str, Correction]:
    """By field."""
    return {row.field: row for row in analysis.corrections.select_related("by", "decided_by")}


def open_corrections() -> QuerySet[Correction]:
    """What waits for a reviewer, the oldest first."""
    waiting = Correction.objects.filter(status=CorrectionStatus.OPEN)
    return waiting.select_related("analysis", "by").prefetch_related("analysis__frames")


def corrections_queue() -> Queue:
    """The corrections among the queues of reviewers."""
    return Queue("Corrections of the coach", reverse("coach:corrections"), open_corrections().count())


def accepted_frames() -> Iterator[AcceptedFrame]:
    """What training may learn, frame by frame, the oldest question first; those whose frame is still there."""
    accepted = Prefetch(
        "corrections", Correction.objects.filter(status=CorrectionStatus.ACCEPTED), to_attr="accepted_ones"
    )
    rows = Analysis.objects.filter(corrections__status=CorrectionStatus.ACCEPTED).distinct().order_by("created_at")
    for row in rows.prefetch_related("frames", accepted).iterator(chunk_size=200):
        frame = row.newest_frame
        if frame is None or not frame.image:
            continue
        values = {one.field.removeprefix("game_state."): one.value for one in row.accepted_ones}
        state = row.answer.get("game_state") if isinstance(row.answer, dict) else None
        said = {name: state[name] for name in values if name in state} if isinstance(state, dict) else {}
        size = frame.width, frame.height
        yield AcceptedFrame(frame.image, frame.sha256, size, values, said, row.model_name, row.context)
