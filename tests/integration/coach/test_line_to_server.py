"""The line to a model server, through real sockets: what arrived before it broke, and a line that dies silently."""

import asyncio
import ctypes
import json
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from apps.coach import inference
from apps.coach.advice.prompt import messages
from apps.coach.inference import Limits, Piece
from apps.coach.inference_servers import ModelServer
from apps.coach.server_errors import ServerBroke

PATIENT = Limits(first_token_s=60, between_tokens_s=60, total_s=60, max_tokens=100)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"


def token(text: str) -> bytes:
    event = f"data: {json.dumps({'choices': [{'index': 0, 'delta': {'content': text}}]})}\n\n".encode()
    return f"{len(event):x}\r\n".encode() + event + b"\r\n"


class BareServer:
    """One question over a plain socket; ``act(line)`` does what the test wants once the question was read, which a
    server that is ``busy_s`` begins late."""

    def __init__(self, act: Callable[[socket.socket], None], busy_s: float = 0) -> None:
        self.over = threading.Event()
        self._busy_s = busy_s
        self._act = act
        self._door = socket.create_server(("127.0.0.1", 0))
        self._line: socket.socket | None = None
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def server(self) -> ModelServer:
        return ModelServer("bare", "Bare", f"http://127.0.0.1:{self._door.getsockname()[1]}/v1", model="m")

    def close(self) -> None:
        for one in (self._line, self._door):
            if one is not None:
                one.close()

    def _serve(self) -> None:
        self._line, _ = self._door.accept()
        time.sleep(self._busy_s)
        head = b""
        while b"\r\n\r\n" not in head:
            head += self._line.recv(65536)
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
        body = len(head.partition(b"\r\n\r\n")[2])
        while body < length:
            body += len(self._line.recv(65536))
        self._act(self._line)
        self.over.set()


@pytest.fixture
def bare() -> Iterator[Callable[..., BareServer]]:
    made: list[BareServer] = []

    def make(act: Callable[[socket.socket], None], busy_s: float = 0) -> BareServer:
        made.append(BareServer(act, busy_s))
        return made[-1]

    yield make
    for one in made:
        one.close()


def reset(line: socket.socket) -> None:
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    line.close()


def hang_up(line: socket.socket) -> None:
    line.close()


@pytest.mark.parametrize("end", [reset, hang_up])
async def test_tokens_that_arrived_before_the_line_broke_are_not_lost(bare: Any, end: Any) -> None:
    """The reader is busy while the rest and the end arrive together: what aiohttp would throw away."""
    busy = threading.Event()

    def act(line: socket.socket) -> None:
        line.sendall(HEAD + token("one "))
        busy.wait(10)
        for word in ("two ", "three ", "four"):
            line.sendall(token(word))
        end(line)

    there = bare(act)
    said: list[Any] = []
    answer = inference.stream_answer(messages([b"jpeg"]), PATIENT, there.server)
    said.append(await anext(answer))
    busy.set()
    await asyncio.to_thread(there.over.wait, 10)
    await asyncio.sleep(0.1)  # the loop hears of the data and of the break before the reader does
    with pytest.raises(ServerBroke, match="broke off"):
        await _take(answer, said)
    assert "".join(piece.text for piece in said if isinstance(piece, Piece)) == "one two three four"


async def _take(answer: Any, said: list[Any]) -> None:
    async for item in answer:
        said.append(item)


@pytest.mark.parametrize("after", ["breaks", "stays open"])
async def test_an_answer_that_was_ended_is_whole_whatever_the_line_does_then(bare: Any, after: str) -> None:
    ended = f"data: {json.dumps({'choices': [{'index': 0, 'delta': {}, 'finish_reason': 'stop'}]})}\n\n".encode()
    done = threading.Event()

    def act(line: socket.socket) -> None:
        line.sendall(HEAD + token("all of it") + f"{len(ended):x}\r\n".encode() + ended + b"\r\n")
        if after == "breaks":
            reset(line)
        else:
            done.wait(10)

    said: list[Any] = []
    limits = Limits(first_token_s=60, between_tokens_s=0.5, total_s=60, max_tokens=100)
    await _take(inference.stream_answer(messages([b"jpeg"]), limits, bare(act).server), said)
    done.set()
    assert [said[0].text, said[-1].reason] == ["all of it", "stop"]


async def test_a_line_that_breaks_before_the_first_token_says_nothing(bare: Any) -> None:
    there = bare(lambda line: (line.sendall(HEAD), reset(line)))
    answer = inference.stream_answer(messages([b"jpeg"]), PATIENT, there.server)
    with pytest.raises(ServerBroke, match="before it wrote anything"):
        await anext(answer)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux lets a socket's packets be thrown away")
@pytest.mark.parametrize(
    ("tokens", "said"),
    [(1, "in the middle"), (0, "before it wrote anything")],
    ids=["in the middle of an answer", "before it"],
)
async def test_a_line_that_dies_without_a_word_is_noticed_within_seconds(bare: Any, tokens: int, said: str) -> None:
    def act(line: socket.socket) -> None:
        if tokens:
            line.sendall(HEAD + token("one "))
        throw_everything_away(line)

    there = bare(act)
    answer = inference.stream_answer(messages([b"jpeg"]), PATIENT, there.server)
    if tokens:
        await anext(answer)
    started = time.monotonic()
    with pytest.raises(ServerBroke, match=said):
        await anext(answer)
    assert time.monotonic() - started < 8  # 60 s are allowed between tokens; the kernel gives up after 4


async def test_a_server_that_only_thinks_long_or_reads_late_is_waited_for(bare: Any) -> None:
    def act(line: socket.socket) -> None:
        line.sendall(HEAD + token("one "))
        time.sleep(4.5)
        line.sendall(token("two"))

    frame = b"jpeg" * 1_000_000  # more than lies between two programs
    answer = inference.stream_answer(messages([frame]), PATIENT, bare(act, busy_s=4.5).server)
    said: list[Any] = [await anext(answer), await anext(answer)]
    await answer.aclose()
    assert [piece.text for piece in said] == ["one ", "two"]


def throw_everything_away(line: socket.socket) -> None:
    """From now on nothing that is sent to ``line`` arrives, and nothing is acknowledged: a machine switched off."""
    nothing = ctypes.create_string_buffer(struct.pack("HBBI", 0x06, 0, 0, 0))  # BPF: return 0 bytes
    program = struct.pack("HL", 1, ctypes.addressof(nothing))
    line.setsockopt(socket.SOL_SOCKET, getattr(socket, "SO_ATTACH_FILTER", 26), program)
