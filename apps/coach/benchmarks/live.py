"""First token beside a direct client, idle sockets, aborts, and a reader that does not read."""

import asyncio
import json
import random
import socket as sockets
import time
from collections.abc import Awaitable, Callable, Sequence
from statistics import median, quantiles

import uvloop

from apps.coach.benchmarks import paced, site
from apps.coach.benchmarks.clients import Timing, ask, ask_directly, body, left, page
from apps.coach.benchmarks.site import Person, Site

Say = Callable[[str], object]
ROUNDS = 2  # of the crowd, each way
IDLE = 500
ABORTS = 10  # of each kind
GIVEN_UP_S = 90.0  # for answers that nobody reads


def run(say: Say) -> None:
    with site.running() as here:
        people = here.people()
        frame = _frame(here, people[0])
        request = body(frame)
        say(
            f"a frame of {len(frame) // 1024} KiB; first token of the model after {paced.FIRST_S * 1000:.0f} ms,"
            f" then one every {paced.TOKEN_S * 1000:.0f} ms"
        )
        uvloop.run(_alone(say, here, people[:5], request))
        uvloop.run(_crowd(say, here, here.people(), request))
        uvloop.run(_idle(say, here, here.people(1)[0]))
        uvloop.run(_aborts(say, here, here.people(3 * ABORTS // site.QUESTIONS + 1)))
        uvloop.run(_slow_reader(say, here, [*here.people(1, "long answer"), *here.people(1)]))


async def _alone(say: Say, here: Site, people: list[Person], request: bytes) -> None:
    direct, through = [], []
    for person in people:
        async with page(here, person) as socket:
            for _ in range(site.QUESTIONS):
                direct.append((await ask_directly(here, request)).first)
                through.append((await ask(socket, person)).first)
    added = median(through) - median(direct)
    say(
        f"1 client, {len(through)} questions each way: first token directly {_ms(median(direct))},"
        f" through the coach {_ms(median(through))}: added {_ms(added)} (median; aim ≤ 15 ms)"
    )


async def _crowd(say: Say, here: Site, people: list[Person], request: bytes) -> None:
    """Everybody asks again as soon as their answer is over, having begun at different moments of the first one."""
    length = paced.FIRST_S + paced.PIECES * paced.TOKEN_S

    async def directly(person: Person) -> list[Timing]:
        await asyncio.sleep(random.uniform(0, length))  # noqa: S311
        return [await ask_directly(here, request) for _ in range(site.QUESTIONS // ROUNDS)]

    async def through_the_coach(person: Person) -> list[Timing]:
        async with page(here, person) as socket:
            await everybody.wait()
            await asyncio.sleep(random.uniform(0, length))  # noqa: S311
            return [await ask(socket, person) for _ in range(site.QUESTIONS // ROUNDS)]

    found: dict[str, list[Timing]] = {"direct": [], "coach": []}
    ways: dict[str, Callable[[Person], Awaitable[list[Timing]]]] = {"direct": directly, "coach": through_the_coach}
    for _ in range(ROUNDS):
        for name, way in ways.items():
            everybody = asyncio.Barrier(len(people))  # opening sockets is not what is measured
            for timings in await asyncio.gather(*map(way, people)):
                found[name] += timings
    direct, coach = ([timing.first for timing in found[name]] for name in ("direct", "coach"))
    say(
        f"{len(people)} clients, {len(coach)} questions each way: first token directly {_spread(direct)},"
        f" through the coach {_spread(coach)}: added {_ms(_p95(coach) - median(direct))} (p95 against the median of"
        f" direct clients; aim ≤ 50 ms), {_ms(median(coach) - median(direct))} (median)"
    )
    gaps = [[gap for timing in found[name] for gap in timing.gaps] for name in ("direct", "coach")]
    say(f"{len(people)} clients, between tokens: directly {_spread(gaps[0])}, through the coach {_spread(gaps[1])}")


async def _idle(say: Say, here: Site, person: Person) -> None:
    before = here.process.memory_info().rss
    open_now = [page(here, person) for _ in range(IDLE)]
    for start in range(0, IDLE, 50):
        await asyncio.gather(*(one.__aenter__() for one in open_now[start : start + 50]))
    grown = here.process.memory_info().rss - before
    busy = here.process.cpu_times()
    await asyncio.sleep(5)
    spent = here.process.cpu_times()
    async with page(here, person) as socket:
        first = median([(await ask(socket, person)).first for _ in range(site.QUESTIONS)])
    await asyncio.gather(*(one.__aexit__(None, None, None) for one in open_now))
    cpu = (spent.user + spent.system - busy.user - busy.system) / 5
    say(
        f"{IDLE} idle sockets: {grown / IDLE / 1024:.0f} KiB each, {cpu:.1%} of a core;"
        f" first token of one more {_ms(first)} (median)"
    )


async def _aborts(say: Say, here: Site, people: list[Person]) -> None:
    """From the wish to stop until the model server sees its client gone."""
    waiting = [(person, pk) for person in people for pk in person.questions]
    for kind in ("cancel", "closed tab", "lost line"):
        took = []
        for _ in range(ABORTS):
            person, pk = waiting.pop()
            took.append(await _abort(here, Person(person.session, [pk]), kind))
        say(f"abort by {kind}: {_ms(median(took))} median, {_ms(max(took))} at most (aim ≤ 1 s)")


async def _abort(here: Site, person: Person, kind: str) -> float:
    known = len(await asyncio.to_thread(left, here))
    async with page(here, person) as socket:
        pk = person.questions[0]
        await socket.send(json.dumps({"start": pk}))
        while '"token"' not in await socket.recv():
            pass
        wished = time.time()
        if kind == "cancel":
            await socket.send(json.dumps({"cancel": pk}))
        elif kind == "closed tab":
            await socket.close()
        else:
            socket.transport.abort()
        while len(seen := await asyncio.to_thread(left, here)) == known:
            if time.time() - wished > 10:
                raise RuntimeError(f"The model server still writes 10 s after: {kind}")
            await asyncio.sleep(0.05)
    return float(seen[-1] - wished)


async def _slow_reader(say: Say, here: Site, people: list[Person]) -> None:
    """One page asks for long answers and never reads a byte of them; beside it another one asks as usual.

    They go on for a minute, and what is shown of them is more than lies between (the buffers of both kernels and of the
    web server), so they stand still until they are given up; what matters is that nothing else does, and that the model
    is freed.
    """
    slow, other = people
    mute = sockets.socket()
    mute.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 4096)
    mute.connect(("127.0.0.1", here.port))
    async with page(here, slow, sock=mute, max_queue=1) as silent, page(here, other) as socket:
        alone = await ask(socket, other)
        known, asked = len(await asyncio.to_thread(left, here)), len(slow.questions)
        silent.transport.pause_reading()
        started = time.time()
        await silent.send(json.dumps({"start": slow.questions}))
        beside = [await ask(socket, other) for _ in range(site.QUESTIONS - 1)]
        gone = await _given_up(here, known + asked)
        silent.transport.abort()
    gaps = [gap for timing in beside for gap in timing.gaps]
    say(
        f"beside a reader of {asked} long answers that reads nothing: first token"
        f" {_ms(median([one.first for one in beside]))} (alone {_ms(alone.first)}), between tokens {_spread(gaps)}"
        f" (alone {_spread(alone.gaps)}); its answers were given up, and the model free, after {gone - started:.1f} s"
    )


async def _given_up(here: Site, count: int) -> float:
    """When the model server had seen ``count`` clients leave."""
    end = time.time() + GIVEN_UP_S
    while len(seen := await asyncio.to_thread(left, here)) < count:
        if time.time() > end:
            raise RuntimeError(f"{count - len(seen)} answers that nobody reads are still written.")
        await asyncio.sleep(0.2)
    return float(seen[count - 1])


def _frame(here: Site, person: Person) -> bytes:
    import urllib.request

    url = f"http://127.0.0.1:{here.port}/coach/analyses/{person.questions[0]}/image/"
    ask_for = urllib.request.Request(url, headers={"Cookie": f"sessionid={person.session}"})
    with urllib.request.urlopen(ask_for) as answer:  # noqa: S310
        return bytes(answer.read())


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"


def _p95(values: Sequence[float]) -> float:
    return quantiles(values, n=20, method="inclusive")[-1]


def _spread(values: Sequence[float]) -> str:
    return f"{_ms(median(values))} (p95 {_ms(_p95(values))})"
