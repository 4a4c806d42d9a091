"""What one frame shows."""

from typing import Any

VALUES: dict[str, Any] = {
    "clock": "1:53", "score_left": 0, "score_right": 5, "alive_left": 5, "alive_right": 4, "money": 9150,
    "place": "Extended A", "health": 100, "armor": 87, "helmet": True, "clip": 4, "reserve": 30,
    "weapon": "AWP | Phobos", "hud_color": "yellow", "phase": "live",
}  # fmt: skip
