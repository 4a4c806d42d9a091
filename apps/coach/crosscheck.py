"""Another pair of eyes on an answer: what the embedded model reads on the HUD, beside a large model's ``game_state``.

Asked for while the large model answers, through the embedded alias where that is up; a hint beside the cards, never a
correction.
"""

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

from apps.captures.hud.readings import differences, grounding, plain, state_of
from apps.coach import cards, embedded
from apps.coach.inference_health import keeper
from apps.coach.inference_servers import ModelServer, reader

logger = logging.getLogger(__name__)
WITHIN_S = 2.0  # once it is wanted; usually it is there long before the answer


class CrossCheck:
    """The reading of one question's newest frame, asked for at most once."""

    def __init__(self) -> None:
        self._task: asyncio.Task[dict[str, Any] | None] | None = None

    def begin(self, server: ModelServer, jpeg: bytes) -> None:
        """Have ``jpeg`` read while ``server`` answers, unless that is the reader itself or no reader is up."""
        eyes = reader()
        if self._task is None and eyes is not None and server.sees != "hud" and keeper.of(eyes).up:
            self._task = asyncio.create_task(embedded.reading(jpeg))

    async def reading(self) -> dict[str, Any]:
        """The reading once it is there; empty where there is none."""
        if self._task is None:
            return {}
        try:
            async with asyncio.timeout(WITHIN_S):
                found = await asyncio.shield(self._task)
        except TimeoutError:
            return {}
        except Exception:
            logger.exception("The HUD could not be read beside an answer")
            return {}
        return plain(found) if found else {}

    async def grounding(self) -> str:
        """The reading in a sentence for a prompt."""
        return grounding(await self.reading())

    def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()


def marks(answer: Mapping[str, Any], reading: Mapping[str, Any]) -> dict[str, str]:
    """Where the reading differs from an answer's ``game_state``: path → what was read, in words."""
    if not reading:
        return {}
    said = cards.section(dict(answer), "game_state")
    side = said.get("player_side")
    told = state_of(reading, side if isinstance(side, str) else None)
    return {f"game_state.{name}": cards.text(told[name]) for name in differences(said, told)}
