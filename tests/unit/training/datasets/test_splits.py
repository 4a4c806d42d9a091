"""No match in two splits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.captures.labelling.sample import Sample
from apps.training.datasets.splits import ONE_MATCH, TWO_MATCHES, split_by_match
from tests.unit.training.datasets.samples import sample, sample_lists


def matches(count: int, map_name: str = "de_nuke", first: int = 0) -> list[Sample]:
    return [sample(first + n, demo_sha256=f"{first + n:064x}", map_name=map_name) for n in range(count)]


@given(sample_lists(), st.floats(0, 0.45), st.floats(0, 0.45), st.integers(0, 9))
def test_no_match_stands_in_two_splits_and_no_sample_is_lost(
    samples: list[Sample], val: float, test: float, seed: int
) -> None:
    split = split_by_match(samples, val=val, test=test, seed=seed)
    seen = [{s.demo_sha256 for s in part} for _, part in split.items()]
    assert sum(map(len, seen)) == len(set.union(*seen))
    assert sorted(s.screenshot_id for _, part in split.items() for s in part) == [s.screenshot_id for s in samples]
    assert bool(split.train) == bool(samples)


@given(sample_lists(), st.randoms(use_true_random=False))
def test_the_order_of_the_samples_does_not_matter(samples: list[Sample], random: object) -> None:
    shuffled = list(samples)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = split_by_match(samples), split_by_match(shuffled)
    for (_, a), (_, b) in zip(one.items(), other.items(), strict=True):
        assert {s.screenshot_id for s in a} == {s.screenshot_id for s in b}


def test_one_match_is_all_training_and_says_so() -> None:
    split = split_by_match([sample(1), sample(2)])
    assert (len(split.train), split.val, split.test) == (2, (), ())
    assert split.warnings == (ONE_MATCH,)


def test_two_matches_train_and_validate() -> None:
    split = split_by_match(matches(2))
    assert [len(part) for _, part in split.items()] == [1, 1, 0]
    assert split.warnings == (TWO_MATCHES,)


@pytest.mark.parametrize(("count", "sizes"), [(3, [1, 1, 1]), (10, [8, 1, 1]), (40, [32, 4, 4])])
def test_each_split_gets_a_match_as_soon_as_it_can(count: int, sizes: list[int]) -> None:
    split = split_by_match(matches(count))
    assert [len(part) for _, part in split.items()] == sizes
    assert split.warnings == ()


def test_training_keeps_every_map_it_can() -> None:
    samples = [*matches(8), *matches(1, "de_dust2", 50), *matches(1, "de_train", 60)]
    for seed in range(20):
        split = split_by_match(samples, seed=seed)
        assert {s.map_name for s in split.train} == {"de_nuke", "de_dust2", "de_train"}


def test_a_map_that_is_never_trained_on_is_named() -> None:
    split = split_by_match([*matches(1), *matches(1, "de_dust2", 50), *matches(1, "de_train", 60)])
    assert "never trained on" in split.warnings[0]


def test_seeds_give_different_splits() -> None:
    assert len({split_by_match(matches(10), seed=seed).test[0].demo_sha256 for seed in range(10)}) > 1


@pytest.mark.parametrize(("val", "test"), [(-0.1, 0.1), (0.5, 0.5), (0.9, 0.2)])
def test_impossible_shares_are_refused(val: float, test: float) -> None:
    with pytest.raises(ValueError, match="leave something to train on"):
        split_by_match([sample()], val=val, test=test)


def test_nothing_splits_into_nothing() -> None:
    assert [len(part) for _, part in split_by_match([]).items()] == [0, 0, 0]
