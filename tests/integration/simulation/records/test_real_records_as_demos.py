"""Recorded matches written as recordings: awpy finds in them what the analyser found in the real files."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from awpy import Demo

from apps.simulation.demofile.writer import write_demo
from apps.simulation.items import item
from apps.simulation.records import vocabulary
from apps.simulation.records.analyzer import replay_record

SIDES = {2: "terrorist", 3: "counter-terrorist"}
WORN = ("kevlar", "assaultsuit", "defuser")  # awpy tells purchases of what is held
WORDS = {"molotov": "fire", "incgrenade": "fire", "inferno": "fire", "planted_c4": "c4"}


@dataclass(frozen=True)
class Pair:
    record: dict[str, Any]
    demo: Demo

    def facts(self, name: str, *fields: str) -> Counter[tuple[Any, ...]]:
        return Counter(tuple(row[field] for field in fields) for row in self.record[name])


@pytest.fixture(scope="module", params=["analyzer_mirage_2026", "analyzer_train_2024"])
def pair(request: pytest.FixtureRequest, shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Pair:
    facts = shared_data / "matches" / f"{request.param}.json"
    path = tmp_path_factory.mktemp("record") / "match.dem"
    write_demo(replay_record(facts), path)
    return Pair(json.loads(facts.read_text()), Demo(str(path)))


def found(table: pl.DataFrame, *columns: str) -> Counter[tuple[Any, ...]]:
    """Rows of awpy's table, nobody being 0 as the analyser writes it."""
    people = [pl.col(name).fill_null(0) if name.endswith("steamid") else pl.col(name) for name in columns]
    return Counter(table.select(people).rows())


def worded(rows: Iterable[tuple[int, str]]) -> Counter[tuple[int, str]]:
    """Ticks with weapons as one vocabulary calls them: a fire's harm is the fire's."""
    return Counter((tick, WORDS.get(weapon, item(weapon).short)) for tick, weapon in rows)


def test_rounds_and_economy(pair: Pair) -> None:
    facts = pair.facts("rounds", "number", "startTick", "freezeTimeEndTick", "endTick", "winnerSide", "endReason")
    columns = ("round_num", "start_tick", "freeze_end_tick", "end_tick", "winner", "reason")
    assert found(pair.demo.rounds, *columns) == facts
    worth: Counter[tuple[int, str]] = Counter()
    for row in pair.record["playerEconomies"]:
        worth[row["roundNumber"], SIDES[row["playerSide"]]] += row["equipmentValue"]
    economy = pair.demo.round_economy.select("round_num", "side", "equipment_value")
    assert {(number, side): value for number, side, value in economy.iter_rows()} == worth


def test_kills(pair: Pair) -> None:
    fields = ("tick", "killerSteamId", "victimSteamId", "assisterSteamId", "isHeadshot", "penetratedObjects")
    columns = ("tick", "attacker_steamid", "victim_steamid", "assister_steamid", "headshot", "penetrated")
    kills = pair.demo.kills
    assert found(kills, *columns, "noscope", "thrusmoke") == pair.facts("kills", *fields, "isNoScope", "isThroughSmoke")
    weapons = ((row["tick"], vocabulary.item(row["weaponName"])) for row in pair.record["kills"])
    assert worded(kills.select("tick", "weapon").iter_rows()) == worded(weapons)
    there = {(row["tick"], row["victim_steamid"]): row for row in kills.iter_rows(named=True)}
    for row in pair.record["kills"]:
        seen = there[row["tick"], row["victimSteamId"]]
        assert seen["victim_side"] == SIDES[row["victimSide"]]
        assert [seen[f"victim_{axis}"] for axis in "xyz"] == pytest.approx(
            [row[f"victim{axis}"] for axis in "XYZ"], abs=0.1
        )


def test_damages_shots_and_blinds(pair: Pair) -> None:
    damages = pair.demo.damages
    fields = ("tick", "attackerSteamId", "victimSteamId", "healthDamage", "armorDamage", "hitgroup")
    columns = ("tick", "attacker_steamid", "victim_steamid", "dmg_health", "dmg_armor", "hitgroup")
    assert found(damages, *columns, "health_post", "armor_post") == pair.facts(
        "damages", *fields, "victimNewHealth", "victimNewArmor"
    )
    weapons = ((row["tick"], vocabulary.item(row["weaponName"])) for row in pair.record["damages"])
    assert worded(damages.select("tick", "weapon").iter_rows()) == worded(weapons)
    assert found(pair.demo.shots, "tick", "steamid") == pair.facts("shots", "tick", "playerSteamId")
    assert found(pair.demo.blinds, "tick", "attacker_steamid", "victim_steamid") == pair.facts(
        "playersFlashed", "tick", "flasherSteamId", "flashedSteamId"
    )


def test_the_bomb_and_smokes(pair: Pair) -> None:
    bomb = pair.demo.bomb
    planted, defused = (bomb.filter(pl.col("event") == event) for event in ("finish_plant", "defuse"))
    assert found(planted, "tick", "steamid", "bombsite") == pair.facts("bombsPlanted", "tick", "planterSteamId", "site")
    assert found(defused, "tick", "steamid") == pair.facts("bombsDefused", "tick", "defuserSteamId")
    blasts = pair.demo.events["bomb_exploded"]["tick"].to_list()
    assert blasts == [row["tick"] for row in pair.record["bombsExploded"]]
    facts = pair.facts("smokesStart", "tick", "throwerSteamId")
    missing = facts - found(pair.demo.smokes, "start_tick", "thrower_steamid")
    over = pair.record["rounds"][-1]["endTick"]
    assert all(tick > over - 30 * 64 for tick, _ in missing)  # awpy leaves out what burns when the recording ends
    assert len(missing) <= 1


def test_purchases(pair: Pair) -> None:
    """All that was kept; what the analyser saw bought without money cannot be told from a gift."""
    bought = pair.demo.item_events.filter(pl.col("action") == "purchase").select("tick", "steamid", "item")
    seen = Counter((tick, steamid, item(name).short) for tick, steamid, name in bought.iter_rows())
    facts: Counter[tuple[int, int, str]] = Counter()
    kept: Counter[tuple[int, int, str]] = Counter()
    for row in pair.record["playersBuy"]:
        what = item(vocabulary.item(row["weaponName"])).short
        if what not in WORN:
            facts[row["tick"], row["playerSteamId"], what] += 1
            kept[row["tick"], row["playerSteamId"], what] += not row["hasRefunded"]
    assert seen - facts == Counter()
    assert (kept - seen).total() <= 0.005 * kept.total()


def test_every_players_score(pair: Pair) -> None:
    fields = ("steamId", "killCount", "deathCount", "assistCount")
    facts = Counter(tuple(row[field] for field in fields) for row in pair.record["players"].values())
    assert found(pair.demo.stats, "steamid", "kills", "deaths", "assists") == facts


def test_a_record_of_positions_keeps_its_rounds_and_kills(shared_data: Path, tmp_path: Path) -> None:
    folder = shared_data / "matches" / "viewer_dust2"
    write_demo(replay_record(folder), tmp_path / "match.dem")
    demo, meta = Demo(str(tmp_path / "match.dem")), json.loads((folder / "meta.json").read_text())
    winners = {"t": "terrorist", "ct": "counter-terrorist"}
    assert demo.rounds["winner_side"].to_list() == [winners[row["winner"]] for row in meta["rounds"]]
    kills = Counter(
        (row["tick"], row["attacker_name"] or None, row["victim_name"], row["headshot"]) for row in meta["kills"]
    )
    assert found(demo.kills, "tick", "attacker_name", "victim_name", "headshot") == kills
