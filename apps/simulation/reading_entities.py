"""What only the entities themselves tell: the rules' own clock and scores."""

from typing import Any

import polars as pl

SERVER_TICKS = 64.0  # CS2 servers always run at 64; the recording's own rate may be lower
_RULES = "m_pGameRules."
_RULE_FIELDS = {
    "warmup": "m_bWarmupPeriod",
    "freeze": "m_bFreezePeriod",
    "planted": "m_bBombPlanted",
    "win_status": "m_iRoundWinStatus",
    "round_start": "m_fRoundStartTime",
    "round_time": "m_iRoundTime",
    "warmup_end": "m_fWarmupPeriodEnd",
    "played": "m_totalRoundsPlayed",
}


def _entities(demo: Any, fields: list[str]) -> pl.DataFrame | None:
    """None where awpy cannot follow this file's entities (it then refuses all of them)."""
    try:
        table: pl.DataFrame = demo.ticks(fields, players_only=False)
    except Exception:  # awpy's own errors share no base class; the HUD then leaves these fields blank
        return None
    return table


def rules_of(demo: Any) -> pl.DataFrame | None:
    """Phase, clock, scores and the round's number per tick; None where the entities cannot be read.

    The clock counts from the moment the freeze time ends (``m_fRoundStartTime``, in server seconds) for
    ``m_iRoundTime`` seconds; server seconds are the players' ``m_nTickBase`` at 64 per second.
    """
    fields = ["m_iTeamNum", "m_iScore", "m_nTickBase", *[_RULES + name for name in _RULE_FIELDS.values()]]
    raw = _entities(demo, fields)
    if raw is None:
        return None
    proxy = raw.filter(pl.col("class_name") == "CCSGameRulesProxy").select(
        pl.col("tick").cast(pl.Int32),
        *[pl.col(_RULES + name).cast(pl.Float64, strict=False).alias(key) for key, name in _RULE_FIELDS.items()],
    )
    server = raw.filter(pl.col("m_nTickBase").cast(pl.Float64, strict=False) > 0)
    offset = server.group_by("tick").agg((pl.col("m_nTickBase").max() - pl.col("tick").first()).alias("offset"))
    ahead = offset["offset"].cast(pl.Float64, strict=False).median()
    now = (pl.col("tick") + pl.lit(ahead, pl.Float64)) / SERVER_TICKS
    timed = proxy.with_columns(phase=_phase()).with_columns(
        clock_s=pl.when(pl.col("phase") == "warmup")
        .then(pl.col("warmup_end") - now)
        .when(pl.col("phase") == "freeze")
        .then(pl.col("round_start") - now)
        .when(pl.col("phase") == "live")
        .then(pl.col("round_start") + pl.col("round_time") - now)
    )
    over = pl.col("phase") == "over"
    return (
        timed.with_columns(
            clock_s=pl.when(pl.col("clock_s") >= 0).then(pl.col("clock_s")),
            round_number=(pl.col("played") + pl.when(over).then(0).otherwise(1)).cast(pl.Int16),
            winner=pl.when(over & (pl.col("win_status") == 3))
            .then(pl.lit("CT"))
            .when(over & (pl.col("win_status") == 2))
            .then(pl.lit("T")),
        )
        .join(_score(raw, 3, "score_ct"), on="tick", how="left")
        .join(_score(raw, 2, "score_t"), on="tick", how="left")
        .select("tick", "phase", "clock_s", "score_ct", "score_t", "round_number", "winner")
        .sort("tick")
    )


def _phase() -> pl.Expr:
    return (
        pl.when(pl.col("warmup") == 1)
        .then(pl.lit("warmup"))
        .when(pl.col("win_status").fill_null(0) != 0)
        .then(pl.lit("over"))
        .when(pl.col("planted") == 1)
        .then(pl.lit("planted"))
        .when(pl.col("freeze") == 1)
        .then(pl.lit("freeze"))
        .when(pl.col("freeze") == 0)
        .then(pl.lit("live"))
    )


def _score(raw: pl.DataFrame, team: int, name: str) -> pl.DataFrame:
    teams = raw.filter(
        (pl.col("class_name") == "CCSTeam") & (pl.col("m_iTeamNum").cast(pl.Int64, strict=False) == team)
    )
    return teams.select(pl.col("tick").cast(pl.Int32), pl.col("m_iScore").cast(pl.Int16, strict=False).alias(name))
