"""Reads of one's own analyses."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from apps.coach.models import Analysis
from apps.core.models import User

HISTORY = 12


def own(user: User) -> QuerySet[Analysis]:
    """Questions are private: nobody sees another person's, whatever their role."""
    return Analysis.objects.filter(user=user)


def own_analysis(user: User, analysis_id: UUID) -> Analysis:
    """One of ``user``'s analyses.

    Raises:
        Analysis.DoesNotExist: there is none, or it is another person's.
    """
    return own(user).get(pk=analysis_id)


def history(user: User, count: int = HISTORY) -> QuerySet[Analysis]:
    return own(user).defer("raw_text", "context")[:count]


def state(analysis: Analysis) -> dict[str, Any]:
    """What a page needs to show an analysis again after its socket was away."""
    return {
        "id": str(analysis.pk),
        "status": analysis.status,
        "text": analysis.raw_text,
        "answer": analysis.answer,
        "problems": analysis.problems,
        "error": analysis.error,
        "model": analysis.model_name,
        "first_token_ms": analysis.first_token_ms,
        "total_ms": analysis.total_ms,
        "tokens": analysis.tokens,
    }
