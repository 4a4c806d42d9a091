"""Asks an OpenAI-compatible model server (vLLM, ``transformers serve``) and streams what it writes.

The only module that talks to the server. Leaving :func:`stream_answer` early, by ``aclose()`` or by cancelling the task
that reads it, closes the connection at once, and that is how a server learns to stop generating.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urljoin, urlsplit
from weakref import WeakKeyDictionary

import openai
from django.conf import settings
from openai.types.chat import ChatCompletionChunk

from apps.captures.labelling.schema import answer_schema
from apps.coach.inference_servers import ModelServer, servers
from apps.coach.server_errors import (
    BROKEN_OFF,
    ModelServerError,
    ServerAway,
    ServerBroke,
    ServerRefused,
    ServerSlow,
    in_plain_words,
)

CONNECT_S = 5.0
PROBE_S = 2.0
MAX_ANSWER_CHARS = 32 * 1024  # for servers that ignore max_tokens
TEMPERATURE = 0.2


@dataclass(frozen=True)
class Limits:
    """How long (seconds) and how much (tokens) a question may take."""

    first_token_s: float
    between_tokens_s: float
    total_s: float
    max_tokens: int

    @classmethod
    def for_server(cls, server: ModelServer) -> "Limits":
        return cls(
            server.first_token_s or settings.MODEL_SERVER_FIRST_TOKEN_S,
            settings.MODEL_SERVER_BETWEEN_TOKENS_S,
            settings.MODEL_SERVER_TOTAL_S,
            settings.COACH_MAX_TOKENS,
        )


@dataclass(frozen=True)
class Piece:
    """Some more text, as small as the server sends it."""

    text: str


@dataclass(frozen=True)
class Finish:
    """The server's own end of the answer."""

    reason: str  # "stop"; "length" when a limit cut it off
    model: str  # as the server names it, without the folders of its machine
    tokens: int


@dataclass(frozen=True)
class ServerState:
    up: bool
    sentence: str


async def stream_answer(
    messages: list[dict[str, Any]], limits: Limits | None = None, server: ModelServer | None = None
) -> AsyncGenerator[Piece | Finish, None]:
    """Ask ``messages`` (OpenAI chat messages) and yield pieces of the answer, then one :class:`Finish`.

    ``server`` is the first configured one unless said.

    Raises:
        ModelServerError: one of its kinds, with a sentence for people. What was yielded before stays good.
    """
    server = server or servers()[0]
    limits = limits or Limits.for_server(server)
    clock = asyncio.get_running_loop().time
    end = clock() + limits.total_s
    spoke = False
    tokens, written, model, reason = 0, 0, "", ""
    async with aclosing(_parts(server, messages, limits, clock() + min(limits.first_token_s, limits.total_s))) as parts:
        patience = clock() + limits.first_token_s
        while True:
            try:
                async with asyncio.timeout_at(min(patience, end)):
                    part = await anext(parts, None)
            except TimeoutError as error:
                raise ServerSlow(_too_slow(limits, spoke=spoke, out_of_time=clock() >= end)) from error
            if part is None:
                break
            model, reason = part.model or model, part.reason or reason
            # Servers send about one token at a time; their own count, when it comes, is the better one.
            tokens = part.tokens or tokens + bool(part.text)
            written += len(part.text)
            if part.text:
                yield Piece(part.text)
            if part.text or part.thinking:
                spoke = True
                patience = clock() + limits.between_tokens_s  # from now: a slow reader is not the server's fault
            if written > MAX_ANSWER_CHARS or tokens > 2 * limits.max_tokens:
                reason = "length"
                break
    if not reason:
        raise ServerBroke(BROKEN_OFF)
    yield Finish(reason, short_name(model), tokens)


@dataclass(frozen=True)
class _Part:
    """What matters of one chunk."""

    text: str
    thinking: bool  # at work without text
    reason: str
    model: str
    tokens: int


async def _parts(
    server: ModelServer, messages: list[dict[str, Any]], limits: Limits, patience: float
) -> AsyncGenerator[_Part, None]:
    with in_plain_words(server.url):
        try:
            async with asyncio.timeout_at(patience):
                stream = await _open(server, messages, limits)
        except TimeoutError as error:
            raise ServerSlow(_too_slow(limits, spoke=False, out_of_time=False)) from error
        try:
            async for chunk in stream:
                yield _read(chunk)
        finally:
            await stream.close()


