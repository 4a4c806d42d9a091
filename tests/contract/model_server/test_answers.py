"""Frames in, an answer out, piece by piece, and the count of its tokens."""

import asyncio

import pytest

from apps.coach.advice.prompt import MAX_CONTEXT_CHARS, messages
from apps.coach.advice.validation import validate
from tests.contract.model_server.asking import ask, limited
from tests.contract.model_server.capabilities import those_that
from tests.contract.model_server.serving import Served, Vllm


@pytest.mark.parametrize("count", [1, 2, 3])
async def test_frames_are_answered_in_pieces_and_an_end(server: Served, frames: list[bytes], count: int) -> None:
    answer = await ask(server.asked(), messages(frames[:count], "Round 3"), limited(200))
    # As the server sent them: where the machine is busy elsewhere, many may arrive at once.
    assert sum(piece.tokens for piece in answer.pieces) > 1
    assert all(piece.text for piece in answer.pieces)
    assert answer.finish.reason in ("stop", "length")
    assert 0 < answer.finish.tokens <= 200
    assert answer.finish.model
    assert not answer.finish.model.startswith("/")


async def test_a_model_needs_no_name_where_there_is_one(server: Served, frames: list[bytes]) -> None:
    assert (await ask(server.asked(model=""), messages(frames[:1]))).text


async def test_the_limit_on_tokens_is_kept_and_told(server: Served, frames: list[bytes]) -> None:
    answer = await ask(server.asked(), messages(frames[:1]), limited(7))
    assert answer.finish.reason == "length"
    assert answer.finish.tokens == 7  # in as many pieces or one more: a server may hold a blank back


async def test_an_answer_that_was_cut_off_is_not_taken_for_a_whole_one(server: Served, frames: list[bytes]) -> None:
    answer = await ask(server.asked(), messages(frames[:1]), limited(20))
    assert answer.finish.reason == "length"
    assert validate(answer.text)[1]


@those_that(lambda can: can.metrics)
async def test_the_count_is_that_of_the_servers_own_books(server: Served, frames: list[bytes]) -> None:
    assert isinstance(server, Vllm)
    before = server.metric("generation_tokens_total")
    answer = await ask(server.asked(), messages(frames[:1]), limited(50))
    assert server.metric("generation_tokens_total") - before == answer.finish.tokens


async def test_the_longest_question_that_the_coach_asks_is_taken(server: Served, frames: list[bytes]) -> None:
    assert (await ask(server.asked(), messages(frames[:3], "x " * MAX_CONTEXT_CHARS))).text


async def test_several_are_answered_at_once(server: Served, frames: list[bytes]) -> None:
    questions = [messages(frames[:1], f"Round {number}") for number in range(3)]
    answers = await asyncio.gather(*(ask(server.asked(), question) for question in questions))
    assert all(answer.finish.tokens for answer in answers)
