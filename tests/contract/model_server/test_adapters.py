"""LoRA adapters, loaded while the server runs: each version under a path and a name of its own."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from apps.coach import inference
from apps.coach.advice.prompt import messages
from apps.coach.server_errors import ServerRefused
from tests.contract.model_server.asking import ask
from tests.contract.model_server.capabilities import those_that
from tests.contract.model_server.serving import Served, post

NAMES = ("coach-1", "coach-2")


def load(server: Served, name: str, path: Path) -> int:
    return post(f"{server.root}/v1/load_lora_adapter", {"lora_name": name, "lora_path": str(path)})


def unload(server: Served, name: str) -> int:
    return post(f"{server.root}/v1/unload_lora_adapter", {"lora_name": name})


@pytest.fixture
def loaded(server: Served, adapters: tuple[Path, Path]) -> Iterator[Served]:
    """The server with both versions loaded."""
    for name, path in zip(NAMES, adapters, strict=True):
        assert load(server, name, path) == 200
    yield server
    for name in NAMES:
        unload(server, name)


@pytest.fixture(autouse=True)
def same_every_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The likeliest answer, so that a difference is one of the model's."""
    monkeypatch.setattr(inference, "TEMPERATURE", 0.0)


@those_that(lambda can: can.adapters)
async def test_each_version_answers_for_itself(loaded: Served, frames: list[bytes]) -> None:
    question = messages(frames[:1], "Round 3")
    answers = {name: await ask(loaded.asked(model=name), question) for name in (loaded.model, *NAMES)}
    assert [answer.finish.model for answer in answers.values()] == list(answers)
    assert len({answer.text for answer in answers.values()}) == len(answers)
    # At once only who answered is compared: vLLM's engine for the CPU then gave two of them the same words, which it
    # does not one after the other (docs/model-servers.md).
    at_once = await asyncio.gather(*(ask(loaded.asked(model=name), question) for name in answers))
    assert [answer.finish.model for answer in at_once] == list(answers)


@those_that(lambda can: can.adapters)
async def test_an_adapter_keeps_to_the_schema_too(loaded: Served, frames: list[bytes]) -> None:
    answer = await ask(loaded.asked(model=NAMES[0], structured=True), messages(frames[:1]))
    assert answer.text.startswith('{"game_state"')


@those_that(lambda can: can.adapters)
async def test_an_older_version_goes_and_the_newer_one_stays(loaded: Served, frames: list[bytes]) -> None:
    assert unload(loaded, NAMES[0]) == 200
    with pytest.raises(ServerRefused, match=r"does not have the model .* adapter is loaded\."):
        await ask(loaded.asked(model=NAMES[0]), messages(frames[:1]))
    assert (await ask(loaded.asked(model=NAMES[1]), messages(frames[:1]))).finish.model == NAMES[1]


@those_that(lambda can: can.adapters)
async def test_what_is_no_adapter_is_not_loaded_and_harms_nothing(
    server: Served, frames: list[bytes], tmp_path: Path
) -> None:
    assert load(server, "broken", tmp_path) in range(400, 500)
    with pytest.raises(ServerRefused):
        await ask(server.asked(model="broken"), messages(frames[:1]))
    assert (await ask(server.asked(), messages(frames[:1]))).text


@those_that(lambda can: not can.adapters)
async def test_elsewhere_there_is_no_way_to_load_one(server: Served, tmp_path: Path) -> None:
    assert load(server, "coach-1", tmp_path) in (404, 405)
