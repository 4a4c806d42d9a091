"""What the round knew at one moment of a recording, in the words that models are trained on."""

from apps.captures.labelling.context import round_context
from apps.captures.labelling.recording import NEAR_TICKS
from apps.captures.selectors.recordings import recording_of
from apps.demos.models import Demo, DemoStatus
from apps.demos.selectors import recordings as demos


def context_at(demo: Demo, tick: int, slot: int | None) -> str:
    """The round context at ``tick`` as the player in ``slot`` knows it (without: what everybody may know).

    Empty where the tick lies in no round that counts, or nothing is known of the players at it.
    """
    row = demos.counted_rounds(demo).filter(start_tick__lte=tick, end_tick__gte=tick).first()
    if row is None or demo.status != DemoStatus.READY:
        return ""
    recording = recording_of(demo, start_tick=row.start_tick - NEAR_TICKS, end_tick=tick + NEAR_TICKS)
    facts = recording.round(row.number or 0)
    people = {person["slot"] for person in recording.players_at(tick)}
    if facts is None or not people:
        return ""
    return round_context(recording, facts, tick, slot if slot in people else None)
