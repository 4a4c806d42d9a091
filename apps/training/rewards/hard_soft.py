"""The two perception signals of D005: fields read straight off the HUD (hard) and the harder ones (soft)."""

from .perception import FieldMatch, Perception

HARD = frozenset(
    {
        "player_health",
        "player_armor",
        "player_has_helmet",
        "weapon_primary",
        "weapon_secondary",
        "weapon_in_hand",
        "ammo_clip",
        "ammo_reserve",
        "alive_teammates",
        "alive_enemies",
    }
)


def hard(perception: Perception) -> float | None:
    """Mean tolerant match of the hard fields; None when none is labelled."""
    return Perception(tuple(field for field in perception.fields if _is_hard(field))).reward


def soft(perception: Perception) -> float | None:
    """Mean tolerant match of every other visible field (money, map, bomb, …); None when none is labelled."""
    return Perception(tuple(field for field in perception.fields if not _is_hard(field))).reward


def _is_hard(field: FieldMatch) -> bool:
    return field.field in HARD
