"""Asks an OpenAI-compatible model server (vLLM, ``transformers serve``) and streams what it writes.

The only module that talks to the server. Leaving :func:`stream_answer` early, by ``aclose()`` or by cancelling the task
that reads it, closes the connection at once, and that is how a server learns to stop generating.

Plain aiohttp: the openai library takes most of a millisecond for each token, which 64 answers at once have not.
"""

import asyncio
import json
from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

import aiohttp
from django.conf import settings

from apps.captures.labelling.schema import answer_schema
from apps.coach.advice.partial import clean
from apps.coach.inference_body import body
from apps.coach.inference_line import arrived, connection
from apps.coach.inference_servers import ModelServer, servers
from apps.coach.server_errors import (
    BROKEN_OFF,
    NO_ANSWER,
    SAID_NOTHING,
    LineBroke,
    ModelServerError,
    ServerAway,
    ServerBroke,
    ServerRefused,
    ServerSlow,
    check_status,
    in_plain_words,
    place,
)

PROBE_S = 2.0
MAX_ANSWER_CHARS = 32 * 1024  # for servers that ignore max_tokens
MAX_LINE = 1024 * 1024
MAX_COMPLAINT = 4096  # bytes read of why a question was refused
MAX_NAME = 500  # characters of a model's name
MAX_COUNT = 1_000_000  # tokens; a server that counts more, or less than none, cannot count
TEMPERATURE = 0.2
ASK_FOR_A_NAME = (400, 404, 422)  # what servers answer that insist on a model's name


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
    """Some more text: all that had arrived at once, ``tokens`` as the server counts them out."""

    text: str
    tokens: int = 1


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
    messages: list[dict[str, Any]],
    limits: Limits | None = None,
    server: ModelServer | None = None,
    schema: dict[str, Any] | None = None,
) -> AsyncGenerator[Piece | Finish, None]:
    """Ask ``messages`` (OpenAI chat messages) and yield pieces of the answer, then one :class:`Finish`.

    ``server`` is the first configured one unless said. Where it can, it keeps to ``schema``, that of
    answers unless said.

    Raises:
        ModelServerError: one of its kinds, with a sentence for people. What was yielded before stays good.
    """
    server = server or servers()[0]
    limits = limits or Limits.for_server(server)
    clock = asyncio.get_running_loop().time
    end = clock() + limits.total_s
    spoke = False
    tokens, written, model, reason = 0, 0, "", ""
    question = _question(server, messages, limits, schema or answer_schema())
    async with aclosing(_parts(server, question, limits, clock() + min(limits.first_token_s, limits.total_s))) as parts:
        patience = clock() + limits.first_token_s
        while True:
            try:
                async with asyncio.timeout_at(min(patience, end)):
                    part = await anext(parts, None)
            except (TimeoutError, LineBroke) as error:
                if reason:  # all of it is here, however the server ends
                    break
                raise _cut_short(error, limits, spoke=spoke, out_of_time=clock() >= end) from error
            if part is None:
                break
            model, reason = part.model or model, part.reason or reason
            # Servers send about one token at a time; their own count, when it comes, is the better one.
            tokens = part.counted or tokens + part.tokens
            written += len(part.text)
            if part.text:
                yield Piece(part.text, part.tokens)
            if part.text or part.thinking:
                spoke = True
                patience = clock() + limits.between_tokens_s  # from now: a slow reader is not the server's fault
            if written > MAX_ANSWER_CHARS or tokens > 2 * limits.max_tokens:
                reason = "length"
                break
    if not reason:
        raise ServerBroke(BROKEN_OFF if spoke else NO_ANSWER)
    yield Finish(reason, short_name(model), tokens)


@dataclass
class _Part:
    """What matters of the events that arrived together."""

    text: str = ""
    tokens: int = 0
    thinking: bool = False  # at work without text
    reason: str = ""
    model: str = ""
    counted: int = 0  # by the server, for the whole answer

    def add(self, event: Any) -> None:
        if "error" in event:
            raise ServerBroke(NO_ANSWER)
        self.model = clean(str(event.get("model") or self.model)[:MAX_NAME])
        self.counted = _counted(event.get("usage")) or self.counted
        for choice in event["choices"][:1]:
            delta = choice.get("delta") or {}
            text = delta.get("content") or ""
            self.text += text
            self.tokens += bool(text)
            self.thinking |= bool(delta.get("reasoning_content") or delta.get("reasoning"))
            self.reason = choice.get("finish_reason") or self.reason


def _counted(usage: Any) -> int:
    """The tokens that a server says it wrote; 0 where it says nothing that can be believed."""
    told = usage.get("completion_tokens") if isinstance(usage, dict) else None
    return told if isinstance(told, int) and 0 < told < MAX_COUNT else 0


async def _parts(
    server: ModelServer, question: dict[str, Any], limits: Limits, patience: float
) -> AsyncGenerator[_Part, None]:
    async with connection(server) as session:
        try:
            async with asyncio.timeout_at(patience):
                with in_plain_words(server.url):
                    response = await _open(session, server, question)
        except TimeoutError as error:
            raise ServerSlow(_too_slow(limits, spoke=False, out_of_time=False)) from error
        try:
            rest, over = b"", False
            while not over:
                with in_plain_words(server.url):
                    *lines, rest = (rest + await arrived(response.content)).split(b"\n")
                part = _Part()
                try:
                    with in_plain_words(server.url):
                        over = _read(lines, part) or _ended(response.content, rest, part)
                except ModelServerError:
                    yield part  # what came before an event that is none stays good
                    raise
                yield part
                if len(rest) > MAX_LINE:
                    raise ServerBroke(NO_ANSWER)
        finally:
            response.close()


