"""Open a ``.dem`` with awpy and bring it into the shape the simulated game plays from."""

from pathlib import Path

import polars as pl
from awpy import Demo

from apps.simulation.recording import PLAYER_COLUMNS, RULES_COLUMNS, Recording

SERVER_TICKS = 64.0  # CS2 servers always run at 64; the recording's own rate may be lower
_INDEX = 0x3FFF  # an entity handle's lower 14 bits are the entity's index
_RULES = "m_pGameRules."
_RULE_FIELDS = {
    "warmup": "m_bWarmupPeriod",
    "freeze": "m_bFreezePeriod",
    "planted": "m_bBombPlanted",
    "win_status": "m_iRoundWinStatus",
    "round_start": "m_fRoundStartTime",
    "round_time": "m_iRoundTime",
    "warmup_end": "m_fWarmupPeriodEnd",
}
# The array below is not readable by name in awpy 3.1; asking costs nothing and another build may answer.
_RESERVE = "m_pReserveAmmo.0000"


class UnreadableRecording(Exception):
    """The file is no recording this client can play; the message says why."""


def read(path: Path) -> Recording:
    """Read the whole recording once.

    Raises:
        UnreadableRecording: not a CS2 recording, damaged, or without a single player.
    """
    try:
        demo = Demo(str(path))
        header = demo.header
        rate = float(demo.tick_rate)
        players = _players(demo)
    except Exception as error:  # awpy's own errors share no base class
        raise UnreadableRecording(str(error)) from error
    raw = _raw(demo)
    if raw is not None:
        players = _with_ammunition(players, raw)
    rules = _rules(raw) if raw is not None else None
    if players.is_empty():
        raise UnreadableRecording("the recording holds no player")
    return Recording(
        header.get("map_name") or "",
        rate,
        players.select("tick", *PLAYER_COLUMNS).sort("tick", "slot"),
        rules if rules is not None else _no_rules(),
    )


def _players(demo: Demo) -> pl.DataFrame:
    """One row per tick and player. awpy's two player tables come in the same order; that is checked, then used."""
    known: pl.DataFrame = demo.snapshots(every=1)
    raw: pl.DataFrame = demo.ticks(
        [
            "name",
            "m_hController",
            "m_szLastPlaceName",
            "m_lifeState",
            "m_pMovementServices.m_flDuckAmount",
            "m_pWeaponServices.m_hActiveWeapon",
        ]
    )
    same = known.height == raw.height and known.select("tick", "steamid", "name").cast(pl.String).equals(
        raw.select("tick", "steamid", "name").cast(pl.String)
    )
    if not same:
        raise UnreadableRecording("the players' tables of this file do not match")
    life = raw["m_lifeState"].cast(pl.Int64, strict=False).fill_null(0)
    return (
        known.select(
            pl.col("tick").cast(pl.Int64),
            raw["m_hController"].cast(pl.Int64, strict=False).alias("controller") & _INDEX,
            pl.col("name").fill_null(""),
            pl.col("side").replace_strict({"counter-terrorist": "CT", "terrorist": "T"}, default=None).alias("side"),
            *[pl.col(name).cast(pl.Float64) for name in ("x", "y", "z", "yaw", "pitch")],
            pl.when(pl.lit(life) == 0).then(pl.col("health").fill_null(0)).otherwise(0).alias("health"),
            pl.col("armor").fill_null(0),
            pl.col("has_helmet").fill_null(False),
            pl.col("has_defuser").fill_null(False),
            "money",
            "active_weapon",
            pl.col("inventory").fill_null("").str.split(",").list.filter(pl.element() != "").alias("inventory"),
            raw["m_szLastPlaceName"].cast(pl.String).fill_null("").alias("place"),
            raw["m_pMovementServices.m_flDuckAmount"].cast(pl.Float64, strict=False).fill_null(0.0).alias("duck"),
            pl.col("flash_duration").cast(pl.Float64).fill_null(0.0),
            (raw["m_pWeaponServices.m_hActiveWeapon"].cast(pl.Int64, strict=False) & _INDEX).alias("weapon_entity"),
            pl.lit(None, pl.Int64).alias("clip"),
            pl.lit(None, pl.Int64).alias("reserve"),
        )
        .with_columns(slot=pl.col("controller") - 1)
        .drop_nulls(["controller", "side", "x", "y", "z", "yaw", "pitch"])
    )


