"""Whoever leaves an answer early stops it: the server writes no more within a second."""

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable

import pytest

from apps.coach import inference
from apps.coach.advice.prompt import messages
from apps.coach.inference import Finish, Piece
from tests.contract.model_server.asking import ask, limited
from tests.contract.model_server.capabilities import those_that
from tests.contract.model_server.serving import Served, Vllm

WATCHED_S = 0.5
WITHIN_S = 1.0
TRIES = 3  # the quickest counts: whatever else the machine does can only add

Answer = AsyncGenerator[Piece | Finish, None]


async def _begun(server: Served, frames: list[bytes]) -> tuple[Answer, float]:
    """An answer in the midst of its writing, and how much work a second of it is."""
    answer = inference.stream_answer(messages(frames[:1]), limited(3000), server.asked())
    await anext(answer)
    work, started = await asyncio.to_thread(server.work), time.monotonic()
    async for item in answer:
        assert not isinstance(item, Finish), "it ended before it could be left"
        if time.monotonic() - started > WATCHED_S:
            break
    rate = (await asyncio.to_thread(server.work) - work) / (time.monotonic() - started)
    assert rate > 0
    return answer, rate


async def _quiet_after(server: Served, rate: float) -> float:
    """Seconds until the server works at less than a fifth of ``rate``."""
    started = time.monotonic()
    while True:
        begun, work = time.monotonic(), await asyncio.to_thread(server.work)
        await asyncio.sleep(WATCHED_S / 2)
        done = await asyncio.to_thread(server.work) - work
        if done / (time.monotonic() - begun) < rate / 5:
            return begun - started
        assert time.monotonic() - started < 60, "it never stopped"


async def _close(answer: Answer) -> None:
    await answer.aclose()


async def _cancel(answer: Answer) -> None:
    async def read() -> None:
        async for _ in answer:
            pass

    reading = asyncio.create_task(read())
    await asyncio.sleep(0)
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)


@pytest.mark.parametrize("leave", [_close, _cancel])
async def test_the_server_stops_within_a_second(
    server: Served, frames: list[bytes], leave: Callable[[Answer], Awaitable[None]]
) -> None:
    took = []
    for _ in range(TRIES):
        answer, rate = await _begun(server, frames)
        await leave(answer)
        took.append(await _quiet_after(server, rate))
        if took[-1] <= WITHIN_S:
            return
    pytest.fail(f"it went on for {took} s")


@those_that(lambda can: can.metrics)
async def test_the_servers_own_books_say_that_nothing_runs(server: Served, frames: list[bytes]) -> None:
    assert isinstance(server, Vllm)
    took = []
    for _ in range(TRIES):
        answer, _ = await _begun(server, frames)
        assert server.metric("num_requests_running") == 1
        await answer.aclose()
        left = time.monotonic()
        while await asyncio.to_thread(server.metric, "num_requests_running"):
            await asyncio.sleep(0.05)
        took.append(time.monotonic() - left)
        assert server.metric("num_requests_waiting") == 0
        if took[-1] <= WITHIN_S:
            return
    pytest.fail(f"it ran on for {took} s")


async def test_who_comes_next_is_answered(server: Served, frames: list[bytes]) -> None:
    answer, _ = await _begun(server, frames)
    await answer.aclose()
    assert (await ask(server.asked(), messages(frames[:1]))).text
