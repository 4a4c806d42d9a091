"""What follows from the rounds that count: their numbers, scores, the players' statistics, the library's counts.

Called at the end of an import and whenever a person excludes or restores a round.
"""

from django.db import transaction

from apps.demos.models import Demo


@transaction.atomic
def recount(demo: Demo) -> None:
    """Bring everything derived from ``demo``'s rounds and decisions up to date; twice gives the same."""
    counted = demo.rounds.filter(not_counted="")
    Demo.objects.filter(pk=demo.pk).update(
        round_count=counted.count(),
        partial_count=counted.filter(is_partial=True).count(),
        uncounted_count=demo.rounds.exclude(not_counted="").count(),
        player_count=demo.players.count(),
    )
