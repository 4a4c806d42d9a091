"""Twenty forged matches with every awkward kind: written, read by awpy, and equal to their truth field by field."""

import logging
import warnings
from pathlib import Path

import pytest

from apps.simulation.demofile.comparison import compare
from apps.simulation.demofile.writer import write_demo
from tests.integration.simulation.forging.twenty import MATCHES, forged


@pytest.mark.parametrize(
    ("seed", "kinds"), MATCHES, ids=lambda value: "+".join(value) if isinstance(value, list) else None
)
def test_awpy_reads_what_was_written(
    seed: int,
    kinds: list[str],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
):
    truth = forged(seed)
    path = tmp_path / "match.dem"
    write_demo(truth, path)
    with warnings.catch_warnings(), caplog.at_level(logging.DEBUG):
        warnings.simplefilter("error")
        assert [str(one) for one in compare(truth, path)] == []
    assert [record.getMessage() for record in caplog.records] == []
    assert capfd.readouterr() == ("", "")
