"""Asks for advice without pages, rows or a line: for the command line."""

import time
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import asdict, dataclass, field
from typing import Any

from apps.coach import embedded
from apps.coach.advice.partial import partial_answer
from apps.coach.advice.prompt import messages
from apps.coach.advice.validation import validate
from apps.coach.inference import Finish
from apps.coach.inference_failover import Asking, stream_first
from apps.coach.inference_servers import ModelServer
from apps.coach.server_errors import ModelServerError


@dataclass
class Advice:
    """One answer. ``status`` is "complete", "invalid" (see ``problems``) or "failed" (see ``error``)."""

    status: str = "failed"
    alias: str = ""
    model: str = ""
    answer: dict[str, Any] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    error: str = ""
    first_token_ms: int | None = None
    total_ms: int = 0
    tokens: int = 0

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


async def consult(pictures: Sequence[bytes], context: str, order: Sequence[ModelServer]) -> Advice:
    """Ask the first server in ``order`` that answers about ``pictures`` (JPEG, oldest first)."""

    async def build(server: ModelServer) -> list[dict[str, Any]]:
        shown = [embedded.shown(picture, server) for picture in pictures[-server.max_frames :]]
        return messages(shown, context)

    advice, text, started = Advice(), "", time.monotonic()
    try:
        async with aclosing(stream_first(order, build)) as items:
            async for item in items:
                if isinstance(item, Asking):
                    advice.alias = item.server.alias
                elif isinstance(item, Finish):
                    advice.model, advice.tokens = item.model, item.tokens
                    _judge(advice, text, item.reason)
                else:
                    advice.first_token_ms = advice.first_token_ms or _since(started)
                    text += item.text
    except ModelServerError as error:
        advice.error = error.sentence
    advice.answer, advice.total_ms = partial_answer(text), _since(started)
    return advice


def _judge(advice: Advice, text: str, reason: str) -> None:
    _, advice.problems = validate(text)
    if reason == "length":
        advice.problems.insert(0, f"The answer was cut off at its limit after {advice.tokens} tokens.")
    advice.status = "invalid" if advice.problems else "complete"


def _since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
