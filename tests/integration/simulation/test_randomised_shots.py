"""The simulated client's pictures in changing looks: what was drawn with is written down beside each."""

import asyncio
import json
from pathlib import Path

from PIL import Image

from apps.simulation.console import Shot
from apps.simulation.darkroom import Darkroom
from apps.simulation.faults import Faults
from apps.simulation.frames.randomisation import Randomisation
from tests.unit.simulation.recordings import walking


def take(folder: Path, seed: int, *ticks: int) -> list[Path]:
    async def all_of_them() -> None:
        room = Darkroom(folder, (640, 360), 0.0, Faults([]), seed)
        for tick in ticks:
            assert await room.develop(Shot(f"{tick}.jpg", walking(20), tick, 1, {})) == []

    asyncio.run(all_of_them())
    return [folder / "screenshots" / f"{tick}.jpg" for tick in ticks]


def test_every_picture_has_its_own_look_and_says_which(tmp_path: Path) -> None:
    first, second = take(tmp_path, 5, 7, 8)
    looks = [json.loads(shot.with_suffix(".look.json").read_text()) for shot in (first, second)]
    assert looks[0] != looks[1]
    assert Randomisation.of(looks[0]["seed"]).described() == looks[0]
    with Image.open(first) as image:
        assert image.size == (640, 360)


def test_the_same_seed_takes_the_same_pictures(tmp_path: Path) -> None:
    (once,), (again,) = take(tmp_path / "a", 5, 7), take(tmp_path / "b", 5, 7)
    (other,) = take(tmp_path / "c", 6, 7)
    assert once.read_bytes() == again.read_bytes() != other.read_bytes()
