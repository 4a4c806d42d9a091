"""The connection that carries one question to a model server, and its answer back."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp

from apps.coach.inference_servers import ModelServer

CONNECT_S = 5.0
SIGNS_MISSED = 3  # of life of the server's machine, a second each, before its line counts as dead


@asynccontextmanager
async def connection(server: ModelServer) -> AsyncIterator[aiohttp.ClientSession]:
    """A connection of its own for each question: closing it says "stop", and none is found dead when it is used again.

    No proxy from the environment and no redirect: frames go to the configured host and nowhere else.
    """
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0, force_close=True, socket_factory=_watched_socket),
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_S),
        headers={"Authorization": f"Bearer {server.key}"} if server.key else None,
        trust_env=False,
    ) as session:
        yield session


async def arrived(content: aiohttp.StreamReader) -> bytes:
    """What has arrived, or the next to come.

    aiohttp forgets what waits to be read as soon as the connection breaks. Here the break is heard of only afterwards:
    a token that reached us is the answer's, and no other model is asked in its place.
    """
    broken = content.exception()
    if broken is None:
        return await content.readany()
    content.set_exception(None)  # type: ignore[arg-type]  # or it keeps what it has
    rest = content.read_nowait()
    content.set_exception(broken)
    if not rest:
        raise broken
    return rest


def _watched_socket(info: aiohttp.AddrInfoType) -> socket.socket:
    """A socket on which the kernel asks every second whether the other machine is still there.

    A line that dies without a word (a cable, a machine switched off) once the question has arrived then ends it after
    some seconds, while a model that only thinks long has its full time: its machine answers for it. So has a server
    that is too busy to read the question (TCP_USER_TIMEOUT would end that one).
    """
    family, kind, proto, *_ = info
    made = socket.socket(family, kind, proto)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in (("TCP_KEEPIDLE", 1), ("TCP_KEEPINTVL", 1), ("TCP_KEEPCNT", SIGNS_MISSED)):
        if hasattr(socket, name):  # not every system has all three
            made.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
    return made
