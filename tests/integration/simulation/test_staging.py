"""A simulated match shown without a file says what its truth says."""

import numpy as np
import pytest

from apps.simulation.frames.render import render_frame
from apps.simulation.match.options import MatchOptions
from apps.simulation.match.simulate import simulate_match
from apps.simulation.recording import Recording
from apps.simulation.staging import recording_of
from apps.simulation.truth.match import MatchTruth, Team

OPTIONS = MatchOptions(max_rounds=4, freeze_s=3.0, round_end_s=2.0, halftime_s=2.0, overtime=False)


@pytest.fixture(scope="module")
def truth() -> MatchTruth:
    return simulate_match(3, OPTIONS)


@pytest.fixture(scope="module")
def recording(truth: MatchTruth) -> Recording:
    return recording_of(truth)


def test_everybody_is_as_the_truth_says(truth: MatchTruth, recording: Recording) -> None:
    items = dict(truth.tables["weapons"].select("id", "item").iter_rows())
    for tick in np.random.default_rng(1).integers(truth.tracks.ticks[0], truth.tracks.ticks[-1], 60):
        row, moment = truth.tracks.row(int(tick)), recording.at(int(tick))
        for column, person in enumerate(truth.participants):
            track = {name: values[row, column] for name, values in truth.tracks.fields.items()}
            shown = moment.players[person.slot]
            assert (shown.name, shown.health, shown.armor) == (person.name, track["health"], track["armor"])
            assert (shown.x, shown.y, shown.z, shown.yaw) == (track["x"], track["y"], track["z"], track["yaw"])
            assert (shown.money, shown.place) == (track["money"], truth.places[track["place"]])
            assert shown.side == ("CT" if track["team"] == Team.CT else "T")
            assert shown.active_weapon == items.get(track["active"])
            assert (shown.kills, shown.deaths) == (track["kills"], track["deaths"])
            if shown.active_weapon:
                assert shown.active_weapon in shown.inventory


def test_the_rules_and_the_bomb_are_as_the_truth_says(truth: MatchTruth, recording: Recording) -> None:
    for row in truth.tables["rules"].iter_rows(named=True):
        rules = recording.at(row["tick"]).rules
        scores = (row["score_0"], row["score_1"])
        assert (rules.score_ct, rules.score_t) == (scores if row["side_0"] == Team.CT else scores[::-1])
        if row["freeze"] and not row["warmup"]:
            assert rules.phase == "freeze"
    for plant in truth.tables["plants"].iter_rows(named=True):
        moment = recording.at(plant["from_tick"])
        assert moment.bomb is not None
        assert (moment.bomb.state, moment.bomb.site, moment.rules.bomb_site) == (
            "planted",
            plant["site"],
            plant["site"],
        )


def test_the_kill_feed_names_who_killed_whom(truth: MatchTruth, recording: Recording) -> None:
    deaths = [event for event in truth.events if event.name == "player_death"]
    assert deaths
    for event in deaths:
        last = recording.at(event.tick).kill_feed
        assert event.fields["userid"] in [line.victim_slot for line in last]
        assert all(line.attacker_slot >= 0 or not line.attacker for line in last)


def test_the_ammunition_is_the_weapons_own(truth: MatchTruth, recording: Recording) -> None:
    rows = truth.tables["ammunition"]
    last: dict[int, tuple[int, int]] = {}
    tick = int(truth.tracks.ticks[len(truth.tracks.ticks) // 2])
    for when, weapon, clip, reserve in rows.sort("tick", maintain_order=True).iter_rows():
        if when <= tick:
            last[weapon] = (clip, reserve)
    moment, row = recording.at(tick), truth.tracks.row(tick)
    for column, person in enumerate(truth.participants):
        shown = moment.players[person.slot]
        assert (shown.clip, shown.reserve) == last.get(int(truth.tracks["active"][row, column]), (None, None))


def test_frames_of_it_can_be_drawn(truth: MatchTruth, recording: Recording) -> None:
    tick = int(truth.tables["rounds"]["freeze_end_tick"][0]) + 200
    assert render_frame(recording, tick, recording.slots[0], (640, 360)).size == (640, 360)
