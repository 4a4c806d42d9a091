"""Round context c_t: what a coach would know up to tick t, as text. Nothing after t is ever looked at.

Sections and wording are read by ``training.datasets.prompt.strip_current_state``: the current state is a section of its
own, because a prompt that holds the answer teaches reading the prompt (pitfall 10).
"""

from typing import Any

from apps.captures.labelling.places import place_name
from apps.captures.labelling.recording import Recording, RoundFacts
from apps.captures.labelling.state import bomb_status
from apps.demos.parsing.items import hud_name, utility

MOST_EVENTS = 40
MOST_NAME = 24
BOMB_SENTENCES = {
    "pickup": "{name} picked up the bomb",
    "dropped": "{name} dropped the bomb",
    "planted": "{name} planted the bomb{site}",
    "defused": "{name} defused the bomb",
    "exploded": "the bomb exploded",
}


def round_context(recording: Recording, facts: RoundFacts, tick: int, slot: int | None) -> str:
    """Header, economy at round start, events up to ``tick``, current state; without ``slot`` through nobody's eyes."""
    people = {row["slot"]: row for row in recording.players_at(tick)}
    parts = [_header(recording, facts, tick)]
    economy = _economy(recording, facts, tick)
    if economy:
        parts.append("ECONOMY AT ROUND START:\n" + "\n".join(economy))
    events = _events(recording, facts, tick, people)
    parts.append("EVENTS:\n" + ("\n".join(events) if events else "none so far"))
    parts.append("CURRENT STATE:\n" + "\n".join(_now(recording, tick, slot, people)))
    return "\n\n".join(parts)


def _header(recording: Recording, facts: RoundFacts, tick: int) -> str:
    begun = "recorded from its middle" if facts.is_partial else f"score CT {facts.score_ct} : {facts.score_t} T"
    since = max(0.0, (tick - facts.play_start) / recording.tick_rate)
    counted = "recorded play" if facts.is_partial else "play"
    return f"Round {facts.number}, {begun}, {recording.map_name}, {since:.0f} s of {counted}"


def _economy(recording: Recording, facts: RoundFacts, tick: int) -> list[str]:
    """Money per side at freeze end; nothing for a round whose start was not recorded or is still to come."""
    if facts.is_partial or facts.play_start > tick:
        return []
    rows = recording.players_at(facts.play_start)
    lines = []
    for side in ("T", "CT"):
        team = [row for row in rows if row["side"] == side]
        if not team or any(row["money"] is None for row in team):
            continue
        rifles = sum(row["primary_weapon"] is not None for row in team)
        lines.append(
            f"{side} team: ${sum(row['money'] for row in team)} unspent, {rifles} of {len(team)} with a primary"
        )
    return lines


def _events(recording: Recording, facts: RoundFacts, tick: int, people: dict[int, dict[str, Any]]) -> list[str]:
    start = facts.start_tick
    found: list[tuple[int, str]] = []
    for row in recording.between(recording.kills, start, tick):
        how = f" with {row['weapon']}" if row["weapon"] else ""
        found.append((row["tick"], f"{_who(row['attacker'], people)} killed {_who(row['victim'], people)}{how}"))
    for row in recording.between(recording.throws, start, tick):
        found.append((row["tick"], f"{_who(row['slot'], people)} threw {row['word']}"))
    for row in recording.between(recording.bomb, start, tick):
        site = f" at {row['site']}" if row["site"] else ""
        sentence = BOMB_SENTENCES[row["event"]].format(name=_who(row["slot"], people), site=site)
        found.append((row["tick"], sentence))
    found.sort(key=lambda pair: pair[0])
    lines = [f"- {max(0.0, (at - facts.play_start) / recording.tick_rate):.0f} s: {text}" for at, text in found]
    return lines[-MOST_EVENTS:]


def _now(recording: Recording, tick: int, slot: int | None, people: dict[int, dict[str, Any]]) -> list[str]:
    alive = [row for row in people.values() if (row["health"] or 0) > 0]
    counts = {side: sum(row["side"] == side for row in alive) for side in ("T", "CT")}
    lines = [f"Alive: T {counts['T']}, CT {counts['CT']}"]
    status = bomb_status(recording, tick)
    if status is not None:
        lines.append(f"Bomb: {status}")
    return lines if slot is None else [*lines, *_around(slot, people, alive)]


def _around(slot: int, people: dict[int, dict[str, Any]], alive: list[dict[str, Any]]) -> list[str]:
    """The player in ``slot`` and their teammates."""
    me = people[slot]
    lines = [f"POV: {_name(me)} ({me['side']}), {_loadout(me)}"]
    mates = [row for row in alive if row["side"] == me["side"] and row["slot"] != slot]
    for row in sorted(mates, key=lambda row: row["slot"]):
        where = place_name(row["place_name"])
        lines.append(f"Teammate: {_name(row)}, {row['health']} HP" + (f", {where}" if where else ""))
    return lines


def _loadout(row: dict[str, Any]) -> str:
    parts = [f"{row['health']} HP"]
    if row["armor"] is not None:
        parts.append(f"{row['armor']} armor{' and helmet' if row['has_helmet'] else ''}")
    weapons = (hud_name(row["primary_weapon"]), hud_name(row["secondary_weapon"]))
    parts += [name for name in weapons if name]
    parts += utility(row["inventory"] or [])
    return ", ".join(parts)


def _who(slot: int | None, people: dict[int, dict[str, Any]]) -> str:
    row = people.get(slot) if slot is not None else None
    return f"{_name(row)} ({row['side']})" if row else "somebody"


def _name(row: dict[str, Any]) -> str:
    """A player's name on one line: names are free text and end up in prompts."""
    name = " ".join("".join(ch if ch.isprintable() else " " for ch in row["name"] or "").split())
    return name[:MOST_NAME] or f"player {row['slot']}"
