"""A player's part in a round: φ = 0.4·damage/max damage + 0.3·survival/duration + 0.3·[plant, defuse or last alive].

Source: rewards.md (D013). Missing is missing: a round that was not recorded whole has no φ (pitfall 14).
"""

from collections import Counter

from apps.captures.labelling.recording import Recording, RoundFacts


def contribution(recording: Recording, facts: RoundFacts, slot: int) -> float | None:
    """φ in 0..1; None for a partial round or where kills, damage or bomb events are missing."""
    if facts.is_partial or recording.kills is None or recording.damages is None or recording.bomb is None:
        return None
    duration = facts.end_tick - facts.play_start
    sides = {row["slot"]: row["side"] for row in recording.players_at(facts.play_start)}
    if duration <= 0 or slot not in sides:
        return None
    dealt = _damage(recording, facts, sides)
    most = max(dealt.values(), default=0)
    share = dealt[slot] / most if most else 0.0
    deaths = _deaths(recording, facts)
    survived = (deaths.get(slot, facts.end_tick) - facts.play_start) / duration
    objective = _touched_bomb(recording, facts, slot) or _was_last_alive(sides, deaths, slot)
    return round(0.4 * share + 0.3 * min(1.0, max(0.0, survived)) + 0.3 * objective, 4)


def _damage(recording: Recording, facts: RoundFacts, sides: dict[int, str]) -> Counter[int]:
    """Health points taken from enemies, by slot; what hurts one's own team is no contribution."""
    dealt: Counter[int] = Counter()
    for row in recording.between(recording.damages, facts.start_tick, facts.end_tick):
        attacker, victim = sides.get(row["attacker"]), sides.get(row["victim"])
        if attacker and victim and attacker != victim:
            dealt[row["attacker"]] += row["damage"] or 0
    return dealt


def _deaths(recording: Recording, facts: RoundFacts) -> dict[int, int]:
    rows = recording.between(recording.kills, facts.start_tick, facts.end_tick)
    return {row["victim"]: row["tick"] for row in reversed(rows) if row["victim"] is not None}


def _touched_bomb(recording: Recording, facts: RoundFacts, slot: int) -> bool:
    rows = recording.between(recording.bomb, facts.start_tick, facts.end_tick)
    return any(row["slot"] == slot and row["event"] in ("planted", "defused") for row in rows)


def _was_last_alive(sides: dict[int, str], deaths: dict[int, int], slot: int) -> bool:
    """Whether every mate died in the round, before the player did if the player died at all."""
    mates = [other for other, side in sides.items() if side == sides[slot] and other != slot]
    own = deaths.get(slot)
    return bool(mates) and all(mate in deaths and (own is None or deaths[mate] < own) for mate in mates)
