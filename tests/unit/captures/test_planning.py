from collections import Counter
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from apps.captures.planning.moments import FIRST_KILL, PLANT, SAMPLE, Moment, RoundSpan, moments, snap, usable_span
from apps.captures.planning.povs import Alive, assign

FIVE_EACH = [Alive(slot, "T" if slot < 5 else "CT", has_bomb=slot == 2) for slot in range(10)]


def test_a_recording_of_156_ticks_yields_several_targets_at_a_small_interval() -> None:
    wanted = moments([RoundSpan(1, 1, None, 156, True)], interval_s=0.25, tick_rate=64, first_tick=1, last_tick=156)
    planned = assign(wanted, {moment.tick: FIVE_EACH for moment in wanted})
    assert [moment.tick for moment in wanted] == [65, 81, 97, 113, 129, 145]
    assert len(planned) == 12
    assert {target.side for target in planned} == {"T", "CT"}


def test_sampling_starts_at_freeze_end_and_stops_at_the_round_end() -> None:
    spans = [RoundSpan(1, 1000, 2000, 4000), RoundSpan(2, 4500, 5500, 6000)]
    wanted = moments(spans, interval_s=3, tick_rate=64, first_tick=0, last_tick=9000)
    assert [moment.tick for moment in wanted if moment.round_number == 1] == list(range(2000, 4001, 192))
    assert min(moment.tick for moment in wanted if moment.round_number == 2) == 5500


def test_first_kill_and_plant_are_photographed_and_push_aside_the_sample_next_to_them() -> None:
    wanted = moments(
        [RoundSpan(1, 0, 1000, 5000)],
        interval_s=3,
        tick_rate=64,
        first_tick=0,
        last_tick=9000,
        kill_ticks=[2500, 1390, 3000],
        plant_ticks=[3333],
    )
    by_why = {why: [moment.tick for moment in wanted if moment.why == why] for why in (SAMPLE, FIRST_KILL, PLANT)}
    assert by_why[FIRST_KILL] == [1390]
    assert by_why[PLANT] == [3333]
    assert 1384 not in by_why[SAMPLE]
    assert [moment.tick for moment in wanted if moment.why == "after plant"] == [3653, 3973, 4613]


def test_over_budget_the_events_stay_and_the_samples_thin_out_over_the_whole_round() -> None:
    wanted = [Moment(tick, 1, SAMPLE) for tick in range(0, 6400, 64)] + [Moment(6400, 1, PLANT)]
    planned = assign(wanted, {moment.tick: FIVE_EACH for moment in wanted}, budget=10)
    assert len(planned) == 10
    assert planned[-1].why == PLANT
    ticks = sorted({target.tick for target in planned})
    assert max(later - earlier for earlier, later in pairwise(ticks)) <= 6400 // 3


def test_the_bomb_carrier_comes_first_but_not_always() -> None:
    wanted = [Moment(tick, 1, SAMPLE) for tick in range(5)]
    planned = assign(wanted, {moment.tick: FIVE_EACH for moment in wanted}, rule="only-t")
    assert planned[0].slot == 2
    assert Counter(target.slot for target in planned) == dict.fromkeys(range(5), 1)


def test_a_moment_moves_to_the_nearest_recorded_tick_or_goes() -> None:
    wanted = [Moment(100, 1, SAMPLE), Moment(200, 1, SAMPLE), Moment(203, 1, SAMPLE)]
    assert [moment.tick for moment in snap(wanted, [10, 98, 120, 202])] == [98, 202]
    assert snap(wanted, []) == []


@given(first=st.integers(-1, 5000), length=st.integers(0, 4000), interval=st.floats(0.125, 10))
def test_no_moment_lies_where_the_game_cannot_play_up_to_it(first: int, length: int, interval: float) -> None:
    last = first + length
    earliest, latest = usable_span(first, last)
    wanted = moments(
        [RoundSpan(1, first, None, last, True)], interval_s=interval, tick_rate=64, first_tick=first, last_tick=last
    )
    assert wanted, "even the shortest recording gives one moment"
    assert all(earliest <= moment.tick <= latest for moment in wanted)
    assert first <= earliest <= first + 64
    assert latest <= last
    assert len({moment.tick for moment in wanted}) == len(wanted)


@given(
    ticks=st.integers(1, 60),
    rounds=st.integers(1, 4),
    sides=st.lists(st.sampled_from(["CT", "T"]), min_size=1, max_size=12),
    carrier=st.integers(0, 11),
    budget=st.integers(1, 200),
)
def test_every_player_gets_an_even_share_of_a_round(
    ticks: int, rounds: int, sides: list[str], carrier: int, budget: int
) -> None:
    players = [Alive(slot, side, slot == carrier) for slot, side in enumerate(sides)]
    wanted = [Moment(n * 1000 + t, n, SAMPLE) for n in range(rounds) for t in range(ticks)]
    planned = assign(wanted, {moment.tick: players for moment in wanted}, budget=budget)
    assert 0 < len(planned) <= max(budget, 2)
    for number in range(rounds):
        for side in ("CT", "T"):
            share = Counter({player.slot: 0 for player in players if player.side == side})
            share.update(t.slot for t in planned if t.round_number == number and t.side == side)
            if share:
                assert max(share.values()) - min(share.values()) <= 1


@given(dead=st.lists(st.sets(st.integers(0, 9)), min_size=1, max_size=30))
def test_the_dead_are_never_planned(dead: list[set[int]]) -> None:
    alive = {tick: [player for player in FIVE_EACH if player.slot not in gone] for tick, gone in enumerate(dead)}
    planned = assign([Moment(tick, 1, SAMPLE) for tick in alive], alive, rule="everyone")
    assert all(target.slot not in dead[target.tick] for target in planned)
    assert len(planned) == sum(len(players) for players in alive.values())
