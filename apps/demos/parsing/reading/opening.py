"""The first look at a recording: is it one, of which game, what does its header say, how far is it whole."""

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from awpy import Demo

from apps.demos.parsing.reading import header, salvage
from apps.demos.parsing.reading.datasets import note
from apps.demos.parsing.reading.header import Rejected

WHOLE = "whole.dem"
UNREAD_BYTES = 16 * 1024  # behind the end of a recording, from which on somebody should know: half a second of play


@dataclass
class Head:
    """What is known before the match is read. ``cut`` says that only its whole part, ``whole.dem``, is to be read."""

    map_name: str = ""
    server_name: str = ""
    recorded_by: str = ""
    build_number: int | None = None
    tick_rate: float = 64.0
    last_tick: int = 0  # as the header says
    cut: bool = False
    missing_after_tick: int | None = None
    warnings: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def look(recording: Path, work: Path) -> Head:
    """The head of ``recording``; where it is cut off, its whole part goes to ``work``.

    Raises:
        Rejected: nothing worth keeping can be read.
    """
    with recording.open("rb") as file:
        header.check_head(file.read(header.HEAD_BYTES), recording.stat().st_size)
    facts, head = _facts(recording)
    header.check_game(facts)
    extent = salvage.measure_file(recording)
    proper = salvage.ends_properly(recording)
    whole = not extent.absurd and (proper or extent.is_complete)
    unread = extent.behind if extent.behind >= UNREAD_BYTES else 0
    what = "damaged" if extent.absurd or unread else "cut off"
    if extent.packets == 0 and (unread or not whole):
        raise Rejected(
            f"The file is {what} before the match data. Its header is readable ({header.describe(facts)}), "
            "nothing else. Download it again; nothing was kept."
        )
    if not whole:
        keep_until(head, recording, work, extent.whole, extent.last_tick, what)
        return head
    if not proper and salvage.names_file_info(recording):  # but not where it is: readers lose their way by it
        salvage.cut(recording, work / WHOLE, extent.whole)
        head.cut = True
    if unread:
        head.warnings.append(
            f"The recording ends at tick {extent.last_tick} ({extent.last_tick / head.tick_rate:.1f} s), where it says "
            f"“stop”: {unread / 1e6:.2f} MB behind its end were not read."
        )
    return head


def keep_until(head: Head, recording: Path, work: Path, end: int, tick: int, what: str) -> None:
    """Read only the first ``end`` bytes, up to ``tick``, and say that the rest is missing."""
    salvage.cut(recording, work / WHOLE, end)
    head.cut, head.missing_after_tick = True, tick
    head.warnings.append(
        f"The file is {what}: everything after tick {tick} ({tick / head.tick_rate:.1f} s) is missing."
    )


def _facts(path: Path) -> tuple[dict[str, Any], Head]:
    try:
        demo = Demo(str(path))
        facts: dict[str, Any] = demo.header
        rate = float(demo.tick_rate)
    except BaseException as error:
        note(error)
        raise Rejected("The file is damaged: not even its header can be read. Nothing was kept.") from error
    ticks = int(facts.get("playback_ticks") or 0)
    return facts, Head(
        map_name=_text(facts.get("map_name"), 100),
        server_name=_text(facts.get("server_name"), 255),
        recorded_by=_text(facts.get("client_name"), 255),
        build_number=_count(facts.get("build_num")),
        tick_rate=rate if 1 <= rate <= 1024 else 64.0,
        last_tick=ticks if 0 < ticks < 2**30 else 0,
    )


def _text(value: object, length: int) -> str:
    """Text as a database takes it: without NUL."""
    return str(value or "").replace("\0", "")[:length]


def _count(value: Any) -> int | None:
    return int(value) if value and 0 < int(value) < 2**31 else None
