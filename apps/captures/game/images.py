"""Waiting for the picture the game writes: there, whole, decodable, and not the one before."""

import hashlib
import io
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from apps.captures.game.problems import SameFrame, Unverified

STABLE_S = 0.1
STUCK_S = 2.0  # a part that has not grown for so long will not become whole
POLL_S = 0.02
MOST_BYTES = 64 * 1024 * 1024
LEAST_SIDE = 64


@dataclass(frozen=True)
class Picture:
    data: bytes  # JPEG
    sha256: str
    width: int
    height: int


def wait_for_picture(
    path: Path, *, within_s: float, previous: str | None, check: Callable[[], None], trouble: Callable[[], str | None]
) -> Picture:
    """The picture at ``path`` once its size stands still and it decodes.

    Args:
        previous: SHA-256 of the frame before, which this one must differ from.
        check: called while waiting; may raise.
        trouble: what the console complains about meanwhile; None for nothing.

    Raises:
        Unverified: it never came, never became whole, is no JPEG, or is the previous frame again.
    """
    end = time.monotonic() + within_s
    size, since, problem = -1, 0.0, "The game did not write an image."
    while time.monotonic() < end:
        check()
        complaint = trouble()
        if complaint:
            raise Unverified(f"The game could not write its image: {complaint}", fatal=True)
        now, found = time.monotonic(), _size(path)
        if found != size:
            size, since = found, now
        elif size > 0 and now - since >= STABLE_S:
            try:
                return _different(read_picture(path), previous)
            except _NotWhole as error:
                problem = str(error)
                if now - since >= STUCK_S:
                    break
        time.sleep(POLL_S)
    raise Unverified(problem)


class _NotWhole(Exception):
    pass


def read_picture(path: Path) -> Picture:
    """Read and decode a JPEG; Pillow's pixel-bomb warning counts as an error."""
    if _size(path) > MOST_BYTES:
        raise Unverified("The game wrote an image of more than 64 MiB.")
    data = path.read_bytes()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=["JPEG"]) as image:
                image.load()
                width, height = image.size
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Unverified("The game wrote an image of absurd dimensions.") from error
    except (OSError, SyntaxError, ValueError) as error:
        raise _NotWhole("The game wrote only a part of its image.") from error
    if min(width, height) < LEAST_SIDE:
        raise Unverified(f"The game wrote an image of only {width}×{height} pixels.")
    return Picture(data, hashlib.sha256(data).hexdigest(), width, height)


def _different(picture: Picture, previous: str | None) -> Picture:
    if picture.sha256 == previous:
        raise SameFrame("The game wrote the previous frame once more.")
    return picture


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return -1
