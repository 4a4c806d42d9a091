"""What a player did over the next 10 to 15 seconds, as the five features of the decision reward (rewards.md, D013)."""

from math import dist
from typing import Any

from apps.captures.labelling.recording import Recording, RoundFacts

WINDOW_S = 15.0
LEAST_S = 10.0  # a recording that ends sooner says too little
MOVED = 150.0  # units nearer or farther that count as a direction: about half a second of running (250 units/s)


def behavior(recording: Recording, facts: RoundFacts, tick: int, slot: int) -> dict[str, Any] | None:
    """The features of ``advice.behavior``; None where the recording cannot tell all five.

    The window ends with the round or the player's death; one that the recording cuts short before 10 s is no window.
    movement: nearer to (1) or farther from (−1) where the living enemies were at ``tick``; objective: the same for the
    bomb on the ground, else the nearest site; initiated: the first damage between player and enemies was dealt by the
    player; delay: time to that damage over the window's length, 1 for none.
    """
    if recording.damages is None or recording.throws is None:
        return None
    window = _window(recording, facts, tick, slot)
    before = recording.player_at(tick, slot)
    if window is None or before is None:
        return None
    end, after = window
    here, there = _position(before), _position(after)
    objective = _objective(recording, facts, tick, here)
    if here is None or there is None or objective is None:
        return None
    enemies = [
        place
        for row in recording.players_at(tick)
        if row["side"] != before["side"] and (row["health"] or 0) > 0 and (place := _position(row)) is not None
    ]
    fight = _first_fight(recording, tick, end, slot, before["side"])
    return {
        "movement_direction": _direction(here, there, _middle(enemies)) if enemies else 0,
        "objective_direction": _direction(here, there, objective),
        "utility_used": sorted(
            {row["word"] for row in recording.between(recording.throws, tick + 1, end) if row["slot"] == slot}
        ),
        "initiated_engagement": fight is not None and fight[1],
        "engagement_delay": 1.0 if fight is None else round((fight[0] - tick) / (WINDOW_S * recording.tick_rate), 3),
    }


def _window(recording: Recording, facts: RoundFacts, tick: int, slot: int) -> tuple[int, dict[str, Any]] | None:
    """The window's last tick (that of the player's death included) and the player when last alive in it.

    None where the recording stops too soon.
    """
    full = tick + round(WINDOW_S * recording.tick_rate)
    least = tick + round(LEAST_S * recording.tick_rate)
    ends = [row["tick"] for row in recording.between(recording.kills, tick + 1, full) if row["victim"] == slot]
    if not facts.is_partial:
        ends.append(facts.end_tick)
    end = min([full, *ends])
    if end > recording.last_tick:
        end = recording.last_tick
        if end < least:
            return None
    for at in range(end, tick, -1):  # recordings drop ticks
        player = recording.player_at(at, slot)
        if player is not None and (player["health"] or 0) > 0:
            return end, player
    return None


def _objective(
    recording: Recording, facts: RoundFacts, tick: int, here: tuple[float, ...] | None
) -> tuple[float, ...] | None:
    """Where the round is decided: the bomb on the ground, else the site nearest to the player."""
    told = recording.between(recording.bomb, facts.start_tick, tick)
    if told and told[-1]["event"] in ("planted", "dropped") and told[-1]["x"] is not None:
        return told[-1]["x"], told[-1]["y"], told[-1]["z"]
    if here is None or not recording.sites:
        return None
    return min(recording.sites.values(), key=lambda site: dist(here, site))


def _first_fight(recording: Recording, start: int, end: int, slot: int, side: str) -> tuple[int, bool] | None:
    """Tick of the first damage between the player and an enemy, and whether the player dealt it."""
    sides = {row["slot"]: row["side"] for row in recording.players_at(start)}
    for row in recording.between(recording.damages, start + 1, end):
        pair = (row["attacker"], row["victim"])
        other = next((one for one in pair if one != slot), None)
        if slot in pair and other is not None and sides.get(other) not in (None, side):
            return row["tick"], row["attacker"] == slot
    return None


def _direction(here: tuple[float, ...], there: tuple[float, ...], goal: tuple[float, ...]) -> int:
    nearer = dist(here, goal) - dist(there, goal)
    return 1 if nearer > MOVED else -1 if nearer < -MOVED else 0


def _middle(places: list[tuple[float, ...]]) -> tuple[float, ...]:
    return tuple(sum(axis) / len(places) for axis in zip(*places, strict=True))


def _position(row: dict[str, Any]) -> tuple[float, ...] | None:
    place = (row["x"], row["y"], row["z"])
    return None if None in place else place
