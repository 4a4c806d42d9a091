"""What is expensive to make is made once for all tests of the simulation."""

from pathlib import Path

import pytest

from apps.simulation.demofile.writer import write_demo
from apps.simulation.match.options import MatchOptions
from apps.simulation.match.simulate import simulate_match
from apps.simulation.truth.match import MatchTruth


@pytest.fixture(scope="session")
def full_match_truth() -> MatchTruth:
    """A whole plain match on ``de_quay``; nobody may change it."""
    return simulate_match(7, MatchOptions(map_name="de_quay"))


@pytest.fixture(scope="session")
def full_match_demo(full_match_truth: MatchTruth, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The recording of ``full_match_truth``."""
    path = tmp_path_factory.mktemp("full") / "match.dem"
    write_demo(full_match_truth, path)
    return path


@pytest.fixture(scope="session")
def short_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three seconds of a recording on one of our own maps: a second of freeze time, then the round begins."""
    options = MatchOptions(map_name="de_quay", freeze_s=1.0, cut_in_round=1, cut_after_s=1.0)
    path = tmp_path_factory.mktemp("short") / "short.dem"
    write_demo(simulate_match(7, options), path)
    return path
