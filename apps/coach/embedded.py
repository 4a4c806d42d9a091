"""What the embedded model is shown and asked: not the frame but its HUD, packed into one tile (``captures.hud``)."""

import asyncio
import io
from contextlib import aclosing
from typing import Any

from PIL import Image

from apps.captures.hud.finding import find
from apps.captures.hud.placing import pack
from apps.captures.hud.readings import ASK, READING, values_of
from apps.coach import frames
from apps.coach.inference import Piece, stream_answer
from apps.coach.inference_body import Picture
from apps.coach.inference_servers import ModelServer, reader
from apps.coach.server_errors import ModelServerError


def shown(jpeg: bytes, server: ModelServer) -> bytes:
    """One of our own frames as ``server`` wants it: a tile of its HUD (PNG), or the frame itself (JPEG), shrunk."""
    return tile(jpeg) if server.sees == "hud" else frames.shrink(jpeg, server.max_side)


def tile(jpeg: bytes) -> bytes:
    """The HUD of a frame, 448×224 pixels, as PNG: another loss would blur what is left of small digits."""
    with Image.open(io.BytesIO(jpeg), formats=("JPEG",)) as source:
        image = source.convert("RGB")
    encoded = io.BytesIO()
    pack(image, find(image)).save(encoded, "PNG", compress_level=0)  # half the time, on both sides
    return encoded.getvalue()


async def reading(jpeg: bytes) -> dict[str, Any] | None:
    """What the embedded model reads in a frame (``captures.hud.readings.FIELDS``); None where it does not answer."""
    server = reader()
    if server is None:
        return None
    image = {"type": "image_url", "image_url": {"url": Picture(await asyncio.to_thread(tile, jpeg))}}
    question = [{"role": "user", "content": [image, {"type": "text", "text": ASK}]}]
    try:
        async with aclosing(stream_answer(question, server=server, schema=READING)) as parts:
            text = "".join([part.text async for part in parts if isinstance(part, Piece)])
    except ModelServerError:
        return None
    return values_of(text)
