"""Bodies read off the socket: whole, broken off, silent, too long."""

import asyncio
from typing import Any

import pytest

from apps.demos import streaming
from apps.demos.services.appending import Refused


class Right:
    """Takes what an upload's file would."""

    def __init__(self, room: int = 10**9) -> None:
        self.came, self._room = bytearray(), room

    def write(self, data: bytes) -> None:
        if len(self.came) + len(data) > self._room:
            raise Refused(413, "Too much.")
        self.came += data


def body(*messages: Any) -> streaming.Receive:
    left = list(messages)

    async def receive() -> streaming.Message:
        if not left:
            await asyncio.Event().wait()
        part = left.pop(0)
        if part is None:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": part, "more_body": bool(left)}

    return receive


async def written(right: Right, receive: streaming.Receive) -> bool:
    return await streaming._write(right, receive)  # type: ignore[arg-type]


@pytest.mark.parametrize("size", [1, 1000, 700_000, 3_000_000])
async def test_a_whole_body(size: int) -> None:
    right = Right()
    parts = [bytes([number]) * size for number in range(5)]
    assert await written(right, body(*parts))
    assert right.came == b"".join(parts)


async def test_an_empty_body() -> None:
    assert await written(Right(), body(b""))


async def test_broken_off() -> None:
    right = Right()
    assert not await written(right, body(b"x" * 3_000_000, b"y" * 10, None))
    assert right.came == b"x" * 3_000_000 + b"y" * 10, "all that came is kept"


async def test_silence_is_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streaming, "SILENCE_S", 0.02)
    right, receive = Right(), body(b"x" * 10, b"never asked for")

    async def stalls() -> streaming.Message:
        if right.came:
            await asyncio.Event().wait()
        right.came += b"!"
        return await receive()

    assert not await written(right, stalls)
    assert right.came == b"!" + b"x" * 10


async def test_a_refusal_ends_it() -> None:
    with pytest.raises(Refused):
        await written(Right(room=2_000_000), body(*[b"x" * 1_000_000] * 9))
