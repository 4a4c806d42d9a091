"""R_percept: what the answer read off the frame, field by field, against engine truth (rewards.md, labels.md)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .matching import exact, tolerant

VISIBLE = frozenset({"hud", "hud-soft"})
# labels.md; a sample's own table wins: a CT, for example, is never shown who carries the bomb.
OBSERVABILITY = {
    "player_health": "hud",
    "player_armor": "hud",
    "player_has_helmet": "hud",
    "player_money": "hud",
    "weapon_in_hand": "hud",
    "ammo_clip": "hud",
    "ammo_reserve": "hud",
    "round_clock": "hud",
    "score_ct": "hud",
    "score_t": "hud",
    "alive_teammates": "hud",
    "alive_enemies": "hud",
    "player_side": "hud",
    "place_name": "hud",
    "round_phase": "hud",
    "weapon_primary": "hud-soft",
    "weapon_secondary": "hud-soft",
    "utility": "hud-soft",
    "player_has_defuser": "hud-soft",
    "bomb_status": "hud-soft",
    "map_name": "hud-soft",
    "team_money_total": "context",
    "site": "context",
    "visible_enemies": "geometry",
}
# "Carries none" is a value to read there, not a missing label; a sample's own table lists the slot when it is known.
NULL_IS_A_VALUE = frozenset({"weapon_primary", "weapon_secondary"})


@dataclass(frozen=True)
class FieldMatch:
    """One labelled, visible field. ``exact`` and ``tolerant`` come from the same answer, in 0..1."""

    field: str
    truth: Any
    value: Any
    given: bool  # the answer holds the field at all
    exact: float
    tolerant: float


@dataclass(frozen=True)
class Perception:
    """All scored fields of one answer, in the label's order."""

    fields: tuple[FieldMatch, ...]

    @property
    def reward(self) -> float | None:
        """Mean tolerant match in 0..1; None when no visible field is labelled."""
        return _mean([field.tolerant for field in self.fields])

    @property
    def exact(self) -> float | None:
        """Mean exact match in 0..1; None when no visible field is labelled."""
        return _mean([field.exact for field in self.fields])


def perceive(
    game_state: Mapping[str, Any], label: Mapping[str, Any], observability: Mapping[str, str] | None = None
) -> Perception:
    """Hold an answer's ``game_state`` against a label. A field left out scores 0, an unlabelled one is left out."""
    matches = (_match(field, label[field], game_state) for field in scored_fields(label, observability))
    return Perception(tuple(matches))


def scored_fields(label: Mapping[str, Any], observability: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """The labelled fields which this frame can show."""
    known = observability or OBSERVABILITY
    where = {**OBSERVABILITY, **known}
    return tuple(
        field
        for field, truth in label.items()
        if where.get(field) in VISIBLE and (truth is not None or (field in NULL_IS_A_VALUE and field in known))
    )


def _match(field: str, truth: Any, game_state: Mapping[str, Any]) -> FieldMatch:
    if field not in game_state:
        return FieldMatch(field, truth, None, given=False, exact=0.0, tolerant=0.0)
    value = game_state[field]
    same = exact(truth, value)
    return FieldMatch(
        field, truth, value, given=True, exact=float(same), tolerant=1.0 if same else tolerant(field, truth, value)
    )


def _mean(values: list[float]) -> float | None:
    return sum(values) / len(values) if values else None
