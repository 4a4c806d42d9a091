"""The table of phase, clock, score and bomb."""

import polars as pl
import pytest

from apps.demos.parsing import rules
from apps.demos.parsing.rounds import RoundRow


def entities() -> pl.DataFrame:
    """Four ticks of a round, 64 per second; the server is 640 ticks (10 s) ahead; it goes live at second 11."""
    rows = []
    for tick in (1, 64, 65, 128):
        game = dict.fromkeys(rules.GAME_FIELDS, False)
        game |= {
            rules.RULES + "m_bFreezePeriod": tick < 64,
            rules.RULES + "m_fRoundStartTime": 11.0,
            rules.RULES + "m_iRoundTime": 115,
            rules.RULES + "m_iRoundWinStatus": 0,
            rules.RULES + "m_bBombPlanted": tick == 128,
        }
        rows.append({"tick": tick, "class_name": "CCSGameRulesProxy", **game})
        rows.append({"tick": tick, "class_name": "CCSTeam", "m_iTeamNum": 3, "m_iScore": 7})
        rows.append({"tick": tick, "class_name": "CCSTeam", "m_iTeamNum": 2, "m_iScore": 5})
        rows.append({"tick": tick, "class_name": "CCSPlayerController", "m_nTickBase": tick + 640})
    return pl.DataFrame(rows, infer_schema_length=None)


def test_from_entities() -> None:
    table = rules.from_entities(entities(), tick_rate=64)
    assert table is not None
    assert table["phase"].to_list() == ["freeze", "live", "live", "planted"]
    assert table["clock_s"].to_list() == pytest.approx([63 / 64, 115, 115 - 1 / 64, None])
    assert table.row(0)[3:5] == (7, 5)
    assert table.schema == rules.SCHEMA


def test_no_rules_entity_means_unknown() -> None:
    assert rules.from_entities(entities().filter(pl.col("class_name") == "CCSTeam"), tick_rate=64) is None
    table = rules.unknown(1, 3)
    assert table.height == 3
    assert table["phase"].null_count() == 3
    assert table.schema == rules.SCHEMA


def test_from_rounds() -> None:
    row = RoundRow(1, 1, 11, 21, 100, winner_side="CT", score_ct=2, score_t=1)
    bomb = pl.DataFrame({"tick": [60, 100], "event": ["finish_plant", "defuse"]})
    table = rules.from_rounds([row], bomb, first_tick=1, last_tick=110, tick_rate=10, length_s=115)
    at = {line["tick"]: line for line in table.iter_rows(named=True)}
    assert at[5]["phase"] is None
    assert at[11]["phase"] == "freeze"
    assert (at[31]["phase"], at[31]["clock_s"], at[31]["score_ct"]) == ("live", 114.0, 2)
    assert (at[60]["phase"], at[60]["clock_s"], at[60]["bomb_status"]) == ("planted", None, "planted")
    assert (at[105]["phase"], at[105]["bomb_status"]) == ("over", "defused")


def test_whoever_holds_the_bomb_carries_it() -> None:
    table = rules.unknown(1, 3).with_columns(bomb_status=pl.Series(["dropped", None, "planted"]))
    states = pl.DataFrame({"tick": [1, 2, 3], "has_bomb": [True, False, True]}, schema_overrides={"tick": pl.Int32})
    assert rules.with_carriers(table, states)["bomb_status"].to_list() == ["carried", None, "planted"]


@pytest.mark.parametrize(
    ("map_name", "convars", "seconds"),
    [
        ("de_dust2", {"mp_roundtime_defuse": "1.92"}, 115),
        ("cs_italy", {"mp_roundtime_hostage": "2", "mp_roundtime_defuse": "1.92"}, 120),
        ("de_dust2", {"mp_roundtime": "3"}, 180),
        ("de_dust2", {"mp_roundtime_defuse": "soon"}, 115),
    ],
)
def test_round_time(map_name: str, convars: dict[str, str], seconds: float) -> None:
    assert rules.round_time_s(map_name, convars) == seconds
