"""The slots of the answer cards, in the order of the answer schema, with their names for people."""

from dataclasses import dataclass
from typing import Any

from apps.captures.labelling.schema import section_schema

LABELS = {
    "map_name": "Map",
    "round_phase": "Phase",
    "player_side": "Side",
    "player_health": "Health",
    "player_armor": "Armour",
    "player_has_helmet": "Helmet",
    "player_has_defuser": "Defuser",
    "player_money": "Money",
    "team_money_total": "Team money",
    "weapon_primary": "Primary",
    "weapon_secondary": "Secondary",
    "weapon_in_hand": "In hand",
    "ammo_clip": "Clip",
    "ammo_reserve": "Reserve",
    "utility": "Utility",
    "round_clock": "Clock",
    "score_ct": "Score CT",
    "score_t": "Score T",
    "alive_teammates": "Mates alive",
    "alive_enemies": "Enemies alive",
    "bomb_status": "Bomb",
    "place_name": "Place",
    "site": "Site",
    "visible_enemies": "Enemies seen",
}
WIDE = ("utility",)


@dataclass(frozen=True)
class Slot:
    """One value of a card: where it stands in the answer, its label, and what is known of it."""

    path: str
    label: str
    text: str
    wide: bool = False
    fixed: bool = False  # a person says something else than the model did
    said: str = ""  # what the model said then
    reader: str = ""  # what the embedded model read on the HUD, where that is something else


def seen(
    answer: dict[str, Any], corrected: dict[str, Any] | None = None, reader: dict[str, str] | None = None
) -> list[Slot]:
    """The slots of "What I see"; ``corrected`` are values by path that people put in place of the model's, ``reader``
    words by path of what was read on the HUD instead."""
    known = texts(section(answer, "game_state"))
    names = section_schema("game_state")["properties"]
    return [_slot(name, known.get(name, ""), corrected or {}, reader or {}) for name in names]


def _slot(name: str, said: str, corrected: dict[str, Any], reader: dict[str, str]) -> Slot:
    path, label, wide = f"game_state.{name}", LABELS.get(name, name), name in WIDE
    read = reader.get(path, "")
    if path not in corrected:
        return Slot(path, label, said, wide, reader=read)
    put = text(corrected[path])
    return Slot(path, label, put, wide, fixed=True, said=said, reader="" if read == put else read)


def section(answer: dict[str, Any], name: str) -> dict[str, Any]:
    """A section of an answer that may be incomplete or misshapen."""
    found = answer.get(name)
    return found if isinstance(found, dict) else {}


def texts(values: dict[str, Any]) -> dict[str, str]:
    """Each value in words; what is not known yet is not there."""
    return {name: text(value) for name, value in values.items()}


def sentences(values: dict[str, Any], name: str) -> list[str]:
    """The entries of a list of sentences."""
    found = values.get(name)
    return [text(item) for item in found] if isinstance(found, list) else []


def text(value: Any) -> str:
    """A value for people; the page's script says it in the same words."""
    if value is None:
        return "not visible"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(text(item) for item in value) or "none"
    if isinstance(value, dict):
        return ", ".join(f"{key}: {text(item)}" for key, item in value.items())
    return str(value)


def duration(milliseconds: int | None) -> str:
    """As the page's script says it: "640 ms", "2.6 s"; nothing for nothing."""
    if milliseconds is None:
        return ""
    return f"{milliseconds} ms" if milliseconds < 1000 else f"{milliseconds / 1000:.1f} s"