def _read(chunk: ChatCompletionChunk) -> _Part:
    """Reads inside :func:`in_plain_words`: the library does not check what a server sends."""
    tokens = int(chunk.usage.completion_tokens) if chunk.usage else 0
    if not chunk.choices:
        return _Part("", False, "", str(chunk.model or ""), tokens)
    choice = chunk.choices[0]
    thinking = getattr(choice.delta, "reasoning_content", None) or getattr(choice.delta, "reasoning", None)
    return _Part(choice.delta.content or "", bool(thinking), choice.finish_reason or "", str(chunk.model or ""), tokens)


async def _open(
    server: ModelServer, messages: list[dict[str, Any]], limits: Limits
) -> "openai.AsyncStream[ChatCompletionChunk]":
    """Start the request. Without a configured name the server's only (or pinned) model answers; servers that insist on
    a name are asked for theirs."""
    name = server.model or None
    try:
        return await _create(server, messages, limits, name)
    except (openai.BadRequestError, openai.NotFoundError, openai.UnprocessableEntityError):
        if name is not None:
            raise
        served = await _served(server)
        if not served:
            raise
        return await _create(server, messages, limits, served[0])


async def _served(server: ModelServer) -> list[str]:
    try:
        return [model.id async for model in client(server).models.list()]
    except openai.APIStatusError:  # `transformers serve` without a hub cache fails here
        return []


async def _create(
    server: ModelServer, messages: list[dict[str, Any]], limits: Limits, name: str | None
) -> "openai.AsyncStream[ChatCompletionChunk]":
    constrained: dict[str, Any] = {}
    if server.structured:
        schema = {"name": "answer", "schema": answer_schema(), "strict": True}
        constrained["response_format"] = {"type": "json_schema", "json_schema": schema}
    stream = await client(server).chat.completions.create(
        model=cast("str", name),
        messages=cast("Any", messages),
        stream=True,
        stream_options={"include_usage": True},
        max_tokens=limits.max_tokens,
        temperature=TEMPERATURE,
        **constrained,
    )
    return cast("openai.AsyncStream[ChatCompletionChunk]", stream)


_clients: "WeakKeyDictionary[asyncio.AbstractEventLoop, dict[tuple[str, str], openai.AsyncOpenAI]]" = (
    WeakKeyDictionary()
)


def client(server: ModelServer) -> openai.AsyncOpenAI:
    """The client of this server in this event loop; its connections cannot move between loops."""
    known = _clients.setdefault(asyncio.get_running_loop(), {})
    address = (server.url, server.key)
    if address not in known:
        # No proxy from the environment and no redirect: frames go to the configured host and nowhere else.
        http = openai.DefaultAsyncHttpxClient(
            trust_env=False, follow_redirects=False, timeout=openai.Timeout(None, connect=CONNECT_S)
        )
        known[address] = openai.AsyncOpenAI(
            base_url=server.url, api_key=server.key or "none", max_retries=0, http_client=http
        )
    return known[address]


async def probe(server: ModelServer | None = None) -> ServerState:
    """Whether the server (the first one unless said) answers now. Any HTTP answer but 5xx counts: not every server
    has ``/health``."""
    server = server or servers()[0]
    root = server.url.rstrip("/").removesuffix("/v1") + "/"
    place = urlsplit(root).netloc
    try:
        with in_plain_words(server.url):
            async with asyncio.timeout(PROBE_S):
                await client(server).get(urljoin(root, "health"), cast_to=object)
    except TimeoutError:
        return ServerState(up=False, sentence=f"The model server at {place} does not answer in time.")
    except ServerAway:
        return ServerState(up=False, sentence=f"No model server answers at {place}.")
    except ServerRefused:
        pass
    except ModelServerError:
        return ServerState(up=False, sentence=f"The model server at {place} is not ready.")
    return ServerState(up=True, sentence="The model server is up.")


def short_name(model: str) -> str:
    """A served model's name for people: ``/srv/models/embedded@main`` → ``embedded``; hub names stay."""
    name = model.removesuffix("@main")
    return name.rstrip("/").rpartition("/")[2] if name.startswith(("/", ".")) else name


def _too_slow(limits: Limits, *, spoke: bool, out_of_time: bool) -> str:
    if out_of_time:
        return f"The answer took longer than {limits.total_s:g} s and was stopped. What had arrived is kept."
    if spoke:
        return f"The model server went silent for {limits.between_tokens_s:g} s. What had arrived is kept; ask again."
    return f"The model server wrote nothing for {limits.first_token_s:g} s. Your frame is kept; ask again later."
