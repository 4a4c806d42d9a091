"""What a person says about an answer of theirs, and who else may read it."""

from django.utils import timezone

from apps.coach.models import Analysis


def rate(analysis: Analysis, rating: int | None) -> None:
    """1: it helped; -1: it did not; None: nothing said (any more).

    Raises:
        ValueError: any other rating.
    """
    if rating not in (-1, 1, None):
        raise ValueError("A rating is 1, -1 or nothing.")
    rated_at = None if rating is None else timezone.now()
    Analysis.objects.filter(pk=analysis.pk).update(rating=rating, rated_at=rated_at)


def share(analysis: Analysis, shared: bool) -> None:
    """Let every viewer read it, or take that back; of a comparison both answers go together."""
    rows = Analysis.objects.filter(user=analysis.user)
    mine = rows.filter(pk=analysis.pk) if analysis.pair is None else rows.filter(pair=analysis.pair)
    mine.update(shared=shared)
