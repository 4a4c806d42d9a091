"""The match at single ticks, out of keyframes: what the game's rules and the two teams say of themselves."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

import polars as pl

from apps.demos.parsing.match.evidence import RULE_FIELDS, RULES, TEAM_FIELDS

CT, T = 3, 2  # m_iTeamNum
_FLAGS = (
    "m_bWarmupPeriod", "m_bFreezePeriod", "m_bBombPlanted", "m_bTerroristTimeOutActive", "m_bCTTimeOutActive",
    "m_bTechnicalTimeOut", "m_bMatchWaitingForResume",
)  # fmt: skip


@dataclass(frozen=True)
class Moment:
    """One tick. ``freeze_end`` is the tick on which this round's clock starts or started, as the game has it now."""

    tick: int
    warmup: bool = False
    freeze: bool = False
    over: bool = False  # the round is decided
    planted: bool = False
    paused: bool = False
    played: int | None = None  # rounds
    score_ct: int | None = None
    score_t: int | None = None
    freeze_end: int | None = None
    clan_ct: str = ""
    clan_t: str = ""

    @property
    def phase(self) -> str:
        if self.warmup:
            return "warmup"
        if self.freeze:
            return "freeze"
        return "over" if self.over else "planted" if self.planted else "live"


def moments(keyframes: pl.DataFrame | None, tick_rate: float) -> list[Moment]:
    """What the keyframes say, in order; of equal ones in a row the first and the last. Empty where they say nothing."""
    if keyframes is None or not {"tick", "class_name", RULES + "m_bFreezePeriod"} <= set(keyframes.columns):
        return []
    game = _whole(keyframes, RULE_FIELDS).filter(
        pl.col("class_name") == "CCSGameRulesProxy", pl.col(RULES + "m_bFreezePeriod").is_not_null()
    )
    teams = _teams(keyframes)
    ahead = _ahead(keyframes)
    found = [
        _moment(row, teams.get(int(row["tick"]), {}), ahead, tick_rate)
        for row in game.unique("tick", keep="first").sort("tick").iter_rows(named=True)
    ]
    return list(_ends_of_runs(found))


def _ends_of_runs(found: list[Moment]) -> Iterable[Moment]:
    for _, run in groupby(found, key=lambda one: tuple(value for name, value in vars(one).items() if name != "tick")):
        same = list(run)
        yield same[0]
        if len(same) > 1:
            yield same[-1]


def _whole(frame: pl.DataFrame, names: Iterable[str]) -> pl.DataFrame:
    """With a null column for every field the recording does not have."""
    return frame.with_columns(pl.lit(None, pl.Int64).alias(name) for name in names if name not in frame.columns)


def _moment(
    row: dict[str, object], teams: dict[int, tuple[int | None, str]], ahead: float | None, rate: float
) -> Moment:
    flags = {name: bool(row[RULES + name]) for name in _FLAGS}
    start = _number(row[RULES + "m_fRoundStartTime"])
    score = {side: teams.get(side, (None, "")) for side in (CT, T)}
    return Moment(
        tick=int(row["tick"]),  # type: ignore[call-overload]
        warmup=flags["m_bWarmupPeriod"],
        freeze=flags["m_bFreezePeriod"],
        over=(_number(row[RULES + "m_iRoundWinStatus"]) or 0) > 0,
        planted=flags["m_bBombPlanted"],
        paused=any(flags[name] for name in _FLAGS[3:]),
        played=_count(row[RULES + "m_totalRoundsPlayed"]),
        score_ct=score[CT][0],
        score_t=score[T][0],
        freeze_end=round(start * rate - ahead) if start and ahead is not None else None,
        clan_ct=score[CT][1],
        clan_t=score[T][1],
    )


def _teams(keyframes: pl.DataFrame) -> dict[int, dict[int, tuple[int | None, str]]]:
    """Tick → team number → score and clan name."""
    rows = _whole(keyframes, TEAM_FIELDS).filter(pl.col("class_name") == "CCSTeam").select("tick", *TEAM_FIELDS)
    found: dict[int, dict[int, tuple[int | None, str]]] = {}
    for tick, number, score, clan in rows.iter_rows():
        team = _count(number)
        if team in (CT, T):
            found.setdefault(int(tick), {}).setdefault(team, (_count(score), str(clan or "").strip()[:150]))
    return found


def _ahead(keyframes: pl.DataFrame) -> float | None:
    """How far the server's tick is ahead of the recording's: the controllers' ``m_nTickBase`` says the former."""
    if "m_nTickBase" not in keyframes.columns:
        return None
    now = pl.col("m_nTickBase").cast(pl.Int64, strict=False)
    bases = keyframes.filter(now > 0).select(now - pl.col("tick").cast(pl.Int64))  # 0: nobody sits there
    middle = bases.to_series().median()
    return float(middle) if isinstance(middle, int | float) else None


def _number(value: object) -> float | None:
    try:
        return None if value is None else float(str(value))
    except ValueError:
        return None


def _count(value: object) -> int | None:
    number = _number(value)
    return int(number) if number is not None and 0 <= number < 1000 else None
