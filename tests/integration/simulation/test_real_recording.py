"""The simulated client on a real recording of a map it does not know."""

from pathlib import Path

import pytest
from PIL import Image

from apps.simulation.reading import read
from tests.integration.simulation.game import Game


def test_a_real_recording_is_watched(shared_data: Path, tmp_path: Path) -> None:
    demo = shared_data / "demos" / "real" / "14160.dem"
    truth = read(demo).at(156).players[4]
    game = Game(tmp_path / "game", "--speed", "4")
    try:
        game.play(demo)
        game.watch(4, tick=10)
        *place, pitch, yaw = game.eye()
        assert tuple(place) == pytest.approx(truth.eye, abs=0.01)
        assert (pitch, yaw) == pytest.approx((truth.pitch, truth.yaw), abs=0.01)
        with Image.open(game.picture("real")) as image:
            image.load()
            assert image.size == (1280, 720)
    finally:
        game.stop()
