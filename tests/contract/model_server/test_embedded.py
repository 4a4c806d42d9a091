"""The model that comes along, by its own server and by vLLM: it reads a HUD as its own reader does, and advises."""

import io
from collections.abc import Iterator

import pytest
from PIL import Image

from apps.captures.hud.finding import find
from apps.captures.hud.placing import pack
from apps.captures.hud.readings import ASK, FIELDS, values_of
from apps.coach import inference
from apps.coach.advice.partial import partial_answer
from apps.coach.advice.prompt import messages
from apps.coach.advice.validation import validate
from apps.simulation.hudsamples.write import sample
from apps.training.trainers.hud.read import Reader
from tests.conftest import ROOT
from tests.contract.model_server.asking import ask, limited
from tests.contract.model_server.serving import Own, Served, Vllm

EMBEDDED = ROOT / "apps" / "training" / "embedded_model"
FRAMES = 3


@pytest.fixture(scope="module", params=["own", "vllm"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    kind = {"own": Own, "vllm": Vllm}[request.param]
    served = kind(EMBEDDED, tmp_path_factory.mktemp("embedded") / f"{request.param}.log")
    served.start()
    yield served
    served.stop()


@pytest.fixture(scope="module")
def tiles() -> list[Image.Image]:
    """What the coach shows the model of simulated frames."""
    ground = [Image.radial_gradient("L").convert("RGB").resize((1920, 1080))]
    frames = [sample(number, 5, ground)[0].convert("RGB") for number in range(FRAMES)]
    return [pack(frame, find(frame)) for frame in frames]


@pytest.fixture(autouse=True)
def same_every_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inference, "TEMPERATURE", 0.0)


def png(tile: Image.Image) -> bytes:
    encoded = io.BytesIO()
    tile.save(encoded, "PNG")
    return encoded.getvalue()


async def test_it_reads_as_its_own_reader_does(server: Served, tiles: list[Image.Image]) -> None:
    own = [values for values, _ in Reader(EMBEDDED).read(tiles)]
    for tile, expected in zip(tiles, own, strict=True):
        question = messages([png(tile)])[-1]
        question["content"][-1]["text"] = ASK
        told = values_of((await ask(server.asked(), [question], limited(512))).text)
        assert told is not None
        assert expected is not None
        same = sum(told[name] == expected[name] for name in FIELDS)
        assert same >= len(FIELDS) - 1, (told, expected)  # engines round differently


async def test_it_advises_and_validly_where_the_server_holds_it_to_the_schema(
    server: Served, tiles: list[Image.Image]
) -> None:
    for tile in tiles:
        answer = await ask(server.asked(), messages([png(tile)]), limited(1024))
        assert answer.finish.reason == "stop"
        assert partial_answer(answer.text).get("game_state"), answer.text
        if server.capabilities.structured:
            held = await ask(server.asked(structured=True), messages([png(tile)]), limited(1024))
            assert validate(held.text)[1] == [], held.text
