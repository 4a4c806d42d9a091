"""Real matches, played again from what an analyser found in them: the import gives the analyser's own facts.

What is compared with is the record itself, never our truth made of it.
"""

import json
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from apps.demos.parsing.match.stretches import REASONS
from tests.integration.demos.truths import Read

ANALYSED = ["analyzer_mirage_2026.json", "analyzer_train_2024.json"]
SIDES = {2: "T", 3: "CT"}
# awpy tells kinds of buys by the equipment alone; the analyser also by what was spent and what was left
BUYS = {
    "pistol": ["pistol"],
    "eco": ["eco"],
    "semi": ["force", "full"],
    "force-buy": ["force", "full"],
    "full": ["full"],
}
WEAPONS = {  # the analyser's words for what kills → the game's
    "AK-47": "ak47", "AWP": "awp", "C4": "planted_c4", "Desert Eagle": "deagle", "Dual Berettas": "elite",
    "FAMAS": "famas", "Five-SeveN": "fiveseven", "Galil AR": "galilar", "Glock-18": "glock",
    "HE Grenade": "hegrenade", "M4A1": "m4a1_silencer", "M4A4": "m4a1", "MAC-10": "mac10", "MP7": "mp7", "MP9": "mp9",
    "P2000": "hkp2000", "P250": "p250", "P90": "p90", "PP-Bizon": "bizon", "SG 553": "sg556", "Tec-9": "tec9",
    "USP-S": "usp_silencer",
}  # fmt: skip
Found = Callable[[str], tuple[Any, Read]]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory, shared_data: Path, imported: Callable[[Path], Read]) -> Found:
    """``found(name)`` → a record, and the import of the recording made of it; each once."""
    from apps.simulation.demofile.writer import write_demo
    from apps.simulation.records.analyzer import replay_record

    folder = tmp_path_factory.mktemp("replayed")

    @cache
    def both(name: str) -> tuple[Any, Read]:
        path, facts = folder / f"{name}.dem", shared_data / "matches" / name
        write_demo(replay_record(facts), path)
        read = imported(path)
        path.unlink()
        return json.loads((facts / "meta.json" if facts.is_dir() else facts).read_text()), read

    return both


def left(one: dict[str, int]) -> int:
    """What somebody has at the end of freeze time. The analyser counts what is bought a little later too: below 0."""
    return max(0, one["startMoney"] - one["moneySpent"])


@pytest.mark.parametrize("name", ANALYSED)
def test_rounds_winners_reasons_and_scores(found: Found, name: str) -> None:
    record, read = found(name)
    keys = ("number", "winner_side", "end_reason", "end_tick", "freeze_end_tick", "start_tick")
    assert [tuple(row[key] for key in keys) for row in read.summary["rounds"]] == [
        (one["number"], SIDES[one["winnerSide"]], REASONS[one["endReason"]], one["endTick"], one["freezeTimeEndTick"],
         one["startTick"]) for one in record["rounds"]
    ]  # fmt: skip
    for row, one in zip(read.summary["rounds"], record["rounds"], strict=True):
        assert row["not_counted"] == ""
        ct = "A" if one["teamASide"] == 3 else "B"
        names = {team["roster"]: team["clan_name"] for team in read.summary["teams"]}
        assert names[row["ct_roster"]] == one[f"team{ct}Name"]
        assert names[row["winner_roster"]] == one["winnerName"]
        after = Counter({"CT": row["score_ct"], "T": row["score_t"]}) + Counter([row["winner_side"]])
        assert (after["CT"], after["T"]) == tuple(one[f"team{team}Score"] for team in (ct, "BA"["AB".index(ct)]))
    final = {(team["name"], team["score"]) for team in (record["teamA"], record["teamB"])}
    assert {(team["clan_name"], team["score"]) for team in read.summary["teams"]} == final


@pytest.mark.parametrize("name", ANALYSED)
def test_kills(found: Found, name: str) -> None:
    record, read = found(name)
    table = read.table("kills").with_columns(pl.col("attacker_steamid", "assister_steamid").fill_null(0))
    keys = ("tick", "attacker_steamid", "victim_steamid", "assister_steamid", "weapon", "headshot", "thrusmoke")
    assert Counter(table.select(keys).rows()) == Counter(
        (one["tick"], one["killerSteamId"], one["victimSteamId"], one["assisterSteamId"], WEAPONS[one["weaponName"]],
         one["isHeadshot"], one["isThroughSmoke"]) for one in record["kills"]
    )  # fmt: skip


@pytest.mark.parametrize("name", ANALYSED)
def test_damage_and_shots(found: Found, name: str) -> None:
    record, read = found(name)
    table = read.table("damages").with_columns(pl.col("attacker_steamid").fill_null(0))
    assert Counter(table.select("tick", "attacker_steamid", "victim_steamid", "health_post").rows()) == Counter(
        (one["tick"], one["attackerSteamId"], one["victimSteamId"], one["victimNewHealth"]) for one in record["damages"]
    )
    assert Counter(read.table("shots").select("tick", "steamid").rows()) == Counter(
        (one["tick"], one["playerSteamId"]) for one in record["shots"]
    )


