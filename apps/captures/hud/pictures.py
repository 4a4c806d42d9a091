"""Opens a picture that anybody may have sent, or says in one sentence why not.

Only what Pillow decodes as JPEG, PNG or WebP gets through, and only its pixels.
"""

import io
import os
import struct
import zlib
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 40_000_000  # 8K is 33 million; Pillow itself only warns, at 89 million
MIN_SIDE = 64
MAX_RATIO = 5  # 32:9 screens are 3.6
FORMATS = ("JPEG", "PNG", "WEBP")
SUFFIX = "Take a screenshot as JPEG, PNG or WebP and try again."


class FrameRefused(Exception):
    """The file is no usable frame; the text says why and what to do."""


def read_picture(path: Path) -> bytes:
    """The bytes of a file for :func:`open_frame`, no more than that needs to know; never waits for a pipe or device.

    Raises:
        FrameRefused: it is no file, or cannot be read.
    """
    try:
        if path.is_dir():
            raise FrameRefused("It is a folder; name the pictures in it.")
        if path.exists() and not path.is_file():
            raise FrameRefused("It is no file.")
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except FileNotFoundError as error:
        raise FrameRefused("There is no such file.") from error
    except OSError as error:
        raise FrameRefused(f"It cannot be opened: {error.strerror}.") from error


def printable(name: str | Path) -> str:
    """Names of files need not be text; what is none becomes U+FFFD."""
    return os.fsencode(name).decode("utf-8", "replace")


def open_frame(data: bytes) -> Image.Image:
    """The upright RGB picture in ``data``, an uploaded file. Of an animation the first picture is taken; what is
    transparent becomes black.

    Raises:
        FrameRefused: it is no JPEG, PNG or WebP, is damaged, too small, too large or too long and thin.
    """
    if not data:
        raise FrameRefused(f"The file is empty. {SUFFIX}")
    if len(data) > MAX_BYTES:
        raise FrameRefused(f"The file is larger than {MAX_BYTES // 1024**2} MB. {SUFFIX}")
    try:
        return _decoded(data)
    except UnidentifiedImageError as error:
        raise FrameRefused(f"This is not an image that can be read. {SUFFIX}") from error
    except Image.DecompressionBombError as error:
        raise FrameRefused(_too_large()) from error
    except (OSError, ValueError, SyntaxError, IndexError, EOFError, MemoryError, struct.error, zlib.error) as error:
        # Pillow's decoders raise any of these on damaged files.
        raise FrameRefused(f"The image is damaged or cut off. {SUFFIX}") from error


def _decoded(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data), formats=FORMATS) as source:
        _check_size(*source.size)
        source.seek(0)
        source.load()
        upright = ImageOps.exif_transpose(source)
    plain = Image.new("RGB", upright.size)
    opaque = _eight_bits(upright)
    if opaque.has_transparency_data:
        layer = opaque.convert("RGBA")
        plain.paste(layer, mask=layer.getchannel("A"))
    else:
        plain.paste(opaque.convert("RGB"))
    return plain


def _eight_bits(image: Image.Image) -> Image.Image:
    """Pillow cuts 16-bit grey off at 255, which makes nearly everything white; this scales it."""
    if image.mode.startswith("I"):
        return image.convert("I").point(lambda value: value * (1 / 257) + 0.5).convert("L")
    return image


def _check_size(width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        raise FrameRefused(_too_large())
    if min(width, height) < MIN_SIDE:
        raise FrameRefused(f"The image is only {width}×{height} pixels; the coach needs at least {MIN_SIDE} each way.")
    if max(width, height) > MAX_RATIO * min(width, height):
        raise FrameRefused(f"The image is {width}×{height}: too long and thin for a game frame. Send the whole screen.")


def _too_large() -> str:
    return f"The image has more than {MAX_PIXELS // 1_000_000} million pixels. Send a normal screenshot."
