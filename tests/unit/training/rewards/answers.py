"""Building answers and samples' columns for the reward tests."""

import json
from typing import Any

from hypothesis import strategies as st

LABEL: dict[str, Any] = {
    "map_name": "de_dust2",
    "round_phase": "live",
    "player_side": "T",
    "player_health": 73,
    "player_money": 3200,
    "weapon_primary": "AK-47",
    "utility": ["Flashbang", "Flashbang", "Molotov"],
    "alive_teammates": 4,
    "alive_enemies": 3,
    "round_clock": "1:05",
    "site": "A",
}
BEHAVIOR: dict[str, Any] = {
    "movement_direction": 1,
    "objective_direction": 1,
    "utility_used": ["flash"],
    "initiated_engagement": True,
    "engagement_delay": 0.3,
}


def answer(
    state: dict[str, Any] | None = None, behavior: dict[str, Any] | None = None, **advice: Any
) -> dict[str, Any]:
    """A usable answer; ``advice`` replaces single texts."""
    texts = {"primary_action": "Look around.", "reasoning": "Facts.", "fallback": "Regroup.", "callout": "Here."}
    stated = {} if behavior is None else {"behavior": behavior}
    return {
        "game_state": LABEL if state is None else state,
        "analysis": {"situation_summary": "Five against three."},
        "advice": {**texts, **stated, **advice},
    }


def text(*args: Any, **kwargs: Any) -> str:
    return json.dumps(answer(*args, **kwargs))


def columns(**changes: Any) -> dict[str, Any]:
    """What is known of the sample: everything, unless changed."""
    return {
        "label": json.dumps(LABEL),
        "observability": None,
        "behavior": json.dumps(BEHAVIOR),
        "categories": None,
        "contribution": 1.0,
        "round_won": True,
        **changes,
    }


fractions = st.floats(0, 1)
behaviors = st.fixed_dictionaries(
    {},
    optional={
        "movement_direction": st.sampled_from([-1, 0, 1]),
        "objective_direction": st.sampled_from([-1, 0, 1]),
        "utility_used": st.lists(st.sampled_from(["smoke", "flash", "he", "molotov", "decoy"]), unique=True),
        "initiated_engagement": st.booleans(),
        "engagement_delay": fractions,
    },
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
states = st.dictionaries(st.sampled_from(sorted(LABEL)) | st.text(max_size=5), json_values, max_size=8)
