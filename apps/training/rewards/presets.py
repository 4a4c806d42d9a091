"""Reward presets: which signals with which weights. The run chooses one; slopes say what it teaches."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from .outcome import VARIANTS, Variant


@dataclass(frozen=True)
class Preset:
    """A weight for each signal (``rewards.parts.PARTS``) and the outcome term. The gate multiplies every signal."""

    name: str
    summary: str
    weights: Mapping[str, float]
    outcome: Variant
    coarse: bool = False  # agreement is Jaccard over the six coarse categories, as before D013


_D006 = {"hard": 0.15, "soft": 0.05, "alignment": 0.05, "outcome": 0.40, "consistency": 0.10, "quality": 0.10}
_ALL = (
    Preset(
        "d013-matrix",
        "D013's weights with the outcome term of its own signal matrix. On lost rounds it still leans to imitation.",
        {"perception": 0.20, "decision": 0.30, "outcome": 0.50},
        "omega",
    ),
    Preset(
        "d013-literal",
        "D013 as written, outcome times agreement: pure imitation.",
        {"perception": 0.20, "decision": 0.30, "outcome": 0.50},
        "product",
    ),
    Preset(
        "discovery",
        "On lost rounds where the player mattered (contribution above 0.48), deviating beats agreeing.",
        {"perception": 0.20, "decision": 0.10, "outcome": 0.70},
        "omega",
    ),
    Preset(
        "d005-seven-signals",
        "The first design: seven added signals over coarse categories.",
        {
            "format": 0.05,
            "hard": 0.15,
            "soft": 0.05,
            "alignment": 0.15,
            "outcome": 0.30,
            "consistency": 0.20,
            "quality": 0.10,
        },
        "d004",
        coarse=True,
    ),
    Preset(
        "d006-revised",
        "The first design with format as a gate and less imitation; weights scaled to sum to 1.",
        {name: weight / sum(_D006.values()) for name, weight in _D006.items()},
        "d004",
        coarse=True,
    ),
)
PRESETS: Mapping[str, Preset] = MappingProxyType({preset.name: preset for preset in _ALL})
DEFAULT = "d013-matrix"


def slope(preset: Preset, won: bool, phi: float) -> float:
    """What full agreement gains over full deviation: total(a=1) − total(a=0), all else equal.

    This is the derivative in ``a`` wherever the outcome term is linear (all but ``product``, whose mean slope it is).
    Positive on a lost round: the professional's losing move beats every alternative, whatever the preset is called.
    """
    term = VARIANTS[preset.outcome]
    agreement = preset.weights.get("alignment" if preset.coarse else "decision", 0.0)
    return agreement + preset.weights.get("outcome", 0.0) * (term(won, phi, 1.0) - term(won, phi, 0.0))