@pytest.mark.parametrize("name", ANALYSED)
def test_plants_and_their_sites(found: Found, name: str) -> None:
    record, read = found(name)
    planted = {one["roundNumber"]: (one["tick"], one["site"]) for one in record["bombsPlanted"]}
    rows = read.summary["rounds"]
    assert {row["number"]: (row["plant_tick"], row["bomb_site"]) for row in rows if row["bomb_site"]} == planted
    for word, key in (("finish_plant", "bombsPlanted"), ("defuse", "bombsDefused")):
        table = read.table("bomb").filter(pl.col("event") == word)
        who = "planterSteamId" if word == "finish_plant" else "defuserSteamId"
        assert table.select("tick", "steamid").rows() == [(one["tick"], one[who]) for one in record[key]]


@pytest.mark.parametrize("name", ANALYSED)
def test_money_equipment_and_buys(found: Found, name: str) -> None:
    record, read = found(name)
    for row, one in zip(read.summary["rounds"], record["rounds"], strict=True):
        for word, team in (("ct", "AB"[one["teamASide"] != 3]), ("t", "AB"[one["teamASide"] == 3])):
            ours = [
                left(own)
                for own in record["playerEconomies"]
                if own["roundNumber"] == row["number"] and SIDES[own["playerSide"]] == word.upper()
            ]
            assert row[f"equipment_{word}"] == one[f"team{team}EquipmentValue"], row["number"]
            assert row[f"money_{word}"] == sum(ours), row["number"]
            assert row[f"buy_{word}"] in BUYS[one[f"team{team}EconomyType"]], row["number"]


@pytest.mark.parametrize("name", ANALYSED)
def test_everybodys_own_money_and_equipment(found: Found, name: str) -> None:
    record, read = found(name)
    ends = {row["number"]: row["freeze_end_tick"] for row in read.summary["rounds"]}
    states = read.table("player_states").select("tick", "steamid", "money", "equipment_value").sort("tick")
    wanted = pl.DataFrame(
        [(ends[one["roundNumber"]], one["steamId"], left(one), one["equipmentValue"])
         for one in record["playerEconomies"]],
        schema={"tick": pl.Int32, "steamid": pl.UInt64, "left": pl.Int32, "worth": pl.Int32}, orient="row",
    ).sort("tick")  # fmt: skip
    both = wanted.join_asof(states, on="tick", by="steamid", check_sortedness=False)
    assert both.filter(pl.col("money").ne_missing(pl.col("left"))).rows() == []
    assert both.filter(pl.col("equipment_value").ne_missing(pl.col("worth"))).rows() == []


def test_the_viewers_match_with_its_overtime(found: Found, shared_data: Path) -> None:
    """28 rounds, of which the record tells winners, reasons, sites, kills, and where people are once a second."""
    record, read = found("viewer_dust2")
    reasons = {
        "t_killed": "ct_win", "ct_killed": "terrorists_win", "bomb_defused": "bomb_defused",
        "bomb_exploded": "target_bombed", "time_ran_out": "target_saved",
    }  # fmt: skip
    assert [(row["number"], row["winner_side"], row["end_reason"]) for row in read.summary["rounds"]] == [
        (one["round_num"], one["winner"].upper(), reasons[one["reason"]]) for one in record["rounds"]
    ]
    keys = ("tick", "attacker_name", "victim_name", "weapon", "headshot")
    assert Counter(read.table("kills").select(keys).rows()) == Counter(
        (one["tick"], one["attacker_name"] or None, one["victim_name"], one["weapon"],
         one["headshot"]) for one in record["kills"]
    )  # fmt: skip
    wins: Counter[bool] = Counter()
    wrong = []
    states = read.table("player_states").select("tick", "name", "side", "x", "y", "z", "health").sort("tick")
    for number, row in enumerate(read.summary["rounds"], 1):
        played = json.loads((shared_data / "matches" / "viewer_dust2" / f"round_{number:02}.json").read_text())
        site = played["bomb_site"].removeprefix("bombsite_").upper() if played["bomb_plant_tick"] else ""
        assert (row["plant_tick"], row["bomb_site"]) == (played["bomb_plant_tick"], site), number
        frame = played["frames"][len(played["frames"]) // 2]
        wins[next(one["side"] for one in frame["players"] if one["name"] == "NiKo") == row["winner_side"]] += 1
        now = states.filter(pl.col("tick") <= frame["tick"]).group_by("name").last()
        placed = {name: spot for name, *spot in now.select("name", "side", "x", "y", "z", "health").iter_rows()}
        for one in frame["players"]:
            side, *spot, health = placed[one["name"]]
            far = max(abs(own - one[axis]) for own, axis in zip(spot, "xyz", strict=True))
            if side != one["side"] or (one["alive"] and (far > 20 or health != one["hp"])):
                wrong.append((number, one, placed[one["name"]]))
    assert wrong == []
    assert sorted(team["score"] for team in read.summary["teams"]) == sorted(wins.values())
