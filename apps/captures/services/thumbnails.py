"""Small copies of frames, made when first asked for and kept beside them."""

import io

from PIL import Image

from apps.captures.models import Screenshot
from apps.core import storage

WIDTH = 400  # pixels: 200 on screen, sharp on dense displays
QUALITY = 80


def thumbnail_name(sha256: str) -> str:
    return f"frames/small/{sha256}.jpg"


def thumbnail(row: Screenshot) -> bytes:
    """A JPEG of ``WIDTH`` pixels or less across.

    Raises:
        FileNotFoundError: the frame's file is gone.
    """
    name = thumbnail_name(row.sha256)
    if storage.artefacts().exists(name):
        return storage.read_bytes(name)
    with Image.open(io.BytesIO(storage.read_bytes(row.image)), formats=["JPEG"]) as image:
        image.draft("RGB", (WIDTH, WIDTH))
        small = image.convert("RGB")
        small.thumbnail((WIDTH, WIDTH))
        buffer = io.BytesIO()
        small.save(buffer, "JPEG", quality=QUALITY)
    storage.put_bytes(name, buffer.getvalue())
    return buffer.getvalue()
