"""Two ways to the same model: straight to its server, and through the coach's socket."""

import asyncio
import json
import time
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import websockets

from apps.coach import inference_body
from apps.coach.advice.prompt import messages
from apps.coach.benchmarks.site import Person, Site


@dataclass
class Timing:
    """Seconds: until the first token, and between later ones."""

    first: float = 0.0
    gaps: list[float] = field(default_factory=list)


def body(frame: bytes) -> bytes:
    """What a direct client sends: the same conversation."""
    return b"".join(inference_body.body({"messages": messages([frame]), "stream": True, "max_tokens": 1024}))


async def ask_directly(site: Site, request: bytes) -> Timing:
    """One question over a connection of its own, read as bytes: as little client as there can be."""
    started = time.perf_counter()
    reader, writer = await asyncio.open_connection("127.0.0.1", site.model_port)
    head = f"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: {len(request)}\r\n\r\n"
    writer.write(head.encode() + request)
    timing, last = Timing(), started
    async for line in reader:
        if b'"content"' in line:
            last = _note(timing, started, last)
        elif b"[DONE]" in line:
            break
    writer.close()
    return timing


@asynccontextmanager
async def page(site: Site, person: Person, **options: Any) -> AsyncIterator[Any]:
    """The socket of the coach's page."""
    async with websockets.connect(
        f"ws://127.0.0.1:{site.port}/ws/coach/",
        origin=websockets.Origin(f"http://127.0.0.1:{site.port}"),
        additional_headers={"Cookie": f"sessionid={person.session}"},
        open_timeout=120,
        ping_interval=None,
        compression=None,
        **options,
    ) as socket:
        yield socket


async def ask(socket: Any, person: Person) -> Timing:
    """One question through an open socket, to its end."""
    started = time.perf_counter()
    await socket.send(json.dumps({"start": person.questions.pop()}))
    timing, last = Timing(), started
    async for message in socket:
        if '"token"' in message[:80]:
            last = _note(timing, started, last)
        elif '"done"' in message[:80]:
            if '"cancelled"' in message or '"failed"' in message:
                raise RuntimeError(message)
            return timing
    raise RuntimeError("The socket was closed.")


def left(site: Site) -> list[float]:
    """When (time.time()) clients of the model server left before the end."""
    with urllib.request.urlopen(f"http://127.0.0.1:{site.model_port}/left") as answer:
        return list(json.load(answer))


def _note(timing: Timing, started: float, last: float) -> float:
    now = time.perf_counter()
    if timing.first:
        timing.gaps.append(now - last)
    else:
        timing.first = now - started
    return now
