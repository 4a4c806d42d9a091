"""The handmade match as the simulated client plays it."""

from apps.simulation.recording import Moment, PlayerState, Recording, Rules, from_moments
from tests.unit.captures.handmade import LAST, SLOTS, player_row, rules_row


def watched() -> Recording:
    """Every tick of it."""
    return from_moments([_moment(tick) for tick in range(0, LAST + 1)], map_name="de_test")


def _moment(tick: int) -> Moment:
    rows = (player_row(tick, slot) for slot in SLOTS)
    players = {row["slot"]: _player(row) for row in rows}
    rules = rules_row(tick)
    return Moment(tick, players, Rules(rules["phase"], rules["clock_s"], rules["score_ct"], rules["score_t"]))


def _player(row: dict[str, object]) -> PlayerState:
    names = {name: row[name] for name in PlayerState.__dataclass_fields__ if name in row}
    names["inventory"] = tuple(row["inventory"])  # type: ignore[arg-type]
    return PlayerState(**names, place=str(row["place_name"]))  # type: ignore[arg-type]
