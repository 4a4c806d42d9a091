"""Every kind by itself: what it is named for is there, and the truth does not contradict itself."""

from collections.abc import Callable

import numpy as np
import polars as pl
import pytest

from apps.simulation.forging.copies import players
from apps.simulation.forging.forge import alter, asked, chosen, forge
from apps.simulation.forging.kinds import KINDS
from apps.simulation.forging.thinning import LONGEST_BURST, thin
from apps.simulation.match.options import MatchOptions
from apps.simulation.match.simulate import simulate_match
from apps.simulation.truth.match import MatchTruth
from tests.unit.simulation.forging.consistency import contradictions

SHORT = MatchOptions(max_rounds=2, freeze_s=6.0, halftime_s=2.0, overtime=False)
AFTERWARDS = [name for name, kind in KINDS.items() if kind.forges]


@pytest.fixture(scope="module")
def plain() -> MatchTruth:
    return simulate_match(11, SHORT)


@pytest.fixture(scope="module")
def forged(plain: MatchTruth) -> Callable[[str], MatchTruth]:
    return lambda kind: alter(plain, [kind], 11)


def test_a_plain_match_does_not_contradict_itself(plain: MatchTruth):
    assert contradictions(plain) == []


@pytest.mark.parametrize("kind", AFTERWARDS)
def test_no_transform_makes_contradictions_or_touches_its_input(plain: MatchTruth, kind: str):
    before = {name: array.copy() for name, array in plain.tracks.fields.items()}
    events, tables = list(plain.events), dict(plain.tables)
    assert contradictions(alter(plain, [kind], 3)) == []
    assert all(np.array_equal(before[name], array) for name, array in plain.tracks.fields.items())
    assert events == plain.events
    assert all(tables[name] is plain.tables[name] for name in tables)


def _events(truth: MatchTruth, name: str) -> int:
    return sum(event.name == name for event in truth.events)


@pytest.mark.parametrize("kind", ["dropped", "bursts"])
def test_missing_ticks_lose_no_event_and_no_round(plain: MatchTruth, forged: Callable[[str], MatchTruth], kind: str):
    truth = forged(kind)
    assert len(truth.tracks.ticks) < len(plain.tracks.ticks)
    assert [(one.name, one.fields) for one in truth.events] == [(one.name, one.fields) for one in plain.events]
    assert np.diff(truth.tracks.ticks).max() <= LONGEST_BURST + 1
    same = ["number", "winner_side", "reason"]
    assert truth.tables["rounds"].select(same).equals(plain.tables["rounds"].select(same))


def test_an_event_on_a_missing_tick_moves_to_the_next(plain: MatchTruth):
    death = next(event for event in plain.events if event.name == "player_death")
    keep = ~np.isin(plain.tracks.ticks, [death.tick, death.tick + 1])
    moved = next(event for event in thin(plain, keep).events if event.name == "player_death")
    assert (moved.tick, moved.fields) == (death.tick + 2, death.fields)


def test_a_late_recording_knows_the_weapons_but_not_the_rounds_before(forged: Callable[[str], MatchTruth]):
    truth = forged("late")
    assert truth.tables["rounds"]["not_counted"].to_list() == ["before_recording"] * truth.tables["rounds"].height
    alive = truth.tracks["health"][0] > 0
    assert alive.any()
    assert (truth.tracks["active"][0][alive] >= 0).all()
    assert truth.tables["rules"]["rounds_played"][0] == 1


def test_bots_have_no_steamid_and_a_substitute_is_the_eleventh(forged: Callable[[str], MatchTruth]):
    assert sorted(person.steamid == 0 for person in forged("bots").participants) == [False] * 8 + [True] * 2
    truth = forged("substitute")
    assert len(truth.participants) == 11
    assert (truth.tracks["connected"].sum(axis=1) == 10).all()


def test_who_leaves_comes_back_under_the_same_steamid(forged: Callable[[str], MatchTruth]):
    stayed = forged("disconnect")
    away = ~stayed.tracks["connected"]
    assert away.any(axis=0).sum() == 1
    assert stayed.tracks["connected"][-1].all()
    assert (_events(stayed, "player_disconnect"), len(stayed.participants)) == (1, 10)
    moved = forged("reconnect")
    steamids = [person.steamid for person in moved.participants if not person.is_bot]
    assert len(steamids) == len(set(steamids)) + 1
    assert _events(moved, "player_disconnect") >= 1


def test_coaches_never_live_and_a_crowd_dies_of_itself(plain: MatchTruth, forged: Callable[[str], MatchTruth]):
    truth = forged("coaches")
    coach = [truth.column(person.slot) for person in truth.participants if person.is_coach]
    assert len(coach) == 2
    assert not truth.tracks["health"][:, coach].any()
    assert set(np.unique(truth.tracks["team"][:, coach])) <= {0, 2, 3}
    full = forged("crowd")
    assert (full.tracks["health"] > 0).sum(axis=1).max() == 12
    assert _events(full, "player_death") == _events(plain, "player_death") + 4


def test_names_maps_and_points_of_view(forged: Callable[[str], MatchTruth]):
    names = [person.name for person in forged("odd_names").participants]
    assert "" in names
    assert names.count("twin") == 2
    assert max(len(name.encode()) for name in names) == 64
    nowhere = forged("unknown_map")
    assert nowhere.header.map_name == "de_nowhere"
    assert nowhere.places[0] == ""
    own = forged("pov")
    assert own.header.client_name in [person.name for person in players(own)]
    assert own.header.pov_slot is not None


def test_unknown_and_impossible_kinds_are_refused_in_a_sentence():
    with pytest.raises(ValueError, match=r"'knive'.*knife"):
        forge(1, ["knive"])
    with pytest.raises(ValueError, match="cannot be both"):
        forge(1, ["surrender", "overtime"])
    assert chosen(["dropped", " late", "late", "bots"]) == ["bots", "late", "dropped"]


def test_in_engine_kinds_are_changes_of_the_options():
    options = asked(SHORT, ["warmup", "knife", "cut", "pause"])
    assert (options.warmup_s > 0, options.knife_round, options.cut_in_round, len(options.pauses)) == (True, True, 2, 2)


def test_the_kinds_are_the_same_for_the_same_seed():
    one, other = (forge(5, ["reconnect", "bursts"], options=SHORT) for _ in range(2))
    assert one.events == other.events
    assert np.array_equal(one.tracks.ticks, other.tracks.ticks)
    assert all(one.tables[name].equals(other.tables[name]) for name in one.tables)
    assert one.tables["rounds"].filter(pl.col("number") > 0).height == 2
