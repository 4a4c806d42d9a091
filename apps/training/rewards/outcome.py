"""R_outcome: agreement weighed by how the round ended and by what the player had to do with it."""

import math
from collections.abc import Callable
from typing import Any, Literal

Variant = Literal["omega", "product", "d004"]


def omega(won: bool, phi: float, a: float) -> float:
    """Ω(W,φ,a) = W·φ·(0.5+0.5a) + (1−W)·φ·(0.5−0.3a), in 0..1 (D013). Deviating is worth 0.5φ either way."""
    return phi * (0.5 + 0.5 * a) if won else phi * (0.5 - 0.3 * a)


def product(won: bool, phi: float, a: float) -> float:
    """D013 as literally written, a·Ω: deviating always scores 0, which is imitation. Kept for the ablation."""
    return a * omega(won, phi, a)


def d004(won: bool, phi: float, a: float) -> float:
    """D004's matrix, without contribution: won 0.4+0.6a, lost 0.6−0.4a."""
    return 0.4 + 0.6 * a if won else 0.6 - 0.4 * a


VARIANTS: dict[Variant, Callable[[bool, float, float], float]] = {"omega": omega, "product": product, "d004": d004}


def outcome(variant: Variant, won: bool | None, contribution: float | None, a: float | None) -> float | None:
    """The outcome term in 0..1, or None when something it needs is not known: missing is missing, never 0.5."""
    phi = known_fraction(contribution)
    if variant == "d004":
        phi = 1.0  # D004 knows no contribution
    if won is None or phi is None or a is None:
        return None
    return VARIANTS[variant](won, phi, a)


def known_fraction(value: Any) -> float | None:
    """A stored φ as a number in 0..1; None for nothing and for NaN (what tables make of nothing)."""
    if not isinstance(value, int | float) or isinstance(value, bool) or math.isnan(value):
        return None
    return min(1.0, max(0.0, float(value)))
