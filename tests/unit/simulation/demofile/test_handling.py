"""What readers other than awpy take from the entities: classes, fields, shots, planting, defusing."""

from dataclasses import replace

import polars as pl
import pytest

from apps.simulation.demofile.sendtables import CLASSES, locate
from apps.simulation.demofile.things import CREATE, NOBODY, PAWNS, RESOURCE, RULES
from apps.simulation.demofile.world import World
from apps.simulation.truth.match import Event, MatchTruth
from tests.integration.simulation.demofile.made import small_match

# what cs-demo-analyzer looks up and stops without
WANTED = {
    "CCSPlayerResource": ["m_bombsiteCenterA", "m_bombsiteCenterB"],
    "CBombTarget": ["m_vecMins", "m_vecMaxs"],
    "CHostage": ["m_nHostageState"],
    "CChicken": [],
    "CC4": ["m_bStartedArming", "m_hOwnerEntity"],
    "CAK47": ["m_fLastShotTime", "m_bReloadVisuallyComplete", "m_iClip1"],
    "CInferno": ["m_bFireIsBurning.0", "m_firePositions.63"],
    "CCSPlayerPawn": ["m_nWhichBombZone", "m_hGroundEntity"],
    "CCSPlayerController": [
        "m_bControllingBot", "m_iCoachingTeam", "m_iCompTeammateColor", "m_szCrosshairCodes", "m_iPawnHealth",
        "m_hOriginalControllerOfCurrentPawn",
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", WANTED)
def test_the_classes_and_fields_that_readers_ask_for_are_there(name: str):
    assert name in CLASSES
    for field in WANTED[name]:
        locate(name, field)


def test_the_rules_have_their_values_from_the_beginning_on():
    rules = World(small_match()).things.changes[0][RULES]
    assert rules.operation == CREATE
    for name in ("m_totalRoundsPlayed", "m_gamePhase", "m_eRoundWinReason", "m_bMapHasBombTarget", "m_bFreezePeriod"):
        assert f"m_pGameRules.{name}" in rules.values


def said(truth: MatchTruth, name: str) -> list[tuple[int, object]]:
    """Rows at which any entity says something of that name, and what; its creation apart."""
    return [
        (row, change.values[name])
        for row, changes in sorted(World(truth).things.changes.items())
        for change in changes.values()
        if name in change.values and change.operation != CREATE
    ]


def happening(truth: MatchTruth, *events: tuple[int, str, dict[str, int | str]]) -> MatchTruth:
    return replace(truth, events=[Event(tick, name, fields) for tick, name, fields in events])


def test_a_shot_moves_the_last_shot_time_of_the_weapon_in_hand():
    truth = happening(
        small_match(),
        (40, "weapon_fire", {"userid": 4, "weapon": "weapon_fiveseven"}),
        (41, "weapon_fire", {"userid": 4, "weapon": "weapon_flashbang"}),
        (42, "weapon_fire", {"userid": -1, "weapon": "weapon_ak47"}),
    )
    assert said(truth, "m_fLastShotTime") == [(40, 40 / 64)]


def test_the_bomb_is_armed_by_whoever_holds_it():
    truth = small_match()
    bomb = truth.tables["weapons"].filter(pl.col("item") == "c4")["id"][0]
    holder = int(truth.tables["holders"].filter(pl.col("id") == bomb)["owner"][0])
    somebody = next(one.slot for one in truth.participants if one.slot != holder)
    planted = happening(
        truth,
        (30, "bomb_beginplant", {"userid": holder, "site": 1}),
        (35, "bomb_abortplant", {"userid": holder, "site": 1}),
        (36, "bomb_beginplant", {"userid": somebody, "site": 1}),
    )
    assert said(planted, "m_bStartedArming") == [(30, True), (35, False)]


def test_the_planted_bomb_knows_who_is_at_it_and_ticks_until_it_is_decided():
    truth = happening(
        small_match(),
        (126, "bomb_begindefuse", {"userid": 0}),
        (128, "bomb_abortdefuse", {"userid": 0}),
        (130, "bomb_begindefuse", {"userid": 0}),
    )
    assert said(truth, "m_hBombDefuser") == [
        (100, NOBODY), (126, PAWNS), (128, NOBODY), (130, PAWNS), (135, PAWNS),
    ]  # fmt: skip
    assert said(truth, "m_bBombTicking") == [(100, False), (135, False)]
    over = truth.tables["plants"].with_columns(outcome=pl.lit("round_over"))
    assert said(replace(truth, tables={**truth.tables, "plants": over}), "m_bBombTicking") == []


def test_the_sites_are_where_bombs_were_planted():
    values = World(small_match()).things.changes[0][RESOURCE].values
    assert values["m_bombsiteCenterA"] == (4.0, 5.0, 6.0)
    assert values["m_bombsiteCenterB"] == (1.0, 2.0, 3.0)


def test_a_projectile_has_the_model_of_what_was_thrown():
    name = "CBodyComponent.m_skeletonInstance.m_modelState.m_hModel"
    born = [
        (change.class_name, change.values[name])
        for changes in World(small_match()).things.changes.values()
        for change in changes.values()
        if change.operation == CREATE and name in change.values
    ]
    thrown = {model for kind, model in born if kind == "CMolotovProjectile"}
    assert thrown == {model for kind, model in born if kind in ("CMolotovGrenade", "CIncendiaryGrenade")}
    assert len(thrown) == 2
