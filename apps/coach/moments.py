"""The moment of a recording a question was asked from: in words, and the way back to it in the viewer."""

import logging
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from apps.captures.selectors.contexts import context_at
from apps.demos.models import Demo, Player, Round

logger = logging.getLogger(__name__)
TICKS_PER_S = 64.0
MAX_TICK = 2**31


@dataclass(frozen=True)
class Moment:
    """What a page shows; ``stored`` is what an analysis keeps."""

    demo_id: int
    tick: int
    round: int | None
    slot: int | None  # through whose eyes
    words: str
    url: str

    @property
    def stored(self) -> dict[str, Any]:
        told = {"demo_id": self.demo_id, "round": self.round, "tick": self.tick}
        return told if self.slot is None else {**told, "slot": self.slot}

    def context(self) -> str:
        """What had happened in the round up to then, as models are told it in training; "" where nobody knows."""
        try:
            return context_at(Demo.objects.get(pk=self.demo_id), self.tick, self.slot)
        except Exception:  # tables of a damaged recording; the question can be asked all the same
            logger.exception("No context of tick %s of demo %s", self.tick, self.demo_id)
            return ""


def moment(demo_id: Any, tick: Any, slot: Any = None) -> Moment | None:
    """The moment at ``tick`` of a recording as its player in ``slot`` saw it; None where there is no such recording, or
    the first two are no numbers."""
    if not (_is_number(demo_id) and _is_number(tick)):
        return None
    demo = Demo.objects.filter(pk=int(demo_id)).first()
    if demo is None:
        return None
    player = demo.players.filter(slot=int(slot)).first() if _is_number(slot) else None
    return _moment(demo, int(tick), player)


def _moment(demo: Demo, tick: int, player: Player | None) -> Moment:
    whose = f", {player}’s view" if player else ""
    slot = player.slot if player else None
    row = demo.rounds.filter(start_tick__lte=tick).order_by("start_tick").last()
    page = reverse("demos:replay", args=[demo.pk])
    if row is None:
        return Moment(demo.pk, tick, None, slot, f"{demo.original_name}, tick {tick}{whose}", page)
    seconds = _seconds(demo, row, tick)
    place = f"round={row.number}" if row.number is not None else f"part={row.ordinal}"
    words = f"{demo.original_name}, {row}, {_clock(seconds)}{whose}"
    followed = f"&slot={slot}" if slot is not None else ""
    return Moment(demo.pk, tick, row.number, slot, words, f"{page}?{place}&t={seconds:.1f}{followed}")


def of_analysis(stored: Any) -> Moment | None:
    """The moment an analysis keeps; None when it has none, or its recording was deleted."""
    return moment(stored.get("demo_id"), stored.get("tick"), stored.get("slot")) if isinstance(stored, dict) else None


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
