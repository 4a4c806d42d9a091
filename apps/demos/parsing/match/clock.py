"""How long the server lets things take, and what the clock of each stretch shows when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from apps.demos.parsing.match.moments import Moment
from apps.demos.parsing.match.settings import BOMB_S, ROUND_S, bomb_s, live_s, seconds
from apps.demos.parsing.match.stretches import Stretch

PAUSE_S = 1.0  # freeze time longer than its setting by more than this holds a time-out or a pause


@dataclass(frozen=True)
class Times:
    """In seconds; ``freeze`` is None where nothing tells it."""

    live: float = ROUND_S
    bomb: float = BOMB_S
    freeze: float | None = None


@dataclass(frozen=True)
class Mark:
    """From ``tick`` on: the phase, and when (tick) the running clock shows how much (seconds); None: it stands."""

    tick: int
    phase: str | None
    clock: tuple[int, float] | None = None


def times(map_name: str, convars: Mapping[str, str], stretches: Sequence[Stretch], tick_rate: float) -> Times:
    """By the server's settings; freeze time, where they are silent, is the usual one of this recording."""
    freeze = seconds(convars.get("mp_freezetime"))
    lengths = [(one.freeze_end - one.start) / tick_rate for one in stretches if one.begun and one.freeze_end]
    if freeze is None and len(lengths) >= 3:
        freeze = round(median(lengths), 1)
    return Times(live_s(map_name, convars), bomb_s(convars), freeze)


def paused_s(one: Stretch, known: Times, tick_rate: float) -> float:
    """Seconds of time-outs and pauses: by how much freeze time was longer than its setting."""
    if known.freeze is None or one.freeze_end is None or not one.begun:
        return 0.0
    more = (one.freeze_end - one.start) / tick_rate - known.freeze
    return round(more, 2) if more > PAUSE_S else 0.0


def marks(
    one: Stretch, plant: int | None, known: Times, moments: Sequence[Moment], tick_rate: float, *, warmup: bool
) -> list[Mark]:
    """What the clock and the phase of a stretch are, in order of their ticks; the last one holds until its end."""
    if warmup:
        return [Mark(one.start, "warmup")]
    if one.freeze_end is None:
        found = _unframed(one, known, moments, played=one.decided is not None or plant is not None)
    else:
        found = [
            *_frozen(one, one.freeze_end, known, tick_rate),
            Mark(one.freeze_end, "live", (one.freeze_end, known.live)),
        ]
    ends = [tick for tick in (plant, one.decided) if tick is not None]
    found = [mark for mark in found if not ends or mark.tick < min(ends)]
    if plant is not None and (one.decided is None or plant < one.decided):
        found.append(Mark(plant, "planted"))
    if one.decided is not None:
        found.append(Mark(one.decided, "over"))
    return found


def between(first: int, end: int, moments: Sequence[Moment]) -> Mark:
    """What holds from ``first`` on until the next stretch starts at ``end``: the word of a keyframe there, if any."""
    return Mark(first, next((moment.phase for moment in moments if first <= moment.tick < end), None))


def _frozen(one: Stretch, end: int, known: Times, tick_rate: float) -> list[Mark]:
    """Freeze time counts down to its end; where it was interrupted, nobody knows when, it has no clock."""
    if end <= one.start:
        return []
    paused = paused_s(one, known, tick_rate) > 0
    return [Mark(one.start, "freeze", None if paused else (end, 0.0))]


def _unframed(one: Stretch, known: Times, moments: Sequence[Moment], *, played: bool) -> list[Mark]:
    """Of a stretch whose freeze time was not seen to end: what the keyframes in it say, from its start on."""
    inside = [moment for moment in moments if one.start <= moment.tick <= one.last]
    found = [Mark(moment.tick, moment.phase, _shown(moment, known)) for moment in inside]
    if not found:
        return [Mark(one.start, "live" if played else None)]
    began = inside[0].freeze_end
    if played or inside[0].phase in ("live", "planted", "over"):
        clock = None if began is None else (began, known.live)
        phase = "planted" if inside[0].tick == one.start and inside[0].planted else "live"
        return [Mark(one.start, phase, clock if phase == "live" else None), *found[1:]]
    return [Mark(one.start, found[0].phase, found[0].clock), *found[1:]]


def _shown(moment: Moment, known: Times) -> tuple[int, float] | None:
    if moment.freeze_end is None or moment.phase not in ("freeze", "live"):
        return None
    return moment.freeze_end, 0.0 if moment.phase == "freeze" else known.live
