"""The questions a page lists: one's own or the team's shared ones, with the words somebody looks for."""

from django.db.models import Q, QuerySet

from apps.coach import selectors
from apps.coach.models import Analysis
from apps.core.models import User

PAGE = selectors.HISTORY
MOST = 240
MAX_WORDS = 8
# Values only: the keys of an answer ("bomb_status", "utility") stand in every one of them.
_PLACES = (
    "context",
    "model_name",
    "answer__game_state__map_name",
    "answer__game_state__place_name",
    "answer__analysis__situation_summary",
    "answer__advice__primary_action",
    "answer__advice__reasoning",
    "answer__advice__fallback",
    "answer__advice__callout",
    "user__username",
)


def found(user: User, *, team: bool, words: str, count: int) -> QuerySet[Analysis]:
    """The newest ``count`` questions in which each of ``words`` stands."""
    rows = Analysis.objects.filter(shared=True) if team else selectors.own(user)
    for word in words.split()[:MAX_WORDS]:
        condition = Q()
        for place in _PLACES:
            condition |= Q(**{f"{place}__icontains": word})
        rows = rows.filter(condition)
    return rows.select_related("user").defer("raw_text", "context").prefetch_related("frames")[:count]
