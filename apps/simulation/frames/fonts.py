"""The HUD's letters: open fonts shaped like the game's, from npm's ``@fontsource`` packages.

Laid beside enlarged real digits, Chakra Petch has their cut corners and Saira Semi Condensed the shapes and widths of
their words (real "High Explosive Grenade" is 14.3 capitals long, Saira's 14.1). Where ``node_modules`` is absent,
Pillow's own font stands in: readable, but rounder than the game's.
"""

import logging
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

PACKAGES = Path(__file__).resolve().parents[3] / "node_modules" / "@fontsource"
Face = ImageFont.FreeTypeFont | ImageFont.ImageFont
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Family:
    """``digits`` and ``words`` are a package and a weight each."""

    digits: tuple[str, int]
    words: tuple[str, int]
    footed: bool = False  # whether the face's own "1" stands on a foot, as the game's does


FAMILIES: dict[str, Family] = {
    "stock": Family(("chakra-petch", 700), ("saira-semi-condensed", 600)),
    "chakra": Family(("chakra-petch", 600), ("chakra-petch", 600)),
    "rajdhani": Family(("rajdhani", 700), ("rajdhani", 700)),
    "saira": Family(("saira-semi-condensed", 600), ("saira-semi-condensed", 500)),
    "barlow": Family(("barlow-semi-condensed", 600), ("barlow-semi-condensed", 500)),
    "pillow": Family(("", 0), ("", 0)),
}


def installed(family: str) -> bool:
    """Whether both faces of ``family`` are there; Pillow's own always is."""
    return all(path is None or path.is_file() for path in (_path(face) for face in _faces(family)))


@lru_cache(maxsize=64)
def face(family: str, digits: bool, size: int) -> Face:
    """The face at ``size`` pixels an em; Pillow's own font when the package is not installed."""
    path = _path(_faces(family)[0 if digits else 1])
    if path is not None and path.is_file():
        return ImageFont.truetype(path, size)
    if path is not None:
        _missing(path.parts[-3])
    return ImageFont.load_default(size)


def is_thin(family: str) -> bool:
    """Whether Pillow's thin font is what gets drawn, so that it has to be thickened."""
    return family == "pillow" or not installed(family)


def _faces(family: str) -> tuple[tuple[str, int], tuple[str, int]]:
    known = FAMILIES[family]
    return known.digits, known.words


def _path(face: tuple[str, int]) -> Path | None:
    name, weight = face
    return PACKAGES / name / "files" / f"{name}-latin-{weight}-normal.woff" if name else None


@lru_cache
def _missing(package: str) -> None:
    """Said once for each package."""
    _log.warning(
        "The HUD's font @fontsource/%s is not installed (npm install brings it); Pillow's font is used.", package
    )
