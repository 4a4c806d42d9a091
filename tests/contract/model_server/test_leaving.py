"""Whoever leaves an answer early stops it: the server writes no more within a second."""

import asyncio
import time
from collections.abc import AsyncGenerator

from apps.coach import inference
from apps.coach.advice.prompt import messages
from apps.coach.inference import Finish, Piece
from tests.contract.model_server.asking import ask, limited
from tests.contract.model_server.capabilities import those_that
from tests.contract.model_server.serving import Served, Vllm

WATCHED_S = 0.5
WITHIN_S = 1.0


async def _begun(server: Served, frames: list[bytes]) -> tuple[AsyncGenerator[Piece | Finish, None], float]:
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


async def test_the_server_stops_within_a_second(server: Served, frames: list[bytes]) -> None:
    answer, rate = await _begun(server, frames)
    await answer.aclose()
    assert await _quiet_after(server, rate) <= WITHIN_S


async def test_a_cancelled_task_stops_it_too(server: Served, frames: list[bytes]) -> None:
    answer, rate = await _begun(server, frames)

    async def read() -> None:
        async for _ in answer:
            pass

    reading = asyncio.create_task(read())
    await asyncio.sleep(0)
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)
    await answer.aclose()
    assert await _quiet_after(server, rate) <= WITHIN_S


@those_that(lambda can: can.metrics)
async def test_the_servers_own_books_say_that_nothing_runs(server: Served, frames: list[bytes]) -> None:
    assert isinstance(server, Vllm)
    answer, _ = await _begun(server, frames)
    assert server.metric("num_requests_running") == 1
    await answer.aclose()
    left = time.monotonic()
    while running := await asyncio.to_thread(server.metric, "num_requests_running"):
        assert time.monotonic() - left <= WITHIN_S, running
        await asyncio.sleep(0.05)
    assert server.metric("num_requests_waiting") == 0


async def test_who_comes_next_is_answered(server: Served, frames: list[bytes]) -> None:
    answer, _ = await _begun(server, frames)
    await answer.aclose()
    assert (await ask(server.asked(), messages(frames[:1]))).text
