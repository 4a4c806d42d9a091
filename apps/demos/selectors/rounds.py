"""Reads of rounds."""

from apps.demos.models import Round


def neighbours(row: Round) -> tuple[Round | None, Round | None]:
    """The stretches before and after ``row``."""
    rounds = Round.objects.filter(demo_id=row.demo_id)
    return (
        rounds.filter(ordinal__lt=row.ordinal).order_by("-ordinal").first(),
        rounds.filter(ordinal__gt=row.ordinal).order_by("ordinal").first(),
    )
