"""What samples of the HUD show: everything that a reader could otherwise guess is drawn by chance."""

import random

import pytest

from apps.simulation.hudsamples.facts import Facts, made_up
from apps.simulation.hudsamples.words import PLACES, unheard_place
from apps.simulation.places import place_name


@pytest.fixture(scope="module")
def many() -> list[Facts]:
    return [made_up(random.Random(number)) for number in range(600)]


def test_who_is_seen_lives_and_whoever_watches_is_dead(many: list[Facts]) -> None:
    assert all(facts.player.alive for facts in many)
    assert all(facts.watcher is None or not facts.watcher.alive for facts in many)


def test_rounds_end_mostly_with_a_side_dead_and_some_without_a_panel(many: list[Facts]) -> None:
    over = [facts.moment for facts in many if facts.moment.rules.phase == "over"]
    dead = [0 in (moment.alive("CT"), moment.alive("T")) for moment in over]
    silent = [moment.rules.winner is None for moment in over]
    assert 0.5 < sum(dead) / len(over) < 1
    assert 0.1 < sum(silent) / len(over) < 0.5


def test_many_places_are_on_no_map_so_that_no_reader_can_know_them_by_heart(many: list[Facts]) -> None:
    named = [facts.player.place for facts in many if facts.player.place]
    unheard = [place for place in named if place not in PLACES]
    assert 0.25 < len(unheard) / len(named) < 0.5
    assert len(set(unheard)) > 0.9 * len(unheard)


def test_an_unheard_place_is_written_in_the_hud_s_own_way() -> None:
    for number in range(300):
        words = place_name(unheard_place(random.Random(number)))
        assert 1 <= len(words) <= 24
        assert words[0].isupper()
        assert words.isascii()
        assert not set(words) - set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 ")
