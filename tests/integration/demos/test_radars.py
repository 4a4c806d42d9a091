"""Radar images: what is installed is served and named to the viewer, and nothing else is."""

import json
import os
import re
import shutil
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse
from PIL import Image

from apps.demos.models import Demo, DemoStatus, Round


@pytest.fixture
def maps_dir(settings: Any, tmp_path: Path) -> Path:
    """An empty place for images, and no downloads of awpy's."""
    settings.MAPS_DIR = tmp_path / "maps"
    settings.AWPY_DATA_DIR = tmp_path / "awpy"
    settings.MAPS_DIR.mkdir()
    return tmp_path / "maps"


def png(colour: str = "navy") -> bytes:
    buffer = BytesIO()
    Image.new("RGBA", (32, 32), colour).save(buffer, "PNG")
    return buffer.getvalue()


def told(client: Client, demo: Demo) -> Any:
    """What the page of the viewer says to its script."""
    page = client.get(reverse("demos:replay", args=[demo.pk])).content.decode()
    found = re.search(r'<script id="viewer-config" type="application/json">(.*?)</script>', page)
    assert found, page
    return json.loads(found.group(1))


@pytest.fixture
def radar_of(viewer: Any, client: Client) -> Callable[[str], Any]:
    """``radar_of("de_nuke")`` → the ``radar`` that the viewer of a round on that map is told of."""

    def ask(map_name: str) -> Any:
        demo = Demo.objects.create(
            sha256=map_name.ljust(64, "0"), size=1, map_name=map_name, status=DemoStatus.READY, has_positions=True
        )
        Round.objects.create(demo=demo, ordinal=1, number=1, start_tick=0, end_tick=9)
        return told(client, demo)["radar"]

    return ask


def test_none_installed(maps_dir: Path, radar_of: Callable[[str], Any], client: Client) -> None:
    assert radar_of("de_nuke") is None
    answer = client.get("/maps/de_nuke.png")
    assert answer.status_code == 404
    assert "No radar image of that name is installed." in answer.content.decode()


def test_both_levels(maps_dir: Path, radar_of: Callable[[str], Any], client: Client) -> None:
    (maps_dir / "de_nuke.png").write_bytes(png())
    (maps_dir / "de_nuke_lower.png").write_bytes(png("olive"))
    radar = radar_of("de_nuke")
    place = {"pos_x": -3453, "pos_y": 2887, "scale": 7.0, "lower_z": -495, "size": 1024}
    assert {name: radar[name] for name in place} == place
    for level, content in (("upper", png()), ("lower", png("olive"))):
        answer = client.get(radar[level])
        assert (answer.status_code, answer.content) == (200, content)
        assert answer.headers["Content-Type"] == "image/png"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "private" in answer.headers["Cache-Control"]


def test_a_lower_level_alone_is_no_radar(maps_dir: Path, radar_of: Callable[[str], Any]) -> None:
    (maps_dir / "de_nuke_lower.png").write_bytes(png())
    assert radar_of("de_nuke") is None


def test_a_map_nobody_measured_is_drawn_from_positions(maps_dir: Path, radar_of: Callable[[str], Any]) -> None:
    (maps_dir / "de_my_own.png").write_bytes(png())
    assert radar_of("de_my_own") is None


def test_awpys_newest_download(maps_dir: Path, settings: Any, radar_of: Callable[[str], Any], client: Client) -> None:
    for release, colour in (("999", "red"), ("2000873", "green"), ("broken", "blue")):
        folder = settings.AWPY_DATA_DIR / release / "radars"
        folder.mkdir(parents=True)
        (folder / "de_dust2.png").write_bytes(png(colour))
    radar = radar_of("de_dust2")
    assert radar["lower"] is None
    assert client.get(radar["upper"]).content == png("green")


def test_an_image_by_hand_goes_first(maps_dir: Path, settings: Any, viewer: Any, client: Client) -> None:
    folder = settings.AWPY_DATA_DIR / "2000873" / "radars"
    folder.mkdir(parents=True)
    (folder / "de_dust2.png").write_bytes(png("green"))
    (maps_dir / "de_dust2.png").write_bytes(png("red"))
    assert client.get("/maps/de_dust2.png").content == png("red")


@pytest.mark.parametrize("content", [b"", b"<script>alert(1)</script>", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0jpeg"])
def test_only_a_png(maps_dir: Path, radar_of: Callable[[str], Any], client: Client, content: bytes) -> None:
    (maps_dir / "de_dust2.png").write_bytes(content)
    assert radar_of("de_dust2") is None
    assert client.get("/maps/de_dust2.png").status_code == 404


def test_a_folder_of_that_name(maps_dir: Path, viewer: Any, client: Client) -> None:
    (maps_dir / "de_dust2.png").mkdir()
    assert client.get("/maps/de_dust2.png").status_code == 404


@pytest.mark.parametrize(
    "name",
    [
        "secret",
        "..%2Fsecret",
        "../secret",
        "%2e%2e%2fsecret",
        "..%5csecret",
        "de_dust2%00",
        "de_dust2_lower",
        "DE_DUST2",
    ],
)
def test_no_other_file_is_served(maps_dir: Path, viewer: Any, client: Client, name: str) -> None:
    for place in (maps_dir, maps_dir.parent):
        (place / "secret.png").write_bytes(png())
    (maps_dir / "de_dust2_lower.png").write_bytes(png())
    assert client.get(f"/maps/{name}.png").status_code == (400 if "%00" in name else 404)
    with pytest.raises(NoReverseMatch):
        reverse("demos:radar", args=["../" + unquote(name)])


def test_a_replaced_image_has_another_address(maps_dir: Path, radar_of: Callable[[str], Any], client: Client) -> None:
    path = maps_dir / "de_dust2.png"
    path.write_bytes(png("red"))
    before = radar_of("de_dust2")["upper"]
    os.utime(path, (1, 1))
    demo = Demo.objects.get()
    after = told(client, demo)["radar"]["upper"]
    assert before != after


def test_every_real_image(maps_dir: Path, shared_data: Path, viewer: Any, client: Client) -> None:
    images = sorted((shared_data / "maps/radars").glob("*.png"))
    for image in images:
        shutil.copy(image, maps_dir)
        assert client.get(f"/maps/{image.name}").content == image.read_bytes()
    assert len(images) > 10
