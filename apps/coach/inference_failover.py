"""Asks the models of a failover order until one speaks."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from apps.coach import metrics
from apps.coach.inference import Finish, Piece, stream_answer
from apps.coach.inference_health import keeper
from apps.coach.inference_servers import ModelServer, named, servers
from apps.coach.server_errors import ModelServerError, ServerRefused

NEWS = True, None, False  # of a server's health, the best first
Build = Callable[[ModelServer], Awaitable[list[dict[str, Any]]]]


@dataclass(frozen=True)
class Asking:
    """This server is asked now; another may follow as long as nothing was said."""

    server: ModelServer


def candidates(alias: str) -> list[ModelServer]:
    """Whom to ask for ``alias``, in this order; empty: any model, first those that are up.

    Raises:
        ServerRefused: nothing is configured under the alias any more.
    """
    if not alias:
        return sorted(servers(), key=lambda server: NEWS.index(keeper.of(server).up))
    server = named(alias)
    if server is None:
        raise ServerRefused(f"There is no model “{alias}” any more. Your frame is kept; ask another one.")
    return [server]


async def stream_first(order: Sequence[ModelServer], build: Build) -> AsyncGenerator[Asking | Piece | Finish, None]:
    """The answer of the first server in ``order`` that says anything; ``build`` makes its messages.

    Once a server has spoken, its failure is the answer's.

    Raises:
        ModelServerError: the failure of the only server, or a sentence that names how many were tried.
    """
    for number, server in enumerate(order, 1):
        yield Asking(server)
        spoke = False
        try:
            async with aclosing(stream_answer(await build(server), server=server)) as items:
                async for item in items:
                    if not spoke:
                        spoke = True
                        keeper.note(server, up=True, sentence="The model server is up.")
                    yield item
            return
        except ModelServerError as error:
            if spoke:
                raise
            if not isinstance(error, ServerRefused):
                keeper.note(server, up=False, sentence=error.sentence)
            if number == len(order):
                raise _none_answered(error, number, server) from error
            metrics.FAILOVERS.labels(server.alias).inc()


def _none_answered(error: ModelServerError, tried: int, last: ModelServer) -> ModelServerError:
    if tried > 1:
        return type(error)(f"None of the {tried} models answered. The last one, {last.label}: {error.sentence}")
    if len(servers()) > 1:
        return type(error)(f"{last.label}: {error.sentence} Another model may answer.")
    return error
