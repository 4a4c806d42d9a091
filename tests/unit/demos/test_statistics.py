"""The definitions of the statistics, on matches of a few events."""

from types import SimpleNamespace
from typing import Any

import polars as pl

from apps.demos.parsing.match.rounds import RoundRow
from apps.demos.parsing.reading import states
from apps.demos.parsing.stats.scoreboard import scoreboard
from apps.demos.parsing.stats.statistics import SCHEMA, player_rounds

CT, T = (0, 1, 2), (5, 6, 7)  # slots
ROUND = RoundRow(1, 1, 0, 100, 900, winner_side="CT", ct_roster=0)


def side(slot: int | None) -> str | None:
    return None if slot is None else "CT" if slot in CT else "T"


def person(role: str, slot: int | None) -> dict[str, Any]:
    return {f"{role}_slot": slot, f"{role}_side": side(slot)}


def kill(tick: int, attacker: int | None, victim: int, **more: Any) -> dict[str, Any]:
    given = {
        "assister": None,
        "headshot": False,
        "assist_flash": False,
        "is_trade": False,
        "victim_traded": False,
        **more,
    }
    helper = given.pop("assister")
    return {
        "tick": tick,
        **person("attacker", attacker),
        **person("victim", victim),
        **person("assister", helper),
        **given,
    }


def hit(tick: int, attacker: int, victim: int, before: int, after: int, weapon: str = "ak47") -> dict[str, Any]:
    people = {**person("attacker", attacker), **person("victim", victim)}
    return {"tick": tick, **people, "weapon": weapon, "health_pre": before, "health_post": after}


def numbers(
    *rounds: RoundRow, steamids: dict[int, int] | None = None, **tables: list[dict[str, Any]]
) -> dict[int, dict[str, Any]]:
    ids = steamids or {}
    seen = [
        {
            "tick": row.freeze_end_tick,
            "slot": slot,
            "steamid": ids.get(slot, slot + 1),
            "side": side(slot),
            "health": 100,
        }
        for row in rounds
        for slot in CT + T
    ]
    frame = pl.DataFrame(seen, schema_overrides={"tick": pl.Int32, "slot": pl.Int16})
    # everybody shoots once, so that all are known to take part
    shots = [
        {"tick": row.end_tick, "slot": slot, "side": side(slot), "weapon": "weapon_ak47"}
        for row in rounds
        for slot in CT + T
    ]
    given = {
        "shots": pl.DataFrame(shots),
        **{name: pl.DataFrame(rows, infer_schema_length=None) for name, rows in tables.items()},
    }
    evidence = SimpleNamespace(tick_rate=64.0, states=frame, tables=given)
    table = player_rounds(
        evidence, SimpleNamespace(rounds=list(rounds), rosters=dict.fromkeys(CT, 0) | dict.fromkeys(T, 1))
    )
    return scoreboard(table, {row.ordinal: 1 for row in rounds if row.number is not None})


def test_nothing_counts_in_freeze_time_or_in_rounds_that_do_not_count() -> None:
    knife = RoundRow(2, None, 1000, 1100, 1900, ct_roster=0)
    found = numbers(ROUND, knife, kills=[kill(50, 0, 5), kill(200, 0, 5), kill(1200, 0, 6)])
    assert (found[0]["kills"], found[0]["rounds_played"], found[5]["deaths"], found[6]["deaths"]) == (1, 1, 1, 0)


def test_openings_trades_and_kast() -> None:
    found = numbers(ROUND, kills=[kill(200, 5, 0, victim_traded=True), kill(300, 1, 5, is_trade=True, assister=2)])
    assert (found[5]["opening_kills"], found[0]["opening_deaths"]) == (1, 1)
    assert (found[0]["traded_deaths"], found[1]["trade_kills"], found[2]["assists"]) == (1, 1, 1)
    assert [found[slot]["kast"] for slot in (0, 5, 6)] == [100.0, 100.0, 100.0]


def test_killing_oneself_or_a_teammate_is_no_kill() -> None:
    found = numbers(ROUND, kills=[kill(200, 0, 0), kill(300, 1, 2), kill(400, None, 5)])
    assert [found[slot]["kills"] for slot in (0, 1)] == [0, 0]
    assert [found[slot]["deaths"] for slot in (0, 2, 5)] == [1, 1, 1]
    assert found[0]["kast"] == 0.0


def test_damage_is_what_the_victim_had_and_only_of_enemies() -> None:
    found = numbers(
        ROUND,
        damages=[
            hit(150, 0, 5, 100, 60),
            hit(160, 0, 5, 100, 0, "hegrenade"),
            hit(170, 0, 1, 100, 50),
            hit(180, 5, 5, 60, 40),
        ],
    )
    assert (found[0]["damage"], found[0]["utility_damage"], found[0]["adr"], found[5]["damage"]) == (100, 60, 100.0, 0)


def test_a_flash_that_still_blinds_is_an_assist() -> None:
    blind = {"tick": 200, **person("attacker", 1), **person("victim", 5), "duration": 2.0}
    own = {**blind, **person("attacker", 6)}
    found = numbers(ROUND, kills=[kill(300, 0, 5)], blinds=[blind, own])
    assert (found[1]["assists"], found[1]["flash_assists"], found[1]["enemies_flashed"]) == (1, 1, 1)
    assert (found[6]["assists"], found[6]["enemies_flashed"]) == (0, 0)
    late = numbers(ROUND, kills=[kill(400, 0, 5)], blinds=[blind])
    assert late[1]["assists"] == 0


def test_a_clutch_keeps_the_size_it_began_with() -> None:
    found = numbers(ROUND, kills=[kill(200, 5, 1), kill(300, 5, 2), *(kill(400 + slot, 0, slot) for slot in T)])
    assert (found[0]["clutches_played"], found[0]["clutches_won"], found[0]["clutch_1v3"]) == (1, 1, 1)
    assert found[0]["multikill_3k"] == 1
    assert found[7]["clutches_played"] == 1
    assert found[7]["clutches_won"] == 0


def test_bots_are_kept_apart_and_somebody_who_came_back_is_one() -> None:
    found = numbers(ROUND, steamids={5: 0, 6: 0, 0: 77, 1: 77}, kills=[kill(200, 0, 5), kill(300, 1, 6)])
    assert (found[5]["deaths"], found[6]["deaths"]) == (1, 1)
    assert found[1]["kills"] == 2
    assert 0 not in found


def test_without_tables_and_players() -> None:
    nothing = SimpleNamespace(tick_rate=64.0, states=states.empty(), tables={})
    table = player_rounds(nothing, SimpleNamespace(rounds=[ROUND], rosters={}))
    assert table.is_empty()
    assert table.schema == pl.Schema(SCHEMA)
    assert scoreboard(table, {1: 1}) == {}
    assert numbers(ROUND)[0]["rounds_survived"] == 1
