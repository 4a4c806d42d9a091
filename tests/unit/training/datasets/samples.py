"""Samples for the dataset tests, and strategies that draw them."""

from typing import Any

from hypothesis import strategies as st

from apps.captures.labelling.sample import Sample

LABEL: dict[str, Any] = {
    "map_name": "de_nuke",
    "round_phase": "live",
    "player_side": "CT",
    "player_health": 40,
    "player_armor": 90,
    "player_money": 3200,
    "team_money_total": 9000,
    "weapon_primary": "M4A1-S",
    "utility": ["Flashbang", "Flashbang"],
    "alive_teammates": 2,
    "alive_enemies": 3,
    "round_clock": "0:52",
    "bomb_status": "carried",
    "place_name": "Ramp",
    "site": None,
}
OBSERVABILITY = {
    **dict.fromkeys(("player_side", "player_health", "player_armor", "player_money", "round_clock"), "hud"),
    **dict.fromkeys(("alive_teammates", "alive_enemies", "place_name"), "hud"),
    **dict.fromkeys(("map_name", "round_phase", "weapon_primary", "utility"), "hud-soft"),
    **dict.fromkeys(("team_money_total", "bomb_status"), "context"),
}
BEHAVIOR: dict[str, Any] = {
    "movement_direction": -1,
    "objective_direction": 1,
    "utility_used": ["flash"],
    "initiated_engagement": False,
    "engagement_delay": 0.6,
}
CONTEXT = """Round 3, score CT 1 : 2 T, de_nuke, 15 s of play

ECONOMY AT ROUND START:
T team: $2100 unspent, 4 of 5 with a primary

EVENTS:
- 4 s: Ann (CT) threw smoke
- 9 s: Bob (T) killed Cid (CT) with ak47

CURRENT STATE:
Alive: T 3, CT 3
Bomb: carried
POV: Ann (CT), 40 HP, 90 armor, M4A1-S, Flashbang, Flashbang
Teammate: Dee, 100 HP, Lobby"""


def sample(number: int = 1, **changes: Any) -> Sample:
    values: dict[str, Any] = {
        "screenshot_id": number,
        "image_name": f"captures/{number}.jpg",
        "demo_sha256": "a" * 64,
        "map_name": "de_nuke",
        "round_number": 3,
        "tick": 1000 + number,
        "slot": 4,
        "steamid": 0,
        "player_name": "Ann",
        "side": "CT",
        "hud_profile": "player",
        "schema_version": 1,
        "label": LABEL,
        "observability": OBSERVABILITY,
        "context": CONTEXT,
        "behavior": BEHAVIOR,
        "contribution": 0.5,
        "round_won": True,
    }
    return Sample(**{**values, **changes})


_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
_matches = st.integers(0, 7).map(lambda n: (f"{n:064x}", ("de_nuke", "de_dust2", "de_inferno")[n % 3]))


@st.composite
def sample_lists(draw: st.DrawFn) -> list[Sample]:
    """Up to 25 samples of up to eight matches on three maps."""
    drawn = draw(st.lists(st.tuples(_matches, _text, st.none() | st.floats(0, 1), st.booleans()), max_size=25))
    return [
        sample(
            number,
            demo_sha256=match,
            map_name=map_name,
            player_name=name,
            context=name,
            contribution=phi,
            behavior=BEHAVIOR if known else None,
            tick=draw(st.integers(0, 5)),
        )
        for number, ((match, map_name), name, phi, known) in enumerate(drawn)
    ]
