"""An uploaded file as a frame that is kept and shown to models: a new JPEG made from its pixels alone.

Names, declared types, metadata and whatever else the file carried are left behind.
"""

import io
from dataclasses import dataclass

from PIL import Image

from apps.captures.hud.pictures import open_frame

MAX_SIDE = 1920
QUALITY = 90


@dataclass(frozen=True)
class Frame:
    jpeg: bytes
    width: int
    height: int


def read_frame(data: bytes) -> Frame:
    """The frame in ``data`` as an upright RGB JPEG of at most 1920×1920 without metadata.

    Raises:
        FrameRefused: it is no usable picture.
    """
    image = open_frame(data)
    image.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS)
    encoded = io.BytesIO()
    image.save(encoded, "JPEG", quality=QUALITY)
    return Frame(encoded.getvalue(), image.width, image.height)


def shrink(jpeg: bytes, max_side: int) -> bytes:
    """One of our own frames with no side longer than ``max_side`` pixels; as it is where that holds already."""
    with Image.open(io.BytesIO(jpeg), formats=("JPEG",)) as image:
        if max(image.size) <= max_side:
            return jpeg
        image.draft("RGB", (max_side, max_side))  # decodes at a half or a quarter, which saves most of the time
        image.thumbnail((max_side, max_side), Image.Resampling.LANCZOS)
        encoded = io.BytesIO()
        image.save(encoded, "JPEG", quality=QUALITY)
        return encoded.getvalue()
