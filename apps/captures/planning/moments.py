"""Which ticks of a recording to photograph (D009): a steady sample of every round, and what decides it."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace

LEAD_TICKS = 64  # played between the seek and the frame, so that the view has settled
TAIL_TICKS = 8  # the game leaves a recording at its end; stay clear of it
AFTER_PLANT_S = (5.0, 10.0, 20.0)
SAMPLE, FIRST_KILL, PLANT, AFTER_PLANT, ASKED = "sample", "first kill", "plant", "after plant", "asked for"


@dataclass(frozen=True)
class RoundSpan:
    """A round's ticks, inclusive."""

    number: int
    start_tick: int
    freeze_end_tick: int | None
    end_tick: int
    is_partial: bool = False

    @property
    def play_start(self) -> int:
        """Where sampling begins: freeze end, or where the recording of a partial round begins."""
        return self.start_tick if self.freeze_end_tick is None else self.freeze_end_tick


@dataclass(frozen=True)
class Moment:
    tick: int
    round_number: int
    why: str


def lead_ticks(first_tick: int, last_tick: int) -> int:
    """Ticks to play before a frame: 64, or half of a recording shorter than that allows."""
    return min(LEAD_TICKS, max(0, last_tick - first_tick) // 2)


def usable_span(first_tick: int, last_tick: int) -> tuple[int, int]:
    """The first and the last tick that can be photographed; equal ticks for a recording of almost nothing."""
    earliest = first_tick + lead_ticks(first_tick, last_tick)
    return earliest, max(earliest, last_tick - TAIL_TICKS)


def moments(
    rounds: Sequence[RoundSpan],
    *,
    interval_s: float,
    tick_rate: float,
    first_tick: int,
    last_tick: int,
    kill_ticks: Sequence[int] = (),
    plant_ticks: Sequence[int] = (),
) -> list[Moment]:
    """Every ``interval_s`` from freeze end to round end, the first kill, the plant and some time after it.

    Returns:
        Moments in tick order, no tick twice; a sample right beside an event is left out in its favour.

    Raises:
        ValueError: the interval is not a positive number of ticks.
    """
    step = round(interval_s * tick_rate)
    if step < 1:
        raise ValueError(f"an interval of {interval_s} s is shorter than a tick")
    earliest, latest = usable_span(first_tick, last_tick)
    found: dict[int, Moment] = {}
    for span in rounds:
        start, end = max(span.play_start, earliest), min(span.end_tick, latest)
        events = _events(span, kill_ticks, plant_ticks, tick_rate)
        for moment in events:
            if start <= moment.tick <= end:
                found.setdefault(moment.tick, moment)
        taken = sorted(moment.tick for moment in events)
        for tick in range(start, end + 1, step):
            if not _is_near(tick, taken, step // 4):
                found.setdefault(tick, Moment(tick, span.number, SAMPLE))
    return [found[tick] for tick in sorted(found)]


def asked_for(tick: int, rounds: Sequence[RoundSpan], *, first_tick: int, last_tick: int) -> Moment:
    """The one moment somebody chose, as near to ``tick`` as can be photographed; its round is 0 outside all rounds."""
    earliest, latest = usable_span(first_tick, last_tick)
    tick = min(max(tick, earliest), latest)
    number = next((span.number for span in reversed(rounds) if span.start_tick <= tick), 0)
    return Moment(tick, number, ASKED)


def _events(span: RoundSpan, kill_ticks: Sequence[int], plant_ticks: Sequence[int], tick_rate: float) -> list[Moment]:
    kills = [tick for tick in kill_ticks if span.start_tick <= tick <= span.end_tick]
    plants = [tick for tick in plant_ticks if span.start_tick <= tick <= span.end_tick]
    found = [Moment(min(plants), span.number, PLANT)] if plants else []
    found += [Moment(min(kills), span.number, FIRST_KILL)] if kills else []
    if plants:
        found += [Moment(min(plants) + round(s * tick_rate), span.number, AFTER_PLANT) for s in AFTER_PLANT_S]
    return found


def _is_near(tick: int, taken: Sequence[int], distance: int) -> bool:
    at = bisect_left(taken, tick - distance)
    return at < len(taken) and taken[at] <= tick + distance


def snap(wanted: Sequence[Moment], recorded_ticks: Sequence[int], most: int = 8) -> list[Moment]:
    """Move each moment to the nearest recorded tick (recordings drop some); left out when none is near.

    Args:
        recorded_ticks: sorted.
        most: ticks a moment may move.
    """
    snapped: dict[int, Moment] = {}
    for moment in wanted:
        at = bisect_left(recorded_ticks, moment.tick)
        around = recorded_ticks[max(0, at - 1) : at + 1]
        nearest = min(around, key=lambda tick: abs(tick - moment.tick), default=None)
        if nearest is not None and abs(nearest - moment.tick) <= most:
            snapped.setdefault(nearest, replace(moment, tick=nearest))
    return [snapped[tick] for tick in sorted(snapped)]
