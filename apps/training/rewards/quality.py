"""D005's reasoning-quality signal: is every part of the analysis and the advice there and not a copy of another?

Structure only; it saturates early (D013), and is kept for the ablation.
"""

from collections.abc import Mapping
from typing import Any

IMPORTANCE = frozenset({"low", "medium", "high", "critical"})


def quality(answer: Mapping[str, Any]) -> float:
    """Share of seven structural checks passed, in 0..1."""
    analysis, advice = answer["analysis"], answer["advice"]
    action, fallback = _words(advice.get("primary_action")), _words(advice.get("fallback"))
    checks = (
        len(_words(analysis.get("situation_summary"))) >= 6,
        len(_words(analysis.get("economy_assessment"))) >= 2,
        analysis.get("round_importance") in IMPORTANCE if _hashable(analysis.get("round_importance")) else False,
        bool(_listed(analysis.get("immediate_threats")) or _listed(analysis.get("opportunities"))),
        len(_words(advice.get("reasoning"))) >= 8 and _words(advice.get("reasoning")) != action,
        bool(action) and bool(fallback) and action != fallback,
        0 < len(_words(advice.get("callout"))) <= 15,
    )
    return sum(checks) / len(checks)


def _words(value: Any) -> list[str]:
    return value.casefold().split() if isinstance(value, str) else []


def _listed(value: Any) -> list[str]:
    return [item for item in value if _words(item)] if isinstance(value, list) else []


def _hashable(value: Any) -> bool:
    return isinstance(value, str)
