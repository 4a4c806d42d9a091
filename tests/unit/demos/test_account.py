"""Whatever was found in a recording, in whatever combination, its account is whole and consistent."""

from dataclasses import replace
from itertools import pairwise

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.demos.parsing.match import rules
from apps.demos.parsing.match.account import Account, account
from apps.demos.parsing.match.evidence import EVENTS, RULES, Evidence
from apps.demos.parsing.reading import states

LAST = 6000
TICK = st.integers(-10, LAST + 10)
EVENT_KEYS = {"round_end": ("winner", "reason"), "bomb_planted": ("userid", "site")}
PLAIN = [name for name in EVENTS if name.startswith(("round_", "begin", "cs_", "bomb_"))]
PEOPLE = ("player_spawn", "player_death")


@st.composite
def raw_events(draw: st.DrawFn) -> dict[str, pl.DataFrame]:
    found = {}
    for name in draw(st.lists(st.sampled_from([*PLAIN, *PEOPLE]), unique=True, max_size=8)):
        ticks = draw(st.lists(TICK, max_size=6))
        columns: dict[str, list[str]] = {}
        for key in EVENT_KEYS.get(name, ("userid",) if name in PEOPLE else ()):
            words = st.sampled_from(["0", "1", "2", "3", "7", "8", "9", "12", "16", "", "x"])
            columns[key] = draw(st.lists(words, min_size=len(ticks), max_size=len(ticks)))
        found[name] = pl.DataFrame(
            {"tick": ticks, **columns}, schema={"tick": pl.Int64, **dict.fromkeys(columns, pl.String)}
        )
    return found


@st.composite
def awpy_rounds(draw: st.DrawFn) -> pl.DataFrame:
    ticks = st.none() | TICK
    rows = draw(
        st.lists(
            st.tuples(
                st.integers(1, 30), ticks, ticks, ticks,
                st.sampled_from(["counter-terrorist", "terrorist", "unassigned"]), st.sampled_from(["ct_win", "draw"]),
                st.booleans(),
            ),
            max_size=5,
        )
    )  # fmt: skip
    return pl.DataFrame(
        rows,
        schema={
            "round_num": pl.Int32, "start_tick": pl.Int32, "freeze_end_tick": pl.Int32, "end_tick": pl.Int32,
            "winner_side": pl.String, "reason_name": pl.String, "is_knife_round": pl.Boolean,
        },
        orient="row",
    )  # fmt: skip


@st.composite
def keyframes(draw: st.DrawFn) -> pl.DataFrame:
    rows: list[dict[str, object]] = []
    for tick in sorted(draw(st.sets(st.integers(0, LAST), max_size=5))):
        rows.append(
            {
                "tick": tick,
                "class_name": "CCSGameRulesProxy",
                RULES + "m_bFreezePeriod": draw(st.booleans()),
                RULES + "m_bWarmupPeriod": draw(st.booleans()),
                RULES + "m_totalRoundsPlayed": draw(st.none() | st.integers(-1, 40)),
                RULES + "m_fRoundStartTime": draw(st.none() | st.floats(0, 200)),
                RULES + "m_iRoundWinStatus": draw(st.sampled_from([0, 2, 3])),
            }
        )
        for team in draw(st.sets(st.sampled_from([0, 2, 3]))):
            rows.append(
                {"tick": tick, "class_name": "CCSTeam", "m_iTeamNum": team, "m_iScore": draw(st.integers(0, 20))}
            )
    return pl.DataFrame(rows, infer_schema_length=None) if rows else pl.DataFrame({"tick": [], "class_name": []})


@st.composite
def player_states(draw: st.DrawFn) -> pl.DataFrame:
    rows = []
    for slot in range(draw(st.integers(0, 6))):
        change = draw(st.integers(0, LAST))
        for tick in range(0, LAST + 1, 500):
            side = "CT" if (slot % 2 == 0) == (tick < change) else "T"
            rows.append(
                {
                    "tick": tick, "slot": slot, "steamid": slot, "name": f"p{slot}", "side": side, "x": float(tick),
                    "y": 0.0, "z": 0.0, "health": draw(st.sampled_from([0, 100])), "money": 800 * (slot % 2),
                    "equipment_value": 200, "inventory": draw(st.sampled_from([["knife"], ["knife", "ak47"], None])),
                    "has_bomb": slot == 1, "place_name": draw(st.sampled_from(["BombsiteA", "BombsiteB", None])),
                }
            )  # fmt: skip
    return (
        pl.concat([states.empty(), pl.DataFrame(rows, schema_overrides=states.SCHEMA)], how="diagonal")
        if rows
        else states.empty()
    )


