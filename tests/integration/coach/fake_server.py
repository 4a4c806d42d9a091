"""A model server that misbehaves on demand: the OpenAI chat protocol as a plain ASGI app, run by uvicorn in a thread.

``tests/contract`` holds it and the real servers against the same expectations.
"""

import asyncio
import json
import threading
import time
from collections.abc import Awaitable, Callable
from typing import Any

import uvicorn

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
SendMessage = Callable[[dict[str, Any]], Awaitable[None]]

VALID = {
    "game_state": {
        "map_name": "de_dust2",
        "round_phase": "live",
        "player_side": "CT",
        "player_health": 100,
        "player_armor": 96,
        "player_has_helmet": True,
        "player_money": 3250,
        "weapon_primary": "M4A1-S",
        "weapon_secondary": "USP-S",
        "utility": ["Smoke Grenade", "Flashbang", "Flashbang"],
        "round_clock": "1:12",
        "score_ct": 7,
        "score_t": 4,
        "alive_teammates": 3,
        "alive_enemies": 4,
        "bomb_status": "none",
        "place_name": "Long Doors",
        "site": None,
        "visible_enemies": 0,
    },
    "analysis": {
        "situation_summary": "You hold Long with a rifle and full utility while two enemies were seen mid.",
        "economy_assessment": "Both teams bought.",
        "round_importance": "medium",
        "immediate_threats": ["A flash over Long doors", "The split through Cat"],
        "opportunities": ["Early information on Long"],
    },
    "advice": {
        "primary_action": "Smoke Long corner and fall back to site with your teammate on ramp.",
        "reasoning": "You are alone on Long; the smoke costs them ten seconds and lets the rotation arrive.",
        "fallback": "Flash yourself out to pit and hold the cross.",
        "callout": "Long smoked, falling back to site, need one Cat",
        "behavior": {
            "movement_direction": -1,
            "objective_direction": 1,
            "utility_used": ["smoke"],
            "initiated_engagement": False,
            "engagement_delay": 0.8,
        },
    },
}
VALID_TEXT = json.dumps(VALID)


