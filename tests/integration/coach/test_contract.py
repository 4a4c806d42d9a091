"""What the coach needs of a model server, held against the fake one and the real one alike."""

import asyncio
import time
from typing import Any

import pytest

from apps.coach import inference
from apps.coach.advice.prompt import messages
from apps.coach.inference import Finish, Limits, Piece

LIMITS = Limits(first_token_s=60, between_tokens_s=20, total_s=120, max_tokens=40)


async def _all(question: list[dict[str, Any]], limits: Limits = LIMITS) -> list[Piece | Finish]:
    return [item async for item in inference.stream_answer(question, limits)]


async def test_it_is_seen_to_be_up(any_server: Any) -> None:
    assert (await inference.probe()).up


async def test_a_frame_is_answered_in_pieces_and_an_end(any_server: Any, jpeg: bytes) -> None:
    *pieces, finish = await _all(messages([jpeg], "Round 3"))
    assert len(pieces) > 1
    assert all(isinstance(piece, Piece) and piece.text for piece in pieces)
    assert isinstance(finish, Finish)
    assert finish.reason in ("stop", "length")
    assert 0 < finish.tokens <= LIMITS.max_tokens
    assert finish.model
    assert not finish.model.startswith("/")


async def test_the_limit_on_tokens_is_kept(any_server: Any, jpeg: bytes) -> None:
    short = Limits(60, 20, 120, max_tokens=5)
    finish = (await _all(messages([jpeg]), short))[-1]
    assert isinstance(finish, Finish)
    assert finish.reason == "length"
    assert finish.tokens == 5


async def test_two_frames_may_be_asked_about(any_server: Any, jpeg: bytes) -> None:
    assert isinstance((await _all(messages([jpeg, jpeg])))[-1], Finish)


async def test_after_leaving_early_the_server_is_free_at_once(any_server: Any, jpeg: bytes) -> None:
    if hasattr(any_server, "pause_s"):
        any_server.pause_s = 0.05
    long = Limits(60, 20, 120, max_tokens=6_000)
    answer = inference.stream_answer(messages([jpeg]), long)
    await anext(answer)
    await answer.aclose()
    started = time.monotonic()
    if hasattr(any_server, "pause_s"):
        any_server.pause_s = 0
    again = inference.stream_answer(messages([jpeg]), LIMITS)
    await anext(again)
    await again.aclose()
    assert time.monotonic() - started < 5  # 6,000 tokens would keep the real one busy for a quarter of a minute


async def test_a_second_question_is_served_while_one_streams(any_server: Any, jpeg: bytes) -> None:
    ends = await asyncio.gather(_all(messages([jpeg])), _all(messages([jpeg], "Round 4")))
    assert all(isinstance(end[-1], Finish) for end in ends)


async def test_a_wrong_model_name_is_refused_in_words(real_server: Any, jpeg: bytes, settings: Any) -> None:
    settings.MODEL_SERVER_URL = real_server.url
    settings.MODEL_SERVER_MODEL = "somebody/else"
    with pytest.raises(inference.ServerRefused, match="MODEL_SERVER_MODEL"):
        await _all(messages([jpeg]))
