"""What the parser found in a recording, before anybody makes sense of it: the one argument of ``account.account``."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from apps.demos.parsing.reading import states as player_states

# Raw game events that say something about rounds, sides and scores. Recordings may lack any of them.
EVENTS = (
    "round_prestart", "round_start", "round_freeze_end", "round_end", "round_officially_ended", "begin_new_match",
    "round_announce_match_start", "round_announce_warmup", "announce_phase_end", "cs_pre_restart",
    "cs_win_panel_match", "cs_match_end_restart", "round_announce_last_round_half", "bomb_planted", "bomb_defused",
    "bomb_exploded", "player_team", "player_spawn", "player_death", "item_equip",
)  # fmt: skip
# Fields of the entities that keyframes are read with, as ``Demo.ticks(list(KEYFRAME_FIELDS), players_only=False)``.
RULES = "m_pGameRules."
RULE_FIELDS = tuple(
    RULES + name
    for name in (
        "m_bWarmupPeriod", "m_bFreezePeriod", "m_fRoundStartTime", "m_iRoundTime", "m_bBombPlanted",
        "m_iRoundWinStatus", "m_eRoundWinReason", "m_bBombDropped", "m_totalRoundsPlayed", "m_gamePhase",
        "m_nOvertimePlaying", "m_bTerroristTimeOutActive", "m_bCTTimeOutActive", "m_bTechnicalTimeOut",
        "m_bMatchWaitingForResume",
    )
)  # fmt: skip
TEAM_FIELDS = ("m_iTeamNum", "m_iScore", "m_szClanTeamname")
KEYFRAME_FIELDS = (*RULE_FIELDS, *TEAM_FIELDS, "m_nTickBase", "m_iClip1")


@dataclass(frozen=True)
class Evidence:
    """Everything read from one recording; ticks are the recording's own.

    ``events`` are awpy's raw frames (``tick`` and one string column per key) under the names of ``EVENTS``; a name that
    is missing means that the recording has none. ``keyframes`` holds, of however many ticks it could be had (once a
    minute in a whole match, every tick of a short recording), one row per entity: tick, class_name and
    ``KEYFRAME_FIELDS``; fields may be missing. ``states`` come in the order of their ticks. ``None`` stands for what
    could not be read.
    """

    map_name: str = ""
    tick_rate: float = 64.0
    first_tick: int = 0
    last_tick: int = 0
    convars: Mapping[str, str] = field(default_factory=dict)
    rounds: pl.DataFrame | None = None  # awpy's
    economy: pl.DataFrame | None = None  # awpy's round_economy
    players: pl.DataFrame | None = None  # awpy's
    events: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    states: pl.DataFrame = field(default_factory=player_states.empty)  # parsing.reading.states.SCHEMA
    tables: Mapping[str, pl.DataFrame | None] = field(default_factory=dict)  # parsing.reading.events.TABLES, with slots
    keyframes: pl.DataFrame | None = None


def ticks_of(events: Mapping[str, pl.DataFrame], *names: str) -> list[int]:
    """The ticks of all events of these names, in order, each once."""
    found: set[int] = set()
    for name in names:
        table = events.get(name)
        if table is not None and "tick" in table.columns:
            found.update(int(tick) for tick in table["tick"].drop_nulls().to_list())
    return sorted(found)