class FakeModelServer:
    """``mode`` says how the next questions are answered; ``requests`` and ``disconnected`` what the server saw."""

    def __init__(self, port: int) -> None:
        self.mode = "valid"
        self.answer = VALID_TEXT
        self.raw = b""  # the whole body of an answer in the mode of that name
        self.pause_s = 0.0  # between tokens
        self.written = 0  # pieces of answers
        self.requests: list[dict[str, Any]] = []
        self.disconnected = threading.Event()
        self.models: frozenset[str] | None = None  # the names it knows; None: any
        self.max_images: int | None = None  # in one question
        self.max_chars: int | None = None  # of a question's words
        self.port = port
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def start(self) -> None:
        config = uvicorn.Config(
            self, host="127.0.0.1", port=self.port, log_level="critical", lifespan="off", timeout_graceful_shutdown=1
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        end = time.monotonic() + 10
        while not self._server.started and time.monotonic() < end:
            time.sleep(0.01)
        assert self._server.started

    def stop(self) -> None:
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            self._thread.join(10)

    async def __call__(self, scope: Scope, receive: Receive, send: SendMessage) -> None:
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        if scope["path"] == "/health":
            await _whole(send, 503 if self.mode == "busy" else 200, "{}")
        elif scope["path"] == "/v1/models":
            await _whole(send, 200, json.dumps({"object": "list", "data": [{"id": "fake/model", "object": "model"}]}))
        elif scope["path"] == "/v1/chat/completions":
            self.requests.append(json.loads(body))
            await self._until_gone(receive, self._complete(send))
        else:
            await _whole(send, 404, "{}")

    async def _until_gone(self, receive: Receive, work: Awaitable[None]) -> None:
        working = asyncio.ensure_future(work)
        leaving = asyncio.ensure_future(receive())
        await asyncio.wait((working, leaving), return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            self.disconnected.set()
            working.cancel()
            return
        leaving.cancel()
        working.result()

    async def _complete(self, send: SendMessage) -> None:
        if self.mode in ("busy", "broken", "refuses"):
            status = {"busy": 503, "broken": 500, "refuses": 400}[self.mode]
            await _whole(send, status, '{"error": {"message": "no"}}')
            return
        if self.mode == "picky" and not self.requests[-1].get("model"):
            await _whole(send, 400, '{"error": {"message": "you must provide a model"}}')
            return
        if complaint := self._complaint(self.requests[-1]):
            await _whole(send, *complaint)
            return
        if self.mode == "hanging":
            await asyncio.sleep(3600)
        if self.mode == "html":
            await _whole(send, 200, "<h1>It works!</h1>", b"text/html")
            return
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/event-stream")]})
        if self.mode == "raw":
            await send({"type": "http.response.body", "body": self.raw})
            return
        await _event(send, _chunk({"role": "assistant"}))
        await self._words(send)

    def _complaint(self, question: dict[str, Any]) -> tuple[int, str] | None:
        """What vLLM answers, and in its words, to a question beyond what this server was told to take."""
        said = [message["content"] for message in question["messages"]]
        parts = [part for content in said if isinstance(content, list) for part in content]
        words = [content for content in said if isinstance(content, str)] + [part.get("text", "") for part in parts]
        images = sum(part["type"] == "image_url" for part in parts)
        if self.models is not None and question.get("model") and question["model"] not in self.models:
            return 404, _error(f"The model `{question['model']}` does not exist.")
        if self.max_images is not None and images > self.max_images:
            return 400, _error(f"At most {self.max_images} image(s) may be provided in one prompt.")
        if self.max_chars is not None and sum(map(len, words)) > self.max_chars:
            return 400, _error(f"This model's maximum context length is {self.max_chars} tokens.")
        return None

    async def _words(self, send: SendMessage) -> None:
        """The stream itself, three characters at a time."""
        if self.mode == "silent":
            await asyncio.sleep(3600)
        text = self.answer
        pieces = [text[start : start + 3] for start in range(0, len(text), 3)]
        limit = int(self.requests[-1].get("max_tokens") or len(pieces))
        while self.mode == "endless":
            await _event(send, _chunk({"content": "so "}))
            await asyncio.sleep(0)  # or nobody could ever be heard leaving
        for number, piece in enumerate(pieces[:limit]):
            if self.pause_s:
                await asyncio.sleep(self.pause_s)
            await _event(send, _chunk({"content": piece}))
            self.written += 1
            if number == len(pieces) // 2:
                await self._half_way(send)
                if self.mode in ("unfinished", "error_event", "junk", "misshapen"):
                    await send({"type": "http.response.body", "body": b""})
                    return
        reason = "length" if limit < len(pieces) else "stop"
        usage = {"prompt_tokens": 9, "completion_tokens": min(limit, len(pieces)), "total_tokens": 9}
        await _event(send, _chunk({}, reason, usage))
        await send({"type": "http.response.body", "body": b"data: [DONE]\n\n"})

    async def _half_way(self, send: SendMessage) -> None:
        if self.mode == "stalls":
            await asyncio.sleep(3600)
        elif self.mode == "cut":
            raise ConnectionAbortedError  # uvicorn drops the connection without the end of the body
        elif self.mode == "error_event":
            await _event(send, {"error": "out of memory"})
        elif self.mode == "junk":
            await send({"type": "http.response.body", "body": b"data: {nonsense\n\n", "more_body": True})
        elif self.mode == "misshapen":
            await _event(send, {"choices": "many", "model": 5})


def _error(message: str) -> str:
    return json.dumps({"error": {"message": message, "type": "BadRequestError", "param": None, "code": 400}})


def _chunk(delta: dict[str, Any], reason: str | None = None, usage: dict[str, int] | None = None) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta, "finish_reason": reason}
    return {
        "id": "1",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": "fake/model",
        "choices": [choice],
        "usage": usage,
    }


async def _event(send: SendMessage, data: dict[str, Any]) -> None:
    await send({"type": "http.response.body", "body": f"data: {json.dumps(data)}\n\n".encode(), "more_body": True})


async def _whole(send: SendMessage, status: int, text: str, kind: bytes = b"application/json") -> None:
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", kind)]})
    await send({"type": "http.response.body", "body": text.encode()})