def _read(lines: Iterable[bytes], part: _Part) -> bool:
    """Add what the events in whole ``lines`` say to ``part``; whether the last of them ends the stream."""
    for line in lines:
        if line.startswith(b"data:"):
            data = line[5:].strip()
            if data == b"[DONE]":
                return True
            part.add(json.loads(data))
    return False


def _ended(content: aiohttp.StreamReader, rest: bytes, part: _Part) -> bool:
    """Whether the server closed the stream; adds a last event that no newline follows, unless it was cut."""
    if not content.at_eof():
        return False
    with suppress(ValueError):  # half an event, or half a letter
        _read([rest], part)
    return True


async def _open(
    session: aiohttp.ClientSession, server: ModelServer, question: dict[str, Any]
) -> aiohttp.ClientResponse:
    """Start the request. Without a configured name the server's only (or pinned) model answers; servers that insist on
    a name are asked for theirs."""
    response = await _ask(session, server, question)
    if not server.model and response.status in ASK_FOR_A_NAME and (served := await _served(session, server)):
        response.close()
        response = await _ask(session, server, question | {"model": served})
    if response.status >= 300:
        said = b""
        with suppress(aiohttp.ClientError):  # its status says enough
            said = await response.content.read(MAX_COMPLAINT)
        response.close()
        check_status(response.status, said.decode("utf-8", "replace"))
    return response


async def _served(session: aiohttp.ClientSession, server: ModelServer) -> str:
    async with session.get(f"{server.url.rstrip('/')}/models", allow_redirects=False) as response:
        if response.status != 200:  # `transformers serve` without a hub cache fails here
            return ""
        listed = (await response.json())["data"]
        return str(listed[0]["id"]) if listed else ""


def _question(
    server: ModelServer, messages: list[dict[str, Any]], limits: Limits, schema: dict[str, Any]
) -> dict[str, Any]:
    question: dict[str, Any] = {
        "model": server.model or None,
        "messages": messages,
        "stream": True,
        "stream_options": {"include_usage": True},
        "max_tokens": limits.max_tokens,
        "temperature": TEMPERATURE,
    }
    if server.structured:
        held = {"name": "answer", "schema": schema, "strict": True}
        question["response_format"] = {"type": "json_schema", "json_schema": held}
    return question


async def _ask(session: aiohttp.ClientSession, server: ModelServer, question: dict[str, Any]) -> aiohttp.ClientResponse:
    pieces = list(body(question))

    async def sent() -> AsyncGenerator[bytes]:
        for piece in pieces:
            yield piece

    length = str(sum(map(len, pieces)))
    return await session.post(
        f"{server.url.rstrip('/')}/chat/completions",
        data=sent(),
        headers={"Content-Type": "application/json", "Content-Length": length, "Accept": "text/event-stream"},
        allow_redirects=False,
    )


async def probe(server: ModelServer | None = None) -> ServerState:
    """Whether the server (the first one unless said) answers now. Any HTTP answer but 5xx counts: not every server
    has ``/health``."""
    server = server or servers()[0]
    root = server.url.rstrip("/").removesuffix("/v1") + "/"
    where = place(root)
    try:
        async with asyncio.timeout(PROBE_S), connection(server) as session:
            with in_plain_words(server.url):
                async with session.get(urljoin(root, "health"), allow_redirects=False) as response:
                    check_status(response.status)
    except TimeoutError:
        silent = f"The model server at {where} does not answer in time; it may still be loading."
        return ServerState(up=False, sentence=silent)
    except ServerAway:
        return ServerState(up=False, sentence=f"No model server answers at {where}.")
    except ServerRefused:
        pass
    except ModelServerError:
        return ServerState(up=False, sentence=f"The model server at {where} is not ready.")
    return ServerState(up=True, sentence="The model server is up.")


def short_name(model: str) -> str:
    """A served model's name for people: ``/srv/models/embedded@main`` → ``embedded``; hub names stay."""
    name = model.removesuffix("@main")
    return name.rstrip("/").rpartition("/")[2] if name.startswith(("/", ".")) else name


def _cut_short(error: Exception, limits: Limits, *, spoke: bool, out_of_time: bool) -> ModelServerError:
    if isinstance(error, LineBroke):
        return ServerBroke(BROKEN_OFF if spoke else SAID_NOTHING)
    return ServerSlow(_too_slow(limits, spoke=spoke, out_of_time=out_of_time))


def _too_slow(limits: Limits, *, spoke: bool, out_of_time: bool) -> str:
    if out_of_time:
        return f"The answer took longer than {limits.total_s:g} s and was stopped. What had arrived is kept."
    if spoke:
        return f"The model server went silent for {limits.between_tokens_s:g} s. What had arrived is kept; ask again."
    return f"The model server wrote nothing for {limits.first_token_s:g} s. Your frame is kept; ask again later."
