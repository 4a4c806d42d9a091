"""The tables ``rules`` and ``plants`` against the entities of the rules, the teams and the bomb, at every tick."""

from dataclasses import dataclass
from typing import Any

import polars as pl

from apps.simulation.demofile.comparing.differences import Difference, of_histories
from apps.simulation.demofile.comparing.entities import CELLS, SPOT, changes, differences, flag, origin, read, slot_of
from apps.simulation.demofile.comparing.recorded import Recorded
from apps.simulation.truth.match import Team

_GAME = "m_pGameRules."
# column of the table → field of the entity
_RULES = {
    "freeze": "m_bFreezePeriod", "warmup": "m_bWarmupPeriod", "paused": "m_bMatchWaitingForResume",
    "round_time_s": "m_iRoundTime", "round_start_s": "m_fRoundStartTime", "game_phase": "m_gamePhase",
    "rounds_played": "m_totalRoundsPlayed", "overtime": "m_nOvertimePlaying", "bomb_planted": "m_bBombPlanted",
    "win_status": "m_iRoundWinStatus", "win_reason": "m_eRoundWinReason",
}  # fmt: skip
_TIMEOUTS = {"t": "m_bTerroristTimeOutActive", "ct": "m_bCTTimeOutActive", "technical": "m_bTechnicalTimeOut"}
_PLANTED: dict[str, Any] = {
    "thing": pl.String, "tick": pl.Int64, "there": pl.Boolean, "ticking": pl.Boolean, "outcome": pl.String,
    "defuser": pl.Int16, "site": pl.String, "planter": pl.Int16, **SPOT,
}  # fmt: skip


_RULES_FIELDS = [_GAME + name for name in (*_RULES.values(), *_TIMEOUTS.values())]
_TEAM_FIELDS = ["m_iTeamNum", "m_iScore", "m_szClanTeamname"]
_BOMB_FIELDS = [
    "m_nBombSite", "m_bBombTicking", "m_bHasExploded", "m_bBombDefused", "m_hBombDefuser", "m_hOwnerEntity", *CELLS,
]  # fmt: skip


@dataclass(frozen=True)
class Rules:
    rules: pl.DataFrame
    teams: pl.DataFrame
    bombs: pl.DataFrame


def rules_in(demo: Any) -> Rules:
    raw = read(demo, _RULES_FIELDS, _TEAM_FIELDS, _BOMB_FIELDS)
    return Rules(
        changes(raw, ["CCSGameRulesProxy"], _RULES_FIELDS),
        changes(raw, ["CCSTeam"], _TEAM_FIELDS),
        changes(raw, ["CPlantedC4"], _BOMB_FIELDS),
    )


def of_rules(recorded: Recorded, entities: Rules) -> list[Difference]:
    table = recorded.shown("rules").unique("tick", keep="last", maintain_order=True)
    if table.is_empty():
        return []
    expected = table.select(pl.lit("rules").alias("thing"), "tick", *_RULES, "timeout")
    raw = entities.rules.filter(pl.col("tick") >= table["tick"][0])
    timeout = pl.lit("")
    for word, name in _TIMEOUTS.items():
        timeout = pl.when(flag(_GAME + name)).then(pl.lit(word)).otherwise(timeout)
    found = raw.select(
        pl.lit("rules").alias("thing"),
        "tick",
        *(pl.col(_GAME + name).cast(expected.schema[key]).alias(key) for key, name in _RULES.items()),
        timeout=timeout,
    )
    return [*of_histories("rules", expected, found), *_of_teams(recorded, entities, table)]


def _of_teams(recorded: Recorded, entities: Rules, table: pl.DataFrame) -> list[Difference]:
    """By side: score and the name of the roster that plays it."""
    rosters = dict(enumerate(recorded.truth.header.rosters))
    first = pl.col("side_0").cast(pl.Int64)
    parts = []
    for side in (Team.T, Team.CT):
        mine = pl.when(first == int(side)).then(0).otherwise(1)
        parts.append(
            table.select(
                pl.lit(side.name).alias("thing"),
                "tick",
                score=pl.when(mine == 0).then(pl.col("score_0")).otherwise(pl.col("score_1")),
                roster=mine.replace_strict(rosters, return_dtype=pl.String),
            )
        )
    raw = entities.teams
    sides = {int(side): side.name for side in (Team.T, Team.CT)}
    found = raw.filter(pl.col("m_iTeamNum").is_in(list(sides)), pl.col("tick") >= table["tick"][0]).select(
        pl.col("m_iTeamNum").cast(pl.Int64).replace_strict(sides, return_dtype=pl.String).alias("thing"), "tick",
        score=pl.col("m_iScore"), roster=pl.col("m_szClanTeamname"),
    )  # fmt: skip
    return of_histories("rules (teams)", pl.concat(parts), found)


def of_plants(recorded: Recorded, entities: Rules) -> list[Difference]:
    """The planted bomb is there until the next round starts."""
    starts = recorded.truth.tables["rounds"]["start_tick"].drop_nulls().to_list()
    rows: list[tuple[object, ...]] = []
    names: list[str] = []
    for one in recorded.truth.tables["plants"].iter_rows(named=True):
        first, over = recorded.tick(one["from_tick"]), recorded.tick(one["to_tick"])
        gone = recorded.tick(min((tick for tick in starts if tick > one["from_tick"]), default=None))
        if first is None or (gone is not None and gone <= first):
            continue
        names.append(f"bomb planted at {one['from_tick']}")
        planter, defuser = (one[who] if one[who] in recorded.columns else -1 for who in ("planter", "defuser"))
        place = (one["site"], planter, one["x"], one["y"], one["z"])
        rows.append((names[-1], first, True, True, "", -1, *place))
        if over is not None and (gone is None or over < gone) and one["outcome"] != "round_over":
            rows.append((names[-1], over, True, False, one["outcome"], defuser, *place))
        if gone is not None:
            rows.append((names[-1], gone, False, None, None, None, *place))
    found = entities.bombs.with_columns(
        ticking=flag("m_bBombTicking"),
        outcome=pl.when(flag("m_bHasExploded")).then(pl.lit("exploded"))
        .when(flag("m_bBombDefused")).then(pl.lit("defused")).otherwise(pl.lit("")),
        defuser=pl.when(flag("m_bBombDefused")).then(slot_of("m_hBombDefuser")).otherwise(-1),  # else who is at it
        planter=slot_of("m_hOwnerEntity"),
        site=pl.when(pl.col("m_nBombSite").cast(pl.Int64) == 1).then(pl.lit("B")).otherwise(pl.lit("A")), **origin(),
    )  # fmt: skip
    return differences("plants", names, pl.DataFrame(rows, schema=_PLANTED, orient="row"), found)
