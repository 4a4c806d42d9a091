"""One labelled frame as everything above the captures app sees it."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Sample:
    """An accepted frame with engine truth.

    Missing is missing: ``behavior``, ``contribution`` and ``round_won`` are None where the recording cannot tell, and
    then no reward term is built from them.
    """

    screenshot_id: int
    image_name: str  # name in core.storage; JPEG
    demo_sha256: str
    map_name: str
    round_number: int
    tick: int  # demo tick, 64 per second
    slot: int
    steamid: int  # 0 for bots
    player_name: str
    side: str  # "CT" | "T"
    hud_profile: str
    schema_version: int
    label: dict[str, Any]  # answer.schema.json → game_state, engine truth
    observability: dict[str, str] = field(default_factory=dict)  # field → hud | hud-soft | context | geometry
    context: str = ""  # round context c_t: only what happened up to the tick
    behavior: dict[str, Any] | None = None  # answer.schema.json → advice.behavior, what the player did next
    contribution: float | None = None  # φ in 0..1, rewards.md
    round_won: bool | None = None
