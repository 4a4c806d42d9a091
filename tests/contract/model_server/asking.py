"""Questions by way of our own client, ``apps.coach.inference``, and their answers gathered."""

from dataclasses import dataclass
from typing import Any

from apps.coach import inference
from apps.coach.inference import Finish, Limits, Piece
from apps.coach.inference_servers import ModelServer

PATIENT = Limits(first_token_s=240, between_tokens_s=120, total_s=600, max_tokens=40)


@dataclass(frozen=True)
class Answer:
    pieces: list[Piece]
    finish: Finish

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)


def limited(tokens: int) -> Limits:
    return Limits(PATIENT.first_token_s, PATIENT.between_tokens_s, PATIENT.total_s, tokens)


async def ask(server: ModelServer, messages: list[dict[str, Any]], limits: Limits = PATIENT) -> Answer:
    """The whole answer. Raises ``ModelServerError`` as the client does."""
    *pieces, finish = [item async for item in inference.stream_answer(messages, limits, server)]
    assert isinstance(finish, Finish)
    return Answer([piece for piece in pieces if isinstance(piece, Piece)], finish)
