"""Everything that is written down about one verified frame."""

from dataclasses import dataclass
from typing import Any

from apps.captures.labelling.behavior import behavior
from apps.captures.labelling.context import round_context
from apps.captures.labelling.contribution import contribution
from apps.captures.labelling.observability import observability
from apps.captures.labelling.recording import Recording
from apps.captures.labelling.schema import SCHEMA_VERSION
from apps.captures.labelling.state import LabelError, game_state


@dataclass(frozen=True)
class FrameLabel:
    """``data`` is answer.schema.json → game_state; ``behavior`` → advice.behavior; None: the recording cannot tell."""

    schema_version: int
    data: dict[str, Any]
    observability: dict[str, str]
    context: str
    behavior: dict[str, Any] | None
    contribution: float | None
    round_won: bool | None


def label_frame(recording: Recording, *, tick: int, slot: int, round_number: int) -> FrameLabel:
    """The label of what the player in ``slot`` sees at ``tick``.

    Raises:
        LabelError: there is nothing true to say; the message is a sentence.
    """
    facts = recording.round(round_number)
    if facts is None:
        raise LabelError(f"The recording has no round {round_number}.")
    state = game_state(recording, tick, slot)
    player = recording.player_at(tick, slot)
    assert player is not None  # game_state would have raised
    won = None if facts.is_partial or not facts.winner_side else facts.winner_side == player["side"]
    return FrameLabel(
        schema_version=SCHEMA_VERSION,
        data=state,
        observability=observability(state, knows_equipment=player["inventory"] is not None),
        context=round_context(recording, facts, tick, slot),
        behavior=behavior(recording, facts, tick, slot),
        contribution=contribution(recording, facts, slot),
        round_won=won,
    )
