"""Every change of a frame's review state: decide and undo, each only on the version the person has seen."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from apps.captures.models import Decision, Review, Screenshot
from apps.core.models import User


class Stale(Exception):
    """Somebody else was there first; nothing was changed. The message says who did what."""


def _move(screenshot_id: int, seen_version: int, to: str) -> bool:
    """Set the decision and the next version where the frame still has the version that was seen."""
    rows = Screenshot.objects.filter(pk=screenshot_id, version=seen_version)
    return bool(rows.update(decision=to, version=F("version") + 1))


@transaction.atomic
def decide(screenshot_id: int, *, reviewer: User, decision: Decision, reason: str = "", seen_version: int) -> Review:
    """Accept or reject a frame. The same decision sent twice (a key held down, a second click) counts once.

    Raises:
        Stale: the frame was decided or undone by somebody since ``seen_version``.
        ValueError: the decision is none.
    """
    if decision is Decision.NONE:
        raise ValueError("a review accepts or rejects")
    if not _move(screenshot_id, seen_version, decision):
        newest = _newest(screenshot_id)
        if newest and (newest.reviewer_id, newest.decision, newest.version) == (
            reviewer.pk,
            decision,
            seen_version + 1,
        ):
            return newest
        raise Stale(_told(newest, reviewer))
    return Review.objects.create(
        screenshot_id=screenshot_id,
        reviewer=reviewer,
        decision=decision,
        reason=reason.strip(),
        version=seen_version + 1,
    )


@transaction.atomic
def undo(review_id: int, *, reviewer: User) -> Review:
    """Take back one's own decision, unless somebody decided on that frame since. Undoing twice counts once.

    Raises:
        Review.DoesNotExist: this person made no such decision.
        Stale: somebody decided since.
    """
    review = Review.objects.get(pk=review_id, reviewer=reviewer)
    if review.undone_at is not None:
        return review
    before = (
        Review.objects.filter(screenshot_id=review.screenshot_id, undone_at=None, pk__lt=review.pk)
        .order_by("-pk")
        .first()
    )
    if not _move(review.screenshot_id, review.version, before.decision if before else Decision.NONE):
        raise Stale(_told(_newest(review.screenshot_id), reviewer))
    Review.objects.filter(pk=review.pk).update(undone_at=timezone.now())
    return review


def _newest(screenshot_id: int) -> Review | None:
    rows = Review.objects.filter(screenshot_id=screenshot_id, undone_at=None).select_related("reviewer")
    return rows.order_by("-version").first()


def _told(newest: Review | None, reviewer: User) -> str:
    if newest is None:
        return "A decision on this frame was taken back while you looked at it. Nothing was changed; decide again."
    who = f"{newest.reviewer.get_username()} has" if newest.reviewer else "Somebody has"
    if newest.reviewer_id == reviewer.pk:
        who = "On another page you have"
    why = f" ({newest.reason})" if newest.reason else ""
    return f"{who} {newest.decision} this frame{why} while you looked at it. Nothing was changed."
