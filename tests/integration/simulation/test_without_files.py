"""The client over a real socket with a recording built by hand: these tests need no sample data."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image

from apps.simulation.client import Client, Options
from apps.simulation.playback import Stage, Timing
from apps.simulation.reading import UnreadableRecording
from tests.integration.simulation.game import ROOT
from tests.unit.simulation.recordings import walking

TIMING = Timing(load_seconds=0.05, skip_seconds=0.02, speed=8.0)


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[Client]:
    (tmp_path / "hand.dem").write_bytes(b"made by hand")
    game = Client(Options(0, tmp_path, timing=TIMING, image_delay=0.02), open_recording=lambda path: walking(200))
    running = asyncio.create_task(game.run())
    yield game
    running.cancel()


async def connect(client: Client) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    while client.port is None:
        await asyncio.sleep(0.01)
    return await asyncio.open_connection("127.0.0.1", client.port)


async def line(reader: asyncio.StreamReader) -> str:
    return (await asyncio.wait_for(reader.readline(), 5)).decode()


async def test_from_playdemo_to_a_picture(client: Client, tmp_path: Path) -> None:
    reader, writer = await connect(client)
    writer.write(b"playdemo hand\n")
    assert await line(reader) == ""
    while client.playback.stage is Stage.LOADING:
        await asyncio.sleep(0.01)
    reader, writer = await connect(client)
    assert await line(reader) == "Playing demo from hand.dem.\r\n"
    writer.write(b"demo_pause; getpos\n")
    assert (await line(reader)).startswith("setpos ")
    writer.write(b"jpeg one\n")
    path = tmp_path / "screenshots" / "one.jpg"
    for _ in range(500):
        if path.exists() and path.read_bytes().endswith(b"\xff\xd9"):
            break
        await asyncio.sleep(0.01)
    with Image.open(path) as image:
        image.load()
        assert image.size == (1280, 720)


async def test_everything_printed_goes_to_every_connection(client: Client) -> None:
    first, writer = await connect(client)
    second, _ = await connect(client)
    writer.write(b"echo both\n")
    assert await line(first) == await line(second) == "both \r\n"


async def test_an_endless_line_ends_only_its_own_connection(client: Client) -> None:
    reader, writer = await connect(client)
    writer.write(b"x" * 100_000)
    assert await line(reader) == ""
    reader, writer = await connect(client)
    writer.write(b"\xff\xfe\x00 garbage\necho alive\n")
    assert (await line(reader)).startswith("Unknown command")
    assert await line(reader) == "alive \r\n"


async def test_an_unreadable_file_leads_back_to_the_menu(client: Client) -> None:
    def refuse(path: Path) -> object:
        raise UnreadableRecording("it is a picture of a cat")

    client._open_recording = refuse  # type: ignore[assignment]
    _, writer = await connect(client)
    writer.write(b"playdemo hand\n")
    while client.playback.stage is not Stage.LOADING:
        await asyncio.sleep(0.005)
    while client.playback.stage is Stage.LOADING:
        await asyncio.sleep(0.005)
    reader, _ = await connect(client)
    assert await line(reader) == "Couldn't play demo file hand.dem: it is a picture of a cat.\r\n"


@pytest.mark.parametrize(
    "arguments", [("--fault", "gremlins"), ("--speed", "-1"), ("--speed", "nan"), ("--size", "8x8")]
)
def test_a_wrong_option_is_refused_in_words(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    command = [sys.executable, "-m", "apps.simulation.client", "--netconport", "0", "--game-dir", str(tmp_path)]
    done = subprocess.run([*command, *arguments], capture_output=True, text=True, cwd=ROOT, timeout=60)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert done.stderr.strip()
