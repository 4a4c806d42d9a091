"""Counts of what a dataset holds."""

from hypothesis import given

from apps.captures.labelling.sample import Sample
from apps.training.datasets.balance import balance, value_name
from tests.unit.training.datasets.samples import LABEL, sample, sample_lists


def test_maps_sides_phases_and_values_are_counted() -> None:
    found = balance(
        [
            sample(1),
            sample(2, side="T", map_name="de_train", demo_sha256="b" * 64, label={**LABEL, "round_phase": "planted"}),
            sample(3, label={"player_health": 100, "utility": []}, behavior=None, contribution=None),
        ]
    )
    assert (found.samples, found.matches, found.with_behavior, found.with_outcome) == (3, 2, 2, 2)
    assert found.maps == {"de_nuke": 2, "de_train": 1}
    assert found.sides == {"CT": 2, "T": 1}
    assert found.phases == {"live": 1, "not labelled": 1, "planted": 1}
    assert found.fields["player_health"] == {"26–50": 2, "100": 1}
    assert found.fields["utility"] == {"Flashbang": 2, "none": 1}
    assert found.fields["round_clock"] == {"0 min": 2, "not labelled": 1}


def test_bins_have_readable_names() -> None:
    assert [value_name("player_health", v) for v in (0, 1, 25, 99, 100, 101)] == [
        "0",
        "1–25",
        "1–25",
        "76–99",
        "100",
        "over 100",
    ]
    assert value_name("player_has_helmet", True) == "yes"
    assert value_name("alive_enemies", 3) == "3"


@given(sample_lists())
def test_every_count_adds_up(samples: list[Sample]) -> None:
    found = balance(samples)
    for counts in (found.maps, found.sides, found.phases):
        assert sum(counts.values()) == len(samples)
    assert found.matches == len({s.demo_sha256 for s in samples})
