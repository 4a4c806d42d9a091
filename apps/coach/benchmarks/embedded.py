"""How fast the embedded model answers on this machine, asked straight: ``manage.py bench coach --only embedded``.

Frames are simulated ones of all sizes; the server is the one that ``manage.py up`` starts.
"""

import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from apps.captures.hud.readings import ASK, READING
from apps.coach import embedded
from apps.coach.advice.prompt import messages
from apps.coach.embedded_child import served
from apps.coach.frames import read_frame
from apps.coach.inference import Piece, stream_answer
from apps.coach.inference_servers import ModelServer, servers
from apps.core.children import BASE_DIR

Say = Callable[[str], object]
FRAMES = 12
SEED = 5
STATE_ENDS = '"analysis"'  # what an answer says after its game state


@dataclass(frozen=True)
class Answer:
    """Seconds since the question, and tokens."""

    first: float
    state: float
    whole: float
    tokens: int


def run(say: Say) -> None:
    with tempfile.TemporaryDirectory(prefix="chimera-bench-") as folder:
        command = [sys.executable, "-m", "apps.simulation.hudsamples.write", folder]
        options = ["--count", str(FRAMES), "--seed", str(SEED)]
        subprocess.run([*command, *options], cwd=BASE_DIR, check=True, capture_output=True)
        frames = [read_frame(path.read_bytes()).jpeg for path in sorted(Path(folder).glob("frames/*.jpg"))]
    took = []
    for frame in frames:
        started = time.perf_counter()
        embedded.tile(frame)
        took.append(time.perf_counter() - started)
    say(f"{len(frames)} frames, HUD found and packed: {_ms(took)} (median)")
    with served(servers()[0], lambda _: None) as server:
        asyncio.run(_answers(say, server, frames))


async def _answers(say: Say, server: ModelServer, frames: Sequence[bytes]) -> None:
    tiles = [embedded.shown(frame, server) for frame in frames]
    await _ask(server, messages([tiles[0]]))  # the first one loads the model
    advice = [await _ask(server, messages([tile])) for tile in tiles]
    say(
        f"advice: first token {_ms([one.first for one in advice])}, game state {_ms([one.state for one in advice])},"
        f" all of {median(one.tokens for one in advice):.0f} tokens {_ms([one.whole for one in advice])} (median,"
        f" slowest {max(one.whole for one in advice):.2f} s)"
    )
    readings = [await _ask(server, _with_text(tile, ASK), READING) for tile in tiles]
    say(
        f"reading: first token {_ms([one.first for one in readings])},"
        f" all of {median(one.tokens for one in readings):.0f} tokens {_ms([one.whole for one in readings])} (median)"
    )


def _with_text(tile: bytes, text: str) -> list[dict[str, object]]:
    question = messages([tile])[-1]
    picture, _ = question["content"]
    return [{**question, "content": [picture, {"type": "text", "text": text}]}]


async def _ask(server: ModelServer, question: list[dict[str, object]], schema: dict[str, Any] | None = None) -> Answer:
    started = time.perf_counter()
    text, tokens, first, state = "", 0, 0.0, 0.0
    async with aclosing(stream_answer(question, server=server, schema=schema)) as parts:
        async for part in parts:
            if not isinstance(part, Piece):
                tokens = part.tokens
                continue
            text += part.text
            now = time.perf_counter() - started
            first = first or now
            state = state or (now if STATE_ENDS in text else 0.0)
    return Answer(first, state, time.perf_counter() - started, tokens)


def _ms(seconds: Sequence[float]) -> str:
    return f"{median(seconds) * 1000:.0f} ms"
