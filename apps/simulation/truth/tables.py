"""The tables of a match: things with a life (weapons, projectiles, smokes, fires), the rules, rounds and economy.

``tick`` is a server tick; a slot of −1 is nobody; intervals run from ``from_tick`` up to but without ``to_tick``.
"""

import polars as pl

Columns = dict[str, pl.DataType | type[pl.DataType]]
_SLOT, _TICK, _ID = pl.Int16, pl.Int32, pl.Int32
_SPOT: Columns = {"x": pl.Float32, "y": pl.Float32, "z": pl.Float32}
_LIFE: Columns = {"id": _ID, "from_tick": _TICK, "to_tick": _TICK}

_COLUMNS: dict[str, Columns] = {
    # every weapon, knife, grenade (each piece by itself) and the C4; ``item`` is awpy's short name ("ak47")
    "weapons": {**_LIFE, "item": pl.String, "original_owner": _SLOT},
    # who has it from that tick on; on the ground (−1) with a place, else the place is null
    "holders": {"tick": _TICK, "id": _ID, "owner": _SLOT, **_SPOT},
    # magazine and reserve from that tick on; only weapons that have ammunition
    "ammunition": {"tick": _TICK, "id": _ID, "clip": pl.Int16, "reserve": pl.Int16},
    # grenades in the air; kind: smokegrenade flashbang hegrenade molotov incgrenade decoy
    "projectiles": {**_LIFE, "kind": pl.String, "thrower": _SLOT},
    "flight": {"tick": _TICK, "id": _ID, **_SPOT},  # points of the way, at least the first and the last
    # ids are the projectiles' own
    "smokes": {**_LIFE, "thrower": _SLOT, **_SPOT},
    "fires": {**_LIFE, "thrower": _SLOT, **_SPOT, "radius": pl.Float32},
    # planted bombs; outcome: exploded | defused | round_over; ``to_tick`` is when that happened
    "plants": {
        "from_tick": _TICK,
        "to_tick": _TICK,
        "site": pl.String,  # "A" | "B"
        "planter": _SLOT,
        "defuser": _SLOT,
        "outcome": pl.String,
        **_SPOT,
    },
    # the whole state of the rules from that tick on, one row per change
    "rules": {
        "tick": _TICK,
        "warmup": pl.Boolean,
        "freeze": pl.Boolean,
        "rounds_played": pl.Int16,  # m_totalRoundsPlayed
        "win_status": pl.Int16,  # m_iRoundWinStatus: 0, 2 (T), 3 (CT)
        "win_reason": pl.Int16,  # m_eRoundWinReason, CS2's numbers
        "game_phase": pl.Int16,  # m_gamePhase: 2 first half, 3 second half, 4 half-time, 5 end
        "bomb_planted": pl.Boolean,
        "score_0": pl.Int16,  # by roster, not by side
        "score_1": pl.Int16,
        "side_0": pl.Int16,  # Team that roster 0 plays now
        "round_start_s": pl.Float32,  # game time (tick / 64) at which the clock started
        "round_time_s": pl.Int16,
        "paused": pl.Boolean,
        "timeout": pl.String,  # "" | "ct" | "t" | "technical"
        "overtime": pl.Int16,  # 0 in regulation
    },
    # every stretch that looks like a round, counted or not
    "rounds": {
        "number": pl.Int16,  # 1-based among the counted ones; 0 where it does not count
        "not_counted": pl.String,  # "" | warmup | knife | restarted | restored | before_recording | cut
        "start_tick": _TICK,
        "freeze_end_tick": _TICK,
        "end_tick": _TICK,  # the decision; null where the recording ends before it
        "official_end_tick": _TICK,
        "winner_side": pl.String,  # "CT" | "T" | ""
        "winner_roster": pl.Int16,
        "reason": pl.String,  # awpy's words: t_killed ct_killed bomb_exploded bomb_defused time_ran_out t_surrender …
        "reason_code": pl.Int16,  # CS2's m_eRoundWinReason
        "side_0": pl.Int16,
        "score_0": pl.Int16,  # before the round, by roster
        "score_1": pl.Int16,
        "bomb_site": pl.String,  # of a plant, else ""
        "plan_t": pl.String,  # what the sides meant to do ("" in replayed records)
        "plan_ct": pl.String,
    },
    "economy": {
        "number": pl.Int16,
        "slot": _SLOT,
        "money_start": pl.Int32,  # at the round's start, before buying
        "money_freeze_end": pl.Int32,
        "equipment_value": pl.Int32,  # at freeze end
        "cash_spent": pl.Int32,
    },
}
TABLES: dict[str, pl.Schema] = {name: pl.Schema(columns) for name, columns in _COLUMNS.items()}


def empty(name: str) -> pl.DataFrame:
    """The table without a row."""
    return pl.DataFrame(schema=TABLES[name])
