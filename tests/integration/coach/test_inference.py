"""Every way a model server fails, as one sentence of the right kind; and what is sent to it."""

import asyncio
import json
from typing import Any

import pytest

from apps.captures.labelling.schema import answer_schema
from apps.coach import inference
from apps.coach.advice.prompt import messages
from apps.coach.inference import Finish, Limits
from apps.coach.server_errors import ModelServerError, ServerAway, ServerBroke, ServerBusy, ServerRefused, ServerSlow
from tests.conftest import free_port
from tests.integration.coach.fake_server import VALID_TEXT, FakeModelServer

QUICK = Limits(first_token_s=0.5, between_tokens_s=0.4, total_s=5, max_tokens=1_024)


async def _ask(limits: Limits = QUICK) -> tuple[str, Finish | ModelServerError]:
    """The text that arrived, and how it ended."""
    text = ""
    try:
        async for item in inference.stream_answer(messages([b"jpeg"]), limits):
            if isinstance(item, Finish):
                return text, item
            text += item.text
    except ModelServerError as error:
        return text, error
    raise AssertionError("neither an end nor an error")


@pytest.mark.parametrize(
    ("mode", "kind", "kept"),
    [
        ("busy", ServerBusy, 0),
        ("broken", ServerBroke, 0),
        ("refuses", ServerRefused, 0),
        ("hanging", ServerSlow, 0),
        ("silent", ServerSlow, 0),
        ("html", ServerBroke, 0),
        ("stalls", ServerSlow, 300),
        ("cut", ServerBroke, 300),
        ("unfinished", ServerBroke, 300),
        ("error_event", ServerBroke, 300),
        ("junk", ServerBroke, 300),
        ("misshapen", ServerBroke, 300),
    ],
)
async def test_each_failure_is_a_sentence_and_keeps_what_had_arrived(
    fake_server: FakeModelServer, mode: str, kind: type[ModelServerError], kept: int
) -> None:
    fake_server.mode = mode
    text, end = await _ask()
    assert type(end) is kind
    assert end.sentence.endswith(".")
    assert len(text) >= kept
    assert VALID_TEXT.startswith(text)


@pytest.mark.parametrize("mode", ["hanging", "silent", "stalls"])
async def test_a_server_given_up_for_slow_is_told_so(fake_server: FakeModelServer, mode: str) -> None:
    fake_server.mode = mode
    await _ask()
    assert await asyncio.to_thread(fake_server.disconnected.wait, 1)


async def test_nothing_listening_is_said_so(settings: Any) -> None:
    settings.MODEL_SERVER_URL = f"http://127.0.0.1:{free_port()}/v1"
    _, end = await _ask()
    assert isinstance(end, ServerAway)
    state = await inference.probe()
    assert not state.up
    assert state.sentence.endswith(".")


async def test_the_whole_answer_has_a_deadline(fake_server: FakeModelServer) -> None:
    fake_server.pause_s = 0.05
    text, end = await _ask(Limits(first_token_s=5, between_tokens_s=5, total_s=2, max_tokens=1_024))
    assert isinstance(end, ServerSlow)
    assert "longer than 2 s" in end.sentence
    assert text
    assert await asyncio.to_thread(fake_server.disconnected.wait, 1)


async def test_an_endless_answer_is_cut_by_the_coach_itself(fake_server: FakeModelServer) -> None:
    fake_server.mode = "endless"
    text, end = await _ask(Limits(5, 5, 60, max_tokens=200))
    assert isinstance(end, Finish)
    assert end.reason == "length"
    assert len(text) < 20_000  # twice the limit, and all that had arrived at once by then
    assert await asyncio.to_thread(fake_server.disconnected.wait, 1)


@pytest.mark.parametrize("how", ["close", "cancel"])
async def test_leaving_early_reaches_the_server_within_a_second(fake_server: FakeModelServer, how: str) -> None:
    fake_server.pause_s = 0.05
    answer = inference.stream_answer(messages([b"jpeg"]), QUICK)
    await anext(answer)
    if how == "close":
        await answer.aclose()
    else:
        reading = asyncio.create_task(anext(answer))  # type: ignore[arg-type]
        await asyncio.sleep(0)
        reading.cancel()
    assert await asyncio.to_thread(fake_server.disconnected.wait, 1)


async def test_a_cancelled_question_that_has_no_answer_yet_reaches_the_server_too(fake_server: FakeModelServer) -> None:
    fake_server.mode = "hanging"
    asking = asyncio.create_task(_ask(Limits(60, 60, 60, 100)))
    while not fake_server.requests:
        await asyncio.sleep(0.01)
    asking.cancel()
    assert await asyncio.to_thread(fake_server.disconnected.wait, 1)


async def test_servers_that_insist_on_a_name_are_asked_for_theirs(fake_server: FakeModelServer) -> None:
    fake_server.mode = "picky"
    text, end = await _ask()
    assert isinstance(end, Finish)
    assert text == VALID_TEXT
    assert [request["model"] for request in fake_server.requests] == [None, "fake/model"]


async def test_the_configured_name_key_and_limits_are_sent(fake_server: FakeModelServer, settings: Any) -> None:
    settings.SMALL_MODEL_SERVED = False
    settings.MODEL_SERVER_MODEL = "chimera/deployed"
    await _ask()
    request = fake_server.requests[0]
    assert request["model"] == "chimera/deployed"
    assert request["stream"] is True
    assert request["max_tokens"] == QUICK.max_tokens
    assert "response_format" not in request


async def test_structured_output_is_asked_for_when_the_setting_says_so(
    fake_server: FakeModelServer, settings: Any
) -> None:
    settings.SMALL_MODEL_SERVED, settings.MODEL_SERVER_STRUCTURED = False, True
    await _ask()
    wanted = fake_server.requests[0]["response_format"]
    assert wanted["type"] == "json_schema"
    assert json.dumps(wanted["json_schema"]["schema"]).count("primary_action") >= 1


async def test_the_server_that_comes_along_is_told_the_schema_unasked(fake_server: FakeModelServer) -> None:
    await _ask()
    assert fake_server.requests[0]["response_format"]["json_schema"]["schema"] == answer_schema()


async def test_what_a_server_says_about_a_refusal_becomes_our_words(fake_server: FakeModelServer) -> None:
    fake_server.models = frozenset({"fake/model"})
    fake_server.max_images, fake_server.max_chars = 0, 20
    _, end = await _ask()
    assert isinstance(end, ServerRefused)
    assert "at most 0 frames" in end.sentence
    fake_server.max_images = None
    _, end = await _ask()
    assert isinstance(end, ServerRefused)
    assert "longer than the 20 tokens" in end.sentence


async def test_a_busy_server_is_not_up(fake_server: FakeModelServer) -> None:
    fake_server.mode = "busy"
    state = await inference.probe()
    # 503 from the health check: loading or full
    assert not state.up


@pytest.mark.parametrize(
    ("served", "shown"),
    [
        ("/srv/models/embedded@main", "embedded"),
        ("./tiny/", "tiny"),
        ("Qwen/Qwen3-VL-8B", "Qwen/Qwen3-VL-8B"),
        ("", ""),
    ],
)
def test_folders_of_the_servers_machine_are_not_shown(served: str, shown: str) -> None:
    assert inference.short_name(served) == shown
