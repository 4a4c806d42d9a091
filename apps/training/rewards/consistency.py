"""D005's consistency signal: does the advice follow from what the answer itself read?

Six keyword checks, as fragile as the seeds say (D006, issue 3), kept for the ablation only. A check counts where its
condition holds in the answer's own ``game_state``; the score is the share that passes, 0.5 when none applies.
"""

import re
from collections.abc import Mapping
from typing import Any

from .behavior import Behavior
from .behavior_text import advised
from .utility import token

_CAUTION = re.compile(
    r"\b(?:careful\w*|cautio\w+|low (?:hp|health)|safe\w*|avoid\w*|hold\w*|fall back|save|passive\w*)\b"
)
_BOMB = re.compile(r"\b(?:defus\w+|retak\w+|bomb|planted|post-?plant|clock|time)\b")
_NUMBERS = re.compile(r"\b(?:outnumber\w*|disadvantage|\d ?v(?:s|ersus)? ?\d|trade\w*|clutch|alone)\b")
_ECONOMY = re.compile(r"\b(?:eco\w*|pistols?|save|force|buy|no rifle|low buy|upgrade)\b")


def consistency(answer: Mapping[str, Any]) -> float:
    """Share of applicable checks passed, in 0..1."""
    state, advice = answer["game_state"], answer["advice"]
    text = " ".join(_texts(answer["analysis"]) + _texts(advice)).casefold()
    behavior = advised(advice)
    checks = [
        _low_health(state, text),
        _planted(state, text),
        _outnumbered(state, text, behavior),
        _no_rifle(state, text),
        _has_what_it_throws(state, behavior),
        _alone(state, text),
    ]
    applicable = [check for check in checks if check is not None]
    return sum(applicable) / len(applicable) if applicable else 0.5


def _low_health(state: Mapping[str, Any], text: str) -> bool | None:
    health = _number(state.get("player_health"))
    return bool(_CAUTION.search(text)) if health is not None and health <= 30 else None


def _planted(state: Mapping[str, Any], text: str) -> bool | None:
    return bool(_BOMB.search(text)) if state.get("bomb_status") == "planted" else None


def _outnumbered(state: Mapping[str, Any], text: str, behavior: Behavior) -> bool | None:
    mates, enemies = _number(state.get("alive_teammates")), _number(state.get("alive_enemies"))
    if mates is None or enemies is None or enemies < mates + 3:
        return None  # two or more down, the player counted
    return bool(_NUMBERS.search(text)) or behavior.movement_direction != 1


def _no_rifle(state: Mapping[str, Any], text: str) -> bool | None:
    without = "weapon_primary" in state and state["weapon_primary"] is None
    return bool(_ECONOMY.search(text)) if without else None


def _has_what_it_throws(state: Mapping[str, Any], behavior: Behavior) -> bool | None:
    held = state.get("utility")
    if not behavior.utility_used or not isinstance(held, list):
        return None
    return behavior.utility_used <= {token(item) for item in held if isinstance(item, str)}


def _alone(state: Mapping[str, Any], text: str) -> bool | None:
    alone = _number(state.get("alive_teammates")) == 0
    return not re.search(r"\b(?:with your (?:team|mates?|teammates?)|trade with|group up)\b", text) if alone else None


def _number(value: Any) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _texts(section: Mapping[str, Any]) -> list[str]:
    values = [item for value in section.values() for item in (value if isinstance(value, list) else [value])]
    return [value for value in values if isinstance(value, str)]
