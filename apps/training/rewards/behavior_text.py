"""Read the five features of D013 out of free advice text, where the answer does not state ``advice.behavior``.

What the text does not say is None, and None never matches: silence about grenades is not "throws none". Contingencies
("if they push, …") count only when nothing else is advised; the fallback never counts.
"""

from collections.abc import Mapping
from typing import Any

from . import lexicon
from .behavior import FEATURES, Behavior, behavior_of
from .clauses import Clause, clauses

# What the text says about when the fight starts, on the scale 0 (at once) … 1 (no fight), tolerance ±0.2.
AT_ONCE, SOON, LATER, NEVER = 0.1, 0.2, 0.5, 1.0


def advised(advice: Mapping[str, Any]) -> Behavior:
    """The behaviour an answer's ``advice`` asks for.

    ``advice.behavior`` wins as soon as it states one feature; free text is then not read at all, so that an answer
    cannot hedge between the two. Else ``primary_action`` is read, and ``callout`` for what it leaves open.
    """
    stated = behavior_of(advice.get("behavior"))
    if not stated.is_empty:
        return stated
    action, callout = (read_text(str(advice.get(name) or "")) for name in ("primary_action", "callout"))
    filled = {
        name: getattr(action, name) if getattr(action, name) is not None else getattr(callout, name)
        for name in FEATURES
    }
    return Behavior(**filled)


def read_text(text: str) -> Behavior:
    """The behaviour which ``text`` advises as its primary action; features it does not mention are None."""
    found = [_verbalised(clause) for clause in clauses(text[:2000])]
    primary = _behavior([clause for clause in found if not clause.contingent])
    return primary if not primary.is_empty else _behavior(found)


def _verbalised(clause: Clause) -> Clause:
    text = clause.affirmed
    for pattern, replacement in lexicon.VERBALISED:
        text = pattern.sub(replacement, text)
    denied = lexicon.VERBALISED[2][0].sub("engage", clause.denied)
    return Clause(lexicon.NOUN.sub(" ", text), denied, clause.contingent, clause.waits, clause.lets_them)


def _behavior(found: list[Clause]) -> Behavior:
    movement = _movement(found)
    initiated = _initiated(found, movement)
    return Behavior(
        movement, _objective(found, movement), _utility(found), initiated, _delay(found, movement, initiated)
    )


def _movement(found: list[Clause]) -> int | None:
    """The first move counts; holding is what is left when there is no move ("wait, then push" is a push)."""
    for clause in found:
        moves = [
            (m.start(), sign) for sign, m in ((-1, _retreat(clause)), (1, lexicon.ADVANCE.search(clause.affirmed))) if m
        ]
        if moves:
            return min(moves)[1]
    if any(clause.lets_them or _holds(clause) for clause in found):
        return 0
    denied = any(lexicon.ADVANCE.search(clause.denied) or lexicon.RETREAT.search(clause.denied) for clause in found)
    return 0 if denied else None


def _retreat(clause: Clause) -> Any:
    return lexicon.RETREAT.search(lexicon.KEEP.sub("", clause.affirmed))


def _holds(clause: Clause) -> bool:
    return bool(lexicon.HOLD.search(lexicon.KEEP.sub("", clause.affirmed)))


def _objective(found: list[Clause], movement: int | None) -> int | None:
    for clause in found:
        text = lexicon.KEEP.sub("", clause.affirmed)
        for pattern, direction in ((lexicon.AWAY, -1), (lexicon.TOWARDS, 1), (lexicon.NEITHER, 0)):
            if pattern.search(text):
                return direction
    if movement == 0 or any(lexicon.TOWARDS.search(clause.denied) for clause in found):
        return 0  # who stands still goes neither to the bomb nor away from it
    return None


def _initiated(found: list[Clause], movement: int | None) -> bool | None:
    if any(lexicon.ENGAGE.search(clause.affirmed) for clause in found):
        return True
    if any(clause.lets_them or lexicon.ENGAGE.search(clause.denied) for clause in found):
        return False
    if any(lexicon.ASSAULT.search(clause.affirmed) for clause in found):
        return True
    passive = movement in (0, -1) or any(lexicon.ADVANCE.search(clause.denied) for clause in found)
    return False if passive else None


def _delay(found: list[Clause], movement: int | None, initiated: bool | None) -> float | None:
    if initiated:
        first = next(i for i, clause in enumerate(found) if _fights(clause))
        if any(clause.waits or lexicon.WAIT.search(clause.affirmed) for clause in found[: first + 1]):
            return LATER
        return AT_ONCE if any(lexicon.NOW.search(clause.affirmed) for clause in found) else SOON
    no_fight = any(lexicon.ENGAGE.search(clause.denied) for clause in found)
    return NEVER if no_fight or (movement == -1 and initiated is False) else None


def _fights(clause: Clause) -> bool:
    return bool(lexicon.ENGAGE.search(clause.affirmed) or lexicon.ASSAULT.search(clause.affirmed))


def _utility(found: list[Clause]) -> frozenset[str] | None:
    thrown: set[str] = set()
    spared = False
    for clause in found:
        whole = f"{clause.affirmed} {clause.denied}"
        unused = _mentions(lexicon.SCENERY.sub(" ", clause.denied))
        spared = spared or bool(lexicon.KEEP.search(whole) or lexicon.DRY.search(whole) or unused)
        thrown |= _mentions(lexicon.SCENERY.sub(" ", lexicon.KEEP.sub(" ", clause.affirmed)))
    return frozenset(thrown) if thrown or spared else None


def _mentions(text: str) -> set[str]:
    return {name for name, pattern in lexicon.THROWN.items() if pattern.search(text)}
