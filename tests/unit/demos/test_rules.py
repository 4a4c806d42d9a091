"""The table of phase, clock, score and bomb."""

import polars as pl
import pytest

from apps.demos.parsing.match import clock, rules, settings
from apps.demos.parsing.match.clock import Mark, Times
from apps.demos.parsing.match.moments import moments
from apps.demos.parsing.match.stretches import Stretch


def test_rows_where_something_changes_and_while_a_clock_runs() -> None:
    marks = [
        (Mark(0, "freeze", (32, 0.0)), 3, 2),
        (Mark(32, "live", (32, 115.0)), 3, 2),
        (Mark(50, "planted"), 3, 2),
        (Mark(60, "over"), 4, 2),
    ]
    bomb = rules.bomb_marks(
        [(50, "planted"), (60, "defused")], held((0, True), (40, False), (45, True), (50, False)), [0]
    )
    table = rules.table(marks, bomb, first_tick=0, last_tick=200, tick_rate=64, bomb_timer_s=40)
    assert table.schema == rules.SCHEMA
    assert table["tick"].is_sorted()
    assert table.height < 30
    every = rules.every_tick(table, 0, 200, 64)
    assert every.height == 201
    at = {row["tick"]: row for row in every.iter_rows(named=True)}
    assert at[0]["clock_s"] == pytest.approx(0.5)
    assert at[33]["clock_s"] == pytest.approx(115 - 1 / 64)
    assert [at[tick]["bomb_status"] for tick in (39, 40, 45, 50, 60, 200)] == [
        "carried", "dropped", "carried", "planted", "defused", "defused",
    ]  # fmt: skip
    assert at[51]["bomb_s"] == pytest.approx(40 - 1 / 64)
    assert at[51]["clock_s"] is None
    assert at[60]["bomb_s"] is None
    assert (at[59]["score_ct"], at[60]["score_ct"], at[200]["score_t"]) == (3, 4, 2)


def held(*changes: tuple[int, bool]) -> pl.DataFrame:
    return pl.DataFrame(changes, schema={"tick": pl.Int32, "has_bomb": pl.Boolean}, orient="row")


def test_without_anything_known_all_is_null() -> None:
    table = rules.unknown(1, 3)
    assert table.schema == rules.SCHEMA
    assert table["phase"].null_count() == table["clock_s"].null_count() == table.height == 3


def test_a_round_begun_before_the_recording_has_the_clock_of_its_keyframe() -> None:
    """The server is 640 ticks ahead of the recording and the round went live at second 9: 64 ticks before it."""
    told = moments(keyframe(100, start_s=9.0, ahead=640), 64)
    marks = clock.marks(Stretch(1, 500, begun=False, decided=400), None, Times(), told, 64, warmup=False)
    assert marks[0] == Mark(1, "live", (-64, 115.0))
    assert marks[-1] == Mark(400, "over")


def keyframe(tick: int, *, start_s: float, ahead: int) -> pl.DataFrame:
    game = {"tick": tick, "class_name": "CCSGameRulesProxy", "m_pGameRules.m_bFreezePeriod": False}
    game |= {"m_pGameRules.m_fRoundStartTime": start_s, "m_pGameRules.m_totalRoundsPlayed": 4}
    seats = [{"tick": tick, "class_name": "CCSPlayerController", "m_nTickBase": base} for base in (tick + ahead, 0)]
    teams = [
        {"tick": tick, "class_name": "CCSTeam", "m_iTeamNum": number, "m_iScore": score, "m_szClanTeamname": name}
        for number, score, name in ((3, 3, " Owls "), (2, 1, "Foxes"), (1, 0, None))
    ]
    return pl.DataFrame([game, *seats, *teams], infer_schema_length=None)


def test_a_keyframe_tells_the_count_the_score_and_the_names() -> None:
    (one,) = moments(keyframe(100, start_s=9.0, ahead=640), 64)
    assert (one.played, one.score_ct, one.score_t, one.clan_ct, one.clan_t) == (4, 3, 1, "Owls", "Foxes")
    assert (one.phase, one.freeze_end) == ("live", -64)
    assert moments(None, 64) == moments(pl.DataFrame({"tick": [1], "class_name": ["CWorld"]}), 64) == []


def test_an_interrupted_freeze_time_has_no_clock_and_its_pause_is_known() -> None:
    one = Stretch(0, 5000, freeze_end=64 * 45)
    known = Times(freeze=15.0)
    assert clock.paused_s(one, known, 64) == 30.0
    assert clock.marks(one, None, known, [], 64, warmup=False) == [
        Mark(0, "freeze"),
        Mark(2880, "live", (2880, 115.0)),
    ]


@pytest.mark.parametrize(
    ("map_name", "convars", "seconds"),
    [
        ("de_nuke", {"mp_roundtime_defuse": "1.92", "mp_roundtime": "5"}, 115),
        ("cs_office", {"mp_roundtime_hostage": "2", "mp_roundtime_defuse": "1.92"}, 120),
        ("de_nuke", {"mp_roundtime": "10"}, 600),
        ("de_nuke", {"mp_roundtime_defuse": "nan", "mp_roundtime": "1e9"}, 115),
        ("de_nuke", {}, 115),
    ],
)
def test_the_length_of_a_round_is_the_servers(map_name: str, convars: dict[str, str], seconds: float) -> None:
    assert settings.live_s(map_name, convars) == seconds


def test_a_recording_whose_ticks_jump_by_a_year_costs_no_row_for_each() -> None:
    far = 2_000_000_000
    marks = [(Mark(0, "live", (0, 115.0)), 0, 0), (Mark(far, "live", (far, 1e9)), 0, 0)]
    table = rules.table(marks, [], first_tick=0, last_tick=far + 1000, tick_rate=64, bomb_timer_s=40)
    assert table.height < 10_000
    late = rules.every_tick(table, far, far + 64, 64)
    assert late["clock_s"][-1] == pytest.approx(1e9, rel=1e-6)
    assert rules.every_tick(table, 200 * 64, 200 * 64, 64)["clock_s"][0] == 0
