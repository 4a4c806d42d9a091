"""The simulation's maps have radar images that lie where the replay puts them."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from apps.demos.parsing.viewing import maps
from apps.simulation.layouts.catalogue import NAMES, layout


@pytest.mark.parametrize("name", NAMES)
def test_the_replay_knows_where_the_image_lies(name: str) -> None:
    radar, known = layout(name).radar, maps.CALIBRATIONS[name]
    assert (known.pos_x, known.pos_y, known.scale) == (radar.pos_x, radar.pos_y, radar.scale)
    assert (known.lower_z,) == (radar.levels or (None,))


def test_drawn_once_they_are_served(tmp_path: Path, settings: Any, viewer: Any, client: Client) -> None:
    settings.MAPS_DIR = tmp_path / "maps"
    call_command("draw_maps", output=settings.MAPS_DIR)
    for name in ("de_quay", "de_stacks", "de_stacks_lower"):
        assert client.get(f"/maps/{name}.png").headers["Content-Type"] == "image/png"
    mine = settings.MAPS_DIR / "de_quay.png"
    mine.write_bytes(b"somebody's own")
    call_command("draw_maps", output=settings.MAPS_DIR)
    assert mine.read_bytes() == b"somebody's own"
