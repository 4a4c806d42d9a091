"""The moment of a recording a question was asked from: in words, and the way back to it in the viewer."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from apps.demos.models import Demo, Round

TICKS_PER_S = 64.0
MAX_TICK = 2**31


@dataclass(frozen=True)
class Moment:
    """What a page shows; ``stored`` is what an analysis keeps."""

    demo_id: int
    tick: int
    round: int | None
    words: str
    url: str

    @property
    def stored(self) -> dict[str, Any]:
        return {"demo_id": self.demo_id, "round": self.round, "tick": self.tick}


def moment(demo_id: Any, tick: Any) -> Moment | None:
    """The moment at ``tick`` of a recording; None where there is no such recording, or the two are no numbers."""
    if not (_is_number(demo_id) and _is_number(tick)):
        return None
    demo = Demo.objects.filter(pk=int(demo_id)).first()
    if demo is None:
        return None
    row = demo.rounds.filter(start_tick__lte=int(tick)).order_by("start_tick").last()
    page = reverse("demos:replay", args=[demo.pk])
    if row is None:
        return Moment(demo.pk, int(tick), None, f"{demo.original_name}, tick {int(tick)}", page)
    seconds = _seconds(demo, row, int(tick))
    place = f"round={row.number}" if row.number is not None else f"part={row.ordinal}"
    words = f"{demo.original_name}, {row}, {_clock(seconds)}"
    return Moment(demo.pk, int(tick), row.number, words, f"{page}?{place}&t={seconds:.1f}")


def of_analysis(stored: Any) -> Moment | None:
    """The moment an analysis keeps; None when it has none, or its recording was deleted."""
    return moment(stored.get("demo_id"), stored.get("tick")) if isinstance(stored, dict) else None


def _seconds(demo: Demo, row: Round, tick: int) -> float:
    """As the viewer counts: from the end of freeze time, negative before it."""
    start = row.freeze_end_tick if row.freeze_end_tick is not None else row.start_tick
    return (tick - start) / (demo.tick_rate or TICKS_PER_S)


def _clock(seconds: float) -> str:
    if seconds < 0:
        return f"{-seconds:.0f} s before it goes live"
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d} in"


def _is_number(value: Any) -> bool:
    text = str(value)
    return text.isascii() and text.isdigit() and len(text) < 11 and int(text) < MAX_TICK
