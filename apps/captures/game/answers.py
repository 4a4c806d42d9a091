"""Reading what the console prints."""

import re
from dataclasses import dataclass
from math import isfinite

_NUMBER = r"(-?\d+(?:\.\d+)?)"
_POSITION = re.compile(
    rf"setpos(?:_exact)? {_NUMBER} {_NUMBER} {_NUMBER}\s*;\s*setang(?:_exact)? {_NUMBER} {_NUMBER} {_NUMBER}"
)
_TICK = re.compile(r"\btick:?\s+(\d+)\b(?:.*?\b(playing|paused|skipping)\b)?", re.IGNORECASE)
_NO_DEMO = re.compile(r"not (?:currently )?playing", re.IGNORECASE)
_PLAYING = re.compile(r"\bplaying demo from\b", re.IGNORECASE)
_REFUSED = re.compile(r"couldn'?t (?:open|play|load) (?:the )?demo", re.IGNORECASE)
_NOT_WRITTEN = re.compile(r"couldn'?t write|no space left|disk full", re.IGNORECASE)


@dataclass(frozen=True)
class View:
    """What ``getpos`` reports: the eye's position (world units) and the view angles (degrees)."""

    x: float
    y: float
    z: float
    pitch: float
    yaw: float


@dataclass(frozen=True)
class Where:
    """What ``demo_info`` reports; ``stage`` is playing, paused, skipping or unknown."""

    tick: int | None = None
    stage: str = "unknown"
    no_demo: bool = False


def view(lines: list[str]) -> View | None:
    """The last whole ``getpos`` answer; None when there is none or it was cut."""
    for line in reversed(lines):
        if match := _POSITION.search(line):
            x, y, z, pitch, yaw, _ = (float(number) for number in match.groups())
            return View(x, y, z, pitch, yaw) if all(map(isfinite, (x, y, z, pitch, yaw))) else None
    return None


def where(lines: list[str]) -> Where:
    for line in reversed(lines):
        if _NO_DEMO.search(line):
            return Where(no_demo=True)
        if line.startswith("Demo skip"):
            continue  # the skip's own lines also name ticks
        if match := _TICK.search(line):
            return Where(int(match[1]), (match[2] or "unknown").lower())
    return Where()


def is_playing(lines: list[str]) -> bool:
    """Whether the console said that playback begins, or a ``status`` shows a demo."""
    return any(_PLAYING.search(line) or re.match(r"demo\s*:", line, re.IGNORECASE) for line in lines)


def refusal(lines: list[str]) -> str | None:
    """The line by which the game refuses a recording."""
    return next((line for line in lines if _REFUSED.search(line)), None)


def write_error(lines: list[str]) -> str | None:
    """The line by which the game says that it could not write an image."""
    return next((line for line in lines if _NOT_WRITTEN.search(line)), None)
