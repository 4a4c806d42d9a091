"""Game events: the list of descriptors, and the truth's events under the game's keys."""

from collections.abc import Callable, Mapping

from apps.simulation.demofile.messages import Value, field, message
from apps.simulation.demofile.things import NOBODY, PAWNS
from apps.simulation.truth.match import Event

STRING, FLOAT, LONG, SHORT, BYTE, BOOL, UINT64, PAWN, PLAYER = range(1, 10)
_TYPES = {"s": STRING, "f": FLOAT, "l": LONG, "h": SHORT, "b": BYTE, "?": BOOL, "u": UINT64, "p": PAWN, "c": PLAYER}
NOBODY_ID = 65_535
_WHO, _SPOT = "userid:c userid_pawn:p", "entityid:l x:f y:f z:f"
# number, name, keys with their types
_LIST = f"""
4 server_cvar cvarname:s cvarvalue:s
6 player_connect_full userid:c
8 player_connect name:s userid:c networkid:s xuid:u address:s bot:?
9 player_disconnect userid:c reason:h name:s networkid:s xuid:u PlayerID:h
11 player_spawn {_WHO}
12 player_team {_WHO} team:b oldteam:b disconnect:? silent:? isbot:?
15 player_changename userid:c oldname:s newname:s
16 player_hurt {_WHO} attacker:c attacker_pawn:p health:b armor:b weapon:s dmg_health:h dmg_armor:b hitgroup:b
35 hltv_versioninfo version:l
47 round_start timelimit:l fraglimit:l objective:s
48 round_end winner:b reason:b message:s legacy:b player_count:h nomusic:b
51 round_freeze_end
53 player_death {_WHO} attacker:c attacker_pawn:p assister:c assister_pawn:p assistedflash:? weapon:s weapon_itemid:s \
weapon_fauxitemid:s weapon_originalowner_xuid:s headshot:? dominated:h revenge:h wipe:h penetrated:h noreplay:? \
noscope:? thrusmoke:? attackerblind:? distance:f dmg_health:h dmg_armor:b hitgroup:b attackerinair:?
54 player_footstep {_WHO}
101 round_announce_last_round_half
102 round_announce_match_start
103 round_announce_warmup
106 round_officially_ended
107 round_time_warning
113 begin_new_match
135 bomb_beginplant {_WHO} site:h
136 bomb_abortplant {_WHO} site:h
137 bomb_planted {_WHO} site:h
138 bomb_defused {_WHO} site:h
139 bomb_exploded {_WHO} site:h
140 bomb_dropped {_WHO} entindex:l
141 bomb_pickup userid:c userid_pawn:p
144 announce_phase_end
146 bomb_begindefuse {_WHO} haskit:?
147 bomb_abortdefuse {_WHO}
159 weapon_fire {_WHO} weapon:s silenced:?
162 weapon_reload {_WHO}
163 weapon_zoom {_WHO}
168 item_pickup userid:c item:s silent:? defindex:l
173 item_equip userid:c item:s defindex:l canzoom:? hassilencer:? issilenced:? hastracers:? weptype:h ispainted:?
185 round_prestart
188 hegrenade_detonate {_WHO} {_SPOT}
189 flashbang_detonate {_WHO} {_SPOT}
190 smokegrenade_detonate {_WHO} {_SPOT}
191 smokegrenade_expired {_WHO} {_SPOT}
192 molotov_detonate {_WHO} x:f y:f z:f
193 decoy_detonate {_WHO} {_SPOT}
194 decoy_started {_WHO} {_SPOT}
196 inferno_startburn {_SPOT}
197 inferno_expire {_SPOT}
199 decoy_firing {_WHO} {_SPOT}
201 player_jump userid:c
202 player_blind userid:c attacker:c entityid:l blind_duration:f
211 cs_game_disconnected
215 cs_win_panel_match
217 cs_pre_restart
224 round_mvp userid:c reason:h value:l musickitmvps:l nomusic:b musickitid:l
"""
# name → number, keys
DESCRIPTORS: dict[str, tuple[int, list[tuple[str, int]]]] = {
    line.split()[1]: (int(line.split()[0]), [(part[:-2], _TYPES[part[-1]]) for part in line.split()[2:]])
    for line in _LIST.strip().splitlines()
}
# What the truth's events say beyond the game's. A server's recordings have no purchases, and one of the readers
# (demoparser2) takes an event of that name for its own and breaks.
UNWRITTEN = {
    "item_purchase": "a server's recordings have no such event",
    "bomb_begindefuse.kit_price": "the game's event has no such key",
    "molotov_detonate.entityid": "the game's event has no such key",
    "inferno_startburn.userid": "the game's event has no such key",
    "inferno_expire.userid": "the game's event has no such key",
}
_FIELD = {STRING: 2, FLOAT: 3, LONG: 4, SHORT: 5, BYTE: 6, BOOL: 7, UINT64: 8, PAWN: 4, PLAYER: 5}


def descriptor_list() -> bytes:
    """``CMsgSource1LegacyGameEventList``."""
    return b"".join(
        field(1, message((1, number), (2, name), *((3, message((1, kind), (2, key))) for key, kind in keys)))
        for name, (number, keys) in DESCRIPTORS.items()
    )


def pawn_of(slot: int) -> int:
    """The pawn's handle as events hold it; the pawns' serial is 0."""
    return PAWNS + slot if slot >= 0 else NOBODY


def encode(event: Event, entity_of: Callable[[str, int], int]) -> bytes | None:
    """``CMsgSource1LegacyGameEvent``; None for a name that is not written.

    ``entity_of`` gives the entity behind the truth's id of a projectile or fire in an event of that name.
    """
    if event.name not in DESCRIPTORS:
        return None
    number, keys = DESCRIPTORS[event.name]
    values = [_value(event, key, kind, entity_of) for key, kind in keys]
    return message((2, number), *((3, _key(kind, value)) for (_, kind), value in zip(keys, values, strict=True)))


def _key(kind: int, value: Value) -> bytes:
    return message((1, kind), (_FIELD[kind], value))


def _value(event: Event, key: str, kind: int, entity_of: Callable[[str, int], int]) -> Value:
    fields: Mapping[str, int | float | str | bool] = event.fields
    if kind == PAWN:
        return pawn_of(int(fields.get(key.removesuffix("_pawn"), -1)))
    if kind == PLAYER:
        slot = int(fields.get(key, -1))
        return slot if slot >= 0 else NOBODY_ID
    if key == "entityid":
        return entity_of(event.name, int(fields.get(key, -1)))
    if key == "PlayerID":
        return int(fields.get("userid", -1))
    if kind == STRING:
        return str(fields.get(key, "")).encode("utf-8", "replace")
    if kind == FLOAT:
        return float(fields.get(key, 0.0))
    return int(fields.get(key, 0))


def say(event: Event, name: str) -> bytes:
    """A chat line: ``CUserMessageSayText2``."""
    scope = "Cstrike_Chat_Team" if event.fields.get("team_only") else "Cstrike_Chat_All"
    text = str(event.fields.get("text", "")).encode("utf-8", "replace")
    return message(
        (1, int(event.fields.get("userid", -1)) + 1),
        (2, 1),
        (3, scope),
        (4, name.encode("utf-8", "replace")),
        (5, text),
    )