EVIDENCE = st.builds(
    Evidence,
    map_name=st.sampled_from(["de_nuke", "cs_office", ""]),
    last_tick=st.just(LAST),
    convars=st.fixed_dictionaries(
        {},
        optional={
            "mp_maxrounds": st.sampled_from(["2", "24", "x"]),
            "mp_freezetime": st.sampled_from(["15", "0", "nan"]),
        },
    ),
    rounds=st.none() | awpy_rounds(),
    events=raw_events(),
    states=player_states(),
    keyframes=st.none() | keyframes(),
)


@given(EVIDENCE)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_an_account_is_whole_whatever_was_found(evidence: Evidence) -> None:
    found = account(evidence)
    consistent(found, evidence)


def consistent(found: Account, evidence: Evidence) -> None:
    rows = found.rounds
    assert [row.ordinal for row in rows] == list(range(1, len(rows) + 1))
    bounds = [(row.start_tick, row.end_tick) for row in rows]
    assert all(evidence.first_tick <= start <= end <= evidence.last_tick for start, end in bounds)
    assert all(end < start for (_, end), (start, _) in pairwise(bounds))
    assert all(row.freeze_end_tick is None or row.start_tick <= row.freeze_end_tick <= row.end_tick for row in rows)
    counted = [row for row in rows if not row.not_counted]
    begun = sum(team.start_score for team in found.teams)
    assert [row.number for row in counted] == list(range(begun + 1, begun + 1 + len(counted)))
    assert all(row.number is None for row in rows if row.not_counted)
    for team in found.teams:
        assert team.score == team.start_score + sum(row.winner_roster == team.roster for row in counted)
    assert found.rules.schema == rules.SCHEMA
    assert found.rules["tick"].is_sorted()
    assert found.rules["tick"].n_unique() == found.rules.height
    assert found.rules["tick"].is_between(evidence.first_tick, evidence.last_tick).all()
    assert set(found.rosters.values()) <= {0, 1}


def test_of_nothing_there_is_one_partial_round() -> None:
    found = account(Evidence(first_tick=5, last_tick=90))
    (row,) = found.rounds
    assert (row.number, row.start_tick, row.end_tick, row.is_partial, row.not_counted) == (1, 5, 90, True, "")
    assert found.warnings == [rules.LOST]


def event(*ticks: int, **keys: list[str]) -> pl.DataFrame:
    return pl.DataFrame({"tick": ticks, **keys})


MATCH = Evidence(
    last_tick=LAST,
    convars={"mp_maxrounds": "24", "mp_freezetime": "2"},
    events={
        "round_start": event(100, 1100, 2100),
        "round_freeze_end": event(228, 1228, 2228),
        "round_end": event(900, 1900, winner=["3", "2"], reason=["8", "9"]),
    },
)


def test_events_alone_make_rounds() -> None:
    found = account(MATCH)
    assert [(row.number, row.winner_side, row.end_reason, row.is_partial) for row in found.rounds] == [
        (1, "CT", "ct_win", False), (2, "T", "terrorists_win", False), (3, "", "", True),
    ]  # fmt: skip
    assert [(team.score, team.start_score) for team in found.teams] == [(1, 0), (1, 0)]


def test_a_falling_count_voids_what_was_played_since() -> None:
    def with_rounds(*numbers: int) -> list[tuple[int | None, str]]:
        rows = [(at, start, end) for at, (start, end) in zip(numbers, ((100, 900), (1100, 1900)), strict=True)]
        table = pl.DataFrame(rows, schema=["round_num", "start_tick", "end_tick"], orient="row")
        found = account(
            replace(MATCH, rounds=table.with_columns(winner_side=pl.lit("terrorist"), freeze_end_tick=None))
        )
        return [(row.number, row.not_counted) for row in found.rounds]

    assert with_rounds(1, 2) == [(1, ""), (2, ""), (3, "")]
    assert with_rounds(1, 1) == [(None, "restarted"), (1, ""), (2, "")]
    assert with_rounds(5, 4) == [(None, "restored"), (1, ""), (2, "")]


def test_what_follows_the_end_of_the_match_is_no_round_of_it() -> None:
    over = {**MATCH.events, "cs_win_panel_match": event(1950)}
    found = account(replace(MATCH, events=over))
    assert [row.not_counted for row in found.rounds] == ["", "", "warmup"]
