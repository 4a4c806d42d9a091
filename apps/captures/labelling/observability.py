"""Where each labelled field can be seen (labels.md): on the HUD, softly, only in the context, or by geometry."""

from typing import Any

HUD, SOFT, CONTEXT, GEOMETRY = "hud", "hud-soft", "context", "geometry"
FIELDS = {
    "map_name": SOFT,
    "round_phase": SOFT,
    "player_side": HUD,
    "player_health": HUD,
    "player_armor": HUD,
    "player_has_helmet": HUD,
    "player_has_defuser": SOFT,
    "player_money": HUD,
    "team_money_total": CONTEXT,
    "weapon_primary": SOFT,
    "weapon_secondary": SOFT,
    "weapon_in_hand": HUD,
    "ammo_clip": HUD,
    "ammo_reserve": HUD,
    "utility": SOFT,
    "round_clock": HUD,
    "score_ct": HUD,
    "score_t": HUD,
    "alive_teammates": HUD,
    "alive_enemies": HUD,
    "bomb_status": SOFT,
    "place_name": HUD,
    "site": CONTEXT,
    "visible_enemies": GEOMETRY,
}
_SEEN_BY_ALL = ("planted", "defused", "exploded")


def observability(state: dict[str, Any], *, knows_equipment: bool = True) -> dict[str, str]:
    """Field → where it can be seen, for the fields this label knows.

    A null field is left out as unknown, except the weapon slots of a player whose equipment is known: there null
    says "nothing in that slot", and the entry here is what tells the two apart.
    """
    known = {name: where for name, where in FIELDS.items() if state.get(name) is not None}
    if knows_equipment:
        known |= {name: FIELDS[name] for name in ("weapon_primary", "weapon_secondary")}
    if state.get("player_side") == "CT" and state.get("bomb_status") not in (*_SEEN_BY_ALL, None):
        known["bomb_status"] = CONTEXT  # only terrorists are shown who carries it
    return known
