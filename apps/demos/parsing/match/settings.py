"""The server's settings that rounds follow, and what holds where a recording does not have them."""

from collections.abc import Mapping

ROUND_S, BOMB_S = 115.0, 40.0
DEFAULT_ROUNDS, DEFAULT_OVERTIME = 24, 6


def live_s(map_name: str, convars: Mapping[str, str]) -> float:
    """Seconds a round lasts by the server's settings (115 where they say nothing)."""
    for name in ("mp_roundtime_hostage" if map_name.startswith("cs_") else "mp_roundtime_defuse", "mp_roundtime"):
        minutes = seconds(convars.get(name))
        if minutes:
            return float(round(minutes * 60))
    return ROUND_S


def bomb_s(convars: Mapping[str, str]) -> float:
    """Seconds from a plant to the explosion (40 where the settings say nothing)."""
    return seconds(convars.get("mp_c4timer")) or BOMB_S


def seconds(text: str | None) -> float | None:
    """A setting that is a number from 0 to an hour, else None."""
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if 0 <= value <= 3600 else None


def rounds_of(convars: Mapping[str, str]) -> tuple[int, int]:
    """Rounds of regulation and of one overtime, by the server's settings."""
    return (
        _count(convars.get("mp_maxrounds"), DEFAULT_ROUNDS),
        _count(convars.get("mp_overtime_maxrounds"), DEFAULT_OVERTIME),
    )


def _count(text: str | None, otherwise: int) -> int:
    try:
        value = int(float(text or ""))
    except (ValueError, OverflowError):
        return otherwise
    return value if 0 < value <= 200 else otherwise