def _raw(demo: Demo) -> pl.DataFrame | None:
    """Weapons, teams and rules; None where awpy cannot follow this file's entities (it then refuses all of them)."""
    fields = ["m_iClip1", _RESERVE, "m_iTeamNum", "m_iScore", "m_nTickBase"]
    fields += [_RULES + name for name in _RULE_FIELDS.values()]
    try:
        raw: pl.DataFrame = demo.ticks(fields, players_only=False)
    except Exception:  # awpy's own errors share no base class; the HUD then leaves these fields blank
        return None
    return raw


def _with_ammunition(players: pl.DataFrame, raw: pl.DataFrame) -> pl.DataFrame:
    weapons = raw.filter(pl.col("m_iClip1").is_not_null()).select(
        pl.col("tick").cast(pl.Int64),
        pl.col("entity_id").cast(pl.Int64).alias("weapon_entity"),
        pl.col("m_iClip1").cast(pl.Int64, strict=False).alias("clip"),
        pl.col(_RESERVE).cast(pl.Int64, strict=False).alias("reserve"),
    )
    return players.drop("clip", "reserve").join(weapons, on=["tick", "weapon_entity"], how="left")


def _rules(raw: pl.DataFrame) -> pl.DataFrame:
    """Phase, clock and scores per tick.

    The clock counts from the moment the freeze time ends (``m_fRoundStartTime``, in server seconds) for
    ``m_iRoundTime`` seconds; server seconds are the players' ``m_nTickBase`` at 64 per second.
    """
    proxy = raw.filter(pl.col("class_name") == "CCSGameRulesProxy").select(
        pl.col("tick").cast(pl.Int64),
        *[pl.col(_RULES + name).cast(pl.Float64, strict=False).alias(key) for key, name in _RULE_FIELDS.items()],
    )
    server = raw.filter(pl.col("m_nTickBase").cast(pl.Float64, strict=False) > 0)
    offset = server.group_by("tick").agg((pl.col("m_nTickBase").max() - pl.col("tick").first()).alias("offset"))
    ahead = offset["offset"].cast(pl.Float64, strict=False).median()
    now = (pl.col("tick") + pl.lit(ahead, pl.Float64)) / SERVER_TICKS
    phase = (
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
    timed = proxy.with_columns(phase=phase).with_columns(
        clock_s=pl.when(pl.col("phase") == "warmup")
        .then(pl.col("warmup_end") - now)
        .when(pl.col("phase") == "freeze")
        .then(pl.col("round_start") - now)
        .when(pl.col("phase") == "live")
        .then(pl.col("round_start") + pl.col("round_time") - now)
    )
    return (
        timed.with_columns(clock_s=pl.when(pl.col("clock_s") >= 0).then(pl.col("clock_s")))
        .join(_score(raw, 3, "score_ct"), on="tick", how="left")
        .join(_score(raw, 2, "score_t"), on="tick", how="left")
        .select("tick", *RULES_COLUMNS)
        .sort("tick")
    )


def _score(raw: pl.DataFrame, team: int, name: str) -> pl.DataFrame:
    teams = raw.filter(
        (pl.col("class_name") == "CCSTeam") & (pl.col("m_iTeamNum").cast(pl.Int64, strict=False) == team)
    )
    return teams.select(pl.col("tick").cast(pl.Int64), pl.col("m_iScore").cast(pl.Int64, strict=False).alias(name))


def _no_rules() -> pl.DataFrame:
    return pl.DataFrame(schema={"tick": pl.Int64, **dict.fromkeys(RULES_COLUMNS, pl.Null)})
